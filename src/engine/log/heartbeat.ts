import type { Bytes } from "#protocol/bytes.ts";
import { hasUnsent, sealOwn } from "./outbox.ts";
import { encodeHeartbeat } from "./record.ts";
import { headToFollow, type RoomContext } from "./room-context.ts";
import { isReopened } from "./room-state.ts";
import { isHeartbeatDue } from "./seen.ts";

/** News that follows on news sooner than this is acknowledged with it; and whoever reads may be about to write. SPEC.md [H2]. */
const restMs = 60_000;

/** Of more than these the heartbeat would be too large. The others follow with the next. SPEC.md [H1]. */
const answersMax = 64;

/** Whether this device owes the others a heartbeat, at the latest when it has rested. SPEC.md [H2]. */
export function owesHeartbeat({ keys, parts, status, answers }: RoomContext): boolean {
  const { state, unsent, unconfirmed, lost } = status.get();
  const { membership, seen, fault } = state;
  // What of its own has not come back says as much.
  if (fault !== null || unsent > 0 || unconfirmed > 0 || lost > 0 || membership === null || isReopened(state)) return false;
  const role = membership.devices[keys.deviceId]?.role;
  const mayWrite = role !== undefined && role !== "recovery" && !membership.shredded && keys.secrets[membership.epoch] !== undefined;
  return mayWrite && (answers.length > 0 || isHeartbeatDue(seen, keys.deviceId, keys.kind === "service", parts.clock.now()));
}

/** A heartbeat to be sent at once; it is not stored before it has come back in the log, as a control record is not. SPEC.md [H3]. @returns null where none is owed now */
export async function sealHeartbeat(room: RoomContext): Promise<Bytes | null> {
  const now = room.parts.clock.now();
  // A clock that was set back says nothing about how long it has rested.
  if (Math.abs(now - room.newsAt) < restMs || !owesHeartbeat(room)) return null;
  room.newsAt = now;
  // This also reads on, where another tab has.
  if ((await hasUnsent(room)) || !owesHeartbeat(room)) return null;
  const content = { clear: new Uint8Array(0), inside: encodeHeartbeat({ authoredAt: now, answers: room.answers.slice(0, answersMax) }) };
  return (await sealOwn(room, "heartbeat", headToFollow(room), content)).bytes;
}
