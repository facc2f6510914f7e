import * as fc from "fast-check";
import { expect, test } from "vitest";
import { seededChance } from "../lib/random.ts";
import { codeLabel, namesCase, newCaseCode } from "./cases/rules.ts";
import { CaseId } from "./ids.ts";
import { newReference, Reference, referenceKinds, shownReferences } from "./references.ts";

const kinds = Object.keys(referenceKinds) as (keyof typeof referenceKinds)[];

test("a reference is never a case code nor holds one, and a case code is never a reference", () => {
  fc.assert(
    fc.property(fc.nat(), fc.constantFrom(...kinds), (seed, kind) => {
      const chance = seededChance(seed);
      const reference = newReference(kind, chance, []);
      const label = codeLabel(newCaseCode(chance, []));
      expect(Reference.safeParse(reference).success).toBe(true);
      expect(reference.startsWith(`${referenceKinds[kind]}-`)).toBe(true);
      expect(namesCase(reference) || CaseId.safeParse(reference).success || Reference.safeParse(label).success).toBe(false);
      // Nothing to be mistaken in speech either: no word, and another number of digits.
      expect(reference).not.toMatch(/[aeiouyæøå]/i);
      expect(reference.match(/\d/g)).toHaveLength(3);
      expect(new Set(reference.slice(-3)).size).toBe(3);
    }),
  );
});

test("a new reference is never one the school has used", () => {
  const first = newReference("meeting", seededChance(5), []);
  expect(newReference("meeting", seededChance(5), [first])).not.toBe(first);
  const chance = seededChance(6);
  const used: string[] = [];
  for (let run = 0; run < 2000; run++) used.push(newReference("routineRun", chance, used));
  expect(new Set(used).size).toBe(2000);
});

test("when chance gives nothing but a used one, it is taken again rather than never", () => {
  const only = newReference("meeting", () => 0, []);
  expect(newReference("meeting", () => 0, [only])).toBe(only);
  expect(Reference.safeParse(only).success).toBe(true);
});

test("of two that were drawn alike offline, the later gets a letter", () => {
  const named = [
    { id: "later", reference: "R-482-KTM", startedAt: "2026-11-26T09:20:00" },
    { id: "first", reference: "R-482-KTM", startedAt: "2026-11-26T09:10:00" },
    { id: "other", reference: "R-305-BFL", startedAt: "2026-11-26T09:00:00" },
  ];
  for (const order of [named, named.toReversed()]) {
    expect(Object.fromEntries(shownReferences(order))).toEqual({ first: "R-482-KTM", later: "R-482-KTM b", other: "R-305-BFL" });
  }
});
