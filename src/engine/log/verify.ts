import { type Bytes, equalBytes, fromBase64Url, fromHex, toHex } from "#protocol/bytes.ts";
import {
  checkChain,
  type ControlBody,
  type EnvelopeFacts,
  foldControl,
  mayWrite,
  parseControlBody,
  type Role,
} from "#protocol/membership.ts";
import { accNextInput, type Envelope, type NumberedEnvelope, parseEnvelope, signatureInput } from "#protocol/record.ts";
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

export type VerifiedPage = {
  accepted: VerifiedEnvelope[];
  /** The state after the accepted ones, with the fault when there is one. */
  state: RoomState;
};

/**
 * Checks a page against the state, in the order of SPEC.md [P1]–[P4], and stops before the first envelope that is wrong.
 * Stores nothing and opens nothing.
 * @param accAt the accumulator at an earlier number, for [P4]
 */
export async function verifyPage(
  room: { roomId: string; genesis: string },
  before: RoomState,
  page: readonly NumberedEnvelope[],
  accAt: (seq: number) => Promise<Bytes | undefined>,
): Promise<VerifiedPage> {
  const ids = await Promise.all(page.map(({ bytes }) => envelopeIdOf(bytes)));
  let state: RoomState = { ...before, heads: { ...before.heads } };
  const accepted: VerifiedEnvelope[] = [];
  const accInPage = new Map<number, Bytes>([[before.seq, before.acc]]);
  let fault: LogFault | null = null;

  for (const [index, { seq, bytes }] of page.entries()) {
    const checked = await checkOne(seq, bytes, ids[index] as Bytes);
    if ("type" in checked) {
      fault = checked;
      break;
    }
    accepted.push(checked);
  }
  const firstBad = await firstUnsigned(accepted, state);
  if (firstBad !== null) return redo(firstBad);
  return { accepted, state: { ...state, fault } };

  async function checkOne(seq: number, bytes: Bytes, id: Bytes): Promise<VerifiedEnvelope | LogFault> {
    if (seq !== state.seq + 1) return { type: "rollback", seq };
    const parsed = parseEnvelope(bytes);
    if (!parsed.ok) return { type: parsed.fault.type === "newerVersion" ? "needsUpdate" : "malformed", seq };
    const { envelope } = parsed;
    const facts: EnvelopeFacts = {
      envelopeId: toHex(id),
      roomId: toHex(envelope.roomId),
      deviceId: toHex(envelope.deviceId),
      epoch: envelope.epoch,
      ctr: envelope.ctr,
      prev: toHex(envelope.prev),
    };
    if (facts.roomId !== room.roomId || envelope.logGen !== state.logGen) return { type: "malformed", seq };
    if (seq === 1 && facts.envelopeId !== room.genesis) return { type: "genesis", seq };
    let { membership } = state;
    let control: ControlBody | null = null;
    if (envelope.type === "control") {
      const body = parseControlBody(envelope.clear);
      if (!body.ok) return { type: body.refusal.type === "unknownAction" ? "needsUpdate" : "malformed", seq };
      const folded = foldControl(membership, facts, body.body);
      if (!folded.ok || !(await namedByTheirKeys(body.body))) return { type: "membership", seq };
      membership = folded.membership;
      control = body.body;
    }
    const author = membership?.devices[facts.deviceId];
    if (membership === null || author === undefined) return { type: "membership", seq };
    if (envelope.type === "presence" || envelope.epoch !== membership.epoch) return { type: "malformed", seq };
    if (envelope.type === "update" && !mayWrite(author.role, membership.roomKind)) return { type: "membership", seq };
    if (checkChain(state.heads[facts.deviceId], facts) !== null) return { type: "chain", seq };
    if (envelope.seenSeq >= seq) return { type: "fork", seq };
    const seenAcc = accInPage.get(envelope.seenSeq) ?? (await accAt(envelope.seenSeq));
    if (seenAcc === undefined || !equalBytes(seenAcc, envelope.seenAcc)) return { type: "fork", seq };
    // All that a colleague wrote offline has seen the same number: it is looked up once.
    accInPage.set(envelope.seenSeq, seenAcc);
    const acc = await sha256(accNextInput(state.acc, id));
    accInPage.set(seq, acc);
    state.heads[facts.deviceId] = { ctr: facts.ctr, tip: facts.envelopeId };
    state = { ...state, seq, acc, membership };
    return { seq, bytes, envelope, control, envelopeId: facts.envelopeId, deviceId: facts.deviceId, role: author.role, acc };
  }

  /** Some signature at or before a tip is wrong: everything from the first bad one on is left out. */
  async function redo(badSeq: number): Promise<VerifiedPage> {
    const shorter = await verifyPage(room, before, page.slice(0, badSeq - before.seq - 1), accAt);
    return { ...shorter, state: { ...shorter.state, fault: shorter.state.fault ?? { type: "signature", seq: badSeq } } };
  }
}

/** Whether every device that the record brings in is named by the hash of its own keys. SPEC.md [K3]. */
async function namedByTheirKeys(body: ControlBody): Promise<boolean> {
  const members = body.action === "genesis" ? body.members : [body.member];
  for (const { deviceId, leaf } of members) {
    if ((await deviceIdOf(fromBase64Url(leaf.sign), fromBase64Url(leaf.kem))) !== deviceId) return false;
  }
  return true;
}

/** [Note: verified at the tip] `prev` chains an author's envelopes by hash, so the signature on the last covers the run. SPEC.md [P2]. */
async function firstUnsigned(accepted: readonly VerifiedEnvelope[], state: RoomState): Promise<number | null> {
  const runs = Map.groupBy(accepted, (record) => record.deviceId);
  let first: number | null = null;
  for (const [deviceId, run] of runs) {
    const key = await importVerifier(fromBase64Url(state.membership?.devices[deviceId]?.leaf.sign ?? ""));
    const signed = (record: VerifiedEnvelope) =>
      verify(key, record.envelope.signature, signatureInput(fromHex(record.envelopeId)));
    const tip = run.at(-1);
    if (tip === undefined || (await signed(tip))) continue;
    for (const record of run) {
      if (await signed(record)) continue;
      first = Math.min(first ?? record.seq, record.seq);
      break;
    }
  }
  return first;
}
