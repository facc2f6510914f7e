import { type Colour, colours, highestNumber } from "../../content/case-words.ts";

/** What a tile shows of a code that is only known by its words, such as that of a case whose room is not on the device any more. */
export function tileOfLabel(codeLabel: string): { colour: Colour; number: number } {
  const [first = "", ...rest] = codeLabel.toLowerCase().split(" ");
  const colour = colours.find(({ common, neuter }) => common === first || neuter === first)?.id ?? "gra";
  const number = rest.map(Number).find((part) => Number.isInteger(part) && part >= 1 && part <= highestNumber) ?? 0;
  return { colour, number };
}
