import { addDays, type DateRange, isoDate, isWithin, type IsoDate, weekdayOf, yearOf } from "./iso-date.ts";

/** Easter Sunday of the Gregorian calendar, by the anonymous algorithm printed in Nature, 20 April 1876 (Meeus, Astronomical Algorithms, ch. 8). */
export function easterSunday(year: number): IsoDate {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  const day = ((h + l - 7 * m + 114) % 31) + 1;
  return isoDate(year, month, day);
}

/** The days on which Norwegian law gives everyone the day off: lov om helligdager § 2, and 1 and 17 May. */
export function publicHolidays(year: number): IsoDate[] {
  const easter = easterSunday(year);
  return [
    isoDate(year, 1, 1),
    addDays(easter, -3), // Maundy Thursday
    addDays(easter, -2),
    easter,
    addDays(easter, 1),
    isoDate(year, 5, 1),
    isoDate(year, 5, 17),
    addDays(easter, 39), // Ascension Day
    addDays(easter, 49), // Whit Sunday
    addDays(easter, 50),
    isoDate(year, 12, 25),
    isoDate(year, 12, 26),
  ].sort();
}

export function isPublicHoliday(date: IsoDate): boolean {
  return publicHolidays(yearOf(date)).includes(date);
}

/**
 * Monday to Friday, not a public holiday, not within any of `closed`.
 * @param closed days off besides: the school holidays, for what needs the school open
 */
export function isWorkingDay(date: IsoDate, closed: readonly DateRange[] = []): boolean {
  return weekdayOf(date) <= 5 && !isPublicHoliday(date) && !closed.some((range) => isWithin(date, range));
}

/** The date itself when it is a working day, else the first one after it. Where `closed` leaves none within a year, it is not looked at. */
export function workingDayOnOrAfter(date: IsoDate, closed: readonly DateRange[] = []): IsoDate {
  for (let ahead = 0; ahead < 366; ahead++) {
    const day = addDays(date, ahead);
    if (isWorkingDay(day, closed)) return day;
  }
  return workingDayOnOrAfter(date);
}

/** The `count`th working day after the date; `count` 1 is the next one. */
export function addWorkingDays(date: IsoDate, count: number, closed: readonly DateRange[] = []): IsoDate {
  let day = date;
  for (let left = count; left > 0; left--) day = workingDayOnOrAfter(addDays(day, 1), closed);
  return day;
}

/** The last working day before the date, never the date itself. Where `closed` leaves none within a year, it is not looked at. */
export function lastWorkingDayBefore(date: IsoDate, closed: readonly DateRange[] = []): IsoDate {
  for (let back = 1; back <= 366; back++) {
    const day = addDays(date, -back);
    if (isWorkingDay(day, closed)) return day;
  }
  return lastWorkingDayBefore(date);
}
