import { expect, test } from "vitest";
import * as Y from "yjs";
import { colours, numbersNotDrawn } from "../../content/case-words.ts";
import { seededChance } from "../../lib/random.ts";
import { blueFox, copyOf, idOf, meet, redDeer } from "../features.test-data.ts";
import { addCase, readCases } from "./document.ts";
import { codeLabel, newCaseCode, shownCodes } from "./rules.ts";
import { Case } from "./schema.ts";

const at = (time: string, number: number, code = blueFox) => ({ id: idOf<"case">(number), ...code, createdAt: `2026-11-26T${time}:00` });

test("the colour agrees with the animal", () => {
  expect(codeLabel(blueFox)).toBe("Blå rev 17");
  expect(codeLabel(redDeer)).toBe("Rødt rådyr 23");
  expect(codeLabel({ colour: "turkis", animal: "kamskjell", number: 31 })).toBe("Turkist kamskjell 31");
  expect(codeLabel({ colour: "lilla", animal: "aerfugl", number: 90 })).toBe("Lilla ærfugl 90");
});

test("a case has no field in which a child could be named", () => {
  expect(Object.keys(Case.shape).sort()).toEqual(["animal", "colour", "createdAt", "gradeBand", "id", "number", "schoolId"]);
});

test("of two devices that drew the same code, the first keeps it and the later gets a letter, on both", () => {
  const phone = new Y.Doc();
  addCase(phone, at("08:00", 1, redDeer));
  const tablet = copyOf(phone);
  addCase(phone, at("09:15", 2));
  addCase(tablet, at("09:10", 3));
  addCase(tablet, at("09:20", 4));
  meet(phone, tablet);
  for (const doc of [phone, tablet]) {
    const labels = Array.from(shownCodes(readCases(doc).records), ([id, { label }]) => [id, label]);
    expect(Object.fromEntries(labels)).toEqual({
      [idOf(1)]: "Rødt rådyr 23",
      [idOf(3)]: "Blå rev 17",
      [idOf(2)]: "Blå rev 17 b",
      [idOf(4)]: "Blå rev 17 c",
    });
  }
});

test("a case is added once: signed up, then discussed", () => {
  const index = new Y.Doc();
  addCase(index, at("08:00", 1));
  addCase(index, at("14:00", 1, redDeer));
  expect(readCases(index).records).toEqual([at("08:00", 1)]);
});

test("a new code is never one the school has used", () => {
  const chance = seededChance(5);
  const used = Array.from({ length: 400 }, () => newCaseCode(chance, []));
  const first = newCaseCode(seededChance(5), []);
  expect(codeLabel(newCaseCode(seededChance(5), [first]))).not.toBe(codeLabel(first));
  const labels = new Set(used.map(codeLabel));
  for (let run = 0; run < 200; run++) expect(labels.has(codeLabel(newCaseCode(chance, used)))).toBe(false);
});

test("what is drawn: no colour of skin, no number that is an age, a grade or a greeting", () => {
  const chance = seededChance(6);
  const codes = Array.from({ length: 3000 }, () => newCaseCode(chance, []));
  const undrawn = colours.filter(({ drawn }) => !drawn).map(({ id }) => id as string);
  expect(codes.filter(({ colour }) => undrawn.includes(colour))).toEqual([]);
  expect(codes.filter(({ number }) => number <= 16 || number > 99 || numbersNotDrawn.includes(number))).toEqual([]);
  expect(new Set(codes.map(({ animal }) => animal)).size).toBeGreaterThan(40);
});

test("when chance gives nothing but a used code, it is taken again rather than never", () => {
  const stuck = () => 0;
  const only = newCaseCode(stuck, []);
  expect(newCaseCode(stuck, [only])).toEqual(only);
});
