import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Which byte of an envelope is the version of its format: the one behind the three letters of the magic. SPEC.md §2. */
const versionByte = 3;

/**
 * Writes another format version into the last envelope of every room, as if a colleague's newer app had made it. Only while the relay is stopped.
 * @returns how many envelopes were changed
 */
export function setLastVersion(dataDir: string, version: number): number {
  const database = new DatabaseSync(join(dataDir, "relay.sqlite"));
  const last = database.prepare("SELECT e.rowid, e.bytes FROM envelopes e JOIN rooms r ON r.room = e.room AND r.head_seq = e.seq").all();
  const update = database.prepare("UPDATE envelopes SET bytes = ? WHERE rowid = ?");
  for (const { rowid, bytes } of last) {
    const changed = Buffer.from(bytes as Uint8Array);
    changed[versionByte] = version;
    update.run(changed, rowid as number);
  }
  database.close();
  return last.length;
}
