import { dateOf, type IsoDate } from "../../lib/iso-date.ts";
import type { RoutineRunId } from "../ids.ts";
import type { StepKey } from "../routines/schema.ts";
import { meetingsInOrder, meetingState } from "./rules.ts";
import type { Meeting } from "./schema.ts";

/** The meetings of one step of a routine run. */
export type StepMeetings = {
  /** By date, without those that were deleted. */
  readonly meetings: readonly Meeting[];
  /** When the last one that was held began: the step may be done. A person says so, for a meeting can end with what it was for still ahead. */
  readonly heldOn: IsoDate | null;
  /** Whether there is none yet, but for those that were not held. One that was deleted has been. */
  readonly wantsNew: boolean;
};

/** @param meetings those that were deleted too: that the step had its meeting stays so */
export function meetingsOfStep(meetings: readonly Meeting[], run: RoutineRunId, step: StepKey): StepMeetings {
  const ofStep = meetingsInOrder(meetings.filter((meeting) => meeting.runId === run && meeting.step === step));
  const held = ofStep.findLast((meeting) => meetingState(meeting) === "held");
  return {
    meetings: ofStep.filter(({ deletedAt }) => deletedAt === undefined),
    heldOn: held === undefined ? null : dateOf(held.startedAt ?? held.endedAt ?? held.date),
    wantsNew: ofStep.every((meeting) => meetingState(meeting) === "notHeld"),
  };
}
