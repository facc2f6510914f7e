import { addDays, type IsoDate } from "../../lib/iso-date.ts";
import { retentionDate, type SchoolYear } from "../../lib/school-year.ts";
import type { YearRecord } from "./document.ts";

/** So long colleagues who have been away have to send what they wrote before the year is gone. */
const shortestKeepDays = 30;
/** The relay's operator keeps no backup for longer: sync-server/README.md. */
const backupDays = 30;
/** So long before the last day a consultant's device begins to destroy the year by itself: behind that day it has nothing to do it with. */
const lastDays = 7;

/** The last day of a year that is closed today: the school year's own, and later where it is closed late. */
export function keepUntilOf(year: SchoolYear, today: IsoDate): IsoDate {
  const soonest = addDays(today, shortestKeepDays);
  const own = retentionDate(year);
  return own < soonest ? soonest : own;
}

/** Whether the year is destroyed without anybody's asking. @param keepUntil the last day that it is kept */
export function isInLastDays(keepUntil: IsoDate, today: IsoDate): boolean {
  return addDays(keepUntil, -lastDays) <= today;
}

/** The day from which no backup has it any more: only then it is destroyed. */
export function destroyedOn(shreddedOn: IsoDate): IsoDate {
  return addDays(shreddedOn, backupDays);
}

/** What nobody has said yet what became of. */
export function unmarked(records: readonly YearRecord[]): YearRecord[] {
  return records.filter(({ filing }) => filing === null);
}

export type YearStanding =
  | { type: "open"; left: number }
  | { type: "closed"; keepUntil: IsoDate }
  /** `destroyedOn` is the day from which it may be said. */
  | { type: "shredded"; destroyedOn: IsoDate };

/** How far a school's year has come towards its end. @param unread records that this version cannot read: they keep it open */
export function standingOfYear(
  year: { readonly keptUntil: IsoDate | null; readonly shreddedOn?: IsoDate | undefined },
  records: readonly YearRecord[],
  unread: number,
): YearStanding {
  if (year.shreddedOn !== undefined) return { type: "shredded", destroyedOn: destroyedOn(year.shreddedOn) };
  if (year.keptUntil !== null) return { type: "closed", keepUntil: year.keptUntil };
  return { type: "open", left: unmarked(records).length + unread };
}
