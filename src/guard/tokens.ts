/** How a word is written: `anna`, `Anna`, `ANNA`, `McAnna`, `A`, and `PPT-saken` or `Å-team` for a compound led by capitals. */
export type Shape = "lower" | "capital" | "upper" | "mixed" | "initial" | "compound";

export type Token = {
  readonly kind: "word" | "number" | "mark" | "break";
  /** Lower case, composed (NFC); for marks and numbers the text itself. */
  readonly word: string;
  readonly shape: Shape;
  /** UTF-16 offsets into the text that was read; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  /** First word of a text, line, list item or sentence, where a capital letter says nothing. */
  readonly opens: boolean;
};

const LEXEME = /(?<word>[\p{L}\p{M}]+(?:['’´\-‑][\p{L}\p{M}]+)*)|(?<number>\p{Nd}+)|(?<break>[\r\n]+)|(?<mark>[^\s\p{L}\p{M}\p{Nd}])/gu;

const OPENERS = new Set([".", "!", "?", ":", "•", "*", "–", "—", "-", "/", ")", "(", "«", "\"", "“", ";", "→", ">"]);
/** Abbreviations whose full stop does not end a sentence. */
const ABBREVIATIONS = new Set("ca kl nr f eks bl a dvs evt osv mv jf m tlf str dr mr mrs hr".split(" "));

function shapeOf(text: string): Shape {
  const lower = text.toLowerCase();
  if (text === lower) return "lower";
  const first = String.fromCodePoint(text.codePointAt(0) ?? 0);
  if (text === first || text.length === 1) return "initial";
  if (text === text.toUpperCase()) return "upper";
  if (/^\p{Lu}+[-‑]\p{Ll}/u.test(text)) return "compound";
  const rest = text.slice(first.length);
  if (first !== first.toLowerCase()) {
    // A double name keeps its shape: Anne-Marie, Al-Hariri.
    const plain = rest.replace(/['’´\-‑]\p{Lu}/gu, "");
    if (plain === plain.toLowerCase()) return "capital";
  }
  return "mixed";
}

/** Cuts a text into words, numbers, marks and line breaks; white space is left out. Linear in the length of the text. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let opens = true;
  for (const match of text.matchAll(LEXEME)) {
    const raw = match[0];
    const start = match.index;
    const end = start + raw.length;
    const groups = match.groups ?? {};
    if (groups.word !== undefined) {
      tokens.push({ kind: "word", word: raw.normalize("NFC").toLowerCase(), shape: shapeOf(raw), start, end, opens });
      opens = false;
    } else if (groups.number !== undefined) {
      tokens.push({ kind: "number", word: raw, shape: "lower", start, end, opens });
    } else if (groups.break !== undefined) {
      tokens.push({ kind: "break", word: "\n", shape: "lower", start, end, opens: false });
      opens = true;
    } else {
      const before = tokens.at(-1);
      const dotOfAbbreviation = raw === "." && before?.kind === "word" && ABBREVIATIONS.has(before.word);
      if (OPENERS.has(raw) && !dotOfAbbreviation) opens = true;
      tokens.push({ kind: "mark", word: raw, shape: "lower", start, end, opens: false });
    }
  }
  return tokens;
}
