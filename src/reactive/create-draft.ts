import { type Accessor, createSignal, onCleanup } from "solid-js";
import { createStore, reconcile, type SetStoreFunction, unwrap } from "solid-js/store";
import { useEngine } from "./engine-context.tsx";

/** At most this much typing is lost when the device dies, and twice that while it is being sealed. */
const saveAfterMs = 400;

export type Draft<T extends object> = {
  /** A Solid store: read it in JSX or an effect. */
  value: T;
  /** Changes the draft; it is on disk within half a second. */
  set: SetStoreFunction<T>;
  /** Whether what was on disk has been read. Until then `value` is the beginning. */
  ready: Accessor<boolean>;
  /** When the disk had it last, in ms; null before. */
  savedAt: Accessor<number | null>;
  /** Saves now, if anything is unsaved. */
  flush(): Promise<void>;
  /** It is about to be sealed for good: what is not on disk yet waits once more, so that the disk does not write both at the same time. */
  postpone(): void;
  /** Forgets it: here at once, and on disk when `after` is over. */
  discard(after?: Promise<unknown>): Promise<void>;
};

/**
 * Unsaved work that survives a kill: sealed and on disk shortly after each change, and at once when the page is hidden or locked.
 * @param read turns what was on disk into a draft; gives null for what it does not know, and then the beginning is used
 */
export function createDraft<T extends object>(draftId: string, beginning: T, read: (stored: unknown) => T | null): Draft<T> {
  const engine = useEngine();
  const [value, set] = createStore<T>(structuredClone(beginning));
  const [ready, setReady] = createSignal(false);
  const [savedAt, setSavedAt] = createSignal<number | null>(null);
  let dirty = false;
  let over = false;
  let cancel: (() => void) | null = null;
  let saving: Promise<void> = Promise.resolve();

  void engine.read(async () => {
    const stored = await engine.drafts.load(draftId);
    const draft = stored === undefined ? null : read(stored);
    if (draft !== null && !dirty) set(reconcile(draft));
    setReady(true);
  });

  const flush = (): Promise<void> => {
    cancel?.();
    cancel = null;
    if (!dirty || over) return saving;
    dirty = false;
    const copy = structuredClone(unwrap(value));
    saving = saving.then(async () => {
      const saved = await engine.run(async () => {
        const { savedAt: at } = await engine.drafts.save(draftId, copy);
        setSavedAt(at);
      });
      if (!saved) dirty = true;
    });
    return saving;
  };

  const change = ((...path: unknown[]) => {
    (set as (...given: unknown[]) => void)(...path);
    if (over) return;
    dirty = true;
    // Counted from the first unsaved key, not the last: someone who types without a pause loses no more than others.
    cancel ??= engine.clock.after(saveAfterMs, () => void flush());
  }) as SetStoreFunction<T>;

  const onHidden = () => {
    if (document.visibilityState === "hidden") void flush();
  };
  document.addEventListener("visibilitychange", onHidden);
  window.addEventListener("pagehide", flush);
  const stopBeforeLock = engine.beforeLock(flush);
  onCleanup(() => {
    document.removeEventListener("visibilitychange", onHidden);
    window.removeEventListener("pagehide", flush);
    stopBeforeLock();
    void flush();
  });

  return {
    value,
    set: change,
    ready,
    savedAt,
    flush,
    postpone() {
      if (cancel === null) return;
      cancel();
      cancel = engine.clock.after(saveAfterMs, () => void flush());
    },
    async discard(after) {
      over = true;
      cancel?.();
      await after;
      await saving;
      await engine.drafts.remove(draftId);
    },
  };
}
