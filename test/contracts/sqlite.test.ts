import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, describe, expect, test } from "vitest";
import { openSqliteStorage, SchemaTooNewError } from "../../sync-server/storage/sqlite.ts";
import { randomBytes, randomId } from "../support/envelopes.ts";
import { relayStorageContract } from "./relay-storage.ts";

const folder = mkdtempSync(join(tmpdir(), "relay-storage-"));
let files = 0;
const newPath = () => join(folder, `${++files}.sqlite`);

afterAll(() => rmSync(folder, { recursive: true }));

describe("sqlite", () => relayStorageContract(async () => openSqliteStorage(newPath())));

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
    expect(file.pragma("user_version", { simple: true })).toBe(1);
    file.close();
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
