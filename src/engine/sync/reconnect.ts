const firstMs = 500;
/** No wait is longer. */
export const longestDelayMs = 60_000;

/**
 * How long to wait before the next try: doubling from half a second to a minute, each between half and all of that,
 * so that a town of tablets does not return in step.
 * @param attempt 0 after the first failure
 * @param random uniform in [0, 1)
 */
export function nextDelayMs(attempt: number, random: () => number): number {
  const ceiling = Math.min(longestDelayMs, firstMs * 2 ** attempt);
  return ceiling * (0.5 + random() / 2);
}
