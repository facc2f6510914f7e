import { expect, test } from "vitest";
import { checkWords } from "./check-words.ts";

test("256 words, one for each byte", () => {
  expect(checkWords).toHaveLength(256);
  expect(new Set(checkWords).size).toBe(256);
});

test("the first four letters tell every word apart", () => {
  expect(new Set(checkWords.map((word) => word.slice(0, 4))).size).toBe(256);
});

test("lower-case Norwegian letters, three to ten of them", () => {
  expect(checkWords.filter((word) => !/^[a-zæøå]{3,10}$/.test(word))).toEqual([]);
});

test("the list is frozen: devices with different lists would show different words for the same keys", () => {
  const order = checkWords.join(" ");
  let sum = 0;
  for (const letter of order) sum = (sum * 31 + letter.charCodeAt(0)) % 1_000_000_007;
  expect(sum).toBe(341_378_131);
});
