import { limits } from "#protocol/limits.ts";
import { envelopeTypes, typeOffset } from "#protocol/record.ts";
import { gather } from "../platform/gather.ts";
import type { LogStore, ReadTx, RecordRow } from "../storage/log-store.ts";

export type RowsAfter = (place: { roomId: string; afterLocal: number }) => Promise<RecordRow[]>;

/** The rows after a place in a room; those that are asked for together are read together. */
export function gatherRowsAfter(store: LogStore): RowsAfter {
  return gather((places: readonly { roomId: string; afterLocal: number }[]) =>
    store.read(["records"], (tx) => Promise.all(places.map(({ roomId, afterLocal }) => tx.rowsAfter(roomId, afterLocal)))),
  );
}

/** What the status shows of a room's rows. */
export async function countRows(tx: ReadTx, roomId: string): Promise<{ unsent: number; unconfirmed: number; lost: number; quarantined: number }> {
  const [unacked, unconfirmed, lost, quarantined] = await Promise.all([tx.unacked(roomId), tx.countAcked(roomId), tx.countLost(roomId), tx.countQuarantined(roomId)]);
  // Own savings that the relay had once are among what it has not.
  const lostRows = lost === 0 ? [] : await tx.lost(roomId);
  return { unsent: countEdits([...unacked, ...lostRows]), unconfirmed, lost, quarantined };
}

export function isControl(row: RecordRow): boolean {
  return row.bytes[typeOffset] === envelopeTypes.control;
}

export function isHeartbeat(row: Pick<RecordRow, "bytes">): boolean {
  return row.bytes[typeOffset] === envelopeTypes.heartbeat;
}

export function countEdits(rows: readonly RecordRow[]): number {
  return rows.reduce((sum, row) => sum + (row.edits ?? 0), 0);
}

/** How many of these, from the first on, one push may carry; always one. @param sizes in bytes */
export function countForPush(sizes: readonly number[]): number {
  let total = 0;
  const tooMany = sizes.findIndex((size, index) => {
    total += size + 4;
    return index > 0 && (total > limits.pushBytes || index === limits.pushEnvelopes);
  });
  return tooMany === -1 ? sizes.length : tooMany;
}
