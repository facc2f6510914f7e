import { join } from "node:path";
import { type BrowserContext, chromium, type Locator, type Page } from "@playwright/test";
import { findBrowser } from "../../.ci/find-browser.mjs";
import { recordCount } from "./field/workload.ts";
import { brotliBytes } from "./first-load.ts";
import { percentile, type Report, repeat } from "./measure.ts";
import { nb } from "../../src/i18n/nb/all.ts";
import type { Device } from "../e2e/support/device.ts";
import { answerRest, answerWho } from "../e2e/support/steps.ts";
import type { FieldPage } from "./page/field.ts";
import type { YearsPage } from "./page/years.ts";
import { startRelay, withTempFolder } from "./processes.ts";
import { buildSite, hasBuiltApp } from "./site.ts";

export const subject = "Åpen dør, Chromium";
/** How many times slower than this machine; about six is a tablet of the middle range. */
export const slowdowns = [1, 6] as const;
const passphrase = "blå dør og fire stoler";
const tablet = { width: 820, height: 1180 };
const stepMs = 60_000;
/** Between two keys of a passphrase: a quick hand. What comes after the lock is fetched meanwhile. */
const keyMs = 60;
/** One saving at a time, in a document that holds a field season already. */
const savings = { count: 60, pauseMs: 200 };

/** What only a browser can tell: its storage, its cryptography, its speed when it is slow. */
export async function browser(report: Report, runs: number): Promise<void> {
  await fieldInChromium(report, runs);
  if (!hasBuiltApp()) {
    report.note("dist is missing: the app was not opened; run npm run build first.");
    return;
  }
  await firstScreen(report);
  for (const years of [1, 5]) await coldOpen(report, runs, years);
}

/** What a new browser has asked for when the first screen can be used: the proof of the measurement `first-load`. */
async function firstScreen(report: Report): Promise<void> {
  await withTempFolder(async (folder) => {
    const relay = await startRelay(folder);
    try {
      await withProfile(join(folder, "profile"), async (page) => {
        const bodies = new Map<string, Promise<number>>();
        page.on("response", (response) => {
          const { pathname } = new URL(response.url());
          if (/\.(js|css)$/.test(pathname)) bodies.set(response.url(), response.body().then(brotliBytes));
        });
        await page.addInitScript((name) => {
          new MutationObserver(() => {
            const shown = Array.from(document.querySelectorAll("button")).some((button) => button.textContent?.includes(name));
            if (shown && performance.getEntriesByName("shown").length === 0) performance.mark("shown");
          }).observe(document, { childList: true, subtree: true });
        }, nb.space.welcome.create);
        await page.goto(relay.baseUrl);
        await page.getByRole("button", { name: nb.space.welcome.create }).waitFor();
        const asked = await page.evaluate(() => {
          const shownAt = performance.getEntriesByName("shown")[0]?.startTime ?? Number.POSITIVE_INFINITY;
          return performance.getEntriesByType("resource").filter(({ startTime }) => startTime < shownAt).map(({ name }) => name);
        });
        const bytes = (await Promise.all(asked.map((url) => bodies.get(url) ?? Promise.resolve(0)))).reduce((sum, one) => sum + one, 0);
        report.figure({ metric: "JS and CSS fetched before the first screen", subject, unit: "kB", runs: [bytes / 1000], target: { atMost: 130 } });
      });
    } finally {
      await relay.stop();
    }
  });
}

/** A browser with a profile of its own on disk. */
export async function withProfile<T>(profileDir: string, run: (page: Page, context: BrowserContext) => Promise<T>, args: string[] = []): Promise<T> {
  const executablePath = findBrowser();
  const context = await chromium.launchPersistentContext(profileDir, {
    ...(executablePath === null ? {} : { executablePath }),
    args,
    viewport: tablet,
    locale: "nb-NO",
    timezoneId: "Europe/Oslo",
  });
  context.setDefaultTimeout(stepMs);
  try {
    return await run(context.pages()[0] ?? (await context.newPage()), context);
  } finally {
    await context.close();
  }
}

export async function slowDown(page: Page, rate: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate });
}

type Commands = Record<string, (...input: never[]) => Promise<unknown>>;

/** Calls a command of a bench page. */
export function tell<Of extends Commands, Name extends keyof Of & string>(
  page: Page,
  command: Name,
  ...input: Parameters<Of[Name]>
): Promise<Awaited<ReturnType<Of[Name]>>> {
  return page.evaluate(
    ([name, given]) => (globalThis as unknown as { bench: Record<string, (input: unknown) => Promise<never>> }).bench[name]?.(given) as Promise<never>,
    [command as string, input[0] as unknown] as const,
  );
}

type FieldRun = { sendMs: number; readMs: number; bySlowdown: { rate: number; savedMs: number[]; stretchMs: number }[] };

/** The return from the field on the browser's own storage, and what one saving and one passphrase cost the engine. */
async function fieldInChromium(report: Report, runs: number): Promise<void> {
  const taken = await repeat(runs, () => withTempFolder(fieldRun));
  const figure = (metric: string, values: number[], target?: { atMost: number }) =>
    report.figure({ metric, subject, unit: "ms", runs: values, ...(target === undefined ? {} : { target }) });
  figure(`${recordCount} records offline → durable`, taken.map(({ sendMs }) => sendMs), { atMost: 100 });
  figure("fresh second device has all", taken.map(({ readMs }) => readMs), { atMost: 150 });
  for (const [index, rate] of slowdowns.entries()) {
    const slow = taken.flatMap(({ bySlowdown }) => bySlowdown[index] ?? []);
    figure(`edit → on disk, engine, ${rate}×, p50`, slow.map(({ savedMs }) => percentile(savedMs, 0.5)));
    figure(`edit → on disk, engine, ${rate}×, p95`, slow.map(({ savedMs }) => percentile(savedMs, 0.95)), { atMost: 50 });
    figure(`Argon2id of a passphrase, ${rate}×`, slow.map(({ stretchMs }) => stretchMs));
  }
  report.note("two browsers with profiles on disk, IndexedDB with strict durability, relay a process; the same 500 records as in Node.");
}

async function fieldRun(folder: string): Promise<FieldRun> {
  const staticDir = await buildSite(folder, "field");
  const relay = await startRelay(folder, { STATIC_DIR: staticDir });
  const { baseUrl, enrolmentCode } = relay;
  try {
    return await withProfile(join(folder, "writer"), (writer) =>
      withProfile(join(folder, "reader"), async (reader) => {
        for (const page of [writer, reader]) {
          await page.goto(`${baseUrl}/bench/field.html`);
          await page.waitForFunction(() => "bench" in globalThis);
        }
        const founded = await tell<FieldPage, "found">(writer, "found", { baseUrl, enrolmentCode });
        await tell<FieldPage, "add">(writer, "add", await tell<FieldPage, "arrive">(reader, "arrive", { baseUrl }));
        await tell<FieldPage, "write">(writer, "write", "saved");
        const bySlowdown: FieldRun["bySlowdown"] = [];
        const sent = await tell<FieldPage, "send">(writer, "send");
        const read = await tell<FieldPage, "read">(reader, "read", founded);
        for (const rate of slowdowns) {
          await slowDown(writer, rate);
          const savedMs = await tell<FieldPage, "save">(writer, "save", savings);
          bySlowdown.push({ rate, savedMs, stretchMs: await tell<FieldPage, "stretch">(writer, "stretch") });
        }
        return { sendMs: sent.ms, readMs: read.ms, bySlowdown };
      }),
    );
  } finally {
    await relay.stop();
  }
}

/** The app itself on a profile that was filled as the app would have: opened from cold without a relay, then used. */
async function coldOpen(report: Report, runs: number, years: number): Promise<void> {
  await withTempFolder(async (folder) => {
    const profileDir = join(folder, "profile");
    const staticDir = await buildSite(folder, "years");
    const baseUrl = await fillProfile(folder, profileDir, staticDir, years);
    const filled = `${years === 1 ? "one school year" : `${years} school years`} × 7 schools`;
    for (const rate of slowdowns) {
      const opened = await repeat(runs, () => openOffline(profileDir, baseUrl, rate, timesOfOpening));
      const figure = (metric: string, values: number[], target?: { atMost: number }) =>
        report.figure({ metric: `${metric}, ${filled}, ${rate}×`, subject, unit: "ms", runs: values, ...(target === undefined ? {} : { target }) });
      figure("cold open offline", opened.map(({ usableMs }) => usableMs), rate === 6 ? { atMost: years === 1 ? 1000 : 2000 } : undefined);
      figure("Argon2id before it", opened.map(({ stretchMs }) => stretchMs));
      if (years > 1) continue;
      const taps = await repeat(Math.min(runs, tapRunsMax), () => openOffline(profileDir, baseUrl, rate, saveByTapping));
      figure("tap on Lagre → saved is shown, p50", taps.map((savedMs) => percentile(savedMs, 0.5)));
      figure("tap on Lagre → saved is shown, p95", taps.map((savedMs) => percentile(savedMs, 0.95)), { atMost: 50 });
    }
    if (years > 1) return;
    report.note("cold open: browser newly started, relay stopped; from the passphrase opening its slot until today's visit and what waits are painted. Argon2id (in a worker) is from the tap until then. The passphrase is written with 60 ms a key.");
    report.note(`tap on Lagre: ${tapped} drøftinger a run in the app, offline; from the click until the frame after the app says it is saved, which it does when it is on disk.`);
  });
}

const fingerMs = 80;
const tapRunsMax = 3;
const tapped = 20;

/** @returns the address that the profile has the app from */
async function fillProfile(folder: string, profileDir: string, staticDir: string, years: number): Promise<string> {
  const relay = await startRelay(folder, { STATIC_DIR: staticDir });
  const { baseUrl, enrolmentCode: code } = relay;
  try {
    await withProfile(profileDir, async (page) => {
      await page.goto(`${baseUrl}/bench/years.html`);
      await page.waitForFunction(() => "bench" in globalThis);
      await tell<YearsPage, "fill">(page, "fill", { code, passphrase, years });
      await page.goto(baseUrl);
      await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    });
  } finally {
    await relay.stop();
  }
  return baseUrl;
}

/** Starts the browser, unlocks, and waits for «I dag». */
function openOffline<T>(profileDir: string, baseUrl: string, rate: number, then: (page: Page) => Promise<T>): Promise<T> {
  return withProfile(profileDir, async (page, context) => {
    await context.setOffline(true);
    await context.addInitScript(watchPage, {
      today: nb.common.nav.today,
      shown: [nb.visits.newConsultation, nb.visits.today.waiting],
      save: nb.common.action.save,
      saved: nb.consultations.saved.replace("{code}", "").trim(),
    });
    await page.goto(baseUrl);
    const field = page.getByLabel(nb.lock.passphrase, { exact: true });
    await slowDown(page, rate);
    await field.pressSequentially(passphrase, { delay: keyMs });
    await field.press("Enter");
    await noted(page, "usable", 1);
    return then(page);
  });
}

function timesOfOpening(page: Page): Promise<{ stretchMs: number; usableMs: number }> {
  return page.evaluate(() => {
    const at = (name: string) => performance.getEntriesByName(name)[0]?.startTime ?? Number.NaN;
    return { stretchMs: at("accepted") - at("asked"), usableMs: at("usable") - at("accepted") };
  });
}

/** @returns for each drøfting how long it took from the tap until the app said that it is saved, in ms */
function saveByTapping(page: Page): Promise<number[]> {
  // The steps of the end-to-end tests ask no more of a device than its page and its texts.
  const device = { page, texts: nb } as unknown as Device;
  return repeat(tapped, async (index) => {
    await page.getByRole("link", { name: nb.visits.newConsultation }).first().click();
    await answerWho(device);
    await answerRest(device, "nothingMore");
    await tap(page, page.getByRole("button", { name: nb.common.action.save, exact: true }));
    await noted(page, "saved", index + 1);
    return page.evaluate(() => performance.getEntriesByName("saved").at(-1)?.duration ?? Number.NaN);
  });
}

/** Waits until the page has noted something so many times. To ask it over and over, as the driver would, has it draw a frame for each time, of which every one counts here. */
function noted(page: Page, name: string, times: number): Promise<void> {
  return page.evaluate(
    ([wanted, count, patienceMs]) =>
      new Promise<void>((resolve, reject) => {
        const observer = new PerformanceObserver(() => {
          if (performance.getEntriesByName(wanted).length < count) return;
          observer.disconnect();
          resolve();
        });
        for (const type of ["mark", "measure"]) observer.observe({ type, buffered: true });
        setTimeout(() => reject(new Error(`nothing noted of ${wanted}`)), patienceMs);
      }),
    [name, times, stepMs] as const,
  );
}

/** As a finger does: it comes down, and up a moment later. A `click` of the driver's own first looks for what could be in the way, which counts here. */
async function tap(page: Page, target: Locator): Promise<void> {
  const box = await target.boundingBox();
  if (box === null) throw new Error("nothing to tap on");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await new Promise((resolve) => {
    setTimeout(resolve, fingerMs);
  });
  await page.mouse.up();
}

/**
 * Runs in the page before the app. Marks when the passphrase was given, when it opened its slot and when «I dag» could be used,
 * and measures from each tap on «Lagre» until the frame after the app said that it is saved.
 */
function watchPage(texts: { today: string; shown: string[]; save: string; saved: string }): void {
  const markOnce = (name: string) => {
    if (performance.getEntriesByName(name).length === 0) performance.mark(name);
  };
  const afterFrame = (run: () => void) => requestAnimationFrame(() => setTimeout(run));
  const said = () => document.querySelector(".toast-place")?.textContent ?? "";
  let tap: { at: number; said: string } | null = null;

  document.addEventListener("submit", () => markOnce("asked"), true);
  document.addEventListener(
    "click",
    (event) => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      if (button?.textContent?.trim() === texts.save) tap = { at: event.timeStamp, said: said() };
    },
    true,
  );
  const decrypt = SubtleCrypto.prototype.decrypt;
  SubtleCrypto.prototype.decrypt = async function (algorithm, key, bytes) {
    const opened = await decrypt.call(this, algorithm, key, bytes);
    const { additionalData } = algorithm as AesGcmParams;
    if (additionalData !== undefined && new TextDecoder().decode(additionalData) === "aapen-dor/v1/slot") markOnce("accepted");
    return opened;
  };
  const look = () => {
    // What was said of the drøfting before may still stand there.
    if (tap !== null && said() !== tap.said && said().includes(texts.saved)) {
      const start = tap.at;
      tap = null;
      afterFrame(() => performance.measure("saved", { start, end: performance.now() }));
    }
    if (performance.getEntriesByName("usable").length > 0) return;
    const main = document.querySelector("main")?.textContent ?? "";
    const isToday = document.querySelector('nav [aria-current="page"]')?.textContent?.includes(texts.today) === true;
    if (isToday && texts.shown.every((text) => main.includes(text))) afterFrame(() => markOnce("usable"));
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true });
}
