import { type RoutineId, type ShippedRoutine, type ShippedStepId, shippedRoutines } from "../../content/routines.ts";
import type { NewId } from "../../lib/id.ts";
import { namesCase } from "../cases/rules.ts";
import type { RoutineTemplateId } from "../ids.ts";
import { isSameValue } from "../records.ts";
import { longestNote, longestTitle, type RoutineStep, type RoutineTemplate, type StepId, type TemplateVersion } from "./schema.ts";

export function newTemplateId(newId: NewId): RoutineTemplateId {
  return `template-${newId()}` as RoutineTemplateId;
}

/** The id of a step that somebody adds. */
export function newStepId(newId: NewId): StepId {
  return `own-${newId()}`;
}

/** A routine as it is to be followed, and where it comes from. */
export type Template = {
  readonly routine: RoutineId;
  readonly version: TemplateVersion;
  readonly steps: readonly RoutineStep[];
};

/** What we ship, as a template. */
export function shippedTemplate(routine: RoutineId): Template {
  const { version, steps }: ShippedRoutine = shippedRoutines[routine];
  return {
    routine,
    version: `shipped-${routine}-${version}`,
    steps: steps.map(({ id, who, meeting, deadline, involvesParents }) => ({
      id,
      who: Array.from(who),
      ...(meeting === undefined ? {} : { meeting }),
      ...(deadline === undefined ? {} : { legalDeadline: deadline }),
      involvesParents,
    })),
  };
}

const shippedSteps = new Set<string>(Object.values(shippedRoutines).flatMap(({ steps }) => steps.map(({ id }) => id)));

/** Whether the app has words for a step; the others are a service's or a school's own. */
export function isShippedStep(id: string): id is ShippedStepId {
  return shippedSteps.has(id);
}

/** What the routine does not say of a step. A step without a meeting is one without; nothing is missing there. */
export function unsaid(step: RoutineStep): ("who" | "deadline")[] {
  return [
    ...(step.who.length === 0 ? (["who"] as const) : []),
    ...(step.legalDeadline === undefined && step.ownDeadline === undefined ? (["deadline"] as const) : []),
  ];
}

/**
 * The versions of one routine that no other is based on, the newest first. More than one when two devices each made a new version of the same: the first in
 * the list holds, on all devices, and the others are shown beside it so that nobody's work is lost.
 */
export function newestVersions(routine: RoutineId, versions: readonly RoutineTemplate[]): RoutineTemplate[] {
  const ofRoutine = versions.filter((version) => version.routine === routine);
  const replaced = new Set<TemplateVersion>(ofRoutine.map(({ basedOn }) => basedOn));
  return ofRoutine.filter(({ id }) => !replaced.has(id)).sort((a, b) => (a.madeAt + a.id < b.madeAt + b.id ? 1 : -1));
}

/** The service's own, else what we ship. @param service the versions on the shelf */
export function serviceTemplate(routine: RoutineId, service: readonly RoutineTemplate[]): Template {
  const [newest] = newestVersions(routine, service);
  return newest === undefined ? shippedTemplate(routine) : { routine, version: newest.id, steps: newest.steps };
}

export type SchoolTemplate = {
  readonly template: Template;
  /** What it is measured against: the service's as it is now. */
  readonly original: Template;
  readonly isOwn: boolean;
  /** The service has another version now than the one that the school's own goes back to. */
  readonly isBehind: boolean;
};

/** The school's own, else the service's. @param school the versions in its plan room @param service the versions on the shelf */
export function schoolTemplate(routine: RoutineId, school: readonly RoutineTemplate[], service: readonly RoutineTemplate[]): SchoolTemplate {
  const original = serviceTemplate(routine, service);
  const [newest] = newestVersions(routine, school);
  if (newest === undefined) return { template: original, original, isOwn: false, isBehind: false };
  const template = { routine, version: newest.id, steps: newest.steps };
  return { template, original, isOwn: true, isBehind: rootOf(newest, school) !== original.version };
}

/** The version outside the list that one goes back to, step by step. */
function rootOf(version: RoutineTemplate, versions: readonly RoutineTemplate[]): TemplateVersion {
  const byId = new Map<TemplateVersion, RoutineTemplate>(versions.map((one) => [one.id, one]));
  let root: TemplateVersion = version.basedOn;
  // Each version once: two that name each other, which only a broken device could write, must not hang the app.
  for (let parent = byId.get(root); parent !== undefined; parent = byId.get(root)) {
    byId.delete(root);
    root = parent.basedOn;
  }
  return root;
}

type StepField = Exclude<keyof RoutineStep, "id">;
const stepFields: readonly StepField[] = ["title", "note", "who", "meeting", "legalDeadline", "ownDeadline", "involvesParents"];

export type TemplateDifferences = {
  readonly added: readonly RoutineStep[];
  readonly removed: readonly RoutineStep[];
  /** As few as explain the new order: those that stayed are not moved because others passed them. */
  readonly moved: readonly RoutineStep[];
  readonly changed: readonly { readonly step: RoutineStep; readonly fields: readonly StepField[] }[];
};

/** How one list of steps differs from the one it was made from. */
export function templateDifferences(original: readonly RoutineStep[], changed: readonly RoutineStep[]): TemplateDifferences {
  const before = new Map(original.map((step, place) => [step.id, { step, place }]));
  const after = new Set(changed.map(({ id }) => id));
  const common = changed.flatMap((step) => {
    const was = before.get(step.id);
    return was === undefined ? [] : [{ step, was: was.step, place: was.place }];
  });
  const stayed = longestRising(common.map(({ place }) => place));
  return {
    added: changed.filter(({ id }) => !before.has(id)),
    removed: original.filter(({ id }) => !after.has(id)),
    moved: common.filter((_, index) => !stayed.has(index)).map(({ step }) => step),
    changed: common.flatMap(({ step, was }) => {
      const fields = stepFields.filter((field) => !isSameStepField(step[field], was[field]));
      return fields.length === 0 ? [] : [{ step, fields }];
    }),
  };
}

/** `who` is a set of chips: tapped in another order it says the same. */
function isSameStepField(one: RoutineStep[StepField], other: RoutineStep[StepField]): boolean {
  if (Array.isArray(one) && Array.isArray(other)) return isSameValue(Array.from(one).sort(), Array.from(other).sort());
  return isSameValue(one, other);
}

/** The indexes of a longest run of rising numbers; of several as long, one of them. Each list of steps is short, so this may be quadratic. */
function longestRising(numbers: readonly number[]): Set<number> {
  const lengths: number[] = [];
  const previous: number[] = [];
  numbers.forEach((number, index) => {
    lengths[index] = 1;
    previous[index] = -1;
    for (let earlier = 0; earlier < index; earlier++) {
      if ((numbers[earlier] ?? 0) < number && (lengths[earlier] ?? 0) + 1 > (lengths[index] ?? 0)) {
        lengths[index] = (lengths[earlier] ?? 0) + 1;
        previous[index] = earlier;
      }
    }
  });
  const rising = new Set<number>();
  for (let index = lengths.indexOf(Math.max(...lengths)); index >= 0; index = previous[index] ?? -1) rising.add(index);
  return rising;
}

export type TemplateProblem =
  | { readonly type: "noSteps" }
  | { readonly type: "titleMissing" | "tooLong" | "namesCase" | "involvesParents" | "sameStepTwice"; readonly step: StepId };

/** What stops a template from being saved; none when it is fine. */
export function templateProblems(routine: RoutineId, steps: readonly RoutineStep[]): TemplateProblem[] {
  if (steps.length === 0) return [{ type: "noSteps" }];
  const seen = new Set<StepId>();
  return steps.flatMap((step) => {
    const problems: TemplateProblem[] = [];
    const title = step.title ?? "";
    const note = step.note ?? "";
    if (title.trim() === "" && (step.title !== undefined || !isShippedStep(step.id))) problems.push({ type: "titleMissing", step: step.id });
    if (title.length > longestTitle || note.length > longestNote) problems.push({ type: "tooLong", step: step.id });
    if (namesCase(title) || namesCase(note)) problems.push({ type: "namesCase", step: step.id });
    // It would be taken out of every run: better said where it is written.
    if (routine === "ownProcedure" && step.involvesParents) problems.push({ type: "involvesParents", step: step.id });
    if (seen.has(step.id)) problems.push({ type: "sameStepTwice", step: step.id });
    seen.add(step.id);
    return problems;
  });
}
