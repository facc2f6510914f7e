import type { DraftStore } from "../../../src/engine/storage/draft-store.ts";
import { createObservable } from "../../../src/engine/platform/observable.ts";
import { createMemoryProfile, openMemoryTab } from "../../support/memory-device.ts";
import { monotonicMs } from "../measure.ts";
import { answerCommands, countTraffic, traffic } from "../processes.ts";
import { createFieldCommands } from "./own-commands.ts";

// One device of ours on memory storage, as a process of its own.

const profile = createMemoryProfile();

function createMemoryDrafts(): DraftStore {
  const kept = new Map<string, { draft: unknown; savedAt: number }>();
  return {
    changes: createObservable(0),
    async save(draftId, draft) {
      const savedAt = Date.now();
      kept.set(draftId, { draft, savedAt });
      return { savedAt };
    },
    load: async (draftId) => kept.get(draftId)?.draft,
    list: async () => Array.from(kept, ([draftId, { savedAt }]) => ({ draftId, savedAt })),
    async remove(draftId) {
      kept.delete(draftId);
    },
  };
}
const drafts = createMemoryDrafts();

countTraffic();
answerCommands(createFieldCommands({ openDevice: async (relay) => ({ ...(await openMemoryTab(await profile, relay)), drafts }), now: monotonicMs, traffic }));
