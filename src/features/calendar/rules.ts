import { type DeadlineId, deadlineIds } from "../../content/deadlines.ts";
import type { StepMeeting } from "../../content/routines.ts";
import { dateOf, type DateRange, type IsoDate, minutesBetween, type Moment, momentAt, type TimeOfDay } from "../../lib/iso-date.ts";
import { dueOf } from "../routines/deadline-rules.ts";
import { settledDeadlines } from "../routines/glance-rules.ts";
import type { RoutineRun } from "../routines/schema.ts";
import type { SchoolHead } from "../space/schema.ts";
import type { Visit } from "../visits/schema.ts";
import { visitStatus } from "../visits/rules.ts";

/** All times of the app are wall clock times in Norway. */
export const calendarTimeZone = "Europe/Oslo";

/** When a reminder rings on its day. */
export const reminderTime: TimeOfDay = "09:00";

/** What a title is made of, in the words of `calendar.title`. A calendar is seen by others: it names a school, and never a case, a reference or a person. */
export type CalendarSubject =
  | { readonly type: "visit"; readonly school: string }
  | { readonly type: "deadline"; readonly deadline: DeadlineId; readonly school: string }
  | { readonly type: "meeting"; readonly meeting: StepMeeting; readonly school: string };

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

/** A school that the person has, with what she may read of it: the principal has no runs, and gets none. */
export type CalendarSource = {
  readonly school: Pick<SchoolHead, "name">;
  readonly visits: readonly Visit[];
  readonly runs: readonly RoutineRun[];
  /** The school holidays: nobody is reminded in them. */
  readonly closed: readonly DateRange[];
};

/** A person's calendar from a day on, by time. What lies before it is left as it is where the file was imported earlier. */
export function calendarEvents(sources: readonly CalendarSource[], from: IsoDate): CalendarEvent[] {
  const events = sources.flatMap((source) => [...visitEvents(source), ...source.runs.flatMap((run) => deadlineEvents(source, run, from))]);
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
