import type { IsoDate } from "../../lib/iso-date.ts";
import { retentionDate, type SchoolYear } from "../../lib/school-year.ts";
import { type Paper, type PaperBlock, type PaperFact, plain } from "../../paper/paper.ts";
import type { LanguageWords } from "../../ui/language-choice.tsx";
import { notForParents } from "../meetings/minutes-paper.ts";

/** What every disclosure says of itself. */
export type DisclosureFrame = {
  /** A case's code or a reference, as it is shown. */
  readonly label: string;
  readonly school: string;
  readonly schoolYear: SchoolYear;
  readonly madeOn: IsoDate;
  /** Violence or abuse is suspected. */
  readonly ownProcedure: boolean;
  /** Records of it that this version of the app cannot read. */
  readonly unread: number;
};

/** What it is of. A drøfting and a known case are never in one paper, and each says so of the other. */
export type DisclosureKind = "case" | "meeting" | "run";

/** Everything that is held under one code or one reference, in plain words, and what is not among it. */
export function disclosurePaper(kind: DisclosureKind, frame: DisclosureFrame, content: readonly PaperBlock[], words: LanguageWords): Paper {
  const { text, format, language, plural } = words;
  const { label, school, schoolYear, madeOn, unread } = frame;
  const notHere = [
    text(`disclosure.notHere.${kind === "case" ? "known" : "anonymous"}`),
    text("disclosure.notHere.keyList"),
    ...(kind === "case" ? [text("disclosure.notHere.onlyUs")] : []),
    text("disclosure.notHere.otherSystems"),
    text("disclosure.notHere.otherDevices"),
    text("disclosure.notHere.drafts"),
    text("disclosure.notHere.deleted", { date: format.date(retentionDate(schoolYear), "dayYear") }),
    text("disclosure.notHere.otherYears"),
    ...(unread === 0 ? [] : [plural(unread, "disclosure.notHere.unreadOne", "disclosure.notHere.unreadMany")]),
  ];
  return {
    language,
    over: text("disclosure.over", { date: format.date(madeOn, "dayYear") }),
    title: text("disclosure.title", { label }),
    under: [text("disclosure.under", { school, year: format.schoolYear(schoolYear) }), text("disclosure.blank")],
    blocks: [
      ...(frame.ownProcedure ? [notForParents(text)] : []),
      ...content,
      heading(text("disclosure.notHere.heading")),
      { type: "list", items: notHere.map(plain) },
    ],
    footer: text("papers.minutes.footer", { reference: label, school, date: format.date(madeOn, "dayYear") }),
    pageLabel: (page, pages) => text("papers.page", { page, pages }),
    textSize: "normal",
  };
}

export function heading(text: string, level: 2 | 3 = 2): PaperBlock {
  return { type: "heading", level, text };
}

/** Lines under a heading, or that nothing is held. */
export function factBlock(facts: readonly PaperFact[]): PaperBlock[] {
  return facts.length === 0 ? [] : [{ type: "facts", arrangement: "rows", facts }];
}

export function quiet(text: string): PaperBlock {
  return { type: "paragraph", text: plain(text), isQuiet: true };
}
