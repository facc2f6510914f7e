import { afterEach, expect, test } from "vitest";
import { type Bytes, toHex } from "#protocol/bytes.ts";
import type { RelayPort } from "#protocol/messages.ts";
import { envelopeTypes, parseEnvelope, typeOffset } from "#protocol/record.ts";
import { decodeHeartbeat, encodeHeartbeat } from "../../src/engine/log/record.ts";
import { indexDocId } from "../../src/engine/log/rights.ts";
import { type Clock, systemClock } from "../../src/engine/platform/clock.ts";
import { RelayUnreachableError } from "../../src/engine/platform/errors.ts";
import type { Room } from "../../src/engine/space.ts";
import { bringIn, createDevice, foundService, type TestDevice, testServiceId } from "../support/device.ts";
import { createTestRelay, type TestRelay } from "../support/test-relay.ts";

const hourMs = 3_600_000;
const devices: TestDevice[] = [];
afterEach(async () => {
  for (const { space } of devices.splice(0)) await space.close();
});

/** The machine's clock, which a test sets forward; what waits on it waits as ever. */
function createAheadClock(): Clock & { pass(ms: number): void } {
  let aheadMs = 0;
  return { now: () => systemClock.now() + aheadMs, after: systemClock.after, pass: (ms) => void (aheadMs += ms) };
}

type Answered = ReturnType<RelayPort["push"]>;

/** Two consultants of one service. @param onTheWay what happens to a heartbeat of Bo's between Bo and the relay */
async function pair(onTheWay: (send: () => Answered) => Answered = (send) => send()) {
  const relay = createTestRelay();
  const clock = createAheadClock();
  const isBeat = ([only, ...more]: readonly Bytes[]) => more.length === 0 && only?.[typeOffset] === envelopeTypes.heartbeat;
  const push: RelayPort["push"] = (token, roomId, envelopes) => {
    const send = () => relay.port.push(token, roomId, envelopes);
    return isBeat(envelopes) ? onTheWay(send) : send();
  };
  const bosPort = new Proxy(relay.port, { get: (port, name: keyof RelayPort) => (name === "push" ? push : port[name]) });
  const [ada, bo] = [await createDevice(relay.port, clock), await createDevice(bosPort, clock)];
  devices.push(ada, bo);
  const room = await foundService(relay, ada);
  const theirs = await bringIn(ada, room, bo);
  await settle(ada, bo);
  return { relay, clock, ada, bo, room, theirs };
}

async function settle(...all: TestDevice[]): Promise<void> {
  for (const { space } of all) await space.sync.settle();
}

async function logOf({ storage }: TestRelay): Promise<{ type: string; author: string }[]> {
  const { page } = (await storage.log(testServiceId, 0, { maxBytes: 1e9, maxEnvelopes: 1e6 }))!;
  return page.map((entry) => {
    const parsed = "bytes" in entry ? parseEnvelope(entry.bytes) : null;
    return parsed?.ok === true ? { type: parsed.envelope.type, author: toHex(parsed.envelope.deviceId) } : { type: "?", author: "?" };
  });
}
const beats = async (relay: TestRelay, { deviceId }: Room) => (await logOf(relay)).filter(({ type, author }) => type === "heartbeat" && author === deviceId).length;
const newestType = async (relay: TestRelay) => (await logOf(relay)).at(-1)?.type;
const note = (room: Room, key: string) => room.edit([indexDocId], (doc) => doc.getMap("notes").set(key, key));

test("[H2] [H3] news is acknowledged a minute after, once a day, and no heartbeat by another", async () => {
  const { relay, clock, ada, bo, room, theirs } = await pair();
  // The genesis and Bo's coming are news to Bo.
  clock.pass(59_000);
  await settle(bo);
  expect(await beats(relay, theirs)).toBe(0);
  clock.pass(2000);
  await settle(bo, ada, bo, ada);
  expect([await beats(relay, theirs), await beats(relay, room)]).toEqual([1, 1]);
  await note(room, "one");
  await settle(ada);
  await expect.poll(async () => (await theirs.open(indexDocId)).getMap("notes").size).toBe(1);
  clock.pass(61_000);
  await settle(bo, ada, bo);
  expect(await newestType(relay)).toBe("update");
  clock.pass(23 * hourMs);
  await note(room, "two");
  await settle(ada, bo);
  expect(await beats(relay, theirs)).toBe(1);
  clock.pass(2 * hourMs);
  await settle(bo);
  expect(await beats(relay, theirs)).toBe(2);
  for (const { space } of [ada, bo]) expect(space.status.get()).toMatchObject({ unsent: 0, attention: [] });
  // A saving of one's own says as much.
  clock.pass(22 * hourMs);
  await note(room, "three");
  await settle(ada, bo);
  await note(theirs, "four");
  await settle(bo, ada);
  clock.pass(3 * hourMs);
  await settle(bo);
  expect(await beats(relay, theirs)).toBe(2);
});

test("[H2] in the service room every device that is online says so once a day", async () => {
  const { relay, clock, ada, bo, room, theirs } = await pair();
  for (let day = 1; day <= 3; day++) {
    clock.pass(25 * hourMs);
    await settle(ada, bo, ada, bo);
    expect([await beats(relay, room), await beats(relay, theirs)]).toEqual([day, day]);
  }
});

test("[H2] none where the device is no member any more, and none before its own has come back", async () => {
  const { relay, clock, ada, bo, room, theirs } = await pair();
  expect(await ada.space.change(testServiceId, { action: "remove", devices: [{ deviceId: theirs.deviceId }], reason: "" })).toBe(true);
  clock.pass(25 * hourMs);
  await settle(bo, bo).catch(() => undefined);
  expect(await beats(relay, theirs)).toBe(0);
  relay.down = true;
  clock.pass(25 * hourMs);
  await note(room, "waits");
  await ada.space.sync.settle().catch(() => undefined);
  relay.down = false;
  await settle(ada);
  // It says as much itself.
  expect(await newestType(relay)).toBe("update");
  await settle(ada);
  expect(await newestType(relay)).toBe("update");
});

test("[H3] a saving that is made while a heartbeat is on its way is sealed again behind it, and nobody is warned", async () => {
  let write = async () => {};
  const { relay, clock, ada, bo, room, theirs } = await pair(async (send) => {
    await write();
    return send();
  });
  write = () => note(theirs, "meets it");
  clock.pass(61_000);
  await settle(bo, bo, ada);
  expect((await logOf(relay)).filter(({ author }) => author === theirs.deviceId).map(({ type }) => type)).toEqual(["heartbeat", "update"]);
  await expect.poll(async () => (await room.open(indexDocId)).getMap("notes").size).toBe(1);
  for (const { space } of [ada, bo]) expect(space.status.get()).toMatchObject({ unsent: 0, attention: [] });
});

test("[H3] one whose answer is lost is made once; one that is refused is made anew, and nobody is told", async () => {
  const { relay, clock, bo, theirs } = await pair(async (send) => {
    if (fates.length === 0) return send();
    const fate = fates.shift();
    if (fate === "lost") await send();
    if (fate === "refused") return { ok: true, value: { seqs: [], refused: { type: "staleEpoch" } } };
    throw new RelayUnreachableError("cut");
  });
  const fates: ("lost" | "refused")[] = ["refused", "lost"];
  for (const expected of [0, 1, 1]) {
    clock.pass(61_000);
    await settle(bo).catch(() => settle(bo));
    expect([await beats(relay, theirs), bo.space.sync.status.get().refused.size]).toEqual([expected, 0]);
  }
  expect(fates).toEqual([]);
});

test("[H3] [G3] a restored relay is given back the heartbeats that it lost; one whose place is another's is dropped", async () => {
  let cut = false;
  const { relay, clock, ada, bo, room, theirs } = await pair(async (send) => {
    if (!cut) return send();
    bo.space.sync.close();
    await send();
    throw new RelayUnreachableError("cut");
  });
  const restore = relay.backUp();
  cut = true;
  clock.pass(61_000);
  await settle(bo).catch(() => undefined);
  await settle(ada, ada);
  expect([await beats(relay, theirs), await beats(relay, room)]).toEqual([1, 1]);
  ada.space.sync.close();
  await restore();
  // Bo never learned what became of it, and writes where it stood.
  const again = await bo.crash();
  devices.push(again);
  const [bos] = again.space.rooms.get();
  await note(bos!, "in its place");
  await settle(again).catch(() => settle(again));
  const adaAgain = await ada.crash();
  devices.push(adaAgain);
  await settle(adaAgain);
  expect((await logOf(relay)).map(({ type, author }) => [type, author === room.deviceId])).toEqual([["control", true], ["control", true], ["update", false], ["heartbeat", true]]);
  for (const { space } of [adaAgain, again]) expect(space.status.get()).toMatchObject({ unsent: 0, attention: [{ lost: 0, quarantined: 0, fault: null, setBack: false }] });
});

test("[H4] a saving knows how many have read it, and members when they were last seen; both are there after a restart", async () => {
  const { clock, ada, bo, room, theirs } = await pair();
  await note(room, "one");
  await settle(ada, bo);
  await expect.poll(() => ada.space.status.get().lastSaved).toEqual({ readers: 0, colleagues: 1 });
  await note(theirs, "two");
  await settle(bo, ada);
  await expect.poll(() => ada.space.status.get().lastSaved).toEqual({ readers: 1, colleagues: 1 });
  const seenAt = (await room.members()).find(({ deviceId }) => deviceId === theirs.deviceId)?.lastSeen ?? 0;
  expect(Math.abs(seenAt - clock.now())).toBeLessThan(60_000);
  const again = await ada.reopen();
  devices.push(again);
  expect(again.space.status.get().lastSaved).toEqual({ readers: 1, colleagues: 1 });
  const reopened = again.space.rooms.get()[0]!;
  expect((await reopened.members()).map(({ lastSeen }) => lastSeen !== null)).toEqual([true, true]);
  await settle(again);
  clock.pass(90_000);
  await settle(bo);
  await note(reopened, "three");
  expect(again.space.status.get().lastSaved).toBeNull();
});

test("[H1] the inside of a heartbeat is its time and answers; those of a later app are passed over", () => {
  const inside = encodeHeartbeat({ authoredAt: 1_795_000_000_000, answers: [] });
  expect([inside.length, inside.at(-1)]).toEqual([7, 0]);
  expect(decodeHeartbeat(inside)).toEqual({ authoredAt: 1_795_000_000_000, answers: [] });
  expect(decodeHeartbeat(Uint8Array.of(...inside.slice(0, -1), 1, 9, 9))).toEqual({ authoredAt: 1_795_000_000_000, answers: [] });
  expect(() => decodeHeartbeat(inside.slice(0, 3))).toThrow();
});
