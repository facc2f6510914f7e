import * as fc from "fast-check";
import { expect, test } from "vitest";
import { routineIds } from "../../content/routines.ts";
import { addDays } from "../../lib/iso-date.ts";
import { isWorkingDay } from "../../lib/norwegian-calendar.ts";
import { seededChance } from "../../lib/random.ts";
import { namesCase } from "../cases/rules.ts";
import { idOf, visitOn } from "../features.test-data.ts";
import type { MeetingId, RoutineRunId, RunLegId } from "../ids.ts";
import type { FollowUp } from "../follow-up/schema.ts";
import { actionItemOf, meetingId, meetingOf } from "../meetings/meetings.test-data.ts";
import type { Meeting } from "../meetings/schema.ts";
import { newReference } from "../references.ts";
import type { RoutineRun } from "../routines/schema.ts";
import { shippedTemplate } from "../routines/template-rules.ts";
import { type CalendarEvent, calendarEvents, type CalendarSource, reminderLeadMinutes } from "./rules.ts";

const runOf = (changes: Partial<RoutineRun> = {}): RoutineRun => {
  const { steps, version } = shippedTemplate("concernReport");
  return {
    id: `run-${idOf(1)}` as RoutineRunId,
    reference: "R-482-KTM",
    startedAt: "2026-11-23T09:00:00",
    legs: [{ id: `leg-${idOf(1)}` as RunLegId, routine: "concernReport", startedAt: "2026-11-23T09:00:00", startedBy: "consultant", template: version, steps: Array.from(steps) }],
    results: {},
    answers: {},
    ...changes,
  };
};
const source = (changes: Partial<CalendarSource> = {}): CalendarSource => ({ school: { name: "Granly skole" }, visits: [], runs: [], meetings: [], actionItems: [], followUps: [], closed: [], ...changes });
const followUpOf = (changes: Partial<FollowUp> = {}): FollowUp => ({
  id: idOf(40),
  caseId: idOf(20),
  consultationId: idOf(30),
  kind: "reportSent",
  waitsOn: ["consultant", "school"],
  createdOn: "2026-11-23",
  dueOn: "2026-11-27",
  ...changes,
});
const brief = ({ subject, when, isCancelled, remindAt }: CalendarEvent) => [
  subject.type === "deadline" ? subject.deadline : subject.type,
  "allDay" in when ? when.allDay : `${when.from}/${when.to}`,
  isCancelled,
  remindAt,
];

test("visits have a place and a time, deadlines a whole day and a reminder on the last working day before", () => {
  const events = calendarEvents([source({ visits: [visitOn("2026-11-26")], runs: [runOf({ receivedOn: "2026-11-23" })] })], "2026-11-23", "consultant");
  expect(events.map(brief)).toEqual([
    ["visit", "2026-11-26T13:30:00/2026-11-26T15:30:00", false, null],
    ["reportScreening", "2026-11-30", false, "2026-11-27T09:00:00"],
    ["reporterFeedback", "2026-12-14", false, "2026-12-11T09:00:00"],
    ["investigation", "2027-02-28", false, "2027-02-26T09:00:00"],
  ]);
  // Friday at nine, before a Monday: two days and fifteen hours.
  expect(events.map(reminderLeadMinutes)).toEqual([null, (2 * 24 + 15) * 60, (2 * 24 + 15) * 60, (24 + 15) * 60]);
  expect(events[0]).toMatchObject({ place: "Granly skole", subject: { type: "visit", school: "Granly skole" } });
});

test("what has been answered, or can no longer come, is called off and nobody is reminded", () => {
  const run = runOf({
    receivedOn: "2026-11-23",
    screeningOutcome: "dismissed",
    answers: { reporterFeedback: { answer: "yes", answeredAt: "2026-12-09T09:00:00", on: "2026-12-09" } },
  });
  expect(calendarEvents([source({ runs: [run] })], "2026-11-23", "consultant").map(brief)).toEqual([
    ["reportScreening", "2026-11-30", true, null],
    ["reporterFeedback", "2026-12-14", true, null],
    ["investigation", "2027-02-28", true, null],
  ]);
});

test("a deadline that was told of as a step is called off too", () => {
  const run = runOf({ receivedOn: "2026-11-23", results: { "concernReport/reportReviewed": { state: "done", on: "2026-11-25", by: "consultant" } } });
  expect(calendarEvents([source({ runs: [run] })], "2026-11-23", "consultant").map(brief)[0]).toEqual(["reportScreening", "2026-11-30", true, null]);
});

test("a visit that was cancelled or dropped is called off; a moved one keeps its uid", () => {
  const visit = visitOn("2026-11-26");
  const events = (changes: object) => calendarEvents([source({ visits: [{ ...visit, ...changes }] })], "2026-11-23", "consultant");
  expect(events({ cancelledAt: "2026-11-25T09:00:00", cancelReason: "schoolBusy" })[0]).toMatchObject({ isCancelled: true });
  expect(events({ dropped: true })[0]).toMatchObject({ isCancelled: true });
  const [moved] = events({ date: "2026-11-27", moveReason: "schoolBusy" });
  expect(moved).toMatchObject({ uid: events({})[0]!.uid, when: { from: "2026-11-27T13:30:00" }, isCancelled: false });
});

test("a date that moves keeps its uid, and no two things share one", () => {
  const sources = (receivedOn: string) => [
    source({ visits: [visitOn("2026-11-26")], runs: [runOf({ receivedOn }), runOf({ id: `run-${idOf(2)}` as RoutineRunId, receivedOn })] }),
    source({ school: { name: "Solbakken skole" }, visits: [visitOn("2026-11-26", {}, idOf(2))] }),
  ];
  const uids = (receivedOn: string) => calendarEvents(sources(receivedOn), "2026-11-23", "consultant").map(({ uid }) => uid);
  expect(uids("2026-11-24").toSorted()).toEqual(uids("2026-11-23").toSorted());
  expect(new Set(uids("2026-11-23")).size).toBe(8);
});

test("what lies before the first day is left out", () => {
  const events = calendarEvents([source({ visits: [visitOn("2026-11-05"), visitOn("2026-11-26")], runs: [runOf({ receivedOn: "2026-11-10" })] })], "2026-11-23", "consultant");
  expect(events.map((event) => brief(event)[1])).toEqual(["2026-11-26T13:30:00/2026-11-26T15:30:00", "2026-12-01", "2027-02-17"]);
});

test("without rooms and a side, as the principal's, there are visits only", () => {
  expect(calendarEvents([source({ visits: [visitOn("2026-11-26")] })], "2026-11-23", null).map(({ subject }) => subject.type)).toEqual(["visit"]);
});

test("a meeting has its time, an interpreter's too, and is called off when it is not held; its place is named only where it is the school", () => {
  const events = (changes: Partial<Meeting>) => calendarEvents([source({ meetings: [meetingOf(changes)] })], "2026-11-23", null);
  expect(events({ place: "Granly skole", interpreter: { needed: true } })).toEqual([
    {
      uid: `${meetingId}@aapen-dor`,
      subject: { type: "meeting", meeting: "startupMeeting", school: "Granly skole" },
      place: "Granly skole",
      when: { from: "2026-12-03T14:00:00", to: "2026-12-03T15:30:00" },
      isCancelled: false,
      remindAt: null,
    },
  ]);
  expect(events({ place: "Hjemme hos Kari" })[0]).toMatchObject({ place: null });
  expect(events({ notHeld: { reason: "capacity", at: "2026-12-03T15:00:00" } })[0]).toMatchObject({ uid: `${meetingId}@aapen-dor`, isCancelled: true });
});

test("a meeting that was deleted is called off, and all that it agreed on", () => {
  const events = (changes: Partial<Meeting>) => calendarEvents([source({ meetings: [meetingOf(changes)], actionItems: [actionItemOf(1, { dueOn: "2026-12-11" })] })], "2026-11-23", "school");
  const standing = events({});
  expect(standing.map(({ isCancelled }) => isCancelled)).toEqual([false, false]);
  expect(events({ deletedAt: "2026-11-24T09:00:00" })).toEqual(standing.map((event) => ({ ...event, isCancelled: true })));
});

test("follow-ups and what meetings agreed on are each person's own, and called off when they are answered", () => {
  const answered = { answer: "yes", answeredAt: "2026-11-24T09:00:00" } as const;
  const one = source({
    meetings: [meetingOf({ next: { date: "2026-12-17" } })],
    actionItems: [
      actionItemOf(1, { side: "childWelfare", dueOn: "2026-12-10" }),
      actionItemOf(2, { side: "guardians" }),
      actionItemOf(3, { dueOn: "2026-12-11", answered }),
    ],
    followUps: [followUpOf(), followUpOf({ id: idOf(41), kind: "consultantCalls", waitsOn: ["consultant"], ...answered })],
  });
  const listed = (side: "consultant" | "school") =>
    calendarEvents([one], "2026-11-23", side)
      .filter(({ subject }) => subject.type !== "meeting")
      .map(({ subject, when, isCancelled }) => [subject.type === "followUp" ? subject.kind : subject.type, "allDay" in when && when.allDay, isCancelled]);
  expect(listed("consultant")).toEqual([
    ["reportSent", "2026-11-27", false],
    ["consultantCalls", "2026-11-27", true],
    ["actionItem", "2026-12-10", false],
    ["actionItem", "2026-12-17", false],
  ]);
  expect(listed("school")).toEqual([
    ["reportSent", "2026-11-27", false],
    ["actionItem", "2026-12-11", true],
    ["actionItem", "2026-12-17", false],
  ]);
});

test("a step with a date of the school's own is in it, by its words where they are ours", () => {
  const { steps, version } = shippedTemplate("concernReport");
  const ownDeadline = { length: 3, unit: "days", countsFrom: "routine" } as const;
  const legs = (own: object) => [
    { id: `leg-${idOf(1)}` as RunLegId, routine: "concernReport" as const, startedAt: "2026-11-23T09:00:00", startedBy: "consultant" as const, template: version, steps: steps.map((step) => (step.id === "cooperation" ? { ...step, ownDeadline, ...own } : step)) },
  ];
  const events = (run: Partial<RoutineRun>, side: "consultant" | "school" = "school") =>
    calendarEvents([source({ runs: [runOf(run)] })], "2026-11-23", side).map(({ subject, when, isCancelled }) => [subject.type === "step" ? subject.step : subject.type, "allDay" in when && when.allDay, isCancelled]);
  expect(events({ legs: legs({}) })).toEqual([["cooperation", "2026-11-26", false]]);
  expect(events({ legs: legs({ title: "Hemmelig" }) })).toEqual([[null, "2026-11-26", false]]);
  expect(events({ legs: legs({ who: ["school"] }) }, "consultant")).toEqual([]);
  expect(events({ legs: legs({}), results: { "concernReport/cooperation": { state: "done", on: "2026-11-24", by: "consultant" } } })).toEqual([["cooperation", "2026-11-26", true]]);
});

test("once violence is suspected, what leads to the parents is called off in the calendars that have it", () => {
  const { steps, version } = shippedTemplate("concernReport");
  const dated = steps.map((step) => (step.id === "parentTalk" ? { ...step, ownDeadline: { length: 3, unit: "days", countsFrom: "routine" } as const } : step));
  const report = { id: `leg-${idOf(1)}` as RunLegId, routine: "concernReport" as const, startedAt: "2026-11-23T09:00:00", startedBy: "consultant" as const, template: version, steps: dated };
  const own = { ...report, id: `leg-${idOf(2)}` as RunLegId, routine: "ownProcedure" as const, startedAt: "2026-11-24T09:00:00", steps: Array.from(shippedTemplate("ownProcedure").steps) };
  const meetings = [meetingOf({ runId: runOf().id })];
  const actionItems = [actionItemOf(1, { side: "guardians", dueOn: "2026-12-10" })];
  const events = (legs: RoutineRun["legs"], changes: Partial<RoutineRun> = {}) =>
    calendarEvents([source({ runs: [runOf({ legs, ...changes })], meetings, actionItems })], "2026-11-23", "school")
      .filter(({ subject }) => subject.type !== "meeting")
      .map(({ uid, subject, isCancelled, remindAt }) => [uid.slice(0, 4), subject.type, isCancelled, remindAt]);
  expect(events([report])).toEqual([["run-", "step", false, "2026-11-25T09:00:00"], ["acti", "actionItem", false, null]]);
  expect(events([report, own])).toEqual([["run-", "step", true, null], ["acti", "actionItem", true, null]]);
  // Said of another meeting of the same case.
  expect(events([report], { suspectedIn: [`meeting-${idOf(2)}` as MeetingId] })).toEqual([["run-", "step", true, null], ["acti", "actionItem", true, null]]);
});

const anyDate = fc.integer({ min: 20_000, max: 30_000 }).map((days) => addDays("1970-01-01", days));

test("nothing that is shown has a reference, a case code or what a person has written, and every reminder is on a working day before its date", () => {
  fc.assert(
    fc.property(fc.nat(), anyDate, fc.constantFrom(...routineIds), (seed, receivedOn, routine) => {
      const reference = newReference("routineRun", seededChance(seed), []);
      const { steps, version } = shippedTemplate(routine);
      const titled = steps.map((step) => ({ ...step, title: `Hemmelig ${seed}` }));
      const run = runOf({
        reference,
        receivedOn,
        closedOn: addDays(receivedOn, 60),
        contactPerson: `Hemmelig ${seed}`,
        legs: [{ id: `leg-${idOf(1)}` as RunLegId, routine, startedAt: `${receivedOn}T09:00:00`, startedBy: "consultant", template: version, steps: titled }],
      });
      const meetings = [meetingOf({ date: receivedOn, reference: newReference("meeting", seededChance(seed), []), place: `Hemmelig ${seed}`, purpose: `Hemmelig ${seed}`, runId: run.id })];
      const actionItems = [actionItemOf(1, { side: "childWelfare", what: `Hemmelig ${seed}`, dueOn: receivedOn })];
      for (const event of calendarEvents([source({ runs: [run], meetings, actionItems, followUps: [] })], receivedOn, "consultant")) {
        const shown = JSON.stringify(event);
        expect(shown.includes(reference) || meetings.some((meeting) => shown.includes(meeting.reference)) || shown.includes("Hemmelig") || namesCase(shown)).toBe(false);
        expect(Object.keys(event.subject).filter((key) => !["type", "deadline", "step", "meeting", "school"].includes(key))).toEqual([]);
        if (event.remindAt === null || !("allDay" in event.when)) continue;
        expect(isWorkingDay(event.remindAt.slice(0, 10)) && event.remindAt.slice(0, 10) < event.when.allDay).toBe(true);
      }
    }),
  );
});
