/**
 * `routineTemplates`, nested, in two indexes: the shelf's for the service (everyone reads), a school's plan room's for the school. Each version is one
 * record, made once; a change is a new one based on it.
 *
 * `routineRuns` in the index of a school room: nested, and made once with three maps in it that are written key by key, so that two who work on one case at
 * once meet in it: `legs` by their id, `results` by routine and step, `answers` by clock. See [Note: no way to a drøfting] in schema.ts.
 */
import * as Y from "yjs";
import type { NotYetReason } from "../../content/choices.ts";
import type { ScreeningOutcome, SchoolClock, SkipReason } from "../../content/routines.ts";
import { assert } from "../../lib/assert.ts";
import { dateOf, type IsoDate, type Moment, secondAfter } from "../../lib/iso-date.ts";
import { addWorkingDays } from "../../lib/norwegian-calendar.ts";
import type { RoutineRunId, RoutineTemplateId, RunLegId } from "../ids.ts";
import { readSuspectedRuns } from "../meetings/document.ts";
import { addRecord, isSameValue, readRecords, type Records, setFields, setKeys } from "../records.ts";
import type { Reference } from "../references.ts";
import { contactProblem } from "./rules.ts";
import { type ClockAnswer, RoutineRun, type RoutineStep, RoutineTemplate, type RunLeg, type RunWriter, type StepKey, type StepResult } from "./schema.ts";
import { type Template, templateProblems } from "./template-rules.ts";

/** In the shelf's index and in a plan room's. */
export const routineTemplateRoots = ["routineTemplates"] as const;
/** In a school room's index: the runs, and the meetings, which can say of their run that violence is suspected. */
export const routineRunRoots = ["routineRuns", "meetings"] as const;

export function readRoutineTemplates(doc: Y.Doc): Records<RoutineTemplate> {
  return readRecords(doc.getMap("routineTemplates"), RoutineTemplate);
}

/** A new version. @param doc the shelf's index for the service's, the plan room's for a school's @param template without problems, see `templateProblems` */
export function addRoutineTemplate(doc: Y.Doc, template: RoutineTemplate): void {
  assert(templateProblems(template.routine, template.steps).length === 0, "a template is looked through before it is saved");
  addRecord(doc.getMap("routineTemplates"), template.id, { ...template, steps: template.steps.map(plainStep) });
}

/** Takes a version back within the seconds in which it can be undone. A case that began with it has its own copy. */
export function takeBackRoutineTemplate(doc: Y.Doc, id: RoutineTemplateId): void {
  doc.getMap("routineTemplates").delete(id);
}

export function readRoutineRuns(index: Y.Doc): Records<RoutineRun> {
  const { records, broken } = readRecords(index.getMap("routineRuns"), RoutineRun);
  const suspected = readSuspectedRuns(index);
  const runs = records.map((run): RoutineRun => {
    const suspectedIn = suspected.get(run.id);
    return suspectedIn === undefined ? run : { ...run, suspectedIn };
  });
  return { records: runs, broken };
}

/** Who goes on along a routine, when, and as which leg: its id from `newLegId`. */
export type Beginning = { readonly leg: RunLegId; readonly by: RunWriter; readonly now: Moment };

/** A case begins along a routine, and keeps the steps as they are now. @param run its id from `newRunId`, its reference from `newReference` */
export function startRoutineRun(index: Y.Doc, run: { id: RoutineRunId; reference: Reference }, template: Template, beginning: Beginning): void {
  const legs = new Y.Map<unknown>();
  legs.set(beginning.leg, legOf(template, beginning));
  addRecord(index.getMap("routineRuns"), run.id, { ...run, legs, results: new Y.Map(), answers: new Y.Map() });
}

/** Takes back what has just been started. */
export function takeBackRoutineRun(index: Y.Doc, id: RoutineRunId): void {
  index.getMap("routineRuns").delete(id);
}

/**
 * The case goes on along another routine. On to B, nothing that involves the parents is shown from here on. It begins after all that is begun already, though
 * a colleague's clock was ahead, or it was in the same second: legs come in the order they began.
 */
export function handOverRun(index: Y.Doc, id: RoutineRunId, template: Template, beginning: Beginning): void {
  const begun = readRoutineRuns(index).records.find((run) => run.id === id)?.legs.at(-1)?.startedAt;
  const now = begun === undefined || begun < beginning.now ? beginning.now : secondAfter(begun);
  setKeys(partOf(index, id, "legs"), { [beginning.leg]: legOf(template, { ...beginning, now }) });
}

/** Takes one's own handover back within the seconds in which it can be undone; if another device has gone on to the same routine, the case stays there. */
export function takeBackHandover(index: Y.Doc, id: RoutineRunId, leg: RunLegId): void {
  setKeys(partOf(index, id, "legs"), { [leg]: undefined });
}

/** A copy: what becomes of the template later does not reach the case. */
function legOf({ routine, version, steps }: Template, { by, now }: Beginning): Omit<RunLeg, "id"> {
  return { routine, startedAt: now, startedBy: by, template: version, steps: steps.map(plainStep) };
}

/** Only what a step has: Yjs keeps a field that is undefined, and a copy would then differ from its original. */
function plainStep(step: RoutineStep): RoutineStep {
  return Object.fromEntries(Object.entries(step).filter(([, value]) => value !== undefined)) as RoutineStep;
}

/** @param on the day it was done; it may be before today */
export function markStepDone(index: Y.Doc, id: RoutineRunId, step: StepKey, on: IsoDate, by: RunWriter): void {
  setResult(index, id, step, { state: "done", on, by });
}

export function skipStep(index: Y.Doc, id: RoutineRunId, step: StepKey, reason: SkipReason, on: IsoDate, by: RunWriter): void {
  setResult(index, id, step, { state: "skipped", on, by, reason });
}

/** «Ikke ennå»: the step is asked about again after `workingDays` working days. */
export function putStepOff(
  index: Y.Doc,
  id: RoutineRunId,
  step: StepKey,
  { on, by, reason }: { on: IsoDate; by: RunWriter; reason?: NotYetReason | undefined },
  workingDays: number,
): void {
  setResult(index, id, step, { state: "notYet", on, by, askAgainOn: addWorkingDays(on, workingDays), ...(reason === undefined ? {} : { reason }) });
}

/** Takes a step back to what it was. @param before without it, to open */
export function undoStep(index: Y.Doc, id: RoutineRunId, step: StepKey, before: StepResult | null = null): void {
  setResult(index, id, step, before);
}

function setResult(index: Y.Doc, id: RoutineRunId, step: StepKey, result: StepResult | null): void {
  setKeys(partOf(index, id, "results"), { [step]: result ?? undefined });
}

/** What people learn of the report on the way; undefined takes one away. */
export type RunFacts = {
  readonly sentOn?: IsoDate | undefined;
  readonly receivedOn?: IsoDate | undefined;
  readonly screeningOutcome?: ScreeningOutcome | undefined;
  readonly closedOn?: IsoDate | undefined;
  readonly isSpecialCase?: boolean | undefined;
  readonly contactPerson?: string | undefined;
};

/** Enters facts, each on its own: two that are entered at once both stand. @param facts a contact person without a `contactProblem` */
export function enterRunFacts(index: Y.Doc, id: RoutineRunId, facts: RunFacts): void {
  assert(facts.contactPerson === undefined || contactProblem(facts.contactPerson) === null, "what is written is looked through before it is saved");
  setFields(index.getMap("routineRuns"), id, facts);
}

/**
 * One tap on one of the school's clocks. A yes to «er meldingen sendt?» is also the day it was sent, and another answer takes that day away. Answering again
 * replaces the answer, and its reason.
 * @param on with a yes: the day it happened
 * @param workingDays «ikke ennå» comes back after so many
 */
export function answerClock(
  index: Y.Doc,
  id: RoutineRunId,
  clock: SchoolClock,
  { answer, on }: Pick<ClockAnswer, "answer" | "on">,
  now: Moment,
  workingDays: number,
): void {
  const today = dateOf(now);
  const happenedOn = answer === "yes" ? (on ?? today) : undefined;
  setAnswer(index, id, clock, {
    answer,
    answeredAt: now,
    ...(happenedOn === undefined ? {} : { on: happenedOn }),
    ...(answer === "notYet" ? { askAgainOn: addWorkingDays(today, workingDays) } : {}),
  });
  if (clock === "reportSent") enterRunFacts(index, id, { sentOn: happenedOn });
}

/** Why, said after the answer. Without an answer there is nothing to give a reason for. */
export function giveClockReason(index: Y.Doc, id: RoutineRunId, clock: SchoolClock, reason: NonNullable<ClockAnswer["reason"]>): void {
  const stored = partOf(index, id, "answers").get(clock) as ClockAnswer | undefined;
  if (stored !== undefined) setAnswer(index, id, clock, { ...stored, reason });
}

/** Takes an answer back to what it was, and the day it brought with it or took away, unless somebody has entered another. @param before the run as it stood */
export function undoClock(index: Y.Doc, before: RoutineRun, clock: SchoolClock): void {
  const stored = partOf(index, before.id, "answers").get(clock) as ClockAnswer | undefined;
  setAnswer(index, before.id, clock, before.answers[clock] ?? null);
  const record = index.getMap("routineRuns").get(before.id);
  const leftDay = clock === "reportSent" && record instanceof Y.Map && stored !== undefined && isSameValue(record.get("sentOn"), stored.on);
  if (leftDay) enterRunFacts(index, before.id, { sentOn: before.sentOn });
}

function setAnswer(index: Y.Doc, id: RoutineRunId, clock: SchoolClock, answer: ClockAnswer | null): void {
  setKeys(partOf(index, id, "answers"), { [clock]: answer ?? undefined });
}

function partOf(index: Y.Doc, id: RoutineRunId, part: "legs" | "results" | "answers"): Y.Map<unknown> {
  const run = index.getMap("routineRuns").get(id);
  const map = run instanceof Y.Map ? run.get(part) : undefined;
  assert(map instanceof Y.Map, "the run to change exists");
  return map;
}
