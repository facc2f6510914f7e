import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { afterEach, expect, test, vi } from "vitest";
import * as Y from "yjs";
import { type Bytes, toHex } from "#protocol/bytes.ts";
import { type ChainHead, checkChain } from "#protocol/log-rules.ts";
import { type NumberedEnvelope, factsOf, parseEnvelope } from "#protocol/record.ts";
import { RoomDocuments } from "../../src/engine/documents/room-documents.ts";
import { createSnapshotStore } from "../../src/engine/documents/snapshot-store.ts";
import { generateLeaf, publicLeaf } from "../../src/engine/keys/keyring.ts";
import { createVault, type DeviceKeys } from "../../src/engine/keys/vault.ts";
import { encodeInside, envelopeIdOf } from "../../src/engine/log/record.ts";
import { indexDocId } from "../../src/engine/log/rights.ts";
import { gatherRowsAfter } from "../../src/engine/log/record-rows.ts";
import { RoomCipher } from "../../src/engine/log/room-cipher.ts";
import { RoomLog } from "../../src/engine/log/room-log.ts";
import { readStoredRooms } from "../../src/engine/log/stored-rooms.ts";
import { systemClock, systemRandom } from "../../src/engine/platform/clock.ts";
import { StorageFullError } from "../../src/engine/platform/errors.ts";
import { type Database, openDatabase } from "../../src/engine/storage/database.ts";
import { createDexieLogStore } from "../../src/engine/storage/dexie-log-store.ts";
import { seededChance } from "../../src/lib/random.ts";
import { cheapStretch, dieAfterNextWrite } from "../support/device.ts";

const roomId = "5e".repeat(16);

type Disk = { factory: IDBFactory; deviceKeys: DeviceKeys };

/** One tab of a profile: a connection and a log of its own, and all that the log has handed out. */
type Tab = { database: Database; log: RoomLog; seen: Y.Doc; save(value: string): Promise<void> };

const openDisk = (factory: IDBFactory) => openDatabase("device", { indexedDB: factory, IDBKeyRange });

async function createDisk(): Promise<Disk> {
  const factory = new IDBFactory();
  const database = openDisk(factory);
  const deviceKeys = await createVault({ database, stretch: cheapStretch, random: systemRandom }).create("passfrase");
  database.close();
  return { factory, deviceKeys };
}

async function openTab({ factory, deviceKeys }: Disk, make?: (parts: Parameters<typeof RoomLog.load>[0]) => Promise<RoomLog>): Promise<Tab> {
  const database = openDisk(factory);
  const seen = new Y.Doc();
  const opened = (records: { items: { update: Bytes }[] }[]) => {
    for (const { items } of records) for (const { update } of items) Y.applyUpdateV2(seen, update);
  };
  const store = createDexieLogStore(database);
  const parts = { store, deviceKeys, clock: systemClock, random: systemRandom, rowsAfter: gatherRowsAfter(store), opened, purged() {}, committed() {} };
  const log = await (make ?? (async () => RoomLog.load(parts, (await readStoredRooms(store))[0]!)))(parts);
  opened(await log.replay(0));
  return {
    database,
    log,
    seen,
    async save(value) {
      const doc = new Y.Doc();
      doc.getMap("saved").set(value, true);
      const update = Y.encodeStateAsUpdateV2(doc) as Bytes;
      opened([await log.append([{ docId: indexDocId, update }])]);
    },
  };
}

async function foundRoom(disk: Disk): Promise<Tab> {
  const leaf = await generateLeaf();
  const room = { kind: "service" as const, roomId, serviceId: roomId, label: "", name: "Ada" };
  return openTab(disk, (parts) => RoomLog.create(parts, room, leaf, null));
}

/** The profile as it is now, on another disk. */
async function copyDisk(disk: Disk): Promise<Disk> {
  const [from, factory] = [openDisk(disk.factory), new IDBFactory()];
  const to = openDisk(factory);
  for (const table of from.tables) await to.table(table.name).bulkAdd(await table.toArray());
  from.close();
  to.close();
  return { ...disk, factory };
}

afterEach(() => {
  vi.restoreAllMocks();
});

const savedIn = (tab: Tab) => Object.keys(tab.seen.getMap("saved").toJSON()).sort();

/** A relay of one room that keeps to SPEC.md [R2], [R3], and the phases of a round against it. */
function createRelayLog() {
  const log: NumberedEnvelope[] = [];
  const ids: string[] = [];
  const handedOut = new Set<string>();
  const heads = new Map<string, ChainHead>();

  async function accept(envelopes: readonly Bytes[]): Promise<number> {
    for (const [index, bytes] of envelopes.entries()) {
      const envelopeId = toHex(await envelopeIdOf(bytes));
      if (ids.includes(envelopeId)) continue;
      const parsed = parseEnvelope(bytes);
      if (!parsed.ok) return index;
      const facts = factsOf(parsed.envelope, await envelopeIdOf(bytes));
      const { deviceId, ctr } = facts;
      if (checkChain(heads.get(deviceId), facts) !== null) return index;
      heads.set(deviceId, { ctr, tip: envelopeId });
      ids.push(envelopeId);
      log.push({ seq: log.length + 1, bytes });
    }
    return envelopes.length;
  }

  const pull = (tab: Tab) => tab.log.receive(log.slice(tab.log.status.get().state.seq), 1);

  async function push(tab: Tab, answered = true): Promise<void> {
    const genesis = await tab.log.pendingGenesis();
    if (genesis !== null && (await accept([genesis])) === 1) await tab.log.acked([genesis]);
    const envelopes = await take(tab);
    const count = await accept(envelopes);
    if (answered) await tab.log.acked(envelopes.slice(0, count));
  }

  async function take(tab: Tab): Promise<Bytes[]> {
    const envelopes = await tab.log.takeUnsent();
    for (const bytes of envelopes) handedOut.add(toHex(await envelopeIdOf(bytes)));
    return envelopes;
  }

  return {
    log,
    accept,
    pull,
    push,
    take,
    /** What was given to be sent at some time and is not in the log. */
    astray: () => handedOut.difference(new Set(ids)),
    page: (from: number, to?: number) => log.slice(from, to),
    async round(tab: Tab): Promise<void> {
      await pull(tab);
      await push(tab);
      await pull(tab);
    },
  };
}

/** Counts what every device of the test asks of its disk and of WebCrypto from here on. */
async function countCost() {
  const probe = openDisk(new IDBFactory());
  await probe.open();
  // Dexie binds the method when it opens, so the spy must be there before.
  const transactions = vi.spyOn(Object.getPrototypeOf(probe.backendDB()) as IDBDatabase, "transaction");
  const operations = (["importKey", "deriveBits", "encrypt", "decrypt", "digest", "sign", "verify"] as const).map((name) => ({
    name,
    spy: vi.spyOn(crypto.subtle, name),
  }));
  return async (work: () => Promise<unknown>) => {
    for (const { spy } of [{ spy: transactions }, ...operations]) spy.mockClear();
    await work();
    return {
      transactions: transactions.mock.calls.map(([, mode]) => mode),
      crypto: operations.flatMap(({ name, spy }) => spy.mock.calls.map(() => name)),
    };
  };
}

test("[W1] a saving is one transaction, a seal, a hash and a signature; sending it reads nothing twice", async () => {
  const cost = await countCost();
  const relay = createRelayLog();
  const tab = await foundRoom(await createDisk());
  await relay.round(tab);
  await tab.save("first");
  await relay.round(tab);
  expect(await cost(() => tab.save("second"))).toEqual({ transactions: ["readwrite"], crypto: ["encrypt", "digest", "sign"] });
  let taken: Bytes[] = [];
  expect(await cost(async () => (taken = await tab.log.takeUnsent()))).toEqual({
    transactions: ["readonly", "readwrite"],
    crypto: [],
  });
  expect(await cost(() => tab.log.takeUnsent())).toEqual({ transactions: ["readonly"], crypto: [] });
  await relay.accept(taken);
  expect(await cost(() => tab.log.acked(taken))).toEqual({ transactions: ["readwrite"], crypto: [] });
  expect((await cost(() => relay.pull(tab))).transactions).toEqual(["readwrite"]);
});

test("[P4] what a colleague wrote offline is checked against one reading of the place where it began", async () => {
  const cost = await countCost();
  const { relay, founder, bo } = await withBo();
  await relay.pull(bo);
  for (const value of ["a", "b", "c"]) {
    await bo.save(value);
    await bo.log.takeUnsent();
  }
  await founder.save("meanwhile");
  await relay.round(founder);
  await relay.push(bo);
  expect((await cost(() => relay.pull(founder))).transactions).toEqual(["readonly", "readwrite"]);
  expect(savedIn(founder)).toEqual(["a", "b", "before Bo", "c", "for Bo", "meanwhile"]);
  // And what was handed out is not read again for the next saving.
  expect((await cost(() => founder.save("after"))).transactions).toEqual(["readwrite"]);
});

test("[W1] a saving continues the chain as it is on disk, not as this tab remembers it", async () => {
  const tab = await foundRoom(await createDisk());
  const tip = new Uint8Array(32).fill(7);
  await tab.database.ownHeads.put({ roomId, ctr: 41, tip });
  await tab.save("after 41");
  const row = (await tab.database.records.orderBy("local").last())!;
  const parsed = parseEnvelope(row.bytes);
  expect(parsed).toMatchObject({ ok: true, envelope: { ctr: 42, prev: tip } });
  expect(await tab.database.ownHeads.get(roomId)).toMatchObject({ ctr: 42 });
});

/** A room with its founder, and Bo's device, which has been added at the number `addedAt` and has read nothing. */
async function withBo() {
  const relay = createRelayLog();
  const founder = await foundRoom(await createDisk());
  await relay.round(founder);
  await founder.save("before Bo");
  await relay.round(founder);
  const leaf = await generateLeaf();
  const memberId = "b0".repeat(16);
  const disk = await createDisk();
  const bo = await openTab(disk, (parts) =>
    RoomLog.join(parts, { ...leaf, roomId, kind: "service", label: "", role: "consultant", memberId, genesis: founder.log.keys.genesis }),
  );
  const member = { memberId, role: "consultant" as const, deviceId: leaf.deviceId, leaf: publicLeaf(leaf) };
  expect(await founder.log.change({ action: "addMember", member: member, name: "Bo" }, async (envelope) => (await relay.accept([envelope])) === 1)).toBe(true);
  const addedAt = relay.log.length;
  await founder.save("for Bo");
  await relay.round(founder);
  return { relay, founder, disk, bo, addedAt };
}

test("[P5] what another tab wrote is handed out here, also when this tab wrote after it", async () => {
  const disk = await createDisk();
  const first = await foundRoom(disk);
  const second = await openTab(disk);
  await second.save("written there");
  await first.save("written here");
  expect(savedIn(first)).toEqual(["written here", "written there"]);
});

test("[P5] what another tab read is handed out here, before what this tab writes after it", async () => {
  const { relay, founder, disk, bo } = await withBo();
  await relay.pull(bo);
  const second = await openTab(disk);
  await founder.save("news");
  await relay.round(founder);
  await relay.pull(bo);
  await second.save("written here");
  expect(savedIn(second)).toContain("news");
});

test("[P5] a page that comes late to one tab does not take the room back to it", async () => {
  const relay = createRelayLog();
  const disk = await createDisk();
  const first = await foundRoom(disk);
  for (const value of ["a", "b", "c"]) {
    await relay.round(first);
    await first.save(value);
  }
  await relay.push(first);
  await first.save("d");
  await relay.push(first);
  const second = await openTab(disk);
  const late = second.log.status.get().state.seq;
  await relay.pull(first);
  expect(await second.log.receive(relay.page(late, late + 1), 1)).toBe(relay.log.length);
  expect((await openTab(disk)).log.status.get().state.seq).toBe(relay.log.length);
});

test("[K4] a full disk under the page that brings the key does not lose the key", async () => {
  const { relay, disk, bo } = await withBo();
  const full = () => {
    throw new DOMException("no room", "QuotaExceededError");
  };
  bo.database.records.hook("creating", full);
  await expect(relay.pull(bo)).rejects.toBeInstanceOf(StorageFullError);
  bo.database.records.hook("creating").unsubscribe(full);
  await relay.pull(bo);
  expect(savedIn(bo)).toEqual(["before Bo", "for Bo"]);
  const again = await openTab(disk);
  expect(savedIn(again)).toEqual(["before Bo", "for Bo"]);
  expect((await again.log.members()).map(({ name }) => name)).toEqual(["Ada", "Bo"]);
  expect(again.log.status.get().quarantined).toBe(0);
});

test("[P6] what could not be read until the key came is counted, opened then, and not passed by a checkpoint", async () => {
  const { relay, disk, bo, addedAt } = await withBo();
  await bo.log.receive(relay.page(0, addedAt - 1), 1);
  expect(bo.log.status.get().quarantined).toBe(1);
  expect(savedIn(bo)).toEqual([]);
  const checkpoint = (await bo.database.records.orderBy("local").last())!.local;
  const second = await openTab(disk);
  await relay.pull(bo);
  // Both tabs look again at the same rows, at the same time.
  const [replayed] = await Promise.all([bo.log.replay(checkpoint), second.log.refresh(), second.log.replay(0)]);
  expect(replayed).toHaveLength(2);
  for (const tab of [bo, second]) {
    await tab.log.refresh();
    expect(savedIn(tab)).toEqual(["before Bo", "for Bo"]);
    expect(tab.log.status.get().quarantined).toBe(0);
  }
});

/** What no honest app sends: sealed and signed as it should be, and broken inside. */
async function sendBroken(relay: ReturnType<typeof createRelayLog>, by: Tab): Promise<void> {
  await relay.round(by);
  const { keys, status } = by.log;
  const { state } = status.get();
  const update = new Uint8Array([255, 255, 255, 1, 2, 3]);
  const content = { clear: new Uint8Array(0), inside: encodeInside({ authoredAt: 0, items: [{ docId: indexDocId, update }] }) };
  const { bytes } = await new RoomCipher(keys).seal("update", state.heads[keys.deviceId]!, state, content, systemRandom(12));
  expect(await relay.accept([bytes])).toBe(1);
}

test("[P6] what is broken is set aside with the page that brings it: a device that dies right after it opens the rest, and keeps it in a snapshot", async () => {
  const { relay, founder, disk, bo } = await withBo();
  await sendBroken(relay, founder);
  dieAfterNextWrite(bo.database);
  await relay.pull(bo).catch(() => undefined);
  const again = await openTab(disk);
  expect(again.log.status.get()).toMatchObject({ quarantined: 1, state: { seq: relay.log.length, fault: null } });
  expect(savedIn(again)).toEqual(["before Bo", "for Bo"]);
  const documents = await RoomDocuments.load(createSnapshotStore(createDexieLogStore(again.database)), disk.deviceKeys, again.log);
  expect((await documents.open(indexDocId)).getMap("saved").toJSON()).toEqual({ "before Bo": true, "for Bo": true });
  await documents.close();
  expect(await again.database.checkpoints.count()).toBe(1);
});

test("[P6] what is broken in a page is set aside for another tab that reads it first", async () => {
  const { relay, founder, disk, bo } = await withBo();
  const second = await openTab(disk);
  await sendBroken(relay, founder);
  dieAfterNextWrite(bo.database);
  await relay.pull(bo).catch(() => undefined);
  await second.log.refresh();
  expect(savedIn(second)).toEqual(["before Bo", "for Bo"]);
  expect(second.log.status.get().quarantined).toBe(1);
});

/** Refuses to write in one table. @returns what lets it again */
function fill(tab: Tab, name: string): () => void {
  const table = tab.database.table(name);
  const full = () => {
    throw new DOMException("no room", "QuotaExceededError");
  };
  for (const event of ["creating", "updating", "deleting"] as const) table.hook(event).subscribe(full);
  return () => {
    for (const event of ["creating", "updating", "deleting"] as const) table.hook(event).unsubscribe(full);
  };
}

/** All that lies on a disk. */
async function onDisk({ factory }: Disk): Promise<unknown> {
  const database = openDisk(factory);
  const tables = await Promise.all(database.tables.map(async (table) => [table.name, await table.toArray()] as const));
  database.close();
  return Object.fromEntries(tables);
}

/** A profile that was set back to before it read anything, and a page that writes in every table: it brings the key, own envelopes, colleagues', and a fault. */
async function withFullPage() {
  const { relay, founder, disk, bo } = await withBo();
  const earlier = await copyDisk(disk);
  await relay.pull(bo);
  await bo.save("by Bo");
  await relay.round(bo);
  await founder.save("tampered with");
  await relay.round(founder);
  const page = relay.page(0).map(({ seq, bytes }) => ({ seq, bytes: bytes.slice() }));
  page.at(-1)!.bytes[200]! ^= 1;
  return { disk: earlier, tab: await openTab(earlier), page };
}

const pageTables = ["records", "rooms", "roomKeys", "ownHeads", "clients", "evidence"];

test.each(pageTables)("[P5] a page for which %s has no room leaves nothing of itself on the disk, and is taken whole later", async (name) => {
  const { disk, tab, page } = await withFullPage();
  const before = await onDisk(disk);
  const empty = fill(tab, name);
  await expect(tab.log.receive(page, 1)).rejects.toBeInstanceOf(StorageFullError);
  expect(await onDisk(disk)).toEqual(before);
  empty();
  expect(await tab.log.receive(page, 1)).toBe(page.length - 1);
  expect(savedIn(tab)).toEqual(["before Bo", "by Bo", "for Bo"]);
  for (const table of pageTables) expect(await tab.database.table(table).count()).toBeGreaterThan(0);
});

test("[G2] a page of another generation than the one that the log is in is left alone", async () => {
  const { disk, tab, page } = await withFullPage();
  const before = await onDisk(disk);
  expect(await tab.log.receive(page, 2)).toBe(0);
  expect(await onDisk(disk)).toEqual(before);
});

test("[P5] a page that another tab has overtaken leaves nothing of itself on the disk", async () => {
  const { disk, tab, page } = await withFullPage();
  await (await openTab(disk)).log.receive(page.slice(0, 1), 1);
  const before = await onDisk(disk);
  const { transaction } = tab.database;
  const tablesIn = ([, tables]: Parameters<typeof transaction>) => (tables as unknown as { name: string }[]).map(({ name }) => name);
  tab.database.transaction = ((...given: Parameters<typeof transaction>) =>
    given[0] === "r" && tablesIn(given).includes("rooms") ? Promise.reject(new Error("the disk is away")) : transaction.apply(tab.database, given)) as never;
  await expect(tab.log.receive(page, 1)).rejects.toThrow("the disk is away");
  expect(await onDisk(disk)).toEqual(before);
});

test.each(["records", "ownHeads"])("[W1] [W3] a saving and a fold for which %s has no room leave nothing of themselves on the disk", async (name) => {
  const disk = await createDisk();
  const tab = await foundRoom(disk);
  for (const value of ["a", "b"]) await tab.save(value);
  const before = await onDisk(disk);
  const empty = fill(tab, name);
  await expect(tab.save("c")).rejects.toBeInstanceOf(StorageFullError);
  await expect(tab.log.takeUnsent()).rejects.toBeInstanceOf(StorageFullError);
  expect(await onDisk(disk)).toEqual(before);
  empty();
  const relay = createRelayLog();
  await tab.save("c");
  await relay.round(tab);
  expect(relay.log).toHaveLength(2);
  expect(savedIn(await openTab(disk))).toEqual(["a", "b", "c"]);
});

test("[E6] a profile that was set back goes on where the log has its chain", async () => {
  const relay = createRelayLog();
  const disk = await createDisk();
  const tab = await foundRoom(disk);
  await relay.round(tab);
  const earlier = await copyDisk(disk);
  for (const value of ["a", "b"]) {
    await tab.save(value);
    await relay.round(tab);
  }
  const setBack = await openTab(earlier);
  await relay.pull(setBack);
  expect(savedIn(setBack)).toEqual(["a", "b"]);
  await setBack.save("c");
  expect((await setBack.database.records.orderBy("local").last())!.ownCtr).toBe(relay.log.length + 1);
});

test("[W3] [W4] two copies of one profile both get their savings into the log", async () => {
  const relay = createRelayLog();
  const disk = await createDisk();
  const tab = await foundRoom(disk);
  await relay.round(tab);
  const copy = await openTab(await copyDisk(disk));
  for (const one of [tab, copy]) await one.save(one === tab ? "in the one" : "in the copy");
  await tab.log.takeUnsent();
  await tab.save("behind what was attempted");
  await tab.log.takeUnsent();
  await relay.round(copy);
  for (const one of [tab, copy, tab, copy]) await relay.round(one);
  for (const one of [tab, copy]) {
    expect(savedIn(one)).toEqual(["behind what was attempted", "in the copy", "in the one"]);
    expect(one.log.status.get()).toMatchObject({ unsent: 0, quarantined: 0, state: { fault: null } });
  }
});

/** Stops the next opening or sealing in its tracks. */
function hold(step: "decrypt" | "encrypt") {
  const run = crypto.subtle[step].bind(crypto.subtle);
  const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const spy = vi.spyOn(crypto.subtle, step).mockImplementationOnce(async (...given) => {
    spy.mockRestore();
    reached.resolve();
    await released.promise;
    return run(...given);
  });
  return { reached: reached.promise, release: released.resolve };
}

/** Two tabs: the second has begun to take one saving and is held, and the first has saved another meanwhile. */
async function secondBeginsToSend() {
  const relay = createRelayLog();
  const disk = await createDisk();
  const first = await foundRoom(disk);
  await relay.round(first);
  await first.save("a");
  const second = await openTab(disk);
  const { reached, release } = hold("decrypt");
  const taking = relay.take(second);
  await reached;
  await first.save("b");
  return { relay, first, second, taking, release };
}

test("[W2] a tab does not send what another has folded meanwhile", async () => {
  const { relay, first, taking, release } = await secondBeginsToSend();
  const folded = await relay.take(first);
  release();
  expect(await taking).toEqual(folded);
});

test("[W2] a tab does not fold what another has begun to send meanwhile", async () => {
  const { relay, first, second, taking, release } = await secondBeginsToSend();
  const heldFirst = hold("encrypt");
  const folding = relay.take(first);
  await heldFirst.reached;
  release();
  const [sent] = await taking;
  heldFirst.release();
  expect((await folding)[0]).toEqual(sent);
  for (const tab of [second, first]) await relay.round(tab);
  expect(relay.astray().size).toBe(0);
});

test("[P6] two tabs that look again at what was set aside move it once", async () => {
  const disk = await createDisk();
  const [first, second] = [await foundRoom(disk), await openTab(disk)];
  await first.save("a");
  const { local } = (await first.database.records.orderBy("local").last())!;
  await first.database.records.update(local, { quarantined: "unreadable" });
  const held = hold("decrypt");
  const slow = second.log.replay(0);
  await held.reached;
  expect(await first.log.replay(0)).toMatchObject([{ local: local + 1 }]);
  held.release();
  expect(await slow).toHaveLength(1);
  expect(await first.database.records.count()).toBe(2);
  for (const tab of [first, second]) {
    await tab.log.refresh();
    expect(tab.log.status.get().quarantined).toBe(0);
  }
});

/** Two tabs and perhaps a copy of the profile, at once: whatever resolved is handed out everywhere, and the status is what the disk says. */
async function world(seed: number): Promise<void> {
  const chance = seededChance(seed);
  const pick = (count: number) => Math.floor(chance() * count);
  const relay = createRelayLog();
  const disk = await createDisk();
  const tabs = [await foundRoom(disk), await openTab(disk)];
  const saved: string[] = [];
  const step = async (name: string): Promise<void> => {
    const tab = tabs[pick(tabs.length)]!;
    switch (pick(9)) {
      case 0:
        return relay.round(tab);
      case 1:
        return relay.push(tab, false);
      case 2:
        await relay.take(tab);
        return;
      case 3:
        return tab.log.refresh();
      case 4:
        await relay.pull(tab);
        return;
      default:
        await tab.save(name);
        saved.push(name);
    }
  };
  for (let turn = 0; turn < 20; turn++) {
    await Promise.all(Array.from({ length: 1 + pick(3) }, (_, index) => step(`${turn}/${index}`)));
    if (turn === 8 && seed % 2 === 0) tabs.push(await openTab(await copyDisk(disk)));
  }
  for (let time = 0; time < 4; time++) for (const tab of tabs) await relay.round(tab);
  for (const tab of tabs) {
    await tab.log.refresh();
    expect(savedIn(tab)).toEqual(saved.toSorted());
    expect(tab.log.status.get()).toMatchObject({ unsent: 0, quarantined: 0, state: { fault: null, seq: relay.log.length } });
  }
  // A copy may lose its place in the log to the other; nothing else takes back what was once given to be sent. [W2]
  if (tabs.length === 2) expect(relay.astray().size).toBe(0);
  const again = await openTab(disk);
  expect(savedIn(again)).toEqual(saved.toSorted());
  for (const tab of [...tabs, again]) tab.database.close();
}

test.each(Array.from({ length: 20 }, (_, index) => index + 1))("[W1]–[W5] [P5] tabs of world %i lose nothing and hide nothing from each other", world);

test("the count of what is unsent is right in every tab, whoever wrote and whoever sent", async () => {
  const relay = createRelayLog();
  const disk = await createDisk();
  const [first, second] = [await foundRoom(disk), await openTab(disk)];
  const counts = async () => {
    for (const tab of [first, second]) await tab.log.refresh();
    return [first, second].map((tab) => tab.log.status.get().unsent);
  };
  await first.save("a");
  await second.save("b");
  await first.save("c");
  expect(await counts()).toEqual([3, 3]);
  const envelopes = await second.log.takeUnsent();
  expect(await counts()).toEqual([3, 3]);
  await relay.accept([(await first.log.pendingGenesis())!, ...envelopes]);
  await first.save("d");
  // Read back before any ack.
  await relay.pull(first);
  expect(first.log.status.get().unsent).toBe(1);
  expect(await counts()).toEqual([1, 1]);
  await relay.round(second);
  expect(await counts()).toEqual([0, 0]);
});

test("the count of what is unsent is right in a tab that reads back what another has sent, and had acked", async () => {
  const relay = createRelayLog();
  const disk = await createDisk();
  const first = await foundRoom(disk);
  await relay.round(first);
  const second = await openTab(disk);
  await first.save("sent by the other tab");
  await relay.push(second);
  await relay.pull(first);
  expect(first.log.status.get()).toMatchObject({ unsent: 0, unconfirmed: 0 });
});

/** A room whose founder is adding Bo; the control record is on its way. */
async function withBoOnTheWay() {
  const relay = createRelayLog();
  const founder = await foundRoom(await createDisk());
  await relay.round(founder);
  await founder.save("before Bo");
  await relay.round(founder);
  const leaf = await generateLeaf();
  const member = { memberId: "b0".repeat(16), role: "consultant" as const, deviceId: leaf.deviceId, leaf: publicLeaf(leaf) };
  const [sent, answered] = [Promise.withResolvers<Bytes>(), Promise.withResolvers<boolean>()];
  const adding = founder.log.change({ action: "addMember", member: member, name: "Bo" }, (envelope) => {
    sent.resolve(envelope);
    return answered.promise;
  });
  const joins = async () => {
    const { memberId, role } = member;
    const { genesis } = founder.log.keys;
    const bo = await openTab(await createDisk(), (parts) =>
      RoomLog.join(parts, { ...leaf, roomId, kind: "service", label: "", role, memberId, genesis }),
    );
    await relay.pull(bo);
    return bo;
  };
  const again = () => founder.log.change({ action: "addMember", member: member, name: "Bo" }, async (envelope) => (await relay.accept([envelope])) === 1);
  return { relay, founder, adding, envelope: await sent.promise, answer: answered.resolve, joins, again };
}

test("[C8] a saving does not wait for the record that adds a member, and both get into the log", async () => {
  const { relay, founder, adding, envelope, answer, joins } = await withBoOnTheWay();
  await founder.save("while Bo is added");
  expect(founder.log.status.get().unsent).toBe(1);
  expect(await relay.accept([envelope])).toBe(1);
  answer(true);
  expect(await adding).toBe(true);
  await founder.save("before the record is back");
  // Sent under the counter that the record has: refused, and written again behind it.
  await relay.push(founder);
  await relay.round(founder);
  const bo = await joins();
  for (const tab of [founder, bo]) {
    expect(savedIn(tab)).toEqual(["before Bo", "before the record is back", "while Bo is added"]);
    expect(tab.log.status.get()).toMatchObject({ unsent: 0, unconfirmed: 0, quarantined: 0, state: { fault: null, seq: relay.log.length } });
  }
  expect((await founder.log.members()).map(({ name }) => name)).toEqual(["Ada", "Bo"]);
});

test("[C8] the record that comes after a saving is made anew", async () => {
  const { relay, founder, adding, envelope, answer, joins, again } = await withBoOnTheWay();
  await founder.save("while Bo is added");
  await relay.push(founder);
  expect(await relay.accept([envelope])).toBe(0);
  answer(false);
  expect(await adding).toBe(false);
  await relay.pull(founder);
  expect(await again()).toBe(true);
  const bo = await joins();
  expect(savedIn(bo)).toEqual(["before Bo", "while Bo is added"]);
});

/** The most sealed bytes that were being opened at one time, and the most envelopes. */
function watchOpening() {
  const decrypt = crypto.subtle.decrypt.bind(crypto.subtle);
  const now = { sizeBytes: 0, count: 0 };
  const most = { sizeBytes: 0, count: 0 };
  vi.spyOn(crypto.subtle, "decrypt").mockImplementation(async (algorithm, key, sealed) => {
    now.sizeBytes += sealed.byteLength;
    now.count++;
    most.sizeBytes = Math.max(most.sizeBytes, now.sizeBytes);
    most.count = Math.max(most.count, now.count);
    try {
      return await decrypt(algorithm, key, sealed);
    } finally {
      now.sizeBytes -= sealed.byteLength;
      now.count--;
    }
  });
  return most;
}

test.each([
  ["large", 60, 40_000, 1],
  ["small", 60, 10, 60],
])("%s envelopes of one page are opened at once only as far as their bytes allow", async (_, count, valueBytes, atOnce) => {
  const { relay, founder, disk, bo } = await withBo();
  await relay.pull(bo);
  for (let saved = 0; saved < count; saved++) {
    const doc = new Y.Doc();
    doc.getMap("saved").set(`value ${saved}`, systemRandom(valueBytes));
    await founder.log.append([{ docId: indexDocId, update: Y.encodeStateAsUpdateV2(doc) as Bytes }]);
    await relay.take(founder);
  }
  await relay.round(founder);
  const onPull = watchOpening();
  await relay.pull(bo);
  expect(savedIn(bo)).toHaveLength(count + 2);
  vi.restoreAllMocks();
  const again = await openTab(disk);
  const onReplay = watchOpening();
  expect(await again.log.replay(0)).toHaveLength(count + 2);
  for (const most of [onPull, onReplay]) {
    expect(most.sizeBytes).toBeLessThanOrEqual(64 * 1024);
    expect(most.count).toBeGreaterThanOrEqual(atOnce);
    expect(most.count).toBeLessThanOrEqual(atOnce + 2);
  }
});
