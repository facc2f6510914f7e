import * as z from "zod/mini";
import { correctionReasons, declineReasons } from "../../content/meetings.ts";
import { namesCase } from "../cases/rules.ts";
import { MomentText } from "../fields.ts";
import { ApprovalId, CorrectionId } from "../ids.ts";
import { runWriters, textWithoutCase } from "../routines/schema.ts";
import { SectionKey } from "./minutes-content-schema.ts";
import { ContentHash, longestAction } from "./schema.ts";

/** In characters: some 300 pages. */
const longestContent = 1_000_000;

/** Minutes or a section of them as text, see minutes-content-schema.ts. See [Note: no way to a drøfting] in routines/schema.ts. */
const ContentText = z.string().check(
  z.maxLength(longestContent),
  z.refine((text) => /^[{[]/.test(text) && !namesCase(text)),
);

/** The minutes are approved: exactly these words. Written once, never changed. */
export const Approval = z.object({
  id: ApprovalId,
  at: MomentText,
  by: z.enum(runWriters),
  content: ContentText,
  hash: ContentHash,
  /** Of the meeting's document at that moment, as Yjs has it, base64url: which edits were there. */
  stateVector: z.templateLiteral(["sv-", z.string().check(z.regex(/^[\w-]+$/))]),
});
export type Approval = z.infer<typeof Approval>;

/** A section of approved minutes that was written differently afterwards: taken in as a correction, or declined. Written once, never changed. */
export const Correction = z.object({
  id: CorrectionId,
  at: MomentText,
  by: z.enum(runWriters),
  /** Of the approval that it corrects. */
  hash: ContentHash,
  section: SectionKey,
  /** As it is to be; without one the section goes. */
  after: z.optional(ContentText),
  why: z.union([
    z.object({ accepted: z.literal(true), reason: z.enum(correctionReasons) }),
    z.object({ accepted: z.literal(false), reason: z.enum(declineReasons) }),
  ]),
  note: z.optional(textWithoutCase(longestAction)),
});
export type Correction = z.infer<typeof Correction>;
