import { type Accessor, createEffect, createMemo } from "solid-js";
import type * as Y from "yjs";
import { indexDocId } from "../../engine/log/rights.ts";
import { RelayUnreachableError } from "../../engine/platform/errors.ts";
import { keepRecovery } from "../../engine/recover.ts";
import type { Room } from "../../engine/space.ts";
import { createDocumentView } from "../../reactive/create-document-view.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { fromObservable } from "../../reactive/from-observable.ts";
import { readRecovery, serviceRoots, setRecovery } from "./document.ts";
import type { ServiceRecovery } from "./schema.ts";

/**
 * Keeps the recovery code that counts in force: its bundle at the relay, its device in every room. What a colleague, or this device before it was
 * switched off, has begun is finished by whoever comes first.
 */
export function createRecoveryKeeper(serviceRoom: Accessor<Room | undefined>, serviceIndex: Accessor<Y.Doc | undefined>): void {
  const engine = useEngine();
  const sync = fromObservable(engine.space.sync.status);
  const isReached = createMemo(() => sync().reached === true);
  const recovery = createDocumentView(serviceIndex, serviceRoots, (doc) => ({ wanted: doc === undefined ? null : readRecovery(doc) }));
  /** Whose bundle the relay has said to have, since this device was unlocked. */
  let keptAtRelay: string | null = null;
  let working = false;

  createEffect(() => {
    const room = serviceRoom();
    const { wanted } = recovery();
    engine.rooms();
    // What did not succeed is tried again with the minute.
    engine.now();
    if (room !== undefined && wanted !== null && isReached()) void keep(room, wanted);
  });

  async function keep(room: Room, wanted: ServiceRecovery): Promise<void> {
    const hasBundle = keptAtRelay === wanted.lookupId;
    const isInForce = engine.rooms().every(({ standing }) => standing(wanted.member.deviceId) !== null);
    if (working || (hasBundle && isInForce && wanted.lookupIdBefore === null)) return;
    working = true;
    await engine.read(async () => {
      try {
        const plan = { serviceId: room.roomId, ...wanted };
        if (!(await keepRecovery({ space: engine.space, relay: engine.relay, plan, hasBundle }))) return;
        keptAtRelay = wanted.lookupId;
        if (wanted.lookupIdBefore !== null) await forgetBefore(room, wanted.lookupId);
      } catch (error) {
        if (!(error instanceof RelayUnreachableError)) throw error;
      }
    });
    working = false;
  }

  async function forgetBefore(room: Room, lookupId: string): Promise<void> {
    await room.edit([indexDocId], (service) => {
      const now = service === undefined ? null : readRecovery(service);
      // A colleague may have made another one meanwhile.
      if (service !== undefined && now?.lookupId === lookupId) setRecovery(service, { ...now, lookupIdBefore: null });
    });
  }
}
