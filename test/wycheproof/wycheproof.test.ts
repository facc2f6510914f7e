import { expect, test } from "vitest";
import { outcomeLine, readWycheproof, skipLine, wycheproofFolder } from "./files.ts";
import { runWycheproof, wycheproofFiles } from "./run.ts";

if (wycheproofFolder === undefined) console.log(skipLine);

test.skipIf(wycheproofFolder === undefined).each(wycheproofFiles)("[K1] Wycheproof's %s", async (file) => {
  const content = readWycheproof(file);
  const outcome = await runWycheproof(file, content);
  console.log(outcomeLine(`Node ${process.versions.node}`, file, outcome));
  expect(outcome.wrong).toEqual([]);
  expect(outcome.right).toBeGreaterThan(60);
  expect(outcome.tests).toBe((content as { numberOfTests: number }).numberOfTests);
});
