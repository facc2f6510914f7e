import { describe, expect, test } from "vitest";
import { createUndo, type UndoTimers } from "./create-undo.ts";

describe("undo", () => {
  test("an offer stands for its time and is then settled, once", () => {
    const clock = createClock();
    const happened: string[] = [];
    const undo = createUndo(8000, clock.timers);
    undo.offer(offerOf("sent", happened));
    clock.advance(7999);
    expect(undo.current()?.message).toBe("sent");
    clock.advance(1);
    expect(undo.current()).toBeUndefined();
    undo.close();
    expect(happened).toEqual(["settle sent"]);
  });

  test("undo takes it back and does not settle it", () => {
    const clock = createClock();
    const happened: string[] = [];
    const undo = createUndo(8000, clock.timers);
    undo.offer(offerOf("sent", happened));
    undo.undo();
    undo.undo();
    clock.advance(10_000);
    expect(happened).toEqual(["undo sent"]);
  });

  test("a new offer settles the one before: one at a time, with its full time", () => {
    const clock = createClock();
    const happened: string[] = [];
    const undo = createUndo(8000, clock.timers);
    undo.offer(offerOf("first", happened));
    clock.advance(7000);
    undo.offer(offerOf("second", happened));
    expect(happened).toEqual(["settle first"]);
    clock.advance(7000);
    expect(undo.current()?.message).toBe("second");
    clock.advance(1000);
    expect(happened).toEqual(["settle first", "settle second"]);
  });

  test("a pause keeps what is left of the time", () => {
    const clock = createClock();
    const happened: string[] = [];
    const undo = createUndo(8000, clock.timers);
    undo.offer(offerOf("sent", happened));
    clock.advance(5000);
    undo.pause();
    undo.pause();
    clock.advance(60_000);
    expect(undo.elapsedMs()).toBe(5000);
    expect(undo.current()?.message).toBe("sent");
    undo.resume();
    undo.resume();
    clock.advance(2999);
    expect(undo.elapsedMs()).toBe(7999);
    expect(undo.current()?.message).toBe("sent");
    clock.advance(1);
    expect(happened).toEqual(["settle sent"]);
  });

  test("closing settles what stands, also while it is paused", () => {
    const clock = createClock();
    const happened: string[] = [];
    const undo = createUndo(8000, clock.timers);
    undo.offer(offerOf("sent", happened));
    undo.pause();
    undo.close();
    expect(undo.paused()).toBe(false);
    expect(happened).toEqual(["settle sent"]);
  });
});

function offerOf(message: string, happened: string[]) {
  return { message, undo: () => void happened.push(`undo ${message}`), settle: () => void happened.push(`settle ${message}`) };
}

function createClock(): { timers: UndoTimers; advance: (ms: number) => void } {
  let now = 0;
  let due: { callback: () => void; at: number }[] = [];
  return {
    timers: {
      now: () => now,
      set: (callback, delayMs) => {
        const entry = { callback, at: now + delayMs };
        due.push(entry);
        return entry;
      },
      clear: (handle) => {
        due = due.filter((entry) => entry !== handle);
      },
    },
    advance: (ms) => {
      now += ms;
      const ripe = due.filter((entry) => entry.at <= now);
      due = due.filter((entry) => entry.at > now);
      for (const entry of ripe) entry.callback();
    },
  };
}
