import * as z from "zod/mini";
import {
  adviceGiven,
  deciders,
  durations,
  dutyAnswers,
  gradeBands,
  guardAdviceGiven,
  interpreterAnswers,
  parentsInformedAnswers,
  staffRoles,
  themes,
  triedMeasures,
  violenceAnswers,
} from "../../content/choices.ts";
import { guardNextSteps } from "../../content/next-steps.ts";
import { CaseCode } from "../cases/schema.ts";
import { IsoDateText, MomentText, withPreset } from "../fields.ts";
import { CaseId, ConsultationId, PreRegistrationId, SchoolId, VisitId } from "../ids.ts";

/**
 * What an index has of a consultation: all that lists, summaries and figures need. Answers that were not given are left out: «ikke registrert».
 */
export const ConsultationHead = z.object({
  id: ConsultationId,
  caseId: CaseId,
  /** Without one it was held outside a visit: on the telephone, say. */
  visitId: z.optional(VisitId),
  preRegistrationId: z.optional(PreRegistrationId),
  /** Only in the service room: a drøfting «bare oss» says which school it was at. */
  schoolId: z.optional(SchoolId),
  heldOn: IsoDateText,
  startedAt: MomentText,
  endedAt: MomentText,
  role: z.optional(z.enum(staffRoles)),
  gradeBand: z.optional(z.enum(gradeBands)),
  themes: withPreset(z.array(z.enum(themes)), []),
  duration: z.optional(z.enum(durations)),
  dutyToReport: z.optional(z.enum(dutyAnswers)),
  /** Ids of the service's list, or of the list for suspected violence. */
  nextSteps: withPreset(z.array(z.string()), []),
  /** Lists say «Egen framgangsmåte» and no more: the word is never in a list. */
  ownProcedure: z.optional(z.boolean()),
  whoDecides: z.optional(z.enum(deciders)),
});
export type ConsultationHead = z.infer<typeof ConsultationHead>;

/** The rest, in the case's own document, which is opened only when someone reads or writes it. */
export const ConsultationDetail = z.object({
  id: ConsultationId,
  violence: z.optional(z.enum(violenceAnswers)),
  parentsInformed: z.optional(z.enum(parentsInformedAnswers)),
  interpreter: z.optional(z.enum(interpreterAnswers)),
  tried: withPreset(z.array(z.enum(triedMeasures)), []),
  dutyClarifyBy: z.optional(IsoDateText),
  advice: withPreset(z.array(z.enum([...adviceGiven, ...guardAdviceGiven])), []),
  note: z.optional(z.string()),
});
export type ConsultationDetail = z.infer<typeof ConsultationDetail>;

/**
 * The answers so far; none has to be there. What is answered one way ordinarily and another when violence is suspected has a place for each,
 * so that going back to «Nei» brings back what was chosen before.
 */
export const ConsultationDraft = z.object({
  role: z.optional(z.enum(staffRoles)),
  gradeBand: z.optional(z.enum(gradeBands)),
  themes: z.optional(z.array(z.enum(themes))),
  duration: z.optional(z.enum(durations)),
  violence: z.optional(z.enum(violenceAnswers)),
  parentsInformed: z.optional(z.enum(parentsInformedAnswers)),
  interpreter: z.optional(z.enum(interpreterAnswers)),
  tried: z.optional(z.array(z.enum(triedMeasures))),
  dutyToReport: z.optional(z.enum(dutyAnswers)),
  dutyClarifyBy: z.optional(IsoDateText),
  advice: z.optional(z.array(z.enum(adviceGiven))),
  nextSteps: z.optional(z.array(z.string())),
  note: z.optional(z.string()),
  whoDecides: z.optional(z.enum(deciders)),
  /** `dutyToReport` when violence is suspected; yes without it. */
  guardDuty: z.optional(z.enum(["yes", "avert"])),
  guardAdvice: z.optional(z.array(z.enum(guardAdviceGiven))),
  guardNextSteps: z.optional(z.array(z.enum(guardNextSteps))),
});
export type ConsultationDraft = z.infer<typeof ConsultationDraft>;

/** The whole open form, as it is kept sealed on the device until «Lagre». */
export const ConsultationForm = z.object({
  id: ConsultationId,
  schoolId: SchoolId,
  caseId: CaseId,
  code: CaseCode,
  visitId: z.optional(VisitId),
  preRegistrationId: z.optional(PreRegistrationId),
  startedAt: MomentText,
  /** «Bare oss»: saved in the service room. Preset is shared with the sosiallærer. */
  onlyUs: withPreset(z.boolean(), false),
  draft: ConsultationDraft,
});
export type ConsultationForm = z.infer<typeof ConsultationForm>;
