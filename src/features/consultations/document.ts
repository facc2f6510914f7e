/**
 * A consultation lies in two places. Its **head** is in `consultations` of an index (the school room's, or the service room's for «bare oss»): who
 * brought it, band, themes, duration, duty, next steps, times. Its **detail** is in `consultations` of the case's own document: what was tried, advice,
 * parents, interpreter, and the note. Lists, summaries and figures read the index alone; a case document is opened only for the form of that case, and
 * what is most sensitive is not in memory before someone asks for it. No field is in both.
 *
 * Head and detail are nested and made once. The case, the follow-ups and the sign-up's «drøftet» are written in the same transaction, so that no
 * device ever sees one without the others.
 */
import * as Y from "yjs";
import { dateOf, type IsoDate, type Moment } from "../../lib/iso-date.ts";
import type { NewId } from "../../lib/id.ts";
import { addCase } from "../cases/document.ts";
import { addFollowUp, readFollowUps, type Settled, settleDiscussAgain, settleParentTalks, undoSettled } from "../follow-up/document.ts";
import type { FollowUpProposal } from "../follow-up/rules.ts";
import type { CaseId, FollowUpId } from "../ids.ts";
import { markDiscussed, undoDiscussed } from "../pre-registration/document.ts";
import { addRecord, isSameValue, readRecords, type Records, setFields } from "../records.ts";
import type { NextStep } from "../space/rules.ts";
import { guardOf, savedAnswers } from "./rules.ts";
import { ConsultationDetail, type ConsultationDraft, type ConsultationForm, ConsultationHead } from "./schema.ts";

/** In an index; a case document has the same name for its details. */
export const consultationRoots = ["consultations"] as const;

/** @param caseId only this case's */
export function readConsultations(index: Y.Doc, caseId?: CaseId): Records<ConsultationHead> {
  return readRecords(index.getMap("consultations"), ConsultationHead, caseId && { field: "caseId", value: caseId });
}

export function readConsultationDetails(caseDoc: Y.Doc): Records<ConsultationDetail> {
  return readRecords(caseDoc.getMap("consultations"), ConsultationDetail);
}

/** What «Lagre» needs besides the form. */
export type Saving = {
  /** The service's next steps, as the form showed them. */
  readonly steps: readonly NextStep[];
  /** As proposed by `proposeFollowUps`, or as the person changed them. */
  readonly followUps: readonly FollowUpProposal[];
  readonly now: Moment;
  readonly newId: NewId;
};

/**
 * Saves a drøfting. A sign-up that is in the same index becomes «drøftet»; for «bare oss» the caller says so to the school room by `markDiscussed`.
 * @param index the school room's index; the service room's for «bare oss»
 * @param caseDoc the case's document in the same room
 * @returns the follow-ups that it answered
 */
export function holdConsultation(index: Y.Doc, caseDoc: Y.Doc, form: ConsultationForm, saving: Saving): Settled[] {
  const { now } = saving;
  const { head, detail } = split(form.draft, saving.steps);
  const schoolId = form.onlyUs ? form.schoolId : undefined;
  const { gradeBand } = form.draft;
  addCase(index, {
    id: form.caseId,
    ...form.code,
    createdAt: form.startedAt,
    ...(gradeBand === undefined ? {} : { gradeBand }),
    ...(schoolId === undefined ? {} : { schoolId }),
  });
  addRecord(index.getMap("consultations"), form.id, {
    ...head,
    caseId: form.caseId,
    visitId: form.visitId,
    preRegistrationId: form.preRegistrationId,
    schoolId,
    heldOn: dateOf(form.startedAt),
    startedAt: form.startedAt,
    endedAt: now,
  });
  addRecord(caseDoc.getMap("consultations"), form.id, detail);
  const settled = [...settleDiscussAgain(index, form.caseId, now), ...settleForViolence(index, form, now)];
  addFollowUps(index, form, saving, dateOf(form.startedAt));
  if (form.preRegistrationId !== undefined && index.getMap("preRegistrations").has(form.preRegistrationId)) {
    markDiscussed(index, form.preRegistrationId, now, form.id);
  }
  return settled;
}

/**
 * Takes back what «Lagre» has just written, within the seconds in which it can be undone: the drøfting and its follow-ups go from the documents (the log
 * keeps what was sealed), the sign-up waits again, and so does what saving had answered. The case stays, with its code.
 * @param settled what `holdConsultation` returned
 */
export function takeBackConsultation(
  index: Y.Doc,
  caseDoc: Y.Doc,
  form: Pick<ConsultationForm, "id" | "preRegistrationId">,
  settled: readonly Settled[],
): void {
  index.getMap("consultations").delete(form.id);
  caseDoc.getMap("consultations").delete(form.id);
  const followUps = index.getMap("followUps");
  for (const { id, consultationId } of readFollowUps(index).records) if (consultationId === form.id) followUps.delete(id);
  undoSettled(index, settled);
  if (form.preRegistrationId !== undefined && index.getMap("preRegistrations").has(form.preRegistrationId)) {
    undoDiscussed(index, form.preRegistrationId);
  }
}

/** What a correction did, for `takeBackEdit`. */
export type Edited = { readonly added: readonly FollowUpId[]; readonly settled: readonly Settled[] };

/**
 * Corrects a saved drøfting. Only what the person has changed is written, so that what a colleague corrected meanwhile stays. Follow-ups that stand are
 * changed where they stand, but for those that lead to the parents when violence is now suspected.
 * @param before the answers as they stood when the correction began
 * @param saving its follow-ups are those that the correction adds
 */
export function editConsultation(index: Y.Doc, caseDoc: Y.Doc, before: ConsultationDraft, form: EditedForm, saving: Saving): Edited {
  for (const { records, from, to } of answersIn(index, caseDoc, before, form.draft, saving.steps)) setFields(records, form.id, changesOf(from, to));
  return { settled: settleForViolence(index, form, saving.now), added: addFollowUps(index, form, saving, dateOf(saving.now)) };
}

/**
 * Takes a correction back within the seconds in which it can be undone; what a colleague has changed since stays.
 * @param edited what `editConsultation` returned
 */
export function takeBackEdit(index: Y.Doc, caseDoc: Y.Doc, before: ConsultationDraft, form: EditedForm, steps: readonly NextStep[], edited: Edited): void {
  for (const { records, from, to } of answersIn(index, caseDoc, before, form.draft, steps)) {
    const record = records.get(form.id);
    const stands = (field: string) => record instanceof Y.Map && isSameValue(record.get(field), to[field]);
    setFields(records, form.id, Object.fromEntries(Object.entries(changesOf(to, from)).filter(([field]) => stands(field))));
  }
  for (const id of edited.added) index.getMap("followUps").delete(id);
  undoSettled(index, edited.settled);
}

type EditedForm = Pick<ConsultationForm, "id" | "caseId" | "draft">;
type Fields = Readonly<Record<string, unknown>>;

/** The head's and the detail's answers, before and after, each with where it lies. */
function answersIn(index: Y.Doc, caseDoc: Y.Doc, before: ConsultationDraft, after: ConsultationDraft, steps: readonly NextStep[]) {
  const [from, to] = [split(before, steps), split(after, steps)];
  return [
    { records: index.getMap("consultations"), from: from.head as Fields, to: to.head as Fields },
    { records: caseDoc.getMap("consultations"), from: from.detail as Fields, to: to.detail as Fields },
  ];
}

function changesOf(from: Fields, to: Fields): Fields {
  const fields = new Set([...Object.keys(from), ...Object.keys(to)]);
  return Object.fromEntries(Array.from(fields).flatMap((field) => (isSameValue(from[field], to[field]) ? [] : [[field, to[field]]])));
}

function settleForViolence(index: Y.Doc, { caseId, draft }: EditedForm, now: Moment): Settled[] {
  return guardOf(draft) === "none" ? [] : settleParentTalks(index, caseId, now);
}

function addFollowUps(index: Y.Doc, { id: consultationId, caseId }: EditedForm, saving: Saving, createdOn: IsoDate): FollowUpId[] {
  return saving.followUps.map((proposal) => {
    const id = saving.newId<"followUp">();
    addFollowUp(index, { ...proposal, id, caseId, consultationId, createdOn });
    return id;
  });
}

function split(draft: ConsultationDraft, steps: readonly NextStep[]) {
  const { role, gradeBand, themes, duration, dutyToReport, nextSteps, ownProcedure, whoDecides, ...detail } = savedAnswers(draft, steps);
  return { head: { role, gradeBand, themes, duration, dutyToReport, nextSteps, ownProcedure, whoDecides }, detail };
}
