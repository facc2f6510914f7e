import { expect, test } from "vitest";
import { idOf } from "../features.test-data.ts";
import type { RoutineTemplateId } from "../ids.ts";
import { followed, templateHere } from "./followed-rules.ts";
import type { RoutineTemplate, TemplateVersion } from "./schema.ts";
import { shippedTemplate } from "./template-rules.ts";

const shipped = shippedTemplate("handover");
const idAt = (number: number) => `template-${idOf(number)}` as RoutineTemplateId;

/** A version without the first `without` steps. */
function version(number: number, basedOn: TemplateVersion, without = 1, more: Partial<RoutineTemplate> = {}): RoutineTemplate {
  return { id: idAt(number), routine: "handover", basedOn, madeAt: `2026-11-2${number}T09:00:00`, steps: shipped.steps.slice(without), ...more };
}

test("after a reset the original is followed, and so is what becomes of it", () => {
  const own = [version(1, shipped.version), version(2, idAt(1), 0, { isReset: true })];
  expect(templateHere("handover", own, [])).toMatchObject({ isOwn: false, isBehind: false, template: { version: shipped.version }, others: [] });
  const service = [version(3, shipped.version, 2)];
  expect(templateHere("handover", own, service).template).toMatchObject({ version: idAt(3), steps: shipped.steps.slice(2) });
});

test("what is changed after a reset is one's own again, and the reset is nobody's other version", () => {
  const own = [version(1, shipped.version), version(2, idAt(1), 0, { isReset: true }), version(3, shipped.version, 2)];
  expect(templateHere("handover", own, [])).toMatchObject({ isOwn: true, isBehind: false, template: { version: idAt(3) }, others: [] });
});

test("a reset of one routine leaves the others", () => {
  const other = version(1, shippedTemplate("newReport").version, 0, { routine: "newReport", steps: shippedTemplate("newReport").steps.slice(1) });
  expect(followed("handover", [other, version(2, shipped.version, 0, { isReset: true })])).toEqual([other]);
});

test("two versions made at once: the later holds, and the other is shown", () => {
  const own = [version(1, shipped.version), version(2, shipped.version, 2)];
  expect(templateHere("handover", own, [])).toMatchObject({ template: { version: idAt(2) }, others: [{ id: idAt(1) }] });
});
