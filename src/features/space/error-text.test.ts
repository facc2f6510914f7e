import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { errorTextKey, thrownErrors } from "./error-text.ts";

/** Caught where they arise and never shown. */
const neverShown = ["MovedError"];

test("every error class of the engine has a text of its own", () => {
  const files = globSync(["src/engine/**/*.ts", "src/lib/*.ts"]).filter((file) => !file.endsWith(".test.ts"));
  const classes = files.flatMap((file) =>
    Array.from(readFileSync(file, "utf8").matchAll(/class (\w+) extends \w*Error\b/g), (match) => match[1]),
  );
  expect(classes.length).toBeGreaterThan(4);
  const named = thrownErrors.map(({ error }) => error.name);
  expect(classes.filter((name) => !neverShown.includes(name ?? "")).toSorted()).toEqual(named.toSorted());
});

test("an error gives its own text, and what nobody has named gives the general one", () => {
  for (const { error, key } of thrownErrors) expect(errorTextKey(new error("x"))).toBe(key);
  expect(errorTextKey(new TypeError("x"))).toBe("errors.unknown");
  expect(errorTextKey("x")).toBe("errors.unknown");
});
