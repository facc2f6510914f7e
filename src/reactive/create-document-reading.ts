import { type Accessor, createEffect, createMemo, createSignal, onCleanup } from "solid-js";
import type * as Y from "yjs";

/**
 * What `read` makes of a document, as plain values, again in the frame after a transaction that touches what it looks at; undefined until the document is open.
 * For rules that go through hundreds of records many times: a store, which watches every field it is asked for, would cost more than it saves.
 * @param watch the root maps that `read` looks at; `everything` where it also looks at texts
 */
export function createDocumentReading<T>(
  doc: Accessor<Y.Doc | undefined>,
  watch: readonly string[] | "everything",
  read: (doc: Y.Doc) => T,
): Accessor<T | undefined> {
  const [changed, tell] = createSignal(undefined, { equals: false });
  createEffect(() => {
    const current = doc();
    const maps = watch === "everything" ? [] : watch.flatMap((root) => current?.getMap(root) ?? []);
    let frame = 0;
    // With the next frame: whoever saves waits for the disk and not for the pages.
    const onChange = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => tell());
    };
    for (const map of maps) map.observeDeep(onChange);
    if (watch === "everything") current?.on("update", onChange);
    onCleanup(() => {
      cancelAnimationFrame(frame);
      for (const map of maps) map.unobserveDeep(onChange);
      current?.off("update", onChange);
    });
  });
  return createMemo(() => {
    changed();
    const current = doc();
    return current === undefined ? undefined : read(current);
  });
}
