export type RateLimit = {
  /** Takes as many for this key, one if not given and at most a burst. @returns 0, or after how many milliseconds there are so many again; then nothing was taken */
  take(key: string, count?: number): number;
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
    take(key, count = 1) {
      const now = clock();
      const known = buckets.get(key);
      const left = known === undefined ? burst : leftIn(known, now);
      const waitMs = left >= count ? 0 : Math.ceil(((count - left) / perSecond) * 1000);
      buckets.set(key, { left: waitMs === 0 ? left - count : left, at: now });
      return waitMs;
    },
    sweep() {
      const now = clock();
      for (const [key, bucket] of buckets) if (leftIn(bucket, now) === burst) buckets.delete(key);
    },
  };
}
