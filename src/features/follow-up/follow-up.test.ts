import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { dutyAnswers, violenceAnswers } from "../../content/choices.ts";
import { defaultNextSteps, guardNextSteps } from "../../content/next-steps.ts";
import { addDays } from "../../lib/iso-date.ts";
import { isWorkingDay, workingDayOnOrAfter } from "../../lib/norwegian-calendar.ts";
import { copyOf, idOf, meet } from "../features.test-data.ts";
import {
  addFollowUp,
  answerFollowUp,
  changeFollowUpDate,
  giveReason,
  readFollowUps,
  settleDiscussAgain,
  undoAnswer,
} from "./document.ts";
import {
  askOn,
  type FollowUpBasis,
  type FollowUpTiming,
  followUpState,
  groupFollowUps,
  groupOf,
  proposeFollowUps,
  waitingNow,
} from "./rules.ts";
import type { FollowUp } from "./schema.ts";

const timing: FollowUpTiming = { heldOn: "2026-11-26", nextVisitOn: "2026-12-17", workingDays: 1, holidays: [] };
const basis: FollowUpBasis = { violence: "no", dutyToReport: "no", nextSteps: [], onlyUs: false };
const propose = (changes: Partial<FollowUpBasis>, when: Partial<FollowUpTiming> = {}) =>
  proposeFollowUps({ ...basis, ...changes }, { ...timing, ...when }).map(({ kind, dueOn, waitsOn }) => `${kind} ${dueOn} ${waitsOn.join("+")}`);

describe("what the answers give", () => {
  test("the school sends a report: is it sent, the next working day", () => {
    expect(propose({ dutyToReport: "yes", nextSteps: ["schoolReports"] })).toEqual(["reportSent 2026-11-27 consultant+school"]);
    expect(propose({ dutyToReport: "yes" }, { heldOn: "2026-11-27" })).toEqual(["reportSent 2026-11-30 consultant+school"]);
  });

  test("the duty does not wait for a school holiday to end; a talk with the parents does", () => {
    const autumn = [{ from: "2026-09-28", to: "2026-10-02" }];
    expect(propose({ nextSteps: ["schoolReports", "schoolTalksToParents"] }, { heldOn: "2026-09-25", holidays: autumn })).toEqual([
      "reportSent 2026-09-28 consultant+school",
      "parentTalk 2026-10-05 consultant+school",
    ]);
  });

  test("the service's rule for days holds", () => {
    expect(propose({ nextSteps: ["schoolTalksToParents"] }, { workingDays: 5 })).toEqual(["parentTalk 2026-12-03 consultant+school"]);
  });

  test("own measures and discussing again wait for the next visit; without one, the usual days", () => {
    expect(propose({ nextSteps: ["schoolMeasures", "discussAgain"] })).toEqual(["schoolMeasures 2026-12-17 school", "discussAgain 2026-12-17 school"]);
    expect(propose({ nextSteps: ["discussAgain"] }, { nextVisitOn: null })).toEqual(["discussAgain 2026-11-27 school"]);
  });

  test("an unsure duty is clear by the date that was set, else the next working day", () => {
    expect(propose({ dutyToReport: "unsure", dutyClarifyBy: "2026-12-05" })).toEqual(["dutyClarified 2026-12-07 consultant+school"]);
    expect(propose({ dutyToReport: "unsure", dutyClarifyBy: "2026-11-01" })).toEqual(["dutyClarified 2026-11-27 consultant+school"]);
  });

  test("trekantsamtale waits on the consultant, a service to be reached on the school, one for each", () => {
    expect(propose({ nextSteps: ["threeWayTalk", "ppt", "bup"] })).toEqual([
      "threeWayTalk 2026-11-27 consultant",
      "contactMade 2026-11-27 school",
      "contactMade 2026-11-27 school",
    ]);
    expect(proposeFollowUps({ ...basis, nextSteps: ["ppt"] }, timing)[0]?.nextStep).toBe("ppt");
  });

  test("violence: the report today, the consultant calls the next working day, and nothing with the parents", () => {
    const steps = ["schoolReportsToday", "schoolCallsNow", "schoolTalksToParents", "threeWayTalk"];
    expect(propose({ violence: "yes", dutyToReport: "yes", nextSteps: steps })).toEqual([
      "schoolCalled 2026-11-26 consultant+school",
      "reportSent 2026-11-26 consultant+school",
      "consultantCalls 2026-11-27 consultant",
    ]);
  });

  test("unsure of violence: has the school called, today", () => {
    expect(propose({ violence: "unsure", nextSteps: ["schoolTalksToParents"] })).toEqual(["schoolCalled 2026-11-26 consultant+school"]);
  });

  test("the duty to avert: call and report today", () => {
    expect(propose({ dutyToReport: "avert" })).toEqual(["schoolCalled 2026-11-26 consultant+school", "reportSent 2026-11-26 consultant+school"]);
  });

  test("no report, no more now: no follow-up", () => {
    expect(propose({ nextSteps: ["noMore"] })).toEqual([]);
  });

  test("«bare oss»: nothing waits on a school that cannot see it", () => {
    expect(propose({ onlyUs: true, nextSteps: ["schoolReports", "ppt", "discussAgain"] }).every((line) => line.endsWith(" consultant"))).toBe(true);
  });

  test("never before the consultation, and on a day off only what is due the same day", () => {
    const anyBasis = fc.record({
      violence: fc.option(fc.constantFrom(...violenceAnswers), { nil: undefined }),
      dutyToReport: fc.option(fc.constantFrom(...dutyAnswers), { nil: undefined }),
      dutyClarifyBy: fc.option(fc.integer({ min: -30, max: 90 }).map((days) => addDays("2026-12-20", days)), { nil: undefined }),
      nextSteps: fc.subarray(Array.from(new Set<string>([...defaultNextSteps.map(({ id }) => id), ...guardNextSteps]))),
      onlyUs: fc.boolean(),
    });
    const anyTiming = fc.record({
      heldOn: fc.integer({ min: 0, max: 360 }).map((days) => addDays("2026-08-01", days)),
      ahead: fc.option(fc.integer({ min: -10, max: 60 }), { nil: null }),
      workingDays: fc.integer({ min: 1, max: 10 }),
    });
    fc.assert(
      fc.property(anyBasis, anyTiming, (answers, { heldOn, ahead, workingDays }) => {
        const holidays = [{ from: "2026-09-28", to: "2026-10-02" }, { from: "2026-12-22", to: "2027-01-02" }];
        const nextVisitOn = ahead === null ? null : workingDayOnOrAfter(addDays(heldOn, ahead), holidays);
        for (const { dueOn, waitsOn } of proposeFollowUps(answers, { heldOn, nextVisitOn, workingDays, holidays })) {
          expect(dueOn >= heldOn).toBe(true);
          expect(dueOn === heldOn || isWorkingDay(dueOn)).toBe(true);
          expect(waitsOn.length).toBeGreaterThan(0);
        }
      }),
    );
  });
});

const followUp = (changes: Partial<FollowUp> = {}): FollowUp => ({
  id: idOf(40),
  caseId: idOf(20),
  consultationId: idOf(30),
  kind: "reportSent",
  waitsOn: ["consultant", "school"],
  createdOn: "2026-11-26",
  dueOn: "2026-11-27",
  ...changes,
});

describe("answering", () => {
  const today = "2026-11-27";
  const now = `${today}T10:00:00`;
  const withOne = () => {
    const doc = new Y.Doc();
    addFollowUp(doc, followUp());
    return doc;
  };
  const only = (doc: Y.Doc) => readFollowUps(doc).records[0]!;

  test("yes is one tap, and is taken back to what it was", () => {
    const doc = withOne();
    answerFollowUp(doc, idOf(40), "yes", now, 1);
    expect(only(doc)).toEqual(followUp({ answer: "yes", answeredAt: now }));
    undoAnswer(doc, idOf(40));
    expect(only(doc)).toEqual(followUp());
  });

  test("«ikke ennå» is saved at once, takes a reason after, and comes back; what was due stays true", () => {
    const doc = withOne();
    answerFollowUp(doc, idOf(40), "notYet", now, 2);
    giveReason(doc, idOf(40), "noTime");
    const answered = only(doc);
    expect(answered).toEqual(followUp({ answer: "notYet", answeredAt: now, reason: "noTime", askAgainOn: "2026-12-01" }));
    expect(askOn(answered)).toBe("2026-12-01");
    expect(groupOf(answered, "school", today)).toBe("answeredToday");
    expect(groupOf(answered, "school", "2026-12-01")).toBe("today");
    answerFollowUp(doc, idOf(40), "yes", "2026-12-01T09:00:00", 1);
    expect(only(doc)).toEqual(followUp({ answer: "yes", answeredAt: "2026-12-01T09:00:00" }));
    undoAnswer(doc, idOf(40), answered);
    expect(only(doc)).toEqual(answered);
  });

  test("another date holds, also after «ikke ennå»", () => {
    const doc = withOne();
    changeFollowUpDate(doc, idOf(40), "2026-12-03");
    expect(only(doc).dueOn).toBe("2026-12-03");
    answerFollowUp(doc, idOf(40), "notYet", now, 1);
    changeFollowUpDate(doc, idOf(40), "2026-12-10");
    expect(only(doc)).toMatchObject({ dueOn: "2026-12-03", askAgainOn: "2026-12-10" });
  });

  test("both sides answer at once: one answer stands, whole, on both", () => {
    const phone = withOne();
    const tablet = copyOf(phone);
    answerFollowUp(phone, idOf(40), "notYet", now, 1);
    giveReason(phone, idOf(40), "noTime");
    answerFollowUp(tablet, idOf(40), "yes", now, 1);
    meet(phone, tablet);
    expect(only(phone)).toEqual(only(tablet));
    expect([
      followUp({ answer: "yes", answeredAt: now }),
      followUp({ answer: "notYet", answeredAt: now, reason: "noTime", askAgainOn: "2026-11-30" }),
    ]).toContainEqual(only(phone));
  });

  test("«Drøfte igjen» of that case is answered, of no other, and no other question", () => {
    const doc = withOne();
    addFollowUp(doc, followUp({ id: idOf(41), kind: "discussAgain" }));
    addFollowUp(doc, followUp({ id: idOf(42), kind: "discussAgain", caseId: idOf(99) }));
    settleDiscussAgain(doc, idOf(20), now);
    expect(readFollowUps(doc).records.map(followUpState)).toEqual(["open", "yes", "open"]);
  });
});

describe("the list", () => {
  const today = "2026-11-26";
  const all = [
    followUp({ id: idOf(1), dueOn: "2026-11-20" }),
    followUp({ id: idOf(2), dueOn: today }),
    followUp({ id: idOf(3), dueOn: "2026-12-03" }),
    followUp({ id: idOf(4), dueOn: "2026-12-04" }),
    followUp({ id: idOf(5), waitsOn: ["school"], dueOn: "2026-12-01" }),
    followUp({ id: idOf(6), answer: "yes", answeredAt: `${today}T08:00:00` }),
    followUp({ id: idOf(7), answer: "yes", answeredAt: "2026-11-25T08:00:00" }),
    followUp({ id: idOf(8), waitsOn: ["consultant"], dueOn: "2026-11-19" }),
  ];
  const numbers = (followUps: FollowUp[]) => followUps.map(({ id }) => Number.parseInt(id, 16));

  test("over the date, today, seven days, later, the other side, answered today, settled", () => {
    const groups = groupFollowUps(all, "consultant", today);
    expect(Object.fromEntries(Object.entries(groups).map(([group, list]) => [group, numbers(list)]))).toEqual({
      overdue: [8, 1],
      today: [2],
      nextSevenDays: [3],
      later: [4],
      waitsOnOther: [5],
      answeredToday: [6],
      settled: [7],
    });
  });

  test("each side has its own number", () => {
    expect(numbers(waitingNow(all, "consultant", today))).toEqual([8, 1, 2, 3]);
    expect(numbers(waitingNow(all, "school", today))).toEqual([1, 2, 5, 3]);
  });

  test("every follow-up is in one group", () => {
    const groups = groupFollowUps(all, "school", today);
    expect(Object.values(groups).flat()).toHaveLength(all.length);
  });
});
