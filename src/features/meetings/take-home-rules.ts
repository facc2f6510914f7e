import type { RoutineRun } from "../routines/schema.ts";
import type { Decision, Meeting, MeetingItem } from "./schema.ts";

/**
 * Whether an investigation goes on after the meeting, as far as is known: what the run says, and without a word there, that a start-up meeting begins one.
 * @param run the meeting's; null when it has none
 */
export function isInvestigated({ type }: Pick<Meeting, "type">, run: Pick<RoutineRun, "screeningOutcome" | "closedOn"> | null): boolean {
  if (run?.closedOn !== undefined) return false;
  return run?.screeningOutcome === undefined ? type === "startupMeeting" : run.screeningOutcome === "investigation";
}

/** The decisions in the order of the agenda, and under one item as they came. @param items those that are on it */
export function decisionsInOrder(decisions: readonly Decision[], items: readonly MeetingItem[]): Decision[] {
  return items.flatMap(({ id }) =>
    decisions.filter(({ itemId }) => itemId === id).sort((a, b) => (a.decidedAt + a.id < b.decidedAt + b.id ? -1 : 1)),
  );
}
