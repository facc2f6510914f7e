import type { FollowUpKind } from "../../content/choices.ts";
import { type DeadlineId, deadlineIds } from "../../content/deadlines.ts";
import type { MeetingType } from "../../content/meetings.ts";
import type { ShippedStepId } from "../../content/routines.ts";
import { dateOf, type DateRange, type IsoDate, minutesBetween, type Moment, momentAt, type TimeOfDay } from "../../lib/iso-date.ts";
import { askOn, waitsForAnswer } from "../follow-up/rules.ts";
import type { FollowUp, Side } from "../follow-up/schema.ts";
import { askedOfActionItem } from "../meetings/action-item-rules.ts";
import { actionItemsOf, isOwnProcedure, meetingState } from "../meetings/rules.ts";
import type { ActionItem, Meeting } from "../meetings/schema.ts";
import { plannedEnd } from "../meetings/timer-rules.ts";
import { dueOf } from "../routines/deadline-rules.ts";
import { settledDeadlines, sidesOf } from "../routines/glance-rules.ts";
import { isSettled, type StepAtAGlance, stepsAtAGlance, withoutSuspicion } from "../routines/rules.ts";
import type { RoutineRun } from "../routines/schema.ts";
import { isShippedStep } from "../routines/template-rules.ts";
import type { SchoolHead } from "../space/schema.ts";
import type { Visit } from "../visits/schema.ts";
import { visitStatus } from "../visits/rules.ts";

/** All times of the app are wall clock times in Norway. */
export const calendarTimeZone = "Europe/Oslo";

/** When a reminder rings on its day. */
const reminderTime: TimeOfDay = "09:00";

/**
 * What a title is made of, in the words of `calendar.title`. A calendar is seen by others: it names a school, and never a case, a reference or a person. Nor
 * has it anything that somebody has written, who may have named one.
 */
export type CalendarSubject =
  | { readonly type: "visit"; readonly school: string }
  | { readonly type: "deadline"; readonly deadline: DeadlineId; readonly school: string }
  /** Null for a step whose words are somebody's own. */
  | { readonly type: "step"; readonly step: ShippedStepId | null; readonly school: string }
  | { readonly type: "meeting"; readonly meeting: MeetingType; readonly school: string }
  /** What was agreed in a meeting. */
  | { readonly type: "actionItem"; readonly meeting: MeetingType; readonly school: string }
  | { readonly type: "followUp"; readonly kind: FollowUpKind; readonly school: string };

/** One entry of a person's calendar, before any file format. */
export type CalendarEvent = {
  /** The same for the same thing every time, so that a file imported again changes what is there. It says nothing about what it names. */
  readonly uid: string;
  readonly subject: CalendarSubject;
  readonly place: string | null;
  /** Whole days are without a time zone; the others are wall clock times in `calendarTimeZone`. */
  readonly when: { readonly allDay: IsoDate } | { readonly from: Moment; readonly to: Moment };
  /** Called off, or no longer to come: an import takes it away where it was. */
  readonly isCancelled: boolean;
  readonly remindAt: Moment | null;
};

/** A school that the person has, with what she may read of it: the principal has visits only, and gets no more. */
export type CalendarSource = {
  readonly school: Pick<SchoolHead, "name">;
  readonly visits: readonly Visit[];
  readonly runs: readonly RoutineRun[];
  readonly meetings: readonly Meeting[];
  readonly actionItems: readonly ActionItem[];
  readonly followUps: readonly FollowUp[];
  /** The school holidays: nobody is reminded in them. */
  readonly closed: readonly DateRange[];
};

/**
 * A person's calendar from a day on, by time. What lies before it is left as it is where the file was imported earlier.
 * @param side whose questions are hers: what waits on the other side alone is not in it
 */
export function calendarEvents(sources: readonly CalendarSource[], from: IsoDate, side: Side | null): CalendarEvent[] {
  const events = sources.flatMap((source) => [
    ...visitEvents(source),
    ...source.meetings.map((meeting) => meetingEvent(source, meeting)),
    ...source.runs.flatMap((run) => [...deadlineEvents(source, run, from), ...stepEvents(source, run, from, side)]),
    ...source.meetings.flatMap((meeting) => actionItemEvents(source, meeting, side)),
    ...source.followUps.flatMap((followUp) => followUpEvents(source, followUp, side)),
  ]);
  return events.filter((event) => dayOf(event) >= from).sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}

function dayOf({ when }: CalendarEvent): IsoDate {
  return "allDay" in when ? when.allDay : dateOf(when.from);
}

function orderOf(event: CalendarEvent): string {
  return ("allDay" in event.when ? event.when.allDay : event.when.from) + event.uid;
}

/** How long before its start an entry reminds, in minutes: a reminder that is counted from the start needs no time zone. A whole day starts at midnight. */
export function reminderLeadMinutes({ when, remindAt }: CalendarEvent): number | null {
  return remindAt === null ? null : minutesBetween(remindAt, "allDay" in when ? momentAt(when.allDay, "00:00") : when.from);
}

function uidOf(id: string): string {
  return `${id}@aapen-dor`;
}

function visitEvents({ school, visits }: CalendarSource): CalendarEvent[] {
  return visits.map((visit) => {
    const status = visitStatus(visit);
    return {
      uid: uidOf(visit.id),
      subject: { type: "visit", school: school.name },
      place: school.name,
      when: { from: momentAt(visit.date, visit.from), to: momentAt(visit.date, visit.to) },
      isCancelled: status === "cancelled" || status === "dropped",
      remindAt: null,
    };
  });
}

/** The dated deadlines of one run. One that has been answered or has fallen away is called off, so that nobody is reminded of it. */
function deadlineEvents({ school, closed }: CalendarSource, run: RoutineRun, today: IsoDate): CalendarEvent[] {
  const settled = settledDeadlines(run, today);
  return deadlineIds.flatMap((deadline): CalendarEvent[] => {
    const due = dueOf(deadline, run, closed);
    if (due.type !== "dated") return [];
    const isCancelled = settled.has(deadline);
    return [
      {
        uid: uidOf(`${run.id}-${deadline}`),
        subject: { type: "deadline", deadline, school: school.name },
        place: null,
        when: { allDay: due.dueOn },
        isCancelled,
        remindAt: isCancelled ? null : momentAt(due.warnOn, reminderTime),
      },
    ];
  });
}

/** A meeting, called off where it is not held or was deleted: a calendar that has it must lose it too. Its place is somebody's own words, and named only where it is the school. */
function meetingEvent({ school }: CalendarSource, meeting: Meeting): CalendarEvent {
  return {
    uid: uidOf(meeting.id),
    subject: { type: "meeting", meeting: meeting.type, school: school.name },
    place: meeting.place === school.name ? school.name : null,
    when: { from: momentAt(meeting.date, meeting.from), to: momentAt(meeting.date, plannedEnd(meeting)) },
    isCancelled: meetingState(meeting) === "notHeld" || meeting.deletedAt !== undefined,
    remindAt: null,
  };
}

/** The steps of one run with a date that the service or the school has set; those of the law are its deadlines. */
function stepEvents({ school, closed }: CalendarSource, run: RoutineRun, today: IsoDate, side: Side | null): CalendarEvent[] {
  const steps = stepsAtAGlance(run, today, closed);
  const shown = new Set(steps.map(({ key }) => key));
  // Once violence is suspected the steps with the parents are gone. A calendar that has one must lose it, or it would lead somebody to them.
  const before = stepsAtAGlance(withoutSuspicion(run), today, closed);
  const gone = before.filter(({ key }) => !shown.has(key));
  const eventOf = ({ key, step, due, result, isLeft }: StepAtAGlance): CalendarEvent[] => {
    if (due.type !== "dated" || step.legalDeadline !== undefined || side === null || !sidesOf(step.who).includes(side)) return [];
    const isCancelled = isSettled(result) || isLeft || !shown.has(key);
    return [
      {
        uid: uidOf(`${run.id}-${key.replace("/", "-")}`),
        subject: { type: "step", step: step.title === undefined && isShippedStep(step.id) ? step.id : null, school: school.name },
        place: null,
        when: { allDay: due.dueOn },
        isCancelled,
        remindAt: isCancelled ? null : momentAt(due.warnOn, reminderTime),
      },
    ];
  };
  return [...steps, ...gone].flatMap(eventOf);
}

/** What a meeting agreed on, where it has a date. What is the parents' is called off once violence is suspected, and all of it with a meeting that was deleted. */
function actionItemEvents({ school, runs, actionItems }: CalendarSource, meeting: Meeting, side: Side | null): CalendarEvent[] {
  const ownProcedure = isOwnProcedure(meeting, runs.find(({ id }) => id === meeting.runId) ?? null);
  const shown = new Set(meeting.deletedAt === undefined ? actionItemsOf(actionItems, meeting.id, ownProcedure).map(({ id }) => id) : []);
  return actionItemsOf(actionItems, meeting.id, false).flatMap((item) => {
    const asked = askedOfActionItem(item, meeting);
    const date = askOn(asked);
    if (date === null || side === null || !asked.waitsOn.includes(side)) return [];
    return [allDay(item.id, { type: "actionItem", meeting: meeting.type, school: school.name }, date, !waitsForAnswer(asked) || !shown.has(item.id))];
  });
}

function followUpEvents({ school }: CalendarSource, followUp: FollowUp, side: Side | null): CalendarEvent[] {
  if (side === null || !followUp.waitsOn.includes(side)) return [];
  return [allDay(followUp.id, { type: "followUp", kind: followUp.kind, school: school.name }, askOn(followUp), !waitsForAnswer(followUp))];
}

function allDay(id: string, subject: CalendarSubject, date: IsoDate, isCancelled: boolean): CalendarEvent {
  return { uid: uidOf(id), subject, place: null, when: { allDay: date }, isCancelled, remindAt: null };
}
