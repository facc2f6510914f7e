import * as Y from "yjs";
import type * as z from "zod/mini";
import { assert } from "../lib/assert.ts";

/**
 * How records lie in a Y.Doc. One root Y.Map for each kind of record, in one of two forms:
 *
 * - **Nested**, for records with a random id: `id → Y.Map of fields`. The whole record is set once, by the one who made the id; after that only
 *   single keys change, so fields of a newer version and a colleague's edits of other fields stay.
 * - **Flat**, for records whose id two devices may make on their own (a planned visit, a setting): `id/field → value`. Nested, the later of two
 *   Y.Maps set under one id would carry off every field of the other; flat, they meet field by field.
 *
 * Values are plain JSON. Reading parses each record on its own; the id is the key and is not stored twice.
 */

/** A record that this version cannot read: written by a newer one, or damaged. It is counted and left as it is. */
export type BrokenRecord = { readonly id: string };
export type Records<T> = { readonly records: T[]; readonly broken: BrokenRecord[] };
type Fields = Readonly<Record<string, unknown>>;

/**
 * Every nested record of the map, or with `having` those that have a value in a field, by ascending id. Never throws.
 * @param having none of the others is parsed, nor told of as broken
 */
export function readRecords<Schema extends z.ZodMiniType>(
  map: Y.Map<unknown>,
  schema: Schema,
  having?: { field: keyof z.output<Schema>; value: string },
): Records<z.output<Schema>> {
  const has = (record: unknown) => having === undefined || (record instanceof Y.Map && record.get(String(having.field)) === having.value);
  const found = Array.from(map.entries()).filter(([, record]) => has(record));
  return parseAll(found.map(([id, record]) => [id, fieldsOf(record)]), schema);
}

/** Every flat record of the map, by ascending id. Never throws. */
export function readFlatRecords<Schema extends z.ZodMiniType>(map: Y.Map<unknown>, schema: Schema): Records<z.output<Schema>> {
  const byId = new Map<string, Record<string, unknown>>();
  for (const [key, value] of map.entries()) {
    const slash = key.indexOf("/");
    const id = key.slice(0, slash);
    const fields = byId.get(id) ?? {};
    fields[key.slice(slash + 1)] = value;
    byId.set(id, fields);
  }
  return parseAll(Array.from(byId), schema);
}

/** Sets a whole new record. Fields that are undefined are left out. */
export function addRecord(map: Y.Map<unknown>, id: string, fields: Fields): void {
  assert(!map.has(id), "a record is added once");
  const record = new Y.Map();
  for (const [field, value] of Object.entries(fields)) if (field !== "id" && value !== undefined) record.set(field, value);
  map.set(id, record);
}

/** Changes single fields of a nested record; undefined removes one. What already has the value is not written again. */
export function setFields(map: Y.Map<unknown>, id: string, fields: Fields): void {
  const record = map.get(id);
  assert(record instanceof Y.Map, "the record to change exists");
  for (const [field, value] of Object.entries(fields)) setKey(record, field, value);
}

/** Changes single fields of a flat record, whether it is there or not; undefined removes one. What already has the value is not written again. */
export function setFlatFields(map: Y.Map<unknown>, id: string, fields: Fields): void {
  for (const [field, value] of Object.entries(fields)) setKey(map, `${id}/${field}`, value);
}

/** Changes single keys of a map that is itself one record. What already has the value is not written again. */
export function setKeys(map: Y.Map<unknown>, fields: Fields): void {
  for (const [field, value] of Object.entries(fields)) setKey(map, field, value);
}

function setKey(map: Y.Map<unknown>, key: string, value: unknown): void {
  if (value === undefined) {
    if (map.has(key)) map.delete(key);
  } else if (!map.has(key) || !isSameValue(map.get(key), value)) {
    map.set(key, value);
  }
}

/** Whether two values of fields say the same. Objects are the same only with their keys in the same order, as one writer makes them. */
export function isSameValue(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Null for what is no record: of another shape, or nested deeper than anybody writes. */
function fieldsOf(record: unknown): Fields | null {
  if (!(record instanceof Y.Map)) return null;
  try {
    return record.toJSON();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function parseAll<Schema extends z.ZodMiniType>(entries: [string, Fields | null][], schema: Schema): Records<z.output<Schema>> {
  const records: z.output<Schema>[] = [];
  const broken: BrokenRecord[] = [];
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [id, fields] of entries) {
    const parsed = schema.safeParse({ ...fields, id });
    if (parsed.success) records.push(parsed.data);
    else broken.push({ id });
  }
  return { records, broken };
}
