import { expect, test } from "vitest";
import type { ControlBody, Role } from "#protocol/control.ts";
import type { ChainHead } from "#protocol/log-rules.ts";
import { readMembership, type Membership } from "#protocol/membership.ts";
import { placeKey, take, type RoomDraft, type SignedEnvelope } from "./room-log.ts";
import { newRoom } from "./storage/storage.ts";

const hash = (digit: string) => digit.repeat(64);
const roomId = "0a".repeat(16);
const deviceId = "0b".repeat(16);

function membership(role: Role | null): Membership {
  const devices = role === null ? {} : { [deviceId]: { memberId: "0c".repeat(16), role, leaf: { sign: "", kem: "" } } };
  return readMembership({ roomKind: "school", serviceId: "0d".repeat(16), epoch: 1, commitment: hash("1"), controlHead: hash("2"), devices });
}

function draft(role: Role | null, head: ChainHead = { ctr: 4, tip: hash("4") }): RoomDraft {
  return {
    roomId,
    room: { ...newRoom(membership(role)), headSeq: 9 },
    heads: new Map([[deviceId, head]]),
    stored: new Map([[placeKey({ deviceId, ctr: 4 }), { seq: 7, envelopeId: hash("4") }]]),
    generations: [{ logGen: 1, fromSeq: 0, start: new Uint8Array(32) }],
    accs: new Map(),
    updates: new Map(),
    appended: [],
    purged: [],
  };
}

const next = (facts: Partial<SignedEnvelope["facts"]> = {}): SignedEnvelope => ({
  facts: { envelopeId: hash("5"), type: "update", roomId, deviceId, epoch: 1, ctr: 5, prev: hash("4"), logGen: 1, seenSeq: 0, seenAcc: hash("0"), ...facts },
  control: null,
  bytes: new Uint8Array(1),
});

test("[R1] who left while the signature was checked is asked about again under the lock", () => {
  const room = draft(null);
  expect(take(room, next(), "new")).toEqual({ ok: false, refusal: { type: "notMember" } });
  expect(room.appended).toEqual([]);
});

test("[R1] envelopes of one batch continue each other, and each is found again in the batch", () => {
  const room = draft("socialTeacher");
  const following = next({ envelopeId: hash("6"), type: "heartbeat", ctr: 6, prev: hash("5") });
  expect(take(room, next(), "new")).toEqual({ ok: true, value: 10 });
  expect(take(room, following, "new")).toEqual({ ok: true, value: 11 });
  expect(take(room, next(), "new")).toEqual({ ok: true, value: 10 });
  expect(room.appended.map(({ seq, ctr }) => [seq, ctr])).toEqual([[10, 5], [11, 6]]);
  expect(room.room?.headSeq).toBe(11);
  expect(room.heads.get(deviceId)).toEqual({ ctr: 6, tip: hash("6") });
});

test("[R2] what was stored has its number, also for an author who has left", () => {
  const stored = next({ envelopeId: hash("4"), ctr: 4, prev: hash("3") });
  expect(take(draft(null), stored, "new")).toEqual({ ok: true, value: 7 });
});

test("[R3] what is refused leaves the draft as it was", () => {
  const room = draft("socialTeacher");
  const before = structuredClone(room);
  expect(take(room, next({ ctr: 7 }), "new").ok).toBe(false);
  expect(take(room, next({ prev: hash("9") }), "new").ok).toBe(false);
  expect(room).toEqual(before);
});

test("[C3] a second control record of one batch sees the first", () => {
  const room = draft("consultant");
  const control = (facts: Partial<SignedEnvelope["facts"]>, body: ControlBody) => ({ ...next({ type: "control", ...facts }), control: body });
  const member = (id: string, memberId: string) => ({ memberId: memberId.repeat(16), role: "socialTeacher", deviceId: id.repeat(16), leaf: { sign: "", kem: "" } }) as const;
  const add = (id: string, previousControl: string, memberId = "0e") => ({
    action: "addMember" as const,
    previousControl,
    member: member(id, memberId),
    commitment: hash("1"),
    wraps: [{ deviceId: id.repeat(16), enc: "", sealed: "" }],
  });
  expect(take(room, control({}, add("01", hash("2"))), "new")).toEqual({ ok: true, value: 10 });
  const second = { envelopeId: hash("6"), ctr: 6, prev: hash("5") };
  expect(take(room, control(second, add("02", hash("2"), "0f")), "new")).toEqual({ ok: false, refusal: { type: "staleControl" } });
  expect(take(room, control(second, add("02", hash("5"), "0f")), "new")).toEqual({ ok: true, value: 11 });
  expect(Object.keys(room.room?.membership.devices ?? {})).toHaveLength(3);
});

test("a room that is not there takes nothing", () => {
  const none: RoomDraft = { ...draft("consultant"), room: null };
  expect(take(none, next(), "new")).toEqual({ ok: false, refusal: { type: "roomUnknown" } });
});
