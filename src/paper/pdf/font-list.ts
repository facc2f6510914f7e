import sourceSansRanges from "@fontsource/source-sans-3/unicode.json";
import vazirmatnRanges from "@fontsource/vazirmatn/unicode.json";
import notoEthiopicRanges from "@fontsource/noto-sans-ethiopic/unicode.json";
import sourceLatin400 from "@fontsource/source-sans-3/files/source-sans-3-latin-400-normal.woff?url";
import sourceLatin700 from "@fontsource/source-sans-3/files/source-sans-3-latin-700-normal.woff?url";
import sourceCyrillic400 from "@fontsource/source-sans-3/files/source-sans-3-cyrillic-400-normal.woff?url";
import sourceCyrillic700 from "@fontsource/source-sans-3/files/source-sans-3-cyrillic-700-normal.woff?url";
import sourceCyrillicExt400 from "@fontsource/source-sans-3/files/source-sans-3-cyrillic-ext-400-normal.woff?url";
import sourceCyrillicExt700 from "@fontsource/source-sans-3/files/source-sans-3-cyrillic-ext-700-normal.woff?url";
import sourceGreek400 from "@fontsource/source-sans-3/files/source-sans-3-greek-400-normal.woff?url";
import sourceGreek700 from "@fontsource/source-sans-3/files/source-sans-3-greek-700-normal.woff?url";
import sourceGreekExt400 from "@fontsource/source-sans-3/files/source-sans-3-greek-ext-400-normal.woff?url";
import sourceGreekExt700 from "@fontsource/source-sans-3/files/source-sans-3-greek-ext-700-normal.woff?url";
import sourceVietnamese400 from "@fontsource/source-sans-3/files/source-sans-3-vietnamese-400-normal.woff?url";
import sourceVietnamese700 from "@fontsource/source-sans-3/files/source-sans-3-vietnamese-700-normal.woff?url";
import sourceLatinExt400 from "@fontsource/source-sans-3/files/source-sans-3-latin-ext-400-normal.woff?url";
import sourceLatinExt700 from "@fontsource/source-sans-3/files/source-sans-3-latin-ext-700-normal.woff?url";
import vazirmatnArabic400 from "@fontsource/vazirmatn/files/vazirmatn-arabic-400-normal.woff?url";
import vazirmatnArabic700 from "@fontsource/vazirmatn/files/vazirmatn-arabic-700-normal.woff?url";
import notoEthiopic400 from "@fontsource/noto-sans-ethiopic/files/noto-sans-ethiopic-ethiopic-400-normal.woff?url";
import notoEthiopic700 from "@fontsource/noto-sans-ethiopic/files/noto-sans-ethiopic-ethiopic-700-normal.woff?url";
import vazirmatnLatin400 from "@fontsource/vazirmatn/files/vazirmatn-latin-400-normal.woff?url";
import vazirmatnLatin700 from "@fontsource/vazirmatn/files/vazirmatn-latin-700-normal.woff?url";

export type FontUrl = string;

/** One font file in two weights, and the letters it is for. */
export type FontPair = { readonly regular: FontUrl; readonly bold: FontUrl; readonly isFor: (codePoint: number) => boolean };

/**
 * In the order they are tried. Source Sans 3 has the European scripts; Vazirmatn the Arabic ones, with a glyph of its own for every letter, so that
 * names in Urdu and Pashto can be copied out of the file again; Noto the Ethiopic ones. The last is there for the replacement character.
 */
export const fontPairs: readonly FontPair[] = [
  { ranges: sourceSansRanges.latin, regular: sourceLatin400, bold: sourceLatin700 },
  { ranges: sourceSansRanges.cyrillic, regular: sourceCyrillic400, bold: sourceCyrillic700 },
  { ranges: sourceSansRanges["cyrillic-ext"], regular: sourceCyrillicExt400, bold: sourceCyrillicExt700 },
  { ranges: sourceSansRanges.greek, regular: sourceGreek400, bold: sourceGreek700 },
  { ranges: sourceSansRanges["greek-ext"], regular: sourceGreekExt400, bold: sourceGreekExt700 },
  { ranges: sourceSansRanges.vietnamese, regular: sourceVietnamese400, bold: sourceVietnamese700 },
  { ranges: sourceSansRanges["latin-ext"], regular: sourceLatinExt400, bold: sourceLatinExt700 },
  { ranges: vazirmatnRanges.arabic, regular: vazirmatnArabic400, bold: vazirmatnArabic700 },
  { ranges: notoEthiopicRanges.ethiopic, regular: notoEthiopic400, bold: notoEthiopic700 },
  { ranges: vazirmatnRanges.latin, regular: vazirmatnLatin400, bold: vazirmatnLatin700 },
].map(({ ranges, regular, bold }) => ({ regular, bold, isFor: inRanges(ranges) }));

/** @param ranges as in CSS: `U+0000-00FF,U+0131` */
function inRanges(ranges: string): (codePoint: number) => boolean {
  const bounds = ranges.split(",").map((range) => {
    const [from = "", to = from] = range.replace("U+", "").split("-");
    return [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const;
  });
  return (codePoint) => bounds.some(([from, to]) => from <= codePoint && codePoint <= to);
}
