import { expect, test } from "vitest";
import type { ChainHead, Membership, Role } from "#protocol/membership.ts";
import { placeKey, takeControl, takeEntry, type RoomDraft, type SignedEnvelope } from "./room-log.ts";

const hash = (digit: string) => digit.repeat(64);
const roomId = "0a".repeat(16);
const deviceId = "0b".repeat(16);

function membership(role: Role | null): Membership {
  const devices = role === null ? {} : { [deviceId]: { memberId: "0c".repeat(16), role, leaf: { sign: "", kem: "" } } };
  return { roomKind: "school", serviceId: "0d".repeat(16), epoch: 1, commitment: hash("1"), controlHead: hash("2"), devices };
}

function draft(role: Role | null, head: ChainHead = { ctr: 4, tip: hash("4") }): RoomDraft {
  return {
    roomId,
    room: { membership: membership(role), headSeq: 9, logGen: 1 },
    heads: new Map([[deviceId, head]]),
    stored: new Map([[placeKey({ deviceId, ctr: 4 }), { seq: 7, envelopeId: hash("4") }]]),
    accs: new Map([[0, new Uint8Array(32)]]),
    appended: [],
  };
}

const next = (facts: Partial<SignedEnvelope["facts"]> = {}): SignedEnvelope => ({
  facts: { envelopeId: hash("5"), roomId, deviceId, epoch: 1, ctr: 5, prev: hash("4"), ...facts },
  logGen: 1,
  seenSeq: 0,
  seenAcc: new Uint8Array(32),
  bytes: new Uint8Array(1),
});

test("[R1] who left while the signature was checked is asked about again under the lock", () => {
  const room = draft(null);
  expect(takeEntry(room, next(), "update")).toEqual({ ok: false, refusal: { type: "notMember" } });
  expect(room.appended).toEqual([]);
});

test("[R1] envelopes of one batch continue each other, and each is found again in the batch", () => {
  const room = draft("socialTeacher");
  const following = next({ envelopeId: hash("6"), ctr: 6, prev: hash("5") });
  expect(takeEntry(room, next(), "update")).toEqual({ ok: true, value: 10 });
  expect(takeEntry(room, following, "heartbeat")).toEqual({ ok: true, value: 11 });
  expect(takeEntry(room, next(), "update")).toEqual({ ok: true, value: 10 });
  expect(room.appended.map(({ seq, ctr }) => [seq, ctr])).toEqual([[10, 5], [11, 6]]);
  expect(room.room?.headSeq).toBe(11);
  expect(room.heads.get(deviceId)).toEqual({ ctr: 6, tip: hash("6") });
});

test("[R2] what was stored has its number, also for an author who has left", () => {
  const stored = next({ envelopeId: hash("4"), ctr: 4, prev: hash("3") });
  expect(takeEntry(draft(null), stored, "update")).toEqual({ ok: true, value: 7 });
});

test("[R3] what is refused leaves the draft as it was", () => {
  const room = draft("socialTeacher");
  const before = structuredClone(room);
  expect(takeEntry(room, next({ ctr: 7 }), "update").ok).toBe(false);
  expect(takeEntry(room, next({ prev: hash("9") }), "update").ok).toBe(false);
  expect(room).toEqual(before);
});

test("[C3] a second control record of one batch sees the first", () => {
  const room = draft("consultant");
  const member = (id: string) => ({ memberId: "0e".repeat(16), role: "socialTeacher", deviceId: id.repeat(16), leaf: { sign: "", kem: "" } }) as const;
  const add = (id: string, previousControl: string) => ({
    action: "addMember" as const,
    previousControl,
    member: member(id),
    commitment: hash("1"),
    wraps: [{ deviceId: id.repeat(16), enc: "", sealed: "" }],
  });
  expect(takeControl(room, next(), add("01", hash("2")))).toEqual({ ok: true, value: 10 });
  const second = next({ envelopeId: hash("6"), ctr: 6, prev: hash("5") });
  expect(takeControl(room, second, add("02", hash("2")))).toEqual({ ok: false, refusal: { type: "staleControl" } });
  expect(takeControl(room, second, add("02", hash("5")))).toEqual({ ok: true, value: 11 });
  expect(Object.keys(room.room?.membership.devices ?? {})).toHaveLength(3);
});

test("a room that is not there takes nothing", () => {
  const none: RoomDraft = { ...draft("consultant"), room: null };
  expect(takeEntry(none, next(), "update")).toEqual({ ok: false, refusal: { type: "roomUnknown" } });
});
