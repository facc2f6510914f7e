import { type Accessor, createMemo, mapArray, untrack } from "solid-js";

/**
 * The list as one accessor for each id. When the list is read again, what is drawn for an item stays for as long as its id is in the list: a row
 * keeps its focus, and what is open in it.
 */
export function createStableList<T extends { readonly id: string }>(list: Accessor<readonly T[]>): Accessor<readonly Accessor<T>[]> {
  const ids = createMemo(() => list().map(({ id }) => id));
  const itemOf = (id: string) => {
    const find = () => list().find((one) => one.id === id);
    // An item that has just left the list is asked for once more before its row goes.
    return createMemo((before: T) => find() ?? before, untrack(find) as T);
  };
  return createMemo(mapArray(ids, itemOf));
}
