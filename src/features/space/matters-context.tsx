import { type Accessor, createContext, createEffect, createMemo, createSignal, type JSX, onCleanup, useContext } from "solid-js";
import type { Room } from "../../engine/space.ts";
import { fromObservable } from "../../reactive/from-observable.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { createSeen } from "./create-seen.ts";
import { listMatters } from "./matters.ts";
import { type CodeUse, type ToldByRoom, usesByOthers } from "./recovery-rules.ts";

export type Matters = {
  /** Each thing that needs somebody, once. */
  all: Accessor<ReadonlySet<string>>;
  /** When others came in with the recovery code, until somebody has looked into it. */
  codeUses: Accessor<readonly CodeUse[]>;
  /** Somebody has looked into what is shown. */
  acknowledge(): void;
};

const MattersContext = createContext<Matters>();

/** Gathers what needs somebody, once for all who ask: the state line counts it on every page. */
export function MattersProvider(props: { children: JSX.Element }): JSX.Element {
  return <MattersContext.Provider value={createMatters()}>{props.children}</MattersContext.Provider>;
}

/** @throws outside of an unlocked app */
export function useMatters(): Matters {
  const matters = useContext(MattersContext);
  if (matters === undefined) throw new Error("useMatters needs a MattersProvider above it");
  return matters;
}

function createMatters(): Matters {
  const engine = useEngine();
  const space = fromObservable(engine.space.status);
  const sync = fromObservable(engine.space.sync.status);
  const seenUses = createSeen("seenCodeUses");
  const told = createToldByRooms();
  const codeUses = createMemo(() => usesByOthers(told()).filter(({ ids }) => !ids.every(seenUses.has)));
  return {
    codeUses,
    all: createMemo(() => listMatters(space().attention, sync().refused.values(), codeUses())),
    acknowledge() {
      seenUses.add(codeUses().flatMap(({ ids }) => ids));
    },
  };
}

/** Read after each round of sync, and not before the first: what it brings is what is new, and until then the first screen has the disk. */
function createToldByRooms(): Accessor<readonly ToldByRoom[]> {
  const engine = useEngine();
  const sync = fromObservable(engine.space.sync.status);
  const [told, setTold] = createSignal<readonly ToldByRoom[]>([]);
  createEffect(() => {
    const rooms = engine.rooms();
    if (sync().reached === null) return;
    let over = false;
    onCleanup(() => {
      over = true;
    });
    void engine.read(async () => {
      const found = await Promise.all(rooms.map(readRoom));
      if (!over) setTold(found);
    });
  });
  return told;
}

async function readRoom(room: Room): Promise<ToldByRoom> {
  const { roomId, deviceId } = room;
  const events = await room.recoveryEvents();
  if (!events.some(({ what }) => what === "used")) return { roomId, events, ownSince: null };
  const own = (await room.members()).find((member) => member.deviceId === deviceId);
  return { roomId, events, ownSince: own?.addedAt ?? null };
}
