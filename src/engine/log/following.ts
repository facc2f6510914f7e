import { toBase64Url } from "#protocol/bytes.ts";
import type { MemberDevice } from "#protocol/control.ts";
import type { Membership } from "#protocol/membership.ts";
import { parseEnvelope } from "#protocol/record.ts";
import { deviceIdOf } from "../keys/keyring.ts";
import type { OfferedRoom } from "./control-words.ts";
import { readControls } from "./control-rows.ts";
import { readTold, readWords, type RoomMember } from "./members.ts";
import { byLogOrder } from "./reader.ts";
import { isHeartbeat } from "./record-rows.ts";
import { decodeHeartbeat } from "./record.ts";
import type { RoomContext } from "./room-context.ts";

/** What a member's device would be known by in a room that follows this one. SPEC.md [O2]. */
export type Following = { by: RoomMember; roomId: string } & Pick<MemberDevice, "memberId" | "deviceId" | "leaf">;

/** The rooms that follow this one, as its consultants have told, each once and the oldest offer first; and what was answered to that. SPEC.md [O1], [O2]. */
export type Followed = { offers: readonly OfferedRoom[]; answers: readonly Following[] };

export async function readFollowing(room: RoomContext): Promise<Followed> {
  const { membership } = room.status.get().state;
  const records = membership === null ? [] : await readControls(room, membership.controlHead);
  const told = records.filter(({ body }) => body.action === "offer").reverse();
  const words = await Promise.all(told.map((record) => readWords(room, record)));
  const byId = new Map(words.flatMap(({ rooms = [] }) => rooms).map((offered) => [offered.roomId, offered]));
  if (membership === null || byId.size === 0) return { offers: [], answers: [] };
  const answers = await listAnswers(room, membership, new Set(byId.keys()), Math.min(...told.map(({ local }) => local)));
  return { offers: Array.from(byId.values()), answers };
}

/**
 * What the devices that are in the room have answered; of each device and room the newest. The answers lie in heartbeats, which their authors have signed.
 * @param afterLocal the row of the oldest offer
 */
async function listAnswers(room: RoomContext, membership: Membership, offered: ReadonlySet<string>, afterLocal: number): Promise<Following[]> {
  const rows = await room.parts.store.read(["records"], (tx) => tx.rowsAfter(room.keys.roomId, afterLocal));
  const describe = await readTold(room);
  const found = new Map<string, Following>();
  for (const { bytes, deviceId: authorId } of rows.filter((row) => isHeartbeat(row) && row.seq !== undefined).toSorted(byLogOrder)) {
    const [author, parsed] = [membership.devices[authorId], parseEnvelope(bytes)];
    if (author === undefined || !parsed.ok) continue;
    const inside = await room.cipher.open("heartbeat", parsed.envelope, authorId).then(decodeHeartbeat, () => null);
    for (const { roomId, memberId, sign, kem } of inside?.answers ?? []) {
      if (!offered.has(roomId)) continue;
      const leaf = { sign: toBase64Url(sign), kem: toBase64Url(kem) };
      found.set(`${authorId} ${roomId}`, { by: describe(authorId, author), roomId, memberId, deviceId: await deviceIdOf(sign, kem), leaf });
    }
  }
  return Array.from(found.values());
}
