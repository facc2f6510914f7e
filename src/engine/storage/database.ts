import { Dexie, type EntityTable, type Table } from "dexie";
import type { Bytes } from "#protocol/bytes.ts";
import { StorageError, StorageFullError } from "../platform/errors.ts";
import type { CheckpointRow, ClientRow, EvidenceRow, OwnHeadRow, RecordRow, RoomKeyRow, RoomRow, SnapshotRow } from "./log-store.ts";

export type DraftRow = { draftId: string; sealed: Bytes; savedAt: number };

/** What lives on this device only, such as the key list: sealed, one row a list. */
export type LocalRow = { name: string; sealed: Bytes };

/** Clear: nothing a person typed but the phone numbers that must work while locked. */
export type MetaRow = { name: string; value: unknown };

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
