import { expect, test } from "vitest";
import { idOf } from "../features.test-data.ts";
import type { MeetingId, RoutineRunId } from "../ids.ts";
import { meetingOf } from "./meetings.test-data.ts";
import type { Meeting } from "./schema.ts";
import { meetingsOfStep } from "./step-rules.ts";

const runId = `run-${idOf(1)}` as RoutineRunId;
const step = "concernReport/startupMeeting" as const;

function ofStep(number: number, changes: Partial<Meeting> = {}): Meeting {
  return meetingOf({ id: `meeting-${idOf(number)}` as MeetingId, runId, step, ...changes });
}

test("a step without a meeting wants one; one that is prepared stands there, and no second is asked for", () => {
  expect(meetingsOfStep([], runId, step)).toEqual({ meetings: [], heldOn: null, wantsNew: true });
  const planned = ofStep(1);
  expect(meetingsOfStep([planned], runId, step)).toEqual({ meetings: [planned], heldOn: null, wantsNew: false });
});

test("meetings of other steps, of other runs and of none are not among them", () => {
  const others = [ofStep(1, { step: "concernReport/closingMeeting" }), ofStep(2, { runId: `run-${idOf(2)}` as RoutineRunId }), meetingOf()];
  expect(meetingsOfStep(others, runId, step).meetings).toEqual([]);
});

test("one that was not held stays with its reason and another is wanted; the next one is under it, by date", () => {
  const notHeld = ofStep(2, { date: "2026-12-03", notHeld: { reason: "capacity", at: "2026-12-03T15:00:00" } });
  expect(meetingsOfStep([notHeld], runId, step)).toMatchObject({ meetings: [notHeld], wantsNew: true });
  const later = ofStep(1, { date: "2026-12-10" });
  expect(meetingsOfStep([later, notHeld], runId, step)).toEqual({ meetings: [notHeld, later], heldOn: null, wantsNew: false });
});

test("one that was held and then deleted still counts, and is not shown", () => {
  const deleted = ofStep(1, { startedAt: "2026-12-03T14:00:00", endedAt: "2026-12-03T15:00:00", deletedAt: "2026-12-10T09:00:00" });
  expect(meetingsOfStep([deleted], runId, step)).toEqual({ meetings: [], heldOn: "2026-12-03", wantsNew: false });
});

test("one that was held says on which day, whatever day it was planned for; one that is under way does not", () => {
  const open = ofStep(1, { date: "2026-12-03", startedAt: "2026-12-04T09:05:00" });
  expect(meetingsOfStep([open], runId, step)).toMatchObject({ heldOn: null, wantsNew: false });
  expect(meetingsOfStep([{ ...open, endedAt: "2026-12-04T10:00:00" }], runId, step)).toMatchObject({ heldOn: "2026-12-04", wantsNew: false });
});
