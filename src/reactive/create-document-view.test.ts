import { createEffect, createRoot, createSignal } from "solid-js";
import { afterEach, expect, test } from "vitest";
import type * as Y from "yjs";
import { indexDocId } from "../engine/log/rights.ts";
import type { TestDevice } from "../../test/support/device.ts";
import { createDocumentView } from "./create-document-view.ts";
import { makeRoom, unlockedEngine } from "./reactive.test-data.ts";

const devices: TestDevice[] = [];
afterEach(async () => {
  for (const { space } of devices.splice(0)) await space.close();
});

type Note = { id: string; text: unknown };
const notesOf = (doc: Y.Doc | undefined): { notes: Note[] } => ({
  notes: doc === undefined ? [] : Array.from(doc.getMap("notes").entries(), ([id, text]) => ({ id, text })).sort((a, b) => (a.id < b.id ? -1 : 1)),
});

/** A view of a real room's index that counts its readings, and how often a page that shows it is drawn. */
async function viewedRoom() {
  const { device } = await unlockedEngine();
  devices.push(device);
  const room = await makeRoom(device, "a");
  const save = (notes: Record<string, string>, map = "notes") =>
    room.edit([indexDocId], (doc) => {
      for (const [id, text] of Object.entries(notes)) doc?.getMap(map).set(id, text);
    });
  await save({ a: "one", b: "two" });
  const count = { read: 0, drawn: 0 };
  const made = createRoot((dispose) => {
    const [doc, setDoc] = createSignal<Y.Doc>();
    const view = createDocumentView(doc, ["notes"], (current) => {
      count.read++;
      return notesOf(current);
    });
    createEffect(() => {
      JSON.stringify(view());
      count.drawn++;
    });
    return { view, setDoc, dispose };
  });
  return { ...made, count, room, save, device };
}

const started = async () => {
  const world = await viewedRoom();
  const doc = await world.room.open(indexDocId);
  world.setDoc(() => doc);
  Object.assign(world.count, { read: 0, drawn: 0 });
  return { ...world, doc };
};

test("until the document is open the view is of nothing, and then of the document", async () => {
  const { view, setDoc, room, dispose } = await viewedRoom();
  expect(view()).toEqual({ notes: [] });
  const doc = await room.open(indexDocId);
  setDoc(() => doc);
  expect(view()).toEqual({ notes: [{ id: "a", text: "one" }, { id: "b", text: "two" }] });
  dispose();
});

test("a saving of many fields is one reading and one update of the page", async () => {
  const { view, save, count, dispose } = await started();
  await save({ b: "2", c: "3", d: "4" });
  expect(view().notes.map(({ text }) => text)).toEqual(["one", "2", "3", "4"]);
  expect(count).toEqual({ read: 1, drawn: 1 });
  dispose();
});

test("records that did not change stay the same objects, and what shows them is not drawn again", async () => {
  const { view, save, dispose } = await started();
  const [a, b] = view().notes;
  let drawn = 0;
  const end = createRoot((stop) => {
    createEffect(() => {
      JSON.stringify(a);
      drawn++;
    });
    return stop;
  });
  await save({ b: "changed", "0": "before both" });
  expect(view().notes.map(({ id }) => id)).toEqual(["0", "a", "b"]);
  expect(view().notes[1]).toBe(a);
  expect(view().notes[2]).toBe(b);
  expect(b).toEqual({ id: "b", text: "changed" });
  expect(drawn).toBe(1);
  end();
  dispose();
});

test("a saving in maps that it does not look at is not read", async () => {
  const { save, count, dispose } = await started();
  await save({ a: "elsewhere" }, "other");
  expect(count).toEqual({ read: 0, drawn: 0 });
  dispose();
});

test("a document that was taken back is followed in the old one's place", async () => {
  const { view, setDoc, save, room, device, count, doc, dispose } = await started();
  await room.onReplaced(indexDocId, (replaced) => setDoc(() => replaced));
  const full = () => {
    throw new DOMException("no room", "QuotaExceededError");
  };
  device.database.records.hook("creating", full);
  await expect(save({ a: "lost" })).rejects.toThrow();
  device.database.records.hook("creating").unsubscribe(full);
  expect(view().notes[0]?.text).toBe("one");
  await save({ a: "kept" });
  expect(view().notes[0]?.text).toBe("kept");
  count.read = 0;
  doc.getMap("notes").set("a", "in the old one");
  expect(count.read).toBe(0);
  dispose();
});

test("a page that is gone reads nothing more", async () => {
  const { save, count, dispose } = await started();
  dispose();
  await save({ a: "later" });
  expect(count).toEqual({ read: 0, drawn: 0 });
});
