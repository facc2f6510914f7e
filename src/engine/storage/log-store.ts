import type { Bytes } from "#protocol/bytes.ts";
import type { Role } from "#protocol/control.ts";

/** One stored envelope. Own ones have `ownCtr`; those the relay has numbered and we have verified have `seq` and `acc`. */
export type RecordRow = {
  /** Grows with every insertion on this device; what a checkpoint counts by. */
  local: number;
  roomId: string;
  envelopeId: string;
  deviceId: string;
  bytes: Bytes;
  ownCtr?: number;
  /**
   * What is to come back inside the verified log, and gone once it has. The outbox: 1 sealed here, 2 acked by the relay. 3 is to be given back to a relay
   * that was restored, whoever wrote it.
   */
  pending?: 1 | 2 | 3;
  /** The order in which what is to be given back stood in the log, or would have. */
  lostAt?: number;
  /** Set on disk before the first byte of an own envelope is sent. */
  attempted?: 1;
  /** How many savings of a person an own envelope holds: one, or more once folded. */
  edits?: number;
  seq?: number;
  acc?: Bytes;
  /** The author's counter where the envelope was purged: `bytes` is empty then. */
  droppedCtr?: number;
  /** Why the inside is set aside, when it is. */
  quarantined?: string;
  /** The author's role at the place in the log, kept with what is set aside: it decides whether the inside counts when it can be read. */
  role?: Role;
};

/** A row that has no place yet. */
export type NewRecordRow = Omit<RecordRow, "local">;

type ChangingFields = Omit<NewRecordRow, "roomId" | "envelopeId">;

/** What becomes of some fields of a row; undefined removes a field. */
export type RowChange = { local: number } & { [Field in keyof ChangingFields]?: ChangingFields[Field] | undefined };

/** The verified state of a room (log position, accumulator, membership, chain heads), sealed under the device key. */
export type RoomRow = { roomId: string; revision: number; sealedState: Bytes };

/**
 * Where this device's own chain stands in a room: the fence between tabs. `sendings` is how often some of what is in the outbox was marked as attempted
 * since the chain got this tip.
 */
export type OwnHeadRow = { roomId: string; ctr: number; tip: Bytes; sendings?: number };

export type RoomKeyRow = { roomId: string; sealed: Bytes };

/** Whose a Yjs client id is in a document: the device that wrote under it first. */
export type ClientRow = { roomId: string; docId: string; client: number; deviceId: string };

/** A document as it stood when every record up to the room's checkpoint was in it. */
export type SnapshotRow = { roomId: string; docId: string; sealed: Bytes };

/** All records of the room with `local` up to this are in the snapshots. */
export type CheckpointRow = { roomId: string; throughLocal: number };

/** Bytes that prove a fault of the log, kept as evidence. */
export type EvidenceRow = { id: number; roomId: string; seq: number; fault: string; bytes: Bytes; foundAt: number };

/**
 * What lets this device send while it is locked: a push-only token, and the rooms where it may be used, each as it was when the device was last unlocked.
 * It lies in the clear. SPEC.md [U4].
 */
export type UploadPermit = {
  token: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
  rooms: Readonly<Record<string, { logGen: number; epoch: number }>>;
};

/** Every table that a room has rows in, but for the evidence. */
export const roomTables = ["records", "rooms", "ownHeads", "roomKeys", "clients", "snapshots", "checkpoints"] as const satisfies readonly LogTable[];

export type LogTable = "records" | "rooms" | "ownHeads" | "roomKeys" | "clients" | "evidence" | "snapshots" | "checkpoints" | "meta";

/**
 * The disk as the logs and the snapshots made of them see it: this device's rooms, one disk for all tabs of a profile. Both kinds of transaction see the
 * disk as it was committed when they began, and what they have written themselves. One that writes runs alone among those that share a table with it, in
 * the order of the calls, whatever tab they come from; those that read do not wait for each other.
 *
 * The work is given what reads and writes; it asks for no table that it has not named, and waits for nothing else: IndexedDB commits as soon as
 * WebCrypto or the network is awaited. Requests take effect in the order of asking, also when nobody waits in between.
 */
export type LogStore = {
  /** @throws {StorageError} or what the work throws */
  read<T>(tables: readonly LogTable[], work: (tx: ReadTx) => Promise<T>): Promise<T>;
  /**
   * All or nothing; on the disk for good when it resolves, also after a power cut.
   * @throws {StorageFullError | StorageError} or what the work throws; then nothing has changed
   */
  write<T>(tables: readonly LogTable[], work: (tx: WriteTx) => Promise<T>): Promise<T>;
};

/** Rows of records come by `local` where nothing else is said. What is given is the caller's own. */
export type ReadTx = {
  // Records of one room.
  rowsAfter(roomId: string, afterLocal: number): Promise<RecordRow[]>;
  countAfter(roomId: string, afterLocal: number): Promise<number>;
  /** The envelope at this place of the relay's log. */
  rowAtSeq(roomId: string, seq: number): Promise<RecordRow | undefined>;
  /** The first row that has this counter of the own chain. */
  rowAtOwnCtr(roomId: string, ctr: number): Promise<RecordRow | undefined>;
  /** Own envelopes that the relay has not acked, the genesis among them. */
  unacked(roomId: string): Promise<RecordRow[]>;
  /** The locals of own envelopes that the relay has acked and that have not come back inside the verified log. */
  acked(roomId: string): Promise<number[]>;
  countAcked(roomId: string): Promise<number>;
  /** Own envelopes that have not come back inside the verified log: those not acked, then those acked. SPEC.md [W4]. */
  unconfirmed(roomId: string): Promise<RecordRow[]>;
  /** Envelopes that are to be given back to a restored relay. */
  lost(roomId: string): Promise<RecordRow[]>;
  countLost(roomId: string): Promise<number>;
  /** Rows whose inside is set aside, by reason. */
  quarantined(roomId: string): Promise<RecordRow[]>;
  countQuarantined(roomId: string): Promise<number>;

  // Records of whatever room.
  rowWithId(envelopeId: string): Promise<RecordRow | undefined>;
  /** Those that are there, by envelope id. */
  rowsWithIds(envelopeIds: readonly string[]): Promise<RecordRow[]>;
  /** In the order of `locals`, undefined for one that is gone. */
  rowsAt(locals: readonly number[]): Promise<(RecordRow | undefined)[]>;
  /** What is to come back in every room, room by room: `unconfirmed` and `lost`. */
  allUnconfirmed(): Promise<RecordRow[]>;
  /** The room of every row whose inside is set aside. */
  allQuarantined(): Promise<string[]>;
  /** The newest row on the device; 0 when there is none. */
  newestLocal(): Promise<number>;

  // Rooms. All of them come by room id.
  room(roomId: string): Promise<RoomRow | undefined>;
  allRooms(): Promise<RoomRow[]>;
  roomKeys(roomId: string): Promise<RoomKeyRow | undefined>;
  allRoomKeys(): Promise<RoomKeyRow[]>;
  ownHead(roomId: string): Promise<OwnHeadRow | undefined>;
  allOwnHeads(): Promise<OwnHeadRow[]>;

  /** In the order of `uses`, undefined for a client id that is nobody's. */
  clientsOf(roomId: string, uses: readonly Pick<ClientRow, "docId" | "client">[]): Promise<(ClientRow | undefined)[]>;

  /** What was kept of a room, the oldest first. */
  evidenceOf(roomId: string): Promise<EvidenceRow[]>;

  /** In the order of `roomIds`, undefined for a room that has none. */
  checkpointsOf(roomIds: readonly string[]): Promise<(CheckpointRow | undefined)[]>;
  allCheckpoints(): Promise<CheckpointRow[]>;
  /** In the order of `keys`, undefined for a document that has none. */
  snapshotsOf(keys: readonly Pick<SnapshotRow, "roomId" | "docId">[]): Promise<(SnapshotRow | undefined)[]>;

  /** Asks for `meta`, as all of the permit. */
  uploadPermit(): Promise<UploadPermit | undefined>;
};

/** What is put takes the place of what was there under the same key; what is added must be new, by key and envelope id, or it rejects. */
export type WriteTx = ReadTx & {
  /** @returns the row's local number: larger than any that was ever committed */
  addRow(row: NewRecordRow): Promise<number>;
  /** @returns the locals in the order of `rows` */
  addRows(rows: readonly NewRecordRow[]): Promise<number[]>;
  /** Passes over rows that are gone. @returns how many were there */
  updateRows(changes: readonly RowChange[]): Promise<number>;
  /** Passes over rows that are gone. */
  deleteRows(locals: readonly number[]): Promise<void>;

  /** A room that this device has not had. `head` where it has written in it already. */
  addRoom(room: { keys: RoomKeyRow; state: RoomRow; head?: OwnHeadRow }): Promise<void>;
  /** The room with its keys, state, envelopes, snapshots and client ids is gone from this device; evidence stays. Asks for all tables. */
  deleteRoom(roomId: string): Promise<void>;
  putRoom(row: RoomRow): Promise<void>;
  putRoomKeys(row: RoomKeyRow): Promise<void>;
  putOwnHead(row: OwnHeadRow): Promise<void>;

  putClients(rows: readonly ClientRow[]): Promise<void>;
  addEvidence(row: Omit<EvidenceRow, "id">): Promise<void>;

  /** The room's snapshots and its checkpoint are gone: its documents are read from the log again. */
  deleteSnapshots(roomId: string): Promise<void>;
  putCheckpoint(row: CheckpointRow): Promise<void>;
  putSnapshots(rows: readonly SnapshotRow[]): Promise<void>;

  putUploadPermit(permit: UploadPermit): Promise<void>;
  dropUploadPermit(): Promise<void>;
};

/** What sending while locked needs of the disk: few enough requests to do without a library. `LogStore` is one. */
export type UploadStore = {
  write<T>(tables: readonly LogTable[], work: (tx: UploadTx) => Promise<T>): Promise<T>;
};

export type UploadTx = Pick<WriteTx, "unacked" | "countLost" | "ownHead" | "updateRows" | "putOwnHead" | "uploadPermit" | "putUploadPermit" | "dropUploadPermit">;
