import { createDecipheriv, createECDH, createHash, createHmac, createPublicKey, hkdfSync, verify } from "node:crypto";
import { inflateRawSync } from "node:zlib";

// SPEC.md read a second time, on Node's own cryptography and nothing of ours: what a device writes must open here.

const text = (value: string) => Buffer.from(value, "utf8");
export const hex = (value: string) => Buffer.from(value, "hex");
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

export const hash = (...parts: Uint8Array[]) => createHash("sha256").update(Buffer.concat(parts)).digest();
/** `P(x)` of [K2]. */
export const purpose = (name: string) => text(`aapen-dor/v1/${name}\0`);

/** The table of §2. */
export type WireEnvelope = ReturnType<typeof readEnvelope>;

export function readEnvelope(bytes: Uint8Array) {
  const all = Buffer.from(bytes);
  let at = 0;
  const take = (length: number) => all.subarray(at, (at += length));
  const fields = {
    magic: take(3).toString("latin1"),
    version: take(1)[0],
    suite: take(1)[0],
    type: take(1)[0],
    roomId: take(16),
    deviceId: take(16),
    epoch: take(4).readUInt32BE(),
    ctr: Number(take(8).readBigUInt64BE()),
    prev: take(32),
    logGen: Number(take(8).readBigUInt64BE()),
    seenSeq: Number(take(8).readBigUInt64BE()),
    seenAcc: take(32),
    resealOf: take(32),
  };
  const clear = take(take(4).readUInt32BE());
  // [E4]: the header, the clear length and the clear, as they lie there.
  const sealedUnder = Buffer.concat([purpose("aad"), all.subarray(0, at)]);
  const nonce = take(12);
  const sealed = take(take(4).readUInt32BE());
  const id = hash(purpose("env"), all.subarray(0, at));
  const signature = take(64);
  return { ...fields, clear, sealedUnder, nonce, sealed, id, signature, rest: all.length - at };
}

/** [K1] @param sign 65 bytes */
export function isSignature(sign: Uint8Array, signed: Uint8Array, signature: Uint8Array): boolean {
  const point = Buffer.from(sign);
  const jwk = { kty: "EC", crv: "P-256", x: point.subarray(1, 33).toString("base64url"), y: point.subarray(33).toString("base64url") };
  const key = createPublicKey({ key: jwk, format: "jwk" });
  return verify("sha256", signed, { key, dsaEncoding: "ieee-p1363" }, signature);
}

/** [E3] */
export const isSignedBy = ({ id, signature }: WireEnvelope, sign: Uint8Array) => isSignature(sign, Buffer.concat([purpose("sig"), id]), signature);

/** [K5] */
export function subKey(use: string, secret: Uint8Array, at: { roomId: Uint8Array; epoch: number; deviceId: Uint8Array }): Buffer {
  const info = Buffer.concat([purpose(`key/${use}`), number4(at.epoch), at.deviceId]);
  return Buffer.from(hkdfSync("sha256", secret, at.roomId, info, 32));
}

/** [K4] */
export const commitment = (roomId: Uint8Array, epoch: number, secret: Uint8Array) => hash(purpose("commitment"), roomId, number4(epoch), secret);

/** AES-256-GCM [K1]. @throws when it does not open */
export function openSealed(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, sealedUnder: Uint8Array): Buffer {
  const body = Buffer.from(sealed);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce).setAAD(sealedUnder).setAuthTag(body.subarray(-16));
  return Buffer.concat([decipher.update(body.subarray(0, -16)), decipher.final()]);
}

/** [E5] */
export function unpad(padded: Buffer): Buffer {
  const length = padded.readUInt32BE();
  if (padded.subarray(4 + length).some((byte) => byte !== 0)) throw new Error("the padding is not zeros");
  return inflateRawSync(padded.subarray(4, 4 + length));
}

/** [E7] */
export function readInside(inside: Buffer) {
  let at = 0;
  const varUint = () => {
    let value = 0;
    for (let weight = 1; ; weight *= 128) {
      const byte = inside[at++] ?? 0;
      value += (byte & 127) * weight;
      if (byte < 128) return value;
    }
  };
  const take = (length: number) => inside.subarray(at, (at += length));
  const authoredAt = varUint();
  const items = Array.from({ length: varUint() }, () => ({ docId: take(17).toString("hex"), update: take(varUint()) }));
  return { authoredAt, items, rest: inside.length - at };
}

/** [L2] @returns acc_0, acc_1 … */
export function accumulators(roomId: Uint8Array, logGen: number, envelopeIds: readonly Uint8Array[]): Buffer[] {
  const accs = [hash(purpose("acc0"), roomId, number8(logGen))];
  for (const id of envelopeIds) accs.push(hash(purpose("acc"), accs.at(-1) ?? id, id));
  return accs;
}

/** [K3] */
export const deviceIdOf = (sign: Uint8Array, kem: Uint8Array) => hash(purpose("device"), sign, kem).subarray(0, 16);

/** What a wrap is bound to, [K6]. */
export const wrapInfo = (roomId: Uint8Array, epoch: number, deviceId: Uint8Array) =>
  Buffer.concat([purpose("wrap"), roomId, number4(epoch), deviceId]);

/** HPKE base mode of RFC 9180 with the suite of [K1], for one message. @param scalar the receiver's private number @throws when it does not open */
export function openHpke(scalar: Uint8Array, enc: Uint8Array, info: Uint8Array, sealed: Uint8Array): Buffer {
  const hmac = (key: Uint8Array, ...parts: Uint8Array[]) => createHmac("sha256", key).update(Buffer.concat(parts)).digest();
  const none = Buffer.alloc(0);
  const labels = (suite: Buffer) => ({
    extract: (salt: Buffer, label: string, ikm: Buffer) => hmac(salt, text("HPKE-v1"), suite, text(label), ikm),
    expand: (secret: Buffer, label: string, context: Buffer, length: number) =>
      hmac(secret, Buffer.from([0, length]), text("HPKE-v1"), suite, text(label), context, Buffer.from([1])).subarray(0, length),
  });
  const receiver = createECDH("prime256v1");
  receiver.setPrivateKey(scalar);
  const kem = labels(Buffer.concat([text("KEM"), hex("0010")]));
  const shared = kem.extract(none, "eae_prk", receiver.computeSecret(enc));
  const sharedSecret = kem.expand(shared, "shared_secret", Buffer.concat([enc, receiver.getPublicKey()]), 32);
  const { extract, expand } = labels(Buffer.concat([text("HPKE"), hex("001000010002")]));
  const context = Buffer.concat([Buffer.from([0]), extract(none, "psk_id_hash", none), extract(none, "info_hash", Buffer.from(info))]);
  const secret = extract(sharedSecret, "secret", none);
  return openSealed(expand(secret, "key", context, 32), expand(secret, "base_nonce", context, 12), sealed, none);
}
