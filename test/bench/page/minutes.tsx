import { createRoot } from "solid-js";
import { render } from "solid-js/web";
import * as Y from "yjs";
import * as z from "zod/mini";
import { createService } from "../../../src/app/birth.ts";
import { openInstallation } from "../../../src/app/installation.ts";
import { openTypedDocument, type TypedDocument } from "../../../src/engine/documents/typed-document.ts";
import { documentId } from "../../../src/engine/log/rights.ts";
import { MinutesEditor } from "../../../src/features/meetings/minutes-editor.tsx";
import { createTextBinding } from "../../../src/reactive/create-text-binding.ts";
import { positionOf } from "../../../src/ui/rich-text/flat-text.ts";
import { openEditor } from "../../../src/ui/rich-text/open-editor.ts";
import { TextProvider } from "../../../src/ui/text-provider.tsx";
import type { Patch } from "../field/live-commands.ts";
import { nextFrame } from "../../../src/ui/next-frame.ts";
import "../../../src/ui/styles/main.css";

// The minutes editor on a real engine and its disk, and beside it an element that is only editable: what no editor in a browser goes below.

z.config({ jitless: true });

const root = document.querySelector("#root") as HTMLElement;
let typed: TypedDocument;

const words = "Møtet gikk gjennom meldingen sammen med foreldrene, skolen og barnevernstjenesten. Læreren fortalte om fraværet i høst og hva de har prøvd.".split(" ");

/** Lines of a twenty-page document: 60,000 characters, a heading for every twelve, a third of them points, each beginning with something bold. */
function makeLines(): { kind?: "heading" | "item"; text: string }[] {
  const lines: { kind?: "heading" | "item"; text: string }[] = [];
  let [length, word] = [0, 0];
  while (length < 60_000) {
    const index = lines.length;
    const atLeast = index % 12 === 0 ? 30 : index % 3 === 1 ? 70 : 160 + (index % 5) * 40;
    let text = "";
    while (text.length < atLeast) text += `${text === "" ? "" : " "}${words[word++ % words.length]}`;
    lines.push(index % 12 === 0 ? { kind: "heading", text } : index % 3 === 1 ? { kind: "item", text } : { text });
    length += text.length + 1;
  }
  return lines;
}

const textBox = () => document.querySelector(".rich-text") as HTMLElement;

/** The caret, in the middle of the document. */
async function enter(): Promise<void> {
  const box = textBox();
  const line = box.children[Math.floor(box.children.length / 2)] as HTMLElement;
  line.scrollIntoView({ block: "center" });
  await nextFrame();
  box.focus();
  const run = document.createTreeWalker(line, NodeFilter.SHOW_TEXT).nextNode();
  getSelection()?.collapse(run, 3);
  await nextFrame();
}

const commands = {
  async openOurs({ code }: { code: string }): Promise<void> {
    const born = await createService(openInstallation("service"), { code, passphrase: "blå dør og fire stoler", serviceName: "Tjenesten", ownName: "Ada" });
    if (!born.ok) throw new Error(born.fault);
    const { space, drafts, clock } = born.engine;
    const room = space.rooms.get()[0];
    if (room === undefined) throw new Error("no room");
    typed = await openTypedDocument({ room, docId: documentId("meeting", "ab".repeat(16)), drafts, clock });
    const text = typed.doc.getText("item");
    text.applyDelta(
      makeLines().flatMap(({ kind, text: line }) => [
        { insert: line.slice(0, 8), attributes: { bold: true } },
        { insert: line.slice(8) },
        { insert: "\n", attributes: kind === undefined ? {} : { kind } },
      ]),
    );
    await typed.seal();
    render(
      () => (
        <TextProvider>
          <MinutesEditor text={text} label="Referat" />
        </TextProvider>
      ),
      root,
    );
    while (document.querySelector(".rich-text") === null) await nextFrame();
    await enter();
  },

  async openBare(): Promise<void> {
    const box = document.createElement("div");
    box.className = "rich-text";
    box.contentEditable = "true";
    for (const { kind, text } of makeLines()) {
      const line = document.createElement(kind === "heading" ? "h3" : "p");
      line.append(text);
      box.append(line);
    }
    root.append(box);
    await enter();
  },

  /** From now on each key is timed until the frame with it has been made. */
  async watchKeys(): Promise<void> {
    addEventListener(
      "keydown",
      ({ timeStamp }) => {
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => performance.measure("key", { start: timeStamp, end: performance.now() });
          port2.postMessage(null);
        });
      },
      true,
    );
  },

  /** @returns for each key so far, in ms */
  async keyTimes(): Promise<number[]> {
    const times = performance.getEntriesByName("key").map(({ duration }) => duration);
    performance.clearMeasures("key");
    return times;
  },

  /** From the next key until the draft that has it is on disk, in ms. */
  nextKeyOnDisk(): Promise<number> {
    return new Promise((resolve) => {
      addEventListener(
        "keydown",
        ({ timeStamp }) => {
          const stop = typed.status.subscribe(({ onDisk }) => {
            if (!onDisk) return;
            stop();
            resolve(performance.now() - timeStamp);
          });
        },
        { capture: true, once: true },
      );
    });
  },

  /** Types a trace into an editor on the screen, an edit a transaction. @returns what it took, in ms, and what opening the result takes */
  async typeTrace({ patches, expected }: { patches: Patch[]; expected: string }): Promise<{ typeMs: number; openMs: number; lines: number }> {
    const host = document.createElement("div");
    root.append(host);
    const doc = new Y.Doc();
    const shared = createRoot(() => createTextBinding(doc.getText("item")));
    const editor = openEditor(host, { text: shared, label: "Referat" });
    const { view } = editor;
    const startedAt = performance.now();
    for (const [position, deleted, inserted] of patches) {
      const { tr } = view.state;
      const at = positionOf(tr.doc, position);
      if (deleted > 0) tr.delete(at, positionOf(tr.doc, position + deleted));
      for (const [index, part] of inserted.split("\n").entries()) {
        if (index > 0) tr.split(tr.mapping.map(at));
        if (part !== "") tr.insertText(part, tr.mapping.map(at));
      }
      view.dispatch(tr);
    }
    const typeMs = performance.now() - startedAt;
    if (doc.getText("item").toJSON() !== expected) throw new Error("the text is not what the trace gives");
    const lines = view.state.doc.childCount;
    editor.close();
    const update = Y.encodeStateAsUpdateV2(doc);
    const openedAt = performance.now();
    const again = new Y.Doc();
    Y.applyUpdateV2(again, update);
    openEditor(host, { text: createRoot(() => createTextBinding(again.getText("item"))), label: "Referat" });
    await nextFrame();
    return { typeMs, openMs: performance.now() - openedAt, lines };
  },
};
export type MinutesBenchPage = typeof commands;
Object.assign(globalThis, { bench: commands });
