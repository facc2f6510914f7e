import { expect, test } from "vitest";
import { animals, colours } from "../../content/case-words.ts";
import { codeLabel } from "../cases/rules.ts";
import { tileOfLabel } from "./tile-rules.ts";

test("the tile of every code can be read off its words", () => {
  for (const { id: colour } of colours) {
    for (const { id: animal } of animals) expect(tileOfLabel(codeLabel({ colour, animal, number: 42 }))).toEqual({ colour, number: 42 });
  }
});

test("a letter behind a code that was drawn twice does not disturb", () => {
  expect(tileOfLabel("Blå rev 17 b")).toEqual({ colour: "bla", number: 17 });
});

test("words that are no code give a grey tile without a number", () => {
  expect(tileOfLabel("")).toEqual({ colour: "gra", number: 0 });
});
