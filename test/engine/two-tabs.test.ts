import { afterEach, expect, test } from "vitest";
import { documentId, indexDocId } from "../../src/engine/log/rights.ts";
import { generateLeaf } from "../../src/engine/keys/keyring.ts";
import { openTabChannel } from "../../src/engine/platform/tab-channel.ts";
import type { Room, Space } from "../../src/engine/space.ts";
import { createDevice, foundService, type TestDevice, testServiceId } from "../support/device.ts";
import { createMemoryProfile, openMemoryTab } from "../support/memory-device.ts";
import { createTestRelay } from "../support/test-relay.ts";
import { createManualClock } from "./manual-clock.ts";

const caseDocId = documentId("case", "ca".repeat(16));
/** Enough savings for a room to take its snapshots on. */
const aCheckpoint = 64;

const tabs: TestDevice[] = [];
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  for (const { space } of tabs.splice(0)) await space.close();
});
const kept = async (opening: Promise<TestDevice>) => {
  const tab = await opening;
  tabs.push(tab);
  return tab;
};

const roomOf = (tab: TestDevice): Room => tab.space.rooms.get()[0]!;
const notesOf = async (tab: TestDevice, docId: string) => (await roomOf(tab).open(docId)).getMap("notes").toJSON();
const checkpointOn = async (tab: TestDevice) => (await tab.database.checkpoints.get(testServiceId))?.throughLocal ?? 0;

/** One tab with a room that has snapshots, and what is to be found in its two documents. */
async function firstTab() {
  const relay = createTestRelay();
  const tab = await kept(createDevice(relay.port));
  await foundService(relay, tab);
  relay.down = true;
  const saved: Record<string, Record<string, string>> = { [indexDocId]: {}, [caseDocId]: {} };
  const save = async (by: TestDevice, name: string, count: number) => {
    for (let i = 0; i < count; i++) {
      for (const [docId, notes] of Object.entries(saved)) notes[`${name} ${i}`] = docId;
      await roomOf(by).edit(Object.keys(saved), (...docs) => docs.forEach((doc, at) => doc.getMap("notes").set(`${name} ${i}`, Object.keys(saved)[at])));
    }
  };
  const expectAll = async (by: TestDevice) => {
    for (const [docId, notes] of Object.entries(saved)) expect(await notesOf(by, docId)).toEqual(notes);
  };
  await save(tab, "before", aCheckpoint);
  expect(await checkpointOn(tab)).toBeGreaterThan(0);
  return { relay, tab, save, expectAll };
}

test("[P5] a tab that read ahead misses nothing when another takes its snapshots on and folds its outbox before it is open", async () => {
  const { relay, tab, save, expectAll } = await firstTab();
  await save(tab, "in no snapshot yet", 3);
  const waiting = await tab.nextTab();
  const checkpoint = await checkpointOn(tab);
  await save(tab, "meanwhile", aCheckpoint);
  expect(await checkpointOn(tab)).toBeGreaterThan(checkpoint);
  const rows = await tab.database.records.count();
  relay.down = false;
  await tab.space.sync.settle();
  relay.down = true;
  expect(await tab.database.records.count()).toBeLessThan(rows);

  const second = await kept(waiting.open());
  await expectAll(second);
  // Nor do the snapshots that it takes in its turn.
  await save(second, "after", aCheckpoint);
  await expectAll(await kept((await second.nextTab()).open()));
});

test("[P5] a tab that read ahead misses nothing when the disk fails under its first opening", async () => {
  const { tab, save, expectAll } = await firstTab();
  const waiting = await tab.nextTab();
  const second = await kept(waiting.open());
  await save(tab, "meanwhile", aCheckpoint);
  const { transaction } = second.database;
  second.database.transaction = (() => Promise.reject(new Error("the disk is away"))) as never;
  await expect(roomOf(second).open(indexDocId)).rejects.toThrow("the disk is away");
  second.database.transaction = transaction;
  await expectAll(second);
});

test("what is saved in another tab while this one opens is counted here too", async () => {
  const { tab, save } = await firstTab();
  const waiting = await tab.nextTab();
  await save(tab, "meanwhile", 2);
  const second = await kept(waiting.open());
  await expect.poll(() => second.space.status.get().unsent).toBe(aCheckpoint + 2);
});

test("what another tab saved and told nobody of is found here in a while", async () => {
  const { relay, tab, save } = await firstTab();
  relay.down = false;
  await tab.space.sync.settle();
  relay.down = true;
  tab.space.sync.close();
  const clock = createManualClock();
  const second = await kept((await tab.nextTab()).open(clock));
  await clock.turn();
  await save(tab, "untold", 1);
  clock.pass(5 * 60_000);
  await expect.poll(() => second.space.status.get().unsent).toBe(1);
});

test("what was read ahead and not asked for is let go when the first screens have had their time", async () => {
  const { tab, save } = await firstTab();
  const clock = createManualClock();
  const waiting = await tab.nextTab();
  await kept(waiting.open(clock));
  await save(tab, "meanwhile", aCheckpoint);
  clock.pass(60_000);
  const onDisk = await tab.database.snapshots.get([testServiceId, indexDocId]);
  expect(await waiting.ahead.snapshots.snapshotOf({ roomId: testServiceId, docId: indexDocId })).toMatchObject({ row: onDisk });
});

test("a room that one tab joins is in the other too, with the same keys, also where both join it at once", async () => {
  const relay = createTestRelay();
  const founder = await kept(createDevice(relay.port));
  const founded = await foundService(relay, founder);
  const profile = await createMemoryProfile();
  const open = async () => {
    const { space } = await openMemoryTab(profile, relay.port, { tabs: openTabChannel("two-tabs") });
    closing.push(() => space.close());
    return space;
  };
  const [first, second] = [await open(), await open()];
  const join = async (space: Space, roomId: string) =>
    space.joinRoom({ roomId, kind: "service", label: "", role: "consultant", memberId: "b0".repeat(16), genesis: founded.genesis }, await generateLeaf());
  const [one, other] = await Promise.all([join(first, testServiceId), join(second, testServiceId)]);
  expect(one.deviceId).toBe(other.deviceId);
  const third = await join(first, "0a".repeat(16));
  await expect.poll(() => second.rooms.get().map(({ deviceId }) => deviceId)).toEqual([third.deviceId, one.deviceId]);
  await founder.space.addMember(testServiceId, one.ownMember, "Bo");
  await Promise.all([first.sync.settle(), second.sync.settle()]);
  await one.edit([indexDocId], (doc) => doc.getMap("notes").set("a", "by the first"));
  await expect.poll(async () => (await other.open(indexDocId)).getMap("notes").toJSON()).toEqual({ a: "by the first" });
});
