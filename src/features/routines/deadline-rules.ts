import type { CountedFrom, DatedDeadline, Deadline, DeadlineId, Span, UndatedReason } from "../../content/deadlines.ts";
import { deadlineIds, deadlines } from "../../content/deadlines.ts";
import { type SchoolClock, schoolClocks, type ScreeningOutcome } from "../../content/routines.ts";
import { addDays, addMonths, type DateRange, type IsoDate } from "../../lib/iso-date.ts";
import { lastWorkingDayBefore } from "../../lib/norwegian-calendar.ts";
import type { ClockAnswer } from "./schema.ts";

/** What the school knows of its report. All of it is entered by people; what is missing is not known. */
export type ReportFacts = {
  readonly sentOn?: IsoDate | undefined;
  /** When barnevernstjenesten received it: here the clocks start. */
  readonly receivedOn?: IsoDate | undefined;
  readonly screeningOutcome?: ScreeningOutcome | undefined;
  /** When the investigation was finished. */
  readonly closedOn?: IsoDate | undefined;
  /** The child welfare service has said that the investigation is a special case, which may take longer. */
  readonly isSpecialCase?: boolean | undefined;
};

/** The day a date is counted from; `sent` stands in for a receipt that nobody has entered. */
export type Basis = CountedFrom | "sent";

export type DueDate = {
  readonly type: "dated";
  readonly dueOn: IsoDate;
  readonly basis: Basis;
  readonly countedFrom: IsoDate;
  /** The last working day before: here somebody is at work to do something about it. */
  readonly warnOn: IsoDate;
};
/** `waiting`: the day it counts from is not known. `undated`: the law gives none, and neither do we. */
export type Due = DueDate | { readonly type: "waiting"; readonly countsFrom: CountedFrom } | { readonly type: "undated"; readonly reason: UndatedReason };

/**
 * When a deadline is due. A date on a day off is not moved to the next working day: a reminder that is early does no harm, and the statutory clock is the
 * child welfare service's own.
 * @param closed days on which nobody of those warned is at work, besides weekends and public holidays
 */
export function dueOf(id: DeadlineId, facts: ReportFacts, closed: readonly DateRange[] = []): Due {
  const deadline: Deadline = deadlines[id];
  if ("undated" in deadline) return { type: "undated", reason: deadline.undated };
  const start = startOf(deadline.countsFrom, facts);
  if (start === null) return { type: "waiting", countsFrom: deadline.countsFrom };
  const dueOn = addSpans(start.countedFrom, spansOf(deadline, facts));
  return { type: "dated", dueOn, ...start, warnOn: lastWorkingDayBefore(dueOn, closed) };
}

/** From the first span to the last, each from where the one before ended. */
function addSpans(date: IsoDate, spans: readonly Span[]): IsoDate {
  return spans.reduce((reached, span) => ("days" in span ? addDays(reached, span.days) : addMonths(reached, span.months)), date);
}

function spansOf({ spans, specialSpans }: DatedDeadline, { isSpecialCase }: ReportFacts): readonly Span[] {
  return isSpecialCase === true && specialSpans !== undefined ? specialSpans : spans;
}

/** Where what counts from a day starts; null while no such day is known. */
export function startOf(countsFrom: CountedFrom, { sentOn, receivedOn, closedOn }: ReportFacts): { basis: Basis; countedFrom: IsoDate } | null {
  const known = (basis: Basis, countedFrom: IsoDate | undefined) => (countedFrom === undefined ? null : { basis, countedFrom });
  return countsFrom === "closed" ? known("closed", closedOn) : (known("received", receivedOn) ?? known("sent", sentOn));
}

/** Whether an investigation is ruled out: the report was dismissed, or became information in an active case. */
export function leadsToNoInvestigation({ screeningOutcome }: ReportFacts): boolean {
  return screeningOutcome === "dismissed" || screeningOutcome === "inActiveCase";
}

export type LegalDue = Due & { readonly id: DeadlineId; readonly law: Deadline["law"]; readonly binds: Deadline["binds"] };

/** Every deadline of a report, in the order of the law; what can no longer come, because there is no investigation, is left out. */
export function legalDues(facts: ReportFacts, closed: readonly DateRange[] = []): LegalDue[] {
  const outOfIt: readonly DeadlineId[] = leadsToNoInvestigation(facts) ? ["investigation", "reporterFeedbackAfterInvestigation"] : [];
  return deadlineIds
    .filter((id) => !outOfIt.includes(id))
    .map((id) => ({ id, law: deadlines[id].law, binds: deadlines[id].binds, ...dueOf(id, facts, closed) }));
}

/** `due` is from the day of the warning to the date itself. */
export type Urgency = "running" | "due" | "overdue";

export function urgencyOf({ dueOn, warnOn }: Pick<DueDate, "dueOn" | "warnOn">, today: IsoDate): Urgency {
  if (today > dueOn) return "overdue";
  return today >= warnOn ? "due" : "running";
}

export type ClockState = "notStarted" | Urgency | "answered" | "notYet" | "noLongerRelevant";

/** Why a clock stands still. */
export type StandsStill = "notSent" | "notClosed" | "noInvestigation";

/** One of the school's three questions. */
export type Clock = {
  readonly id: SchoolClock;
  readonly state: ClockState;
  /** Also once answered: what was due when stays true. */
  readonly due: Due;
  readonly standsStill: StandsStill | null;
  /** The answer that holds, with its reason: «ikke ennå» keeps its reason also when the date has gone by. */
  readonly answer: ClockAnswer | null;
};

export type ClockFacts = ReportFacts & { readonly answers: { readonly [Id in SchoolClock]?: ClockAnswer | undefined } };

const deadlineOfClock = {
  reportSent: "dutyToReport",
  reporterFeedback: "reporterFeedback",
  reporterFeedbackAfterInvestigation: "reporterFeedbackAfterInvestigation",
} as const satisfies Record<SchoolClock, DeadlineId>;

/** The three clocks of the school: is the report sent, has feedback come, has it come again after the investigation? */
export function clocksOf(facts: ClockFacts, today: IsoDate, closed: readonly DateRange[] = []): Clock[] {
  return schoolClocks.map((id) => {
    const due = dueOf(deadlineOfClock[id], facts, closed);
    const answer = answerOf(id, facts);
    const standsStill = standsStillOf(id, facts);
    return { id, due, answer, standsStill, state: stateOf(due, answer, standsStill, today) };
  });
}

/** A report that has a day of sending or of receipt is sent, whatever was answered before that day was entered. */
function answerOf(id: SchoolClock, { answers, sentOn, receivedOn }: ClockFacts): ClockAnswer | null {
  const answer = answers[id] ?? null;
  const on = sentOn ?? receivedOn;
  if (id !== "reportSent" || on === undefined || answer?.answer === "yes") return answer;
  return { answer: "yes", answeredAt: answer?.answeredAt ?? `${on}T00:00:00`, on };
}

function standsStillOf(id: SchoolClock, facts: ClockFacts): StandsStill | null {
  if (id === "reportSent") return null;
  if (id === "reporterFeedback") return startOf("received", facts) === null ? "notSent" : null;
  if (leadsToNoInvestigation(facts)) return "noInvestigation";
  return facts.closedOn === undefined ? "notClosed" : null;
}

function stateOf(due: Due, answer: ClockAnswer | null, standsStill: StandsStill | null, today: IsoDate): ClockState {
  if (answer?.answer === "yes") return "answered";
  if (answer?.answer === "noLongerRelevant" || standsStill === "noInvestigation") return "noLongerRelevant";
  const urgency = due.type === "dated" ? urgencyOf(due, today) : "running";
  // «Ikke ennå» rests until it comes back, but it does not hide that the date has gone by.
  if (answer?.answer === "notYet" && urgency !== "overdue" && (answer.askAgainOn === undefined || today < answer.askAgainOn)) return "notYet";
  return standsStill === null ? urgency : "notStarted";
}

/** Whether a clock wants an answer: it goes on the lists of what waits. */
export function waits({ state }: Clock): boolean {
  return state === "running" || state === "due" || state === "overdue" || state === "notYet";
}
