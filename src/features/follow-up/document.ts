/**
 * `followUps` in the index of a school room; those of drøftinger «bare oss» in the service room's index. Nested: made once with the consultation,
 * then changed key by key. An answer is the one key `answered` and never touches `dueOn`: what was due when stays true.
 */
import type * as Y from "yjs";
import type { FollowUpAnswer } from "../../content/choices.ts";
import { dateOf, type IsoDate, type Moment } from "../../lib/iso-date.ts";
import type { CaseId, FollowUpId } from "../ids.ts";
import { addRecord, isSameValue, readRecords, type Records, setFields } from "../records.ts";
import { askAgainOn, involvesParents, waitsForAnswer } from "./rules.ts";
import { type Answer, FollowUp } from "./schema.ts";

export const followUpRoots = ["followUps"] as const;

/** @param caseId only this case's */
export function readFollowUps(index: Y.Doc, caseId?: CaseId): Records<FollowUp> {
  return readRecords(index.getMap("followUps"), FollowUp, caseId && { field: "caseId", value: caseId });
}

/** @param followUp without an answer: it is new */
export function addFollowUp(index: Y.Doc, followUp: Omit<FollowUp, keyof Answer>): void {
  addRecord(index.getMap("followUps"), followUp.id, followUp);
}

/** One tap. «Ikke ennå» comes back after `workingDays` working days. Answering again replaces the answer, and its reason. */
export function answerFollowUp(index: Y.Doc, id: FollowUpId, answer: FollowUpAnswer, now: Moment, workingDays: number): void {
  setAnswer(index, id, { answer, answeredAt: now, ...(answer === "notYet" ? { askAgainOn: askAgainOn(dateOf(now), workingDays) } : {}) });
}

/** Why, said after the answer. Without an answer there is nothing to give a reason for. */
export function giveReason(index: Y.Doc, id: FollowUpId, reason: NonNullable<FollowUp["reason"]>): void {
  const answer = answerOf(index, id);
  if (answer !== null) setAnswer(index, id, { ...answer, reason });
}

/** Takes it back to what it was. @param before the follow-up as it stood when it was answered; without it, to open */
export function undoAnswer(index: Y.Doc, id: FollowUpId, before?: FollowUp): void {
  setAnswer(index, id, before === undefined ? null : answerIn(before));
}

/** Another date to ask on. */
export function changeFollowUpDate(index: Y.Doc, id: FollowUpId, date: IsoDate): void {
  const answer = answerOf(index, id);
  if (answer?.answer === "notYet") setAnswer(index, id, { ...answer, askAgainOn: date });
  else setFields(index.getMap("followUps"), id, { dueOn: date });
}

/** What was answered by itself: the follow-up as it stood, and the answer that it got. */
export type Settled = { readonly before: FollowUp; readonly answer: Answer };

/** The case has been signed up or discussed again: that answers every «Drøfte igjen» it had waiting. @returns what it answered */
export function settleDiscussAgain(index: Y.Doc, caseId: CaseId, now: Moment): Settled[] {
  return settle(index, caseId, ({ kind }) => kind === "discussAgain", { answer: "yes", answeredAt: now });
}

/** Violence is or may be suspected: nothing of the case may ask anyone to talk with the parents. @returns what it answered */
export function settleParentTalks(index: Y.Doc, caseId: CaseId, now: Moment): Settled[] {
  return settle(index, caseId, involvesParents, { answer: "noLongerRelevant", answeredAt: now, reason: "situationChanged" });
}

function settle(index: Y.Doc, caseId: CaseId, isMeant: (followUp: FollowUp) => boolean, answer: Answer): Settled[] {
  return readFollowUps(index, caseId)
    .records.filter((followUp) => waitsForAnswer(followUp) && isMeant(followUp))
    .map((before) => {
      setAnswer(index, before.id, answer);
      return { before, answer };
    });
}

/** Takes those back whose answer still is the one they got: what a person has answered since stays. */
export function undoSettled(index: Y.Doc, settled: readonly Settled[]): void {
  for (const { before, answer } of settled) {
    if (isSameValue(answerOf(index, before.id), answer)) undoAnswer(index, before.id, before);
  }
}

function setAnswer(index: Y.Doc, id: FollowUpId, answered: Answer | null): void {
  setFields(index.getMap("followUps"), id, { answered: answered ?? undefined });
}

function answerOf(index: Y.Doc, id: FollowUpId): Answer | null {
  const followUp = readFollowUps(index).records.find((one) => one.id === id);
  return followUp === undefined ? null : answerIn(followUp);
}

function answerIn({ answer, answeredAt, reason, askAgainOn }: FollowUp): Answer | null {
  if (answer === undefined || answeredAt === undefined) return null;
  return { answer, answeredAt, ...(reason === undefined ? {} : { reason }), ...(askAgainOn === undefined ? {} : { askAgainOn }) };
}
