import { type Bytes, fromBase64Url, fromHex, toBase64Url } from "#protocol/bytes.ts";
import type { ChainHead, Membership } from "#protocol/membership.ts";
import { accStartInput } from "#protocol/record.ts";
import { openLocal, sealLocal, type SealKey, sha256 } from "../crypto/primitives.ts";
import type { RoomRow } from "../storage/database.ts";

/** Why a room's log is not believed any more. Pull stops; writing goes on. SPEC.md [P7], [C7], [E2]. */
export type LogFault =
  | { type: "signature" | "chain" | "fork" | "membership" | "genesis" | "malformed" | "rollback"; seq: number }
  /** Not a fault of anyone's: this app is too old to read on. */
  | { type: "needsUpdate"; seq: number };

/** How far this device has verified a room, and what it found there. */
export type RoomState = {
  logGen: number;
  seq: number;
  acc: Bytes;
  membership: Membership | null;
  heads: Record<string, ChainHead>;
  fault: LogFault | null;
};

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A room of whose log nothing has been read. */
export async function emptyRoomState(roomId: string): Promise<RoomState> {
  const acc = await sha256(accStartInput(fromHex(roomId), 1));
  return { logGen: 1, seq: 0, acc, membership: null, heads: {}, fault: null };
}

export async function sealRoomState(key: SealKey, roomId: string, revision: number, state: RoomState): Promise<RoomRow> {
  const json = JSON.stringify({ ...state, acc: toBase64Url(state.acc) });
  return { roomId, revision, sealedState: await sealLocal(key, encoder.encode(json), context(roomId)) };
}

/** @throws {UnreadableError} when the row was changed or belongs to another room */
export async function openRoomState(key: SealKey, row: RoomRow): Promise<RoomState> {
  const state = JSON.parse(decoder.decode(await openLocal(key, row.sealedState, context(row.roomId)))) as Omit<
    RoomState,
    "acc"
  > & { acc: string };
  return { ...state, acc: fromBase64Url(state.acc) };
}

function context(roomId: string): Bytes {
  return new Uint8Array([...encoder.encode("aapen-dor/v1/state"), ...fromHex(roomId)]);
}
