import { expect, test } from "vitest";
import type { CaseId, ConsultationId, FollowUpId } from "../ids.ts";
import { followUpLists } from "./list-rules.ts";
import { byDue } from "./rules.ts";
import type { FollowUp, Side } from "./schema.ts";

const today = "2026-11-26";

function followUp(id: string, dueOn: string, waitsOn: Side[], answers: Partial<FollowUp> = {}): FollowUp {
  return {
    id: id as FollowUpId,
    caseId: "c" as CaseId,
    consultationId: "d" as ConsultationId,
    kind: "reportSent",
    waitsOn,
    createdOn: "2026-11-20",
    dueOn,
    ...answers,
  };
}

const all = [
  followUp("late", "2026-11-20", ["consultant", "school"]),
  followUp("now", today, ["consultant"]),
  followUp("soon", "2026-11-30", ["consultant", "school"]),
  followUp("far", "2027-01-10", ["consultant"]),
  followUp("theirs", "2026-11-27", ["school"]),
  followUp("done", "2026-11-25", ["consultant", "school"], { answer: "yes", answeredAt: `${today}T09:00:00` }),
  followUp("past", "2026-11-01", ["consultant"], { answer: "yes", answeredAt: "2026-11-02T09:00:00" }),
];

test("everything: one's own by date, what waits on the other, and what was answered today", () => {
  expect(followUpLists(all, { filter: "all", own: "consultant", today }, null)).toEqual({
    overdue: ["late"],
    nextSevenDays: ["now", "soon"],
    later: ["far"],
    waitsOnOther: ["theirs"],
    answeredToday: ["done"],
  });
});

test("what has no date stands last among what comes later", () => {
  // An id that would come first, were it not for the date.
  const undated = { id: "0", waitsOn: ["consultant" as const], dueOn: null };
  expect(followUpLists([undated, ...all], { filter: "all", own: "consultant", today }, null).later).toEqual(["far", "0"]);
  expect([undated, ...all].sort(byDue).at(-1)).toBe(undated);
});

test("one's own leaves out what waits only on the other", () => {
  const lists = followUpLists(all, { filter: "mine", own: "consultant", today }, null);
  expect(lists.waitsOnOther).toEqual([]);
  expect(lists.nextSevenDays).toEqual(["now", "soon"]);
});

test("the other's shows what waits on them; what waits on both can still be answered here", () => {
  const lists = followUpLists(all, { filter: "theirs", own: "consultant", today }, null);
  expect(lists).toMatchObject({ overdue: ["late"], nextSevenDays: ["soon"], later: [], waitsOnOther: ["theirs"] });
});

test("the same follow-ups from the school's side", () => {
  const lists = followUpLists(all, { filter: "all", own: "school", today }, null);
  expect(lists).toMatchObject({ overdue: ["late"], nextSevenDays: ["theirs", "soon"], waitsOnOther: ["now", "far"] });
});

test("a card that asks why keeps its place although it is answered", () => {
  const answered = all.map((one) => (one.id === "soon" ? { ...one, answer: "notYet" as const, answeredAt: `${today}T10:00:00`, askAgainOn: "2026-11-27" } : one));
  const reader = { filter: "all", own: "consultant", today } as const;
  expect(followUpLists(answered, reader, { id: "soon", list: "nextSevenDays", index: 1 })).toMatchObject({
    nextSevenDays: ["now", "soon"],
    answeredToday: ["done"],
  });
  expect(followUpLists(answered, reader, null)).toMatchObject({ nextSevenDays: ["now"], answeredToday: ["done", "soon"] });
});

test("a card that was held and then undone stands where its date puts it, once", () => {
  const lists = followUpLists(all, { filter: "all", own: "consultant", today }, { id: "soon", list: "nextSevenDays", index: 0 });
  expect(lists.nextSevenDays).toEqual(["now", "soon"]);
});
