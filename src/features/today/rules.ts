import { dateOf, type IsoDate, minutesBetween, minutesOf, type Moment, timeFromMinutes, timeOf, type TimeOfDay } from "../../lib/iso-date.ts";
import type { ShownCode } from "../cases/rules.ts";
import { earlierConsultations } from "../consultations/rules.ts";
import type { ConsultationHead } from "../consultations/schema.ts";
import { waitsForAnswer } from "../follow-up/rules.ts";
import type { FollowUp } from "../follow-up/schema.ts";
import type { CaseId, SchoolId } from "../ids.ts";
import {
  currentInQueue,
  freeSlots,
  isWaiting,
  type QueueEntry,
  queueOf,
} from "../pre-registration/rules.ts";
import type { PreRegistration } from "../pre-registration/schema.ts";
import { dialogEnd, dialogMinutes, lastVisit, nextVisit, slotEnd, visitOfDay, visitStatus } from "../visits/rules.ts";
import type { Dialog, Visit } from "../visits/schema.ts";

/** Everything a device has of one school that «I dag» and the visit look at. */
export type SchoolDay = {
  readonly schoolId: SchoolId;
  readonly name: string;
  readonly visits: readonly Visit[];
  readonly dialogs: readonly Dialog[];
  readonly preRegistrations: readonly PreRegistration[];
  /** The school's own and those «bare oss», where the reader has them. */
  readonly consultations: readonly ConsultationHead[];
  readonly followUps: readonly FollowUp[];
};

/** Which greeting fits the hour: before 10, before 17, after. */
export function greetingAt(now: Moment): "morning" | "day" | "evening" {
  const time = timeOf(now);
  if (time < "10:00") return "morning";
  return time < "17:00" ? "day" : "evening";
}

/** What the card of today's visit says. */
export type VisitFacts = {
  readonly schoolId: SchoolId;
  readonly name: string;
  readonly visit: Visit;
  /** How many wait in the queue. */
  readonly waiting: number;
  /** The first slot nobody has, from now on; null when the window is full or over. */
  readonly freeFrom: TimeOfDay | null;
  /** The visit before: its drøftinger, and how many of their follow-ups still wait. Null when there was none. */
  readonly last: { readonly visit: Visit; readonly consultations: number; readonly waiting: number } | null;
};

/** Today's visits, by time; one of a person's schools, or several on a full day. */
export function visitsToday(schools: readonly SchoolDay[], now: Moment): VisitFacts[] {
  const today = dateOf(now);
  const facts: VisitFacts[] = [];
  for (const school of schools) {
    const visit = visitOfDay(school.visits, today);
    if (visit !== null) facts.push(visitFacts(school, visit, now));
  }
  return facts.sort((a, b) => (a.visit.from + a.name < b.visit.from + b.name ? -1 : 1));
}

function visitFacts(school: SchoolDay, visit: Visit, now: Moment): VisitFacts {
  const queue = queueOf(visit, { ...school, today: dateOf(now) });
  const notBefore = visitStatus(visit) === "open" && dateOf(now) === visit.date ? timeOf(now) : "00:00";
  return {
    schoolId: school.schoolId,
    name: school.name,
    visit,
    waiting: queue.filter(({ preRegistration }) => isWaiting(preRegistration)).length,
    freeFrom: freeSlots(visit, queue, notBefore)[0] ?? null,
    last: factsOfLast(school, visit),
  };
}

function factsOfLast(school: SchoolDay, visit: Visit): VisitFacts["last"] {
  const last = lastVisit(school.visits, visit.date);
  if (last === null) return null;
  const held = school.consultations.filter(({ visitId }) => visitId === last.id);
  const ids = new Set(held.map(({ id }) => id));
  const waiting = school.followUps.filter((followUp) => ids.has(followUp.consultationId) && waitsForAnswer(followUp)).length;
  return { visit: last, consultations: held.length, waiting };
}

/** The next planned visit after today over all schools; null when no plan has one. */
export function nextOfAll(schools: readonly SchoolDay[], today: IsoDate): { readonly schoolId: SchoolId; readonly name: string; readonly visit: Visit } | null {
  const coming = schools.flatMap(({ schoolId, name, visits }) => {
    const visit = nextVisit(visits, today);
    return visit === null ? [] : [{ schoolId, name, visit }];
  });
  return coming.sort((a, b) => (a.visit.date + a.visit.from + a.name < b.visit.date + b.visit.from + b.name ? -1 : 1))[0] ?? null;
}

/** What a visit still has open from before: unanswered follow-ups of the school's earlier drøftinger, by date asked. */
export function openFromBefore(school: SchoolDay, visit: Visit): FollowUp[] {
  const during = new Set(school.consultations.filter(({ visitId }) => visitId === visit.id).map(({ id }) => id));
  return school.followUps
    .filter((followUp) => waitsForAnswer(followUp) && !during.has(followUp.consultationId) && followUp.createdOn <= visit.date)
    .sort((a, b) => (a.dueOn + a.id < b.dueOn + b.id ? -1 : 1));
}

/** Which time a case is discussed: 1 for a new one. */
export function timeDiscussed(consultations: readonly ConsultationHead[], caseId: CaseId, now: Moment): number {
  return earlierConsultations(consultations, caseId, now).length + 1;
}

/** A stretch of Besøkslinja. Times of day; `label` of a dialog is the page's. */
export type VisitSegment = { readonly kind: "done" | "current" | "planned" | "dialog"; readonly from: TimeOfDay; readonly to: TimeOfDay; readonly number: number | null };

/** Besøkslinja: what was done when, who is on now, who waits, and the dialog between, by time. */
export function visitSegments(
  visit: Visit,
  queue: readonly QueueEntry[],
  school: Pick<SchoolDay, "consultations" | "dialogs">,
  codes: ReadonlyMap<CaseId, ShownCode>,
  now: Moment,
): VisitSegment[] {
  const numberOf = (caseId: CaseId) => codes.get(caseId)?.number ?? null;
  const current = visitStatus(visit) === "open" ? currentInQueue(queue) : null;
  const done: VisitSegment[] = consultationsOf(visit, school.consultations).map(({ caseId, startedAt, endedAt }) => ({
    kind: "done",
    from: timeOf(startedAt),
    to: timeOf(endedAt),
    number: numberOf(caseId),
  }));
  const dialogs: VisitSegment[] = school.dialogs
    .filter(({ visitId }) => visitId === visit.id)
    .map((dialog) => ({ kind: "dialog", from: timeOf(dialog.startedAt), to: timeOf(dialogEnd(dialog, visit, now)), number: null }));
  const ahead: VisitSegment[] = [];
  if (visitStatus(visit) !== "closed") {
    for (const entry of queue) {
      if (entry.slot === null || !isWaiting(entry.preRegistration)) continue;
      const kind = entry === current ? "current" : "planned";
      ahead.push({ kind, from: entry.slot, to: slotEnd(entry.slot), number: numberOf(entry.preRegistration.caseId) });
    }
  }
  return [...done, ...dialogs, ...ahead].sort((a, b) => (a.from < b.from ? -1 : 1));
}

/**
 * What Besøkslinja reaches over: the planned window, and from when the visit began to `now` or to what was done last, in half hours where that is outside
 * of it. So it has its scale from «Start besøk» on, and only a visit that is not over in time makes it longer. @param now while the visit is on
 */
export function visitLine(visit: Visit, segments: readonly Pick<VisitSegment, "from" | "to">[], now: TimeOfDay | undefined): { readonly from: TimeOfDay; readonly to: TimeOfDay } {
  const happened = segments.flatMap(({ from, to }) => [from, to]);
  const began = visit.startedAt === undefined ? [] : [timeOf(visit.startedAt)];
  const times = [...happened, ...began, ...(now === undefined ? [] : [now])].map(minutesOf);
  const from = Math.min(minutesOf(visit.from), ...times.map((minutes) => Math.floor(minutes / 30) * 30));
  const to = Math.max(minutesOf(visit.to), ...times.map((minutes) => Math.ceil(minutes / 30) * 30));
  return { from: timeFromMinutes(from), to: timeFromMinutes(to) };
}

/** The drøftinger of a visit in the order they were held. */
function consultationsOf(visit: Visit, consultations: readonly ConsultationHead[]): ConsultationHead[] {
  return consultations.filter(({ visitId }) => visitId === visit.id).sort((a, b) => (a.startedAt + a.id < b.startedAt + b.id ? -1 : 1));
}

export type VisitSummary = {
  readonly consultations: readonly { readonly head: ConsultationHead; readonly followUps: readonly FollowUp[] }[];
  /** Put off to a later visit: by a person with a reason, or still waiting when the visit closed. */
  readonly postponed: readonly PreRegistration[];
  readonly dialogMinutes: number;
  /** From the start to the close, or to now. */
  readonly totalMinutes: number;
  readonly startedAt: Moment | null;
  readonly endedAt: Moment;
  /** Unanswered follow-ups of this visit's drøftinger. */
  readonly openFollowUps: readonly FollowUp[];
  readonly nextVisit: Visit | null;
};

/** «Slik ble besøket»: before it is closed, what closing it would say. */
export function visitSummary(visit: Visit, school: SchoolDay, now: Moment): VisitSummary {
  const held = consultationsOf(visit, school.consultations);
  const followUpsOf = (head: ConsultationHead) =>
    school.followUps.filter(({ consultationId }) => consultationId === head.id).sort((a, b) => (a.dueOn + a.id < b.dueOn + b.id ? -1 : 1));
  const rows = held.map((head) => ({ head, followUps: followUpsOf(head) }));
  const endedAt = visit.closedAt ?? now;
  return {
    consultations: rows,
    postponed: postponedFrom(visit, school),
    dialogMinutes: dialogMinutes(visit, school.dialogs, now),
    totalMinutes: visit.startedAt === undefined ? 0 : minutesBetween(visit.startedAt, endedAt),
    startedAt: visit.startedAt ?? null,
    endedAt,
    openFollowUps: rows.flatMap(({ followUps }) => followUps.filter(waitsForAnswer)),
    nextVisit: nextVisit(school.visits, visit.date),
  };
}

function postponedFrom(visit: Visit, { preRegistrations }: SchoolDay): PreRegistration[] {
  const leftOver = (one: PreRegistration) => isWaiting(one) && one.visitId === visit.id;
  const putOff = (one: PreRegistration) => one.postponedFrom === visit.id && one.visitId !== visit.id && one.withdrawnAt === undefined;
  return preRegistrations.filter((one) => leftOver(one) || putOff(one)).sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
}

/** A queue with the walk-ins of the visit: what the visit's page lists. What is done stands last. */
export type VisitRow =
  | { readonly type: "waiting"; readonly entry: QueueEntry; readonly current: boolean; readonly caseId: CaseId }
  | { readonly type: "done"; readonly head: ConsultationHead; readonly caseId: CaseId }
  | { readonly type: "doneUnseen"; readonly entry: QueueEntry; readonly caseId: CaseId };

/** `doneUnseen` is a sign-up that was discussed «bare oss», as the sosiallærer sees it. */
export function visitRows(visit: Visit, queue: readonly QueueEntry[], consultations: readonly ConsultationHead[]): VisitRow[] {
  const held = consultationsOf(visit, consultations);
  const current = currentInQueue(queue);
  const rows: VisitRow[] = [];
  for (const entry of queue) {
    if (isWaiting(entry.preRegistration)) rows.push({ type: "waiting", entry, current: entry === current, caseId: entry.preRegistration.caseId });
  }
  for (const head of held) rows.push({ type: "done", head, caseId: head.caseId });
  for (const entry of queue) {
    const { preRegistration } = entry;
    const seen = held.some((head) => head.preRegistrationId === preRegistration.id || head.id === preRegistration.consultationId);
    if (preRegistration.discussedAt !== undefined && !seen) rows.push({ type: "doneUnseen", entry, caseId: preRegistration.caseId });
  }
  return rows;
}
