import { caseMeetings, type ConsentGiver, type MeetingSide, type MeetingType, type ParticipantRole, participantRoles, shippedAgendas, sideOfRole } from "../../content/meetings.ts";
import type { NewId } from "../../lib/id.ts";
import { type IsoDate, momentAt } from "../../lib/iso-date.ts";
import { namesCase } from "../cases/rules.ts";
import type { ActionItemId, ApprovalId, ConsentId, CorrectionId, DecisionId, MeetingId, OpeningId, ParticipantId } from "../ids.ts";
import { suspectsViolence } from "../routines/rules.ts";
import type { RoutineRun } from "../routines/schema.ts";
import { withPartMoved } from "../templates/rules.ts";
import type { ActionItem, ConsentRecord, Decision, Interpreter, ItemId, Meeting, MeetingItem, Opening, Participant } from "./schema.ts";

const prefixes = { meeting: "meeting", participant: "participant", consent: "consent", opening: "opening", decision: "decision", actionItem: "action", approval: "approval", correction: "correction" } as const;
type MeetingIds = {
  meeting: MeetingId;
  participant: ParticipantId;
  consent: ConsentId;
  opening: OpeningId;
  decision: DecisionId;
  actionItem: ActionItemId;
  approval: ApprovalId;
  correction: CorrectionId;
};

/** A new id of anything of a meeting's: it says in itself what it is of. */
export function newMeetingsId<Kind extends keyof MeetingIds>(kind: Kind, newId: NewId): MeetingIds[Kind] {
  return `${prefixes[kind]}-${newId()}` as MeetingIds[Kind];
}

export type MeetingState = "planned" | "open" | "held" | "notHeld";

/** What has happened to it. A meeting that was begun counts as begun, whatever another device said meanwhile. */
export function meetingState({ startedAt, endedAt, notHeld }: Meeting): MeetingState {
  if (endedAt !== undefined) return "held";
  if (startedAt !== undefined) return "open";
  return notHeld === undefined ? "planned" : "notHeld";
}

export function meetingsInOrder(meetings: readonly Meeting[]): Meeting[] {
  return Array.from(meetings).sort((a, b) => (momentAt(a.date, a.from) + a.id < momentAt(b.date, b.from) + b.id ? -1 : 1));
}

/** Those that are still to be held or are under way, and those that are over or whose day has passed, the latest first. */
export function comingAndPast(meetings: readonly Meeting[], today: IsoDate): { coming: Meeting[]; past: Meeting[] } {
  const isComing = (meeting: Meeting) => meetingState(meeting) === "open" || (meetingState(meeting) === "planned" && meeting.date >= today);
  const inOrder = meetingsInOrder(meetings);
  return { coming: inOrder.filter(isComing), past: inOrder.filter((meeting) => !isComing(meeting)).reverse() };
}

type Suspected = Pick<RoutineRun, "legs" | "suspectedIn">;

/**
 * Whether violence or abuse is suspected, said of the meeting or of the routine run that it belongs to: the run's switch to B, and what is said of one of its
 * meetings, reaches all of them at once.
 * @param run the meeting's; null when it has none, or when it is not here
 */
export function isOwnProcedure(meeting: Pick<Meeting, "ownProcedure">, run: Suspected | null): boolean {
  return meeting.ownProcedure === true || (run !== null && suspectsViolence(run));
}

/** Whether its run says so of a meeting, whatever is said of the meeting itself. */
export function isSuspectedElsewhere(meeting: MeetingId, run: Suspected): boolean {
  return suspectsViolence({ legs: run.legs, suspectedIn: (run.suspectedIn ?? []).filter((id) => id !== meeting) });
}

const caseTypes: readonly MeetingType[] = caseMeetings;

/** Meetings about one child, where violence can be suspected of somebody near it. */
export function isAboutChild(type: MeetingType): boolean {
  return caseTypes.includes(type) || meetsParents(type);
}

/** Whether the parents belong in such a meeting, when nothing speaks against it. */
export function meetsParents(type: MeetingType): boolean {
  const participants: readonly ParticipantRole[] = shippedAgendas[type].participants;
  return participants.includes("guardian");
}

/** What is handed or read to the parents. Never where violence is suspected: what reaches a home may harm the child. */
export type ParentSurface = "invitation" | "takeHome";

export function offersParentSurface(surface: ParentSurface, type: MeetingType, ownProcedure: boolean): boolean {
  return !ownProcedure && (surface === "invitation" || meetsParents(type));
}

export function sideOf({ role, side }: Pick<Participant, "role" | "side">): MeetingSide {
  return side ?? sideOfRole[role];
}

/** Those who are asked to come, by role. Where violence is suspected nobody on the parents' side is, though another device may have written them down. */
export function participantsOf<One extends Pick<Participant, "role" | "side">>(participants: readonly One[], ownProcedure: boolean): One[] {
  return participants
    .filter((one) => !(ownProcedure && sideOf(one) === "guardians"))
    .sort((a, b) => participantRoles.indexOf(a.role) - participantRoles.indexOf(b.role));
}

/** The action items that are shown: where violence is suspected none is the parents'. */
export function actionItemsOf(items: readonly ActionItem[], meeting: MeetingId, ownProcedure: boolean): ActionItem[] {
  return items
    .filter(({ meetingId, side }) => meetingId === meeting && !(ownProcedure && side === "guardians"))
    .sort((a, b) => (a.createdAt + a.id < b.createdAt + b.id ? -1 : 1));
}

/** What was decided under an item, in time. */
export function decisionsOf(decisions: readonly Decision[], item: ItemId): Decision[] {
  return decisions.filter(({ itemId }) => itemId === item).sort((a, b) => (a.decidedAt + a.id < b.decidedAt + b.id ? -1 : 1));
}

/** Whether an interpreter takes part: needed, and not refused. */
export function hasInterpreter(interpreter: Interpreter | undefined): boolean {
  return interpreter?.needed === true && interpreter.refusedReason === undefined;
}

const interpreterFactor = 1.5;
const minuteStep = 5;

/** Minutes with what an interpreter adds: half as much again, to the nearest five. */
export function minutesWithInterpreter(minutes: number, interpreter: Interpreter | undefined): number {
  return hasInterpreter(interpreter) ? Math.round((minutes * interpreterFactor) / minuteStep) * minuteStep : minutes;
}

/** Who is asked: both parents, and from 15 the young person first of all (barnevernsloven § 12-3). */
export function consentsNeeded(isFifteen: boolean): ConsentGiver[] {
  return isFifteen ? ["youngPerson", "guardian", "otherGuardian"] : ["guardian", "otherGuardian"];
}

/** Whether a consent or waiver holds on a day. */
export function holds({ givenOn, withdrawnOn }: Pick<ConsentRecord, "givenOn" | "withdrawnOn">, on: IsoDate): boolean {
  return givenOn <= on && (withdrawnOn === undefined || withdrawnOn > on);
}

/** Those of whom no waiver of confidentiality holds on the day of the meeting. */
export function waiversMissing(consents: readonly ConsentRecord[], meeting: Pick<Meeting, "date">, isFifteen: boolean): ConsentGiver[] {
  const given = new Set(consents.filter((one) => one.kind === "waiver" && holds(one, meeting.date)).map(({ givenBy }) => givenBy));
  return consentsNeeded(isFifteen).filter((giver) => !given.has(giver));
}

/** Who may obtain a consent: where violence is suspected only the child welfare service, in its own first talks. */
export function mayObtainConsent(obtainedBy: ConsentRecord["obtainedBy"], ownProcedure: boolean): boolean {
  return !ownProcedure || obtainedBy === "childWelfare";
}

export type PreparationGap = "chair" | "minuteTaker" | "purpose" | "interpreterLanguage" | "interpreterBooker" | "waiver";

/** What is not settled beforehand, the commonest complaints first. None of it stops anything. Where violence is suspected nobody here is to ask for a waiver. */
export function preparationGaps(meeting: Meeting, consents: readonly ConsentRecord[], { isFifteen, ownProcedure }: { isFifteen: boolean; ownProcedure: boolean }): PreparationGap[] {
  const { interpreter } = meeting;
  const gaps: PreparationGap[] = [];
  if (meeting.chair === undefined) gaps.push("chair");
  if (meeting.minuteTaker === undefined) gaps.push("minuteTaker");
  if (meeting.purpose === undefined) gaps.push("purpose");
  if (hasInterpreter(interpreter) && interpreter?.language === undefined) gaps.push("interpreterLanguage");
  if (hasInterpreter(interpreter) && interpreter?.bookedBy === undefined) gaps.push("interpreterBooker");
  if (isAboutChild(meeting.type) && !ownProcedure && waiversMissing(consents, meeting, isFifteen).length > 0) gaps.push("waiver");
  return gaps;
}

/** Why a meeting cannot be closed yet: it needs a next date, or a reason for having none. */
export function closingProblems({ next, date }: Pick<Meeting, "next" | "date">): ("nextMissing" | "nextNotLater")[] {
  if (next === undefined) return ["nextMissing"];
  return "date" in next && next.date <= date ? ["nextNotLater"] : [];
}

/** Why a text cannot be taken. @param longest in characters */
export function textProblem(text: string, longest: number): "tooLong" | "namesCase" | null {
  if (text.length > longest) return "tooLong";
  return namesCase(text) ? "namesCase" : null;
}

/** The items of a meeting in order. */
export function itemsInOrder(items: readonly MeetingItem[], ownProcedure: boolean): MeetingItem[] {
  return items
    .filter(({ dropped, involvesParents }) => !dropped && !(ownProcedure && involvesParents))
    .sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));
}

/** A place between two items, or at an end. */
export function orderBetween(before: Pick<MeetingItem, "order"> | undefined, after: Pick<MeetingItem, "order"> | undefined): number {
  if (before === undefined) return after === undefined ? 1 : after.order - 1;
  return after === undefined ? before.order + 1 : (before.order + after.order) / 2;
}

/** The places that change when an item goes one up or down: its own, or all of them where two devices gave the same place. @param items in order, those that are shown */
export function placesAfterMove(items: readonly MeetingItem[], moved: MeetingItem, by: -1 | 1): Pick<MeetingItem, "id" | "order">[] {
  const after = withPartMoved(items, moved, by);
  const at = after.findIndex(({ id }) => id === moved.id);
  const [previous, next] = [after[at - 1], after[at + 1]];
  const order = orderBetween(previous, next);
  const isBetween = (previous === undefined || previous.order < order) && (next === undefined || order < next.order);
  return isBetween ? [{ id: moved.id, order }] : after.map(({ id }, place) => ({ id, order: place + 1 }));
}

export function wasOpened(item: ItemId, openings: readonly Opening[]): boolean {
  return openings.some(({ itemId }) => itemId === item);
}

/** Those that were taken off the agenda and can come back. */
export function itemsTakenOff(items: readonly MeetingItem[], ownProcedure: boolean): MeetingItem[] {
  return itemsInOrder(
    items.filter(({ dropped }) => dropped).map((item) => ({ ...item, dropped: false })),
    ownProcedure,
  );
}
