/** A number from 0 up to, not including, 1. */
export type Chance = () => number;

/** True chance. @param random fills as many bytes as asked for */
export function chanceFrom(random: (length: number) => Uint8Array): Chance {
  return () => {
    const bytes = random(4);
    return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) / 2 ** 32;
  };
}

/** The same run of numbers for the same seed (xorshift32, Marsaglia 2003). For example data and tests; never for what must not be guessed. */
export function seededChance(seed: number): Chance {
  // Spread first: neighbouring small seeds would begin with much the same numbers.
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** A whole number from 0 up to, not including, `count`. */
export function chooseIndex(chance: Chance, count: number): number {
  return Math.min(Math.floor(chance() * count), count - 1);
}

/** One of the items. @throws {RangeError} when there are none */
export function choose<T>(chance: Chance, items: readonly T[]): T {
  if (items.length === 0) throw new RangeError("nothing to choose from");
  return items[chooseIndex(chance, items.length)] as T;
}
