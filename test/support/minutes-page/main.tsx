import { createSignal, type JSX } from "solid-js";
import { render } from "solid-js/web";
import * as Y from "yjs";
import "../../../src/ui/styles/main.css";
import { MinutesEditor } from "../../../src/features/meetings/minutes-editor.tsx";
import type { TextPresence } from "../../../src/lib/shared-text.ts";
import { TextProvider } from "../../../src/ui/text-provider.tsx";

/** The minutes editor alone on a page, with a colleague who writes when the test says so. */

const doc = new Y.Doc();
const colleague = new Y.Doc();
const items = ["first", "second"] as const;
const [item, setItem] = createSignal<(typeof items)[number]>("first");
const text = () => doc.getText(item());

let others: ReturnType<TextPresence["getStates"]> = [];
let ownPlace: unknown = null;
const listeners = new Set<() => void>();
const presence: TextPresence = {
  getStates: () => others,
  setLocal(place) {
    ownPlace = place;
  },
  subscribe(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

const commands = {
  delta: () => text().toDelta() as unknown[],
  /** The colleague sees what is written here, changes it, and it comes back. */
  colleagueWrites(offset: number, words: string, deleted = 0) {
    Y.applyUpdateV2(colleague, Y.encodeStateAsUpdateV2(doc));
    const theirs = colleague.getText(item());
    theirs.delete(offset, deleted);
    theirs.insert(offset, words);
    Y.applyUpdateV2(doc, Y.encodeStateAsUpdateV2(colleague), "colleague");
  },
  colleagueIsAt(offset: number | null) {
    const place = () => Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(text(), offset ?? 0)) as unknown;
    others = offset === null ? [] : [{ id: "1", name: "Sosiallærer", place: place() }];
    for (const listener of listeners) listener();
  },
  ownOffset: () => (ownPlace === null ? null : (Y.createAbsolutePositionFromRelativePosition(Y.createRelativePositionFromJSON(ownPlace), doc)?.index ?? null)),
  openItem: (next: (typeof items)[number]) => void setItem(next),
};
export type MinutesPage = typeof commands;
Object.assign(globalThis, { minutes: commands });

function Page(): JSX.Element {
  return (
    <main>
      <h1>Oppstartsmøte</h1>
      <h2>Foreldrenes syn</h2>
      <button type="button">før</button>
      <MinutesEditor text={text()} label="Foreldrenes syn" presence={presence} />
      <button type="button">etter</button>
    </main>
  );
}

const root = document.getElementById("root");
if (root !== null) {
  render(
    () => (
      <TextProvider>
        <Page />
      </TextProvider>
    ),
    root,
  );
}
