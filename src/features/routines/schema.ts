import * as z from "zod/mini";
import { followUpAnswers, noLongerReasons, notYetReasons } from "../../content/choices.ts";
import { deadlineIds } from "../../content/deadlines.ts";
import { routineIds, schoolClocks, screeningOutcomes, skipReasons, stepActors, stepMeetings } from "../../content/routines.ts";
import { namesCase } from "../cases/rules.ts";
import { IsoDateText, MomentText } from "../fields.ts";
import { type MeetingId, RoutineRunId, RoutineTemplateId, RunLegId } from "../ids.ts";
import { Reference } from "../references.ts";

/**
 * [Note: no way to a drøfting] Parents sit in the meetings of a routine, so nothing here may lead to an anonymous talk. There is no field for a case, ids
 * carry their kind so that none takes a case's, and a text that names a case by its code is refused. Only the key list may hold both. So it is with meetings.
 */
export const textWithoutCase = (longest: number) => z.string().check(z.minLength(1), z.maxLength(longest), z.refine((text) => !namesCase(text)));

/** In characters. */
export const longestTitle = 80;
export const longestNote = 400;

/** Who writes in a school room. */
export const runWriters = ["consultant", "socialTeacher"] as const;
export type RunWriter = (typeof runWriters)[number];

/** Of a step that we ship, or of one somebody added. */
export const StepId = z.string().check(z.regex(/^([A-Za-z]{1,31}|own-[0-9a-f]{32})$/));
export type StepId = z.infer<typeof StepId>;

/** A deadline that a service or a school has set itself. `routine` is the day the case began on the routine, `stepBefore` when that step was done. */
const OwnDeadline = z.object({
  length: z.int().check(z.gte(1), z.lte(366)),
  unit: z.enum(["workingDays", "days", "months"]),
  countsFrom: z.enum(["routine", "stepBefore", "received", "closed"]),
});
export type OwnDeadline = z.infer<typeof OwnDeadline>;

/** One step. What is left out or empty, the routine does not say. */
export const RoutineStep = z.object({
  id: StepId,
  /** Somebody's own words; without them those of the text section `routines.step`. */
  title: z.optional(textWithoutCase(longestTitle)),
  note: z.optional(textWithoutCase(longestNote)),
  who: z.array(z.enum(stepActors)),
  meeting: z.optional(z.enum(stepMeetings)),
  /** The law's; a step has one of the two or none. */
  legalDeadline: z.optional(z.enum(deadlineIds)),
  ownDeadline: z.optional(OwnDeadline),
  /** Leads the school to the parents. */
  involvesParents: z.boolean(),
});
export type RoutineStep = z.infer<typeof RoutineStep>;

/** A version of a template: one that somebody made, or `shipped-<routine>-<number>`. */
export const TemplateVersion = z.union([RoutineTemplateId, z.templateLiteral(["shipped-", z.enum(routineIds), "-", z.int()])]);
export type TemplateVersion = z.infer<typeof TemplateVersion>;

/** One version of a routine as a service or a school has it; written once, never changed. */
export const RoutineTemplate = z.object({
  id: RoutineTemplateId,
  routine: z.enum(routineIds),
  basedOn: TemplateVersion,
  madeAt: MomentText,
  steps: z.array(RoutineStep),
  /** The one it was made from is followed again, with what becomes of that one later. */
  isReset: z.optional(z.boolean()),
});
export type RoutineTemplate = z.infer<typeof RoutineTemplate>;

/** What became of a step: one value, so that of two said at once one stands, whole. */
export const StepResult = z.union([
  z.object({ state: z.literal("done"), on: IsoDateText, by: z.enum(runWriters) }),
  z.object({ state: z.literal("skipped"), on: IsoDateText, by: z.enum(runWriters), reason: z.enum(skipReasons) }),
  /** The step still waits, and is asked about again on a day. */
  z.object({ state: z.literal("notYet"), on: IsoDateText, by: z.enum(runWriters), askAgainOn: IsoDateText, reason: z.optional(z.enum(notYetReasons)) }),
]);
export type StepResult = z.infer<typeof StepResult>;

/** An answer to one of the school's clocks: one value. */
export const ClockAnswer = z.object({
  answer: z.enum(followUpAnswers),
  answeredAt: MomentText,
  /** With a yes: the day it happened. */
  on: z.optional(IsoDateText),
  reason: z.optional(z.enum([...notYetReasons, ...noLongerReasons])),
  /** After «ikke ennå» the question comes back on this day. */
  askAgainOn: z.optional(IsoDateText),
});
export type ClockAnswer = z.infer<typeof ClockAnswer>;

/** The part of a run that follows one routine, with a copy of the steps as they were when it began. */
const StoredLeg = z.object({
  routine: z.enum(routineIds),
  startedAt: MomentText,
  startedBy: z.enum(runWriters),
  template: TemplateVersion,
  steps: z.array(RoutineStep),
});
export type RunLeg = z.infer<typeof StoredLeg> & { readonly id: RunLegId };

/** `<routine>/<step>` */
export const StepKey = z.templateLiteral([z.enum(routineIds), "/", StepId]);
export type StepKey = z.infer<typeof StepKey>;

const StoredRun = z.object({
  id: RoutineRunId,
  reference: Reference,
  /** Each by an id of its own, so that taking one back never takes away what another device has begun. */
  legs: z.record(RunLegId, StoredLeg),
  results: z.record(StepKey, StepResult),
  answers: z.partialRecord(z.enum(schoolClocks), ClockAnswer),
  sentOn: z.optional(IsoDateText),
  receivedOn: z.optional(IsoDateText),
  screeningOutcome: z.optional(z.enum(screeningOutcomes)),
  closedOn: z.optional(IsoDateText),
  isSpecialCase: z.optional(z.boolean()),
  /** The child welfare service's, by name or title: who it is now. */
  contactPerson: z.optional(textWithoutCase(longestTitle)),
});

/**
 * A known case that runs along a routine. It has no status of its own: that follows from what has happened. The legs come in the order they began; of two
 * devices that went on to the same routine at once, the first leg counts, on both.
 */
export const RoutineRun = z.pipe(
  StoredRun,
  z.transform(({ legs, ...run }) => {
    const inOrder = Object.entries(legs)
      .map(([id, leg]): RunLeg => ({ id: id as RunLegId, ...leg }))
      .sort((a, b) => (a.startedAt + a.id < b.startedAt + b.id ? -1 : 1));
    const firsts = inOrder.filter((leg, place) => inOrder.findIndex(({ routine }) => routine === leg.routine) === place);
    return { ...run, legs: firsts, startedAt: firsts[0]?.startedAt ?? "" };
  }),
);
export type RoutineRun = z.infer<typeof RoutineRun> & {
  /** Its meetings of which it was said that violence is suspected: not stored with the run, and left out where there are none. See `suspectsViolence`. */
  readonly suspectedIn?: readonly MeetingId[];
};
