import type { RoutineRun } from "../routines/schema.ts";
import type { ItemContent } from "./minutes-content-schema.ts";
import type { Meeting } from "./schema.ts";

/**
 * Whether an investigation goes on after the meeting, as far as is known: what the run says, and without a word there, that a start-up meeting begins one.
 * @param run the meeting's; null when it has none
 */
export function isInvestigated({ type }: Pick<Meeting, "type">, run: Pick<RoutineRun, "screeningOutcome" | "closedOn"> | null): boolean {
  if (run?.closedOn !== undefined) return false;
  return run?.screeningOutcome === undefined ? type === "startupMeeting" : run.screeningOutcome === "investigation";
}

/** Which of two separate talks a sheet tells the decisions of. */
export const toldTalks = ["none", "both", "first", "second"] as const;
export type ToldTalks = (typeof toldTalks)[number];

/** Whether an item's decisions stand on the sheet: what was decided in a separate talk may not be the other parent's to read. */
export function isTold({ talk }: Pick<ItemContent, "talk">, talks: ToldTalks): boolean {
  return talk === undefined || talks === "both" || talks === talk;
}
