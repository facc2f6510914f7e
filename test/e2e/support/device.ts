import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, expect, type Page } from "@playwright/test";
import { en } from "../../../src/i18n/en/all.ts";
import { nb } from "../../../src/i18n/nb/all.ts";
import { nn } from "../../../src/i18n/nn/all.ts";
import { type AllTexts, createTranslator, fillPlaceholders, type Language, type Translator } from "../../../src/i18n/translate.ts";
import { findBrowser } from "../../../.ci/find-browser.mjs";

export const tablet = { width: 820, height: 1180 };
export const phone = { width: 390, height: 844 };
export const laptop = { width: 1280, height: 800 };

/** A Thursday after teaching hours, in the winter of the school year 2026/27. Local time in Oslo. */
export const arrival = "2026-11-26T12:40:00+01:00";

export const allTexts: Readonly<Record<Language, AllTexts>> = { nb, nn, en };

const browserLocales: Readonly<Record<Language, string>> = { nb: "nb-NO", nn: "nn-NO", en: "en-GB" };

export type DeviceOptions = {
  viewport?: { width: number; height: number };
  language?: Language;
  colorScheme?: "light" | "dark";
  /** What its clock says when it is switched on; it runs from there. */
  now?: string;
};

/** A network that is gone; and Chromium's own editing, which writes a style into a line that it joins: the policy refuses that, and the text is right without. */
const expectedErrors = ["Failed to load resource", "Applying inline style violates"];

/**
 * One person's device: a browser with a profile of its own on disk, so that closing and opening it again is what it is in life. Its clock is the
 * test's, and runs on through restarts.
 */
export class Device {
  readonly url: string;
  readonly profileDir: string;
  readonly language: Language;
  readonly texts: AllTexts;
  readonly translate: Translator;
  /** Whatever the page threw or logged as an error, but for requests that failed. */
  readonly pageErrors: string[] = [];
  readonly #options: DeviceOptions;
  readonly #startedAt = Date.now();
  #aheadMs: number;
  #offline = false;
  #context: BrowserContext | null = null;
  #page: Page | null = null;

  constructor(url: string, options: DeviceOptions = {}) {
    this.url = url;
    this.#options = options;
    this.#aheadMs = Date.parse(options.now ?? arrival) - this.#startedAt;
    this.language = options.language ?? "nb";
    this.texts = allTexts[this.language];
    this.translate = createTranslator(
      () => this.language,
      () => this.texts,
    );
    this.profileDir = mkdtempSync(join(tmpdir(), "aapen-dor-device-"));
  }

  get page(): Page {
    if (this.#page === null) throw new Error("the browser is closed");
    return this.#page;
  }

  get isOpen(): boolean {
    return this.#page !== null;
  }

  get context(): BrowserContext {
    if (this.#context === null) throw new Error("the browser is closed");
    return this.#context;
  }

  /** What the device's clock says, in ms. */
  now(): number {
    return Date.now() + this.#aheadMs;
  }

  /** A text of the device's language with its placeholders filled. */
  fill(text: string, values: Readonly<Record<string, string | number>> = {}): string {
    return fillPlaceholders(text, values);
  }

  /** Starts the browser and goes to the app. */
  async open(path = "/"): Promise<void> {
    const executablePath = findBrowser();
    const context = await chromium.launchPersistentContext(this.profileDir, {
      ...(executablePath === null ? {} : { executablePath }),
      viewport: this.#options.viewport ?? tablet,
      colorScheme: this.#options.colorScheme ?? "light",
      locale: browserLocales[this.language],
      timezoneId: "Europe/Oslo",
    });
    context.setDefaultTimeout(15_000);
    await context.clock.install({ time: this.now() });
    await context.setOffline(this.#offline);
    const page = context.pages()[0] ?? (await context.newPage());
    page.on("pageerror", (error) => this.pageErrors.push(error.stack ?? error.message));
    page.on("console", (message) => {
      const isExpected = expectedErrors.some((beginning) => message.text().startsWith(beginning));
      if (message.type() === "error" && !isExpected) this.pageErrors.push(message.text());
    });
    this.#context = context;
    this.#page = page;
    await page.goto(this.url + path);
  }

  /** Closes the browser as a person does. The profile stays. */
  async close(): Promise<void> {
    const context = this.#context;
    this.#context = null;
    this.#page = null;
    await context?.close();
  }

  async restart(): Promise<void> {
    await this.close();
    await this.open();
  }

  /** Ends the browser's process in the middle of whatever it does: no page hears of it. */
  async kill(): Promise<void> {
    const { context } = this;
    this.#context = null;
    this.#page = null;
    const gone = new Promise((closed) => context.once("close", closed));
    const session = await context.browser()?.newBrowserCDPSession();
    if (session === undefined) throw new Error("no session with the browser");
    session.send("Browser.crash").catch(() => undefined);
    await gone;
  }

  async setOffline(offline: boolean): Promise<void> {
    this.#offline = offline;
    await this.context.setOffline(offline);
  }

  /** Lets the device's time go by at once, with every timer in it. */
  async pass(ms: number): Promise<void> {
    this.#aheadMs += ms;
    await this.page.clock.fastForward(ms);
  }

  /** Waits until the whole app is on the device and opens without the network. */
  async installed(): Promise<void> {
    await this.page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      if (navigator.serviceWorker.controller === null) {
        await new Promise((taken) => navigator.serviceWorker.addEventListener("controllerchange", taken, { once: true }));
      }
    });
  }

  /** The state line. */
  get state() {
    return this.page.locator(".state").getByRole("status");
  }

  /** Waits until the relay has everything that was written here. */
  async sent(): Promise<void> {
    await expect(this.state).toContainText(this.texts.common.state.allSent);
    await expect(this.page.locator(".state")).toHaveAttribute("data-kind", "sent");
  }

  async remove(): Promise<void> {
    await this.close();
    rmSync(this.profileDir, { recursive: true, force: true, maxRetries: 5 });
  }
}
