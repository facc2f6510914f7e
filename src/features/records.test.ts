import * as Y from "yjs";
import { expect, test } from "vitest";
import * as z from "zod/mini";
import { addRecord, readFlatRecords, readRecords, setFields, setFlatFields, setKeys } from "./records.ts";
import { copyOf, meet } from "./features.test-data.ts";

const Person = z.object({ id: z.string(), name: z.string(), age: z.optional(z.number()) });

test("a record is read with its key as id, and undefined fields are not stored", () => {
  const map = new Y.Doc().getMap("people");
  addRecord(map, "a", { id: "a", name: "Ask", age: undefined });
  expect(readRecords(map, Person)).toEqual({ records: [{ id: "a", name: "Ask" }], broken: [] });
  expect(map.toJSON()).toEqual({ a: { name: "Ask" } });
});

test("what cannot be read is named and left as it is; the rest is read", () => {
  const map = new Y.Doc().getMap("people");
  addRecord(map, "a", { name: "Ask" });
  addRecord(map, "b", { name: 7 });
  map.set("c", "not a record");
  expect(readRecords(map, Person)).toEqual({ records: [{ id: "a", name: "Ask" }], broken: [{ id: "b" }, { id: "c" }] });
  expect(Object.keys(map.toJSON())).toEqual(["a", "b", "c"]);
});

test("of the records that have a value in a field, the others are not even looked at", () => {
  const map = new Y.Doc().getMap("people");
  addRecord(map, "a", { name: "Ask" });
  addRecord(map, "b", { name: "Ask", age: "old" });
  addRecord(map, "c", { name: "Embla", age: "old" });
  map.set("d", "not a record");
  expect(readRecords(map, Person, { field: "name", value: "Ask" })).toEqual({ records: [{ id: "a", name: "Ask" }], broken: [{ id: "b" }] });
});

test("a newer version's fields fall away in the view and survive a change", () => {
  const map = new Y.Doc().getMap("people");
  addRecord(map, "a", { name: "Ask", shoeSize: 31 });
  setFields(map, "a", { name: "Embla" });
  expect(readRecords(map, Person).records).toEqual([{ id: "a", name: "Embla" }]);
  expect(map.toJSON()).toEqual({ a: { name: "Embla", shoeSize: 31 } });
});

test("two devices change different fields of one record, and both changes stay", () => {
  const one = new Y.Doc();
  addRecord(one.getMap("people"), "a", { name: "Ask" });
  const other = copyOf(one);
  setFields(one.getMap("people"), "a", { name: "Embla" });
  setFields(other.getMap("people"), "a", { age: 9 });
  meet(one, other);
  expect(readRecords(one.getMap("people"), Person).records).toEqual([{ id: "a", name: "Embla", age: 9 }]);
  expect(other.toJSON()).toEqual(one.toJSON());
});

test("two devices make the same flat record, and every field of both stays", () => {
  const one = new Y.Doc();
  const other = new Y.Doc();
  setFlatFields(one.getMap("people"), "a", { name: "Ask" });
  setFlatFields(other.getMap("people"), "a", { name: "Ask", age: 9 });
  meet(one, other);
  expect(readFlatRecords(one.getMap("people"), Person).records).toEqual([{ id: "a", name: "Ask", age: 9 }]);
  expect(readFlatRecords(other.getMap("people"), Person)).toEqual(readFlatRecords(one.getMap("people"), Person));
});

test("a flat record that lacks a field is broken, and an undefined field is taken away", () => {
  const map = new Y.Doc().getMap("people");
  setFlatFields(map, "a", { age: 9 });
  setFlatFields(map, "b", { name: "Ask", age: 9 });
  setFlatFields(map, "b", { age: undefined });
  expect(readFlatRecords(map, Person)).toEqual({ records: [{ id: "b", name: "Ask" }], broken: [{ id: "a" }] });
});

test("what has the value already is not written again: no update is made", () => {
  const doc = new Y.Doc();
  const map = doc.getMap("people");
  addRecord(map, "a", { name: "Ask", tags: ["x"] });
  setFlatFields(map, "b", { name: "Ask" });
  setKeys(map, { plain: 1 });
  let updates = 0;
  doc.on("updateV2", () => updates++);
  setFields(map, "a", { name: "Ask", tags: ["x"], age: undefined });
  setFlatFields(map, "b", { name: "Ask", age: undefined });
  setKeys(map, { plain: 1 });
  expect(updates).toBe(0);
  setFields(map, "a", { tags: ["y"] });
  expect(updates).toBe(1);
});

test("adding a record twice, or changing one that is not there, is our own mistake", () => {
  const map = new Y.Doc().getMap("people");
  addRecord(map, "a", { name: "Ask" });
  expect(() => addRecord(map, "a", { name: "Embla" })).toThrow();
  expect(() => setFields(map, "b", { name: "Embla" })).toThrow();
});

test("a record nested deeper than anybody writes is broken, and the others are read", () => {
  const doc = new Y.Doc();
  const map = doc.getMap("people");
  addRecord(map, "a", { name: "Ask" });
  doc.transact(() => {
    let inner = new Y.Map();
    map.set("b", inner);
    for (let depth = 0; depth < 15_000; depth++) {
      const next = new Y.Map();
      inner.set("in", next);
      inner = next;
    }
  });
  expect(readRecords(map, Person)).toEqual({ records: [{ id: "a", name: "Ask" }], broken: [{ id: "b" }] });
});
