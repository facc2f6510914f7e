import { type Bytes, fromBase64Url, fromHex, toHex } from "#protocol/bytes.ts";
import type { Dropped } from "#protocol/control.ts";
import type { Refusal } from "#protocol/messages.ts";
import { type LogEntry, parseEnvelope, signatureInput } from "#protocol/record.ts";
import { importVerifier, verify } from "../crypto/primitives.ts";
import { sealRoomKeys, withSecrets } from "../keys/keyring.ts";
import type { LogTable, NewRecordRow, ReadTx, RecordRow, WriteTx } from "../storage/log-store.ts";
import { bindClients, type Claim, readOwnClients } from "./clients.ts";
import { findSecrets, type Secrets } from "./epochs.ts";
import { fenceAll, untilCurrent } from "./other-tabs.ts";
import { authorOf, byLogOrder, claimOf, openRows, readRows, type RowReading, timeIn, withQuarantined, writtenHere } from "./reader.ts";
import { envelopeIdOf } from "./record.ts";
import { countRows } from "./record-rows.ts";
import { RoomCipher } from "./room-cipher.ts";
import type { RoomContext } from "./room-context.ts";
import { logGenOf, type LogFault, type RoomState, sealRoomState } from "./room-state.ts";
import { seenIn, type Word } from "./seen.ts";
import { type StoredAt, type VerifiedEnvelope, type VerifiedHole, type VerifiedPage, verifyPage } from "./verify.ts";

const noBytes: Bytes = new Uint8Array(0);

/**
 * Verifies, stores, and only then hands out a page of the relay's log. SPEC.md §5.
 * Envelopes already known are passed over; a page that begins too far on is left alone, and so is one from before a restore that has been taken up meanwhile.
 * @param logGen of the log that the page is of
 * @returns the room's new position
 */
export function receivePage(room: RoomContext, page: readonly LogEntry[], logGen: number): Promise<number> {
  const { parts, keys } = room;
  return untilCurrent(room, async () => {
    const before = room.status.get().state;
    const fresh = page.filter(({ seq }) => seq > before.seq);
    if (before.fault !== null || logGenOf(before) !== logGen || fresh[0]?.seq !== before.seq + 1) return before.seq;
    const { accepted, holes, state, secrets } = await verifyWithSecrets(room, before, fresh);
    const learned = Object.keys(secrets).length > 0;
    const cipher = learned ? new RoomCipher(withSecrets(keys, secrets)) : room.cipher;
    const late = learned ? await withQuarantined(room, []) : [];
    await readOwnClients(room, async (rows) => {
      const readings = await readRows(room, rows);
      return readings.flatMap(({ row, reading }) => (authorOf(row, reading) === keys.deviceId ? claimOf(reading).uses : []));
    });
    // Before they are stored, because what is set aside and whose client ids are whose is stored with them: no opening decodes them again to find out.
    const inOrder = [...late.toSorted(byLogOrder), ...accepted];
    const read = (await readRows(room, inOrder, { cipher, membership: state.membership })).map(
      ({ row, reading }): PageReading => ({ envelopeId: row.envelopeId, deviceId: authorOf(row, reading), ...claimOf(reading) }),
    );
    const known = new Map(read.map(({ envelopeId, reading }) => [envelopeId, reading]));
    const seen = seenIn(before.seen, wordsOf(accepted, known), keys.deviceId, state.generations);
    const stored = await storePage(room, fresh, { accepted, holes }, { ...state, seen }, secrets, read);
    if (seen.newsSeq !== before.seen.newsSeq) room.newsAt = parts.clock.now();
    if (accepted.length + holes.length > 0) parts.committed(keys.roomId);
    const isPurged = accepted.some(({ control }) => control?.action === "purge");
    const records = await openRows(room, [...late, ...stored], known);
    room.throughLocal = stored.at(-1)?.local ?? room.throughLocal;
    if (records.length > 0) parts.opened(records);
    if (isPurged) parts.purged();
    return state.seq;
  });
}

/** What the envelopes of a page say of their authors' reading. */
function wordsOf(accepted: readonly VerifiedEnvelope[], known: ReadonlyMap<string, RowReading>): Word[] {
  return accepted.map(({ seq, deviceId, envelopeId, envelope: { type, seenSeq, logGen } }) => {
    const reading = known.get(envelopeId);
    return { seq, deviceId, type, seenSeq, logGen, at: reading === undefined ? null : timeIn(reading, deviceId) };
  });
}

/** What of a page is right, and the secrets in it. A record whose wrap holds another secret than it says is left out: in its epoch nothing could be written here. SPEC.md [K4], [P7]. */
async function verifyWithSecrets(room: RoomContext, before: RoomState, page: readonly LogEntry[]): Promise<VerifiedPage & { secrets: Secrets }> {
  const verified = await verifyPage(room.keys, before, page, (seq) => storedAt(room, seq), (record) => writtenHere(room, record) !== null);
  const { secrets, badSeq } = await findSecrets(room, verified.accepted);
  if (badSeq === null) return { ...verified, secrets };
  const fitting = await verifyWithSecrets(room, before, page.filter(({ seq }) => seq < badSeq));
  return { ...fitting, state: { ...fitting.state, fault: fitting.state.fault ?? { type: "membership", seq: badSeq } } };
}

/**
 * The relay has told that the log ends before the end of what was verified here: it was rolled back. SPEC.md [P8].
 * The first envelope that it has no longer is kept as evidence.
 */
export function noteRollback(room: RoomContext, { headSeq, logGen }: { headSeq: number; logGen: number }): Promise<void> {
  const { roomId } = room.keys;
  return untilCurrent(room, async () => {
    const { state } = room.status.get();
    if (state.fault !== null || logGenOf(state) !== logGen || headSeq >= state.seq) return;
    const seq = headSeq + 1;
    const lost = await room.parts.store.read(["records"], (tx) => tx.rowAtSeq(roomId, seq));
    await storeFault(room, { type: "rollback", seq }, lost?.bytes);
  });
}

/** A proof is an envelope of this room and device that holds a counter and is rightly signed. Without one the relay is at fault. SPEC.md [W11]. */
export function believesReuse(room: RoomContext, { expected, stored }: Extract<Refusal, { type: "ctrReused" }>): Promise<boolean> {
  const { roomId, deviceId, sign } = room.keys;
  return untilCurrent(room, async () => {
    const bytes = stored === undefined ? new Uint8Array(0) : fromBase64Url(stored);
    const parsed = parseEnvelope(bytes);
    const id = await envelopeIdOf(bytes);
    const isOwn = parsed.ok && toHex(parsed.envelope.roomId) === roomId && toHex(parsed.envelope.deviceId) === deviceId;
    // Presence is signed too, and has no counter.
    const hasCounter = parsed.ok && parsed.envelope.type !== "presence" && parsed.envelope.ctr <= expected;
    if (isOwn && hasCounter && (await verify(await importVerifier(sign.publicKey), parsed.envelope.signature, signatureInput(id)))) {
      const known = await room.parts.store.read(["records"], (tx) => tx.rowWithId(toHex(id)));
      // What is no update is not stored before it has come back: this may be the one that the relay has just taken. SPEC.md [C8], [H3].
      const isForgotten = known === undefined && parsed.ok && parsed.envelope.type === "update";
      if (isForgotten) room.status.set({ ...room.status.get(), setBack: true });
      return true;
    }
    const { state } = room.status.get();
    if (state.fault !== null) return false;
    const seq = state.seq + 1;
    await storeFault(room, { type: "unproven", seq }, bytes);
    return false;
  });
}

/** What came of looking into an envelope of a page, and what it claims; nothing when it is refused. */
type PageReading = Claim & { envelopeId: string; reading: RowReading };

/** The log is read to its end, and numbers are left whose bytes the relay does not give and no purge has taken. SPEC.md [Z4]. */
export function noteHoles(room: RoomContext): Promise<void> {
  return untilCurrent(room, async () => {
    const { holes, fault, membership } = room.status.get().state;
    const [seq] = Object.keys(holes).map(Number);
    // For a device that was removed the log ends there, and the purge may stand behind.
    const mayReadOn = membership?.removed[room.keys.deviceId] === undefined;
    if (fault === null && seq !== undefined && mayReadOn) await storeFault(room, { type: "malformed", seq }, undefined);
  });
}

/** Pull stops here. SPEC.md [P7]. @param evidence undefined where there is nothing to show */
async function storeFault(room: RoomContext, fault: LogFault, evidence: Bytes | undefined): Promise<void> {
  const page = evidence === undefined ? [] : [{ seq: fault.seq, bytes: evidence }];
  await storePage(room, page, { accepted: [], holes: [] }, { ...room.status.get().state, fault }, {}, []);
  room.parts.committed(room.keys.roomId);
}

async function storedAt(room: RoomContext, seq: number): ReturnType<StoredAt> {
  const row = await room.parts.store.read(["records"], (tx) => tx.rowAtSeq(room.keys.roomId, seq));
  if (row?.acc === undefined) return undefined;
  const { envelopeId, deviceId, droppedCtr } = row;
  const ctr = droppedCtr ?? updateCtr(row.bytes);
  return { acc: row.acc, update: ctr === null ? null : { envelopeId, deviceId, ctr } };
}

function updateCtr(bytes: Bytes): number | null {
  const parsed = parseEnvelope(bytes);
  return parsed.ok && parsed.envelope.type === "update" ? parsed.envelope.ctr : null;
}

const pageTables: readonly LogTable[] = ["rooms", "roomKeys", "records", "ownHeads", "clients", "evidence"];
const purgeTables: readonly LogTable[] = [...pageTables, "snapshots", "checkpoints"];

/**
 * Stores bytes, what of them is set aside, accumulators, chain heads, whose client ids are whose, secrets and position in one transaction. SPEC.md [P5], [P6].
 * @param read in the order of the log
 * @returns the rows that are new here
 */
async function storePage(
  room: RoomContext,
  page: readonly LogEntry[],
  { accepted, holes }: Pick<VerifiedPage, "accepted" | "holes">,
  state: RoomState,
  secrets: Secrets,
  read: readonly PageReading[],
): Promise<RecordRow[]> {
  const { store, deviceKeys, clock } = room.parts;
  const { roomId, deviceId } = room.keys;
  const revision = room.revision + 1;
  const learned = Object.keys(secrets).length > 0;
  const [roomRow, keyRow] = await Promise.all([
    sealRoomState(deviceKeys.state, roomId, revision, state),
    learned ? sealRoomKeys(deviceKeys.keyring, withSecrets(room.keys, secrets)) : null,
  ]);
  const inLog = state.heads[deviceId];
  // Own envelopes that this profile does not remember (it was set back, or a control record's answer was lost) are taken over.
  const head = inLog !== undefined && inLog.ctr > room.head.ctr ? inLog : room.head;
  const { fault } = state;
  const culprit = fault === null ? undefined : page.find(({ seq }) => seq === fault.seq);
  const purged = accepted.flatMap(({ control }) => (control?.action === "purge" ? control.dropped : []));
  const { rows, counts, ackedCount } = await store.write(purged.length > 0 ? purgeTables : pageTables, async (tx) => {
    const [, taken, own] = await Promise.all([
      fenceAll(room, tx),
      bindClients(room, tx, read),
      // Of a log that was restored, or told to be, anything may be here already, whoever wrote it: given back, or refused then.
      rowsById(tx, state.generations.length > 1 ? accepted : accepted.filter((record) => record.deviceId === deviceId)),
    ]);
    const reasons = new Map(read.flatMap(({ envelopeId, reading }) => (reading.type === "refused" ? [[envelopeId, reading.reason]] : [])));
    for (const { envelopeId } of taken) reasons.set(envelopeId, "foreign");
    const confirmed = accepted.flatMap(({ envelopeId, seq, acc }) => {
      const row = own.get(envelopeId);
      return row === undefined ? [] : [{ local: row.local, seq, acc, pending: undefined, lostAt: undefined }];
    });
    const added = accepted
      .filter(({ envelopeId }) => !own.has(envelopeId))
      .map(({ envelopeId, deviceId: authorId, bytes, seq, acc, envelope, role }) => {
        const quarantined = reasons.get(envelopeId);
        const row = { roomId, envelopeId, deviceId: authorId, bytes, seq, acc, ...(quarantined !== undefined && { quarantined, role }) };
        // Counted as a saving if the relay ever loses it.
        return authorId === deviceId ? { ...row, ownCtr: envelope.ctr, edits: envelope.type === "update" ? 1 : 0 } : row;
      });
    const here = holes.length > 0 ? await tx.rowsWithIds(holes.map(({ envelopeId }) => envelopeId)) : [];
    const [locals] = await Promise.all([
      tx.addRows(added),
      tx.addRows(holes.filter(({ envelopeId }) => here.every((row) => row.envelopeId !== envelopeId)).map((hole) => holeRow(roomId, hole))),
      tx.updateRows(here.map((row) => ({ local: row.local, ...placeOf(holes, row), pending: undefined, lostAt: undefined }))),
      purge(tx, roomId, purged),
      confirmed.length > 0 && tx.updateRows(confirmed),
      head !== room.head && tx.putOwnHead({ roomId, ctr: head.ctr, tip: fromHex(head.tip) }),
      tx.putRoom(roomRow),
      keyRow !== null && tx.putRoomKeys(keyRow),
      fault !== null && culprit !== undefined && "bytes" in culprit &&
        tx.addEvidence({ roomId, seq: fault.seq, fault: fault.type, bytes: culprit.bytes, foundAt: clock.now() }),
    ]);
    // Counted only when something came back before its ack, was acked to another tab, or is set aside: reading the outbox costs more than the rest.
    const { 1: unacked = [], 2: acked = [], 3: lost = [] } = Object.groupBy([...own.values(), ...here], ({ pending }) => pending ?? 0);
    const isCounted = unacked.length === 0 && lost.length === 0 && acked.length <= room.status.get().unconfirmed;
    return {
      rows: added.map((row, index) => ({ ...row, local: locals[index] as number })),
      counts: !isCounted || reasons.size > 0 ? await countRows(tx, roomId) : null,
      ackedCount: acked.length,
    };
  });
  room.revision = revision;
  room.head = head;
  Object.assign(room.keys, withSecrets(room.keys, secrets));
  const status = room.status.get();
  room.status.set({ ...status, ...(counts ?? { unconfirmed: Math.max(0, status.unconfirmed - ackedCount) }), state });
  return rows;
}

function holeRow(roomId: string, { seq, acc, envelopeId, deviceId, ctr }: VerifiedHole): NewRecordRow {
  return { roomId, envelopeId, deviceId, bytes: noBytes, seq, acc, droppedCtr: ctr };
}

function placeOf(holes: readonly VerifiedHole[], row: RecordRow): Pick<RecordRow, "seq" | "acc"> {
  const hole = holes.find(({ envelopeId }) => envelopeId === row.envelopeId);
  return hole === undefined ? {} : { seq: hole.seq, acc: hole.acc };
}

/** The bytes are gone from this disk, and whatever was made of them. SPEC.md [Z4]. */
async function purge(tx: WriteTx, roomId: string, dropped: readonly Dropped[]): Promise<void> {
  if (dropped.length === 0) return;
  const ctrs = new Map(dropped.map(({ envelopeId, ctr }) => [envelopeId, ctr]));
  const rows = await tx.rowsWithIds(Array.from(ctrs.keys()));
  await tx.updateRows(rows.map(({ local, envelopeId }) => ({ local, bytes: noBytes, droppedCtr: ctrs.get(envelopeId), quarantined: undefined })));
  await tx.deleteSnapshots(roomId);
}

/** The rows of envelopes that were written here, by envelope id. */
async function rowsById(tx: ReadTx, records: readonly VerifiedEnvelope[]): Promise<Map<string, RecordRow>> {
  if (records.length === 0) return new Map();
  const rows = await tx.rowsWithIds(records.map(({ envelopeId }) => envelopeId));
  return new Map(rows.map((row) => [row.envelopeId, row]));
}
