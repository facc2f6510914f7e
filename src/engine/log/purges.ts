import { knownDevice } from "#protocol/membership.ts";
import { readControls } from "./control-rows.ts";
import { readTold, readWords, type RoomMember } from "./members.ts";
import type { RoomContext } from "./room-context.ts";

/** Something that was destroyed for good, as the log of its room tells it. SPEC.md [Z3]. */
export type RoomPurge = {
  /** 34 hexadecimal digits. */
  docId: string;
  /** What was written in the document up to this number is gone. */
  through: number;
  /** The asker's signature: which of several askings it answers. */
  signature: string;
  author: RoomMember;
  asker: RoomMember;
  /** By the author's clock, in ms since 1970; null while the record does not open. */
  at: number | null;
  reason: string | null;
  /** The devices of the room that have not shown yet that they have read so far: until then the bytes may be on their disks. */
  behind: readonly RoomMember[];
};

/** The newest first. */
export async function listPurges(room: RoomContext): Promise<RoomPurge[]> {
  const { membership, seen, seq: readHere } = room.status.get().state;
  if (membership === null) return [];
  const records = (await readControls(room, membership.controlHead)).flatMap((record) => (record.body.action === "purge" ? [{ ...record, body: record.body }] : []));
  if (records.length === 0) return [];
  const describe = await readTold(room);
  const unknown = { memberId: "", role: "consultant" as const };
  const memberOf = (deviceId: string) => describe(deviceId, knownDevice(membership, deviceId) ?? unknown);
  const readBy = (deviceId: string) => (deviceId === room.keys.deviceId ? readHere : (seen.devices[deviceId]?.seenSeq ?? 0));
  return Promise.all(
    records.map(async (record) => {
      const { authorId, body, seq = 0 } = record;
      const { at = null, reason = null } = await readWords(room, record);
      const isBehind = (deviceId: string) => deviceId !== authorId && readBy(deviceId) < seq;
      // The recovery device is a piece of paper: it has no disk.
      const behind = Object.entries(membership.devices).filter(([deviceId, { role }]) => role !== "recovery" && isBehind(deviceId));
      return {
        docId: body.docId,
        through: body.through,
        signature: body.ask.signature,
        author: memberOf(authorId),
        asker: memberOf(body.ask.deviceId),
        at,
        reason,
        behind: behind.map(([deviceId]) => memberOf(deviceId)),
      };
    }),
  );
}
