import { expect, test } from "vitest";
import * as Y from "yjs";
import type { Bytes } from "#protocol/bytes.ts";
import { RoomDocuments } from "../../src/engine/documents/room-documents.ts";
import { createSnapshotStore } from "../../src/engine/documents/snapshot-store.ts";
import { generateLeaf, publicLeaf } from "../../src/engine/keys/keyring.ts";
import { documentId, indexDocId } from "../../src/engine/log/rights.ts";
import { RoomLog } from "../../src/engine/log/room-log.ts";
import { readStoredRooms } from "../../src/engine/log/stored-rooms.ts";
import { createDevice, createLogParts } from "../support/device.ts";
import { createTestRelay } from "../support/test-relay.ts";

const roomId = "5e".repeat(16);

test("[P5] a checkpoint does not pass by what was received while a saving was under way", async () => {
  let documents: RoomDocuments | null = null;
  const ada = await createLogParts((records) => void documents?.apply(records));
  const log = await RoomLog.create(ada, { kind: "service", roomId, serviceId: roomId, label: "", name: "Ada" }, await generateLeaf(), null);
  documents = await RoomDocuments.load(createSnapshotStore(ada.store), ada.deviceKeys, log);
  const leaf = await generateLeaf();
  const memberId = "b0".repeat(16);
  const bo = await RoomLog.join(await createLogParts(() => undefined), {
    ...leaf, roomId, kind: "service", label: "", role: "consultant", memberId, genesis: log.keys.genesis,
  });
  const relay: Bytes[] = [(await log.pendingGenesis())!];
  const page = (from: number) => relay.slice(from).map((bytes, index) => ({ seq: from + index + 1, bytes }));
  await log.receive(page(0), 1);
  await log.change({ action: "addMember", member: { memberId, role: "consultant", deviceId: leaf.deviceId, leaf: publicLeaf(leaf) }, name: "Bo" }, async (envelope) => {
    relay.push(envelope);
    return true;
  });
  await log.receive(page(1), 1);
  await bo.receive(page(0), 1);
  const theirs = new Y.Doc();
  theirs.getMap("notes").set("colleague", "was here");
  await bo.append([{ docId: indexDocId, update: Y.encodeStateAsUpdateV2(theirs) as Bytes }]);
  relay.push(...(await bo.takeUnsent()));
  for (let i = 0; i < 63; i++) await documents.edit([indexDocId], (doc) => doc?.getMap("notes").set("own", i));
  await Promise.all([log.receive(page(2), 1), documents.edit([indexDocId], (doc) => doc?.getMap("notes").set("own", "last"))]);
  await documents.close();
  const again = await RoomDocuments.load(createSnapshotStore(ada.store), ada.deviceKeys, await RoomLog.load(ada, (await readStoredRooms(ada.store))[0]!));
  expect((await again.open(indexDocId)).getMap("notes").toJSON()).toEqual({ own: "last", colleague: "was here" });
});

test("what is read while a tab ends makes no checkpoint that passes by what came before it", async () => {
  const parts = await createLogParts(() => undefined);
  const log = await RoomLog.create(parts, { kind: "service", roomId, serviceId: roomId, label: "", name: "Ada" }, await generateLeaf(), null);
  async function openTab(): Promise<{ log: RoomLog; documents: RoomDocuments }> {
    let documents: RoomDocuments | null = null;
    const own = await RoomLog.load({ ...parts, opened: (records) => void documents?.apply(records) }, (await readStoredRooms(parts.store))[0]!);
    documents = await RoomDocuments.load(createSnapshotStore(parts.store), parts.deviceKeys, own);
    return { log: own, documents };
  }
  const ending = await openTab();
  await ending.documents.edit([indexDocId], (doc) => doc?.getMap("notes").set("a", "kept"));
  // Another tab has read on: what this one has makes no snapshot any more.
  await log.receive([{ seq: 1, bytes: (await log.pendingGenesis())! }], 1);
  await ending.documents.close();
  const other = await openTab();
  await other.documents.edit([indexDocId], (doc) => doc?.getMap("notes").set("b", "kept"));
  await ending.log.refresh();
  await ending.documents.close();
  const { documents } = await openTab();
  expect((await documents.open(indexDocId)).getMap("notes").toJSON()).toEqual({ a: "kept", b: "kept" });
});

test("[Z4] snapshots that go on from what a purge has destroyed are not kept: what lay before them in other documents would be hidden", async () => {
  const parts = await createLogParts(() => undefined);
  const log = await RoomLog.create(parts, { kind: "service", roomId, serviceId: roomId, label: "", name: "Ada" }, await generateLeaf(), null);
  const snapshots = createSnapshotStore(parts.store);
  const documents = await RoomDocuments.load(snapshots, parts.deviceKeys, log);
  const other = documentId("case", "ca".repeat(16));
  await documents.edit([other], (doc) => doc?.getMap("notes").set("a", "kept"));
  for (let i = 0; i < 64; i++) await documents.edit([indexDocId], (doc) => doc?.getMap("notes").set("b", i));
  expect(await snapshots.checkpointOf(roomId)).toBeGreaterThan(0);
  // As another tab does that has read one.
  await createSnapshotStore(parts.store).drop(roomId);
  for (let i = 0; i < 64; i++) await documents.edit([indexDocId], (doc) => doc?.getMap("notes").set("b", i));
  await documents.close();
  const again = await RoomDocuments.load(createSnapshotStore(parts.store), parts.deviceKeys, await RoomLog.load(parts, (await readStoredRooms(parts.store))[0]!));
  expect((await again.open(other)).getMap("notes").toJSON()).toEqual({ a: "kept" });
  expect((await again.open(indexDocId)).getMap("notes").toJSON()).toEqual({ b: 63 });
});

test("[P6] a sealed update with broken bytes is set aside and counted; the document opens with the rest, and closes", async () => {
  const parts = await createLogParts(() => undefined);
  const log = await RoomLog.create(parts, { kind: "service", roomId, serviceId: roomId, label: "", name: "Ada" }, await generateLeaf(), null);
  const good = new Y.Doc();
  good.getMap("notes").set("a", "kept");
  const update = Y.encodeStateAsUpdateV2(good) as Bytes;
  await log.append([{ docId: indexDocId, update }]);
  await log.append([{ docId: indexDocId, update: update.slice(0, update.length - 6) }]);
  await log.append([{ docId: indexDocId, update: new Uint8Array([255, 255, 255, 1, 2, 3]) }]);
  const documents = await RoomDocuments.load(createSnapshotStore(parts.store), parts.deviceKeys, log);
  expect((await documents.open(indexDocId)).getMap("notes").toJSON()).toEqual({ a: "kept" });
  expect(log.status.get().quarantined).toBe(2);
  await documents.close();
});

test("what the disk refused once is read when it is asked for again, and the device can still be locked", async () => {
  const relay = createTestRelay();
  relay.down = true;
  const first = await createDevice(relay.port);
  const made = await first.space.createRoom({ kind: "service", serviceId: roomId, label: "", name: "Ada", recovery: null });
  await made.edit([indexDocId], (doc) => doc?.getMap("notes").set("a", "kept"));
  const device = await first.crash();
  const [room] = device.space.rooms.get();
  const { transaction } = device.database;
  device.database.transaction = (() => Promise.reject(new Error("the disk is away"))) as never;
  await expect(room?.open(indexDocId)).rejects.toThrow("the disk is away");
  device.database.transaction = transaction;
  expect((await room?.open(indexDocId))?.getMap("notes").toJSON()).toEqual({ a: "kept" });
  await device.space.close();
});
