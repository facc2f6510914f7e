import { beforeEach, expect, test } from "vitest";
import type { Bytes } from "#protocol/bytes.ts";
import type { ControlBody } from "#protocol/control.ts";
import { limits } from "#protocol/limits.ts";
import { addDeviceBody, addMemberBody, createTestAuthor, createTestDevice, randomBytes, removeBody, type TestDevice } from "../test/support/envelopes.ts";
import { createTestRoom, draftRoom, openTestSession, valueOf } from "../test/support/relay-world.ts";
import { issueEnrolmentCode } from "./enrolment.ts";
import { createQuotaKeeper, type Quotas } from "./quota.ts";
import { createRelay } from "./relay.ts";
import { createMemoryStorage } from "./storage/memory.ts";
import type { RelayStorage } from "./storage/storage.ts";

let now: number;
let storage: RelayStorage;
const clock = () => now;
const boundless = Number.POSITIVE_INFINITY;
const overQuota = { type: "overQuota" };

beforeEach(() => {
  now = Date.UTC(2026, 10, 22);
  storage = createMemoryStorage();
});

async function openRoom(quotas: Quotas) {
  const relay = createRelay({ storage, clock, randomBytes, quotas });
  const room = await createTestRoom(relay, await issueEnrolmentCode(storage, { clock, randomBytes }));
  const { roomId, author } = room;
  const token = await openTestSession(relay, { roomId, device: author.device });
  const push = async (...envelopes: Bytes[]) => valueOf(await relay.push(token, roomId, envelopes));
  return { ...room, relay, token, push };
}

test("[R13] a full room takes no update, and still repeats, control records and heartbeats", async () => {
  const { relay, author, roomId, genesisId, token, push } = await openRoom({ roomBytes: 40_000, serviceBytes: boundless });
  const [first, second] = [await author.update({}, 20_000), await author.update({}, 20_000)];
  expect(await push(first, second)).toEqual({ seqs: [2], refused: overQuota });
  expect(await push(second)).toEqual({ seqs: [], refused: overQuota });
  expect(await push(first)).toEqual({ seqs: [2], refused: null });
  expect(await relay.log(token, roomId, 1, 1)).toMatchObject({ ok: true, value: { headSeq: 2 } });
  author.back();
  const other = await createTestDevice();
  expect(valueOf(await relay.control(token, roomId, await author.control(addMemberBody(genesisId, other.as("socialTeacher")))))).toEqual({ seq: 3 });
  const large = await author.heartbeat({}, limits.heartbeatBytes);
  author.back();
  expect(await push(large)).toEqual({ seqs: [], refused: { type: "malformed" } });
  expect(await push(await author.heartbeat())).toEqual({ seqs: [4], refused: null });
  // A smaller one has room, of whoever it is.
  const others = await openTestSession(relay, { roomId, device: other });
  const small = [await createTestAuthor(other, roomId).update({}, 300)];
  expect(valueOf(await relay.push(others, roomId, small))).toEqual({ seqs: [5], refused: null });
});

test("[R13] what one push brings counts together", async () => {
  const { author, push } = await openRoom({ roomBytes: 40_000, serviceBytes: boundless });
  const envelopes = [];
  for (let i = 0; i < 10; i++) envelopes.push(await author.update({}, 9_000));
  expect(await push(...envelopes)).toEqual({ seqs: [2, 3, 4, 5], refused: overQuota });
});

test("[R13] a full service takes no update in any room, and no new room; it does again when something is gone", async () => {
  const { relay, author, roomId, service, push } = await openRoom({ roomBytes: boundless, serviceBytes: 30_000 });
  const second = await draftRoom(service);
  valueOf(await relay.createRoom(service.token, second.genesis));
  expect(await push(await author.update({}, 29_500))).toEqual({ seqs: [2], refused: null });
  const token = await openTestSession(relay, { roomId: second.roomId, device: second.author.device });
  const update = await second.author.update();
  expect(valueOf(await relay.push(token, second.roomId, [update]))).toEqual({ seqs: [], refused: overQuota });
  expect(await relay.createRoom(service.token, (await draftRoom(service)).genesis)).toEqual({ ok: false, refusal: overQuota });
  // Another service has its own.
  const theirs = await createTestRoom(relay, await issueEnrolmentCode(storage, { clock, randomBytes }));
  const session = await openTestSession(relay, { roomId: theirs.roomId, device: theirs.author.device });
  expect(valueOf(await relay.push(session, theirs.roomId, [await theirs.author.update()]))).toEqual({ seqs: [2], refused: null });
  await storage.write((tx) => tx.dropBytes(roomId, [2]));
  now += 60_000;
  const again = await openTestSession(relay, { roomId: second.roomId, device: second.author.device });
  expect(valueOf(await relay.push(again, second.roomId, [update]))).toEqual({ seqs: [2], refused: null });
});

test("a service is summed up once a minute, and what is stored in between is added", async () => {
  let asked = 0;
  const keeper = createQuotaKeeper({ serviceBytes: async () => (asked++, 700) }, clock, { roomBytes: 50, serviceBytes: 1000 });
  expect(await keeper.mostRoomBytes("service")).toBe(50);
  keeper.stored("service", 300);
  expect([await keeper.mostRoomBytes("service"), asked]).toEqual([0, 1]);
  now += 60_000;
  expect([await keeper.mostRoomBytes("service"), asked]).toEqual([50, 2]);
  for (let i = 0; i < 1001; i++) await keeper.mostRoomBytes(`other ${i}`);
  await keeper.mostRoomBytes("service");
  expect(asked).toBe(1004);
});

test("[R15] heartbeats of who may only read fill no room: five at once and one each ten minutes, of all the member's devices together", async () => {
  const { relay, author, roomId, genesisId, token, push } = await openRoom({ roomBytes: 400_000, serviceBytes: boundless });
  const [reader, second] = await Promise.all([createTestDevice(), createTestDevice()]);
  const member = reader.as("socialTeacher");
  valueOf(await relay.control(token, roomId, await author.control(addMemberBody(genesisId, member))));
  const asReader = createTestAuthor(reader, roomId);
  const own = { ...second.as("socialTeacher"), memberId: member.memberId };
  valueOf(await relay.control(token, roomId, await asReader.control(addDeviceBody(author.tip(), own))));
  const large = (by: typeof author) => by.heartbeat({}, limits.heartbeatBytes - 300);
  const readers = await openTestSession(relay, { roomId, device: reader });
  const beats: Bytes[] = [];
  for (let i = 0; i < 10; i++) beats.push(await large(asReader));
  const pushAs = async (...envelopes: Bytes[]) => valueOf(await relay.push(readers, roomId, envelopes));
  expect(await pushAs(...beats)).toEqual({ seqs: [4, 5, 6, 7, 8], refused: { type: "busy", retryAfterMs: 600_000 } });
  // Neither asking again nor another device of theirs helps, and what is there has its number.
  expect(await pushAs(...beats)).toEqual({ seqs: [4, 5, 6, 7, 8], refused: { type: "busy", retryAfterMs: 600_000 } });
  expect(await pushAs(await large(createTestAuthor(second, roomId)))).toEqual({ seqs: [], refused: { type: "busy", retryAfterMs: 600_000 } });
  now += 600_000;
  // What could not be taken anyway costs nothing.
  expect((await pushAs(beats[6]!)).refused).toEqual({ type: "gap", expected: 7 });
  expect(await pushAs(beats[5]!, beats[6]!)).toEqual({ seqs: [9], refused: { type: "busy", retryAfterMs: 600_000 } });
  // A colleague's are their own, and their saving has room.
  expect(await push(await author.heartbeat(), await author.update({}, 200_000))).toEqual({ seqs: [10, 11], refused: null });
});

test("[R15] [G3] heartbeats that are given back to a restored relay are not counted", async () => {
  const { relay, author, roomId, token } = await openRoom({ roomBytes: boundless, serviceBytes: boundless });
  const beats = [];
  for (let i = 0; i < 8; i++) beats.push(await author.heartbeat());
  await storage.write((tx) => tx.beginGeneration(now));
  const session = await openTestSession(relay, { roomId, device: author.device });
  expect(session).not.toBe(token);
  expect(valueOf(await relay.repair(session, roomId, beats))).toEqual({ seqs: [2, 3, 4, 5, 6, 7, 8, 9], refused: null });
});

/** A sosiallærer who adds a device of its own and removes it, for as long as it is let. @returns how often, and why no more */
async function addAndRemove(room: Awaited<ReturnType<typeof openRoom>>, sealedBytes = 272) {
  const [first, device] = await Promise.all([createTestDevice(), createTestDevice()]);
  const member = first.as("socialTeacher");
  const { relay, author, roomId, genesisId, token } = room;
  valueOf(await relay.control(token, roomId, await author.control(addMemberBody(genesisId, member))));
  const asMember = createTestAuthor(first, roomId);
  const session = await openTestSession(relay, { roomId, device: first });
  let head = author.tip();
  let epoch = 1;
  const step = async (body: ControlBody) => {
    const answer = await relay.control(session, roomId, await asMember.control(body, { epoch }, sealedBytes));
    if (answer.ok) head = asMember.tip();
    else asMember.back();
    return answer.ok ? null : answer.refusal;
  };
  const next = async (added: TestDevice) => {
    const refused = await step(addDeviceBody(head, { ...added.as("socialTeacher"), memberId: member.memberId }));
    if (refused !== null) return refused;
    epoch++;
    return step(removeBody(head, [{ deviceId: added.deviceId, cut: 0, fence: 0 }], [author.device.deviceId, first.deviceId]));
  };
  let times = 0;
  for (let refused = await next(device); ; refused = await next(await createTestDevice())) {
    if (refused !== null) return { times, refused };
    times++;
  }
}

test("[R15] who administers nothing adds and removes its own devices at a pace; who does is not held back", async () => {
  const room = await openRoom({ roomBytes: boundless, serviceBytes: boundless });
  expect(await addAndRemove(room)).toEqual({ times: 10, refused: { type: "busy", retryAfterMs: 600_000 } });
  const { relay, author, roomId, token } = room;
  const { controlHead, epoch } = (await storage.rooms([roomId])).get(roomId)!.membership;
  let head = controlHead;
  for (let i = 0; i < 25; i++) {
    valueOf(await relay.control(token, roomId, await author.control(addMemberBody(head, (await createTestDevice()).as("socialTeacher")), { epoch })));
    head = author.tip();
  }
});

test("[R13] control records of who administers nothing have room like updates; a consultant's are taken in a full room", async () => {
  const room = await openRoom({ roomBytes: 100_000, serviceBytes: boundless });
  expect(await addAndRemove(room, 30_000)).toEqual({ times: 1, refused: overQuota });
  const { relay, author, roomId, token } = room;
  const { controlHead, epoch } = (await storage.rooms([roomId])).get(roomId)!.membership;
  const large = await author.control(addMemberBody(controlHead, (await createTestDevice()).as("socialTeacher")), { epoch }, 90_000);
  expect(valueOf(await relay.control(token, roomId, large)).seq).toBe(6);
});
