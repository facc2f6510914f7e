import * as fc from "fast-check";
import { expect, test } from "vitest";
import { countingIds, idOf } from "../features.test-data.ts";
import type { RoutineTemplateId } from "../ids.ts";
import { RoutineStep, RoutineTemplate } from "./schema.ts";
import {
  newStepId,
  newTemplateId,
  schoolTemplate,
  serviceTemplate,
  shippedTemplate,
  templateDifferences,
  templateProblems,
  unsaid,
} from "./template-rules.ts";
import { routineIds } from "../../content/routines.ts";

const stepOf = (id: string, changes: Partial<RoutineStep> = {}): RoutineStep => ({ id, who: [], involvesParents: false, ...changes });
const versionOf = (number: number, changes: Partial<RoutineTemplate> = {}): RoutineTemplate => ({
  id: `template-${idOf(number)}` as RoutineTemplateId,
  routine: "concernReport",
  basedOn: "shipped-concernReport-1",
  madeAt: `2026-11-26T09:00:${String(number).padStart(2, "0")}`,
  steps: [stepOf("reportSent")],
  ...changes,
});
const { steps: shipped } = shippedTemplate("concernReport");
const own = (number: number) => `own-${idOf(number)}`;

test("what we ship can be read back, has no problems, and says what it does not say", () => {
  for (const routine of routineIds) {
    const { steps, version } = shippedTemplate(routine);
    expect(version).toBe(`shipped-${routine}-1`);
    expect(steps.map((step) => RoutineStep.parse(step))).toEqual(steps);
    expect(templateProblems(routine, steps)).toEqual([]);
  }
  expect(Object.fromEntries(shipped.map((step) => [step.id, unsaid(step)]))).toEqual({
    parentTalk: ["deadline"],
    reportSent: [],
    reportReviewed: [],
    startupMeeting: ["who", "deadline"],
    cooperation: ["who", "deadline"],
    closingMeeting: ["who", "deadline"],
  });
});

test("what somebody has said is no longer unsaid", () => {
  const said = stepOf("startupMeeting", { who: ["contactPerson"], ownDeadline: { length: 10, unit: "workingDays", countsFrom: "stepBefore" } });
  expect(unsaid(said)).toEqual([]);
  expect(RoutineStep.parse(said)).toEqual(said);
});

test("new ids can be read back, and say of what they are", () => {
  const newId = countingIds();
  expect(RoutineTemplate.safeParse(versionOf(1, { id: newTemplateId(newId), steps: [stepOf(newStepId(newId), { title: "Ring skolen" })] })).success).toBe(true);
});

test("the newest of the service's versions holds, and without one what we ship", () => {
  expect(serviceTemplate("concernReport", []).template).toEqual(shippedTemplate("concernReport"));
  const first = versionOf(1);
  // The clock of the second device is behind: it is newer all the same, because it is based on the first.
  const second = versionOf(2, { basedOn: first.id, madeAt: "2026-11-26T08:00:00", steps: [stepOf("closingMeeting")] });
  for (const versions of [[first, second], [second, first]]) {
    expect(serviceTemplate("concernReport", versions).template).toEqual({ routine: "concernReport", version: second.id, steps: second.steps });
  }
  expect(serviceTemplate("handover", [first, second]).template).toEqual(shippedTemplate("handover"));
});

test("of two versions made at once of the same, all devices take the later, and the other is still there", () => {
  const first = versionOf(1);
  const [one, other] = [versionOf(2, { basedOn: first.id }), versionOf(3, { basedOn: first.id })];
  for (const versions of [[first, one, other], [other, one, first]]) {
    expect(serviceTemplate("concernReport", versions)).toMatchObject({ template: { version: other.id }, others: [{ id: one.id }] });
  }
});

test("a school's own is measured against the service's as it is now, and knows when that has moved on", () => {
  const service = versionOf(1, { steps: [stepOf("reportSent"), stepOf("closingMeeting")] });
  const school = versionOf(5, { basedOn: service.id });
  const schoolsSecond = versionOf(6, { basedOn: school.id, steps: [stepOf("reportSent"), stepOf(own(1), { title: "Ring helsesykepleier" })] });
  expect(schoolTemplate("concernReport", [], [service])).toMatchObject({ isOwn: false, isBehind: false, template: { version: service.id } });
  expect(schoolTemplate("concernReport", [school, schoolsSecond], [service])).toMatchObject({
    isOwn: true,
    isBehind: false,
    template: { version: schoolsSecond.id },
    original: { version: service.id },
  });
  const schoolsThird = versionOf(7, { basedOn: schoolsSecond.id });
  expect(schoolTemplate("concernReport", [schoolsThird, school, schoolsSecond], [service])).toMatchObject({ isBehind: false, template: { version: schoolsThird.id } });
  const servicesSecond = versionOf(2, { basedOn: service.id });
  expect(schoolTemplate("concernReport", [school, schoolsSecond], [service, servicesSecond])).toMatchObject({
    isBehind: true,
    original: { version: servicesSecond.id },
  });
});

test("after a reset the original is followed, and so is what becomes of it", () => {
  const own = [versionOf(1), versionOf(2, { basedOn: versionOf(1).id, steps: Array.from(shipped), isReset: true })];
  expect(serviceTemplate("concernReport", own)).toMatchObject({ isOwn: false, isBehind: false, template: shippedTemplate("concernReport"), others: [] });
  const service = versionOf(3);
  expect(schoolTemplate("concernReport", own, [service]).template).toMatchObject({ version: service.id, steps: service.steps });
});

test("what is changed after a reset is one's own again, and the reset is nobody's other version", () => {
  const own = [versionOf(1), versionOf(2, { basedOn: versionOf(1).id, steps: Array.from(shipped), isReset: true }), versionOf(3)];
  expect(serviceTemplate("concernReport", own)).toMatchObject({ isOwn: true, isBehind: false, template: { version: versionOf(3).id }, others: [] });
});

test("a reset of one routine leaves the others", () => {
  const other = versionOf(1, { routine: "newReport", basedOn: shippedTemplate("newReport").version });
  expect(serviceTemplate("newReport", [other, versionOf(2, { isReset: true })])).toMatchObject({ isOwn: true, template: { version: other.id } });
});

test("versions that name each other do not hang the app", () => {
  const one = versionOf(1, { basedOn: versionOf(2).id });
  const other = versionOf(2, { basedOn: one.id });
  const third = versionOf(3, { basedOn: other.id });
  expect(schoolTemplate("concernReport", [one, other, third], []).template.version).toBe(third.id);
});

test("what is added, removed, moved and changed is told, each as what it is", () => {
  const [talk, sent, reviewed, meeting, cooperation, closing] = shipped as [RoutineStep, RoutineStep, RoutineStep, RoutineStep, RoutineStep, RoutineStep];
  const added = stepOf(own(1), { title: "Ring helsesykepleier", who: ["socialTeacher"] });
  const rewritten = { ...meeting, title: "Oppstartsmøte på skolen", who: ["contactPerson" as const] };
  expect(templateDifferences(shipped, [sent, added, rewritten, talk, cooperation, closing])).toEqual({
    added: [added],
    removed: [reviewed],
    moved: [talk],
    changed: [{ part: rewritten, fields: ["title", "who"] }],
  });
});

test("the same roles tapped in another order are no change", () => {
  const one = stepOf("cooperation", { who: ["school", "childWelfare"] });
  expect(templateDifferences([one], [{ ...one, who: ["childWelfare", "school"] }]).changed).toEqual([]);
});

const anySteps = fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { maxLength: 9 }).map((numbers) => numbers.map((number) => stepOf(own(number), { title: `Steg ${number}` })));

test("nothing differs from itself", () => {
  fc.assert(
    fc.property(anySteps, (steps) => {
      expect(templateDifferences(steps, steps)).toEqual({ added: [], removed: [], moved: [], changed: [] });
    }),
  );
});

test("the other way round, what was added is removed, and as many are moved", () => {
  fc.assert(
    fc.property(anySteps, anySteps, (one, other) => {
      const there = templateDifferences(one, other);
      const back = templateDifferences(other, one);
      expect(back.removed).toEqual(there.added);
      expect(back.added).toEqual(there.removed);
      expect(back.moved.length).toBe(there.moved.length);
    }),
  );
});

test("the steps that are not told of as moved stand in their old order, and moving one tells of one", () => {
  fc.assert(
    fc.property(anySteps, anySteps, fc.nat(), fc.nat(), (one, other, from, to) => {
      const { added, moved } = templateDifferences(one, other);
      const told = new Set([...added, ...moved].map(({ id }) => id));
      const stayed = other.filter(({ id }) => !told.has(id)).map(({ id }) => one.findIndex((step) => step.id === id));
      expect(stayed).toEqual(stayed.toSorted((a, b) => a - b));
      if (one.length === 0) return;
      const reordered = Array.from(one);
      const [step] = reordered.splice(from % one.length, 1);
      reordered.splice(to % one.length, 0, step!);
      expect(templateDifferences(one, reordered).moved.length).toBe(from % one.length === to % one.length ? 0 : 1);
    }),
  );
});

test("what stops a template from being saved", () => {
  const problems = (steps: RoutineStep[], routine: (typeof routineIds)[number] = "concernReport") => templateProblems(routine, steps).map(({ type }) => type);
  expect(problems([])).toEqual(["noSteps"]);
  expect(problems([stepOf("reportSent")])).toEqual([]);
  expect(problems([stepOf("reportSent", { title: " " })])).toEqual(["titleMissing"]);
  expect(problems([stepOf(own(1))])).toEqual(["titleMissing"]);
  expect(problems([stepOf("reportSent", { title: "x".repeat(81) })])).toEqual(["tooLong"]);
  expect(problems([stepOf("reportSent", { note: "Se blå rev 17." })])).toEqual(["namesCase"]);
  expect(problems([stepOf("reportSent"), stepOf("reportSent")])).toEqual(["sameStepTwice"]);
  expect(problems([stepOf("parentTalk", { involvesParents: true })])).toEqual([]);
  expect(problems([stepOf("parentTalk", { involvesParents: true })], "ownProcedure")).toEqual(["involvesParents"]);
});
