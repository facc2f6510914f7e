import { join } from "node:path";
import type { Page } from "@playwright/test";
import { slowDown, slowdowns, subject, tell, withProfile } from "./browser.ts";
import { percentile, type Report, repeat } from "./measure.ts";
import type { MinutesBenchPage } from "./page/minutes.tsx";
import { startRelay, withTempFolder } from "./processes.ts";
import { buildSite } from "./site.ts";
import { readTrace } from "./trace.ts";

const bare = "bare contenteditable, nothing kept";
const typedKeys = "Og mor sier at det er bedre, men at natten er vond. ";
const keyCount = 100;
/** Longer than a key takes on the slow device, so that none waits for the one before. */
const pauseMs = 110;
const draftCount = 12;
/** Frames as soon as they are made: waiting for the screen's own beat, 8 ms of 16 at the median, is not the editor's. */
const withoutBeat = ["--disable-frame-rate-limit", "--disable-gpu-vsync"];

type KeyRun = { rate: number; keyMs: number[]; draftMs: number[] };

/** What a key costs in minutes of twenty pages, on the screen and until it is on disk, beside the least that a browser takes for one. */
export async function minutes(report: Report, runs: number): Promise<void> {
  const ours: KeyRun[] = [];
  const floor: KeyRun[] = [];
  await withTempFolder(async (folder) => {
    const staticDir = await buildSite(folder, "minutes");
    // In turns, so that a busy moment of the machine does not fall on one alone.
    await repeat(runs, async () => {
      ours.push(...(await inNewBrowser(staticDir, async (page, code) => {
        await tell<MinutesBenchPage, "openOurs">(page, "openOurs", { code });
        return typeInto(page, true);
      })));
      floor.push(...(await inNewBrowser(staticDir, async (page) => {
        await tell<MinutesBenchPage, "openBare">(page, "openBare");
        return typeInto(page, false);
      })));
    });
    for (const rate of slowdowns) {
      for (const [name, p] of [["p50", 0.5], ["p95", 0.95]] as const) {
        const metric = `key → frame in 20 pages, ${rate}×, ${name}`;
        const of = (all: KeyRun[]) => all.filter((run) => run.rate === rate).map(({ keyMs }) => percentile(keyMs, p));
        const target = rate === 6 && name === "p95" ? { target: { atMost: 16 } } : {};
        report.figure({ metric, subject, unit: "ms", runs: of(ours), beside: bare, ...target });
        report.figure({ metric, subject: bare, unit: "ms", runs: of(floor) });
      }
      const draftMs = ours.filter((run) => run.rate === rate).map((run) => percentile(run.draftMs, 0.95));
      report.figure({ metric: `key → draft on disk in 20 pages, ${rate}×, p95`, subject, unit: "ms", runs: draftMs, target: { atMost: 1000 } });
    }
    report.note(`key → frame: ${keyCount} keys a run, from the keydown until the frame with it has been made, frames not held back for the screen; ours with toolbar, draft and sealing on a real engine, 60,000 characters in some 350 lines.`);
    await trace(report, staticDir);
  });
}

function inNewBrowser<T>(staticDir: string, run: (page: Page, code: string) => Promise<T>): Promise<T> {
  return withTempFolder(async (folder) => {
    const relay = await startRelay(folder, { STATIC_DIR: staticDir });
    try {
      return await withProfile(
        join(folder, "profile"),
        async (page) => {
          await page.goto(`${relay.baseUrl}/bench/minutes.html`);
          await page.waitForFunction(() => "bench" in globalThis);
          return run(page, relay.enrolmentCode);
        },
        withoutBeat,
      );
    } finally {
      await relay.stop();
    }
  });
}

async function typeInto(page: Page, isOurs: boolean): Promise<KeyRun[]> {
  await tell<MinutesBenchPage, "watchKeys">(page, "watchKeys");
  return repeat(slowdowns.length, async (index) => {
    const rate = slowdowns[index] ?? 1;
    await slowDown(page, rate);
    await press(page, keyCount);
    const keyMs = await tell<MinutesBenchPage, "keyTimes">(page, "keyTimes");
    const draftMs = isOurs
      ? await repeat(draftCount, async () => {
          // What was typed before is on disk first.
          await page.waitForTimeout(1000);
          const saved = tell<MinutesBenchPage, "nextKeyOnDisk">(page, "nextKeyOnDisk");
          await page.waitForTimeout(50);
          await press(page, 1);
          return saved;
        })
      : [];
    await tell<MinutesBenchPage, "keyTimes">(page, "keyTimes");
    return { rate, keyMs, draftMs };
  });
}

async function press(page: Page, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const key = typedKeys[index % typedKeys.length] ?? " ";
    await page.keyboard.press(key === " " ? "Space" : key);
    await page.waitForTimeout(pauseMs);
  }
}

/** A recorded paper, every stroke of it; the corpus is used from where it lies. */
async function trace(report: Report, staticDir: string): Promise<void> {
  const recorded = readTrace(report);
  if (recorded === null) return;
  const { patches, text: expected } = recorded;
  await inNewBrowser(staticDir, async (page) => {
    const { typeMs, openMs, lines } = await tell<MinutesBenchPage, "typeTrace">(page, "typeTrace", { patches, expected });
    const edits = patches.length.toLocaleString("en");
    report.figure({ metric: `${edits} recorded edits, a transaction each`, subject, unit: "ms", runs: [typeMs] });
    report.figure({ metric: "opening what they come to", subject, unit: "ms", runs: [openMs] });
    report.note(`the trace: ${expected.length.toLocaleString("en")} characters in ${lines.toLocaleString("en")} lines at the end, checked; taken once. Opening: from the update to the first frame.`);
  });
}
