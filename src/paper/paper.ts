/**
 * A paper: what is to be read on its own, away from the app. It knows neither what it is about nor how it will be shown; the same paper is
 * drawn as a PDF (`pdf/paper-pdf.ts`), written as plain text (`plain-text.ts`) and shown and printed as a page (`ui/paper-view.tsx`).
 * All texts are finished: in the paper's language, with dates as they are read. They run from left to right, with names in any script.
 */
export type Paper = {
  /** BCP 47, such as `nb`. */
  readonly language: string;
  readonly title: string;
  /** A line over the title: when, where. */
  readonly over?: string;
  /** Lines under the title. */
  readonly under: readonly string[];
  readonly blocks: readonly PaperBlock[];
  /** At the foot of every page, one short line: what does not fit on it is left out. */
  readonly footer: string;
  /** Beside the footer when there is more than one page. Pages are counted from 1. */
  readonly pageLabel: (page: number, pages: number) => string;
  /** `large` for somebody who reads it at home, perhaps in a second language. */
  readonly textSize: "normal" | "large";
};

/** A stretch of text in one weight. A line feed in it begins a new line. */
export type PaperRun = { readonly text: string; readonly isBold?: boolean | undefined };
export type PaperText = readonly PaperRun[];

export type PaperBlock =
  /** The title is level 1. */
  | { readonly type: "heading"; readonly level: 2 | 3; readonly text: string }
  | { readonly type: "paragraph"; readonly text: PaperText; readonly isQuiet?: boolean }
  | { readonly type: "list"; readonly items: readonly PaperText[] }
  | { readonly type: "table"; readonly columns: readonly PaperColumn[]; readonly rows: readonly (readonly PaperText[])[] }
  /** Names and what they stand for: one under another, or side by side, three in a row and large. */
  | { readonly type: "facts"; readonly arrangement: "rows" | "columns"; readonly facts: readonly PaperFact[] }
  /** A frame around what must be seen first. */
  | { readonly type: "notice"; readonly label: string; readonly lead: string; readonly text: string }
  /** Room to write by hand. */
  | { readonly type: "writingLines"; readonly count: number }
  | { readonly type: "pageBreak" };

/** @property share how much of the width the column has, beside the shares of the others */
export type PaperColumn = { readonly title: string; readonly share: number };
export type PaperFact = { readonly label: string; readonly value: PaperText };

export function plain(text: string): PaperText {
  return [{ text }];
}

export function bold(text: string): PaperText {
  return [{ text, isBold: true }];
}
