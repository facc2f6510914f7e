import { openLocal, sealLocal, type SealKey } from "../crypto/primitives.ts";
import type { Clock } from "../platform/clock.ts";
import { createObservable, type Observable } from "../platform/observable.ts";
import { type Database, storing } from "./database.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Unsaved work of this device, sealed. A draft is JSON; what it means is its owner's. */
export type DraftStore = {
  /** Durable when it resolves. @throws {StorageFullError | StorageError} and the draft before it is still there */
  save(draftId: string, draft: unknown): Promise<{ savedAt: number }>;
  /** @throws {UnreadableError} when it was changed: never taken for «no draft» */
  load(draftId: string): Promise<unknown>;
  list(): Promise<{ draftId: string; savedAt: number }[]>;
  remove(draftId: string): Promise<void>;
  /** Moves with every draft that was saved or removed: who lists them lists them again. */
  changes: Observable<number>;
};

export function createDraftStore(database: Database, key: SealKey, clock: Clock): DraftStore {
  const changes = createObservable(0);
  const context = (draftId: string) => encoder.encode(`aapen-dor/v1/draft/${draftId}`);
  return {
    changes,
    async save(draftId, draft) {
      const sealed = await sealLocal(key, encoder.encode(JSON.stringify(draft)), context(draftId));
      const savedAt = clock.now();
      await storing(() => database.drafts.put({ draftId, sealed, savedAt }));
      changes.set(changes.get() + 1);
      return { savedAt };
    },
    async load(draftId) {
      const row = await storing(() => database.drafts.get(draftId));
      if (row === undefined) return undefined;
      return JSON.parse(decoder.decode(await openLocal(key, row.sealed, context(draftId))));
    },
    async list() {
      const rows = await storing(() => database.drafts.toArray());
      return rows.map(({ draftId, savedAt }) => ({ draftId, savedAt })).sort((a, b) => a.savedAt - b.savedAt);
    },
    async remove(draftId) {
      await storing(() => database.drafts.delete(draftId));
      changes.set(changes.get() + 1);
    },
  };
}
