import { mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DatabaseMovedError, openSqliteInPlace } from "./in-place.ts";
import type { RelayStorage } from "./storage.ts";

let folder: string;
let data: string;
let storage: RelayStorage;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "relay-in-place-"));
  data = join(folder, "data");
  mkdirSync(data);
  storage = openSqliteInPlace(join(data, "relay.sqlite"));
});

afterEach(async () => {
  await storage.close();
  rmSync(folder, { recursive: true });
});

const moveAway = (name = "data") => renameSync(join(folder, name), join(folder, `${name}-away`));
const code = "aa".repeat(32);

test("a write is refused whose database was moved before it, or while it ran", async () => {
  await expect(
    storage.write(async (tx) => {
      await tx.insertCode(code, 0);
      moveAway();
    }),
  ).rejects.toThrow(DatabaseMovedError);
  let ran = false;
  await expect(storage.write(async () => void (ran = true))).rejects.toThrow(DatabaseMovedError);
  expect(ran).toBe(false);
  await expect(storage.isNew()).rejects.toThrow(DatabaseMovedError);
  renameSync(join(folder, "data-away"), data);
  await storage.write((tx) => tx.useCode(code, "bb".repeat(16)));
  expect(await storage.isNew()).toBe(false);
});

test("a journal that is gone is as bad as a database that is", async () => {
  rmSync(join(data, "relay.sqlite-wal"));
  await expect(storage.write((tx) => tx.insertCode(code, 0))).rejects.toThrow(DatabaseMovedError);
});

test("another database in its place is not taken for it", async () => {
  moveAway();
  mkdirSync(data);
  const other = openSqliteInPlace(join(data, "relay.sqlite"));
  await other.write((tx) => tx.insertCode(code, 0));
  await expect(storage.isNew()).rejects.toThrow(DatabaseMovedError);
  await other.close();
});
