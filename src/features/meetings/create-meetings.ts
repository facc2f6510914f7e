import { type Accessor, createMemo, mapArray } from "solid-js";
import type * as Y from "yjs";
import { createDocumentReading } from "../../reactive/create-document-reading.ts";
import type { MeetingId, RoutineRunId } from "../ids.ts";
import { shownReferences } from "../references.ts";
import { readRoutineRuns, routineRunRoots } from "../routines/document.ts";
import type { StepKey } from "../routines/schema.ts";
import type { SchoolHandle } from "../space/workspace.tsx";
import { meetingRoots, readActionItems, readMeetings } from "./document.ts";
import { actionItemsOf, isOwnProcedure } from "./rules.ts";
import type { ActionItem, Meeting } from "./schema.ts";

/** A meeting with all that lists and pages need of it. */
export type MeetingHere = {
  readonly id: MeetingId;
  readonly meeting: Meeting;
  readonly school: SchoolHandle;
  /** As it is shown: «M-305-BFL». */
  readonly reference: string;
  /** Said of the meeting, or of the routine run it belongs to. */
  readonly ownProcedure: boolean;
  /** What was agreed in it; none of the parents' where violence is suspected. */
  readonly actionItems: readonly ActionItem[];
};

export function meetingPath(schoolId: string, meetingId: string): string {
  return `/moter/${schoolId}/${meetingId}`;
}

type Named = { readonly id: MeetingId; readonly school: Pick<SchoolHandle, "schoolId"> };

/** Where it is led, and its minutes are written. */
export function leadPath({ id, school }: Named): string {
  return `${meetingPath(school.schoolId, id)}/led`;
}

/** Of the form that changes it. */
export function changePath({ id, school }: Named): string {
  return `${meetingPath(school.schoolId, id)}/endre`;
}

/** Of the parents' own sheet. */
export function takeHomePath({ id, school }: Named): string {
  return `${meetingPath(school.schoolId, id)}/ark`;
}

/** @param of the step of a routine run that the meeting is */
export function newMeetingPath(schoolId: string, of?: { readonly runId: RoutineRunId; readonly step: StepKey }): string {
  return `/moter/${schoolId}/ny${of === undefined ? "" : `?forlop=${of.runId}&steg=${encodeURIComponent(of.step)}`}`;
}

/** Every meeting that this device can read. */
export type AllMeetings = {
  /** Of all schools, but for those that were deleted. */
  readonly standing: Accessor<MeetingHere[]>;
  /** Of which nothing is shown but that they were. */
  readonly deleted: Accessor<MeetingHere[]>;
  /** Of one school, the deleted too, in no order; undefined until they are read, and for those who have no room with them. */
  ofSchool(schoolId: string): MeetingHere[] | undefined;
};

export function createAllMeetings(schools: Accessor<readonly SchoolHandle[]>): AllMeetings {
  const read = createMemo(mapArray(schools, (school) => ({ school, meetings: createSchoolMeetings(school) })));
  const all = createMemo(() => read().flatMap(({ meetings }) => meetings() ?? []));
  return {
    standing: createMemo(() => all().filter(({ meeting }) => meeting.deletedAt === undefined)),
    deleted: createMemo(() => all().filter(({ meeting }) => meeting.deletedAt !== undefined)),
    ofSchool: (schoolId) => read().find(({ school }) => school.schoolId === schoolId)?.meetings(),
  };
}

function createSchoolMeetings(school: SchoolHandle): Accessor<MeetingHere[] | undefined> {
  const read = createDocumentReading(school.schoolIndex, [...meetingRoots, ...routineRunRoots], meetingsIn);
  return createMemo(() => read()?.map((one) => ({ ...one, school })));
}

function meetingsIn(index: Y.Doc): Omit<MeetingHere, "school">[] {
  const { records } = readMeetings(index);
  const items = readActionItems(index).records;
  const runs = new Map(readRoutineRuns(index).records.map((run) => [run.id, run]));
  const shown = shownReferences(records.map(({ id, reference, preparedAt }) => ({ id, reference, startedAt: preparedAt })));
  return records.map((meeting) => {
    const { id } = meeting;
    const ownProcedure = isOwnProcedure(meeting, meeting.runId === undefined ? null : (runs.get(meeting.runId) ?? null));
    return { id, meeting, reference: shown.get(id) ?? meeting.reference, ownProcedure, actionItems: actionItemsOf(items, id, ownProcedure) };
  });
}
