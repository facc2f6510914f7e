import { unreachable } from "../lib/assert.ts";
import { breakableParts, cleanText, graphemesOf } from "./letters.ts";
import type { Paper, PaperBlock, PaperText } from "./paper.ts";

/** What every terminal, form and archive shows without folding. */
const columns = 80;
const columnGap = 2;

/**
 * The paper as plain text, at most 80 letters a line and with line feeds between: for an archive that takes nothing else, to be stored as UTF-8.
 * Every letter of the paper is in it, in order; weights and frames are not.
 */
export function paperText(paper: Paper): string {
  const head = [...wrap(paper.over ?? ""), ...underlined(paper.title, "="), ...paper.under.flatMap((line) => wrap(line))];
  const blocks = paper.blocks.map((block) => blockLines(block));
  const foot = paper.footer === "" ? [] : ["-".repeat(columns), ...wrap(paper.footer)];
  return [head, ...blocks, foot]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => `${line.replace(/ +$/, "")}\n`).join(""))
    .join("\n");
}

function blockLines(block: PaperBlock): string[] {
  switch (block.type) {
    case "heading":
      return block.level === 2 ? underlined(block.text, "-") : wrap(block.text);
    case "paragraph":
      return wrap(lettersOf(block.text));
    case "list":
      return block.items.flatMap((item) => prefixed("- ", "  ", wrap(lettersOf(item), columns - 2)));
    case "facts":
      return block.facts.flatMap(({ label, value }) => prefixed("", "  ", wrap(`${label}: ${lettersOf(value)}`, columns - 2)));
    case "table": {
      const shares = block.columns.map(({ share }) => share);
      const header = tableRow(block.columns.map(({ title }) => title), shares);
      return [...header, "-".repeat(columns), ...block.rows.flatMap((row) => tableRow(row.map(lettersOf), shares))];
    }
    case "notice":
      return prefixed("| ", "| ", [block.label, block.lead, block.text].flatMap((text) => wrap(text, columns - 2)));
    case "writingLines":
    case "pageBreak":
      return [];
    default:
      return unreachable(block);
  }
}

function lettersOf(text: PaperText): string {
  return text.map((run) => run.text).join("");
}

function underlined(text: string, rule: string): string[] {
  const lines = wrap(text);
  return lines.length === 0 ? [] : [...lines, rule.repeat(Math.max(...lines.map(widthOf)))];
}

function prefixed(first: string, rest: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => (index === 0 ? first : rest) + line);
}

function tableRow(cells: readonly string[], shares: readonly number[]): string[] {
  const sum = shares.reduce((total, share) => total + share, 0);
  const widths = shares.map((share) => Math.max(1, Math.floor(((columns - columnGap * (shares.length - 1)) * share) / sum)));
  const wrapped = cells.map((cell, index) => wrap(cell, widths[index] ?? columns));
  return Array.from({ length: Math.max(0, ...wrapped.map((lines) => lines.length)) }, (_, line) =>
    wrapped.map((lines, index) => padded(lines[line] ?? "", (widths[index] ?? 0) + columnGap)).join(""),
  );
}

function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

function widthOf(text: string): number {
  return graphemesOf(text).length;
}

/** Lines of at most `width` letters; a word that is longer is cut. Nothing for nothing. */
function wrap(text: string, width = columns): string[] {
  return cleanText(text)
    .split("\n")
    .flatMap((line) => (line === "" ? [] : wrapLine(line, width)));
}

function wrapLine(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  let used = 0;
  const end = () => {
    if (used > 0) lines.push(line);
    line = "";
    used = 0;
  };
  for (const part of breakableParts(text)) {
    const letters = graphemesOf(part);
    const seen = part.trimEnd() === "" ? 0 : widthOf(part.trimEnd());
    if (used + seen > width) end();
    if (seen <= width) {
      line += part;
      used += letters.length;
      continue;
    }
    for (let at = 0; at < letters.length; at += width) {
      end();
      const piece = letters.slice(at, at + width);
      line = piece.join("");
      used = piece.length;
    }
  }
  end();
  return lines;
}
