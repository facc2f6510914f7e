import { createComponent, createRoot } from "solid-js";
import { createManualClock, type ManualClock } from "../../test/engine/manual-clock.ts";
import { createDevice, type TestDevice } from "../../test/support/device.ts";
import { createTestRelay } from "../../test/support/test-relay.ts";
import type { Room } from "../engine/space.ts";
import { createDraftStore } from "../engine/storage/draft-store.ts";
import { createLocalStore } from "../engine/storage/local-store.ts";
import { EngineProvider, type UnlockedEngine } from "./engine-context.tsx";

/** An unlocked engine on a disk in memory, with time that stands still and no relay to be reached. */
export async function unlockedEngine(): Promise<{ device: TestDevice; clock: ManualClock; engine: UnlockedEngine }> {
  const relay = createTestRelay();
  relay.down = true;
  const clock = createManualClock();
  const device = await createDevice(relay.port, clock);
  const { database, deviceKeys, space, serviceToken } = device;
  return {
    device,
    clock,
    engine: {
      relay: relay.port,
      serviceToken,
      space,
      drafts: createDraftStore(database, deviceKeys.draft, clock),
      locals: createLocalStore(database, deviceKeys.local),
      clock,
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    },
  };
}

/** A room of its own; `digit` is what its id consists of. */
export function makeRoom({ space }: TestDevice, digit: string): Promise<Room> {
  return space.createRoom({ kind: "service", serviceId: digit.repeat(32), label: "", name: "Ada", recovery: null });
}

/** Runs a part of a page inside the engine's context. */
export function inEngine<T>(engine: UnlockedEngine, part: () => T): { made: T; dispose: () => void } {
  return createRoot((dispose) => {
    let made: { part: T } | null = null;
    createComponent(EngineProvider, {
      engine,
      get children() {
        made = { part: part() };
        return null;
      },
    });
    if (made === null) throw new Error("the part was not drawn");
    return { made: (made as { part: T }).part, dispose };
  });
}

/** Makes every transaction fail until the one that it gives is called. */
export function takeDiskAway({ database }: TestDevice): () => void {
  const { transaction } = database;
  database.transaction = (() => Promise.reject(new Error("the disk is away"))) as never;
  return () => {
    database.transaction = transaction;
  };
}
