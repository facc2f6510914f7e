import { expect, test } from "vitest";
import * as Y from "yjs";
import { copyOf, countingIds, idOf, meet } from "../features.test-data.ts";
import type { MeetingId, RoutineRunId, RoutineTemplateId, RunLegId } from "../ids.ts";
import { deleteMeeting, prepareMeeting, setOwnProcedure } from "../meetings/document.ts";
import { preparation } from "../meetings/meetings.test-data.ts";
import { clocksOf } from "./deadline-rules.ts";
import {
  addRoutineTemplate,
  answerClock,
  type Beginning,
  enterRunFacts,
  giveClockReason,
  handOverRun,
  markStepDone,
  putStepOff,
  readRoutineRuns,
  readRoutineTemplates,
  skipStep,
  startRoutineRun,
  takeBackHandover,
  takeBackRoutineRun,
  takeBackRoutineTemplate,
  undoClock,
  undoStep,
} from "./document.ts";
import { currentLeg, newLegId, newRunId, stepsOf, suspectsViolence } from "./rules.ts";
import type { RoutineRun, RoutineTemplate } from "./schema.ts";
import { serviceTemplate, shippedTemplate } from "./template-rules.ts";

const runId = `run-${idOf(1)}` as RoutineRunId;
const legId = (number: number) => `leg-${idOf(number)}` as RunLegId;
const beginning = (leg: number, time: string, by: Beginning["by"] = "socialTeacher"): Beginning => ({ leg: legId(leg), by, now: `2026-11-26T${time}:00` });
const today = "2026-11-26";

/** A school room's index with one case on A, and a second device that has it too. */
function twoDevices(): [Y.Doc, Y.Doc] {
  const tablet = new Y.Doc();
  startRoutineRun(tablet, { id: runId, reference: "R-482-KTM" }, shippedTemplate("concernReport"), beginning(1, "09:00"));
  return [tablet, copyOf(tablet)];
}

function only(index: Y.Doc): RoutineRun {
  const { records, broken } = readRoutineRuns(index);
  expect(broken).toEqual([]);
  expect(records).toHaveLength(1);
  return records[0]!;
}

/** Both devices, after they have met; they must say the same. */
function met(one: Y.Doc, other: Y.Doc): RoutineRun {
  meet(one, other);
  expect(only(other)).toEqual(only(one));
  return only(one);
}

test("what another device says of one of its meetings reaches the run: each meeting on its own, none that was deleted, and none of another run", () => {
  const [tablet, phone] = twoDevices();
  const [first, second, apart] = [1, 2, 3].map((number) => `meeting-${idOf(number)}` as MeetingId) as [MeetingId, MeetingId, MeetingId];
  for (const id of [first, second]) prepareMeeting(phone, new Y.Doc(), { ...preparation({ runId }), id }, []);
  prepareMeeting(phone, new Y.Doc(), { ...preparation({ runId: `run-${idOf(9)}` as RoutineRunId, ownProcedure: true }), id: apart }, []);
  expect(met(tablet, phone)).not.toHaveProperty("suspectedIn");
  setOwnProcedure(phone, first, true);
  setOwnProcedure(tablet, second, true);
  expect(new Set(met(tablet, phone).suspectedIn)).toEqual(new Set([first, second]));
  deleteMeeting(phone, first, "2026-11-26T10:00:00");
  expect(met(tablet, phone).suspectedIn).toEqual([second]);
  setOwnProcedure(tablet, second, false);
  expect(met(tablet, phone)).not.toHaveProperty("suspectedIn");
});

test("one that this device cannot read in whole counts too", () => {
  const [tablet] = twoDevices();
  prepareMeeting(tablet, new Y.Doc(), preparation({ runId, ownProcedure: true }), []);
  tablet.getMap<Y.Map<unknown>>("meetings").get(preparation().id)!.set("type", "ofTomorrow");
  expect(suspectsViolence(only(tablet))).toBe(true);
});

test("a run is read as it was begun, with a copy of the steps", () => {
  const [tablet] = twoDevices();
  const { steps, version } = shippedTemplate("concernReport");
  expect(only(tablet)).toEqual({
    id: runId,
    reference: "R-482-KTM",
    startedAt: "2026-11-26T09:00:00",
    legs: [{ id: legId(1), routine: "concernReport", startedAt: "2026-11-26T09:00:00", startedBy: "socialTeacher", template: version, steps }],
    results: {},
    answers: {},
  });
});

test("ids made for runs and legs can be read back", () => {
  const index = new Y.Doc();
  const newId = countingIds();
  startRoutineRun(index, { id: newRunId(newId), reference: "R-482-KTM" }, shippedTemplate("handover"), { leg: newLegId(newId), by: "consultant", now: "2026-11-26T09:00:00" });
  expect(only(index).legs[0]!.routine).toBe("handover");
});

test("two devices that settle different steps keep both", () => {
  const [tablet, phone] = twoDevices();
  markStepDone(tablet, runId, "concernReport/reportSent", "2026-11-25", "socialTeacher");
  skipStep(phone, runId, "concernReport/parentTalk", "notRelevant", today, "consultant");
  expect(met(tablet, phone).results).toEqual({
    "concernReport/reportSent": { state: "done", on: "2026-11-25", by: "socialTeacher" },
    "concernReport/parentTalk": { state: "skipped", on: today, by: "consultant", reason: "notRelevant" },
  });
});

test("of two who settle the same step, one stands, whole, and both devices have the same", () => {
  const [tablet, phone] = twoDevices();
  markStepDone(tablet, runId, "concernReport/startupMeeting", today, "socialTeacher");
  skipStep(phone, runId, "concernReport/startupMeeting", "capacity", today, "consultant");
  expect([
    { state: "done", on: today, by: "socialTeacher" },
    { state: "skipped", on: today, by: "consultant", reason: "capacity" },
  ]).toContainEqual(met(tablet, phone).results["concernReport/startupMeeting"]);
});

test("a step is taken back to what it was", () => {
  const [tablet] = twoDevices();
  skipStep(tablet, runId, "concernReport/parentTalk", "other", today, "consultant");
  const before = only(tablet).results["concernReport/parentTalk"]!;
  markStepDone(tablet, runId, "concernReport/parentTalk", today, "consultant");
  undoStep(tablet, runId, "concernReport/parentTalk", before);
  expect(only(tablet).results["concernReport/parentTalk"]).toEqual(before);
  undoStep(tablet, runId, "concernReport/parentTalk");
  expect(only(tablet).results).toEqual({});
});

test("facts that are entered at once both stand", () => {
  const [tablet, phone] = twoDevices();
  enterRunFacts(tablet, runId, { sentOn: "2026-11-25" });
  enterRunFacts(phone, runId, { receivedOn: today, screeningOutcome: "investigation", contactPerson: "Kari fra tiltak" });
  expect(met(tablet, phone)).toMatchObject({ sentOn: "2026-11-25", receivedOn: today, screeningOutcome: "investigation", contactPerson: "Kari fra tiltak" });
  enterRunFacts(phone, runId, { receivedOn: undefined });
  expect(met(tablet, phone)).not.toHaveProperty("receivedOn");
});

test("a case keeps the version it began with, though the service changes the template meanwhile", () => {
  const shelf = new Y.Doc();
  const [tablet, phone] = twoDevices();
  const before = stepsOf(only(tablet));
  const version: RoutineTemplate = {
    id: `template-${idOf(5)}` as RoutineTemplateId,
    routine: "concernReport",
    basedOn: "shipped-concernReport-1",
    madeAt: "2026-11-26T10:00:00",
    steps: [{ id: "reportSent", title: "Meldingen er sendt i portalen", who: ["socialTeacher"], involvesParents: false }],
  };
  addRoutineTemplate(shelf, version);
  const changed = serviceTemplate("concernReport", readRoutineTemplates(shelf).records).template;
  startRoutineRun(phone, { id: `run-${idOf(2)}` as RoutineRunId, reference: "R-305-BFL" }, changed, beginning(2, "10:30"));
  markStepDone(tablet, runId, "concernReport/closingMeeting", today, "socialTeacher");
  meet(tablet, phone);
  const [old, fresh] = readRoutineRuns(tablet).records as [RoutineRun, RoutineRun];
  expect(old.legs[0]!.template).toBe("shipped-concernReport-1");
  expect(stepsOf(old).map(({ step }) => step)).toEqual(before.map(({ step }) => step));
  expect(old.results["concernReport/closingMeeting"]?.state).toBe("done");
  expect(fresh.legs[0]).toMatchObject({ template: version.id, steps: version.steps });
  const added = `own-${idOf(8)}` as const;
  markStepDone(tablet, fresh.id, `concernReport/${added}`, today, "consultant");
  expect(Object.keys(readRoutineRuns(tablet).records[1]!.results)).toEqual([`concernReport/${added}`]);
  undoStep(tablet, fresh.id, `concernReport/${added}`);
  takeBackRoutineTemplate(shelf, version.id);
  expect(readRoutineTemplates(shelf).records).toEqual([]);
  expect(readRoutineRuns(tablet).records[1]).toEqual(fresh);
});

test("versions that two devices make at once are both kept", () => {
  const shelf = new Y.Doc();
  const other = copyOf(shelf);
  const version = (number: number): RoutineTemplate => ({
    id: `template-${idOf(number)}` as RoutineTemplateId,
    routine: "handover",
    basedOn: "shipped-handover-1",
    madeAt: `2026-11-26T10:0${number}:00`,
    steps: [{ id: "handoverMeeting", who: [], involvesParents: true }],
  });
  addRoutineTemplate(shelf, version(1));
  addRoutineTemplate(other, version(2));
  meet(shelf, other);
  expect(readRoutineTemplates(shelf).records).toEqual([version(1), version(2)]);
  expect(readRoutineTemplates(other).records).toEqual(readRoutineTemplates(shelf).records);
});

test("on to B: the parents are out on both devices, also of what the other did with them meanwhile", () => {
  const [tablet, phone] = twoDevices();
  handOverRun(tablet, runId, shippedTemplate("ownProcedure"), beginning(2, "11:00"));
  markStepDone(phone, runId, "concernReport/parentTalk", today, "socialTeacher");
  handOverRun(phone, runId, shippedTemplate("handover"), beginning(3, "11:05"));
  const run = met(tablet, phone);
  expect(run.legs.map(({ routine }) => routine)).toEqual(["concernReport", "ownProcedure", "handover"]);
  expect(stepsOf(run).filter(({ step }) => step.involvesParents)).toEqual([]);
});

test("what a case goes on to comes after what it was on, also in the same second, or by a clock that is behind", () => {
  for (const at of ["09:00", "08:58"]) {
    const [tablet] = twoDevices();
    // An id that would come first.
    handOverRun(tablet, runId, shippedTemplate("ownProcedure"), beginning(0, at));
    expect(currentLeg(only(tablet))).toMatchObject({ routine: "ownProcedure", startedAt: "2026-11-26T09:00:01" });
  }
});

test("one device takes B back while another goes on to it: the case stays on B", () => {
  for (const order of ["tablet first", "phone first"]) {
    const [tablet, phone] = twoDevices();
    // Which of two writers Yjs prefers follows from their client ids; both orders are tried.
    [tablet.clientID, phone.clientID] = order === "tablet first" ? [1, 2] : [2, 1];
    handOverRun(tablet, runId, shippedTemplate("ownProcedure"), beginning(2, "11:00"));
    handOverRun(phone, runId, shippedTemplate("ownProcedure"), beginning(3, "11:01"));
    takeBackHandover(tablet, runId, legId(2));
    expect(suspectsViolence(only(tablet))).toBe(false);
    const run = met(tablet, phone);
    expect(run.legs.map(({ id }) => id)).toEqual([legId(1), legId(3)]);
    expect(suspectsViolence(run)).toBe(true);
  }
});

test("two devices that go on to the same routine at once have it once, and what either did in it counts", () => {
  const [tablet, phone] = twoDevices();
  handOverRun(tablet, runId, shippedTemplate("handover"), beginning(2, "11:00"));
  handOverRun(phone, runId, shippedTemplate("handover"), beginning(3, "11:01"));
  markStepDone(tablet, runId, "handover/contactPersonKnown", today, "socialTeacher");
  markStepDone(phone, runId, "handover/nextMeetingDated", today, "consultant");
  const run = met(tablet, phone);
  expect(run.legs.map(({ id }) => id)).toEqual([legId(1), legId(2)]);
  expect(Object.keys(run.results).sort()).toEqual(["handover/contactPersonKnown", "handover/nextMeetingDated"]);
});

test("«er meldingen sendt?» is one tap, and is undone with the day it brought", () => {
  const [tablet] = twoDevices();
  const before = only(tablet);
  answerClock(tablet, runId, "reportSent", { answer: "yes" }, "2026-11-26T12:00:00", 1);
  expect(only(tablet)).toMatchObject({ sentOn: today, answers: { reportSent: { answer: "yes", on: today } } });
  undoClock(tablet, before, "reportSent");
  expect(only(tablet)).toEqual(before);
});

test("undoing an answer leaves a day that a colleague has entered since", () => {
  const [tablet, phone] = twoDevices();
  const before = only(tablet);
  answerClock(tablet, runId, "reportSent", { answer: "yes" }, "2026-11-26T12:00:00", 1);
  meet(tablet, phone);
  enterRunFacts(phone, runId, { sentOn: "2026-11-24" });
  meet(tablet, phone);
  undoClock(tablet, before, "reportSent");
  const run = met(tablet, phone);
  expect(run).toMatchObject({ sentOn: "2026-11-24", answers: {} });
  expect(clocksOf(run, today)[0]!.state).toBe("answered");
});

test("«ikke ennå» comes back on a working day, and takes its reason afterwards", () => {
  const [tablet] = twoDevices();
  giveClockReason(tablet, runId, "reporterFeedback", "waitingForOthers");
  expect(only(tablet).answers).toEqual({});
  answerClock(tablet, runId, "reporterFeedback", { answer: "notYet" }, "2026-11-27T12:00:00", 1);
  giveClockReason(tablet, runId, "reporterFeedback", "waitingForOthers");
  expect(only(tablet).answers.reporterFeedback).toEqual({
    answer: "notYet",
    answeredAt: "2026-11-27T12:00:00",
    askAgainOn: "2026-11-30",
    reason: "waitingForOthers",
  });
  answerClock(tablet, runId, "reporterFeedback", { answer: "noLongerRelevant" }, "2026-11-30T12:00:00", 1);
  expect(only(tablet).answers.reporterFeedback).toEqual({ answer: "noLongerRelevant", answeredAt: "2026-11-30T12:00:00" });
});

test("two who answer different clocks keep both", () => {
  const [tablet, phone] = twoDevices();
  answerClock(tablet, runId, "reportSent", { answer: "yes", on: "2026-11-24" }, "2026-11-26T12:00:00", 1);
  answerClock(phone, runId, "reporterFeedback", { answer: "yes", on: "2026-11-25" }, "2026-11-26T12:01:00", 1);
  expect(Object.keys(met(tablet, phone).answers).sort()).toEqual(["reportSent", "reporterFeedback"]);
});

test("what has just been started can be taken back", () => {
  const [tablet] = twoDevices();
  takeBackRoutineRun(tablet, runId);
  expect(readRoutineRuns(tablet)).toEqual({ records: [], broken: [] });
});

test("what this version cannot read is counted and left as it is", () => {
  const [tablet] = twoDevices();
  const run = tablet.getMap<Y.Map<unknown>>("routineRuns").get(runId)!;
  (run.get("legs") as Y.Map<unknown>).set(legId(9), { routine: "aFifthRoutine" });
  expect(readRoutineRuns(tablet)).toEqual({ records: [], broken: [{ id: runId }] });
});

test("an answer that is no yes takes the day of sending away, and undoing it brings the day back", () => {
  const [index] = twoDevices();
  answerClock(index, runId, "reportSent", { answer: "yes", on: "2026-11-25" }, `${today}T09:00:00`, 1);
  const sent = only(index);
  answerClock(index, runId, "reportSent", { answer: "notYet" }, `${today}T09:05:00`, 1);
  expect(clocksOf(only(index), today)[0]).toMatchObject({ state: "notYet" });
  undoClock(index, sent, "reportSent");
  expect(only(index)).toMatchObject({ sentOn: "2026-11-25", answers: { reportSent: { answer: "yes" } } });
});

test("the step of sending is done when the day is known, by nobody's tap", () => {
  const [index] = twoDevices();
  const step = () => stepsOf(only(index)).find(({ step: { id } }) => id === "reportSent")?.result;
  expect(step()).toBeNull();
  enterRunFacts(index, runId, { receivedOn: "2026-11-25" });
  expect(step()).toEqual({ state: "done", on: "2026-11-25", by: null });
});

test("a step that was put off is open still, and says when it comes back", () => {
  const [index] = twoDevices();
  putStepOff(index, runId, "concernReport/startupMeeting", { on: "2026-11-27", by: "consultant", reason: "noTime" }, 2);
  expect(stepsOf(only(index)).find(({ step: { id } }) => id === "startupMeeting")?.result).toEqual({
    state: "notYet",
    on: "2026-11-27",
    by: "consultant",
    askAgainOn: "2026-12-01",
    reason: "noTime",
  });
});
