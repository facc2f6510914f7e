import { addDays, type IsoDate } from "../../lib/iso-date.ts";
import { schoolYearOf, schoolYearRange } from "../../lib/school-year.ts";
import type { CaseId } from "../ids.ts";
import type { KeyList, KeyListEntry } from "./schema.ts";

export const emptyKeyList: KeyList = { entries: [] };

/** When a line can be set to expire, the preset first. None is beyond the school year: the code is gone after it. */
export function expiryChoices(today: IsoDate): IsoDate[] {
  const yearEnd = schoolYearRange(schoolYearOf(today)).to;
  const sooner = [90, 30].map((days) => addDays(today, days)).filter((date) => date < yearEnd);
  return [yearEnd, ...sooner];
}

export function defaultExpiry(today: IsoDate): IsoDate {
  return schoolYearRange(schoolYearOf(today)).to;
}

/** What is still there on a day. The device keeps this and forgets the rest each time the list is opened. */
export function withoutExpired({ entries }: KeyList, today: IsoDate): KeyList {
  return { entries: entries.filter(({ expiresOn }) => expiresOn >= today) };
}

/** The list with the line in it. A case has one line: a new one takes the place of the old. */
export function withEntry({ entries }: KeyList, entry: KeyListEntry): KeyList {
  return { entries: [...entries.filter(({ caseId }) => caseId !== entry.caseId), entry] };
}

export function withoutEntry({ entries }: KeyList, caseId: CaseId): KeyList {
  return { entries: entries.filter((entry) => entry.caseId !== caseId) };
}

export function entryOf({ entries }: KeyList, caseId: CaseId): KeyListEntry | null {
  return entries.find((entry) => entry.caseId === caseId) ?? null;
}
