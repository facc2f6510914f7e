import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, describe, expect, test } from "vitest";
import { issueEnrolmentCode } from "../../sync-server/enrolment.ts";
import { createRelay, type Relay } from "../../sync-server/relay.ts";
import type { RelayStorage } from "../../sync-server/storage/storage.ts";
import { openSqliteStorage, SchemaTooNewError } from "../../sync-server/storage/sqlite.ts";
import { randomBytes, randomId, seen } from "../support/envelopes.ts";
import { createTestRoom, openTestSession, valueOf } from "../support/relay-world.ts";
import { relayStorageContract } from "./relay-storage.ts";

const folder = mkdtempSync(join(tmpdir(), "relay-storage-"));
let files = 0;
const chance = { clock: Date.now, randomBytes };
const newPath = () => join(folder, `${++files}.sqlite`);

afterAll(() => rmSync(folder, { recursive: true }));

describe("sqlite", () => relayStorageContract(async () => openSqliteStorage(newPath())));

function relayOn(path: string): [Relay, RelayStorage] {
  const storage = openSqliteStorage(path);
  return [createRelay({ storage, clock: Date.now, randomBytes }), storage];
}

describe("sqlite files", () => {
  test("what was committed is there for the next process, and in the file before it is closed", async () => {
    const path = newPath();
    const first = openSqliteStorage(path);
    const inviteId = randomId();
    const marker = randomBytes(64);
    await first.write((tx) =>
      tx.insertInvite({ inviteId, roomId: randomId(), deviceId: randomId(), expiresAt: 1, claim: null, slots: { offer: marker } }),
    );
    expect(readFileSync(`${path}-wal`).includes(Buffer.from(marker))).toBe(true);
    const second = openSqliteStorage(path);
    expect((await second.invite(inviteId))?.slots.offer).toEqual(marker);
    await first.close();
    await second.close();
    const third = openSqliteStorage(path);
    expect((await third.invite(inviteId))?.slots.offer).toEqual(marker);
    await third.close();
  });

  test("the file is in WAL mode and says which schema it has", async () => {
    const path = newPath();
    const storage = openSqliteStorage(path);
    await storage.close();
    const file = new Database(path);
    expect(file.pragma("journal_mode", { simple: true })).toBe("wal");
    expect(file.pragma("user_version", { simple: true })).toBe(2);
    file.close();
  });

  test("[L2] a file from before the accumulators is given them, each room from its own start", async () => {
    const path = newPath();
    const [relay, storage] = relayOn(path);
    const rooms = [await createTestRoom(relay, await issueEnrolmentCode(storage, chance)), await createTestRoom(relay, await issueEnrolmentCode(storage, chance))];
    const envelopes = await Promise.all(rooms.map(({ author }) => author.update()));
    for (const [index, { roomId, author }] of rooms.entries()) {
      const session = await openTestSession(relay, { roomId, device: author.device });
      valueOf(await relay.push(session, roomId, [envelopes[index]!]));
    }
    await relay.close();
    await storage.close();
    const older = new Database(path);
    older.exec("ALTER TABLE envelopes DROP COLUMN acc");
    older.pragma("user_version = 1");
    older.close();
    const [again, migrated] = relayOn(path);
    for (const [index, { roomId, genesis, author }] of rooms.entries()) {
      const log = [{ bytes: genesis }, { bytes: envelopes[index]! }];
      const now = await seen(roomId, log);
      expect(await migrated.write((tx) => tx.accsAt(roomId, [1, 2]))).toEqual(
        new Map([[1, (await seen(roomId, log.slice(0, 1))).seenAcc], [2, now.seenAcc]]),
      );
      const session = await openTestSession(again, { roomId, device: author.device });
      expect(valueOf(await again.push(session, roomId, [await author.update(now)])).seqs).toEqual([3]);
    }
    await again.close();
    await migrated.close();
  });

  test("a file of a newer version is refused and left as it is", async () => {
    const path = newPath();
    await openSqliteStorage(path).close();
    const newer = new Database(path);
    newer.pragma("user_version = 99");
    newer.close();
    expect(() => openSqliteStorage(path)).toThrow(SchemaTooNewError);
    const after = new Database(path);
    expect(after.pragma("user_version", { simple: true })).toBe(99);
    after.close();
  });
});
