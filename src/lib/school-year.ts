import { type DateRange, isoDate, type IsoDate, yearOf } from "./iso-date.ts";

/** A school year by the calendar year in which it begins: 2026 is 2026/27, from 1 August to 31 July. */
export type SchoolYear = number;

export function schoolYearOf(date: IsoDate): SchoolYear {
  return date.slice(5) >= "08-01" ? yearOf(date) : yearOf(date) - 1;
}

export function schoolYearRange(year: SchoolYear): DateRange {
  return { from: isoDate(year, 8, 1), to: isoDate(year + 1, 7, 31) };
}

/** The last day by which the clean-up of a school year is done and what was written in it is gone. */
export function retentionDate(year: SchoolYear): IsoDate {
  return isoDate(year + 1, 8, 31);
}
