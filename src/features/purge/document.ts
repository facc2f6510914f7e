/** `purgeRequests`, nested, in the index of a school room or of the service's. */
import type * as Y from "yjs";
import type { Moment } from "../../lib/iso-date.ts";
import { caseRoots, readCases } from "../cases/document.ts";
import { shownCodes } from "../cases/rules.ts";
import { readConsultations } from "../consultations/document.ts";
import { readFollowUps } from "../follow-up/document.ts";
import type { CaseId, MeetingId, SchoolId } from "../ids.ts";
import { deleteMeeting, meetingDocumentRoots, meetingRoots, readActionItems, readMeetings, removeActionItem } from "../meetings/document.ts";
import { addRecord, type BrokenRecord, readRecords, setFields } from "../records.ts";
import { PurgeRequest } from "./schema.ts";

export const purgeRoots = ["purgeRequests", ...caseRoots, ...meetingRoots] as const;

/** What a request is about, as its own record in the same room says it. */
export type AskedRecord = {
  /** What people call it: the case code, the meeting's reference. */
  readonly label: string;
  /** Of a case in the service's room. */
  readonly schoolId: SchoolId | undefined;
};

export type PurgeRequests = { readonly requests: { readonly request: PurgeRequest; readonly record: AskedRecord }[]; readonly broken: BrokenRecord[] };

/** By ascending id. One whose record is not in the room is broken too: nobody could see what it is about. */
export function readPurgeRequests(index: Y.Doc): PurgeRequests {
  const { records, broken } = readRecords(index.getMap("purgeRequests"), PurgeRequest);
  const read = records.map((request) => ({ request, record: askedRecord(index, request) }));
  return {
    requests: read.flatMap(({ request, record }) => (record === undefined ? [] : [{ request, record }])),
    broken: [...broken, ...read.flatMap(({ request: { id }, record }) => (record === undefined ? [{ id }] : []))],
  };
}

function askedRecord(index: Y.Doc, { about, recordId }: PurgeRequest): AskedRecord | undefined {
  if (about === "meeting") {
    const meeting = readMeetings(index).records.find(({ id }) => id === recordId);
    return meeting && { label: meeting.reference, schoolId: undefined };
  }
  const cases = readCases(index).records;
  const one = cases.find(({ id }) => id === recordId);
  if (one === undefined) return undefined;
  const ofSchool = cases.filter(({ schoolId }) => schoolId === one.schoolId);
  return { label: shownCodes(ofSchool).get(one.id)?.label ?? "", schoolId: one.schoolId };
}

export function addPurgeRequest(index: Y.Doc, request: PurgeRequest): void {
  addRecord(index.getMap("purgeRequests"), request.id, request);
}

/** It is taken back, or has been answered long ago. */
export function removePurgeRequest(index: Y.Doc, id: string): void {
  index.getMap("purgeRequests").delete(id);
}

/** Takes the drøftinger of a case out of a room, with their follow-ups; the code stays. */
export function emptyCase(index: Y.Doc, caseDoc: Y.Doc, caseId: CaseId): void {
  const [heads, followUps] = [readConsultations(index, caseId), readFollowUps(index, caseId)];
  for (const { id } of [...heads.records, ...heads.broken]) index.getMap("consultations").delete(id);
  for (const { id } of [...followUps.records, ...followUps.broken]) index.getMap("followUps").delete(id);
  caseDoc.getMap("consultations").clear();
}

/** Takes everything out of a meeting's own document, and its words out of the index; the meeting is deleted. */
export function emptyMeeting(index: Y.Doc, doc: Y.Doc, id: MeetingId, now: Moment): void {
  // Not by the agenda: what was written under an item that is not on it any more goes too.
  for (const root of Array.from(doc.share.keys()).filter((name) => name.startsWith("notes/"))) {
    const notes = doc.getText(root);
    notes.delete(0, notes.length);
  }
  for (const root of meetingDocumentRoots) doc.getMap(root).clear();
  for (const item of readActionItems(index).records) if (item.meetingId === id) removeActionItem(index, item.id);
  setFields(index.getMap("meetings"), id, { place: undefined, purpose: undefined });
  deleteMeeting(index, id, now);
}
