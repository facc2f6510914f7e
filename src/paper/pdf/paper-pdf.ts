import PdfDocument from "pdfkit";
import { cleanText } from "../letters.ts";
import { type Paper, type PaperBlock, type PaperText, plain } from "../paper.ts";
import type { Face, FontShelf } from "./fonts.ts";
import { createLayout, drawnLetters, type Layout, type Line, type Measure } from "./lines.ts";
import { contentWidth, footerStyle, margin, pageSize, type Row, rowsOf, type StyledLine, type Tag, type TextStyle } from "./page-rows.ts";

export type PaperPdf = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly pages: number;
  /** Letters that no font has, each shown as the replacement character. When there are any, printing shows them, for the browser has more fonts. */
  readonly missing: number;
};

/**
 * The paper as a tagged PDF on A4: language and title set, headings, lists and tables as such, page numbers as artifacts, its fonts inside. Text is
 * read back in the order of the paper. The same paper and moment give the same bytes.
 * @param madeAt is written into the file
 * @throws when a font cannot be fetched
 */
export async function paperPdf(paper: Paper, madeAt: Date, fonts: FontShelf): Promise<PaperPdf> {
  const choose = await fonts.facesFor(lettersOf(paper));
  const doc = createDocument(paper, madeAt);
  const finished = bytesOf(doc);
  const pen = createPen(doc);
  const layout = createLayout(choose, pen.measure);
  const { rows, tags } = rowsOf(paper, layout);

  const elements = new Map<Tag, PDFKit.PDFStructureElement>();
  const root = doc.struct("Document");
  doc.addStructure(root);
  for (const tag of tags) addElement(doc, root, tag, elements);
  placeRows(pen, rows, (tag, draw) => elements.get(tag)?.add(draw));
  root.end();

  const pages = doc.bufferedPageRange().count;
  const footer = footerLine(layout, paper.footer);
  for (let page = 0; page < pages; page++) {
    doc.switchToPage(page);
    const label = pages > 1 ? footerLine(layout, paper.pageLabel(page + 1, pages)) : [];
    pen.artifact("Pagination", () => {
      pen.text(footer, footerStyle, margin.side, footerBaseline);
      pen.text(label, footerStyle, margin.side + contentWidth - widthOf(label, pen.measure, footerStyle), footerBaseline);
    });
  }
  doc.end();
  return { bytes: await finished, pages, missing: layout.missing() };
}

// The types that are published do not know PDF/UA, a document without a first font, or the scope of a header cell.
type DocumentOptions = Omit<PDFKit.PDFDocumentOptions, "subset" | "font"> & { subset: "PDF/UA"; font: null };
type ElementOptions = PDFKit.Mixins.StructureElementOptions & { scope?: "Column" };

function createDocument(paper: Paper, madeAt: Date): PDFKit.PDFDocument {
  const options: DocumentOptions = {
    size: [pageSize.width, pageSize.height],
    margin: 0,
    pdfVersion: "1.7",
    subset: "PDF/UA",
    tagged: true,
    displayTitle: true,
    lang: paper.language,
    info: { Title: cleanText(paper.title), CreationDate: madeAt, ModDate: madeAt },
    bufferPages: true,
    autoFirstPage: false,
    font: null,
  };
  return new PdfDocument(options as unknown as PDFKit.PDFDocumentOptions);
}

function bytesOf(doc: PDFKit.PDFDocument): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  return new Promise((resolve, reject) => {
    doc.on("data", (part: Uint8Array<ArrayBuffer>) => parts.push(part));
    doc.on("error", reject);
    doc.on("end", () => {
      const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
      let at = 0;
      for (const part of parts) {
        bytes.set(part, at);
        at += part.length;
      }
      resolve(bytes);
    });
  });
}

function addElement(doc: PDFKit.PDFDocument, parent: PDFKit.PDFStructureElement, tag: Tag, elements: Map<Tag, PDFKit.PDFStructureElement>): void {
  const options: ElementOptions = tag.type === "TH" ? { scope: "Column" } : {};
  const element = doc.struct(tag.type, options);
  parent.add(element);
  elements.set(tag, element);
  for (const child of tag.children) addElement(doc, element, child, elements);
}

type Pen = {
  readonly doc: PDFKit.PDFDocument;
  readonly measure: Measure;
  /** @param baseline from the top of the page */
  readonly text: (line: Line, style: TextStyle, x: number, baseline: number) => void;
  /** What is seen and not read. */
  readonly artifact: (type: "Pagination" | "Layout", draw: () => void) => void;
};

function createPen(doc: PDFKit.PDFDocument): Pen {
  const widths = new Map<Face, Map<string, number>>();
  const widthsOf = (face: Face): Map<string, number> => {
    let known = widths.get(face);
    if (known === undefined) {
      doc.registerFont(face.name, face.bytes);
      known = new Map();
      widths.set(face, known);
    }
    return known;
  };
  // Without features, the library shapes word by word, which is faster; what runs from right to left must be shaped as a whole.
  const optionsOf = (isRightToLeft: boolean) => (isRightToLeft ? { features: [] } : {});

  const measureOnce = (face: Face, text: string, isRightToLeft: boolean): number => {
    const known = widthsOf(face);
    const key = isRightToLeft ? `\u200f${text}` : text;
    let width = known.get(key);
    if (width === undefined) {
      width = doc.font(face.name).fontSize(1000).widthOfString(text, optionsOf(isRightToLeft));
      known.set(key, width);
    }
    return width;
  };
  const measure: Measure = (face, text, isRightToLeft) => {
    if (isRightToLeft) return measureOnce(face, text, true);
    let width = 0;
    for (const word of text.match(/[^ ]* ?/g) ?? []) if (word !== "") width += measureOnce(face, word, false);
    return width;
  };

  return {
    doc,
    measure,
    text: (line, style, left, baseline) => {
      doc.fillColor(style.color);
      for (const { text, face, isRightToLeft, x } of line) {
        doc.font(face.name).fontSize(style.size).text(text, left + (x * style.size) / 1000, baseline, {
          lineBreak: false,
          baseline: "alphabetic",
          ...optionsOf(isRightToLeft),
        });
      }
    },
    artifact: (type, draw) => {
      doc.markContent("Artifact", { type });
      draw();
      doc.endMarkedContent();
    },
  };
}

const bottom = pageSize.height - margin.bottom;
const frameRadius = 9;

/** Draws all rows, on as many pages as they need. @param into puts a drawing into the element of a tag */
function placeRows(pen: Pen, rows: readonly Row[], into: (tag: Tag, draw: () => void) => void): void {
  const { doc } = pen;
  let y = margin.top;
  let openFrame: { top: number } | null = null;

  const closeFrame = () => {
    if (openFrame === null) return;
    const { top } = openFrame;
    openFrame = null;
    pen.artifact("Layout", () => doc.roundedRect(margin.side, top, contentWidth, y - top, frameRadius).lineWidth(1.5).strokeColor("#000000").stroke());
  };
  const newPage = () => {
    closeFrame();
    doc.addPage();
    y = margin.top;
  };
  const drawRule = ({ rule }: Row) => {
    if (rule === null) return;
    pen.artifact("Layout", () => doc.moveTo(margin.side, y).lineTo(margin.side + contentWidth, y).lineWidth(rule.width).strokeColor(rule.color).stroke());
  };

  /** @returns where the lines end */
  const drawLines = (lines: readonly StyledLine[], x: number, wrap: (tag: Tag, draw: () => void) => void): number => {
    let lineY = y;
    for (const part of byTag(lines)) {
      wrap(part.tag, () => {
        for (const { line, style } of part.lines) {
          pen.text(line, style, margin.side + x, lineY + baselineOf(style));
          lineY += style.leading;
        }
      });
    }
    return lineY;
  };

  const repeatHeader = (header: Row) => {
    pen.artifact("Pagination", () => {
      const ends = header.cells.map(({ x, lines }) => drawLines(lines, x, (_, draw) => draw()));
      y = Math.max(y, ...ends);
    });
    y += header.padding.bottom;
    drawRule(header);
  };

  const place = (row: Row, next: readonly Row[]) => {
    if (row.startsPage) {
      if (y > margin.top) newPage();
      return;
    }
    const gap = y > margin.top ? row.gap : 0;
    if (y > margin.top && y + gap + leastHeight(row, next) > bottom) {
      newPage();
      if (row.header !== null) repeatHeader(row.header);
    } else y += gap;
    if (row.frame !== null && openFrame === null) openFrame = { top: y };
    y += row.padding.top;
    let rest = row.cells;
    for (;;) {
      const fits = rest.map(({ lines }) => fittingLines(lines, bottom - y));
      const isAll = fits.every((count, index) => count === rest[index]?.lines.length);
      const counts = isAll || rest.length > 1 ? fits : fits.map((count, index) => withoutOrphan(count, rest[index]?.lines.length ?? 0));
      const ends = rest.map(({ x, lines }, index) => drawLines(lines.slice(0, counts[index]), x, into));
      y = Math.max(y, ...ends);
      if (isAll) break;
      rest = rest.map(({ x, lines }, index) => ({ x, lines: lines.slice(counts[index]) }));
      newPage();
      if (row.header !== null) repeatHeader(row.header);
      if (row.frame !== null) openFrame = { top: y };
    }
    y += row.padding.bottom;
    drawRule(row);
    if (next[0]?.frame !== row.frame) closeFrame();
  };

  doc.addPage();
  for (const [index, row] of rows.entries()) place(row, rows.slice(index + 1, index + 1 + lookAhead));
}

/** Rows that are kept with the next are few together: a title, a heading, a table's head. */
const lookAhead = 6;

/** What must fit on the page for a row to begin there. */
function leastHeight(row: Row, next: readonly Row[]): number {
  const { top, bottom: below } = row.padding;
  const whole = top + below + Math.max(0, ...row.cells.map(({ lines }) => heightOf(lines)));
  const [following, ...rest] = next;
  if (row.isKeptWithNext && following !== undefined) return whole + following.gap + leastHeight(following, rest);
  const isCut = !row.isKeptTogether || whole > bottom - margin.top;
  const few = row.cells.map(({ lines }) => heightOf(lines.length <= 3 ? lines : lines.slice(0, 2)));
  return isCut ? top + Math.max(0, ...few) : whole;
}

function heightOf(lines: readonly StyledLine[]): number {
  return lines.reduce((height, { style }) => height + style.leading, 0);
}

/** At least one, so that every page has something. */
function fittingLines(lines: readonly StyledLine[], height: number): number {
  let used = 0;
  let count = 0;
  for (const { style } of lines) {
    used += style.leading;
    if (used > height) break;
    count += 1;
  }
  return Math.min(lines.length, Math.max(1, count));
}

/** Leaves two lines for the next page rather than one. */
function withoutOrphan(count: number, of: number): number {
  return of - count === 1 && count > 2 ? count - 1 : count;
}

function byTag(lines: readonly StyledLine[]): { tag: Tag; lines: StyledLine[] }[] {
  const parts: { tag: Tag; lines: StyledLine[] }[] = [];
  for (const line of lines) {
    const last = parts.at(-1);
    if (last?.tag === line.tag) last.lines.push(line);
    else parts.push({ tag: line.tag, lines: [line] });
  }
  return parts;
}

/** The middle of the letters' height stands in the middle of the line. */
function baselineOf({ size, leading }: TextStyle): number {
  return leading / 2 + size * 0.34;
}

const footerBaseline = pageSize.height - 28;
/** The rest of the line is the page label's. */
const footerWidth = contentWidth - 70;

function widthOf(line: Line, measure: Measure, { size }: TextStyle): number {
  return line.reduce((width, { face, text, isRightToLeft }) => width + (measure(face, text, isRightToLeft) * size) / 1000, 0);
}

function footerLine(layout: Layout, text: string): Line {
  return layout.lines(plain(text), (footerWidth / footerStyle.size) * 1000)[0] ?? [];
}

/** A paper of one paragraph, with every letter of another once. */
export function sampleOf(paper: Paper): Paper {
  const { regular, bold } = lettersOf(paper);
  return { ...paper, blocks: [{ type: "paragraph", text: [{ text: regular }, { text: bold, isBold: true }] }] };
}

/** Every letter of a paper, by weight: headings, titles of tables and what leads a notice are bold. */
function lettersOf(paper: Paper): { regular: string; bold: string } {
  const regular: string[] = ["•0123456789", paper.over ?? "", ...paper.under, paper.footer, paper.pageLabel(1, 1)];
  const bold: string[] = [paper.title];
  const add = (text: PaperText) => {
    for (const run of text) (run.isBold === true ? bold : regular).push(run.text);
  };
  for (const block of paper.blocks) collect(block, add);
  return { regular: drawnLetters(regular.join("\n")), bold: drawnLetters(bold.join("\n")) };
}

function collect(block: PaperBlock, add: (text: PaperText) => void): void {
  const boldText = (text: string) => add([{ text, isBold: true }]);
  if (block.type === "heading") boldText(block.text);
  if (block.type === "paragraph") add(block.text);
  if (block.type === "list") block.items.forEach(add);
  if (block.type === "facts") {
    for (const { label, value } of block.facts) {
      add(plain(label));
      add(value);
    }
  }
  if (block.type === "table") {
    for (const { title } of block.columns) boldText(title);
    block.rows.flat().forEach(add);
  }
  if (block.type === "notice") {
    boldText(block.lead);
    add(plain(block.label));
    add(plain(block.text));
  }
}
