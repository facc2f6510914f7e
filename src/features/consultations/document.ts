/**
 * A consultation lies in two places. Its **head** is in `consultations` of an index (the school room's, or the service room's for «bare oss»): who
 * brought it, band, themes, duration, duty, next steps, times. Its **detail** is in `consultations` of the case's own document: what was tried, advice,
 * parents, interpreter, and the note. Lists, summaries and figures read the index alone; a case document is opened only for the form of that case, and
 * what is most sensitive is not in memory before someone asks for it. No field is in both.
 *
 * Head and detail are nested and made once. The case, the follow-ups and the sign-up's «drøftet» are written in the same transaction, so that no
 * device ever sees one without the others.
 */
import type * as Y from "yjs";
import { dateOf, type IsoDate, type Moment } from "../../lib/iso-date.ts";
import type { NewId } from "../../lib/id.ts";
import { addCase } from "../cases/document.ts";
import { addFollowUp, readFollowUps, settleDiscussAgain, settleParentTalks, undoAnswer } from "../follow-up/document.ts";
import type { FollowUpProposal } from "../follow-up/rules.ts";
import type { FollowUp } from "../follow-up/schema.ts";
import type { FollowUpId } from "../ids.ts";
import { markDiscussed, undoDiscussed } from "../pre-registration/document.ts";
import { addRecord, readRecords, type Records, setFields } from "../records.ts";
import type { NextStep } from "../space/rules.ts";
import { guardOf, savedAnswers } from "./rules.ts";
import { ConsultationDetail, type ConsultationDraft, type ConsultationForm, ConsultationHead } from "./schema.ts";

/** In an index; a case document has the same name for its details. */
export const consultationRoots = ["consultations"] as const;

export function readConsultations(index: Y.Doc): Records<ConsultationHead> {
  return readRecords(index.getMap("consultations"), ConsultationHead);
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
 */
export function holdConsultation(index: Y.Doc, caseDoc: Y.Doc, form: ConsultationForm, saving: Saving): void {
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
  settleDiscussAgain(index, form.caseId, now);
  if (guardOf(form.draft) !== "none") settleParentTalks(index, form.caseId, now);
  addFollowUps(index, form, saving, dateOf(form.startedAt));
  if (form.preRegistrationId !== undefined && index.getMap("preRegistrations").has(form.preRegistrationId)) {
    markDiscussed(index, form.preRegistrationId, now, form.id);
  }
}

/**
 * Takes back what «Lagre» has just written, within the seconds in which it can be undone: the drøfting and its follow-ups go from the documents (the log
 * keeps what was sealed), the sign-up waits again, and so does what saving had answered. The case stays, with its code.
 * @param answered the follow-ups that it may have answered, as they stood
 */
export function takeBackConsultation(
  index: Y.Doc,
  caseDoc: Y.Doc,
  form: Pick<ConsultationForm, "id" | "preRegistrationId">,
  answered: readonly FollowUp[],
): void {
  index.getMap("consultations").delete(form.id);
  caseDoc.getMap("consultations").delete(form.id);
  const followUps = index.getMap("followUps");
  for (const { id, consultationId } of readFollowUps(index).records) if (consultationId === form.id) followUps.delete(id);
  waitAgain(index, answered);
  if (form.preRegistrationId !== undefined && index.getMap("preRegistrations").has(form.preRegistrationId)) {
    undoDiscussed(index, form.preRegistrationId);
  }
}

/**
 * Corrects a saved drøfting: only what differs is written. Follow-ups that stand are changed where they stand, but for those that lead to the parents
 * when violence is now suspected.
 * @param saving its follow-ups are those that the correction adds
 * @returns the ids of those
 */
export function editConsultation(index: Y.Doc, caseDoc: Y.Doc, form: EditedForm, saving: Saving): FollowUpId[] {
  writeAnswers(index, caseDoc, form, saving.steps);
  if (guardOf(form.draft) !== "none") settleParentTalks(index, form.caseId, saving.now);
  return addFollowUps(index, form, saving, dateOf(saving.now));
}

/**
 * Takes back a correction within the seconds in which it can be undone.
 * @param before the answers as they stood
 * @param added what `editConsultation` returned
 * @param answered the follow-ups that it may have answered, as they stood
 */
export function takeBackEdit(
  index: Y.Doc,
  caseDoc: Y.Doc,
  before: EditedForm,
  steps: readonly NextStep[],
  added: readonly FollowUpId[],
  answered: readonly FollowUp[],
): void {
  writeAnswers(index, caseDoc, before, steps);
  for (const id of added) index.getMap("followUps").delete(id);
  waitAgain(index, answered);
}

type EditedForm = Pick<ConsultationForm, "id" | "caseId" | "draft">;

function writeAnswers(index: Y.Doc, caseDoc: Y.Doc, { id, draft }: EditedForm, steps: readonly NextStep[]): void {
  const { head, detail } = split(draft, steps);
  setFields(index.getMap("consultations"), id, head);
  setFields(caseDoc.getMap("consultations"), id, detail);
}

function addFollowUps(index: Y.Doc, { id: consultationId, caseId }: EditedForm, saving: Saving, createdOn: IsoDate): FollowUpId[] {
  return saving.followUps.map((proposal) => {
    const id = saving.newId<"followUp">();
    addFollowUp(index, { ...proposal, id, caseId, consultationId, createdOn });
    return id;
  });
}

function waitAgain(index: Y.Doc, answered: readonly FollowUp[]): void {
  for (const before of answered) if (index.getMap("followUps").has(before.id)) undoAnswer(index, before.id, before);
}

function split(draft: ConsultationDraft, steps: readonly NextStep[]) {
  const { role, gradeBand, themes, duration, dutyToReport, nextSteps, ownProcedure, whoDecides, ...detail } = savedAnswers(draft, steps);
  return { head: { role, gradeBand, themes, duration, dutyToReport, nextSteps, ownProcedure, whoDecides }, detail };
}
