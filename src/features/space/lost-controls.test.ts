import { expect, test } from "vitest";
import { lostControlsIn } from "./lost-controls.ts";

test("of what was kept only the lost changes are told, each by where it stood and when it was found", () => {
  const piece = { fault: "lostControl", seq: 4, foundAt: 9, sizeBytes: 200, authorId: "a1", ctr: 2, action: "remove" } as const;
  expect(lostControlsIn({ roomId: "r1", kept: [piece, { ...piece, fault: "fork", seq: 5 }] })).toEqual([{ id: "r1/4/9", roomId: "r1", action: "remove" }]);
});
