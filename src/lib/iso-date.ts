/**
 * Dates as people in Norway write them on a calendar: `YYYY-MM-DD`, without a time zone. They compare as text.
 * A `Moment` is the wall clock of the device that wrote it, `YYYY-MM-DDTHH:MM:SS`: a visit that began 13.31 began 13.31 for everyone who reads it.
 */
export type IsoDate = string;
/** `HH:MM` */
export type TimeOfDay = string;
/** `YYYY-MM-DDTHH:MM:SS` */
export type Moment = string;
/** 1 is Monday, 7 is Sunday. */
export type IsoWeekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;
/** Both ends are in it. */
export type DateRange = { readonly from: IsoDate; readonly to: IsoDate };

const dayMs = 86_400_000;

/** Days since 1 January 1970. */
function dayNumber(date: IsoDate): number {
  return Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10))) / dayMs;
}

function fromDayNumber(day: number): IsoDate {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

/** @param month 1 is January. A day beyond the month's end runs on into the next month. */
export function isoDate(year: number, month: number, day: number): IsoDate {
  return fromDayNumber(Date.UTC(year, month - 1, day) / dayMs);
}

/** @param month 1 is January */
export function daysInMonth(year: number, month: number): number {
  return daysBetween(isoDate(year, month, 1), isoDate(year, month + 1, 1));
}

export function addDays(date: IsoDate, days: number): IsoDate {
  return fromDayNumber(dayNumber(date) + days);
}

/**
 * Calendar months on: the day with the same number, or where the month has no such day, its last. So law counts a time given in months:
 * domstolloven § 148, second paragraph. A day that was held to the month's end does not come back: month by month is not the same as all at once.
 */
export function addMonths(date: IsoDate, months: number): IsoDate {
  const first = isoDate(yearOf(date), Number(date.slice(5, 7)) + months, 1);
  const lastDay = daysInMonth(yearOf(first), Number(first.slice(5, 7)));
  return addDays(first, Math.min(Number(date.slice(8, 10)), lastDay) - 1);
}

/** Whole days from one date to another; negative when `to` is before `from`. */
export function daysBetween(from: IsoDate, to: IsoDate): number {
  return dayNumber(to) - dayNumber(from);
}

export function weekdayOf(date: IsoDate): IsoWeekday {
  return ((((dayNumber(date) + 3) % 7) + 7) % 7) + 1 as IsoWeekday;
}

export function yearOf(date: IsoDate): number {
  return Number(date.slice(0, 4));
}

/** The Monday of the week the date is in. */
function mondayOf(date: IsoDate): IsoDate {
  return addDays(date, 1 - weekdayOf(date));
}

/** The Monday of an ISO 8601 week: week 1 is the one with 4 January in it. */
export function mondayOfIsoWeek(year: number, week: number): IsoDate {
  return addDays(mondayOf(isoDate(year, 1, 4)), (week - 1) * 7);
}

/** Every date from the one to the other, both included; none when they are the wrong way round. */
export function datesIn({ from, to }: DateRange): IsoDate[] {
  return Array.from({ length: Math.max(0, daysBetween(from, to) + 1) }, (_, index) => addDays(from, index));
}

export function isWithin(date: IsoDate, { from, to }: DateRange): boolean {
  return from <= date && date <= to;
}

/** The device's own wall clock. */
export function momentOf(instant: Date): Moment {
  const two = (value: number) => String(value).padStart(2, "0");
  const date = `${String(instant.getFullYear()).padStart(4, "0")}-${two(instant.getMonth() + 1)}-${two(instant.getDate())}`;
  return `${date}T${two(instant.getHours())}:${two(instant.getMinutes())}:${two(instant.getSeconds())}`;
}

/** The date part. */
export function dateOf(moment: Moment): IsoDate {
  return moment.slice(0, 10);
}

export function timeOf(moment: Moment): TimeOfDay {
  return moment.slice(11, 16);
}

export function momentAt(date: IsoDate, time: TimeOfDay): Moment {
  return `${date}T${time}:00`;
}

/** Minutes since midnight. */
export function minutesOf(time: TimeOfDay): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

/** @param minutes since midnight; held within the day */
export function timeFromMinutes(minutes: number): TimeOfDay {
  const held = Math.max(0, Math.min(minutes, 24 * 60 - 1));
  return `${String(Math.floor(held / 60)).padStart(2, "0")}:${String(held % 60).padStart(2, "0")}`;
}

/** The second after a moment. */
export function secondAfter(moment: Moment): Moment {
  return new Date(Date.parse(`${moment}Z`) + 1000).toISOString().slice(0, 19);
}

/** Whole minutes from one moment to another, never below 0. */
export function minutesBetween(from: Moment, to: Moment): number {
  const minutes = daysBetween(dateOf(from), dateOf(to)) * 24 * 60 + minutesOf(timeOf(to)) - minutesOf(timeOf(from));
  return Math.max(0, minutes);
}

/** Seconds from one moment to another, never below 0. */
export function secondsBetween(from: Moment, to: Moment): number {
  const secondOfDay = (moment: Moment) => minutesOf(timeOf(moment)) * 60 + Number(moment.slice(17, 19));
  return Math.max(0, daysBetween(dateOf(from), dateOf(to)) * 24 * 3600 + secondOfDay(to) - secondOfDay(from));
}
