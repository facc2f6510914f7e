import * as z from "zod/mini";
import type { Id } from "../lib/id.ts";

/** Ids are random and say nothing about what they name; a visit's is made of its school and day, see visits/rules.ts. */
export type SchoolId = Id<"school">;
export type VisitId = Id<"visit">;
export type DialogId = Id<"dialog">;
export type CaseId = Id<"case">;
export type PreRegistrationId = Id<"preRegistration">;
export type ConsultationId = Id<"consultation">;
export type FollowUpId = Id<"followUp">;
/** These say what they are of in the id itself, so that no field that takes one could hold a case's: see routines/schema.ts. */
export type RoutineRunId = Id<"routineRun">;
export type RunLegId = Id<"runLeg">;
export type RoutineTemplateId = Id<"routineTemplate">;

const randomId = <Kind extends string>() =>
  z.string().check(z.regex(/^[0-9a-f]{32}$/)) as unknown as z.ZodMiniType<Id<Kind>, string>;

export const SchoolId = randomId<"school">();
export const VisitId = z
  .string()
  .check(z.regex(/^[0-9a-f]{32}-\d{4}-\d{2}-\d{2}(-[0-9a-f]{32})?$/)) as unknown as z.ZodMiniType<VisitId, string>;
export const DialogId = randomId<"dialog">();
export const CaseId = randomId<"case">();
export const PreRegistrationId = randomId<"preRegistration">();
export const ConsultationId = randomId<"consultation">();
export const FollowUpId = randomId<"followUp">();
export const RoutineRunId = z.string().check(z.regex(/^run-[0-9a-f]{32}$/)) as unknown as z.ZodMiniType<RoutineRunId, string>;
export const RunLegId = z.string().check(z.regex(/^leg-[0-9a-f]{32}$/)) as unknown as z.ZodMiniType<RunLegId, string>;
export const RoutineTemplateId = z.string().check(z.regex(/^template-[0-9a-f]{32}$/)) as unknown as z.ZodMiniType<RoutineTemplateId, string>;
