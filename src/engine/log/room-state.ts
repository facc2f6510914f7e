import { type Bytes, fromBase64Url, fromHex, toBase64Url } from "#protocol/bytes.ts";
import { type ChainHead, firstGeneration, type Generation, presentGeneration, type StartedGeneration } from "#protocol/log-rules.ts";
import { type Membership, readMembership, type StoredMembership } from "#protocol/membership.ts";
import { accStartInput, type DroppedEnvelope } from "#protocol/record.ts";
import { openLocal, sealLocal, type SealKey, sha256 } from "../crypto/primitives.ts";
import type { RoomRow } from "../storage/log-store.ts";
import { dayMs, nothingSeen, type Seen } from "./seen.ts";

/** Why a room's log is not believed any more. Pull stops; writing goes on. SPEC.md [P7], [C7], [E2]. */
export type LogFault =
  | { type: "signature" | "chain" | "fork" | "membership" | "genesis" | "malformed" | "rollback" | "generations" | "unproven"; seq: number }
  /** Not a fault of anyone's: this app is too old to read on. */
  | { type: "needsUpdate"; seq: number };

/** How far this device has verified a room, and what it found there. */
export type RoomState = {
  /** Those of the room's log, the oldest first; envelopes are made in the last. */
  generations: StartedGeneration[];
  seq: number;
  /** What an author of the present generation has seen at `seq`. */
  acc: Bytes;
  membership: Membership | null;
  heads: Record<string, ChainHead>;
  /** Numbers whose bytes the relay has no longer, until the purge that says so has been read. SPEC.md [Z4]. */
  holes: Record<number, DroppedEnvelope["dropped"]>;
  fault: LogFault | null;
  /** How far the others say to have read. */
  seen: Seen;
  /** Since when this device's clock says that the last day is over, in ms by that clock; null while it does not. SPEC.md [Z1]. */
  overSince: number | null;
  /** Devices whose removal this device has verified in a log that a restored relay has lost since. SPEC.md [G8]. */
  shutOut: string[];
};

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A room of whose log nothing has been read. */
export async function emptyRoomState(roomId: string): Promise<RoomState> {
  const acc = await sha256(accStartInput(fromHex(roomId), firstGeneration.logGen));
  return { generations: [{ ...firstGeneration, start: acc }], seq: 0, acc, membership: null, heads: {}, holes: {}, fault: null, seen: nothingSeen, overSince: null, shutOut: [] };
}

/** Why a room is none of this device's any more: it was shut out, or the room was destroyed, or the last day is over that it is kept. SPEC.md §13. */
export type RoomEnd = "removed" | "shredded" | "expired";

/** @param today ISO date @returns null while the room goes on */
export function endOf({ membership }: RoomState, deviceId: string, today: string): RoomEnd | null {
  if (membership === null) return null;
  if (membership.removed[deviceId] !== undefined) return "removed";
  if (membership.shredded) return "shredded";
  return membership.keepUntil !== null && membership.keepUntil < today ? "expired" : null;
}

/** So long a device's clock must have said that the last day is over where no other clock does. SPEC.md [Z1]. */
const sureAfterMs = 7 * dayMs;

/**
 * Whether what is over may be destroyed. That the last day is over the clock alone says, and it may be wrong by years: another device's must say so too,
 * or this one's have said so for a week.
 * @param heardAt the newest time that another device has told of, in ms
 */
export function mayDestroy({ membership, overSince }: RoomState, end: RoomEnd, { now, heardAt }: { now: number; heardAt: number }): boolean {
  if (end !== "expired") return true;
  const isBorneOut = new Date(heardAt).toISOString().slice(0, 10) > (membership?.keepUntil ?? "");
  return isBorneOut || (overSince !== null && now - overSince >= sureAfterMs);
}

/** The devices that were removed and that a restore has brought back: until that is done again, they hold the key that is written under. SPEC.md [G8]. */
export function broughtBack({ membership, shutOut }: RoomState): string[] {
  return shutOut.filter((deviceId) => membership?.devices[deviceId] !== undefined);
}

export function isReopened(state: RoomState): boolean {
  return broughtBack(state).length > 0;
}

/** The generation that is written in. */
export function logGenOf({ generations }: RoomState): number {
  return presentGeneration(generations).logGen;
}

type StoredState = Omit<RoomState, "acc" | "generations" | "membership" | "holes" | "seen" | "overSince" | "shutOut"> & {
  acc: string;
  /** Missing where it was stored before a log could have more than one. */
  generations?: (Generation & { start: string | undefined })[];
  membership: StoredMembership | null;
  holes?: RoomState["holes"];
  /** Missing where it was stored before it was kept. */
  seen?: Seen;
  overSince?: RoomState["overSince"];
  shutOut?: RoomState["shutOut"];
};

export async function sealRoomState(key: SealKey, roomId: string, revision: number, state: RoomState): Promise<RoomRow> {
  const generations = state.generations.map(({ start, ...generation }) => ({ ...generation, start: start && toBase64Url(start) }));
  const stored: StoredState = { ...state, acc: toBase64Url(state.acc), generations };
  return { roomId, revision, sealedState: await sealLocal(key, encoder.encode(JSON.stringify(stored)), context(roomId)) };
}

/** @throws {UnreadableError} when the row was changed or belongs to another room */
export async function openRoomState(key: SealKey, row: RoomRow): Promise<RoomState> {
  const stored = JSON.parse(decoder.decode(await openLocal(key, row.sealedState, context(row.roomId)))) as StoredState;
  const { acc, generations, membership, seq, heads, holes = {}, fault, seen = nothingSeen, overSince = null, shutOut = [] } = stored;
  return {
    generations: generations?.map((one) => ({ ...one, start: one.start === undefined ? undefined : fromBase64Url(one.start) })) ?? (await emptyRoomState(row.roomId)).generations,
    seq,
    acc: fromBase64Url(acc),
    membership: membership && readMembership(membership),
    heads,
    holes,
    fault,
    seen,
    overSince,
    shutOut,
  };
}

function context(roomId: string): Bytes {
  return new Uint8Array([...encoder.encode("aapen-dor/v1/state"), ...fromHex(roomId)]);
}
