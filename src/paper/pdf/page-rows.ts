import { unreachable } from "../../lib/assert.ts";
import { bold, type Paper, type PaperBlock, type PaperText, plain } from "../paper.ts";
import type { Layout, Line } from "./lines.ts";

/** All lengths are in points, 1/72 inch. */
export const pageSize = { width: 595.28, height: 841.89 };
export const margin = { top: 50, bottom: 54, side: 57 };
export const contentWidth = pageSize.width - 2 * margin.side;

export type TextStyle = { readonly size: number; readonly leading: number; readonly color: string };

/** The paper's structure, as PDF names it; texts are drawn into the elements that carry them. */
export type Tag = {
  readonly type: "H1" | "H2" | "H3" | "P" | "L" | "LI" | "Lbl" | "LBody" | "Table" | "TR" | "TH" | "TD" | "Div";
  readonly children: Tag[];
};

export type StyledLine = { readonly line: Line; readonly style: TextStyle; readonly tag: Tag };
export type Cell = { readonly x: number; readonly lines: readonly StyledLine[] };

/** What stands side by side. A row that does not fit is cut between lines, unless it is to be kept together and fits on a page. */
export type Row = {
  readonly cells: readonly Cell[];
  /** Empty room over it, which falls away at the top of a page. */
  readonly gap: number;
  readonly padding: { readonly top: number; readonly bottom: number };
  readonly isKeptTogether: boolean;
  /** Never the last on its page. */
  readonly isKeptWithNext: boolean;
  readonly rule: { readonly width: number; readonly color: string } | null;
  /** Shown again where a page begins with this row. */
  readonly header: Row | null;
  /** The same for all rows that stand in one frame. */
  readonly frame: object | null;
  readonly startsPage: boolean;
};

const black = "#000000";
const gray = "#444444";
const hairline = { width: 0.75, color: "#999999" };
const strongRule = { width: 1.5, color: black };

type StyleName = "title" | "heading2" | "heading3" | "body" | "quiet" | "lead" | "number";
const styles: Readonly<Record<Paper["textSize"], Readonly<Record<StyleName, TextStyle>>>> = {
  normal: {
    title: { size: 22, leading: 27, color: black },
    heading2: { size: 14, leading: 19, color: black },
    heading3: { size: 11.5, leading: 16, color: black },
    body: { size: 11, leading: 16, color: black },
    quiet: { size: 10, leading: 14, color: gray },
    lead: { size: 15, leading: 20, color: black },
    number: { size: 13, leading: 18, color: black },
  },
  large: {
    title: { size: 30, leading: 37, color: black },
    heading2: { size: 17.5, leading: 23, color: black },
    heading3: { size: 14, leading: 20, color: black },
    body: { size: 13, leading: 18.5, color: black },
    quiet: { size: 11.5, leading: 16, color: gray },
    lead: { size: 22, leading: 28, color: black },
    number: { size: 18.5, leading: 24, color: black },
  },
};

const noPadding = { top: 0, bottom: 0 };
const framePadding = 18;
const bulletIndent = 16;
const columnGap = 14;
const writingLine = 25;
const factsInRow = 3;

/** The paper as rows from top to bottom, with the tags of its structure. */
export function rowsOf(paper: Paper, layout: Layout): { rows: Row[]; tags: Tag[] } {
  const style = styles[paper.textSize];
  const tags: Tag[] = [];

  const tagged = (type: Tag["type"], parent: Tag[] = tags): Tag => {
    const tag: Tag = { type, children: [] };
    parent.push(tag);
    return tag;
  };
  const cell = (x: number, width: number, ...texts: (readonly [PaperText, TextStyle, Tag])[]): Cell => ({
    x,
    lines: texts.flatMap(([text, style, tag]) => layout.lines(text, (width / style.size) * 1000).map((line) => ({ line, style, tag }))),
  });
  const row = (cells: readonly Cell[], more: Partial<Row> = {}): Row => ({
    cells,
    gap: 0,
    padding: noPadding,
    isKeptTogether: false,
    isKeptWithNext: false,
    rule: null,
    header: null,
    frame: null,
    startsPage: false,
    ...more,
  });
  const wide = (type: Tag["type"], text: PaperText, style: TextStyle, more: Partial<Row> = {}) => row([cell(0, contentWidth, [text, style, tagged(type)])], more);

  const listRows = (items: readonly PaperText[]): Row[] => {
    const list = tagged("L");
    return items.map((item, index) => {
      const entry = tagged("LI", list.children);
      const [label, body] = [tagged("Lbl", entry.children), tagged("LBody", entry.children)];
      return row(
        [cell(4, bulletIndent, [plain("•"), style.body, label]), cell(bulletIndent, contentWidth - bulletIndent, [item, style.body, body])],
        { gap: index === 0 ? 2 : 3 },
      );
    });
  };

  const factRows = ({ arrangement, facts }: Extract<PaperBlock, { type: "facts" }>): Row[] => {
    const list = tagged("L");
    const tagsOf = () => {
      const entry = tagged("LI", list.children);
      return [tagged("Lbl", entry.children), tagged("LBody", entry.children)] as const;
    };
    if (arrangement === "rows") {
      const labelWidth = contentWidth * 0.22;
      return facts.map(({ label, value }, index) => {
        const [labelTag, valueTag] = tagsOf();
        return row(
          [
            cell(0, labelWidth - columnGap, [plain(label), { ...style.body, color: gray }, labelTag]),
            cell(labelWidth, contentWidth - labelWidth, [value, style.body, valueTag]),
          ],
          { gap: index === 0 ? 4 : 3 },
        );
      });
    }
    const width = contentWidth / factsInRow;
    return inGroups(facts, factsInRow).map((group) =>
      row(
        group.map(({ label, value }, index) => {
          const [labelTag, valueTag] = tagsOf();
          return cell(index * width, width - columnGap, [plain(label), style.quiet, labelTag], [value, style.number, valueTag]);
        }),
        { gap: 8, isKeptTogether: true },
      ),
    );
  };

  const tableRows = ({ columns, rows }: Extract<PaperBlock, { type: "table" }>): Row[] => {
    const table = tagged("Table");
    const sum = columns.reduce((total, { share }) => total + share, 0);
    const widths = columns.map(({ share }) => (contentWidth * share) / sum);
    const cells = (type: "TH" | "TD", texts: readonly PaperText[], style: TextStyle) => {
      const line = tagged("TR", table.children);
      let x = 0;
      return texts.map((text, index) => {
        const width = widths[index] ?? 0;
        x += width;
        return cell(x - width, index === texts.length - 1 ? width : width - columnGap, [text, style, tagged(type, line.children)]);
      });
    };
    const header = row(cells("TH", columns.map(({ title }) => bold(title)), style.quiet), {
      gap: 8,
      padding: { top: 0, bottom: 6 },
      rule: strongRule,
      isKeptTogether: true,
      isKeptWithNext: rows.length > 0,
    });
    const body = rows.map((texts) => row(cells("TD", texts, style.body), { padding: { top: 7, bottom: 7 }, rule: hairline, isKeptTogether: true, header }));
    return [header, ...body];
  };

  const noticeRows = ({ label, lead, text }: Extract<PaperBlock, { type: "notice" }>): Row[] => {
    const notice = tagged("Div");
    const frame = {};
    const texts = [
      [plain(label), style.quiet],
      [bold(lead), style.lead],
      [plain(text), style.body],
    ] as const;
    const shown = texts.filter(([words]) => words.some((run) => run.text !== ""));
    return shown.map(([words, textStyle], index) => {
      const [isFirst, isLast] = [index === 0, index === shown.length - 1];
      return row([cell(framePadding, contentWidth - 2 * framePadding, [words, textStyle, tagged("P", notice.children)])], {
        gap: isFirst ? 16 : 0,
        padding: { top: isFirst ? 14 : 0, bottom: isLast ? 16 : 0 },
        isKeptWithNext: !isLast,
        isKeptTogether: true,
        frame,
      });
    });
  };

  const blockRows = (block: PaperBlock): Row[] => {
    switch (block.type) {
      case "heading":
        return [
          block.level === 2
            ? wide("H2", bold(block.text), style.heading2, { gap: 20, padding: { top: 0, bottom: 2 }, isKeptWithNext: true })
            : wide("H3", bold(block.text), style.heading3, { gap: 12, isKeptWithNext: true }),
        ];
      case "paragraph":
        return [wide("P", block.text, block.isQuiet === true ? style.quiet : style.body, { gap: block.isQuiet === true ? 10 : 6 })];
      case "list":
        return listRows(block.items);
      case "facts":
        return factRows(block);
      case "table":
        return tableRows(block);
      case "notice":
        return noticeRows(block);
      case "writingLines":
        return Array.from({ length: block.count }, () => row([], { gap: writingLine, rule: hairline }));
      case "pageBreak":
        return [row([], { startsPage: true })];
      default:
        return unreachable(block);
    }
  };

  const over = paper.over === undefined ? [] : [wide("P", plain(paper.over), style.quiet, { isKeptWithNext: true })];
  const title = wide("H1", bold(paper.title), style.title, { padding: { top: 0, bottom: 2 }, isKeptWithNext: true });
  const under = paper.under.map((line) => wide("P", plain(line), style.quiet));
  const rows = [...over, title, ...under, ...paper.blocks.flatMap((block, index) => afterTitle(blockRows(block), index === 0))];
  return { rows, tags };
}

/** The first block stands a little further from the title. */
function afterTitle(rows: readonly Row[], isFirst: boolean): readonly Row[] {
  return isFirst ? rows.map((row, index) => (index === 0 ? { ...row, gap: Math.max(row.gap, 18) } : row)) : rows;
}

function inGroups<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}

export const footerStyle: TextStyle = { size: 9, leading: 12, color: gray };
