import * as z from "zod/mini";
import { cancelReasons, moveReasons } from "../../content/choices.ts";
import { IsoDateText, MomentText, TimeOfDayText } from "../fields.ts";
import { DialogId, VisitId } from "../ids.ts";

/**
 * A visit as it is stored. What the plan gives and where a person moved it are different fields: a colleague's device that makes the same plan
 * later does not move it back. `movedTo` is one value, so that two moves never mix.
 */
const StoredVisit = z.object({
  id: VisitId,
  /** The day the rhythm gave, and the visit's identity; a moved visit keeps it. */
  plannedOn: IsoDateText,
  plannedFrom: TimeOfDayText,
  plannedTo: TimeOfDayText,
  movedTo: z.optional(z.object({ date: IsoDateText, from: TimeOfDayText, to: TimeOfDayText, reason: z.enum(moveReasons) })),
  /** The rhythm was changed and no longer gives this day. */
  dropped: z.optional(z.boolean()),
  cancelReason: z.optional(z.enum(cancelReasons)),
  cancelledAt: z.optional(MomentText),
  startedAt: z.optional(MomentText),
  closedAt: z.optional(MomentText),
});
export type VisitFields = Omit<z.infer<typeof StoredVisit>, "id">;

/**
 * A visit to one school, with the day and window that hold now. There is no stored status: it follows from what has happened (`visitStatus`), so that a
 * visit started offline stays started when a colleague cancelled it at the same time.
 */
export const Visit = z.pipe(
  StoredVisit,
  z.transform(({ plannedFrom, plannedTo, movedTo, ...visit }) => ({
    ...visit,
    date: movedTo?.date ?? visit.plannedOn,
    from: movedTo?.from ?? plannedFrom,
    to: movedTo?.to ?? plannedTo,
    ...(movedTo === undefined ? {} : { moveReason: movedTo.reason }),
  })),
);
export type Visit = z.infer<typeof Visit>;

/** Unused time in a visit, spent on faglig dialog. Without `endedAt` it goes on, at most until the visit closes. */
export const Dialog = z.object({
  id: DialogId,
  visitId: VisitId,
  startedAt: MomentText,
  endedAt: z.optional(MomentText),
});
export type Dialog = z.infer<typeof Dialog>;
