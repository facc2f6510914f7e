import { expect, test } from "vitest";
import type { RecoveryEvent } from "../../engine/log/recovery-events.ts";
import { eachOnce, usesByOthers } from "./recovery-rules.ts";

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

test("a use by another is told once with an id for each room, and the one that let this device in is not", () => {
  const [bo, ada] = [used("Bo", at), used("Ada", at + 86_400_000)];
  const rooms = [
    { roomId: "r1", events: [{ what: "replaced", name: "Bo", at: at + 9000 } as const, bo], ownSince: at - 5 },
    { roomId: "r2", events: [ada, used("Bo", at + 2000)], ownSince: ada.at },
  ];
  expect(usesByOthers(rooms)).toEqual([{ name: "Bo", at: at + 2000, ids: [`r2/1/${at + 2000}`, `r1/1/${at}`] }]);
});

test("a second use by the same name in the same hour, or with the clock of the first, has an id that nobody has seen", () => {
  const first = usesByOthers([{ roomId: "r1", events: [used("Bo", at)], ownSince: null }]);
  const [both] = usesByOthers([{ roomId: "r1", events: [used("Bo", at), used("Bo", at)], ownSince: null }]);
  expect(both?.ids).toHaveLength(2);
  expect(both?.ids).toEqual(expect.arrayContaining([...(first[0]?.ids ?? [])]));
  expect(new Set(both?.ids).size).toBe(2);
});
