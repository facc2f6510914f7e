import { type Accessor, batch, createContext, createMemo, createSignal, type JSX, onCleanup, type Setter, useContext } from "solid-js";
import type * as Y from "yjs";
import { documentId, indexDocId } from "../engine/log/rights.ts";
import type { Clock, RandomBytes } from "../engine/platform/clock.ts";
import type { RelayPort } from "#protocol/messages.ts";
import type { Room, Space } from "../engine/space.ts";
import type { DraftStore } from "../engine/storage/draft-store.ts";
import type { LocalStore } from "../engine/storage/local-store.ts";
import { createNewId, type NewId } from "../lib/id.ts";
import { type Moment, momentOf } from "../lib/iso-date.ts";
import { fromObservable } from "./from-observable.ts";

/** What a page has of the engine while the device is unlocked. */
export type UnlockedEngine = {
  relay: RelayPort;
  serviceToken: { current: Uint8Array | null };
  space: Space;
  drafts: DraftStore;
  locals: LocalStore;
  clock: Clock;
  random: RandomBytes;
};

export type EngineContextValue = UnlockedEngine & {
  rooms: Accessor<readonly Room[]>;
  /**
   * The room's index document; undefined until it is open. The same for everyone who asks. Those that are asked for in one moment open in one update:
   * what shows seven schools is drawn once.
   */
  index(room: Room): Accessor<Y.Doc | undefined>;
  /** Says that a page has opened a document of a record, for whoever keeps a log of that. */
  tellOpened(room: Room, docId: string): void;
  /** @returns what ends the listening */
  onOpened(listener: (room: Room, docId: string) => void): () => void;
  /** Local time, moving once a minute. */
  now: Accessor<Date>;
  /** Local date, `YYYY-MM-DD`. */
  today: Accessor<string>;
  /** Local time to the second, for what is written down: `now` is for what is shown. */
  moment(): Moment;
  newId: NewId;
  /**
   * Runs a command; a failure is shown in the state line, in words, and the data is as it was.
   * @returns whether it is on disk
   */
  run(command: () => Promise<void>): Promise<boolean>;
  /** Runs something that only reads; a failure is shown the same way, and success does not take an earlier failure away. */
  read(work: () => Promise<void>): Promise<void>;
  /** The last command's failure, until another succeeds. */
  failure: Accessor<unknown>;
  /** Registers what must be on disk before the app locks or a new version takes over. @returns what ends it */
  beforeLock(flush: () => Promise<unknown>): () => void;
  /** Runs what was registered. */
  flushAll(): Promise<void>;
};

const EngineContext = createContext<EngineContextValue>();

/** @throws outside of an unlocked app */
export function useEngine(): EngineContextValue {
  const value = useContext(EngineContext);
  if (value === undefined) throw new Error("useEngine needs an EngineProvider above it");
  return value;
}

export function EngineProvider(props: { engine: UnlockedEngine; children: JSX.Element }): JSX.Element {
  const value = createEngineContext(props.engine);
  return <EngineContext.Provider value={value}>{props.children}</EngineContext.Provider>;
}

function createEngineContext(engine: UnlockedEngine): EngineContextValue {
  const rooms = fromObservable(engine.space.rooms);
  const indexes = new Map<string, Accessor<Y.Doc | undefined>>();
  const [failure, setFailure] = createSignal<unknown>(null);
  const flushers = new Set<() => Promise<unknown>>();
  const openedListeners = new Set<(room: Room, docId: string) => void>();
  const now = createMinuteClock(engine.clock);
  const today = createMemo(() => localDate(now()));
  const read = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      setFailure(() => error);
    }
  };
  const openTogether = createOpener(read);
  return {
    ...engine,
    rooms,
    now,
    today,
    failure,
    tellOpened(room, docId) {
      for (const listener of openedListeners) listener(room, docId);
    },
    onOpened(listener) {
      openedListeners.add(listener);
      return () => openedListeners.delete(listener);
    },
    beforeLock(flush) {
      flushers.add(flush);
      return () => flushers.delete(flush);
    },
    async flushAll() {
      await Promise.allSettled(Array.from(flushers, (flush) => flush()));
    },
    index(room) {
      let index = indexes.get(room.roomId);
      if (index === undefined) {
        index = openTogether(room, indexDocId);
        indexes.set(room.roomId, index);
      }
      return index;
    },
    moment: () => momentOf(new Date(engine.clock.now())),
    newId: createNewId(engine.random),
    read,
    async run(command) {
      try {
        await command();
        setFailure(null);
        return true;
      } catch (error) {
        setFailure(() => error);
        return false;
      }
    },
  };
}

/**
 * Opens documents. They are closed with the space, not with a page; who looks at one for a while is given, by `onStop`, what ends the looking.
 */
function createOpener(read: (work: () => Promise<void>) => Promise<void>): (room: Room, docId: string, onStop?: (stop: () => void) => void) => Accessor<Y.Doc | undefined> {
  let asked: { room: Room; docId: string; setDoc: Setter<Y.Doc | undefined>; onStop: (stop: () => void) => void }[] = [];
  const openAsked = async () => {
    const opening = asked;
    asked = [];
    const shown: (() => void)[] = [];
    await Promise.all(
      opening.map(({ room, docId, setDoc, onStop }) =>
        read(async () => {
          let doc: Y.Doc | undefined;
          const stop = await room.onReplaced(docId, (replaced) => {
            doc = replaced;
            setDoc(() => replaced);
          });
          onStop(stop);
          doc = await room.open(docId);
          shown.push(() => setDoc(() => doc));
        }),
      ),
    );
    batch(() => shown.forEach((show) => show()));
  };
  return (room, docId, onStop = () => {}) => {
    const [doc, setDoc] = createSignal<Y.Doc>();
    if (asked.length === 0) queueMicrotask(() => void openAsked());
    asked.push({ room, docId, setDoc, onStop });
    return doc;
  };
}

/** A case's own document, opened when it is asked for; undefined until then. */
export function createCaseDocument(room: Accessor<Room | undefined>, caseId: Accessor<string | undefined>): Accessor<Y.Doc | undefined> {
  return createRoomDocument(room, () => {
    const id = caseId();
    return id === undefined ? undefined : documentId("case", id);
  });
}

/** Any document of a room but its index, opened when it is asked for; undefined until then. */
export function createRoomDocument(room: Accessor<Room | undefined>, docId: Accessor<string | undefined>): Accessor<Y.Doc | undefined> {
  const engine = useEngine();
  const open = createOpener((work) => engine.read(work));
  const opened = createMemo(() => {
    const [inRoom, id] = [room(), docId()];
    if (inRoom === undefined || id === undefined) return undefined;
    let over = false;
    let stopLooking = () => {};
    onCleanup(() => {
      over = true;
      stopLooking();
    });
    engine.tellOpened(inRoom, id);
    return open(inRoom, id, (stop) => (over ? stop() : (stopLooking = stop)));
  });
  return () => opened()?.();
}

function createMinuteClock(clock: Clock): Accessor<Date> {
  const [now, setNow] = createSignal(new Date(clock.now()));
  let cancel = () => {};
  const tick = () => {
    setNow(new Date(clock.now()));
    cancel = clock.after(60_000 - (clock.now() % 60_000), tick);
  };
  tick();
  onCleanup(() => cancel());
  return now;
}

function localDate(at: Date): string {
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
}
