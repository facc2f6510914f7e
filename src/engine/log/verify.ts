import { type Bytes, fromBase64Url, fromHex, toHex } from "#protocol/bytes.ts";
import { type ControlBody, devicesBroughtBy, type Leaf, parseControlBody, type Role } from "#protocol/control.ts";
import { accSeenIn, type ChainHead, judge, type LogView, sumUp } from "#protocol/log-rules.ts";
import { knownDevice, type Membership } from "#protocol/membership.ts";
import type { Refusal } from "#protocol/messages.ts";
import { type DroppedEnvelope, droppedInput, type Envelope, type EnvelopeFacts, factsOf, type LogEntry, parseEnvelope, purgeAskInput, signatureInput } from "#protocol/record.ts";
import { importVerifier, sha256, verify } from "../crypto/primitives.ts";
import { deviceIdOf } from "../keys/keyring.ts";
import { envelopeIdOf } from "./record.ts";
import type { LogFault, RoomState } from "./room-state.ts";

export type VerifiedEnvelope = {
  seq: number;
  bytes: Bytes;
  envelope: Envelope;
  envelopeId: string;
  deviceId: string;
  /** What a control record does; null for the others. */
  control: ControlBody | null;
  /** The author's role when it wrote. */
  role: Role;
  acc: Bytes;
};

/** What is left of an envelope that was purged. */
export type VerifiedHole = { seq: number; acc: Bytes } & DroppedEnvelope["dropped"];

export type VerifiedPage = {
  accepted: VerifiedEnvelope[];
  /** Numbers of the page whose bytes are gone. */
  holes: VerifiedHole[];
  /** The state after the accepted ones, with the fault when there is one. */
  state: RoomState;
};

/** An envelope of a page with all that has to be computed of it: what is left is to decide. */
export type PageEntry = { seq: number; acc: Bytes } & (
  | { bytes: Bytes; envelope: Envelope; facts: EnvelopeFacts; control: ControlBody | null; devicesAreTrue: boolean }
  | { dropped: DroppedEnvelope["dropped"] }
  | { fault: "malformed" | "needsUpdate" }
);

/** What was stored of the log before the page, as far as the page speaks of it. */
export type Earlier = { accs: ReadonlyMap<number, Bytes>; updates: ReadonlyMap<number, DroppedEnvelope["dropped"]> };

/** Reads what is stored of the log at a number: the accumulator, and where it is an update or was purged, whose. */
export type StoredAt = (seq: number) => Promise<{ acc: Bytes; update: DroppedEnvelope["dropped"] | null } | undefined>;

/**
 * Checks a page against the state, in the order of SPEC.md [P1]–[P4], and stops before the first envelope that is wrong.
 * Stores nothing and opens nothing.
 * @param storedAt for [P4] and [Z3]
 * @param isSealedHere whether these very bytes were signed on this device: that is not asked of the signature again
 */
export async function verifyPage(
  room: { roomId: string; genesis: string },
  before: RoomState,
  page: readonly LogEntry[],
  storedAt: StoredAt,
  isSealedHere: (record: VerifiedEnvelope) => boolean = () => false,
): Promise<VerifiedPage> {
  const { entries, generations } = await readPage(room.roomId, before, page);
  const earlier = await readEarlier(before, entries, storedAt);
  const decide = (count: number) => decidePage(room, { ...before, generations }, entries.slice(0, count), earlier);
  const decided = decide(entries.length);
  const firstBad = await firstUnsigned(decided.accepted, decided.state.membership, fromHex(room.roomId), isSealedHere);
  if (firstBad === null) return withProvenFault(decided, entries[decided.accepted.length + decided.holes.length]);
  // Some signature at or before a tip is wrong: everything from the first bad one on is left out.
  const shorter = decide(firstBad - before.seq - 1);
  return { ...shorter, state: { ...shorter.state, fault: shorter.state.fault ?? { type: "signature", seq: firstBad } } };
}

/** What an envelope seems to prove against the log, it proves only if a member has signed it: anybody can write down anything. SPEC.md [P7]. */
const provenBySignature: ReadonlySet<LogFault["type"]> = new Set(["chain", "fork", "membership"]);

async function withProvenFault(page: VerifiedPage, culprit: PageEntry | undefined): Promise<VerifiedPage> {
  const { fault, membership } = page.state;
  if (fault === null || membership === null || culprit === undefined || !("facts" in culprit) || !provenBySignature.has(fault.type)) return page;
  const { facts, envelope } = culprit;
  if (await isSigned(await verifierOf(membership, facts.deviceId), facts.envelopeId, envelope)) return page;
  return { ...page, state: { ...page.state, fault: { type: "signature", seq: fault.seq } } };
}

/** Parses and hashes. Generations that begin within the page are started. */
async function readPage(
  roomId: string,
  { seq, acc, generations }: RoomState,
  page: readonly LogEntry[],
): Promise<{ entries: PageEntry[]; generations: RoomState["generations"] }> {
  const ids = await Promise.all(page.map(async (entry) => ("bytes" in entry ? envelopeIdOf(entry.bytes) : fromHex(entry.dropped.envelopeId))));
  const sums = await sumUp(sha256, fromHex(roomId), generations, { seq, acc }, ids);
  const entries = page.map(async (one, index): Promise<PageEntry> => {
    const read = { seq: one.seq, acc: sums.accs[index] as Bytes };
    if ("dropped" in one) return { ...read, dropped: one.dropped };
    const { bytes } = one;
    const parsed = parseEnvelope(bytes);
    if (!parsed.ok) return { ...read, fault: parsed.fault.type === "newerVersion" ? "needsUpdate" : "malformed" };
    const { envelope } = parsed;
    const facts = factsOf(envelope, ids[index] as Bytes);
    if (envelope.type !== "control") return { ...read, bytes, envelope, facts, control: null, devicesAreTrue: true };
    const control = parseControlBody(envelope.clear);
    if (!control.ok) return { ...read, fault: control.refusal.type === "unknownAction" ? "needsUpdate" : "malformed" };
    return { ...read, bytes, envelope, facts, control: control.body, devicesAreTrue: await areNamedByTheirKeys(control.body) };
  });
  return { entries: await Promise.all(entries), generations: sums.generations };
}

async function readEarlier(before: RoomState, entries: readonly PageEntry[], storedAt: StoredAt): Promise<Earlier> {
  // All that a colleague wrote offline has seen the same number: it is looked up once.
  const seen = new Set(entries.flatMap((entry) => ("facts" in entry && entry.facts.seenSeq <= before.seq ? [entry.facts.seenSeq] : [])));
  // Most have seen what was the newest then. Where a generation has begun just there, something else is kept with the number than what goes on.
  const isKnown = (seq: number) => seq === before.seq && before.generations.every(({ fromSeq }) => fromSeq !== seq);
  const purged = entries.flatMap((entry) => ("facts" in entry && entry.control?.action === "purge" ? entry.control.dropped.map(({ seq }) => seq) : []));
  const wanted = new Set([...Array.from(seen).filter((seq) => !isKnown(seq)), ...purged.filter((seq) => seq <= before.seq)]);
  const stored = await Promise.all(Array.from(wanted, async (seq) => [seq, await storedAt(seq)] as const));
  const accs = stored.flatMap(([seq, one]): [number, Bytes][] => (one === undefined ? [] : [[seq, one.acc]]));
  const updates = stored.flatMap(([seq, one]) => (one?.update ? [[seq, one.update] as const] : []));
  return { accs: new Map([...accs, ...(isKnown(before.seq) ? [[before.seq, before.acc] as const] : [])]), updates: new Map(updates) };
}

/** The verdict on a page whose every value is known. Pure. */
function decidePage(room: { roomId: string; genesis: string }, before: RoomState, entries: readonly PageEntry[], earlier: Earlier): VerifiedPage {
  const accs = new Map(earlier.accs);
  const updates = new Map(earlier.updates);
  const holes: VerifiedHole[] = [];
  const heads = { ...before.heads };
  const accepted: VerifiedEnvelope[] = [];
  let state: RoomState = { ...before, heads };
  let fault: LogFault | null = null;
  const log: LogView = {
    get membership() {
      return state.membership;
    },
    get headSeq() {
      return state.seq;
    },
    generations: before.generations,
    chainHead: (deviceId) => heads[deviceId],
    isUpdateAt({ seq, envelopeId, deviceId, ctr }) {
      const known = updates.get(seq);
      return known?.envelopeId === envelopeId && known.deviceId === deviceId && known.ctr === ctr;
    },
    accAt(logGen, seq) {
      const acc = accSeenIn(before.generations, (number) => accs.get(number), logGen, seq);
      return acc && toHex(acc);
    },
  };

  for (const entry of entries) {
    const { seq, acc } = entry;
    const type = faultOf(entry);
    if (type !== null || "fault" in entry) {
      fault = { type: type ?? "malformed", seq };
      break;
    }
    if ("dropped" in entry) {
      const { deviceId, ctr, envelopeId } = entry.dropped;
      move(seq, acc, deviceId, { ctr, tip: envelopeId });
      updates.set(seq, entry.dropped);
      state = { ...state, holes: { ...state.holes, [seq]: entry.dropped } };
      holes.push({ seq, acc, ...entry.dropped });
      continue;
    }
    const { facts, envelope, control, bytes } = entry;
    const judged = judge(viewOf(facts, control), facts, control, "read");
    if (!judged.ok) {
      fault = { type: faultOfRefusal(judged.refusal), seq };
      break;
    }
    const membership = judged.value;
    const role = (control === null ? membership : (state.membership ?? membership)).devices[facts.deviceId]?.role ?? "consultant";
    move(seq, acc, facts.deviceId, { ctr: facts.ctr, tip: facts.envelopeId });
    if (facts.type === "update") updates.set(seq, { envelopeId: facts.envelopeId, deviceId: facts.deviceId, ctr: facts.ctr });
    state = { ...state, membership, holes: control === null ? state.holes : holesAfter(state.holes, control) };
    accepted.push({ seq, bytes, envelope, control, envelopeId: facts.envelopeId, deviceId: facts.deviceId, role, acc });
  }
  return { accepted, holes, state: { ...state, fault } };

  /**
   * What stood before a shred has no bytes any more, control records among it. Then all that is asked of it is that it stands at its place and that somebody
   * who was a consultant when this device last read has signed it. SPEC.md [Z6].
   */
  function viewOf({ epoch, logGen }: EnvelopeFacts, control: ControlBody | null): LogView {
    const { membership } = state;
    const isBehindHoles = control?.action === "shred" && Object.values(state.holes).some(({ envelopeId }) => envelopeId === control.previousControl);
    if (!isBehindHoles || membership === null) return log;
    const unread = { controlHead: control.previousControl, epoch, acceptedGen: logGen, keepUntil: membership.keepUntil ?? "" };
    return { ...log, membership: { ...membership, ...unread } };
  }

  function move(seq: number, acc: Bytes, deviceId: string, head: ChainHead): void {
    heads[deviceId] = head;
    accs.set(seq, acc);
    const started = before.generations.findLast(({ fromSeq }) => fromSeq === seq)?.start;
    state = { ...state, seq, acc: started ?? acc };
  }

  function faultOf(entry: PageEntry): LogFault["type"] | null {
    if (entry.seq !== state.seq + 1) return "malformed";
    if ("fault" in entry) return entry.fault;
    // Its signature cannot be asked any more; its place in its author's chain can, and the purge that explains it.
    if ("dropped" in entry) return state.membership !== null && entry.dropped.ctr === (heads[entry.dropped.deviceId]?.ctr ?? 0) + 1 ? null : "malformed";
    if (entry.facts.roomId !== room.roomId) return "malformed";
    if (entry.seq === 1 && entry.facts.envelopeId !== room.genesis) return "genesis";
    return entry.devicesAreTrue ? null : "membership";
  }
}

/** A purge explains those that it names, a shred all. */
function holesAfter(holes: RoomState["holes"], control: ControlBody): RoomState["holes"] {
  if (control.action === "shred") return {};
  if (control.action !== "purge") return holes;
  const left = { ...holes };
  for (const { seq } of control.dropped) delete left[seq];
  return left;
}

const faultsOfRefusals: Partial<Record<Refusal["type"], LogFault["type"]>> = { gap: "chain", ctrReused: "chain", forked: "fork", malformed: "malformed" };

/** What no honest relay would have given a number. */
function faultOfRefusal({ type }: Refusal): LogFault["type"] {
  return faultsOfRefusals[type] ?? "membership";
}

/** Whether every device that the record brings in is named by the hash of its own keys. SPEC.md [K3]. */
async function areNamedByTheirKeys(body: ControlBody): Promise<boolean> {
  for (const { deviceId, leaf } of devicesBroughtBy(body)) {
    if ((await deviceIdOf(fromBase64Url(leaf.sign), fromBase64Url(leaf.kem))) !== deviceId) return false;
  }
  return true;
}

/** [Note: verified at the tip] `prev` chains an author's envelopes by hash, so the signature on the last covers the run. SPEC.md [P2]. */
async function firstUnsigned(
  accepted: readonly VerifiedEnvelope[],
  membership: Membership | null,
  roomId: Bytes,
  isSealedHere: (record: VerifiedEnvelope) => boolean,
): Promise<number | null> {
  const runs = Map.groupBy(accepted, (record) => record.deviceId);
  let first: number | null = null;
  for (const { control, seq } of accepted) {
    if (control?.action !== "purge") continue;
    if (!(await isAsked(membership, roomId, control))) first = Math.min(first ?? seq, seq);
  }
  for (const [deviceId, run] of runs) {
    const tip = run.at(-1);
    if (tip === undefined || isSealedHere(tip)) continue;
    const verifier = await verifierOf(membership, deviceId);
    const signed = ({ envelopeId, envelope }: VerifiedEnvelope) => isSigned(verifier, envelopeId, envelope);
    if (await signed(tip)) continue;
    for (const record of run) {
      if (await signed(record)) continue;
      first = Math.min(first ?? record.seq, record.seq);
      break;
    }
  }
  return first;
}

/** Whether the other person has signed just that. SPEC.md [Z3]. */
export async function isAsked(membership: Membership | null, roomId: Bytes, purge: Omit<Extract<ControlBody, { action: "purge" }>, "action" | "previousControl">): Promise<boolean> {
  const verifier = await verifierOf(membership, purge.ask.deviceId);
  if (verifier === null) return false;
  const asked = purgeAskInput(roomId, purge, await sha256(droppedInput(purge.dropped)));
  return verify(verifier, fromBase64Url(purge.ask.signature), asked);
}

/** As long as the membership that they are read from; the fold hands the leaves on. */
const verifiers = new WeakMap<Leaf, Promise<CryptoKey | null>>();

/** The key of one who is or was in the room; null where there is none, or what stands there is no key. */
export async function verifierOf(membership: Membership | null, deviceId: string): Promise<CryptoKey | null> {
  const leaf = knownDevice(membership, deviceId)?.leaf;
  if (leaf === undefined) return null;
  const verifier = verifiers.get(leaf) ?? importVerifier(fromBase64Url(leaf.sign)).catch(() => null);
  verifiers.set(leaf, verifier);
  return verifier;
}

export async function isSigned(verifier: CryptoKey | null, envelopeId: string, { signature }: Envelope): Promise<boolean> {
  return verifier !== null && verify(verifier, signature, signatureInput(fromHex(envelopeId)));
}
