import { type Accessor, createEffect, createSignal, onCleanup } from "solid-js";
import type * as Y from "yjs";
import { openTypedDocument, type TypedDocument, type TypedStatus } from "../engine/documents/typed-document.ts";
import type { Room } from "../engine/space.ts";
import { useEngine } from "./engine-context.tsx";

export type TypedDocumentView = {
  /** What an editor binds to; undefined until it is open. */
  doc: Accessor<Y.Doc | undefined>;
  /** Undefined until it is open. */
  status: Accessor<TypedStatus | undefined>;
  /** Whether somebody else is in the same document: then what is typed reaches them within a second. */
  setCompany(isThere: boolean): void;
  /** Puts what was typed into the room's log now: before minutes are approved, say. */
  seal(): Promise<void>;
};

/**
 * A document that is typed in, for as long as the owner lives and the room and the id are the same. It is sealed when the page is hidden or left,
 * before the app locks or changes version, and when another takes its place.
 */
export function createTypedDocument(room: Accessor<Room | undefined>, docId: Accessor<string | undefined>): TypedDocumentView {
  const engine = useEngine();
  const [opened, setOpened] = createSignal<TypedDocument>();
  const [status, setStatus] = createSignal<TypedStatus>();
  let hasCompany = false;

  const seal = async () => opened()?.seal();

  createEffect(() => {
    const [inRoom, id] = [room(), docId()];
    if (inRoom === undefined || id === undefined) return;
    let over = false;
    let end: (() => Promise<void>) | null = null;
    // Whoever locks the app waits for it also when the page that it belonged to is gone, or it is not quite open yet.
    const opening = engine.read(async () => {
      const typed = await openTypedDocument({ room: inRoom, docId: id, drafts: engine.drafts, clock: engine.clock });
      end = () => typed.close();
      if (over) return;
      typed.setCompany(hasCompany);
      typed.status.subscribe((next) => {
        if (!over) setStatus(next);
      });
      setStatus(typed.status.get());
      setOpened(typed);
    });
    const flush = async () => {
      await opening;
      await (over ? end?.() : seal());
    };
    const stopBeforeLock = engine.beforeLock(flush);
    onCleanup(() => {
      over = true;
      setOpened(undefined);
      setStatus(undefined);
      void flush().then(stopBeforeLock);
    });
  });

  const onHidden = () => {
    if (document.visibilityState === "hidden") void seal();
  };
  document.addEventListener("visibilitychange", onHidden);
  window.addEventListener("pagehide", seal);
  onCleanup(() => {
    document.removeEventListener("visibilitychange", onHidden);
    window.removeEventListener("pagehide", seal);
  });

  return {
    doc: () => opened()?.doc,
    status,
    setCompany(isThere) {
      hasCompany = isThere;
      opened()?.setCompany(isThere);
    },
    seal,
  };
}
