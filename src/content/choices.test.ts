import { expect, test } from "vitest";
import { proposedHolidayKinds } from "../features/space/rules.ts";
import { content as en } from "../i18n/en/content.ts";
import { content as nb } from "../i18n/nb/content.ts";
import { content as nn } from "../i18n/nn/content.ts";
import * as choices from "./choices.ts";
import { lawReferences } from "./law.ts";
import { defaultNextSteps, guardNextSteps } from "./next-steps.ts";

const labelled: [keyof typeof nb, readonly (string | number)[]][] = [
  ["role", choices.staffRoles],
  ["gradeBand", choices.gradeBands],
  ["gradeBandShort", choices.gradeBands],
  ["themeGroup", choices.themeGroups.map(({ id }) => id)],
  ["theme", choices.themes],
  ["duration", choices.durations],
  ["violence", choices.violenceAnswers],
  ["parentsInformed", choices.parentsInformedAnswers],
  ["interpreter", choices.interpreterAnswers],
  ["tried", choices.triedMeasures],
  ["duty", choices.dutyAnswers],
  ["decider", choices.deciders],
  ["deciderSaid", choices.deciders],
  ["advice", Array.from(new Set([...choices.adviceGiven, ...choices.guardAdviceGiven]))],
  ["nextStep", Array.from(new Set([...defaultNextSteps.map(({ id }) => id), ...guardNextSteps]))],
  ["wish", choices.wishes],
  ["urgency", choices.urgencies],
  ["arrangement", choices.arrangements],
  ["arena", choices.arenas],
  ["rhythm", choices.rhythms],
  ["weekdays", choices.visitWeekdays.map((day) => `day${day}`)],
  ["moveReason", choices.moveReasons],
  ["cancelReason", choices.cancelReasons],
  ["postponeReason", choices.postponeReasons],
  ["notYetReason", choices.notYetReasons],
  ["noLongerReason", choices.noLongerReasons],
  ["holiday", proposedHolidayKinds],
];

test.each(labelled)("%s: every choice has its words, and no words are left over", (group, ids) => {
  for (const texts of [nb, nn, en]) expect(Object.keys(texts[group]).sort()).toEqual(ids.map(String).sort());
});

test("every follow-up has its question, and every law its words", () => {
  for (const texts of [nb, nn, en]) {
    for (const kind of choices.followUpKinds) expect(texts.followUp[kind].question).not.toBe("");
    for (const subject of Object.keys(lawReferences)) expect(texts.law).toHaveProperty(subject);
  }
});

test("the same places to fill in, in every language", () => {
  const places = (texts: object): string[] =>
    Object.entries(texts).flatMap(([key, value]) =>
      typeof value === "string" ? [`${key} ${(value.match(/\{\w+\}/g) ?? []).sort().join()}`] : places(value as object).map((path) => `${key}.${path}`),
    );
  expect(places(nn)).toEqual(places(nb));
  expect(places(en)).toEqual(places(nb));
});

test("the order of the phone holds the same roles", () => {
  expect(Array.from(choices.staffRolesForSignUp).sort()).toEqual(Array.from(choices.staffRoles).sort());
});
