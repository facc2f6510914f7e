import { createECDH, createHmac, ECDH, hkdfSync } from "node:crypto";
import { inflateRawSync } from "node:zlib";
import {
  commitment,
  deviceIdOf,
  hash,
  hex,
  isSignature,
  isSignedBy,
  openHpke,
  openSealed,
  purpose,
  readEnvelope,
  subKey,
  type WireEnvelope,
  wrapInfo,
} from "../support/wire.ts";
import type { Generations, Givens, Json, Kind, Operations } from "./format.ts";

// A second reader: SPEC.md and nothing else of ours, on Node's own cryptography. What it cannot read, SPEC.md does not say well enough.

const text = (value: string) => Buffer.from(value, "utf8");
const number4 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const number8 = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
};
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

class Refused extends Error {
  readonly kind: "malformed" | "newer" | "unreadable";

  constructor(kind: "malformed" | "newer" | "unreadable", message = "") {
    super(message);
    this.kind = kind;
  }
}

function must(holds: boolean, rule: string): void {
  if (!holds) throw new Refused("malformed", rule);
}

/** Base64url without padding. */
function fromBase64Url(value: unknown): Buffer {
  must(typeof value === "string" && /^[A-Za-z0-9_-]*$/.test(value) && value.length % 4 !== 1, "base64url");
  return Buffer.from(value as string, "base64url");
}

const kib = 1024;
const highest = BigInt(Number.MAX_SAFE_INTEGER);
const types = ["", "update", "control", "heartbeat", "presence"];

/** [E1] [E2] [N1] [H1] */
function parse(bytes: Buffer): WireEnvelope {
  must(bytes.length <= 512 * kib && bytes.length >= 162 + 4 + 12 + 4 + 16 + 64, "size");
  must(bytes.subarray(0, 3).toString("latin1") === "ADR" && bytes[3] !== 0, "magic");
  if ((bytes[3] ?? 0) > 1) throw new Refused("newer");
  must(bytes[4] !== 0, "suite");
  if ((bytes[4] ?? 0) > 1) throw new Refused("newer");
  const type = types[bytes[5] ?? 0] ?? "";
  must(type !== "", "type");
  must(type !== "heartbeat" || bytes.length <= 16 * kib, "size");
  const clear = bytes.readUInt32BE(162);
  must(clear > 0 === (type === "control") && clear <= 128 * kib, "clear");
  must(166 + clear + 16 <= bytes.length, "length");
  const sealed = bytes.readUInt32BE(166 + clear + 12);
  must(sealed >= 16 && 166 + clear + 16 + sealed + 64 === bytes.length, "length");
  for (const at of [42, 82, 90]) must(bytes.readBigUInt64BE(at) <= highest, "number");
  const envelope = readEnvelope(bytes);
  must((envelope.ctr === 0) === (type === "presence"), "ctr");
  if (type === "presence") must(bytes.length <= 4 * kib && envelope.prev.every((byte) => byte === 0) && envelope.resealOf.every((byte) => byte === 0), "presence");
  return envelope;
}

/** What a page has at a number: an envelope, or what is left of one. */
type Dropped = { envelopeId: string; deviceId: string; ctr: number };
type Entry = { seq: number } & ({ bytes: Buffer } | { dropped: Dropped });

/** [R12] [Z4] */
function parsePage(body: Buffer): Entry[] {
  const entries: Entry[] = [];
  for (let at = 0; at < body.length; ) {
    must(at + 12 <= body.length && entries.length < 1000, "R12");
    const [number, length] = [body.readBigUInt64BE(at), body.readUInt32BE(at + 8)];
    const isDropped = length === 0xffff_ffff;
    const end = at + 12 + (isDropped ? 56 : length);
    must(number <= highest && (isDropped || length <= 512 * kib) && end <= body.length, "R12");
    const [seq, bytes] = [Number(number), body.subarray(at + 12, end)];
    entries.push(isDropped ? { seq, dropped: droppedIn(bytes) } : { seq, bytes });
    at = end;
  }
  return entries;
}

/** [Z4] */
function droppedIn(bytes: Buffer): Dropped {
  const ctr = bytes.readBigUInt64BE(48);
  must(ctr <= highest, "Z4");
  return { envelopeId: hexOf(bytes.subarray(0, 32)), deviceId: hexOf(bytes.subarray(32, 48)), ctr: Number(ctr) };
}

const typeOf = (envelope: WireEnvelope) => types[envelope.type ?? 0] ?? "";

/** [E5] */
function padded(length: number): number {
  if (length <= 256) return 256;
  const exponent = 31 - Math.clz32(length);
  const step = 2 ** (exponent - (31 - Math.clz32(exponent)) - 1);
  return Math.ceil(length / step) * step;
}

/** [E5] */
function unpack(bytes: Buffer): Buffer {
  must(bytes.length >= 256, "padding");
  const length = bytes.readUInt32BE(0);
  must(length + 4 <= bytes.length && padded(length + 4) === bytes.length, "padding");
  must(bytes.subarray(4 + length).every((byte) => byte === 0), "padding");
  try {
    return inflateRawSync(bytes.subarray(4, 4 + length), { maxOutputLength: 32 * kib * kib });
  } catch {
    throw new Refused("malformed", "deflate");
  }
}

/** A varUint of lib0: seven bits in each byte, the lowest first, the eighth says that more follow; and what lies behind it. */
function varUint(bytes: Buffer): [value: number, rest: Buffer] {
  let value = 0;
  for (let at = 0; ; at++) {
    const byte = bytes[at];
    if (byte === undefined) throw new Refused("malformed", "varUint");
    value += (byte & 127) * 128 ** at;
    must(value <= Number.MAX_SAFE_INTEGER, "varUint");
    if (byte < 128) return [value, bytes.subarray(at + 1)];
  }
}

/** [E7] */
function updateIn(inside: Buffer) {
  const [authoredAt, behindTime] = varUint(inside);
  let [left, rest] = varUint(behindTime);
  const items: { docId: string; update: string }[] = [];
  for (; left > 0; left--) {
    must(rest.length >= 17, "inside");
    const docId = hexOf(rest.subarray(0, 17));
    const [length, behind] = varUint(rest.subarray(17));
    must(length <= behind.length, "inside");
    items.push({ docId, update: hexOf(behind.subarray(0, length)) });
    rest = behind.subarray(length);
  }
  must(rest.length === 0, "inside");
  return { authoredAt, items };
}

/** [N2] */
function presenceIn(inside: Buffer) {
  const [at, rest] = varUint(inside);
  must(rest.length >= 17, "inside");
  return { at, docId: hexOf(rest.subarray(0, 17)), bytes: hexOf(rest.subarray(17)) };
}

/** [H1] */
function heartbeatIn(inside: Buffer) {
  const [authoredAt, rest] = varUint(inside);
  varUint(rest);
  return { authoredAt };
}

/** [O2] */
function answersIn(inside: Buffer) {
  const [, behindTime] = varUint(inside);
  let [left, rest] = varUint(behindTime);
  const answers: Json[] = [];
  for (; left > 0 && rest.length > 0; left--) {
    const [length, behind] = varUint(rest);
    if (length > behind.length) break;
    const answer = behind.subarray(0, length);
    const [roomId, memberId, sign, kem] = [[0, 16], [16, 32], [32, 97], [97, 162]].map(([from, to]) => hexOf(answer.subarray(from, to)));
    if (length === 162) answers.push({ roomId, memberId, sign, kem } as Json);
    rest = behind.subarray(length);
  }
  return { answers };
}

/** What each type of envelope holds; the rest are words. */
const readInside: Record<string, (inside: Buffer) => Json> = { update: updateIn, presence: presenceIn, heartbeat: heartbeatIn };

/** AES-256-GCM of nonce ‖ ciphertext ‖ tag. */
function openJoined(key: Uint8Array, joined: Buffer, additional: Uint8Array): Buffer {
  try {
    return openSealed(key, joined.subarray(0, 12), joined.subarray(12), additional);
  } catch {
    throw new Refused("unreadable");
  }
}

// Accumulators [L2].

function sumUp(roomId: Buffer, generations: Generations, ids: readonly Uint8Array[]) {
  const accs: Buffer[] = [];
  const starts = new Map<number, Buffer>();
  let acc = hash(purpose("acc0"), roomId, number8(1));
  starts.set(1, acc);
  const begin = (seq: number) => {
    generations.forEach(({ logGen, fromSeq }, index) => {
      if (index === 0 || fromSeq !== seq || generations.slice(index + 1).some((later) => later.fromSeq < fromSeq)) return;
      acc = hash(purpose("gen"), roomId, number8(logGen), number8(seq), acc);
      starts.set(logGen, acc);
    });
  };
  begin(0);
  ids.forEach((id, index) => {
    acc = hash(purpose("acc"), acc, id);
    accs.push(acc);
    begin(index + 1);
  });
  /** What an author of a generation has seen at a number. */
  const seen = (logGen: number, seq: number): Buffer | undefined => {
    const own = generations.findIndex((one) => one.logGen === logGen);
    const at = generations.slice(0, own + 1).findLast(({ fromSeq }) => fromSeq <= seq);
    return at?.fromSeq === seq ? starts.get(at.logGen) : accs[seq - 1];
  };
  return { accs, starts, acc, seen };
}

// Control records and their fold, §4.

type Device = { memberId: string; role: string; sign: string };
type Membership = {
  roomKind: string;
  epoch: number;
  commitment: string;
  controlHead: string;
  devices: Map<string, Device>;
  removed: Map<string, Device & { cut: number; fence: number }>;
  acceptedGen: number;
  keepUntil: string | null;
  shredded: boolean;
};

type WireMember = { memberId: string; role: string; deviceId: string; leaf: { sign: string; kem: string } };

/** The clear body of a control record: `readBody` has seen to it that its action has its fields. */
type Body = {
  action: string;
  previousControl: string;
  roomKind: string;
  serviceId: string;
  members?: WireMember[];
  member?: WireMember;
  memberId: string;
  role: string;
  commitment: string;
  wraps: { deviceId: string }[];
  devices: { deviceId: string; cut: number; fence: number }[];
  keepUntil: string;
  logGen: number;
  fromSeq: number;
  docId: string;
  through: number;
  dropped: (Dropped & { seq: number })[];
  touched: string;
  ask: { deviceId: string; signature: string };
};
type Unread = { [name: string]: unknown } | null;
type Check = (value: unknown) => boolean;

const id16 = (value: unknown) => typeof value === "string" && /^[0-9a-f]{32}$/.test(value);
const id32 = (value: unknown) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
const count = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
const bytesOf = (length: number) => (value: unknown) => fromBase64Url(value).length === length;
const rolesOfKind: Record<string, string[]> = {
  service: ["consultant"],
  shelf: ["consultant", "socialTeacher", "principal", "serviceLead"],
  plan: ["consultant", "socialTeacher", "principal"],
  school: ["consultant", "socialTeacher"],
  figures: ["consultant", "serviceLead"],
};
const allRoles = ["consultant", "socialTeacher", "principal", "serviceLead", "recovery"];
const withFields = (fields: Record<string, Check>): Check => (value) => {
  const unread = value as Unread;
  return typeof unread === "object" && unread !== null && Object.entries(fields).every(([name, isRight]) => isRight(unread[name]));
};
const oneOf = (values: string[]): Check => (value) => values.includes(value as string);
/** [K3] */
const isKey: Check = (value) => {
  const key = fromBase64Url(value);
  try {
    ECDH.convertKey(key, "prime256v1");
    return key.length === 65 && key[0] === 4;
  } catch {
    return false;
  }
};
const leaf = withFields({ sign: isKey, kem: isKey });
const isMember = withFields({ memberId: id16, role: oneOf(allRoles), deviceId: id16, leaf });
const isWrap = withFields({ deviceId: id16, enc: bytesOf(65), sealed: bytesOf(48) });
const listOf = (one: Check, least: number, most: number): Check => (value) =>
  Array.isArray(value) && value.length >= least && value.length <= most && value.every(one);
const devicesMax = 200;
const change = { previousControl: id32 };
const newEpoch = { ...change, commitment: id32, wraps: listOf(isWrap, 0, devicesMax), history: bytesOf(60) };
const added = { ...change, member: isMember, commitment: id32, wraps: listOf(isWrap, 1, 1) };
const isCut = withFields({ deviceId: id16, cut: count, fence: count });
const isDropped = withFields({ seq: count, envelopeId: id32, deviceId: id16, ctr: count });
const isDocId: Check = (value) => typeof value === "string" && /^[0-9a-f]{34}$/.test(value);
const isAsk = withFields({ deviceId: id16, signature: bytesOf(64) });

/** The table of §4. */
const fieldsOf: Record<string, Record<string, Check>> = {
  genesis: {
    roomKind: oneOf(Object.keys(rolesOfKind)),
    serviceId: id16,
    members: listOf(isMember, 1, 2),
    commitment: id32,
    wraps: listOf(isWrap, 0, 2),
  },
  addMember: added,
  addDevice: added,
  setRole: { ...change, memberId: id16, role: oneOf(allRoles) },
  remove: { ...newEpoch, devices: listOf(isCut, 1, devicesMax) },
  rotate: newEpoch,
  replaceRecovery: { ...newEpoch, member: isMember },
  offer: { ...change, offerId: id16 },
  close: { ...change, keepUntil: (value) => typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) },
  shred: change,
  purge: { ...change, docId: isDocId, through: count, dropped: listOf(isDropped, 1, 500), touched: id32, ask: isAsk },
  acceptGen: { ...change, logGen: count, fromSeq: count },
};

function readBody(clear: Uint8Array): Body {
  let body: Unread;
  try {
    body = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(clear)) as Unread;
  } catch {
    throw new Refused("malformed", "clear");
  }
  const action = body?.["action"];
  must(typeof action === "string", "action");
  const wanted = Object.hasOwn(fieldsOf, action as string) ? fieldsOf[action as string] : undefined;
  if (wanted === undefined) throw new Refused("newer", "C7");
  must(withFields(wanted)(body), "fields");
  return body as Body;
}

type Place = {
  seq: number;
  ctrs: ReadonlyMap<string, number>;
  /** Those that stand there, and what stands there without bytes. */
  updates: ReadonlyMap<number, Dropped>;
  generation: Generations[number];
};

/** The table of §4. */
const writesUpdates = (role: string, roomKind: string) =>
  role === "consultant" || role === "recovery" || (role === "socialTeacher" && ["school", "plan"].includes(roomKind));

const deviceFrom = ({ memberId, role, leaf }: WireMember): Device => ({ memberId, role, sign: leaf.sign });

function wrapsFit(devices: ReadonlyMap<string, unknown>, wraps: Body["wraps"]): void {
  const ids = wraps.map(({ deviceId }) => deviceId);
  must(new Set(ids).size === ids.length && ids.length === devices.size && ids.every((id) => devices.has(id)), "C12");
}

/** [C12] */
const beginsEpoch = ({ action }: Body) => ["remove", "rotate", "replaceRecovery"].includes(action);

/** @throws when the record does not count */
function fold(before: Membership | null, envelope: WireEnvelope, body: Body, place: Place): Membership {
  const author = hexOf(envelope.deviceId);
  for (const { deviceId, leaf } of body.members ?? (body.member ? [body.member] : [])) {
    must(hexOf(deviceIdOf(fromBase64Url(leaf.sign), fromBase64Url(leaf.kem))) === deviceId, "K3");
  }
  if (body.action === "genesis") {
    const [first, recovery] = body.members! as [WireMember, WireMember?];
    must(before === null && first.deviceId === author && first.role === "consultant", "C2");
    must(recovery === undefined || (recovery.role === "recovery" && recovery.memberId !== first.memberId && recovery.deviceId !== author), "C2");
    must(envelope.epoch === 1 && envelope.ctr === 1, "C2");
    must((body.roomKind === "service") === (body.serviceId === hexOf(envelope.roomId)), "C2");
    const devices = new Map<string, Device>(body.members!.map((member) => [member.deviceId, deviceFrom(member)]));
    wrapsFit(devices, body.wraps);
    return {
      roomKind: body.roomKind,
      epoch: 1,
      commitment: body.commitment,
      controlHead: hexOf(envelope.id),
      devices,
      removed: new Map(),
      acceptedGen: 1,
      keepUntil: null,
      shredded: false,
    };
  }
  must(before !== null, "C2");
  const room = before as Membership;
  const me = room.devices.get(author);
  must(me !== undefined, "P2");
  const { role, memberId } = me as Device;
  const ofRecovery = ["addMember", "addDevice", "remove", "rotate", "replaceRecovery", "acceptGen"];
  const isOwn =
    role !== "recovery" &&
    ((body.action === "addDevice" && body.member?.memberId === memberId) ||
      (body.action === "remove" && body.devices.every(({ deviceId }) => room.devices.get(deviceId)?.memberId === memberId)));
  must(role === "consultant" || (role === "recovery" && ofRecovery.includes(body.action)) || isOwn, "C4");
  must(body.previousControl === room.controlHead, "C3");
  must(!room.shredded, "Z2");
  const begins = beginsEpoch(body);
  must(envelope.epoch === room.epoch + (begins ? 1 : 0), "C12");
  const after: Membership = { ...room, controlHead: hexOf(envelope.id), devices: new Map(room.devices), removed: new Map(room.removed) };
  if (begins) [after.epoch, after.commitment] = [envelope.epoch, body.commitment];
  const rolesHere = rolesOfKind[room.roomKind] ?? [];
  switch (body.action) {
    case "addMember":
    case "addDevice": {
      const member = body.member!;
      const now = [...room.devices.values()].filter((one) => one.memberId === member.memberId);
      const gone = [...room.removed.values()].filter((one) => one.memberId === member.memberId);
      must(now.length + gone.length > 0 === (body.action === "addDevice"), "C13");
      must(rolesHere.includes(member.role) && now.every((one) => one.role === member.role) && gone.every((one) => one.role !== "recovery"), "C4");
      must(!room.devices.has(member.deviceId) && !room.removed.has(member.deviceId) && room.devices.size < devicesMax, "C13");
      must(body.commitment === room.commitment, "C13");
      wrapsFit(new Map([[member.deviceId, true]]), body.wraps);
      after.devices.set(member.deviceId, deviceFrom(member));
      break;
    }
    case "setRole": {
      const own = [...room.devices].filter(([, one]) => one.memberId === body.memberId);
      must(own.length > 0 && rolesHere.includes(body.role) && own.every(([, one]) => one.role !== "recovery"), "C4");
      for (const [id, one] of own) after.devices.set(id, { ...one, role: body.role });
      break;
    }
    case "remove":
      for (const { deviceId, cut, fence } of body.devices) {
        const device = after.devices.get(deviceId);
        must(device !== undefined && deviceId !== author && device.role !== "recovery", "C11");
        must(fence <= cut && cut === (place.ctrs.get(deviceId) ?? 0), "C10");
        after.devices.delete(deviceId);
        after.removed.set(deviceId, { ...(device as Device), cut, fence });
      }
      break;
    case "replaceRecovery": {
      const member = body.member!;
      must(member.role === "recovery", "C4");
      for (const [id, one] of [...room.devices, ...room.removed]) must(id !== member.deviceId && one.memberId !== member.memberId, "C13");
      for (const [id, one] of room.devices) {
        if (one.role !== "recovery") continue;
        const last = id === author ? envelope.ctr : (place.ctrs.get(id) ?? 0);
        after.devices.delete(id);
        after.removed.set(id, { ...one, cut: last, fence: last });
      }
      after.devices.set(member.deviceId, deviceFrom(member));
      break;
    }
    case "close":
      must(room.keepUntil === null, "Z1");
      after.keepUntil = body.keepUntil;
      break;
    case "shred":
      must(room.keepUntil !== null, "Z2");
      after.shredded = true;
      break;
    case "purge":
      checkPurge(room, me as Device, envelope, body, place);
      break;
    case "acceptGen":
      must(body.logGen === envelope.logGen && body.logGen > room.acceptedGen, "G5");
      must(body.logGen !== place.generation.logGen || body.fromSeq === place.generation.fromSeq, "G5");
      after.acceptedGen = body.logGen;
      break;
    default:
  }
  must([...after.devices.values()].some((one) => one.role === "consultant"), "C11");
  if (begins) wrapsFit(after.devices, body.wraps);
  return after;
}

/** [Z3] */
function checkPurge(room: Membership, author: Device, { roomId }: WireEnvelope, { docId, through, dropped, touched, ask }: Body, { seq: own, updates }: Place): void {
  const asks = room.devices.get(ask.deviceId);
  must(asks !== undefined && asks.memberId !== author.memberId, "Z3");
  const { role, sign } = asks as Device;
  must(role !== "recovery" && writesUpdates(role, room.roomKind), "Z3");
  must(isSignature(fromBase64Url(sign), purgeAsk(roomId, { docId, through, dropped, touched }), fromBase64Url(ask.signature)), "Z3");
  must(through < own, "Z3");
  let before = 0;
  for (const { seq, envelopeId, deviceId, ctr } of dropped) {
    must(seq > before && seq <= through, "Z3");
    const update = updates.get(seq);
    must(update?.envelopeId === envelopeId && update.deviceId === deviceId && update.ctr === ctr, "Z3");
    before = seq;
  }
}

function purgeAsk(roomId: Uint8Array, { docId, through, dropped, touched }: Pick<Givens["purgeAsk"], "docId" | "through" | "dropped" | "touched">): Buffer {
  const named = dropped.map(({ seq, envelopeId, deviceId, ctr }) => Buffer.concat([number8(seq), hex(envelopeId), hex(deviceId), number8(ctr)]));
  return Buffer.concat([purpose("purge"), roomId, hex(docId), number8(through), hash(purpose("dropped"), ...named), hex(touched)]);
}

/** Of the documents in their order, and each one's clients in theirs. */
function touchedBy(documents: Givens["touched"]["documents"]): Buffer {
  const parts = documents.flatMap(({ docId, clients }) => [
    hex(docId),
    number8(clients.length),
    ...clients.flatMap(({ client, deviceId }) => [number8(client), hex(deviceId)]),
  ]);
  return hash(purpose("touched"), ...parts);
}

/** A log from its first number on, §5. */
function follow({ roomId, genesis, generations, entries }: Pick<Givens["log"], "roomId" | "genesis" | "generations"> & { entries: readonly Entry[] }) {
  const ids = entries.map((entry) => ("bytes" in entry ? hash(purpose("env"), entry.bytes.subarray(0, -64)) : hex(entry.dropped.envelopeId)));
  const { seen } = sumUp(hex(roomId), generations, ids);
  const chains = new Map<string, { ctr: number; tip: string }>();
  const updates = new Map<number, Dropped>();
  const begunIn = new Map<number, number>();
  let unexplained = new Map<number, Dropped>();
  const present = generations.at(-1) as Generations[number];
  let room: Membership | null = null;
  let accepted = 0;
  let stopped: string | null = null;
  try {
    for (const [index, entry] of entries.entries()) {
      const seq = index + 1;
      must(entry.seq === seq, "P1");
      if ("dropped" in entry) {
        const { dropped } = entry;
        must(room !== null && !room.shredded && dropped.ctr === (chains.get(dropped.deviceId)?.ctr ?? 0) + 1, "Z4");
        chains.set(dropped.deviceId, { ctr: dropped.ctr, tip: dropped.envelopeId });
        updates.set(seq, dropped);
        unexplained.set(seq, dropped);
        accepted = seq;
        continue;
      }
      const envelope = parse(entry.bytes);
      const author = hexOf(envelope.deviceId);
      must(hexOf(envelope.roomId) === roomId && (seq > 1 || hexOf(envelope.id) === genesis), "I7");
      must(envelope.logGen <= present.logGen, "P1");
      const type = typeOf(envelope);
      let after: Membership | null = room;
      const known: Device | undefined = room?.devices.get(author);
      let sign = known?.sign;
      const body = type === "control" ? readBody(envelope.clear) : null;
      if (body !== null) {
        const isBehindLost = body.action === "shred" && [...unexplained.values()].some(({ envelopeId }) => envelopeId === body.previousControl);
        if (isBehindLost) {
          must(room !== null && !room.shredded && known?.role === "consultant", "Z6");
          after = { ...(room as Membership), controlHead: hexOf(envelope.id), shredded: true };
        } else {
          const isWaiting = room !== null && present.fromSeq > 0 && present.logGen > room.acceptedGen;
          must(!isWaiting || envelope.logGen < present.logGen || body.action === "acceptGen", "G5");
          const ctrs = new Map([...chains].map(([id, { ctr }]) => [id, ctr]));
          after = fold(room, envelope, body, { seq, ctrs, updates, generation: present });
        }
        sign ??= after.devices.get(author)?.sign;
      } else {
        must(room !== null && known !== undefined && type !== "presence", "P2");
        const { roomKind, epoch, keepUntil, shredded } = room as Membership;
        const writes = writesUpdates((known as Device).role, roomKind);
        must(!shredded && (type === "heartbeat" || (writes && keepUntil === null)), "P2");
        const isLate = generations.some(({ logGen, fromSeq }) => logGen > envelope.logGen && seq > fromSeq);
        must(envelope.epoch === epoch || (isLate && envelope.epoch < epoch), "P2");
        must(envelope.logGen >= (begunIn.get(envelope.epoch) ?? 1), "G4");
      }
      must(sign !== undefined && isSignedBy(envelope, fromBase64Url(sign)), "E3");
      const chain = chains.get(author) ?? { ctr: 0, tip: "00".repeat(32) };
      must(envelope.ctr === chain.ctr + 1 && hexOf(envelope.prev) === chain.tip, "P3");
      const own = generations.findIndex(({ logGen }) => logGen === envelope.logGen);
      if (own !== -1) {
        must(seq > (generations[own]?.fromSeq ?? 0), "G4");
        const comparable = Math.min(...generations.slice(own + 1).map(({ fromSeq }) => fromSeq));
        const isGivenUp = seq > comparable && envelope.seenSeq > comparable;
        must(isGivenUp || (envelope.seenSeq < seq && seen(envelope.logGen, envelope.seenSeq)?.equals(envelope.seenAcc) === true), "P4");
      }
      chains.set(author, { ctr: envelope.ctr, tip: hexOf(envelope.id) });
      if (type === "update") updates.set(seq, { envelopeId: hexOf(envelope.id), deviceId: author, ctr: envelope.ctr });
      if (body !== null && beginsEpoch(body)) begunIn.set(envelope.epoch, envelope.logGen);
      if (body?.action === "purge") for (const dropped of body.dropped) unexplained.delete(dropped.seq);
      if (body?.action === "shred") unexplained = new Map();
      room = after;
      accepted = seq;
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    stopped = error.kind;
  }
  const { acc } = sumUp(hex(roomId), generations, ids.slice(0, accepted));
  return { accepted, stopped, acc: hexOf(acc), room, unexplained: [...unexplained.keys()] };
}

const entriesOf = (envelopes: readonly string[]): Entry[] => envelopes.map((bytes, index) => ({ seq: index + 1, bytes: hex(bytes) }));

function readLog({ envelopes, ...log }: Givens["log"]) {
  const { accepted, stopped, acc, room } = follow({ ...log, entries: entriesOf(envelopes) });
  return { accepted, stopped, acc, membership: room === null ? null : shown(room) };
}

function shown({ devices, removed, ...rest }: Membership) {
  const byId = <T>(map: Map<string, T>, of: (value: T) => Json) => Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, value]) => [id, of(value)]));
  return {
    ...rest,
    devices: byId(devices, ({ memberId, role }) => ({ memberId, role })),
    removed: byId(removed, ({ memberId, role, cut, fence }) => ({ memberId, role, cut, fence })),
  };
}

// After a restore, §12.

/** [G1] [G2] */
function adoption({ known, told, verified, now }: Givens["adoption"]) {
  const isInOrder = told.every(({ logGen }, index) => index === 0 || logGen > (told[index - 1]?.logGen ?? 0));
  const isAsKnown = told.every(({ logGen, fromSeq }) => known.every((one) => one.logGen !== logGen || one.fromSeq === fromSeq));
  const [newest, newestKnown] = [told.at(-1)?.logGen ?? 0, known.at(-1)?.logGen ?? 0];
  if (!isInOrder || !isAsKnown || told[0]?.logGen !== 1 || newest > now / 1000 + 7 * 24 * 60 * 60) return { fault: "GENERATIONS" };
  if (newest <= newestKnown) return { fault: "ROLLBACK" };
  const isIn = (list: Generations) => ({ logGen }: Generations[number]) => list.some((one) => one.logGen === logGen);
  const begun = [...told.filter((one) => !isIn(known)(one)), ...known.filter((one) => !isIn(told)(one))];
  return { goesOnFrom: Math.min(verified, ...begun.map(({ fromSeq }) => fromSeq)) };
}

/** [D3] */
const writesIn = (role: string, roomKind: string, docId: string) =>
  role === "consultant" || role === "recovery" || (role === "socialTeacher" && (roomKind === "school" || (roomKind === "plan" && docId === `01${"00".repeat(16)}`)));

/** [G7] The last of the log is the update that quotes. */
function readQuote({ secret, envelopes, ...log }: Givens["quote"]) {
  const { room, stopped } = follow({ ...log, entries: entriesOf(envelopes) });
  must(room !== null && stopped === null, "P7");
  const { devices, removed, roomKind } = room as Membership;
  const quoting = parse(hex(envelopes.at(-1) ?? ""));
  const own = openUpdate(quoting, (envelope) => subKey("update", hex(secret), envelope));
  const isQuote = ({ docId }: { docId: string }) => docId === "ff".repeat(17);
  must(own.items.length === 1 && own.items.every(isQuote), "G7");
  const quoted = hex(own.items[0]?.update ?? "");
  const envelope = parse(quoted.subarray(32));
  const author = hexOf(envelope.deviceId);
  const device = devices.get(author) ?? removed.get(author);
  must(hexOf(envelope.roomId) === log.roomId && envelope.logGen < quoting.logGen, "G7");
  must(device !== undefined && typeOf(envelope) === "update" && isSignedBy(envelope, fromBase64Url(device.sign)), "G7");
  const { authoredAt, items } = openUpdate(envelope, () => quoted.subarray(0, 32));
  must(items.every((item) => !isQuote(item) && writesIn((device as Device).role, roomKind, item.docId)), "D3");
  return { author, ctr: envelope.ctr, authoredAt, items };
}

const openUpdate = (envelope: WireEnvelope, keyOf: (envelope: WireEnvelope) => Buffer) =>
  updateIn(unpack(openJoined(keyOf(envelope), Buffer.concat([envelope.nonce, envelope.sealed]), envelope.sealedUnder)));

// Recovery, §10.

const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** [Y1] */
function codeSecret(code: string): Buffer {
  const typed = code.toUpperCase().replaceAll(/[\s-]/g, "");
  must(typed.length === 32 && Array.from(typed).every((letter) => letters.includes(letter)), "Y1");
  const bits = Array.from(typed, (letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from(Array.from({ length: 20 }, (_, index) => Number.parseInt(bits.slice(index * 8, index * 8 + 8), 2)));
}

const fromCode = (secret: Buffer, use: string) => Buffer.from(hkdfSync("sha256", secret, Buffer.alloc(0), text(`aapen-dor/v1/recovery/${use}`), 32));

/** DeriveKeyPair of RFC 9180 §7.1.3 for DHKEM(P-256, HKDF-SHA256). */
function deriveKeyPair(ikm: Buffer): { scalar: Buffer; publicKey: Buffer } {
  const suite = Buffer.concat([text("KEM"), hex("0010")]);
  const hmac = (key: Uint8Array, ...parts: Uint8Array[]) => createHmac("sha256", key).update(Buffer.concat(parts)).digest();
  const prk = hmac(Buffer.alloc(0), text("HPKE-v1"), suite, text("dkp_prk"), ikm);
  const pair = createECDH("prime256v1");
  for (let counter = 0; ; counter++) {
    const scalar = hmac(prk, hex("0020"), text("HPKE-v1"), suite, text("candidate"), Buffer.from([counter]), Buffer.from([1]));
    try {
      pair.setPrivateKey(scalar);
    } catch {
      continue;
    }
    return { scalar, publicKey: pair.getPublicKey() };
  }
}

// Invitation, §8.

function parseLink(link: string) {
  const parts = link.split(".").map(fromBase64Url);
  must(parts.length === 3 && parts[0]?.length === 16 && parts[1]?.length === 32 && parts[2]?.length === 32, "link");
  const [inviteId, secret, genesis] = parts as [Buffer, Buffer, Buffer];
  return { inviteId, secret, genesis };
}

/** What each kind of vector asks of a reader. Throws `Refused` for what is to be refused. */
const operations: Operations = {
  purpose: ({ name }) => ({ bytes: hexOf(purpose(name)) }),
  deviceId: ({ sign, kem }) => ({ deviceId: hexOf(deviceIdOf(hex(sign), hex(kem))) }),
  commitment: ({ roomId, epoch, secret }) => ({ commitment: hexOf(commitment(hex(roomId), epoch, hex(secret))) }),
  subKey({ use, secret, roomId, epoch, deviceId, nonce, sealed }) {
    const key = subKey(use, hex(secret), { roomId: hex(roomId), epoch, deviceId: hex(deviceId) });
    return { key: hexOf(key), opened: hexOf(openJoined(key, Buffer.concat([hex(nonce), hex(sealed)]), Buffer.alloc(0))) };
  },
  wrap({ privateKey, wrap, roomId, epoch }) {
    try {
      const info = wrapInfo(hex(roomId), epoch, hex(wrap.deviceId));
      return { secret: hexOf(openHpke(hex(privateKey), fromBase64Url(wrap.enc), info, fromBase64Url(wrap.sealed))) };
    } catch {
      throw new Refused("unreadable");
    }
  },
  history({ secret, roomId, epoch, history }) {
    const key = subKey("history", hex(secret), { roomId: hex(roomId), epoch, deviceId: Buffer.alloc(16) });
    return { before: hexOf(openJoined(key, fromBase64Url(history), Buffer.concat([purpose("history"), hex(roomId), number4(epoch)]))) };
  },
  accumulators({ roomId, generations, envelopeIds }) {
    const { accs, starts, acc } = sumUp(hex(roomId), generations, envelopeIds.map(hex));
    const byGeneration = generations.map(({ logGen }) => starts.get(logGen));
    return { accs: accs.map(hexOf), starts: byGeneration.map((start) => (start === undefined ? null : hexOf(start))), acc: hexOf(acc) };
  },
  padded: ({ lengths }) => ({ padded: lengths.map(padded) }),
  unpack: ({ packed }) => ({ inside: hexOf(unpack(hex(packed))) }),
  envelope({ bytes, sign }) {
    const envelope = parse(hex(bytes));
    const { version, suite, roomId, deviceId, epoch, ctr, prev, logGen, seenSeq, seenAcc, resealOf, clear, nonce, sealed, signature, sealedUnder } = envelope;
    must(version === 1 && envelope.rest === 0, "E1");
    const numbers = { suite: suite ?? 0, epoch, ctr, logGen, seenSeq };
    const parts = { roomId, deviceId, prev, seenAcc, resealOf, clear, nonce, sealed, signature, sealedUnder };
    return {
      type: typeOf(envelope),
      ...numbers,
      ...Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, hexOf(value)])),
      envelopeId: hexOf(envelope.id),
      signed: isSignedBy(envelope, hex(sign)),
    };
  },
  open({ bytes, secret }) {
    const envelope = parse(hex(bytes));
    const type = typeOf(envelope);
    const key = subKey(type, hex(secret), envelope);
    const inside = unpack(openJoined(key, Buffer.concat([envelope.nonce, envelope.sealed]), envelope.sealedUnder));
    return { inside: hexOf(inside), read: readInside[type]?.(inside) ?? (JSON.parse(inside.toString("utf8")) as Json) };
  },
  update: ({ inside }) => updateIn(hex(inside)),
  presence: ({ inside }) => presenceIn(hex(inside)),
  heartbeat: ({ inside }) => heartbeatIn(hex(inside)),
  answers: ({ inside }) => answersIn(hex(inside)),
  body: ({ clear }) => ({ action: readBody(text(clear)).action }),
  log: readLog,
  onward({ envelopes, page, ...log }) {
    const { accepted, stopped, acc, room, unexplained } = follow({ ...log, entries: [...entriesOf(envelopes), ...parsePage(hex(page))] });
    return { accepted, stopped, acc, unexplained, shredded: room?.shredded ?? false };
  },
  adoption,
  shutOut: ({ after, ...log }) => {
    const [before, now] = [log, { ...log, ...after }].map(({ envelopes, ...rest }) => follow({ ...rest, entries: entriesOf(envelopes) }).room);
    return { back: [...(before?.removed.keys() ?? [])].filter((deviceId) => now?.devices.has(deviceId)).sort() };
  },
  quote: readQuote,
  touched: ({ documents }) => ({ touched: hexOf(touchedBy(documents)) }),
  purgeAsk({ roomId, sign, signature, ...asked }) {
    const signed = purgeAsk(hex(roomId), asked);
    return { signed: hexOf(signed), holds: isSignature(hex(sign), signed, hex(signature)) };
  },
  push({ body }) {
    const bytes = hex(body);
    const envelopes: string[] = [];
    for (let at = 0; at < bytes.length; ) {
      must(at + 4 <= bytes.length && envelopes.length < 1000, "R12");
      const length = bytes.readUInt32BE(at);
      must(length <= 512 * kib && at + 4 + length <= bytes.length, "R12");
      envelopes.push(hexOf(bytes.subarray(at + 4, at + 4 + length)));
      at += 4 + length;
    }
    return { envelopes };
  },
  page: ({ body }) => ({ envelopes: parsePage(hex(body)).map((entry) => ("bytes" in entry ? { seq: entry.seq, bytes: hexOf(entry.bytes) } : entry)) }),
  sessionProof({ challenge, roomId, deviceId, sign, signature }) {
    const signed = Buffer.concat([purpose("session"), fromBase64Url(challenge), hex(roomId), hex(deviceId)]);
    return { signed: hexOf(signed), holds: isSignature(hex(sign), signed, hex(signature)) };
  },
  serviceToken: ({ token }) => ({ hash: hexOf(hash(purpose("service-token"), hex(token))) }),
  inviteLink({ link }) {
    const { inviteId, secret, genesis } = parseLink(link);
    return { inviteId: hexOf(inviteId), secret: hexOf(secret), genesis: hexOf(genesis) };
  },
  slot({ link, slot, body }) {
    const { inviteId, secret } = parseLink(link);
    const use = purpose(`invite/${slot}`);
    const key = Buffer.from(hkdfSync("sha256", secret, inviteId, use, 32));
    return { content: JSON.parse(openJoined(key, fromBase64Url(body), Buffer.concat([use, inviteId])).toString("utf8")) as Json };
  },
  commit: ({ reveal }) => ({ commit: hexOf(hash(purpose("invite/commit"), text(reveal))) }),
  checkNumbers({ link, challenge, reveal }) {
    return { numbers: [...hash(purpose("invite/phrase"), parseLink(link).secret, text(`${challenge}.${reveal}`)).subarray(0, 4)] };
  },
  recoveryCode({ code }) {
    const secret = codeSecret(code);
    const { scalar, publicKey } = deriveKeyPair(fromCode(secret, "kem"));
    return { secret: hexOf(secret), kemPrivate: hexOf(scalar), kemPublic: hexOf(publicKey) };
  },
  recoveryBundle({ code, bundle }) {
    const opened = openJoined(fromCode(codeSecret(code), "bundle"), fromBase64Url(bundle), text("aapen-dor/v1/recovery/bundle"));
    return { content: JSON.parse(opened.toString("utf8")) as Json };
  },
};

/** What a vector gives, or `{ refused }`. */
export function read<K extends Kind>(kind: K, given: Givens[K]): Json {
  try {
    return JSON.parse(JSON.stringify(operations[kind](given))) as Json;
  } catch (error) {
    if (error instanceof Refused) return { refused: error.kind };
    throw error;
  }
}
