import * as z from "zod/mini";
import { cancelReasons, moveReasons } from "../../content/choices.ts";
import { IsoDateText, MomentText, TimeOfDayText } from "../fields.ts";
import { DialogId, VisitId } from "../ids.ts";

/**
 * A visit to one school. There is no stored status: it follows from what has happened (`visitStatus`), so that a visit started offline stays
 * started when a colleague cancelled it at the same time.
 */
export const Visit = z.object({
  id: VisitId,
  /** The day the rhythm gave, and the visit's identity; a moved visit keeps it. */
  plannedOn: IsoDateText,
  date: IsoDateText,
  from: TimeOfDayText,
  to: TimeOfDayText,
  /** The rhythm was changed and no longer gives this day. */
  dropped: z.optional(z.boolean()),
  moveReason: z.optional(z.enum(moveReasons)),
  cancelReason: z.optional(z.enum(cancelReasons)),
  cancelledAt: z.optional(MomentText),
  startedAt: z.optional(MomentText),
  closedAt: z.optional(MomentText),
});
export type Visit = z.infer<typeof Visit>;

/** Unused time in a visit, spent on faglig dialog. Without `endedAt` it goes on, at most until the visit closes. */
export const Dialog = z.object({
  id: DialogId,
  visitId: VisitId,
  startedAt: MomentText,
  endedAt: z.optional(MomentText),
});
export type Dialog = z.infer<typeof Dialog>;
