import * as z from "zod/mini";
import { animalIds, colourIds, highestNumber } from "../../content/case-words.ts";
import { gradeBands } from "../../content/choices.ts";
import { MomentText } from "../fields.ts";
import { CaseId, SchoolId } from "../ids.ts";

/** Two words and a number, drawn at random: «Blå rev 17». */
export const CaseCode = z.object({
  colour: z.enum(colourIds),
  animal: z.enum(animalIds),
  number: z.int().check(z.gte(1), z.lte(highestNumber)),
});
export type CaseCode = z.infer<typeof CaseCode>;

/** An anonymous case. Nothing here says who the child is, and nothing may: there is no field for it. */
export const Case = z.object({
  id: CaseId,
  ...CaseCode.shape,
  createdAt: MomentText,
  gradeBand: z.optional(z.enum(gradeBands)),
  /** Only in the service room, which has the cases «bare oss» of all schools. */
  schoolId: z.optional(SchoolId),
});
export type Case = z.infer<typeof Case>;
