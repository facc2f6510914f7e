import * as z from "zod/mini";
import { followUpAnswers, followUpKinds, noLongerReasons, notYetReasons } from "../../content/choices.ts";
import { IsoDateText, MomentText } from "../fields.ts";
import { CaseId, ConsultationId, FollowUpId } from "../ids.ts";

/** Who a question waits on. */
export const sides = ["consultant", "school"] as const;
export type Side = (typeof sides)[number];

/** One question with a date, from the answers of a consultation. */
export const FollowUp = z.object({
  id: FollowUpId,
  caseId: CaseId,
  consultationId: ConsultationId,
  kind: z.enum(followUpKinds),
  /** Which next step it asks about; only for `contactMade`. */
  nextStep: z.optional(z.string()),
  /** Either of them may answer; the other sees the same. */
  waitsOn: z.array(z.enum(sides)),
  createdOn: IsoDateText,
  dueOn: IsoDateText,
  /** Without an answer it is open. */
  answer: z.optional(z.enum(followUpAnswers)),
  reason: z.optional(z.enum([...notYetReasons, ...noLongerReasons])),
  answeredAt: z.optional(MomentText),
  /** After «ikke ennå» the question comes back on this day. */
  askAgainOn: z.optional(IsoDateText),
});
export type FollowUp = z.infer<typeof FollowUp>;
