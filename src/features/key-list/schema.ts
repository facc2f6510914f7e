import * as z from "zod/mini";
import { IsoDateText, MomentText } from "../fields.ts";
import { CaseId } from "../ids.ts";

/**
 * Which child a code is. It exists on the sosiallærer's own device, sealed under its lock, and on the paper she prints; it is never in a Y.Doc, a log, a
 * message or an export. Hence there is no document.ts here.
 */
export const KeyListEntry = z.object({
  caseId: CaseId,
  /** As it was shown when the line was written: the list can be read without any room. */
  codeLabel: z.string(),
  text: z.string().check(z.minLength(1), z.maxLength(200)),
  createdAt: MomentText,
  /** The last day the line is there. */
  expiresOn: IsoDateText,
});
export type KeyListEntry = z.infer<typeof KeyListEntry>;

export const KeyList = z.object({ entries: z.array(KeyListEntry) });
export type KeyList = z.infer<typeof KeyList>;
