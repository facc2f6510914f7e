import { type RoutineId, type ShippedRoutine, type ShippedStepId, shippedRoutines } from "../../content/routines.ts";
import type { NewId } from "../../lib/id.ts";
import { namesCase } from "../cases/rules.ts";
import type { RoutineTemplateId } from "../ids.ts";
import { type OwnOrOriginal, ownOrOriginal, type PartDifferences, partDifferences } from "../templates/rules.ts";
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

function ofRoutine(routine: RoutineId, versions: readonly RoutineTemplate[]): RoutineTemplate[] {
  return versions.filter((version) => version.routine === routine);
}

function templateOf({ routine, id, steps }: RoutineTemplate): Template {
  return { routine, version: id, steps };
}

/** A template with what it is measured against, and what else somebody made of the same version at the same time. */
export type TemplateHere = OwnOrOriginal<Template, RoutineTemplate>;

/** A routine as the service has it: its own, else what we ship. @param service the versions on the shelf */
export function serviceTemplate(routine: RoutineId, service: readonly RoutineTemplate[]): TemplateHere {
  return ownOrOriginal(shippedTemplate(routine), ofRoutine(routine, service), templateOf);
}

/** A routine as a school follows it: its own, else the service's. @param school the versions in its plan room @param service the versions on the shelf */
export function schoolTemplate(routine: RoutineId, school: readonly RoutineTemplate[], service: readonly RoutineTemplate[]): TemplateHere {
  return ownOrOriginal(serviceTemplate(routine, service).template, ofRoutine(routine, school), templateOf);
}

type StepField = Exclude<keyof RoutineStep, "id">;
const stepFields: readonly StepField[] = ["title", "note", "who", "meeting", "legalDeadline", "ownDeadline", "involvesParents"];

/** How one list of steps differs from the one it was made from. */
export function templateDifferences(original: readonly RoutineStep[], changed: readonly RoutineStep[]): PartDifferences<RoutineStep, StepField> {
  return partDifferences(original, changed, stepFields);
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
