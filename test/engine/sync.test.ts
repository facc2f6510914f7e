import { afterEach, expect, test } from "vitest";
import type { Bytes } from "#protocol/bytes.ts";
import type { RelayPort } from "#protocol/messages.ts";
import { parseEnvelope } from "#protocol/record.ts";
import { indexDocId } from "../../src/engine/log/rights.ts";
import type { Room } from "../../src/engine/space.ts";
import { bringIn, createDevice, foundService, type TestDevice } from "../support/device.ts";
import { createTestRelay } from "../support/test-relay.ts";

const devices: TestDevice[] = [];
afterEach(async () => {
  for (const device of devices.splice(0)) await device.space.close();
});

async function founder(relay = createTestRelay()) {
  const device = await createDevice(relay.port);
  devices.push(device);
  return { relay, device, service: await foundService(relay, device) };
}

const write = (room: Room, key: string, value: string) =>
  room.edit([indexDocId], (doc) => doc?.getMap("notes").set(key, value));
const read = async (room: Room) => (await room.open(indexDocId)).getMap("notes").toJSON();

async function joined(relay: ReturnType<typeof createTestRelay>, device: TestDevice, room: Room) {
  const other = await createDevice(relay.port);
  devices.push(other);
  return { other, theirs: await bringIn(device, room, other) };
}

test("[W1] what was written offline is there after a reboot", async () => {
  const { device, service, relay } = await founder();
  relay.down = true;
  await write(service, "a", "one");
  const again = await device.reopen();
  devices.splice(0, 1, again);
  const room = again.space.rooms.get()[0]!;
  expect(await read(room)).toEqual({ a: "one" });
  expect(again.space.status.get().unsent).toBe(1);
});

test("two devices converge without anyone asking, and names are known to both", async () => {
  const { relay, device, service } = await founder();
  await write(service, "a", "one");
  const { other, theirs } = await joined(relay, device, service);
  await write(theirs, "b", "two");
  await other.space.sync.settle();
  await device.space.sync.settle();
  await expect.poll(() => read(service)).toEqual({ a: "one", b: "two" });
  expect(await read(theirs)).toEqual({ a: "one", b: "two" });
  expect((await theirs.members()).map((member) => member.name).sort()).toEqual(["Ada", "Bo"]);
});

test("[W3] five hundred savings offline are folded into a few envelopes and read by a second device", async () => {
  const { relay, device, service } = await founder();
  const { other, theirs } = await joined(relay, device, service);
  relay.down = true;
  for (let i = 0; i < 500; i++) await write(service, `k${i}`, `value ${i}`);
  expect(device.space.status.get().unsent).toBe(500);
  relay.down = false;
  await device.space.sync.settle();
  expect(device.space.status.get().unsent).toBe(0);
  const rows = await device.database.records.where("roomId").equals(service.roomId).count().catch(() => device.database.records.count());
  expect(rows).toBeLessThan(10);
  await other.space.sync.settle();
  await expect.poll(async () => Object.keys(await read(theirs)).length).toBe(500);
});

test("[W5] a device that comes back reads first and sends then: what it sends has seen what came meanwhile", async () => {
  const { relay, device, service } = await founder();
  const { other } = await joined(relay, device, service);
  relay.down = true;
  const away = await other.reopen();
  devices.splice(devices.indexOf(other), 1, away);
  // Two, so that they are sealed anew as one when they are sent.
  for (const key of ["b", "c"]) await write(away.space.rooms.get()[0]!, key, "written away");
  away.space.sync.close();
  relay.down = false;
  await write(service, "a", "meanwhile");
  await device.space.sync.settle();
  const headSeq = (await relay.storage.rooms([service.roomId])).get(service.roomId)!.headSeq;
  const again = await away.crash();
  devices.splice(devices.indexOf(away), 1, again);
  await again.space.sync.settle();
  const log = await relay.storage.log(service.roomId, headSeq, { maxBytes: 1 << 20, maxEnvelopes: 10 });
  expect(log?.page.map(({ bytes }) => parseEnvelope(bytes))).toMatchObject([{ ok: true, envelope: { seenSeq: headSeq } }]);
});

test("[P7] a page that came broken freezes the room until the device is unlocked again, and then the log is read on", async () => {
  const { relay, device, service } = await founder();
  await write(service, "a", "one");
  let broken = false;
  const spoilt = (bytes: Bytes) => (broken ? new Uint8Array(300) : bytes);
  const port: RelayPort = {
    ...relay.port,
    challenge: () => relay.port.challenge(),
    openSession: (request) => relay.port.openSession(request),
    async log(...asked) {
      const answer = await relay.port.log(...asked);
      if (!answer.ok) return answer;
      return { ...answer, value: { ...answer.value, page: answer.value.page.map(({ seq, bytes }) => ({ seq, bytes: spoilt(bytes) })) } };
    },
    live: (session, listener) =>
      relay.port.live(session, { record: (roomId, seq, bytes) => listener.record(roomId, seq, spoilt(bytes)), ended: () => listener.ended() }),
  };
  const { other, theirs } = await joined({ ...relay, port }, device, service);
  broken = true;
  await write(service, "b", "two");
  await device.space.sync.settle();
  await other.space.sync.settle();
  await expect.poll(() => other.space.status.get().attention).toMatchObject([{ fault: { type: "malformed" } }]);
  broken = false;
  await other.space.sync.settle();
  expect(await read(theirs)).toEqual({ a: "one" });
  const again = await other.reopen();
  devices.splice(devices.indexOf(other), 1, again);
  await again.space.sync.settle();
  expect(await read(again.space.rooms.get()[0]!)).toEqual({ a: "one", b: "two" });
  expect(again.space.status.get().attention).toEqual([]);
  expect(await again.database.evidence.count()).toBe(1);
});
