import { Dexie, type EntityTable, type Table } from "dexie";
import type { Bytes } from "#protocol/bytes.ts";
import { StorageError, StorageFullError } from "../platform/errors.ts";

/** One stored envelope. Own ones have `ownCtr`; those the relay has numbered and we have verified have `seq` and `acc`. */
export type RecordRow = {
  /** Grows with every insertion on this device; what a checkpoint counts by. */
  local: number;
  roomId: string;
  envelopeId: string;
  deviceId: string;
  bytes: Bytes;
  ownCtr?: number;
  /** The outbox: 1 sealed here, 2 acked by the relay; gone once it has come back inside the verified log. */
  pending?: 1 | 2;
  /** Set on disk before the first byte of an own envelope is sent. */
  attempted?: 1;
  /** How many savings of a person an own envelope holds: one, or more once folded. */
  edits?: number;
  seq?: number;
  acc?: Bytes;
  /** Why the inside is set aside, when it is. */
  quarantined?: string;
};

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

export type DraftRow = { draftId: string; sealed: Bytes; savedAt: number };

/** What lives on this device only, such as the key list: sealed, one row a list. */
export type LocalRow = { name: string; sealed: Bytes };

/** Clear: nothing a person typed but the phone numbers that must work while locked. */
export type MetaRow = { name: string; value: unknown };

/** Bytes that prove a fault of the log, kept as evidence. */
export type EvidenceRow = { id: number; roomId: string; seq: number; fault: string; bytes: Bytes; foundAt: number };

export type Database = Dexie & {
  records: EntityTable<RecordRow, "local">;
  rooms: EntityTable<RoomRow, "roomId">;
  ownHeads: EntityTable<OwnHeadRow, "roomId">;
  roomKeys: EntityTable<RoomKeyRow, "roomId">;
  clients: Table<ClientRow, [string, string, number]>;
  snapshots: Table<SnapshotRow, [string, string]>;
  checkpoints: EntityTable<CheckpointRow, "roomId">;
  drafts: EntityTable<DraftRow, "draftId">;
  locals: EntityTable<LocalRow, "name">;
  meta: EntityTable<MetaRow, "name">;
  evidence: EntityTable<EvidenceRow, "id">;
};

/** Versions are only ever appended: a device that was away for a year must still find its way up. */
export function openDatabase(name: string, factory?: { indexedDB: IDBFactory; IDBKeyRange: typeof IDBKeyRange }): Database {
  const database = new Dexie(name, { chromeTransactionDurability: "strict", ...factory }) as Database;
  database.version(1).stores({
    records: "++local, &envelopeId, [roomId+seq], [roomId+ownCtr], [roomId+local], [roomId+pending], [roomId+quarantined]",
    rooms: "roomId",
    ownHeads: "roomId",
    roomKeys: "roomId",
    clients: "[roomId+docId+client]",
    snapshots: "[roomId+docId], roomId",
    checkpoints: "roomId",
    drafts: "draftId",
    locals: "name",
    meta: "name",
    evidence: "++id, roomId",
  });
  return database;
}

/** Runs storage work and names its failures; everything else passes through untouched. */
export async function storing<T>(work: () => PromiseLike<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    for (let error: unknown = cause; error instanceof Error; error = (error as { inner?: unknown }).inner) {
      if (error.name === "QuotaExceededError") throw new StorageFullError("storage is full", { cause });
      if (error === (error as { inner?: unknown }).inner) break;
    }
    if (cause instanceof Dexie.DexieError) throw new StorageError("storage failed", { cause });
    throw cause;
  }
}
