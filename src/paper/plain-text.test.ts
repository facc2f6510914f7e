import fc from "fast-check";
import { expect, test } from "vitest";
import { graphemesOf } from "./letters.ts";
import { type Paper, plain } from "./paper.ts";
import { paperText } from "./plain-text.ts";

const empty: Paper = { language: "nb", title: "", under: [], blocks: [], footer: "", pageLabel: () => "", textSize: "normal" };

test("every kind of block is readable without its shape", () => {
  const paper: Paper = {
    ...empty,
    over: "Etter møtet",
    title: "Tittel",
    under: ["Under"],
    footer: "Nederst",
    blocks: [
      { type: "heading", level: 2, text: "Første del" },
      { type: "paragraph", text: [{ text: "Vanlig og " }, { text: "halvfet", isBold: true }, { text: ".\nNy linje." }] },
      { type: "list", items: [plain("ett"), plain(`to ${"som er langt ".repeat(7)}`)] },
      { type: "facts", arrangement: "columns", facts: [{ label: "Kveld", value: plain("00 00 33 44") }] },
      { type: "table", columns: [{ title: "Hva", share: 3 }, { title: "Hvem", share: 1 }], rows: [[plain("Dere forteller hva som hjelper om morgenen, og hva som ikke gjør det."), plain("Foresatte")]] },
      { type: "notice", label: "Neste møte", lead: "Torsdag", text: "Granly" },
      { type: "writingLines", count: 3 },
      { type: "pageBreak" },
    ],
  };
  expect(paperText(paper)).toBe(`Etter møtet
Tittel
======
Under

Første del
----------

Vanlig og halvfet.
Ny linje.

- ett
- to som er langt som er langt som er langt som er langt som er langt som er
  langt som er langt

Kveld: 00 00 33 44

Hva                                                         Hvem
--------------------------------------------------------------------------------
Dere forteller hva som hjelper om morgenen, og hva som      Foresatte
ikke gjør det.

| Neste møte
| Torsdag
| Granly

--------------------------------------------------------------------------------
Nederst
`);
});

test("no line is longer than 80 letters and no letter is lost, whatever the text is", () => {
  const any = fc.oneof(fc.string({ unit: "binary", maxLength: 400 }), fc.string({ unit: "grapheme", maxLength: 200 }), fc.constant("å".repeat(10_000)));
  fc.assert(
    fc.property(any, (text) => {
      const lines = paperText({ ...empty, blocks: [{ type: "paragraph", text: plain(text) }] }).split("\n");
      expect(Math.max(...lines.map((line) => graphemesOf(line).length))).toBeLessThanOrEqual(80);
      expect(lettersIn(lines.join(""))).toBe(lettersIn(text));
    }),
    { numRuns: 200 },
  );
});

/** All but spaces, with the replacement character for what is no letter. */
function lettersIn(text: string): string {
  return text.toWellFormed().normalize("NFC").replace(/\s/gu, "").replace(/[\p{Cc}\p{Noncharacter_Code_Point}]/gu, "\uFFFD");
}

test("control characters and halves of a letter are seen", () => {
  expect(paperText({ ...empty, blocks: [{ type: "paragraph", text: plain("a\u0000b\ud83dc\td\r\ne") }] })).toBe("a\uFFFDb\uFFFDc d\ne\n");
});
