import * as Y from "yjs";
import { type Bytes, fromHex } from "#protocol/bytes.ts";
import { openLocal, sealLocal } from "../crypto/primitives.ts";
import type { DeviceKeys } from "../keys/vault.ts";
import type { OpenedRecord } from "../log/reader.ts";
import type { UpdateItem } from "../log/record.ts";
import type { RoomLog } from "../log/room-log.ts";
import { createSerial, type Serial } from "../platform/serial.ts";
import { UnreadableError } from "../platform/errors.ts";
import type { SnapshotStore } from "./snapshot-store.ts";

/** How many records a room may have beyond its snapshots before new ones are taken. */
const checkpointEvery = 64;

/** What did not reach the disk is not shown as if it had: the document was taken back to what is on disk. */
export type DocumentListener = (doc: Y.Doc) => void;

type OpenDocument = { doc: Y.Doc; listeners: Set<DocumentListener> };

/**
 * The documents of one room: opened from the device's own snapshots and the records after them, kept current by the log,
 * changed only through `edit`.
 */
export class RoomDocuments {
  readonly #snapshots: SnapshotStore;
  readonly #deviceKeys: DeviceKeys;
  readonly #log: RoomLog;
  readonly #serial: Serial = createSerial();
  readonly #open = new Map<string, Promise<OpenDocument>>();
  /** Updates after the checkpoint, by document. */
  readonly #tail = new Map<string, Bytes[]>();
  #tailRecords = 0;
  #throughLocal = 0;
  #checkpointed = 0;
  #isClosed = false;

  private constructor(snapshots: SnapshotStore, deviceKeys: DeviceKeys, log: RoomLog) {
    this.#snapshots = snapshots;
    this.#deviceKeys = deviceKeys;
    this.#log = log;
  }

  static async load(snapshots: SnapshotStore, deviceKeys: DeviceKeys, log: RoomLog): Promise<RoomDocuments> {
    const documents = new RoomDocuments(snapshots, deviceKeys, log);
    documents.#checkpointed = await snapshots.checkpointOf(log.roomId);
    documents.#throughLocal = documents.#checkpointed;
    documents.#addToTail(await log.replay(documents.#checkpointed));
    return documents;
  }

  /**
   * The document as this device knows it; empty when nobody has written in it yet. The same object until `onReplaced` says otherwise.
   * @param docId 34 hexadecimal digits
   */
  async open(docId: string): Promise<Y.Doc> {
    return (await this.#opened(docId)).doc;
  }

  /** Calls back when a failed saving made the document be read from disk again. @returns what ends it */
  async onReplaced(docId: string, listener: DocumentListener): Promise<() => void> {
    const { listeners } = await this.#opened(docId);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /**
   * Changes documents of this room together: one Yjs transaction each, one envelope for all. Durable when it resolves.
   * @param change synchronous; gets the documents in the order of `docIds`
   * @throws what `change` throws, {StorageFullError | StorageError | TooLargeError}; then nothing has changed, on disk or in the documents
   */
  edit(docIds: readonly string[], change: (...docs: Y.Doc[]) => void): Promise<void> {
    return this.#serial(async () => {
      const opened = await Promise.all(docIds.map((docId) => this.#opened(docId)));
      const items: UpdateItem[] = [];
      const collectors = opened.map(({ doc }, index) => {
        const collect = (update: Uint8Array) => items.push({ docId: docIds[index] ?? "", update: update as Bytes });
        doc.on("updateV2", collect);
        return () => doc.off("updateV2", collect);
      });
      try {
        try {
          transactAll(opened.map(({ doc }) => doc), () => change(...opened.map(({ doc }) => doc)));
        } finally {
          for (const stop of collectors) stop();
        }
        if (items.length === 0) return;
        this.#addToTail([await this.#log.append(items)]);
      } catch (error) {
        await Promise.all(docIds.map((docId) => this.#takeBack(docId)));
        throw error;
      }
      await this.#checkpointIfLong();
    });
  }

  /** Takes in what the log has opened. */
  apply(records: readonly OpenedRecord[]): Promise<void> {
    // At once, not in turn: an edit under way gets a later row than these, and the checkpoint it may take must not pass them by.
    this.#addToTail(records);
    return this.#serial(async () => {
      const byDoc = new Map<string, Bytes[]>();
      for (const { docId, update } of records.flatMap((record) => record.items)) {
        const updates = byDoc.get(docId);
        if (updates === undefined) byDoc.set(docId, [update]);
        else updates.push(update);
      }
      for (const [docId, updates] of byDoc) {
        const opening = this.#open.get(docId);
        if (opening !== undefined) applyAll((await opening).doc, updates);
      }
      await this.#checkpointIfLong();
    });
  }

  /** What a document holds and nothing of what it held: what was deleted is no part of it. @param docId 34 hexadecimal digits */
  async stateOf(docId: string): Promise<Bytes> {
    // A document of its own lets go of what was deleted, also of what somebody keeps to undo it.
    const bare = new Y.Doc({ gc: true });
    Y.applyUpdateV2(bare, Y.encodeStateAsUpdateV2((await this.#opened(docId)).doc));
    const state = Y.encodeStateAsUpdateV2(bare) as Bytes;
    bare.destroy();
    return state;
  }

  /** What the log had is partly destroyed, and the snapshots with it: what was gathered of it in memory is read again. */
  rereadLog(): Promise<void> {
    return this.#serial(async () => {
      this.#tail.clear();
      this.#tailRecords = 0;
      this.#checkpointed = 0;
      // One may have been made of what was gathered, since the purge was read.
      await this.#snapshots.drop(this.#log.roomId);
      this.#addToTail(await this.#log.replay(0));
    });
  }

  /** Puts what was read into sealed snapshots, so that the next opening reads few records, and ends the documents: nothing they held stays in memory. */
  async close(): Promise<void> {
    await this.#serial(async () => {
      this.#tailRecords = checkpointEvery;
      await this.#checkpointIfLong();
      this.#isClosed = true;
    });
    const opened = await Promise.allSettled(this.#open.values());
    this.#open.clear();
    this.#tail.clear();
    for (const result of opened) if (result.status === "fulfilled") result.value.doc.destroy();
  }

  #opened(docId: string): Promise<OpenDocument> {
    let opening = this.#open.get(docId);
    if (opening === undefined) {
      opening = this.#read(docId).then((doc) => ({ doc, listeners: new Set<DocumentListener>() }));
      this.#open.set(docId, opening);
      opening.catch(() => this.#open.delete(docId));
    }
    return opening;
  }

  async #read(docId: string): Promise<Y.Doc> {
    const doc = new Y.Doc({ gc: true });
    // The tail on both sides of the wait: a checkpoint may move it into the snapshot meanwhile. What comes twice does no harm.
    const before = [...(this.#tail.get(docId) ?? [])];
    applyAll(doc, [...(await this.#upToCheckpoint(docId)), ...before, ...(this.#tail.get(docId) ?? [])]);
    return doc;
  }

  /** What a document was at the checkpoint. A snapshot that was damaged is made from the log again, which keeps every record. */
  async #upToCheckpoint(docId: string): Promise<Bytes[]> {
    // Without a checkpoint there is no snapshot to believe: one may have been made of what was destroyed just then.
    if (this.#checkpointed === 0) return [];
    const { roomId } = this.#log;
    const { row, throughLocal } = await this.#snapshots.snapshotOf({ roomId, docId });
    // Another tab may have read a purge, which destroys them, and not have told of it yet; some may have been made since, of less than was gathered here.
    if (throughLocal < this.#checkpointed) return this.#replayed(docId);
    if (row === undefined) return [];
    try {
      return [await openLocal(this.#deviceKeys.snapshot, row.sealed, this.#context(docId))];
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      return this.#replayed(docId);
    }
  }

  async #replayed(docId: string): Promise<Bytes[]> {
    const records = await this.#log.replay(0);
    return records.flatMap(({ items }) => items.filter((item) => item.docId === docId).map(({ update }) => update));
  }

  async #takeBack(docId: string): Promise<void> {
    const opened = await this.#opened(docId);
    const before = opened.doc;
    opened.doc = await this.#read(docId);
    for (const listener of opened.listeners) listener(opened.doc);
    before.destroy();
  }

  #addToTail(records: readonly OpenedRecord[]): void {
    for (const { local, items } of records) {
      this.#throughLocal = Math.max(this.#throughLocal, local);
      this.#tailRecords++;
      for (const { docId, update } of items) {
        const updates = this.#tail.get(docId);
        if (updates === undefined) this.#tail.set(docId, [update]);
        else updates.push(update);
      }
    }
  }

  /** What was saved is saved, also when there is no room for a snapshot of it: the next opening then reads more records, that is all. */
  async #checkpointIfLong(): Promise<void> {
    // What is read after the end is all that the tail holds then: a checkpoint of it would pass by what came before.
    if (this.#isClosed || this.#tailRecords < checkpointEvery) return;
    try {
      await this.#checkpoint();
    } catch {
      // Tried again with the next record.
    }
  }

  async #checkpoint(): Promise<void> {
    const [after, throughLocal] = [this.#checkpointed, this.#throughLocal];
    if (throughLocal === after) return;
    const { roomId, revision } = this.#log;
    const tail = Array.from(this.#tail, ([docId, updates]) => ({ docId, updates: [...updates] }));
    const tailRecords = this.#tailRecords;
    const rows = await Promise.all(
      tail.map(async ({ docId, updates }) => {
        const merged = Y.mergeUpdatesV2([...(await this.#upToCheckpoint(docId)), ...updates]) as Bytes;
        return { roomId, docId, sealed: await sealLocal(this.#deviceKeys.snapshot, merged, this.#context(docId)) };
      }),
    );
    if (!(await this.#snapshots.keep({ roomId, revision, after, throughLocal }, rows))) return;
    this.#checkpointed = throughLocal;
    for (const { docId, updates } of tail) {
      const left = this.#tail.get(docId)?.slice(updates.length) ?? [];
      if (left.length === 0) this.#tail.delete(docId);
      else this.#tail.set(docId, left);
    }
    this.#tailRecords -= tailRecords;
  }

  #context(docId: string): Bytes {
    return new Uint8Array([...new TextEncoder().encode("aapen-dor/v1/snapshot"), ...fromHex(this.#log.roomId), ...fromHex(docId)]);
  }
}

function applyAll(doc: Y.Doc, updates: readonly Bytes[]): void {
  // One transaction for all: thousands of updates one by one cost a hundred times more.
  doc.transact(() => {
    for (const update of updates) Y.applyUpdateV2(doc, update, "log");
  }, "log");
}

/** Opens one transaction in each document and runs the change inside all of them. */
function transactAll(docs: readonly Y.Doc[], change: () => void): void {
  const [first, ...rest] = docs;
  if (first === undefined) change();
  else first.transact(() => transactAll(rest, change), "edit");
}
