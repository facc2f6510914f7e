import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../src/engine/platform/clock.ts";

export type ManualClock = Clock & {
  /** Moves time on and calls back what has come due, in its order. */
  pass(ms: number): void;
  /** Lets everything that waits for no time go on as far as it can. */
  turn(): Promise<void>;
};

/** Time that stands still until a test moves it. */
export function createManualClock(): ManualClock {
  let nowMs = 0;
  const due = new Set<{ at: number; run: () => void }>();
  return {
    now: () => nowMs,
    after(delayMs, run) {
      const timer = { at: nowMs + delayMs, run };
      due.add(timer);
      return () => due.delete(timer);
    },
    pass(ms) {
      const until = nowMs + ms;
      for (;;) {
        const next = Array.from(due).sort((a, b) => a.at - b.at)[0];
        if (next === undefined || next.at > until) break;
        due.delete(next);
        nowMs = next.at;
        next.run();
      }
      nowMs = until;
    },
    async turn() {
      for (let i = 0; i < 20; i++) await setImmediate();
    },
  };
}
