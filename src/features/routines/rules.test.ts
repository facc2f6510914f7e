import { expect, test } from "vitest";
import { handovers, type RoutineId, routineIds } from "../../content/routines.ts";
import { idOf } from "../features.test-data.ts";
import type { MeetingId, RoutineRunId, RunLegId } from "../ids.ts";
import { contactProblem, nextRoutines, progressOf, stepsAtAGlance, stepsOf, suspectsViolence } from "./rules.ts";
import type { RoutineRun, RunLeg, StepResult } from "./schema.ts";
import { shippedTemplate } from "./template-rules.ts";

const legOn = (routine: RoutineId, startedAt: string, changes: Partial<RunLeg> = {}): RunLeg => {
  const { steps, version } = shippedTemplate(routine);
  return { id: `leg-${idOf(Number(startedAt.slice(8, 10)))}` as RunLegId, routine, startedAt, startedBy: "socialTeacher", template: version, steps: Array.from(steps), ...changes };
};
const runOn = (legs: RunLeg[], changes: Partial<RoutineRun> = {}): RoutineRun => ({
  id: `run-${idOf(1)}` as RoutineRunId,
  reference: "R-482-KTM",
  legs,
  startedAt: legs[0]!.startedAt,
  results: {},
  answers: {},
  ...changes,
});
const done = (on: string): StepResult => ({ state: "done", on, by: "socialTeacher" });
const keys = (run: RoutineRun) => stepsOf(run).map(({ key }) => key);
const a = legOn("concernReport", "2026-11-23T09:00:00");

test("A from the report to the closing meeting, at a glance", () => {
  const run = runOn([a], {
    sentOn: "2026-11-23",
    receivedOn: "2026-11-24",
    results: { "concernReport/parentTalk": { state: "skipped", on: "2026-11-23", by: "socialTeacher", reason: "notRelevant" }, "concernReport/reportSent": done("2026-11-23") },
  });
  const glance = (today: string) => Object.fromEntries(stepsAtAGlance(run, today).map(({ step, state }) => [step.id, state]));
  expect(glance("2026-11-27")).toEqual({
    parentTalk: "skipped",
    reportSent: "done",
    reportReviewed: "open",
    startupMeeting: "open",
    cooperation: "open",
    closingMeeting: "open",
  });
  expect(glance("2026-11-30").reportReviewed).toBe("due"); // the Monday before 1 December
  expect(glance("2026-12-02").reportReviewed).toBe("overdue");
  expect(progressOf(run)).toEqual({ settled: 2, all: 6 });
  expect(stepsAtAGlance(run, "2026-11-27").map(({ due }) => due.type)).toEqual(["none", "undated", "dated", "none", "none", "none"]);
});

test("a step that waits for a day that nobody has entered says so", () => {
  expect(stepsAtAGlance(runOn([a]), "2026-11-27")[2]!.due).toEqual({ type: "waiting" });
});

test("on to B, every step that involves the parents is gone at once, done or not, and stays out whatever comes after", () => {
  const b = legOn("ownProcedure", "2026-11-24T09:00:00");
  const d = legOn("handover", "2026-11-25T09:00:00");
  const talked = { results: { "concernReport/parentTalk": done("2026-11-23") } };
  expect(keys(runOn([a], talked))).toContain("concernReport/parentTalk");
  for (const legs of [[a, b], [a, b, d], [a, d, b]]) {
    const run = runOn(legs, talked);
    expect(suspectsViolence(run)).toBe(true);
    expect(stepsOf(run).filter(({ step }) => step.involvesParents)).toEqual([]);
  }
  // A service's own template that marks a step of B wrongly does not bring the parents back.
  const wrong = legOn("ownProcedure", "2026-11-24T09:00:00", { steps: [{ id: "parentTalk", who: [], involvesParents: true }] });
  expect(keys(runOn([wrong]))).toEqual([]);
});

test("so they are when violence is said of one of its meetings, and the case stays on its routine", () => {
  const run = runOn([a], { suspectedIn: [`meeting-${idOf(1)}` as MeetingId] });
  expect(suspectsViolence(run)).toBe(true);
  expect(stepsOf(run).map(({ key, isLeft }) => [key, isLeft])).toEqual([
    ["concernReport/reportSent", false],
    ["concernReport/reportReviewed", false],
    ["concernReport/cooperation", false],
  ]);
});

test("on to B, what was open in A is left but for the duty to report; on to D, it can still be done", () => {
  const left = (legs: RunLeg[]) => stepsOf(runOn(legs)).filter(({ isLeft }) => isLeft).map(({ key }) => key);
  expect(left([a, legOn("ownProcedure", "2026-11-24T09:00:00")])).toEqual(["concernReport/reportReviewed", "concernReport/cooperation"]);
  expect(left([a, legOn("handover", "2026-11-24T09:00:00")])).toEqual([]);
  const onwards = [legOn("newReport", "2026-11-22T09:00:00"), a, legOn("handover", "2026-11-24T09:00:00")];
  expect(left(onwards)).toEqual(["newReport/waySettled", "newReport/measuresLinked", "newReport/cooperationMeeting"]);
  expect(progressOf(runOn(onwards)).all).toBe(10);
  // Two devices at once can make a way that the table does not have: nothing is left behind by that.
  expect(left([legOn("handover", "2026-11-22T09:00:00"), a])).toEqual([]);
});

test("what was done before the handover stays done", () => {
  const run = runOn([a, legOn("ownProcedure", "2026-11-24T09:00:00")], { results: { "concernReport/reportSent": done("2026-11-23") } });
  expect(stepsAtAGlance(run, "2026-11-27").map(({ key, state }) => `${key} ${state}`).slice(0, 3)).toEqual([
    "concernReport/reportSent done",
    "concernReport/reportReviewed left",
    "concernReport/cooperation left",
  ]);
});

test("where a case can go on to", () => {
  const next = (...legs: RunLeg[]) => nextRoutines(runOn(legs));
  const on = (routine: RoutineId, day: number) => legOn(routine, `2026-11-${day}T09:00:00`);
  expect(next(a)).toEqual(["handover", "ownProcedure"]);
  expect(next(on("newReport", 22))).toEqual(["concernReport", "ownProcedure"]);
  expect(next(on("ownProcedure", 22))).toEqual(["handover"]);
  expect(next(on("handover", 22))).toEqual(["ownProcedure"]);
  expect(next(a, on("handover", 24), on("ownProcedure", 25))).toEqual([]);
  // Violence can come to light anywhere.
  for (const routine of routineIds) if (routine !== "ownProcedure") expect(handovers.some(({ from, to }) => from === routine && to === "ownProcedure")).toBe(true);
});

test("a deadline of the service's own counts from what it says, and waits for what is not known", () => {
  const steps = (countsFrom: "routine" | "stepBefore" | "received" | "closed", unit: "days" | "workingDays" | "months" = "days") => [
    { id: "firstTalks", who: [], involvesParents: false },
    { id: "cooperationMeetingSoon", who: [], involvesParents: false, ownDeadline: { length: 3, unit, countsFrom } },
  ];
  const due = (leg: Partial<RunLeg>, changes: Partial<RoutineRun> = {}) => stepsAtAGlance(runOn([legOn("ownProcedure", "2026-11-26T09:00:00", leg)], changes), "2026-11-26")[1]!.due;
  expect(due({ steps: steps("routine") })).toMatchObject({ dueOn: "2026-11-29", basis: "routine", warnOn: "2026-11-27" });
  expect(due({ steps: steps("routine", "workingDays") })).toMatchObject({ dueOn: "2026-12-01" });
  expect(due({ steps: steps("routine", "months") })).toMatchObject({ dueOn: "2027-02-26" });
  expect(due({ steps: steps("stepBefore") })).toEqual({ type: "waiting" });
  expect(due({ steps: steps("stepBefore") }, { results: { "ownProcedure/firstTalks": done("2026-11-30") } })).toMatchObject({ dueOn: "2026-12-03", basis: "stepBefore" });
  expect(due({ steps: steps("received") }, { sentOn: "2026-11-26" })).toMatchObject({ dueOn: "2026-11-29", basis: "sent" });
  expect(due({ steps: steps("closed") })).toEqual({ type: "waiting" });
});

test("the step before is one of the same routine, and one that was left out has no day", () => {
  const steps = [{ id: "handoverMeeting", who: [], involvesParents: false, ownDeadline: { length: 3, unit: "days" as const, countsFrom: "stepBefore" as const } }];
  const run = runOn([a, legOn("handover", "2026-11-26T09:00:00", { steps })], { results: { "concernReport/closingMeeting": done("2026-11-25") } });
  expect(stepsAtAGlance(run, "2026-11-26").at(-1)!.due).toEqual({ type: "waiting" });
  const skipped = runOn([legOn("handover", "2026-11-26T09:00:00", { steps: [{ id: "nextMeetingDated", who: [], involvesParents: false }, ...steps] })], {
    results: { "handover/nextMeetingDated": { state: "skipped", on: "2026-11-26", by: "consultant", reason: "capacity" } },
  });
  expect(stepsAtAGlance(skipped, "2026-11-26").at(-1)!.due).toEqual({ type: "waiting" });
});

test("what may be written of a contact person", () => {
  expect([contactProblem(""), contactProblem("Kari fra tiltak"), contactProblem("Rødt rådyr 23"), contactProblem("x".repeat(81))]).toEqual(["missing", null, "namesCase", "tooLong"]);
});
