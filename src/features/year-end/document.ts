/**
 * `filings` in the index of a school room: what became of a case, a run or the year's plan, by its id. One value and not single keys: two who mark the same
 * record at once are to agree on one outcome. A meeting has its own in its head.
 */
import type * as Y from "yjs";
import { dateOf, type IsoDate } from "../../lib/iso-date.ts";
import { readCases } from "../cases/document.ts";
import { shownCodes } from "../cases/rules.ts";
import { readConsultations } from "../consultations/document.ts";
import { readFollowUps } from "../follow-up/document.ts";
import { waitsForAnswer } from "../follow-up/rules.ts";
import { MeetingId } from "../ids.ts";
import { markFiled, readMeetings } from "../meetings/document.ts";
import { Filing } from "../meetings/schema.ts";
import { readPreRegistrations } from "../pre-registration/document.ts";
import { setKeys } from "../records.ts";
import { shownReferences } from "../references.ts";
import { readRoutineRuns } from "../routines/document.ts";

/** All that the end of a year looks at. */
export const yearRoots = ["filings", "cases", "consultations", "preRegistrations", "followUps", "routineRuns", "meetings"] as const;

/** The id of the year's visits, which are marked as one. */
export const planRecord = "plan";

/** Something that is to be marked before the year is closed. */
export type YearRecord = {
  readonly id: string;
  readonly kind: "case" | "run" | "meeting" | "plan";
  /** What people call it; empty for the plan. */
  readonly label: string;
  /** When something last happened in it, as far as lists know; null for the plan. */
  readonly on: IsoDate | null;
  readonly filing: Filing | null;
};

export type YearRecords = {
  /** Cases, then runs, then meetings, each the newest first, and the plan. */
  readonly records: readonly YearRecord[];
  /** How many there are that this version cannot read. */
  readonly unread: number;
  /** Questions that nobody has answered. */
  readonly waiting: number;
};

/** @param index the school room's of that year */
export function readYear(index: Y.Doc): YearRecords {
  const filings = readFilings(index);
  const cases = readCases(index);
  const [consultations, signUps, followUps] = [readConsultations(index), readPreRegistrations(index), readFollowUps(index)];
  const [runs, meetings] = [readRoutineRuns(index), readMeetings(index)];
  const codes = shownCodes(cases.records);
  const lastOf = new Map<string, IsoDate>();
  for (const [caseId, on] of [
    ...cases.records.map(({ id, createdAt }) => [id, dateOf(createdAt)] as const),
    ...signUps.records.map(({ caseId: id, createdAt }) => [id, dateOf(createdAt)] as const),
    ...consultations.records.map(({ caseId: id, heldOn }) => [id, heldOn] as const),
  ]) {
    if (on > (lastOf.get(caseId) ?? "")) lastOf.set(caseId, on);
  }
  const runNames = shownReferences(runs.records);
  const meetingNames = shownReferences(meetings.records.map(({ id, reference, preparedAt }) => ({ id, reference, startedAt: preparedAt })));
  const record = (kind: YearRecord["kind"], id: string, label: string, on: IsoDate | null): YearRecord => ({ id, kind, label, on, filing: filings.get(id) ?? null });
  return {
    records: [
      ...newestFirst(cases.records.map(({ id }) => record("case", id, codes.get(id)?.label ?? "", lastOf.get(id) ?? null))),
      ...newestFirst(runs.records.map(({ id, reference, startedAt }) => record("run", id, runNames.get(id) ?? reference, dateOf(startedAt)))),
      ...newestFirst(
        meetings.records
          .filter(({ deletedAt }) => deletedAt === undefined)
          .map(({ id, reference, date, filed }) => ({ ...record("meeting", id, meetingNames.get(id) ?? reference, date), filing: filed ?? null })),
      ),
      record("plan", planRecord, "", null),
    ],
    unread: [cases, consultations, signUps, followUps, runs, meetings].reduce((count, { broken }) => count + broken.length, 0),
    waiting: followUps.records.filter(waitsForAnswer).length,
  };
}

/** @param id of a `YearRecord` @param filing null takes it away again */
export function fileRecord(index: Y.Doc, id: string, filing: Filing | null): void {
  const meeting = MeetingId.safeParse(id);
  if (meeting.success) markFiled(index, meeting.data, filing);
  else setKeys(index.getMap("filings"), { [id]: filing ?? undefined });
}

/** What cannot be read is not marked. */
function readFilings(index: Y.Doc): ReadonlyMap<string, Filing> {
  return new Map(
    Array.from(index.getMap("filings")).flatMap(([id, value]) => {
      const filing = Filing.safeParse(value);
      return filing.success ? [[id, filing.data] as const] : [];
    }),
  );
}

function newestFirst(records: YearRecord[]): YearRecord[] {
  return records.sort((a, b) => ((a.on ?? "") < (b.on ?? "") ? 1 : -1));
}
