import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { describe, expect, test } from "vitest";
import { StorageFullError } from "../../src/engine/platform/errors.ts";
import { openDatabase } from "../../src/engine/storage/database.ts";
import { createDexieLogStore } from "../../src/engine/storage/dexie-log-store.ts";
import { crashing } from "../support/crashing-log-store.ts";
import { logStoreContract } from "./log-store.ts";

async function openTabs() {
  const indexedDB = new IDBFactory();
  const [first, second] = [openDatabase("device", { indexedDB, IDBKeyRange }), openDatabase("device", { indexedDB, IDBKeyRange })];
  await Promise.all([first.open(), second.open()]);
  return { first, tabs: [createDexieLogStore(first), createDexieLogStore(second)] as const, evidence: () => first.evidence.toArray() };
}

describe("IndexedDB", () => logStoreContract(openTabs));

describe("IndexedDB of a device that may die", () =>
  logStoreContract(async () => {
    const { tabs: [first, second], evidence } = await openTabs();
    return { tabs: [crashing(first, () => false), crashing(second, () => false)], evidence };
  }));

test.each(["addRow", "putOwnHead", "commit"] as const)("[W1] a device that dies at %s leaves nothing of its saving, and holds nobody up", async (last) => {
  const { tabs: [store, second] } = await openTabs();
  const dying = crashing(store, (step) => step === last);
  void dying.write(["records", "ownHeads"], async (tx) => {
    await tx.ownHead("a");
    await tx.addRow({ roomId: "a", envelopeId: "1", deviceId: "d", bytes: new Uint8Array(1) });
    await tx.putOwnHead({ roomId: "a", ctr: 1, tip: new Uint8Array(1) });
  });
  await second.write(["ownHeads"], (tx) => tx.putOwnHead({ roomId: "b", ctr: 1, tip: new Uint8Array(1) }));
  expect(await second.read(["records", "ownHeads"], (tx) => Promise.all([tx.newestLocal(), tx.ownHead("a")]))).toEqual([0, undefined]);
});

test("[W1] a full disk is named, and has nothing of what did not fit", async () => {
  const { first, tabs: [store] } = await openTabs();
  const full = () => {
    throw new DOMException("no room", "QuotaExceededError");
  };
  first.ownHeads.hook("creating", full);
  const saving = store.write(["records", "ownHeads"], async (tx) => {
    await tx.addRow({ roomId: "a", envelopeId: "1", deviceId: "d", bytes: new Uint8Array(1) });
    await tx.putOwnHead({ roomId: "a", ctr: 1, tip: new Uint8Array(1) });
  });
  await expect(saving).rejects.toBeInstanceOf(StorageFullError);
  expect(await store.read(["records"], (tx) => tx.newestLocal())).toBe(0);
});
