import { type Bytes, concatBytes, fromBase64Url, fromHex, toBase64Url, toHex } from "#protocol/bytes.ts";
import { decrypt, encrypt, hkdf, importSealKey, importVerifier, verify } from "../../src/engine/crypto/primitives.ts";
import { unwrapSecret } from "../../src/engine/crypto/wrap.ts";

// Wycheproof through the functions that seal, sign, derive and wrap, wherever this file runs: in Node and in a page.

export const wycheproofFiles = ["aes_gcm", "ecdsa_secp256r1_sha256_p1363", "ecdh_secp256r1_webcrypto", "hkdf_sha256"] as const;
export type WycheproofFile = (typeof wycheproofFiles)[number];

type Case = { tcId: number; comment: string; result: "valid" | "invalid" | "acceptable" };
type Group<C extends Case> = { tests: C[] };
type Jwk = { x: string; y: string; d: string };
type AesCase = Case & { key: string; iv: string; aad: string; msg: string; ct: string; tag: string };
type HkdfCase = Case & { ikm: string; salt: string; info: string; size: number; okm: string };
type EcdsaGroup = Group<Case & { msg: string; sig: string }> & { publicKey: { uncompressed: string } };
type EcdhCase = Case & { public: Jwk; private: Jwk; shared: string };

/** `unused` are right or refused, of a size of key or nonce that we have no use for. */
export type Outcome = { tests: number; right: number; unused: number; wrong: string[] };

type Verdict = "right" | "unused" | "wrong";

/** @param content the file, parsed */
export async function runWycheproof(file: WycheproofFile, content: unknown): Promise<Outcome> {
  const { testGroups } = content as { testGroups: Group<Case>[] };
  const outcome: Outcome = { tests: 0, right: 0, unused: 0, wrong: [] };
  const judge: Record<WycheproofFile, (one: Case, group: Group<Case>) => Promise<Verdict>> = {
    aes_gcm: (one) => aesGcm(one as AesCase),
    ecdsa_secp256r1_sha256_p1363: (one, group) => ecdsa(one as EcdsaGroup["tests"][number], group as EcdsaGroup),
    ecdh_secp256r1_webcrypto: (one) => ecdh(one as EcdhCase),
    hkdf_sha256: (one) => hkdfSha256(one as HkdfCase),
  };
  for (const group of testGroups) {
    for (const one of group.tests) {
      outcome.tests++;
      const verdict = await judge[file](one, group);
      if (verdict === "wrong") outcome.wrong.push(`${one.tcId} ${one.comment}`);
      else outcome[verdict]++;
    }
  }
  return outcome;
}

/** @returns null where it threw */
async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch {
    return null;
  }
}

async function aesGcm({ key, iv, aad, msg, ct, tag, result }: AesCase): Promise<Verdict> {
  const [nonce, additional, sealed] = [fromHex(iv), fromHex(aad), fromHex(ct + tag)];
  const imported = await orNull(importSealKey(fromHex(key)));
  const opened = imported && (await orNull(decrypt(imported, nonce, sealed, additional)));
  const made = imported && (await orNull(encrypt(imported, nonce, fromHex(msg), additional)));
  const opens = opened !== null && toHex(opened) === msg;
  const isSame = made !== null && toHex(made) === ct + tag;
  if (key.length === 64 && iv.length === 24) return (result === "valid" ? opens && isSame : opened === null) ? "right" : "wrong";
  return opened === null || (result === "valid" && opens && isSame) ? "unused" : "wrong";
}

async function ecdsa({ msg, sig, result }: EcdsaGroup["tests"][number], { publicKey }: EcdsaGroup): Promise<Verdict> {
  const key = await importVerifier(fromHex(publicKey.uncompressed));
  const holds = await orNull(verify(key, fromHex(sig), fromHex(msg)));
  return (holds === true) === (result === "valid") ? "right" : "wrong";
}

async function hkdfSha256({ ikm, salt, info, size, okm, result }: HkdfCase): Promise<Verdict> {
  const derived = await orNull(hkdf(fromHex(ikm), fromHex(salt), fromHex(info), size));
  return (result === "valid" ? derived !== null && toHex(derived) === okm : derived === null) ? "right" : "wrong";
}

const roomId = "ab".repeat(16);
const deviceId = "cd".repeat(16);
const epoch = 1;
const secret = new Uint8Array(32).fill(7);

/** The shared value cannot be seen through a wrap. So one is made of the value that it should be, and opens only where the same value is found. */
async function ecdh({ public: theirs, private: ours, shared, result }: EcdhCase): Promise<Verdict> {
  const point = ({ x, y }: Jwk) => concatBytes(new Uint8Array([4]), fromBase64Url(x), fromBase64Url(y));
  const { x, y, d } = ours;
  const own = await crypto.subtle.importKey("jwk", { kty: "EC", crv: "P-256", x, y, d }, { name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
  const pair = { privateKey: new Uint8Array(await crypto.subtle.exportKey("pkcs8", own)), publicKey: point(ours) };
  const enc = point(theirs);
  const sealed = await sealFrom(fromHex(shared), enc, pair.publicKey);
  const opened = await orNull(unwrapSecret(pair, { deviceId, enc: toBase64Url(enc), sealed: toBase64Url(sealed) }, roomId, epoch));
  return (result === "valid" ? opened !== null && toHex(opened) === toHex(secret) : opened === null) ? "right" : "wrong";
}

/** HPKE base mode of RFC 9180, from the Diffie-Hellman value on. */
async function sealFrom(dh: Bytes, enc: Bytes, receiver: Bytes): Promise<Bytes> {
  const text = (value: string) => new TextEncoder().encode(value);
  const none = new Uint8Array(0);
  const hmac = async (key: Uint8Array, ...parts: Uint8Array[]) => {
    // An HMAC key of zero bytes is the empty one, which WebCrypto does not take.
    const raw = key.length === 0 ? new Uint8Array(32) : key.slice();
    const imported = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    return new Uint8Array(await crypto.subtle.sign("HMAC", imported, concatBytes(...parts)));
  };
  const labels = (suite: Uint8Array) => ({
    extract: (salt: Uint8Array, label: string, ikm: Uint8Array) => hmac(salt, text("HPKE-v1"), suite, text(label), ikm),
    expand: async (prk: Uint8Array, label: string, context: Uint8Array, length: number) =>
      (await hmac(prk, new Uint8Array([0, length]), text("HPKE-v1"), suite, text(label), context, new Uint8Array([1]))).slice(0, length),
  });
  const kem = labels(concatBytes(text("KEM"), fromHex("0010")));
  const sharedSecret = await kem.expand(await kem.extract(none, "eae_prk", dh), "shared_secret", concatBytes(enc, receiver), 32);
  const { extract, expand } = labels(concatBytes(text("HPKE"), fromHex("001000010002")));
  const info = concatBytes(text("aapen-dor/v1/wrap\0"), fromHex(roomId), new Uint8Array([0, 0, 0, epoch]), fromHex(deviceId));
  const context = concatBytes(new Uint8Array([0]), await extract(none, "psk_id_hash", none), await extract(none, "info_hash", info));
  const prk = await extract(sharedSecret, "secret", none);
  const key = await importSealKey(await expand(prk, "key", context, 32));
  return encrypt(key, await expand(prk, "base_nonce", context, 12), secret, none);
}
