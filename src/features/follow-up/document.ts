/**
 * `followUps` in the index of a school room; those of drøftinger «bare oss» in the service room's index. Nested: made once with the consultation,
 * then changed key by key. An answer touches `answer`, `answeredAt`, `reason` and `askAgainOn`, never `dueOn`: what was due when stays true.
 */
import type * as Y from "yjs";
import type { FollowUpAnswer } from "../../content/choices.ts";
import { dateOf, type IsoDate, type Moment } from "../../lib/iso-date.ts";
import type { CaseId, FollowUpId } from "../ids.ts";
import { addRecord, readRecords, type Records, setFields } from "../records.ts";
import { askAgainOn, waitsForAnswer } from "./rules.ts";
import { FollowUp, type Side } from "./schema.ts";

export const followUpRoots = ["followUps"] as const;

export function readFollowUps(index: Y.Doc): Records<FollowUp> {
  return readRecords(index.getMap("followUps"), FollowUp);
}

export function addFollowUp(index: Y.Doc, followUp: FollowUp): void {
  addRecord(index.getMap("followUps"), followUp.id, followUp);
}

/** One tap. «Ikke ennå» comes back after `workingDays` working days. Answering again replaces the answer, and its reason. */
export function answerFollowUp(index: Y.Doc, id: FollowUpId, answer: FollowUpAnswer, now: Moment, workingDays: number): void {
  setFields(index.getMap("followUps"), id, {
    answer,
    answeredAt: now,
    reason: undefined,
    askAgainOn: answer === "notYet" ? askAgainOn(dateOf(now), workingDays) : undefined,
  });
}

/** Why, said after the answer. */
export function giveReason(index: Y.Doc, id: FollowUpId, reason: NonNullable<FollowUp["reason"]>): void {
  setFields(index.getMap("followUps"), id, { reason });
}

/** Takes it back to what it was. @param before the follow-up as it stood when it was answered; without it, to open */
export function undoAnswer(index: Y.Doc, id: FollowUpId, before?: FollowUp): void {
  setFields(index.getMap("followUps"), id, {
    answer: before?.answer,
    answeredAt: before?.answeredAt,
    reason: before?.reason,
    askAgainOn: before?.askAgainOn,
  });
}

/** Another date to ask on. */
export function changeFollowUpDate(index: Y.Doc, id: FollowUpId, date: IsoDate): void {
  const postponed = readFollowUps(index).records.some((followUp) => followUp.id === id && followUp.answer === "notYet");
  setFields(index.getMap("followUps"), id, postponed ? { askAgainOn: date } : { dueOn: date });
}

/** Others that it waits on. */
export function changeFollowUpSides(index: Y.Doc, id: FollowUpId, waitsOn: readonly Side[]): void {
  setFields(index.getMap("followUps"), id, { waitsOn: Array.from(waitsOn) });
}

/** The case has been signed up or discussed again: that answers every «Drøfte igjen» it had waiting. */
export function settleDiscussAgain(index: Y.Doc, caseId: CaseId, now: Moment): void {
  for (const followUp of readFollowUps(index).records) {
    if (followUp.caseId === caseId && followUp.kind === "discussAgain" && waitsForAnswer(followUp)) {
      answerFollowUp(index, followUp.id, "yes", now, 1);
    }
  }
}
