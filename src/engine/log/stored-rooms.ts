import { toHex } from "#protocol/bytes.ts";
import type { ChainHead } from "#protocol/log-rules.ts";
import type { LogStore, RecordRow, RoomKeyRow, RoomRow } from "../storage/log-store.ts";
import { countEdits } from "./record-rows.ts";
import { chainStart } from "./room-context.ts";

/** A room as it lies on disk, but for its records. */
export type StoredRoom = {
  keyRow: RoomKeyRow;
  /** Missing only when the disk has lost it. */
  row: RoomRow | undefined;
  head: ChainHead;
  /** Savings that the relay has not acked. */
  unsent: number;
  /** Own envelopes that it has acked and that have not come back. */
  unconfirmed: number;
  /** Envelopes that are to be given back to a restored relay. */
  lost: number;
  quarantined: number;
  /** The newest row on the device, of whatever room: what comes to this one later has a later place. */
  throughLocal: number;
};

/** Every room on the device. One transaction for all: a room at a time, five years of rooms would be read before the first screen. */
export function readStoredRooms(store: LogStore): Promise<StoredRoom[]> {
  return store.read(["roomKeys", "rooms", "ownHeads", "records"], async (tx) => {
    const [keyRows, rows, heads, unconfirmed, aside, throughLocal] = await Promise.all([
      tx.allRoomKeys(),
      tx.allRooms(),
      tx.allOwnHeads(),
      tx.allUnconfirmed(),
      tx.allQuarantined(),
      tx.newestLocal(),
    ]);
    const rowOf = new Map(rows.map((row) => [row.roomId, row]));
    const headOf = new Map(heads.map(({ roomId, ctr, tip }) => [roomId, { ctr, tip: toHex(tip) }]));
    const byRoom = ({ roomId }: RecordRow) => roomId;
    const unackedOf = Map.groupBy(unconfirmed.filter(({ pending }) => pending === 1), byRoom);
    const ackedOf = Map.groupBy(unconfirmed.filter(({ pending }) => pending === 2), byRoom);
    const lostOf = Map.groupBy(unconfirmed.filter(({ pending }) => pending === 3), byRoom);
    const asideOf = Map.groupBy(aside, (roomId) => roomId);
    return keyRows.map((keyRow) => ({
      keyRow,
      row: rowOf.get(keyRow.roomId),
      head: headOf.get(keyRow.roomId) ?? chainStart,
      unsent: countEdits([...(unackedOf.get(keyRow.roomId) ?? []), ...(lostOf.get(keyRow.roomId) ?? [])]),
      unconfirmed: ackedOf.get(keyRow.roomId)?.length ?? 0,
      lost: lostOf.get(keyRow.roomId)?.length ?? 0,
      quarantined: asideOf.get(keyRow.roomId)?.length ?? 0,
      throughLocal,
    }));
  });
}

/** The newest row on the device, of whatever room; 0 when there is none. */
export function newestRow(store: LogStore): Promise<number> {
  return store.read(["records"], (tx) => tx.newestLocal());
}
