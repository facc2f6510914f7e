import type { Bytes } from "#protocol/bytes.ts";
import { knownDevice } from "#protocol/membership.ts";
import { readTold, type RoomMember } from "./members.ts";
import { byLogOrder, readRows } from "./reader.ts";
import type { RoomContext } from "./room-context.ts";

/** What one saving put into a document, and whose it is: that is signed, whatever the document says. */
export type Writing = {
  author: RoomMember;
  /** By the author's clock, in ms since 1970; of several savings that went in one envelope, the newest. */
  authoredAt: number;
  /** Yjs, version 2. */
  update: Bytes;
};

/** The savings that wrote in a document, in the order of the log; this device's unsent ones last. What was destroyed or cannot be read is not among them. */
export async function listWritings(room: RoomContext, docId: string): Promise<Writing[]> {
  const { membership } = room.status.get().state;
  const rows = await room.parts.store.read(["records"], (tx) => tx.rowsAfter(room.keys.roomId, 0));
  const describe = await readTold(room);
  const { memberId, role } = room.keys;
  const memberOf = (deviceId: string) => describe(deviceId, knownDevice(membership, deviceId) ?? { memberId, role });
  return (await readRows(room, rows.toSorted(byLogOrder))).flatMap(({ reading }) => {
    if (reading.type !== "update" || reading.carried !== undefined) return [];
    const { author, inside } = reading;
    return inside.items.flatMap((item) => (item.docId === docId ? [{ author: memberOf(author), authoredAt: inside.authoredAt, update: item.update }] : []));
  });
}
