import { useParams } from "@solidjs/router";
import { type Accessor, createMemo } from "solid-js";
import type * as Y from "yjs";
import { createDocumentReading } from "../../reactive/create-document-reading.ts";
import { createRoomDocument } from "../../reactive/engine-context.tsx";
import { MeetingId } from "../ids.ts";
import { createSchoolsKnown } from "../schools/create-school.ts";
import { type SchoolHandle, useWorkspace } from "../space/workspace.tsx";
import type { MeetingHere } from "./create-meetings.ts";
import { type MeetingDocument, meetingDocumentId, meetingDocumentRoots, readMeetingDocument } from "./document.ts";
import { useAllMeetings } from "./meetings-context.tsx";

/** What the address of a meeting names, for its pages. */
export type MeetingAtAddress = {
  readonly school: Accessor<SchoolHandle | undefined>;
  /** Undefined until it is read, and for one that cannot be shown: see `NoMeeting`. */
  readonly here: Accessor<MeetingHere | undefined>;
  /** The meeting, when it was deleted: nothing of it is shown but that, and to whoever asks what is still held. */
  readonly deleted: Accessor<MeetingHere | undefined>;
  /** Whether what this device has of the school's meetings has been read: one that is not there then is nowhere on it. */
  readonly isRead: Accessor<boolean>;
  /** The meeting's own document, for whoever writes in it; undefined until it is open. */
  readonly doc: Accessor<Y.Doc | undefined>;
  readonly details: Accessor<MeetingDocument | undefined>;
};

export function createMeetingAtAddress(): MeetingAtAddress {
  const params = useParams<{ schoolId: string; meetingId?: string }>();
  const workspace = useWorkspace();
  const { ofSchool } = useAllMeetings();
  const isKnown = createSchoolsKnown();
  const school = createMemo(() => workspace.school(params.schoolId));
  const named = createMemo(() => ofSchool(params.schoolId)?.find(({ id }) => id === params.meetingId));
  const docId = createMemo(() => {
    const parsed = MeetingId.safeParse(params.meetingId);
    return parsed.success ? meetingDocumentId(parsed.data) : undefined;
  });
  const doc = createRoomDocument(() => school()?.schoolRoom, docId);
  return {
    school,
    here: createMemo(() => (named()?.meeting.deletedAt === undefined ? named() : undefined)),
    deleted: createMemo(() => (named()?.meeting.deletedAt === undefined ? undefined : named())),
    isRead: () => ofSchool(params.schoolId) !== undefined || (isKnown() && school()?.schoolRoom === undefined),
    doc,
    details: createDocumentReading(doc, meetingDocumentRoots, readMeetingDocument),
  };
}
