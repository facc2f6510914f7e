import { Dexie } from "dexie";
import * as Y from "yjs";
import { type Bytes, concatBytes, equalBytes, fromBase64Url, fromHex, toHex } from "#protocol/bytes.ts";
import { limits } from "#protocol/limits.ts";
import { type ControlBody, type MemberDevice, parseControlBody, type Role } from "#protocol/membership.ts";
import {
  accStartInput,
  type EnvelopeHeader,
  envelopeTypes,
  noHash,
  type NumberedEnvelope,
  parseEnvelope,
  typeOffset,
} from "#protocol/record.ts";
import { suite } from "#protocol/version.ts";
import { importSigner, type SealKey, sha256 } from "../crypto/primitives.ts";
import { unwrapSecret, wrapSecret } from "../crypto/wrap.ts";
import { publicLeaf, type RoomKeys, sealRoomKeys } from "../keys/keyring.ts";
import type { DeviceKeys } from "../keys/vault.ts";
import type { Clock, RandomBytes } from "../platform/clock.ts";
import { createObservable, type Observable, type Settable } from "../platform/observable.ts";
import { createSerial, type Serial } from "../platform/serial.ts";
import { type Database, type RecordRow, storing } from "../storage/database.ts";
import {
  commitmentInput,
  decodeInside,
  deriveRoomKey,
  encodeInside,
  openEnvelope,
  sealEnvelope,
  type UpdateItem,
} from "./record.ts";
import { mayWriteDocument } from "./rights.ts";
import { openRoomState, type RoomState, sealRoomState } from "./room-state.ts";
import { type VerifiedEnvelope, verifyPage } from "./verify.ts";
import { UnreadableError } from "../platform/errors.ts";

/** An update whose inside has been read and may be applied. */
export type OpenedRecord = { local: number; deviceId: string; authoredAt: number; items: UpdateItem[] };

/** One person's device as the others see it. */
export type RoomMember = { deviceId: string; memberId: string; role: Role; name: string | null };

export type RoomLogStatus = {
  /** Savings that the relay has not acked. */
  unsent: number;
  /** Records whose inside is set aside. */
  quarantined: number;
  state: RoomState;
};

export type RoomLogParts = {
  database: Database;
  deviceKeys: DeviceKeys;
  clock: Clock;
  random: RandomBytes;
  /** Called after every commit that added records, with what could be opened. */
  opened: (records: OpenedRecord[]) => void;
  /** Called when something was committed here that other tabs should read. */
  committed: (roomId: string) => void;
};

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const noBytes = new Uint8Array(0);
/** What one folded envelope may carry before it is sealed: half the envelope limit even if nothing deflates. */
const foldBytesMax = 256 * 1024;

/** The chain head on disk is not the one this write began from: another tab was quicker. */
class HeadMovedError extends Error {
  override name = "HeadMovedError";
}

/**
 * One room's log on this device: what was written here, what was verified from the relay, and nothing else.
 * All methods may be called at any time; they queue.
 */
export class RoomLog {
  readonly keys: RoomKeys;
  readonly #parts: RoomLogParts;
  readonly #serial: Serial = createSerial();
  readonly #sealKeys = new Map<string, Promise<SealKey>>();
  readonly #status: Settable<RoomLogStatus>;
  #signer: Promise<CryptoKey> | null = null;
  #revision: number;
  #newestLocal = 0;

  private constructor(keys: RoomKeys, parts: RoomLogParts, revision: number, status: RoomLogStatus) {
    this.keys = keys;
    this.#parts = parts;
    this.#revision = revision;
    this.#status = createObservable(status);
  }

  get roomId(): string {
    return this.keys.roomId;
  }

  get status(): Observable<RoomLogStatus> {
    return this.#status;
  }

  /**
   * A new room with this device as its one member, and the recovery device where the service has one. Works offline.
   * @param label opaque to the engine
   */
  static async create(
    parts: RoomLogParts,
    room: { kind: RoomKeys["kind"]; roomId: string; serviceId: string; label: string; name: string },
    leaf: Pick<RoomKeys, "sign" | "kem" | "deviceId">,
    recovery: MemberDevice | null,
  ): Promise<RoomLog> {
    const { database, deviceKeys, random } = parts;
    const { roomId } = room;
    const secret = random(32);
    const own: MemberDevice = {
      memberId: toHex(random(16)),
      role: "consultant",
      deviceId: leaf.deviceId,
      leaf: publicLeaf(leaf),
    };
    const members = recovery === null ? [own] : [own, recovery];
    const body: ControlBody = {
      action: "genesis",
      roomKind: room.kind,
      serviceId: room.serviceId,
      members,
      commitment: toHex(await sha256(commitmentInput(roomId, 1, secret))),
      wraps: await Promise.all(members.map((member) => wrapTo(member, roomId, 1, secret))),
    };
    const keys: RoomKeys = {
      ...leaf,
      roomId,
      kind: room.kind,
      label: room.label,
      role: "consultant",
      memberId: own.memberId,
      genesis: "",
      secrets: { 1: secret },
    };
    const state = await emptyState(roomId);
    const log = new RoomLog(keys, parts, 1, { unsent: 0, quarantined: 0, state });
    const sealed = await log.#seal("control", { ctr: 0, tip: noHash }, jsonBytes(body), jsonBytes({ name: room.name }));
    keys.genesis = toHex(sealed.envelopeId);
    const [roomKeyRow, roomRow] = await Promise.all([
      sealRoomKeys(deviceKeys.keyring, keys),
      sealRoomState(deviceKeys.state, roomId, 1, state),
    ]);
    log.#newestLocal = await storing(() =>
      database.transaction("rw", [database.roomKeys, database.rooms, database.ownHeads, database.records], async () => {
        await database.roomKeys.add(roomKeyRow);
        await database.rooms.add(roomRow);
        await database.ownHeads.add({ roomId, ctr: 1, tip: sealed.envelopeId });
        return database.records.add(log.#ownRow(sealed, 1, 0));
      }),
    );
    parts.committed(roomId);
    return log;
  }

  /** A room that this device has been invited to and whose log it has not read yet. */
  static async join(parts: RoomLogParts, keys: RoomKeys): Promise<RoomLog> {
    const { database, deviceKeys } = parts;
    const state = await emptyState(keys.roomId);
    const [roomKeyRow, roomRow] = await Promise.all([
      sealRoomKeys(deviceKeys.keyring, keys),
      sealRoomState(deviceKeys.state, keys.roomId, 1, state),
    ]);
    await storing(() =>
      database.transaction("rw", [database.roomKeys, database.rooms], async () => {
        await database.roomKeys.add(roomKeyRow);
        await database.rooms.add(roomRow);
      }),
    );
    return new RoomLog(keys, parts, 1, { unsent: 0, quarantined: 0, state });
  }

  /** A room as it lies on disk. @throws {UnreadableError} when the stored state was changed */
  static async load(parts: RoomLogParts, keys: RoomKeys): Promise<RoomLog> {
    const { database, deviceKeys } = parts;
    const [row, pending, newest, quarantined] = await storing(() =>
      database.transaction("r", [database.rooms, database.records], () =>
        Promise.all([
          database.rooms.get(keys.roomId),
          database.records.where("pending").equals(1).and((record) => record.roomId === keys.roomId).toArray(),
          inRoom(database, keys.roomId).last(),
          quarantinedIn(database, keys.roomId).count(),
        ]),
      ),
    );
    if (row === undefined) throw new UnreadableError(`room ${keys.roomId} has keys but no state`);
    const stored = await openRoomState(deviceKeys.state, row);
    // What was too new for the app of yesterday may be read by the one of today.
    const state = stored.fault?.type === "needsUpdate" ? { ...stored, fault: null } : stored;
    const log = new RoomLog(keys, parts, row.revision, { unsent: countEdits(pending), quarantined, state });
    log.#newestLocal = newest?.local ?? 0;
    return log;
  }

  /** Whether the room's genesis has not been acked yet: the room must be made before anything else is sent. */
  async pendingGenesis(): Promise<Bytes | null> {
    if (this.#status.get().state.seq > 0) return null;
    const { database } = this.#parts;
    const first = await storing(() => database.records.where({ roomId: this.roomId, ownCtr: 1 }).first());
    if (first === undefined || first.envelopeId !== this.keys.genesis || first.pending !== 1) return null;
    return first.bytes;
  }

  /**
   * Seals the items as one envelope and puts it on disk; durable when this resolves.
   * @throws {StorageFullError | StorageError} and nothing has changed
   */
  append(items: UpdateItem[]): Promise<OpenedRecord> {
    return this.#serial(async () => {
      const authoredAt = this.#parts.clock.now();
      const inside = encodeInside({ authoredAt, items });
      for (;;) {
        try {
          const local = await this.#storeOwn("update", noBytes, inside);
          this.#parts.committed(this.roomId);
          return { local, deviceId: this.keys.deviceId, authoredAt, items };
        } catch (error) {
          if (!(error instanceof HeadMovedError)) throw error;
        }
      }
    });
  }

  /**
   * Verifies, stores, and only then opens a page of the relay's log. SPEC.md §5.
   * Envelopes already known are passed over; a page that begins too far on is left alone.
   * @returns the room's new position
   */
  receive(page: readonly NumberedEnvelope[]): Promise<number> {
    return this.#serial(async () => {
      const before = this.#status.get().state;
      const fresh = page.filter(({ seq }) => seq > before.seq);
      if (before.fault !== null || fresh[0]?.seq !== before.seq + 1) return before.seq;
      const { accepted, state } = await verifyPage(this.keys, before, fresh, (seq) => this.#accAt(seq));
      const learned = await this.#learnSecrets(accepted, state);
      let stored: RecordRow[];
      try {
        stored = await this.#storeReceived(accepted, state, fresh, learned);
      } catch (error) {
        if (!(error instanceof HeadMovedError)) throw error;
        await this.#readOn();
        return this.#status.get().state.seq;
      }
      this.#status.set({ ...this.#status.get(), state });
      const records = await this.#open(learned ? await this.#withQuarantined(stored) : stored);
      await this.#recount();
      if (records.length > 0) this.#parts.opened(records);
      if (accepted.length > 0) this.#parts.committed(this.roomId);
      return state.seq;
    });
  }

  /** The records after a checkpoint, opened, oldest first. */
  async replay(afterLocal: number): Promise<OpenedRecord[]> {
    const rows = await storing(() => inRoom(this.#parts.database, this.roomId, afterLocal).toArray());
    return this.#open(this.#status.get().quarantined > 0 ? await this.#withQuarantined(rows) : rows);
  }

  /** Reads what another tab has committed. */
  refresh(): Promise<void> {
    return this.#serial(() => this.#readOn());
  }

  /**
   * What to send next, oldest first, within one push; marks it attempted on disk before it is handed out. SPEC.md [W2].
   * Control records are never among them.
   */
  takeUnsent(): Promise<{ envelopes: Bytes[]; logGen: number }> {
    return this.#serial(async () => {
      const { database } = this.#parts;
      await this.#fold();
      return storing(() =>
        database.transaction("rw", [database.records], async () => {
          const rows: RecordRow[] = [];
          let size = 0;
          for (const row of await this.#ownUnsent()) {
            size += row.bytes.length + 4;
            if (rows.length > 0 && (size > limits.pushBytes || rows.length === limits.pushEnvelopes)) break;
            rows.push(row);
          }
          await database.records.bulkUpdate(
            rows.filter((row) => row.attempted !== 1).map((row) => ({ key: row.local, changes: { attempted: 1 as const } })),
          );
          return { envelopes: rows.map((row) => row.bytes), logGen: this.#status.get().state.logGen };
        }),
      );
    });
  }

  /** The relay has these on its disk. They stay in the outbox until they come back in the log. SPEC.md [W4]. */
  acked(envelopes: readonly Bytes[]): Promise<void> {
    return this.#serial(async () => {
      const { database } = this.#parts;
      await storing(() =>
        database.transaction("rw", [database.records], async () => {
          const rows = await this.#ownUnsent("with genesis");
          await database.records.bulkUpdate(
            rows
              .filter((row) => envelopes.some((bytes) => equalBytes(bytes, row.bytes)))
              .map((row) => ({ key: row.local, changes: { pending: 2 as const } })),
          );
        }),
      );
      await this.#recount();
    });
  }

  /**
   * Adds a device to the room. Online only: `send` takes the control record to the relay and answers whether it took it.
   * Nothing is stored unless it did; a lost answer heals at the next pull, where the record is found in the log.
   */
  addMember(
    member: MemberDevice,
    name: string,
    send: (envelope: Bytes) => Promise<boolean>,
  ): Promise<boolean> {
    return this.#serial(async () => {
      const { membership } = this.#status.get().state;
      const secret = membership === null ? undefined : this.keys.secrets[membership.epoch];
      if (membership === null || secret === undefined) return false;
      if ((await this.#ownUnsent()).length > 0) return false;
      const body: ControlBody = {
        action: "addMember",
        previousControl: membership.controlHead,
        member,
        commitment: membership.commitment,
        wraps: [await wrapTo(member, this.roomId, membership.epoch, secret)],
      };
      const head = await this.#ownHead();
      const sealed = await this.#seal("control", head, jsonBytes(body), jsonBytes({ name }));
      if (!(await send(sealed.bytes))) return false;
      await this.#commitOwn(sealed, head, 2, 0);
      this.#parts.committed(this.roomId);
      return true;
    });
  }

  /** Everyone in the room. A name is null until the record that holds it can be opened. */
  async members(): Promise<RoomMember[]> {
    const { database } = this.#parts;
    const { membership } = this.#status.get().state;
    const names = new Map<string, string>();
    const rows = await storing(() =>
      inRoom(database, this.roomId)
        .filter(isControl)
        .toArray(),
    );
    for (const row of rows) {
      const named = await this.#readName(row);
      if (named !== null) names.set(named.deviceId, named.name);
    }
    const devices = membership?.devices ?? {
      [this.keys.deviceId]: { memberId: this.keys.memberId, role: this.keys.role, leaf: publicLeaf(this.keys) },
    };
    return Object.entries(devices).map(([deviceId, { memberId, role }]) => ({
      deviceId,
      memberId,
      role,
      name: names.get(deviceId) ?? null,
    }));
  }

  async #readName(row: RecordRow): Promise<{ deviceId: string; name: string } | null> {
    const parsed = parseEnvelope(row.bytes);
    if (!parsed.ok) return null;
    const body = parseControlBody(parsed.envelope.clear);
    if (!body.ok) return null;
    const about = body.body.action === "genesis" ? body.body.members[0]?.deviceId : body.body.member.deviceId;
    try {
      const key = await this.#sealKey("key/control", parsed.envelope.epoch, row.deviceId);
      const inside = JSON.parse(decoder.decode(await openEnvelope(parsed.envelope, key))) as { name?: unknown };
      return about !== undefined && typeof inside.name === "string" ? { deviceId: about, name: inside.name } : null;
    } catch {
      return null;
    }
  }

  async #seal(
    type: "update" | "control",
    head: { ctr: number; tip: Bytes },
    clear: Bytes,
    inside: Bytes,
  ): Promise<{ bytes: Bytes; envelopeId: Bytes }> {
    const { state } = this.#status.get();
    const epoch = state.membership?.epoch ?? 1;
    const header: EnvelopeHeader = {
      suite,
      type,
      roomId: fromHex(this.roomId),
      deviceId: fromHex(this.keys.deviceId),
      epoch,
      ctr: head.ctr + 1,
      prev: head.tip,
      logGen: state.logGen,
      seenSeq: state.seq,
      seenAcc: state.acc,
      resealOf: noHash,
    };
    this.#signer ??= importSigner(this.keys.sign.privateKey);
    const [sign, seal] = await Promise.all([
      this.#signer,
      this.#sealKey(type === "control" ? "key/control" : "key/update", epoch, this.keys.deviceId),
    ]);
    return sealEnvelope(header, clear, inside, { seal, sign }, this.#parts.random(12));
  }

  #sealKey(purpose: "key/update" | "key/control", epoch: number, deviceId: string): Promise<SealKey> {
    const name = `${purpose} ${epoch} ${deviceId}`;
    let key = this.#sealKeys.get(name);
    if (key === undefined) {
      const secret = this.keys.secrets[epoch];
      if (secret === undefined) return Promise.reject(new UnreadableError("keyMissing"));
      key = deriveRoomKey(secret, { roomId: this.roomId, epoch, deviceId }, purpose);
      this.#sealKeys.set(name, key);
    }
    return key;
  }

  async #ownHead(): Promise<{ ctr: number; tip: Bytes }> {
    const row = await storing(() => this.#parts.database.ownHeads.get(this.roomId));
    return row ?? { ctr: 0, tip: noHash };
  }

  async #storeOwn(type: "update" | "control", clear: Bytes, inside: Bytes): Promise<number> {
    // Sealed before the transaction: IndexedDB commits as soon as WebCrypto is awaited inside one.
    const head = await this.#ownHead();
    const sealed = await this.#seal(type, head, clear, inside);
    const local = await this.#commitOwn(sealed, head, 1, 1);
    const status = this.#status.get();
    this.#status.set({ ...status, unsent: status.unsent + 1 });
    return local;
  }

  async #commitOwn(
    sealed: { bytes: Bytes; envelopeId: Bytes },
    head: { ctr: number; tip: Bytes },
    pending: 1 | 2,
    edits: number,
  ): Promise<number> {
    const { database } = this.#parts;
    const row = { ...this.#ownRow(sealed, head.ctr + 1, edits), pending };
    this.#newestLocal = await storing(() =>
      database.transaction("rw", [database.ownHeads, database.records], async () => {
        const current = await database.ownHeads.get(this.roomId);
        if ((current?.ctr ?? 0) !== head.ctr) throw new HeadMovedError();
        await database.ownHeads.put({ roomId: this.roomId, ctr: head.ctr + 1, tip: sealed.envelopeId });
        return database.records.add(row);
      }),
    );
    return this.#newestLocal;
  }

  #ownRow(sealed: { bytes: Bytes; envelopeId: Bytes }, ctr: number, edits: number): Omit<RecordRow, "local"> {
    return {
      roomId: this.roomId,
      envelopeId: toHex(sealed.envelopeId),
      deviceId: this.keys.deviceId,
      bytes: sealed.bytes,
      ownCtr: ctr,
      pending: 1,
      edits,
    };
  }

  async #ownUnsent(genesis?: "with genesis"): Promise<RecordRow[]> {
    const { database } = this.#parts;
    const rows = await storing(() =>
      database.records
        .where("pending")
        .equals(1)
        .and((row) => row.roomId === this.roomId && (genesis !== undefined || !isControl(row)))
        .toArray(),
    );
    return rows.sort((a, b) => (a.ownCtr ?? 0) - (b.ownCtr ?? 0));
  }

  /**
   * Seals the rows that were never attempted again as few larger ones, under the first of their counters. SPEC.md [W3].
   * Rows whose counter turned out to be taken in the log (a profile that was set back) are written again behind it.
   */
  async #fold(): Promise<void> {
    const { database } = this.#parts;
    const taken = this.#status.get().state.heads[this.keys.deviceId];
    // Read before the rows: whatever another tab adds after this moves the head and voids the fold.
    const before = await this.#ownHead();
    const unsent = await this.#ownUnsent();
    const fixed = unsent.filter((row) => row.attempted === 1 && (row.ownCtr ?? 0) > (taken?.ctr ?? 0));
    const loose = unsent.filter((row) => !fixed.includes(row));
    const readable = await this.#open(loose);
    const locals = new Set(readable.map((record) => record.local));
    const unreadable = loose.filter((row) => !locals.has(row.local));
    const misplaced = loose.some((row) => (row.ownCtr ?? 0) <= (taken?.ctr ?? 0));
    if (loose.length < 2 && !misplaced && unreadable.length === 0) return;
    const base = await this.#foldBase(fixed, taken);
    const batches = batchItems(readable);
    const envelopes: { bytes: Bytes; envelopeId: Bytes; edits: number }[] = [];
    let head = base;
    const authoredAt = this.#parts.clock.now();
    const edits = countEdits(loose) - countEdits(unreadable);
    for (const [index, items] of batches.entries()) {
      const sealed = await this.#seal("update", head, noBytes, encodeInside({ authoredAt, items }));
      envelopes.push({ ...sealed, edits: index === 0 ? edits - batches.length + 1 : 1 });
      head = { ctr: head.ctr + 1, tip: sealed.envelopeId };
    }
    await storing(() =>
      database.transaction("rw", [database.ownHeads, database.records], async () => {
        const current = await database.ownHeads.get(this.roomId);
        if (current?.ctr !== before.ctr) return;
        await database.records.bulkDelete([...locals]);
        // What the disk has spoilt cannot be sent, and is not deleted either: it stays aside, counted on screen.
        await database.records.bulkUpdate(
          unreadable.map((row) => ({ key: row.local, changes: { pending: undefined, ownCtr: undefined } as never })),
        );
        await database.records.bulkAdd(
          envelopes.map((sealed, index) => this.#ownRow(sealed, base.ctr + 1 + index, sealed.edits) as RecordRow),
        );
        await database.ownHeads.put({ roomId: this.roomId, ctr: head.ctr, tip: head.tip });
      }),
    );
    this.#newestLocal = (await storing(() => inRoom(database, this.roomId).last()))?.local ?? this.#newestLocal;
  }

  async #foldBase(
    fixed: readonly RecordRow[],
    taken: { ctr: number; tip: string } | undefined,
  ): Promise<{ ctr: number; tip: Bytes }> {
    const last = fixed.at(-1);
    if (last !== undefined) return { ctr: last.ownCtr ?? 0, tip: fromHex(last.envelopeId) };
    const { database } = this.#parts;
    const acked = await storing(() =>
      database.records
        .where("pending")
        .equals(2)
        .and((row) => row.roomId === this.roomId)
        .toArray(),
    );
    const newest = acked.sort((a, b) => (a.ownCtr ?? 0) - (b.ownCtr ?? 0)).at(-1);
    if (newest !== undefined && (newest.ownCtr ?? 0) > (taken?.ctr ?? 0)) {
      return { ctr: newest.ownCtr ?? 0, tip: fromHex(newest.envelopeId) };
    }
    if (taken !== undefined) return { ctr: taken.ctr, tip: fromHex(taken.tip) };
    const genesis = await storing(() => database.records.where({ roomId: this.roomId, ownCtr: 1 }).first());
    if (genesis?.envelopeId === this.keys.genesis) return { ctr: 1, tip: fromHex(genesis.envelopeId) };
    return { ctr: 0, tip: noHash };
  }

  async #accAt(seq: number): Promise<Bytes | undefined> {
    if (seq === 0) return (await emptyState(this.roomId)).acc;
    const row = await storing(() => this.#parts.database.records.where({ roomId: this.roomId, seq }).first());
    return row?.acc;
  }

  /** An added device finds the epoch secret in the record that added it; it must match the commitment. SPEC.md [K4]. */
  async #learnSecrets(accepted: readonly VerifiedEnvelope[], state: RoomState): Promise<boolean> {
    let learned = false;
    for (const { envelope, seq } of accepted) {
      if (envelope.type !== "control" || this.keys.secrets[envelope.epoch] !== undefined) continue;
      const parsed = parseControlBody(envelope.clear);
      const wrap = parsed.ok ? parsed.body.wraps.find(({ deviceId }) => deviceId === this.keys.deviceId) : undefined;
      if (!parsed.ok || wrap === undefined) continue;
      try {
        const secret = await unwrapSecret(this.keys.kem, wrap, this.roomId, envelope.epoch);
        const commitment = toHex(await sha256(commitmentInput(this.roomId, envelope.epoch, secret)));
        if (commitment !== parsed.body.commitment) throw new UnreadableError("commitment");
        this.keys.secrets[envelope.epoch] = secret;
        learned = true;
      } catch (error) {
        if (!(error instanceof UnreadableError)) throw error;
        state.fault = { type: "membership", seq };
      }
    }
    return learned;
  }

  async #storeReceived(
    accepted: readonly VerifiedEnvelope[],
    state: RoomState,
    page: readonly NumberedEnvelope[],
    learned: boolean,
  ): Promise<RecordRow[]> {
    const { database, deviceKeys, clock } = this.#parts;
    const revision = this.#revision + 1;
    const [roomRow, keyRow] = await Promise.all([
      sealRoomState(deviceKeys.state, this.roomId, revision, state),
      learned ? sealRoomKeys(deviceKeys.keyring, this.keys) : null,
    ]);
    const { fault } = state;
    const culprit = fault === null ? undefined : page.find(({ seq }) => seq === fault.seq);
    const tables = [database.rooms, database.roomKeys, database.records, database.ownHeads, database.evidence];
    return storing(() =>
      database.transaction("rw", tables, async () => {
        const current = await database.rooms.get(this.roomId);
        if (current?.revision !== this.#revision) throw new HeadMovedError("another tab has read on");
        const known = new Map(
          (await database.records.where("envelopeId").anyOf(accepted.map((record) => record.envelopeId)).toArray()).map(
            (row) => [row.envelopeId, row],
          ),
        );
        const added: Omit<RecordRow, "local">[] = [];
        const confirmed: { key: number; changes: Partial<RecordRow> }[] = [];
        for (const { envelopeId, deviceId, bytes, seq, acc, envelope } of accepted) {
          const own = known.get(envelopeId);
          if (own !== undefined) confirmed.push({ key: own.local, changes: { seq, acc, pending: undefined } as never });
          else added.push({ roomId: this.roomId, envelopeId, deviceId, bytes, seq, acc, ...this.#adopted(deviceId, envelope.ctr) });
        }
        await database.records.bulkUpdate(confirmed);
        const locals = await database.records.bulkAdd(added, { allKeys: true });
        await this.#moveOwnHead(state);
        await database.rooms.put(roomRow);
        if (keyRow !== null) await database.roomKeys.put(keyRow);
        if (fault !== null && culprit !== undefined) {
          await database.evidence.add({
            roomId: this.roomId,
            seq: fault.seq,
            fault: fault.type,
            bytes: culprit.bytes,
            foundAt: clock.now(),
          });
        }
        this.#revision = revision;
        const rows = added.map((row, index) => ({ ...row, local: locals[index] as number }));
        this.#newestLocal = Math.max(this.#newestLocal, ...rows.map((row) => row.local));
        return rows;
      }),
    );
  }

  /** Own envelopes that this profile does not remember (it was set back, or a sent control record's answer was lost) are taken over. */
  #adopted(deviceId: string, ctr: number): { ownCtr?: number } {
    return deviceId === this.keys.deviceId ? { ownCtr: ctr } : {};
  }

  async #moveOwnHead(state: RoomState): Promise<void> {
    const { database } = this.#parts;
    const inLog = state.heads[this.keys.deviceId];
    if (inLog === undefined) return;
    const own = await database.ownHeads.get(this.roomId);
    if ((own?.ctr ?? 0) < inLog.ctr) {
      await database.ownHeads.put({ roomId: this.roomId, ctr: inLog.ctr, tip: fromHex(inLog.tip) });
    }
  }

  /** Reads what can be read; what cannot is set aside with its reason and looked at again later. SPEC.md [P6]. */
  async #open(rows: readonly RecordRow[]): Promise<OpenedRecord[]> {
    const opened: OpenedRecord[] = [];
    const aside: { key: number; changes: { quarantined: string } }[] = [];
    const readAtLast: RecordRow[] = [];
    const reads = await Promise.all(rows.map((row) => this.#openRow(row)));
    for (const [index, read] of reads.entries()) {
      const row = rows[index] as RecordRow;
      if (typeof read === "string") {
        if (row.quarantined !== read) aside.push({ key: row.local, changes: { quarantined: read } });
      } else if (read !== null) {
        opened.push(read);
        if (row.quarantined !== undefined) readAtLast.push(row);
      }
    }
    if (aside.length > 0) {
      await storing(() => this.#parts.database.records.bulkUpdate(aside));
      await this.#recount();
    }
    if (readAtLast.length > 0) {
      await this.#bringToEnd(readAtLast, opened);
      await this.#recount();
    }
    return opened;
  }

  /** A checkpoint has passed these while they could not be read: they get new places, so that no replay passes them again. */
  async #bringToEnd(rows: readonly RecordRow[], opened: OpenedRecord[]): Promise<void> {
    const { records } = this.#parts.database;
    for (const { local, quarantined: _, ...row } of rows) {
      const moved = await storing(() =>
        this.#parts.database.transaction("rw", [records], async () => {
          await records.delete(local);
          return records.add(row);
        }),
      );
      this.#newestLocal = Math.max(this.#newestLocal, moved);
      const record = opened.find((candidate) => candidate.local === local);
      if (record !== undefined) record.local = moved;
    }
  }

  async #openRow(row: RecordRow): Promise<OpenedRecord | null | string> {
    const parsed = parseEnvelope(row.bytes);
    if (!parsed.ok) return "damaged";
    const { envelope } = parsed;
    if (envelope.type !== "update") return null;
    try {
      const key = await this.#sealKey("key/update", envelope.epoch, row.deviceId);
      const { authoredAt, items } = decodeInside(await openEnvelope(envelope, key));
      const role = this.#status.get().state.membership?.devices[row.deviceId]?.role ?? this.keys.role;
      if (items.some(({ docId }) => !mayWriteDocument(role, this.keys.kind, docId))) return "forbidden";
      return { local: row.local, deviceId: row.deviceId, authoredAt, items };
    } catch (error) {
      return error instanceof UnreadableError ? "unreadable" : "damaged";
    }
  }

  async #readOn(): Promise<void> {
    const { database, deviceKeys } = this.#parts;
    const row = await storing(() => database.rooms.get(this.roomId));
    if (row !== undefined && row.revision !== this.#revision) {
      this.#revision = row.revision;
      this.#status.set({ ...this.#status.get(), state: await openRoomState(deviceKeys.state, row) });
    }
    const rows = await storing(() => inRoom(database, this.roomId, this.#newestLocal).toArray());
    this.#newestLocal = rows.at(-1)?.local ?? this.#newestLocal;
    const records = await this.#open(rows);
    await this.#recount();
    if (records.length > 0) this.#parts.opened(records);
  }

  async #withQuarantined(rows: readonly RecordRow[]): Promise<RecordRow[]> {
    const { database } = this.#parts;
    const aside = await storing(() => quarantinedIn(database, this.roomId).toArray());
    const already = new Set(rows.map((row) => row.local));
    return [...aside.filter((row) => !already.has(row.local)), ...rows];
  }

  async #recount(): Promise<void> {
    const { database } = this.#parts;
    const [pending, quarantined] = await storing(() =>
      Promise.all([
        database.records.where("pending").equals(1).and((row) => row.roomId === this.roomId).toArray(),
        quarantinedIn(database, this.roomId).count(),
      ]),
    );
    this.#status.set({ ...this.#status.get(), unsent: countEdits(pending), quarantined });
  }
}

/** The rows of a room in the order they came to this device. */
function inRoom(database: Database, roomId: string, afterLocal = 0) {
  return database.records
    .where("[roomId+local]")
    .between([roomId, afterLocal], [roomId, Number.POSITIVE_INFINITY], false, true);
}

function quarantinedIn(database: Database, roomId: string) {
  return database.records.where("[roomId+quarantined]").between([roomId, Dexie.minKey], [roomId, Dexie.maxKey]);
}

function isControl(row: RecordRow): boolean {
  return row.bytes[typeOffset] === envelopeTypes.control;
}

function countEdits(rows: readonly RecordRow[]): number {
  return rows.reduce((sum, row) => sum + (row.edits ?? 0), 0);
}

async function emptyState(roomId: string): Promise<RoomState> {
  return {
    logGen: 1,
    seq: 0,
    acc: await sha256(accStartInput(fromHex(roomId), 1)),
    membership: null,
    heads: {},
    fault: null,
  };
}

function wrapTo(member: MemberDevice, roomId: string, epoch: number, secret: Bytes) {
  return wrapSecret({ deviceId: member.deviceId, kem: fromBase64Url(member.leaf.kem) }, roomId, epoch, secret);
}

function jsonBytes(value: unknown): Bytes {
  return concatBytes(encoder.encode(JSON.stringify(value)));
}

/** Runs of records that fit one envelope, each with its updates merged by document. */
function batchItems(records: readonly OpenedRecord[]): UpdateItem[][] {
  const batches: Map<string, Bytes[]>[] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const { items } of records) {
    size += items.reduce((sum, item) => sum + item.update.length, 0);
    if (size > foldBytesMax) {
      batches.push(new Map());
      size = items.reduce((sum, item) => sum + item.update.length, 0);
    }
    const batch = batches.at(-1);
    for (const { docId, update } of items) batch?.set(docId, [...(batch.get(docId) ?? []), update]);
  }
  return batches.map((batch) =>
    Array.from(batch, ([docId, updates]) => ({ docId, update: Y.mergeUpdatesV2(updates) as Bytes })),
  );
}
