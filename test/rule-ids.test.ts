import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

// SPEC.md numbers its rules so that a test can say which of them it holds. A rule that no test names is a promise nobody keeps.

const spec = readFileSync("sync-server/protocol/SPEC.md", "utf8");
const rules = Array.from(spec.matchAll(/^- \*\*\[([A-Z]\d+)\]\*\*/gm), ([, id]) => id);
const tests = globSync(["src/**/*.test.{ts,tsx}", "sync-server/**/*.test.ts", "test/{engine,contracts,e2e,hostile,vectors,fuzz,wycheproof}/**/*.ts"], {
  exclude: (name: string) => name.includes("node_modules"),
}).map((file) => ({ file, text: readFileSync(file, "utf8") }));
const idsIn = (text: string) => Array.from(text.matchAll(/\[([A-Z]\d+)\]/g), ([, id]) => id);

test("every rule of SPEC.md is named by a test that holds it", () => {
  const named = new Set(tests.flatMap(({ text }) => idsIn(text)));
  expect(rules.length).toBeGreaterThan(40);
  expect(rules.filter((id) => !named.has(id))).toEqual([]);
});

test("no rule has two meanings, and no test, source or sentence names one that SPEC.md does not have", () => {
  expect(rules).toEqual([...new Set(rules)]);
  const sources = globSync(["src/**/*.{ts,tsx}", "sync-server/**/*.{ts,md}"], { exclude: (name: string) => name.includes("node_modules") });
  const read = [...tests, ...sources.map((file) => ({ file, text: readFileSync(file, "utf8") }))];
  const unknown = read.flatMap(({ file, text }) => idsIn(text).filter((id) => !rules.includes(id)).map((id) => `${file}: [${id}]`));
  expect(unknown).toEqual([]);
});
