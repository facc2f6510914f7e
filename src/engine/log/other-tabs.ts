import { toHex } from "#protocol/bytes.ts";
import { openRoomKeys } from "../keys/keyring.ts";
import { RoomOverError } from "../platform/errors.ts";
import type { ReadTx } from "../storage/log-store.ts";
import { openRows, withQuarantined } from "./reader.ts";
import { isPurge } from "./control-rows.ts";
import { countRows } from "./record-rows.ts";
import { chainStart, type RoomContext } from "./room-context.ts";
import { openRoomState } from "./room-state.ts";

/** The disk is not as this tab has it in memory: another tab was quicker. Nothing has been written. */
export class MovedError extends Error {
  override name = "MovedError";
}

/**
 * [Note: fence] Several tabs write to one disk, each from what it has in memory, so that a saving need not read first. Every transaction
 * that adds own envelopes or moves the room's position begins with a fence, which ends it when another tab came between; `untilCurrent` then
 * reads what that tab wrote, and tries again. So two envelopes never share a place in the own chain, and no tab passes over rows that it has not
 * handed out.
 *
 * This one is for what continues the own chain. It compares tips: a fold may bring back a counter, never a tip.
 * @throws {MovedError}
 */
export async function fenceChain(room: RoomContext, tx: ReadTx): Promise<void> {
  const { roomId } = room.keys;
  const [head, unread] = await Promise.all([tx.ownHead(roomId), tx.countAfter(roomId, room.throughLocal)]);
  const tip = head === undefined ? chainStart.tip : toHex(head.tip);
  if (tip !== room.head.tip || unread > 0) throw new MovedError("another tab has written");
}

/** The fence for what depends on how far the log has been read, too. @throws {MovedError} */
export async function fenceAll(room: RoomContext, tx: ReadTx): Promise<void> {
  const [row] = await Promise.all([tx.room(room.keys.roomId), fenceChain(room, tx)]);
  if (row?.revision !== room.revision) throw new MovedError("another tab has read on");
}

/** Runs the work again until no other tab comes between. */
export async function untilCurrent<T>(room: RoomContext, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof MovedError)) throw error;
      await readOn(room);
    }
  }
}

/** Reads what other tabs have committed. */
export async function readOn(room: RoomContext): Promise<void> {
  const { store, deviceKeys, opened, purged } = room.parts;
  const { roomId, secrets } = room.keys;
  const [row, keyRow, head, rows, counts] = await store.read(["rooms", "roomKeys", "ownHeads", "records"], (tx) =>
    Promise.all([
      tx.room(roomId),
      tx.roomKeys(roomId),
      tx.ownHead(roomId),
      tx.rowsAfter(roomId, room.throughLocal),
      countRows(tx, roomId),
    ]),
  );
  if (row === undefined || keyRow === undefined) throw new RoomOverError(`room ${roomId} is gone`);
  const state = row.revision === room.revision ? room.status.get().state : await openRoomState(deviceKeys.state, row);
  const wasLacking = state.membership !== null && secrets[state.membership.epoch] === undefined;
  // Or an epoch has begun, maybe one of a number that has begun before.
  const lacking = wasLacking || state.membership?.commitment !== room.status.get().state.membership?.commitment;
  if (lacking) {
    const { secrets, spare } = await openRoomKeys(deviceKeys.keyring, keyRow);
    Object.assign(room.keys, { secrets, spare });
  }
  room.revision = row.revision;
  room.head = head === undefined ? chainStart : { ctr: head.ctr, tip: toHex(head.tip) };
  room.status.set({ ...room.status.get(), ...counts, state });
  const records = await openRows(room, lacking ? await withQuarantined(room, rows) : rows);
  room.throughLocal = rows.at(-1)?.local ?? room.throughLocal;
  if (records.length > 0) opened(records);
  if (rows.some(isPurge)) purged();
}
