import { baseKeymap, chainCommands, setBlockType, splitBlockAs, toggleMark } from "prosemirror-commands";
import type { NodeType } from "prosemirror-model";
import { type Command, type EditorState, TextSelection } from "prosemirror-state";
import { bold, lineTypes } from "./schema.ts";

export type LineFormat = "heading" | "item";
export type Format = LineFormat | "bold";

/** Which formats the selection has all through; for a caret, what is written next will have. */
export function formatsOf(state: EditorState): Record<Format, boolean> {
  const { from, to, empty, $from } = state.selection;
  let isBold = true;
  if (empty) isBold = bold.isInSet(state.storedMarks ?? $from.marks()) !== undefined;
  else state.doc.nodesBetween(from, to, (node) => void (node.isText && bold.isInSet(node.marks) === undefined && (isBold = false)));
  return { heading: isAll(state, lineTypes.heading), item: isAll(state, lineTypes.item), bold: isBold };
}

function isAll(state: EditorState, type: NodeType): boolean {
  let isEach = true;
  state.doc.nodesBetween(state.selection.from, state.selection.to, (node) => void (node.isTextblock && node.type !== type && (isEach = false)));
  return isEach;
}

/** Makes what is selected so, or plain again when all of it is so already. */
export function toggle(format: Format): Command {
  if (format === "bold") return toggleMark(bold, null, { removeWhenPresent: false });
  return (state, dispatch) => setBlockType(isAll(state, lineTypes[format]) ? lineTypes.paragraph : lineTypes[format])(state, dispatch);
}

/** A point without words ends the list; a heading is followed by a paragraph, a point by another point. */
const breakLine: Command = chainCommands(
  (state, dispatch) => {
    const { $from, empty } = state.selection;
    return empty && $from.parent.type === lineTypes.item && $from.parent.content.size === 0 && setBlockType(lineTypes.paragraph)(state, dispatch);
  },
  splitBlockAs((line) => (line.type === lineTypes.item ? { type: lineTypes.item } : null)),
);

/** At the very beginning of a heading or a point, the first stroke makes it plain; the next joins the lines. */
const makePlainAtStart: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  return empty && $from.parentOffset === 0 && $from.parent.type !== lineTypes.paragraph && setBlockType(lineTypes.paragraph)(state, dispatch);
};

/** Tab is not among them: it leaves the editor. */
export function keysFor(history: { undo: () => void; redo: () => void }): Record<string, Command> {
  const always = (run: () => void): Command => (_, dispatch) => {
    if (dispatch !== undefined) run();
    return true;
  };
  const { Enter: _enter, "Mod-Enter": _modEnter, ...others } = baseKeymap;
  return {
    ...others,
    Enter: breakLine,
    "Shift-Enter": breakLine,
    Backspace: chainCommands(makePlainAtStart, baseKeymap["Backspace"] ?? (() => false)),
    "Mod-b": toggle("bold"),
    "Mod-z": always(history.undo),
    "Shift-Mod-z": always(history.redo),
    "Mod-y": always(history.redo),
  };
}

/** «- » at the beginning of a paragraph begins a list. To be asked when the space is typed. */
export const beginList: Command = (state, dispatch) => {
  const { $from, empty } = state.selection;
  if (!empty || $from.parent.type !== lineTypes.paragraph || $from.parentOffset !== 1 || !/^[-*•]/.test($from.parent.textContent)) return false;
  const transaction = state.tr.delete($from.pos - 1, $from.pos).setBlockType($from.pos - 1, $from.pos - 1, lineTypes.item);
  dispatch?.(transaction.setSelection(TextSelection.create(transaction.doc, $from.pos - 1)));
  return true;
};
