import * as z from "zod/mini";
import { IsoDateText, withPreset } from "../fields.ts";
import { ConsultationDraft, ConsultationForm } from "./schema.ts";

/** What a person has changed of a follow-up that the answers propose. */
export const FollowUpChange = z.object({
  dueOn: z.optional(IsoDateText),
  /** Not to be asked. */
  left: z.optional(z.boolean()),
});
export type FollowUpChange = z.infer<typeof FollowUpChange>;

/** The open form with all that is remembered of it on this device until «Lagre». */
export const OpenForm = z.object({
  form: ConsultationForm,
  /** By `proposalKey`. */
  followUps: withPreset(z.record(z.string(), FollowUpChange), {}),
  /** Of a correction: the answers as they stood when it began, however long the draft has waited. */
  before: z.optional(ConsultationDraft),
});
export type OpenForm = z.infer<typeof OpenForm>;
