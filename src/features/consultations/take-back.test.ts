import { expect, test } from "vitest";
import * as Y from "yjs";
import { readCases } from "../cases/document.ts";
import { consultationForm, countingIds, copyOf, idOf, meet, signUpForm } from "../features.test-data.ts";
import { readFollowUps } from "../follow-up/document.ts";
import { preRegister, readPreRegistrations } from "../pre-registration/document.ts";
import { preRegistrationState } from "../pre-registration/rules.ts";
import { holdConsultation, readConsultationDetails, readConsultations, takeBackConsultation } from "./document.ts";

const now = "2026-11-26T13:52:00";
const saving = (first: number) => ({
  steps: [],
  followUps: [{ kind: "discussAgain" as const, waitsOn: ["school" as const], dueOn: "2026-12-17" }],
  now,
  newId: countingIds(first),
});

test("«Angre» after «Lagre» leaves everything as it was before, but for the case and its code", () => {
  const index = new Y.Doc();
  const caseDoc = new Y.Doc();
  holdConsultation(index, caseDoc, consultationForm({ startedAt: "2026-11-05T13:31:00" }), saving(1000));
  preRegister(index, signUpForm({ caseId: idOf(21) }), "2026-11-19T09:00:00");
  const before = readFollowUps(index).records;
  const form = consultationForm({ id: idOf(31), preRegistrationId: idOf(10) });
  const settled = holdConsultation(index, caseDoc, form, saving(2000));
  expect(readFollowUps(index).records).toHaveLength(2);
  takeBackConsultation(index, caseDoc, form, settled);
  expect(readConsultations(index).records.map(({ id }) => id)).toEqual([idOf(30)]);
  expect(readConsultationDetails(caseDoc).records.map(({ id }) => id)).toEqual([idOf(30)]);
  expect(readFollowUps(index).records).toEqual(before);
  expect(readPreRegistrations(index).records.map(preRegistrationState)).toEqual(["signedUp"]);
  expect(readCases(index).records.map(({ id }) => id)).toContain(idOf(20));
});

test("a colleague who was offline agrees after the two have met", () => {
  const index = new Y.Doc();
  const caseDoc = new Y.Doc();
  const form = consultationForm();
  holdConsultation(index, caseDoc, form, saving(1000));
  const colleague = copyOf(index);
  takeBackConsultation(index, caseDoc, form, []);
  meet(index, colleague);
  expect(readConsultations(colleague).records).toEqual([]);
  expect(readFollowUps(colleague).records).toEqual([]);
});
