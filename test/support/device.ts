import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { type Bytes, toHex } from "#protocol/bytes.ts";
import type { Role } from "#protocol/control.ts";
import type { RelayPort } from "#protocol/messages.ts";
import { generateLeaf, publicLeaf } from "../../src/engine/keys/keyring.ts";
import type { DeviceKeys, StretchPassphrase } from "../../src/engine/keys/vault.ts";
import { createVault } from "../../src/engine/keys/vault.ts";
import { gatherRowsAfter } from "../../src/engine/log/record-rows.ts";
import type { RoomLogParts } from "../../src/engine/log/room-context.ts";
import { type Clock, systemClock, systemRandom } from "../../src/engine/platform/clock.ts";
import { openSpace, readAhead, type Room, type Space, type SpaceReading } from "../../src/engine/space.ts";
import { type Database, openDatabase } from "../../src/engine/storage/database.ts";
import { createDexieLogStore } from "../../src/engine/storage/dexie-log-store.ts";
import type { TestRelay } from "./test-relay.ts";

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
  /** The profile as it is now, opened on a disk of its own: a backup that is put back, or a copy. */
  copy(): Promise<TestDevice>;
  /** Another tab of the profile that has read ahead, as while a passphrase is stretched, and is not open yet. */
  nextTab(): Promise<WaitingTab>;
};

export type WaitingTab = { ahead: SpaceReading; open(clock?: Clock): Promise<TestDevice> };

/** One profile of one browser, with a disk of its own in memory. */
export async function createDevice(relay: RelayPort, clock: Clock = systemClock): Promise<TestDevice> {
  const indexedDB = new IDBFactory();
  const database = openDatabase("device", { indexedDB, IDBKeyRange });
  await createVault({ database, stretch: cheapStretch, random: systemRandom }).create("passfrase");
  database.close();
  return openProfile(indexedDB, relay, clock, { current: null });
}

async function openProfile(indexedDB: IDBFactory, relay: RelayPort, clock: Clock, serviceToken: { current: Bytes | null }): Promise<TestDevice> {
  return start(...(await connect()));

  async function connect(): Promise<[Database, DeviceKeys]> {
    const again = openDatabase("device", { indexedDB, IDBKeyRange });
    const unlocked = await createVault({ database: again, stretch: cheapStretch, random: systemRandom }).unlock("passfrase");
    if (!unlocked.ok) throw new Error(unlocked.fault.type);
    return [again, unlocked.keys];
  }

  async function start(opened: Database, deviceKeys: DeviceKeys, tab: { clock: Clock; ahead?: SpaceReading } = { clock }): Promise<TestDevice> {
    const space = await openSpace({
      ...tab,
      store: createDexieLogStore(opened),
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
      async copy() {
        const factory = new IDBFactory();
        const to = openDatabase("device", { indexedDB: factory, IDBKeyRange });
        for (const table of opened.tables) await to.table(table.name).bulkAdd(await table.toArray());
        to.close();
        return openProfile(factory, relay, clock, serviceToken);
      },
      async nextTab() {
        const [again, keys] = await connect();
        const ahead = readAhead(createDexieLogStore(again));
        // Whatever is asked of the snapshots waits until they are read.
        await Promise.all([ahead.stored, ahead.snapshots.checkpointOf("")]);
        return { ahead, open: (ownClock = clock) => start(again, keys, { clock: ownClock, ahead }) };
      },
    };
  }
}

/** Lets the disk write once more, and never again: a battery that goes flat between two transactions. @returns what opens it again */
export function dieAfterNextWrite(database: Database): () => Promise<unknown> {
  const { transaction } = database;
  database.transaction = (async (...given: Parameters<typeof transaction>) => {
    const done: unknown = await transaction.apply(database, given);
    if (given[0] === "rw") database.close();
    return done;
  }) as never;
  return () => {
    database.transaction = transaction;
    return database.open();
  };
}

/** What a room's log needs, on a disk of its own in memory. */
export async function createLogParts(opened: RoomLogParts["opened"]): Promise<RoomLogParts & { database: Database }> {
  const database = openDatabase("device", { indexedDB: new IDBFactory(), IDBKeyRange });
  const deviceKeys = await createVault({ database, stretch: cheapStretch, random: systemRandom }).create("passfrase");
  const store = createDexieLogStore(database);
  return { database, store, deviceKeys, clock: systemClock, random: systemRandom, rowsAfter: gatherRowsAfter(store), opened, purged() {}, committed() {} };
}

type SomeDevice = Pick<TestDevice, "space" | "serviceToken">;

export const testServiceId = "5e".repeat(16);

/** A service of this device's at the relay, with its first room. */
export async function foundService(relay: TestRelay, device: SomeDevice): Promise<Room> {
  const room = await device.space.createRoom({ kind: "service", serviceId: testServiceId, label: "", name: "Ada", recovery: null });
  device.serviceToken.current = await relay.enrol(testServiceId);
  await device.space.sync.settle();
  return room;
}

/** Adds a person's device to a room of `by`, as at the end of an invitation, and takes the room up there. Both must reach the relay. @returns the room as the newcomer has it */
export async function bringIn(by: SomeDevice, room: Room, newcomer: SomeDevice, { name = "Bo", role = "consultant" }: { name?: string; role?: Role } = {}): Promise<Room> {
  await by.space.sync.settle();
  const leaf = await generateLeaf();
  const memberId = toHex(systemRandom(16));
  const member = { memberId, role, deviceId: leaf.deviceId, leaf: publicLeaf(leaf) };
  if (!(await by.space.addMember(room.roomId, member, name))) throw new Error("not added");
  const { roomId, kind, label, genesis } = room;
  const theirs = await newcomer.space.joinRoom({ roomId, kind, label, role, memberId, genesis }, leaf);
  await newcomer.space.sync.settle();
  return theirs;
}
