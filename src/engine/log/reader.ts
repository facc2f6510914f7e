import type { Membership } from "#protocol/membership.ts";
import { parseEnvelope } from "#protocol/record.ts";
import { UnreadableError } from "../platform/errors.ts";
import type { RecordRow, RowChange } from "../storage/log-store.ts";
import { bindClients, type Claim, clientsIn, type ClientUse, noteOwnClients } from "./clients.ts";
import { decodeInside, type UpdateInside } from "./record.ts";
import { countRows } from "./record-rows.ts";
import { mayWriteDocument } from "./rights.ts";
import type { RoomContext } from "./room-context.ts";

/** An update whose inside has been read and may be applied. */
export type OpenedRecord = UpdateInside & { local: number; deviceId: string };

/** What came of looking into a row. Only updates have anything to apply. */
export type RowReading =
  | { type: "update"; inside: UpdateInside }
  | { type: "other" }
  | { type: "refused"; reason: "damaged" | "unreadable" | "forbidden" | "foreign" };

/** What a row is read with: the keys and the members that the room has, or is about to have. */
type ReadingWith = { cipher: RoomContext["cipher"]; membership: Membership | null };

/** Looks into a row; writes nothing. */
export async function readRow(
  room: RoomContext,
  row: Pick<RecordRow, "bytes" | "deviceId" | "quarantined">,
  { cipher, membership }: ReadingWith = { cipher: room.cipher, membership: room.status.get().state.membership },
): Promise<RowReading> {
  // Its place in the log has decided that, once and for all.
  if (row.quarantined === "foreign") return { type: "refused", reason: "foreign" };
  const parsed = parseEnvelope(row.bytes);
  if (!parsed.ok) return { type: "refused", reason: "damaged" };
  const { envelope } = parsed;
  if (envelope.type !== "update") return { type: "other" };
  try {
    return readInside(room, row.deviceId, decodeInside(await cipher.open("update", envelope, row.deviceId)), membership);
  } catch (error) {
    return { type: "refused", reason: error instanceof UnreadableError ? "unreadable" : "damaged" };
  }
}

/** Whether what was read counts: who may write what is decided by the documents that it names. SPEC.md [D3]. */
export function readInside(
  room: RoomContext,
  deviceId: string,
  inside: UpdateInside,
  membership = room.status.get().state.membership,
): RowReading {
  const role = membership?.devices[deviceId]?.role ?? room.keys.role;
  const allowed = inside.items.every(({ docId }) => mayWriteDocument(role, room.keys.kind, docId));
  return allowed ? { type: "update", inside } : { type: "refused", reason: "forbidden" };
}

/**
 * What a reading writes under. That decodes all of its updates, so it is asked when a record is written or comes here, and not at each opening; and what
 * is broken is refused by it, which would else break every document that it is applied to.
 */
export function claimOf(reading: RowReading): { reading: RowReading; uses: ClientUse[] } {
  if (reading.type !== "update") return { reading, uses: [] };
  try {
    return { reading, uses: clientsIn(reading.inside) };
  } catch {
    return { reading: { type: "refused", reason: "damaged" }, uses: [] };
  }
}

/** What opens makes up to a thousand times its sealed bytes, several times over while it is decoded: a page of it at once would fill the memory. */
const openedAtOnceBytes = 64 * 1024;

/** Looks into rows, as many at a time as are sealed in few enough bytes, and always one. @returns the readings in the order of the rows */
export async function readRows<Row extends Parameters<typeof readRow>[1]>(
  room: RoomContext,
  rows: readonly Row[],
  readingWith?: ReadingWith,
): Promise<{ row: Row; reading: RowReading }[]> {
  const turns: Row[][] = [];
  let sizeBytes = Number.POSITIVE_INFINITY;
  for (const row of rows) {
    sizeBytes += row.bytes.length;
    if (sizeBytes > openedAtOnceBytes) {
      turns.push([]);
      sizeBytes = row.bytes.length;
    }
    turns.at(-1)?.push(row);
  }
  const readings: { row: Row; reading: RowReading }[] = [];
  for (const turn of turns) {
    readings.push(...(await Promise.all(turn.map(async (row) => ({ row, reading: await readRow(room, row, readingWith) })))));
  }
  return readings;
}

/**
 * Reads what can be read; what cannot is set aside with its reason and looked at again later. SPEC.md [P6].
 * @param known what has been read already, by envelope id
 */
export async function openRows(
  room: RoomContext,
  rows: readonly RecordRow[],
  known: ReadonlyMap<string, RowReading> = new Map(),
): Promise<OpenedRecord[]> {
  const opened: OpenedRecord[] = [];
  const aside: RowChange[] = [];
  const readAtLast: LateRecord[] = [];
  const readBefore = (row: RecordRow) => (row.quarantined === "foreign" ? undefined : known.get(row.envelopeId));
  const readNow = await readRows(room, rows.filter((row) => readBefore(row) === undefined));
  const readings = new Map(readNow.map(({ row, reading }) => [row, reading]));
  for (const row of rows) {
    const read = readBefore(row) ?? readings.get(row);
    if (read === undefined) continue;
    const isOwn = row.deviceId === room.keys.deviceId && row.pending !== undefined;
    const { reading, uses } = isOwn || row.quarantined !== undefined ? claimOf(read) : { reading: read, uses: [] };
    if (isOwn) noteOwnClients(room, uses);
    if (reading.type === "refused") {
      if (row.quarantined !== reading.reason) aside.push({ local: row.local, quarantined: reading.reason });
    } else if (reading.type === "update") {
      const record = { ...reading.inside, local: row.local, deviceId: row.deviceId };
      opened.push(record);
      if (row.quarantined !== undefined) readAtLast.push({ record, row, deviceId: row.deviceId, uses });
    }
  }
  if (aside.length === 0 && readAtLast.length === 0) return opened;
  const foreign = new Set(await settle(room, aside, readAtLast.toSorted((a, b) => byLogOrder(a.row, b.row))));
  return opened.filter((record) => !foreign.has(record));
}

/** A row that was set aside and can be read now. */
type LateRecord = Claim & { record: OpenedRecord; row: RecordRow };

/** Orders rows as the log has them; those that are in no log yet come last. */
export function byLogOrder(a: Pick<RecordRow, "seq">, b: Pick<RecordRow, "seq">): number {
  return (a.seq ?? Number.MAX_SAFE_INTEGER) - (b.seq ?? Number.MAX_SAFE_INTEGER);
}

/** The records after a checkpoint, opened, oldest first. */
export async function replayRows(room: RoomContext, afterLocal: number): Promise<OpenedRecord[]> {
  const rows = await room.parts.rowsAfter({ roomId: room.keys.roomId, afterLocal });
  return openRows(room, room.status.get().quarantined > 0 ? await withQuarantined(room, rows) : rows);
}

/** The rows, and before them those that were set aside: after a key or an update they may open. */
export async function withQuarantined(room: RoomContext, rows: readonly RecordRow[]): Promise<RecordRow[]> {
  const aside = await room.parts.store.read(["records"], (tx) => tx.quarantined(room.keys.roomId));
  const already = new Set(rows.map((row) => row.local));
  return [...aside.filter((row) => !already.has(row.local)), ...rows];
}

/** A checkpoint has passed the late ones while they could not be read: they get new places, so that no replay passes them again. @returns those that stay aside for good */
async function settle(room: RoomContext, aside: readonly RowChange[], late: readonly LateRecord[]): Promise<OpenedRecord[]> {
  const { roomId } = room.keys;
  const { moved, counts, foreign } = await room.parts.store.write(["records", "rooms", "clients"], async (tx) => {
    // A tab that is behind may lack a key that another has learned meanwhile: its word does not count.
    const current = (await tx.room(roomId))?.revision === room.revision;
    if (current) await tx.updateRows(aside);
    const foreign = await bindClients(room, tx, late);
    await tx.updateRows(foreign.map(({ row }) => ({ local: row.local, quarantined: "foreign" })));
    const readable = late.filter((one) => !foreign.includes(one));
    // Another tab, or another replay here, may have moved some of them already.
    const stored = (await tx.rowsAt(readable.map(({ row }) => row.local))).filter((row) => row !== undefined);
    await tx.deleteRows(stored.map(({ local }) => local));
    const again = stored.map((row) => {
      const { local: _, quarantined: __, ...kept } = row;
      return kept;
    });
    const locals = await tx.addRows(again);
    return {
      moved: new Map(stored.map(({ local }, index) => [local, locals[index]])),
      counts: await countRows(tx, roomId),
      foreign: foreign.map(({ record }) => record),
    };
  });
  for (const { record } of late) record.local = moved.get(record.local) ?? record.local;
  room.status.set({ ...room.status.get(), ...counts });
  return foreign;
}
