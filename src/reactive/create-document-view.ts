import { type Accessor, createEffect, onCleanup } from "solid-js";
import { createStore, reconcile } from "solid-js/store";
import type * as Y from "yjs";

/**
 * What `read` makes of a document, as a read-only store that follows it: one update of the page for each Yjs transaction,
 * and only what differs is touched (records are matched by their `key`).
 * @param watch the root maps that `read` looks at; a transaction that leaves them alone costs nothing
 * @param read pure; called with undefined until the document is open
 */
export function createDocumentView<T extends object>(
  doc: Accessor<Y.Doc | undefined>,
  watch: readonly string[],
  read: (doc: Y.Doc | undefined) => T,
  key = "id",
): Accessor<T> {
  const [view, setView] = createStore<{ value: T }>({ value: read(undefined) });
  createEffect(() => {
    const current = doc();
    const refresh = () => setView("value", reconcile(read(current), { key }));
    refresh();
    if (current === undefined) return;
    const maps = watch.map((name) => current.getMap(name));
    for (const map of maps) map.observeDeep(refresh);
    onCleanup(() => {
      for (const map of maps) map.unobserveDeep(refresh);
    });
  });
  return () => view.value;
}
