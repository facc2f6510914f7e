import { expect, test } from "vitest";
import { percentAt, placesOn, ticksOf } from "./visit-line-places.ts";

const line = { from: "13:30", to: "15:30" };

test("a stretch stands where its times are", () => {
  expect(placesOn(line, [{ from: "14:00", to: "14:30" }])).toEqual([{ left: 25, width: 25 }]);
  expect(percentAt("12:00", line)).toBe(0);
  expect(percentAt("15:30", line)).toBe(100);
});

test("what took a minute is seen, beside what came right after it", () => {
  const [first, second] = placesOn(line, [
    { from: "13:30", to: "13:30" },
    { from: "13:31", to: "13:32" },
  ]);
  expect(first).toEqual({ left: 0, width: 8 });
  expect(second).toEqual({ left: 8, width: 8 });
});

test("nothing stands outside the line", () => {
  const places = placesOn(line, [
    { from: "15:29", to: "15:30" },
    { from: "15:30", to: "15:30" },
  ]);
  expect(places.every(({ left, width }) => left + width <= 100)).toBe(true);
});

test("five times at most under the line", () => {
  expect(ticksOf(line)).toEqual(["13:30", "14:00", "14:30", "15:00", "15:30"]);
  expect(ticksOf({ from: "12:30", to: "15:30" })).toEqual(["12:30", "13:30", "14:30", "15:30"]);
});
