import { type Bytes, toBase64Url, toHex } from "#protocol/bytes.ts";
import type { MemberDevice } from "#protocol/control.ts";
import { generateSigningPair, hkdf, importSealKey, type KeyPairBytes, sealLocal } from "../crypto/primitives.ts";
import { deriveAgreementPair } from "../crypto/wrap.ts";
import type { RandomBytes } from "../platform/clock.ts";
import { deviceIdOf, publicLeaf } from "./keyring.ts";

/** 32 letters and digits that cannot be mistaken for each other on paper. */
const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const codeBytes = 20;
const encoder = new TextEncoder();

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
  const key = await importSealKey(await hkdf(secret, new Uint8Array(0), encoder.encode("aapen-dor/v1/recovery/bundle")));
  const inside = JSON.stringify({ sign: toBase64Url(recovery.sign.privateKey), serviceId, serviceGenesis });
  return toBase64Url(await sealLocal(key, encoder.encode(inside), encoder.encode("aapen-dor/v1/recovery/bundle")));
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
