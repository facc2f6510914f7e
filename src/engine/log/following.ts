import { toBase64Url } from "#protocol/bytes.ts";
import type { MemberDevice } from "#protocol/control.ts";
import { parseEnvelope } from "#protocol/record.ts";
import { deviceIdOf } from "../keys/keyring.ts";
import type { OfferedRoom } from "./control-words.ts";
import { readControls } from "./control-rows.ts";
import { readTold, readWords, type RoomMember } from "./members.ts";
import { isHeartbeat } from "./record-rows.ts";
import { decodeHeartbeat } from "./record.ts";
import type { RoomContext } from "./room-context.ts";

/** The rooms that follow this one, as its consultants have told; `afterLocal` is the row of the oldest offer. SPEC.md [O1]. */
export type Offers = { rooms: readonly OfferedRoom[]; afterLocal: number };

/** What a member's device would be known by in a room that follows this one. SPEC.md [O2]. */
export type Following = { by: RoomMember; roomId: string } & Pick<MemberDevice, "memberId" | "deviceId" | "leaf">;

/** Each room once, the oldest offer first. */
export async function listOffers(room: RoomContext): Promise<Offers> {
  const { membership } = room.status.get().state;
  const records = membership === null ? [] : await readControls(room, membership.controlHead);
  const offers = records.filter(({ body }) => body.action === "offer").reverse();
  const words = await Promise.all(offers.map((record) => readWords(room, record)));
  const byId = new Map(words.flatMap(({ rooms = [] }) => rooms).map((offered) => [offered.roomId, offered]));
  return { rooms: Array.from(byId.values()), afterLocal: Math.min(...offers.map(({ local }) => local)) };
}

/** What the devices that are in the room have answered; of each device and room the newest. The answers lie in heartbeats, which their authors have signed. SPEC.md [O2]. */
export async function listAnswers(room: RoomContext, { rooms, afterLocal }: Offers): Promise<Following[]> {
  const { membership } = room.status.get().state;
  if (membership === null || rooms.length === 0) return [];
  const offered = new Set(rooms.map(({ roomId }) => roomId));
  const rows = await room.parts.store.read(["records"], (tx) => tx.rowsAfter(room.keys.roomId, afterLocal));
  const describe = await readTold(room);
  const found = new Map<string, Following>();
  for (const { bytes, deviceId: authorId, seq } of rows.filter((row) => isHeartbeat(row) && row.seq !== undefined).toSorted((a, b) => (a.seq ?? 0) - (b.seq ?? 0))) {
    const [author, parsed] = [membership.devices[authorId], parseEnvelope(bytes)];
    if (author === undefined || !parsed.ok || seq === undefined) continue;
    const inside = await room.cipher.open("heartbeat", parsed.envelope, authorId).then(decodeHeartbeat, () => null);
    for (const { roomId, memberId, sign, kem } of inside?.answers ?? []) {
      if (!offered.has(roomId)) continue;
      const leaf = { sign: toBase64Url(sign), kem: toBase64Url(kem) };
      found.set(`${authorId} ${roomId}`, { by: describe(authorId, author), roomId, memberId, deviceId: await deviceIdOf(sign, kem), leaf });
    }
  }
  return Array.from(found.values());
}
