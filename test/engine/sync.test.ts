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
  expect(log?.page.map((entry) => "bytes" in entry && parseEnvelope(entry.bytes))).toMatchObject([{ ok: true, envelope: { seenSeq: headSeq } }]);
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
      return { ...answer, value: { ...answer.value, page: answer.value.page.map((entry) => ("bytes" in entry ? { ...entry, bytes: spoilt(entry.bytes) } : entry)) } };
    },
    live: (session, listener) =>
      relay.port.live(session, { ...listener, record: (roomId, seq, bytes) => listener.record(roomId, seq, spoilt(bytes)) }),
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

/** A relay that acks the next push and keeps nothing of it, as one whose disk lied before a power cut. */
function forgetful(relay: ReturnType<typeof createTestRelay>) {
  const test = {
    ...relay,
    forgets: false,
    port: new Proxy(relay.port, {
      get(target, name: keyof RelayPort) {
        if (name !== "push" || !test.forgets) return target[name];
        return async (session: string, roomId: string, envelopes: readonly Bytes[]) => {
          test.forgets = false;
          const log = await target.log(session, roomId, 0, 1);
          if (!log.ok) return log;
          return { ok: true, value: { seqs: envelopes.map((_, index) => log.value.headSeq + 1 + index), refused: null } };
        };
      },
    }),
  };
  return test;
}

const logOf = async (relay: ReturnType<typeof createTestRelay>, room: Room) =>
  (await relay.storage.log(room.roomId, 0, { maxBytes: 1e9, maxEnvelopes: 1000 }))!.page;

test("[W8] what the relay acked and lost is sent again as the same bytes, before what was written after it", async () => {
  const relay = forgetful(createTestRelay());
  const { device, service } = await founder(relay);
  relay.forgets = true;
  await write(service, "a", "one");
  await device.space.sync.settle();
  const lost = (await device.database.records.orderBy("local").last())!;
  expect(await logOf(relay, service)).toHaveLength(1);
  expect(device.space.sync.status.get().inStepAt).toBeNull();
  await write(service, "b", "two");
  await device.space.sync.settle();
  await device.space.sync.settle();
  const kept = await logOf(relay, service);
  expect(kept.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  expect(kept[1]).toEqual({ seq: 2, bytes: lost.bytes });
  await expect.poll(() => device.space.sync.status.get().inStepAt).not.toBeNull();
  expect(device.space.status.get()).toMatchObject({ unsent: 0, attention: [] });
});

test("[W8] what was acked and has not come back is not in step after a restart, and is sent again without anyone writing", async () => {
  const relay = forgetful(createTestRelay());
  const { device, service } = await founder(relay);
  relay.forgets = true;
  await write(service, "a", "one");
  await expect.poll(() => device.space.status.get().unsent).toBe(0);
  const again = await device.crash();
  devices.splice(0, 1, again);
  await again.space.sync.settle();
  await again.space.sync.settle();
  expect(await logOf(relay, service)).toHaveLength(2);
});

test("[W8] a room whose making the relay acked and lost is made again", async () => {
  const relay = createTestRelay();
  let forgets = true;
  const port: RelayPort = new Proxy(relay.port, {
    get(target, name: keyof RelayPort) {
      if (name !== "createRoom" || !forgets) return target[name];
      forgets = false;
      return async () => ({ ok: true, value: { seq: 1, logGen: 1 } });
    },
  });
  const { service, device } = await founder({ ...relay, port });
  await write(service, "a", "one");
  await expect.poll(async () => (await relay.storage.log(service.roomId, 0, { maxBytes: 1e9, maxEnvelopes: 9 }))?.page.length, { timeout: 4000 }).toBe(2);
  await expect.poll(() => device.space.status.get().unsent).toBe(0);
});

test("[P8] a relay that was set back is told of, loses nothing here, and is believed again when it has all", async () => {
  const relay = createTestRelay();
  let head = Number.POSITIVE_INFINITY;
  const port: RelayPort = new Proxy(relay.port, {
    get(target, name: keyof RelayPort) {
      if (name !== "openSession") return target[name];
      return async (request: Parameters<RelayPort["openSession"]>[0]) => {
        const opened = await target.openSession(request);
        if (opened.ok) for (const room of opened.value.rooms) room.headSeq = Math.min(room.headSeq, head);
        return opened;
      };
    },
  });
  const { device, service } = await founder({ ...relay, port });
  for (const value of ["a", "b"]) {
    await write(service, value, "one");
    await device.space.sync.settle();
  }
  await expect.poll(() => device.space.sync.status.get().inStepAt).not.toBeNull();
  expect(device.space.status.get().attention).toEqual([]);
  head = 2;
  const again = await device.reopen();
  devices.splice(0, 1, again);
  await again.space.sync.settle();
  expect(again.space.status.get().attention).toMatchObject([{ fault: { type: "rollback", seq: 3 } }]);
  expect(again.space.sync.status.get().inStepAt).toBeNull();
  const lost = (await again.database.records.where({ roomId: service.roomId, seq: 3 }).first())!;
  expect(await again.database.evidence.toArray()).toMatchObject([{ fault: "rollback", seq: 3, bytes: lost.bytes }]);
  const room = again.space.rooms.get()[0]!;
  await write(room, "c", "one");
  expect(await read(room)).toEqual({ a: "one", b: "one", c: "one" });
  head = Number.POSITIVE_INFINITY;
  const last = await again.reopen();
  devices.splice(0, 1, last);
  await last.space.sync.settle();
  expect(await read(last.space.rooms.get()[0]!)).toEqual({ a: "one", b: "one", c: "one" });
  expect(last.space.status.get()).toMatchObject({ unsent: 0, attention: [] });
});

test("[C8] a saving resolves while the relay keeps the record that adds a member waiting, and both devices converge", async () => {
  const relay = createTestRelay();
  const [reached, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const port: RelayPort = new Proxy(relay.port, {
    get(target, name: keyof RelayPort) {
      if (name !== "control") return target[name];
      return async (...asked: Parameters<RelayPort["control"]>) => {
        reached.resolve();
        await held.promise;
        return target.control(...asked);
      };
    },
  });
  const { device, service } = await founder({ ...relay, port });
  await expect.poll(() => device.space.sync.status.get().inStepAt).not.toBeNull();
  const joining = joined(relay, device, service);
  await reached.promise;
  await write(service, "a", "one");
  held.resolve();
  // The saving came first to the relay, and the record was made anew.
  const { other, theirs } = await joining;
  await write(service, "b", "two");
  await device.space.sync.settle();
  await other.space.sync.settle();
  await expect.poll(() => read(theirs)).toEqual({ a: "one", b: "two" });
  expect(device.space.status.get()).toMatchObject({ unsent: 0, attention: [] });
});
