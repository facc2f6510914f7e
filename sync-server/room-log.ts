import { equalBytes, type Bytes } from "#protocol/bytes.ts";
import { checkChain, foldControl, mayWrite, type ChainHead, type ControlBody, type EnvelopeFacts } from "#protocol/membership.ts";
import type { Answer, Refusal } from "#protocol/messages.ts";
import { accept, refuse } from "./answers.ts";
import type { NewEnvelope, Place, RoomState, Stored } from "./storage/storage.ts";

/** An envelope whose form and signature are right; its place in the log is not yet decided. */
export type SignedEnvelope = {
  facts: EnvelopeFacts;
  logGen: number;
  seenSeq: number;
  seenAcc: Bytes;
  bytes: Bytes;
};

/** A numbered envelope before its accumulator is known. */
export type Numbered = Omit<NewEnvelope, "acc">;

/** A locked room while a batch is worked into it: what the storage said, and what is to be written back. */
export type RoomDraft = {
  roomId: string;
  room: RoomState | null;
  /** Chain heads of the batch's authors. */
  heads: Map<string, ChainHead>;
  /** What is stored in those places that the batch's envelopes name, by `placeKey`. */
  stored: Map<string, Stored>;
  /**
   * The log's accumulators at those numbers that the batch's envelopes say to have seen. None of this batch is among them: what is not
   * committed has nobody seen.
   */
  accs: ReadonlyMap<number, Bytes>;
  appended: Numbered[];
};

export function placeKey({ deviceId, ctr }: Place): string {
  return `${deviceId} ${ctr}`;
}

function numberBefore(draft: RoomDraft, { facts }: SignedEnvelope): number | null {
  const stored = draft.stored.get(placeKey(facts));
  return stored?.envelopeId === facts.envelopeId ? stored.seq : null;
}

function append(draft: RoomDraft, room: RoomState, { facts, bytes }: SignedEnvelope): number {
  const seq = room.headSeq + 1;
  const { envelopeId, deviceId, ctr } = facts;
  draft.room = { ...room, headSeq: seq };
  draft.heads.set(deviceId, { ctr, tip: envelopeId });
  draft.stored.set(placeKey(facts), { seq, envelopeId });
  draft.appended.push({ seq, envelopeId, deviceId, ctr, bytes });
  return seq;
}

/** What an author says to have seen must be so: stored, it would make every reader believe in a fork. SPEC.md [R9]. */
function checkLog({ accs }: RoomDraft, room: RoomState, { logGen, seenSeq, seenAcc }: SignedEnvelope): Refusal | null {
  if (logGen !== room.logGen) return { type: "otherLogGen", logGen: room.logGen };
  const acc = accs.get(seenSeq);
  return acc === undefined || !equalBytes(acc, seenAcc) ? { type: "malformed" } : null;
}

/** Numbers an update or a heartbeat, or gives the number that it has. SPEC.md [R1]–[R4]. */
export function takeEntry(draft: RoomDraft, envelope: SignedEnvelope, type: "update" | "heartbeat"): Answer<number> {
  const { room } = draft;
  if (room === null) return refuse("roomUnknown");
  const known = numberBefore(draft, envelope);
  if (known !== null) return accept(known);
  const { facts } = envelope;
  const author = room.membership.devices[facts.deviceId];
  if (author === undefined) return refuse("notMember");
  if (type === "update" && !mayWrite(author.role, room.membership.roomKind)) return refuse("forbidden");
  const fault = checkLog(draft, room, envelope);
  if (fault !== null) return refuse(fault);
  if (facts.epoch !== room.membership.epoch) return refuse("staleEpoch");
  const chainFault = checkChain(draft.heads.get(facts.deviceId), facts);
  if (chainFault !== null) return refuse(chainFault);
  return accept(append(draft, room, envelope));
}

/** Numbers a control record and moves the membership on, or gives the number that it has. SPEC.md [C3] [C4]. */
export function takeControl(draft: RoomDraft, envelope: SignedEnvelope, body: ControlBody): Answer<number> {
  const { room } = draft;
  if (room === null) return refuse("roomUnknown");
  const known = numberBefore(draft, envelope);
  if (known !== null) return accept(known);
  const fault = checkLog(draft, room, envelope);
  if (fault !== null) return refuse(fault);
  const folded = foldControl(room.membership, envelope.facts, body);
  if (!folded.ok) return folded;
  const chainFault = checkChain(draft.heads.get(envelope.facts.deviceId), envelope.facts);
  if (chainFault !== null) return refuse(chainFault);
  return accept(append(draft, { ...room, membership: folded.membership }, envelope));
}

/** Makes the room of a genesis, or answers for the same genesis again. SPEC.md [R5] [C2]. */
export function takeGenesis(draft: RoomDraft, envelope: SignedEnvelope, body: ControlBody): Answer<{ seq: number; logGen: number }> {
  const { room } = draft;
  if (room !== null) {
    const known = numberBefore(draft, envelope);
    return known === null ? refuse("roomExists") : accept({ seq: known, logGen: room.logGen });
  }
  const folded = foldControl(null, envelope.facts, body);
  if (!folded.ok) return folded;
  const born: RoomState = { membership: folded.membership, headSeq: 0, logGen: 1 };
  const fault = checkLog(draft, born, envelope) ?? checkChain(undefined, envelope.facts);
  if (fault !== null) return refuse(fault);
  return accept({ seq: append(draft, born, envelope), logGen: born.logGen });
}
