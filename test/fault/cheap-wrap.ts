import { type Bytes, concatBytes, fromBase64Url, fromHex, toBase64Url } from "#protocol/bytes.ts";
import type { Wrap } from "#protocol/control.ts";
import type { KeyPairBytes } from "../../src/engine/crypto/primitives.ts";
import { UnreadableError } from "../../src/engine/platform/errors.ts";
import { openUnder, publicOf, sealUnder } from "./cheap-crypto.ts";

// Stands in a world for `src/engine/crypto/wrap.ts`: the same promises, without HPKE.

const nonceBytes = 12;

function infoOf(roomId: string, epoch: number, deviceId: string): Bytes {
  return concatBytes(fromHex(roomId), new Uint8Array(Uint32Array.of(epoch).buffer), fromHex(deviceId));
}

export async function wrapSecret(to: { deviceId: string; kem: Bytes }, roomId: string, epoch: number, secret: Bytes): Promise<Wrap> {
  const enc = publicOf(globalThis.crypto.getRandomValues(new Uint8Array(32)));
  const sealed = sealUnder(to.kem, enc.subarray(1, 1 + nonceBytes), secret, infoOf(roomId, epoch, to.deviceId));
  return { deviceId: to.deviceId, enc: toBase64Url(enc), sealed: toBase64Url(sealed) };
}

export async function unwrapSecret(own: KeyPairBytes, wrap: Wrap, roomId: string, epoch: number): Promise<Bytes> {
  const nonce = fromBase64Url(wrap.enc).subarray(1, 1 + nonceBytes);
  const secret = openUnder(publicOf(own.privateKey), nonce, fromBase64Url(wrap.sealed), infoOf(roomId, epoch, wrap.deviceId));
  if (secret === null) throw new UnreadableError("wrap did not open");
  return secret;
}

export async function deriveAgreementPair(seed: Bytes): Promise<KeyPairBytes> {
  return { privateKey: seed.slice(), publicKey: publicOf(seed) };
}
