import { defineConfig } from "@playwright/test";
import { findBrowser } from "../../.ci/find-browser.mjs";

const executablePath = findBrowser();

/** `npm test` is to take less than a quarter of an hour on two cores: these are in `npm run test:walks`. */
const longWalks = ["agendas", "ends", "languages", "lead-meeting", "minutes-together", "run-meetings"].map((name) => `${name}.test.ts`);

export default defineConfig({
  testDir: ".",
  testIgnore: process.env["E2E_WALKS"] === undefined ? longWalks : [],
  outputDir: "../../test-results",
  // Each test starts a relay of its own on a free port; two at a time is what two cores carry.
  workers: 2,
  fullyParallel: true,
  forbidOnly: process.env["CI"] !== undefined,
  retries: 0,
  timeout: 300_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    locale: "nb-NO",
    timezoneId: "Europe/Oslo",
    viewport: { width: 820, height: 1180 },
    // Recording takes a third of the time of every test. To look into one: `--trace on`.
    trace: "off",
    launchOptions: executablePath === null ? {} : { executablePath },
  },
});
