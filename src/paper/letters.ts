/** Shown where a letter cannot be. */
export const replacement = "\uFFFD";

/**
 * Text that every reader can be given: composed letters (NFC), line feeds as the only breaks, one kind of space and one that is
 * fixed. What is no letter at all, a control character, half a surrogate pair or a code point that stands for nothing, becomes the replacement
 * character, so that it is seen.
 */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u0085\u2028\u2029\v\f]/g, "\n")
    .replace(/[\u2007\u202F]/g, "\u00A0")
    .replace(/(?!\u00A0)[\t\p{Zs}]/gu, " ")
    .replace(/(?!\n)[\p{Cc}\p{Noncharacter_Code_Point}]/gu, replacement)
    .normalize("NFC");
}

/** What steers other letters and has no shape: joiners, marks of direction, variation selectors, a soft hyphen. */
export function isInvisible(letter: string): boolean {
  return letter >= "\u00AD" && /^\p{Default_Ignorable_Code_Point}$/u.test(letter);
}

/** Joins letters, or keeps them apart, in scripts whose letters are joined. */
export function isJoiner(letter: string): boolean {
  return letter === "\u200C" || letter === "\u200D";
}

// Made when it is first needed: making it takes longer than laying out a page.
let segmenter: Intl.Segmenter | null = null;

/** What a reader takes for single letters, with their accents and joiners. */
export function graphemesOf(text: string): string[] {
  segmenter ??= new Intl.Segmenter("nb", { granularity: "grapheme" });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Where a line may end: after spaces that are not fixed, and after a hyphen, dash or slash within a word. */
export function breakableParts(text: string): string[] {
  return text.match(/[^ \u200B]*?(?:[ \u200B]+|[-–/](?=\p{L})|$)/gu)?.filter((part) => part !== "") ?? [];
}
