import { type Bytes, fromBase64Url, toHex } from "#protocol/bytes.ts";
import { limits } from "#protocol/limits.ts";
import { parseEnvelope, signatureInput } from "#protocol/record.ts";
import { importVerifier, verify } from "../crypto/primitives.ts";
import { decodePresence, encodePresence, envelopeIdOf, type PresenceInside } from "./record.ts";
import { mayWriteDocument } from "./rights.ts";
import type { RoomContext } from "./room-context.ts";
import { isReopened } from "./room-state.ts";

/** What a colleague's device has told, and which one. */
export type Presence = PresenceInside & { deviceId: string };

/** Where this device stands in the room, or null where presence has no place: not a member yet, nothing to write here, a log at fault, somebody back who was removed. SPEC.md [N5], [G8]. */
function membershipIn(room: RoomContext) {
  const { state } = room.status.get();
  return state.fault === null && !isReopened(state) ? state.membership : null;
}

/** @returns null when this device has nobody to tell, or no right to, or more than one envelope may hold */
export async function sealPresence(room: RoomContext, inside: PresenceInside): Promise<Bytes | null> {
  const { keys, parts, cipher, status } = room;
  const role = membershipIn(room)?.devices[keys.deviceId]?.role;
  if (role === undefined || !mayWriteDocument(role, keys.kind, inside.docId)) return null;
  const envelope = await cipher.sealPresence(status.get().state, encodePresence(inside), parts.random(12));
  return envelope.length > limits.presenceBytes ? null : envelope;
}

/** Checks and opens what came as presence, in the order of SPEC.md [N5]; how old it is, is the caller's to ask. @returns null for whatever does not count */
export async function openPresence(room: RoomContext, bytes: Bytes): Promise<Presence | null> {
  const { keys, cipher } = room;
  const parsed = parseEnvelope(bytes);
  const membership = membershipIn(room);
  if (!parsed.ok || membership === null) return null;
  const { envelope } = parsed;
  const deviceId = toHex(envelope.deviceId);
  const author = membership.devices[deviceId];
  if (envelope.type !== "presence" || toHex(envelope.roomId) !== keys.roomId) return null;
  if (author === undefined || deviceId === keys.deviceId || envelope.epoch !== membership.epoch) return null;
  try {
    const [verifier, id] = await Promise.all([importVerifier(fromBase64Url(author.leaf.sign)), envelopeIdOf(bytes)]);
    if (!(await verify(verifier, envelope.signature, signatureInput(id)))) return null;
    const inside = decodePresence(await cipher.open("presence", envelope, deviceId));
    return mayWriteDocument(author.role, keys.kind, inside.docId) ? { ...inside, deviceId } : null;
  } catch {
    // A comfort and no record: unlike an update it is not kept to be tried again, and nobody misses it.
    return null;
  }
}
