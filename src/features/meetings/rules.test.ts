import { expect, test } from "vitest";
import { meetingTypes, participantRoles } from "../../content/meetings.ts";
import { countingIds, idOf } from "../features.test-data.ts";
import type { ActionItemId, DecisionId, MeetingId, ParticipantId } from "../ids.ts";
import { itemsOf, meetingId, meetingOf, waiverOf } from "./meetings.test-data.ts";
import {
  actionItemsOf,
  closingProblems,
  comingAndPast,
  decisionsOf,
  holds,
  isOwnProcedure,
  isSuspectedElsewhere,
  itemsInOrder,
  itemsTakenOff,
  mayObtainConsent,
  meetingState,
  minutesWithInterpreter,
  newMeetingsId,
  offersParentSurface,
  orderBetween,
  participantsOf,
  placesAfterMove,
  preparationGaps,
  textProblem,
  waiversMissing,
} from "./rules.ts";
import { ActionItem, Interpreter, Meeting, Participant } from "./schema.ts";

const [began, ended] = ["2026-12-03T14:00:00", "2026-12-03T15:30:00"];

test("new ids say what they are of, and can be read back", () => {
  const newId = countingIds();
  expect(Meeting.safeParse({ ...meetingOf(), id: newMeetingsId("meeting", newId), when: { date: "2026-12-03", from: "14:00" } }).success).toBe(true);
  expect(Participant.safeParse({ id: newMeetingsId("participant", newId), role: "guardian" }).success).toBe(true);
  expect(newMeetingsId("actionItem", newId)).toMatch(/^action-/);
});

test("a meeting that was begun is begun, whatever another device said meanwhile", () => {
  const notHeld = { reason: "capacity" as const, at: began };
  expect(meetingState(meetingOf())).toBe("planned");
  expect(meetingState(meetingOf({ notHeld }))).toBe("notHeld");
  expect(meetingState(meetingOf({ notHeld, startedAt: began }))).toBe("open");
  expect(meetingState(meetingOf({ startedAt: began, endedAt: ended }))).toBe("held");
});

test("what is coming stands first, and what is over the latest first", () => {
  const on = (number: number, date: string, changes: Partial<Meeting> = {}) => meetingOf({ id: `meeting-${idOf(number)}` as MeetingId, date, ...changes });
  const meetings = [
    on(1, "2026-12-10"),
    on(2, "2026-11-20"),
    on(3, "2026-11-26"),
    on(4, "2026-12-03", { notHeld: { reason: "other", at: began } }),
    on(5, "2026-11-12", { startedAt: "2026-11-12T14:00:00" }),
  ];
  const { coming, past } = comingAndPast(meetings, "2026-11-26");
  expect(coming.map(({ date }) => date)).toEqual(["2026-11-12", "2026-11-26", "2026-12-10"]);
  expect(past.map(({ date }) => date)).toEqual(["2026-12-03", "2026-11-20"]);
});

test("violence is suspected when it is said of the meeting, or when its case has gone on to B", () => {
  const leg = { id: `leg-${idOf(1)}`, routine: "ownProcedure" } as never;
  expect(isOwnProcedure(meetingOf(), null)).toBe(false);
  expect(isOwnProcedure(meetingOf({ ownProcedure: true }), null)).toBe(true);
  expect(isOwnProcedure(meetingOf(), { legs: [] })).toBe(false);
  expect(isOwnProcedure(meetingOf(), { legs: [leg] })).toBe(true);
});

test("what is said of one meeting of a case reaches the others; that one can still be told from them, so that what was said by mistake can be taken back", () => {
  const another = `meeting-${idOf(2)}` as MeetingId;
  const run = { legs: [], suspectedIn: [another] };
  expect(isOwnProcedure(meetingOf(), run)).toBe(true);
  expect(isSuspectedElsewhere(meetingOf().id, run)).toBe(true);
  expect(isSuspectedElsewhere(another, run)).toBe(false);
  expect(isSuspectedElsewhere(another, { ...run, suspectedIn: [another, meetingOf().id] })).toBe(true);
});

test("where violence is suspected nothing is handed to the parents, at any kind of meeting", () => {
  for (const type of meetingTypes) for (const surface of ["invitation", "takeHome"] as const) expect(offersParentSurface(surface, type, true)).toBe(false);
  expect(offersParentSurface("invitation", "startupMeeting", false)).toBe(true);
  expect(offersParentSurface("takeHome", "startupMeeting", false)).toBe(true);
  expect(offersParentSurface("takeHome", "professionalMeeting", false)).toBe(false);
});

test("where violence is suspected nobody on the parents' side is asked to come, and nothing is theirs to do", () => {
  const participants = participantRoles.map((role, number): Participant => ({ id: `participant-${idOf(number)}` as ParticipantId, role }));
  const guest: Participant = { id: `participant-${idOf(90)}` as ParticipantId, role: "other", side: "guardians" };
  const asked = participantsOf([...participants, guest], true).map(({ role }) => role);
  for (const role of ["guardian", "otherGuardian", "relative"]) expect(asked).not.toContain(role);
  expect(asked).toEqual(expect.arrayContaining(["youngPerson", "contactTeacher"]));
  expect(asked.filter((role) => role === "other")).toHaveLength(1);
  expect(participantsOf([guest, ...participants.toReversed()], false).map(({ role }) => role)).toEqual([...participantRoles, "other"]);
  const action = (number: number, side: ActionItem["side"], of = meetingId): ActionItem => ({
    id: `action-${idOf(number)}` as ActionItemId,
    meetingId: of,
    what: "Ringe om tidsplan",
    side,
    createdAt: `2026-12-03T15:0${9 - number}:00`,
  });
  const actions = [action(1, "school"), action(2, "guardians"), action(3, "childWelfare"), action(4, "school", `meeting-${idOf(9)}` as MeetingId)];
  expect(actionItemsOf(actions, meetingId, false).map(({ side }) => side)).toEqual(["childWelfare", "guardians", "school"]);
  expect(actionItemsOf(actions, meetingId, true).map(({ side }) => side)).toEqual(["childWelfare", "school"]);
});

test("no child and nobody of the family is written down as who interprets", () => {
  expect(Object.keys(Interpreter.parse({ needed: true, interpretedBy: "sibling", name: "Storesøster" }))).toEqual(["needed"]);
});

test("an interpreter makes the plan half as long again, to the nearest five; one that is refused does not", () => {
  const needed = { needed: true };
  expect([60, 45, 30, 50, 5].map((minutes) => minutesWithInterpreter(minutes, needed))).toEqual([90, 70, 45, 75, 10]);
  expect(minutesWithInterpreter(60, undefined)).toBe(60);
  expect(minutesWithInterpreter(60, { needed: false })).toBe(60);
  expect(minutesWithInterpreter(60, { needed: true, refusedReason: "familyDeclines" })).toBe(60);
});

test("both parents are asked, and from 15 the young person first", () => {
  expect(waiversMissing([], meetingOf(), false)).toEqual(["guardian", "otherGuardian"]);
  expect(waiversMissing([waiverOf(1)], meetingOf(), true)).toEqual(["youngPerson", "otherGuardian"]);
  const consents = [waiverOf(1), waiverOf(2, { givenBy: "otherGuardian" })];
  expect(waiversMissing(consents, meetingOf(), false)).toEqual([]);
  expect(waiversMissing(consents.map((one) => ({ ...one, kind: "consent" as const })), meetingOf(), false)).toEqual(["guardian", "otherGuardian"]);
});

test("what was withdrawn no longer holds, from that day", () => {
  expect(holds(waiverOf(1), "2026-11-19")).toBe(false);
  expect(holds(waiverOf(1), "2026-11-20")).toBe(true);
  expect(holds(waiverOf(1, { withdrawnOn: "2026-12-03" }), "2026-12-02")).toBe(true);
  expect(holds(waiverOf(1, { withdrawnOn: "2026-12-03" }), "2026-12-03")).toBe(false);
  expect(waiversMissing([waiverOf(1, { withdrawnOn: "2026-12-01" })], meetingOf(), false)).toContain("guardian");
});

test("where violence is suspected only the child welfare service obtains a consent", () => {
  expect(mayObtainConsent("school", true)).toBe(false);
  expect(mayObtainConsent("childWelfare", true)).toBe(true);
  expect(mayObtainConsent("school", false)).toBe(true);
});

test("what is not settled beforehand is told, who leads and who writes first", () => {
  const asked = { isFifteen: false, ownProcedure: false };
  expect(preparationGaps(meetingOf({ interpreter: { needed: true } }), [], asked)).toEqual([
    "chair",
    "minuteTaker",
    "purpose",
    "interpreterLanguage",
    "interpreterBooker",
    "waiver",
  ]);
  const settled = meetingOf({
    chair: "consultant",
    minuteTaker: "socialTeacher",
    purpose: "Gå gjennom meldingen sammen",
    interpreter: { needed: true, language: "somali", bookedBy: "childWelfare" },
  });
  expect(preparationGaps(settled, [waiverOf(1), waiverOf(2, { givenBy: "otherGuardian" })], asked)).toEqual([]);
  expect(preparationGaps({ ...settled, type: "professionalMeeting" }, [], asked)).toEqual([]);
  expect(preparationGaps(settled, [], { ...asked, ownProcedure: true })).toEqual([]);
});

test("a meeting does not close without a later date, or a reason for none", () => {
  expect(closingProblems(meetingOf())).toEqual(["nextMissing"]);
  expect(closingProblems(meetingOf({ next: { reason: "lastMeeting" } }))).toEqual([]);
  expect(closingProblems(meetingOf({ next: { date: "2026-12-17" } }))).toEqual([]);
  expect(closingProblems(meetingOf({ next: { date: "2026-12-03" } }))).toEqual(["nextNotLater"]);
});

test("a text that names a case is not taken", () => {
  expect(textProblem("Gå gjennom meldingen", 80)).toBeNull();
  expect(textProblem("Om blå rev 17", 80)).toBe("namesCase");
  expect(textProblem("x".repeat(81), 80)).toBe("tooLong");
});

test("items stand in their order, without those taken off and, where violence is suspected, without the parents'", () => {
  const items = itemsOf().map((item) => (item.id === "expectations" ? { ...item, order: 0.5 } : item.id === "concernLevel" ? { ...item, dropped: true } : item));
  const ids = itemsInOrder(items, false).map(({ id }) => id);
  expect(ids).toEqual(["expectations", "purposeAndFrames", "goThroughReport", "parentsView", "schoolsView", "agreement"]);
  expect(itemsInOrder(items, true).map(({ id }) => id)).toEqual(ids.filter((id) => id !== "parentsView"));
  expect([orderBetween(undefined, undefined), orderBetween({ order: 3 }, undefined), orderBetween(undefined, { order: 1 }), orderBetween({ order: 3 }, { order: 4 })]).toEqual([1, 4, 0, 3.5]);
});

test("an item goes up or down by a place of its own, and those that two devices put in one place are numbered anew", () => {
  const itemAt = (id: string, order: number) => ({ id, order, minutes: 5, owner: "everyone" as const, involvesParents: false, dropped: false });
  const items = [itemAt("a", 1), itemAt("b", 2), itemAt("c", 3)];
  expect(placesAfterMove(items, items[2]!, -1)).toEqual([{ id: "c", order: 1.5 }]);
  expect(placesAfterMove(items, items[0]!, 1)).toEqual([{ id: "a", order: 2.5 }]);
  expect(placesAfterMove(items, items[1]!, 1)).toEqual([{ id: "b", order: 4 }]);
  const same = [itemAt("a", 1), itemAt("b", 1), itemAt("c", 2)];
  expect(placesAfterMove(same, same[2]!, -1)).toEqual([
    { id: "a", order: 1 },
    { id: "c", order: 2 },
    { id: "b", order: 3 },
  ]);
});

test("what was taken off the agenda can come back, but where violence is suspected never the parents' item", () => {
  const items = itemsOf().map((item) => ({ ...item, dropped: ["parentsView", "concernLevel"].includes(item.id) }));
  expect(itemsTakenOff(items, false).map(({ id }) => id)).toEqual(["parentsView", "concernLevel"]);
  expect(itemsTakenOff(items, true).map(({ id }) => id)).toEqual(["concernLevel"]);
});

test("what was decided under an item stands in time, on every device the same, though two were decided in one second", () => {
  const decisionAt = (number: number, itemId: string, decidedAt: string) => ({ id: `decision-${idOf(number)}` as DecisionId, itemId, what: "", decidedAt });
  const [early, late, sameSecond, other] = [
    decisionAt(3, "agreement", "2026-12-03T14:50:00"),
    decisionAt(2, "agreement", "2026-12-03T14:51:00"),
    decisionAt(1, "agreement", "2026-12-03T14:51:00"),
    decisionAt(4, "schoolView", "2026-12-03T14:40:00"),
  ];
  for (const stored of [[late, other, sameSecond, early], [sameSecond, early, late, other]]) expect(decisionsOf(stored, "agreement")).toEqual([early, sameSecond, late]);
});
