import { expect, test } from "vitest";
import * as Y from "yjs";
import { copyOf, idOf, meet } from "../features.test-data.ts";
import type { ActionItemId, AgendaTemplateId, DecisionId, MeetingId, OpeningId, ParticipantId, RoutineRunId } from "../ids.ts";
import { serviceAgenda, shippedAgenda } from "./agenda-rules.ts";
import {
  addActionItem,
  addAgendaTemplate,
  addConsent,
  addDecision,
  addItem,
  addParticipant,
  answerActionItem,
  beginMeeting,
  changeActionDate,
  changeItem,
  changeParticipant,
  deleteMeeting,
  changePreparation,
  closeAgendaItems,
  countUnreadMeetings,
  dropItem,
  endMeeting,
  giveActionReason,
  markFiled,
  markNotHeld,
  meetingDocumentId,
  notesOf,
  openAgendaItem,
  preparationOf,
  prepareMeeting,
  readActionItems,
  readAgendaTemplates,
  readMeetingDocument,
  readMeetings,
  readSwitchedOn,
  removeItem,
  reopenMeeting,
  setNextMeeting,
  setOwnProcedure,
  setPlannedMinutes,
  splitItem,
  switchMeetingType,
  takeBackAgendaTemplate,
  takeBackChange,
  takeBackItemChange,
  takeBackMeeting,
  undoActionAnswer,
  undoActionDate,
  undoNotHeld,
  uniteItem,
  withdrawConsent,
} from "./document.ts";
import { meetingId, meetingOf, preparation, waiverOf } from "./meetings.test-data.ts";
import { contentText } from "./minutes-content-schema.ts";
import { minutesContent } from "./minutes-document.ts";
import { itemsInOrder, meetingState } from "./rules.ts";
import type { Meeting, Participant } from "./schema.ts";
import { openItem, secondsUsed } from "./timer-rules.ts";

type Device = { index: Y.Doc; doc: Y.Doc };
const participantOf = (number: number, role: Participant["role"], name?: string): Participant => ({
  id: `participant-${idOf(number)}` as ParticipantId,
  role,
  ...(name === undefined ? {} : { name }),
});
const beginning = preparation({ chair: "consultant" }, { participants: [participantOf(1, "guardian"), participantOf(2, "contactTeacher", "Tora Lærer")], consents: [waiverOf(1)] });
const now = "2026-12-03T14:00:00";
const opening = (number: number, itemId: string) => ({ id: `opening-${idOf(number)}` as OpeningId, itemId });

/** A prepared start-up meeting on one device, and a second device that has it too. */
function twoDevices(): [Device, Device] {
  const tablet = { index: new Y.Doc(), doc: new Y.Doc() };
  prepareMeeting(tablet.index, tablet.doc, beginning, shippedAgenda("startupMeeting").items);
  return [tablet, { index: copyOf(tablet.index), doc: copyOf(tablet.doc) }];
}

function only({ index }: Device): Meeting {
  const { records, broken } = readMeetings(index);
  expect(broken).toEqual([]);
  expect(records).toHaveLength(1);
  return records[0]!;
}

/** Both devices, after they have met; they must say the same. */
function met(one: Device, other: Device): Meeting {
  meet(one.index, other.index);
  meet(one.doc, other.doc);
  expect(only(other)).toEqual(only(one));
  expect(readMeetingDocument(other.doc)).toEqual(readMeetingDocument(one.doc));
  return only(one);
}

const idsOf = ({ doc }: Device) => itemsInOrder(readMeetingDocument(doc).items, false).map(({ id }) => id);

test("a meeting is read as it was prepared, with a copy of the items and the version", () => {
  const [tablet] = twoDevices();
  expect(only(tablet)).toEqual(meetingOf({ chair: "consultant" }));
  const { items, participants, consents, isFifteen } = readMeetingDocument(tablet.doc);
  expect(itemsInOrder(items, false)).toEqual(shippedAgenda("startupMeeting").items.map((item, place) => ({ ...item, order: place + 1, dropped: false })));
  expect({ participants, consents, isFifteen }).toEqual({ participants: beginning.participants, consents: beginning.consents, isFifteen: false });
  expect(preparationOf(tablet.index, tablet.doc, meetingId)).toEqual(beginning);
  expect(meetingDocumentId(meetingId)).toBe(`03${idOf(1)}`);
});

test("a meeting keeps the version it began with, though the service changes the agenda meanwhile", () => {
  const shelf = new Y.Doc();
  const [tablet] = twoDevices();
  const before = idsOf(tablet);
  const id = `agenda-${idOf(5)}` as AgendaTemplateId;
  addAgendaTemplate(shelf, {
    id,
    type: "startupMeeting",
    basedOn: "shipped-startupMeeting-1",
    madeAt: "2026-11-26T10:00:00",
    items: [{ id: "purposeAndFrames", minutes: 20, owner: "chair", involvesParents: false }],
  });
  expect(serviceAgenda("startupMeeting", readAgendaTemplates(shelf).records).template).toEqual({
    type: "startupMeeting",
    version: id,
    items: [{ id: "purposeAndFrames", minutes: 20, owner: "chair", involvesParents: false }],
  });
  expect(idsOf(tablet)).toEqual(before);
  expect(only(tablet).agenda).toBe("shipped-startupMeeting-1");
  takeBackAgendaTemplate(shelf, id);
  expect(readAgendaTemplates(shelf)).toEqual({ records: [], broken: [] });
});

test("the types that a service switches on, on two devices at once", () => {
  const shelf = new Y.Doc();
  const other = copyOf(shelf);
  switchMeetingType(shelf, "familyCouncil", true);
  switchMeetingType(other, "responsibilityGroup", true);
  meet(shelf, other);
  expect(readSwitchedOn(other)).toEqual(["responsibilityGroup", "familyCouncil"]);
  switchMeetingType(other, "familyCouncil", false);
  expect(readSwitchedOn(other)).toEqual(["responsibilityGroup"]);
});

test("two who change what is settled keep both", () => {
  const [tablet, phone] = twoDevices();
  const { meeting } = preparation({ chair: "consultant", when: { date: "2026-12-10", from: "13:00" }, purpose: "Gå gjennom meldingen" });
  changePreparation(tablet.index, tablet.doc, beginning, { ...beginning, meeting, participants: [participantOf(2, "contactTeacher", "Tora Lærer"), participantOf(3, "ppt")] });
  changePreparation(phone.index, phone.doc, beginning, {
    ...beginning,
    meeting: { ...beginning.meeting, place: "Møterom 2", interpreter: { needed: true, language: "somali" } },
    participants: [participantOf(1, "guardian"), participantOf(2, "contactTeacher", "Tora Tang")],
    isFifteen: true,
  });
  expect(met(tablet, phone)).toMatchObject({ date: "2026-12-10", from: "13:00", place: "Møterom 2", interpreter: { language: "somali" }, purpose: "Gå gjennom meldingen" });
  const { participants, isFifteen } = readMeetingDocument(phone.doc);
  expect(participants.map(({ role, name }) => [role, name])).toEqual([
    ["contactTeacher", "Tora Tang"],
    ["ppt", undefined],
  ]);
  expect(isFifteen).toBe(true);
});

test("a change is taken back, but for what a colleague has changed since", () => {
  const [tablet, phone] = twoDevices();
  const after = {
    ...beginning,
    meeting: { ...preparation().meeting, place: "Møterom 2", minuteTaker: "socialTeacher" as const },
    participants: [participantOf(1, "guardian"), participantOf(3, "ppt")],
    consents: [],
    isFifteen: true,
  };
  changePreparation(tablet.index, tablet.doc, beginning, after);
  meet(tablet.index, phone.index);
  changePreparation(phone.index, phone.doc, after, { ...after, meeting: { ...after.meeting, place: "Biblioteket" } });
  meet(tablet.index, phone.index);
  takeBackChange(tablet.index, tablet.doc, beginning, after);
  const meeting = met(tablet, phone);
  expect(meeting).toMatchObject({ place: "Biblioteket", chair: "consultant" });
  expect(meeting).not.toHaveProperty("minuteTaker");
  expect(preparationOf(tablet.index, tablet.doc, meetingId)).toEqual({ ...beginning, meeting: { ...beginning.meeting, place: "Biblioteket" } });
});

test("what has just been prepared is taken back, names and all", () => {
  const [tablet] = twoDevices();
  takeBackMeeting(tablet.index, tablet.doc, meetingId);
  expect(readMeetings(tablet.index)).toEqual({ records: [], broken: [] });
  expect(JSON.stringify(readMeetingDocument(tablet.doc))).not.toContain("Tora");
});

test("begun offline on one device and «ikke holdt» on another: it was begun", () => {
  const [tablet, phone] = twoDevices();
  beginMeeting(tablet.index, meetingId, now);
  markNotHeld(phone.index, meetingId, "capacity", "2026-12-03T14:05:00");
  expect(meetingState(only(phone))).toBe("notHeld");
  expect(meetingState(met(tablet, phone))).toBe("open");
  undoNotHeld(phone.index, meetingId);
  beginMeeting(phone.index, meetingId, "2026-12-03T14:09:00");
  expect(met(tablet, phone)).toEqual(meetingOf({ chair: "consultant", startedAt: now }));
});

test("violence is suspected on one device while the other goes on: both have it", () => {
  const [tablet, phone] = twoDevices();
  setOwnProcedure(tablet.index, meetingId, true);
  setNextMeeting(phone.index, meetingId, { date: "2026-12-17" });
  expect(met(tablet, phone)).toMatchObject({ ownProcedure: true, next: { date: "2026-12-17" } });
  setOwnProcedure(phone.index, meetingId, false);
  setNextMeeting(phone.index, meetingId, { reason: "lastMeeting" });
  const meeting = met(tablet, phone);
  expect(meeting).not.toHaveProperty("ownProcedure");
  expect(meeting.next).toEqual({ reason: "lastMeeting" });
});

test("ended, filed and deleted, and each taken back", () => {
  const [tablet, phone] = twoDevices();
  beginMeeting(tablet.index, meetingId, now);
  endMeeting(tablet.index, meetingId, "2026-12-03T15:30:00");
  const filed = { outcome: "transferred", on: "2026-12-04", where: "Fagsystemet", markedAt: "2026-12-04T08:00:00" } as const;
  markFiled(tablet.index, meetingId, filed);
  deleteMeeting(tablet.index, meetingId, "2026-12-04T08:01:00");
  expect(met(tablet, phone)).toMatchObject({ endedAt: "2026-12-03T15:30:00", filed, deletedAt: "2026-12-04T08:01:00" });
  deleteMeeting(phone.index, meetingId, null);
  markFiled(phone.index, meetingId, null);
  reopenMeeting(phone.index, meetingId);
  setNextMeeting(phone.index, meetingId, null);
  expect(met(tablet, phone)).toEqual(meetingOf({ chair: "consultant", startedAt: now }));
});

test("participants and consents of two devices are all there", () => {
  const [tablet, phone] = twoDevices();
  addParticipant(tablet.doc, participantOf(3, "ppt"));
  changeParticipant(phone.doc, participantOf(1, "guardian").id, { name: "Ola Nordmann" });
  addConsent(phone.doc, waiverOf(2, { givenBy: "otherGuardian", how: "oral" }));
  withdrawConsent(tablet.doc, waiverOf(1).id, "2026-12-01");
  met(tablet, phone);
  const { participants, consents } = readMeetingDocument(tablet.doc);
  expect(participants.map(({ name }) => name)).toEqual(["Ola Nordmann", "Tora Lærer", undefined]);
  expect(consents.map(({ withdrawnOn }) => withdrawnOn)).toEqual(["2026-12-01", undefined]);
  withdrawConsent(tablet.doc, waiverOf(1).id, null);
  expect(readMeetingDocument(tablet.doc).consents[0]).toEqual(waiverOf(1));
});

test("one adds an item, the other moves one and takes one off: all of it stands", () => {
  const [tablet, phone] = twoDevices();
  addItem(tablet.doc, { id: `own-${idOf(1)}`, title: "Skolevei", minutes: 5, owner: "guardians", involvesParents: true, order: 3.5 });
  changeItem(phone.doc, "expectations", { order: 0.5, minutes: 20 });
  dropItem(phone.doc, "concernLevel");
  notesOf(tablet.doc, "concernLevel").insert(0, "Vi er urolige");
  met(tablet, phone);
  expect(idsOf(tablet)).toEqual(["expectations", "purposeAndFrames", "goThroughReport", "parentsView", `own-${idOf(1)}`, "schoolsView", "agreement"]);
  dropItem(tablet.doc, "concernLevel", false);
  expect(idsOf(tablet)).toContain("concernLevel");
  expect(notesOf(tablet.doc, "concernLevel").toJSON()).toBe("Vi er urolige");
});

test("an item taken off on one device while it was opened on another stays: what is written under it belongs in the minutes", () => {
  const [tablet, phone] = twoDevices();
  dropItem(tablet.doc, "concernLevel");
  expect(idsOf(tablet)).not.toContain("concernLevel");
  openAgendaItem(phone.doc, opening(1, "concernLevel"), "2026-12-03T14:00:00");
  met(tablet, phone);
  for (const device of [tablet, phone]) expect(idsOf(device)).toContain("concernLevel");
});

test("a change of an item is taken back, but for what a colleague has changed since", () => {
  const [tablet, phone] = twoDevices();
  const before = { title: undefined, minutes: 5, owner: "consultant" as const };
  const after = { title: "Hvor urolige er vi?", minutes: 15, owner: "everyone" as const };
  changeItem(tablet.doc, "concernLevel", after);
  met(tablet, phone);
  changeItem(phone.doc, "concernLevel", { minutes: 20 });
  met(tablet, phone);
  takeBackItemChange(tablet.doc, "concernLevel", before, after);
  met(tablet, phone);
  const found = readMeetingDocument(phone.doc).items.find(({ id }) => id === "concernLevel");
  expect(found).toMatchObject({ minutes: 20, owner: "consultant" });
  expect(found?.title).toBeUndefined();
});

test("an item just added is taken back without a trace, and the length of the meeting follows the items when somebody says so", () => {
  const [tablet, phone] = twoDevices();
  const items = readMeetingDocument(tablet.doc).items;
  addItem(tablet.doc, { id: `own-${idOf(1)}`, title: "Skolevei", minutes: 5, owner: "guardians", involvesParents: true, order: 8 });
  removeItem(tablet.doc, `own-${idOf(1)}`);
  expect(readMeetingDocument(tablet.doc).items).toEqual(items);
  setPlannedMinutes(phone.index, meetingId, 75);
  met(tablet, phone);
  expect(only(tablet).plannedMinutes).toBe(75);
});

test("separate samtaler: two devices that split the same item have two talks and not four, and nothing written is lost", () => {
  const [tablet, phone] = twoDevices();
  notesOf(tablet.doc, "parentsView").insert(0, "Mor forteller");
  splitItem(tablet.doc, "parentsView", 3.5);
  splitItem(phone.doc, "parentsView", 3.5);
  notesOf(phone.doc, "parentsView-second").insert(0, "Far forteller");
  met(tablet, phone);
  const talks = itemsInOrder(readMeetingDocument(tablet.doc).items, false).filter(({ talk }) => talk !== undefined);
  expect(talks.map(({ id, talk, minutes }) => ({ id, talk, minutes }))).toEqual([
    { id: "parentsView", talk: "first", minutes: 8 },
    { id: "parentsView-second", talk: "second", minutes: 7 },
  ]);
  const once = readMeetingDocument(tablet.doc).items;
  splitItem(tablet.doc, "parentsView", 3.5);
  expect(readMeetingDocument(tablet.doc).items).toEqual(once);
  expect(idsOf(tablet)).toHaveLength(8);
  expect(notesOf(tablet.doc, "parentsView").toJSON()).toBe("Mor forteller");
  expect(uniteItem(tablet.doc, "parentsView")).toBe(false);
  expect(notesOf(tablet.doc, "parentsView-second").toJSON()).toBe("Far forteller");
});

test("two talks in which nothing has happened are one again, with all its minutes", () => {
  const [tablet] = twoDevices();
  const before = readMeetingDocument(tablet.doc).items;
  splitItem(tablet.doc, "parentsView", 3.5);
  expect(uniteItem(tablet.doc, "parentsView")).toBe(true);
  expect(readMeetingDocument(tablet.doc).items).toEqual(before);
  expect(uniteItem(tablet.doc, "schoolsView")).toBe(false);
});

test("opening an item closes the one before; time is kept of both", () => {
  const [tablet, phone] = twoDevices();
  openAgendaItem(tablet.doc, opening(1, "purposeAndFrames"), "2026-12-03T14:00:00");
  openAgendaItem(tablet.doc, opening(2, "goThroughReport"), "2026-12-03T14:10:00");
  met(tablet, phone);
  const { openings } = readMeetingDocument(phone.doc);
  expect(openItem(openings)).toBe("goThroughReport");
  expect(secondsUsed("purposeAndFrames", openings, "2026-12-03T14:30:00")).toBe(600);
  closeAgendaItems(phone.doc, "2026-12-03T14:25:00");
  expect(secondsUsed("goThroughReport", readMeetingDocument(phone.doc).openings, "2026-12-03T15:00:00")).toBe(900);
});

test("two write under the same item at once, and decide: nothing is lost", () => {
  const [tablet, phone] = twoDevices();
  notesOf(tablet.doc, "parentsView").insert(0, "Morgenene er vanskelige.\n");
  notesOf(phone.doc, "parentsView").insert(0, "De ønsker ett kontaktpunkt.\n", { bold: true });
  addDecision(phone.doc, { id: `decision-${idOf(1)}` as DecisionId, itemId: "parentsView", what: "Én kontaktperson hver", decidedAt: now });
  addDecision(tablet.doc, { id: `decision-${idOf(2)}` as DecisionId, itemId: "parentsView", what: "Nytt møte før jul", decidedAt: now });
  met(tablet, phone);
  const written = notesOf(tablet.doc, "parentsView").toJSON();
  expect(written).toContain("Morgenene er vanskelige.\n");
  expect(written).toContain("De ønsker ett kontaktpunkt.\n");
  expect(notesOf(phone.doc, "parentsView").toDelta()).toEqual(notesOf(tablet.doc, "parentsView").toDelta());
  expect(readMeetingDocument(tablet.doc).decisions).toHaveLength(2);
});

test("an action item is answered like a follow-up, with its reason, and taken back", () => {
  const [tablet, phone] = twoDevices();
  const id = `action-${idOf(1)}` as ActionItemId;
  addActionItem(tablet.index, { id, meetingId, what: "Skolen finner en fast kontaktperson", side: "school", role: "principal", dueOn: "2026-12-10", createdAt: now });
  meet(tablet.index, phone.index);
  changeActionDate(tablet.index, id, "2026-12-11");
  giveActionReason(phone.index, id, "noTime");
  answerActionItem(phone.index, id, "notYet", "2026-12-11T09:00:00", 1);
  giveActionReason(phone.index, id, "waitingForOthers");
  meet(tablet.index, phone.index);
  const [item] = readActionItems(tablet.index).records;
  expect(item).toMatchObject({
    dueOn: "2026-12-10",
    askOn: "2026-12-11",
    answered: { answer: "notYet", answeredAt: "2026-12-11T09:00:00", askAgainOn: "2026-12-14", reason: "waitingForOthers" },
  });
  answerActionItem(tablet.index, id, "yes", "2026-12-14T09:00:00", 1);
  expect(readActionItems(tablet.index).records[0]?.answered).toEqual({ answer: "yes", answeredAt: "2026-12-14T09:00:00" });
  undoActionAnswer(tablet.index, item!);
  expect(readActionItems(tablet.index).records[0]).toEqual(item);
});

test("another date to ask on leaves what was agreed, in the minutes too; of what was put off it is when that comes back", () => {
  const [tablet] = twoDevices();
  const id = `action-${idOf(1)}` as ActionItemId;
  addActionItem(tablet.index, { id, meetingId, what: "Skolen finner en fast kontaktperson", side: "school", dueOn: "2026-12-08", createdAt: now });
  const item = () => readActionItems(tablet.index).records[0]!;
  const minutes = () => contentText(minutesContent(readMeetings(tablet.index).records[0]!, tablet.doc, [item()], false));
  const [agreed, approved] = [item(), minutes()];
  changeActionDate(tablet.index, id, "2026-12-10");
  expect(item()).toEqual({ ...agreed, askOn: "2026-12-10" });
  expect(minutes()).toBe(approved);
  const moved = item();
  changeActionDate(tablet.index, id, "2026-12-11");
  undoActionDate(tablet.index, moved);
  expect(item()).toEqual(moved);
  undoActionDate(tablet.index, agreed);
  expect(item()).toEqual(agreed);
  answerActionItem(tablet.index, id, "notYet", "2026-12-10T09:00:00", 1);
  const putOff = item();
  changeActionDate(tablet.index, id, "2026-12-18");
  expect(item()).toMatchObject({ dueOn: "2026-12-08", answered: { answer: "notYet", askAgainOn: "2026-12-18" } });
  undoActionDate(tablet.index, putOff);
  expect(item()).toEqual(putOff);
});

test("what this version cannot read is counted and left as it is", () => {
  const [tablet] = twoDevices();
  tablet.index.getMap<Y.Map<unknown>>("meetings").get(meetingId)!.set("type", "aThirteenthMeeting");
  expect(readMeetings(tablet.index)).toEqual({ records: [], broken: [{ id: meetingId }] });
});

test("a run knows how many of its meetings this version cannot read", () => {
  const index = new Y.Doc();
  const [run, another] = [1, 2].map((number) => `run-${idOf(number)}` as RoutineRunId) as [RoutineRunId, RoutineRunId];
  for (const [number, runId] of [[1, run], [2, run], [3, another]] as const) prepareMeeting(index, new Y.Doc(), { ...preparation({ runId }), id: `meeting-${idOf(number)}` as MeetingId }, []);
  for (const number of [2, 3]) index.getMap<Y.Map<unknown>>("meetings").get(`meeting-${idOf(number)}`)!.set("type", "aThirteenthMeeting");
  expect([run, another, `run-${idOf(3)}` as RoutineRunId].map((id) => countUnreadMeetings(index, id))).toEqual([1, 1, 0]);
  index.getMap<Y.Map<unknown>>("meetings").get(`meeting-${idOf(1)}`)!.set("type", "aThirteenthMeeting");
  expect(countUnreadMeetings(index, run)).toBe(2);
});
