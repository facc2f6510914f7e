import { expect, test } from "vitest";
import * as Y from "yjs";
import { valuesWritten } from "./unsent-document.ts";

/** A document as it was when it was last sent, and what each saving since has put into it. */
function savings(...changes: ((doc: Y.Doc) => void)[]): { doc: Y.Doc; updates: Uint8Array[] } {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on("updateV2", (update) => updates.push(update));
  for (const change of changes) doc.transact(() => change(doc));
  return { doc, updates };
}

const record = (fields: Record<string, unknown>) => new Y.Map(Object.entries(fields));
const notes = (doc: Y.Doc) => doc.getMap<Y.Map<unknown>>("consultations");

test("a record that was made is told field by field, and one that was changed with what took the place of another value", () => {
  const { doc, updates } = savings(
    (d) => notes(d).set("c1", record({ role: "pupil", themes: ["a", "b"] })),
    (d) => notes(d).get("c1")?.set("note", "first"),
    (d) => notes(d).get("c1")?.set("note", "second"),
  );
  const at = { root: "consultations", record: "c1" };
  expect(valuesWritten(doc, updates[0]!)).toEqual([
    { ...at, field: "role", value: "pupil" },
    { ...at, field: "themes", value: ["a", "b"] },
  ]);
  expect(valuesWritten(doc, updates[2]!)).toEqual([{ ...at, field: "note", value: "second" }]);
});

test("a flat record has its id and its field in one key", () => {
  const { doc, updates } = savings((d) => d.getMap("visits").set("v1/movedTo", "2026-12-01"));
  expect(valuesWritten(doc, updates[0]!)).toEqual([{ root: "visits", record: "v1", field: "movedTo", value: "2026-12-01" }]);
});

test("of a text that was written in, the whole is told, once", () => {
  const { doc, updates } = savings(
    (d) => notes(d).set("m1", record({ notes: new Y.Text("We met. ") })),
    (d) => (notes(d).get("m1")!.get("notes") as Y.Text).insert(8, "We agreed."),
  );
  expect(valuesWritten(doc, updates[1]!)).toEqual([{ root: "consultations", record: "m1", field: "notes", value: "We met. We agreed." }]);
});

test("what was taken away since is told without its place, and a broken update is refused", () => {
  const { doc, updates } = savings(
    (d) => notes(d).set("c1", record({ note: "gone" })),
    (d) => notes(d).delete("c1"),
  );
  expect(valuesWritten(doc, updates[0]!).map(({ value }) => value)).toEqual(["gone"]);
  expect(valuesWritten(doc, updates[1]!)).toEqual([]);
  expect(() => valuesWritten(doc, new Uint8Array([255, 255, 1]))).toThrow();
});
