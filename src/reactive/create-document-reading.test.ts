import { createRoot, createSignal } from "solid-js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as Y from "yjs";
import { createDocumentReading } from "./create-document-reading.ts";

/** Frames come when the test says so. */
let frames: Map<number, () => void>;
const nextFrame = () => {
  const due = Array.from(frames.values());
  frames.clear();
  for (const run of due) run();
};

beforeEach(() => {
  let last = 0;
  frames = new Map();
  vi.stubGlobal("requestAnimationFrame", (run: () => void) => {
    frames.set(++last, run);
    return last;
  });
  vi.stubGlobal("cancelAnimationFrame", (frame: number) => frames.delete(frame));
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function readNotes(first: Y.Doc | undefined) {
  return createRoot((dispose) => {
    const [doc, setDoc] = createSignal(first, { equals: false });
    const count = { read: 0 };
    const reading = createDocumentReading(doc, ["notes"], (current) => {
      count.read++;
      return current.getMap("notes").toJSON();
    });
    return { reading, setDoc, count, dispose };
  });
}

const docWith = (text: string) => {
  const doc = new Y.Doc();
  doc.getMap("notes").set("a", text);
  return doc;
};

test("nothing until the document is open, then what is in it at once", () => {
  const { reading, setDoc, dispose } = readNotes(undefined);
  expect(reading()).toBeUndefined();
  setDoc(docWith("one"));
  expect(reading()).toEqual({ a: "one" });
  dispose();
});

test("many savings before a frame are read once, in the frame", () => {
  const doc = docWith("one");
  const { reading, count, dispose } = readNotes(doc);
  for (const text of ["two", "three", "four"]) doc.getMap("notes").set("a", text);
  expect([reading(), count.read]).toEqual([{ a: "one" }, 1]);
  nextFrame();
  expect([reading(), count.read]).toEqual([{ a: "four" }, 2]);
  dispose();
});

test("what lies deeper in a map that it looks at counts, and other maps do not", () => {
  const doc = docWith("one");
  const inner = new Y.Map<string>();
  doc.getMap("notes").set("b", inner);
  const { reading, count, dispose } = readNotes(doc);
  doc.getMap("other").set("a", "elsewhere");
  nextFrame();
  expect(count.read).toBe(1);
  inner.set("deep", "changed");
  nextFrame();
  expect(reading()).toEqual({ a: "one", b: { deep: "changed" } });
  dispose();
});

test("another document is followed in the old one's place", () => {
  const [first, second] = [docWith("one"), docWith("two")];
  const { reading, setDoc, count, dispose } = readNotes(first);
  setDoc(second);
  expect(reading()).toEqual({ a: "two" });
  count.read = 0;
  first.getMap("notes").set("a", "old");
  nextFrame();
  expect(count.read).toBe(0);
  second.getMap("notes").set("a", "new");
  nextFrame();
  expect(reading()).toEqual({ a: "new" });
  dispose();
});

test("a page that is gone has no frame to wait for, and reads nothing more", () => {
  const doc = docWith("one");
  const { count, dispose } = readNotes(doc);
  doc.getMap("notes").set("a", "two");
  dispose();
  expect(frames.size).toBe(0);
  doc.getMap("notes").set("a", "three");
  nextFrame();
  expect(count.read).toBe(1);
});

test("of a whole document, a text that changes is read too, and nothing after the page has gone", () => {
  const doc = docWith("one");
  const { reading, dispose } = createRoot((disposeRoot) => ({
    reading: createDocumentReading(
      () => doc,
      "everything",
      (current) => current.getText("long").toJSON(),
    ),
    dispose: disposeRoot,
  }));
  doc.getText("long").insert(0, "typed");
  nextFrame();
  expect(reading()).toBe("typed");
  dispose();
  doc.getText("long").insert(0, "not ");
  expect(frames.size).toBe(0);
});
