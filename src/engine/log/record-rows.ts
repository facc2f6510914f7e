import { Dexie } from "dexie";
import { envelopeTypes, typeOffset } from "#protocol/record.ts";
import { gather } from "../platform/gather.ts";
import { type Database, type RecordRow, storing } from "../storage/database.ts";

type Rows = ReturnType<Database["records"]["toCollection"]>;

/** The rows of a room in the order they came to this device. */
export function inRoom(database: Database, roomId: string, afterLocal = 0): Rows {
  return database.records
    .where("[roomId+local]")
    .between([roomId, afterLocal], [roomId, Number.POSITIVE_INFINITY], false, true);
}

export type RowsAfter = (place: { roomId: string; afterLocal: number }) => Promise<RecordRow[]>;

/** The rows after a place in a room; those that are asked for together are read together. */
export function gatherRowsAfter(database: Database): RowsAfter {
  return gather((places: readonly { roomId: string; afterLocal: number }[]) =>
    storing(() =>
      database.transaction("r", [database.records], () =>
        Promise.all(places.map(({ roomId, afterLocal }) => inRoom(database, roomId, afterLocal).toArray())),
      ),
    ),
  );
}

export function quarantinedIn(database: Database, roomId: string): Rows {
  return database.records.where("[roomId+quarantined]").between([roomId, Dexie.minKey], [roomId, Dexie.maxKey]);
}

/** Own envelopes that the relay has not acked, the genesis among them. */
export function readUnacked(database: Database, roomId: string): PromiseLike<RecordRow[]> {
  return database.records.where("[roomId+pending]").equals([roomId, 1]).toArray();
}

/** Own envelopes that the relay has acked and that have not come back inside the verified log. */
export function ackedIn(database: Database, roomId: string): Rows {
  return database.records.where("[roomId+pending]").equals([roomId, 2]);
}

/** Own envelopes that have not come back inside the verified log, acked or not. SPEC.md [W4]. */
export function readUnconfirmed(database: Database, roomId: string): PromiseLike<RecordRow[]> {
  return database.records.where("[roomId+pending]").between([roomId, 1], [roomId, 2], true, true).toArray();
}

/** One request for each run of numbers: an outbox that was written alone is one run. @param locals ascending */
export async function deleteRows(database: Database, locals: readonly number[]): Promise<void> {
  const runs: { from: number; to: number }[] = [];
  for (const local of locals) {
    const run = runs.at(-1);
    if (run?.to === local - 1) run.to = local;
    else runs.push({ from: local, to: local });
  }
  await Promise.all(runs.map(({ from, to }) => database.records.where("local").between(from, to, true, true).delete()));
}

/** What the status shows of a room's rows. Right as of its transaction when called inside one. */
export async function countRows(database: Database, roomId: string): Promise<{ unsent: number; unconfirmed: number; quarantined: number }> {
  const [unacked, unconfirmed, quarantined] = await Promise.all([
    readUnacked(database, roomId),
    ackedIn(database, roomId).count(),
    quarantinedIn(database, roomId).count(),
  ]);
  return { unsent: countEdits(unacked), unconfirmed, quarantined };
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
