import type { Bytes } from "#protocol/bytes.ts";
import { TooLargeError } from "../../src/engine/platform/errors.ts";

// Stands in a world for `src/engine/crypto/padding.ts`: what is inside stays as it is, for deflating takes longer than all else.

const floorBytes = 256;
const insideBytesMax = 32 * 1024 * 1024;

export function padmeLength(length: number): number {
  return Math.max(floorBytes, length);
}

export async function pack(plain: Bytes): Promise<Bytes> {
  if (plain.length > insideBytesMax) throw new TooLargeError(`${plain.length} bytes inside one envelope`);
  const packed = new Uint8Array(padmeLength(plain.length + 4));
  new DataView(packed.buffer).setUint32(0, plain.length);
  packed.set(plain, 4);
  return packed;
}

export async function unpack(packed: Bytes): Promise<Bytes> {
  return insideOf(packed);
}

/** @throws {RangeError} when the length is broken */
export function insideOf(packed: Uint8Array): Bytes {
  if (packed.length < floorBytes) throw new RangeError("packed: too short");
  const length = new DataView(packed.buffer, packed.byteOffset).getUint32(0);
  if (padmeLength(length + 4) !== packed.length) throw new RangeError("packed: length");
  return new Uint8Array(packed.subarray(4, 4 + length));
}
