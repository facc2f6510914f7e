import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Bytes } from "../../sync-server/protocol/bytes.ts";
import { createMemoryStorage } from "../../sync-server/storage/memory.ts";
import { outerBytes, withOuterKeys } from "../../sync-server/storage/outer-keys.ts";
import { openSqliteStorage } from "../../sync-server/storage/sqlite.ts";
import type { NewEnvelope } from "../../sync-server/storage/storage.ts";
import { randomBytes, randomId } from "../support/envelopes.ts";
import { relayStorageContract, testMembership } from "./relay-storage.ts";

const folder = mkdtempSync(join(tmpdir(), "relay-outer-"));
let files = 0;
const newPath = () => join(folder, `${++files}.sqlite`);
const bounds = { maxBytes: 1_000_000, maxEnvelopes: 100 };

afterAll(() => rmSync(folder, { recursive: true }));

describe("memory under outer keys", () => relayStorageContract(async () => withOuterKeys(createMemoryStorage(), randomBytes), outerBytes));
describe("sqlite under outer keys", () => relayStorageContract(async () => withOuterKeys(openSqliteStorage(newPath()), randomBytes), outerBytes));

const [roomId, deviceId] = [randomId(), randomId()];
const envelope = (seq: number, bytes: Bytes): NewEnvelope => ({ seq, deviceId, ctr: seq, envelopeId: randomId() + randomId(), bytes, acc: randomBytes(32) });

test("what lies in the file is not the envelope, and no two seals of the same bytes are alike", async () => {
  const path = newPath();
  const storage = withOuterKeys(openSqliteStorage(path), randomBytes);
  const bytes = randomBytes(200);
  await storage.write(async (tx) => {
    await tx.insertRoom(roomId, testMembership());
    await tx.appendEnvelopes(roomId, [envelope(1, bytes), envelope(2, bytes)]);
  });
  expect((await storage.log(roomId, 0, bounds))?.page).toEqual([{ seq: 1, bytes }, { seq: 2, bytes }]);
  await storage.close();
  expect(readFileSync(path).includes(Buffer.from(bytes.subarray(0, 32)))).toBe(false);
  const bare = openSqliteStorage(path);
  const [first, second] = (await bare.log(roomId, 0, bounds))!.page as { bytes: Bytes }[];
  expect(first!.bytes).toHaveLength(200 + outerBytes);
  expect(first!.bytes.subarray(1, 40)).not.toEqual(second!.bytes.subarray(1, 40));
  await bare.close();
});

test("an envelope from before there were outer keys is read as it is, beside those that are sealed", async () => {
  const bare = createMemoryStorage();
  const before = Uint8Array.of(0x41, 0x44, 0x52, ...randomBytes(90));
  const after = randomBytes(80);
  await bare.write(async (tx) => {
    await tx.insertRoom(roomId, testMembership());
    await tx.appendEnvelopes(roomId, [envelope(1, before)]);
  });
  const storage = withOuterKeys(bare, randomBytes);
  await storage.write(async (tx) => {
    await tx.appendEnvelopes(roomId, [envelope(2, after)]);
    expect(await tx.bytesAt(roomId, { deviceId, ctr: 1 })).toEqual(before);
  });
  expect((await storage.log(roomId, 0, bounds))?.page).toEqual([{ seq: 1, bytes: before }, { seq: 2, bytes: after }]);
});

test("a seal opens only in its own place, and only under its room's key", async () => {
  const bare = createMemoryStorage();
  const storage = withOuterKeys(bare, randomBytes);
  const other = randomId();
  await storage.write(async (tx) => {
    await tx.insertRoom(roomId, testMembership());
    await tx.appendEnvelopes(roomId, [envelope(1, randomBytes(80))]);
  });
  const [sealed] = (await bare.log(roomId, 0, bounds))!.page as { bytes: Bytes }[];
  await bare.write(async (tx) => {
    await tx.insertRoom(other, testMembership());
    await tx.insertOuterKey(other, (await tx.outerKey(roomId))!);
    await tx.appendEnvelopes(other, [envelope(1, sealed!.bytes)]);
    await tx.appendEnvelopes(roomId, [envelope(2, sealed!.bytes)]);
  });
  await expect(storage.log(other, 0, bounds)).rejects.toThrow("outer key");
  await expect(storage.log(roomId, 1, bounds)).rejects.toThrow("outer key");
  await expect(storage.write((tx) => tx.bytesAt(roomId, { deviceId, ctr: 2 }))).rejects.toThrow("outer key");
  expect((await storage.log(roomId, 0, { ...bounds, maxEnvelopes: 1 }))?.page).toHaveLength(1);
});

test("a room that another process shredded and wrote to again is read under its new key", async () => {
  const bare = createMemoryStorage();
  const [one, another] = [withOuterKeys(bare, randomBytes), withOuterKeys(bare, randomBytes)];
  const bytes = randomBytes(80);
  await one.write(async (tx) => {
    await tx.insertRoom(roomId, testMembership());
    await tx.appendEnvelopes(roomId, [envelope(1, randomBytes(80))]);
  });
  expect((await another.log(roomId, 0, bounds))?.page).toHaveLength(1);
  await one.write(async (tx) => {
    await tx.shredRoom(roomId);
    await tx.appendEnvelopes(roomId, [envelope(2, bytes)]);
  });
  expect((await another.log(roomId, 1, bounds))?.page).toEqual([{ seq: 2, bytes }]);
});
