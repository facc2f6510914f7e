import { describe, expect, test } from "vitest";
import { createMemoryStorage } from "../../sync-server/storage/memory.ts";
import { relayStorageContract } from "./relay-storage.ts";

describe("memory", () => relayStorageContract(async () => createMemoryStorage()));

test("a backup of a storage in memory keeps what was committed then, and goes its own way after that", async () => {
  const storage = createMemoryStorage();
  await storage.write((tx) => tx.insertCode("before", 0));
  const backup = storage.copy();
  await storage.write((tx) => tx.insertCode("after", 0));
  await backup.write((tx) => tx.useCode("before", "in the backup"));
  expect(await backup.write((tx) => tx.lockCode("before"))).toEqual({ usedBy: "in the backup" });
  expect(await backup.write((tx) => tx.lockCode("after"))).toBeNull();
  expect(await storage.write((tx) => tx.lockCode("before"))).toEqual({ usedBy: null });
});
