import * as z from "zod/mini";
import { choose, type Chance } from "../lib/random.ts";

/**
 * What a routine run or a meeting is called: «R-482-KTM», «M-305-BFL». Parents hear it and it stands on paper, so it must not lead to a drøfting: it is
 * drawn by chance alone, and nobody can take it for a case code. A case code is two words and a two-digit number; this has no word, three
 * digits and consonants only, so that it spells nothing, and the first letter says what it names.
 */
export const referenceKinds = { routineRun: "R", meeting: "M" } as const;
export type ReferenceKind = keyof typeof referenceKinds;

// No vowels, so that no word comes; none that Norwegian rarely says (C, Q, W, X, Z) and none twice.
const letters = Array.from("BDFGHJKLMNPRSTV");
// From 200: no grade, no age, no emergency number.
const lowestNumber = 200;
const numberCount = 1000 - lowestNumber;

export const Reference = z.string().check(z.regex(/^[RM]-[2-9]\d{2}-[BDFGHJKLMNPRSTV]{3}$/));
export type Reference = z.infer<typeof Reference>;

/**
 * A reference that the school has not used; there are some two million of each kind.
 * @param used every reference of the school that this device knows, of earlier years too
 */
export function newReference(kind: ReferenceKind, chance: Chance, used: Iterable<Reference>): Reference {
  const taken = new Set(used);
  for (let tries = 0; ; tries++) {
    const reference = draw(kind, chance);
    if (!taken.has(reference) || tries === 1000) return reference;
  }
}

function draw(kind: ReferenceKind, chance: Chance): Reference {
  const number = lowestNumber + Math.floor(chance() * numberCount);
  const left = Array.from(letters);
  const drawn = Array.from({ length: 3 }, () => {
    const letter = choose(chance, left);
    left.splice(left.indexOf(letter), 1);
    return letter;
  });
  return `${referenceKinds[kind]}-${number}-${drawn.join("")}`;
}

/**
 * How each is shown. Should two devices have drawn the same offline, the first keeps it and a later one gets a letter: «R-482-KTM b». All devices agree on
 * who was first.
 */
export function shownReferences<Id extends string>(named: readonly { id: Id; reference: Reference; startedAt: string }[]): Map<Id, string> {
  const inOrder = Array.from(named).sort((a, b) => (a.startedAt + a.id < b.startedAt + b.id ? -1 : 1));
  const timesSeen = new Map<Reference, number>();
  return new Map(
    inOrder.map(({ id, reference }) => {
      const earlier = timesSeen.get(reference) ?? 0;
      timesSeen.set(reference, earlier + 1);
      return [id, earlier === 0 ? reference : `${reference} ${String.fromCharCode("a".charCodeAt(0) + Math.min(earlier, 25))}`];
    }),
  );
}
