import { type Accessor, createContext, createEffect, createMemo, createSignal, type JSX, onCleanup, useContext } from "solid-js";
import type { Room } from "../../engine/space.ts";
import { fromObservable } from "../../reactive/from-observable.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { createSeen } from "./create-seen.ts";
import { type LostControl, lostControlsIn } from "./lost-controls.ts";
import { listMatters } from "./matters.ts";
import { type CodeUse, type ToldByRoom, usesByOthers } from "./recovery-rules.ts";

export type Matters = {
  /** Each thing that needs somebody, once. */
  all: Accessor<ReadonlySet<string>>;
  /** When others came in with the recovery code, until somebody has looked into it. */
  codeUses: Accessor<readonly CodeUse[]>;
  /** Which changes of who is in a room a restored relay has lost, until somebody has looked into it. */
  lostControls: Accessor<readonly LostControl[]>;
  isToLookInto: Accessor<boolean>;
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
  const seenLost = createSeen("seenEvidence");
  const told = createToldByRooms();
  const codeUses = createMemo(() => usesByOthers(told()).filter(({ ids }) => !ids.every(seenUses.has)), [], sameAs(({ ids }: CodeUse) => ids.join()));
  const lostControls = createMemo(() => told().flatMap(({ lost }) => lost).filter(({ id }) => !seenLost.has(id)), [], sameAs(({ id }: LostControl) => id));
  return {
    codeUses,
    lostControls,
    isToLookInto: createMemo(() => codeUses().length > 0 || lostControls().length > 0),
    all: createMemo(() => listMatters(space().attention, sync().refused.values(), { codeUses: codeUses(), lostControls: lostControls() })),
    acknowledge() {
      if (codeUses().length > 0) seenUses.add(codeUses().flatMap(({ ids }) => ids));
      if (lostControls().length > 0) seenLost.add(lostControls().map(({ id }) => id));
    },
  };
}

/** What is read anew and says the same is no news: a row keeps its focus. */
function sameAs<T>(idOf: (one: T) => string): { equals(a: readonly T[], b: readonly T[]): boolean } {
  return { equals: (a, b) => a.map(idOf).join(" ") === b.map(idOf).join(" ") };
}

type Told = ToldByRoom & { lost: readonly LostControl[] };

/** Read after each round of sync, and not before the first: what it brings is what is new, and until then the first screen has the disk. */
function createToldByRooms(): Accessor<readonly Told[]> {
  const engine = useEngine();
  const sync = fromObservable(engine.space.sync.status);
  const [told, setTold] = createSignal<readonly Told[]>([]);
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

async function readRoom(room: Room): Promise<Told> {
  const { roomId, deviceId } = room;
  const [events, evidence] = await Promise.all([room.recoveryEvents(), room.evidence()]);
  const lost = lostControlsIn(evidence);
  if (!events.some(({ what }) => what === "used")) return { roomId, events, ownSince: null, lost };
  const own = (await room.members()).find((member) => member.deviceId === deviceId);
  return { roomId, events, ownSince: own?.addedAt ?? null, lost };
}
