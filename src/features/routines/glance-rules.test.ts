import { expect, test } from "vitest";
import { type RoutineId, routineIds } from "../../content/routines.ts";
import { idOf } from "../features.test-data.ts";
import { groupFollowUps } from "../follow-up/rules.ts";
import type { RoutineRunId, RunLegId } from "../ids.ts";
import { askedOfRun, clocksOfRun, runAtAGlance, sidesOf } from "./glance-rules.ts";
import type { RoutineRun, StepResult } from "./schema.ts";
import { shippedTemplate } from "./template-rules.ts";

const today = "2026-11-26";
const context = { closed: [], workingDays: 1 };

function runOn(routines: readonly RoutineId[], changes: Partial<RoutineRun> = {}): RoutineRun {
  return {
    id: `run-${idOf(1)}` as RoutineRunId,
    reference: "R-482-KTM",
    startedAt: "2026-11-20T09:00:00",
    legs: routines.map((routine, place) => {
      const { steps, version } = shippedTemplate(routine);
      return { id: `leg-${idOf(place)}` as RunLegId, routine, startedAt: `2026-11-2${place}T09:00:00`, startedBy: "consultant", template: version, steps: Array.from(steps) };
    }),
    results: {},
    answers: {},
    ...changes,
  };
}

const done = (on = "2026-11-24"): StepResult => ({ state: "done", on, by: "consultant" });
const brief = (run: RoutineRun) =>
  askedOfRun(run, today, context).map((one) => [one.type === "clock" ? one.clock.id : one.step.step.id, one.dueOn, one.waitsOn.join("+"), one.answer, one.askAgainOn]);

test("a new case asks whether the report is sent, from the next working day as other questions do", () => {
  expect(brief(runOn(["concernReport"]))).toEqual([["reportSent", "2026-11-23", "consultant+school", undefined, undefined]]);
});

test("once the report is sent the feedback and the review have their dates, and nothing is asked twice", () => {
  const run = runOn(["concernReport"], { sentOn: "2026-11-23" });
  expect(brief(run)).toEqual([
    ["reporterFeedback", "2026-12-14", "consultant+school", undefined, undefined],
    ["reportReviewed", "2026-11-30", "consultant", undefined, undefined],
  ]);
  expect(runAtAGlance(run, today).nearest).toMatchObject({ type: "step", dueOn: "2026-11-30", urgency: "running" });
});

test("a step with the date of a clock is not asked about twice", () => {
  const run = runOn(["handover"], { closedOn: "2026-11-20" });
  const twice = run.legs.map((leg) => ({ ...leg, steps: leg.steps.map((step) => ({ ...step, legalDeadline: "reporterFeedbackAfterInvestigation" as const })) }));
  expect(brief({ ...run, legs: twice })).toEqual([["reporterFeedbackAfterInvestigation", "2026-12-11", "consultant+school", undefined, undefined]]);
});

test("what was answered stays in the list of the day, and «ikke ennå» comes back without hiding a date that has gone by", () => {
  const notYet = { answer: "notYet", answeredAt: "2026-11-25T10:00:00", askAgainOn: "2026-11-30" } as const;
  const of = (receivedOn: string) => askedOfRun(runOn(["concernReport"], { receivedOn, answers: { reporterFeedback: notYet } }), today, context).filter(({ id }) => id.endsWith("/reporterFeedback"));
  expect(groupFollowUps(of("2026-11-23"), "school", today).nextSevenDays.map(({ askAgainOn }) => askAgainOn)).toEqual(["2026-11-30"]);
  expect(groupFollowUps(of("2026-10-23"), "school", today).overdue.map(({ dueOn }) => dueOn)).toEqual(["2026-11-13"]);
  const yes = { ...notYet, answer: "yes", answeredAt: `${today}T08:00:00`, on: today } as const;
  const answered = askedOfRun(runOn(["concernReport"], { receivedOn: "2026-11-23", answers: { reporterFeedback: yes } }), today, context);
  expect(groupFollowUps(answered, "school", today).answeredToday.map(({ id }) => id)).toEqual([`run-${idOf(1)}/reporterFeedback`]);
});

test("a step that was put off still waits, and comes back on its day", () => {
  const run = (results: RoutineRun["results"]) => runOn(["newReport"], { receivedOn: "2026-11-25", results });
  const putOff = { "newReport/waySettled": { state: "notYet", on: "2026-11-25", by: "consultant", askAgainOn: "2026-11-27" } } as const;
  expect(askedOfRun(run(putOff), today, context).find(({ type }) => type === "step")).toMatchObject({ answer: "notYet", askAgainOn: "2026-11-27", dueOn: "2026-12-02" });
  expect(runAtAGlance(run(putOff), today).next?.step.id).toBe("waySettled");
  expect(runAtAGlance(run({ "newReport/waySettled": done() }), today).next?.step.id).toBe("measuresLinked");
});

test("a warning brings a date among what is to be done now, also when holidays lie between", () => {
  const closed = [{ from: "2026-11-27", to: "2026-12-11" }];
  const asked = askedOfRun(runOn(["concernReport"], { receivedOn: "2026-11-20", results: { "concernReport/reportReviewed": done() } }), today, { closed, workingDays: 1 });
  expect(groupFollowUps(asked, "school", today).nextSevenDays.map(({ dueOn, warnOn }) => [dueOn, warnOn])).toEqual([["2026-12-11", today]]);
});

test("a case that began at the handover is asked of the last feedback alone", () => {
  expect(clocksOfRun(runOn(["handover"], { closedOn: "2026-11-20" }), today).map(({ id }) => id)).toEqual(["reporterFeedbackAfterInvestigation"]);
  expect(clocksOfRun(runOn(["concernReport", "handover"]), today)).toHaveLength(3);
  expect(clocksOfRun(runOn(["handover"], { receivedOn: "2026-08-20" }), today)).toHaveLength(3);
});

test("a run is over when no step and no clock waits, and the duty to report outlives a handover", () => {
  const { steps } = shippedTemplate("handover");
  const results = Object.fromEntries(steps.map(({ id }) => [`handover/${id}`, done()])) as RoutineRun["results"];
  expect(runAtAGlance(runOn(["handover"], { results }), today)).toMatchObject({ isOver: true, next: null, nearest: null });
  expect(runAtAGlance(runOn(["handover"], { results, closedOn: "2026-11-20" }), today)).toMatchObject({ isOver: false, next: null });
  expect(runAtAGlance(runOn(["concernReport", "ownProcedure"]), today).next?.step.id).toBe("reportSent");
});

test("who a step waits on follows from who it is for; where nobody is named, both sides are asked", () => {
  expect(sidesOf(["contactTeacher"])).toEqual(["school"]);
  expect(sidesOf(["contactPerson"])).toEqual(["consultant"]);
  expect(sidesOf(["consultant", "principal"])).toEqual(["consultant", "school"]);
  expect(sidesOf([])).toEqual(["consultant", "school"]);
});

test("where violence is suspected, no step that involves the parents is listed, whatever its date", () => {
  for (const routine of routineIds) {
    const { steps } = shippedTemplate(routine);
    const dated = steps.map((step) => ({ ...step, legalDeadline: undefined, ownDeadline: { length: 1, unit: "days" as const, countsFrom: "routine" as const } }));
    const run = runOn(["ownProcedure", routine]);
    const asked = askedOfRun({ ...run, legs: run.legs.map((leg) => (leg.routine === routine ? { ...leg, steps: dated } : leg)) }, today, context);
    expect(asked.filter((one) => one.type === "step" && one.step.step.involvesParents)).toEqual([]);
  }
});
