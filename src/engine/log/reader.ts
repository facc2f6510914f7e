import * as Y from "yjs";
import { parseEnvelope } from "#protocol/record.ts";
import { UnreadableError } from "../platform/errors.ts";
import { type RecordRow, storing } from "../storage/database.ts";
import { decodeInside, type UpdateInside } from "./record.ts";
import { changeOf, countRows, quarantinedIn } from "./record-rows.ts";
import { mayWriteDocument } from "./rights.ts";
import type { RoomContext } from "./room-context.ts";

/** An update whose inside has been read and may be applied. */
export type OpenedRecord = UpdateInside & { local: number; deviceId: string };

/** What came of looking into a row. Only updates have anything to apply. */
export type RowReading =
  | { type: "update"; inside: UpdateInside }
  | { type: "other" }
  | { type: "refused"; reason: "damaged" | "unreadable" | "forbidden" };

/** Looks into a row; writes nothing. */
export async function readRow(room: RoomContext, row: RecordRow): Promise<RowReading> {
  const parsed = parseEnvelope(row.bytes);
  if (!parsed.ok) return { type: "refused", reason: "damaged" };
  const { envelope } = parsed;
  if (envelope.type !== "update") return { type: "other" };
  try {
    const inside = decodeInside(await room.cipher.open("update", envelope, row.deviceId));
    const role = room.status.get().state.membership?.devices[row.deviceId]?.role ?? room.keys.role;
    for (const { update } of inside.items) Y.decodeUpdateV2(update);
    const allowed = inside.items.every(({ docId }) => mayWriteDocument(role, room.keys.kind, docId));
    return allowed ? { type: "update", inside } : { type: "refused", reason: "forbidden" };
  } catch (error) {
    return { type: "refused", reason: error instanceof UnreadableError ? "unreadable" : "damaged" };
  }
}

/** Reads what can be read; what cannot is set aside with its reason and looked at again later. SPEC.md [P6]. */
export async function openRows(room: RoomContext, rows: readonly RecordRow[]): Promise<OpenedRecord[]> {
  const opened: OpenedRecord[] = [];
  const aside: ReturnType<typeof changeOf>[] = [];
  const readAtLast: OpenedRecord[] = [];
  const readings = await Promise.all(rows.map(async (row) => ({ row, reading: await readRow(room, row) })));
  for (const { row, reading } of readings) {
    if (reading.type === "refused") {
      if (row.quarantined !== reading.reason) aside.push(changeOf(row.local, { quarantined: reading.reason }));
    } else if (reading.type === "update") {
      const record = { ...reading.inside, local: row.local, deviceId: row.deviceId };
      opened.push(record);
      if (row.quarantined !== undefined) readAtLast.push(record);
    }
  }
  if (aside.length > 0 || readAtLast.length > 0) await settle(room, aside, readAtLast);
  return opened;
}

/** The records after a checkpoint, opened, oldest first. */
export async function replayRows(room: RoomContext, afterLocal: number): Promise<OpenedRecord[]> {
  const rows = await room.parts.rowsAfter({ roomId: room.keys.roomId, afterLocal });
  return openRows(room, room.status.get().quarantined > 0 ? await withQuarantined(room, rows) : rows);
}

/** The rows, and before them those that were set aside: after a key or an update they may open. */
export async function withQuarantined(room: RoomContext, rows: readonly RecordRow[]): Promise<RecordRow[]> {
  const aside = await storing(() => quarantinedIn(room.parts.database, room.keys.roomId).toArray());
  const already = new Set(rows.map((row) => row.local));
  return [...aside.filter((row) => !already.has(row.local)), ...rows];
}

/** A checkpoint has passed the late ones while they could not be read: they get new places, so that no replay passes them again. */
async function settle(room: RoomContext, aside: ReturnType<typeof changeOf>[], late: readonly OpenedRecord[]): Promise<void> {
  const { records, rooms } = room.parts.database;
  const { moved, counts } = await storing(() =>
    room.parts.database.transaction("rw", [records, rooms], async () => {
      // A tab that is behind may lack a key that another has learned meanwhile: its word does not count.
      const current = (await rooms.get(room.keys.roomId))?.revision === room.revision;
      if (current) await records.bulkUpdate(aside);
      // Another tab, or another replay here, may have moved some of them already.
      const stored = (await records.bulkGet(late.map(({ local }) => local))).filter((row) => row !== undefined);
      await records.bulkDelete(stored.map(({ local }) => local));
      const again = stored.map((row) => {
        const { local: _, quarantined: __, ...kept } = row;
        return kept;
      });
      const locals = await records.bulkAdd(again, { allKeys: true });
      return {
        moved: new Map(stored.map(({ local }, index) => [local, locals[index]])),
        counts: await countRows(room.parts.database, room.keys.roomId),
      };
    }),
  );
  for (const record of late) record.local = moved.get(record.local) ?? record.local;
  room.status.set({ ...room.status.get(), ...counts });
}
