import bidiFactory from "bidi-js";
import { breakableParts, cleanText, graphemesOf, isInvisible, isJoiner, replacement } from "../letters.ts";
import type { PaperText } from "../paper.ts";
import type { Face, FaceChoice } from "./fonts.ts";

/** A stretch of a line that is drawn in one go. */
export type Piece = {
  readonly text: string;
  readonly face: Face;
  /** Its direction; the text itself is in the order of reading. */
  readonly isRightToLeft: boolean;
  /** From the start of the line, in thousandths of the font size. */
  readonly x: number;
};

/** In the order of reading, which is not from left to right where scripts meet. */
export type Line = readonly Piece[];

/** How wide a text is when it is drawn in one go, in thousandths of the font size. */
export type Measure = (face: Face, text: string, isRightToLeft: boolean) => number;

export type Layout = {
  /** At least one line, perhaps an empty one. @param width in thousandths of the font size */
  readonly lines: (text: PaperText, width: number) => Line[];
  /** How many letters stand as the replacement character in what was laid out so far, because no font has them or they are none. */
  readonly missing: () => number;
};

const bidi = bidiFactory();
const rightToLeft = /[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Every letter that a text may be drawn with, once: brackets are turned around where they are read from right to left. */
export function drawnLetters(text: string): string {
  const letters = Array.from(new Set(cleanText(text).replaceAll("\n", "")));
  const mirrored = rightToLeft.test(text) ? letters.flatMap((letter) => bidi.getMirroredCharacter(letter) ?? []) : [];
  return [...letters, ...mirrored].join("");
}

/** A paragraph's letters, with face and direction of each code unit. */
type Letters = { readonly text: string; readonly faces: readonly Face[]; readonly levels: readonly number[] };

export function createLayout(choose: FaceChoice, measure: Measure): Layout {
  let missing = 0;

  const prepare = (runs: PaperText): Letters => {
    const whole = runs.map(({ text }) => text).join("");
    const levels = rightToLeft.test(whole) ? bidi.getEmbeddingLevels(whole, "ltr").levels : null;
    const kept: { text: string; faces: Face[]; levels: number[] } = { text: "", faces: [], levels: [] };
    let at = 0;
    let before: Face | null = null;
    for (const { text, isBold = false } of runs) {
      before = null;
      for (const letter of text) {
        const level = levels?.[at] ?? 0;
        at += letter.length;
        // Some fonts show a soft hyphen wherever it stands; joiners shape the letters beside them.
        if (isInvisible(letter) && !(isJoiner(letter) && before?.covers.has(letter.charCodeAt(0)) === true)) continue;
        let drawn = (level % 2 === 1 ? bidi.getMirroredCharacter(letter) : null) ?? letter;
        let face = choose(drawn, isBold, before);
        if (face === null) [drawn, face] = [replacement, choose(replacement, isBold, before)];
        if (drawn === replacement) missing += 1;
        if (face === null) continue;
        before = face;
        kept.text += drawn;
        for (let unit = 0; unit < drawn.length; unit++) {
          kept.faces.push(face);
          kept.levels.push(level);
        }
      }
    }
    return kept;
  };

  /** Stretches of one face and direction, from one index to before another. */
  const stretches = ({ text, faces, levels }: Letters, from: number, to: number): { text: string; face: Face; level: number }[] => {
    const found: { text: string; face: Face; level: number }[] = [];
    let start = from;
    for (let at = from + 1; at <= to; at++) {
      if (at < to && faces[at] === faces[start] && levels[at] === levels[start]) continue;
      const face = faces[start];
      if (face !== undefined) found.push({ text: text.slice(start, at), face, level: levels[start] ?? 0 });
      start = at;
    }
    return found;
  };

  const widthOf = (letters: Letters, from: number, to: number) =>
    stretches(letters, from, to).reduce((width, { text, face, level }) => width + measure(face, text, level % 2 === 1), 0);

  const lineOf = (letters: Letters, from: number, to: number): Line => {
    // Unicode's rule L1: spaces at the end of a line are of the paragraph's direction.
    const end = from + letters.text.slice(from, to).trimEnd().length;
    const pieces = [...stretches(letters, from, end), ...stretches(letters, end, to).map((space) => ({ ...space, level: 0 }))];
    const widths = pieces.map(({ text, face, level }) => measure(face, text, level % 2 === 1));
    const places: number[] = [];
    let x = 0;
    for (const index of visualOrder(pieces.map(({ level }) => level))) {
      places[index] = x;
      x += widths[index] ?? 0;
    }
    return pieces.map(({ text, face, level }, index) => ({ text, face, isRightToLeft: level % 2 === 1, x: places[index] ?? 0 }));
  };

  const broken = (runs: PaperText, width: number): Line[] => {
    const letters = prepare(runs);
    const lines: Line[] = [];
    let [start, at, used] = [0, 0, 0];
    const end = () => {
      if (at > start) lines.push(lineOf(letters, start, at));
      [start, used] = [at, 0];
    };
    for (const part of breakableParts(letters.text)) {
      const seen = part.trimEnd().length;
      if (used + widthOf(letters, at, at + seen) > width) end();
      if (widthOf(letters, at, at + seen) > width) {
        for (const grapheme of graphemesOf(part)) {
          const wide = grapheme.trim() === "" ? 0 : widthOf(letters, at, at + grapheme.length);
          if (used + wide > width) end();
          at += grapheme.length;
          used += wide;
        }
        continue;
      }
      used += widthOf(letters, at, at + part.length);
      at += part.length;
    }
    end();
    return lines.length > 0 ? lines : [[]];
  };

  return {
    lines: (text, width) => paragraphsOf(text).flatMap((runs) => broken(runs, width)),
    missing: () => missing,
  };
}

/** Splits at line feeds, and composes letters. A space is left where a line feed was: lines of one tag are read back as one text. */
function paragraphsOf(text: PaperText): PaperText[] {
  const paragraphs: { text: string; isBold: boolean }[][] = [[]];
  for (const { text: run, isBold = false } of text) {
    for (const [index, part] of cleanText(run).replaceAll("\n", " \n").split("\n").entries()) {
      if (index > 0) paragraphs.push([]);
      paragraphs.at(-1)?.push({ text: part, isBold });
    }
  }
  return paragraphs;
}

/** Unicode's rule L2: from the highest level down, every stretch of that level or more is turned around. */
function visualOrder(levels: readonly number[]): number[] {
  const order = levels.map((_, index) => index);
  const levelAt = (position: number) => levels[order[position] ?? 0] ?? 0;
  for (let level = Math.max(0, ...levels); level > 0; level--) {
    for (let from = 0; from < order.length; from++) {
      if (levelAt(from) < level) continue;
      let to = from + 1;
      while (to < order.length && levelAt(to) >= level) to++;
      order.splice(from, to - from, ...order.slice(from, to).reverse());
      from = to;
    }
  }
  return order;
}
