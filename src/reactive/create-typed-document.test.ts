import { createSignal } from "solid-js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { TestDevice } from "../../test/support/device.ts";
import { sealLeftTyping } from "../engine/documents/typed-document.ts";
import { documentId } from "../engine/log/rights.ts";
import { createTypedDocument } from "./create-typed-document.ts";
import { useEngine } from "./engine-context.tsx";
import { inEngine, makeRoom, takeDiskAway, unlockedEngine } from "./reactive.test-data.ts";

const [first, second] = [documentId("meeting", "ab".repeat(16)), documentId("meeting", "cd".repeat(16))];
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

async function unlocked() {
  const world = await unlockedEngine();
  devices.push(world.device);
  const room = await makeRoom(world.device, "a");
  const sealed = async (docId: string) => (await room.open(docId)).getText("item").toJSON();
  const open = () => {
    const [docId, setDocId] = createSignal<string | undefined>(first);
    const { made, dispose } = inEngine(world.engine, () => ({
      typed: createTypedDocument(() => room, docId),
      context: useEngine(),
    }));
    const type = (text: string) => made.typed.doc()?.getText("item").insert(0, text);
    return { ...made, setDocId, type, dispose };
  };
  const opened = async () => {
    const page = open();
    await expect.poll(() => page.typed.doc()).toBeDefined();
    return page;
  };
  return { ...world, room, sealed, open, opened };
}

test("it opens, and tells what is on disk and what is not sealed yet", async () => {
  const { clock, opened } = await unlocked();
  const { typed, type, dispose } = await opened();
  expect(typed.status()).toMatchObject({ onDisk: true, unsealed: false, savedAt: null });
  type("Mor");
  expect(typed.status()).toMatchObject({ onDisk: false, unsealed: true });
  clock.pass(400);
  await expect.poll(() => typed.status()).toMatchObject({ onDisk: true, unsealed: true, savedAt: 400 });
  dispose();
});

test.each<[string, (page: { context: ReturnType<typeof useEngine>; dispose: () => void }) => unknown]>([
  ["the page is hidden", () => {
    visibilityState = "hidden";
    document.dispatchEvent(new Event("visibilitychange"));
  }],
  ["the page is left", () => window.dispatchEvent(new Event("pagehide"))],
  ["the app locks", ({ context }) => context.flushAll()],
  ["its page is gone", ({ dispose }) => dispose()],
])("it is sealed when %s", async (_, happens) => {
  const { opened, sealed, engine } = await unlocked();
  const page = await opened();
  page.type("Mor");
  await happens(page);
  await expect.poll(() => sealed(first)).toBe("Mor");
  await expect.poll(() => engine.drafts.list()).toEqual([]);
  page.dispose();
});

test("the lock waits until it is sealed, also for a page that has just gone", async () => {
  const { opened, sealed } = await unlocked();
  const { context, type, dispose } = await opened();
  type("Mor");
  dispose();
  await context.flushAll();
  expect(await sealed(first)).toBe("Mor");
});

test("another document takes its place when it is asked for, and the one before is sealed", async () => {
  const { opened, sealed } = await unlocked();
  const { typed, type, setDocId, dispose } = await opened();
  type("Mor");
  const before = typed.doc();
  setDocId(second);
  expect([typed.doc(), typed.status()]).toEqual([undefined, undefined]);
  await expect.poll(() => typed.doc()).toBeDefined();
  expect(typed.doc()).not.toBe(before);
  expect(await sealed(first)).toBe("Mor");
  setDocId(undefined);
  expect(typed.doc()).toBeUndefined();
  dispose();
});

test("a page that is gone before the document is open leaves nothing open", async () => {
  const { open, room } = await unlocked();
  const { context, typed, dispose } = open();
  dispose();
  await context.flushAll();
  expect(typed.doc()).toBeUndefined();
  await room.edit([first], (doc) => doc?.getText("item").insert(0, "later"));
});

test("what a disk refuses is told, and brought in when it can be", async () => {
  const { opened, device, engine, room, sealed } = await unlocked();
  const { typed, type, dispose } = await opened();
  const giveDiskBack = takeDiskAway(device);
  type("Mor");
  await typed.seal();
  expect(typed.status()?.failure).toMatchObject({});
  giveDiskBack();
  await typed.seal();
  expect(typed.status()).toMatchObject({ failure: null, unsealed: false, onDisk: true });
  expect(await sealed(first)).toBe("Mor");
  expect(await sealLeftTyping([room], engine.drafts)).toBe(0);
  dispose();
});

test("in company it is sealed half a second after the first key, also when the company came before the document", async () => {
  const { open, clock, sealed } = await unlocked();
  const { typed, type, dispose } = open();
  typed.setCompany(true);
  await expect.poll(() => typed.doc()).toBeDefined();
  type("Mor");
  clock.pass(500);
  await expect.poll(() => sealed(first)).toBe("Mor");
  dispose();
});
