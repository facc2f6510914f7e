import { useParams } from "@solidjs/router";
import { type Accessor, createMemo, mapArray } from "solid-js";
import type * as Y from "yjs";
import { createDocumentReading } from "../../reactive/create-document-reading.ts";
import { createRoomDocument } from "../../reactive/engine-context.tsx";
import { MeetingId, type RoutineRunId } from "../ids.ts";
import { shownReferences } from "../references.ts";
import { readRoutineRuns, routineRunRoots } from "../routines/document.ts";
import type { StepKey } from "../routines/schema.ts";
import { type SchoolHandle, useWorkspace } from "../space/workspace.tsx";
import { type MeetingDocument, meetingDocumentId, meetingDocumentRoots, meetingRoots, readActionItems, readMeetingDocument, readMeetings } from "./document.ts";
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

/** Of the parents' own sheet. */
export function takeHomePath(schoolId: string, meetingId: string): string {
  return `${meetingPath(schoolId, meetingId)}/ark`;
}

/** @param of the step of a routine run that the meeting is */
export function newMeetingPath(schoolId: string, of?: { readonly runId: RoutineRunId; readonly step: StepKey }): string {
  return `/moter/${schoolId}/ny${of === undefined ? "" : `?forlop=${of.runId}&steg=${encodeURIComponent(of.step)}`}`;
}

/** The meetings of one school, in no order; undefined until they are read, and for those who have no room with them. */
export function createSchoolMeetings(school: Accessor<SchoolHandle | undefined>): Accessor<MeetingHere[] | undefined> {
  const read = createDocumentReading(() => school()?.schoolIndex(), [...meetingRoots, ...routineRunRoots], meetingsIn);
  return createMemo(() => {
    const here = school();
    return here === undefined ? undefined : read()?.map((one) => ({ ...one, school: here }));
  });
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

/** The meetings of all schools whose rooms this device has; those that were deleted, which nothing but that is shown of, apart. */
export function createAllMeetings(schools: Accessor<readonly SchoolHandle[]>): { meetings: Accessor<MeetingHere[]>; deleted: Accessor<MeetingHere[]> } {
  const read = createMemo(mapArray(schools, (school) => createSchoolMeetings(() => school)));
  const all = createMemo(() => read().flatMap((meetings) => meetings() ?? []));
  return {
    meetings: createMemo(() => all().filter(({ meeting }) => meeting.deletedAt === undefined)),
    deleted: createMemo(() => all().filter(({ meeting }) => meeting.deletedAt !== undefined)),
  };
}

/** What the address of a meeting names, for its pages. */
export type MeetingAtAddress = {
  readonly school: Accessor<SchoolHandle | undefined>;
  /** Whether the school's meetings have been read: a meeting that is not there then is nowhere on this device. */
  readonly isRead: Accessor<boolean>;
  readonly here: Accessor<MeetingHere | undefined>;
  /** The meeting's own document, for whoever writes in it; undefined until it is open. */
  readonly doc: Accessor<Y.Doc | undefined>;
  readonly details: Accessor<MeetingDocument | undefined>;
};

export function createMeetingAtAddress(): MeetingAtAddress {
  const params = useParams<{ schoolId: string; meetingId?: string }>();
  const workspace = useWorkspace();
  const school = createMemo(() => workspace.school(params.schoolId));
  const meetings = createSchoolMeetings(school);
  const docId = createMemo(() => {
    const parsed = MeetingId.safeParse(params.meetingId);
    return parsed.success ? meetingDocumentId(parsed.data) : undefined;
  });
  const doc = createRoomDocument(() => school()?.schoolRoom, docId);
  return {
    school,
    isRead: () => meetings() !== undefined,
    here: createMemo(() => meetings()?.find(({ id }) => id === params.meetingId)),
    doc,
    details: createDocumentReading(doc, meetingDocumentRoots, readMeetingDocument),
  };
}
