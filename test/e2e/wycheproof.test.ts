import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { build, type Rolldown } from "vite";
import { outcomeLine, readWycheproof, skipLine, wycheproofFolder } from "../wycheproof/files.ts";
import { type Outcome, runWycheproof, wycheproofFiles } from "../wycheproof/run.ts";

const origin = "http://localhost:1";

test("[K1] Wycheproof in Chromium", async ({ page, browser }) => {
  if (wycheproofFolder === undefined) console.log(skipLine);
  test.skip(wycheproofFolder === undefined, skipLine);
  const built = (await build({
    configFile: false,
    logLevel: "error",
    build: { write: false, lib: { entry: join(import.meta.dirname, "../wycheproof/run.ts"), formats: ["iife"], name: "wycheproof" } },
  })) as Rolldown.RolldownOutput[];
  // WebCrypto is given to secure origins only. Nothing listens there: the page is all that it has.
  await page.route(`${origin}/**`, (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><title>Wycheproof</title>" }));
  await page.goto(origin);
  await page.addScriptTag({ content: built[0]?.output[0].code ?? "" });
  for (const file of wycheproofFiles) {
    const content = readWycheproof(file);
    const outcome = await page.evaluate<Outcome, unknown[]>(
      ([name, parsed]) => (globalThis as unknown as { wycheproof: { runWycheproof: typeof runWycheproof } }).wycheproof.runWycheproof(name as "aes_gcm", parsed),
      [file, content],
    );
    console.log(outcomeLine(`Chromium ${browser.version()}`, file, outcome));
    expect(outcome.wrong).toEqual([]);
    expect(outcome.right).toBeGreaterThan(60);
    expect(outcome.tests).toBe((content as { numberOfTests: number }).numberOfTests);
  }
});
