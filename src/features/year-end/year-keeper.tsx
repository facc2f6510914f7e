import { createEffect } from "solid-js";
import { useEngine } from "../../reactive/engine-context.tsx";
import { fromObservable } from "../../reactive/from-observable.ts";
import { schoolOfLabel, yearOfLabel } from "../space/invite-rules.ts";
import { useRoomWork } from "../space/room-work.tsx";
import { createYearName } from "./past-years.tsx";
import { isInLastDays } from "./rules.ts";

/** Destroys a closed year in its last days: behind them no device has the room, and nobody could tell the relay to. */
export function YearKeeper(): null {
  const engine = useEngine();
  const work = useRoomWork();
  const yearName = createYearName();
  const sync = fromObservable(engine.space.sync.status);
  const begun = new Set<string>();
  createEffect(() => {
    if (sync().reached !== true) return;
    for (const room of engine.rooms()) {
      const { label } = room;
      const [keptUntil, schoolYear, schoolId] = [room.keptUntil(), yearOfLabel(label), schoolOfLabel(label)];
      if (keptUntil === null || schoolYear === null || schoolId === null || room.role !== "consultant" || begun.has(label)) continue;
      // A clock that is wrong by months must not destroy a year for all: somebody else's says so too.
      const heardOn = new Date(engine.space.heardAt()).toISOString().slice(0, 10);
      if (!isInLastDays(keptUntil, engine.today()) || !isInLastDays(keptUntil, heardOn)) continue;
      begun.add(label);
      void engine.run(async () => void (await work.begin(yearName({ schoolYear, schoolId }), { type: "shred", label })));
    }
  });
  return null;
}
