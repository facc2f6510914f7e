import { expect, test } from "vitest";
import { chanceFrom, choose, seededChance } from "./random.ts";

test("the same seed gives the same run, another seed another", () => {
  const run = (seed: number) => {
    const chance = seededChance(seed);
    return Array.from({ length: 5 }, chance);
  };
  expect(run(7)).toEqual(run(7));
  expect(run(7)).not.toEqual(run(8));
  expect(run(0).every((value) => value >= 0 && value < 1)).toBe(true);
});

test("every item is chosen in time, and none outside the list", () => {
  const chance = seededChance(3);
  const seen = new Set(Array.from({ length: 200 }, () => choose(chance, ["a", "b", "c"])));
  expect(Array.from(seen).sort()).toEqual(["a", "b", "c"]);
  expect(choose(() => 1, ["a", "b"])).toBe("b");
  expect(() => choose(chance, [])).toThrow(RangeError);
});

test("chance reads all four bytes, from 0 up to and not with 1", () => {
  const of = (...bytes: number[]) => chanceFrom(() => Uint8Array.from([9, ...bytes]).subarray(1))();
  expect([of(0, 0, 0, 0), of(128, 0, 0, 0), of(0, 0, 0, 1)]).toEqual([0, 0.5, 2 ** -32]);
  expect(of(255, 255, 255, 255)).toBeLessThan(1);
});
