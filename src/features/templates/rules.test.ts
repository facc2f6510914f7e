import * as fc from "fast-check";
import { expect, test } from "vitest";
import { withPartBack, withPartMoved } from "./rules.ts";

type Part = { readonly id: string };
const partsOf = (ids: string): Part[] => Array.from(ids, (id) => ({ id }));
const idsOf = (parts: readonly Part[]) => parts.map(({ id }) => id).join("");

test("a part that was taken off comes back after the nearest before it that is still there", () => {
  const back = (parts: string, id: string) => idsOf(withPartBack(partsOf("abcd"), partsOf(parts), { id }));
  expect(back("abd", "c")).toBe("abcd");
  expect(back("ad", "c")).toBe("acd");
  expect(back("dxba", "c")).toBe("dxbca");
  expect(back("dx", "a")).toBe("adx");
});

test("whatever was taken off an unchanged list, bringing all of it back gives the original", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(Array.from("abcdefg")), (off) => {
      const original = partsOf("abcdefg");
      const left = original.filter(({ id }) => !off.includes(id));
      expect(idsOf(off.reduce((parts, id) => withPartBack(original, parts, { id }), left))).toBe("abcdefg");
    }),
  );
});

test("a part goes one place up or down, and no further than the end", () => {
  const moved = (id: string, by: -1 | 1) => idsOf(withPartMoved(partsOf("abc"), { id }, by));
  expect(moved("b", -1)).toBe("bac");
  expect(moved("b", 1)).toBe("acb");
  expect(moved("a", -1)).toBe("abc");
  expect(moved("c", 1)).toBe("abc");
});
