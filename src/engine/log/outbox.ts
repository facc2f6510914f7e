import { type Bytes, equalBytes, fromHex, toHex } from "#protocol/bytes.ts";
import type { ChainHead } from "#protocol/log-rules.ts";
import { limits } from "#protocol/limits.ts";
import { parseEnvelope } from "#protocol/record.ts";
import { RoomOverError, TooLargeError } from "../platform/errors.ts";
import type { NewRecordRow, RecordRow } from "../storage/log-store.ts";
import { assertTakable, noteOwnClients } from "./clients.ts";
import { fenceAll, fenceChain, MovedError, untilCurrent } from "./other-tabs.ts";
import { type Fold, type OutboxRow, placeRows, planFold } from "./outbox-plan.ts";
import { claimOf, judgeInside, openInside, openRows, type OpenedRecord, readRow, writtenHere } from "./reader.ts";
import { encodeInside, isQuote, type UpdateInside } from "./record.ts";
import { countEdits, countForPush, countRows, isControl } from "./record-rows.ts";
import type { SealedEnvelope } from "./room-cipher.ts";
import { headInLog, type RoomContext } from "./room-context.ts";
import { isReopened, logGenOf } from "./room-state.ts";

const noBytes = new Uint8Array(0);

/** A saving leaves room around it for whoever has to quote it after a restore. SPEC.md [W7], [G7]. */
const savingBytesMax = limits.envelopeBytes - 16 * 1024;

/**
 * Seals an own update and puts it on disk; durable when this resolves. SPEC.md [W1].
 * @returns the row's local number
 * @throws {TooLargeError | RoomOverError} and nothing has changed
 */
export function storeUpdate(room: RoomContext, inside: UpdateInside): Promise<number> {
  const bytes = encodeInside(inside);
  return untilCurrent(room, async () => {
    const { membership } = room.status.get().state;
    // One whose addition a restored relay has lost is shut out by nobody.
    const isOver = membership !== null && (membership.keepUntil !== null || membership.removed[room.keys.deviceId] !== undefined);
    if (isOver) throw new RoomOverError("nothing is written here any more");
    const sealing = sealOwn(room, "update", room.head, { clear: noBytes, inside: bytes });
    // While that is under way.
    const { reading, uses } = claimOf({ type: "update", inside, author: room.keys.deviceId });
    const sealed = await sealing;
    // No relay or reader would take it, or nobody could quote it: said now, while the writer still has it on screen.
    if (reading.type === "refused") assertTakable(inside.items);
    if (sealed.bytes.length > savingBytesMax) throw new TooLargeError(`${sealed.bytes.length} bytes in one envelope`);
    noteOwnClients(room, uses);
    const local = await commitOwn(room, sealed, { pending: 1, edits: 1 });
    if (reading.type === "update") room.written.set(toHex(sealed.envelopeId), { bytes: sealed.bytes, inside });
    const status = room.status.get();
    room.status.set({ ...status, unsent: status.unsent + 1 });
    return local;
  });
}

/** Seals before any transaction: IndexedDB commits as soon as WebCrypto is awaited inside one. */
export function sealOwn(
  room: RoomContext,
  type: "update" | "control" | "heartbeat",
  after: ChainHead,
  content: { clear: Bytes; inside: Bytes },
  resealOf: string | null = null,
): Promise<SealedEnvelope> {
  return room.cipher.seal(type, after, room.status.get().state, content, room.parts.random(12), resealOf);
}

/**
 * Stores what was sealed after `room.head`, and moves that.
 * @throws {MovedError} and nothing has changed
 */
async function commitOwn(
  room: RoomContext,
  sealed: SealedEnvelope,
  standing: Pick<RecordRow, "pending" | "edits">,
): Promise<number> {
  const { roomId } = room.keys;
  const ctr = room.head.ctr + 1;
  const local = await room.parts.store.write(["ownHeads", "records"], async (tx) => {
    // The fence reads before they write, in the order of asking; where it fails, nothing of them is left.
    const [, added] = await Promise.all([
      fenceChain(room, tx),
      tx.addRow({ ...ownRow(room, sealed, ctr), ...standing }),
      tx.putOwnHead({ roomId, ctr, tip: sealed.envelopeId }),
    ]);
    return added;
  });
  room.head = { ctr, tip: toHex(sealed.envelopeId) };
  room.throughLocal = local;
  return local;
}

/** An own envelope as it is first stored. */
export function ownRow(room: RoomContext, { bytes, envelopeId }: SealedEnvelope, ctr: number): NewRecordRow {
  const { roomId, deviceId } = room.keys;
  return { roomId, deviceId, envelopeId: toHex(envelopeId), bytes, ownCtr: ctr };
}

/** The genesis while the relay has not acked it: the room must be made before anything else is sent. */
export async function pendingGenesis(room: RoomContext): Promise<Bytes | null> {
  if (room.status.get().state.seq > 0) return null;
  const { roomId, genesis } = room.keys;
  const first = await room.parts.store.read(["records"], (tx) => tx.rowAtOwnCtr(roomId, 1));
  if (first === undefined || first.envelopeId !== genesis || first.pending !== 1) return null;
  return first.bytes;
}

/** Whether there is an own update that the relay has not acked, on a disk that is as this tab has it in memory. */
export function hasUnsent(room: RoomContext): Promise<boolean> {
  return untilCurrent(room, () =>
    room.parts.store.read(["rooms", "ownHeads", "records"], async (tx) => {
      await fenceAll(room, tx);
      return (await tx.unacked(room.keys.roomId)).some((row) => !isControl(row));
    }),
  );
}

/**
 * What to send next, oldest first, within one push, folded where it was never attempted; marked as attempted on disk before it is handed out.
 * Control records are never among it. Nothing while something is to be given back to a restored relay, or somebody who was removed is back. SPEC.md [W2], [W3], [G3], [G8].
 */
export function takeUnsent(room: RoomContext): Promise<Bytes[]> {
  return untilCurrent(room, async () => {
    const { roomId, deviceId } = room.keys;
    const [rows, lost, ownHead] = await room.parts.store.read(["ownHeads", "records"], (tx) =>
      Promise.all([tx.unconfirmed(roomId), tx.lost(roomId), tx.ownHead(roomId)]),
    );
    const here = new Set(rows.map(({ envelopeId }) => envelopeId));
    for (const envelopeId of room.written.keys()) if (!here.has(envelopeId)) room.written.delete(envelopeId);
    const { state } = room.status.get();
    // A device that was removed, or has of a room's last epochs the numbers alone [Z6], has no key to seal it with, and nobody to send it to.
    const isShutOut = state.membership !== null && (state.membership.shredded || state.membership.devices[deviceId] === undefined);
    if (lost.length > 0 || isShutOut || isReopened(state)) return [];
    const confirmed = { head: headInLog(state, deviceId), epoch: state.membership?.epoch ?? 1, logGen: logGenOf(state) };
    const placed = placeRows(confirmed, rows.map(outboxRow));
    const stored = new Map(rows.map((row) => [row.local, row]));
    const rowsOf = (places: readonly OutboxRow[]) => places.flatMap(({ local }) => stored.get(local) ?? []);
    const readings = new Map(await Promise.all(rowsOf(placed.loose).map(async (row) => [row.local, await readUnsent(room, row)] as const)));
    const insides = new Map<number, UpdateInside>();
    for (const [local, reading] of readings) if ("items" in reading) insides.set(local, reading);
    const fold = planFold(placed, insides);
    return fold === null
      ? markAttempted(room, rowsOf([...placed.resend, ...placed.loose]))
      : storeFold(room, rowsOf(placed.resend), fold, readings, ownHead?.sendings);
  });
}

/** The relay has these on its disk. They stay in the outbox until they come back in the log. SPEC.md [W4]. */
export async function markAcked(room: RoomContext, envelopes: readonly Bytes[]): Promise<void> {
  const { roomId } = room.keys;
  const counts = await room.parts.store.write(["records"], async (tx) => {
    const { acked = [], waiting = [] } = Object.groupBy(await tx.unacked(roomId), (row) =>
      envelopes.some((bytes) => equalBytes(bytes, row.bytes)) ? "acked" : "waiting",
    );
    await tx.updateRows(acked.map(({ local }) => ({ local, pending: 2 })));
    return { unsent: countEdits(waiting), unconfirmed: await tx.countAcked(roomId) };
  });
  room.status.set({ ...room.status.get(), ...counts });
}

/** The locals of what the relay has acked and what has not come back. */
export function readOwed(room: RoomContext): Promise<number[]> {
  return room.parts.store.read(["records"], (tx) => tx.acked(room.keys.roomId));
}

/**
 * The relay has lost what it acked: all that has not come back is sent again, as the same bytes. SPEC.md [W8].
 * @param owed what was acked before the relay was asked: what another tab has sent since, the answer knows nothing of
 */
export async function sendAgain(room: RoomContext, owed: readonly number[]): Promise<void> {
  const { roomId } = room.keys;
  const counts = await room.parts.store.write(["records"], async (tx) => {
    const acked = (await tx.acked(roomId)).filter((local) => owed.includes(local));
    await tx.updateRows(acked.map((local) => ({ local, pending: 1 })));
    return countRows(tx, roomId);
  });
  room.status.set({ ...room.status.get(), ...counts });
}

/** Own updates that the relay has not, or has lost, oldest first. */
export async function readUnsentRecords(room: RoomContext): Promise<OpenedRecord[]> {
  const { roomId, deviceId } = room.keys;
  const [unconfirmed, lost] = await room.parts.store.read(["records"], (tx) => Promise.all([tx.unconfirmed(roomId), tx.lost(roomId)]));
  const own = [...unconfirmed.filter(({ pending }) => pending === 1), ...lost.filter((row) => row.deviceId === deviceId)];
  const unacked = own.toSorted((a, b) => (a.ownCtr ?? 0) - (b.ownCtr ?? 0));
  return openRows(room, unacked);
}

type Unsent = UpdateInside | { refused: string };

/** What an own row holds, as it was written, so that it can be sealed again; or why it cannot be sent. */
async function readUnsent(room: RoomContext, row: RecordRow): Promise<Unsent> {
  const inside = writtenHere(room, row);
  // Whose a quote is, and whether that one may write there, only reading it tells.
  if (inside !== null && !isQuote(inside)) return mayStill(room, row, inside);
  const reading = claimOf(await readRow(room, row)).reading;
  if (reading.type === "refused") return { refused: reading.reason };
  return (await openInside(row, room.cipher)) ?? { refused: "other" };
}

/** The role may have changed since it was written. */
function mayStill(room: RoomContext, row: RecordRow, inside: UpdateInside): Unsent {
  const reading = judgeInside(room, row, inside);
  return reading.type === "refused" ? { refused: reading.reason } : inside;
}

function outboxRow(row: RecordRow): OutboxRow {
  const parsed = parseEnvelope(row.bytes);
  const unacked = row.attempted === 1 ? "attempted" : "sealed";
  return {
    local: row.local,
    ctr: row.ownCtr ?? 0,
    id: row.envelopeId,
    // Spoilt by the disk: it continues nothing, and cannot be read either.
    ...(parsed.ok ? { prev: toHex(parsed.envelope.prev), epoch: parsed.envelope.epoch, logGen: parsed.envelope.logGen } : { prev: "", epoch: 0, logGen: 0 }),
    // The genesis has a door of its own; to those that follow it, it is as good as sent.
    stage: row.pending === 2 || isControl(row) ? "acked" : unacked,
    edits: row.edits ?? 0,
  };
}

async function markAttempted(room: RoomContext, rows: readonly RecordRow[]): Promise<Bytes[]> {
  const { roomId } = room.keys;
  const push = rows.slice(0, countForPush(rows.map(({ bytes }) => bytes.length)));
  const fresh = push.filter((row) => row.attempted !== 1);
  if (fresh.length > 0) {
    await room.parts.store.write(["ownHeads", "records"], async (tx) => {
      const marked = await tx.updateRows(fresh.map(({ local }) => ({ local, attempted: 1 })));
      if (marked < fresh.length) throw new MovedError("another tab has folded them");
      const head = await tx.ownHead(roomId);
      if (head !== undefined) await tx.putOwnHead({ ...head, sendings: (head.sendings ?? 0) + 1 });
    });
  }
  return push.map(({ bytes }) => bytes);
}

async function storeFold(
  room: RoomContext,
  resend: readonly RecordRow[],
  fold: Fold,
  readings: ReadonlyMap<number, Unsent>,
  sendings: number | undefined,
): Promise<Bytes[]> {
  const { roomId } = room.keys;
  let head = fold.base;
  const folded: NewRecordRow[] = [];
  for (const { edits, resealOf, ...inside } of fold.batches) {
    const sealed = await sealOwn(room, "update", head, { clear: noBytes, inside: encodeInside(inside) }, resealOf);
    head = { ctr: head.ctr + 1, tip: toHex(sealed.envelopeId) };
    folded.push({ ...ownRow(room, sealed, head.ctr), pending: 1, edits });
    room.written.set(toHex(sealed.envelopeId), { bytes: sealed.bytes, inside });
  }
  const push = [...resend, ...folded].slice(0, countForPush([...resend, ...folded].map(({ bytes }) => bytes.length)));
  const sent = new Set(push.map(({ envelopeId }) => envelopeId));
  const { last, counts } = await room.parts.store.write(["rooms", "ownHeads", "records"], async (tx) => {
    const [ownHead] = await Promise.all([tx.ownHead(roomId), fenceAll(room, tx)]);
    // Another tab has begun to send some of them as they are.
    if (ownHead?.sendings !== sendings) throw new MovedError("being sent");
    // What the disk has spoilt cannot be sent, and is not deleted either: it stays aside, counted on screen.
    const setAside = fold.setAside.map((local) => {
      const reading = readings.get(local);
      const quarantined = reading !== undefined && "refused" in reading ? reading.refused : undefined;
      return { local, quarantined, pending: undefined, ownCtr: undefined };
    });
    const rows = folded.map((row) => (sent.has(row.envelopeId) ? { ...row, attempted: 1 as const } : row));
    const [locals] = await Promise.all([
      tx.addRows(rows),
      tx.deleteRows(fold.replaced),
      setAside.length > 0 && tx.updateRows(setAside),
      tx.putOwnHead({ roomId, ctr: head.ctr, tip: fromHex(head.tip) }),
    ]);
    return { last: locals.at(-1), counts: await countRows(tx, roomId) };
  });
  room.head = head;
  room.throughLocal = last ?? room.throughLocal;
  room.status.set({ ...room.status.get(), ...counts });
  return push.map(({ bytes }) => bytes);
}
