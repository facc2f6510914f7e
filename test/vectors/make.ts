import { createECDH, hash, hkdfSync } from "node:crypto";
import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "@hpke/core";
import { deflateSync } from "fflate";
import { type Bytes, concatBytes, fromHex, toBase64Url, toHex } from "#protocol/bytes.ts";
import type { ControlBody, Dropped, MemberDevice, Role, RoomKind } from "#protocol/control.ts";
import { firstGeneration, type Generation, presentGeneration, startGenerations, sumUp, accSeenIn } from "#protocol/log-rules.ts";
import {
  droppedInput,
  encodePage,
  encodePush,
  encodeUnsigned,
  envelopeIdInput,
  type EnvelopeHeader,
  type EnvelopeType,
  type LogEntry,
  parseEnvelope,
  purgeAskInput,
  sealedUnder,
  sessionProofInput,
  signatureInput,
  withSignature,
} from "#protocol/record.ts";
import { type Purpose, purposeBytes } from "#protocol/version.ts";
import { pack, padmeLength } from "../../src/engine/crypto/padding.ts";
import { encrypt, hkdf, importSealKey, type KeyPairBytes, sha256 } from "../../src/engine/crypto/primitives.ts";
import { deviceIdOf, publicLeaf } from "../../src/engine/keys/keyring.ts";
import { createRecovery } from "../../src/engine/keys/recovery.ts";
import { commitmentInput, deriveRoomKey, deriveRoomKeyBytes, encodeHeartbeat, encodeInside, encodePresence, quotedDocId, touchedInput } from "../../src/engine/log/record.ts";
import type { Givens, Json, Kind, Vector } from "./format.ts";
import { pairOf, run } from "./ours.ts";
import { read } from "./reader.ts";

// Makes the vectors from a seed: the same bytes each time. Writes only files that are not there, so that nothing frozen is ever changed.

const seed = "aapen-dor vectors 1";
const folder = import.meta.dirname;
const none = new Uint8Array(0);
const utf8 = (text: string): Bytes => new Uint8Array(new TextEncoder().encode(text));
const bytes = (label: string, length: number): Bytes => new Uint8Array(hkdfSync("sha256", seed, "", label, length));
const number4 = (value: number) => {
  const four = new Uint8Array(4);
  new DataView(four.buffer).setUint32(0, value);
  return four;
};

// Signatures whose one-time number follows from the seed. For vectors only.

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const toNumber = (of: Uint8Array) => BigInt(`0x${toHex(of)}`);
const toBytes = (of: bigint) => fromHex(of.toString(16).padStart(64, "0"));

function inverse(of: bigint): bigint {
  let [a, b, x, y] = [of % order, order, 1n, 0n];
  while (a > 1n) [a, b, x, y] = [b % a, a, y - (b / a) * x, x];
  return ((x % order) + order) % order;
}

function signWith(privateNumber: Uint8Array, message: Uint8Array): Bytes {
  const once = toNumber(bytes(`once ${toHex(privateNumber)} ${hash("sha256", message)}`, 32)) % order;
  const point = createECDH("prime256v1");
  point.setPrivateKey(toBytes(once));
  const r = toNumber(point.getPublicKey().subarray(1, 33)) % order;
  const z = BigInt(`0x${hash("sha256", message)}`);
  return concatBytes(toBytes(r), toBytes((inverse(once) * (z + r * toNumber(privateNumber))) % order));
}

const hpke = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

async function wrapFor(device: { deviceId: string; leaf: { kem: string } }, roomId: string, epoch: number, secret: Bytes) {
  const recipientPublicKey = await hpke.kem.deserializePublicKey(Uint8Array.from(Buffer.from(device.leaf.kem, "base64url")).buffer);
  const info = concatBytes(purposeBytes("wrap"), fromHex(roomId), number4(epoch), fromHex(device.deviceId));
  const ekm = bytes(`wrap ${device.deviceId} ${roomId} ${epoch} ${toHex(secret)}`, 32);
  const { enc, ct } = await hpke.seal({ recipientPublicKey, info, ekm }, secret);
  return { deviceId: device.deviceId, enc: toBase64Url(new Uint8Array(enc)), sealed: toBase64Url(new Uint8Array(ct)) };
}

type Device = MemberDevice & { signPrivate: Bytes; kemPrivate: Bytes; signPair: KeyPairBytes; kemPair: KeyPairBytes };

/** «siri.phone» and «siri.tablet» are of one person. */
async function deviceOf(name: string, role: Role): Promise<Device> {
  const [signPrivate, kemPrivate] = [bytes(`sign ${name}`, 32), bytes(`kem ${name}`, 32)];
  const [sign, kem] = [pairOf(signPrivate), pairOf(kemPrivate)];
  return {
    memberId: toHex(bytes(`member ${name.split(".")[0]}`, 16)),
    role,
    deviceId: await deviceIdOf(sign.publicKey, kem.publicKey),
    leaf: publicLeaf({ sign, kem }),
    signPrivate,
    kemPrivate,
    signPair: sign,
    kemPair: kem,
  };
}

const memberOf = ({ memberId, role, deviceId, leaf }: MemberDevice): MemberDevice => ({ memberId, role, deviceId, leaf });

type Content = { clear?: Bytes; inside?: Bytes; secret?: Bytes; changes?: Partial<EnvelopeHeader>; signedBy?: Bytes };

async function sealedBy(author: Device, header: EnvelopeHeader, { clear = none, inside = none, secret = none, signedBy = author.signPrivate }: Content): Promise<Bytes> {
  const { type, epoch, ctr } = header;
  const at = { roomId: toHex(header.roomId), epoch, deviceId: toHex(header.deviceId) };
  // The first heartbeats are of before there was a key for them: they say nothing, and their sealed part is as long as the others'.
  const isKeyless = type === "heartbeat" && inside.length === 0;
  const key = await (isKeyless ? importSealKey(bytes("heartbeat", 32)) : deriveRoomKey(secret, at, `key/${type}`));
  const nonce = bytes(`nonce ${at.roomId} ${at.deviceId} ${type} ${ctr} ${hash("sha256", concatBytes(clear, inside))}`, 12);
  const sealed = await encrypt(key, nonce, await pack(inside), sealedUnder(header, clear));
  const unsigned = encodeUnsigned({ ...header, clear, nonce, sealed });
  const id = await sha256(envelopeIdInput(withSignature(unsigned, new Uint8Array(64))));
  return withSignature(unsigned, signWith(signedBy, signatureInput(id)));
}

type LogParts = Pick<Log, "envelopes" | "generations" | "epoch" | "controlHead" | "authors">;

/** A room's log while it is made. Each step gives a new one. */
class Log {
  readonly roomId: string;
  readonly envelopes: readonly Bytes[];
  readonly generations: readonly Generation[];
  readonly epoch: number;
  readonly controlHead: string;
  readonly authors: ReadonlyMap<string, { ctr: number; tip: Bytes }>;

  constructor(from: Pick<Log, "roomId"> & Partial<LogParts>) {
    this.roomId = from.roomId;
    this.envelopes = from.envelopes ?? [];
    this.generations = from.generations ?? [firstGeneration];
    this.epoch = from.epoch ?? 0;
    this.controlHead = from.controlHead ?? "";
    this.authors = from.authors ?? new Map();
  }

  changed(parts: Partial<LogParts>): Log {
    const { roomId: room, envelopes, generations, epoch, controlHead, authors } = this;
    return new Log({ roomId: room, envelopes, generations, epoch, controlHead, authors, ...parts });
  }

  secret(epoch: number): Bytes {
    return bytes(`secret ${this.roomId} ${epoch}`, 32);
  }

  async commitment(epoch: number): Promise<string> {
    return toHex(await sha256(commitmentInput(this.roomId, epoch, this.secret(epoch))));
  }

  wraps(devices: readonly Device[], epoch = this.epoch) {
    return Promise.all(devices.map((device) => wrapFor(device, this.roomId, epoch, this.secret(epoch))));
  }

  async history(epoch: number): Promise<string> {
    const key = await deriveRoomKey(this.secret(epoch), { roomId: this.roomId, epoch, deviceId: "00".repeat(16) }, "key/history");
    const nonce = bytes(`history ${this.roomId} ${epoch}`, 12);
    const under = concatBytes(purposeBytes("history"), fromHex(this.roomId), number4(epoch));
    return toBase64Url(concatBytes(nonce, await encrypt(key, nonce, this.secret(epoch - 1), under)));
  }

  /** The next envelope as an honest device makes it, but for the changes. */
  async next(author: Device, type: EnvelopeType, content: Content = {}): Promise<Bytes> {
    const ids = await Promise.all(this.envelopes.map((one) => sha256(envelopeIdInput(one))));
    const started = await startGenerations(sha256, fromHex(this.roomId), this.generations, () => undefined);
    const acc = started.findLast(({ fromSeq, start }) => fromSeq === 0 && start !== undefined)?.start ?? none;
    const sums = await sumUp(sha256, fromHex(this.roomId), started, { seq: 0, acc }, ids);
    const logGen = content.changes?.logGen ?? presentGeneration(this.generations).logGen;
    const seenSeq = content.changes?.seenSeq ?? this.envelopes.length;
    const seenAcc = accSeenIn(sums.generations, (seq) => sums.accs[seq - 1], logGen, seenSeq) ?? bytes("unknown", 32);
    const head = this.authors.get(author.deviceId);
    const header: EnvelopeHeader = {
      suite: 1,
      type,
      roomId: fromHex(this.roomId),
      deviceId: fromHex(author.deviceId),
      epoch: this.epoch,
      ctr: type === "presence" ? 0 : (head?.ctr ?? 0) + 1,
      prev: type === "presence" ? new Uint8Array(32) : (head?.tip ?? new Uint8Array(32)),
      logGen,
      seenSeq,
      seenAcc,
      resealOf: new Uint8Array(32),
      ...content.changes,
    };
    return sealedBy(author, header, { secret: this.secret(header.epoch), ...content });
  }

  async with(author: Device, envelope: Bytes, epoch = this.epoch, isControl = false): Promise<Log> {
    const tip = await sha256(envelopeIdInput(envelope));
    const authors = new Map(this.authors).set(author.deviceId, { ctr: (this.authors.get(author.deviceId)?.ctr ?? 0) + 1, tip });
    return this.changed({ envelopes: [...this.envelopes, envelope], authors, epoch, controlHead: isControl ? toHex(tip) : this.controlHead });
  }

  async control(author: Device, body: ControlBody | Json, changes: Partial<EnvelopeHeader> = {}, inside: Json = {}): Promise<Bytes> {
    const isNew = typeof body === "object" && body !== null && ("history" in body || ("action" in body && body.action === "genesis"));
    const content = { clear: utf8(JSON.stringify(body)), inside: utf8(JSON.stringify(inside)) };
    return this.next(author, "control", { ...content, changes: { epoch: this.epoch + (isNew ? 1 : 0), ...changes } });
  }

  async controlled(author: Device, body: ControlBody, inside: Json = {}): Promise<Log> {
    const isNew = "history" in body || body.action === "genesis";
    return this.with(author, await this.control(author, body, {}, inside), this.epoch + (isNew ? 1 : 0), true);
  }

  async updated(author: Device, changes: Partial<EnvelopeHeader> = {}): Promise<Log> {
    return this.with(author, await this.next(author, "update", { inside: anUpdate, changes }));
  }

  /** As it stands, but that a generation has begun behind a number of it: what lies beyond was given back. */
  restoredBehind(fromSeq: number, logGen: number): Log {
    return this.changed({ generations: [...this.generations, { logGen, fromSeq }] });
  }
}

const indexDoc = `01${"00".repeat(16)}`;
const caseDoc = `02${toHex(bytes("case", 16))}`;
const anUpdate = encodeInside({ authoredAt: 1_790_000_000_123, items: [{ docId: indexDoc, update: bytes("yjs", 40) }] });

const [ada, bo, siri, siriPhone, rektor, lead, paper, newPaper] = await Promise.all([
  deviceOf("ada", "consultant"),
  deviceOf("bo", "consultant"),
  deviceOf("siri.tablet", "socialTeacher"),
  deviceOf("siri.phone", "socialTeacher"),
  deviceOf("rektor", "principal"),
  deviceOf("lead", "serviceLead"),
  deviceOf("paper", "recovery"),
  deviceOf("new paper", "recovery"),
]);

async function genesisOf(log: Log, roomKind: RoomKind, members: Device[]): Promise<Extract<ControlBody, { action: "genesis" }>> {
  const serviceId = roomKind === "service" ? log.roomId : toHex(bytes("service", 16));
  return { action: "genesis", roomKind, serviceId, members: members.map(memberOf), commitment: await log.commitment(1), wraps: await log.wraps(members, 1) };
}

async function adding(log: Log, action: "addMember" | "addDevice", device: Device): Promise<ControlBody> {
  return { action, previousControl: log.controlHead, member: memberOf(device), commitment: await log.commitment(log.epoch), wraps: await log.wraps([device]) };
}

async function beginning(log: Log, left: Device[]) {
  const epoch = log.epoch + 1;
  return { previousControl: log.controlHead, commitment: await log.commitment(epoch), wraps: await log.wraps(left, epoch), history: await log.history(epoch) };
}

async function foundedLog(name: string, kind: RoomKind, members: Device[]): Promise<Log> {
  const log = new Log({ roomId: toHex(bytes(`room ${name}`, 16)) });
  return log.controlled(members[0] as Device, await genesisOf(log, kind, members), { name: "Ada" });
}

// The vectors.

const files = new Map<string, { bases: Record<string, string[]>; vectors: Vector[] }>();
const hexes = (list: readonly Uint8Array[]) => list.map(toHex);
const flip = (of: Bytes, at: number): Bytes => of.map((byte, index) => (index === (at < 0 ? of.length + at : at) ? byte ^ 1 : byte));
const put = (of: Bytes, at: number, ...values: number[]): Bytes => {
  const changed = of.slice();
  changed.set(values, at);
  return changed;
};

/** @param as what stands in the file where it is not what is given */
async function add<K extends Kind>(file: string, name: string, rules: string, kind: K, given: Givens[K], as: Vector["given"] = given): Promise<void> {
  const { gives, why } = await run(kind, given);
  const into = files.get(file) ?? { bases: {}, vectors: [] };
  files.set(file, into);
  // What our code does not show, such as a key, the second reader does; where they differ, the tests say so.
  const shown = { ...(read(kind, given) as Vector["gives"]), ...gives };
  into.vectors.push({ name, rules: rules.split(" "), kind, given: as, gives: shown, ...(why === undefined ? {} : { why }) });
}

const roomId = toHex(bytes("room", 16));
const secret = toHex(bytes("secret", 32));
const generationsOf = (...begins: number[]): Generation[] => [firstGeneration, ...begins.map((fromSeq, index) => ({ logGen: 1_790_000_000 + index, fromSeq }))];

// Keys and hashes.
for (const name of ["env", "key/history", "invite/offer"] satisfies Purpose[]) await add("keys", `the bytes of the purpose ${name}`, "K2", "purpose", { name });
for (const device of [ada, siri]) {
  await add("keys", `a device id of its two keys, ${device.role}`, "K3", "deviceId", { sign: toHex(device.signPair.publicKey), kem: toHex(device.kemPair.publicKey) });
}
for (const epoch of [1, 2, 0xffff_ffff]) await add("keys", `the commitment of a secret in epoch ${epoch}`, "K4", "commitment", { roomId, epoch, secret });
for (const [use, epoch] of [["update", 1], ["control", 1], ["presence", 1], ["update", 2]] as const) {
  const nonce = bytes(`sub-key ${use}`, 12);
  const key = await deriveRoomKey(fromHex(secret), { roomId, epoch, deviceId: ada.deviceId }, `key/${use}`);
  const sealed = await encrypt(key, nonce, utf8(`under the key for ${use}`), none);
  await add("keys", `the key for ${use} of one author in epoch ${epoch}`, "K5", "subKey", { use, secret, roomId, epoch, deviceId: ada.deviceId, nonce: toHex(nonce), sealed: toHex(sealed) });
}
const wrap = await wrapFor(siri, roomId, 3, fromHex(secret));
const privateKey = toHex(siri.kemPrivate);
await add("keys", "a wrap opens with the device's key", "K6 K1", "wrap", { privateKey, wrap, roomId, epoch: 3 });
await add("keys", "a wrap of another epoch does not open", "K6", "wrap", { privateKey, wrap, roomId, epoch: 4 });
await add("keys", "a wrap of another room does not open", "K6", "wrap", { privateKey, wrap, roomId: toHex(bytes("other room", 16)), epoch: 3 });
await add("keys", "a wrap under another device's name does not open", "K6", "wrap", { privateKey, wrap: { ...wrap, deviceId: bo.deviceId }, roomId, epoch: 3 });
await add("keys", "a wrap does not open with another key", "K6", "wrap", { privateKey: toHex(bo.kemPrivate), wrap, roomId, epoch: 3 });
await add("keys", "a wrap whose encapsulated key is no point does not open", "K6", "wrap", { privateKey, wrap: { ...wrap, enc: toBase64Url(put(bytes("no point", 65), 0, 4)) }, roomId, epoch: 3 });
{
  const log = new Log({ roomId });
  const history = await log.history(2);
  const at = { secret: toHex(log.secret(2)), roomId, history };
  await add("keys", "the secret before, read back from the history link", "K8", "history", { ...at, epoch: 2 });
  await add("keys", "a history link of another epoch does not open", "K8", "history", { ...at, epoch: 3 });
}
{
  const challenge = toBase64Url(bytes("challenge", 32));
  const signature = signWith(ada.signPrivate, sessionProofInput(bytes("challenge", 32), fromHex(roomId), fromHex(ada.deviceId)));
  const at = { challenge, roomId, deviceId: ada.deviceId, sign: toHex(ada.signPair.publicKey) };
  await add("keys", "a session's proof for one room", "R6", "sessionProof", { ...at, signature: toHex(signature) });
  await add("keys", "a proof for one room is none for another", "R6", "sessionProof", { ...at, roomId: toHex(bytes("other room", 16)), signature: toHex(signature) });
  await add("keys", "what a relay knows a service's token by", "R5", "serviceToken", { token: toHex(bytes("token", 32)) });
}

// Accumulators.
const envelopeIds = hexes(Array.from({ length: 5 }, (_, index) => bytes(`id ${index}`, 32)));
for (const [name, generations, ids] of [
  ["of an empty log", generationsOf(), []],
  ["of five envelopes", generationsOf(), envelopeIds],
  ["where a generation begins behind the second", generationsOf(2), envelopeIds],
  ["where two begin behind the same", generationsOf(3, 3), envelopeIds],
  ["where two begin one behind the other", generationsOf(1, 4), envelopeIds],
  ["where the second begins further back than the first", generationsOf(4, 2), envelopeIds],
  ["of a room that was made after a restore", generationsOf(0), envelopeIds.slice(0, 2)],
  ["where the generation begins behind what is there", generationsOf(5), envelopeIds],
] as const) {
  await add("accumulators", `the accumulators ${name}`, name.includes("made after") ? "L2 G6" : "L2", "accumulators", { roomId, generations: [...generations], envelopeIds: [...ids] });
}

// Padding and packing.
await add("packing", "the sizes that lengths are padded to", "E5", "padded", { lengths: [1, 256, 257, 264, 265, 300, 511, 512, 513, 1000, 1024, 1025, 4095, 65_537, 100_000, 524_288, 33_554_436] });
const packings: [string, Bytes][] = [
  ["nothing", none],
  ["one byte", utf8("a")],
  ["what fills 256 bytes to the last", bytes("fills", 247)],
  ["what needs one byte more", bytes("fills", 248)],
  ["what deflates to little", new Uint8Array(20_000).fill(7)],
  ["what does not deflate", bytes("hard", 1500)],
];
for (const [name, plain] of packings) await add("packing", `packed ${name}`, "E5", "unpack", { packed: toHex(await pack(plain)) });
const packed = await pack(utf8("something to read"));
const length = new DataView(packed.buffer).getUint32(0);
for (const [name, broken] of [
  ["the length is beyond the end", put(packed, 0, 0, 0, 1, 0)],
  ["the padding is not zeros", put(packed, 255, 1)],
  ["it is shorter than 256 bytes", packed.slice(0, 255)],
  ["it is padded further than it should be", concatBytes(packed, new Uint8Array(16))],
  ["the stream is cut short", put(put(packed, 3, length - 1), 4 + length - 1, 0)],
  ["the stream is broken", put(packed, 4, 0xff, 0xff)],
] as const) {
  await add("packing", `refused: ${name}`, "E5", "unpack", { packed: toHex(broken) });
}
{
  const bomb = deflateSync(new Uint8Array(33 * 1024 * 1024));
  const framed = new Uint8Array(padmeLength(bomb.length + 4));
  framed.set(number4(bomb.length));
  framed.set(bomb, 4);
  await add("packing", "refused: it inflates to more than 32 MiB", "E5", "unpack", { packed: toHex(framed) });
}

// Insides.
const items = [indexDoc, caseDoc].map((docId, index) => ({ docId, update: bytes(`item ${index}`, 130 * (index + 1)) }));
for (const [name, inside] of [
  ["with two items", encodeInside({ authoredAt: 1_790_000_000_123, items })],
  ["with none", encodeInside({ authoredAt: 0, items: [] })],
  ["of the latest time that there is", encodeInside({ authoredAt: Number.MAX_SAFE_INTEGER, items: [{ docId: caseDoc, update: none }] })],
] as const) {
  await add("insides", `the inside of an update ${name}`, "E7 D1", "update", { inside: toHex(inside) });
}
const whole = encodeInside({ authoredAt: 5, items: items.slice(0, 1) });
for (const [name, inside] of [
  ["a byte follows", concatBytes(whole, new Uint8Array(1))],
  ["it is cut short", whole.slice(0, -1)],
  ["an item is missing", put(whole, 1, 2)],
  ["a document id is cut short", whole.slice(0, 10)],
  ["it is empty", none],
] as const) {
  await add("insides", `refused as an update: ${name}`, "E7", "update", { inside: toHex(inside) });
}
await add("insides", "the inside of presence", "N2", "presence", { inside: toHex(encodePresence({ at: 1_790_000_000_456, docId: caseDoc, bytes: bytes("cursor", 20) })) });
await add("insides", "presence with nothing of the editor's", "N2", "presence", { inside: toHex(encodePresence({ at: 1, docId: caseDoc, bytes: none })) });
await add("insides", "refused as presence: too few bytes", "N2", "presence", { inside: toHex(encodePresence({ at: 1, docId: caseDoc, bytes: none }).slice(0, -1)) });

// Envelopes.
const plan = await (async () => {
  let log = await foundedLog("plan", "plan", [ada, paper]);
  log = await log.controlled(ada, await adding(log, "addMember", bo), { name: "Bo" });
  log = await log.controlled(bo, await adding(log, "addMember", siri), { name: "Siri" });
  log = await log.updated(siri);
  log = await log.updated(ada);
  return log.with(siri, await log.next(siri, "heartbeat"));
})();
const genesis = plan.envelopes[0] as Bytes;
const genesisId = toHex(await sha256(envelopeIdInput(genesis)));
const update = await plan.next(siri, "update", { inside: encodeInside({ authoredAt: 1_790_000_000_123, items }) });
const reseal = await plan.next(siri, "update", { inside: anUpdate, changes: { resealOf: bytes("replaced", 32), epoch: 7, logGen: 1_790_000_000, seenSeq: 0 } });
const presence = await plan.next(siri, "presence", { inside: encodePresence({ at: 1_790_000_000_456, docId: caseDoc, bytes: bytes("cursor", 20) }) });
const heartbeat = await plan.next(siri, "heartbeat");
const signOf = ({ signPair }: Device) => toHex(signPair.publicKey);
for (const [name, rules, envelope, author] of [
  ["a genesis", "E1 E3 E4", genesis, ada],
  ["an update", "E1 E3 E4", update, siri],
  ["an update that replaces another", "E1 W10", reseal, siri],
  ["a heartbeat", "E1", heartbeat, siri],
  ["presence", "E1 N1", presence, siri],
] as const) {
  await add("envelopes", `the fields, the id and the signature of ${name}`, rules, "envelope", { bytes: toHex(envelope), sign: signOf(author) });
}
await add("envelopes", "a signature of somebody else's", "E3", "envelope", { bytes: toHex(update), sign: signOf(bo) });
await add("envelopes", "a signature over other bytes", "E3", "envelope", { bytes: toHex(flip(update, 44)), sign: signOf(siri) });
const secretOf = (epoch: number) => toHex(plan.secret(epoch));
await add("envelopes", "the inside of a genesis", "C6 E4 E5 K5", "open", { bytes: toHex(genesis), secret: secretOf(1) });
await add("envelopes", "the inside of an update in its envelope", "E4 E5 E7 K5", "open", { bytes: toHex(update), secret: secretOf(1) });
await add("envelopes", "the inside of an update of a later epoch", "E7 K5", "open", { bytes: toHex(reseal), secret: secretOf(7) });
await add("envelopes", "the inside of presence in its envelope", "N1 N2 K5", "open", { bytes: toHex(presence), secret: secretOf(1) });
await add("envelopes", "does not open: the secret is of another epoch", "K5", "open", { bytes: toHex(update), secret: secretOf(2) });
await add("envelopes", "does not open: a byte of the header is another", "E4", "open", { bytes: toHex(flip(update, 97)), secret: secretOf(1) });
await add("envelopes", "does not open: a byte of the clear body is another", "E4", "open", { bytes: toHex(flip(genesis, 200)), secret: secretOf(1) });

const lengthAt = 162 + 4 + 12;
for (const [name, rules, broken] of [
  ["another magic", "E1", put(update, 2, 0x53)],
  ["version 0", "E1 E2", put(update, 3, 0)],
  ["suite 0", "E1 E2", put(update, 4, 0)],
  ["type 0", "E1", put(update, 5, 0)],
  ["type 5", "E1", put(update, 5, 5)],
  ["a byte behind the signature", "E1", concatBytes(update, new Uint8Array(1))],
  ["a byte too few", "E1", update.slice(0, -1)],
  ["a sealed length one too high", "E1", put(update, lengthAt + 3, (update[lengthAt + 3] ?? 0) + 1)],
  ["a sealed part without room for a tag", "E1", concatBytes(update.slice(0, lengthAt), number4(15), new Uint8Array(15 + 64))],
  ["a clear body in an update", "E1", concatBytes(update.slice(0, 162), number4(2), utf8("{}"), update.slice(166))],
  ["no clear body in a control record", "E1", put(update, 5, 2)],
  ["a clear length beyond the end", "E1", put(genesis, 162, 0, 1, 255, 255)],
  ["a counter above 2^53 - 1", "E1", put(update, 42, 0, 0x20, 0, 0, 0, 0, 0, 0)],
  ["a generation above 2^53 - 1", "E1", put(update, 82, 0, 0x20, 0, 0, 0, 0, 0, 0)],
  ["a seen number above 2^53 - 1", "E1", put(update, 90, 255)],
  ["counter 0 in an update", "E1 E6", put(update, 42, 0, 0, 0, 0, 0, 0, 0, 0)],
  ["a counter in presence", "N1", put(presence, 49, 1)],
  ["an envelope before presence", "N1", put(presence, 50, 1)],
  ["something that presence replaces", "N1", put(presence, 161, 1)],
  ["presence of more than 4 KiB", "N1", await plan.next(siri, "presence", { inside: encodePresence({ at: 1, docId: caseDoc, bytes: bytes("long", 4000) }) })],
  ["the first 100 bytes alone", "E1", update.slice(0, 100)],
  ["nothing", "E1", none],
] as const) {
  await add("refused-envelopes", `malformed: ${name}`, rules, "envelope", { bytes: toHex(broken), sign: signOf(siri) });
}
for (const [name, later] of [
  ["version 2", put(update, 3, 2)],
  ["suite 2", put(update, 4, 2)],
  ["version 2 with a type that nobody knows yet, and a length that is not right", put(concatBytes(update, none), 3, 2, 9, 200).slice(0, -3)],
] as const) {
  await add("refused-envelopes", `of a later app, and no fault: ${name}`, "E2", "envelope", { bytes: toHex(later), sign: signOf(siri) });
}

// Clear bodies.
const bodies = {
  addMember: await adding(plan, "addMember", rektor),
  close: { action: "close", previousControl: plan.controlHead, keepUntil: "2031-08-01" },
};
for (const [name, clear] of [
  ["with a field that a later app has added", { ...bodies.close, colour: "green" }],
  ["of an action that nobody knows yet", { action: "merge", previousControl: plan.controlHead }],
  ["of an action that is called as something of every object", { action: "constructor", previousControl: plan.controlHead }],
  ["without an action", { previousControl: plan.controlHead }],
  ["that is no object", []],
  ["that is null", null],
  ["whose action is a number", { ...bodies.close, action: 1 }],
  ["without a field of its action", { action: "close", previousControl: plan.controlHead }],
  ["with an id in capitals", { ...bodies.close, previousControl: plan.controlHead.toUpperCase() }],
  ["with an id too short", { ...bodies.close, previousControl: plan.controlHead.slice(2) }],
  ["with a key of 64 bytes", { ...bodies.addMember, member: { ...memberOf(rektor), leaf: { ...rektor.leaf, kem: toBase64Url(bytes("short", 64)) } } }],
  ["with padded base64url", { ...bodies.addMember, member: { ...memberOf(rektor), leaf: { ...rektor.leaf, kem: `${rektor.leaf.kem}=` } } }],
  ["with a role that there is not", { ...bodies.addMember, member: { ...memberOf(rektor), role: "admin" } }],
  ["with two wraps for one device", { ...bodies.addMember, wraps: await plan.wraps([rektor, rektor]) }],
  ["with a counter below zero", { action: "acceptGen", previousControl: plan.controlHead, logGen: 5, fromSeq: -1 }],
  ["with half a counter", { action: "acceptGen", previousControl: plan.controlHead, logGen: 5.5, fromSeq: 1 }],
  ["with no device to remove", { action: "remove", ...(await beginning(plan, [ada, paper, bo, siri])), devices: [] }],
] as const) {
  await add("bodies", `a clear body ${name}`, name.includes("of an action") ? "C7" : "C1", "body", { clear: JSON.stringify(clear) });
}
await add("bodies", "a clear body that is no JSON", "C1", "body", { clear: '{"action":"close"' });

for (const [name, key] of [
  ["that is no point of the curve", flip(fromHex(signOf(rektor)), 64)],
  ["of zeros", new Uint8Array(65)],
  ["whose first number is not below the field's", concatBytes(Uint8Array.of(4), new Uint8Array(32).fill(255), fromHex(signOf(rektor)).slice(33))],
  ["in the hybrid form", put(fromHex(signOf(rektor)), 0, 6 + ((rektor.signPair.publicKey[64] ?? 0) & 1))],
] as const) {
  for (const use of ["sign", "kem"] as const) {
    const member = { ...memberOf(rektor), leaf: { ...rektor.leaf, [use]: toBase64Url(key) } };
    await add("keys-of-leaves", `a leaf with a key to ${use} ${name}`, "K3", "body", { clear: JSON.stringify({ ...bodies.addMember, member }) });
  }
}

// Whole logs: what each control action does, and where a reader stops.
for (const file of ["logs", "restores", "endings"]) files.set(file, { bases: { plan: hexes(plan.envelopes) }, vectors: [] });
async function givenLog({ envelopes, generations, roomId: room }: Log, more: readonly Bytes[] = []): Promise<Givens["log"]> {
  const all = [...envelopes, ...more];
  return { roomId: room, genesis: toHex(await sha256(envelopeIdInput(all[0] ?? genesis))), generations: [...generations], envelopes: hexes(all) };
}
/** As it stands in the file: what is behind the plan's log alone. */
function behindPlan<G extends Givens["log"]>({ envelopes, ...given }: G): Omit<G, "envelopes"> & ({ base: string; behind: string[] } | { envelopes: string[] }) {
  const isOnPlan = plan.envelopes.every((one, index) => toHex(one) === envelopes[index]);
  return isOnPlan ? { ...given, base: "plan", behind: envelopes.slice(plan.envelopes.length) } : { ...given, envelopes };
}
async function addLogTo(file: string, name: string, rules: string, log: Log, ...more: Bytes[]): Promise<void> {
  const given = await givenLog(log, more);
  await add(file, name, rules, "log", given, behindPlan(given));
}
const addLog = (name: string, rules: string, log: Log, ...more: Bytes[]) => addLogTo("logs", name, rules, log, ...more);
const previousControl = plan.controlHead;
const last = (log: Log, device: Device) => log.authors.get(device.deviceId)?.ctr ?? 0;
const removing = async (log: Log, gone: Device, left: Device[], cut = last(log, gone), fence = cut): Promise<ControlBody> => ({
  action: "remove",
  ...(await beginning(log, left)),
  devices: [{ deviceId: gone.deviceId, cut, fence }],
});

await addLog("a genesis alone", "C2", await foundedLog("alone", "school", [ada]));
await addLog("a genesis with the recovery device, of a service room", "C2", await foundedLog("service", "service", [ada, paper]));
await addLog("a room with four members, updates and a heartbeat", "C1 C2 C3 C13 L1 L2", plan);
const counted: [string, string, Device, ControlBody][] = [
  ["addMember, a principal", "C13", ada, await adding(plan, "addMember", rektor)],
  ["addMember by the recovery device", "C4", paper, await adding(plan, "addMember", rektor)],
  ["addDevice of one's own", "C9", siri, await adding(plan, "addDevice", siriPhone)],
  ["setRole", "C14", bo, { action: "setRole", previousControl, memberId: siri.memberId, role: "consultant" }],
  ["remove, with a fence before the cut", "C10 C12", ada, await removing(plan, siri, [ada, bo, paper], last(plan, siri), 1)],
  ["remove by the recovery device", "C4 C10", paper, await removing(plan, bo, [ada, siri, paper])],
  ["rotate", "C12", bo, { action: "rotate", ...(await beginning(plan, [ada, bo, siri, paper])) }],
  ["replaceRecovery by a consultant", "C4 C12", ada, { action: "replaceRecovery", ...(await beginning(plan, [ada, bo, siri, newPaper])), member: memberOf(newPaper) }],
  ["replaceRecovery by the one before", "C4 C10", paper, { action: "replaceRecovery", ...(await beginning(plan, [ada, bo, siri, newPaper])), member: memberOf(newPaper) }],
  ["offer", "O1", ada, { action: "offer", previousControl, offerId: toHex(bytes("offer", 16)) }],
  ["close", "Z1", ada, { action: "close", previousControl, keepUntil: "2031-08-01" }],
];
for (const [name, rules, author, body] of counted) await addLog(`counts: ${name}`, rules, await plan.controlled(author, body, { reason: "invented" }));

const closed = await plan.controlled(ada, { action: "close", previousControl, keepUntil: "2031-08-01" });
const shredded = await closed.controlled(bo, { action: "shred", previousControl: closed.controlHead });
await addLog("counts: a heartbeat in a closed room", "Z1", closed, await closed.next(siri, "heartbeat"));
await addLog("counts: shred of a closed room", "Z2", shredded);
await addLog("stops: an update in a closed room", "Z1", closed, await closed.next(siri, "update", { inside: anUpdate }));
await addLog("stops: a heartbeat in a shredded room", "Z2", shredded, await shredded.next(siri, "heartbeat"));
await addLog("stops: an offer in a shredded room", "Z2", shredded, await shredded.control(ada, { action: "offer", previousControl: shredded.controlHead, offerId: toHex(bytes("offer", 16)) }));

const rotated = await plan.controlled(bo, { action: "rotate", ...(await beginning(plan, [ada, bo, siri, paper])) });
await addLog("counts: an update in the new epoch", "C12 P2", await rotated.updated(siri));
await addLog("stops: an update in the epoch before", "P2", rotated, await rotated.next(siri, "update", { inside: anUpdate, changes: { epoch: 1 } }));
const without = await plan.controlled(ada, await removing(plan, siri, [ada, bo, paper]));
await addLog("stops: an update of a device that was removed", "P2 C10", without, await without.next(siri, "update", { inside: anUpdate }));
await addLog("counts: a person who was removed comes back with another device", "C13", await without.controlled(ada, await adding(without, "addDevice", siriPhone)));
await addLog("stops: the device that was removed comes back", "C13", without, await without.control(ada, await adding(without, "addDevice", siri)));
await addLog("stops: under the name of a recovery device that gave way", "C4 C13", await (async () => {
  const replaced = await plan.controlled(ada, { action: "replaceRecovery", ...(await beginning(plan, [ada, bo, siri, newPaper])), member: memberOf(newPaper) });
  return replaced.with(ada, await replaced.control(ada, await adding(replaced, "addDevice", { ...(await deviceOf("clerk", "consultant")), memberId: paper.memberId })));
})());

const refusedRecords: [string, string, Device, ControlBody | Json, Partial<EnvelopeHeader>?][] = [
  ["an action of a later app", "C7", ada, { action: "merge", previousControl }],
  ["a body that is broken", "C1", ada, { action: "close", previousControl, keepUntil: "soon" }],
  ["a record of a sosiallærer's", "C4", siri, await adding(plan, "addMember", rektor)],
  ["close by the recovery device", "C4", paper, { action: "close", previousControl, keepUntil: "2031-08-01" }],
  ["a role that the room's kind has not", "C4", ada, await adding(plan, "addMember", lead)],
  ["a device made the recovery device", "C4", ada, await adding(plan, "addMember", newPaper)],
  ["a role for the recovery device", "C4", ada, { action: "setRole", previousControl, memberId: paper.memberId, role: "consultant" }],
  ["a person added who is there", "C13", ada, await adding(plan, "addMember", siriPhone)],
  ["a device added of a person who is not there", "C13", ada, await adding(plan, "addDevice", rektor)],
  ["a device in another role than its person's", "C13", ada, await adding(plan, "addDevice", { ...siriPhone, role: "consultant" })],
  ["a device that is not named by its keys", "K3", ada, await adding(plan, "addMember", { ...rektor, deviceId: toHex(bytes("another", 16)) })],
  ["a newcomer with another commitment", "C13", ada, { ...(await adding(plan, "addMember", rektor)), commitment: toHex(bytes("another", 32)) }],
  ["a newcomer with somebody else's wrap", "C13", ada, { ...(await adding(plan, "addMember", rektor)), wraps: await plan.wraps([bo]) }],
  ["a record that does not name the one before", "C3", ada, { action: "offer", previousControl: genesisId, offerId: toHex(bytes("offer", 16)) }],
  ["a removal behind whose cut there is more", "C10", ada, await removing(plan, siri, [ada, bo, paper], 1)],
  ["a removal with a cut that is not there", "C10", ada, await removing(plan, siri, [ada, bo, paper], 9)],
  ["a removal with a fence above its cut", "C10", ada, await removing(plan, siri, [ada, bo, paper], last(plan, siri), 3)],
  ["a removal of oneself", "C11", ada, await removing(plan, ada, [bo, siri, paper])],
  ["a removal of the recovery device", "C4", ada, await removing(plan, paper, [ada, bo, siri])],
  ["new keys without a wrap for one who is left", "C12", ada, { action: "rotate", ...(await beginning(plan, [ada, bo, paper])) }],
  ["new keys with a wrap for one who is not there", "C12", ada, { action: "rotate", ...(await beginning(plan, [ada, bo, siri, paper, rektor])) }],
  ["new keys with two wraps for one", "C12", ada, { action: "rotate", ...(await beginning(plan, [ada, bo, siri, siri])) }],
  ["new keys in the epoch before them", "C12", ada, { action: "rotate", ...(await beginning(plan, [ada, bo, siri, paper])) }, { epoch: 1 }],
  ["an epoch left out", "C12", ada, { action: "rotate", ...(await beginning(plan, [ada, bo, siri, paper])) }, { epoch: 3 }],
  ["shred of a room that is not closed", "Z2", ada, { action: "shred", previousControl }],
  ["acceptance of the first generation", "G5", ada, { action: "acceptGen", previousControl, logGen: 1, fromSeq: 0 }],
  ["a second genesis", "C2", ada, await genesisOf(plan, "plan", [ada, paper]), { epoch: 1 }],
];
for (const [name, rules, author, body, changes] of refusedRecords) await addLog(`stops: ${name}`, rules, plan, await plan.control(author, body, changes));
{
  const alone = await foundedLog("last", "school", [ada, paper]);
  const two = await alone.controlled(ada, await adding(alone, "addMember", siri));
  await addLog("stops: the last consultant gets another role", "C11 C14", two, await two.control(ada, { action: "setRole", previousControl: two.controlHead, memberId: ada.memberId, role: "socialTeacher" }));
  await addLog("stops: the last consultant is removed by the recovery device", "C11", two, await two.control(paper, await removing(two, ada, [siri, paper])));
  const empty = new Log({ roomId: alone.roomId });
  for (const [name, members] of [
    ["whose author is no consultant", [siri]],
    ["of two consultants", [ada, bo]],
    ["whose recovery device is of its author", [ada, { ...paper, memberId: ada.memberId }]],
  ] as const) {
    const [author] = members;
    await addLog(`stops: a genesis ${name}`, "C2", empty, await empty.control(author, await genesisOf(empty, "school", [...members])));
  }
  await addLog("stops: a service room of another service", "C2", empty, await empty.control(ada, { ...(await genesisOf(empty, "service", [ada])), serviceId: roomId }));
}

const principal = await plan.controlled(ada, await adding(plan, "addMember", rektor));
await addLog("stops: an update of a role that may not write", "P2", principal, await principal.next(rektor, "update", { inside: anUpdate }));
await addLog("stops: presence in the log", "P2 N1", plan, await plan.next(siri, "presence", { inside: encodePresence({ at: 1, docId: caseDoc, bytes: none }) }));
const misplaced: [string, string, Partial<EnvelopeHeader>][] = [
  ["a counter left out", "P3 E6", { ctr: 4 }],
  ["a counter a second time", "P3 E6", { ctr: 2 }],
  ["another envelope before it than there is", "P3 E6", { prev: bytes("another", 32) }],
  ["another log seen than this", "P4", { seenAcc: bytes("another", 32) }],
  ["its own number seen", "P4", { seenSeq: 7 }],
  ["a later generation than there is", "P1", { logGen: 2 }],
  ["another room", "P1", { roomId: bytes("other room", 16) }],
  ["a later epoch", "P2", { epoch: 2 }],
];
for (const [name, rules, changes] of misplaced) await addLog(`stops: ${name}`, rules, plan, await plan.next(siri, "update", { inside: anUpdate, changes }));
await addLog("stops: a signature of somebody else's", "P2 E3", plan, await plan.next(siri, "update", { inside: anUpdate, signedBy: bo.signPrivate }));
await addLog("stops: a stranger", "P2", plan, await plan.next(rektor, "update", { inside: anUpdate }));
await add("logs", "stops: it begins with another genesis than the offer names", "I7", "log", { roomId: plan.roomId, genesis: toHex(bytes("another", 32)), generations: generationsOf(), envelopes: hexes(plan.envelopes.slice(0, 1)) });

// After a restore: two more envelopes of the first generation, of which the backup had none.
const beyond = await (await plan.updated(bo)).updated(siri);
const gen = 1_790_000_000;
const restored = plan.restoredBehind(6, gen);
const onward = await restored.updated(ada);
await addLog("counts: an update of the generation that a restore has begun", "G1 L2", onward);
await addLog("counts: what a restore had lost is given back", "G3 G4", beyond.restoredBehind(6, gen));
await addLog("counts: a generation is accepted, and then a member is added", "G5", await (async () => {
  const acceptedLog = await onward.controlled(paper, { action: "acceptGen", previousControl, logGen: gen, fromSeq: 6 });
  return acceptedLog.controlled(ada, await adding(acceptedLog, "addMember", rektor));
})());
await addLog("stops: a control record before the generation is accepted", "G5", restored, await restored.control(ada, await adding(restored, "addMember", rektor)));
await addLog("stops: acceptance with another beginning", "G5", restored, await restored.control(ada, { action: "acceptGen", previousControl, logGen: gen, fromSeq: 5 }));
await addLog("counts: an older epoch, given back behind the record that began a newer one", "G4", await (async () => {
  const rotatedThen = rotated.restoredBehind(7, gen);
  return rotatedThen.with(bo, await rotatedThen.next(bo, "update", { inside: anUpdate, changes: { epoch: 1, logGen: 1, seenSeq: 6 } }));
})());
await addLog("counts: what its author had seen beyond the restore is not compared", "G4", beyond.restoredBehind(6, gen), await beyond.restoredBehind(6, gen).next(ada, "update", { inside: anUpdate, changes: { logGen: 1, seenSeq: 7, seenAcc: bytes("another", 32) } }));
await addLog("stops: what its author had seen before the restore is compared", "G4 P4", restored, await restored.next(ada, "update", { inside: anUpdate, changes: { logGen: 1, seenSeq: 6, seenAcc: bytes("another", 32) } }));
const ahead = plan.restoredBehind(8, gen);
await addLog("stops: an envelope before the beginning of its own generation", "G4", ahead, await ahead.next(ada, "update", { inside: anUpdate, changes: { logGen: gen } }));
await addLog("counts: a room that was made after a restore", "G6 L2", await (async () => {
  const born = new Log({ roomId: toHex(bytes("room born", 16)), generations: [firstGeneration, { logGen: gen, fromSeq: 0 }] });
  const first = await born.controlled(ada, await genesisOf(born, "plan", [ada, paper]));
  return (await first.controlled(ada, await adding(first, "addMember", siri))).updated(siri);
})());

// Framing.
const few = [genesis, update, heartbeat];
const pushBody = encodePush(few);
const pageBody = encodePage(few.map((one, index) => ({ seq: index + 41, bytes: one })));
await add("framing", "a push of three", "R12", "push", { body: toHex(pushBody) });
await add("framing", "a push of none", "R12", "push", { body: "" });
await add("framing", "refused: a push that is cut short", "R12", "push", { body: toHex(pushBody.slice(0, -1)) });
await add("framing", "refused: half a length", "R12", "push", { body: toHex(concatBytes(encodePush([heartbeat]), new Uint8Array(3))) });
await add("framing", "refused: a length above 512 KiB", "R12", "push", { body: toHex(concatBytes(number4(524_289), new Uint8Array(32))) });
await add("framing", "a page of three", "R12", "page", { body: toHex(pageBody) });
await add("framing", "an empty page", "R12", "page", { body: "" });
await add("framing", "refused: a page that is cut short", "R12", "page", { body: toHex(pageBody.slice(0, -1)) });
await add("framing", "refused: a number above 2^53 - 1", "R12", "page", { body: toHex(put(pageBody, 0, 0, 0x20)) });

// Invitation.
const parts = [bytes("invite", 16), bytes("link", 32), fromHex(genesisId)] as const;
const link = parts.map(toBase64Url).join(".");
async function sealedSlot(slot: Givens["slot"]["slot"], content: Json): Promise<string> {
  const under = purposeBytes(`invite/${slot}`);
  const nonce = bytes(`slot ${slot}`, 12);
  const key = await importSealKey(await hkdf(parts[1], parts[0], under));
  return toBase64Url(concatBytes(nonce, await encrypt(key, nonce, utf8(JSON.stringify(content)), concatBytes(under, parts[0]))));
}
await add("invitation", "a link", "I2", "inviteLink", { link });
for (const [name, broken] of [
  ["cut short", link.slice(0, -4)],
  ["with something behind", `${link}.AAAA`],
  ["with padding", `${link}=`],
  ["with a part missing", link.split(".").slice(0, 2).join(".")],
  ["that is empty", ""],
] as const) {
  await add("invitation", `refused: a link ${name}`, "I2", "inviteLink", { link: broken });
}
const offer = { serviceName: "Barnevernstjenesten i Lia", schoolName: "Granly skole", inviterName: "Ada", role: "socialTeacher", rooms: [{ roomId: plan.roomId, kind: "plan", label: "", genesis: genesisId }] };
const reveal = await sealedSlot("reveal", { name: "Siri", random: toBase64Url(bytes("reveal", 32)), rooms: [{ roomId: plan.roomId, memberId: siri.memberId, deviceId: siri.deviceId, leaf: siri.leaf }] });
const challenge = await sealedSlot("challenge", { random: toBase64Url(bytes("invite challenge", 32)) });
const commit = hash("sha256", concatBytes(purposeBytes("invite/commit"), utf8(reveal)));
for (const [slot, body] of [
  ["offer", await sealedSlot("offer", offer)],
  ["commit", await sealedSlot("commit", commit)],
  ["challenge", challenge],
  ["reveal", reveal],
  ["done", await sealedSlot("done", { added: true })],
] as const) {
  await add("invitation", `the slot ${slot}`, "I2 I3 I4", "slot", { link, slot, body });
}
await add("invitation", "refused: one slot in the place of another", "I2", "slot", { link, slot: "offer", body: challenge });
await add("invitation", "refused: a slot of another invitation", "I2", "slot", { link: [bytes("other", 16), ...parts.slice(1)].map(toBase64Url).join("."), slot: "challenge", body: challenge });
await add("invitation", "what is committed to", "I3", "commit", { reveal });
await add("invitation", "the numbers of the four words", "I5", "checkNumbers", { link, challenge, reveal });

// Recovery.
const codeSecret = bytes("code", 20);
const { code } = await createRecovery((size) => (size === 20 ? codeSecret.slice() : bytes("any", size)));
await add("recovery", "the keys of a code", "Y1 Y2", "recoveryCode", { code });
await add("recovery", "the same code as a hand writes it", "Y1", "recoveryCode", { code: ` ${code.toLowerCase().replaceAll("-", "  ")} ` });
for (const [name, wrong] of [
  ["with a letter too few", code.slice(0, -1)],
  ["with a digit that no code has", `${code.slice(0, -1)}1`],
  ["that is empty", ""],
] as const) {
  await add("recovery", `refused: a code ${name}`, "Y1", "recoveryCode", { code: wrong });
}
{
  const under = utf8("aapen-dor/v1/recovery/bundle");
  const nonce = bytes("bundle", 12);
  const key = await importSealKey(await hkdf(codeSecret, none, under));
  const content = { sign: toBase64Url(paper.signPair.privateKey), serviceId: plan.roomId, serviceGenesis: genesisId };
  const bundle = toBase64Url(concatBytes(nonce, await encrypt(key, nonce, utf8(JSON.stringify(content)), under)));
  await add("recovery", "the bundle with the signing key", "Y2", "recoveryBundle", { code, bundle });
  await add("recovery", "refused: a bundle under another code", "Y2", "recoveryBundle", { code: code.replace(/^./, code.startsWith("B") ? "C" : "B"), bundle });
}

// Heartbeats.
for (const [name, inside] of [
  ["the inside of a heartbeat", encodeHeartbeat({ authoredAt: 1_790_000_000_789, answers: [] })],
  ["a heartbeat with answers of a later app", concatBytes(encodeHeartbeat({ authoredAt: 5, answers: [] }).slice(0, -1), fromHex("02"), bytes("answers", 20))],
  ["refused as a heartbeat: the number of answers is missing", encodeHeartbeat({ authoredAt: 5, answers: [] }).slice(0, -1)],
  ["refused as a heartbeat: it is empty", none],
] as const) {
  await add("heartbeats", name, "H1", "heartbeat", { inside: toHex(inside) });
}
{
  const inside = encodeHeartbeat({ authoredAt: 1_790_000_000_789, answers: [] });
  const told = await plan.next(siri, "heartbeat", { inside });
  await add("heartbeats", "the fields, the id and the signature of one that holds its time", "E1 E3 E4", "envelope", { bytes: toHex(told), sign: signOf(siri) });
  await add("heartbeats", "its inside in its envelope", "H1 K5 E5", "open", { bytes: toHex(told), secret: secretOf(1) });
  await add("heartbeats", "does not open: the secret is of another epoch", "K5", "open", { bytes: toHex(told), secret: secretOf(2) });
  await add("heartbeats", "does not open: it was sealed under no key of the room's", "H1 K5", "open", { bytes: toHex(heartbeat), secret: secretOf(1) });
  const { roomId: room, generations, envelopes } = await (await plan.with(siri, told)).updated(siri);
  const given = { roomId: room, genesis: genesisId, generations: [...generations], envelopes: hexes(envelopes) };
  await add("heartbeats", "in the log one that does not open counts as one that does", "H1 H3 E6", "log", given);
}

// Answers to offers.
{
  const answer = (name: string) => ({ roomId: toHex(bytes(`${name}, room`, 16)), memberId: toHex(bytes(`${name}, member`, 16)), sign: bytes(`${name}, sign`, 65), kem: bytes(`${name}, kem`, 65) });
  const [first, second] = [answer("first"), answer("second")];
  const two = encodeHeartbeat({ authoredAt: 1_790_000_000_789, answers: [first, second] });
  const [head, each] = [7, 164];
  const [one, other] = [two.slice(head, head + each), two.slice(head + each)];
  for (const [name, inside] of [
    ["a heartbeat that answers nothing", encodeHeartbeat({ authoredAt: 5, answers: [] })],
    ["two answers", two],
    ["an answer behind one of a later form, which is passed over", concatBytes(two.slice(0, head), Uint8Array.of(3, 1, 2, 3), other)],
    ["two answers of which the second is cut off", two.slice(0, -1)],
    ["more answers are told of than are there", concatBytes(two.slice(0, head - 1), Uint8Array.of(9), one)],
  ] as const) {
    await add("answers", name, "H1 O2", "answers", { inside: toHex(inside) });
  }
}

// After a restore: what goes on, what an epoch that was lost is worth, what is quoted, who was shut out.
{
  const file = "restores";
  const generations = [firstGeneration, { logGen: gen, fromSeq: 4 }, { logGen: gen + 1, fromSeq: 2 }, { logGen: gen + 2, fromSeq: 2 }, { logGen: gen + 3, fromSeq: 4 }];
  await add(file, "the accumulators of a log of five generations, of which the second went too far", "L2 G1", "accumulators", { roomId, generations, envelopeIds });

  const now = gen * 1000;
  const week = 7 * 24 * 60 * 60;
  for (const [name, told, verified, knownHere] of [
    ["one that begins behind what was verified: nothing is given back", generationsOf(9), 7, generationsOf()],
    ["one that begins further back: it goes back there", generationsOf(5), 7, generationsOf()],
    ["two, of which the second begins further back", generationsOf(5, 3), 7, generationsOf(5)],
    ["one, and none of that in which the device has read: it goes back to before that", [firstGeneration, { logGen: gen + 9, fromSeq: 8 }], 7, generationsOf(5)],
    ["one that is numbered seven days ahead", [firstGeneration, { logGen: gen + week, fromSeq: 5 }], 7, generationsOf()],
    ["fault: one that is numbered further ahead", [firstGeneration, { logGen: gen + week + 1, fromSeq: 5 }], 7, generationsOf()],
    ["fault: another beginning of one that is known", generationsOf(4, 6), 7, generationsOf(5)],
    ["fault: a number that is not above the one before", [firstGeneration, { logGen: gen + 1, fromSeq: 5 }, { logGen: gen + 1, fromSeq: 5 }], 7, generationsOf()],
    ["fault: a log that does not begin in generation 1", [{ logGen: gen, fromSeq: 0 }], 7, generationsOf()],
    ["fault: nothing newer than what is known", generationsOf(), 7, generationsOf(5)],
  ] as const) {
    await add(file, `a device is told of ${name}`, "G1 G2", "adoption", { known: [...knownHere], told: [...told], verified, now });
  }

  const { acc: accOfPlan } = (await run("log", await givenLog(plan))).gives;
  await addLogTo(file, "stops: an author of the new generation has seen what the one before had at its end", "L2 P4", restored, await restored.next(ada, "update", { inside: anUpdate, changes: { seenAcc: fromHex(accOfPlan as string) } }));
  const twice = (await onward.updated(bo)).restoredBehind(7, gen + 1);
  await addLogTo(file, "counts: two generations that begin one behind the other, and what was given back between", "G1 G4 L2", await twice.updated(siri));
  await addLogTo(file, "counts: a generation that went too far, and the one behind it", "G1 L2", await plan.restoredBehind(8, gen).restoredBehind(6, gen + 1).updated(siri));
  await addLogTo(file, "counts: its author had seen more numbers than there are now", "G4 P4", restored, await restored.next(ada, "update", { inside: anUpdate, changes: { logGen: 1, seenSeq: 9, seenAcc: bytes("another", 32) } }));
  await addLogTo(file, "stops: more numbers seen than there are, before the beginning of a later generation", "G4 P4", plan.restoredBehind(7, gen), await plan.next(siri, "update", { inside: anUpdate, changes: { seenSeq: 8 } }));

  // The epoch that bo began is lost, and ada has begun another of that number.
  const acceptance: ControlBody = { action: "acceptGen", previousControl, logGen: gen, fromSeq: 6 };
  const accepted = await restored.controlled(ada, acceptance);
  const otherEpoch = await accepted.controlled(ada, { action: "rotate", ...(await beginning(accepted, [ada, bo, siri, paper])) });
  const lostSecret = bytes("a secret that was lost", 32);
  const ofLostEpoch = { secret: lostSecret, inside: anUpdate, changes: { logGen: 1, epoch: 2, seenSeq: 7, seenAcc: bytes("another", 32) } };
  const lostUpdate = await otherEpoch.next(siri, "update", ofLostEpoch);
  await addLogTo(file, "stops: an update of a lost epoch whose number another has", "G4", otherEpoch, lostUpdate);
  await addLogTo(file, "stops: a heartbeat of such an epoch", "G4 H3", otherEpoch, await otherEpoch.next(siri, "heartbeat", { ...ofLostEpoch, inside: encodeHeartbeat({ authoredAt: 5, answers: [] }) }));
  await addLogTo(file, "counts: an update of the epoch that the later generation has begun", "G4", await otherEpoch.updated(siri));
  await addLogTo(file, "stops: an update of a lost epoch that no other has the number of", "G4", accepted, await accepted.next(siri, "update", ofLostEpoch));
  const rotatedBeyond = (await rotated.updated(siri)).restoredBehind(6, gen);
  await addLogTo(file, "counts: an update of an epoch whose record was given back before it", "G3 G4", await rotatedBeyond.updated(ada));
  const born = new Log({ roomId: toHex(bytes("room born", 16)), generations: [firstGeneration, { logGen: gen, fromSeq: 0 }] });
  const bornPlan = await born.controlled(ada, await genesisOf(born, "plan", [ada, paper]));
  await addLogTo(file, "counts: there is one epoch 1 only, in whatever generation its genesis was made", "G4 G6", bornPlan, await bornPlan.next(ada, "update", { inside: anUpdate, changes: { logGen: 1 } }));

  // Quotes. Bo has gone on under the counter of what was lost.
  const keyFor = (author: Device, of = plan.secret(1), epoch = 1, type: "update" | "heartbeat" = "update", room = plan.roomId) =>
    deriveRoomKeyBytes(of, { roomId: room, epoch, deviceId: author.deviceId }, `key/${type}`);
  const quoteOf = (key: Bytes, envelope: Bytes) => ({ docId: quotedDocId, update: concatBytes(key, envelope) });
  const insideOf = (...quoted: { docId: string; update: Bytes }[]) => encodeInside({ authoredAt: 1_790_000_000_500, items: quoted });
  const quoting = async (name: string, log: Log, ...quoted: { docId: string; update: Bytes }[]) => {
    const given = await givenLog(log, [await log.next(ada, "update", { inside: insideOf(...quoted) })]);
    const of = { secret: toHex(log.secret(log.epoch)) };
    await add(file, name, name.includes("may not write") ? "G7 D3" : "G7", "quote", { ...given, ...of }, { ...behindPlan(given), ...of });
  };
  const wentOn = await restored.updated(bo);
  const lostOf = (author: Device, content: Content = {}) => beyond.next(author, "update", { inside: anUpdate, ...content });
  const [keyOfBo, keyOfSiri] = [await keyFor(bo), await keyFor(siri)];
  const ofBo = await lostOf(bo);
  await quoting("a quote of what a restore has lost, and what it quotes", wentOn, quoteOf(keyOfBo, ofBo));
  await quoting("a quote out of an epoch that was lost too", otherEpoch, quoteOf(await keyFor(siri, lostSecret, 2), lostUpdate));
  const removedSiri = await restored.controlled(ada, acceptance).then(async (log) => log.controlled(ada, await removing(log, siri, [ada, bo, paper])));
  await quoting("a quote of a device that was removed", removedSiri, quoteOf(keyOfSiri, await lostOf(siri)));
  await quoting("refused: a quote of nobody's", wentOn, quoteOf(await keyFor(rektor), await lostOf(rektor)));
  await quoting("refused: a quote that its author has not signed", wentOn, quoteOf(keyOfBo, await lostOf(bo, { signedBy: siri.signPrivate })));
  const elsewhere = toHex(bytes("other room", 16));
  await quoting("refused: a quote out of another room", wentOn, quoteOf(await keyFor(bo, plan.secret(1), 1, "update", elsewhere), await lostOf(bo, { changes: { roomId: fromHex(elsewhere) } })));
  await quoting("refused: a quote of what was written in the present generation", wentOn, quoteOf(keyOfBo, wentOn.envelopes.at(-1) ?? none));
  await quoting("refused: a quote of a heartbeat", wentOn, quoteOf(await keyFor(bo, plan.secret(1), 1, "heartbeat"), await beyond.next(bo, "heartbeat", { inside: encodeHeartbeat({ authoredAt: 5, answers: [] }) })));
  await quoting("refused: a quote of a quote", wentOn, quoteOf(keyOfBo, await lostOf(bo, { inside: insideOf(quoteOf(keyOfSiri, await lostOf(siri))) })));
  await quoting("refused: a quote of what its author may not write", wentOn, quoteOf(keyOfSiri, await lostOf(siri, { inside: encodeInside({ authoredAt: 5, items: [{ docId: caseDoc, update: bytes("yjs", 40) }] }) })));
  await quoting("refused: something of one's own beside a quote", wentOn, quoteOf(keyOfBo, ofBo), { docId: indexDoc, update: bytes("yjs", 40) });
  await quoting("does not open: a quote with another key before it", wentOn, quoteOf(keyOfSiri, ofBo));

  // Who was shut out. The restore is of before that.
  const shutting = async (name: string, before: Log, after: Log) => {
    const given = await givenLog(before);
    const { generations: begun, envelopes } = await givenLog(after);
    await add(file, name, "G8", "shutOut", { ...given, after: { generations: begun, envelopes } }, { ...behindPlan(given), after: { generations: begun, envelopes } });
  };
  const withoutPaper = await plan.controlled(ada, { action: "replaceRecovery", ...(await beginning(plan, [ada, bo, siri, newPaper])), member: memberOf(newPaper) });
  await shutting("a device that was removed is back", without, restored);
  await shutting("a recovery device that gave way is back", withoutPaper, restored);
  await shutting("who was removed is removed again", without, removedSiri);
}

// The end: a purge, a close, a shred.
{
  const file = "endings";
  const idsIn = async (log: Log) => hexes(await Promise.all(log.envelopes.map((one) => sha256(envelopeIdInput(one)))));
  const leftOf = async (log: Log, ...seqs: number[]): Promise<Dropped[]> => {
    const ids = await idsIn(log);
    return seqs.map((seq) => {
      const read = parseEnvelope(log.envelopes[seq - 1] ?? none);
      return { seq, envelopeId: ids[seq - 1] ?? "", deviceId: read.ok ? toHex(read.envelope.deviceId) : "", ctr: read.ok ? read.envelope.ctr : 0 };
    });
  };
  type Purge = Extract<ControlBody, { action: "purge" }>;
  const named = await leftOf(plan, 4, 5);
  const documents = [{ docId: indexDoc, clients: [{ client: 7, deviceId: siri.deviceId }, { client: 4_294_967_295, deviceId: bo.deviceId }] }];
  const hashOfTouched = (of: typeof documents) => hash("sha256", touchedInput(of));
  const wanted = { docId: indexDoc, through: 5, dropped: named, touched: hashOfTouched(documents) };
  const askOf = (device: Device, { by = device, ...changes }: Partial<typeof wanted> & { by?: Device } = {}) => {
    const of = { ...wanted, ...changes };
    const droppedHash = new Uint8Array(hash("sha256", droppedInput(of.dropped), "buffer"));
    return { deviceId: device.deviceId, signature: toBase64Url(signWith(by.signPrivate, purgeAskInput(fromHex(plan.roomId), of, droppedHash))) };
  };
  const purge: Purge = { action: "purge", previousControl, ...wanted, ask: askOf(siri) };
  const purgeOf = (changes: Partial<Purge>): Purge => ({ ...purge, ask: askOf(siri, changes), ...changes });
  const words = { at: 1_790_000_000_900, reason: "invented", states: documents.map((one) => ({ ...one, update: toBase64Url(bytes("state", 60)) })) };

  await add(file, "the hash of what a purge carries on", "Z3", "touched", { documents });
  await add(file, "the hash of several documents, in one of which things were only deleted", "Z3", "touched", { documents: [...documents, { docId: caseDoc, clients: [] }] });
  await add(file, "the hash of a purge that carries on nothing", "Z3", "touched", { documents: [] });
  const asked = { roomId: plan.roomId, ...wanted, sign: signOf(siri), signature: toHex(Buffer.from(purge.ask.signature, "base64url")) };
  await add(file, "what is signed by who asks for a purge", "Z3", "purgeAsk", asked);
  await add(file, "it does not hold for a later number", "Z3", "purgeAsk", { ...asked, through: 6 });
  await add(file, "it does not hold for another document", "Z3", "purgeAsk", { ...asked, docId: caseDoc });
  await add(file, "it does not hold in another room", "Z3", "purgeAsk", { ...asked, roomId: toHex(bytes("other room", 16)) });
  await add(file, "it does not hold for less than was asked for", "Z3", "purgeAsk", { ...asked, dropped: named.slice(1) });
  await add(file, "it does not hold for other documents to carry on", "Z3", "purgeAsk", { ...asked, touched: hashOfTouched([]) });
  const record = await plan.control(ada, purge, {}, words);
  await add(file, "the inside of a purge", "Z3 C6", "open", { bytes: toHex(record), secret: secretOf(1) });
  for (const [name, body] of [
    ["", purge],
    [" that destroys nothing", { ...purge, dropped: [] }],
    [" that destroys more than 500", { ...purge, dropped: Array.from({ length: 501 }, () => named[0] as Dropped) }],
    [" that nobody asks for", { ...purge, ask: undefined }],
    [" that does not say what it carries on", { ...purge, touched: undefined }],
    [" whose ask is cut short", { ...purge, ask: { ...purge.ask, signature: purge.ask.signature.slice(0, -2) } }],
    [" of a document whose id is too short", { ...purge, docId: indexDoc.slice(2) }],
  ] as const) {
    await add(file, `the clear body of a purge${name}`, "Z3", "body", { clear: JSON.stringify(body) });
  }

  await addLogTo(file, "counts: a purge of what was read before", "Z3", await plan.controlled(ada, purge, words));
  const closedThen = { ...purge, previousControl: closed.controlHead };
  await addLogTo(file, "counts: a purge in a closed room", "Z3", await closed.controlled(ada, closedThen, words));
  await addLogTo(file, "stops: a purge in a shredded room", "Z2", shredded, await shredded.control(ada, { ...purge, previousControl: shredded.controlHead }));
  const adaPhone = await deviceOf("ada.phone", "consultant");
  const withPhone = await plan.controlled(ada, await adding(plan, "addDevice", adaPhone));
  const [first, second] = named as [Dropped, Dropped];
  const refusedPurges: [string, string, Log, Partial<Purge>, Device?][] = [
    ["by one person alone", "Z3", plan, { ask: askOf(ada) }],
    ["by two devices of one person", "Z3", withPhone, { ask: askOf(adaPhone) }],
    ["that the recovery device asks for", "Z3", plan, { ask: askOf(paper) }],
    ["that one asks for who writes no updates there", "Z3", principal, { ask: askOf(rektor) }],
    ["that a stranger asks for", "Z3", plan, { ask: askOf(rektor) }],
    ["that somebody else has signed for", "Z3", plan, { ask: askOf(siri, { by: ada }) }],
    ["that was asked for up to another number", "Z3", plan, { ask: askOf(siri, { through: 4 }) }],
    ["of another document than was asked for", "Z3", plan, { ask: askOf(siri, { docId: caseDoc }) }],
    ["of a sosiallærer's", "C4", plan, { ask: askOf(ada) }, siri],
    ["of the recovery device's", "C4", plan, {}, paper],
    ["of less than was asked for", "Z3", plan, { dropped: named.slice(1), ask: purge.ask }],
    ["of more than was asked for", "Z3", plan, { ask: askOf(siri, { dropped: named.slice(1) }) }],
    ["that is to carry on other documents than was asked for", "Z3", plan, { touched: hashOfTouched([]), ask: purge.ask }],
    ["that names another envelope than stands there", "Z3", plan, { dropped: [{ ...first, envelopeId: second.envelopeId }] }],
    ["that names another author", "Z3", plan, { dropped: [{ ...first, deviceId: ada.deviceId }] }],
    ["that names another counter", "Z3", plan, { dropped: [{ ...first, ctr: 2 }] }],
    ["that names a control record", "Z3", plan, { dropped: await leftOf(plan, 3) }],
    ["that names a heartbeat", "Z3", plan, { dropped: await leftOf(plan, 6), through: 6 }],
    ["that names what stands behind its number", "Z3", plan, { through: 4 }],
    ["that does not name them in their order", "Z3", plan, { dropped: [second, first] }],
    ["that names one twice", "Z3", plan, { dropped: [first, first] }],
    ["up to its own number", "Z3", plan, { through: 7 }],
  ];
  for (const [name, rules, log, changes, author = ada] of refusedPurges) {
    await addLogTo(file, `stops: a purge ${name}`, rules, log, await log.control(author, { ...purgeOf(changes), previousControl: log.controlHead }));
  }
  await addLogTo(file, "stops: a room is closed once", "Z1", closed, await closed.control(ada, { action: "close", previousControl: closed.controlHead, keepUntil: "2041-08-01" }));
  await addLogTo(file, "stops: an update that is given back behind the close", "Z1 G3", closed.restoredBehind(6, gen), await closed.next(siri, "update", { inside: anUpdate }));

  /** The numbers behind those that were read, as a relay gives them that has dropped the bytes of some. */
  const pageOf = async (log: Log, read: number, gone: readonly number[]): Promise<LogEntry[]> => {
    const left = await leftOf(log, ...gone);
    return log.envelopes.flatMap((one, index): LogEntry[] => {
      const seq = index + 1;
      if (seq <= read) return [];
      const hole = left.find((candidate) => candidate.seq === seq);
      return [hole === undefined ? { seq, bytes: one } : { seq, dropped: { envelopeId: hole.envelopeId, deviceId: hole.deviceId, ctr: hole.ctr } }];
    });
  };
  const addPage = async (name: string, rules: string, log: Log, read: number, page: readonly LogEntry[]) => {
    const given = { ...(await givenLog(log)), genesis: genesisId, envelopes: hexes(log.envelopes.slice(0, read)) };
    const framed = { page: toHex(encodePage(page)) };
    await add(file, name, rules, "onward", { ...given, ...framed }, { ...behindPlan(given), ...framed });
  };
  const purgedLog = await (await plan.controlled(ada, purge, words)).updated(siri);
  const purgedPage = await pageOf(purgedLog, 3, [4, 5]);
  const body = encodePage(purgedPage);
  await add(file, "a page with two numbers without bytes", "R12 Z4", "page", { body: toHex(body) });
  await add(file, "refused: a page that ends within what stands for an envelope", "R12 Z4", "page", { body: toHex(body.slice(0, 60)) });
  await add(file, "refused: in the place of bytes a counter above 2^53 - 1", "R12 Z4", "page", { body: toHex(put(body, 60, 0, 0x20)) });
  await addPage("counts: numbers without bytes, the purge that names them, and what is written behind it", "Z4 L2", purgedLog, 3, purgedPage);
  await addPage("counts, but is a fault at the log's end: no purge names one of the numbers", "Z4", plan, 3, await pageOf(plan, 3, [4]));
  const half = await plan.controlled(ada, purgeOf({ dropped: [first] }), words);
  await addPage("counts, but is a fault at the log's end: the purge names one of two", "Z4", half, 3, await pageOf(half, 3, [4, 5]));
  const [hole, ...rest] = purgedPage as [Extract<LogEntry, { dropped: unknown }>, ...LogEntry[]];
  await addPage("stops: a number without bytes whose counter is not its author's next", "Z4", purgedLog, 3, [{ ...hole, dropped: { ...hole.dropped, ctr: 2 } }, ...rest]);
  const unlike = await plan.controlled(ada, purgeOf({ dropped: [{ ...first, envelopeId: toHex(bytes("another", 32)) }, second] }), words);
  await addPage("stops: the purge names another than what stands without bytes", "Z3 Z4", unlike, 3, await pageOf(unlike, 3, [4, 5]));
  await addPage("stops: a number is left out", "P1", purgedLog, 3, rest);
  await addPage("stops: the first number has no bytes", "Z4 I7", plan, 0, await pageOf(plan, 0, [1]));

  // A shred, and nothing before it has bytes. What was read ends before the new keys and the close.
  const closedLater = await (async () => {
    const given = await plan.controlled(bo, { action: "rotate", ...(await beginning(plan, [ada, bo, siri, paper])) });
    return given.controlled(ada, { action: "close", previousControl: given.controlHead, keepUntil: "2031-08-01" });
  })();
  const shred: ControlBody = { action: "shred", previousControl: closedLater.controlHead };
  const behindHoles = async (log: Log, last: Bytes): Promise<LogEntry[]> => [...(await pageOf(log, 6, [7, 8])), { seq: 9, bytes: last }];
  const clear = utf8(JSON.stringify(shred));
  const shredOf = (author: Device, content: Content = {}) => closedLater.next(author, "control", { clear, inside: utf8("{}"), ...content });
  await addPage("counts: a shred behind numbers without bytes, the close among them", "Z6 Z2", closedLater, 6, await behindHoles(closedLater, await shredOf(bo)));
  const acceptedAndClosed = await (async () => {
    const given = await restored.controlled(ada, { action: "acceptGen", previousControl, logGen: gen, fromSeq: 6 });
    return given.controlled(ada, { action: "close", previousControl: given.controlHead, keepUntil: "2031-08-01" });
  })();
  const shredLater = await acceptedAndClosed.control(bo, { action: "shred", previousControl: acceptedAndClosed.controlHead });
  await addPage("counts: such a shred where the acceptance of a generation is among what is missing", "Z6 G5", acceptedAndClosed, 6, await behindHoles(acceptedAndClosed, shredLater));
  const madeConsultant = await (async () => {
    const given = await plan.controlled(bo, { action: "setRole", previousControl, memberId: siri.memberId, role: "consultant" });
    return given.controlled(ada, { action: "close", previousControl: given.controlHead, keepUntil: "2031-08-01" });
  })();
  const shredOfSiri = await madeConsultant.control(siri, { action: "shred", previousControl: madeConsultant.controlHead });
  await addPage("stops: such a shred of one who was no consultant when this reader last read", "Z6", madeConsultant, 6, await behindHoles(madeConsultant, shredOfSiri));
  for (const [name, rules, last] of [
    ["that its author has not signed", "Z6 E3", await shredOf(bo, { signedBy: siri.signPrivate })],
    ["that leaves out a counter", "Z6 P3", await shredOf(bo, { changes: { ctr: 9 } })],
    ["behind another envelope of its author's than there is", "Z6 P3", await shredOf(bo, { changes: { prev: bytes("another", 32) } })],
    ["that has seen another log", "Z6 P4", await shredOf(bo, { changes: { seenAcc: bytes("another", 32) } })],
    ["that names a record which is not among what is missing", "Z6 C3", await shredOf(bo, { clear: utf8(JSON.stringify({ ...shred, previousControl })) })],
  ] as const) {
    await addPage(`stops: such a shred ${name}`, rules, closedLater, 6, await behindHoles(closedLater, last));
  }
  const anOffer = { action: "offer", previousControl: closedLater.controlHead, offerId: toHex(bytes("offer", 16)) };
  await addPage("stops: another record than a shred behind numbers without bytes", "Z6 C3", closedLater, 6, await behindHoles(closedLater, await closedLater.control(bo, anOffer, { epoch: 1 })));
  const over = await closedLater.controlled(bo, shred);
  await addPage("stops: a heartbeat behind such a shred", "Z2", over, 6, [...(await behindHoles(closedLater, over.envelopes.at(-1) ?? none)), { seq: 10, bytes: await over.next(siri, "heartbeat", { changes: { epoch: 1 } }) }]);
}

for (const [name, { bases, vectors }] of files) {
  const path = join(folder, `${name}.json`);
  if (existsSync(path)) continue;
  const lines = (list: readonly string[]) => list.map((line) => `    ${line}`).join(",\n");
  const baseLines = Object.entries(bases).map(([base, envelopes]) => `${JSON.stringify(base)}: ${JSON.stringify(envelopes)}`);
  const file = `{\n  "bases": {${baseLines.length === 0 ? "" : `\n${lines(baseLines)}\n  `}},\n  "vectors": [\n${lines(vectors.map((vector) => JSON.stringify(vector)))}\n  ]\n}\n`;
  writeFileSync(path, file);
  appendFileSync(join(folder, "SHA256SUMS"), `${hash("sha256", file)}  ${name}.json\n`);
  console.log(`${name}.json: ${vectors.length} vectors`);
}
