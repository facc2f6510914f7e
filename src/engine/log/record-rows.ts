import { Dexie } from "dexie";
import { envelopeTypes, typeOffset } from "#protocol/record.ts";
import type { Database, RecordRow } from "../storage/database.ts";

type Rows = ReturnType<Database["records"]["toCollection"]>;

/** The rows of a room in the order they came to this device. */
export function inRoom(database: Database, roomId: string, afterLocal = 0): Rows {
  return database.records
    .where("[roomId+local]")
    .between([roomId, afterLocal], [roomId, Number.POSITIVE_INFINITY], false, true);
}

export function quarantinedIn(database: Database, roomId: string): Rows {
  return database.records.where("[roomId+quarantined]").between([roomId, Dexie.minKey], [roomId, Dexie.maxKey]);
}

/** Own envelopes that the relay has not acked, the genesis among them. */
export async function readUnacked(database: Database, roomId: string): Promise<RecordRow[]> {
  return ofRoom(roomId, await database.records.where("pending").equals(1).toArray());
}

/** Own envelopes that have not come back inside the verified log, acked or not. SPEC.md [W4]. */
export async function readUnconfirmed(database: Database, roomId: string): Promise<RecordRow[]> {
  return ofRoom(roomId, await database.records.where("pending").between(1, 2, true, true).toArray());
}

/** Not a filter of the query: that would bring the rows one by one instead of all at once. */
function ofRoom(roomId: string, rows: readonly RecordRow[]): RecordRow[] {
  return rows.filter((row) => row.roomId === roomId);
}

/** What the status shows of a room's rows. Right as of its transaction when called inside one. */
export async function countRows(database: Database, roomId: string): Promise<{ unsent: number; quarantined: number }> {
  const [unacked, quarantined] = await Promise.all([
    readUnacked(database, roomId),
    quarantinedIn(database, roomId).count(),
  ]);
  return { unsent: countEdits(unacked), quarantined };
}

export function isControl(row: RecordRow): boolean {
  return row.bytes[typeOffset] === envelopeTypes.control;
}

export function countEdits(rows: readonly RecordRow[]): number {
  return rows.reduce((sum, row) => sum + (row.edits ?? 0), 0);
}

/** One change for `bulkUpdate`, where undefined removes a field. */
export function changeOf(
  key: number,
  changes: { [Field in keyof RecordRow]?: RecordRow[Field] | undefined },
): { key: number; changes: Partial<RecordRow> } {
  return { key, changes: changes as Partial<RecordRow> };
}
