import { expect, test } from "vitest";
import { gather } from "./gather.ts";

test("what is asked in one moment is answered at once, each its own", async () => {
  const asked: number[][] = [];
  const double = gather(async (numbers: readonly number[]) => {
    asked.push([...numbers]);
    return numbers.map((number) => number * 2);
  });
  expect(await Promise.all([double(1), double(2), double(3)])).toEqual([2, 4, 6]);
  expect(await double(4)).toBe(8);
  expect(asked).toEqual([[1, 2, 3], [4]]);
});

test("a failure reaches everyone who asked, and the next question is asked anew", async () => {
  let working = false;
  const answer = gather(async (questions: readonly string[]) => {
    if (!working) throw new Error("no disk");
    return questions;
  });
  const both = await Promise.allSettled([answer("a"), answer("b")]);
  expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  working = true;
  expect(await answer("c")).toBe("c");
});
