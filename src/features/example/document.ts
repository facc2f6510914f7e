/**
 * Writes the example service with the documents' own commands, as people would have: nothing in it could not have been tapped. Each function fills the
 * documents of one room, so that a caller can do it in one transaction of that room.
 */
import type * as Y from "yjs";
import { exampleContactPersons, exampleHolidayNames, exampleServiceName } from "../../content/example-names.ts";
import type { RoutineId, ShippedStepId } from "../../content/routines.ts";
import { documentId } from "../../engine/log/rights.ts";
import { addDays, dateOf, momentAt } from "../../lib/iso-date.ts";
import { addWorkingDays, lastWorkingDayBefore } from "../../lib/norwegian-calendar.ts";
import { chooseIndex, type Chance, seededChance } from "../../lib/random.ts";
import { type SchoolYear, schoolYearRange } from "../../lib/school-year.ts";
import { holdConsultation } from "../consultations/document.ts";
import { followUpBasis } from "../consultations/rules.ts";
import { answerFollowUp, readFollowUps } from "../follow-up/document.ts";
import { proposeFollowUps, waitsForAnswer } from "../follow-up/rules.ts";
import type { RoutineRunId } from "../ids.ts";
import { postponePreRegistration, preRegister } from "../pre-registration/document.ts";
import { newReference, type Reference } from "../references.ts";
import { answerClock, type Beginning, enterRunFacts, handOverRun, markStepDone, type RunFacts, skipStep, startRoutineRun } from "../routines/document.ts";
import { newLegId, newRunId, stepKeyOf } from "../routines/rules.ts";
import { shippedTemplate } from "../routines/template-rules.ts";
import { addHoliday, addSchool, changeSettings, setPhone, writeSchoolHead } from "../space/document.ts";
import { nextStepsOf, proposedHolidays, schoolHeadOf } from "../space/rules.ts";
import { addExtraVisit, cancelVisit, closeVisit, logDialog, moveVisit, planVisits, readVisits, startVisit } from "../visits/document.ts";
import { rhythmDates, visitsInOrder } from "../visits/rules.ts";
import { fillExampleMeetings } from "./meetings-document.ts";
import { type ExampleConsultation, type ExampleSchool, type ExampleService, seededIds } from "./rules.ts";

/** A document of the room that is filled. */
export type DocOf = (documentId: string) => Y.Doc;

const steps = nextStepsOf([]);

export function fillExampleShelf(example: ExampleService, shelf: Y.Doc): void {
  changeSettings(shelf, { serviceName: exampleServiceName, followUpWorkingDays: 1, figuresThreshold: 3 });
  setPhone(shelf, "childWelfare", { number: "00 00 11 22", opensAt: "08:00", closesAt: "15:30" });
  setPhone(shelf, "outOfHours", { number: "00 00 33 44" });
  const newId = seededIds(seededChance(11));
  for (const { kind, from, to } of proposedHolidays(example.schoolYear)) {
    addHoliday(shelf, { id: newId<"holiday">(), name: exampleHolidayNames[kind], from, to });
  }
}

/** The service room: the schools, and the drøfting «bare oss». @param docOf the service room's documents, by id */
export function fillExampleService(example: ExampleService, service: Y.Doc, docOf: DocOf): void {
  for (const one of example.schools) {
    addSchool(service, one.school);
    if (one.onlyUs !== null) hold(example, one, one.onlyUs, service, docOf, seededChance(12));
  }
}

/** A school's plan room: its head, the year's visits, what was held of them, and faglig dialog. */
export function fillExamplePlan(example: ExampleService, one: ExampleSchool, plan: Y.Doc): void {
  const head = schoolHeadOf(one.school);
  const holidays = proposedHolidays(example.schoolYear);
  const newId = seededIds(seededChance(200 + example.schools.indexOf(one)));
  writeSchoolHead(plan, head);
  planVisits(plan, head, { schoolYear: example.schoolYear, holidays, today: schoolYearRange(example.schoolYear).from });
  for (const { id, date, extra, held, dialog } of one.visits) {
    if (extra) addExtraVisit(plan, { id, date, from: head.from, to: head.to });
    if (!held) continue;
    startVisit(plan, id, momentAt(date, head.from));
    if (dialog !== null) {
      logDialog(plan, { id: newId<"dialog">(), visitId: id, startedAt: momentAt(date, dialog.from), endedAt: momentAt(date, dialog.to) });
    }
    closeVisit(plan, id, momentAt(date, head.to));
  }
  changeOneAhead(example, one, plan);
}

/** A visit ahead that was moved at one school, and one that was cancelled at another. */
function changeOneAhead(example: ExampleService, one: ExampleSchool, plan: Y.Doc): void {
  const ahead = visitsInOrder(readVisits(plan).records).filter((visit) => visit.date > dateOf(example.now))[1];
  if (ahead === undefined) return;
  if (one.school.arrangement === "openDoorDropIn") {
    moveVisit(plan, ahead.id, { date: addWorkingDays(ahead.date, 1), from: ahead.from, to: ahead.to, reason: "schoolBusy" });
  } else if (one.school.arena === "pupilHalfHour") cancelVisit(plan, ahead.id, "schoolBusy", example.now);
}

/** A school room: cases, sign-ups, drøftinger, what became of their follow-ups, runs and meetings. @param docOf the room's documents, by the ids in `documentIds` */
export function fillExampleSchool(example: ExampleService, one: ExampleSchool, index: Y.Doc, docOf: DocOf): void {
  const chance = seededChance(100 + example.schools.indexOf(one));
  for (const { consultations } of one.visits) {
    for (const { signUp } of consultations) if (signUp !== null) preRegister(index, signUp.form, signUp.at);
    for (const consultation of consultations) hold(example, one, consultation, index, docOf, chance);
  }
  for (const { form, at, postponed } of one.signUps) {
    preRegister(index, form, at);
    if (postponed === undefined) continue;
    postponePreRegistration(index, form.id, { from: form.visitId, visitId: postponed.to, reason: "staffLeft" }, postponed.at);
  }
  fillExampleRuns(example, example.schools.indexOf(one), index);
  fillExampleMeetings(one, seededChance(400 + example.schools.indexOf(one)), index, docOf);
}

/**
 * Known cases along the routines: at the first school one on A whose first feedback is due soon, and one that has just gone on from A to D; at the second one
 * on B, at the third one on C.
 */
function fillExampleRuns({ now }: ExampleService, school: number, index: Y.Doc): void {
  const today = dateOf(now);
  const chance = seededChance(300 + school);
  const newId = seededIds(chance);
  const used: Reference[] = [];
  const ago = (days: number) => addDays(today, -days);
  const beginning = (days: number): Beginning => ({ leg: newLegId(newId), by: "socialTeacher", now: momentAt(ago(days), "10:05") });
  const start = (routine: RoutineId, days: number, facts: RunFacts) => {
    const run = { id: newRunId(newId), reference: newReference("routineRun", chance, used) };
    used.push(run.reference);
    startRoutineRun(index, run, shippedTemplate(routine), beginning(days));
    enterRunFacts(index, run.id, facts);
    return run.id;
  };
  const done = (id: RoutineRunId, routine: RoutineId, step: ShippedStepId, days: number) => markStepDone(index, id, stepKeyOf(routine, { id: step }), ago(days), "socialTeacher");

  if (school === 0) {
    const report = start("concernReport", 18, { sentOn: ago(18), receivedOn: ago(17), screeningOutcome: "investigation", contactPerson: exampleContactPersons.investigation });
    done(report, "concernReport", "parentTalk", 19);
    done(report, "concernReport", "reportReviewed", 11);

    const goingOn = start("concernReport", 112, { sentOn: ago(112), receivedOn: ago(111), screeningOutcome: "investigation", closedOn: ago(15), contactPerson: exampleContactPersons.investigation });
    for (const [step, days] of [["parentTalk", 113], ["reportReviewed", 105], ["startupMeeting", 98], ["cooperation", 20]] as const) done(goingOn, "concernReport", step, days);
    skipStep(index, goingOn, stepKeyOf("concernReport", { id: "closingMeeting" }), "capacity", ago(15), "consultant");
    answerClock(index, goingOn, "reporterFeedback", { answer: "yes", on: ago(95) }, momentAt(ago(95), "09:40"), 1);
    handOverRun(index, goingOn, shippedTemplate("handover"), { ...beginning(14), by: "consultant" });
    done(goingOn, "handover", "nextMeetingDated", 14);
  } else if (school === 1) {
    const own = start("ownProcedure", 4, { sentOn: ago(4), receivedOn: ago(4) });
    done(own, "ownProcedure", "firstTalks", 2);
  } else if (school === 2) {
    start("newReport", 3, { sentOn: ago(3), receivedOn: ago(3), contactPerson: exampleContactPersons.measures });
  }
}

function hold(example: ExampleService, one: ExampleSchool, { form, endedAt, followUps }: ExampleConsultation, index: Y.Doc, docOf: DocOf, chance: Chance): void {
  const heldOn = dateOf(form.startedAt);
  const holidays = proposedHolidays(example.schoolYear);
  const proposals = proposeFollowUps(followUpBasis(form.draft, steps, form.onlyUs), {
    heldOn,
    nextVisitOn: nextVisitOn(one, heldOn, example.schoolYear),
    workingDays: 1,
    holidays,
  });
  holdConsultation(index, docOf(documentId("case", form.caseId)), form, { steps, followUps: proposals, now: endedAt, newId: seededIds(chance) });
  settleFollowUps(example, form.id, followUps, index, chance);
}

function nextVisitOn({ school, visits }: ExampleSchool, after: string, schoolYear: SchoolYear): string | null {
  const written = visits.map(({ date }) => date);
  const ofRhythm = rhythmDates(school, schoolYearRange(schoolYear), proposedHolidays(schoolYear));
  return [...written, ...ofRhythm].sort().find((date) => date > after) ?? null;
}

/** Most are answered in time, some a few days late, a few are no longer relevant. What is not due yet stays open. */
function settleFollowUps(example: ExampleService, consultationId: string, fate: ExampleConsultation["followUps"], index: Y.Doc, chance: Chance): void {
  const today = dateOf(example.now);
  for (const { id, dueOn, ...followUp } of readFollowUps(index).records) {
    if (followUp.consultationId !== consultationId) continue;
    if (fate === "notYet") answerFollowUp(index, id, "notYet", momentAt(lastWorkingDayBefore(today), "14:20"), 1);
    else if (fate === "answered" && dueOn < today && waitsForAnswer(followUp)) {
      const late = addDays(dueOn, chance() < 0.2 ? 1 + chooseIndex(chance, 4) : 0);
      const answeredOn = late < today ? late : dueOn;
      answerFollowUp(index, id, chance() < 0.1 ? "noLongerRelevant" : "yes", momentAt(answeredOn, "09:15"), 1);
    }
  }
}
