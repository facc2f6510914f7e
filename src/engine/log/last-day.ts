import { fenceAll, untilCurrent } from "./other-tabs.ts";
import type { RoomContext } from "./room-context.ts";
import { sealRoomState } from "./room-state.ts";

/** Keeps since when this device's clock says that the room's last day is over, or that it does not say so any more. SPEC.md [Z1]. */
export function noteLastDay(room: RoomContext, isOver: boolean): Promise<void> {
  const { store, deviceKeys, clock, committed } = room.parts;
  const { roomId } = room.keys;
  return untilCurrent(room, async () => {
    const before = room.status.get().state;
    const now = clock.now();
    // A clock that was set back since begins anew.
    if (isOver ? before.overSince !== null && before.overSince <= now : before.overSince === null) return;
    const state = { ...before, overSince: isOver ? now : null };
    const revision = room.revision + 1;
    const row = await sealRoomState(deviceKeys.state, roomId, revision, state);
    await store.write(["rooms", "ownHeads", "records"], async (tx) => {
      await fenceAll(room, tx);
      await tx.putRoom(row);
    });
    room.revision = revision;
    room.status.set({ ...room.status.get(), state });
    committed(roomId);
  });
}
