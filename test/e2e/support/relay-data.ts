import { join } from "node:path";
import Database from "better-sqlite3";
import { fromHex } from "../../../sync-server/protocol/bytes.ts";
import { withOuterKeys } from "../../../sync-server/storage/outer-keys.ts";
import { openSqliteStorage } from "../../../sync-server/storage/sqlite.ts";
import { randomBytes } from "../../support/envelopes.ts";

/** Which byte of an envelope is the version of its format: the one behind the three letters of the magic. SPEC.md §2. */
const versionByte = 3;

/**
 * Writes another format version into the last envelope of every room, as if a colleague's newer app had made it. Only while the relay is stopped.
 * @returns how many envelopes were changed
 */
export async function setLastVersion(dataDir: string, version: number): Promise<number> {
  const path = join(dataDir, "relay.sqlite");
  const last = await readLast(path);
  const database = new Database(path);
  // Put back without the relay's own seal: what begins as an envelope is read as one.
  const update = database.prepare("UPDATE envelopes SET bytes = ? WHERE seq = ? AND room = (SELECT room FROM rooms WHERE room_id = ?)");
  for (const { roomId, seq, bytes } of last) {
    bytes[versionByte] = version;
    update.run(bytes, seq, fromHex(roomId));
  }
  database.close();
  return last.length;
}

/** How far each room's log has come, by room. The relay may be running. */
export function readHeads(dataDir: string): Map<string, number> {
  return new Map(readRooms(join(dataDir, "relay.sqlite")).map(({ room_id: id, head_seq: seq }) => [id.toString("hex"), seq]));
}

function readRooms(path: string): { room_id: Buffer; head_seq: number }[] {
  const database = new Database(path, { readonly: true });
  const rooms = database.prepare<[], { room_id: Buffer; head_seq: number }>("SELECT room_id, head_seq FROM rooms").all();
  database.close();
  return rooms;
}

async function readLast(path: string) {
  const rooms = readRooms(path);
  const storage = withOuterKeys(openSqliteStorage(path), randomBytes);
  const last = [];
  for (const { room_id: id, head_seq: seq } of rooms) {
    const roomId = id.toString("hex");
    const entry = (await storage.log(roomId, seq - 1, { maxBytes: 1, maxEnvelopes: 1 }))?.page[0];
    if (entry !== undefined && "bytes" in entry) last.push({ roomId, seq, bytes: entry.bytes });
  }
  await storage.close();
  return last;
}
