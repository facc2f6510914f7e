import { afterEach, expect, test } from "vitest";
import { generateLeaf, publicLeaf } from "../../src/engine/keys/keyring.ts";
import { documentId, indexDocId } from "../../src/engine/log/rights.ts";
import { RelayUnreachableError } from "../../src/engine/platform/errors.ts";
import type { Room } from "../../src/engine/space.ts";
import { bringIn, createDevice, foundService, type TestDevice, testServiceId } from "../support/device.ts";
import { createTestRelay } from "../support/test-relay.ts";

const caseDocId = documentId("case", "ca".repeat(16));
const devices: TestDevice[] = [];
afterEach(async () => {
  for (const device of devices.splice(0)) await device.space.close();
});

async function twoDevices() {
  const relay = createTestRelay();
  const [ada, bo] = [await createDevice(relay.port), await createDevice(relay.port)];
  devices.push(ada, bo);
  return { relay, ada, bo };
}

const note = (room: Room, docId: string, key: string) => room.edit([docId], (doc) => doc?.getMap("notes").set(key, true));
const notesIn = async (room: Room, docId: string) => Object.keys((await room.open(docId)).getMap("notes").toJSON());
const quarantinedAt = (device: TestDevice) => device.space.status.get().attention.map(({ quarantined }) => quarantined);

test("[C5] a device is added online only: without the relay nothing of it is kept, and later it is added", async () => {
  const { relay, ada, bo } = await twoDevices();
  const room = await foundService(relay, ada);
  const leaf = await generateLeaf();
  const member = { memberId: "b0".repeat(16), role: "consultant" as const, deviceId: leaf.deviceId, leaf: publicLeaf(leaf) };
  relay.down = true;
  const before = await ada.database.records.toArray();
  await expect(ada.space.addMember(room.roomId, member, "Bo")).rejects.toBeInstanceOf(RelayUnreachableError);
  expect(await ada.database.records.toArray()).toEqual(before);
  expect(await ada.database.ownHeads.get(room.roomId)).toMatchObject({ ctr: 1 });
  relay.down = false;
  await bringIn(ada, room, bo);
  expect((await room.members()).map(({ name }) => name)).toEqual(["Ada", "Bo"]);
});

test("[C5] a room is made without the relay, with its author as its one member, and the relay gets its genesis later", async () => {
  const { relay, ada, bo } = await twoDevices();
  relay.down = true;
  const room = await ada.space.createRoom({ kind: "service", serviceId: testServiceId, label: "", name: "Ada", recovery: null });
  await note(room, indexDocId, "before the relay");
  expect((await room.members()).map(({ name }) => name)).toEqual(["Ada"]);
  expect(await relay.storage.rooms([room.roomId])).toEqual(new Map());
  relay.down = false;
  ada.serviceToken.current = await relay.enrol(testServiceId);
  await ada.space.sync.settle();
  const theirs = await bringIn(ada, room, bo);
  expect(await notesIn(theirs, indexDocId)).toEqual(["before the relay"]);
});

test("[D3] what a sosiallærer writes where she may not is set aside and shown at the others, and what she may is applied", async () => {
  const { relay, ada, bo } = await twoDevices();
  await foundService(relay, ada);
  const plan = await ada.space.createRoom({ kind: "plan", serviceId: testServiceId, label: "", name: "Ada", recovery: null });
  const hers = await bringIn(ada, plan, bo, { role: "socialTeacher" });
  await note(hers, indexDocId, "hers");
  await bo.space.sync.settle();
  const session = await bo.space.sync.session();
  relay.down = true;
  await note(hers, caseDocId, "not hers");
  const { bytes } = (await bo.database.records.orderBy("local").last())!;
  relay.down = false;
  // What no honest device does: its own sync would set the record aside and not send it.
  expect(await relay.port.push(session, plan.roomId, [bytes])).toEqual({ ok: true, value: { seqs: [4], refused: null } });
  await ada.space.sync.settle();
  await expect.poll(() => quarantinedAt(ada)).toEqual([1]);
  expect(await notesIn(plan, indexDocId)).toEqual(["hers"]);
  expect(await notesIn(plan, caseDocId)).toEqual([]);
});

test("[D4] a device has no key of a room that it was not brought into, and cannot read its log either", async () => {
  const { relay, ada, bo } = await twoDevices();
  const service = await foundService(relay, ada);
  const plan = await ada.space.createRoom({ kind: "plan", serviceId: testServiceId, label: "", name: "Ada", recovery: null });
  await bringIn(ada, plan, bo, { role: "socialTeacher" });
  expect((await bo.database.roomKeys.toArray()).map(({ roomId }) => roomId)).toEqual([plan.roomId]);
  const answer = await relay.port.log(await bo.space.sync.session(), service.roomId, 0, 1);
  expect(answer).toEqual({ ok: false, refusal: { type: "notMember" } });
});

test("[D2] the Yjs client id of a document is another at each opening, and on each device", async () => {
  const { relay, ada, bo } = await twoDevices();
  const room = await foundService(relay, ada);
  const theirs = await bringIn(ada, room, bo);
  const clients = [(await room.open(indexDocId)).clientID, (await theirs.open(indexDocId)).clientID];
  await note(room, indexDocId, "a");
  for (const open of [() => devices[0]!.reopen(), () => devices[0]!.crash()]) {
    devices[0] = await open();
    const [again] = devices[0].space.rooms.get();
    clients.push((await again!.open(indexDocId)).clientID);
    await note(again!, indexDocId, "again");
  }
  expect(new Set(clients).size).toBe(4);
});
