import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { paperFonts } from "../../../test/support/paper-fonts.ts";
import { type PdfElement, readPdf } from "../../../test/support/read-pdf.ts";
import { type Paper, type PaperBlock, plain } from "../paper.ts";
import { paperPdf } from "./paper-pdf.ts";

const madeAt = new Date("2026-11-27T08:00:00Z");
const empty: Paper = {
  language: "nb",
  title: "Tittel",
  under: [],
  blocks: [],
  footer: "Nederst",
  pageLabel: (page, pages) => `Side ${page} av ${pages}`,
  textSize: "normal",
};
const paragraph = (text: string): PaperBlock => ({ type: "paragraph", text: plain(text) });
const sentence = "Læreren fortalte om fraværet på høsten og hva de har prøvd. ";

async function read(paper: Paper) {
  const { bytes, pages, missing } = await paperPdf(paper, madeAt, paperFonts);
  const pdf = readPdf(bytes);
  expect(pdf.pages).toHaveLength(pages);
  return { ...pdf, missing };
}

/** Types and texts, indented by depth. */
function outline({ type, text, children, scope }: PdfElement, depth = 0): string {
  const line = `${"  ".repeat(depth)}${type}${scope === undefined ? "" : `(${scope})`}${text === "" ? "" : ` ${text}`}`;
  return [line, ...children.map((child) => outline(child, depth + 1))].join("\n");
}

test("every block has its tag, its text and its place in the reading order", async () => {
  const paper: Paper = {
    ...empty,
    over: "Over",
    title: "Møte på Granly skole",
    under: ["Under"],
    blocks: [
      { type: "heading", level: 2, text: "Første del" },
      { type: "paragraph", text: [{ text: "Vanlig og " }, { text: "halvfet", isBold: true }, { text: "." }] },
      { type: "heading", level: 3, text: "Underdel" },
      { type: "list", items: [plain("ett"), plain("to")] },
      { type: "facts", arrangement: "rows", facts: [{ label: "Sted", value: plain("Møterommet") }] },
      { type: "facts", arrangement: "columns", facts: [{ label: "Dag", value: plain("1122") }, { label: "Kveld", value: plain("3344") }] },
      { type: "table", columns: [{ title: "Hva", share: 3 }, { title: "Hvem", share: 1 }], rows: [[plain("Ringe"), plain("Skolen")]] },
      { type: "notice", label: "Neste møte", lead: "Torsdag", text: "Granly" },
      { type: "writingLines", count: 3 },
    ],
  };
  const pdf = await read(paper);
  expect(pdf).toMatchObject({ title: "Møte på Granly skole", language: "nb", isMarked: true, showsTitle: true, missing: 0 });
  expect(outline(pdf.structure)).toBe(`Document
  P Over
  H1 Møte på Granly skole
  P Under
  H2 Første del
  P Vanlig og halvfet.
  H3 Underdel
  L
    LI
      Lbl •
      LBody ett
    LI
      Lbl •
      LBody to
  L
    LI
      Lbl Sted
      LBody Møterommet
  L
    LI
      Lbl Dag
      LBody 1122
    LI
      Lbl Kveld
      LBody 3344
  Table
    TR
      TH(Column) Hva
      TH(Column) Hvem
    TR
      TD Ringe
      TD Skolen
  Div
    P Neste møte
    P Torsdag
    P Granly`);
  expect(pdf.pages[0]?.onlySeen).toBe("Nederst");
});

test("names in other scripts are read as they were written", async () => {
  const names = "Ærlig Øystein Åsså, محمد علي رضا, ለተብርሃን ገብረ, Олександр Ґудзь, Łukasz Šimić-Đorđević og Nguyễn Thị Ánh var der.";
  const pdf = await read({ ...empty, blocks: [paragraph(names)] });
  expect(pdf.structure.children[1]?.text).toBe(names);
  expect(pdf.missing).toBe(0);
});

test("where a line feed was, words are read back apart, in every weight and script", async () => {
  const facts = [{ label: "Tatt opp", value: plain("Fra: 13.32\nTil: 13.52") }];
  const bolds: PaperBlock = { type: "paragraph", text: [{ text: "Referat", isBold: true }, { text: "\nمحمد\n\nslutt" }, { text: "علي\nOla\n", isBold: true }] };
  const pdf = await read({ ...empty, blocks: [{ type: "facts", arrangement: "rows", facts }, bolds] });
  const [, list, paragraph] = pdf.structure.children;
  expect(list?.children[0]?.children[1]?.text).toBe("Fra: 13.32 Til: 13.52");
  expect(paragraph?.text.trim()).toBe("Referat محمد  sluttعلي Ola");
  expect(pdf.missing).toBe(0);
});

test("brackets between letters that are read from right to left are turned around, and none is lost", async () => {
  const pdf = await read({ ...empty, blocks: [paragraph("محمد»علي")] });
  expect(pdf.structure.children[1]?.text).toBe("محمد«علي");
  expect(pdf.missing).toBe(0);
});

test("the same paper and moment give the same bytes, another moment others", async () => {
  const paper: Paper = { ...empty, blocks: [paragraph(sentence.repeat(20)), paragraph("عائشہ")] };
  const [first, again, later] = await Promise.all([madeAt, madeAt, new Date("2026-11-28T08:00:00Z")].map((at) => paperPdf(paper, at, paperFonts)));
  const hash = (bytes: Uint8Array | undefined) => createHash("sha256").update(bytes ?? "").digest("hex");
  expect(hash(again?.bytes)).toBe(hash(first?.bytes));
  expect(hash(later?.bytes)).not.toBe(hash(first?.bytes));
});

test("a long paper has its pages numbered, all of its text in order, and what is only seen left out of it", async () => {
  const blocks = Array.from({ length: 220 }, (_, index) => paragraph(`${index}: ${sentence.repeat(6)}`));
  const pdf = await read({ ...empty, blocks });
  expect(pdf.pages.length).toBeGreaterThan(20);
  expect(pdf.structure.children.slice(1).map(({ text }) => text.trim())).toEqual(blocks.map((_, index) => `${index}: ${sentence.repeat(6)}`.trim()));
  expect(pdf.pages.map(({ onlySeen }) => onlySeen)).toEqual(pdf.pages.map((_, index) => `NederstSide ${index + 1} av ${pdf.pages.length}`));
});

test.each(Array.from({ length: 25 }, (_, lines) => lines + 25))("a heading after %i lines is never alone at the end of a page", async (lines) => {
  const blocks: PaperBlock[] = [
    { type: "paragraph", text: plain(Array.from({ length: lines }, () => "linje").join("\n")) },
    { type: "heading", level: 2, text: "Overskrift" },
    { type: "heading", level: 3, text: "Under den" },
    { type: "table", columns: [{ title: "Hva", share: 1 }], rows: [[plain("Ringe")], [plain("Skrive")]] },
  ];
  const pdf = await read({ ...empty, blocks });
  const page = pdf.pages.find(({ read }) => read.includes("Overskrift"));
  expect(page?.read).toContain("Under den");
  expect(page?.read).toContain("Hva\nRinge");
});

test("a table that goes on to the next page shows its head there without reading it twice", async () => {
  const rows = Array.from({ length: 80 }, (_, index) => [plain(`Oppgave ${index}`), plain("Skolen")]);
  const pdf = await read({ ...empty, blocks: [{ type: "table", columns: [{ title: "Hva", share: 3 }, { title: "Hvem", share: 1 }], rows }] });
  expect(pdf.pages.length).toBeGreaterThan(1);
  expect(pdf.pages[1]?.onlySeen).toContain("HvaHvem");
  expect(pdf.pages[1]?.read).not.toContain("Hvem");
  expect(pdf.structure.children[1]?.children).toHaveLength(81);
});

test("a page break begins a page, and only one", async () => {
  const pdf = await read({ ...empty, blocks: [paragraph("før"), { type: "pageBreak" }, { type: "pageBreak" }, paragraph("etter")] });
  expect(pdf.pages.map(({ read }) => read)).toEqual(["Tittel\nfør", "etter"]);
});

test("what the fonts lack is shown as the replacement character and counted", async () => {
  const pdf = await read({ ...empty, blocks: [paragraph("rev 🦊, 漢字 og \u0000")] });
  expect(pdf.structure.children[1]?.text).toBe("rev \uFFFD, \uFFFD\uFFFD og \uFFFD");
  expect(pdf.missing).toBe(4);
});

test("any text in any block is drawn, and every letter is there or counted as missing", { timeout: 120_000 }, async () => {
  const text = fc.oneof(
    { weight: 4, arbitrary: fc.string({ unit: "binary", maxLength: 120 }) },
    { weight: 2, arbitrary: fc.string({ unit: "grapheme", maxLength: 120 }) },
    { weight: 4, arbitrary: fc.string({ unit: fc.constantFrom(...Array.from("aøÅ é\n\t-/()«»ğЖщابﻻעΩưừኣ🦊\u200d\u200f\u00ad\u0301\ud83d")), maxLength: 200 }) },
    { weight: 1, arbitrary: fc.constantFrom("å".repeat(10_000), "محمد".repeat(2500), "🦊".repeat(5000), `${"ord ".repeat(2500)}slutt`) },
  );
  await fc.assert(
    fc.asyncProperty(text.map(withoutLooseMarks), fc.constantFrom("paragraph", "list", "table", "facts", "notice", "heading"), async (any, type) => {
      const pdf = await read({ ...empty, blocks: [blockOf(type, any)] });
      const all = textOf(pdf.structure);
      expect(lettersOf(all)).toBe(lettersOf(any) + 6);
    }),
    { numRuns: 100 },
  );
});

function blockOf(type: string, text: string): PaperBlock {
  if (type === "list") return { type: "list", items: [plain(text)] };
  if (type === "table") return { type: "table", columns: [{ title: "", share: 4 }, { title: "", share: 1 }], rows: [[plain(text), plain("")]] };
  if (type === "facts") return { type: "facts", arrangement: "columns", facts: [{ label: "", value: plain(text) }] };
  if (type === "notice") return { type: "notice", label: "", lead: "", text };
  if (type === "heading") return { type: "heading", level: 2, text };
  return { type: "paragraph", text: plain(text) };
}

function textOf({ type, text, children }: PdfElement): string {
  return (type === "Lbl" ? "" : text) + children.map((child) => `\n${textOf(child)}`).join("");
}

/** An accent that begins a line would be put on the end of the line before it, where lines are read as one. */
function withoutLooseMarks(text: string): string {
  return text.replace(/(?<=^|[\s\p{Cc}\p{Default_Ignorable_Code_Point}])\p{M}+/gu, "");
}

/** How many code points are seen; the six of the title come with every paper. */
function lettersOf(text: string): number {
  const seen = text.toWellFormed().replace(/\p{Default_Ignorable_Code_Point}/gu, "").normalize("NFC");
  return Array.from(seen.replace(/[\s\u0085]/gu, "")).length;
}
