import { DOMParser, Fragment, type Mark, type ParseOptions, Slice } from "prosemirror-model";
import { bold, lineTypes, schema } from "./schema.ts";

/** The attribute in which `withoutStyles` puts what a pasted element said of its looks. */
const looksAttribute = "data-pasted-style";

/** A tag with what it has between its quotes. It always ends, so that reading a long text takes no longer than its length. */
const tag = /<\/?[a-z](?:[^>"']|"[^"]*(?:"|$)|'[^']*(?:'|$))*(?:>|$)/gi;

/**
 * Pasted HTML that the content security policy has nothing against: the browser refuses style attributes, style sheets and handlers in everything it
 * reads, also where it is never shown. `clipboardParser` gives the elements their looks back.
 */
export function withoutStyles(html: string): string {
  return html.replace(tag, (found) =>
    found
      .replace(/^(<\/?)style(?=[\s/>])/i, "$1template")
      .replaceAll(/([\s"'/])style(?=\s*=)/gi, `$1${looksAttribute}`)
      .replaceAll(/([\s"'/])on(?=[a-z]+\s*=)/gi, "$1data-on"),
  );
}

class ClipboardParser extends DOMParser {
  override parseSlice(pasted: HTMLElement, options?: ParseOptions): Slice {
    for (const element of pasted.querySelectorAll<HTMLElement>(`[${looksAttribute}]`)) element.style.cssText = element.getAttribute(looksAttribute) ?? "";
    return super.parseSlice(pasted, options);
  }
}

/** What is pasted, as lines, headings, points and bold: pictures, links, tables and colours are not in the schema, and only their words come along. */
export const clipboardParser: DOMParser = new ClipboardParser(schema, [
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
