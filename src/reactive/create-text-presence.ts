import * as z from "zod/mini";
import { type Accessor, createEffect, createSignal, onCleanup } from "solid-js";
import type { TextPlace, TextPresence } from "../lib/shared-text.ts";
import type { Room } from "../engine/space.ts";
import { useEngine } from "./engine-context.tsx";

/** What one writer tells the others: as whom, in which text of the document, and where in it. `text` is null once it is left. */
const Word = z.object({ name: z.string().check(z.maxLength(80)), text: z.nullable(z.string().check(z.maxLength(80))), place: z.optional(z.unknown()) });
type Word = z.infer<typeof Word>;

export type Writer = Word & { readonly id: string };

export type DocumentPresence = {
  /** The others who have the document open and can be heard. */
  writers: Accessor<readonly Writer[]>;
  /** For an editor bound to one of the document's texts. */
  inText(text: string): TextPresence;
};

/** While nobody has been heard, one says where one is this seldom: it costs battery, and shows the relay when somebody writes. */
const aloneMs = 5_000;
/** A place that is not moved is said again, or others would take its owner for gone. */
const againMs = 10_000;
/** Nothing from somebody for this long, and the bar goes: a device that locked or lost its network says no farewell. */
const silentMs = 25_000;

/**
 * Where the others are in a document, for as long as the owner lives, and where this person is.
 * @param name who this person is to the others: a role
 */
export function createTextPresence(room: Accessor<Room | undefined>, docId: Accessor<string | undefined>, name: Accessor<string>): DocumentPresence {
  const engine = useEngine();
  const { clock } = engine;
  const [writers, setWriters] = createSignal<readonly Writer[]>([]);
  const listeners = new Set<() => void>();
  let own: { text: string; place: TextPlace } | null = null;
  let send: ((word: Word) => void) | null = null;

  createEffect(() => {
    const [inRoom, id] = [room(), docId()];
    if (inRoom === undefined || id === undefined) return;
    const channel = inRoom.presence(id);
    const heardAt = new Map<string, number>();
    let saidAt = Number.NEGATIVE_INFINITY;
    let cancel = () => {};

    send = (word) => {
      const isFarewell = word.text === null;
      if (!isFarewell && heardAt.size === 0 && clock.now() - saidAt < aloneMs) return;
      saidAt = clock.now();
      channel.send(new TextEncoder().encode(JSON.stringify(word)));
    };
    const tick = () => {
      const gone = Array.from(heardAt).filter(([, at]) => clock.now() - at >= silentMs);
      for (const [device] of gone) heardAt.delete(device);
      if (gone.length > 0) show(writers().filter(({ id: device }) => heardAt.has(device)));
      if (own !== null && clock.now() - saidAt >= againMs) send?.({ name: name(), ...own });
      cancel = clock.after(againMs / 2, tick);
    };
    tick();
    const stop = channel.onReceived((device, bytes) => {
      const word = Word.safeParse(parsed(bytes));
      if (!word.success) return;
      const isNew = !heardAt.has(device);
      const others = writers().filter((one) => one.id !== device);
      if (word.data.text === null) heardAt.delete(device);
      else heardAt.set(device, clock.now());
      show(word.data.text === null ? others : [...others, { id: device, ...word.data }]);
      // Whoever has just come does not know yet where this one is.
      if (isNew && own !== null) send?.({ name: name(), ...own });
    });
    onCleanup(() => {
      stop();
      cancel();
      if (heardAt.size > 0) send?.({ name: name(), text: null });
      channel.close();
      send = null;
      show([]);
    });
  });

  function show(next: readonly Writer[]): void {
    setWriters(next);
    for (const listener of listeners) listener();
  }

  return {
    writers,
    inText: (text) => ({
      getStates: () => writers().flatMap((one) => (one.text === text ? [{ id: one.id, name: one.name, place: one.place }] : [])),
      setLocal(place) {
        // Another text's editor may say its farewell after this one's first word.
        if (place === null) {
          if (own?.text === text) own = null;
          return;
        }
        own = { text, place };
        send?.({ name: name(), ...own });
      },
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    }),
  };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
