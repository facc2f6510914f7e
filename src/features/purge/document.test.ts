import { expect, test } from "vitest";
import * as Y from "yjs";
import { readCases } from "../cases/document.ts";
import { holdConsultation, readConsultationDetails, readConsultations } from "../consultations/document.ts";
import { consultationForm, copyOf, countingIds, granly, idOf, meet } from "../features.test-data.ts";
import { readFollowUps } from "../follow-up/document.ts";
import { addActionItem, notesOf, prepareMeeting, readActionItems, readMeetings } from "../meetings/document.ts";
import { actionItemOf, itemsOf, meetingId, preparation } from "../meetings/meetings.test-data.ts";
import { addPurgeRequest, emptyCase, emptyMeeting, readPurgeRequests, removePurgeRequest } from "./document.ts";
import type { PurgeRequest } from "./schema.ts";

const now = "2026-11-26T13:52:00";
const name = "Kari Nordmann-Eksempel";
const heldIn = (doc: Y.Doc) => {
  const bare = new Y.Doc({ gc: true });
  Y.applyUpdateV2(bare, Y.encodeStateAsUpdateV2(doc));
  return Buffer.from(Y.encodeStateAsUpdate(bare)).toString("utf8");
};

test("a request is there for every device that has the room, and goes from all of them", () => {
  const request: PurgeRequest = {
    id: idOf(1),
    about: "case",
    schoolId: granly,
    recordId: idOf(20),
    label: "Blå rev 17",
    extent: "past",
    reason: "identity",
    askedAt: now,
    docId: `02${idOf(20)}`,
    deviceId: idOf(4),
    through: 12,
    signature: "signed",
  };
  const index = new Y.Doc();
  addPurgeRequest(index, request);
  const colleague = copyOf(index);
  expect(readPurgeRequests(colleague).records).toEqual([request]);
  removePurgeRequest(colleague, request.id);
  meet(index, colleague);
  expect(readPurgeRequests(index).records).toEqual([]);
});

test("an emptied case has its code, and nothing that was said under it", () => {
  const [index, caseDoc] = [new Y.Doc(), new Y.Doc()];
  const saving = { steps: [], followUps: [{ kind: "discussAgain" as const, waitsOn: ["school" as const], dueOn: "2026-12-17" }], now, newId: countingIds() };
  holdConsultation(index, caseDoc, consultationForm({ draft: { note: name } }), saving);
  holdConsultation(index, new Y.Doc(), consultationForm({ id: idOf(31), caseId: idOf(21) }), saving);
  expect(heldIn(caseDoc)).toContain(name);
  emptyCase(index, caseDoc, idOf(20));
  expect(readConsultationDetails(caseDoc).records).toEqual([]);
  expect(heldIn(caseDoc)).not.toContain(name);
  expect(readConsultations(index).records.map(({ caseId }) => caseId)).toEqual([idOf(21)]);
  expect(readFollowUps(index).records.map(({ caseId }) => caseId)).toEqual([idOf(21)]);
  expect(readCases(index).records.map(({ id }) => id)).toContain(idOf(20));
});

test("an emptied meeting is deleted, with every word of it, also under an item that no agenda names", () => {
  const [index, doc] = [new Y.Doc(), new Y.Doc()];
  prepareMeeting(index, doc, preparation({ purpose: name, place: name }, { participants: [{ id: `participant-${idOf(3)}` as never, role: "guardian", name }] }), itemsOf());
  notesOf(doc, itemsOf()[0]!.id).insert(0, name);
  notesOf(doc, "item-that-is-gone").insert(0, name);
  addActionItem(index, actionItemOf(5, { what: name }));
  const [theirIndex, theirDoc] = [copyOf(index), copyOf(doc)];
  emptyMeeting(theirIndex, theirDoc, meetingId, now);
  expect(heldIn(theirIndex) + heldIn(theirDoc)).not.toContain("Nordmann");
  expect(readMeetings(theirIndex).records).toMatchObject([{ deletedAt: now }]);
  expect(readActionItems(theirIndex).records).toEqual([]);
});
