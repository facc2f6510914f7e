/** `preRegistrations` in the index of a school room. Nested: made once by whoever signs the case up, then changed key by key. */
import type * as Y from "yjs";
import type { PostponeReason } from "../../content/choices.ts";
import type { Moment } from "../../lib/iso-date.ts";
import { ok, type Result } from "../../lib/result.ts";
import { addCase } from "../cases/document.ts";
import { settleDiscussAgain } from "../follow-up/document.ts";
import type { CaseId, ConsultationId, PreRegistrationId, VisitId } from "../ids.ts";
import { addRecord, readRecords, type Records, setFields } from "../records.ts";
import { checkSignUp, type NoSignUp } from "./rules.ts";
import { PreRegistration, type PreRegistrationDraft, type PreRegistrationForm } from "./schema.ts";

export const preRegistrationRoots = ["preRegistrations"] as const;

/** @param caseId only this case's */
export function readPreRegistrations(school: Y.Doc, caseId?: CaseId): Records<PreRegistration> {
  return readRecords(school.getMap("preRegistrations"), PreRegistration, caseId && { field: "caseId", value: caseId });
}

/**
 * Signs a case up, with a case of its own when the code is new. When it may not wait, nothing is written and the answer says so.
 * A «Drøfte igjen» that waited on the case is answered by it.
 */
export function preRegister(school: Y.Doc, form: PreRegistrationForm, now: Moment): Result<PreRegistrationId, NoSignUp> {
  const checked = checkSignUp(form.draft);
  if (!checked.ok) return checked;
  const { gradeBand } = form.draft;
  addCase(school, { id: form.caseId, ...form.code, createdAt: now, ...(gradeBand === undefined ? {} : { gradeBand }) });
  addRecord(school.getMap("preRegistrations"), form.id, {
    ...storedAnswers(form.draft),
    caseId: form.caseId,
    visitId: form.visitId,
    urgency: checked.value,
    createdAt: now,
  });
  settleDiscussAgain(school, form.caseId, now);
  return ok(form.id);
}

/** Changes what was answered. When it turns out that it may not wait, the sign-up stays as it was and the answer says so. */
export function editPreRegistration(school: Y.Doc, id: PreRegistrationId, draft: PreRegistrationDraft): Result<PreRegistrationId, NoSignUp> {
  const checked = checkSignUp(draft);
  if (!checked.ok) return checked;
  setFields(school.getMap("preRegistrations"), id, { ...storedAnswers(draft), urgency: checked.value });
  return ok(id);
}

export function withdrawPreRegistration(school: Y.Doc, id: PreRegistrationId, now: Moment): void {
  setFields(school.getMap("preRegistrations"), id, { withdrawnAt: now });
}

export function undoWithdraw(school: Y.Doc, id: PreRegistrationId): void {
  setFields(school.getMap("preRegistrations"), id, { withdrawnAt: undefined });
}

/** Puts a case off to another visit, where it is first in the queue. */
export function postponePreRegistration(
  school: Y.Doc,
  id: PreRegistrationId,
  to: { from: VisitId; visitId: VisitId; reason: PostponeReason | undefined },
  now: Moment,
): void {
  setFields(school.getMap("preRegistrations"), id, {
    visitId: to.visitId,
    postponedFrom: to.from,
    postponeReason: to.reason,
    postponedAt: now,
    preferredSlot: undefined,
  });
}

/** The reason, chosen after the case was put off. */
export function givePostponeReason(school: Y.Doc, id: PreRegistrationId, reason: PostponeReason): void {
  setFields(school.getMap("preRegistrations"), id, { postponeReason: reason });
}

/** @param before the sign-up as it was when it was put off */
export function undoPostpone(school: Y.Doc, before: PreRegistration): void {
  setFields(school.getMap("preRegistrations"), before.id, {
    visitId: before.visitId,
    postponedFrom: before.postponedFrom,
    postponeReason: before.postponeReason,
    postponedAt: before.postponedAt,
    preferredSlot: before.preferredSlot,
  });
}

/** For a drøfting «bare oss» of a signed-up case: the school sees that it was discussed, and nothing more. */
export function markDiscussed(school: Y.Doc, id: PreRegistrationId, now: Moment, consultationId?: ConsultationId): void {
  setFields(school.getMap("preRegistrations"), id, { discussedAt: now, ...(consultationId === undefined ? {} : { consultationId }) });
}

/** Takes «drøftet» back: the drøfting was not saved after all. */
export function undoDiscussed(school: Y.Doc, id: PreRegistrationId): void {
  setFields(school.getMap("preRegistrations"), id, { discussedAt: undefined, consultationId: undefined });
}

function storedAnswers({ role, gradeBand, themes, wishes, preferredSlot, note }: PreRegistrationDraft) {
  return {
    role,
    gradeBand,
    themes: themes ?? [],
    wishes: wishes ?? [],
    preferredSlot,
    note: note === undefined || note.trim() === "" ? undefined : note.trim(),
  };
}
