import { createRoot } from "solid-js";
import type { EditorState, Transaction } from "prosemirror-state";
import { type Command, TextSelection } from "prosemirror-state";
import * as Y from "yjs";
import type { SharedText } from "../../src/lib/shared-text.ts";
import { createTextBinding } from "../../src/reactive/create-text-binding.ts";
import { documentOf, positionOf } from "../../src/ui/rich-text/flat-text.ts";
import { arriving, carryOut, createEditorState } from "../../src/ui/rich-text/open-editor.ts";

/** Somebody at an editor without a screen: what the view does with transactions, on a document of their own. */
export type Writer = {
  doc: Y.Doc;
  text: Y.Text;
  shared: SharedText;
  state(): EditorState;
  dispatch(transaction: Transaction): void;
  run(command: Command): boolean;
  /** Selects from one offset of the flat text to another. */
  select(from: number, to?: number): void;
  type(text: string): void;
  /** What is on the screen, a line each: «# » for a heading, «- » for a point, «*» around bold. */
  shown(): string;
  /** Whether the editor shows what the document has. */
  agrees(): boolean;
  close(): void;
};

export function createWriter(doc = new Y.Doc()): Writer {
  const text = doc.getText("item");
  const { shared, close } = createRoot((dispose) => ({ shared: createTextBinding(text), close: dispose }));
  let state = createEditorState(shared);
  shared.onChange((change, by) => {
    state = carryOut(state, arriving(state, shared, change, by), shared);
  });
  const writer: Writer = {
    doc,
    text,
    shared,
    close,
    state: () => state,
    dispatch(transaction) {
      state = carryOut(state, transaction, shared);
    },
    run: (command) => command(state, writer.dispatch),
    select(from, to = from) {
      const at = (offset: number) => positionOf(state.doc, offset);
      writer.dispatch(state.tr.setSelection(TextSelection.create(state.doc, at(from), at(to))));
    },
    type: (typed) => writer.dispatch(state.tr.insertText(typed)),
    shown() {
      const lines: string[] = [];
      state.doc.forEach((line) => {
        let words = { paragraph: "", heading: "# ", item: "- " }[line.type.name] ?? "?";
        line.forEach((run) => (words += run.marks.length > 0 ? `*${run.text}*` : run.text));
        lines.push(words);
      });
      return lines.join("\n");
    },
    agrees: () => state.doc.eq(documentOf(shared.read())),
  };
  return writer;
}

/** Brings to each what the other has. */
export function meet(...writers: readonly Writer[]): void {
  for (const from of writers) {
    for (const to of writers) if (from !== to) Y.applyUpdateV2(to.doc, Y.encodeStateAsUpdateV2(from.doc, Y.encodeStateVector(to.doc)));
  }
}
