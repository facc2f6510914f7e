import { expect, test } from "vitest";
import * as Y from "yjs";
import { holdConsultation } from "../consultations/document.ts";
import { consultationForm, copyOf, countingIds, idOf, meet, signUpForm } from "../features.test-data.ts";
import { deleteMeeting, prepareMeeting, readMeetings } from "../meetings/document.ts";
import { itemsOf, meetingId, preparation } from "../meetings/meetings.test-data.ts";
import type { Filing } from "../meetings/schema.ts";
import { preRegister } from "../pre-registration/document.ts";
import { fileRecord, planRecord, readYear } from "./document.ts";

const now = "2026-11-26T13:52:00";
const notForArchive: Filing = { outcome: "notForArchive", on: "2027-08-03", markedAt: "2027-08-03T10:00:00" };
const transferred: Filing = { outcome: "transferred", where: "Fagsystemet", on: "2027-08-03", markedAt: "2027-08-03T10:01:00" };

function year(): Y.Doc {
  const index = new Y.Doc();
  const saving = { steps: [], followUps: [{ kind: "discussAgain" as const, waitsOn: ["school" as const], dueOn: "2026-12-17" }], now, newId: countingIds() };
  holdConsultation(index, new Y.Doc(), consultationForm(), saving);
  preRegister(index, signUpForm({ id: idOf(11), caseId: idOf(21), code: { colour: "rod", animal: "radyr", number: 23 } }), "2026-11-27T09:00:00");
  prepareMeeting(index, new Y.Doc(), preparation(), itemsOf());
  return index;
}

test("everything of a year is to be marked: cases with or without a drøfting, meetings, and the plan", () => {
  const { records, unread, waiting } = readYear(year());
  expect(records.map(({ kind, label, on, filing }) => [kind, label, on, filing])).toEqual([
    ["case", "Rødt rådyr 23", "2026-11-27", null],
    ["case", "Blå rev 17", "2026-11-26", null],
    ["meeting", "M-305-BFL", "2026-12-03", null],
    ["plan", "", null, null],
  ]);
  expect([unread, waiting]).toEqual([0, 1]);
});

test("a mark can be taken back, two marks on one record are one, and a meeting's is the meeting's own", () => {
  const index = year();
  const colleague = copyOf(index);
  fileRecord(index, idOf(20), notForArchive);
  fileRecord(colleague, idOf(20), transferred);
  fileRecord(colleague, meetingId, transferred);
  fileRecord(colleague, planRecord, notForArchive);
  meet(index, colleague);
  const filingOf = (doc: Y.Doc, id: string) => readYear(doc).records.find((record) => record.id === id)?.filing;
  expect(filingOf(index, idOf(20))).toEqual(filingOf(colleague, idOf(20)));
  expect([notForArchive, transferred]).toContainEqual(filingOf(index, idOf(20)));
  expect(filingOf(index, meetingId)).toEqual(transferred);
  expect(readMeetings(index).records[0]?.filed).toEqual(transferred);
  expect(filingOf(index, planRecord)).toEqual(notForArchive);
  fileRecord(index, planRecord, null);
  expect(filingOf(index, planRecord)).toBeNull();
});

test("a meeting that was deleted needs no mark; what this version cannot read keeps the year open", () => {
  const index = year();
  deleteMeeting(index, meetingId, now);
  index.getMap("consultations").set(idOf(99), new Y.Map([["caseId", 7]]));
  const { records, unread } = readYear(index);
  expect(records.filter(({ kind }) => kind === "meeting")).toEqual([]);
  expect(unread).toBe(1);
});
