import { baseKeymap } from "prosemirror-commands";
import type { Command } from "prosemirror-state";
import { afterEach, expect, test } from "vitest";
import * as Y from "yjs";
import { openTypedDocument } from "../../src/engine/documents/typed-document.ts";
import { documentId } from "../../src/engine/log/rights.ts";
import { createDraftStore } from "../../src/engine/storage/draft-store.ts";
import { seededChance } from "../../src/lib/random.ts";
import { linesOfText } from "../../src/ui/rich-text/clipboard.ts";
import { beginList, keysFor, toggle } from "../../src/ui/rich-text/commands.ts";
import { createManualClock } from "../engine/manual-clock.ts";
import { bringIn, createDevice, foundService, type TestDevice } from "../support/device.ts";
import { createTestRelay } from "../support/test-relay.ts";
import { createWriter, meet, type Writer } from "./writers.ts";

const writers: Writer[] = [];
afterEach(() => {
  for (const writer of writers.splice(0)) writer.close();
});

function writer(): Writer {
  const one = createWriter();
  writers.push(one);
  return one;
}

const key = (name: string) => keysFor({ undo() {}, redo() {} })[name] ?? (() => false);
const removeSelection = baseKeymap["Delete"] as Command;
const keyOn = (one: Writer, name: string) => one.run(key(name));

/** Two who have the same text and hear nothing of each other. */
function twoWith(text: string): [Writer, Writer] {
  const [ada, bo] = [writer(), writer()];
  ada.dispatch(ada.state().tr.replaceSelection(linesOfText(text, [])));
  meet(ada, bo);
  return [ada, bo];
}

test.each<[string, (ada: Writer) => void, string]>([
  ["joins the line with the one before", (ada) => (ada.select(6), keyOn(ada, "Backspace")), "FørstAndXYZre\nTredje"],
  ["makes it a heading", (ada) => (ada.select(7), ada.run(toggle("heading"))), "Først\n# AndXYZre\nTredje"],
  ["makes it a point", (ada) => (ada.select(7), ada.run(toggle("item"))), "Først\n- AndXYZre\nTredje"],
  ["splits the line", (ada) => (ada.select(8), keyOn(ada, "Enter")), "Først\nAn\ndXYZre\nTredje"],
  ["makes it bold", (ada) => (ada.select(6, 11), ada.run(toggle("bold"))), "Først\n*AndXYZre*\nTredje"],
  ["deletes everything", (ada) => (ada.select(0, 18), ada.run(removeSelection)), "XYZ"],
])("what a colleague writes in a line is kept where it was when somebody %s", (_, act, shown) => {
  const [ada, bo] = twoWith("Først\nAndre\nTredje");
  bo.select(9);
  bo.type("XYZ");
  act(ada);
  meet(ada, bo);
  expect([ada.shown(), bo.shown()]).toEqual([shown, shown]);
  expect(ada.agrees() && bo.agrees()).toBe(true);
});

test("a letter that is doubled is the one that was written, and a colleague's word stays on its side of it", () => {
  const [ada, bo] = twoWith("aaa");
  bo.select(1);
  bo.type("|");
  ada.select(3);
  ada.type("a");
  meet(ada, bo);
  expect(ada.shown()).toBe("a|aaa");
});

test("a character of two units is changed whole", () => {
  const [ada] = twoWith("før 😀 etter");
  ada.select(4, 6);
  ada.type("😁");
  expect(ada.text.toJSON()).toBe("før 😁 etter");
  expect(ada.agrees()).toBe(true);
});

test("a heading is followed by a paragraph and a point by another, until one is left empty", () => {
  const one = writer();
  one.type("Bakgrunn");
  one.run(toggle("heading"));
  keyOn(one, "Enter");
  one.type("-");
  one.run(beginList);
  one.type("første");
  keyOn(one, "Enter");
  one.type("andre");
  expect(one.shown()).toBe("# Bakgrunn\n- første\n- andre\n");
  keyOn(one, "Enter");
  keyOn(one, "Enter");
  one.type("slutt");
  expect(one.shown()).toBe("# Bakgrunn\n- første\n- andre\nslutt\n");
  expect(one.agrees()).toBe(true);
});

test("what others write leaves the selection on its words, and a format that waits for the next letter", () => {
  const [ada, bo] = twoWith("Mor sier ja");
  ada.select(4, 8);
  bo.select(0);
  bo.type("Også ");
  bo.select(16);
  bo.type(".\nNei");
  meet(ada, bo);
  const { from, to, $from } = ada.state().selection;
  expect([ada.state().doc.textBetween(from, to), $from.parentOffset]).toEqual(["sier", 9]);
  ada.select(9);
  ada.run(toggle("bold"));
  bo.type("!");
  meet(ada, bo);
  ada.type("X");
  expect(ada.shown()).toBe("Også Mor *X*sier ja.\nNei!");
});

test("where two stand in the same place, each goes on in front of what comes from the other; what is taken away before it moves the caret along", () => {
  const [ada, bo] = twoWith("Mor og far");
  ada.select(3);
  bo.select(3);
  bo.type("!");
  meet(ada, bo);
  ada.type("A");
  expect(ada.shown()).toBe("MorA! og far");
  bo.select(0, 2);
  bo.run(removeSelection);
  meet(ada, bo);
  ada.type("B");
  expect(ada.shown()).toBe("rAB! og far");
});

test("a last line that goes takes the newline before it along, and one that comes brings it", () => {
  const [ada, bo] = twoWith("- en\nto");
  const { doc, tr } = ada.state();
  ada.dispatch(tr.delete((doc.firstChild?.nodeSize ?? 0) + 1, doc.content.size - 1));
  const { tr: next, doc: left } = ada.state();
  ada.dispatch(next.delete(left.firstChild?.nodeSize ?? 0, left.content.size));
  expect([ada.shown(), ada.text.toJSON(), ada.agrees()]).toEqual(["- en\n", "en\n", true]);
  const { tr: last, doc: end } = ada.state();
  ada.dispatch(last.insert(end.content.size, linesOfText("tre", []).content));
  expect([ada.shown(), ada.text.toJSON(), ada.agrees()]).toEqual(["- en\n\ntre", "en\n\ntre", true]);
  const { tr: gone, doc: whole } = ada.state();
  ada.dispatch(gone.delete(whole.content.size - (whole.lastChild?.nodeSize ?? 0), whole.content.size));
  expect([ada.shown(), ada.text.toDelta(), ada.agrees()]).toEqual(["- en\n", [{ insert: "en" }, { insert: "\n", attributes: { kind: "item" } }], true]);
  meet(ada, bo);
  expect(bo.shown()).toBe("- en\n");
});

test("undo takes back one's own steps one at a time, never a colleague's, and leaves the caret where it happened", () => {
  const [ada, bo] = twoWith("Mor ");
  ada.shared.endStep();
  ada.select(4);
  ada.type("sier ja");
  keyOn(ada, "Enter");
  ada.type("Far");
  bo.select(0);
  bo.type("Her: ");
  meet(ada, bo);
  expect(ada.shown()).toBe("Her: Mor sier ja\nFar");
  ada.shared.undo();
  expect(ada.shown()).toBe("Her: Mor sier ja");
  ada.shared.undo();
  expect(ada.shown()).toBe("Her: Mor ");
  expect(ada.state().selection.$head.parentOffset).toBe(9);
  ada.shared.redo();
  expect([ada.shown(), ada.state().selection.$head.parentOffset]).toEqual(["Her: Mor sier ja", 16]);
  bo.shared.undo();
  meet(ada, bo);
  expect(ada.shown()).toBe("Mor sier ja");
});

test("many changes at once are drawn in one, with the caret on its letter", () => {
  const [ada, bo] = twoWith(Array.from({ length: 300 }, (_, line) => `Linje ${line} i referatet`).join("\n"));
  const caret = ada.text.toJSON().indexOf("200 i");
  ada.select(caret);
  bo.doc.transact(() => {
    for (let index = 0; index < 200; index++) bo.text.insert(index * 17, index % 9 === 0 ? "\n" : "x");
  });
  meet(ada, bo);
  expect(ada.agrees()).toBe(true);
  const { $head } = ada.state().selection;
  expect($head.parent.textContent.slice($head.parentOffset)).toBe("200 i referatet");
});

test("what a newer version has put in is shown as an unknown object, and survives the editing around it", () => {
  const one = writer();
  one.text.insert(0, "før  etter\n");
  one.text.insertEmbed(4, { figure: 1 });
  one.text.format(11, 1, { kind: "table" });
  one.select(5);
  one.type("X");
  expect(one.shown()).toBe("før \uFFFCX etter\n");
  expect(one.text.toDelta()).toEqual([{ insert: "før " }, { insert: { figure: 1 } }, { insert: "X etter" }, { insert: "\n", attributes: { kind: "table" } }]);
});

test("a place that is none is nowhere", () => {
  const one = writer();
  one.type("Mor");
  expect(one.shared.offsetOf(one.shared.placeAt(2))).toBe(2);
  for (const place of [null, 7, {}, { item: { client: "x" } }, { tname: "other" }]) expect(one.shared.offsetOf(place)).toBe(null);
});

const formats = ["heading", "item", "bold"] as const;

/** Random writing. Every character that is written is used once; what somebody deletes is what they saw. */
function playground(seed: number, count: number) {
  const chance = seededChance(seed);
  const pick = (below: number) => Math.floor(chance() * below);
  const all = Array.from({ length: count }, writer);
  let next = 0x4e00;
  const words = (length: number) => String.fromCodePoint(...Array.from({ length }, () => next++));
  const lengthOf = (one: Writer) => one.text.length;

  /** @returns what it wrote */
  function act(one: Writer): string {
    const from = pick(lengthOf(one) + 1);
    const to = chance() < 0.5 ? from : Math.min(lengthOf(one), from + pick(6));
    one.select(chance() < 0.5 ? from : to, chance() < 0.5 ? from : to);
    const written = words(1 + pick(3));
    switch (pick(10)) {
      case 0:
        keyOn(one, "Enter");
        return "";
      case 1:
        keyOn(one, "Backspace");
        return "";
      case 2:
        one.run(removeSelection);
        return "";
      case 3:
      case 4:
        one.run(toggle(formats[pick(3)] ?? "bold"));
        return "";
      case 5:
        one.dispatch(one.state().tr.replaceSelection(linesOfText(`${written[0]}\n- ${written.slice(1)}`, [])));
        return written;
      case 6: {
        // Several steps in one transaction, of which the later touch what the earlier made.
        const { tr, doc } = one.state();
        tr.insertText(written).split(tr.selection.head);
        one.dispatch(tr.delete(1, Math.min(tr.doc.content.size - 1, 1 + pick(2))).insertText("", doc.content.size > 6 ? 2 : 1));
        return written;
      }
      default:
        one.type(written);
        return written;
    }
  }
  return { all, act, pick };
}

const charactersOf = (one: Writer) => new Set(one.text.toJSON().replaceAll("\n", ""));
const seeds = Array.from({ length: 60 }, (_, index) => index + 1);

test.each([2, 3])("%i writers with random strokes have the same text everywhere, all of it, and the editor shows what the document has", (count) => {
  for (const seed of seeds) {
    const { all, act, pick } = playground(seed, count);
    const kept = new Set<string>();
    for (let step = 0; step < 80; step++) {
      const one = all[pick(count)]!;
      const before = charactersOf(one);
      const written = act(one);
      const after = charactersOf(one);
      for (const character of written) kept.add(character);
      for (const character of [...before, ...Array.from(written)]) if (!after.has(character)) kept.delete(character);
      expect(one.agrees(), `seed ${seed}, step ${step}`).toBe(true);
      if (pick(6) === 0) meet(one, all[pick(count)]!);
    }
    meet(...all);
    meet(...all);
    for (const one of all) {
      expect(one.agrees(), `seed ${seed}`).toBe(true);
      expect(one.text.toDelta(), `seed ${seed}`).toEqual(all[0]!.text.toDelta());
      expect(Array.from(one.text.toJSON().replaceAll("\n", "")).sort(), `seed ${seed}`).toEqual([...kept].sort());
    }
  }
});

test("undo and redo among random strokes touch nothing but one's own, and all have the same in the end", () => {
  for (const seed of seeds) {
    const { all, act, pick } = playground(seed, 3);
    const authors = new Map<string, Writer>();
    const deleted = new Map<Writer, Set<string>>(all.map((one) => [one, new Set()]));
    for (let step = 0; step < 80; step++) {
      const one = all[pick(3)]!;
      const before = charactersOf(one);
      const own = deleted.get(one)!;
      if (pick(4) === 0) {
        if (pick(3) === 0) one.shared.redo();
        else one.shared.undo();
        const after = charactersOf(one);
        for (const character of before) if (!after.has(character)) expect(authors.get(character) === one || own.has(character), `seed ${seed}, step ${step}`).toBe(true);
        for (const character of after) if (!before.has(character)) expect(authors.get(character) === one || own.has(character), `seed ${seed}, step ${step}`).toBe(true);
      } else {
        for (const character of act(one)) authors.set(character, one);
        const after = charactersOf(one);
        for (const character of before) if (!after.has(character)) own.add(character);
        if (pick(3) === 0) one.shared.endStep();
      }
      expect(one.agrees(), `seed ${seed}, step ${step}`).toBe(true);
      if (pick(6) === 0) meet(one, all[pick(3)]!);
    }
    meet(...all);
    meet(...all);
    for (const one of all) {
      expect(one.agrees(), `seed ${seed}`).toBe(true);
      expect(one.text.toDelta(), `seed ${seed}`).toEqual(all[0]!.text.toDelta());
    }
  }
});

test("what was written in an editor half a second before the power was cut is there again, and two who went on meanwhile have the same", async () => {
  const relay = createTestRelay();
  const clock = createManualClock();
  const [ada, bo] = [await createDevice(relay.port), await createDevice(relay.port)];
  await bringIn(ada, await foundService(relay, ada), bo);
  const docId = documentId("meeting", "ab".repeat(16));
  const open = async (device: TestDevice) => {
    const room = device.space.rooms.get()[0]!;
    const typed = await openTypedDocument({ room, docId, drafts: createDraftStore(device.database, device.deviceKeys.draft, clock), clock });
    const one = createWriter(typed.doc);
    writers.push(one);
    return { typed, one };
  };
  const [atAda, atBo] = [await open(ada), await open(bo)];
  relay.down = true;
  atAda.one.type("Mor forteller");
  keyOn(atAda.one, "Enter");
  atAda.one.run(toggle("item"));
  atAda.one.type("søvn");
  atBo.one.type("Far er med. ");
  clock.pass(400);
  await expect.poll(() => atAda.typed.status.get().onDisk).toBe(true);
  const adaAgain = await ada.crash();
  const after = await open(adaAgain);
  expect(after.one.shown()).toBe("Mor forteller\n- søvn\n");
  after.one.select(5);
  after.one.type("gladt ");
  relay.down = false;
  for (const { typed } of [after, atBo]) await typed.seal();
  for (let round = 0; round < 2; round++) for (const { space } of [adaAgain, bo]) await space.sync.settle();
  await expect.poll(() => after.one.shown() === atBo.one.shown()).toBe(true);
  for (const words of ["Mor fgladt orteller", "- søvn", "Far er med."]) expect(atBo.one.shown()).toContain(words);
  for (const { typed } of [after, atBo]) await typed.close();
  for (const { space } of [adaAgain, bo]) await space.close();
});

test("a text that comes whole into an empty editor is shown whole", () => {
  const [ada, bo] = twoWith("- en\n\nto");
  const late = writer();
  Y.applyUpdateV2(late.doc, Y.encodeStateAsUpdateV2(ada.doc));
  expect([late.shown(), bo.shown()]).toEqual(["- en\n\nto", "- en\n\nto"]);
});
