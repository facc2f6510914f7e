import { createEffect, createMemo, createRoot, createSignal } from "solid-js";
import { afterEach, expect, test } from "vitest";
import type { TestDevice } from "../../test/support/device.ts";
import { documentId, indexDocId } from "../engine/log/rights.ts";
import type { Room } from "../engine/space.ts";
import { createCaseDocument, type EngineContextValue, useEngine } from "./engine-context.tsx";
import { inEngine, makeRoom, takeDiskAway, unlockedEngine } from "./reactive.test-data.ts";

const devices: TestDevice[] = [];
afterEach(async () => {
  for (const { space } of devices.splice(0)) await space.close();
});

const caseId = "ca".repeat(16);
const otherCaseId = "cb".repeat(16);
const note = (room: Room, docId: string, text: string) => room.edit([docId], (doc) => doc?.getMap("notes").set("a", text));
const noteIn = (doc: ReturnType<ReturnType<EngineContextValue["index"]>>) => doc?.getMap("notes").get("a");

async function unlocked() {
  const world = await unlockedEngine();
  devices.push(world.device);
  return world;
}

test("an index opens, is the same for everyone who asks, and nothing has failed", async () => {
  const { device, engine } = await unlocked();
  const room = await makeRoom(device, "a");
  await note(room, indexDocId, "one");
  const { made: context, dispose } = inEngine(engine, useEngine);
  const index = context.index(room);
  expect(index()).toBeUndefined();
  expect(context.index(room)).toBe(index);
  await expect.poll(() => noteIn(index())).toBe("one");
  expect(context.failure()).toBeNull();
  dispose();
});

test("indexes that are asked for in one moment are shown in one update", async () => {
  const { device, engine } = await unlocked();
  const rooms = [await makeRoom(device, "a"), await makeRoom(device, "b"), await makeRoom(device, "c")];
  const { made: context, dispose } = inEngine(engine, useEngine);
  const shown: number[] = [];
  const end = createRoot((stop) => {
    const open = createMemo(() => rooms.filter((room) => context.index(room)() !== undefined).length);
    createEffect(() => shown.push(open()));
    return stop;
  });
  await expect.poll(() => shown.at(-1)).toBe(3);
  expect(shown).toEqual([0, 3]);
  end();
  dispose();
});

test("an index that cannot be opened tells why, and the others that were asked for with it open", async () => {
  const { device, engine } = await unlocked();
  const whole = await makeRoom(device, "a");
  const broken: Room = { ...(await makeRoom(device, "b")), open: () => Promise.reject(new Error("the disk is away")) };
  const { made: context, dispose } = inEngine(engine, useEngine);
  const [index, other] = [context.index(broken), context.index(whole)];
  await expect.poll(() => other()).toBeDefined();
  expect(index()).toBeUndefined();
  expect(context.failure()).toEqual(new Error("the disk is away"));
  dispose();
});

test("what only reads does not take a failed command's words away; a command that succeeds does", async () => {
  const { device, engine } = await unlocked();
  const room = await makeRoom(device, "a");
  const { made: context, dispose } = inEngine(engine, useEngine);
  await expect.poll(() => context.index(room)()).toBeDefined();
  const returnDisk = takeDiskAway(device);
  expect(await context.run(() => note(room, indexDocId, "lost"))).toBe(false);
  expect(context.failure()).toEqual(new Error("the disk is away"));
  returnDisk();
  await context.read(async () => undefined);
  expect(context.failure()).toEqual(new Error("the disk is away"));
  expect(await context.run(() => note(room, indexDocId, "kept"))).toBe(true);
  expect(context.failure()).toBeNull();
  dispose();
});

test("a document that was taken back to what is on disk is shown in the old one's place", async () => {
  const { device, engine } = await unlocked();
  const room = await makeRoom(device, "a");
  await note(room, indexDocId, "one");
  const { made: context, dispose } = inEngine(engine, useEngine);
  const index = context.index(room);
  await expect.poll(() => index()).toBeDefined();
  const before = index();
  await expect(room.edit([indexDocId], (doc) => {
    doc?.getMap("notes").set("a", "half");
    throw new RangeError("second half");
  })).rejects.toThrow();
  expect(index()).not.toBe(before);
  expect(noteIn(index())).toBe("one");
  dispose();
});

/** The room, and how many look at a document of it. */
function countedRoom(room: Room) {
  const count = { begun: 0, looking: 0, ended: 0 };
  const counted: Room = {
    ...room,
    async onReplaced(docId, listener) {
      count.begun++;
      const stop = await room.onReplaced(docId, listener);
      count.looking++;
      return () => {
        count.looking--;
        count.ended++;
        stop();
      };
    },
  };
  return { counted, count };
}

test("a case's document is opened when it is asked for, follows the case, and is looked at no longer than the page lives", async () => {
  const { device, clock, engine } = await unlocked();
  const { counted, count } = countedRoom(await makeRoom(device, "a"));
  await note(counted, documentId("case", caseId), "first case");
  await note(counted, documentId("case", otherCaseId), "other case");
  const [asked, ask] = createSignal<string | undefined>();
  const { made: doc, dispose } = inEngine(engine, () => createCaseDocument(() => counted, asked));
  await clock.turn();
  expect([doc(), count.begun]).toEqual([undefined, 0]);
  ask(caseId);
  await expect.poll(() => noteIn(doc())).toBe("first case");
  ask(otherCaseId);
  expect(doc()).toBeUndefined();
  await expect.poll(() => noteIn(doc())).toBe("other case");
  expect(count.looking).toBe(1);
  dispose();
  expect(count.looking).toBe(0);
});

test("a page that is gone before its document was open does not look at it either", async () => {
  const { device, engine } = await unlocked();
  const { counted, count } = countedRoom(await makeRoom(device, "a"));
  const { dispose } = inEngine(engine, () => createCaseDocument(() => counted, () => caseId));
  await expect.poll(() => count.begun).toBe(1);
  dispose();
  await expect.poll(() => count).toEqual({ begun: 1, looking: 0, ended: 1 });
});

test("a case's document that cannot be opened tells why", async () => {
  const { device, engine } = await unlocked();
  const room = await makeRoom(device, "a");
  const returnDisk = takeDiskAway(device);
  const { made, dispose } = inEngine(engine, () => ({ context: useEngine(), doc: createCaseDocument(() => room, () => caseId) }));
  await expect.poll(() => made.context.failure()).toEqual(new Error("the disk is away"));
  expect(made.doc()).toBeUndefined();
  returnDisk();
  dispose();
});

test("the minute moves with the clock and stands still when the page is gone", async () => {
  const { clock, engine } = await unlocked();
  const { made: context, dispose } = inEngine(engine, useEngine);
  clock.pass(59_999);
  expect(context.now().getTime()).toBe(0);
  clock.pass(1);
  expect(context.now().getTime()).toBe(60_000);
  dispose();
  clock.pass(600_000);
  expect(context.now().getTime()).toBe(60_000);
});
