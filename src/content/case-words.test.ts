import { expect, test } from "vitest";
import { animals, colours } from "./case-words.ts";

test("ids are ASCII and unique, words are lower-case Norwegian", () => {
  for (const words of [animals.map(({ id }) => id), colours.map(({ id }) => id)]) {
    expect(new Set(words).size).toBe(words.length);
    expect(words.filter((id) => !/^[a-z]+$/.test(id))).toEqual([]);
  }
  expect(animals.map(({ word }) => word).filter((word) => !/^[a-zæøå]+$/.test(word))).toEqual([]);
});

test("there are enough codes for a school: forty animals or more, eight colours or more that are drawn", () => {
  expect(animals.length).toBeGreaterThanOrEqual(40);
  expect(colours.filter(({ drawn }) => drawn).length).toBeGreaterThanOrEqual(8);
});

test("no drawn colour can be said of skin", () => {
  const drawn = colours.filter(({ drawn }) => drawn).map(({ id }) => id);
  expect(drawn.filter((id) => ["svart", "brun", "hvit", "gul"].includes(id))).toEqual([]);
});

test("no animal that people are called, alone or inside another word", () => {
  const said = /gris|svin|ape|rotte|slange|ku$|hval|esel|gås|mus|høne|hane|hest|hund|katt|sau|geit|okse|bjørn|ulv|elg|hare|torsk|sei$|gjøk|skjære|skarv|ravn|kråke|snegl|padde|frosk|maur|bie$|østers|krabbe|meis|trost|ørn|hauk$|unge|kalv|føll|lam$|rein|moskus|perle|ekorn|lemen|jerv|sel$|reke|grevling/;
  expect(animals.map(({ word }) => word).filter((word) => said.test(word))).toEqual([]);
});
