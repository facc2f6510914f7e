import { type Bytes, concatBytes, equalBytes, fromHex } from "#protocol/bytes.ts";
import { type Generation, presentGeneration, startGenerations } from "#protocol/log-rules.ts";
import { limits } from "#protocol/limits.ts";
import { knownDevice, mayWrite } from "#protocol/membership.ts";
import { type LogEntry, parseEnvelope } from "#protocol/record.ts";
import type { Refusal } from "#protocol/messages.ts";
import { sha256 } from "../crypto/primitives.ts";
import type { NewRecordRow, RecordRow, RowChange } from "../storage/log-store.ts";
import { fenceAll, untilCurrent } from "./other-tabs.ts";
import { ownRow, sealOwn } from "./outbox.ts";
import { openInside } from "./reader.ts";
import { encodeInside, isQuote, quotedDocId } from "./record.ts";
import { countForPush, countRows, isControl, isHeartbeat } from "./record-rows.ts";
import { headInLog, type RoomContext } from "./room-context.ts";
import { emptyRoomState, type LogFault, logGenOf, type RoomState, sealRoomState } from "./room-state.ts";
import { seenUntil } from "./seen.ts";
import { verifyPage } from "./verify.ts";

// A relay that was restored from a backup has lost what came after it. SPEC.md §12.

/** Behind everything that had a number. */
const unnumbered = 2 ** 50;

/**
 * Takes up the generations that the relay tells of: goes back to where the new ones begin, and puts all that is known beyond among what is to be given
 * back. What has been read stays as it is. A room that a fault has frozen goes on where a new one begins before that: the log goes another way from
 * there, without it. SPEC.md [G2].
 * @param askedIn the generation that this device knew as the present one when it asked
 */
export function adoptGenerations(room: RoomContext, told: readonly Generation[], askedIn: number): Promise<void> {
  return untilCurrent(room, async () => {
    const before = room.status.get().state;
    const { fault } = before;
    // Another tab has learned of a newer one since: this answer may be from before that.
    if (logGenOf(before) !== askedIn || isSame(before.generations, told)) return;
    const way = compareGenerations(before.generations, told, room.parts.clock.now());
    if ("fault" in way) return fault === null ? storeAdopted(room, { ...before, fault: { type: way.fault, seq: before.seq } }) : undefined;
    const { sharedThrough: from } = way;
    if (fault !== null && from >= fault.seq) return;
    const state = await stateAt(room, Math.min(from, before.seq), told);
    const shutOut = Array.from(new Set([...before.shutOut, ...Object.keys(before.membership?.removed ?? {})]));
    await storeAdopted(room, { ...state, seen: seenUntil(before.seen, state.seq), shutOut });
  });
}

function isSame(known: readonly Generation[], told: readonly Generation[]): boolean {
  return known.length === told.length && known.every(({ logGen, fromSeq }, at) => told[at]?.logGen === logGen && told[at]?.fromSeq === fromSeq);
}

/**
 * How far the log that a device knows and the one that a relay tells of are the same. SPEC.md [G2].
 * @param now in ms
 */
export function compareGenerations(known: readonly Generation[], told: readonly Generation[], now: number): { fault: LogFault["type"] } | { sharedThrough: number } {
  const fault = wrongIn(known, told, now);
  if (fault !== null) return { fault };
  const firstNew = told.findIndex(({ logGen }, at) => known[at]?.logGen !== logGen);
  // What was read in a generation that the relay knows nothing of went another way from there on, too.
  return { sharedThrough: Math.min(...[...told.slice(firstNew), ...known.slice(firstNew)].map(({ fromSeq }) => fromSeq)) };
}

/** A generation is as it was told once, and those that are told are newer than those that are known. Nobody signs for them: what is wrong may come right. */
function wrongIn(known: readonly Generation[], told: readonly Generation[], now: number): LogFault["type"] | null {
  const isInOrder = told.every(({ logGen }, at) => at === 0 || logGen > (told[at - 1]?.logGen ?? 0));
  const isAsTold = told.every(({ logGen, fromSeq }) => (known.find((one) => one.logGen === logGen)?.fromSeq ?? fromSeq) === fromSeq);
  const isAhead = presentGeneration(told).logGen > (now + limits.generationAheadMs) / 1000;
  if (!isInOrder || !isAsTold || isAhead || told[0]?.logGen !== known[0]?.logGen) return "generations";
  return presentGeneration(told).logGen > presentGeneration(known).logGen ? null : "rollback";
}

/** The room as it was verified at a number, out of the envelopes on this disk. */
async function stateAt(room: RoomContext, seq: number, told: readonly Generation[]): Promise<RoomState> {
  const { keys, parts } = room;
  const rows = (await parts.store.read(["records"], (tx) => tx.rowsAfter(keys.roomId, 0))).filter((row) => (row.seq ?? Number.POSITIVE_INFINITY) <= seq);
  const page = rows.map(entryOf).toSorted((a, b) => a.seq - b.seq);
  // Those that begin further on are started on the way there.
  const generations = await startGenerations(sha256, fromHex(keys.roomId), told, () => undefined);
  const empty = await emptyRoomState(keys.roomId);
  const acc = generations.findLast(({ fromSeq }) => fromSeq === 0)?.start ?? empty.acc;
  const { state } = await verifyPage(keys, { ...empty, generations, acc }, page, async () => undefined);
  // What is empty here was emptied by a purge that was read, though the relay may have to be given that back.
  return { ...state, holes: {} };
}

function entryOf({ seq = 0, bytes, envelopeId, deviceId, droppedCtr }: RecordRow): LogEntry {
  return droppedCtr === undefined ? { seq, bytes } : { seq, dropped: { envelopeId, deviceId, ctr: droppedCtr } };
}

async function storeAdopted(room: RoomContext, state: RoomState): Promise<void> {
  const { store, deviceKeys, committed } = room.parts;
  const { roomId, deviceId } = room.keys;
  const revision = room.revision + 1;
  const { seq: lastSeq } = room.status.get().state;
  const roomRow = await sealRoomState(deviceKeys.state, roomId, revision, state);
  const counts = await store.write(["rooms", "ownHeads", "records"], async (tx) => {
    await fenceAll(room, tx);
    const rows = state.fault === null ? await tx.rowsAfter(roomId, 0) : [];
    const lost = rows.flatMap((row): RowChange[] => {
      if ((row.seq ?? 0) > state.seq && row.droppedCtr !== undefined) return [{ local: row.local, seq: undefined, acc: undefined }];
      if ((row.seq ?? 0) > state.seq) return [{ local: row.local, pending: 3, lostAt: row.seq, seq: undefined, acc: undefined }];
      // Still to be given back since an earlier restore: its number is of another log than those that are lost now.
      if (row.pending === 3 && (row.lostAt ?? unnumbered) < unnumbered) return [{ local: row.local, lostAt: (row.lostAt ?? 0) + lastSeq }];
      // It may have been in the log that was lost, and read by somebody.
      const hasLeft = row.deviceId === deviceId && row.seq === undefined && (row.pending === 2 || (row.pending === 1 && row.attempted === 1));
      return hasLeft && !(isControl(row) && row.ownCtr === 1) ? [{ local: row.local, pending: 3, lostAt: unnumbered + (row.ownCtr ?? 0) }] : [];
    });
    await Promise.all([tx.updateRows(lost), tx.putRoom(roomRow)]);
    return countRows(tx, roomId);
  });
  room.revision = revision;
  room.status.set({ ...room.status.get(), ...counts, state });
  committed(roomId);
}

/**
 * What is to be given back next, in the order in which it stood in the log, within one push. What was sealed in another epoch of its number than the log's is
 * given up first: no relay knows these apart. SPEC.md [G3], [G7].
 */
export function takeLost(room: RoomContext): Promise<Bytes[]> {
  return untilCurrent(room, async () => {
    for (;;) {
      const rows = await lostRows(room);
      const push = await beforeOtherEpoch(room, rows.slice(0, countForPush(rows.map(({ bytes }) => bytes.length))));
      const [first] = rows;
      if (push.length > 0 || first === undefined) return push.map(({ bytes }) => bytes);
      await giveUp(room, first);
    }
  });
}

/** Those before the first update whose epoch neither the log, as far as it is read, nor a record among them has begun. */
async function beforeOtherEpoch(room: RoomContext, rows: readonly RecordRow[]): Promise<readonly RecordRow[]> {
  let epoch = room.status.get().state.membership?.epoch ?? 1;
  for (const [at, row] of rows.entries()) {
    const parsed = parseEnvelope(row.bytes);
    if (!parsed.ok) continue;
    const { envelope } = parsed;
    if (envelope.type === "control") epoch = Math.max(epoch, envelope.epoch);
    if (envelope.type !== "update") continue;
    const isBegun = envelope.epoch <= epoch;
    const hasOther = room.keys.spare.some((spare) => spare.epoch === envelope.epoch);
    const isOther = isBegun && hasOther && (await room.cipher.keyOf(envelope, row.deviceId).then(({ isOfLostEpoch }) => isOfLostEpoch, () => false));
    if (!isBegun || isOther) return rows.slice(0, at);
  }
  return rows;
}

async function lostRows(room: RoomContext): Promise<RecordRow[]> {
  const rows = await room.parts.store.read(["rooms", "ownHeads", "records"], async (tx) => {
    await fenceAll(room, tx);
    return tx.lost(room.keys.roomId);
  });
  // What was purged is nobody's to give back.
  return rows.filter(({ droppedCtr }) => droppedCtr === undefined).toSorted((a, b) => (a.lostAt ?? 0) - (b.lostAt ?? 0));
}

/**
 * What no catching up helps against: its place is another's, its author is gone, the room is closed. Nor against a gap: whoever gives something back has
 * given back, or given up, all that is before it.
 */
const finalRefusals: ReadonlySet<Refusal["type"]> = new Set(["ctrReused", "gap", "notMember", "forbidden", "roomClosed", "staleControl", "staleCut", "staleEpoch", "forked", "malformed", "roomExists"]);

/**
 * The relay does not take back the envelope. An own update is sealed again, somebody else's is quoted, a control record is its author's to make anew, and a heartbeat nobody misses. SPEC.md [G7], [H3].
 * @returns whether that has changed anything: else it is asked again later
 */
export function giveUpLost(room: RoomContext, bytes: Bytes, refusal: Refusal): Promise<boolean> {
  return untilCurrent(room, async () => {
    const row = (await lostRows(room)).find((candidate) => equalBytes(candidate.bytes, bytes));
    if (row === undefined) return true;
    return finalRefusals.has(refusal.type) && giveUp(room, row);
  });
}

async function giveUp(room: RoomContext, row: RecordRow): Promise<true> {
  const { deviceId, kind } = room.keys;
  const change: RowChange = { local: row.local, lostAt: undefined, pending: undefined };
  if (isControl(row)) return storeGivenUp(room, change, { control: row });
  if (isHeartbeat(row)) return storeGivenUp(room, change, {});
  if (row.deviceId === deviceId) return storeGivenUp(room, { ...change, pending: 1, attempted: 1 }, {});
  const { membership } = room.status.get().state;
  const role = membership?.devices[deviceId]?.role;
  // Of somebody whom the room does not know any more, nobody could read it: that one gives it back when let in again.
  const isReadable = membership !== null && !membership.shredded && knownDevice(membership, row.deviceId) !== undefined;
  const mayQuote = isReadable && role !== undefined && mayWrite(role, kind) && row.quarantined === undefined;
  return storeGivenUp(room, change, mayQuote ? { quote: await sealQuote(room, row) } : {});
}

/** @returns null where it would be too large for an envelope, or the key is not here */
async function sealQuote(room: RoomContext, row: RecordRow): Promise<NewRecordRow | null> {
  const { bytes, deviceId } = row;
  const parsed = parseEnvelope(bytes);
  const known = parsed.ok && parsed.envelope.type === "update" ? await room.cipher.keyOf(parsed.envelope, deviceId).catch(() => null) : null;
  if (known === null) return null;
  // What somebody else has quoted before a later restore is quoted on, from its author.
  const held = await openInside(row, room.cipher).catch(() => null);
  const items = held !== null && isQuote(held) ? held.items : [{ docId: quotedDocId, update: concatBytes(known.key, bytes) }];
  const inside = { authoredAt: room.parts.clock.now(), items };
  const sealed = await sealOwn(room, "update", room.head, { clear: new Uint8Array(0), inside: encodeInside(inside) });
  return sealed.bytes.length > limits.envelopeBytes ? null : { ...ownRow(room, sealed, room.head.ctr + 1), pending: 1, edits: 1 };
}

async function storeGivenUp(
  room: RoomContext,
  change: RowChange,
  { quote = null, control = null }: { quote?: NewRecordRow | null; control?: RecordRow | null },
): Promise<true> {
  const { roomId, deviceId } = room.keys;
  // What is sealed behind an own record that never comes back would leave a gap. While something is to be given back, nothing else has left this device.
  const isOwnControl = control?.deviceId === deviceId;
  const head = quote !== null ? { ctr: quote.ownCtr ?? 0, tip: quote.envelopeId } : isOwnControl ? headInLog(room.status.get().state, deviceId) : null;
  const { store, clock, committed } = room.parts;
  const { local, counts } = await store.write(["rooms", "ownHeads", "records", "evidence"], async (tx) => {
    await fenceAll(room, tx);
    await tx.updateRows([change]);
    if (control !== null) await tx.addEvidence({ roomId, seq: control.lostAt ?? 0, fault: "lostControl", bytes: control.bytes, foundAt: clock.now() });
    const added = quote === null ? null : await tx.addRow(quote);
    if (head !== null) await tx.putOwnHead({ roomId, ctr: head.ctr, tip: fromHex(head.tip) });
    return { local: added, counts: await countRows(tx, roomId) };
  });
  if (head !== null) room.head = head;
  if (local !== null) room.throughLocal = local;
  room.status.set({ ...room.status.get(), ...counts });
  committed(roomId);
  return true;
}
