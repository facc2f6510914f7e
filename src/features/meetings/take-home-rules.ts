import type { RoutineRun } from "../routines/schema.ts";
import type { Meeting } from "./schema.ts";

/**
 * Whether an investigation goes on after the meeting, as far as is known: what the run says, and without a word there, that a start-up meeting begins one.
 * @param run the meeting's; null when it has none
 */
export function isInvestigated({ type }: Pick<Meeting, "type">, run: Pick<RoutineRun, "screeningOutcome" | "closedOn"> | null): boolean {
  if (run?.closedOn !== undefined) return false;
  return run?.screeningOutcome === undefined ? type === "startupMeeting" : run.screeningOutcome === "investigation";
}
