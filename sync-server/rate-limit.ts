export type RateLimit = {
  /** Takes one for this key. @returns 0, or after how many milliseconds there is one again; then nothing was taken */
  take(key: string): number;
  /** Forgets the keys that may take a whole burst again. */
  sweep(): void;
};

/** A token bucket for each key: `burst` at once, `perSecond` in the long run. In memory alone. */
export function createRateLimit(clock: () => number, { perSecond, burst }: { perSecond: number; burst: number }): RateLimit {
  const buckets = new Map<string, { left: number; at: number }>();

  const leftIn = ({ left, at }: { left: number; at: number }, now: number): number =>
    // The clock may have been set back since.
    Math.min(burst, left + (Math.max(0, now - at) / 1000) * perSecond);

  return {
    take(key) {
      const now = clock();
      const known = buckets.get(key);
      const left = known === undefined ? burst : leftIn(known, now);
      const waitMs = left >= 1 ? 0 : Math.ceil(((1 - left) / perSecond) * 1000);
      buckets.set(key, { left: waitMs === 0 ? left - 1 : left, at: now });
      return waitMs;
    },
    sweep() {
      const now = clock();
      for (const [key, bucket] of buckets) if (leftIn(bucket, now) === burst) buckets.delete(key);
    },
  };
}
