import * as Y from "yjs";
import { limits } from "#protocol/limits.ts";
import type { RecordRow, WriteTx } from "../storage/log-store.ts";
import { TooLargeError } from "../platform/errors.ts";
import type { UpdateInside, UpdateItem } from "./record.ts";
import type { RoomContext } from "./room-context.ts";

/** A Yjs client id under which something was written in a document. */
export type ClientUse = { docId: string; client: number };

/** What the author of a record says to be its own by writing under it. `carried`: whose others are, by what a purge tells of what it destroyed. */
export type Claim = { deviceId: string; uses: readonly ClientUse[]; carried?: readonly CarriedUse[] };
export type CarriedUse = ClientUse & { deviceId: string };

/**
 * The client ids under which a record writes. Those it only deletes from are not among them: anybody may delete.
 * @throws {TooLargeError} when there are more structs than an inside may have [D6]; something else when an update is broken
 */
export function clientsIn(inside: Pick<UpdateInside, "items">): ClientUse[] {
  return structsIn(inside).flatMap(({ docId, clients }) => Array.from(new Set(clients), (client) => ({ docId, client })));
}

/** How many Yjs structs its updates have. @throws as `clientsIn` */
export function countStructs(inside: Pick<UpdateInside, "items">): number {
  return structsIn(inside).reduce((sum, { clients }) => sum + clients.length, 0);
}

/** @throws {TooLargeError} when no reader takes these, because they are too many structs. SPEC.md [D6]. */
export function assertTakable(items: UpdateItem[]): void {
  try {
    structsIn({ items });
  } catch (error) {
    if (error instanceof TooLargeError) throw error;
  }
}

/** The client id of each struct. */
function structsIn({ items }: Pick<UpdateInside, "items">): { docId: string; clients: number[] }[] {
  let left = limits.insideStructs;
  // Counted while they are decoded: afterwards is too late, and what is applied to a document was decoded here before.
  class BoundedDecoder extends Y.UpdateDecoderV2 {
    override readInfo(): number {
      if (left-- === 0) throw new TooLargeError(`more than ${limits.insideStructs} structs`);
      return super.readInfo();
    }
  }
  return items.map(({ docId, update }) => ({ docId, clients: Y.decodeUpdateV2(update, BoundedDecoder).structs.map(({ id }) => id.client) }));
}

type OwnClients = { names: Set<string>; read: Promise<void> | null };

/** By the parts of a log, which no two rooms share. What is in no verified log yet stands in no table either. */
const ownClients = new WeakMap<RoomContext["parts"], OwnClients>();

function ownClientsOf({ parts }: RoomContext): OwnClients {
  let own = ownClients.get(parts);
  if (own === undefined) {
    own = { names: new Set(), read: null };
    ownClients.set(parts, own);
  }
  return own;
}

/** Remembers that this device has written under these: whoever claims one of them later, or earlier in the log, is not believed. */
export function noteOwnClients(room: RoomContext, uses: readonly ClientUse[]): void {
  const { names } = ownClientsOf(room);
  for (const use of uses) names.add(nameOf(use));
}

/** Notes once what the own rows write under that earlier tabs and openings have left in the outbox. */
export function readOwnClients(room: RoomContext, read: (rows: RecordRow[]) => Promise<readonly ClientUse[]>): Promise<void> {
  const own = ownClientsOf(room);
  own.read ??= room.parts.store.read(["records"], (tx) => tx.unconfirmed(room.keys.roomId)).then(async (rows) => {
    noteOwnClients(room, await read(rows));
  });
  // What the disk refused once is asked for again.
  own.read.catch(() => (own.read = null));
  return own.read;
}

/**
 * Gives each client id to the first device in the log that wrote under it. SPEC.md [D5].
 * @param tx has the table of clients
 * @param claims in the order of the log
 * @returns those that write under an id of another device; they are given nothing
 */
export async function bindClients<T extends Claim>(room: RoomContext, tx: WriteTx, claims: readonly T[]): Promise<T[]> {
  const { roomId, deviceId: ownId } = room.keys;
  const uses = new Map(claims.flatMap((claim) => [...claim.uses, ...(claim.carried ?? [])].map(({ docId, client }) => [nameOf({ docId, client }), { docId, client }] as const)));
  if (uses.size === 0) return [];
  const stored = await tx.clientsOf(roomId, Array.from(uses.values()));
  const holders = new Map(stored.flatMap((row) => (row === undefined ? [] : [[nameOf(row), row.deviceId] as const])));
  const { names: ownNames } = ownClientsOf(room);
  const holderOf = (name: string) => (ownNames.has(name) ? ownId : holders.get(name));
  const given = new Map<string, string>();
  const foreign: T[] = [];
  const give = (name: string, to: string) => {
    if (holders.get(name) === to) return;
    holders.set(name, to);
    given.set(name, to);
  };
  for (const claim of claims) {
    // To who has read what was destroyed they are given already.
    for (const use of claim.carried ?? []) if (holderOf(nameOf(use)) === undefined) give(nameOf(use), use.deviceId);
    const names = claim.uses.map(nameOf);
    const taken = names.some((name) => ![undefined, claim.deviceId].includes(holderOf(name)));
    if (taken && claim.deviceId !== ownId) {
      foreign.push(claim);
      continue;
    }
    for (const name of names) give(name, claim.deviceId);
  }
  const rows = Array.from(given, ([name, deviceId]) => ({ roomId, deviceId, ...(uses.get(name) as ClientUse) }));
  if (rows.length > 0) await tx.putClients(rows);
  return foreign;
}

function nameOf({ docId, client }: ClientUse): string {
  return `${docId} ${client}`;
}
