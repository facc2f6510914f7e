import { Dexie } from "dexie";
import * as z from "zod/mini";
import { RoomKind } from "#protocol/control.ts";
import { remedyOf, type RelayPort } from "#protocol/messages.ts";
import { parseRecoveryCode } from "../engine/keys/recovery.ts";
import { passingDeviceKeys } from "../engine/keys/vault.ts";
import { indexDocId } from "../engine/log/rights.ts";
import { systemClock, systemRandom } from "../engine/platform/clock.ts";
import { RelayUnreachableError } from "../engine/platform/errors.ts";
import { enterAsRecovery, findRecoveryDevice, letInByRecovery, type ListedRoom, type RecoveryFault } from "../engine/recover.ts";
import { openSpace, type Room, type Space } from "../engine/space.ts";
import { openDatabase } from "../engine/storage/database.ts";
import { createDexieLogStore } from "../engine/storage/dexie-log-store.ts";
import { createRelayClient } from "../engine/sync/relay-client.ts";
import { readRoomOffers } from "../features/space/document.ts";
import { codeUseRow } from "../features/space/recovery-locals.ts";
import { makeNextCode, type PendingCode, savePendingCode } from "../features/space/recovery-code.ts";
import type { CodeUse, UseCodeFault } from "../features/space/use-code-page.tsx";
import { assert } from "../lib/assert.ts";
import type { UnlockedEngine } from "../reactive/engine-context.tsx";
import type { Installation } from "./installation.ts";

/** A use of the code that is not finished: kept sealed, so that whoever breaks off goes on with the passphrase alone. */
const Use = z.object({ code: z.string(), name: z.string() });
type Use = z.infer<typeof Use>;

/** Everything of the recovery device is in memory, or sealed under keys that are. */
const databaseName = "aapen-dor-recovery";

async function loadUse({ locals }: UnlockedEngine): Promise<Use | null> {
  const stored = await locals.load(codeUseRow);
  return stored === undefined ? null : Use.parse(stored);
}

/** Asks whether the relay knows the code; only then is anything made on this device. */
export async function beginUse(
  installation: Installation,
  { code, ownName, passphrase }: CodeUse,
): Promise<{ ok: true; engine: UnlockedEngine } | { ok: false; fault: UseCodeFault }> {
  const secret = parseRecoveryCode(code);
  if (secret === null) return { ok: false, fault: "notWhole" };
  const relay = createRelayClient(location.origin, fetch.bind(globalThis), systemClock);
  try {
    const found = await findRecoveryDevice(relay, secret);
    if (!found.ok) return { ok: false, fault: faultOf(found.fault) };
    const engine = await installation.open(await installation.vault.create(passphrase));
    await engine.locals.save(codeUseRow, { code, name: ownName } satisfies Use);
    return { ok: true, engine };
  } catch (error) {
    await installation.destroy();
    return { ok: false, fault: error instanceof RelayUnreachableError ? "unreachable" : "failed" };
  }
}

/**
 * Lets this device in everywhere, and makes the code that is to follow. May be broken off and run again; the old code stays good until the new one is confirmed.
 * @returns the new code, and how many rooms could not be entered
 */
export async function goOnWithUse(engine: UnlockedEngine): Promise<{ ok: true; pending: PendingCode; missed: number } | { ok: false; fault: UseCodeFault }> {
  const use = await loadUse(engine);
  const secret = use === null ? null : parseRecoveryCode(use.code);
  assert(use !== null && secret !== null, "a use that was begun");
  try {
    const found = await findRecoveryDevice(engine.relay, secret);
    if (!found.ok) return { ok: false, fault: faultOf(found.fault) };
    const device = found.value;
    return await withPassingSpace(engine.relay, async (recovery) => {
      const entered = await enterAsRecovery(recovery, device);
      if (!entered.ok) return { ok: false, fault: faultOf(entered.fault) };
      const rooms = await listRooms(entered.value);
      const missed = await letInByRecovery({ recovery, device, own: engine.space, rooms, name: use.name, random: engine.random });
      const service = engine.space.rooms.get().find(({ roomId }) => roomId === device.serviceId);
      if (service?.standing(service.deviceId) !== "present") return { ok: false, fault: "notThere" };
      const pending = await makeNextCode(service, engine.random, use.name);
      await savePendingCode(engine.locals, pending);
      await engine.locals.remove(codeUseRow);
      return { ok: true, pending, missed: missed.length };
    });
  } catch (error) {
    if (error instanceof RelayUnreachableError) return { ok: false, fault: "unreachable" };
    throw error;
  }
}

/** The service's own room first, then all that its index lists. SPEC.md [Y4]. */
async function listRooms(service: Room): Promise<ListedRoom[]> {
  const listed = new Map<string, ListedRoom>();
  const { roomId, label, genesis } = service;
  listed.set(roomId, { roomId, kind: "service", label, genesis });
  for (const offer of readRoomOffers(await service.open(indexDocId))) {
    const kind = RoomKind.safeParse(offer.kind);
    if (kind.success && !listed.has(offer.roomId)) listed.set(offer.roomId, { roomId: offer.roomId, kind: kind.data, label: offer.label, genesis: offer.genesis });
  }
  return [...listed.values()];
}

async function withPassingSpace<T>(relay: RelayPort, work: (space: Space) => Promise<T>): Promise<T> {
  await Dexie.delete(databaseName);
  const database = openDatabase(databaseName);
  try {
    const space = await openSpace({
      store: createDexieLogStore(database),
      deviceKeys: await passingDeviceKeys(systemRandom),
      relay,
      clock: systemClock,
      random: systemRandom,
      chance: Math.random,
      tabs: { announce() {}, onAnnounced() {}, close() {} },
      serviceToken: () => null,
    });
    try {
      return await work(space);
    } finally {
      await space.close();
    }
  } finally {
    database.close();
    await Dexie.delete(databaseName);
  }
}

function faultOf(fault: RecoveryFault): UseCodeFault {
  if (fault.type !== "refused") return fault.type;
  return remedyOf(fault.refusal) === "later" ? "later" : "failed";
}
