import { expect, test } from "vitest";
import type { RecoveryEvent } from "../../engine/log/recovery-events.ts";
import { eachOnce } from "./recovery-rules.ts";

const at = Date.parse("2026-11-22T12:00:00Z");
const used = (name: string | null, time: number | null): RecoveryEvent => ({ what: "used", name, at: time });

test("a use that stands in many rooms is told once, with its last moment; another person's and another day's are others", () => {
  const told = eachOnce([used("Bo", at), used("Bo", at + 2000), used("Ada", at + 1000), used("Bo", at - 86_400_000), { what: "replaced", name: "Bo", at: at + 3000 }]);
  expect(told.map(({ what, name, at: time }) => [what, name, (time ?? 0) - at])).toEqual([
    ["replaced", "Bo", 3000],
    ["used", "Bo", 2000],
    ["used", "Ada", 1000],
    ["used", "Bo", -86_400_000],
  ]);
});

test("what does not open yet is told all the same, last", () => {
  expect(eachOnce([used(null, null), used("Bo", at)]).map(({ name }) => name)).toEqual(["Bo", null]);
});
