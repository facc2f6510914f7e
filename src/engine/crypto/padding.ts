import { deflateSync, Inflate, inflateSync } from "fflate";
import { type Bytes, concatBytes } from "#protocol/bytes.ts";
import { TooLargeError } from "../platform/errors.ts";

const floorBytes = 256;
/** Beyond what an honest writer seals; bounds what a hostile one can make a reader inflate. */
const inflatedBytesMax = 32 * 1024 * 1024;
const sliceBytes = 16 * 1024;
/** Where the inside of one saving is inflated: an array of its own for each would cost more than the inflating. */
const smallInside = new Uint8Array(64 * 1024);

/** PADMÉ (Nikitin et al. 2019): leaks O(log log n) bits of a length, adds at most 12 %. */
export function padmeLength(length: number): number {
  if (length <= floorBytes) return floorBytes;
  const exponent = Math.floor(Math.log2(length));
  const mantissaBits = Math.floor(Math.log2(exponent)) + 1;
  const step = 2 ** (exponent - mantissaBits);
  return Math.ceil(length / step) * step;
}

/** Deflates, then pads: four bytes of deflated length, the deflated bytes, zeros. SPEC.md [E5]. @throws {TooLargeError} */
export function pack(plain: Bytes): Bytes {
  if (plain.length > inflatedBytesMax) throw new TooLargeError(`${plain.length} bytes inside one envelope`);
  const deflated = deflateSync(plain, { level: 6 });
  const packed = new Uint8Array(padmeLength(deflated.length + 4));
  new DataView(packed.buffer).setUint32(0, deflated.length);
  packed.set(deflated, 4);
  return packed;
}

/** @throws {RangeError} when the length, the padding or the deflate stream is broken, or the inside is over 32 MiB */
export function unpack(packed: Bytes): Bytes {
  if (packed.length < floorBytes) throw new RangeError("packed: too short");
  const length = new DataView(packed.buffer, packed.byteOffset).getUint32(0);
  if (length + 4 > packed.length || padmeLength(length + 4) !== packed.length) throw new RangeError("packed: length");
  for (let i = length + 4; i < packed.length; i++) if (packed[i] !== 0) throw new RangeError("packed: padding");
  const deflated = packed.subarray(4, 4 + length);
  return inflateSmall(deflated) ?? inflateBounded(deflated);
}

/** @returns null when it does not fit, or is broken: the slow way then tells which */
function inflateSmall(deflated: Uint8Array): Bytes | null {
  if (deflated.length > sliceBytes) return null;
  try {
    const inflated = inflateSync(deflated, { out: smallInside });
    // What is cut off where the room ends has exactly its length.
    return inflated.length < smallInside.length ? inflated.slice() : null;
  } catch {
    return null;
  }
}

/** Fed in slices, so that a small envelope that inflates without end is stopped before it fills the memory. */
function inflateBounded(deflated: Uint8Array): Bytes {
  const chunks: Uint8Array[] = [];
  let total = 0;
  let ended = false;
  const inflate = new Inflate((chunk, final) => {
    chunks.push(chunk);
    total += chunk.length;
    ended = final;
  });
  try {
    for (let at = 0; at < deflated.length; at += sliceBytes) {
      inflate.push(deflated.subarray(at, at + sliceBytes), at + sliceBytes >= deflated.length);
      if (total > inflatedBytesMax) break;
    }
  } catch (cause) {
    throw new RangeError("packed: deflate", { cause });
  }
  if (total > inflatedBytesMax) throw new RangeError("packed: too large");
  if (!ended) throw new RangeError("packed: deflate");
  return concatBytes(...chunks);
}
