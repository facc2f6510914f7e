import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "@hpke/core";
import { type Bytes, concatBytes, fromBase64Url, fromHex, toBase64Url } from "#protocol/bytes.ts";
import type { Wrap } from "#protocol/control.ts";
import { purposeBytes } from "#protocol/version.ts";
import { exportPair, importAgreementPair, type KeyPairBytes } from "./primitives.ts";
import { UnreadableError } from "../platform/errors.ts";

const hpke = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

function wrapInfo(roomId: string, epoch: number, deviceId: string): Bytes {
  const number = new Uint8Array(4);
  new DataView(number.buffer).setUint32(0, epoch);
  return concatBytes(purposeBytes("wrap"), fromHex(roomId), number, fromHex(deviceId));
}

/** Seals an epoch secret to one device. SPEC.md [K6]. */
export async function wrapSecret(
  to: { deviceId: string; kem: Bytes },
  roomId: string,
  epoch: number,
  secret: Bytes,
): Promise<Wrap> {
  const recipientPublicKey = await hpke.kem.deserializePublicKey(to.kem.slice().buffer);
  const { enc, ct } = await hpke.seal(
    { recipientPublicKey, info: wrapInfo(roomId, epoch, to.deviceId) },
    secret.slice().buffer,
  );
  return { deviceId: to.deviceId, enc: toBase64Url(new Uint8Array(enc)), sealed: toBase64Url(new Uint8Array(ct)) };
}

/** @throws {UnreadableError} when the wrap is not for this key, room and epoch */
export async function unwrapSecret(own: KeyPairBytes, wrap: Wrap, roomId: string, epoch: number): Promise<Bytes> {
  try {
    const secret = await hpke.open(
      {
        recipientKey: await importAgreementPair(own),
        enc: fromBase64Url(wrap.enc).buffer,
        info: wrapInfo(roomId, epoch, wrap.deviceId),
      },
      fromBase64Url(wrap.sealed).buffer,
    );
    return new Uint8Array(secret);
  } catch (cause) {
    throw new UnreadableError("wrap did not open", { cause });
  }
}

/** A KEM pair that follows from 32 secret bytes alone, for the recovery device. */
export async function deriveAgreementPair(seed: Bytes): Promise<KeyPairBytes> {
  return exportPair(await hpke.kem.deriveKeyPair(seed.slice().buffer));
}
