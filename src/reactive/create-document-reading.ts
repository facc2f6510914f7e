import { type Accessor, createEffect, createMemo, createSignal, onCleanup } from "solid-js";
import type * as Y from "yjs";

/**
 * What `read` makes of a document, as plain values, again in the frame after a transaction that touches what it looks at; undefined until the document is open.
 * For rules that go through hundreds of records many times: a store, which watches every field it is asked for, would cost more than it saves.
 * @param watch the root maps that `read` looks at; `everything` where it looks at texts too
 */
export function createDocumentReading<T>(
  doc: Accessor<Y.Doc | undefined>,
  watch: readonly string[] | "everything",
  read: (doc: Y.Doc) => T,
): Accessor<T | undefined> {
  const [changed, tell] = createSignal(undefined, { equals: false });
  createEffect(() => {
    const opened = doc();
    if (opened === undefined) return;
    let frame = 0;
    // With the next frame: whoever saves waits for the disk and not for the pages.
    const onChange = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => tell());
    };
    const stop = watch === "everything" ? onAnyChange(opened, onChange) : onChangeIn(opened, watch, onChange);
    onCleanup(() => {
      cancelAnimationFrame(frame);
      stop();
    });
  });
  return createMemo(() => {
    changed();
    const current = doc();
    return current === undefined ? undefined : read(current);
  });
}

function onChangeIn(doc: Y.Doc, roots: readonly string[], onChange: () => void): () => void {
  // Each once: Yjs takes a watcher away wherever it stands, and complains the second time.
  const maps = Array.from(new Set(roots), (root) => doc.getMap(root));
  for (const map of maps) map.observeDeep(onChange);
  return () => maps.forEach((map) => map.unobserveDeep(onChange));
}

function onAnyChange(doc: Y.Doc, onChange: () => void): () => void {
  const afterTransaction = ({ changed }: Y.Transaction) => {
    if (changed.size > 0) onChange();
  };
  doc.on("afterTransaction", afterTransaction);
  return () => doc.off("afterTransaction", afterTransaction);
}
