import { createECDH, createPrivateKey } from "node:crypto";
import * as z from "zod/mini";
import { type Bytes, concatBytes, fromBase64Url, fromHex, toBase64Url, toHex } from "#protocol/bytes.ts";
import { parseControlBody } from "#protocol/control.ts";
import { startGenerations, sumUp } from "#protocol/log-rules.ts";
import { decodePage, decodePush, droppedInput, type Envelope, type EnvelopeType, parseEnvelope, purgeAskInput, sealedUnder, sessionProofInput, signatureInput } from "#protocol/record.ts";
import { type Purpose, purposeBytes } from "#protocol/version.ts";
import { padmeLength, unpack } from "../../src/engine/crypto/padding.ts";
import { hkdf, importSealKey, importVerifier, type KeyPairBytes, openLocal, sha256, verify } from "../../src/engine/crypto/primitives.ts";
import { unwrapSecret } from "../../src/engine/crypto/wrap.ts";
import { checkNumbers, commitTo, type InviteLink, openSlot, parseInviteLink } from "../../src/engine/keys/invitation.ts";
import { deviceIdOf } from "../../src/engine/keys/keyring.ts";
import { parseRecoveryCode, recoveryAgreementPair } from "../../src/engine/keys/recovery.ts";
import { serviceTokenHash } from "../../src/engine/keys/service-token.ts";
import { compareGenerations } from "../../src/engine/log/generations.ts";
import { readQuote } from "../../src/engine/log/reader.ts";
import { commitmentInput, decodeHeartbeat, decodeInside, decodePresence, deriveRoomKey, envelopeIdOf, isQuote, openEnvelope, touchedInput } from "../../src/engine/log/record.ts";
import { broughtBack, emptyRoomState, type RoomState } from "../../src/engine/log/room-state.ts";
import { verifyPage } from "../../src/engine/log/verify.ts";
import { UnreadableError } from "../../src/engine/platform/errors.ts";
import type { Givens, Json, Kind, Operations } from "./format.ts";

// The vectors through our own code. May give less than a vector has, where our code does not show it.

const number4 = (value: number) => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
};
const utf8 = (text: string): Bytes => new Uint8Array(new TextEncoder().encode(text));
const json = (bytes: Bytes): Json => JSON.parse(new TextDecoder().decode(bytes)) as Json;

/** A P-256 pair of its private number. */
export function pairOf(privateNumber: Uint8Array): KeyPairBytes {
  const curve = createECDH("prime256v1");
  curve.setPrivateKey(privateNumber);
  const point = curve.getPublicKey();
  const [d, x, y] = [toBase64Url(privateNumber), toBase64Url(point.subarray(1, 33)), toBase64Url(point.subarray(33))];
  const jwk = { kty: "EC", crv: "P-256", d, x, y };
  const key = createPrivateKey({ key: jwk, format: "jwk" });
  return { privateKey: new Uint8Array(key.export({ format: "der", type: "pkcs8" })), publicKey: new Uint8Array(point) };
}

function privateNumberOf({ privateKey }: KeyPairBytes): string {
  const key = createPrivateKey({ key: Buffer.from(privateKey), format: "der", type: "pkcs8" });
  return Buffer.from(key.export({ format: "jwk" }).d ?? "", "base64url").toString("hex");
}

class RefusedError extends Error {
  readonly refused: "malformed" | "newer";
  readonly why: string;

  constructor(refused: "malformed" | "newer", why: string) {
    super(why);
    this.refused = refused;
    this.why = why;
  }
}

function known<T>(value: T | null, why: string): T {
  if (value === null) throw new RefusedError("malformed", why);
  return value;
}

function parsed(bytes: string): Envelope {
  const read = parseEnvelope(fromHex(bytes));
  if (read.ok) return read.envelope;
  throw read.fault.type === "newerVersion" ? new RefusedError("newer", "version") : new RefusedError("malformed", read.fault.why);
}

function decoded<T>(decode: (bytes: Bytes) => T, bytes: Bytes): T {
  try {
    return decode(bytes);
  } catch {
    throw new RefusedError("malformed", "inside");
  }
}

const linkOf = (link: string): InviteLink => known(parseInviteLink(link), "link");

function updateIn(inside: Bytes) {
  const { authoredAt, items } = decoded(decodeInside, inside);
  return { authoredAt, items: items.map(({ docId, update }) => ({ docId, update: toHex(update) })) };
}

function presenceIn(inside: Bytes) {
  const { at, docId, bytes } = decoded(decodePresence, inside);
  return { at, docId, bytes: toHex(bytes) };
}

const heartbeatIn = (inside: Bytes) => ({ authoredAt: decoded(decodeHeartbeat, inside).authoredAt });

function answersIn(inside: Bytes) {
  const { answers } = decoded(decodeHeartbeat, inside);
  return { answers: answers.map(({ roomId, memberId, sign, kem }) => ({ roomId, memberId, sign: toHex(sign), kem: toHex(kem) })) };
}

async function readLog({ roomId, genesis, generations, envelopes }: Givens["log"]) {
  const before = await emptyRoomState(roomId);
  const started = await startGenerations(sha256, fromHex(roomId), generations, () => undefined);
  const acc = started.findLast(({ fromSeq, start }) => fromSeq === 0 && start !== undefined)?.start ?? before.acc;
  const page = envelopes.map((bytes, index) => ({ seq: index + 1, bytes: fromHex(bytes) }));
  return verifyPage({ roomId, genesis }, { ...before, acc, generations: started }, page, async () => undefined);
}

function outcomeOf({ seq, acc, fault }: RoomState) {
  const stopped = fault === null ? null : fault.type === "needsUpdate" ? "newer" : "malformed";
  return { accepted: seq, stopped, acc: toHex(acc), ...(fault === null ? {} : { why: fault.type }) };
}

const readInside: Record<EnvelopeType, (inside: Bytes) => Json> = { update: updateIn, presence: presenceIn, heartbeat: heartbeatIn, control: json };

const operations: Operations = {
  purpose: ({ name }) => ({ bytes: toHex(purposeBytes(name as Purpose)) }),
  deviceId: async ({ sign, kem }) => ({ deviceId: await deviceIdOf(fromHex(sign), fromHex(kem)) }),
  commitment: async ({ roomId, epoch, secret }) => ({ commitment: toHex(await sha256(commitmentInput(roomId, epoch, fromHex(secret)))) }),
  subKey: async ({ use, secret, roomId, epoch, deviceId, nonce, sealed }) => {
    const key = await deriveRoomKey(fromHex(secret), { roomId, epoch, deviceId }, `key/${use}`);
    return { opened: toHex(await openLocal(key, fromHex(nonce + sealed), new Uint8Array(0))) };
  },
  wrap: async ({ privateKey, wrap, roomId, epoch }) => ({ secret: toHex(await unwrapSecret(pairOf(fromHex(privateKey)), wrap, roomId, epoch)) }),
  history: async ({ secret, roomId, epoch, history }) => {
    const key = await deriveRoomKey(fromHex(secret), { roomId, epoch, deviceId: "00".repeat(16) }, "key/history");
    const under = concatBytes(purposeBytes("history"), fromHex(roomId), number4(epoch));
    return { before: toHex(await openLocal(key, fromBase64Url(history), under)) };
  },
  accumulators: async ({ roomId, generations, envelopeIds }) => {
    const started = await startGenerations(sha256, fromHex(roomId), generations, () => undefined);
    const acc = started.findLast(({ fromSeq, start }) => fromSeq === 0 && start !== undefined)?.start ?? new Uint8Array(0);
    const sums = await sumUp(sha256, fromHex(roomId), started, { seq: 0, acc }, envelopeIds.map(fromHex));
    return { accs: sums.accs.map(toHex), starts: sums.generations.map(({ start }) => (start === undefined ? null : toHex(start))), acc: toHex(sums.acc) };
  },
  padded: ({ lengths }) => ({ padded: lengths.map(padmeLength) }),
  unpack: async ({ packed }) => ({ inside: toHex(await unpack(fromHex(packed))) }),
  envelope: async ({ bytes, sign }) => {
    const envelope = parsed(bytes);
    const id = await envelopeIdOf(fromHex(bytes));
    const texts = Object.fromEntries(Object.entries(envelope).map(([name, value]) => [name, typeof value === "object" ? toHex(value) : value]));
    const signed = await verify(await importVerifier(fromHex(sign)), envelope.signature, signatureInput(id));
    return { ...texts, sealedUnder: toHex(sealedUnder(envelope, envelope.clear)), envelopeId: toHex(id), signed };
  },
  open: async ({ bytes, secret }) => {
    const envelope = parsed(bytes);
    const { type, epoch } = envelope;
    const key = await deriveRoomKey(fromHex(secret), { roomId: toHex(envelope.roomId), epoch, deviceId: toHex(envelope.deviceId) }, `key/${type}`);
    const inside = await openEnvelope(envelope, key);
    return { inside: toHex(inside), read: readInside[type](inside) };
  },
  update: ({ inside }) => updateIn(fromHex(inside)),
  presence: ({ inside }) => presenceIn(fromHex(inside)),
  heartbeat: ({ inside }) => heartbeatIn(fromHex(inside)),
  answers: ({ inside }) => answersIn(fromHex(inside)),
  body: ({ clear }) => {
    const read = parseControlBody(utf8(clear));
    if (read.ok) return { action: read.body.action };
    throw read.refusal.type === "unknownAction" ? new RefusedError("newer", "action") : new RefusedError("malformed", "body");
  },
  log: async (log) => {
    const { state } = await readLog(log);
    return { ...outcomeOf(state), membership: state.membership && shown(state.membership) };
  },
  onward: async ({ page, ...log }) => {
    const entries = known(decodePage(fromHex(page)), "framing");
    const { accepted, state: before } = await readLog(log);
    const updates = accepted.map(({ envelope, envelopeId, deviceId }) => (envelope.type === "update" ? { envelopeId, deviceId, ctr: envelope.ctr } : null));
    const storedAt = async (seq: number) => {
      const acc = accepted[seq - 1]?.acc;
      return acc && { acc, update: updates[seq - 1] ?? null };
    };
    const { state } = await verifyPage(log, before, entries, storedAt);
    return { ...outcomeOf(state), unexplained: Object.keys(state.holes).map(Number), shredded: state.membership?.shredded ?? false };
  },
  adoption: ({ known: knownHere, told, verified, now }) => {
    const way = compareGenerations(knownHere, told, now);
    return "fault" in way ? { fault: way.fault.toUpperCase() } : { goesOnFrom: Math.min(verified, way.sharedThrough) };
  },
  shutOut: async ({ after, ...log }) => {
    const [before, now] = [await readLog(log), await readLog({ ...log, ...after })];
    const shutOut = Object.keys(before.state.membership?.removed ?? {});
    return { back: broughtBack({ ...now.state, shutOut }).sort() };
  },
  quote: async ({ secret, ...log }) => {
    const { roomId } = log;
    const { accepted, state } = await readLog(log);
    const { membership } = state;
    const { envelope, deviceId } = known(accepted.at(-1) ?? null, "log");
    const key = await deriveRoomKey(fromHex(secret), { roomId, epoch: envelope.epoch, deviceId }, "key/update");
    const inside = decodeInside(await openEnvelope(envelope, key));
    const reading = isQuote(inside) ? await readQuote(inside, { roomId, kind: known(membership, "log").roomKind, logGen: envelope.logGen, membership }) : null;
    if (reading?.type !== "update") throw new RefusedError("malformed", reading?.type === "refused" ? reading.reason : "no quote");
    const { author, quotedCtr, inside: quoted } = reading;
    return { author, ctr: quotedCtr, authoredAt: quoted.authoredAt, items: quoted.items.map(({ docId, update }) => ({ docId, update: toHex(update) })) };
  },
  touched: async ({ documents }) => ({ touched: toHex(await sha256(touchedInput(documents))) }),
  purgeAsk: async ({ roomId, dropped, sign, signature, ...asked }) => {
    const signed = purgeAskInput(fromHex(roomId), asked, await sha256(droppedInput(dropped)));
    return { signed: toHex(signed), holds: await verify(await importVerifier(fromHex(sign)), fromHex(signature), signed) };
  },
  push: ({ body }) => ({ envelopes: known(decodePush(fromHex(body)), "framing").map(toHex) }),
  page: ({ body }) => ({ envelopes: known(decodePage(fromHex(body)), "framing").map((entry) => ("bytes" in entry ? { seq: entry.seq, bytes: toHex(entry.bytes) } : entry)) }),
  sessionProof: async ({ challenge, roomId, deviceId, sign, signature }) => {
    const signed = sessionProofInput(fromBase64Url(challenge), fromHex(roomId), fromHex(deviceId));
    return { signed: toHex(signed), holds: await verify(await importVerifier(fromHex(sign)), fromHex(signature), signed) };
  },
  serviceToken: async ({ token }) => ({ hash: await serviceTokenHash(fromHex(token)) }),
  inviteLink: ({ link }) => {
    const { inviteId, secret, genesis } = linkOf(link);
    return { inviteId, secret: toHex(secret), genesis };
  },
  slot: async ({ link, slot, body }) => ({ content: (await openSlot(linkOf(link), slot, z.unknown(), body)) as Json }),
  commit: async ({ reveal }) => ({ commit: await commitTo(reveal) }),
  checkNumbers: async ({ link, challenge, reveal }) => ({ numbers: await checkNumbers(linkOf(link), challenge, reveal) }),
  recoveryCode: async ({ code }) => {
    const secret = known(parseRecoveryCode(code), "code");
    const kem = await recoveryAgreementPair(secret);
    return { secret: toHex(secret), kemPrivate: privateNumberOf(kem), kemPublic: toHex(kem.publicKey) };
  },
  recoveryBundle: async ({ code, bundle }) => {
    const key = await importSealKey(await hkdf(known(parseRecoveryCode(code), "code"), new Uint8Array(0), utf8("aapen-dor/v1/recovery/bundle")));
    return { content: json(await openLocal(key, fromBase64Url(bundle), utf8("aapen-dor/v1/recovery/bundle"))) };
  },
};

type Shown = Awaited<ReturnType<typeof verifyPage>>["state"]["membership"] & object;

function shown({ roomKind, epoch, commitment, controlHead, devices, removed, acceptedGen, keepUntil, shredded }: Shown) {
  const byId = <T>(list: Record<string, T>, of: (value: T) => Json) => Object.fromEntries(Object.entries(list).sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, value]) => [id, of(value)]));
  return {
    roomKind,
    epoch,
    commitment,
    controlHead,
    devices: byId(devices, ({ memberId, role }) => ({ memberId, role })),
    removed: byId(removed, ({ memberId, role, cut, fence }) => ({ memberId, role, cut, fence })),
    acceptedGen,
    keepUntil,
    shredded,
  };
}

/** What a vector gives with our code, and for what is refused the word that our code has for it. */
export async function run<K extends Kind>(kind: K, given: Givens[K]): Promise<{ gives: { [key: string]: Json }; why?: string }> {
  try {
    const { why, ...gives } = JSON.parse(JSON.stringify(await operations[kind](given))) as { [key: string]: Json };
    return typeof why === "string" ? { gives, why } : { gives };
  } catch (error) {
    if (error instanceof UnreadableError) return { gives: { refused: "unreadable" } };
    if (error instanceof RefusedError) return { gives: { refused: error.refused }, why: error.why };
    if (error instanceof RangeError) return { gives: { refused: "malformed" }, why: "range" };
    throw error;
  }
}
