import { type Bytes, toHex } from "#protocol/bytes.ts";
import type { MemberDevice } from "#protocol/control.ts";
import type { Generation } from "#protocol/log-rules.ts";
import type { Refusal } from "#protocol/messages.ts";
import type { LogEntry } from "#protocol/record.ts";
import { openRoomKeys, type RoomKeys, sealRoomKeys } from "../keys/keyring.ts";
import { UnreadableError } from "../platform/errors.ts";
import { createObservable, type Observable } from "../platform/observable.ts";
import { createSerial, type Serial } from "../platform/serial.ts";
import { roomTables } from "../storage/log-store.ts";
import { believesReuse, noteHoles, noteRollback, receivePage } from "./inbox.ts";
import { findAsked, type PurgeAsk, type RoomChange, sealChange, sealGenesis, signPurgeAsk, type Ties } from "./changes.ts";
import { devicesSince, type DoubtfulRecord, lastCounterBefore, listDoubtful, readEvidence, type RoomEvidence } from "./findings.ts";
import type { OfferedRoom } from "./control-words.ts";
import { type Followed, type Following, readFollowing } from "./following.ts";
import { adoptGenerations, giveUpLost, takeLost } from "./generations.ts";
import { owesHeartbeat, sealHeartbeat } from "./heartbeat.ts";
import { noteLastDay } from "./last-day.ts";
import { listMembers, type RoomMember } from "./members.ts";
import { readOn } from "./other-tabs.ts";
import { markAcked, ownRow, pendingGenesis, readOwed, readUnsentRecords, sendAgain, storeUpdate, takeUnsent } from "./outbox.ts";
import { openPresence, type Presence, sealPresence } from "./presence.ts";
import { listPurges, type RoomPurge } from "./purges.ts";
import { type OpenedRecord, replayRows, type Touching } from "./reader.ts";
import { envelopeIdOf, type OfferAnswer, type PresenceInside, type UpdateItem } from "./record.ts";
import { listRecoveryEvents, type RecoveryEvent } from "./recovery-events.ts";
import { RoomCipher } from "./room-cipher.ts";
import { chainStart, type RoomContext, type RoomLogParts, type RoomLogStatus } from "./room-context.ts";
import { emptyRoomState, type LogFault, openRoomState, type RoomState, sealRoomState } from "./room-state.ts";
import type { StoredRoom } from "./stored-rooms.ts";
import { listWritings, type Writing } from "./writings.ts";

/**
 * One room's log on this device: what was written here, what was verified from the relay, and nothing else.
 * This is the door. What is written here lies in `outbox.ts`, what the relay gives in `inbox.ts`, opening in `reader.ts`, people in `members.ts`,
 * what they tell of where they are in `presence.ts`, and what other tabs do in `other-tabs.ts`. All methods may be called at any time: those that write queue, those that read do not wait.
 */
export class RoomLog {
  readonly #room: RoomContext;
  readonly #serial: Serial = createSerial();
  readonly #readFollowing: () => Promise<Followed>;

  private constructor(room: RoomContext) {
    this.#room = room;
    this.#readFollowing = oncePerRevision(room, readFollowing);
  }

  get keys(): RoomKeys {
    return this.#room.keys;
  }

  get roomId(): string {
    return this.#room.keys.roomId;
  }

  /** Moves with each page that is stored, by whatever tab this one has read from. */
  get revision(): number {
    return this.#room.revision;
  }

  get status(): Observable<RoomLogStatus> {
    return this.#room.status;
  }

  /**
   * A new room with this device as its one member, and the recovery device where the service has one. Works offline.
   * @param label opaque to the engine
   */
  static async create(
    parts: RoomLogParts,
    { kind, roomId, serviceId, label, ...words }: Pick<RoomKeys, "kind" | "roomId" | "label"> & { serviceId: string; name: string } & Partial<Ties>,
    leaf: Pick<RoomKeys, "sign" | "kem" | "deviceId">,
    recovery: MemberDevice | null,
  ): Promise<RoomLog> {
    const { store, deviceKeys, random } = parts;
    const secret = random(32);
    const keys: RoomKeys = {
      ...leaf,
      roomId,
      kind,
      label,
      role: "consultant",
      memberId: toHex(random(16)),
      genesis: "",
      secrets: { 1: secret },
      spare: [],
    };
    const state = await emptyRoomState(roomId);
    const room = contextOf(parts, keys, { unsent: 0, unconfirmed: 0, lost: 0, setBack: false, quarantined: 0, state });
    const sealed = await sealGenesis(room, serviceId, secret, words, recovery);
    keys.genesis = toHex(sealed.envelopeId);
    const [roomKeyRow, roomRow] = await Promise.all([
      sealRoomKeys(deviceKeys.keyring, keys),
      sealRoomState(deviceKeys.state, roomId, room.revision, state),
    ]);
    room.throughLocal = await store.write(["roomKeys", "rooms", "ownHeads", "records"], async (tx) => {
      await tx.addRoom({ keys: roomKeyRow, state: roomRow, head: { roomId, ctr: 1, tip: sealed.envelopeId } });
      return tx.addRow({ ...ownRow(room, sealed, 1), pending: 1, edits: 0 });
    });
    room.head = { ctr: 1, tip: keys.genesis };
    parts.committed(roomId);
    return new RoomLog(room);
  }

  /** A room that this device has been invited to and whose log it has not read yet. */
  static async join(parts: RoomLogParts, joined: Omit<RoomKeys, "secrets" | "spare">): Promise<RoomLog> {
    const keys: RoomKeys = { ...joined, secrets: {}, spare: [] };
    const { store, deviceKeys } = parts;
    const state = await emptyRoomState(keys.roomId);
    const room = contextOf(parts, keys, { unsent: 0, unconfirmed: 0, lost: 0, setBack: false, quarantined: 0, state });
    const [roomKeyRow, roomRow] = await Promise.all([
      sealRoomKeys(deviceKeys.keyring, keys),
      sealRoomState(deviceKeys.state, keys.roomId, room.revision, state),
    ]);
    await store.write(["roomKeys", "rooms"], (tx) => tx.addRoom({ keys: roomKeyRow, state: roomRow }));
    parts.committed(keys.roomId);
    return new RoomLog(room);
  }

  /**
   * A room as it lies on disk.
   * @param stored from `readStoredRooms`; it may be older than the disk, which the first write finds out [Note: fence]
   * @throws {UnreadableError} when its keys or its state were changed, or the state is not there
   */
  static async load(parts: RoomLogParts, { keyRow, row, head, throughLocal, ...counts }: StoredRoom): Promise<RoomLog> {
    if (row === undefined) throw new UnreadableError(`room ${keyRow.roomId} has keys but no state`);
    const [keys, opened] = await Promise.all([openRoomKeys(parts.deviceKeys.keyring, keyRow), openRoomState(parts.deviceKeys.state, row)]);
    const state: RoomState = opened.fault !== null && mayHavePassed.has(opened.fault.type) ? { ...opened, fault: null } : opened;
    const room = contextOf(parts, keys, { ...counts, setBack: false, state });
    return new RoomLog(Object.assign(room, { revision: row.revision, head, throughLocal }));
  }

  /** Whether the room's genesis has not been acked yet: the room must be made before anything else is sent. */
  pendingGenesis(): Promise<Bytes | null> {
    return pendingGenesis(this.#room);
  }

  /** The room's first record, whoever made it; null while it has not been read. */
  async genesisInLog(): Promise<Bytes | null> {
    const row = await this.#room.parts.store.read(["records"], (tx) => tx.rowWithId(this.#room.keys.genesis));
    return row?.bytes ?? null;
  }

  /**
   * Seals the items as one envelope and puts it on disk; durable when this resolves.
   * @throws {StorageFullError | StorageError | TooLargeError | RoomOverError} and nothing has changed
   */
  append(items: UpdateItem[]): Promise<OpenedRecord> {
    return this.#serial(async () => {
      const { keys, parts } = this.#room;
      const authoredAt = parts.clock.now();
      const local = await storeUpdate(this.#room, { authoredAt, items });
      parts.committed(keys.roomId);
      return { local, deviceId: keys.deviceId, authoredAt, items };
    });
  }

  /**
   * Verifies, stores, and only then applies a page of the relay's log. SPEC.md §5.
   * Envelopes already known are passed over; a page that begins too far on is left alone, and so is one from before a restore that has been taken up meanwhile.
   * @param logGen of the log that the page is of
   * @returns the room's new position
   */
  receive(page: readonly LogEntry[], logGen: number): Promise<number> {
    return this.#serial(() => receivePage(this.#room, page, logGen));
  }

  /** The log has been read to the end that the relay tells of. SPEC.md [Z4]. */
  noteEnd(): Promise<void> {
    return Object.keys(this.#room.status.get().state.holes).length === 0 ? Promise.resolve() : this.#serial(() => noteHoles(this.#room));
  }

  /** This person's word that a document's past may be destroyed. SPEC.md [Z3]. */
  askPurge(docId: string): Promise<PurgeAsk> {
    return this.#serial(() => signPurgeAsk(this.#room, docId));
  }

  /** What is to be destroyed by such a word; null where it is not for that, or not any more. */
  askedPurge(docId: string, ask: PurgeAsk): Promise<Touching | null> {
    return this.#serial(() => findAsked(this.#room, docId, ask));
  }

  /** The relay's log ends before the end of what was verified here: a fault, if that is so. SPEC.md [P8]. */
  noteRollback(told: { headSeq: number; logGen: number }): Promise<void> {
    return this.#serial(() => noteRollback(this.#room, told));
  }

  /**
   * The relay says that a counter of this device's is used. SPEC.md [W11].
   * @returns whether it has proved that: then this profile was set back or copied, and goes on from what the log has
   */
  believesReuse(refusal: Extract<Refusal, { type: "ctrReused" }>): Promise<boolean> {
    return this.#serial(() => believesReuse(this.#room, refusal));
  }

  /** Own envelopes that the relay has not, opened, oldest first: what is lost with the room unless it is kept elsewhere. */
  unsent(): Promise<OpenedRecord[]> {
    return this.#serial(() => readUnsentRecords(this.#room));
  }

  /** Keeps since when this device's clock says that the room's last day is over, or that it does not. SPEC.md [Z1]. */
  noteLastDay(isOver: boolean): Promise<void> {
    return this.#serial(() => noteLastDay(this.#room, isOver));
  }

  /** The room is gone from this device, with its keys. */
  forget(): Promise<void> {
    return this.#serial(async () => {
      const { parts, keys } = this.#room;
      await parts.store.write(roomTables, (tx) => tx.deleteRoom(keys.roomId));
      parts.committed(keys.roomId);
    });
  }

  /** The records after a checkpoint, opened, oldest first. */
  replay(afterLocal: number): Promise<OpenedRecord[]> {
    return replayRows(this.#room, afterLocal);
  }

  /** Reads what another tab has committed. */
  refresh(): Promise<void> {
    return this.#serial(() => readOn(this.#room));
  }

  /**
   * What to send next, oldest first, within one push; marks it attempted on disk before it is handed out. SPEC.md [W2].
   * Control records are never among them.
   */
  takeUnsent(): Promise<Bytes[]> {
    return this.#serial(() => takeUnsent(this.#room));
  }

  /** The relay has these on its disk. They stay in the outbox until they come back in the log. SPEC.md [W4]. */
  acked(envelopes: readonly Bytes[]): Promise<void> {
    return this.#serial(() => markAcked(this.#room, envelopes));
  }

  /** Whether the others are to be told how far this device has read: now, or a minute after the last news. SPEC.md [H2]. */
  owesHeartbeat(): boolean {
    return owesHeartbeat(this.#room);
  }

  /** What tells them, to be sent at once and not stored; null where none is owed now. SPEC.md [H2], [H3]. */
  takeHeartbeat(): Promise<Bytes | null> {
    return this.#serial(() => sealHeartbeat(this.#room));
  }

  /** What the relay has acked and what has not come back, by local; to be asked for before the relay is asked what it has. */
  owed(): Promise<number[]> {
    return readOwed(this.#room);
  }

  /** The relay has lost what it acked: all that has not come back is sent again, as the same bytes. SPEC.md [W8]. */
  sendAgain(owed: readonly number[]): Promise<void> {
    return this.#serial(() => sendAgain(this.#room, owed));
  }

  /**
   * Changes who is in the room, or what the room is. Online only: `send` takes the control record to the relay and answers whether it has come
   * back in the log. Others may write in the room meanwhile. That it comes back also heals a lost answer. SPEC.md [C8].
   * @returns false when the relay or the room's state did not allow it: sync, then try again
   */
  async change(change: RoomChange, send: (envelope: Bytes) => Promise<boolean>): Promise<boolean> {
    const sealed = await this.#serial(() => sealChange(this.#room, change));
    if (sealed === "done") return true;
    return sealed !== "notNow" && send(sealed);
  }

  /** Whether a control record of this device's has come back inside the verified log. */
  async hasInLog(control: Bytes): Promise<boolean> {
    const id = toHex(await envelopeIdOf(control));
    const row = await this.#room.parts.store.read(["records"], (tx) => tx.rowWithId(id));
    // A room that is over keeps no rows.
    return row?.seq !== undefined || this.#room.status.get().state.membership?.controlHead === id;
  }

  /** Takes up the generations that the relay tells of: it was restored from a backup. SPEC.md [G2]. */
  adopt(told: readonly Generation[], askedIn: number): Promise<void> {
    return this.#serial(() => adoptGenerations(this.#room, told, askedIn));
  }

  /** What is to be given back to a restored relay next, within one push. SPEC.md [G3]. */
  takeLost(): Promise<Bytes[]> {
    return this.#serial(() => takeLost(this.#room));
  }

  /** The relay does not take one of these back. SPEC.md [G7]. @returns whether that has changed anything */
  giveUpLost(envelope: Bytes, refusal: Refusal): Promise<boolean> {
    return this.#serial(() => giveUpLost(this.#room, envelope, refusal));
  }

  /** An envelope of presence; nothing of it is stored. @returns null when there is nobody to tell, no right to, or too much */
  sealPresence(inside: PresenceInside): Promise<Bytes | null> {
    return sealPresence(this.#room, inside);
  }

  /** What another member has told by presence. @returns null for what does not count or does not open */
  openPresence(envelope: Bytes): Promise<Presence | null> {
    return openPresence(this.#room, envelope);
  }

  /** Everyone in the room. A name is null until the record that holds it can be opened. */
  members(): Promise<RoomMember[]> {
    return listMembers(this.#room);
  }

  /** Whether the device is in the room, or was; null as far as the log has been read. */
  standing(deviceId: string): "present" | "past" | null {
    const { membership } = this.#room.status.get().state;
    if (membership?.devices[deviceId] !== undefined) return "present";
    return membership?.removed[deviceId] === undefined ? null : "past";
  }

  /** The rooms that follow this one. SPEC.md [O1]. */
  async offers(): Promise<readonly OfferedRoom[]> {
    return (await this.#readFollowing()).offers;
  }

  /** What the devices that are here have answered to that. SPEC.md [O2]. */
  async answers(): Promise<readonly Following[]> {
    return (await this.#readFollowing()).answers;
  }

  /** What this device answers: said with the next heartbeat, which it owes from now on. None takes the others back that are not said yet. */
  answer(answers: readonly OfferAnswer[]): void {
    this.#room.answers = answers;
  }

  /** What became of the recovery code here, the newest first. */
  recoveryEvents(): Promise<RecoveryEvent[]> {
    return listRecoveryEvents(this.#room);
  }

  /** What was destroyed for good, and on whose disks it may still be. SPEC.md [Z3]. */
  purges(): Promise<RoomPurge[]> {
    return listPurges(this.#room);
  }

  /** Who wrote in a document, and when. */
  writings(docId: string): Promise<Writing[]> {
    return listWritings(this.#room, docId);
  }

  /** The last counter of a device before a time, by that device's own clock: the fence of a lost one. */
  lastCounterBefore(deviceId: string, timeMs: number): Promise<number> {
    return lastCounterBefore(this.#room, deviceId, timeMs);
  }

  /** What removed devices wrote that nobody vouches for. SPEC.md [C10]. */
  doubtful(): Promise<DoubtfulRecord[]> {
    return listDoubtful(this.#room);
  }

  /** The devices that have written in this generation of the log, or a later one. */
  devicesSince(logGen: number): Promise<string[]> {
    return devicesSince(this.#room, logGen);
  }

  /** What somebody who looks into a fault needs to know: ids, numbers, sizes and times, and no content. */
  evidence(): Promise<RoomEvidence> {
    return readEvidence(this.#room);
  }
}

/**
 * Faults that no member has signed for: what was too new may be read by the app of today, and what came wrong from the relay, or from what stood in its
 * place, may come right. SPEC.md [P7]. They freeze the room until the device is unlocked again; the evidence is kept.
 */
const mayHavePassed: ReadonlySet<LogFault["type"]> = new Set(["needsUpdate", "malformed", "signature", "rollback", "generations", "genesis", "unproven"]);

/** Reads something of the log again only when there is more of it, or when it could not be read. */
function oncePerRevision<T>(room: RoomContext, read: (room: RoomContext) => Promise<T>): () => Promise<T> {
  let last: { revision: number; found: Promise<T> } | null = null;
  return () => {
    if (last?.revision !== room.revision) {
      const now = { revision: room.revision, found: read(room) };
      now.found.catch(() => (last = last === now ? null : last));
      last = now;
    }
    return last.found;
  };
}

/** A room that has just been made: nothing written, nothing read. */
function contextOf(parts: RoomLogParts, keys: RoomKeys, status: RoomLogStatus): RoomContext {
  return {
    keys,
    parts,
    cipher: new RoomCipher(keys),
    status: createObservable(status),
    revision: 1,
    head: chainStart,
    throughLocal: 0,
    newsAt: parts.clock.now(),
    answers: [],
    written: new Map(),
  };
}
