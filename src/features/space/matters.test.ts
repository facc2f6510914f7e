import { expect, test } from "vitest";
import { listMatters, needsUpdate, needsUpdateAlone } from "./matters.ts";

type Said = Parameters<typeof listMatters>;
const countMatters = (rooms: Said[0], refused: Said[1], told: Partial<Said[2]> = {}) => listMatters(rooms, refused, { codeUses: [], lostControls: [], ...told }).size;
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

test("each use of the recovery code is one thing, whatever rooms tell of it", () => {
  const use = { name: "Bo", at: 1, ids: ["r1/1/1", "r2/1/2"] };
  expect(countMatters([{ ...fine, lost: 2 }], [], { codeUses: [use, { ...use, ids: ["r1/2/9"] }] })).toBe(3);
});

test("a change that a restored relay has lost is one thing in all the rooms it was made in", () => {
  const added = { id: "r1/3/1", roomId: "r1", action: "addMember" } as const;
  expect(countMatters([], [], { lostControls: [added, { ...added, id: "r2/4/1", roomId: "r2" }, { ...added, id: "r2/5/1", action: "remove" }] })).toBe(2);
});

test("a newer version is all that it takes only where nothing else is said", () => {
  const tooOld = { ...fine, fault: { type: "needsUpdate", seq: 3 } } as const;
  const said = (...[rooms, refused]: [Said[0], Said[1]]) => listMatters(rooms, refused, { codeUses: [], lostControls: [] });
  expect(needsUpdateAlone(said([tooOld, fine], [{ type: "unknownAction" }]))).toBe(true);
  expect(needsUpdateAlone(said([tooOld, { ...fine, lost: 1 }], []))).toBe(false);
  expect(needsUpdate(said([tooOld, { ...fine, lost: 1 }], []))).toBe(true);
  expect(needsUpdateAlone(said([fine], []))).toBe(false);
  expect(needsUpdate(said([{ ...fine, restored: true }], []))).toBe(false);
});
