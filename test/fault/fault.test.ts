import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { applyEdits } from "./loader.ts";
import { mutants } from "./mutants.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

test("1,000 worlds, and those that once found something, break no promise, and 50 of them are the same when they are run again", { timeout: 600_000 }, () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [main, "--worlds", "1000", "--twice", "50", "--found", "--jobs", "2"], { encoding: "utf8" });
  expect(`${stderr}${status === 0 ? "" : stdout}`).toBe("");
  expect(stdout).toContain("no promise was broken");
});

test("every place at which a rule can be switched off is there once", () => {
  for (const { edits } of mutants) applyEdits(edits);
});
