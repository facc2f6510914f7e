import { animals, type Colour, colours, highestNumber, lowestDrawnNumber, numbersNotDrawn } from "../../content/case-words.ts";
import { assert } from "../../lib/assert.ts";
import { choose, type Chance } from "../../lib/random.ts";
import type { CaseId } from "../ids.ts";
import type { Case, CaseCode } from "./schema.ts";

/** A case as it is shown: tile and words. */
export type ShownCode = { readonly colour: Colour; readonly number: number; readonly label: string };

/** «Blå rev 17», in bokmål on every device: see content/case-words.ts. */
export function codeLabel(code: CaseCode): string {
  const animal = animals.find(({ id }) => id === code.animal);
  const colour = colours.find(({ id }) => id === code.colour);
  assert(animal !== undefined && colour !== undefined, "the schema admits only words of the lists");
  const adjective = animal.neuter ? colour.neuter : colour.common;
  return `${adjective.charAt(0).toUpperCase()}${adjective.slice(1)} ${animal.word} ${code.number}`;
}

/**
 * How each case of one index is shown. Where two devices drew the same code at the same time, the first keeps it and every later one gets a
 * letter: «Blå rev 17 b». All devices agree on who was first.
 */
export function shownCodes(cases: readonly Case[]): Map<CaseId, ShownCode> {
  const inOrder = Array.from(cases).sort((a, b) => (a.createdAt + a.id < b.createdAt + b.id ? -1 : 1));
  const timesSeen = new Map<string, number>();
  const shown = new Map<CaseId, ShownCode>();
  for (const one of inOrder) {
    const label = codeLabel(one);
    const earlier = timesSeen.get(label) ?? 0;
    timesSeen.set(label, earlier + 1);
    const suffix = earlier === 0 ? "" : ` ${String.fromCharCode("a".charCodeAt(0) + Math.min(earlier, 25))}`;
    shown.set(one.id, { colour: one.colour, number: one.number, label: label + suffix });
  }
  return shown;
}

const drawnColours = colours.filter(({ drawn }) => drawn).map(({ id }) => id);
const drawnNumbers = Array.from({ length: highestNumber - lowestDrawnNumber + 1 }, (_, index) => lowestDrawnNumber + index).filter(
  (number) => !numbersNotDrawn.includes(number),
);

/**
 * A code that the school has not used. It comes from chance alone, never from anything about the case.
 * @param used every code of the school that this device knows, of earlier years too
 */
export function newCaseCode(chance: Chance, used: Iterable<CaseCode>): CaseCode {
  const usedLabels = new Set(Array.from(used, codeLabel));
  for (let tries = 0; ; tries++) {
    const code: CaseCode = { colour: choose(chance, drawnColours), animal: choose(chance, animals).id, number: choose(chance, drawnNumbers) };
    // There are some thirty thousand codes; a school that has used so many that it matters gets one again, with a letter behind.
    if (!usedLabels.has(codeLabel(code)) || tries === 1000) return code;
  }
}

const anyOf = (words: readonly string[]) => words.join("|");
const codeInText = new RegExp(
  `(?<!\\p{L})(?:${anyOf(colours.flatMap(({ common, neuter }) => [common, neuter]))})[\\s-]*(?:${anyOf(animals.map(({ word }) => word))})[\\s-]*\\d`,
  "iu",
);

/** Whether a text names a case by its code, in whatever letters, with or without spaces. What must never lead to a drøfting takes no such text. */
export function namesCase(text: string): boolean {
  return codeInText.test(text.normalize("NFC"));
}
