import * as Y from "yjs";

/** One value of a saving, as it was written. `record` and `field` are null where the value lies in no record, or was taken away since. */
export type WrittenValue = { root: string | null; record: string | null; field: string | null; value: unknown };

/**
 * What a saving put into a document, in the order in which it was written; of a text, the whole of it as it is now.
 * @param doc the document with the saving in it
 * @param update Yjs, version 2
 * @throws when the update is broken
 */
export function valuesWritten(doc: Y.Doc, update: Uint8Array): WrittenValue[] {
  const values: WrittenValue[] = [];
  const texts = new Set<unknown>();
  for (const struct of Y.decodeUpdateV2(update).structs) {
    if (!(struct instanceof Y.Item)) continue;
    const { content } = struct;
    const here = placeOf(doc, struct.id);
    if (content instanceof Y.ContentString) {
      const text = here?.type;
      if (text instanceof Y.Text && !texts.has(text)) {
        texts.add(text);
        values.push({ ...nowhere(here), value: text.toJSON() });
      }
    } else if (content instanceof Y.ContentAny) {
      for (const value of content.arr as unknown[]) values.push({ ...nowhere(here), value });
    }
  }
  return values;
}

type Here = { type: Y.AbstractType<unknown>; place: Omit<WrittenValue, "value"> };

function nowhere(here: Here | null): Omit<WrittenValue, "value"> {
  return here?.place ?? { root: null, record: null, field: null };
}

/** Where an item came to lie. An update alone does not tell: what takes a value's place names only that value. */
function placeOf(doc: Y.Doc, id: Y.ID): Here | null {
  const item = Y.getItem(doc.store, id);
  if (!(item instanceof Y.Item) || !(item.parent instanceof Y.AbstractType)) return null;
  const type = item.parent as Y.AbstractType<unknown>;
  const keys = [item.parentSub, ...keysAbove(type)].filter((key) => key !== null).reverse();
  const root = Y.findRootTypeKey(rootOf(type));
  // A flat record has its id and its field in one key.
  const [record = null, field = null] = keys.length === 1 ? (keys[0]?.split("/") ?? []) : keys;
  return { type, place: { root, record, field } };
}

function keysAbove(type: Y.AbstractType<unknown>): (string | null)[] {
  const item = type._item;
  return item === null ? [] : [item.parentSub, ...keysAbove(item.parent as Y.AbstractType<unknown>)];
}

function rootOf(type: Y.AbstractType<unknown>): Y.AbstractType<unknown> {
  return type._item === null ? type : rootOf(type._item.parent as Y.AbstractType<unknown>);
}
