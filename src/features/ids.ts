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
export type MeetingId = Id<"meeting">;
export type AgendaTemplateId = Id<"agendaTemplate">;
export type ParticipantId = Id<"participant">;
export type ConsentId = Id<"consent">;
export type OpeningId = Id<"opening">;
export type DecisionId = Id<"decision">;
export type ActionItemId = Id<"actionItem">;
export type ApprovalId = Id<"approval">;
export type CorrectionId = Id<"correction">;

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
const namedId = <Kind extends string>(name: string) =>
  z.string().check(z.regex(new RegExp(`^${name}-[0-9a-f]{32}$`))) as unknown as z.ZodMiniType<Id<Kind>, string>;
export const RoutineRunId = namedId<"routineRun">("run");
export const RunLegId = namedId<"runLeg">("leg");
export const RoutineTemplateId = namedId<"routineTemplate">("template");
export const MeetingId = namedId<"meeting">("meeting");
export const AgendaTemplateId = namedId<"agendaTemplate">("agenda");
export const ParticipantId = namedId<"participant">("participant");
export const ConsentId = namedId<"consent">("consent");
export const OpeningId = namedId<"opening">("opening");
export const DecisionId = namedId<"decision">("decision");
export const ActionItemId = namedId<"actionItem">("action");
export const ApprovalId = namedId<"approval">("approval");
export const CorrectionId = namedId<"correction">("correction");
