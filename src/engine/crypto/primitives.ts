import { type Bytes, concatBytes, fromBase64Url } from "#protocol/bytes.ts";
import { UnreadableError } from "../platform/errors.ts";

// The only file that touches crypto.subtle. SPEC.md §1.

const subtle = globalThis.crypto.subtle;

const nonceBytes = 12;

export async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await subtle.digest("SHA-256", bytes));
}

export type SealKey = CryptoKey & { readonly __seal?: never };

export async function importSealKey(raw: Bytes): Promise<SealKey> {
  return subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** HKDF-SHA256. @returns `lengthBytes` bytes */
export async function hkdf(ikm: Bytes, salt: Bytes, info: Bytes, lengthBytes = 32): Promise<Bytes> {
  const key = await subtle.importKey("raw", ikm, "HKDF", false, ["deriveBits"]);
  return new Uint8Array(await subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, key, lengthBytes * 8));
}

/** AES-256-GCM. @returns ciphertext and 16 byte tag */
export async function encrypt(key: SealKey, nonce: Bytes, plain: Bytes, additional: Bytes): Promise<Bytes> {
  return new Uint8Array(await subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: additional }, key, plain));
}

/** @throws {UnreadableError} */
export async function decrypt(key: SealKey, nonce: Bytes, sealed: Bytes, additional: Bytes): Promise<Bytes> {
  try {
    return new Uint8Array(await subtle.decrypt({ name: "AES-GCM", iv: nonce, additionalData: additional }, key, sealed));
  } catch (cause) {
    throw new UnreadableError("did not decrypt", { cause });
  }
}

/** Nonce and ciphertext as one run of bytes, for what stays on this device. */
export async function sealLocal(key: SealKey, plain: Bytes, additional: Bytes): Promise<Bytes> {
  const nonce = globalThis.crypto.getRandomValues(new Uint8Array(nonceBytes));
  const sealed = await encrypt(key, nonce, plain, additional);
  const joined = new Uint8Array(nonceBytes + sealed.length);
  joined.set(nonce);
  joined.set(sealed, nonceBytes);
  return joined;
}

/** @throws {UnreadableError} */
export async function openLocal(key: SealKey, bytes: Bytes, additional: Bytes): Promise<Bytes> {
  return decrypt(key, bytes.slice(0, nonceBytes), bytes.slice(nonceBytes), additional);
}

/** Private keys as PKCS#8, public keys as 65 uncompressed bytes. */
export type KeyPairBytes = { privateKey: Bytes; publicKey: Bytes };

const signing = { name: "ECDSA", namedCurve: "P-256" } as const;
const agreement = { name: "ECDH", namedCurve: "P-256" } as const;
const signature = { name: "ECDSA", hash: "SHA-256" } as const;

async function generate(algorithm: EcKeyGenParams, usages: KeyUsage[]): Promise<KeyPairBytes> {
  return exportPair((await subtle.generateKey(algorithm, true, usages)));
}

/** @param pair extractable P-256 keys */
export async function exportPair(pair: CryptoKeyPair): Promise<KeyPairBytes> {
  return {
    privateKey: new Uint8Array(await subtle.exportKey("pkcs8", pair.privateKey)),
    publicKey: new Uint8Array(await subtle.exportKey("raw", pair.publicKey)),
  };
}

export const generateSigningPair = (): Promise<KeyPairBytes> => generate(signing, ["sign", "verify"]);
export const generateAgreementPair = (): Promise<KeyPairBytes> => generate(agreement, ["deriveBits"]);

export const importSigner = (pkcs8: Bytes): Promise<CryptoKey> => subtle.importKey("pkcs8", pkcs8, signing, false, ["sign"]);
export const importVerifier = (raw: Bytes): Promise<CryptoKey> => subtle.importKey("raw", raw, signing, false, ["verify"]);

/** The whole pair of a P-256 signing key whose private half alone was kept. @throws {UnreadableError} when it is no such key */
export async function signingPairOf(privateKey: Bytes): Promise<KeyPairBytes> {
  try {
    const { x = "", y = "" } = await subtle.exportKey("jwk", await subtle.importKey("pkcs8", privateKey, signing, true, ["sign"]));
    return { privateKey, publicKey: concatBytes(new Uint8Array([4]), fromBase64Url(x), fromBase64Url(y)) };
  } catch (cause) {
    throw new UnreadableError("not a signing key", { cause });
  }
}

/** The pair as HPKE wants it: the private half cannot be exported. */
export async function importAgreementPair(pair: KeyPairBytes): Promise<CryptoKeyPair> {
  const [privateKey, publicKey] = await Promise.all([
    subtle.importKey("pkcs8", pair.privateKey, agreement, false, ["deriveBits"]),
    subtle.importKey("raw", pair.publicKey, agreement, true, []),
  ]);
  return { privateKey, publicKey };
}

export async function sign(key: CryptoKey, bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await subtle.sign(signature, key, bytes));
}

export async function verify(key: CryptoKey, signed: Bytes, bytes: Bytes): Promise<boolean> {
  return subtle.verify(signature, key, signed, bytes);
}
