import * as z from "zod/mini";
import { type Bytes, fromBase64Url, toBase64Url, toHex } from "#protocol/bytes.ts";
import type { MemberDevice } from "#protocol/control.ts";
import { generateSigningPair, hkdf, importSealKey, type KeyPairBytes, openLocal, sealLocal, type SealKey, signingPairOf } from "../crypto/primitives.ts";
import { deriveAgreementPair } from "../crypto/wrap.ts";
import type { RandomBytes } from "../platform/clock.ts";
import { UnreadableError } from "../platform/errors.ts";
import { deviceIdOf, publicLeaf, type RoomKeys } from "./keyring.ts";

/** 32 letters and digits that cannot be mistaken for each other on paper. */
const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const codeBytes = 20;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const bundleContext = encoder.encode("aapen-dor/v1/recovery/bundle");

/** The service's recovery device: a member of every room whose private half opens with the code on paper only. SPEC.md §10. */
export type Recovery = {
  /** Eight groups of four letters and digits: 160 random bits. */
  code: string;
  member: MemberDevice;
  /** Kept sealed beside the service room until the relay takes it; lets the holder of the code sign. */
  sign: KeyPairBytes;
};

export async function createRecovery(random: RandomBytes): Promise<Recovery> {
  const secret = random(codeBytes);
  const [kem, sign] = await Promise.all([recoveryAgreementPair(secret), generateSigningPair()]);
  return {
    code: formatCode(secret),
    member: {
      memberId: toHex(random(16)),
      role: "recovery",
      deviceId: await deviceIdOf(sign.publicKey, kem.publicKey),
      leaf: publicLeaf({ sign, kem }),
    },
    sign,
  };
}

/** The signing key, sealed under the code: kept where all members can read it, opened by the paper alone. @returns base64url */
export async function sealRecoveryBundle(recovery: Recovery, serviceId: string, serviceGenesis: string): Promise<string> {
  const secret = parseRecoveryCode(recovery.code);
  if (secret === null) throw new RangeError("not a recovery code");
  const inside: z.infer<typeof Bundle> = { sign: toBase64Url(recovery.sign.privateKey), serviceId, serviceGenesis };
  return toBase64Url(await sealLocal(await bundleKey(secret), encoder.encode(JSON.stringify(inside)), bundleContext));
}

const Bundle = z.object({
  sign: z.string(),
  serviceId: z.string().check(z.regex(/^[0-9a-f]{32}$/)),
  serviceGenesis: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
});

/** The recovery device itself: what the code and its bundle give together. */
export type RecoveryDevice = { serviceId: string; serviceGenesis: string; leaf: Pick<RoomKeys, "sign" | "kem" | "deviceId"> };

/** @param bundle base64url @throws {UnreadableError} when it was not sealed under this code, or is broken inside */
export async function openRecoveryBundle(secret: Bytes, bundle: string): Promise<RecoveryDevice> {
  const { sign: signKey, ...service } = await readBundle(await bundleKey(secret), bundle);
  const [sign, kem] = await Promise.all([signingPairOf(signKey), recoveryAgreementPair(secret)]);
  return { ...service, leaf: { sign, kem, deviceId: await deviceIdOf(sign.publicKey, kem.publicKey) } };
}

async function readBundle(key: SealKey, bundle: string): Promise<{ sign: Bytes; serviceId: string; serviceGenesis: string }> {
  try {
    const inside = Bundle.parse(JSON.parse(decoder.decode(await openLocal(key, fromBase64Url(bundle), bundleContext))));
    return { ...inside, sign: fromBase64Url(inside.sign) };
  } catch (cause) {
    throw new UnreadableError("recovery bundle", { cause });
  }
}

/** Under what the relay keeps the bundle: 16 bytes, in hexadecimal. SPEC.md [Y3]. */
export async function recoveryLookupId(secret: Bytes): Promise<string> {
  return toHex(await hkdf(secret, new Uint8Array(0), encoder.encode("aapen-dor/v1/recovery/lookup"), 16));
}

async function bundleKey(secret: Bytes): Promise<SealKey> {
  return importSealKey(await hkdf(secret, new Uint8Array(0), bundleContext));
}

/** The KEM pair that the code alone gives. */
export async function recoveryAgreementPair(secret: Bytes): Promise<KeyPairBytes> {
  return deriveAgreementPair(await hkdf(secret, new Uint8Array(0), encoder.encode("aapen-dor/v1/recovery/kem")));
}

function formatCode(secret: Bytes): string {
  let bits = 0;
  let held = 0;
  let text = "";
  for (const byte of secret) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(held >> bits) & 31];
      held &= (1 << bits) - 1;
    }
  }
  return text.match(/.{4}/g)?.join("-") ?? text;
}

/** @returns null when it is not a whole code; spaces, dashes and case do not matter */
export function parseRecoveryCode(text: string): Bytes | null {
  const letters = text.toUpperCase().replaceAll(/[\s-]/g, "");
  if (letters.length !== (codeBytes * 8) / 5) return null;
  const secret = new Uint8Array(codeBytes);
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of letters) {
    const value = alphabet.indexOf(letter);
    if (value < 0) return null;
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      secret[at++] = held >> bits;
      held &= (1 << bits) - 1;
    }
  }
  return secret;
}
