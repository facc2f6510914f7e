import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import type { Bytes } from "#protocol/bytes.ts";
import type { RelayPort } from "#protocol/messages.ts";
import type { DeviceKeys, StretchPassphrase } from "../../src/engine/keys/vault.ts";
import { createVault } from "../../src/engine/keys/vault.ts";
import { type Clock, systemClock, systemRandom } from "../../src/engine/platform/clock.ts";
import { openSpace, type Space } from "../../src/engine/space.ts";
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
};

/** One profile of one browser, with a disk of its own in memory. */
export async function createDevice(relay: RelayPort, clock: Clock = systemClock): Promise<TestDevice> {
  const indexedDB = new IDBFactory();
  const serviceToken: { current: Bytes | null } = { current: null };
  const database = openDatabase("device", { indexedDB, IDBKeyRange });
  const vault = createVault({ database, stretch: cheapStretch, random: systemRandom });
  return start(database, await vault.create("passfrase"));

  async function start(opened: Database, deviceKeys: DeviceKeys): Promise<TestDevice> {
    const space = await openSpace({
      database: opened,
      deviceKeys,
      relay,
      clock,
      random: systemRandom,
      chance: Math.random,
      tabs: noTabs,
      serviceToken: () => serviceToken.current,
    });
    const crash = async (): Promise<TestDevice> => {
      space.sync.close();
      opened.close();
      const again = openDatabase("device", { indexedDB, IDBKeyRange });
      const unlocked = await createVault({ database: again, stretch: cheapStretch, random: systemRandom }).unlock("passfrase");
      if (!unlocked.ok) throw new Error(unlocked.fault.type);
      return start(again, unlocked.keys);
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
    };
  }
}
