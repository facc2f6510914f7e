import { expect, test } from "vitest";
import * as Y from "yjs";
import { documentId, indexDocId } from "../../engine/log/rights.ts";
import { addCase, readCases } from "../cases/document.ts";
import { holdConsultation, readConsultationDetails, readConsultations } from "../consultations/document.ts";
import { consultationForm, copyOf, countingIds, granly, idOf, meet } from "../features.test-data.ts";
import { readFollowUps } from "../follow-up/document.ts";
import type { CaseId } from "../ids.ts";
import { addActionItem, meetingDocumentId, notesOf, prepareMeeting, readActionItems, readMeetings } from "../meetings/document.ts";
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

const blueFox = { colour: "bla", animal: "rev", number: 17, id: idOf(20) as CaseId, createdAt: "2026-10-01T10:00:00" } as const;

/** The index of a school room with a case and a meeting. */
function school(): Y.Doc {
  const index = new Y.Doc();
  addCase(index, blueFox);
  prepareMeeting(index, new Y.Doc(), preparation(), itemsOf());
  return index;
}

const request: PurgeRequest = {
  id: idOf(1),
  about: "case",
  recordId: idOf(20),
  extent: "past",
  reason: "identity",
  askedAt: now,
  docId: documentId("case", idOf(20)),
  deviceId: idOf(4),
  through: 12,
  signature: "signed",
};

test("a request is there for every device that has the room, and goes from all of them", () => {
  const index = school();
  addPurgeRequest(index, request);
  const colleague = copyOf(index);
  expect(readPurgeRequests(colleague)).toEqual({ requests: [{ request, record: { label: "Blå rev 17", schoolId: undefined } }], broken: [] });
  removePurgeRequest(colleague, request.id);
  meet(index, colleague);
  expect(readPurgeRequests(index).requests).toEqual([]);
});

test.each<[string, Partial<PurgeRequest>]>([
  ["a case, with the document of another", { docId: documentId("case", idOf(21)) }],
  ["a case, with the document of a meeting", { docId: meetingDocumentId(meetingId) }],
  ["a meeting, with the document of a case", { about: "meeting", recordId: meetingId }],
  ["a meeting by what is no id of one, with its document", { about: "meeting", recordId: `xxxxxxxx${meetingId.slice(8)}`, docId: meetingDocumentId(meetingId) }],
  ["all that the list of everybody holds", { docId: indexDocId, extent: "all" }],
  ["a case that the room does not have", { recordId: idOf(29), docId: documentId("case", idOf(29)) }],
  ["the list, for a case that the room does not have", { recordId: idOf(29), docId: indexDocId }],
])("a request is broken that is for %s", (_what, wicked) => {
  const index = school();
  addPurgeRequest(index, { ...request, ...wicked });
  expect(readPurgeRequests(index)).toEqual({ requests: [], broken: [{ id: request.id }] });
});

test("what a request is about is called what the record itself says, each school's by its own codes", () => {
  const index = school();
  addCase(index, { ...blueFox, id: idOf(21) as CaseId, createdAt: "2026-10-02T10:00:00" });
  addCase(index, { ...blueFox, id: idOf(22) as CaseId, createdAt: "2026-10-01T10:00:00", schoolId: granly });
  const asked = [
    { ...request, id: idOf(2), recordId: idOf(21), docId: documentId("case", idOf(21)), label: "Rød ugle 3" },
    { ...request, id: idOf(3), recordId: idOf(22), docId: indexDocId },
    { ...request, id: idOf(4), about: "meeting" as const, recordId: meetingId, docId: meetingDocumentId(meetingId) },
  ];
  for (const one of asked) addPurgeRequest(index, one);
  const [meeting] = readMeetings(index).records;
  expect(readPurgeRequests(index).requests.map(({ record }) => record)).toEqual([
    { label: "Blå rev 17 b", schoolId: undefined },
    { label: "Blå rev 17", schoolId: granly },
    { label: meeting!.reference, schoolId: undefined },
  ]);
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
