import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, describe, expect, test } from "vitest";
import { issueEnrolmentCode } from "../../sync-server/enrolment.ts";
import { createRelay, type Relay } from "../../sync-server/relay.ts";
import type { RelayStorage } from "../../sync-server/storage/storage.ts";
import { SchemaTooNewError } from "../../sync-server/storage/schema-version.ts";
import { openSqliteStorage } from "../../sync-server/storage/sqlite.ts";
import { randomBytes, randomId, seen } from "../support/envelopes.ts";
import { createTestRoom, openTestSession, valueOf } from "../support/relay-world.ts";
import { relayStorageContract, testMembership } from "./relay-storage.ts";

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

/** Takes from a file what came with the third version of the schema. */
function backToSecond(file: Database.Database): void {
  file.exec("DROP TABLE token_rooms; DROP TABLE tokens; DROP TABLE outer_keys; DROP TABLE settings; DROP TABLE recovery_bundles");
  file.exec("ALTER TABLE rooms DROP COLUMN generations; ALTER TABLE rooms DROP COLUMN stored_bytes");
  file.pragma("user_version = 2");
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
    expect(file.pragma("user_version", { simple: true })).toBe(3);
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
    backToSecond(older);
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

  test("a file from before generations and quotas has one generation, and its bytes are counted", async () => {
    const path = newPath();
    const [relay, storage] = relayOn(path);
    const { roomId, author, genesis } = await createTestRoom(relay, await issueEnrolmentCode(storage, chance));
    const session = await openTestSession(relay, { roomId, device: author.device });
    const update = await author.update();
    valueOf(await relay.push(session, roomId, [update]));
    await relay.close();
    await storage.close();
    const older = new Database(path);
    backToSecond(older);
    older.close();
    const migrated = openSqliteStorage(path);
    expect((await migrated.rooms([roomId])).get(roomId)).toMatchObject({
      headSeq: 2,
      logGen: 1,
      generations: [{ logGen: 1, fromSeq: 0 }],
      storedBytes: genesis.length + update.length,
    });
    await migrated.close();
  });

  test("dropped bytes and keys are in no file of the database any more", async () => {
    const path = newPath();
    const storage = openSqliteStorage(path);
    const [roomId, deviceId] = [randomId(), randomId()];
    const [early, late, outerKey] = [randomBytes(6000), randomBytes(100), randomBytes(32)];
    const acc = randomBytes(32);
    await storage.write(async (tx) => {
      await tx.insertRoom(roomId, testMembership());
      await tx.insertOuterKey(roomId, outerKey);
      await tx.appendEnvelopes(roomId, [
        { seq: 1, deviceId, ctr: 1, envelopeId: "01".repeat(32), bytes: early, acc },
        { seq: 2, deviceId, ctr: 2, envelopeId: "02".repeat(32), bytes: late, acc },
      ]);
    });
    const files = () => Buffer.concat([path, `${path}-wal`].map((name) => readFileSync(name)));
    const isThere = (bytes: Uint8Array) => files().includes(Buffer.from(bytes.subarray(0, 32)));
    expect([early, late, outerKey].map(isThere)).toEqual([true, true, true]);
    await storage.write((tx) => tx.dropBytes(roomId, [1]));
    expect([early, late, outerKey].map(isThere)).toEqual([false, true, true]);
    await storage.write((tx) => tx.shredRoom(roomId));
    expect([early, late, outerKey].map(isThere)).toEqual([false, false, false]);
    await storage.close();
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
