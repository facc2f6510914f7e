/**
 * `agendaTemplates`, nested, in two indexes: the shelf's for the service, a school's plan room's for the school; each version is one record, made once.
 * `meetingTypes` on the shelf: the adjacent types that the service has switched on, by their id.
 *
 * `meetings` and `actionItems` in the index of a school room, nested. What only those need who open the meeting lies in its own document (kind `meeting`):
 * `participants`, `consents`, `openings`, `decisions`, `approvals` and `corrections`, nested; `agenda`, flat, because two devices may split the same item;
 * `about`, single facts; and for each item what is written under it: the text `notes/<item>`, whose line ends carry the attribute `kind` (`heading`, `item`) and whose characters `bold`.
 */
import * as Y from "yjs";
import { adjacentMeetings, type AdjacentMeeting, type NotHeldReason } from "../../content/meetings.ts";
import type { FollowUpAnswer } from "../../content/choices.ts";
import { documentId } from "../../engine/log/rights.ts";
import { assert } from "../../lib/assert.ts";
import { dateOf, type IsoDate, type Moment, secondAfter } from "../../lib/iso-date.ts";
import { addWorkingDays } from "../../lib/norwegian-calendar.ts";
import { namesCase } from "../cases/rules.ts";
import { type ActionItemId, type AgendaTemplateId, type ApprovalId, type ConsentId, type CorrectionId, type DecisionId, type MeetingId, type OpeningId, type ParticipantId, RoutineRunId } from "../ids.ts";
import { addRecord, isSameValue, readFlatRecords, readRecords, type Records, setFields, setFlatFields, setKeys } from "../records.ts";
import { agendaProblems } from "./agenda-rules.ts";
import { Approval, Correction } from "./minutes-schema.ts";
import { wasOpened } from "./rules.ts";
import {
  ActionItem,
  type AgendaItem,
  AgendaTemplate,
  ConsentRecord,
  Decision,
  type Filing,
  type ItemId,
  Meeting,
  type MeetingFields,
  MeetingItem,
  type NextMeeting,
  Opening,
  Participant,
} from "./schema.ts";

/** In the shelf's index; in a plan room's the first of them. */
export const agendaRoots = ["agendaTemplates", "meetingTypes"] as const;
/** In a school room's index. */
export const meetingRoots = ["meetings", "actionItems"] as const;
/** In a meeting's own document, but for the notes. */
export const meetingDocumentRoots = ["participants", "consents", "agenda", "openings", "decisions", "approvals", "corrections", "about"] as const;

/** The meeting's own document in its school room. */
export function meetingDocumentId(id: MeetingId): string {
  return documentId("meeting", id.slice("meeting-".length));
}

export function readAgendaTemplates(index: Y.Doc): Records<AgendaTemplate> {
  return readRecords(index.getMap("agendaTemplates"), AgendaTemplate);
}

/** A new version. @param index the shelf's for the service's, the plan room's for a school's @param template without problems, see `agendaProblems` */
export function addAgendaTemplate(index: Y.Doc, template: AgendaTemplate): void {
  assert(agendaProblems(template.items).length === 0, "an agenda is looked through before it is saved");
  addRecord(index.getMap("agendaTemplates"), template.id, { ...template, items: template.items.map(plain) });
}

/** Takes a version back within the seconds in which it can be undone. A meeting that was prepared with it has its own copy. */
export function takeBackAgendaTemplate(index: Y.Doc, id: AgendaTemplateId): void {
  index.getMap("agendaTemplates").delete(id);
}

export function readSwitchedOn(shelf: Y.Doc): AdjacentMeeting[] {
  return adjacentMeetings.filter((type) => shelf.getMap("meetingTypes").get(type) === true);
}

export function switchMeetingType(shelf: Y.Doc, type: AdjacentMeeting, isOn: boolean): void {
  setKeys(shelf.getMap("meetingTypes"), { [type]: isOn ? true : undefined });
}

export function readMeetings(index: Y.Doc): Records<Meeting> {
  return readRecords(index.getMap("meetings"), Meeting);
}

/** How many meetings of a run this version cannot read. */
export function countUnreadMeetings(index: Y.Doc, run: RoutineRunId): number {
  return readRecords(index.getMap("meetings"), Meeting, { field: "runId", value: run }).broken.length;
}

/**
 * The runs of which a meeting says that violence is suspected, each with those meetings. A meeting that this device cannot read in whole counts too, and one
 * that was deleted does not.
 */
export function readSuspectedRuns(index: Y.Doc): ReadonlyMap<RoutineRunId, readonly MeetingId[]> {
  const suspected = new Map<RoutineRunId, MeetingId[]>();
  for (const [id, meeting] of index.getMap("meetings")) {
    if (!(meeting instanceof Y.Map) || meeting.get("ownProcedure") !== true || meeting.has("deletedAt")) continue;
    const run = RoutineRunId.safeParse(meeting.get("runId"));
    if (run.success) suspected.set(run.data, [...(suspected.get(run.data) ?? []), id as MeetingId]);
  }
  return suspected;
}

export type MeetingDocument = {
  readonly participants: readonly Participant[];
  readonly consents: readonly ConsentRecord[];
  /** In no order, those taken off the agenda too. */
  readonly items: readonly MeetingItem[];
  readonly openings: readonly Opening[];
  readonly decisions: readonly Decision[];
  readonly approvals: readonly Approval[];
  readonly corrections: readonly Correction[];
  /** Whether the young person is 15 or more. */
  readonly isFifteen: boolean;
};

/** An item that was opened is on the agenda though another device took it off meanwhile: what is written under it belongs in the minutes. */
export function readMeetingDocument(doc: Y.Doc): MeetingDocument {
  const openings = readRecords(doc.getMap("openings"), Opening).records;
  const items = readFlatRecords(doc.getMap("agenda"), MeetingItem).records;
  return {
    participants: readRecords(doc.getMap("participants"), Participant).records,
    consents: readRecords(doc.getMap("consents"), ConsentRecord).records,
    items: items.map((item) => ({ ...item, dropped: item.dropped && !wasOpened(item.id, openings) })),
    openings,
    decisions: readRecords(doc.getMap("decisions"), Decision).records,
    approvals: readRecords(doc.getMap("approvals"), Approval).records,
    corrections: readRecords(doc.getMap("corrections"), Correction).records,
    isFifteen: doc.getMap("about").get("isFifteen") === true,
  };
}

/** What is written under an item, for whoever types in it. */
export function notesOf(doc: Y.Doc, item: ItemId): Y.Text {
  return doc.getText(`notes/${item}`);
}

/** What is settled before a meeting. */
export type Preparation = {
  readonly id: MeetingId;
  readonly meeting: Omit<MeetingFields, "startedAt" | "endedAt" | "notHeld" | "next" | "approved" | "filed" | "deletedAt">;
  readonly participants: readonly Participant[];
  readonly consents: readonly ConsentRecord[];
  readonly isFifteen: boolean;
};

/** @param preparation its texts without a `textProblem` @param items of the agenda as it is now; the meeting keeps a copy @param doc the meeting's own */
export function prepareMeeting(index: Y.Doc, doc: Y.Doc, preparation: Preparation, items: readonly AgendaItem[]): void {
  assertTexts(preparation);
  addRecord(index.getMap("meetings"), preparation.id, preparation.meeting);
  for (const one of preparation.participants) addRecord(doc.getMap("participants"), one.id, one);
  for (const one of preparation.consents) addRecord(doc.getMap("consents"), one.id, one);
  setKeys(doc.getMap("about"), { isFifteen: preparation.isFifteen ? true : undefined });
  items.forEach((item, place) => setFlatFields(doc.getMap("agenda"), item.id, { ...without(item, ["id"]), order: place + 1 }));
}

/** Takes back what has just been prepared: it goes from the documents, names and all; the log keeps what was sealed. */
export function takeBackMeeting(index: Y.Doc, doc: Y.Doc, id: MeetingId): void {
  index.getMap("meetings").delete(id);
  for (const root of meetingDocumentRoots) doc.getMap(root).clear();
}

/** Changes what is settled. Only what differs is written, so that what a colleague changed meanwhile stays. @param before as it stood when the change began */
export function changePreparation(index: Y.Doc, doc: Y.Doc, before: Preparation, after: Preparation): void {
  assertTexts(after);
  writeChanges(index, doc, before, after, () => true);
}

/** Takes such a change back; what a colleague has changed since stays. The same `before` and `after`. */
export function takeBackChange(index: Y.Doc, doc: Y.Doc, before: Preparation, after: Preparation): void {
  writeChanges(index, doc, after, before, isSameValue);
}

type MayWrite = (stored: unknown, from: unknown) => boolean;

function writeChanges(index: Y.Doc, doc: Y.Doc, from: Preparation, to: Preparation, may: MayWrite): void {
  writeFields(index.getMap("meetings"), from.id, from.meeting, to.meeting, may);
  writeList(doc.getMap("participants"), from.participants, to.participants, may);
  writeList(doc.getMap("consents"), from.consents, to.consents, may);
  const about = doc.getMap("about");
  if (from.isFifteen !== to.isFifteen && may(about.get("isFifteen") === true, from.isFifteen)) setKeys(about, { isFifteen: to.isFifteen ? true : undefined });
}

function writeFields(records: Y.Map<unknown>, id: string, from: object, to: object, may: MayWrite): void {
  const record = records.get(id);
  if (!(record instanceof Y.Map)) return;
  const before = new Map(Object.entries(from));
  const after = new Map(Object.entries(to));
  for (const field of new Set([...before.keys(), ...after.keys()])) {
    if (field === "id" || isSameValue(before.get(field), after.get(field)) || !may(record.get(field), before.get(field))) continue;
    setKeys(record, { [field]: after.get(field) });
  }
}

function writeList(records: Y.Map<unknown>, from: readonly { readonly id: string }[], to: readonly { readonly id: string }[], may: MayWrite): void {
  const before = new Map(from.map((one) => [one.id, one]));
  const after = new Map(to.map((one) => [one.id, one]));
  for (const { id } of from) if (!after.has(id)) records.delete(id);
  for (const one of to) {
    const was = before.get(one.id);
    if (was !== undefined) writeFields(records, one.id, was, one, may);
    else if (!records.has(one.id)) addRecord(records, one.id, one);
  }
}

/** The meeting as it is settled now, to change from. */
export function preparationOf(index: Y.Doc, doc: Y.Doc, id: MeetingId): Preparation | null {
  const found = readMeetings(index).records.find((one) => one.id === id);
  if (found === undefined) return null;
  const { date, from } = found;
  const meeting = without(found, ["id", "date", "from", "startedAt", "endedAt", "notHeld", "next", "approved", "filed", "deletedAt"]);
  const { participants, consents, isFifteen } = readMeetingDocument(doc);
  return { id, meeting: { ...meeting, when: { date, from } }, participants, consents, isFifteen };
}

export function markNotHeld(index: Y.Doc, id: MeetingId, reason: NotHeldReason, now: Moment): void {
  setFields(index.getMap("meetings"), id, { notHeld: { reason, at: now } });
}

export function undoNotHeld(index: Y.Doc, id: MeetingId): void {
  setFields(index.getMap("meetings"), id, { notHeld: undefined });
}

/** Violence is suspected, or is not after all. */
export function setOwnProcedure(index: Y.Doc, id: MeetingId, ownProcedure: boolean): void {
  setFields(index.getMap("meetings"), id, { ownProcedure: ownProcedure ? true : undefined });
}

/** How long the meeting is planned to last, without what an interpreter adds. */
export function setPlannedMinutes(index: Y.Doc, id: MeetingId, minutes: number): void {
  setFields(index.getMap("meetings"), id, { plannedMinutes: minutes });
}

/** The first start counts: a colleague who presses it again changes nothing. */
export function beginMeeting(index: Y.Doc, id: MeetingId, now: Moment): void {
  const record = index.getMap("meetings").get(id);
  assert(record instanceof Y.Map, "the meeting to begin exists");
  if (!record.has("startedAt")) record.set("startedAt", now);
}

/** @param now the meeting has no `closingProblems` */
export function endMeeting(index: Y.Doc, id: MeetingId, now: Moment): void {
  setFields(index.getMap("meetings"), id, { endedAt: now });
}

export function reopenMeeting(index: Y.Doc, id: MeetingId): void {
  setFields(index.getMap("meetings"), id, { endedAt: undefined });
}

/** @param next null takes it away again */
export function setNextMeeting(index: Y.Doc, id: MeetingId, next: NextMeeting | null): void {
  setFields(index.getMap("meetings"), id, { next: next ?? undefined });
}

/** The minutes are approved. The index has the mark that lists show. */
export function approveMinutes(index: Y.Doc, doc: Y.Doc, meeting: MeetingId, approval: Approval): void {
  addRecord(doc.getMap("approvals"), approval.id, approval);
  setFields(index.getMap("meetings"), meeting, { approved: { at: approval.at, by: approval.by } });
}

/** Takes an approval back within the seconds in which it can be undone. A colleague's stands, and the mark names whoever was the first of those. */
export function takeBackApproval(index: Y.Doc, doc: Y.Doc, meeting: MeetingId, id: ApprovalId): void {
  doc.getMap("approvals").delete(id);
  const [standing] = readMeetingDocument(doc).approvals.toSorted((a, b) => (a.at + a.id < b.at + b.id ? -1 : 1));
  setFields(index.getMap("meetings"), meeting, { approved: standing === undefined ? undefined : { at: standing.at, by: standing.by } });
}

/**
 * Answers a proposal. It comes after all that is answered already, though a colleague's clock was ahead, or it was in the same second: of two answers about
 * one section the later holds.
 */
export function addCorrection(doc: Y.Doc, correction: Correction): void {
  const latest = readRecords(doc.getMap("corrections"), Correction).records.reduce((at, one) => (one.at > at ? one.at : at), "");
  addRecord(doc.getMap("corrections"), correction.id, { ...correction, at: latest < correction.at ? correction.at : secondAfter(latest) });
}

/** Takes a correction back within the seconds in which it can be undone. */
export function takeBackCorrection(doc: Y.Doc, id: CorrectionId): void {
  doc.getMap("corrections").delete(id);
}

/** @param filed null takes it away again */
export function markFiled(index: Y.Doc, id: MeetingId, filed: Filing | null): void {
  setFields(index.getMap("meetings"), id, { filed: filed ?? undefined });
}

/** Hides a meeting for all. @param now null takes it back */
export function deleteMeeting(index: Y.Doc, id: MeetingId, now: Moment | null): void {
  setFields(index.getMap("meetings"), id, { deletedAt: now ?? undefined });
}

export function addParticipant(doc: Y.Doc, participant: Participant): void {
  addRecord(doc.getMap("participants"), participant.id, participant);
}

/** @param changes undefined takes a field away */
export function changeParticipant(doc: Y.Doc, id: ParticipantId, changes: { [Field in Exclude<keyof Participant, "id">]?: Participant[Field] | undefined }): void {
  setFields(doc.getMap("participants"), id, changes);
}

export function addConsent(doc: Y.Doc, consent: ConsentRecord): void {
  addRecord(doc.getMap("consents"), consent.id, consent);
}

/** @param on null when it was not withdrawn after all */
export function withdrawConsent(doc: Y.Doc, id: ConsentId, on: IsoDate | null): void {
  setFields(doc.getMap("consents"), id, { withdrawnOn: on ?? undefined });
}

/** @param item with its place: see `orderBetween` */
export function addItem(doc: Y.Doc, item: AgendaItem & { readonly order: number }): void {
  setFlatFields(doc.getMap("agenda"), item.id, without(item, ["id"]));
}

/** Takes back what has just been added. */
export function removeItem(doc: Y.Doc, id: ItemId): void {
  const agenda = doc.getMap("agenda");
  for (const key of Array.from(agenda.keys())) if (key.startsWith(`${id}/`)) agenda.delete(key);
}

/** What can be changed of an item; undefined takes a field away. */
export type ItemChanges = { readonly [Field in "title" | "minutes" | "owner" | "involvesParents" | "order"]?: MeetingItem[Field] | undefined };

export function changeItem(doc: Y.Doc, id: ItemId, changes: ItemChanges): void {
  assertItem(doc, id);
  setFlatFields(doc.getMap("agenda"), id, changes);
}

/** Takes such a change back; what a colleague has changed since stays. @param before what the changed fields were */
export function takeBackItemChange(doc: Y.Doc, id: ItemId, before: ItemChanges, changes: ItemChanges): void {
  const agenda = doc.getMap("agenda");
  const own = Object.entries(changes).filter(([field, value]) => isSameValue(agenda.get(`${id}/${field}`), value));
  const fields = new Set(own.map(([field]) => field));
  setFlatFields(agenda, id, Object.fromEntries(Object.entries(before).filter(([field]) => fields.has(field))));
}

/** Takes an item off the agenda; what was written under it stays, and comes back with it. */
export function dropItem(doc: Y.Doc, id: ItemId, dropped = true): void {
  assertItem(doc, id);
  setFlatFields(doc.getMap("agenda"), id, { dropped: dropped ? true : undefined });
}

/**
 * «Separate samtaler»: the item becomes two talks that share its minutes. Its notes stay with the first. Twice, or on two devices at once, it is the same two.
 * @param order of the second, between the item and the next: see `orderBetween`
 */
export function splitItem(doc: Y.Doc, id: ItemId, order: number): void {
  const item = readMeetingDocument(doc).items.find((one) => one.id === id);
  assert(item !== undefined, "the item to split exists");
  if (item.talk !== undefined) return;
  const firstMinutes = Math.ceil(item.minutes / 2);
  setFlatFields(doc.getMap("agenda"), id, { talk: "first", minutes: firstMinutes });
  setFlatFields(doc.getMap("agenda"), secondTalk(id), { ...without(item, ["id", "dropped"]), talk: "second", minutes: item.minutes - firstMinutes, order });
}

/** One talk again. @returns whether it was done: the second has nothing written under it, was never open and has no decision */
export function uniteItem(doc: Y.Doc, id: ItemId): boolean {
  const { items, openings, decisions } = readMeetingDocument(doc);
  const [first, second] = [id, secondTalk(id)].map((itemId) => items.find((one) => one.id === itemId));
  if (first === undefined || second === undefined) return false;
  if (notesOf(doc, second.id).length > 0 || [...openings, ...decisions].some(({ itemId }) => itemId === second.id)) return false;
  setFlatFields(doc.getMap("agenda"), id, { talk: undefined, minutes: first.minutes + second.minutes });
  removeItem(doc, second.id);
  return true;
}

function secondTalk(id: ItemId): ItemId {
  return `${id}-second`;
}

/** Makes an item the open one: what was open closes. */
export function openAgendaItem(doc: Y.Doc, opening: { readonly id: OpeningId; readonly itemId: ItemId }, now: Moment): void {
  closeAgendaItems(doc, now);
  addRecord(doc.getMap("openings"), opening.id, { itemId: opening.itemId, openedAt: now });
}

/** Closes whatever is open: the last item, or a pause. */
export function closeAgendaItems(doc: Y.Doc, now: Moment): void {
  for (const { id, closedAt } of readMeetingDocument(doc).openings) if (closedAt === undefined) setFields(doc.getMap("openings"), id, { closedAt: now });
}

export function addDecision(doc: Y.Doc, decision: Decision): void {
  addRecord(doc.getMap("decisions"), decision.id, decision);
}

export function removeDecision(doc: Y.Doc, id: DecisionId): void {
  doc.getMap("decisions").delete(id);
}

export function readActionItems(index: Y.Doc): Records<ActionItem> {
  return readRecords(index.getMap("actionItems"), ActionItem);
}

export function addActionItem(index: Y.Doc, item: Omit<ActionItem, "answered" | "askOn">): void {
  addRecord(index.getMap("actionItems"), item.id, item);
}

export function removeActionItem(index: Y.Doc, id: ActionItemId): void {
  index.getMap("actionItems").delete(id);
}

/** One tap, as on a follow-up: «ikke ennå» comes back after so many working days. Answering again replaces the answer, and its reason. */
export function answerActionItem(index: Y.Doc, id: ActionItemId, answer: FollowUpAnswer, now: Moment, workingDays: number): void {
  const askAgain = answer === "notYet" ? { askAgainOn: addWorkingDays(dateOf(now), workingDays) } : {};
  setFields(index.getMap("actionItems"), id, { answered: { answer, answeredAt: now, ...askAgain } });
}

/** Why, said after the answer. Without an answer there is nothing to give a reason for. */
export function giveActionReason(index: Y.Doc, id: ActionItemId, reason: NonNullable<NonNullable<ActionItem["answered"]>["reason"]>): void {
  const answered = readActionItems(index).records.find((one) => one.id === id)?.answered;
  if (answered !== undefined) setFields(index.getMap("actionItems"), id, { answered: { ...answered, reason } });
}

/** Another date to ask on: of what was put off, when it comes back. What the meeting agreed stays. */
export function changeActionDate(index: Y.Doc, id: ActionItemId, date: IsoDate): void {
  const answered = readActionItems(index).records.find((one) => one.id === id)?.answered;
  if (answered?.answer === "notYet") setFields(index.getMap("actionItems"), id, { answered: { ...answered, askAgainOn: date } });
  else setFields(index.getMap("actionItems"), id, { askOn: date });
}

/** Takes such a change back. @param before the item as it stood */
export function undoActionDate(index: Y.Doc, before: ActionItem): void {
  if (before.answered?.answer === "notYet") undoActionAnswer(index, before);
  else setFields(index.getMap("actionItems"), before.id, { askOn: before.askOn });
}

/** Takes an answer back to what it was. @param before the item as it stood */
export function undoActionAnswer(index: Y.Doc, before: ActionItem): void {
  setFields(index.getMap("actionItems"), before.id, { answered: before.answered });
}

function without<T extends object, Field extends keyof T & string>(record: T, fields: readonly Field[]): Omit<T, Field> {
  const left: readonly string[] = fields;
  return Object.fromEntries(Object.entries(record).filter(([field]) => !left.includes(field))) as Omit<T, Field>;
}

/** Only what an item has: Yjs keeps a field that is undefined, and a copy would then differ from its original. */
function plain(item: AgendaItem): AgendaItem {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined)) as AgendaItem;
}

/** See [Note: no way to a drøfting] in routines/schema.ts. */
function assertTexts({ meeting, participants, consents }: Preparation): void {
  const texts = [meeting.place, meeting.purpose, meeting.interpreter?.language, ...participants.map(({ name }) => name), ...consents.map(({ scope }) => scope)];
  assert(!texts.some((text) => text !== undefined && namesCase(text)), "what is written is looked through before it is saved");
}

function assertItem(doc: Y.Doc, id: ItemId): void {
  assert(doc.getMap("agenda").has(`${id}/owner`), "the item to change exists");
}
