import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import type { Bytes } from "#protocol/bytes.ts";
import type { RelayPort } from "#protocol/messages.ts";
import type { DeviceKeys, StretchPassphrase } from "../../src/engine/keys/vault.ts";
import { createVault } from "../../src/engine/keys/vault.ts";
import { type Clock, systemClock, systemRandom } from "../../src/engine/platform/clock.ts";
import { openSpace, readAhead, type Space, type SpaceReading } from "../../src/engine/space.ts";
import { type Database, openDatabase } from "../../src/engine/storage/database.ts";

/** Stretching that costs nothing, for tests that are not about passphrases. */
export const cheapStretch: StretchPassphrase = async (passphrase, salt) =>
  new Uint8Array(
    await crypto.subtle.digest("SHA-256", new Uint8Array([...new TextEncoder().encode(passphrase), ...salt])),
  );

const noTabs = { announce() {}, onAnnounced() {}, close() {} };

export type TestDevice = {
  database: Database;
  deviceKeys: DeviceKeys;
  space: Space;
  serviceToken: { current: Bytes | null };
  /** Closes and opens again from what is on its disk, as after a reboot. */
  reopen(): Promise<TestDevice>;
  /** The same without a chance to tidy up, as after a flat battery. */
  crash(): Promise<TestDevice>;
  /** Another tab of the profile that has read ahead, as while a passphrase is stretched, and is not open yet. */
  nextTab(): Promise<WaitingTab>;
};

export type WaitingTab = { ahead: SpaceReading; open(clock?: Clock): Promise<TestDevice> };

/** One profile of one browser, with a disk of its own in memory. */
export async function createDevice(relay: RelayPort, clock: Clock = systemClock): Promise<TestDevice> {
  const indexedDB = new IDBFactory();
  const serviceToken: { current: Bytes | null } = { current: null };
  const database = openDatabase("device", { indexedDB, IDBKeyRange });
  const vault = createVault({ database, stretch: cheapStretch, random: systemRandom });
  return start(database, await vault.create("passfrase"));

  async function connect(): Promise<[Database, DeviceKeys]> {
    const again = openDatabase("device", { indexedDB, IDBKeyRange });
    const unlocked = await createVault({ database: again, stretch: cheapStretch, random: systemRandom }).unlock("passfrase");
    if (!unlocked.ok) throw new Error(unlocked.fault.type);
    return [again, unlocked.keys];
  }

  async function start(opened: Database, deviceKeys: DeviceKeys, tab: { clock: Clock; ahead?: SpaceReading } = { clock }): Promise<TestDevice> {
    const space = await openSpace({
      ...tab,
      database: opened,
      deviceKeys,
      relay,
      random: systemRandom,
      chance: Math.random,
      tabs: noTabs,
      serviceToken: () => serviceToken.current,
    });
    const crash = async (): Promise<TestDevice> => {
      space.sync.close();
      opened.close();
      return start(...(await connect()));
    };
    return {
      database: opened,
      deviceKeys,
      space,
      serviceToken,
      crash,
      async reopen() {
        await space.close();
        return crash();
      },
      async nextTab() {
        const [again, keys] = await connect();
        const ahead = readAhead(again);
        // Whatever is asked of the snapshots waits until they are read.
        await Promise.all([ahead.stored, ahead.snapshots.checkpointOf("")]);
        return { ahead, open: (ownClock = clock) => start(again, keys, { clock: ownClock, ahead }) };
      },
    };
  }
}
