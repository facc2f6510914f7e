import { afterEach, expect, test } from "vitest";
import * as Y from "yjs";
import { documentId, indexDocId } from "../../src/engine/log/rights.ts";
import type { Room } from "../../src/engine/space.ts";
import { bringIn, createDevice, foundService, type TestDevice } from "../support/device.ts";
import { createTestRelay } from "../support/test-relay.ts";

const devices: TestDevice[] = [];
afterEach(async () => {
  for (const device of devices.splice(0)) await device.space.close();
});

async function two() {
  const relay = createTestRelay();
  const [ada, bo] = [await createDevice(relay.port), await createDevice(relay.port)];
  devices.push(ada, bo);
  const room = await foundService(relay, ada);
  const bos = await bringIn(ada, room, bo);
  await settle(ada, bo);
  return { relay, ada, bo, room, bos };
}

async function settle(...all: TestDevice[]): Promise<void> {
  for (const device of all) await device.space.sync.settle();
}

const caseDoc = documentId("case", "c1".repeat(16));
const accessDoc = documentId("access", "c1".repeat(16));
const save = (room: Room, key: string) => room.edit([indexDocId, caseDoc], (_, doc) => doc?.getMap("notes").set(key, "written"));
const opened = async (room: Room) => (await room.open(accessDoc)).getMap("opened").toJSON();

test("what is written along goes in the envelope of the next saving, and is nothing that waits until then", async () => {
  const { relay, ada, bo, room, bos } = await two();
  const head = async () => (await relay.storage.rooms([room.roomId])).get(room.roomId)!.headSeq;
  const before = await head();
  let written = 0;
  bos.writeAlong(accessDoc, (doc) => doc.getMap("opened").set("bo/2026-11-26", "12:40"), () => written++);
  await settle(bo, ada);
  expect([written, bo.space.status.get().unsent, await head()]).toEqual([0, 0, before]);
  await save(bos, "first");
  expect(written).toBe(1);
  await settle(bo, ada);
  expect(await head()).toBe(before + 1);
  expect(await opened(room)).toEqual({ "bo/2026-11-26": "12:40" });
  await save(bos, "second");
  expect(written).toBe(1);
});

test("what the disk refused is written along with the next saving that stands, and an empty one is enough", async () => {
  const { ada, bo, room, bos } = await two();
  let written = 0;
  bos.writeAlong(accessDoc, (doc) => doc.getMap("opened").set("bo/2026-11-26", "12:40"), () => written++);
  const failing = bos.edit([indexDocId], () => {
    throw new Error("not now");
  });
  await expect(failing).rejects.toThrow("not now");
  expect([written, await opened(bos)]).toEqual([0, {}]);
  await bos.edit([], () => {});
  expect(written).toBe(1);
  await settle(bo, ada);
  expect(await opened(room)).toEqual({ "bo/2026-11-26": "12:40" });
});

test("whose savings a document has is told by their signatures, those that were not sent yet last", async () => {
  const { ada, bo, room, bos } = await two();
  await save(bos, "first");
  await settle(bo, ada);
  await save(room, "second");
  await settle(ada, bo);
  bo.space.sync.close();
  await save(bos, "third");
  await bos.edit([indexDocId], (index) => index?.getMap("notes").set("elsewhere", "written"));
  const told = await bos.writings(caseDoc);
  expect(told.map(({ author }) => author.name)).toEqual(["Bo", "Ada", "Bo"]);
  expect((await room.writings(caseDoc)).map(({ author }) => author.name)).toEqual(["Bo", "Ada"]);
  const doc = new Y.Doc();
  for (const { update } of told) Y.applyUpdateV2(doc, update);
  expect(doc.getMap("notes").toJSON()).toEqual({ first: "written", second: "written", third: "written" });
  expect(told.every(({ authoredAt }) => Math.abs(Date.now() - authoredAt) < 60_000)).toBe(true);
});
