import { generateIcsCalendar, type IcsAlarm, type IcsEvent, type IcsRecurrenceRule, type IcsTimezone } from "ts-ics";
import { addDays, dateOf, type IsoDate, type Moment, timeOf } from "../../lib/iso-date.ts";
import { type CalendarEvent, calendarTimeZone, reminderLeadMinutes } from "./rules.ts";

/**
 * The rules of summer time in Norway, as every calendar that reads the file needs them. A rule starts on the wall clock of the offset before (RFC 5545
 * § 3.6.5): at 2 and at 3 in the morning. The library writes a start as its UTC time plus `offsetTo`, so that much is taken off here.
 */
const timeZone: IcsTimezone = {
  id: calendarTimeZone,
  props: [
    { type: "DAYLIGHT", name: "CEST", offsetFrom: "+0100", offsetTo: "+0200", start: new Date("1981-03-29T00:00:00Z"), recurrenceRule: lastSundayOf(3) },
    { type: "STANDARD", name: "CET", offsetFrom: "+0200", offsetTo: "+0100", start: new Date("1996-10-27T02:00:00Z"), recurrenceRule: lastSundayOf(10) },
  ],
};

/** @param month 1 is January; the library counts from 0 */
function lastSundayOf(month: number): IcsRecurrenceRule {
  return { frequency: "YEARLY", byMonth: [month - 1], byDay: [{ day: "SU", occurrence: -1 }] };
}

/**
 * The entries as a file that calendars import (RFC 5545); the same whatever time zone the device is in.
 * @param titleOf an entry's title, in words that others may see
 * @param madeAt where two files name the same entry, the later one wins
 */
export function calendarFile(events: readonly CalendarEvent[], titleOf: (event: CalendarEvent) => string, madeAt: Date): string {
  return generateIcsCalendar({
    version: "2.0",
    prodId: "-//Apen dor//Kalender//NO",
    method: "PUBLISH",
    timezones: [timeZone],
    events: events.map((event) => icsEvent(event, titleOf(event), madeAt)),
  });
}

function icsEvent(event: CalendarEvent, summary: string, madeAt: Date): IcsEvent {
  const { uid, place, when, isCancelled } = event;
  const alarm = alarmOf(event, summary);
  return {
    uid,
    summary,
    stamp: { date: madeAt, type: "DATE-TIME" },
    // An import takes what has a higher number; the minute the file was made in only grows.
    sequence: Math.max(0, Math.floor((madeAt.getTime() - sequenceStart) / 60_000)),
    status: isCancelled ? "CANCELLED" : "CONFIRMED",
    ...("allDay" in when
      ? { start: wholeDay(when.allDay), end: wholeDay(addDays(when.allDay, 1)), timeTransparent: "TRANSPARENT" as const }
      : { start: wallClock(when.from), end: wallClock(when.to) }),
    ...(place === null ? {} : { location: place }),
    ...(alarm === null ? {} : { alarms: [alarm] }),
  };
}

/** The numbers stay small, and below what 32 bits hold. */
const sequenceStart = Date.UTC(2026, 0, 1);

/** Before the start and never at an instant: only so does it need no time zone. */
function alarmOf(event: CalendarEvent, description: string): IcsAlarm | null {
  const lead = reminderLeadMinutes(event);
  if (lead === null) return null;
  const [days, hours, minutes] = [Math.floor(lead / 1440), Math.floor((lead % 1440) / 60), lead % 60];
  // The library escapes the title of an entry, and not that of its alarm.
  return { action: "DISPLAY", description: description.replaceAll(/[\\;,]/g, String.raw`\$&`), trigger: { type: "relative", value: { before: true, days, hours, minutes } } };
}

function wholeDay(date: IsoDate): IcsEvent["start"] {
  return { type: "DATE", date: new Date(`${date}T00:00:00Z`) };
}

function wallClock(moment: Moment): IcsEvent["start"] {
  const date = new Date(`${dateOf(moment)}T${timeOf(moment)}:00Z`);
  return { type: "DATE-TIME", date, local: { date, timezone: calendarTimeZone, tzoffset: "+0000" } };
}
