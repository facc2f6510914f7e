import { devicesBroughtBy } from "#protocol/control.ts";
import { knownDevice, type Membership } from "#protocol/membership.ts";
import { readControls } from "./control-rows.ts";
import { readWords } from "./members.ts";
import type { RoomContext } from "./room-context.ts";

/** What became of the recovery code, as the log of one room tells it. */
export type RecoveryEvent = {
  /** «used»: somebody was let in with it. «replaced»: a new code has taken its place. */
  what: "used" | "replaced";
  /** Who was let in, or who made the new code; null while the record that says so does not open. */
  name: string | null;
  /** By the author's clock, in ms since 1970; null while the record does not open. */
  at: number | null;
};

/** By the record that a room had last and the keys that it had then: it is asked after each round of sync, and has seldom changed. */
const listed = new WeakMap<RoomContext, { of: string; events: Promise<RecoveryEvent[]> }>();

/** The newest first. SPEC.md [Y4]. */
export function listRecoveryEvents(room: RoomContext): Promise<RecoveryEvent[]> {
  const { membership } = room.status.get().state;
  if (membership === null) return Promise.resolve([]);
  const of = [membership.controlHead, ...Object.keys(room.keys.secrets)].join();
  const known = listed.get(room);
  if (known?.of === of) return known.events;
  const events = readRecoveryEvents(room, membership);
  listed.set(room, { of, events });
  // What the disk would not tell is asked again.
  events.catch(() => listed.delete(room));
  return events;
}

async function readRecoveryEvents(room: RoomContext, membership: Membership): Promise<RecoveryEvent[]> {
  const records = await readControls(room, membership.controlHead);
  const read = await Promise.all(records.map(async (record) => ({ ...record, words: await readWords(room, record) })));
  const nameOf = new Map(read.flatMap(({ body, words }) => devicesBroughtBy(body).slice(0, 1).map(({ deviceId }) => [deviceId, words.name ?? null])));
  const isRecovery = (deviceId: string) => knownDevice(membership, deviceId)?.role === "recovery";
  return read.flatMap(({ authorId, body: { action }, words }): RecoveryEvent[] => {
    const at = words.at ?? null;
    if (action === "replaceRecovery") return [{ what: "replaced", name: words.name ?? nameOf.get(authorId) ?? null, at }];
    const letIn = (action === "addMember" || action === "addDevice") && isRecovery(authorId);
    return letIn ? [{ what: "used", name: words.name ?? null, at }] : [];
  });
}
