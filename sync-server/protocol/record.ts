import { concatBytes, equalBytes, fromHex, toHex, type Bytes } from "./bytes.ts";
import type { Dropped } from "./control.ts";
import { limits } from "./limits.ts";
import { protocolVersion, purposeBytes, suite as suite1 } from "./version.ts";

/** What an envelope carries. Presence is handed on and never stored. SPEC.md §11. */
export const envelopeTypes = { update: 1, control: 2, heartbeat: 3, presence: 4 } as const;
export type EnvelopeType = keyof typeof envelopeTypes;

const typeNames = new Map<number, EnvelopeType>(
  Object.entries(envelopeTypes).map(([name, code]) => [code, name as EnvelopeType]),
);

/** The signed and authenticated head of every envelope. Numbers are whole and at most 2^53 − 1. SPEC.md §2. */
export type EnvelopeHeader = {
  suite: number;
  type: EnvelopeType;
  /** 16 bytes */
  roomId: Bytes;
  /** 16 bytes */
  deviceId: Bytes;
  epoch: number;
  /** Counts this device's stored envelopes in this room, from 1; 0 in presence. */
  ctr: number;
  /** 32 bytes: envelope id of the device's envelope before this one, zeros for the first. */
  prev: Bytes;
  logGen: number;
  /** How far the author had verified the log. */
  seenSeq: number;
  /** 32 bytes: the accumulator at seenSeq. */
  seenAcc: Bytes;
  /** 32 bytes: envelope id of what this one replaces after a rotation, else zeros. */
  resealOf: Bytes;
};

export type Envelope = EnvelopeHeader & {
  /** The signed clear body of a control envelope (JSON); empty in all others. */
  clear: Bytes;
  /** 12 bytes */
  nonce: Bytes;
  /** AES-256-GCM ciphertext and its 16 byte tag. */
  sealed: Bytes;
  /** 64 bytes, P1363 */
  signature: Bytes;
};

export type EnvelopeFault =
  | { type: "malformed"; why: "length" | "magic" | "type" | "number" | "chain" | "clear" | "size" }
  | { type: "newerVersion"; version: number };

const magic = [0x41, 0x44, 0x52] as const;
const idBytes = 16;
const hashBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const signatureBytes = 64;

/** 162: the fixed part of the header. */
export const headerBytes = 3 + 1 + 1 + 1 + idBytes * 2 + 4 + 8 + hashBytes + 8 + 8 + hashBytes + hashBytes;

/** Where the type byte lies. */
export const typeOffset = 5;

const emptyHash = new Uint8Array(hashBytes);
export const noHash: Readonly<Bytes> = emptyHash;

function writeNumber(view: DataView, offset: number, value: number): void {
  view.setBigUint64(offset, BigInt(value));
}

/** In eight bytes. */
export function encodeNumber(value: number): Bytes {
  const bytes = new Uint8Array(8);
  writeNumber(new DataView(bytes.buffer), 0, value);
  return bytes;
}

function encodeHeader(header: EnvelopeHeader, clear: Uint8Array): Bytes {
  const bytes = new Uint8Array(headerBytes + 4 + clear.length);
  const view = new DataView(bytes.buffer);
  bytes.set(magic, 0);
  bytes[3] = protocolVersion;
  bytes[4] = header.suite;
  bytes[typeOffset] = envelopeTypes[header.type];
  bytes.set(header.roomId, 6);
  bytes.set(header.deviceId, 22);
  view.setUint32(38, header.epoch);
  writeNumber(view, 42, header.ctr);
  bytes.set(header.prev, 50);
  writeNumber(view, 82, header.logGen);
  writeNumber(view, 90, header.seenSeq);
  bytes.set(header.seenAcc, 98);
  bytes.set(header.resealOf, 130);
  view.setUint32(headerBytes, clear.length);
  bytes.set(clear, headerBytes + 4);
  return bytes;
}

/** The additional authenticated data of the seal: purpose, the whole header and the clear body. */
export function sealedUnder(header: EnvelopeHeader, clear: Uint8Array): Bytes {
  return concatBytes(purposeBytes("aad"), encodeHeader(header, clear));
}

/** Everything of an envelope but its signature. The envelope id is the SHA-256 of `envelopeIdInput` of it. */
export function encodeUnsigned(envelope: Omit<Envelope, "signature">): Bytes {
  const tail = new Uint8Array(nonceBytes + 4);
  tail.set(envelope.nonce, 0);
  new DataView(tail.buffer).setUint32(nonceBytes, envelope.sealed.length);
  return concatBytes(encodeHeader(envelope, envelope.clear), tail, envelope.sealed);
}

/** Puts a 64 byte signature behind what `encodeUnsigned` gave. */
export function withSignature(unsigned: Uint8Array, signature: Uint8Array): Bytes {
  return concatBytes(unsigned, signature);
}

/** What is hashed to get the id of an envelope, from its bytes with the signature. */
export function envelopeIdInput(bytes: Uint8Array): Bytes {
  return concatBytes(purposeBytes("env"), bytes.subarray(0, bytes.length - signatureBytes));
}

/** What a device signs: the purpose and the envelope id. */
export function signatureInput(envelopeId: Uint8Array): Bytes {
  return concatBytes(purposeBytes("sig"), envelopeId);
}

/** What is hashed to get acc_0 of a log. */
export function accStartInput(roomId: Uint8Array, logGen: number): Bytes {
  const number = new Uint8Array(8);
  writeNumber(new DataView(number.buffer), 0, logGen);
  return concatBytes(purposeBytes("acc0"), roomId, number);
}

/** What is hashed to get acc_s from acc_{s−1} and the id of the envelope numbered s. */
export function accNextInput(acc: Uint8Array, envelopeId: Uint8Array): Bytes {
  return concatBytes(purposeBytes("acc"), acc, envelopeId);
}

/** What is hashed, and cut to 16 bytes, to get a device id from its two public keys. */
export function deviceIdInput(signPublic: Uint8Array, kemPublic: Uint8Array): Bytes {
  return concatBytes(purposeBytes("device"), signPublic, kemPublic);
}

export type ParsedEnvelope = { ok: true; envelope: Envelope } | { ok: false; fault: EnvelopeFault };

/** Reads exactly one envelope; every byte must be accounted for. Never throws. */
export function parseEnvelope(bytes: Bytes): ParsedEnvelope {
  const refuse = (why: Extract<EnvelopeFault, { type: "malformed" }>["why"]): ParsedEnvelope => ({
    ok: false,
    fault: { type: "malformed", why },
  });
  if (bytes.length > limits.envelopeBytes) return refuse("size");
  if (bytes.length < headerBytes + 4 + nonceBytes + 4 + tagBytes + signatureBytes) return refuse("length");
  if (bytes[0] !== magic[0] || bytes[1] !== magic[1] || bytes[2] !== magic[2]) return refuse("magic");
  const version = bytes[3] ?? 0;
  if (version > protocolVersion) return { ok: false, fault: { type: "newerVersion", version } };
  if (version !== protocolVersion) return refuse("magic");
  const suite = bytes[4] ?? 0;
  if (suite > suite1) return { ok: false, fault: { type: "newerVersion", version } };
  if (suite !== suite1) return refuse("type");
  const type = typeNames.get(bytes[typeOffset] ?? 0);
  if (type === undefined) return refuse("type");
  if (type === "presence" && bytes.length > limits.presenceBytes) return refuse("size");
  if (type === "heartbeat" && bytes.length > limits.heartbeatBytes) return refuse("size");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const clearLength = view.getUint32(headerBytes);
  if (clearLength > limits.clearBytes || (clearLength > 0) !== (type === "control")) return refuse("clear");
  const nonceAt = headerBytes + 4 + clearLength;
  const sealedAt = nonceAt + nonceBytes + 4;
  if (sealedAt + tagBytes + signatureBytes > bytes.length) return refuse("length");
  const sealedLength = view.getUint32(nonceAt + nonceBytes);
  if (sealedLength < tagBytes || sealedAt + sealedLength + signatureBytes !== bytes.length) return refuse("length");
  const numbers = [42, 82, 90].map((offset) => view.getBigUint64(offset));
  if (numbers.some((value) => value > BigInt(Number.MAX_SAFE_INTEGER))) return refuse("number");
  const [ctr, logGen, seenSeq] = numbers.map(Number) as [number, number, number];
  if ((ctr === 0) !== (type === "presence")) return refuse("number");
  const [prev, resealOf] = [bytes.slice(50, 82), bytes.slice(130, 162)];
  if (type === "presence" && !(equalBytes(prev, emptyHash) && equalBytes(resealOf, emptyHash))) return refuse("chain");
  return {
    ok: true,
    envelope: {
      suite,
      type,
      roomId: bytes.slice(6, 22),
      deviceId: bytes.slice(22, 38),
      epoch: view.getUint32(38),
      ctr,
      prev,
      logGen,
      seenSeq,
      seenAcc: bytes.slice(98, 130),
      resealOf,
      clear: bytes.slice(headerBytes + 4, nonceAt),
      nonce: bytes.slice(nonceAt, nonceAt + nonceBytes),
      sealed: bytes.slice(sealedAt, sealedAt + sealedLength),
      signature: bytes.slice(sealedAt + sealedLength),
    },
  };
}

/** What the rules look at of an envelope; ids and hashes in hexadecimal. */
export type EnvelopeFacts = {
  envelopeId: string;
  type: EnvelopeType;
  roomId: string;
  deviceId: string;
  epoch: number;
  ctr: number;
  prev: string;
  logGen: number;
  seenSeq: number;
  seenAcc: string;
};

export function factsOf(envelope: Envelope, envelopeId: Bytes): EnvelopeFacts {
  const { type, epoch, ctr, logGen, seenSeq } = envelope;
  return {
    envelopeId: toHex(envelopeId),
    type,
    roomId: toHex(envelope.roomId),
    deviceId: toHex(envelope.deviceId),
    epoch,
    ctr,
    prev: toHex(envelope.prev),
    logGen,
    seenSeq,
    seenAcc: toHex(envelope.seenAcc),
  };
}

/** What a leaf signs to open a session for its room. SPEC.md [R6]. Ids in bytes. */
export function sessionProofInput(challenge: Uint8Array, roomId: Uint8Array, deviceId: Uint8Array): Bytes {
  return concatBytes(purposeBytes("session"), challenge, roomId, deviceId);
}

/** What is hashed to name all that a purge destroys. SPEC.md [Z3]. @param dropped in the order of the numbers */
export function droppedInput(dropped: readonly Dropped[]): Bytes {
  return concatBytes(purposeBytes("dropped"), ...dropped.flatMap((one) => [encodeNumber(one.seq), encodeDropped({ seq: one.seq, dropped: one })]));
}

/**
 * What a person signs who asks that what was written in a document up to a number be purged. SPEC.md [Z3].
 * @param droppedHash of `droppedInput`, 32 bytes
 */
export function purgeAskInput(roomId: Uint8Array, { docId, through, touched }: { docId: string; through: number; touched: string }, droppedHash: Uint8Array): Bytes {
  return concatBytes(purposeBytes("purge"), roomId, fromHex(docId), encodeNumber(through), droppedHash, fromHex(touched));
}

/** A push body: each envelope behind its length in four bytes. */
export function encodePush(envelopes: readonly Uint8Array[]): Bytes {
  const parts: Uint8Array[] = [];
  for (const envelope of envelopes) {
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, envelope.length);
    parts.push(length, envelope);
  }
  return concatBytes(...parts);
}

/** The envelopes of a push body, unparsed, or null when the framing is broken or over a limit. */
export function decodePush(body: Bytes): Bytes[] | null {
  const envelopes: Bytes[] = [];
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  let offset = 0;
  while (offset < body.length) {
    if (offset + 4 > body.length || envelopes.length === limits.pushEnvelopes) return null;
    const length = view.getUint32(offset);
    offset += 4;
    if (length > limits.envelopeBytes || offset + length > body.length) return null;
    envelopes.push(body.slice(offset, offset + length));
    offset += length;
  }
  return envelopes;
}

export type NumberedEnvelope = { seq: number; bytes: Bytes };

/** What is left of an envelope that was purged: ids in hexadecimal. SPEC.md [Z4]. */
export type DroppedEnvelope = { seq: number; dropped: { envelopeId: string; deviceId: string; ctr: number } };

export type LogEntry = NumberedEnvelope | DroppedEnvelope;

/** Stands in the place of a length where the bytes are gone; what is left of the envelope follows. */
const droppedMark = 0xff_ff_ff_ff;
const droppedBytes = hashBytes + idBytes + 8;

/** A page of a log: each envelope behind its number (eight bytes) and its length (four bytes). */
export function encodePage(page: readonly LogEntry[]): Bytes {
  const parts: Uint8Array[] = [];
  for (const entry of page) {
    const head = new Uint8Array(12);
    const view = new DataView(head.buffer);
    writeNumber(view, 0, entry.seq);
    view.setUint32(8, "bytes" in entry ? entry.bytes.length : droppedMark);
    parts.push(head, "bytes" in entry ? entry.bytes : encodeDropped(entry));
  }
  return concatBytes(...parts);
}

function encodeDropped({ dropped: { envelopeId, deviceId, ctr } }: DroppedEnvelope): Bytes {
  return concatBytes(fromHex(envelopeId), fromHex(deviceId), encodeNumber(ctr));
}

/** The entries of a page, unparsed, or null when the framing is broken or over a limit. */
export function decodePage(body: Bytes): LogEntry[] | null {
  const page: LogEntry[] = [];
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  let offset = 0;
  while (offset < body.length) {
    if (offset + 12 > body.length || page.length === limits.pageEnvelopes) return null;
    const seq = view.getBigUint64(offset);
    const length = view.getUint32(offset + 8);
    offset += 12;
    if (seq > BigInt(Number.MAX_SAFE_INTEGER)) return null;
    if (length === droppedMark) {
      if (offset + droppedBytes > body.length) return null;
      const ctr = view.getBigUint64(offset + hashBytes + idBytes);
      if (ctr > BigInt(Number.MAX_SAFE_INTEGER)) return null;
      const [envelopeId, deviceId] = [body.subarray(offset, offset + hashBytes), body.subarray(offset + hashBytes, offset + hashBytes + idBytes)];
      page.push({ seq: Number(seq), dropped: { envelopeId: toHex(envelopeId), deviceId: toHex(deviceId), ctr: Number(ctr) } });
      offset += droppedBytes;
      continue;
    }
    if (length > limits.envelopeBytes || offset + length > body.length) return null;
    page.push({ seq: Number(seq), bytes: body.slice(offset, offset + length) });
    offset += length;
  }
  return page;
}
