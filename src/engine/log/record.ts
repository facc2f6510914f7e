import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { type Bytes, concatBytes, fromBase64Url, fromHex, toBase64Url, toHex } from "#protocol/bytes.ts";
import {
  type Envelope,
  encodeNumber,
  encodeUnsigned,
  envelopeIdInput,
  type EnvelopeHeader,
  sealedUnder,
  signatureInput,
  withSignature,
} from "#protocol/record.ts";
import { type Purpose, purposeBytes } from "#protocol/version.ts";
import { decrypt, encrypt, hkdf, importSealKey, openLocal, type SealKey, sha256, sign } from "../crypto/primitives.ts";
import { pack, unpack } from "../crypto/padding.ts";

/** One change of one document. `docId` is 34 hexadecimal digits: a kind byte and 16 bytes. SPEC.md [E7], [D1]. */
export type UpdateItem = { docId: string; update: Bytes };

export type UpdateInside = { authoredAt: number; items: UpdateItem[] };

const docIdBytes = 17;

/** What stands in the place of a document's id where an update quotes an envelope that a restored relay has lost. SPEC.md [G7]. */
export const quotedDocId = "ff".repeat(17);

/** The bytes of the key that an envelope opens with, which stand before it in a quote. */
export const quotedKeyBytes = 32;

/** Whether a member has put an envelope into this one that a restored relay lost and cannot take back. SPEC.md [G7]. */
export function isQuote({ items }: UpdateInside): boolean {
  return items.length === 1 && items[0]?.docId === quotedDocId;
}

export function encodeInside(inside: UpdateInside): Bytes {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, inside.authoredAt);
  encoding.writeVarUint(encoder, inside.items.length);
  for (const { docId, update } of inside.items) {
    encoding.writeUint8Array(encoder, fromHex(docId));
    encoding.writeVarUint8Array(encoder, update);
  }
  return encoding.toUint8Array(encoder);
}

/** @throws when the bytes are not exactly one inside */
export function decodeInside(bytes: Bytes): UpdateInside {
  const decoder = decoding.createDecoder(bytes);
  const authoredAt = decoding.readVarUint(decoder);
  const count = decoding.readVarUint(decoder);
  const items: UpdateItem[] = [];
  for (let i = 0; i < count; i++) {
    const docId = toHex(decoding.readUint8Array(decoder, docIdBytes));
    items.push({ docId, update: decoding.readVarUint8Array(decoder).slice() });
  }
  if (decoding.hasContent(decoder)) throw new RangeError("bytes behind the inside");
  return { authoredAt, items };
}

/** A document that a purge touches: its id, and whose the client ids are under which what is destroyed was written there. */
export type TouchedDocument = { docId: string; clients: readonly { client: number; deviceId: string }[] };

/** What is hashed to name what a purge carries on. SPEC.md [Z3]. @param documents in ascending order, with their client ids in ascending order */
export function touchedInput(documents: readonly TouchedDocument[]): Bytes {
  const parts = documents.flatMap(({ docId, clients }) => [
    fromHex(docId),
    encodeNumber(clients.length),
    ...clients.flatMap(({ client, deviceId }) => [encodeNumber(client), fromHex(deviceId)]),
  ]);
  return concatBytes(purposeBytes("touched"), ...parts);
}

/** What a device would be known by in a room that is offered to it: ids in hexadecimal, raw public keys. SPEC.md [O2]. */
export type OfferAnswer = { roomId: string; memberId: string; sign: Bytes; kem: Bytes };

/** Inside of a heartbeat: its author's time, in ms, and what its author answers to offers. SPEC.md [H1]. */
export type HeartbeatInside = { authoredAt: number; answers: readonly OfferAnswer[] };

const idBytes = 16;
const publicKeyBytes = 65;

export function encodeHeartbeat({ authoredAt, answers }: HeartbeatInside): Bytes {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, authoredAt);
  encoding.writeVarUint(encoder, answers.length);
  for (const { roomId, memberId, sign, kem } of answers) encoding.writeVarUint8Array(encoder, concatBytes(fromHex(roomId), fromHex(memberId), sign, kem));
  return encoding.toUint8Array(encoder);
}

/** Answers of a form that this version does not know are passed over. @throws when the bytes are too few for the time and the number of answers */
export function decodeHeartbeat(inside: Bytes): HeartbeatInside {
  const decoder = decoding.createDecoder(inside);
  const authoredAt = decoding.readVarUint(decoder);
  const count = decoding.readVarUint(decoder);
  const answers: OfferAnswer[] = [];
  for (let i = 0; i < count && decoding.hasContent(decoder); i++) {
    const answer = readAnswer(decoder);
    if (answer === null) break;
    if (answer.length === 2 * idBytes + 2 * publicKeyBytes) answers.push(answerOf(answer));
  }
  return { authoredAt, answers };
}

/** null where there are fewer bytes than it says. */
function readAnswer(decoder: decoding.Decoder): Bytes | null {
  try {
    return decoding.readVarUint8Array(decoder).slice();
  } catch {
    return null;
  }
}

function answerOf(bytes: Bytes): OfferAnswer {
  return {
    roomId: toHex(bytes.subarray(0, idBytes)),
    memberId: toHex(bytes.subarray(idBytes, 2 * idBytes)),
    sign: bytes.slice(2 * idBytes, 2 * idBytes + publicKeyBytes),
    kem: bytes.slice(2 * idBytes + publicKeyBytes),
  };
}

/** One word of presence: where its author was in a document, at a time of the author's clock. SPEC.md [N2]. */
export type PresenceInside = { at: number; docId: string; bytes: Bytes };

export function encodePresence({ at, docId, bytes }: PresenceInside): Bytes {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, at);
  encoding.writeUint8Array(encoder, fromHex(docId));
  encoding.writeUint8Array(encoder, bytes);
  return encoding.toUint8Array(encoder);
}

/** @throws when the bytes are too few */
export function decodePresence(inside: Bytes): PresenceInside {
  const decoder = decoding.createDecoder(inside);
  const at = decoding.readVarUint(decoder);
  const docId = toHex(decoding.readUint8Array(decoder, docIdBytes));
  return { at, docId, bytes: decoding.readTailAsUint8Array(decoder).slice() };
}

/** The sub-key of one author for one purpose in one epoch. SPEC.md [K5]. */
export function deriveRoomKeyBytes(
  epochSecret: Bytes,
  at: { roomId: string; epoch: number; deviceId: string },
  purpose: Extract<Purpose, `key/${string}`>,
): Promise<Bytes> {
  const number = new Uint8Array(4);
  new DataView(number.buffer).setUint32(0, at.epoch);
  const info = concatBytes(purposeBytes(purpose), number, fromHex(at.deviceId));
  return hkdf(epochSecret, fromHex(at.roomId), info);
}

export async function deriveRoomKey(...given: Parameters<typeof deriveRoomKeyBytes>): Promise<SealKey> {
  return importSealKey(await deriveRoomKeyBytes(...given));
}

const noDevice = "00".repeat(16);

function historyContext({ roomId, epoch }: { roomId: string; epoch: number }): Bytes {
  const number = new Uint8Array(4);
  new DataView(number.buffer).setUint32(0, epoch);
  return concatBytes(purposeBytes("history"), fromHex(roomId), number);
}

/** The secret of the epoch before, for whoever has this one's. SPEC.md [K8]. @param at the epoch that begins @returns base64url */
export async function sealHistory(secret: Bytes, at: { roomId: string; epoch: number }, earlier: Bytes, nonce: Bytes): Promise<string> {
  const key = await deriveRoomKey(secret, { ...at, deviceId: noDevice }, "key/history");
  return toBase64Url(concatBytes(nonce, await encrypt(key, nonce, earlier, historyContext(at))));
}

/** @throws {UnreadableError} when the link was not sealed under this secret */
export async function openHistory(secret: Bytes, at: { roomId: string; epoch: number }, link: string): Promise<Bytes> {
  const key = await deriveRoomKey(secret, { ...at, deviceId: noDevice }, "key/history");
  return openLocal(key, fromBase64Url(link), historyContext(at));
}

/** What the commitment of an epoch secret is a hash of. SPEC.md [K4]. */
export function commitmentInput(roomId: string, epoch: number, secret: Bytes): Bytes {
  const number = new Uint8Array(4);
  new DataView(number.buffer).setUint32(0, epoch);
  return concatBytes(purposeBytes("commitment"), fromHex(roomId), number, secret);
}

/** Deflates, pads, seals and signs. @returns the envelope's bytes and its id */
export async function sealEnvelope(
  header: EnvelopeHeader,
  clear: Bytes,
  inside: Bytes,
  keys: { seal: SealKey; sign: CryptoKey },
  nonce: Bytes,
): Promise<{ bytes: Bytes; envelopeId: Bytes }> {
  const sealed = await encrypt(keys.seal, nonce, await pack(inside), sealedUnder(header, clear));
  const unsigned = encodeUnsigned({ ...header, clear, nonce, sealed });
  const unsignedAndRoom = withSignature(unsigned, new Uint8Array(64));
  const envelopeId = await sha256(envelopeIdInput(unsignedAndRoom));
  return { bytes: withSignature(unsigned, await sign(keys.sign, signatureInput(envelopeId))), envelopeId };
}

/** @throws {UnreadableError | RangeError} when the inside does not open under the key or is broken */
export async function openEnvelope(envelope: Envelope, key: SealKey): Promise<Bytes> {
  return unpack(await decrypt(key, envelope.nonce, envelope.sealed, sealedUnder(envelope, envelope.clear)));
}

export async function envelopeIdOf(bytes: Bytes): Promise<Bytes> {
  return sha256(envelopeIdInput(bytes));
}
