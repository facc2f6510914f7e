import { Fragment, type Node, type NodeType } from "prosemirror-model";
import { type EditorState, TextSelection, type Transaction } from "prosemirror-state";
import { AddMarkStep, RemoveMarkStep, type Step } from "prosemirror-transform";
import { endOfChange, offsetAfter, type TextAttributes, type TextChange, type TextOperation } from "../../lib/shared-text.ts";
import { documentOf, flatten, type FlatText, lineAt, lineStart, offsetOf, positionOf } from "./flat-text.ts";
import { bold, lineTypeOf } from "./schema.ts";

/** Above this, the lines that differ are made anew: a step for each would cost more than drawing them. */
const operationsMax = 50;

/** A place that a step replaced, in the document before it and in the one after; what lies between two is the same characters in both. */
type Span = { from: number; to: number; newFrom: number; newTo: number };

/** What a transaction does to the flat text: one change for each step, since what a later step takes away may have been put in by an earlier. */
export function changesOf(transaction: Transaction): TextChange[] {
  return transaction.steps
    .map((step, index) => changeOfStep(step, transaction.docs[index] as Node, transaction.docs[index + 1] ?? transaction.doc))
    .filter((change) => change.length > 0);
}

/**
 * The least change that a step is. Read from what the step itself says it replaced, not by comparing texts: of «aa» becoming «aaa», only the step knows
 * which a is new, and a colleague's words may lie between them.
 */
function changeOfStep(step: Step, before: Node, after: Node): TextChange {
  const spans = spansOf(step);
  const [first, last] = [spans[0], spans.at(-1)];
  if (first === undefined || last === undefined) return [];
  const lastLines = { before: before.childCount - 1, after: after.childCount - 1 };
  const startLine = Math.min(before.resolve(first.from).index(0), lastLines.before, lastLines.after);
  const base = lineStart(before, startLine);
  const old = flatten(before, startLine, Math.min(before.resolve(last.to).index(0), lastLines.before));
  const now = flatten(after, startLine, Math.min(after.resolve(last.newTo).index(0), lastLines.after));

  const write = createWriter();
  write.retain(base);
  let [oldAt, nowAt] = [0, 0];
  const keep = (length: number) => {
    for (let unit = 0; unit < length; unit++) {
      const look = now.looks[nowAt + unit];
      write.retain(1, look === old.looks[oldAt + unit] ? undefined : attributesOf(now.text[nowAt + unit], look));
    }
    oldAt += length;
    nowAt += length;
  };
  for (const span of spans) {
    // See [Note: the last line]: where a line comes after the last or goes, the newline that comes or goes with it is the one before, which the step did not touch.
    keep(Math.min(offsetOf(before, span.from) - base - oldAt, offsetOf(after, span.newFrom) - base - nowAt));
    let [oldTo, nowTo] = [offsetOf(before, span.to) - base, offsetOf(after, span.newTo) - base];
    if (span === last) {
      const tail = Math.min(old.text.length - oldTo, now.text.length - nowTo);
      [oldTo, nowTo] = [old.text.length - tail, now.text.length - tail];
    }
    const [oldPart, nowPart] = [old.text.slice(oldAt, oldTo), now.text.slice(nowAt, nowTo)];
    const { prefix, suffix } = sameEnds(oldPart, nowPart);
    keep(prefix);
    for (; nowAt < nowTo - suffix; nowAt++) write.insert(now.text[nowAt] ?? "", attributesOf(now.text[nowAt], now.looks[nowAt]));
    write.delete(oldPart.length - prefix - suffix);
    oldAt = oldTo - suffix;
    keep(suffix);
  }
  keep(old.text.length - oldAt);
  return write.change();
}

function spansOf(step: Step): Span[] {
  const spans: Span[] = [];
  step.getMap().forEach((from, to, newFrom, newTo) => spans.push({ from, to, newFrom, newTo }));
  if (step instanceof AddMarkStep || step instanceof RemoveMarkStep) {
    for (const at of [step.from, step.to]) spans.push({ from: at, to: at, newFrom: at, newTo: at });
  }
  return spans;
}

function sameEnds(old: string, now: string): { prefix: number; suffix: number } {
  const max = Math.min(old.length, now.length);
  let prefix = 0;
  while (prefix < max && old[prefix] === now[prefix]) prefix++;
  // Half of a character that takes two units is none: Yjs would put a replacement character in its place.
  if (/[\uD800-\uDBFF]/.test(old[prefix - 1] ?? "")) prefix--;
  let suffix = 0;
  while (suffix < max - prefix && old.at(-1 - suffix) === now.at(-1 - suffix)) suffix++;
  if (suffix > 0 && /[\uDC00-\uDFFF]/.test(old.at(-suffix) ?? "")) suffix--;
  return { prefix, suffix };
}

function attributesOf(character: string | undefined, look: FlatText["looks"][number] | undefined): TextAttributes {
  return character === "\n" ? { kind: look || null } : { bold: look === "bold" ? true : null };
}

/** Gathers operations, neighbours of one sort in one. */
function createWriter() {
  const operations: TextOperation[] = [];
  const same = (a: TextAttributes | undefined, b: TextAttributes | undefined) => a?.bold === b?.bold && a?.kind === b?.kind;
  return {
    retain(length: number, attributes?: TextAttributes) {
      if (length === 0) return;
      const last = operations.at(-1);
      if (last !== undefined && "retain" in last && same(last.attributes, attributes)) operations.push({ ...operations.pop(), retain: last.retain + length });
      else operations.push(attributes === undefined ? { retain: length } : { retain: length, attributes });
    },
    insert(text: string, attributes: TextAttributes) {
      const last = operations.at(-1);
      if (last !== undefined && "insert" in last && same(last.attributes, attributes)) operations.push({ ...operations.pop(), insert: last.insert + text });
      else operations.push({ insert: text, attributes });
    },
    delete(length: number) {
      if (length > 0) operations.push({ delete: length });
    },
    change(): TextChange {
      for (let last = operations.at(-1); last !== undefined && "retain" in last && last.attributes === undefined; last = operations.at(-1)) operations.pop();
      return operations;
    },
  };
}

/**
 * The change as a transaction. The selection stays on the characters it was on; what undo brought has the caret behind it.
 * @param content the whole text after the change, asked for only when the change is large
 */
export function transactionOf(state: EditorState, change: TextChange, by: "others" | "undo", content: () => TextChange): Transaction {
  const { tr: transaction, selection } = state;
  if (change.length > operationsMax) redraw(transaction, documentOf(content()));
  else apply(transaction, change);
  const at = (position: number) => transaction.doc.resolve(positionOf(transaction.doc, offsetAfter(change, offsetOf(state.doc, position))));
  const end = by === "undo" ? endOfChange(change) : null;
  const next =
    end === null
      ? TextSelection.between(at(selection.anchor), at(selection.head))
      : TextSelection.create(transaction.doc, positionOf(transaction.doc, end));
  if (!next.eq(transaction.selection)) transaction.setSelection(next);
  // «Fet» was tapped and nothing written yet: that still holds when a colleague writes elsewhere.
  if (by === "others" && state.storedMarks !== null) transaction.setStoredMarks(state.storedMarks);
  return by === "undo" ? transaction.scrollIntoView() : transaction;
}

function apply(transaction: Transaction, change: TextChange): void {
  let offset = 0;
  const position = (at: number) => positionOf(transaction.doc, at);
  for (const operation of change) {
    if ("insert" in operation) {
      const { insert, attributes } = operation;
      for (const [index, part] of insert.split("\n").entries()) {
        if (index > 0) {
          const at = position(offset);
          transaction.split(at);
          setLineType(transaction, at, lineTypeOf(attributes?.kind));
          offset++;
        }
        if (part === "") continue;
        transaction.insert(position(offset), transaction.doc.type.schema.text(part, attributes?.bold ? [bold.create()] : []));
        offset += part.length;
      }
    } else if ("delete" in operation) {
      const [from, to] = [position(offset), position(offset + operation.delete)];
      // Of lines that are joined, the newline of the last is left, and its kind with it.
      const { type } = transaction.doc.resolve(to).parent;
      transaction.delete(from, to);
      setLineType(transaction, from, type);
    } else {
      const end = offset + operation.retain;
      if (operation.attributes !== undefined) setLooks(transaction, offset, end, operation.attributes);
      offset = end;
    }
  }
}

function setLooks(transaction: Transaction, from: number, to: number, attributes: TextAttributes): void {
  const { doc } = transaction;
  if (attributes.bold !== undefined) {
    const [start, end] = [positionOf(doc, from), positionOf(doc, to)];
    if (attributes.bold) transaction.addMark(start, end, bold.create());
    else transaction.removeMark(start, end, bold);
  }
  if (attributes.kind === undefined) return;
  for (let line = lineAt(doc, from); line < doc.childCount - 1; line++) {
    const newline = lineStart(doc, line + 1) - 1;
    if (newline >= to) break;
    if (newline >= from) setLineType(transaction, positionOf(doc, newline), lineTypeOf(attributes.kind));
  }
}

/** @param position anywhere in the line */
function setLineType(transaction: Transaction, position: number, type: NodeType): void {
  const resolved = transaction.doc.resolve(position);
  if (resolved.parent.type !== type) transaction.setNodeMarkup(resolved.before(1), type);
}

/** Replaces the lines that differ, from the first to the last of them. */
function redraw(transaction: Transaction, next: Node): void {
  const { doc } = transaction;
  const shared = Math.min(doc.childCount, next.childCount);
  let start = 0;
  while (start < shared && doc.child(start).eq(next.child(start))) start++;
  let end = 0;
  while (end < shared - start && doc.child(doc.childCount - 1 - end).eq(next.child(next.childCount - 1 - end))) end++;
  const sizeOf = (of: Node, from: number, to: number) => of.children.slice(from, to).reduce((sum, { nodeSize }) => sum + nodeSize, 0);
  const from = sizeOf(doc, 0, start);
  const to = from + sizeOf(doc, start, doc.childCount - end);
  transaction.replaceWith(from, to, Fragment.from(next.children.slice(start, next.childCount - end)));
}
