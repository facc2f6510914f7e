import { createComponent, render } from "solid-js/web";
import { minutesPaper } from "../../../src/features/meetings/minutes-paper.ts";
import { longMinutes, minutes, takeHome } from "../../../src/features/meetings/papers.test-data.ts";
import { takeHomePaper } from "../../../src/features/meetings/take-home-paper.ts";
import { bundledTexts, createTranslator } from "../../../src/i18n/translate.ts";
import type { Paper } from "../../../src/paper/paper.ts";
import { createPdfMaker, fetchFont } from "../../../src/paper/pdf-maker.ts";
import { PaperView } from "../../../src/ui/paper-view.tsx";
import "../../../src/ui/styles/main.css";

// Makes papers as the app does, and shows the same to the browser's own print.

const words = { ...createTranslator(() => "nb", () => bundledTexts), language: "nb" as const };

/** About twenty pages: `norwegian` in Latin letters alone, `scripts` with names in Arabic and Ethiopic letters too. */
const papers: Record<string, () => Paper | null> = {
  norwegian: () => minutesPaper({ ...longMinutes(34), present: ["mor", "far", "kontaktlærer"] }, words),
  scripts: () => minutesPaper(longMinutes(34), words),
  minutes: () => minutesPaper(minutes, words),
  takeHome: () => takeHomePaper(takeHome, words),
};
export type PaperName = "norwegian" | "scripts" | "minutes" | "takeHome";

const maker = createPdfMaker(fetchFont);

/** What the app does when the page with the button is opened. */
async function prepare(name: PaperName): Promise<void> {
  await maker.prepare(paperOf(name));
}

function paperOf(name: PaperName): Paper {
  const paper = papers[name]?.();
  if (paper === null || paper === undefined) throw new Error("no such paper");
  return paper;
}

/** From the tap until the bytes are there, with what has to be fetched first. */
async function pdf(name: PaperName): Promise<{ ms: number; pages: number; sizeBytes: number }> {
  const paper = paperOf(name);
  const start = performance.now();
  const made = await maker.make(paper, new Date("2026-11-27T08:00:00Z"));
  return { ms: performance.now() - start, pages: made.pages, sizeBytes: made.bytes.length };
}

/** Shows a paper alone on the page. */
async function show(name: PaperName): Promise<void> {
  const paper = paperOf(name);
  document.body.replaceChildren();
  render(() => createComponent(PaperView, { paper }), document.body);
  await document.fonts.ready;
}

const commands = { prepare, pdf, show };
export type PaperPage = typeof commands;
Object.assign(globalThis, { bench: commands });
