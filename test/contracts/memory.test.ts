import { describe } from "vitest";
import { createMemoryStorage } from "../../sync-server/storage/memory.ts";
import { relayStorageContract } from "./relay-storage.ts";

describe("memory", () => relayStorageContract(async () => createMemoryStorage()));
