import { expect, test } from "vitest";
import * as Y from "yjs";
import { readCases } from "../cases/document.ts";
import { consultationForm, copyOf, countingIds, granly, idOf, meet, signUpForm } from "../features.test-data.ts";
import { answerFollowUp, readFollowUps } from "../follow-up/document.ts";
import { type FollowUpProposal, followUpState, proposeFollowUps } from "../follow-up/rules.ts";
import { markDiscussed, preRegister, readPreRegistrations } from "../pre-registration/document.ts";
import { nextStepsOf } from "../space/rules.ts";
import { editConsultation, holdConsultation, readConsultationDetails, readConsultations, type Saving, takeBackConsultation, takeBackEdit } from "./document.ts";
import { followUpBasis } from "./rules.ts";
import type { ConsultationDraft } from "./schema.ts";

const steps = nextStepsOf([]);
const now = "2026-11-26T13:52:00";
const draft: ConsultationDraft = {
  role: "contactTeacher",
  gradeBand: "grades5to7",
  themes: ["familyRelations"],
  duration: "months",
  violence: "no",
  parentsInformed: "no",
  dutyToReport: "yes",
  nextSteps: ["schoolReports", "discussAgain"],
  advice: ["whatReportHolds"],
  note: "Kort.",
};
const proposals = (of: ConsultationDraft, onlyUs = false): FollowUpProposal[] =>
  proposeFollowUps(followUpBasis(of, steps, onlyUs), { heldOn: "2026-11-26", nextVisitOn: "2026-12-17", workingDays: 1, holidays: [] });
const saving = (of = draft, first = 1000): Saving => ({ steps, followUps: proposals(of), now, newId: countingIds(first) });
const correcting: Saving = { steps, followUps: [], now: "2026-11-27T08:15:00", newId: countingIds(5000) };

test("saving writes the case, the head, the detail and the follow-ups, no field in two places", () => {
  const index = new Y.Doc();
  const caseDoc = new Y.Doc();
  holdConsultation(index, caseDoc, consultationForm({ draft }), saving());
  expect(readCases(index).records).toMatchObject([{ id: idOf(20), colour: "bla", gradeBand: "grades5to7" }]);
  expect(readConsultations(index).records).toEqual([
    {
      id: idOf(30),
      caseId: idOf(20),
      visitId: `${granly}-2026-11-26`,
      heldOn: "2026-11-26",
      startedAt: "2026-11-26T13:31:00",
      endedAt: now,
      role: "contactTeacher",
      gradeBand: "grades5to7",
      themes: ["familyRelations"],
      duration: "months",
      dutyToReport: "yes",
      nextSteps: ["schoolReports", "discussAgain"],
    },
  ]);
  expect(readConsultationDetails(caseDoc).records).toEqual([
    { id: idOf(30), violence: "no", parentsInformed: "no", tried: [], advice: ["whatReportHolds"], note: "Kort." },
  ]);
  expect(readFollowUps(index).records.map(({ kind, dueOn, caseId, consultationId }) => [kind, dueOn, caseId, consultationId])).toEqual([
    ["reportSent", "2026-11-27", idOf(20), idOf(30)],
    ["discussAgain", "2026-12-17", idOf(20), idOf(30)],
  ]);
});

test("what is most sensitive is in the case's own document only", () => {
  const index = new Y.Doc();
  holdConsultation(index, new Y.Doc(), consultationForm({ draft: { ...draft, violence: "yes", whoDecides: "police" } }), saving());
  expect(JSON.stringify(index.toJSON())).not.toMatch(/violence|note|Kort|parentsInformed/);
  expect(readConsultations(index).records).toMatchObject([{ ownProcedure: true, whoDecides: "police" }]);
});

test("an empty drøfting is saved as it is: blanks are «ikke registrert»", () => {
  const index = new Y.Doc();
  const caseDoc = new Y.Doc();
  holdConsultation(index, caseDoc, consultationForm(), saving({}));
  expect(readConsultations(index).broken).toEqual([]);
  expect(readConsultations(index).records).toMatchObject([{ themes: [], nextSteps: [] }]);
  expect(readFollowUps(index).records).toEqual([]);
});

test("a sign-up becomes drøftet and the «Drøfte igjen» of last time is answered", () => {
  const index = new Y.Doc();
  const caseDoc = new Y.Doc();
  holdConsultation(index, caseDoc, consultationForm({ draft, startedAt: "2026-11-05T13:31:00" }), saving());
  preRegister(index, signUpForm(), "2026-11-19T09:00:00");
  holdConsultation(index, caseDoc, consultationForm({ id: idOf(31), preRegistrationId: idOf(10), draft }), saving(draft, 2000));
  expect(readPreRegistrations(index).records).toMatchObject([{ discussedAt: now, consultationId: idOf(31) }]);
  const again = readFollowUps(index).records.filter(({ kind }) => kind === "discussAgain");
  expect(again.map(({ answer, consultationId }) => [answer ?? "open", consultationId])).toEqual([
    ["yes", idOf(30)],
    ["open", idOf(31)],
  ]);
  expect(readCases(index).records).toHaveLength(1);
});

test("a walk-in about a case that waited to be discussed again answers that, and only that", () => {
  const index = new Y.Doc();
  const caseDoc = new Y.Doc();
  holdConsultation(index, caseDoc, consultationForm({ draft, startedAt: "2026-11-05T13:31:00" }), saving());
  holdConsultation(index, caseDoc, consultationForm({ id: idOf(31) }), saving({}, 2000));
  expect(readFollowUps(index).records.map(({ kind, answer }) => [kind, answer ?? "open"])).toEqual([
    ["reportSent", "open"],
    ["discussAgain", "yes"],
  ]);
});

test("taken back, everything is as it was before «Lagre», but the case stays", () => {
  const index = new Y.Doc();
  const caseDoc = new Y.Doc();
  holdConsultation(index, caseDoc, consultationForm({ draft, startedAt: "2026-11-05T13:31:00" }), saving());
  preRegister(index, signUpForm({ caseId: idOf(21), code: { colour: "rod", animal: "radyr", number: 23 } }), "2026-11-19T09:00:00");
  const before = [index.toJSON(), caseDoc.toJSON()];
  const form = consultationForm({ id: idOf(31), preRegistrationId: idOf(10), draft });
  const settled = holdConsultation(index, caseDoc, form, saving(draft, 2000));
  expect([index.toJSON(), caseDoc.toJSON()]).not.toEqual(before);
  takeBackConsultation(index, caseDoc, form, settled);
  expect([index.toJSON(), caseDoc.toJSON()]).toEqual(before);
});

test("«bare oss» leaves nothing in the school room but that it was discussed", () => {
  const school = new Y.Doc();
  const service = new Y.Doc();
  preRegister(school, signUpForm(), "2026-11-19T09:00:00");
  const form = consultationForm({ onlyUs: true, preRegistrationId: idOf(10), draft });
  holdConsultation(service, new Y.Doc(), form, { ...saving(), followUps: proposals(draft, true) });
  markDiscussed(school, idOf(10), now);
  expect(readConsultations(school).records).toEqual([]);
  expect(readFollowUps(school).records).toEqual([]);
  expect(readPreRegistrations(school).records).toMatchObject([{ discussedAt: now }]);
  expect(readConsultations(service).records).toMatchObject([{ schoolId: granly }]);
  expect(readCases(service).records).toMatchObject([{ schoolId: granly, colour: "bla" }]);
});

test("a correction writes only what differs, beside a colleague's", () => {
  const index = new Y.Doc();
  const caseDoc = new Y.Doc();
  holdConsultation(index, caseDoc, consultationForm({ draft }), saving());
  const otherIndex = copyOf(index);
  const otherCase = copyOf(caseDoc);
  editConsultation(index, caseDoc, draft, consultationForm({ draft: { ...draft, duration: "weeks" } }), correcting);
  editConsultation(otherIndex, otherCase, draft, consultationForm({ draft: { ...draft, note: "Rettet." } }), correcting);
  meet(index, otherIndex);
  meet(caseDoc, otherCase);
  expect(readConsultations(otherIndex).records).toMatchObject([{ duration: "weeks", role: "contactTeacher" }]);
  expect(readConsultationDetails(caseDoc).records).toMatchObject([{ note: "Rettet." }]);
  expect(readFollowUps(index).records).toHaveLength(2);
});

test("a correction, and taking it back, leave alone what a colleague has corrected or answered meanwhile", () => {
  const index = new Y.Doc();
  const caseDoc = new Y.Doc();
  const talk: ConsultationDraft = { ...draft, dutyToReport: "no", nextSteps: ["schoolTalksToParents"] };
  holdConsultation(index, caseDoc, consultationForm({ draft: talk }), saving(talk));
  editConsultation(index, caseDoc, talk, consultationForm({ draft: { ...talk, gradeBand: "grades1to4" } }), correcting);
  const ours = consultationForm({ draft: { ...talk, note: "Rettet.", violence: "unsure" } });
  const edited = editConsultation(index, caseDoc, talk, ours, correcting);
  expect(readConsultations(index).records).toMatchObject([{ gradeBand: "grades1to4" }]);
  expect(readConsultationDetails(caseDoc).records).toMatchObject([{ note: "Rettet.", violence: "unsure" }]);
  const [talkAsked] = readFollowUps(index).records;
  answerFollowUp(index, talkAsked!.id, "yes", "2026-11-27T08:16:00", 1);
  editConsultation(index, caseDoc, ours.draft, consultationForm({ draft: { ...ours.draft, note: "Kollegaens." } }), correcting);
  takeBackEdit(index, caseDoc, talk, ours, steps, edited);
  expect(readConsultationDetails(caseDoc).records).toMatchObject([{ note: "Kollegaens.", violence: "no" }]);
  expect(readFollowUps(index).records).toMatchObject([{ answer: "yes" }]);
});

test("a correction from no to yes takes the parents out of what was saved", () => {
  const index = new Y.Doc();
  const caseDoc = new Y.Doc();
  holdConsultation(index, caseDoc, consultationForm({ draft }), saving());
  editConsultation(index, caseDoc, draft, consultationForm({ draft: { ...draft, violence: "yes" } }), correcting);
  expect(JSON.stringify([index.getMap("consultations").toJSON(), caseDoc.toJSON()])).not.toMatch(/parent/i);
});

test("a correction adds what its new answers ask for, ends what would lead to the parents, and both are taken back", () => {
  const index = new Y.Doc();
  const caseDoc = new Y.Doc();
  const talk: ConsultationDraft = { ...draft, dutyToReport: "no", nextSteps: ["schoolTalksToParents", "discussAgain"] };
  holdConsultation(index, caseDoc, consultationForm({ draft: talk }), saving(talk));
  const before = readFollowUps(index).records;
  expect(before.map(({ kind }) => kind)).toEqual(["parentTalk", "discussAgain"]);
  const unsure = consultationForm({ draft: { ...talk, violence: "unsure" } });
  const edited = editConsultation(index, caseDoc, talk, unsure, { ...correcting, followUps: [{ kind: "schoolCalled", waitsOn: ["school"], dueOn: "2026-11-27" }] });
  const states = () => Object.fromEntries(readFollowUps(index).records.map((one) => [one.kind, followUpState(one)]));
  expect(states()).toEqual({ parentTalk: "noLongerRelevant", discussAgain: "open", schoolCalled: "open" });
  expect(readFollowUps(index).records.find(({ kind }) => kind === "schoolCalled")).toMatchObject({ createdOn: "2026-11-27", consultationId: idOf(30) });
  takeBackEdit(index, caseDoc, talk, unsure, steps, edited);
  expect(readFollowUps(index).records).toEqual(before);
  expect(readConsultationDetails(caseDoc).records).toMatchObject([{ violence: "no" }]);
});

test("a step that is hidden after the talk stays in it when another answer is corrected, and when that is taken back", () => {
  const index = new Y.Doc();
  const caseDoc = new Y.Doc();
  const talk: ConsultationDraft = { ...draft, nextSteps: ["bup", "discussAgain"] };
  holdConsultation(index, caseDoc, consultationForm({ draft: talk }), saving(talk));
  const hidden = nextStepsOf([{ id: "bup", hidden: true }]);
  const corrected = consultationForm({ draft: { ...talk, duration: "weeks" } });
  const edited = editConsultation(index, caseDoc, talk, corrected, { ...correcting, steps: hidden });
  expect(readConsultations(index).records).toMatchObject([{ duration: "weeks", nextSteps: ["bup", "discussAgain"] }]);
  takeBackEdit(index, caseDoc, talk, corrected, hidden, edited);
  expect(readConsultations(index).records).toMatchObject([{ duration: "months", nextSteps: ["bup", "discussAgain"] }]);
});

test("violence in a later talk ends what an earlier one asked of the parents", () => {
  const index = new Y.Doc();
  const caseDoc = new Y.Doc();
  const talk: ConsultationDraft = { ...draft, dutyToReport: "no", nextSteps: ["schoolTalksToParents"] };
  holdConsultation(index, caseDoc, consultationForm({ draft: talk }), saving(talk));
  const later: ConsultationDraft = { ...draft, violence: "yes" };
  holdConsultation(index, caseDoc, consultationForm({ id: idOf(31), draft: later }), saving(later, 2000));
  const asked = readFollowUps(index).records.filter((one) => followUpState(one) === "open");
  expect(asked.map(({ kind }) => kind)).not.toContain("parentTalk");
  expect(asked.map(({ kind }) => kind)).toContain("reportSent");
});
