/** What is to happen in a world, in the order of its time; what is due at one moment, in the order in which it was planned. */
export type Timeline = {
  now(): number;
  /** @returns what takes it back */
  after(delayMs: number, run: () => void): () => void;
  /** Moves time to the next happening and lets it happen. @returns false when nothing is due up to `untilMs`: then it is that time */
  step(untilMs: number): boolean;
};

type Happening = { at: number; order: number; run: (() => void) | null };

export function createTimeline(startMs: number): Timeline {
  const heap: Happening[] = [];
  let now = startMs;
  let planned = 0;

  const isBefore = (a: Happening, b: Happening) => a.at < b.at || (a.at === b.at && a.order < b.order);

  function push(happening: Happening): void {
    let at = heap.push(happening) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above] as Happening;
      if (!isBefore(happening, parent)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = happening;
  }

  function pop(): void {
    const last = heap.pop() as Happening;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = at * 2 + 1;
      const right = heap[below + 1];
      if (right !== undefined && isBefore(right, heap[below] as Happening)) below++;
      const child = heap[below];
      if (child === undefined || !isBefore(child, last)) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = last;
  }

  return {
    now: () => now,
    after(delayMs, run) {
      const happening: Happening = { at: now + Math.max(0, Math.ceil(delayMs)), order: planned++, run };
      push(happening);
      return () => (happening.run = null);
    },
    step(untilMs) {
      for (;;) {
        const next = heap[0];
        if (next === undefined || next.at > untilMs) {
          now = untilMs;
          return false;
        }
        pop();
        if (next.run === null) continue;
        now = next.at;
        const { run } = next;
        next.run = null;
        run();
        return true;
      }
    },
  };
}
