import type { Bytes } from "#protocol/bytes.ts";

/** A number from 0 up to but not including `below`. */
export type Dice = (below: number) => number;

/** Mulberry32: small, and the same everywhere for the same seed. */
export function diceFrom(seed: number): Dice {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const bounds = [0, 1, 2, 15, 16, 17, 63, 64, 127, 128, 255];
const numbers = [0, 1, 255, 256, 0x7fff_ffff, 0xffff_ffff, 0x20_0000];
const textPieces = ['"', "{", "}", "[", "]", ",", ":", "null", "-1", "1e999", "0.5", "9007199254740993", "\\u0000", "\\ud800", "__proto__", "constructor", "=", ".", "-", "\n\n", "data:", "event: record", "æ"].map(
  (piece) => new TextEncoder().encode(piece),
);
const bytesMax = 64 * 1024;

/** A few changes of one input, with pieces of others. */
export function mutate(input: Uint8Array, others: readonly Uint8Array[], dice: Dice): Bytes {
  let bytes = Uint8Array.from(input);
  for (let left = 1 + dice(4); left > 0; left--) bytes = changeOnce(bytes, others, dice);
  return bytes.slice(0, bytesMax);
}

function changeOnce(bytes: Bytes, others: readonly Uint8Array[], dice: Dice): Bytes {
  const at = dice(bytes.length + 1);
  const length = 1 + dice(Math.min(64, bytes.length + 1));
  const insert = (piece: Uint8Array) => Uint8Array.from([...bytes.subarray(0, at), ...piece, ...bytes.subarray(at)]);
  const set = (values: Uint8Array) => {
    const changed = bytes.slice();
    changed.set(values.subarray(0, Math.max(0, bytes.length - at)), at);
    return changed;
  };
  switch (dice(10)) {
    case 0:
      return set(Uint8Array.of((bytes[at] ?? 0) ^ (1 << dice(8))));
    case 1:
      return set(Uint8Array.of(bounds[dice(bounds.length)] ?? 0));
    case 2:
      return set(Uint8Array.of(dice(256)));
    case 3: {
      const number = new Uint8Array(4);
      new DataView(number.buffer).setUint32(0, numbers[dice(numbers.length)] ?? 0, dice(2) === 0);
      return set(number);
    }
    case 4:
      return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + length)]);
    case 5:
      return insert(bytes.subarray(dice(bytes.length + 1)).subarray(0, length));
    case 6:
      return insert(textPieces[dice(textPieces.length)] ?? new Uint8Array(0));
    case 7:
      return bytes.slice(0, at);
    case 8: {
      const other = others[dice(others.length)] ?? bytes;
      return Uint8Array.from([...bytes.subarray(0, at), ...other.subarray(dice(other.length + 1))]);
    }
    default:
      return insert(new Uint8Array(length).fill(dice(256)));
  }
}
