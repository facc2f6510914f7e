import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { TestDevice } from "../../test/support/device.ts";
import { StorageFullError } from "../engine/platform/errors.ts";
import { createDraft } from "./create-draft.ts";
import { useEngine } from "./engine-context.tsx";
import { inEngine, makeRoom, unlockedEngine } from "./reactive.test-data.ts";

type Note = { text: string };

const devices: TestDevice[] = [];
let visibilityState: DocumentVisibilityState;

beforeEach(() => {
  visibilityState = "visible";
  vi.stubGlobal("document", Object.defineProperty(new EventTarget(), "visibilityState", { get: () => visibilityState }));
  vi.stubGlobal("window", new EventTarget());
});
afterEach(async () => {
  vi.unstubAllGlobals();
  for (const { space } of devices.splice(0)) await space.close();
});

const asNote = (stored: unknown) => (typeof (stored as Partial<Note>)?.text === "string" ? (stored as Note) : null);

async function unlocked() {
  const world = await unlockedEngine();
  devices.push(world.device);
  const onDisk = async () => asNote(await world.engine.drafts.load("note"))?.text ?? "";
  const openDraft = async () => {
    const { made, dispose } = inEngine(world.engine, () => ({ draft: createDraft<Note>("note", { text: "" }, asNote), context: useEngine() }));
    await expect.poll(() => made.draft.ready()).toBe(true);
    return { ...made, dispose };
  };
  return { ...world, onDisk, openDraft };
}

const fillDisk = ({ database }: TestDevice) => {
  const full = () => {
    throw new DOMException("no room", "QuotaExceededError");
  };
  database.drafts.hook("creating", full);
  return () => database.drafts.hook("creating").unsubscribe(full);
};

test("whoever types without a pause has all but the last second on disk, at every moment", async () => {
  const { clock, onDisk, openDraft } = await unlocked();
  const { draft, dispose } = await openDraft();
  const keyMs = 90;
  const typedAt: number[] = [];
  for (let key = 0; key < 40; key++) {
    draft.set("text", "x".repeat(key + 1));
    typedAt.push(clock.now());
    clock.pass(keyMs);
    const secondOld = typedAt.filter((at) => at <= clock.now() - 1000).length;
    await expect.poll(async () => (await onDisk()).length, { interval: 1 }).toBeGreaterThanOrEqual(secondOld);
  }
  dispose();
});

test("a single key is on disk within a second, and the page is told when", async () => {
  const { clock, onDisk, openDraft } = await unlocked();
  const { draft, dispose } = await openDraft();
  expect(draft.savedAt()).toBeNull();
  clock.pass(5000);
  draft.set("text", "a");
  clock.pass(1000);
  await expect.poll(() => draft.savedAt()).toBeGreaterThan(5000);
  expect(draft.savedAt()).toBeLessThanOrEqual(6000);
  expect(await onDisk()).toBe("a");
  dispose();
});

test("what is put off while it is being sealed is not written meanwhile, and is on disk within a second all the same", async () => {
  const { clock, openDraft } = await unlocked();
  const { draft, dispose } = await openDraft();
  const typedAt = clock.now();
  draft.set("text", "a");
  clock.pass(300);
  draft.postpone();
  clock.pass(300);
  expect(draft.savedAt()).toBeNull();
  clock.pass(300);
  await expect.poll(() => draft.savedAt()).toBeGreaterThanOrEqual(typedAt + 700);
  expect(draft.savedAt()).toBeLessThanOrEqual(typedAt + 1000);
  dispose();
});

test("what is forgotten is not written any more, and goes from the disk when it is told to", async () => {
  const { clock, onDisk, openDraft } = await unlocked();
  const { draft, dispose } = await openDraft();
  draft.set("text", "a");
  await draft.flush();
  draft.set("text", "ab");
  const after = Promise.withResolvers<void>();
  const gone = draft.discard(after.promise);
  clock.pass(1000);
  expect(await onDisk()).toBe("a");
  after.resolve();
  await gone;
  expect(await onDisk()).toBe("");
  dispose();
});

test("[W6] what is typed seals nothing for the log, however often it is saved as a draft", async () => {
  const { device, onDisk, openDraft } = await unlocked();
  await makeRoom(device, "a");
  const [records, { unsent }] = [await device.database.records.toArray(), device.space.status.get()];
  const { draft, dispose } = await openDraft();
  for (const text of ["a", "ab", "abc"]) {
    draft.set("text", text);
    await draft.flush();
  }
  expect(await onDisk()).toBe("abc");
  expect(await device.database.records.toArray()).toEqual(records);
  expect(device.space.status.get().unsent).toBe(unsent);
  dispose();
});

test("what was on disk is there again, and what this version does not know is begun anew", async () => {
  const { engine, openDraft } = await unlocked();
  await engine.drafts.save("note", { text: "from before" });
  const again = await openDraft();
  expect(again.draft.value.text).toBe("from before");
  again.dispose();
  await engine.drafts.save("note", { words: ["newer"] });
  const { draft, dispose } = await openDraft();
  expect(draft.value.text).toBe("");
  dispose();
});

test("what is typed before the disk has answered is not overwritten by it", async () => {
  const { engine } = await unlocked();
  await engine.drafts.save("note", { text: "from before" });
  const { made: draft, dispose } = inEngine(engine, () => createDraft<Note>("note", { text: "" }, asNote));
  draft.set("text", "typed");
  await expect.poll(() => draft.ready()).toBe(true);
  expect(draft.value.text).toBe("typed");
  dispose();
});

test.each([
  ["the page is hidden", () => {
    visibilityState = "hidden";
    document.dispatchEvent(new Event("visibilitychange"));
  }],
  ["the page is left", () => void window.dispatchEvent(new Event("pagehide"))],
])("it is saved at once when %s", async (_, happens) => {
  const { onDisk, openDraft } = await unlocked();
  const { draft, dispose } = await openDraft();
  draft.set("text", "a");
  happens();
  await expect.poll(onDisk).toBe("a");
  dispose();
});

test("the lock waits until it is on disk", async () => {
  const { onDisk, openDraft } = await unlocked();
  const { draft, context, dispose } = await openDraft();
  draft.set("text", "a");
  await context.flushAll();
  expect(await onDisk()).toBe("a");
  dispose();
});

test("a page that is gone has saved its draft, and listens and waits for nothing more", async () => {
  const { engine, clock, onDisk, openDraft } = await unlocked();
  const { draft, context, dispose } = await openDraft();
  draft.set("text", "a");
  dispose();
  await expect.poll(onDisk).toBe("a");
  draft.set("text", "nobody's");
  window.dispatchEvent(new Event("pagehide"));
  await context.flushAll();
  await clock.turn();
  expect(await onDisk()).toBe("a");
  expect((await engine.drafts.list()).length).toBe(1);
});

test("a draft that is discarded does not come back, neither from a saving under way nor from a later key", async () => {
  const { engine, clock, openDraft } = await unlocked();
  const { draft, dispose } = await openDraft();
  draft.set("text", "a");
  void draft.flush();
  draft.set("text", "ab");
  await draft.discard();
  draft.set("text", "abc");
  clock.pass(2000);
  dispose();
  await draft.flush();
  await clock.turn();
  expect(await engine.drafts.list()).toEqual([]);
});

test("a full disk is told, and the same words are saved when there is room", async () => {
  const { device, onDisk, openDraft } = await unlocked();
  const { draft, context, dispose } = await openDraft();
  const makeRoomOnDisk = fillDisk(device);
  draft.set("text", "a");
  await draft.flush();
  expect(context.failure()).toBeInstanceOf(StorageFullError);
  expect([draft.savedAt(), draft.value.text]).toEqual([null, "a"]);
  makeRoomOnDisk();
  await draft.flush();
  expect(context.failure()).toBeNull();
  expect(await onDisk()).toBe("a");
  dispose();
});

test("a draft that was changed on disk is told of and not taken for none", async () => {
  const { device, engine } = await unlocked();
  await engine.drafts.save("note", { text: "from before" });
  const row = (await device.database.drafts.get("note"))!;
  await device.database.drafts.put({ ...row, sealed: row.sealed.map((byte, at) => (at === 20 ? byte ^ 1 : byte)) });
  const { made, dispose } = inEngine(engine, () => ({ draft: createDraft<Note>("note", { text: "" }, asNote), context: useEngine() }));
  await expect.poll(() => made.context.failure()).not.toBeNull();
  expect(made.draft.ready()).toBe(false);
  expect(await device.database.drafts.count()).toBe(1);
  dispose();
});
