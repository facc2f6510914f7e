import { describe, expect, test } from "vitest";
import type { LogStore } from "../../src/engine/storage/log-store.ts";
import { type CrashStep, crashing } from "../support/crashing-log-store.ts";
import { createMemoryDisk, type MemoryDisk } from "../support/memory-log-store.ts";
import { logStoreContract } from "./log-store.ts";

const tabsOf = (disk: MemoryDisk) => ({ tabs: [disk.open(), disk.open()] as const, evidence: async () => disk.rows("evidence") });

describe("memory", () => logStoreContract(async () => tabsOf(createMemoryDisk())));

describe("memory of a device that may die", () =>
  logStoreContract(async () => {
    const { tabs: [first, second], evidence } = tabsOf(createMemoryDisk());
    return { tabs: [crashing(first, () => false), crashing(second, () => false)], evidence };
  }));

const save = (store: LogStore, id: string) =>
  store.write(["records", "ownHeads"], async (tx) => {
    const [head] = await Promise.all([tx.ownHead("a"), tx.addRow({ roomId: "a", envelopeId: id, deviceId: "d", bytes: new Uint8Array(1) })]);
    await tx.putOwnHead({ roomId: "a", ctr: (head?.ctr ?? 0) + 1, tip: new Uint8Array(1) });
  });
const saved = (disk: MemoryDisk) => [disk.rows("records").map(({ envelopeId }) => envelopeId), disk.rows("ownHeads").map(({ ctr }) => ctr)];

test("a copy of a disk has what was committed, and goes its own way", async () => {
  const disk = createMemoryDisk();
  await save(disk.open(), "1");
  const saving = save(disk.open(), "2");
  const backup = disk.clone();
  await saving;
  await save(backup.open(), "3");
  expect(saved(disk)).toEqual([["1", "2"], [2]]);
  expect(saved(backup)).toEqual([["1", "3"], [2]]);
  await expect(save(backup.open(), "1")).rejects.toThrow();
});

test("nothing on it waits for more than microtasks", async () => {
  const disk = createMemoryDisk();
  let isOver = false;
  void Promise.all([save(disk.open(), "1"), save(disk.open(), "2"), disk.open().read(["records"], (tx) => tx.newestLocal())]).then(() => (isOver = true));
  for (let turns = 0; turns < 100; turns++) await Promise.resolve();
  expect(isOver).toBe(true);
});

test("a transaction that waits for what is not the disk is refused, as IndexedDB would have committed it", async () => {
  const disk = createMemoryDisk();
  const saving = disk.open().write(["records"], async (tx) => {
    await tx.addRow({ roomId: "a", envelopeId: "1", deviceId: "d", bytes: new Uint8Array(1) });
    await crypto.subtle.digest("SHA-256", new Uint8Array(1));
  });
  await expect(saving).rejects.toThrow("not the disk");
  expect(saved(disk)).toEqual([[], []]);
});

test("a transaction that is over answers nothing more", async () => {
  const store = createMemoryDisk().open();
  const kept = await store.read(["records"], async (tx) => tx);
  await expect(kept.newestLocal()).rejects.toThrow("ended");
});

/** Lets everything that waits for microtasks alone go on as far as it can. */
const turn = () => crypto.subtle.digest("SHA-256", new Uint8Array(1));

const heardOf = (asked: Promise<unknown>[]) => {
  const heard: unknown[] = [];
  for (const one of asked) void one.then(() => heard.push("done"), (error: unknown) => heard.push(error));
  return heard;
};

test("a device that dies takes with it what waits for its turn", async () => {
  const disk = createMemoryDisk();
  const dying = crashing(disk.open(), (step) => step === "commit");
  const heard = heardOf([save(dying, "1"), save(dying, "2"), dying.read(["records"], (tx) => tx.newestLocal())]);
  await save(disk.open(), "3");
  await turn();
  expect(heard).toEqual([]);
  expect(saved(disk)).toEqual([["3"], [1]]);
});

test("a device that dies at any step of a saving has either all of it or nothing, hears no more, and holds nobody up", async () => {
  const all: CrashStep[] = [];
  await save(crashing(createMemoryDisk().open(), (step) => all.push(step) === 0), "1");
  expect(all).toEqual(["begin", "ownHead", "addRow", "putOwnHead", "commit", "committed"]);
  for (const [last, step] of all.entries()) {
    const disk = createMemoryDisk();
    let steps = 0;
    const dying = crashing(disk.open(), () => steps++ === last);
    const heard = heardOf([save(dying, "1")]);
    await save(disk.open(), "2");
    const heardLater = heardOf([dying.read(["records"], (tx) => tx.newestLocal())]);
    await turn();
    expect([step, heard, heardLater]).toEqual([step, [], []]);
    expect([step, ...saved(disk)]).toEqual(step === "committed" ? [step, ["1", "2"], [2]] : [step, ["2"], [1]]);
  }
});
