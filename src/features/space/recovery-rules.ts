import type { RecoveryEvent } from "../../engine/log/recovery-events.ts";

/** Each room tells of the same use, some seconds apart. */
const sameMs = 60 * 60_000;

/** What one room tells of the code, the newest first, and since when this device is in it, by the same clock; null where that is not known. */
export type ToldByRoom = { roomId: string; events: readonly RecoveryEvent[]; ownSince: number | null };

/** One use of the code. `ids` has one for each room that tells of it. */
export type CodeUse = Pick<RecoveryEvent, "name" | "at"> & { ids: readonly string[] };

/** What happened once and stands in many rooms, once; the newest first. What no record says the time of comes last. */
export function eachOnce(events: readonly RecoveryEvent[]): RecoveryEvent[] {
  return inGroups(events).flatMap(([newest]) => newest ?? []);
}

/** Every use but the one that let this device in; the newest first. */
export function usesByOthers(rooms: readonly ToldByRoom[]): CodeUse[] {
  const uses = rooms.flatMap(({ roomId, events, ownSince }) =>
    events.flatMap((event, index) => {
      if (event.what !== "used" || (event.at !== null && event.at === ownSince)) return [];
      // By its place in the log: a clock that was set back must not let one use pass for another that somebody has looked at.
      return [{ ...event, id: `${roomId}/${events.length - index}/${event.at ?? ""}` }];
    }),
  );
  return inGroups(uses).flatMap((group) => {
    const [newest] = group;
    return newest === undefined ? [] : [{ name: newest.name, at: newest.at, ids: group.map(({ id }) => id) }];
  });
}

function inGroups<E extends RecoveryEvent>(events: readonly E[]): E[][] {
  const newestFirst = [...events].sort((a, b) => (b.at ?? 0) - (a.at ?? 0));
  const groups: E[][] = [];
  for (const event of newestFirst) {
    const isSame = ([kept]: E[]) => kept?.what === event.what && kept.name === event.name && Math.abs((kept.at ?? 0) - (event.at ?? 0)) < sameMs;
    const group = groups.find(isSame);
    if (group === undefined) groups.push([event]);
    else group.push(event);
  }
  return groups;
}
