import { equalBytes, fromBase64Url, toHex } from "#protocol/bytes.ts";
import type { Dropped, Role, RoomKind } from "#protocol/control.ts";
import { knownDevice, type Membership } from "#protocol/membership.ts";
import { parseEnvelope } from "#protocol/record.ts";
import { importSealKey, sha256 } from "../crypto/primitives.ts";
import { UnreadableError } from "../platform/errors.ts";
import type { RecordRow, RowChange } from "../storage/log-store.ts";
import { bindClients, type CarriedUse, type Claim, clientsIn, noteOwnClients } from "./clients.ts";
import { decodeHeartbeat, decodeInside, envelopeIdOf, isQuote, openEnvelope, quotedDocId, quotedKeyBytes, type TouchedDocument, touchedInput, type UpdateInside } from "./record.ts";
import { controlIn } from "./control-rows.ts";
import { countRows, isHeartbeat } from "./record-rows.ts";
import { ControlWords } from "./control-words.ts";
import { mayWriteDocument } from "./rights.ts";
import type { RoomContext } from "./room-context.ts";
import { isSigned, verifierOf } from "./verify.ts";

const decoder = new TextDecoder();

/** An update whose inside has been read and may be applied. */
export type OpenedRecord = UpdateInside & { local: number; deviceId: string };

/**
 * What came of looking into a row. Only updates have anything to apply; `author` is whose they are, which the one who quotes them is not; then `quotedCtr` is the counter that they had. `carried` is there
 * for what a purge carries on, see `Claim`. `authoredAt` is the time in a heartbeat, in ms; null in all else.
 */
export type RowReading =
  | { type: "update"; inside: UpdateInside; author: string; carried?: readonly CarriedUse[]; quotedCtr?: number }
  | { type: "other"; authoredAt: number | null }
  | { type: "refused"; reason: "damaged" | "unreadable" | "forbidden" | "foreign" };

/** What a row is read with: the keys and the members that the room has, or is about to have. */
type ReadingWith = { cipher: RoomContext["cipher"]; membership: Membership | null };

/** A row, or what is about to be one. `role` is its author's where its place in the log was just found. */
type Readable = Pick<RecordRow, "envelopeId" | "bytes" | "deviceId" | "seq" | "role" | "quarantined">;

/** Looks into a row; writes nothing. */
export async function readRow(
  room: RoomContext,
  row: Readable,
  readingWith: ReadingWith = { cipher: room.cipher, membership: room.status.get().state.membership },
): Promise<RowReading> {
  // Its place in the log has decided that, once and for all.
  if (row.quarantined === "foreign" || row.quarantined === "forbidden") return { type: "refused", reason: row.quarantined };
  if (row.bytes.length === 0) return { type: "other", authoredAt: null };
  if (isHeartbeat(row)) return { type: "other", authoredAt: await openHeartbeat(row, readingWith.cipher) };
  try {
    const inside = writtenHere(room, row) ?? (await openInside(row, readingWith.cipher));
    if (inside === null) return await readPurge(row, readingWith.cipher);
    const { membership } = readingWith;
    if (!isQuote(inside)) return judgeInside(room, row, inside, membership);
    const { roomId, kind } = room.keys;
    const parsed = parseEnvelope(row.bytes);
    return await readQuote(inside, { roomId, kind, logGen: parsed.ok ? parsed.envelope.logGen : 0, membership });
  } catch (error) {
    return { type: "refused", reason: error instanceof UnreadableError ? "unreadable" : "damaged" };
  }
}

/** What this tab has sealed in these very bytes, while it remembers that. */
export function writtenHere(room: RoomContext, { envelopeId, bytes }: Pick<RecordRow, "envelopeId" | "bytes">): UpdateInside | null {
  const written = room.written.get(envelopeId);
  return written !== undefined && equalBytes(written.bytes, bytes) ? written.inside : null;
}

/**
 * What a row holds, as it was written; null for what is no update.
 * @throws {UnreadableError} when its key is not here; {RangeError} when it is broken
 */
export async function openInside(row: Pick<RecordRow, "bytes" | "deviceId">, cipher: RoomContext["cipher"]): Promise<UpdateInside | null> {
  const parsed = parseEnvelope(row.bytes);
  if (!parsed.ok) throw new RangeError("no envelope");
  const { envelope } = parsed;
  return envelope.type === "update" ? decodeInside(await cipher.open("update", envelope, row.deviceId)) : null;
}

/** The time in a heartbeat. One that does not open holds nothing that could be missed: it is not set aside. SPEC.md [H1]. */
async function openHeartbeat({ bytes, deviceId }: Readable, cipher: RoomContext["cipher"]): Promise<number | null> {
  const parsed = parseEnvelope(bytes);
  if (!parsed.ok) return null;
  try {
    return decodeHeartbeat(await cipher.open("heartbeat", parsed.envelope, deviceId)).authoredAt;
  } catch {
    return null;
  }
}

/**
 * What a purge carries on of the documents whose envelopes it destroyed. It claims no client id: two persons have answered for it, for whose they were too. SPEC.md [Z3].
 * @throws {UnreadableError} when its key is not here; {RangeError} when it is broken, or carries on something else than was asked for
 */
async function readPurge(row: Readable, cipher: RoomContext["cipher"]): Promise<RowReading> {
  const control = controlIn(row.bytes);
  if (control?.body.action !== "purge") return { type: "other", authoredAt: null };
  const { at = 0, states = [] } = ControlWords.parse(JSON.parse(decoder.decode(await cipher.open("control", control.envelope, row.deviceId))));
  if ((await hashOfTouched(states)) !== control.body.touched) throw new RangeError("carries on what nobody has asked for");
  const items = states.map(({ docId, update }) => ({ docId, update: fromBase64Url(update) }));
  const carried = states.flatMap(({ docId, clients }) => clients.map((one) => ({ docId, ...one })));
  return { type: "update", inside: { authoredAt: at, items }, author: row.deviceId, carried };
}

/**
 * Whether what was read counts: who may write what is decided by the documents that it names, and by the role that the author had at its place in the log.
 * What has been let in there is not asked again: roles change, and the log does not. SPEC.md [D3].
 */
export function judgeInside(room: RoomContext, row: Omit<Readable, "bytes">, inside: UpdateInside, membership = room.status.get().state.membership): RowReading {
  const reading: RowReading = { type: "update", inside, author: row.deviceId };
  if (row.role === undefined && row.seq !== undefined && row.quarantined === undefined) return reading;
  const role = row.role ?? membership?.devices[row.deviceId]?.role ?? room.keys.role;
  return mayWriteAll(role, room.keys.kind, inside) ? reading : { type: "refused", reason: "forbidden" };
}

function mayWriteAll(role: Role, kind: RoomKind, { items }: UpdateInside): boolean {
  return items.every(({ docId }) => docId !== quotedDocId && mayWriteDocument(role, kind, docId));
}

/**
 * What a quote holds, as its author's own. SPEC.md [G7].
 * @param room `logGen` is that of the envelope that quotes: whoever reads it, and whenever, finds the same
 * @throws {UnreadableError} when the quoted envelope does not open with the key before it; {RangeError} when it may not be quoted
 */
export async function readQuote(
  { items }: UpdateInside,
  { roomId, kind, logGen, membership }: { roomId: string; kind: RoomKind; logGen: number; membership: Membership | null },
): Promise<RowReading> {
  const quoted = items[0]?.update ?? new Uint8Array(0);
  const [key, bytes] = [quoted.subarray(0, quotedKeyBytes), quoted.slice(quotedKeyBytes)];
  const parsed = parseEnvelope(bytes);
  const author = parsed.ok ? toHex(parsed.envelope.deviceId) : "";
  const device = knownDevice(membership, author);
  if (!parsed.ok || device === undefined || toHex(parsed.envelope.roomId) !== roomId) throw new RangeError("nothing to quote");
  if (parsed.envelope.logGen >= logGen) throw new RangeError("quoted from a log that was not lost");
  if (!(await isSigned(await verifierOf(membership, author), toHex(await envelopeIdOf(bytes)), parsed.envelope))) throw new RangeError("quoted wrongly");
  if (parsed.envelope.type !== "update") throw new RangeError("no update quoted");
  const inside = decodeInside(await openEnvelope(parsed.envelope, await importSealKey(key)));
  if (isQuote(inside)) throw new RangeError("no update quoted");
  return mayWriteAll(device.role, kind, inside) ? { type: "update", inside, author, quotedCtr: parsed.envelope.ctr } : { type: "refused", reason: "forbidden" };
}

/**
 * What a reading writes under. That decodes all of its updates, so it is asked when a record is written or comes here, and not at each opening; and what
 * is broken is refused by it, which would else break every document that it is applied to.
 */
export function claimOf(reading: RowReading): { reading: RowReading } & Omit<Claim, "deviceId"> {
  if (reading.type !== "update") return { reading, uses: [] };
  try {
    const uses = clientsIn(reading.inside);
    return reading.carried === undefined ? { reading, uses } : { reading, uses: [], carried: reading.carried };
  } catch {
    return { reading: { type: "refused", reason: "damaged" }, uses: [] };
  }
}

/** The author's time in what this author wrote, in ms; null where there is none, or it is another's that was quoted. */
export function timeIn(reading: RowReading, author: string): number | null {
  if (reading.type === "update") return reading.author === author ? reading.inside.authoredAt : null;
  return reading.type === "other" ? reading.authoredAt : null;
}

/** Whose what was read is. */
export function authorOf(row: Pick<RecordRow, "deviceId">, reading: RowReading): string {
  return reading.type === "update" ? reading.author : row.deviceId;
}

/** What opens makes up to a thousand times its sealed bytes, several times over while it is decoded: a page of it at once would fill the memory. */
const openedAtOnceBytes = 64 * 1024;

/** Looks into rows, as many at a time as are sealed in few enough bytes, and always one. @returns the readings in the order of the rows */
export async function readRows<Row extends Readable>(
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
  // What this tab learns while it reads, it has not read with.
  const { revision } = room;
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
    const { reading, ...claim } = isOwn || row.quarantined !== undefined ? claimOf(read) : { reading: read, uses: [] };
    if (isOwn && authorOf(row, reading) === room.keys.deviceId) noteOwnClients(room, claim.uses);
    if (reading.type === "refused") {
      if (row.quarantined !== reading.reason) aside.push({ local: row.local, quarantined: reading.reason });
    } else if (reading.type === "update") {
      const record = { ...reading.inside, local: row.local, deviceId: reading.author };
      opened.push(record);
      if (row.quarantined !== undefined) readAtLast.push({ record, row, deviceId: reading.author, ...claim });
    }
  }
  if (aside.length === 0 && readAtLast.length === 0) return opened;
  const foreign = new Set(await settle(room, revision, aside, readAtLast.toSorted((a, b) => byLogOrder(a.row, b.row))));
  return opened.filter((record) => !foreign.has(record));
}

/** A row that was set aside and can be read now. */
type LateRecord = Claim & { record: OpenedRecord; row: RecordRow };

/** Orders rows as the log has them; those that are in no log yet come last. */
export function byLogOrder(a: Pick<RecordRow, "seq">, b: Pick<RecordRow, "seq">): number {
  return (a.seq ?? Number.MAX_SAFE_INTEGER) - (b.seq ?? Number.MAX_SAFE_INTEGER);
}

/**
 * The updates up to a number that write in a document, in the order of the log, and all documents that these write in, with whose client ids; `touched` is the hash of that.
 * Whoever has read so far finds the same, until a purge has taken some of it. What cannot be read here is not among them.
 */
export type Touching = { dropped: Dropped[]; documents: TouchedDocument[]; touched: string };

export async function findTouching(room: RoomContext, docId: string, through: number): Promise<Touching> {
  const rows = await room.parts.store.read(["records"], (tx) => tx.rowsAfter(room.keys.roomId, 0));
  const upTo = rows.filter(({ seq = Number.POSITIVE_INFINITY, bytes }) => seq <= through && bytes.length > 0).toSorted(byLogOrder);
  const touching = (await readRows(room, upTo)).flatMap(({ row, reading }) =>
    reading.type === "update" && reading.carried === undefined && reading.inside.items.some((item) => item.docId === docId) ? [{ row, reading }] : [],
  );
  const dropped = touching.flatMap(({ row: { seq = 0, envelopeId, deviceId, bytes } }) => {
    const parsed = parseEnvelope(bytes);
    return parsed.ok ? [{ seq, envelopeId, deviceId, ctr: parsed.envelope.ctr }] : [];
  });
  const holders = new Map<string, Map<number, string>>();
  for (const { reading } of touching) {
    for (const item of reading.inside.items) if (!holders.has(item.docId)) holders.set(item.docId, new Map());
    for (const { docId: usedIn, client } of claimOf(reading).uses) {
      const inDocument = holders.get(usedIn);
      if (inDocument?.has(client) === false) inDocument.set(client, reading.author);
    }
  }
  const documents = Array.from(holders, ([id, clients]) => ({
    docId: id,
    clients: Array.from(clients, ([client, deviceId]) => ({ client, deviceId })).sort((a, b) => a.client - b.client),
  })).sort((a, b) => (a.docId < b.docId ? -1 : 1));
  return { dropped, documents, touched: await hashOfTouched(documents) };
}

async function hashOfTouched(documents: readonly TouchedDocument[]): Promise<string> {
  return toHex(await sha256(touchedInput(documents)));
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

/**
 * A checkpoint has passed the late ones while they could not be read: they get new places, so that no replay passes them again.
 * @param revision of the state that the rows were read with
 * @returns those that stay aside for good
 */
async function settle(room: RoomContext, revision: number, aside: readonly RowChange[], late: readonly LateRecord[]): Promise<OpenedRecord[]> {
  const { roomId } = room.keys;
  const { moved, counts, foreign } = await room.parts.store.write(["records", "rooms", "clients"], async (tx) => {
    // A tab that is behind may lack a key that another has learned meanwhile: its word does not count.
    const current = (await tx.room(roomId))?.revision === revision;
    if (current) await tx.updateRows(aside);
    const foreign = await bindClients(room, tx, late);
    await tx.updateRows(foreign.map(({ row }) => ({ local: row.local, quarantined: "foreign" })));
    const readable = late.filter((one) => !foreign.includes(one));
    // Another tab, or another replay here, may have moved some of them already.
    const stored = (await tx.rowsAt(readable.map(({ row }) => row.local))).filter((row) => row !== undefined);
    await tx.deleteRows(stored.map(({ local }) => local));
    const again = stored.map((row) => {
      const { local: _, quarantined: __, role: ___, ...kept } = row;
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
