import * as z from "zod/mini";
import {
  consentForms,
  consentGivers,
  consentKinds,
  consentObtainers,
  interpreterBookers,
  interpreterRefusals,
  leadingRoles,
  meetingSides,
  meetingTypes,
  participantRoles,
} from "../../content/meetings.ts";
import { ConsentId, MeetingId, ParticipantId, RoutineRunId } from "../ids.ts";
import { Reference } from "../references.ts";
import { StepKey } from "../routines/schema.ts";

/** A consent as far as it is written down. Texts that are empty are not set; dates are `YYYY-MM-DD`. */
export const ConsentForm = z.object({
  id: ConsentId,
  kind: z.optional(z.enum(consentKinds)),
  givenBy: z.optional(z.enum(consentGivers)),
  scope: z.string(),
  how: z.optional(z.enum(consentForms)),
  givenOn: z.string(),
  obtainedBy: z.optional(z.enum(consentObtainers)),
  withdrawnOn: z.string(),
});
export type ConsentForm = z.infer<typeof ConsentForm>;

const ParticipantForm = z.object({
  /** Without one it is new. */
  id: z.optional(ParticipantId),
  role: z.enum(participantRoles),
  name: z.string(),
  side: z.optional(z.enum(meetingSides)),
});
export type ParticipantForm = z.infer<typeof ParticipantForm>;

/** The open form, as it is kept sealed on the device until «Lagre». What is preset by the type is left out until somebody has touched it. */
export const MeetingForm = z.object({
  id: MeetingId,
  reference: Reference,
  type: z.optional(z.enum(meetingTypes)),
  date: z.string(),
  from: z.string(),
  place: z.string(),
  participants: z.optional(z.array(ParticipantForm)),
  interpreterNeeded: z.optional(z.boolean()),
  language: z.string(),
  bookedBy: z.optional(z.enum(interpreterBookers)),
  refusedReason: z.optional(z.enum(interpreterRefusals)),
  /** Null is nobody yet, said by a person. */
  chair: z.optional(z.nullable(z.enum(leadingRoles))),
  minuteTaker: z.optional(z.nullable(z.enum(leadingRoles))),
  purpose: z.string(),
  minutes: z.optional(z.string()),
  ownProcedure: z.boolean(),
  isFifteen: z.boolean(),
  consents: z.array(ConsentForm),
  runId: z.optional(RoutineRunId),
  step: z.optional(StepKey),
});
export type MeetingForm = z.infer<typeof MeetingForm>;

/** The open form with all that is remembered of it on this device. */
export const OpenMeetingForm = z.object({
  form: MeetingForm,
  /** Of a change: the meeting as it stood when the change began, however long the draft has waited. */
  before: z.optional(MeetingForm),
});
export type OpenMeetingForm = z.infer<typeof OpenMeetingForm>;
