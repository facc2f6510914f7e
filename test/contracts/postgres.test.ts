import { Client } from "pg";
import { describe, expect, test } from "vitest";
import type { Bytes } from "../../sync-server/protocol/bytes.ts";
import { outerBytes, withOuterKeys } from "../../sync-server/storage/outer-keys.ts";
import { openPostgresStorage } from "../../sync-server/storage/postgres.ts";
import { SchemaTooNewError } from "../../sync-server/storage/schema-version.ts";
import type { RelayStorage } from "../../sync-server/storage/storage.ts";
import { randomBytes, randomId } from "../support/envelopes.ts";
import { createDatabase, startPostgresServer } from "../support/postgres-server.ts";
import { emptyTestDatabase, newTestDatabase } from "../support/test-database.ts";
import { relayStorageContract, testMembership } from "./relay-storage.ts";

const bounds = { maxBytes: 1_000_000, maxEnvelopes: 1000 };
const openOn = async (url: string) => (await openPostgresStorage(url, { processId: randomId() })).storage;
const openNew = async () => openOn(await emptyTestDatabase());

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe("postgres", () => relayStorageContract(openNew));
describe("postgres under outer keys", () => relayStorageContract(async () => withOuterKeys(await openNew(), randomBytes), outerBytes));

describe("several processes on one database", () => {
  /** Draws the room's next number and stores an envelope under it. */
  const draw = (storage: RelayStorage, roomId: string, deviceId: string, ctr: number) =>
    storage.write(async (tx) => {
      const room = await tx.lockRoom(roomId);
      if (room === null) throw new Error("no room");
      const seq = room.headSeq + 1;
      await tx.appendEnvelopes(roomId, [{ seq, deviceId, ctr, envelopeId: randomId() + randomId(), bytes: randomBytes(60), acc: randomBytes(32) }]);
      return seq;
    });

  test("[L1] writers of two processes draw numbers at once, without a hole and none twice", async () => {
    const url = await newTestDatabase();
    const [one, other] = await Promise.all([openOn(url), openOn(url)]);
    const roomId = randomId();
    await one.write((tx) => tx.insertRoom(roomId, testMembership()));
    const devices = [randomId(), randomId()];
    const drawn = await Promise.all(
      Array.from({ length: 100 }, (_, index) => draw(index % 2 === 0 ? one : other, roomId, devices[index % 2]!, index + 1)),
    );
    expect(drawn.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    expect((await other.log(roomId, 0, bounds))?.page.map(({ seq }) => seq)).toEqual(drawn.toSorted((a, b) => a - b));
    await Promise.all([one.close(), other.close()]);
  });

  test("[R1] what a lock was waited for is seen: the membership that its last holder wrote", async () => {
    const url = await newTestDatabase();
    const [one, other] = await Promise.all([openOn(url), openOn(url)]);
    const roomId = randomId();
    await one.write((tx) => tx.insertRoom(roomId, testMembership()));
    const moved = testMembership("33".repeat(32));
    const isLocked = Promise.withResolvers<void>();
    const isAsked = Promise.withResolvers<void>();
    const first = one.write(async (tx) => {
      await tx.lockRoom(roomId);
      isLocked.resolve();
      await isAsked.promise;
      await tx.setMembership(roomId, moved);
    });
    await isLocked.promise;
    const second = other.write((tx) => tx.lockRoom(roomId));
    const waits = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    await expect.poll(() => ask(url, waits)).toHaveLength(1);
    isAsked.resolve();
    await first;
    expect((await second)?.membership).toEqual(moved);
    await Promise.all([one.close(), other.close()]);
  });

  test("[I1] the slots of an invitation are seen as its last holder left them", async () => {
    const url = await newTestDatabase();
    const [one, other] = await Promise.all([openOn(url), openOn(url)]);
    const inviteId = randomId();
    await one.write((tx) => tx.insertInvite({ inviteId, roomId: randomId(), deviceId: randomId(), expiresAt: 9, claim: null, slots: { offer: Uint8Array.of(1) } }));
    const isLocked = Promise.withResolvers<void>();
    const isAsked = Promise.withResolvers<void>();
    const first = one.write(async (tx) => {
      await tx.lockInvite(inviteId);
      isLocked.resolve();
      await isAsked.promise;
      await tx.writeInviteSlot(inviteId, "commit", Uint8Array.of(2), randomId());
    });
    await isLocked.promise;
    const second = other.write((tx) => tx.lockInvite(inviteId));
    const waits = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    await expect.poll(() => ask(url, waits)).toHaveLength(1);
    isAsked.resolve();
    await first;
    expect((await second)?.slots).toEqual({ offer: Uint8Array.of(1), commit: Uint8Array.of(2) });
    await Promise.all([one.close(), other.close()]);
  });

  test("processes that start at once make the tables once, and one of a newer schema is refused", async () => {
    const url = await newTestDatabase();
    const opened = await Promise.all([openOn(url), openOn(url), openOn(url)]);
    await Promise.all(opened.map((storage) => storage.close()));
    expect(await ask(url, "SELECT version FROM schema_version")).toEqual([{ version: 1 }]);
    await ask(url, "UPDATE schema_version SET version = 99");
    await expect(openOn(url)).rejects.toThrow(SchemaTooNewError);
    expect(await ask(url, "SELECT version FROM schema_version")).toEqual([{ version: 99 }]);
  });
});

test("while the database is gone everything throws, and when it is back everything works", async () => {
  const server = await startPostgresServer(["fsync=off"]);
  try {
    const storage = await openOn(await createDatabase(server.url));
    const roomId = randomId();
    const bytes: Bytes = randomBytes(50);
    const envelope = { seq: 1, deviceId: randomId(), ctr: 1, envelopeId: randomId() + randomId(), bytes, acc: randomBytes(32) };
    await storage.write((tx) => tx.insertRoom(roomId, testMembership()));
    const isHolding = Promise.withResolvers<void>();
    const isGone = Promise.withResolvers<void>();
    const cut = storage.write(async (tx) => {
      await tx.appendEnvelopes(roomId, [envelope]);
      isHolding.resolve();
      await isGone.promise;
    });
    await isHolding.promise;
    await server.stop();
    isGone.resolve();
    await expect(cut).rejects.toThrow();
    await expect(storage.rooms([roomId])).rejects.toThrow();
    await expect(storage.log(roomId, 0, bounds)).rejects.toThrow();
    await expect(storage.isNew()).rejects.toThrow();
    await expect(storage.write((tx) => tx.lockRoom(roomId))).rejects.toThrow();
    await server.start();
    expect((await storage.log(roomId, 0, bounds))?.page).toEqual([]);
    await storage.write((tx) => tx.appendEnvelopes(roomId, [envelope]));
    expect((await storage.log(roomId, 0, bounds))?.page).toEqual([{ seq: 1, bytes }]);
    await storage.close();
  } finally {
    await server.remove();
  }
});

test("a write that went on after a failed statement does not look as if it were kept", async () => {
  const storage = await openNew();
  const roomId = randomId();
  await storage.write((tx) => tx.insertRoom(roomId, testMembership()));
  const written = storage.write(async (tx) => {
    await tx.insertRoom(roomId, testMembership()).catch(() => undefined);
  });
  await expect(written).rejects.toThrow("rolled back");
  await storage.close();
});
