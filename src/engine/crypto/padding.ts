import { deflateSync, inflateSync } from "fflate";
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
export async function pack(plain: Bytes): Promise<Bytes> {
  if (plain.length > inflatedBytesMax) throw new TooLargeError(`${plain.length} bytes inside one envelope`);
  const deflated = plain.length <= sliceBytes ? deflateSync(plain, { level: 6 }) : await runThrough(new CompressionStream("deflate-raw"), plain);
  const packed = new Uint8Array(padmeLength(deflated.length + 4));
  new DataView(packed.buffer).setUint32(0, deflated.length);
  packed.set(deflated, 4);
  return packed;
}

/** @throws {RangeError} when the length, the padding or the deflate stream is broken, or the inside is over 32 MiB */
export async function unpack(packed: Bytes): Promise<Bytes> {
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

async function inflateBounded(deflated: Bytes): Promise<Bytes> {
  try {
    return await runThrough(new DecompressionStream("deflate-raw"), deflated);
  } catch (cause) {
    throw new RangeError("packed: deflate", { cause });
  }
}

/**
 * The platform's own zlib: several times as fast as one in script for what is large, and slower for what is small, because of its streams.
 * Fed in slices, so that a small envelope that inflates without end is stopped before it fills the memory.
 * @throws when the stream is broken, or gives over 32 MiB
 */
async function runThrough(zlib: CompressionStream | DecompressionStream, bytes: Bytes): Promise<Bytes> {
  let at = 0;
  const slices = new ReadableStream<Bytes>({
    pull(controller) {
      if (at < bytes.length) controller.enqueue(bytes.subarray(at, (at += sliceBytes)));
      else controller.close();
    },
  });
  const reader = slices.pipeThrough(zlib).getReader();
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return concatBytes(...chunks);
    chunks.push(value);
    total += value.length;
    if (total <= inflatedBytesMax) continue;
    await reader.cancel();
    throw new RangeError("too large");
  }
}
