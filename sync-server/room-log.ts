import { toHex, type Bytes } from "#protocol/bytes.ts";
import type { ControlBody, Dropped } from "#protocol/control.ts";
import { accSeenIn, judge, presentGeneration, type Arrival, type ChainHead, type StartedGeneration } from "#protocol/log-rules.ts";
import type { EnvelopeFacts } from "#protocol/record.ts";
import type { Answer, Refusal } from "#protocol/messages.ts";
import { accept, refuse } from "./answers.ts";
import type { NewEnvelope, Place, RoomState, Stored } from "./storage/storage.ts";

/** An envelope whose form and signature are right; its place in the log is not yet decided. */
export type SignedEnvelope = {
  facts: EnvelopeFacts;
  /** What a control record does; null for the others. */
  control: ControlBody | null;
  bytes: Bytes;
};

/** Why the room takes the envelope not now, though nothing is wrong with it, or null. Asked last, and of what has no number yet. */
export type MayCome = (room: RoomState, envelope: SignedEnvelope) => Refusal | null;

/** A numbered envelope before its accumulator is known. */
export type Numbered = Omit<NewEnvelope, "acc">;

/** A locked room while a batch is worked into it: what the storage said, and what is to be written back. */
export type RoomDraft = {
  roomId: string;
  room: RoomState | null;
  /** Chain heads of the batch's authors, and of all members where the batch changes them. */
  heads: Map<string, ChainHead>;
  /** What is stored in those places that the batch's envelopes name, by `placeKey`. */
  stored: Map<string, Stored>;
  /** Of the room; where there is none, of one that is made now. */
  generations: readonly StartedGeneration[];
  /**
   * The log's accumulators at those numbers that the batch's envelopes say to have seen. None of this batch is among them: what is not
   * committed has nobody seen.
   */
  accs: ReadonlyMap<number, Bytes>;
  /** Updates that a purge of the batch names and that stand where it says, by `placeKey`; their bytes may be gone already. */
  updates: ReadonlyMap<string, Stored>;
  appended: Numbered[];
  /** Numbers whose bytes go with this batch. */
  purged: number[];
};

export function placeKey({ deviceId, ctr }: Place): string {
  return `${deviceId} ${ctr}`;
}

/**
 * Numbers an envelope and moves the membership on, or gives the number that the envelope has. SPEC.md [R1]–[R4].
 * @param mayCome takes all if not given
 */
export function take(draft: RoomDraft, envelope: SignedEnvelope, arrival: Exclude<Arrival, "read">, mayCome: MayCome = () => null): Answer<number> {
  const { room } = draft;
  if (room === null) return refuse("roomUnknown");
  const known = numberBefore(draft, envelope);
  if (known !== null) return accept(known);
  return takeInto(draft, room, envelope, arrival, () => mayCome(room, envelope));
}

/** Makes the room of a genesis, or answers for the same genesis again. SPEC.md [R5] [C2]. */
export function takeGenesis(draft: RoomDraft, envelope: SignedEnvelope): Answer<{ seq: number; logGen: number }> {
  if (draft.room !== null) {
    const known = numberBefore(draft, envelope);
    return known === null ? refuse("roomExists") : accept({ seq: known, logGen: draft.room.logGen });
  }
  const generations = draft.generations.map(({ logGen, fromSeq }) => ({ logGen, fromSeq }));
  const { logGen } = presentGeneration(generations);
  // Where the relay was restored once, a room that is made now may be one that it has lost.
  const taken = takeInto(draft, { membership: null, headSeq: 0, logGen, generations, storedBytes: 0 }, envelope, logGen === envelope.facts.logGen ? "new" : "repair", () => null);
  return taken.ok ? accept({ seq: taken.value, logGen }) : taken;
}

/** The number of the envelope that has the counter, or the place before it, that this one claims; null where there is none. */
export function placeOfProof(draft: RoomDraft, { facts: { deviceId, ctr } }: SignedEnvelope): number | null {
  const placed = draft.stored.get(placeKey({ deviceId, ctr })) ?? draft.stored.get(placeKey({ deviceId, ctr: ctr - 1 }));
  return placed?.seq ?? null;
}

type UnbornRoom = Omit<RoomState, "membership"> & { membership: null };

function takeInto(draft: RoomDraft, room: RoomState | UnbornRoom, envelope: SignedEnvelope, arrival: Arrival, mayCome: () => Refusal | null): Answer<number> {
  const { facts, control, bytes } = envelope;
  const accAt = (logGen: number, seq: number) => {
    const acc = accSeenIn(draft.generations, (number) => draft.accs.get(number), logGen, seq);
    return acc && toHex(acc);
  };
  const isUpdateAt = ({ seq, envelopeId, ...place }: Dropped) => {
    const stored = draft.updates.get(placeKey(place));
    return stored?.seq === seq && stored.envelopeId === envelopeId;
  };
  const log = { ...room, isUpdateAt, chainHead: (deviceId: string) => draft.heads.get(deviceId), accAt };
  const judged = judge(log, facts, control, arrival);
  if (!judged.ok) return judged;
  const kept = mayCome();
  if (kept !== null) return refuse(kept);
  const seq = room.headSeq + 1;
  const { envelopeId, deviceId, ctr } = facts;
  draft.room = { ...room, membership: judged.value, headSeq: seq, storedBytes: room.storedBytes + bytes.length };
  draft.heads.set(deviceId, { ctr, tip: envelopeId });
  draft.stored.set(placeKey(facts), { seq, envelopeId });
  draft.appended.push({ seq, envelopeId, deviceId, ctr, bytes });
  if (control?.action === "purge") draft.purged.push(...control.dropped.map((one) => one.seq));
  return accept(seq);
}

function numberBefore(draft: RoomDraft, { facts }: SignedEnvelope): number | null {
  const stored = draft.stored.get(placeKey(facts));
  return stored?.envelopeId === facts.envelopeId ? stored.seq : null;
}
