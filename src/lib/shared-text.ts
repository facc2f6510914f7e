// A text that several people write in at once, as an editor sees it: flat, one character after another, without knowing how it is kept.

/** What the newline that ends a line says of it. A line without, and what ends with no newline, is a plain paragraph. */
export type LineKind = "heading" | "item";

/** `kind` is said of newlines and `bold` of all other characters; null takes it away. Anything else is nobody's here and left alone. */
export type TextAttributes = { readonly bold?: boolean | null; readonly kind?: string | null };

export type TextOperation =
  | { readonly insert: string; readonly attributes?: TextAttributes }
  | { readonly delete: number }
  | { readonly retain: number; readonly attributes?: TextAttributes };

/** From the beginning of the text on; what comes after the last operation stays. Lengths and offsets are in UTF-16 units. */
export type TextChange = readonly TextOperation[];

/** Where somebody is in the text, for as long as the text lives and whatever is written around it. JSON. */
export type TextPlace = unknown;

export type SharedText = {
  /** The whole text, as insertions. */
  read(): TextChange;
  /** Makes the changes, each on what the one before it left, as one act of this person. */
  edit(changes: readonly TextChange[]): void;
  /** Tells what others wrote, and what undo and redo brought; not what `edit` was given. @returns what ends it */
  onChange(listener: (change: TextChange, by: "others" | "undo") => void): () => void;
  /** Takes back this person's last step, never anybody else's. */
  undo(): void;
  redo(): void;
  canUndo(): boolean;
  canRedo(): boolean;
  /** What comes next is a step of its own for undo. */
  endStep(): void;
  placeAt(offset: number): TextPlace;
  /** @returns null when the place is in no text that is here */
  offsetOf(place: TextPlace): number | null;
};

/** Who else is in the same text, and where. */
export type TextPresence = {
  /** The others. `name` stands beside their place: a role. */
  getStates(): readonly { readonly id: string; readonly name: string; readonly place: TextPlace }[];
  /** Tells the others where this person is; null when not in the text. */
  setLocal(place: TextPlace): void;
  /** @returns what ends it */
  subscribe(listener: () => void): () => void;
};

/** Where what stood at `offset` is after the change. What is inserted exactly there comes after it. */
export function offsetAfter(change: TextChange, offset: number): number {
  let at = 0;
  let moved = offset;
  for (const operation of change) {
    if (at > moved) break;
    if ("retain" in operation) at += operation.retain;
    else if ("insert" in operation) {
      if (at < moved) moved += operation.insert.length;
      at += operation.insert.length;
    } else if (at < moved) moved = Math.max(at, moved - operation.delete);
  }
  return moved;
}

/** Where the last thing that was written or deleted ends, in the text after the change; null when only looks changed. */
export function endOfChange(change: TextChange): number | null {
  let at = 0;
  let end: number | null = null;
  for (const operation of change) {
    if ("retain" in operation) at += operation.retain;
    else {
      if ("insert" in operation) at += operation.insert.length;
      end = at;
    }
  }
  return end;
}
