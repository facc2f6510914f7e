// What a vector is: shared by our code, the second reader and the generator; types only.

/** Bytes are lower-case hexadecimal, unless they are text on the wire: base64url there. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

type Sealing = { secret: string; roomId: string; epoch: number };
export type Generations = { logGen: number; fromSeq: number }[];
type Log = { roomId: string; genesis: string; generations: Generations; envelopes: string[] };

/** What each kind of vector is given. */
export type Givens = {
  purpose: { name: string };
  deviceId: { sign: string; kem: string };
  commitment: Sealing;
  /** `sealed` is under the sub-key, with no additional data. */
  subKey: Sealing & { use: "update" | "control" | "heartbeat" | "presence" | "history"; deviceId: string; nonce: string; sealed: string };
  wrap: { privateKey: string; wrap: { deviceId: string; enc: string; sealed: string }; roomId: string; epoch: number };
  history: Sealing & { history: string };
  accumulators: { roomId: string; generations: Generations; envelopeIds: string[] };
  padded: { lengths: number[] };
  unpack: { packed: string };
  envelope: { bytes: string; sign: string };
  open: { bytes: string; secret: string };
  update: { inside: string };
  presence: { inside: string };
  heartbeat: { inside: string };
  answers: { inside: string };
  /** `clear` is text. */
  body: { clear: string };
  log: Log;
  /** A page that comes behind what has been read, in the framing of a page. */
  onward: Log & { page: string };
  /** The generations that a device knew when it asked, and those that it is told of; how far it has verified, and its clock in ms. */
  adoption: { known: Generations; told: Generations; verified: number; now: number };
  /** A log, and what it is `after` a restore. */
  shutOut: Log & { after: Pick<Log, "generations" | "envelopes"> };
  /** The last of the log quotes; `secret` is of its epoch. */
  quote: Log & { secret: string };
  /** Of what a purge carries on all but the updates. */
  touched: { documents: { docId: string; clients: { client: number; deviceId: string }[] }[] };
  purgeAsk: { roomId: string; docId: string; through: number; dropped: { seq: number; envelopeId: string; deviceId: string; ctr: number }[]; touched: string; sign: string; signature: string };
  push: { body: string };
  page: { body: string };
  sessionProof: { challenge: string; roomId: string; deviceId: string; sign: string; signature: string };
  serviceToken: { token: string };
  inviteLink: { link: string };
  slot: { link: string; slot: "offer" | "commit" | "challenge" | "reveal" | "done"; body: string };
  commit: { reveal: string };
  checkNumbers: { link: string; challenge: string; reveal: string };
  recoveryCode: { code: string };
  recoveryBundle: { code: string; bundle: string };
};
export type Kind = keyof Givens;

/** One of each kind; what it throws is a fault of its own and not of the vector. */
export type Operations = { [K in Kind]: (given: Givens[K]) => unknown };

/** `given` of a log may begin with one of the file's `bases`. */
export type Vector = { name: string; rules: string[]; kind: Kind; given: { [key: string]: Json }; gives: { [key: string]: Json }; why?: string };
export type VectorFile = { bases: Record<string, string[]>; vectors: Vector[] };

/** The vector's `given` with the base of its log. */
export function givenOf({ given }: Vector, { bases }: VectorFile): unknown {
  const { base, behind, ...rest } = given;
  return typeof base === "string" ? { ...rest, envelopes: [...(bases[base] ?? []), ...(behind as string[])] } : given;
}
