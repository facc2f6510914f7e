import { expect, test } from "vitest";
import { calendar as enCalendar } from "../i18n/en/calendar.ts";
import { routines as en } from "../i18n/en/routines.ts";
import { calendar as nbCalendar } from "../i18n/nb/calendar.ts";
import { routines as nb } from "../i18n/nb/routines.ts";
import { calendar as nnCalendar } from "../i18n/nn/calendar.ts";
import { routines as nn } from "../i18n/nn/routines.ts";
import { type Deadline, deadlineIds, deadlines, undatedReasons } from "./deadlines.ts";
import * as routines from "./routines.ts";

const { routineIds, shippedRoutines } = routines;
const steps: readonly routines.ShippedStep[] = routineIds.flatMap((id): readonly routines.ShippedStep[] => shippedRoutines[id].steps);

const labelled: [keyof typeof nb, readonly string[]][] = [
  ["name", routineIds],
  ["step", steps.map(({ id }) => id)],
  ["stepNote", routines.notedSteps],
  ["actor", routines.stepActors],
  ["meeting", routines.stepMeetings],
  ["skipReason", routines.skipReasons],
  ["screeningOutcome", routines.screeningOutcomes],
  ["clock", routines.schoolClocks],
  ["deadline", deadlineIds],
  ["undated", undatedReasons],
];

test.each(labelled)("%s: everything has its words, and no words are left over", (group, ids) => {
  for (const texts of [nb, nn, en]) expect(Object.keys(texts[group]).sort()).toEqual(Array.from(ids).sort());
});

test("the same places to fill in, in every language", () => {
  const places = (texts: object): string[] =>
    Object.entries(texts).flatMap(([key, value]) =>
      typeof value === "string" ? [`${key} ${(value.match(/\{\w+\}/g) ?? []).sort().join()}`] : places(value as object).map((path) => `${key}.${path}`),
    );
  for (const texts of [nn, en]) expect(places(texts)).toEqual(places(nb));
  for (const texts of [nnCalendar, enCalendar]) expect(places(texts)).toEqual(places(nbCalendar));
});

test("the routines hold the steps that the prose gives, and no more", () => {
  const told = Object.fromEntries(routineIds.map((id) => [id, shippedRoutines[id].steps.map((step) => step.id as string)]));
  expect(told).toEqual({
    concernReport: ["parentTalk", "reportSent", "reportReviewed", "startupMeeting", "cooperation", "closingMeeting"],
    ownProcedure: ["firstTalks", "consentObtained", "schoolBroughtIn", "cooperationMeetingSoon"],
    newReport: ["waySettled", "measuresLinked", "cooperationMeeting"],
    handover: ["nextMeetingDated", "handoverMeeting", "contactPersonKnown", "responsibilitiesShared"],
  });
  expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length);
  expect(steps.filter(({ deadline }) => deadline !== undefined).map(({ id, deadline }) => [id, deadline])).toEqual([
    ["reportSent", "dutyToReport"],
    ["reportReviewed", "reportScreening"],
    ["waySettled", "reportScreening"],
  ]);
});

test("no step of B leads to the parents, by mark or by words", () => {
  const ids: string[] = shippedRoutines.ownProcedure.steps.map(({ id }) => id);
  expect(steps.filter(({ id, involvesParents }) => ids.includes(id) && involvesParents)).toEqual([]);
  for (const texts of [nb, nn, en]) {
    const words = JSON.stringify([...Object.entries(texts.step), ...Object.entries(texts.stepNote)].filter(([id]) => ids.includes(id)));
    expect(words).not.toMatch(/foreld|foresatt|føresett|parent|guardian/i);
  }
});

test("every meeting with the parents is marked as one, outside B", () => {
  const unmarked = steps.filter(({ meeting, involvesParents }) => meeting !== undefined && !involvesParents);
  expect(unmarked.map(({ id }) => id)).toEqual(["cooperationMeetingSoon"]);
});

test("every deadline says where it stands, since when, and when that was looked up", () => {
  for (const { law } of Object.values<Deadline>(deadlines)) {
    expect(law.length).toBeGreaterThan(0);
    for (const { section, validFrom, checkedAt } of law) {
      expect(section).toMatch(/^\S+loven? § |^opplæringslova § /);
      expect(validFrom < checkedAt).toBe(true);
    }
  }
});

test("the deadlines are those of the law, and what has no date has none", () => {
  const told = Object.entries<Deadline>(deadlines).map(([id, deadline]) =>
    "undated" in deadline ? [id, deadline.undated] : [id, deadline.countsFrom, deadline.spans, ...(deadline.specialSpans === undefined ? [] : [deadline.specialSpans])],
  );
  expect(told).toEqual([
    ["dutyToReport", "withoutUndueDelay"],
    ["dutyToAvert", "whileAvertible"],
    ["reportScreening", "received", [{ days: 7 }]],
    ["reporterFeedback", "received", [{ days: 21 }]],
    ["investigation", "received", [{ days: 7 }, { months: 3 }], [{ days: 7 }, { months: 6 }]],
    ["reporterFeedbackAfterInvestigation", "closed", [{ days: 21 }]],
    ["measuresPlan", "withTheDecision"],
  ]);
});
