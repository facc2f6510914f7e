import type { Node } from "prosemirror-model";
import type { TextChange } from "../../lib/shared-text.ts";
import { bold, kindOf, lineTypeOf, schema } from "./schema.ts";

// [Note: the last line] The flat text has a newline between two lines and none after the last, so the last line has nothing that could carry a kind: it is
// always a paragraph, here and in the editor.

/** Characters, and for each UTF-16 unit how it looks: for a newline the kind of the line it ends, else "bold"; "" for what is plain. */
export type FlatText = { text: string; looks: string[] };

/** The lines from `first` up to and including `last`, with the newline that ends the last of them, if it has one. */
export function flatten(doc: Node, first: number, last: number): FlatText {
  let text = "";
  const looks: string[] = [];
  for (let index = first; index <= last; index++) {
    const line = doc.child(index);
    line.forEach((run) => {
      const characters = run.text ?? "";
      text += characters;
      const look = bold.isInSet(run.marks) === undefined ? "" : "bold";
      for (let unit = 0; unit < characters.length; unit++) looks.push(look);
    });
    if (index === doc.childCount - 1) break;
    text += "\n";
    looks.push(kindOf(line.type));
  }
  return { text, looks };
}

/** The document of a whole flat text. */
export function documentOf(content: TextChange): Node {
  const lines: Node[] = [];
  let runs: Node[] = [];
  const endLine = (kind: string | null | undefined) => {
    lines.push(lineTypeOf(kind).create(null, runs));
    runs = [];
  };
  for (const operation of content) {
    if (!("insert" in operation)) continue;
    const { insert, attributes } = operation;
    for (const [index, part] of insert.split("\n").entries()) {
      if (index > 0) endLine(attributes?.kind);
      if (part !== "") runs.push(schema.text(part, attributes?.bold ? [bold.create()] : []));
    }
  }
  endLine(null);
  return schema.node("doc", null, lines);
}

/** Where a position of the document is in its flat text. */
export function offsetOf(doc: Node, position: number): number {
  const resolved = doc.resolve(position);
  const linesBefore = resolved.index(0);
  // A line is two tokens and one newline longer than its text. After the last there is no newline.
  return Math.min(position - linesBefore - (resolved.depth > 0 ? 1 : 0), flatLength(doc));
}

/** The position in a line where an offset of the flat text is; the last one for what lies behind the end. */
export function positionOf(doc: Node, offset: number): number {
  const index = lineAt(doc, offset);
  return Math.min(offset + index + 1, doc.content.size - 1);
}

/** Which line the offset is in. */
export function lineAt(doc: Node, offset: number): number {
  let start = 0;
  for (let index = 0; index < doc.childCount - 1; index++) {
    start += doc.child(index).content.size + 1;
    if (offset < start) return index;
  }
  return doc.childCount - 1;
}

/** Where a line begins in the flat text. */
export function lineStart(doc: Node, line: number): number {
  let start = 0;
  for (let index = 0; index < line; index++) start += doc.child(index).content.size + 1;
  return start;
}

function flatLength(doc: Node): number {
  return doc.content.size - doc.childCount - 1;
}
