import type { Clock } from "../engine/platform/clock.ts";

const signs = ["pointerdown", "keydown", "wheel", "touchstart"] as const;

/**
 * Calls back once nobody has touched the page for `minutes()`. Looks at the clock and not only at a timer: a device that slept
 * past the time locks when it wakes.
 * @returns what ends it
 */
export function watchIdle(clock: Clock, minutes: () => number, onIdle: () => void): () => void {
  let touchedAt = clock.now();
  let cancel = () => {};
  const touch = () => {
    touchedAt = clock.now();
  };
  const check = () => {
    cancel();
    const leftMs = touchedAt + minutes() * 60_000 - clock.now();
    if (leftMs <= 0) onIdle();
    else cancel = clock.after(Math.min(leftMs, 15_000), check);
  };
  for (const sign of signs) window.addEventListener(sign, touch, { passive: true, capture: true });
  document.addEventListener("visibilitychange", check);
  check();
  return () => {
    cancel();
    for (const sign of signs) window.removeEventListener(sign, touch, { capture: true });
    document.removeEventListener("visibilitychange", check);
  };
}
