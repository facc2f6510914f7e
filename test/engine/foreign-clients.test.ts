import { expect, test } from "vitest";
import * as Y from "yjs";
import type { Bytes } from "#protocol/bytes.ts";
import { generateLeaf, publicLeaf } from "../../src/engine/keys/keyring.ts";
import type { OpenedRecord } from "../../src/engine/log/reader.ts";
import { indexDocId } from "../../src/engine/log/rights.ts";
import { RoomLog } from "../../src/engine/log/room-log.ts";
import { readStoredRooms } from "../../src/engine/log/stored-rooms.ts";
import type { Room } from "../../src/engine/space.ts";
import { bringIn, createDevice, createLogParts, dieAfterNextWrite, foundService, type TestDevice, testServiceId } from "../support/device.ts";
import { createTestRelay } from "../support/test-relay.ts";

const roomOf = (device: TestDevice): Room => device.space.rooms.get()[0]!;
const notesOf = async (device: TestDevice) => (await roomOf(device).open(indexDocId)).getMap("notes").toJSON();
const asideOf = (device: TestDevice) => device.space.status.get().attention.reduce((sum, { quarantined }) => sum + quarantined, 0);
const settle = async (...devices: TestDevice[]) => {
  for (const device of devices) await device.space.sync.settle();
};
const save = (device: TestDevice, key: string, value: string) =>
  roomOf(device).edit([indexDocId], (doc) => doc?.getMap("notes").set(key, value));
const clientOf = async (device: TestDevice) => (await roomOf(device).open(indexDocId)).clientID;

/** What no honest device does: writes as if it were the Yjs document of another. */
async function forge(device: TestDevice, client: number, key: string) {
  await roomOf(device).edit([indexDocId], (doc) => {
    if (doc === undefined) return;
    doc.clientID = client;
    doc.getMap("notes").set(key, "forged");
  });
}

/** Three devices in one room, all of them with everything. */
async function threeDevices() {
  const relay = createTestRelay();
  const [ada, bo, cy] = [await createDevice(relay.port), await createDevice(relay.port), await createDevice(relay.port)];
  const room = await foundService(relay, ada);
  await bringIn(ada, room, bo, { name: "Bo" });
  await bringIn(ada, room, cy, { name: "Cy" });
  await save(ada, "first", "from Ada");
  await settle(ada, bo, cy);
  return { relay, ada, bo, cy };
}

async function expectNotes(devices: readonly TestDevice[], notes: Record<string, string>) {
  for (const device of devices) await expect.poll(() => notesOf(device)).toEqual(notes);
}

for (const restart of [false, true]) {
  test(`[D5] who writes under the client id of another displaces nothing${restart ? ", also when the devices were closed in between" : ""}`, async () => {
    let { relay, ada, bo, cy } = await threeDevices();
    const client = await clientOf(ada);
    await roomOf(bo).open(indexDocId);
    relay.down = true;
    await save(ada, "second", "from Ada");
    if (restart) [ada, cy] = [await ada.reopen(), await cy.reopen()];
    relay.down = false;
    await forge(bo, client, "before");
    await settle(bo, ada, cy, ada);
    const notes = { first: "from Ada", second: "from Ada" };
    await expectNotes([ada, cy], notes);
    expect([ada, cy].map(asideOf)).toEqual([1, 1]);

    await forge(bo, client, "after");
    await settle(bo, ada, cy);
    await save(cy, "third", "from Cy");
    await settle(cy, ada);
    if (restart) [ada, cy] = [await ada.crash(), await cy.reopen()];
    await expectNotes([ada, cy], { ...notes, third: "from Cy" });
    expect([ada, cy].map(asideOf)).toEqual([2, 2]);
    for (const device of [ada, bo, cy]) await device.space.close();
  });
}

test("[D5] what stands in no log yet is not displaced on the device that wrote it, and what the others set aside is counted there", async () => {
  let { relay, ada, bo, cy } = await threeDevices();
  ada = await ada.reopen();
  relay.down = true;
  await save(ada, "second", "from Ada");
  const client = await clientOf(ada);
  ada.space.sync.close();
  relay.down = false;
  await forge(bo, client, "guessed");
  await settle(bo);
  ada = await ada.crash();
  await settle(ada, cy);
  await expectNotes([ada], { first: "from Ada", second: "from Ada" });
  await expectNotes([cy], { first: "from Ada", guessed: "forged" });
  expect([ada, cy].map(asideOf)).toEqual([1, 1]);
  for (const device of [ada, bo, cy]) await device.space.close();
});

test("[D5] deleting and overwriting what others wrote is nobody's client id", async () => {
  const { relay, ada, bo, cy } = await threeDevices();
  await roomOf(bo).edit([indexDocId], (doc) => doc?.getMap("notes").delete("first"));
  await settle(bo, ada, cy);
  await save(cy, "shared", "from Cy");
  await settle(cy, ada, bo);
  relay.down = true;
  await save(bo, "shared", "from Bo");
  await save(bo, "shared", "from Bo again");
  relay.down = false;
  await settle(bo, ada, cy);
  await expectNotes([ada, bo, cy], { shared: "from Bo again" });
  expect([ada, bo, cy].map(asideOf)).toEqual([0, 0, 0]);
  for (const device of [ada, bo, cy]) await device.space.close();
});

test.each([false, true])("[D5] what is read late, when the key has come, is still bound in the order of the log (the device died meanwhile: %s)", async (dies) => {
  const open = async () => {
    const records: OpenedRecord[] = [];
    return { records, parts: await createLogParts((more) => void records.push(...more)) };
  };
  const log: Bytes[] = [];
  const page = (from: number, to = log.length) => log.slice(from, to).map((bytes, index) => ({ seq: from + index + 1, bytes }));
  const ada = await RoomLog.create((await open()).parts, { kind: "service", roomId: testServiceId, serviceId: testServiceId, label: "", name: "Ada" }, await generateLeaf(), null);
  log.push((await ada.pendingGenesis())!);
  const pull = (one: RoomLog) => one.receive(page(one.status.get().state.seq), 1);
  const join = async (name: string) => {
    const { records, parts } = await open();
    const leaf = await generateLeaf();
    const memberId = name.repeat(16);
    await pull(ada);
    await ada.change({ action: "addMember", member: { memberId, role: "consultant", deviceId: leaf.deviceId, leaf: publicLeaf(leaf) }, name: name }, async (envelope) => log.push(envelope) > 0);
    const keys = { ...leaf, roomId: testServiceId, kind: "service" as const, label: "", role: "consultant" as const, memberId, genesis: ada.keys.genesis };
    return { records, parts, log: await RoomLog.join(parts, keys) };
  };
  const write = async (one: RoomLog, value: string) => {
    const doc = new Y.Doc();
    doc.clientID = 7;
    doc.getMap("notes").set("who", value);
    await pull(one);
    await one.append([{ docId: indexDocId, update: Y.encodeStateAsUpdateV2(doc) as Bytes }]);
    log.push(...(await one.takeUnsent()));
  };
  const bo = await join("b0");
  await write(ada, "Ada");
  await write(bo.log, "Bo");
  const added = log.length;
  const cy = await join("c0");
  const revive = dies ? dieAfterNextWrite(cy.parts.database) : null;
  await cy.log.receive(page(0, added), 1).catch(() => undefined);
  expect(cy.records).toEqual([]);
  await revive?.();
  if (dies) cy.log = await RoomLog.load({ ...cy.parts }, (await readStoredRooms(cy.parts.store))[0]!);
  await write(bo.log, "Bo again");
  await pull(cy.log);
  expect(cy.records.map(({ deviceId }) => deviceId)).toEqual([ada.keys.deviceId]);
  expect(cy.log.status.get().quarantined).toBe(2);
  expect((await cy.log.replay(0)).map(({ deviceId }) => deviceId)).toEqual([ada.keys.deviceId]);
});
