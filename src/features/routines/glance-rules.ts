import type { DeadlineId } from "../../content/deadlines.ts";
import type { SchoolClock, StepActor } from "../../content/routines.ts";
import { dateOf, type DateRange, type IsoDate, momentAt } from "../../lib/iso-date.ts";
import { addWorkingDays } from "../../lib/norwegian-calendar.ts";
import type { Asked } from "../follow-up/rules.ts";
import type { Side } from "../follow-up/schema.ts";
import { type Clock, clocksOf, leadsToNoInvestigation, startOf, urgencyOf, type Urgency, waits } from "./deadline-rules.ts";
import { isSettled, progressOf, type StepAtAGlance, stepsAtAGlance, stepsOf } from "./rules.ts";
import type { RoutineRun } from "./schema.ts";

/** The clocks that mean something to the run: a case that began at the handover had its report long before, and nobody asks whether it was sent. */
export function clocksOfRun(run: RoutineRun, today: IsoDate, closed: readonly DateRange[] = []): Clock[] {
  const hasReport = run.legs.some(({ routine }) => routine !== "handover") || startOf("received", run) !== null;
  return clocksOf(run, today, closed).filter(({ id }) => hasReport || id === "reporterFeedbackAfterInvestigation");
}

/** The date that comes first, and what it is the date of. */
export type NearestDate = { readonly dueOn: IsoDate; readonly urgency: Urgency } & (
  | { readonly type: "clock"; readonly clock: SchoolClock }
  | { readonly type: "step"; readonly step: StepAtAGlance }
);

export type RunAtAGlance = {
  /** The first step that waits; null when none does. */
  readonly next: StepAtAGlance | null;
  readonly nearest: NearestDate | null;
  readonly progress: { readonly settled: number; readonly all: number };
  /** No step and no clock waits any more. It opens again by itself when one does. */
  readonly isOver: boolean;
};

/** How it stands with a run, for one row of a list. */
export function runAtAGlance(run: RoutineRun, today: IsoDate, closed: readonly DateRange[] = []): RunAtAGlance {
  const open = stepsAtAGlance(run, today, closed).filter(isOpen);
  const clocks = clocksOfRun(run, today, closed).filter(waits);
  const dates: NearestDate[] = [
    ...clocks.flatMap(({ id, due }): NearestDate[] => (due.type === "dated" ? [{ type: "clock", clock: id, dueOn: due.dueOn, urgency: urgencyOf(due, today) }] : [])),
    ...open.flatMap((step): NearestDate[] => (step.due.type === "dated" ? [{ type: "step", step, dueOn: step.due.dueOn, urgency: urgencyOf(step.due, today) }] : [])),
  ];
  return {
    next: open[0] ?? null,
    nearest: dates.reduce<NearestDate | null>((first, date) => (first === null || date.dueOn < first.dueOn ? date : first), null),
    progress: progressOf(run),
    isOver: open.length === 0 && clocks.length === 0,
  };
}

function isOpen({ result, isLeft }: StepAtAGlance): boolean {
  return !isLeft && !isSettled(result);
}

/** The deadlines of the law that nobody waits for any more: answered, told of as a step, or fallen away. */
export function settledDeadlines(run: RoutineRun, today: IsoDate): ReadonlySet<DeadlineId> {
  const settled = new Set<DeadlineId>();
  for (const clock of clocksOf(run, today)) if (clock.id !== "reportSent" && !waits(clock)) settled.add(clock.id);
  for (const { step, result } of stepsOf(run)) if (step.legalDeadline !== undefined && isSettled(result)) settled.add(step.legalDeadline);
  if (run.screeningOutcome !== undefined || run.closedOn !== undefined) settled.add("reportScreening");
  if (run.closedOn !== undefined || leadsToNoInvestigation(run)) settled.add("investigation");
  return settled;
}

/** A question of a run, as «Oppfølging» lists it. */
export type AskedOfRun = Asked & ({ readonly type: "clock"; readonly clock: Clock } | { readonly type: "step"; readonly step: StepAtAGlance });

const bothSides: readonly Side[] = ["consultant", "school"];
const actorsAtSchool: readonly StepActor[] = ["school", "socialTeacher", "contactTeacher", "principal", "schoolNurse", "ppt"];

/** Who is to see to a step; where the routine does not say, both are asked. */
export function sidesOf(who: readonly StepActor[]): readonly Side[] {
  const sides = bothSides.filter((side) => who.some((actor) => actorsAtSchool.includes(actor) === (side === "school")));
  return sides.length === 0 ? bothSides : sides;
}

/**
 * What a run asks: each clock that runs or was answered, and each step with a date. A step without one stands on the run's own page, and the one of sending
 * the report is its clock.
 * @param workingDays a duty without a date is asked about as other follow-ups are, so many working days after the case began
 */
export function askedOfRun(run: RoutineRun, today: IsoDate, { closed, workingDays }: { closed: readonly DateRange[]; workingDays: number }): AskedOfRun[] {
  const clocks = clocksOfRun(run, today, closed).filter((clock) => waits(clock) || run.answers[clock.id] !== undefined);
  const steps = stepsAtAGlance(run, today, closed).filter(({ isLeft, due, step }) => !isLeft && due.type === "dated" && !isOfClock(step.legalDeadline));
  return [
    ...clocks.map((clock): AskedOfRun => {
      const soon = addWorkingDays(dateOf(run.startedAt), workingDays);
      return { type: "clock", clock, id: `${run.id}/${clock.id}`, waitsOn: bothSides, ...askedOfClock(clock, soon) };
    }),
    ...steps.map((step): AskedOfRun => ({ type: "step", step, id: `${run.id}/${step.key}`, waitsOn: sidesOf(step.step.who), ...askedOfStep(step, today) })),
  ];
}

function isOfClock(deadline: StepAtAGlance["step"]["legalDeadline"]): boolean {
  return deadline === "dutyToReport" || deadline === "reporterFeedback" || deadline === "reporterFeedbackAfterInvestigation";
}

type Times = Pick<Asked, "dueOn" | "warnOn" | "answer" | "answeredAt" | "askAgainOn">;

function askedOfClock({ due, answer, state }: Clock, soon: IsoDate): Times {
  const dates = due.type === "dated" ? { dueOn: due.dueOn, warnOn: due.warnOn } : { dueOn: soon };
  if (answer === null) return dates;
  // «Ikke ennå» does not hide that the date has gone by.
  const askAgainOn = state === "overdue" ? undefined : answer.askAgainOn;
  return { ...dates, answer: answer.answer, answeredAt: answer.answeredAt, askAgainOn };
}

function askedOfStep({ due, result }: StepAtAGlance, today: IsoDate): Times {
  // Only dated steps are asked about.
  const dates = due.type === "dated" ? { dueOn: due.dueOn, warnOn: due.warnOn } : { dueOn: today };
  if (result === null) return dates;
  const answeredAt = momentAt(result.on, "00:00");
  if (result.state !== "notYet") return { ...dates, answer: result.state === "done" ? "yes" : "noLongerRelevant", answeredAt };
  const isOver = due.type === "dated" && urgencyOf(due, today) === "overdue";
  return { ...dates, answer: "notYet", answeredAt, askAgainOn: isOver ? undefined : result.askAgainOn };
}
