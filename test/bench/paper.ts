import { join } from "node:path";
import type { Page } from "@playwright/test";
import { slowDown, slowdowns, tell, withProfile } from "./browser.ts";
import { monotonicMs, type Report, repeat } from "./measure.ts";
import type { PaperName, PaperPage } from "./page/paper.ts";
import { startRelay, withTempFolder } from "./processes.ts";
import { buildSite } from "./site.ts";

const ours = "Åpen dør, Chromium";
const print = "the browser's own print";
const names = { norwegian: "in Latin letters", scripts: "with Arabic and Ethiopic names" } as const;
const warmRuns = 3;

type Made = { ms: number; pages: number; sizeBytes: number };
type Run = { cold: Made; prepared: Made; warm: Made[]; printMs: number; printBytes: number };

/** Minutes of twenty pages as a tagged PDF, beside what the browser makes of the same page of HTML. */
export async function paper(report: Report, runs: number): Promise<void> {
  await withTempFolder(async (folder) => {
    const relay = await startRelay(folder, { STATIC_DIR: await buildSite(folder, "paper") });
    try {
      for (const name of ["norwegian", "scripts"] as const) {
        for (const rate of slowdowns) {
          const taken = await repeat(runs, () => withTempFolder((profile) => makeOne(join(profile, "profile"), `${relay.baseUrl}/bench/paper.html`, name, rate)));
          const figure = (metric: string, subject: string, values: readonly number[], target?: { atMost: number }) =>
            report.figure({
              metric: `${metric}, ${names[name]}, ${rate}×`,
              subject,
              unit: "ms",
              runs: values,
              ...(subject === ours ? { beside: print } : {}),
              ...(target === undefined ? {} : { target }),
            });
          const target = rate === 6 ? { atMost: 1000 } : undefined;
          const warm = taken.flatMap((run) => run.warm.map(({ ms }) => ms));
          const printed = taken.map(({ printMs }) => printMs);
          for (const [metric, values] of [
            ["PDF of 20 pages, nothing fetched", taken.map(({ cold }) => cold.ms)],
            ["PDF of 20 pages, first after opening the page", taken.map(({ prepared }) => prepared.ms)],
            ["PDF of 20 pages, later ones", warm],
          ] as const) {
            figure(metric, ours, values, metric === "PDF of 20 pages, nothing fetched" ? undefined : target);
            figure(metric, print, printed);
          }
          const [first] = taken;
          if (rate === 1 && first !== undefined) {
            report.note(`${names[name]}: ${first.cold.pages} pages, ${Math.round(first.cold.sizeBytes / 1000)} kB; printed by the browser ${Math.round(first.printBytes / 1000)} kB.`);
          }
        }
      }
    } finally {
      await relay.stop();
    }
    report.note("from the tap until the bytes are there. Nothing fetched: with fetching and compiling the library and the fonts, from a relay on this machine; the app does it when the page with the button is opened. The browser prints outside the page's thread, which throttling does not slow down alike, and asks for no fonts that it has.");
  });
}

function makeOne(profileDir: string, url: string, name: PaperName, rate: number): Promise<Run> {
  return withProfile(profileDir, async (page: Page) => {
    await page.goto(url);
    await page.waitForFunction(() => "bench" in globalThis);
    await slowDown(page, rate);
    const cold = await tell<PaperPage, "pdf">(page, "pdf", name);
    await page.reload();
    await page.waitForFunction(() => "bench" in globalThis);
    await tell<PaperPage, "prepare">(page, "prepare", name);
    const prepared = await tell<PaperPage, "pdf">(page, "pdf", name);
    const warm = await repeat(warmRuns, () => tell<PaperPage, "pdf">(page, "pdf", name));
    await tell<PaperPage, "show">(page, "show", name);
    const start = monotonicMs();
    const printed = await page.pdf({ tagged: true, preferCSSPageSize: true });
    return { cold, prepared, warm, printMs: monotonicMs() - start, printBytes: printed.length };
  });
}
