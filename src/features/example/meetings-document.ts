import type * as Y from "yjs";
import { exampleContactPersons, exampleMeetings } from "../../content/example-names.ts";
import type { ParticipantRole } from "../../content/meetings.ts";
import type { NewId } from "../../lib/id.ts";
import { minutesOf, momentAt, timeFromMinutes } from "../../lib/iso-date.ts";
import type { Chance } from "../../lib/random.ts";
import { shippedAgenda } from "../meetings/agenda-rules.ts";
import {
  addActionItem,
  addDecision,
  beginMeeting,
  closeAgendaItems,
  endMeeting,
  markNotHeld,
  meetingDocumentId,
  notesOf,
  openAgendaItem,
  prepareMeeting,
  readMeetingDocument,
  readMeetings,
  setNextMeeting,
} from "../meetings/document.ts";
import { freshForm, newConsent, participantsInForm, preparationFrom } from "../meetings/form-rules.ts";
import type { ConsentForm, MeetingForm } from "../meetings/form-schema.ts";
import { isAboutChild, itemsInOrder, newMeetingsId } from "../meetings/rules.ts";
import type { ItemId } from "../meetings/schema.ts";
import { plannedItems } from "../meetings/timer-rules.ts";
import { newReference, type Reference } from "../references.ts";
import { readRoutineRuns } from "../routines/document.ts";
import { stepKeyOf, suspectsViolence } from "../routines/rules.ts";
import type { DocOf } from "./document.ts";
import type { ExampleMeeting, ExampleMinutes } from "./meetings-rules.ts";
import { type ExampleSchool, seededIds } from "./rules.ts";

/** The meetings of a school as the form and the meeting itself write them. The school's runs are there already. */
export function fillExampleMeetings({ school, meetings }: ExampleSchool, chance: Chance, index: Y.Doc, docOf: DocOf): void {
  const newId = seededIds(chance);
  const used: Reference[] = [];
  for (const meeting of meetings) {
    const reference = newReference("meeting", chance, used);
    used.push(reference);
    const doc = docOf(meetingDocumentId(meeting.id));
    const agenda = shippedAgenda(meeting.type);
    const made = { preparedAt: momentAt(meeting.preparedOn, "12:40"), preparedBy: "consultant", version: agenda.version } as const;
    prepareMeeting(index, doc, preparationFrom(formOf(meeting, reference, school.name, index, newId), agenda, made, newId), agenda.items);
    if (meeting.notHeld !== undefined) markNotHeld(index, meeting.id, meeting.notHeld, momentAt(meeting.date, "15:10"));
    if (meeting.minutes !== undefined) hold(meeting, meeting.minutes, index, doc, newId);
  }
}

const names: { readonly [Role in ParticipantRole]?: string } = { contactPerson: exampleContactPersons.investigation, contactTeacher: exampleMeetings.teacher };

function formOf(meeting: ExampleMeeting, reference: Reference, schoolName: string, index: Y.Doc, newId: NewId): MeetingForm {
  const { id, type, date, from, place, purpose, language, of } = meeting;
  const run = readRoutineRuns(index).records.find(({ legs }) => legs.at(-1)?.routine === of?.routine);
  const form: MeetingForm = {
    ...freshForm({ id, reference, place: place ?? schoolName }),
    type,
    date,
    from,
    purpose,
    interpreterNeeded: language !== undefined,
    ...(language === undefined ? {} : { language, bookedBy: "childWelfare" }),
    ownProcedure: meeting.ownProcedure === true || (run !== undefined && suspectsViolence(run)),
    ...(run === undefined || of === undefined ? {} : { runId: run.id, step: stepKeyOf(of.routine, { id: of.step }) }),
  };
  const consents = form.ownProcedure || !isAboutChild(type) ? [] : (["guardian", "otherGuardian"] as const).map((giver) => waiverOf(giver, meeting, newId));
  return { ...form, consents, participants: participantsInForm(form).map((one) => ({ ...one, name: names[one.role] ?? "" })) };
}

function waiverOf(givenBy: "guardian" | "otherGuardian", { preparedOn }: ExampleMeeting, newId: NewId): ConsentForm {
  const how = givenBy === "guardian" ? "written" : "oral";
  return { ...newConsent(newId, preparedOn), kind: "waiver", givenBy, scope: exampleMeetings.waiver, how, obtainedBy: "childWelfare" };
}

/** Held as planned, each item as long as it was given; the minutes are written. */
function hold({ id, date }: ExampleMeeting, { notes, decisions, actions, next }: ExampleMinutes, index: Y.Doc, doc: Y.Doc, newId: NewId): void {
  const meeting = readMeetings(index).records.find((one) => one.id === id);
  if (meeting === undefined) return;
  const items = itemsInOrder(readMeetingDocument(doc).items, false);
  const lengths = plannedItems(items, meeting);
  let minute = minutesOf(meeting.from) + 2;
  const now = () => momentAt(date, timeFromMinutes(minute));
  beginMeeting(index, id, now());
  items.forEach((item, place) => {
    openAgendaItem(doc, { id: newMeetingsId("opening", newId), itemId: item.id }, now());
    writeNotes(doc, item.id, within(notes, item.id) ?? []);
    minute += lengths[place] ?? 0;
    const what = within(decisions, item.id);
    if (what !== undefined) addDecision(doc, { id: newMeetingsId("decision", newId), itemId: item.id, what, decidedAt: now() });
  });
  for (const action of actions) addActionItem(index, { id: newMeetingsId("actionItem", newId), meetingId: id, createdAt: now(), ...action });
  setNextMeeting(index, id, next);
  closeAgendaItems(doc, now());
  endMeeting(index, id, now());
}

function within<Value>(byItem: { readonly [item: string]: Value | undefined }, item: ItemId): Value | undefined {
  return byItem[item];
}

const bullet = "- ";

function writeNotes(doc: Y.Doc, item: ItemId, lines: readonly string[]): void {
  const text = notesOf(doc, item);
  for (const line of lines) {
    const isItem = line.startsWith(bullet);
    text.insert(text.length, isItem ? line.slice(bullet.length) : line, {});
    text.insert(text.length, "\n", isItem ? { kind: "item" } : {});
  }
}
