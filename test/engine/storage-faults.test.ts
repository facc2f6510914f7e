import { afterEach, expect, test } from "vitest";
import { documentId, indexDocId } from "../../src/engine/log/rights.ts";
import { createDevice, foundService, type TestDevice } from "../support/device.ts";
import { createTestRelay } from "../support/test-relay.ts";
import { StorageFullError, TooLargeError, UnreadableError } from "../../src/engine/platform/errors.ts";

const caseDocId = documentId("case", "ca".repeat(16));
const devices: TestDevice[] = [];
afterEach(async () => {
  for (const device of devices.splice(0)) await device.space.close();
});

async function offlineRoom() {
  const relay = createTestRelay();
  relay.down = true;
  const device = await createDevice(relay.port);
  devices.push(device);
  const room = await device.space.createRoom({ kind: "service", serviceId: "5e".repeat(16), label: "", name: "Ada", recovery: null });
  return { device, room };
}

test("[W1] a full disk takes the document back to what is on disk, and says so", async () => {
  const { device, room } = await offlineRoom();
  await room.edit([indexDocId], (doc) => doc?.getMap("notes").set("a", "kept"));
  const shown: unknown[] = [];
  await room.onReplaced(indexDocId, (doc) => shown.push(doc.getMap("notes").toJSON()));
  const full = () => {
    throw new DOMException("no room", "QuotaExceededError");
  };
  device.database.records.hook("creating", full);
  await expect(room.edit([indexDocId], (doc) => doc?.getMap("notes").set("b", "lost?"))).rejects.toBeInstanceOf(StorageFullError);
  expect(shown).toEqual([{ a: "kept" }]);
  expect((await room.open(indexDocId)).getMap("notes").toJSON()).toEqual({ a: "kept" });
  device.database.records.hook("creating").unsubscribe(full);
  await room.edit([indexDocId], (doc) => doc?.getMap("notes").set("b", "now"));
  expect((await room.open(indexDocId)).getMap("notes").toJSON()).toEqual({ a: "kept", b: "now" });
});

test("[E1] [W7] a change larger than an envelope is refused before it is stored, and leaves the document as it was", async () => {
  const { device, room } = await offlineRoom();
  await room.edit([indexDocId], (doc) => doc?.getMap("notes").set("a", "kept"));
  const noise = Array.from(new Uint32Array(200_000), (_, index) => Math.imul(index + 1, 2_654_435_761) >>> 0).join("");
  await expect(room.edit([indexDocId], (doc) => doc?.getMap("notes").set("b", noise))).rejects.toBeInstanceOf(TooLargeError);
  expect((await room.open(indexDocId)).getMap("notes").toJSON()).toEqual({ a: "kept" });
  expect(device.space.status.get().unsent).toBe(1);
});

test("a change that throws leaves the document as it was", async () => {
  const { room } = await offlineRoom();
  await expect(
    room.edit([indexDocId], (doc) => {
      doc?.getMap("notes").set("a", "half");
      throw new RangeError("second half");
    }),
  ).rejects.toBeInstanceOf(RangeError);
  expect((await room.open(indexDocId)).getMap("notes").toJSON()).toEqual({});
});

/** Saves in two documents and lets the disk spoil the first of the two rows. @returns the row as it lies there now */
async function saveAndSpoil(device: TestDevice) {
  const room = device.space.rooms.get()[0]!;
  await room.edit([caseDocId], (doc) => doc?.getMap("notes").set("a", "one"));
  await room.edit([indexDocId], (doc) => doc?.getMap("other").set("b", "two"));
  const row = (await device.database.records.toArray()).at(-2)!;
  const bytes = row.bytes.slice();
  bytes[bytes.length - 80]! ^= 1;
  await device.database.records.update(row.local, { bytes });
  return { ...row, bytes };
}

test("[P6] a corrupted row is set aside and counted; the rest opens, and the row stays", async () => {
  const { device } = await offlineRoom();
  await saveAndSpoil(device);
  const again = await device.crash();
  devices.splice(0, 1, again);
  const reopened = again.space.rooms.get()[0]!;
  const doc = await reopened.open(indexDocId);
  expect(doc.getMap("other").toJSON()).toEqual({ b: "two" });
  expect(again.space.status.get().attention).toMatchObject([{ quarantined: 1, fault: null }]);
  await again.space.close();
  expect(await again.database.records.count()).toBe(3);
});

test("[W3] a row that the disk has spoilt is never folded away, and what came after it is sent", async () => {
  const relay = createTestRelay();
  const first = await createDevice(relay.port);
  await foundService(relay, first);
  relay.down = true;
  const device = await first.crash();
  devices.push(device);
  const { local, bytes } = await saveAndSpoil(device);
  relay.down = false;
  await device.space.sync.settle();
  expect(device.space.status.get()).toMatchObject({ unsent: 0, attention: [{ quarantined: 1, fault: null }] });
  expect((await device.database.records.get(local))?.bytes).toEqual(bytes);
});

test("a changed key row stops the opening instead of starting anew", async () => {
  const { device } = await offlineRoom();
  const row = (await device.database.roomKeys.toArray())[0]!;
  const broken = row.sealed.slice();
  broken[20]! ^= 1;
  await device.database.roomKeys.put({ ...row, sealed: broken });
  await expect(device.reopen()).rejects.toBeInstanceOf(UnreadableError);
  devices.length = 0;
});
