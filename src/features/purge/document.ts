/** `purgeRequests`, nested, in the index of a school room or of the service's. */
import type * as Y from "yjs";
import type { Moment } from "../../lib/iso-date.ts";
import { readConsultations } from "../consultations/document.ts";
import { readFollowUps } from "../follow-up/document.ts";
import type { CaseId, MeetingId } from "../ids.ts";
import { deleteMeeting, meetingDocumentRoots, readActionItems, removeActionItem } from "../meetings/document.ts";
import { addRecord, readRecords, type Records, setFields } from "../records.ts";
import { PurgeRequest } from "./schema.ts";

export const purgeRoots = ["purgeRequests"] as const;

export function readPurgeRequests(index: Y.Doc): Records<PurgeRequest> {
  return readRecords(index.getMap("purgeRequests"), PurgeRequest);
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
