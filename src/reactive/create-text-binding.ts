import { createSignal, onCleanup } from "solid-js";
import * as Y from "yjs";
import type { SharedText, TextChange, TextOperation } from "../lib/shared-text.ts";

/** Stands for what a newer version may have put in a text and this one cannot show; one unit long, as it is there. */
const unknownObject = "\uFFFC";

/** While one types on, this much is one step of undo. */
const stepMs = 500;

/**
 * A Y.Text as an editor sees it, for as long as the owner lives. Undo knows only what was written through this binding: neither colleagues nor other devices
 * nor what was there before.
 */
export function createTextBinding(text: Y.Text): SharedText {
  // Of its own: without one, undo would also take back what comes in with no origin, which is what others wrote.
  const ownHand = Symbol("own hand");
  const steps = new Y.UndoManager(text, { trackedOrigins: new Set([ownHand]), captureTimeout: stepMs });
  const [stacks, setStacks] = createSignal({ undo: 0, redo: 0 }, { equals: (a, b) => a.undo === b.undo && a.redo === b.redo });
  const countSteps = () => setStacks({ undo: steps.undoStack.length, redo: steps.redoStack.length });
  for (const event of ["stack-item-added", "stack-item-popped", "stack-cleared"] as const) steps.on(event, countSteps);
  const stops = new Set<() => void>();
  onCleanup(() => {
    for (const stop of stops) stop();
    steps.destroy();
  });

  return {
    read: () => changeOf(text.toDelta()),
    edit: (changes) => Y.transact(docOf(text), () => changes.forEach((change) => text.applyDelta(change as TextOperation[])), ownHand),
    onChange(listener) {
      const observe = (event: Y.YTextEvent, { origin }: Y.Transaction) => {
        if (origin !== ownHand) listener(changeOf(event.delta), origin === steps ? "undo" : "others");
      };
      // The editor ends it, and so does the owner: whoever comes first.
      const stop = () => {
        if (stops.delete(stop)) text.unobserve(observe);
      };
      text.observe(observe);
      stops.add(stop);
      return stop;
    },
    undo: () => void steps.undo(),
    redo: () => void steps.redo(),
    canUndo: () => stacks().undo > 0,
    canRedo: () => stacks().redo > 0,
    endStep: () => steps.stopCapturing(),
    placeAt: (offset) => Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(text, offset)),
    offsetOf(place) {
      try {
        const found = Y.createAbsolutePositionFromRelativePosition(Y.createRelativePositionFromJSON(place), docOf(text));
        return found?.type === text ? found.index : null;
      } catch {
        // A colleague's device may say anything: what is no place is shown nowhere.
        return null;
      }
    },
  };
}

function docOf(text: Y.Text): Y.Doc {
  if (text.doc === null) throw new TypeError("a text is edited in its document");
  return text.doc;
}

type YOperation = Y.YTextEvent["delta"][number];

function changeOf(delta: readonly YOperation[]): TextChange {
  return delta.map(({ insert, delete: deleted, retain, attributes }): TextOperation => {
    if (deleted !== undefined) return { delete: deleted };
    const looks = attributes === undefined ? {} : { attributes };
    return retain === undefined ? { insert: typeof insert === "string" ? insert : unknownObject, ...looks } : { retain, ...looks };
  });
}
