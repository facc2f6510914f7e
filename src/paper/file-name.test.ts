import { expect, test } from "vitest";
import { safeFileName } from "./file-name.ts";

test.each([
  ["Hjemmeark M-482-KTM, Granly skole", "hjemmeark-m-482-ktm-granly-skole"],
  ["Åsen skole: «Blå ærfugl 17 b»", "asen-skole-bla-aerfugl-17-b"],
  ["../../etc\\passwd\u0000.exe", "etc-passwd-exe"],
  ["  Ørret – Ł  ", "orret-l"],
  ["ለተብርሃን", "papir"],
  ["", "papir"],
])("%j becomes a name that every disk takes", (text, name) => {
  expect(safeFileName(text)).toBe(name);
});

test("a long name is cut, and does not end in a hyphen", () => {
  expect(safeFileName(`${"a".repeat(79)} bcd`)).toBe("a".repeat(79));
});
