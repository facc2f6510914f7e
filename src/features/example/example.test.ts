import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { documentId } from "../../engine/log/rights.ts";
import { dateOf } from "../../lib/iso-date.ts";
import { addWorkingDays, isWorkingDay } from "../../lib/norwegian-calendar.ts";
import { schoolYearOf, schoolYearRange } from "../../lib/school-year.ts";
import { readCases } from "../cases/document.ts";
import { shownCodes } from "../cases/rules.ts";
import { readConsultationDetails, readConsultations } from "../consultations/document.ts";
import { readFollowUps } from "../follow-up/document.ts";
import { proposedHolidays } from "../space/rules.ts";
import { groupFollowUps } from "../follow-up/rules.ts";
import { readActionItems, readMeetingDocument, meetingDocumentId, notesOf, readMeetings } from "../meetings/document.ts";
import { closingProblems, isOwnProcedure, meetingState, preparationGaps } from "../meetings/rules.ts";
import { meetingsOfStep } from "../meetings/step-rules.ts";
import { readPreRegistrations } from "../pre-registration/document.ts";
import { queueOf } from "../pre-registration/rules.ts";
import { readRoutineRuns } from "../routines/document.ts";
import { askedOfRun, runAtAGlance } from "../routines/glance-rules.ts";
import { currentLeg } from "../routines/rules.ts";
import { readHolidays, readSchoolHead, readSchools } from "../space/document.ts";
import { readDialogs, readVisits } from "../visits/document.ts";
import { nextVisit, visitOfDay, visitStatus } from "../visits/rules.ts";
import { fillExamplePlan, fillExampleSchool, fillExampleService, fillExampleShelf } from "./document.ts";
import { buildExampleService } from "./rules.ts";

function filled(now: string) {
  const example = buildExampleService(now);
  const docs = new Map<string, Y.Doc>();
  const docOf = (id: string) => {
    const doc = docs.get(id) ?? new Y.Doc();
    docs.set(id, doc);
    return doc;
  };
  const shelf = new Y.Doc();
  const service = new Y.Doc();
  fillExampleShelf(example, shelf);
  fillExampleService(example, service, () => new Y.Doc());
  const schools = example.schools.map((one) => {
    const plan = new Y.Doc();
    const index = new Y.Doc();
    fillExamplePlan(example, one, plan);
    fillExampleSchool(example, one, index, docOf);
    return {
      school: one.school,
      one,
      head: readSchoolHead(plan),
      visits: readVisits(plan),
      dialogs: readDialogs(plan),
      cases: readCases(index),
      consultations: readConsultations(index),
      preRegistrations: readPreRegistrations(index),
      followUps: readFollowUps(index),
      runs: readRoutineRuns(index),
      meetings: readMeetings(index),
      actionItems: readActionItems(index),
    };
  });
  return { example, shelf, service, schools, docs };
}

const discussed = (schools: ReturnType<typeof filled>["schools"]) =>
  schools.reduce((sum, { consultations }) => sum + new Set(consultations.records.map(({ caseId }) => caseId)).size, 0);

// An ordinary Thursday, a Sunday, the first days of a year, a school holiday, a public holiday, the end of a year, and high summer.
const days = ["2026-11-26", "2026-11-22", "2026-08-05", "2026-08-24", "2026-09-30", "2027-01-04", "2027-05-17", "2027-06-17", "2027-07-15", "2028-02-29"];

describe.each(days)("the example on %s", (day) => {
  const now = `${day}T08:10:00`;
  const { schools, docs, example } = filled(now);

  test("68 cases through åpen dør, 19 through fixed arenas, one school that is not counted", () => {
    expect(schools).toHaveLength(7);
    expect(discussed(schools.filter(({ school }) => school.arrangement !== "fixedArena"))).toBe(68);
    expect(discussed(schools.filter(({ school }) => school.arrangement === "fixedArena"))).toBe(19);
    const uncounted = schools.filter(({ school }) => !school.registersConsultations);
    expect(uncounted.map(({ consultations }) => consultations.records.length)).toEqual([0]);
    const discussions = schools.reduce((sum, { consultations }) => sum + consultations.records.length, 0);
    expect(discussions).toBeGreaterThan(68 + 19);
  });

  test("every record can be read, and no code is used twice at a school", () => {
    for (const { visits, dialogs, cases, consultations, preRegistrations, followUps } of schools) {
      for (const records of [visits, dialogs, cases, consultations, preRegistrations, followUps]) expect(records.broken).toEqual([]);
      const labels = Array.from(shownCodes(cases.records).values(), ({ label }) => label);
      expect(new Set(labels).size).toBe(labels.length);
      expect(labels.filter((label) => !/\d$/.test(label))).toEqual([]);
    }
  });

  test("drøftinger lie before now, in visits that were held, each with its detail", () => {
    for (const { visits, consultations } of schools) {
      for (const { id, heldOn, visitId, caseId } of consultations.records) {
        expect(heldOn < day).toBe(true);
        const visit = visits.records.find((one) => one.id === visitId);
        expect(visit === undefined ? null : visitStatus(visit)).toBe("closed");
        const details = readConsultationDetails(docs.get(documentId("case", caseId)) ?? new Y.Doc());
        expect(details.records.some((detail) => detail.id === id)).toBe(true);
      }
    }
  });

  test("today there is a visit with three signed up, one of them for the second time", () => {
    const first = schools[0]!;
    const visit = visitOfDay(first.visits.records, day);
    expect(visit).not.toBeNull();
    const queue = queueOf(visit!, { visits: first.visits.records, preRegistrations: first.preRegistrations.records, today: day });
    expect(queue.map(({ slot }) => slot)).toEqual(["13:30", "13:55", "14:20"]);
    const before = new Set(first.consultations.records.map(({ caseId }) => caseId));
    expect(queue.filter(({ preRegistration }) => before.has(preRegistration.caseId))).toHaveLength(1);
  });

  test("follow-ups stand in every group that a list shows", () => {
    const all = schools.flatMap(({ followUps }) => followUps.records);
    const groups = groupFollowUps(all, "consultant", day);
    expect(groups.overdue.length).toBeGreaterThan(0);
    // What was put off comes back on a working day.
    const today = isWorkingDay(day, []) ? groups.today : groups.nextSevenDays;
    expect(today.length).toBeGreaterThan(0);
    expect(groups.nextSevenDays.length).toBeGreaterThan(0);
    expect(groups.settled.length).toBeGreaterThan(20);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });

  test("what waits is due when the rules say: none but what is urgent, to be clear by a date, or for a visit later than the next working day", () => {
    for (const { followUps } of schools) {
      const soon = followUps.records.filter(({ kind }) => ["reportSent", "parentTalk"].includes(kind));
      for (const { createdOn, dueOn, askAgainOn, answeredAt } of soon) {
        expect(dueOn <= addWorkingDays(createdOn, 1, proposedHolidays(example.schoolYear))).toBe(true);
        if (askAgainOn !== undefined) expect(askAgainOn).toBe(addWorkingDays(dateOf(answeredAt ?? ""), 1));
      }
    }
  });

  test("one known case on each routine, each with something that waits, and one where the contact person is asked about", () => {
    const runs = schools.flatMap(({ runs }) => {
      expect(runs.broken).toEqual([]);
      return runs.records;
    });
    expect(runs.map((run) => currentLeg(run)?.routine).sort()).toEqual(["concernReport", "handover", "newReport", "ownProcedure"]);
    for (const run of runs) expect(runAtAGlance(run, day)).toMatchObject({ isOver: false, next: { isLeft: false } });
    const asked = runs.flatMap((run) => askedOfRun(run, day, { closed: [], workingDays: 1 }));
    expect(groupFollowUps(asked, "school", day).nextSevenDays.map(({ type }) => type).sort()).toEqual(["clock", "clock"]);
    expect(groupFollowUps(asked, "consultant", day).nextSevenDays.map(({ type }) => type).sort()).toEqual(["clock", "clock", "step"]);
  });

  test("meetings ahead at four schools, two held with minutes and agreements, one not held, one under suspicion without anything for the parents", () => {
    const all = schools.flatMap(({ meetings, actionItems, runs, one }) => {
      expect([meetings.broken, actionItems.broken]).toEqual([[], []]);
      // Each document that is filled is one that is opened for it.
      expect(meetings.records.map(({ id }) => meetingDocumentId(id)).every((id) => one.documentIds.includes(id))).toBe(true);
      return meetings.records.map((meeting) => ({ meeting, run: runs.records.find(({ id }) => id === meeting.runId) ?? null, items: actionItems.records.filter(({ meetingId }) => meetingId === meeting.id) }));
    });
    const inState = (state: string) => all.filter(({ meeting }) => meetingState(meeting) === state);
    expect(inState("planned").map(({ meeting }) => meeting.type).sort()).toEqual(["cooperationMeeting", "cooperationMeeting", "fixedMeeting", "handoverMeeting", "informationMeeting"]);
    for (const { meeting } of inState("planned")) expect(meeting.date > day && isWorkingDay(meeting.date, [])).toBe(true);
    expect(inState("notHeld").map(({ meeting }) => meeting.notHeld?.reason)).toEqual(["capacity"]);
    for (const { meeting, items } of inState("held")) {
      expect(meeting.date < day && meeting.endedAt! < now).toBe(true);
      expect(closingProblems(meeting)).toEqual([]);
      const doc = docs.get(meetingDocumentId(meeting.id))!;
      const { decisions, openings, consents, isFifteen, items: agenda } = readMeetingDocument(doc);
      expect(decisions.length * openings.length * items.length).toBeGreaterThan(0);
      expect(openings.filter(({ closedAt }) => closedAt === undefined)).toEqual([]);
      expect(agenda.some(({ id }) => notesOf(doc, id).length > 20)).toBe(true);
      expect(preparationGaps(meeting, consents, { isFifteen, ownProcedure: false })).toEqual([]);
    }
    expect(inState("held")).toHaveLength(2);
    const [report] = all.filter(({ meeting }) => meeting.step === "concernReport/startupMeeting");
    expect(report!.meeting.interpreter).toMatchObject({ needed: true, bookedBy: "childWelfare" });
    expect(meetingsOfStep([report!.meeting], report!.run!.id, "concernReport/startupMeeting").heldOn).toBe(report!.meeting.date);
    const suspected = all.filter(({ meeting, run }) => isOwnProcedure(meeting, run));
    expect(suspected.map(({ meeting }) => meeting.step)).toEqual(["ownProcedure/cooperationMeetingSoon"]);
    expect(readMeetingDocument(docs.get(meetingDocumentId(suspected[0]!.meeting.id))!).participants.filter(({ role }) => role.toLowerCase().includes("guardian"))).toEqual([]);
  });

  test("the year of the example is the one of today", () => {
    expect(example.schoolYear).toBe(schoolYearOf(dateOf(now)));
  });
});

test("the same on every run", () => {
  const asText = () => JSON.stringify(buildExampleService("2026-11-26T08:10:00"));
  expect(asText()).toBe(asText());
  expect(asText()).not.toBe(JSON.stringify(buildExampleService("2026-11-25T08:10:00")));
});

test("in November everything is of this school year, and every school has its next visit", () => {
  const { schools, shelf, service } = filled("2026-11-26T08:10:00");
  for (const { visits, head } of schools) {
    expect(visits.records.filter(({ date }) => date < schoolYearRange(2026).from)).toEqual([]);
    expect(nextVisit(visits.records, "2026-11-26")).not.toBeNull();
    expect(head).not.toBeNull();
  }
  expect(schools.flatMap(({ visits }) => visits.records).filter(({ moveReason }) => moveReason !== undefined)).toHaveLength(1);
  expect(schools.flatMap(({ visits }) => visits.records).filter((visit) => visitStatus(visit) === "cancelled")).toHaveLength(1);
  expect(readSchools(service).records).toHaveLength(7);
  expect(readConsultations(service).records).toHaveLength(1);
  expect(readHolidays(shelf)).toHaveLength(6);
});
