/** The version byte of every envelope. A reader that meets a higher one keeps the bytes and waits for an update. */
export const protocolVersion = 1;

/** Suite 1: AES-256-GCM, SHA-256, HKDF-SHA256, ECDSA P-256 (P1363), HPKE DHKEM(P-256, HKDF-SHA256). */
export const suite = 1;

const encoder = new TextEncoder();

/** Every hash, signature, derived key and AAD begins with one of these, so that no value made for one use is accepted for another. SPEC.md §1. */
export type Purpose =
  | "env"
  | "sig"
  | "aad"
  | "acc0"
  | "acc"
  | "gen"
  | "device"
  | "commitment"
  | "wrap"
  | "key/update"
  | "key/control"
  | "key/heartbeat"
  | "key/presence"
  | "key/history"
  | "session"
  | "history"
  | "purge"
  | "dropped"
  | "touched"
  | "invite/offer"
  | "invite/commit"
  | "invite/challenge"
  | "invite/reveal"
  | "invite/done"
  | "invite/phrase"
  | "service-token"
  | "enrolment-code"
  | "bearer-token"
  | "outer";

/** The ASCII bytes of a purpose, ended by a zero byte so that no purpose is the beginning of another. */
export function purposeBytes(purpose: Purpose): Uint8Array<ArrayBuffer> {
  return encoder.encode(`aapen-dor/v1/${purpose}\0`);
}
