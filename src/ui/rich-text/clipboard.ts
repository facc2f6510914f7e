import { DOMParser, Fragment, type Mark, Slice } from "prosemirror-model";
import { bold, lineTypes, schema } from "./schema.ts";

/** What is pasted, as lines, headings, points and bold: pictures, links, tables and colours are not in the schema, and only their words come along. */
export const clipboardParser = new DOMParser(schema, [
  { tag: "br", closeParent: true },
  // A point that has its words in paragraphs is one point for each.
  { tag: "li:has(> p)", skip: true },
  { tag: "li > p", node: "item" },
  ...DOMParser.fromSchema(schema).rules,
]);

const bullet = /^[-*•]\s+/;

/** Plain text to be pasted: a line each, and a point where it begins with a bullet. */
export function linesOfText(text: string, marks: readonly Mark[]): Slice {
  const looks = marks.filter(({ type }) => type === bold);
  const lines = text.split(/\r\n?|\n/).map((line) => {
    const words = line.replace(bullet, "");
    return (words === line ? lineTypes.paragraph : lineTypes.item).create(null, words === "" ? [] : [schema.text(words, looks)]);
  });
  return new Slice(Fragment.from(lines), 1, 1);
}

/** What others get when they paste it as plain text. */
export function textOfLines({ content }: Slice): string {
  const lines: string[] = [];
  content.forEach((line) => lines.push(`${line.type === lineTypes.item ? "- " : ""}${line.textContent}`));
  return lines.join("\n");
}
