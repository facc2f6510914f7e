import * as z from "zod/mini";
import { createRecovery, parseRecoveryCode, recoveryLookupId, sealRecoveryBundle, type Recovery } from "../../engine/keys/recovery.ts";
import { indexDocId } from "../../engine/log/rights.ts";
import type { RandomBytes } from "../../engine/platform/clock.ts";
import type { Room } from "../../engine/space.ts";
import type { LocalStore } from "../../engine/storage/local-store.ts";
import { assert } from "../../lib/assert.ts";
import { readRecovery, readSettings, setRecovery } from "./document.ts";
import { pendingCodeRow } from "./recovery-locals.ts";
import { ServiceRecovery } from "./schema.ts";

/** A code that nobody has confirmed to have on paper; kept sealed on this device alone, and removed when it is confirmed. */
export const PendingCode = z.object({
  code: z.string(),
  /** What is to stand in the service's room once it is confirmed; null for a service's first code, which stands there. */
  next: z.nullable(ServiceRecovery),
});
export type PendingCode = z.infer<typeof PendingCode>;

/** What everybody but the paper is to know of a code. */
export async function describeRecovery(recovery: Recovery, service: Pick<Room, "roomId" | "genesis">, madeBy: string): Promise<ServiceRecovery> {
  const secret = parseRecoveryCode(recovery.code);
  assert(secret !== null, "a code that was made here");
  return {
    member: recovery.member,
    bundle: await sealRecoveryBundle(recovery, service.roomId, service.genesis),
    lookupId: await recoveryLookupId(secret),
    madeBy,
    lookupIdBefore: null,
  };
}

/** A new code for a service. Nothing changes before it is confirmed. @param madeBy the name of whoever asks for it */
export async function makeNextCode(service: Room, random: RandomBytes, madeBy: string): Promise<PendingCode> {
  const recovery = await createRecovery(random);
  return { code: recovery.code, next: await describeRecovery(recovery, service, madeBy) };
}

/** From here on the new code counts, as soon as the relay is reached. */
export async function confirmNextCode(service: Room, { next }: PendingCode): Promise<void> {
  if (next === null) return;
  await service.edit([indexDocId], (doc) => {
    if (doc === undefined) return;
    const before = readRecovery(doc);
    // Confirmed a second time where the device died in between.
    const lookupIdBefore = before?.lookupId === next.lookupId ? before.lookupIdBefore : (before?.lookupId ?? null);
    setRecovery(doc, { ...next, lookupIdBefore });
  });
}

export async function loadPendingCode(locals: LocalStore): Promise<PendingCode | null> {
  const stored = await locals.load(pendingCodeRow);
  return stored === undefined ? null : PendingCode.parse(stored);
}

export function savePendingCode(locals: LocalStore, pending: PendingCode): Promise<void> {
  return locals.save(pendingCodeRow, pending);
}

export function removePendingCode(locals: LocalStore): Promise<void> {
  return locals.remove(pendingCodeRow);
}

/** What the service calls itself, for the paper; empty while its shelf has not been read. */
export async function serviceNameIn(rooms: readonly Room[]): Promise<string> {
  const shelf = rooms.find(({ kind }) => kind === "shelf");
  return shelf === undefined ? "" : readSettings(await shelf.open(indexDocId)).serviceName;
}

/** Two different groups of the code, by chance, from 0: whoever has the paper can tell them. */
export function askedGroups(random: RandomBytes): [number, number] {
  const [a = 0, b = 0] = random(2);
  const first = a % 7;
  return [first, first + 1 + (b % (7 - first))];
}
