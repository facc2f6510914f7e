import { createRoot, createSignal } from "solid-js";
import { expect, test, vi } from "vitest";
import { systemClock } from "../engine/platform/clock.ts";
import { createLasting } from "./create-lasting.ts";

test("what is over before its time is never said, and what lasts is, until it ends", () => {
  vi.useFakeTimers();
  const [condition, setCondition] = createSignal(false);
  const { lasting, dispose } = createRoot((end) => ({ lasting: createLasting(condition, 150, systemClock), dispose: end }));
  setCondition(true);
  vi.advanceTimersByTime(149);
  setCondition(false);
  vi.advanceTimersByTime(150);
  expect(lasting()).toBe(false);
  setCondition(true);
  vi.advanceTimersByTime(149);
  expect(lasting()).toBe(false);
  vi.advanceTimersByTime(1);
  expect(lasting()).toBe(true);
  setCondition(false);
  expect(lasting()).toBe(false);
  setCondition(true);
  dispose();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});
