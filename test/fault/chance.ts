/** Numbers that look random and follow from where they began. */
export type Chance = {
  /** Uniform in [0, 1). */
  next(): number;
  /** A whole number from 0 to `count` − 1. */
  below(count: number): number;
  pick<T>(from: readonly T[]): T;
  /** Whether something of this probability happens. */
  happens(probability: number): boolean;
  fillIn(bytes: Uint8Array): void;
};

/** A generator of its own for each pair of numbers. @param stream keeps what draws from one from moving what draws from another */
export function createChance(seed: number, stream: number): Chance {
  const key = mix(mix(0x9e3779b9 ^ seed) ^ mix(stream + 0x85ebca6b));
  const other = mix(key ^ 0xc2b2ae35);
  let count = 0;

  function word(): number {
    count = (count + 1) | 0;
    return mix(mix(Math.imul(count, 0x9e3779b1) ^ key) + other);
  }

  const next = () => word() / 2 ** 32;
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    below,
    pick<T>(from: readonly T[]) {
      return from[below(from.length)] as T;
    },
    happens: (probability) => next() < probability,
    fillIn(bytes) {
      for (let at = 0; at < bytes.length; at += 4) {
        const drawn = word();
        for (let byte = 0; byte < 4; byte++) bytes[at + byte] = drawn >>> (8 * byte);
      }
    },
  };
}

/** Spreads a change of any bit over all 32. */
function mix(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
