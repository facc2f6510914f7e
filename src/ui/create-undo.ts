import { createSignal, type Accessor } from "solid-js";

export interface UndoOffer {
  /** What happened, as a sentence. */
  readonly message: string;
  readonly undo: () => void;
  /** Called once when it can no longer be undone: after the time, or when the next offer takes its place. */
  readonly settle?: () => void;
}

/** The timer that an undo controller needs; the browser's own by default. */
export interface UndoTimers {
  readonly now: () => number;
  readonly set: (callback: () => void, delayMs: number) => unknown;
  readonly clear: (handle: unknown) => void;
}

export interface UndoController {
  readonly current: Accessor<UndoOffer | undefined>;
  readonly paused: Accessor<boolean>;
  readonly durationMs: number;
  /** How much of it has passed: a new page goes on drawing where the last one stopped. */
  readonly elapsedMs: () => number;
  /** Replaces the offer that may stand, which is then settled: one at a time. */
  readonly offer: (offer: UndoOffer) => void;
  readonly undo: () => void;
  /** Stops the time while someone reads or reaches for the button. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Settles what stands: when the screen locks, or the app goes away. */
  readonly close: () => void;
}

const browserTimers: UndoTimers = {
  now: () => performance.now(),
  set: (callback, delayMs) => window.setTimeout(callback, delayMs),
  clear: (handle) => window.clearTimeout(handle as number),
};

/** Undo for `durationMs` (8 s) instead of «are you sure?». */
export function createUndo(durationMs = 8000, timers: UndoTimers = browserTimers): UndoController {
  const [current, setCurrent] = createSignal<UndoOffer>();
  const [paused, setPaused] = createSignal(false);
  let handle: unknown;
  let leftMs = 0;
  let startedAt = 0;

  const run = () => {
    startedAt = timers.now();
    handle = timers.set(close, leftMs);
  };
  const stop = () => {
    timers.clear(handle);
    setPaused(false);
    const offer = current();
    setCurrent(undefined);
    return offer;
  };
  function close(): void {
    stop()?.settle?.();
  }

  const left = () => (paused() ? leftMs : Math.max(0, leftMs - (timers.now() - startedAt)));

  return {
    current,
    paused,
    durationMs,
    elapsedMs: () => durationMs - left(),
    offer: (offer) => {
      close();
      leftMs = durationMs;
      setCurrent(offer);
      run();
    },
    undo: () => stop()?.undo(),
    pause: () => {
      if (current() === undefined || paused()) return;
      timers.clear(handle);
      leftMs = left();
      setPaused(true);
    },
    resume: () => {
      if (!paused()) return;
      setPaused(false);
      run();
    },
    close,
  };
}
