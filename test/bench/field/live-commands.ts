import type * as Y from "yjs";
import { hasRecord, recordsOf, writeRecord } from "./workload.ts";

/** At a place, so many characters out, and these in. */
export type Patch = [position: number, deleted: number, inserted: string];

const traceName = "trace";
/** Between them the others have the processor, and what was typed goes out. */
const patchesOfTurn = 50;

/** Types, each patch a transaction of its own. */
export async function typeAll(doc: Y.Doc, patches: readonly Patch[]): Promise<void> {
  const text = doc.getText(traceName);
  for (const [index, [position, deleted, inserted]] of patches.entries()) {
    doc.transact(() => {
      if (deleted > 0) text.delete(position, deleted);
      if (inserted !== "") text.insert(position, inserted);
    });
    if (index % patchesOfTurn === 0) await nextTurn();
  }
}

function nextTurn(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port2.onmessage = () => {
      port1.close();
      resolve();
    };
    port1.postMessage(null);
  });
}

/** What both sides of a live document can be told to do, whoever's it is. */
export function createLiveCommands(world: {
  /** Milliseconds on a clock that all of the machine share. */
  now(): number;
  doc(): Y.Doc;
  edit(change: (doc: Y.Doc) => void): unknown;
  /** Resolves when all has gone out, as far as the client knows. */
  sent(): Promise<void>;
}) {
  const arrived = new Map<number, number>();
  let wanted = 0;
  let tell: (() => void) | null = null;

  return {
    /** From now on notes when each record has arrived. */
    async watch({ count }: { count: number }): Promise<void> {
      const records = recordsOf(count);
      world.doc().on("afterTransaction", () => {
        for (let next = records[wanted]; next !== undefined && hasRecord(world.doc(), next); next = records[wanted]) {
          arrived.set(wanted++, world.now());
          tell?.();
        }
      });
    },
    /** @returns when the record was in this document */
    applied({ index }: { index: number }): Promise<number> {
      return new Promise((resolve) => {
        tell = () => {
          const at = arrived.get(index);
          if (at === undefined) return;
          tell = null;
          resolve(at);
        };
        tell();
      });
    },
    /** @returns when the saving began */
    async saveOne({ index, count }: { index: number; count: number }): Promise<number> {
      const record = recordsOf(count)[index];
      if (record === undefined) throw new Error(`no record ${index}`);
      const startedAt = world.now();
      await world.edit((doc) => writeRecord(doc, record, "saved"));
      return startedAt;
    },
    /** Writes these records, each saved before the next, and sends them. */
    async fill({ from, to, count }: { from: number; to: number; count: number }): Promise<void> {
      for (const record of recordsOf(count).slice(from, to)) await world.edit((doc) => writeRecord(doc, record, "saved"));
      await world.sent();
    },
    /** @returns when the trace's text was all there */
    typed({ text: expected }: { text: string }): Promise<number> {
      return new Promise((resolve) => {
        const doc = world.doc();
        const check = () => {
          const text = doc.getText(traceName);
          if (text.length !== expected.length || text.toJSON() !== expected) return;
          doc.off("afterTransaction", check);
          resolve(world.now());
        };
        doc.on("afterTransaction", check);
        check();
      });
    },
  };
}
