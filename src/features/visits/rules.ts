import type { Rhythm } from "../../content/choices.ts";
import {
  addDays,
  dateOf,
  type DateRange,
  datesIn,
  daysBetween,
  isWithin,
  type IsoDate,
  minutesBetween,
  minutesOf,
  type Moment,
  momentAt,
  timeFromMinutes,
  timeOf,
  type TimeOfDay,
  weekdayOf,
} from "../../lib/iso-date.ts";
import { isWorkingDay } from "../../lib/norwegian-calendar.ts";
import { type SchoolYear, schoolYearRange } from "../../lib/school-year.ts";
import type { SchoolId, VisitId } from "../ids.ts";
import type { SchoolHead } from "../space/schema.ts";
import type { Dialog, Visit, VisitFields } from "./schema.ts";

/** One case's share of the window. */
export const slotMinutes = 25;

/**
 * A visit's id is its school and the day the rhythm gave, not chance: two consultants who make the year's plan offline make the same visits,
 * and their edits of one visit meet. An extra visit, outside the rhythm, has a random part besides: it is one person's.
 */
export function visitIdOf(schoolId: SchoolId, plannedOn: IsoDate, extra?: string): VisitId {
  return (extra === undefined ? `${schoolId}-${plannedOn}` : `${schoolId}-${plannedOn}-${extra}`) as VisitId;
}

const schoolIdLength = 32;

function isExtra(visit: Visit): boolean {
  return visit.id.length > schoolIdLength + "-YYYY-MM-DD".length;
}

const weeksBetween: Readonly<Record<Exclude<Rhythm, "monthly">, number>> = { weekly: 1, everySecondWeek: 2, everyThirdWeek: 3 };

/**
 * The days that a rhythm gives within a range, ascending. It counts from the first such weekday on or after `startsOn`; monthly is the same
 * weekday of the month as that one (its second Thursday; a fifth is the last). A day off is skipped, and the rhythm goes on as if it had not been.
 */
export function rhythmDates(
  head: Pick<SchoolHead, "rhythm" | "weekday" | "startsOn">,
  range: DateRange,
  holidays: readonly DateRange[],
): IsoDate[] {
  return daysOfRhythm(head, range).filter((date) => isWorkingDay(date, holidays));
}

/** A day that the rhythm gives and that is off: the name of the stated holiday, or null for a public one. */
export type SkippedDay = { readonly date: IsoDate; readonly holiday: string | null };

/** What `rhythmDates` leaves out of a range, ascending; a stated holiday gives its name also to the public ones within it. */
export function skippedDays(
  head: Pick<SchoolHead, "rhythm" | "weekday" | "startsOn">,
  range: DateRange,
  holidays: readonly (DateRange & { readonly name: string })[],
): SkippedDay[] {
  return daysOfRhythm(head, range)
    .filter((date) => !isWorkingDay(date, holidays))
    .map((date) => ({ date, holiday: holidays.find((holiday) => isWithin(date, holiday))?.name ?? null }));
}

/** The days of a rhythm, days off among them. */
function daysOfRhythm({ rhythm, weekday, startsOn }: Pick<SchoolHead, "rhythm" | "weekday" | "startsOn">, range: DateRange): IsoDate[] {
  const first = addDays(startsOn, (weekday - weekdayOf(startsOn) + 7) % 7);
  const fits = (date: IsoDate) =>
    rhythm === "monthly" ? ordinalInMonth(date, ordinalOf(first)) : daysBetween(first, date) % (7 * weeksBetween[rhythm]) === 0;
  const from = first > range.from ? first : range.from;
  return datesIn({ from, to: range.to }).filter((date) => weekdayOf(date) === weekday && fits(date));
}

/** 1 for the first such weekday of its month, to 5. */
function ordinalOf(date: IsoDate): number {
  return Math.ceil(Number(date.slice(8)) / 7);
}

function ordinalInMonth(date: IsoDate, ordinal: number): boolean {
  if (ordinal < 5) return ordinalOf(date) === ordinal;
  return addDays(date, 7).slice(0, 7) !== date.slice(0, 7);
}

/** What planning writes of one visit; undefined takes a field away. */
export type VisitChange = { readonly id: VisitId; readonly fields: { readonly [Field in keyof VisitFields]?: VisitFields[Field] | undefined } };

/**
 * What is to be written so that the plan from `today` on is what the rhythm gives. What has passed, and any visit that a person has moved,
 * cancelled, started or added, stays as it is.
 */
export function planChanges(
  head: SchoolHead,
  existing: readonly Visit[],
  plan: { schoolYear: SchoolYear; holidays: readonly DateRange[]; today: IsoDate },
): VisitChange[] {
  const wanted = rhythmDates(head, schoolYearRange(plan.schoolYear), plan.holidays).filter((date) => date >= plan.today);
  const byId = new Map(existing.map((visit) => [visit.id, visit]));
  const changes: VisitChange[] = [];
  const wantedIds = new Set<VisitId>();
  for (const date of wanted) {
    const id = visitIdOf(head.id, date);
    wantedIds.add(id);
    const visit = byId.get(id);
    if (visit === undefined) changes.push({ id, fields: { plannedOn: date, plannedFrom: head.from, plannedTo: head.to } });
    else if (isUntouched(visit) && (visit.dropped === true || visit.from !== head.from || visit.to !== head.to)) {
      changes.push({ id, fields: { plannedFrom: head.from, plannedTo: head.to, dropped: undefined } });
    }
  }
  for (const visit of existing) {
    if (visit.date >= plan.today && !wantedIds.has(visit.id) && isUntouched(visit) && !isExtra(visit) && visit.dropped !== true) {
      changes.push({ id: visit.id, fields: { dropped: true } });
    }
  }
  return changes;
}

function isUntouched(visit: Visit): boolean {
  return !isMoved(visit) && visit.cancelledAt === undefined && visit.startedAt === undefined;
}

export type VisitStatus = "planned" | "open" | "closed" | "cancelled" | "dropped";

export function visitStatus(visit: Visit): VisitStatus {
  if (visit.closedAt !== undefined) return "closed";
  if (visit.startedAt !== undefined) return "open";
  if (visit.cancelledAt !== undefined) return "cancelled";
  return visit.dropped === true ? "dropped" : "planned";
}

export function isMoved(visit: Visit): boolean {
  return visit.moveReason !== undefined;
}

/** The visits a person should see, by date and time: all but the dropped ones. */
export function visitsInOrder(visits: readonly Visit[]): Visit[] {
  return visits.filter((visit) => visitStatus(visit) !== "dropped").sort(byTime);
}

export function byTime(a: Visit, b: Visit): number {
  return momentAt(a.date, a.from) + a.id < momentAt(b.date, b.from) + b.id ? -1 : 1;
}

/** Today's visit to one school: the one that is open, else the next that is planned, else the last that was closed. Null on other days. */
export function visitOfDay(visits: readonly Visit[], today: IsoDate): Visit | null {
  const ofToday = visitsInOrder(visits).filter((visit) => visit.date === today);
  const having = (status: VisitStatus) => ofToday.filter((visit) => visitStatus(visit) === status);
  return having("open")[0] ?? having("planned")[0] ?? having("closed").at(-1) ?? null;
}

/** Visits of earlier days that were started and never closed. */
export function visitsLeftOpen(visits: readonly Visit[], today: IsoDate): Visit[] {
  return visitsInOrder(visits).filter((visit) => visit.date < today && visitStatus(visit) === "open");
}

/** The first planned visit after a date; null when the plan has none. */
export function nextVisit(visits: readonly Visit[], after: IsoDate): Visit | null {
  return visitsInOrder(visits).find((visit) => visit.date > after && visitStatus(visit) === "planned") ?? null;
}

/** The visit that cases can be signed up to: today's while it is not closed, else the next one. */
export function visitToSignUpTo(visits: readonly Visit[], today: IsoDate): Visit | null {
  const current = visitOfDay(visits, today);
  return current !== null && visitStatus(current) !== "closed" ? current : nextVisit(visits, today);
}

/** The last closed visit before a date. */
export function lastVisit(visits: readonly Visit[], before: IsoDate): Visit | null {
  return visitsInOrder(visits).findLast((visit) => visit.date < before && visitStatus(visit) === "closed") ?? null;
}

/** When each case of the window begins, ascending; a rest shorter than a whole slot is nobody's. */
export function slotsOf({ from, to }: Pick<Visit, "from" | "to">): TimeOfDay[] {
  const count = Math.max(0, Math.floor((minutesOf(to) - minutesOf(from)) / slotMinutes));
  return Array.from({ length: count }, (_, index) => timeFromMinutes(minutesOf(from) + index * slotMinutes));
}

export function slotEnd(slot: TimeOfDay): TimeOfDay {
  return timeFromMinutes(minutesOf(slot) + slotMinutes);
}

/** When the dialog ended, as far as is known. */
export function dialogEnd(dialog: Dialog, visit: Visit, now: Moment): Moment {
  return dialog.endedAt ?? visit.closedAt ?? now;
}

/** The dialog of a visit that is still going on. */
export function openDialog(visit: Visit, dialogs: readonly Dialog[]): Dialog | null {
  if (visitStatus(visit) !== "open") return null;
  return dialogs.find((dialog) => dialog.visitId === visit.id && dialog.endedAt === undefined) ?? null;
}

/** Minutes of faglig dialog in a visit so far; where two overlap, the time counts once. */
export function dialogMinutes(visit: Visit, dialogs: readonly Dialog[], now: Moment): number {
  const intervals = dialogs
    .filter((dialog) => dialog.visitId === visit.id)
    .map((dialog) => ({ from: dialog.startedAt, to: dialogEnd(dialog, visit, now) }))
    .sort((a, b) => (a.from < b.from ? -1 : 1));
  let minutes = 0;
  let countedTo = "";
  for (const { from, to } of intervals) {
    const start = from > countedTo ? from : countedTo;
    if (to > start) {
      minutes += minutesBetween(start, to);
      countedTo = to;
    }
  }
  return minutes;
}

/** Minutes of the window that are left; 0 once it is over. */
export function minutesLeft(visit: Visit, now: Moment): number {
  return dateOf(now) === visit.date ? Math.max(0, minutesOf(visit.to) - minutesOf(timeOf(now))) : 0;
}

/** Why a visit cannot be moved there. */
export type MoveProblem = { type: "notAWorkingDay" } | { type: "outsideSchoolYear"; range: DateRange } | { type: "windowTooShort" } | { type: "sameDayTaken" };

/** What speaks against a day and time for a visit, null for a new one; a person may still choose a day off, so that one only warns. */
export function moveProblems(
  target: { date: IsoDate; from: TimeOfDay; to: TimeOfDay },
  visit: Pick<Visit, "id"> | null,
  context: { visits: readonly Visit[]; schoolYear: SchoolYear; holidays: readonly DateRange[] },
): MoveProblem[] {
  const problems: MoveProblem[] = [];
  const range = schoolYearRange(context.schoolYear);
  if (!isWithin(target.date, range)) problems.push({ type: "outsideSchoolYear", range });
  if (!isWorkingDay(target.date, context.holidays)) problems.push({ type: "notAWorkingDay" });
  if (target.to <= target.from) problems.push({ type: "windowTooShort" });
  const others = visitsInOrder(context.visits).filter(({ id }) => id !== visit?.id);
  if (others.some((other) => other.date === target.date && visitStatus(other) !== "cancelled")) problems.push({ type: "sameDayTaken" });
  return problems;
}
