import { type Accessor, createEffect, createMemo, createSignal, onCleanup } from "solid-js";
import type { Room } from "../../engine/space.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { fromObservable } from "../../reactive/from-observable.ts";
import { type Person, peopleOf, type RoomPeople } from "./people-rules.ts";

/** Reads something of all rooms, again after each round of sync and whenever rooms come or go. Undefined until it has been read once. */
export function createReading<T>(read: (rooms: readonly Room[]) => Promise<T>): Accessor<T | undefined> {
  const engine = useEngine();
  const sync = fromObservable(engine.space.sync.status);
  const space = fromObservable(engine.space.status);
  const [value, setValue] = createSignal<T>();
  createEffect(() => {
    const rooms = engine.rooms();
    sync();
    space();
    let over = false;
    onCleanup(() => {
      over = true;
    });
    void engine.read(async () => {
      const found = await read(rooms);
      if (!over) setValue(() => found);
    });
  });
  return value;
}

/** Nobody, in a room that this device has yet to be let into: it can tell of none there, itself included. */
export async function readRoomPeople(room: Room): Promise<RoomPeople> {
  const { roomId, kind, label, deviceId } = room;
  const members = await room.members();
  const isIn = members.some((member) => member.deviceId === deviceId && member.addedAt !== null);
  return { roomId, kind, label, deviceId, members: isIn ? members : [] };
}

/** Everybody who is in a room with this device. */
export function createServicePeople(): Accessor<Person[] | undefined> {
  const rooms = createReading((all) => Promise.all(all.map(readRoomPeople)));
  return createMemo(() => {
    const found = rooms();
    return found === undefined ? undefined : peopleOf(found);
  });
}
