import { expect, test } from "vitest";
import { meetingSides } from "../../content/meetings.ts";
import { groupOf } from "../follow-up/rules.ts";
import { askedOfActionItem } from "./action-item-rules.ts";
import { actionItemOf, meetingOf } from "./meetings.test-data.ts";

const today = "2026-12-10";

test("each side is asked of its own, and both of what the parents and others have taken on", () => {
  expect(meetingSides.map((side) => [side, askedOfActionItem(actionItemOf(1, { side }), meetingOf()).waitsOn])).toEqual([
    ["school", ["school"]],
    ["guardians", ["consultant", "school"]],
    ["childWelfare", ["consultant"]],
    ["others", ["consultant", "school"]],
  ]);
});

test("an item is due on its own date, else when the next meeting is", () => {
  const next = { date: "2026-12-17" };
  expect(askedOfActionItem(actionItemOf(1, { dueOn: "2026-12-09" }), meetingOf({ next })).dueOn).toBe("2026-12-09");
  expect(askedOfActionItem(actionItemOf(1), meetingOf({ next })).dueOn).toBe("2026-12-17");
  expect(askedOfActionItem(actionItemOf(1), meetingOf({ next: { reason: "lastMeeting" } })).dueOn).toBeNull();
  expect(askedOfActionItem(actionItemOf(1), meetingOf()).dueOn).toBeNull();
});

test("another date to ask on counts before what was agreed, and past it the item is over its date", () => {
  const moved = actionItemOf(1, { dueOn: "2026-12-03", askOn: "2026-12-18" });
  expect(askedOfActionItem(moved, meetingOf()).dueOn).toBe("2026-12-18");
  expect(groupOf(askedOfActionItem(moved, meetingOf()), "school", today)).toBe("later");
  expect(groupOf(askedOfActionItem({ ...moved, askOn: "2026-12-09" }, meetingOf()), "school", today)).toBe("overdue");
});

test("one without a date waits among the later ones, and is never past a date it does not have", () => {
  expect(groupOf(askedOfActionItem(actionItemOf(1), meetingOf()), "school", today)).toBe("later");
  const putOff = actionItemOf(1, { answered: { answer: "notYet", answeredAt: "2026-12-04T09:00:00", askAgainOn: "2026-12-07" } });
  expect(groupOf(askedOfActionItem(putOff, meetingOf()), "school", today)).toBe("today");
  expect(groupOf(askedOfActionItem({ ...putOff, dueOn: "2026-12-04" }, meetingOf()), "school", today)).toBe("overdue");
});

test("an answer is carried whole, and what is answered is settled the day after", () => {
  const answered = { answer: "noLongerRelevant", answeredAt: "2026-12-09T09:00:00", reason: "childMoved" } as const;
  const asked = askedOfActionItem(actionItemOf(1, { answered }), meetingOf());
  expect(asked).toMatchObject(answered);
  expect(groupOf(asked, "school", "2026-12-09")).toBe("answeredToday");
  expect(groupOf(asked, "school", today)).toBe("settled");
});
