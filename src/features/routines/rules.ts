import { handovers, type RoutineId } from "../../content/routines.ts";
import type { NewId } from "../../lib/id.ts";
import { addDays, addMonths, dateOf, type DateRange, type IsoDate } from "../../lib/iso-date.ts";
import { addWorkingDays, lastWorkingDayBefore } from "../../lib/norwegian-calendar.ts";
import { unreachable } from "../../lib/assert.ts";
import { namesCase } from "../cases/rules.ts";
import type { RoutineRunId, RunLegId } from "../ids.ts";
import type { InvitableRole } from "../space/invite-rules.ts";
import { type Basis, dueOf, startOf, urgencyOf } from "./deadline-rules.ts";
import { longestTitle, type RoutineRun, type RoutineStep, type RunLeg, type RunWriter, type StepKey, type StepResult } from "./schema.ts";

export function newRunId(newId: NewId): RoutineRunId {
  return `run-${newId()}` as RoutineRunId;
}

export function newLegId(newId: NewId): RunLegId {
  return `leg-${newId()}` as RunLegId;
}

export function stepKeyOf(routine: RoutineId, step: Pick<RoutineStep, "id">): StepKey {
  return `${routine}/${step.id}`;
}

/** As whom somebody writes in runs and meetings. Only consultants and sosiallærere have the rooms with them. */
export function writerOf(role: InvitableRole): RunWriter {
  return role === "socialTeacher" ? "socialTeacher" : "consultant";
}

/**
 * Whether violence or abuse is suspected: the case runs, or has run, along B, or it was said of one of its meetings. It stays so whatever the case goes on to,
 * and whatever another device did meanwhile: two that go on to B and to D at once have both.
 */
export function suspectsViolence({ legs, suspectedIn = [] }: Pick<RoutineRun, "legs" | "suspectedIn">): boolean {
  return suspectedIn.length > 0 || legs.some(({ routine }) => routine === "ownProcedure");
}

/** The run as it would be if violence had never been suspected. */
export function withoutSuspicion(run: RoutineRun): RoutineRun {
  return { ...run, legs: run.legs.filter(({ routine }) => routine !== "ownProcedure"), suspectedIn: [] };
}

/** The leg that the case is on now. */
export function currentLeg(run: RoutineRun): RunLeg | null {
  return run.legs.at(-1) ?? null;
}

/** Where the case can go on to; each routine once. */
export function nextRoutines(run: RoutineRun): RoutineId[] {
  const current = currentLeg(run);
  const been = new Set(run.legs.map(({ routine }) => routine));
  return handovers.flatMap(({ from, to }) => (from === current?.routine && !been.has(to) ? [to] : []));
}

/** What became of a step; `by` is null where it follows from a day that somebody has entered. */
export type StepOutcome = StepResult | { readonly state: "done"; readonly on: IsoDate; readonly by: null };

/** A step of a run, with what became of it. */
export type RunStep = {
  readonly key: StepKey;
  readonly routine: RoutineId;
  readonly step: RoutineStep;
  readonly result: StepOutcome | null;
  /** Still open when the case went on to a routine that starts afresh: nobody waits for it any more. The duty to report does not go away so. */
  readonly isLeft: boolean;
};

/** The steps of a run in order. Where violence is suspected, those that involve the parents are not among them, done or not. */
export function stepsOf(run: RoutineRun): RunStep[] {
  const withoutParents = suspectsViolence(run);
  return run.legs.flatMap((leg, place) =>
    leg.steps
      .filter(({ involvesParents }) => !(withoutParents && involvesParents))
      .map((step) => {
        const key = stepKeyOf(leg.routine, step);
        const result = run.results[key] ?? knownResult(run, step);
        return { key, routine: leg.routine, step, result, isLeft: !isSettled(result) && !isKeptOpen(run.legs, place) && step.legalDeadline !== "dutyToReport" };
      }),
  );
}

/** The step of sending the report is done when the day is known, whoever entered it. */
function knownResult({ sentOn, receivedOn }: RoutineRun, { legalDeadline }: RoutineStep): StepOutcome | null {
  const on = sentOn ?? receivedOn;
  return legalDeadline === "dutyToReport" && on !== undefined ? { state: "done", on, by: null } : null;
}

/** Whether nobody waits for the step any more: it is done, or left out. */
export function isSettled(result: StepOutcome | null): boolean {
  return result !== null && result.state !== "notYet";
}

/** Whether every handover after the leg keeps what was open. A way that the table does not have comes of two devices at once, and keeps it too. */
function isKeptOpen(legs: readonly RunLeg[], place: number): boolean {
  return legs.slice(place + 1).every(({ routine: to }, offset) => {
    const from = legs[place + offset]?.routine;
    return handovers.find((handover) => handover.from === from && handover.to === to)?.keepsOpenSteps ?? true;
  });
}

/** `none`: neither the law nor the routine has a date. `waiting`: the day it counts from is not known yet. */
export type StepDue =
  | { readonly type: "dated"; readonly dueOn: IsoDate; readonly warnOn: IsoDate; readonly basis: Basis | "routine" | "stepBefore"; readonly countedFrom: IsoDate }
  | { readonly type: "waiting" }
  | { readonly type: "undated" }
  | { readonly type: "none" };

export type StepState = "done" | "skipped" | "left" | "open" | "due" | "overdue";

export type StepAtAGlance = RunStep & { readonly due: StepDue; readonly state: StepState };

/**
 * Every step with its date and where it stands.
 * @param closed the school holidays, for what is counted in working days and for the day of the warning
 */
export function stepsAtAGlance(run: RoutineRun, today: IsoDate, closed: readonly DateRange[] = []): StepAtAGlance[] {
  const steps = stepsOf(run);
  return steps.map((one, index) => {
    const before = steps[index - 1];
    const due = stepDue(run, one, before?.routine === one.routine ? before : null, closed);
    return { ...one, due, state: stepState(one, due, today) };
  });
}

function stepState({ result, isLeft }: RunStep, due: StepDue, today: IsoDate): StepState {
  if (result !== null && result.state !== "notYet") return result.state;
  if (isLeft) return "left";
  const urgency = due.type === "dated" ? urgencyOf(due, today) : "running";
  return urgency === "running" ? "open" : urgency;
}

function stepDue(run: RoutineRun, { step, routine }: RunStep, before: RunStep | null, closed: readonly DateRange[]): StepDue {
  const { legalDeadline, ownDeadline } = step;
  if (legalDeadline !== undefined) {
    const due = dueOf(legalDeadline, run, closed);
    return due.type === "undated" || due.type === "waiting" ? { type: due.type } : due;
  }
  if (ownDeadline === undefined) return { type: "none" };
  const start = ownStart(run, routine, ownDeadline.countsFrom, before);
  if (start === null) return { type: "waiting" };
  const { length, unit } = ownDeadline;
  const dueOn =
    unit === "days"
      ? addDays(start.countedFrom, length)
      : unit === "months"
        ? addMonths(start.countedFrom, length)
        : addWorkingDays(start.countedFrom, length, closed);
  return { type: "dated", dueOn, warnOn: lastWorkingDayBefore(dueOn, closed), ...start };
}

type OwnStart = NonNullable<RoutineStep["ownDeadline"]>["countsFrom"];

function ownStart(run: RoutineRun, routine: RoutineId, countsFrom: OwnStart, before: RunStep | null): { basis: Basis | "routine" | "stepBefore"; countedFrom: IsoDate } | null {
  switch (countsFrom) {
    case "received":
    case "closed":
      return startOf(countsFrom, run);
    case "routine": {
      const leg = run.legs.find((one) => one.routine === routine);
      return leg === undefined ? null : { basis: "routine", countedFrom: dateOf(leg.startedAt) };
    }
    case "stepBefore":
      return before?.result?.state === "done" ? { basis: "stepBefore", countedFrom: before.result.on } : null;
    default:
      return unreachable(countsFrom);
  }
}

/** How far a run has come, of the steps that count: those left behind are not waited for. */
export function progressOf(run: RoutineRun): { settled: number; all: number } {
  const counting = stepsOf(run).filter(({ isLeft }) => !isLeft);
  return { settled: counting.filter(({ result }) => isSettled(result)).length, all: counting.length };
}

/** Why what was written of the contact person cannot be taken. */
export function contactProblem(text: string): "missing" | "tooLong" | "namesCase" | null {
  if (text.trim() === "") return "missing";
  if (text.length > longestTitle) return "tooLong";
  return namesCase(text) ? "namesCase" : null;
}
