import { afterEach, expect, test, vi } from "vitest";
import * as Y from "yjs";
import { openTypedDocument, sealLeftTyping, type TypedDocument } from "../../src/engine/documents/typed-document.ts";
import { documentId } from "../../src/engine/log/rights.ts";
import { StorageFullError, UnreadableError } from "../../src/engine/platform/errors.ts";
import { createDraftStore } from "../../src/engine/storage/draft-store.ts";
import { seededChance } from "../../src/lib/random.ts";
import { bringIn, createDevice, foundService, type TestDevice } from "../support/device.ts";
import { createTestRelay } from "../support/test-relay.ts";
import { createManualClock, type ManualClock } from "./manual-clock.ts";

const docId = documentId("meeting", "ab".repeat(16));
const devices: TestDevice[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const { space } of devices.splice(0)) await space.close();
});

const draftsOf = (device: TestDevice, clock: ManualClock) => createDraftStore(device.database, device.deviceKeys.draft, clock);
const roomOf = (device: TestDevice) => device.space.rooms.get()[0]!;
const textIn = (doc: Y.Doc) => doc.getText("item").toJSON();
const type = ({ doc }: TypedDocument, text: string) => doc.getText("item").insert(doc.getText("item").length, text);
const sealedIn = async (device: TestDevice) => textIn(await roomOf(device).open(docId));

async function alone() {
  const relay = createTestRelay();
  relay.down = true;
  const device = await createDevice(relay.port);
  devices.push(device);
  await device.space.createRoom({ kind: "service", serviceId: "5e".repeat(16), label: "", name: "Ada", recovery: null });
  const clock = createManualClock();
  const drafts = draftsOf(device, clock);
  const open = () => openTypedDocument({ room: roomOf(device), docId, drafts, clock });
  return { device, clock, drafts, open };
}

test("[W9] what is typed is a draft on disk within half a second, and a record only when the hand has rested for ten", async () => {
  const { device, clock, drafts, open } = await alone();
  const typed = await open();
  const records = await device.database.records.count();
  type(typed, "Mor ");
  clock.pass(300);
  type(typed, "kommer");
  clock.pass(100);
  await vi.waitFor(async () => expect(await drafts.list()).toHaveLength(1));
  expect(typed.status.get()).toMatchObject({ savedAt: 400, unsealed: true, failure: null });
  clock.pass(9_800);
  await clock.turn();
  expect(await device.database.records.count()).toBe(records);
  clock.pass(200);
  await vi.waitFor(() => expect(typed.status.get().unsealed).toBe(false));
  expect(await device.database.records.count()).toBe(records + 1);
  await vi.waitFor(async () => expect(await drafts.list()).toEqual([]));
  expect(await sealedIn(device)).toBe("Mor kommer");
});

test("[W9] who never rests has a record every half minute, and one for every four kilobytes", async () => {
  const { device, clock, open } = await alone();
  const typed = await open();
  for (let second = 0; second < 30; second++) {
    type(typed, "x");
    clock.pass(1000);
    await clock.turn();
  }
  await vi.waitFor(async () => expect(await sealedIn(device)).toHaveLength(30));
  type(typed, "y".repeat(5000));
  clock.pass(0);
  await vi.waitFor(async () => expect(await sealedIn(device)).toHaveLength(5030));
});

test("[W9] in company it is sealed half a second after the first key, however long one types", async () => {
  const { device, clock, open } = await alone();
  const typed = await open();
  typed.setCompany(true);
  type(typed, "a");
  clock.pass(400);
  type(typed, "b");
  clock.pass(100);
  await vi.waitFor(async () => expect(await sealedIn(device)).toBe("ab"));
});

test("a device that dies in the middle brings it in when it is unlocked again, also when it died between the record and the draft", async () => {
  const { device, clock, open } = await alone();
  const typed = await open();
  type(typed, "Før strømmen gikk");
  clock.pass(400);
  await vi.waitFor(() => expect(typed.status.get().savedAt).toBe(400));
  const [draft] = await device.database.drafts.toArray();
  const again = await device.crash();
  devices.push(again);
  expect(await sealedIn(again)).toBe("");
  expect(await sealLeftTyping([roomOf(again)], draftsOf(again, clock))).toBe(1);
  expect(await sealedIn(again)).toBe("Før strømmen gikk");
  const records = await again.database.records.count();
  await again.database.drafts.put(draft!);
  await sealLeftTyping([roomOf(again)], draftsOf(again, clock));
  expect(await sealedIn(again)).toBe("Før strømmen gikk");
  expect(await again.database.records.count()).toBe(records);
  expect(await draftsOf(again, clock).list()).toEqual([]);
});

test("opening the document brings in what an earlier typing left behind", async () => {
  const { device, clock, drafts, open } = await alone();
  const typed = await open();
  type(typed, "Først");
  vi.spyOn(device.database.records, "add").mockRejectedValue(new DOMException("", "QuotaExceededError"));
  clock.pass(400);
  await vi.waitFor(() => expect(typed.status.get().savedAt).not.toBe(null));
  await typed.close();
  expect(typed.status.get().failure).toBeInstanceOf(StorageFullError);
  expect(await drafts.list()).toHaveLength(1);
  vi.restoreAllMocks();
  expect(textIn((await open()).doc)).toBe("Først");
  expect(await sealedIn(device)).toBe("Først");
});

test("a draft that is damaged stands in the way of no other, nor of writing on, and is told", async () => {
  const { device, clock, open } = await alone();
  const typed = await open();
  type(typed, "Først");
  clock.pass(400);
  await vi.waitFor(() => expect(typed.status.get().savedAt).not.toBe(null));
  const [draft] = await device.database.drafts.toArray();
  const again = await device.crash();
  devices.push(again);
  await again.database.drafts.put({ ...draft!, draftId: draft!.draftId.replace(/[^/]+$/, "0") });
  await expect(sealLeftTyping([roomOf(again)], draftsOf(again, clock))).rejects.toBeInstanceOf(UnreadableError);
  expect(await sealedIn(again)).toBe("Først");
  const next = await openTypedDocument({ room: roomOf(again), docId, drafts: draftsOf(again, clock), clock });
  expect([textIn(next.doc), next.status.get().failure]).toEqual(["Først", expect.any(UnreadableError)]);
  expect(await draftsOf(again, clock).list()).toHaveLength(1);
});

test("what is typed on while its draft is brought in stays a draft", async () => {
  const { device, clock, drafts, open } = await alone();
  const typed = await open();
  type(typed, "Først");
  clock.pass(400);
  await vi.waitFor(() => expect(typed.status.get().onDisk).toBe(true));
  const room = roomOf(device);
  const edit = room.edit.bind(room);
  const slow = {
    ...room,
    edit: async (...edited: Parameters<typeof edit>) => {
      await edit(...edited);
      type(typed, ", så");
      clock.pass(400);
      await vi.waitFor(() => expect(typed.status.get().onDisk).toBe(true));
    },
  };
  await sealLeftTyping([slow], drafts);
  expect(await drafts.list()).toHaveLength(1);
});

test("a full disk takes nothing from who types: it is said, kept, and tried again", async () => {
  const { device, clock, open } = await alone();
  const typed = await open();
  const full = vi.spyOn(device.database.drafts, "put").mockRejectedValue(new DOMException("", "QuotaExceededError"));
  type(typed, "Kept");
  clock.pass(400);
  await vi.waitFor(() => expect(typed.status.get().failure).toBeInstanceOf(StorageFullError));
  expect(typed.status.get().savedAt).toBe(null);
  expect(textIn(typed.doc)).toBe("Kept");
  full.mockRestore();
  clock.pass(10_000);
  await vi.waitFor(() => expect(typed.status.get()).toMatchObject({ failure: null }));
  await vi.waitFor(async () => expect(await sealedIn(device)).toBe("Kept"));
});

test("undo takes back one's own and never a colleague's", async () => {
  const { device, open } = await alone();
  const typed = await open();
  const own = new Y.UndoManager(typed.doc.getText("item"), { trackedOrigins: new Set([null]) });
  type(typed, "mine");
  await roomOf(device).edit([docId], (doc) => doc?.getText("item").insert(0, "theirs "));
  // Written in one place at once: which comes first is by chance.
  expect(["theirs mine", "minetheirs "]).toContain(textIn(typed.doc));
  own.undo();
  expect(textIn(typed.doc)).toBe("theirs ");
  await typed.close();
  expect(await sealedIn(device)).toBe("theirs ");
});

/** Two writers, offline and on, with cuts of power: the same minutes everywhere, and of what was on disk no character lost. Every character is used once. */
async function world(seed: number): Promise<void> {
  const chance = seededChance(seed);
  const pick = (count: number) => Math.floor(chance() * count);
  const relay = createTestRelay();
  const clock = createManualClock();
  const writers = [await createDevice(relay.port), await createDevice(relay.port)];
  const [ada, bo] = writers as [TestDevice, TestDevice];
  await bringIn(ada, await foundService(relay, ada), bo);
  const open = (device: TestDevice) => openTypedDocument({ room: roomOf(device), docId, drafts: draftsOf(device, clock), clock });
  const typed = await Promise.all(writers.map(open));
  const left = new Set<string>();
  for (let step = 0; step < 60; step++) {
    const who = pick(2);
    const text = typed[who]!.doc.getText("item");
    switch (pick(12)) {
      case 0:
        relay.down = !relay.down;
        break;
      case 1:
        // Half a second after the last key the power is cut.
        clock.pass(400);
        await expect.poll(() => typed[who]!.status.get().onDisk).toBe(true);
        writers[who] = await writers[who]!.crash();
        typed[who] = await open(writers[who]);
        break;
      case 2:
        await typed[who]!.close();
        typed[who] = await open(writers[who]!);
        break;
      case 3:
        typed[who]!.setCompany(pick(2) === 0);
        break;
      case 4:
        clock.pass(pick(40_000));
        await clock.turn();
        break;
      case 5:
        if (!relay.down) await writers[who]!.space.sync.settle();
        break;
      case 6: {
        const at = pick(text.length + 1);
        const gone = text.toJSON().slice(at, at + 1 + pick(3));
        for (const character of gone) left.delete(character);
        text.delete(at, gone.length);
        break;
      }
      default: {
        const written = Array.from({ length: 1 + pick(4) }, (_, index) => String.fromCodePoint(0x4e00 + step * 4 + index)).join("");
        text.insert(pick(text.length + 1), written);
        for (const character of written) left.add(character);
      }
    }
  }
  relay.down = false;
  for (const one of typed) await one.seal();
  for (let round = 0; round < 2; round++) for (const { space } of writers) await space.sync.settle();
  await expect.poll(() => textIn(typed[0]!.doc) === textIn(typed[1]!.doc)).toBe(true);
  expect(Array.from(textIn(typed[0]!.doc)).sort()).toEqual([...left].sort());
  for (const [index, device] of writers.entries()) {
    expect(await draftsOf(device, clock).list()).toEqual([]);
    await typed[index]!.close();
    await device.space.close();
  }
}

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])("[D2] two who type in one document, offline and through cuts of power, end with the same text and all of it (seed %i)", world);
