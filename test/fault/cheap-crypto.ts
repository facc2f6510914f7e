import { createECDH, hash, timingSafeEqual } from "node:crypto";
import { createChance, type Chance } from "./chance.ts";

// What the engine and the relay ask of WebCrypto, in microtasks and for a few hashes: a key that is not the right one opens and signs nothing, and
// nothing is hidden from who looks at the bytes. To be installed before anything that keeps a hold of `crypto` is loaded.

type CheapKey = { raw: Uint8Array; type: "secret" | "private" | "public" };
type Algorithm = string | { name: string; iv?: Uint8Array; additionalData?: Uint8Array; salt?: Uint8Array; info?: Uint8Array };

const tagBytes = 16;
const pointBytes = 65;
const privateBytes = 32;

function sha256(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(hash("sha256", parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts), "buffer"));
}

const byte = (value: number) => Uint8Array.of(value);
const lengthOf = (bytes: Uint8Array) => new Uint8Array(Uint32Array.of(bytes.length).buffer);

/** Of the keys of one world. */
const points = new Map<string, Uint8Array<ArrayBuffer>>();

/** The point of a private key: a true one, for the protocol looks whether it is. It is asked for with each signature. */
export function publicOf(privateKey: Uint8Array): Uint8Array<ArrayBuffer> {
  const name = Buffer.from(privateKey).toString("latin1");
  let point = points.get(name);
  if (point === undefined) {
    const pair = createECDH("prime256v1");
    pair.setPrivateKey(privateKey);
    point = new Uint8Array(pair.getPublicKey());
    points.set(name, point);
  }
  return point.slice();
}

/** Anybody could make it; nobody in a world tries to. */
function signatureOf(point: Uint8Array, message: Uint8Array): Uint8Array<ArrayBuffer> {
  const half = sha256(byte(3), point, message);
  const signature = new Uint8Array(64);
  signature.set(half);
  signature.set(half, 32);
  return signature;
}

export function sealUnder(key: Uint8Array, nonce: Uint8Array, plain: Uint8Array, additional: Uint8Array): Uint8Array<ArrayBuffer> {
  const sealed = new Uint8Array(plain.length + tagBytes);
  sealed.set(plain);
  sealed.set(sha256(byte(4), key, nonce, lengthOf(additional), additional, plain).subarray(0, tagBytes), plain.length);
  return sealed;
}

/** @returns null when the key, the nonce or any of the bytes is another one */
export function openUnder(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, additional: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const plain = new Uint8Array(sealed.subarray(0, sealed.length - tagBytes));
  const expected = sealUnder(key, nonce, plain, additional);
  return sealed.length >= tagBytes && timingSafeEqual(expected, sealed) ? plain : null;
}

const raw = (key: unknown): Uint8Array => (key as CheapKey).raw;

const subtle = {
  digest: async (_: Algorithm, bytes: Uint8Array) => sha256(bytes).buffer,
  async importKey(format: string, bytes: Uint8Array, algorithm: Algorithm): Promise<CheapKey> {
    const name = typeof algorithm === "string" ? algorithm : algorithm.name;
    const isPoint = format === "raw" && (name === "ECDSA" || name === "ECDH");
    if (isPoint && (bytes.length !== pointBytes || bytes[0] !== 4)) throw new Error("not a point");
    return { raw: bytes.slice(), type: isPoint ? "public" : format === "pkcs8" ? "private" : "secret" };
  },
  async exportKey(_: string, key: CheapKey) {
    return key.raw.slice().buffer;
  },
  async generateKey() {
    const privateKey: CheapKey = { raw: globalThis.crypto.getRandomValues(new Uint8Array(privateBytes)), type: "private" };
    return { privateKey, publicKey: { raw: publicOf(privateKey.raw), type: "public" } };
  },
  deriveBits: async ({ salt, info }: Extract<Algorithm, object>, key: CheapKey, bits: number) => {
    if (bits !== 256 || salt === undefined || info === undefined) throw new Error("not what the engine asks for");
    return sha256(byte(5), key.raw, lengthOf(salt), salt, info).buffer;
  },
  encrypt: async ({ iv, additionalData }: Extract<Algorithm, object>, key: CheapKey, plain: Uint8Array) =>
    sealUnder(key.raw, iv as Uint8Array, plain, additionalData as Uint8Array).buffer,
  async decrypt({ iv, additionalData }: Extract<Algorithm, object>, key: CheapKey, sealed: Uint8Array) {
    const plain = openUnder(key.raw, iv as Uint8Array, sealed, additionalData as Uint8Array);
    if (plain === null) throw new Error("did not open");
    return plain.buffer;
  },
  sign: async ({ name }: Extract<Algorithm, object>, key: CheapKey, message: Uint8Array) =>
    name === "HMAC" ? sha256(byte(6), key.raw, message).buffer : signatureOf(publicOf(key.raw), message).buffer,
  async verify({ name }: Extract<Algorithm, object>, key: CheapKey, signature: Uint8Array, message: Uint8Array) {
    const expected = name === "HMAC" ? sha256(byte(6), raw(key), message) : signatureOf(raw(key), message);
    return signature.length === expected.length && timingSafeEqual(signature, expected);
  },
};

let chance: Chance = createChance(0, 0);

/** All chance of the process comes from this seed from now on. */
export function seedChance(seed: number): void {
  points.clear();
  chance = createChance(seed, 0);
}

function getRandomValues<T extends ArrayBufferView>(array: T): T {
  chance.fillIn(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  return array;
}

export function installCheapCrypto(): void {
  Object.defineProperty(globalThis.crypto, "subtle", { value: subtle });
  Object.defineProperty(globalThis.crypto, "getRandomValues", { value: getRandomValues });
  Math.random = () => chance.next();
  // What would come back at a moment of its own choosing.
  for (const name of ["CompressionStream", "DecompressionStream"] as const) {
    Object.defineProperty(globalThis, name, { value: undefined });
  }
}
