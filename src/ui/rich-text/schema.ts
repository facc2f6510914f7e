import { Schema, type NodeSpec, type NodeType } from "prosemirror-model";
import type { LineKind } from "../../lib/shared-text.ts";

const line: NodeSpec = { group: "line", content: "text*" };
/** Pasted into an empty paragraph it stays what it is. */
const formatted: NodeSpec = { ...line, definingForContent: true };

/**
 * Minutes as the editor has them: lines beside each other, none inside another. So a line can be split, joined or become a heading by one character or one
 * attribute of the flat text, and nothing has to be taken out and put in again, which is where other models lose what a colleague writes meanwhile.
 */
export const schema = new Schema({
  nodes: {
    doc: { content: "line+" },
    paragraph: { ...line, parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
    heading: {
      ...formatted,
      parseDOM: ["h1", "h2", "h3", "h4", "h5", "h6"].map((tag) => ({ tag })),
      toDOM: () => ["h3", 0],
    },
    // No list item to a screen reader, which wants a list around it; its bullet is read instead.
    item: { ...formatted, parseDOM: [{ tag: "li" }, { tag: "p.rich-text-item", priority: 60 }], toDOM: () => ["p", { class: "rich-text-item" }, 0] },
    text: {},
  },
  marks: {
    bold: {
      parseDOM: [
        { tag: "strong" },
        // Some editors wrap all that is copied in a <b> that says it is none.
        { tag: "b", getAttrs: (element) => element.style.fontWeight !== "normal" && null },
        { style: "font-weight", getAttrs: (weight) => /^(bold|bolder|[6-9]00)$/.test(weight) && null },
      ],
      toDOM: () => ["strong", 0],
    },
  },
});

export const lineTypes = schema.nodes satisfies Record<LineKind | "paragraph", NodeType>;
export const bold = schema.marks.bold;

/** What the flat text says of a line; a kind that this version does not know is a paragraph. */
export function lineTypeOf(kind: string | null | undefined): NodeType {
  return kind === "heading" || kind === "item" ? lineTypes[kind] : lineTypes.paragraph;
}

/** The kind that a line's newline carries, or "" for a paragraph. */
export function kindOf(type: NodeType): LineKind | "" {
  return type === lineTypes.heading ? "heading" : type === lineTypes.item ? "item" : "";
}
