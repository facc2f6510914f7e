import { expect, test } from "vitest";
import { countMatters } from "./matters.ts";

const fine = { fault: null, quarantined: 0, lost: 0, restored: false, reopened: false, setBack: false };

test("what is the same in several rooms is one thing", () => {
  const restored = { ...fine, restored: true };
  expect(countMatters([restored, restored, restored], [])).toBe(1);
  expect(countMatters([restored, { ...restored, lost: 2 }, { ...fine, fault: { type: "fork", seq: 3 } }, { ...fine, fault: { type: "fork", seq: 9 } }], [])).toBe(3);
  expect(countMatters([{ ...fine, quarantined: 1 }, { ...fine, quarantined: 2 }], [])).toBe(2);
});

test("a refusal counts once for its words, and not where a restore says it", () => {
  expect(countMatters([], [{ type: "forbidden" }, { type: "forbidden" }, { type: "notMember" }])).toBe(2);
  expect(countMatters([{ ...fine, restored: true }], [{ type: "generationPending" }])).toBe(1);
  expect(countMatters([fine], [])).toBe(0);
});
