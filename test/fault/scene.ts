import { createChance, type Chance } from "./chance.ts";
import { createTimeline, type Timeline } from "./timeline.ts";

/** A promise of a world that was broken: which one, and how. */
export type Violation = { promise: string; what: string };

/** What everything in a world shares: its time, its chance, its story, and what has gone wrong. */
export type Scene = {
  readonly timeline: Timeline;
  /** For what the network and the disks do, apart from what the people do. */
  readonly chance: Chance;
  /** One line of the story. */
  note(line: string): void;
  broken(promise: string, what: string): void;
  readonly violations: readonly Violation[];
  readonly lines: readonly string[];
};

/** 2026-11-02, in the morning. */
const startMs = 1_793_606_400_000;

export function createScene(seed: number): Scene {
  const timeline = createTimeline(startMs);
  const violations: Violation[] = [];
  const lines: string[] = [];
  const note = (line: string) => void lines.push(`${timeline.now() - startMs} ${line}`);
  return {
    timeline,
    chance: createChance(seed, 1),
    note,
    broken(promise, what) {
      note(`BROKEN ${promise}: ${what}`);
      violations.push({ promise, what });
    },
    violations,
    lines,
  };
}

/** Everything that waits for no time goes on as far as it can. */
export function drained(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

/** What waits for no time, and must come at once. @returns null, and says so, when it does not */
export async function atOnce<T>(scene: Scene, what: string, coming: Promise<T>): Promise<T | null> {
  const late = Symbol("late");
  const came = await Promise.race([coming, drained().then(() => late)]);
  if (came !== late) return came as T;
  scene.broken("stuck", what);
  return null;
}

export function never<T>(): Promise<T> {
  return new Promise(() => {});
}
