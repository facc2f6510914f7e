import * as z from "zod/mini";
import { followUpAnswers, followUpKinds, noLongerReasons, notYetReasons } from "../../content/choices.ts";
import { IsoDateText, MomentText } from "../fields.ts";
import { CaseId, ConsultationId, FollowUpId } from "../ids.ts";

/** Who a question waits on. */
export const sides = ["consultant", "school"] as const;
export type Side = (typeof sides)[number];

/** An answer is one value: of two given at once on two devices one stands, whole. */
export const Answer = z.object({
  answer: z.enum(followUpAnswers),
  answeredAt: MomentText,
  reason: z.optional(z.enum([...notYetReasons, ...noLongerReasons])),
  /** After «ikke ennå» the question comes back on this day. */
  askAgainOn: z.optional(IsoDateText),
});
export type Answer = z.infer<typeof Answer>;

/** One question with a date, from the answers of a consultation. Without an answer it is open. */
export const FollowUp = z.pipe(
  z.object({
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
    answered: z.optional(Answer),
  }),
  z.transform(({ answered, ...question }) => ({ ...question, ...(answered as Partial<Answer> | undefined) })),
);
export type FollowUp = z.infer<typeof FollowUp>;
