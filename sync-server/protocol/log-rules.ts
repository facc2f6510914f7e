import { concatBytes, toHex, type Bytes } from "./bytes.ts";
import type { ControlBody, Dropped } from "./control.ts";
import { foldControl, mayWrite, type Membership } from "./membership.ts";
import type { Answer, Refusal } from "./messages.ts";
import { accNextInput, accStartInput, noHash, type EnvelopeFacts } from "./record.ts";
import { purposeBytes } from "./version.ts";

// What may stand where in a room's log: pure, over plain data, and the same in the relay, in every reader and in the simulator. SPEC.md §3 to §5.

/** Where a device's own chain of envelopes stands. */
export type ChainHead = { ctr: number; tip: string };

/**
 * A log begins in generation 1. Each time the relay was restored from a backup, a new generation begins behind the last number of that backup. SPEC.md [G1].
 * Generations stand in the order in which they began; their numbers grow, and so does nothing else: a later one may begin further back.
 */
export type Generation = { logGen: number; fromSeq: number };

export const firstGeneration: Generation = { logGen: 1, fromSeq: 0 };

/** The generation that envelopes are made in now. */
export function presentGeneration(generations: readonly Generation[]): Generation {
  return generations.at(-1) ?? firstGeneration;
}

/** What an envelope is held against: a room's log up to the place before it. */
export type LogView = {
  /** null while the room has no record. */
  membership: Membership | null;
  headSeq: number;
  generations: readonly Generation[];
  /** Where the author's chain stands; undefined for one that has written nothing. */
  chainHead(deviceId: string): ChainHead | undefined;
  /** Whether this is an update that stands there. */
  isUpdateAt(dropped: Dropped): boolean;
  /** The accumulator that an author of this generation has seen at a number up to the head, hexadecimal; see `accumulators`. */
  accAt(logGen: number, seq: number): string | undefined;
};

/**
 * How an envelope comes to its place. `new`: its author sends it. `repair`: somebody gives back what a restored relay has lost. `read`: it has a number
 * already, and either of the two may have been the way.
 */
export type Arrival = "new" | "repair" | "read";

/**
 * Whether the envelope may stand at the next place of the log. Form, signature and that it is not there already are the caller's to know before.
 * @returns the membership after it
 */
export function judge(log: LogView, facts: EnvelopeFacts, control: ControlBody | null, arrival: Arrival): Answer<Membership> {
  const { membership: before } = log;
  const place = log.headSeq + 1;
  const present = presentGeneration(log.generations);
  const wrongGeneration = checkGeneration(log, facts, present, arrival);
  if (wrongGeneration !== null) return refuse(wrongGeneration);
  let after = before;
  if (control !== null) {
    if (isWaitingForAcceptance(before, present) && facts.logGen === present.logGen && control.action !== "acceptGen") return refuse({ type: "generationPending" });
    const folded = foldControl(before, facts, control, { place, generation: present, lastCtr: (deviceId) => log.chainHead(deviceId)?.ctr ?? 0, isUpdateAt: log.isUpdateAt });
    if (!folded.ok) return folded;
    after = folded.value;
  } else {
    const wrong = checkEntry(log, facts, place);
    if (wrong !== null) return refuse(wrong);
  }
  if (after === null) return refuse({ type: "malformed" });
  const misplaced = checkChain(log.chainHead(facts.deviceId), facts) ?? checkSeen(log, facts, place);
  return misplaced === null ? { ok: true, value: after } : refuse(misplaced);
}

function refuse(refusal: Refusal): { ok: false; refusal: Refusal } {
  return { ok: false, refusal };
}

/** SPEC.md [P1], [R4], [G3]. */
function checkGeneration({ generations }: LogView, { logGen }: EnvelopeFacts, present: Generation, arrival: Arrival): Refusal | null {
  if (arrival === "read") return logGen > present.logGen ? { type: "malformed" } : null;
  const isRight = arrival === "new" ? logGen === present.logGen : logGen < present.logGen;
  return isRight ? null : { type: "otherLogGen", logGen: present.logGen, generations: [...generations] };
}

/**
 * Whether its author has seen this log and no other: else the log is forked. What was written before a restore may have seen numbers that went
 * another way afterwards, and more of them than are there: of those nothing can be said. SPEC.md [P4], [G4].
 */
function checkSeen({ generations, accAt }: LogView, { logGen, seenSeq, seenAcc }: EnvelopeFacts, place: number): Refusal | null {
  const at = generations.findIndex((generation) => generation.logGen === logGen);
  // Of a generation that the backup of a later restore did not have.
  if (at === -1) return null;
  if (place <= (generations[at]?.fromSeq ?? 0)) return { type: "forked" };
  const comparable = Math.min(...generations.slice(at + 1).map(({ fromSeq }) => fromSeq));
  if (place > comparable && seenSeq > comparable) return null;
  return seenSeq < place && accAt(logGen, seenSeq) === seenAcc ? null : { type: "forked" };
}

/** What holds for updates and heartbeats alone. SPEC.md [P2]. */
function checkEntry({ membership, generations }: LogView, { deviceId, type, epoch, logGen }: EnvelopeFacts, place: number): Refusal | null {
  const author = membership?.devices[deviceId];
  if (membership === null || author === undefined) return { type: "notMember" };
  if (type !== "update" && type !== "heartbeat") return { type: "malformed" };
  if (type === "update" && !mayWrite(author.role, membership.roomKind)) return { type: "forbidden" };
  if (membership.shredded || (type === "update" && membership.keepUntil !== null)) return { type: "roomClosed" };
  // Given back after a restore, it may stand behind the record that began a newer epoch.
  const mayBeLate = generations.some((later) => later.logGen > logGen && place > later.fromSeq);
  // The epoch of this number that it was sealed in was lost, and another one begun: its key is not the room's.
  const isAnother = logGen < (membership.begunIn?.[epoch] ?? 1);
  return !isAnother && (epoch === membership.epoch || (mayBeLate && epoch < membership.epoch)) ? null : { type: "staleEpoch" };
}

/** Whether a new generation has begun with something lost, and nobody has said yet that all is given back. SPEC.md [G5]. */
export function isWaitingForAcceptance(membership: Membership | null, { logGen, fromSeq }: Generation): boolean {
  return membership !== null && fromSeq > 0 && logGen > membership.acceptedGen;
}

/** What is wrong, if anything, with the place of an envelope in its author's own chain. SPEC.md [E6]. */
export function checkChain(head: ChainHead | undefined, facts: EnvelopeFacts): Refusal | null {
  const expected = (head?.ctr ?? 0) + 1;
  if (facts.ctr > expected) return { type: "gap", expected };
  if (facts.ctr < expected || facts.prev !== (head?.tip ?? toHex(noHash))) return { type: "ctrReused", expected };
  return null;
}

/** What is hashed to get the accumulator that generation `logGen` goes on from, at the number behind which it begins. SPEC.md [L2]. */
function accGenerationInput(roomId: Uint8Array, { logGen, fromSeq }: Generation, acc: Uint8Array): Bytes {
  const numbers = new Uint8Array(16);
  const view = new DataView(numbers.buffer);
  view.setBigUint64(0, BigInt(logGen));
  view.setBigUint64(8, BigInt(fromSeq));
  return concatBytes(purposeBytes("gen"), roomId, numbers, acc);
}

/** A generation, and the accumulator that it goes on from: undefined while the log is not known that far. SPEC.md [L2]. */
export type StartedGeneration = Generation & { start: Bytes | undefined };

/** SHA-256. */
export type Hash = (input: Bytes) => Bytes | Promise<Bytes>;

/**
 * The accumulator that an author of a generation has seen at a number.
 * @param stored the one that is kept with the envelope at a number from 1 on, where it is known
 */
export function accSeenIn(generations: readonly StartedGeneration[], stored: (seq: number) => Bytes | undefined, logGen: number, seq: number): Bytes | undefined {
  let at = generations.findIndex((generation) => generation.logGen === logGen);
  while (at > 0 && seq < (generations[at]?.fromSeq ?? 0)) at--;
  const generation = generations[at];
  return generation?.fromSeq === seq ? generation.start : stored(seq);
}

/** Whether a later restore went further back: what began there is no part of the log any more. */
function isOvertaken(generations: readonly Generation[], { logGen, fromSeq }: Generation): boolean {
  return generations.some((later) => later.logGen > logGen && later.fromSeq < fromSeq);
}

/** The generations with what each goes on from; one that is overtaken goes on from nothing. @param stored as of `accSeenIn`; at least for the numbers behind which a generation begins */
export async function startGenerations(hash: Hash, roomId: Bytes, generations: readonly Generation[], stored: (seq: number) => Bytes | undefined): Promise<StartedGeneration[]> {
  const started: StartedGeneration[] = [];
  for (const generation of generations) {
    const before = started.at(-1);
    const acc = before === undefined || isOvertaken(generations, generation) ? undefined : accSeenIn(started, stored, before.logGen, generation.fromSeq);
    if (before === undefined) started.push({ ...generation, start: await hash(accStartInput(roomId, generation.logGen)) });
    else started.push({ ...generation, start: acc && (await hash(accGenerationInput(roomId, generation, acc))) });
  }
  return started;
}

/**
 * Sums up envelopes that follow on each other.
 * @param before the number before the first of them, and the accumulator that its generation has there
 * @returns what is kept with each of them, and the accumulator behind the last; generations that begin on the way are started
 */
export async function sumUp(
  hash: Hash,
  roomId: Bytes,
  generations: readonly StartedGeneration[],
  before: { seq: number; acc: Bytes },
  envelopeIds: readonly Bytes[],
): Promise<{ accs: Bytes[]; acc: Bytes; generations: StartedGeneration[] }> {
  const accs: Bytes[] = [];
  const started = [...generations];
  let { seq, acc } = before;
  for (const id of envelopeIds) {
    acc = await hash(accNextInput(acc, id));
    accs.push(acc);
    seq++;
    for (const [at, generation] of started.entries()) {
      if (generation.fromSeq !== seq || isOvertaken(started, generation)) continue;
      acc = await hash(accGenerationInput(roomId, generation, acc));
      started[at] = { ...generation, start: acc };
    }
  }
  return { accs, acc, generations: started };
}
