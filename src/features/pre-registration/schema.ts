import * as z from "zod/mini";
import { gradeBands, postponeReasons, staffRoles, themes, urgencies, wishes } from "../../content/choices.ts";
import { CaseCode } from "../cases/schema.ts";
import { MomentText, TimeOfDayText, withPreset } from "../fields.ts";
import { CaseId, ConsultationId, PreRegistrationId, VisitId } from "../ids.ts";

/** A case signed up for a visit. No identity. Its state follows from what has happened (`preRegistrationState`). */
export const PreRegistration = z.object({
  id: PreRegistrationId,
  caseId: CaseId,
  visitId: VisitId,
  role: z.optional(z.enum(staffRoles)),
  gradeBand: z.optional(z.enum(gradeBands)),
  themes: withPreset(z.array(z.enum(themes)), []),
  wishes: withPreset(z.array(z.enum(wishes)), []),
  urgency: z.enum(["canWait", "wantsFirst"]),
  /** When the staff member can come; without it the first free slot. */
  preferredSlot: z.optional(TimeOfDayText),
  note: z.optional(z.string()),
  createdAt: MomentText,
  withdrawnAt: z.optional(MomentText),
  discussedAt: z.optional(MomentText),
  consultationId: z.optional(ConsultationId),
  /** The visit it was put off from, last. */
  postponedFrom: z.optional(VisitId),
  postponeReason: z.optional(z.enum(postponeReasons)),
  postponedAt: z.optional(MomentText),
});
export type PreRegistration = z.infer<typeof PreRegistration>;

/** The answers so far of the sign-up form. */
export const PreRegistrationDraft = z.object({
  role: z.optional(z.enum(staffRoles)),
  gradeBand: z.optional(z.enum(gradeBands)),
  themes: z.optional(z.array(z.enum(themes))),
  wishes: z.optional(z.array(z.enum(wishes))),
  /** Preset: it can wait for the visit. */
  urgency: withPreset(z.enum(urgencies), "canWait"),
  preferredSlot: z.optional(TimeOfDayText),
  note: z.optional(z.string()),
});
export type PreRegistrationDraft = z.infer<typeof PreRegistrationDraft>;

/** The whole open form, as it is kept sealed on the device until «Meld opp». */
export const PreRegistrationForm = z.object({
  id: PreRegistrationId,
  caseId: CaseId,
  code: CaseCode,
  visitId: VisitId,
  draft: PreRegistrationDraft,
});
export type PreRegistrationForm = z.infer<typeof PreRegistrationForm>;
