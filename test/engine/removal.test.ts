import { afterEach, expect, test } from "vitest";
import { type Bytes, toBase64Url, toHex } from "#protocol/bytes.ts";
import type { RelayPort } from "#protocol/messages.ts";
import { parseEnvelope } from "#protocol/record.ts";
import { envelopeIdOf } from "../../src/engine/log/record.ts";
import { openRoomState, type RoomState } from "../../src/engine/log/room-state.ts";
import { RelayUnreachableError, RoomOverError } from "../../src/engine/platform/errors.ts";
import { indexDocId } from "../../src/engine/log/rights.ts";
import { type Clock, systemClock } from "../../src/engine/platform/clock.ts";
import type { Room } from "../../src/engine/space.ts";
import { bringIn, createDevice, foundService, type TestDevice, testServiceId } from "../support/device.ts";
import { createTestRelay, type TestRelay } from "../support/test-relay.ts";

const devices: TestDevice[] = [];
afterEach(async () => {
  for (const device of devices.splice(0)) await device.space.close();
});

async function open(relay: TestRelay): Promise<TestDevice> {
  const device = await createDevice(relay.port);
  devices.push(device);
  return device;
}

/** Ada's service with Bo and Cy in it, all of whom have read that. */
async function three() {
  const relay = createTestRelay();
  const [ada, bo, cy] = [await open(relay), await open(relay), await open(relay)];
  const room = await foundService(relay, ada);
  const bos = await bringIn(ada, room, bo);
  const cys = await bringIn(ada, room, cy, { name: "Cy" });
  await settle(ada, bo, cy);
  return { relay, ada, bo, cy, room, bos, cys };
}

async function settle(...all: TestDevice[]): Promise<void> {
  for (const device of all) await device.space.sync.settle();
}

const onlyRoom = (device: TestDevice) => device.space.rooms.get()[0]!;

/** What a relay says of an envelope whose bytes it has no longer. */
async function droppedOf(bytes: Bytes) {
  const parsed = parseEnvelope(bytes);
  if (!parsed.ok) throw new Error("no envelope");
  return { envelopeId: toHex(await envelopeIdOf(bytes)), deviceId: toHex(parsed.envelope.deviceId), ctr: parsed.envelope.ctr };
}

const write = (room: Room, key: string, value: string) => room.edit([indexDocId], (doc) => doc?.getMap("notes").set(key, value));
const read = async (room: Room) => (await room.open(indexDocId)).getMap("notes").toJSON();
const remove = (by: TestDevice, room: Room, ...gone: Room[]) =>
  by.space.change(room.roomId, { action: "remove", devices: gone.map(({ deviceId }) => ({ deviceId })), reason: "" });

test("[C10] who removes somebody whose last saving a slow stream has not brought yet, asks for it", async () => {
  const relay = createTestRelay();
  let streams = 0;
  const live: RelayPort["live"] = async (session, listener) => {
    const opened = await relay.port.live(session, { ...listener, record: () => undefined });
    streams++;
    return opened;
  };
  const ada = await createDevice({ ...relay.port, live });
  const bo = await open(relay);
  devices.push(ada);
  const room = await foundService(relay, ada);
  const bos = await bringIn(ada, room, bo);
  await settle(ada, bo);
  await expect.poll(() => [streams > 0, ada.space.sync.status.get().inStepAt !== null]).toEqual([true, true]);
  await write(bos, "before", "by Bo");
  await settle(bo);
  expect(await remove(ada, room, bos)).toBe(true);
  expect(await read(room)).toEqual({ before: "by Bo" });
});

test("[C10] [C12] who is removed reads what came before and nothing after, and the others go on under a new key", async () => {
  const { ada, bo, cy, room, bos, cys } = await three();
  await write(bos, "before", "by Bo");
  await settle(bo, ada, cy);
  expect(await remove(ada, room, bos)).toBe(true);
  await settle(ada, bo, cy);
  expect((await room.members()).map(({ name }) => name).sort()).toEqual(["Ada", "Cy"]);
  await write(room, "after", "by Ada");
  await write(cys, "too", "by Cy");
  await settle(ada, cy, ada, bo);
  const all = { before: "by Bo", after: "by Ada", too: "by Cy" };
  expect(await read(room)).toEqual(all);
  expect(await read(cys)).toEqual(all);
  // Bo's device has nothing that nobody else has: it keeps nothing of the room, the key included.
  await expect.poll(() => bo.space.rooms.get()).toEqual([]);
  await expect.poll(() => bo.database.records.count()).toBe(0);
  expect(await bo.database.roomKeys.count()).toBe(0);
  await expect(write(bos, "late", "by Bo")).rejects.toThrow(RoomOverError);
});

test("[L4] what a removed device never sent is shown to its owner, and goes only when that is said", async () => {
  const { relay, ada, bo, room, bos } = await three();
  bo.space.sync.close();
  await write(bos, "unsent", "by Bo");
  expect(await remove(ada, room, bos)).toBe(true);
  await settle(ada);
  await write(room, "after", "by Ada");
  await settle(ada);
  const away = await bo.crash();
  devices.splice(devices.indexOf(bo), 1, away);
  await expect.poll(() => away.space.left.get()).toMatchObject([{ why: "removed" }]);
  const [left] = away.space.left.get();
  expect((await left!.open(indexDocId)).getMap("notes").toJSON()).toEqual({ unsent: "by Bo" });
  expect(await left!.unsent()).toHaveLength(1);
  const rows = await away.database.records.toArray();
  expect(rows.map(({ seq }) => seq ?? 0).sort((a, b) => b - a)[0]).toBe((await relay.storage.rooms([room.roomId])).get(room.roomId)!.membership.removed[bos.deviceId]!.seq);
  await left!.forget();
  expect(away.space.left.get()).toEqual([]);
  expect(await away.database.records.count()).toBe(0);
});

test("[C10] who removes has seen all that the other wrote: a record that has not is made anew", async () => {
  const { relay, ada, bo, room, bos } = await three();
  const control = relay.relay.control;
  let isFirst = true;
  // Bo's saving comes between Ada's sealing and the relay.
  relay.relay.control = async (...given) => {
    if (isFirst) await write(bos, "late", "by Bo").then(() => bo.space.sync.settle());
    isFirst = false;
    return control(...given);
  };
  expect(await remove(ada, room, bos)).toBe(true);
  await settle(ada);
  expect(await read(room)).toEqual({ late: "by Bo" });
});

test("[W10] what was written offline while somebody was removed is sealed again under the new key", async () => {
  const { relay, ada, bo, cy, room, bos, cys } = await three();
  cy.space.sync.close();
  const away = await cy.crash();
  devices.splice(devices.indexOf(cy), 1, away);
  away.space.sync.close();
  const awayRoom = away.space.rooms.get()[0]!;
  await write(awayRoom, "away", "by Cy");
  expect(await remove(ada, room, bos)).toBe(true);
  const back = await away.crash();
  devices.splice(devices.indexOf(away), 1, back);
  await settle(back, ada, bo);
  expect(await read(room)).toEqual({ away: "by Cy" });
  expect(back.space.status.get().unsent).toBe(0);
  expect(cys.roomId).toBe(room.roomId);
  expect(relay.down).toBe(false);
});

test("[K8] a newcomer after a removal reads back to the beginning", async () => {
  const { relay, ada, bo, room, bos } = await three();
  await write(bos, "first", "epoch one");
  await settle(bo, ada);
  await remove(ada, room, bos);
  await settle(ada);
  await write(room, "second", "epoch two");
  await ada.space.change(room.roomId, { action: "rotate" });
  await settle(ada);
  await write(room, "third", "epoch three");
  await settle(ada);
  const newcomer = await open(relay);
  const theirs = await bringIn(ada, room, newcomer, { name: "Dag" });
  await settle(newcomer);
  expect(await read(theirs)).toEqual({ first: "epoch one", second: "epoch two", third: "epoch three" });
});

test("[C9] a colleague may remove a device of its own, and not another's, unless it is a consultant", async () => {
  const { relay, ada } = await three();
  const school = await ada.space.createRoom({ kind: "school", serviceId: ada.space.rooms.get()[0]!.roomId, label: "", name: "Ada", recovery: null });
  const teacher = await open(relay);
  const theirs = await bringIn(ada, school, teacher, { name: "Eli", role: "socialTeacher" });
  await settle(ada, teacher);
  expect(await remove(teacher, theirs, school)).toBe(false);
  expect((await school.members()).length).toBe(2);
});

test("[C8] [R6] a change is made also where the relay ends the session that the device takes for good", async () => {
  const { relay, ada, room, bos } = await three();
  const { control } = relay.relay;
  relay.relay.control = async () => {
    relay.relay.control = control;
    return { ok: false, refusal: { type: "sessionExpired" } };
  };
  const { openSession } = relay.relay;
  let sessions = 0;
  relay.relay.openSession = (...given) => {
    sessions++;
    return openSession(...given);
  };
  expect(await ada.space.change(room.roomId, { action: "remove", devices: [{ deviceId: bos.deviceId }], reason: "" })).toBe(true);
  expect(sessions).toBe(1);
});

test("[D3] what somebody wrote when the role allowed it stays, on every device, when the role is another", async () => {
  const { relay, ada } = await three();
  const school = await ada.space.createRoom({ kind: "plan", serviceId: ada.space.rooms.get()[0]!.roomId, label: "", name: "Ada", recovery: null });
  const teacher = await open(relay);
  const theirs = await bringIn(ada, school, teacher, { name: "Eli", role: "socialTeacher" });
  await settle(ada, teacher);
  await write(theirs, "by", "Eli");
  await settle(teacher, ada);
  const eli = (await school.members()).find(({ name }) => name === "Eli")!;
  expect(await ada.space.change(school.roomId, { action: "setRole", memberId: eli.memberId, role: "principal" })).toBe(true);
  await settle(ada, teacher);
  const again = await ada.reopen();
  devices.splice(devices.indexOf(ada), 1, again);
  const reread = again.space.rooms.get().find(({ roomId }) => roomId === school.roomId)!;
  expect(await read(reread)).toEqual({ by: "Eli" });
  const late = await open(relay);
  expect(await read(await bringIn(again, reread, late, { name: "Finn" }))).toEqual({ by: "Eli" });
});

test("[C12] a device that was removed before it could send keeps what it has, and its other rooms go on", async () => {
  const { relay, ada, bo, cy, room, bos } = await three();
  bo.space.sync.close();
  await write(bos, "unsent", "by Bo");
  expect(await remove(ada, room, bos)).toBe(true);
  const back = await bo.crash();
  devices.splice(devices.indexOf(bo), 1, back);
  await settle(back, cy);
  expect(back.space.sync.status.get().failure).toBeNull();
  expect(back.space.status.get().unsent).toBe(1);
  expect(relay.down).toBe(false);
});

test("[Z1] [Z2] in a closed room nothing is written any more, and a destroyed one is gone from every device", async () => {
  const { ada, bo, room, bos } = await three();
  await write(room, "kept", "by Ada");
  expect(await ada.space.change(room.roomId, { action: "shred" })).toBe(false);
  expect(await ada.space.change(room.roomId, { action: "close", keepUntil: "2999-06-30" })).toBe(true);
  await settle(ada, bo);
  await expect(write(bos, "late", "by Bo")).rejects.toThrow(RoomOverError);
  expect(await read(bos)).toEqual({ kept: "by Ada" });
  expect(await ada.space.change(room.roomId, { action: "shred" })).toBe(true);
  await settle(ada, bo);
  await expect.poll(() => bo.database.records.count()).toBe(0);
  await expect.poll(() => ada.space.rooms.get()).toEqual([]);
});

test("[Z6] a device that comes late finds no bytes but the shred, believes it and destroys what it has; what it never sent it keeps and shows", async () => {
  const { relay, ada, bo, cy, room } = await three();
  await write(room, "kept", "by Ada");
  await settle(ada, bo, cy);
  bo.space.sync.close();
  cy.space.sync.close();
  await write(onlyRoom(cy), "unsent", "by Cy");
  expect(await ada.space.change(room.roomId, { action: "rotate" })).toBe(true);
  await write(room, "later", "by Ada");
  await settle(ada);
  expect(await ada.space.change(room.roomId, { action: "close", keepUntil: "2999-06-30" })).toBe(true);
  expect(await ada.space.change(room.roomId, { action: "shred" })).toBe(true);
  const log = await relay.storage.log(room.roomId, 0, { maxBytes: 1_000_000, maxEnvelopes: 100 });
  expect(log!.page.map((entry) => "bytes" in entry)).toEqual([...log!.page.slice(1).map(() => false), true]);
  const late = await bo.crash();
  devices.splice(devices.indexOf(bo), 1, late);
  await settle(late);
  await expect.poll(() => late.database.records.count()).toBe(0);
  expect(late.space.rooms.get()).toEqual([]);
  expect(late.space.status.get().attention).toEqual([]);
  const holding = await cy.crash();
  devices.splice(devices.indexOf(cy), 1, holding);
  const failures: unknown[] = [];
  holding.space.sync.status.subscribe(({ failure }) => failure !== null && failures.push(failure));
  await settle(holding);
  await expect.poll(() => holding.space.left.get()).toMatchObject([{ roomId: room.roomId, why: "shredded" }]);
  expect(failures).toEqual([]);
  expect(await holding.space.left.get()[0]!.unsent()).toHaveLength(1);
});

test("[Z2] [Z6] who finds of its last saving, whose ack was lost, the number alone, counts it as sent and lets go of the room", async () => {
  const { relay, ada, room } = await three();
  let areLost = false;
  const push: RelayPort["push"] = async (...asked) => {
    const answer = await relay.port.push(...asked);
    if (areLost) throw new RelayUnreachableError("answer lost");
    return answer;
  };
  // Nor does a stream tell it.
  const live = () => Promise.reject(new RelayUnreachableError("no stream"));
  const dee = await createDevice({ ...relay.port, push, live });
  devices.push(dee);
  const dees = await bringIn(ada, room, dee, { name: "Dee" });
  await settle(dee, ada);
  areLost = true;
  await write(dees, "sent", "by Dee");
  await expect(dee.space.sync.settle()).rejects.toThrow(RelayUnreachableError);
  dee.space.sync.close();
  await settle(ada);
  expect(await read(room)).toEqual({ sent: "by Dee" });
  expect(await ada.space.change(room.roomId, { action: "close", keepUntil: "2999-06-30" })).toBe(true);
  expect(await ada.space.change(room.roomId, { action: "shred" })).toBe(true);
  const late = await dee.crash();
  devices.splice(devices.indexOf(dee), 1, late);
  await settle(late);
  await expect.poll(() => late.database.records.count()).toBe(0);
  expect(late.space.left.get()).toEqual([]);
});

test("[L4] [Z6] a device that was removed while it was away learns of the shred that stands behind its removal", async () => {
  const { ada, bo, room, bos } = await three();
  await write(room, "kept", "by Ada");
  await settle(ada, bo);
  bo.space.sync.close();
  expect(await ada.space.change(room.roomId, { action: "remove", devices: [{ deviceId: bos.deviceId }], reason: "" })).toBe(true);
  expect(await ada.space.change(room.roomId, { action: "close", keepUntil: "2999-06-30" })).toBe(true);
  expect(await ada.space.change(room.roomId, { action: "shred" })).toBe(true);
  const late = await bo.crash();
  devices.splice(devices.indexOf(bo), 1, late);
  await settle(late);
  await expect.poll(() => late.database.records.count()).toBe(0);
  expect(late.space.rooms.get()).toEqual([]);
  expect(late.space.status.get().attention).toEqual([]);
});

test("[Z6] bytes that are gone without a shred behind them are a fault, and nothing is destroyed", async () => {
  const { relay, ada, bo, room } = await three();
  await write(room, "kept", "by Ada");
  await settle(ada, bo);
  bo.space.sync.close();
  expect(await ada.space.change(room.roomId, { action: "close", keepUntil: "2999-06-30" })).toBe(true);
  const { log } = relay.relay;
  relay.relay.log = async (...given) => {
    const answer = await log(...given);
    if (!answer.ok) return answer;
    const page = await Promise.all(answer.value.page.map(async (entry) => ("bytes" in entry ? { seq: entry.seq, dropped: await droppedOf(entry.bytes) } : entry)));
    return { ok: true, value: { ...answer.value, page } };
  };
  const late = await bo.crash();
  devices.splice(devices.indexOf(bo), 1, late);
  await settle(late);
  expect(late.space.status.get().attention).toMatchObject([{ fault: { type: "malformed" } }]);
  expect(await read(onlyRoom(late))).toEqual({ kept: "by Ada" });
});

/** Ada's room, closed today, as Bo's and Cy's devices know it; Cy has something that was never sent. Nobody is online any more. */
async function closedToday() {
  const { relay, ada, bo, cy, room, cys } = await three();
  await write(room, "kept", "by Ada");
  await settle(ada, bo, cy);
  cy.space.sync.close();
  await write(cys, "unsent", "by Cy");
  expect(await ada.space.change(room.roomId, { action: "close", keepUntil: new Date().toISOString().slice(0, 10) })).toBe(true);
  const back = await cy.crash();
  devices.splice(devices.indexOf(cy), 1, back);
  await settle(bo, back);
  relay.down = true;
  return { relay, ada, bo, cy: back };
}

/** A clock that is ahead by as much as it is told, and whose timers run when they are told to. */
function settableClock() {
  const timers = new Set<() => void>();
  const clock: Clock & { aheadMs: number; ring(): void } = {
    aheadMs: 0,
    now: () => Date.now() + clock.aheadMs,
    after(delayMs, run) {
      if (delayMs < 3_600_000) return systemClock.after(delayMs, run);
      timers.add(run);
      return () => timers.delete(run);
    },
    ring() {
      for (const run of Array.from(timers)) if (timers.delete(run)) run();
    },
  };
  return clock;
}

const dayMs = 24 * 3_600_000;

/** The device's profile opened another time, by another clock. */
async function openBy(clock: Clock, device: TestDevice): Promise<TestDevice> {
  const opened = await (await device.nextTab()).open(clock);
  devices.push(opened);
  return opened;
}

test("[Z1] when its clock has said for a week that the last day is over a device destroys the room by itself, without a network; what was never sent is kept and shown", async () => {
  const { bo, cy } = await closedToday();
  const clock = settableClock();
  clock.aheadMs = dayMs;
  const [bos, cys] = [await openBy(clock, bo), await openBy(clock, cy)];
  expect(bos.space.rooms.get()).toEqual([]);
  await expect.poll(async () => (await roomState(bos)).overSince).not.toBeNull();
  expect(cys.space.rooms.get()).toEqual([]);
  expect(cys.space.left.get()).toMatchObject([{ why: "expired" }]);
  expect(await cys.space.left.get()[0]!.unsent()).toHaveLength(1);
  clock.aheadMs += 7 * dayMs - 60_000;
  clock.ring();
  expect(await bos.database.roomKeys.count()).toBe(1);
  clock.aheadMs += 60_000;
  const later = await openBy(clock, bos);
  await expect.poll(() => later.database.records.count()).toBe(0);
  expect(await later.database.roomKeys.count()).toBe(0);
  expect(await cys.space.left.get()[0]!.unsent()).toHaveLength(1);
});

test("[Z1] a clock that is wrong by years destroys nothing, and when it is right again the room is there again", async () => {
  const { bo } = await closedToday();
  const clock = settableClock();
  for (const years of [3, 20]) {
    clock.aheadMs = years * 365 * dayMs;
    const wrong = await openBy(clock, bo);
    expect(wrong.space.rooms.get()).toEqual([]);
    await expect.poll(async () => (await roomState(wrong)).overSince).not.toBeNull();
    clock.ring();
    clock.aheadMs = 0;
    // While it is unlocked, or when it is unlocked again.
    if (years === 3) clock.ring();
    const right = years === 3 ? wrong : await openBy(clock, wrong);
    expect(right.space.rooms.get()).toHaveLength(1);
    await expect.poll(async () => (await roomState(right)).overSince).toBeNull();
    expect(await read(onlyRoom(right))).toEqual({ kept: "by Ada" });
  }
});

test("[Z1] a device that stays unlocked over the last day destroys the room then, where another device's clock says so too", async () => {
  const { relay, ada, bo } = await closedToday();
  relay.down = false;
  const clock = settableClock();
  const [adas, bos] = [await openBy(clock, ada), await openBy(clock, bo)];
  const open = await adas.space.createRoom({ kind: "shelf", serviceId: testServiceId, label: "", name: "Ada", recovery: null });
  await settle(adas);
  await bringIn(adas, open, bos);
  await settle(adas, bos);
  const closed = bos.space.rooms.get().find((room) => room.keptUntil() !== null)!;
  expect(closed.keptUntil()).toBe(new Date().toISOString().slice(0, 10));
  clock.ring();
  expect(bos.space.rooms.get()).toHaveLength(2);
  clock.aheadMs = dayMs;
  clock.ring();
  expect(bos.space.rooms.get()).toHaveLength(1);
  expect(await bos.database.roomKeys.count()).toBe(2);
  await write(open, "on the next day", "by Ada");
  await settle(adas, bos);
  clock.ring();
  await expect.poll(() => bos.database.roomKeys.count()).toBe(1);
  expect(bos.space.rooms.get()).toHaveLength(1);
});

async function roomState({ database, deviceKeys }: TestDevice): Promise<RoomState> {
  const [row] = await database.rooms.toArray();
  return openRoomState(deviceKeys.state, row!);
}

test("[O1] what an offer tells of stands where members alone can read it", async () => {
  const { relay, ada, room } = await three();
  const rooms = [{ roomId: "0a".repeat(16), kind: "school" as const, label: "Bjorkelia 2027", genesis: "0c".repeat(32) }];
  expect(await ada.space.change(room.roomId, { action: "offer", offerId: "0b".repeat(16), rooms })).toBe(true);
  await settle(ada);
  const log = await relay.storage.log(room.roomId, 0, { maxBytes: 1_000_000, maxEnvelopes: 100 });
  const bytes = log!.page.flatMap((entry) => ("bytes" in entry ? [Buffer.from(entry.bytes).toString("latin1")] : [])).join("");
  expect(bytes).toContain("0b".repeat(16));
  expect(bytes).not.toContain("Bjorkelia");
});

test("[W11] a profile that was set back goes on from what the log has of it when that is proved, and says so", async () => {
  const { relay, ada, bo, room, bos } = await three();
  const copy = await bo.copy();
  copy.space.sync.close();
  await write(bos, "first", "by Bo");
  await settle(bo, ada);
  bo.space.sync.close();
  devices.splice(devices.indexOf(bo), 1, await copy.crash());
  const old = devices[1]!;
  // It does not see the log before it sends.
  const { log } = relay.relay;
  let held = true;
  relay.relay.log = async (...given) => (held ? { ok: true, value: { logGen: 1, headSeq: given[2], page: [] } } : log(...given));
  const { push } = relay.relay;
  relay.relay.push = async (...given) => {
    held = false;
    return push(...given);
  };
  await write(old.space.rooms.get()[0]!, "second", "by Bo again");
  await settle(old, ada, old);
  expect(await read(room)).toEqual({ first: "by Bo", second: "by Bo again" });
  expect(old.space.status.get().attention).toMatchObject([{ setBack: true, fault: null }]);
});

test("[W11] a relay that says so without a proof is not believed: nothing is changed, and the person is told", async () => {
  const { relay, ada, room } = await three();
  const { push } = relay.relay;
  for (const stored of [undefined, toBase64Url(new Uint8Array(400))]) {
    relay.relay.push = async () => ({ ok: true, value: { seqs: [], refused: { type: "ctrReused", expected: 9, ...(stored !== undefined && { stored }) } } });
    await write(room, "mine", String(stored));
    await ada.space.sync.settle();
    expect(ada.space.status.get()).toMatchObject({ unsent: stored === undefined ? 1 : 2, attention: [{ setBack: false, fault: { type: "unproven" } }] });
  }
  relay.relay.push = push;
  const again = await ada.crash();
  devices.splice(devices.indexOf(ada), 1, again);
  await settle(again);
  expect(again.space.status.get()).toMatchObject({ unsent: 0, attention: [] });
});

test("[W11] [C8] a saving that comes to the relay behind a control record of its own is sealed again, and no profile is said to be set back", async () => {
  const { relay, ada } = await three();
  relay.relay.live = async () => ({ ok: false, refusal: { type: "busy", retryAfterMs: 1000 } });
  const alone = await ada.crash();
  devices.splice(devices.indexOf(ada), 1, alone);
  await settle(alone);
  const room = alone.space.rooms.get()[0]!;
  const { log, push, control } = relay.relay;
  let isHeld = false;
  relay.relay.log = async (...given) => (isHeld ? { ok: true, value: { logGen: 1, headSeq: given[2], page: [] } } : log(...given));
  const refusals: unknown[] = [];
  relay.relay.push = async (...given) => {
    isHeld = false;
    const answer = await push(...given);
    if (answer.ok && answer.value.refused !== null) refusals.push(answer.value.refused.type);
    return answer;
  };
  relay.relay.control = async (...given) => {
    const answer = await control(...given);
    isHeld = true;
    await write(room, "meanwhile", "by Ada");
    await settle(alone);
    return answer;
  };
  expect(await alone.space.change(room.roomId, { action: "offer", offerId: "0b".repeat(16), rooms: [] })).toBe(true);
  await settle(alone);
  expect(refusals).toEqual(["ctrReused"]);
  expect(alone.space.status.get()).toMatchObject({ unsent: 0, attention: [] });
});
