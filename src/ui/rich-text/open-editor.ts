import { keymap } from "prosemirror-keymap";
import type { Node, Slice } from "prosemirror-model";
import { EditorState, Plugin, PluginKey, TextSelection } from "prosemirror-state";
import { Decoration, DecorationSet, EditorView } from "prosemirror-view";
import type { SharedText, TextPresence } from "../../lib/shared-text.ts";
import { clipboardParser, linesOfText, textOfLines, withoutStyles } from "./clipboard.ts";
import { beginList, keysFor } from "./commands.ts";
import { documentOf, offsetOf, positionOf } from "./flat-text.ts";
import { lineTypes } from "./schema.ts";
import { changesOf, transactionOf } from "./text-change.ts";

export type EditorParts = {
  text: SharedText;
  /** The name of the text box. */
  label: string;
  presence?: TextPresence | undefined;
  /** Called with every new state, and with the first. */
  onState?: ((state: EditorState) => void) | undefined;
  /** Called when something longer than `pasteMax` was to be pasted or dropped, and was not. */
  onTooLong?: (() => void) | undefined;
};

/** In characters: what one act puts in must fit into one envelope, with room for writing systems of three bytes a character. SPEC.md [W7]. */
export const pasteMax = 100_000;

/** Its transactions are what the shared text has been given already. */
const fromText = new PluginKey("fromText");

/** The state of an editor of a text, with all that decides what a transaction becomes; it needs no screen. */
export function createEditorState(text: SharedText, plugins: readonly Plugin[] = []): EditorState {
  return EditorState.create({ doc: documentOf(text.read()), plugins: [endInParagraph, ...plugins] });
}

/**
 * What this person does, in the editor and in the shared text: to be used wherever a transaction is dispatched.
 * @returns the state after it
 */
export function carryOut(state: EditorState, transaction: EditorState["tr"], text: SharedText): EditorState {
  const applied = state.applyTransaction(transaction);
  if (transaction.getMeta(fromText) !== undefined) return applied.state;
  const changes = applied.transactions.flatMap(changesOf);
  const beginsLine = changes.some((change) => change.some((operation) => "insert" in operation && operation.insert.includes("\n")));
  const movesCaret = changes.length === 0 && !state.selection.eq(applied.state.selection);
  if (beginsLine || movesCaret) text.endStep();
  if (changes.length > 0) text.edit(changes);
  return applied.state;
}

/** What came from elsewhere, as a transaction that goes no further than the editor. */
export function arriving(state: EditorState, text: SharedText, ...[change, by]: Parameters<Parameters<SharedText["onChange"]>[0]>): EditorState["tr"] {
  return transactionOf(state, change, by, () => text.read())
    .setMeta(fromText, by)
    .setMeta("addToHistory", false);
}

/** See [Note: the last line]: when the last line becomes anything else, a paragraph comes after it. */
const endInParagraph = new Plugin({
  appendTransaction: (_, __, { doc, tr }) => (doc.lastChild?.type === lineTypes.paragraph ? null : tr.insert(doc.content.size, lineTypes.paragraph.create())),
});

/** Marks the line at a position, so that the style sheet always lays it out whole. See rich-text.css. */
function layOut(doc: Node, position: number): Decoration[] {
  const resolved = doc.resolve(position);
  return resolved.depth === 0 ? [] : [Decoration.node(resolved.before(1), resolved.after(1), { class: "rich-text-here" })];
}

const layOutCaretLine = new Plugin({
  props: { decorations: ({ doc, selection }) => DecorationSet.create(doc, layOut(doc, selection.head)) },
});

/** @returns the view, and what ends it. The text is left as it is, whatever is done to the host afterwards. */
export function openEditor(host: HTMLElement, { text, label, presence, onState, onTooLong }: EditorParts): { view: EditorView; close(): void } {
  const history = { undo: () => text.undo(), redo: () => text.redo() };
  const isTooLong = ({ size }: Slice) => {
    if (size > pasteMax) onTooLong?.();
    return size > pasteMax;
  };
  const view = new EditorView(host, {
    state: createEditorState(text, [keymap(keysFor(history)), layOutCaretLine, ...(presence === undefined ? [] : [showOthers(text, presence)])]),
    attributes: { role: "textbox", "aria-multiline": "true", "aria-label": label, class: "rich-text" },
    dispatchTransaction(transaction) {
      const state = carryOut(view.state, transaction, text);
      view.updateState(state);
      onState?.(state);
    },
    transformPastedHTML: withoutStyles,
    clipboardParser,
    clipboardTextParser: (pasted, $context) => linesOfText(pasted, $context.marks()),
    clipboardTextSerializer: textOfLines,
    handlePaste: (_view, _event, pasted) => isTooLong(pasted),
    handleDrop: (_view, _event, dropped, isOwn) => !isOwn && isTooLong(dropped),
    handleTextInput: (current, _from, _to, typed) => typed === " " && beginList(current.state, current.dispatch),
    handleDOMEvents: {
      blur: () => text.endStep(),
      keydown: readCaret,
    },
    // What is written is never under the top bar or the dock.
    scrollMargin: { top: 80, bottom: 120, left: 0, right: 0 },
    scrollThreshold: { top: 80, bottom: 120, left: 0, right: 0 },
  });
  const stop = text.onChange((change, by) => view.dispatch(arriving(view.state, text, change, by)));
  onState?.(view.state);
  return {
    view,
    close() {
      stop();
      text.endStep();
      view.destroy();
    },
  };
}

/** The browser moves the caret at once and tells of it later: a key that comes between would meet the text where the caret was. */
function readCaret(view: EditorView): void {
  const shown = view.dom.ownerDocument.getSelection();
  if (shown === null || view.composing || !view.hasFocus()) return;
  const { anchorNode, anchorOffset, focusNode, focusOffset } = shown;
  if (anchorNode === null || focusNode === null || !view.dom.contains(anchorNode) || !view.dom.contains(focusNode)) return;
  const { doc, selection, tr } = view.state;
  const moved = TextSelection.between(doc.resolve(view.posAtDOM(anchorNode, anchorOffset)), doc.resolve(view.posAtDOM(focusNode, focusOffset)));
  if (!moved.eq(selection)) view.dispatch(tr.setSelection(moved));
}

/** A bar with a name where each of the others is, and this person's own place told to them. */
function showOthers(text: SharedText, presence: TextPresence): Plugin<DecorationSet> {
  const key = new PluginKey<DecorationSet>("others");
  const tell = ({ doc, selection }: EditorState) => presence.setLocal(text.placeAt(offsetOf(doc, selection.head)));
  const barsIn = ({ doc }: EditorState) => {
    const bars = presence.getStates().flatMap(({ id, name, place }) => {
      const offset = text.offsetOf(place);
      return offset === null ? [] : [Decoration.widget(positionOf(doc, offset), () => drawBar(name), { key: `${id} ${name}`, side: 1, ignoreSelection: true })];
    });
    return DecorationSet.create(doc, bars);
  };
  return new Plugin({
    key,
    state: {
      init: (_, state) => barsIn(state),
      apply: (transaction, bars, _, state) => (transaction.getMeta(key) === undefined ? bars.map(transaction.mapping, transaction.doc) : barsIn(state)),
    },
    props: {
      decorations(state) {
        const bars = key.getState(state) ?? DecorationSet.empty;
        return bars.add(state.doc, bars.find().flatMap(({ from }) => layOut(state.doc, from)));
      },
      handleDOMEvents: { focus: ({ state }) => tell(state) },
    },
    view(view) {
      const stop = presence.subscribe(() => view.dispatch(view.state.tr.setMeta(key, "moved")));
      return {
        update(_, before) {
          if (view.hasFocus() && !view.state.selection.eq(before.selection)) tell(view.state);
        },
        destroy() {
          stop();
          presence.setLocal(null);
        },
      };
    },
  });
}

function drawBar(name: string): HTMLElement {
  const bar = document.createElement("span");
  bar.className = "rich-text-other";
  // Drawn by the style sheet: as text it would be read out and copied as if somebody had written it.
  bar.dataset["name"] = name;
  bar.setAttribute("aria-hidden", "true");
  return bar;
}
