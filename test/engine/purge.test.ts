import { afterEach, expect, test } from "vitest";
import * as Y from "yjs";
import { type Bytes, toHex } from "#protocol/bytes.ts";
import type { Dropped } from "#protocol/control.ts";
import { parseEnvelope } from "#protocol/record.ts";
import { sha256 } from "../../src/engine/crypto/primitives.ts";
import type { RoomChange } from "../../src/engine/log/changes.ts";
import { touchedInput } from "../../src/engine/log/record.ts";
import { documentId, indexDocId } from "../../src/engine/log/rights.ts";
import type { Room } from "../../src/engine/space.ts";
import { bringIn, createDevice, foundService, type TestDevice } from "../support/device.ts";
import { createTestRelay, type TestRelay } from "../support/test-relay.ts";

const devices: TestDevice[] = [];
afterEach(async () => {
  for (const device of devices.splice(0)) await device.space.close();
});

async function open(relay: TestRelay): Promise<TestDevice> {
  const device = await createDevice(relay.port);
  devices.push(device);
  return device;
}

async function again(device: TestDevice, how: "crash" | "reopen"): Promise<TestDevice> {
  const opened = await device[how]();
  devices.splice(devices.indexOf(device), 1, opened);
  return opened;
}

async function settle(...all: TestDevice[]): Promise<void> {
  for (const device of all) await device.space.sync.settle();
}

/** A relay that was started again knows no session: the round that finds that out is over. */
async function settleRestored(...all: TestDevice[]): Promise<void> {
  for (const { space } of all) await space.sync.settle().catch(() => space.sync.settle());
}

const caseDoc = documentId("case", "c1".repeat(16));
const onlyRoom = (device: TestDevice) => device.space.rooms.get()[0]!;
const wordsOf = (text: Y.Text): string => text.toJSON();
const textIn = async (room: Room) => wordsOf((await room.open(caseDoc)).getText("words"));
const index = async (room: Room) => (await room.open(indexDocId)).getMap("notes").toJSON();
const say = (room: Room, change: (words: Y.Text) => void, note: string) =>
  room.edit([indexDocId, caseDoc], (list, document) => {
    list?.getMap("notes").set(note, "written");
    if (document !== undefined) change(document.getText("words"));
  });

const name = "Kari Nordmann-Eksempel";

/** Ada's service with Bo in it; both have read that. */
async function two() {
  const relay = createTestRelay();
  const [ada, bo] = [await open(relay), await open(relay)];
  const room = await foundService(relay, ada);
  const bos = await bringIn(ada, room, bo);
  await settle(ada, bo);
  return { relay, ada, bo, room, bos };
}

/** Bo has typed a name by mistake, everybody has read it, and it was taken out again. */
async function mistaken() {
  const { relay, ada, bo, room, bos } = await two();
  await say(bos, (words) => words.insert(0, "A worry. "), "first");
  await say(bos, (words) => words.insert(words.length, `${name} was seen. `), "second");
  await settle(bo, ada);
  await say(room, (words) => words.insert(words.length, "We talk again in May."), "third");
  await settle(ada, bo);
  await say(bos, (words) => words.delete(wordsOf(words).indexOf(name), name.length), "fourth");
  await settle(bo, ada);
  return { relay, ada, bo, room, bos };
}

const kept = "A worry.  was seen. We talk again in May.";
const notes = { first: "written", second: "written", third: "written", fourth: "written" };

/** Everything that any device can still open, and everything on the disks. */
async function isGone(device: TestDevice, room: Room): Promise<boolean> {
  const rows = await device.database.records.where("[roomId+local]").between([room.roomId, 0], [room.roomId, Infinity]).toArray();
  const snapshots = await device.database.snapshots.toArray();
  const state = Buffer.from(Y.encodeStateAsUpdate(await room.open(caseDoc))).toString("latin1");
  return rows.some(({ droppedCtr, bytes }) => droppedCtr !== undefined && bytes.length === 0) && snapshots.length === 0 && !state.includes("Nordmann");
}

test("[Z3] what a purge takes is gone from the relay and from every device, and what stood beside it stays, for newcomers too", async () => {
  const { relay, ada, bo, room, bos } = await mistaken();
  const ask = await bos.askPurge(caseDoc);
  expect(await ada.space.purge(room.roomId, caseDoc, ask, "a name")).toBe(true);
  await settle(ada, bo);
  expect([await isGone(ada, room), await isGone(bo, bos)]).toEqual([true, true]);
  const log = await relay.storage.log(room.roomId, 0, { maxBytes: 1_000_000, maxEnvelopes: 100 });
  expect(log!.page.filter((entry) => "dropped" in entry).length).toBeGreaterThanOrEqual(3);
  for (const one of [room, bos]) expect([await textIn(one), await index(one)]).toEqual([kept, notes]);
  const cy = await open(relay);
  const cys = await bringIn(ada, room, cy, { name: "Cy" });
  await settle(cy);
  expect([await textIn(cys), await index(cys)]).toEqual([kept, notes]);
  expect(cy.space.status.get().attention).toEqual([]);
  await say(cys, (words) => words.insert(words.length, " Yes."), "fifth");
  await settle(cy, ada, bo);
  expect(await textIn(bos)).toBe(`${kept} Yes.`);
});

test("[Z3] whose disk may still have what was destroyed is told until that device has shown that it has read so far", async () => {
  const { ada, bo, room, bos } = await mistaken();
  bo.space.sync.close();
  const ask = await bos.askPurge(caseDoc);
  expect(await ada.space.purge(room.roomId, caseDoc, ask, "a name")).toBe(true);
  expect(await room.purges()).toMatchObject([
    { docId: caseDoc, through: ask.through, signature: ask.signature, reason: "a name", author: { name: "Ada" }, asker: { name: "Bo" }, behind: [{ name: "Bo" }] },
  ]);
  const back = await again(bo, "crash");
  await settle(back, ada);
  expect(await room.purges()).toMatchObject([{ behind: [{ name: "Bo" }] }]);
  expect(await onlyRoom(back).purges()).toMatchObject([{ behind: [] }]);
  await say(onlyRoom(back), (words) => words.insert(words.length, " Yes."), "fifth");
  await settle(back, ada);
  expect(await room.purges()).toMatchObject([{ behind: [] }]);
});

test("[Z3] what a colleague wrote offline behind the name still finds its place", async () => {
  const { ada, bo, room, bos } = await mistaken();
  bo.space.sync.close();
  await say(bos, (words) => words.insert(wordsOf(words).indexOf(" was seen"), "The child"), "away");
  const ask = { ...(await bos.askPurge(caseDoc)) };
  expect(await ada.space.purge(room.roomId, caseDoc, ask, "a name")).toBe(true);
  const back = await again(bo, "crash");
  await settle(back, ada);
  const all = "A worry. The child was seen. We talk again in May.";
  expect([await textIn(room), await textIn(onlyRoom(back))]).toEqual([all, all]);
  expect(await index(room)).toEqual({ ...notes, away: "written" });
});

test("[Z4] a device that is closed and opened after a purge reads the same, also from its snapshots", async () => {
  const { ada, bo, room, bos } = await mistaken();
  expect(await ada.space.purge(room.roomId, caseDoc, await bos.askPurge(caseDoc), "a name")).toBe(true);
  await settle(ada, bo);
  let device = await again(bo, "reopen");
  for (const how of ["reopen", "crash", "reopen"] as const) {
    expect([await textIn(onlyRoom(device)), await index(onlyRoom(device))]).toEqual([kept, notes]);
    device = await again(device, how);
  }
  expect(device.space.status.get().attention).toEqual([]);
});

test("[Z5] [G7] a purge that a restored relay cannot take back, because it does not know who asked, is let go of and kept as evidence", async () => {
  const relay = createTestRelay();
  const ada = await open(relay);
  const room = await foundService(relay, ada);
  await settle(ada);
  const restore = relay.backUp();
  await say(room, (words) => words.insert(0, "Nordmann"), "first");
  const bo = await open(relay);
  const bos = await bringIn(ada, room, bo, { name: "Bo" });
  await settle(ada, bo);
  expect(await ada.space.purge(room.roomId, caseDoc, await bos.askPurge(caseDoc), "a name")).toBe(true);
  await settle(ada);
  bo.space.sync.close();
  ada.space.sync.close();
  await restore();
  const back = await ada.crash();
  devices.push(back);
  for (let round = 0; round < 6; round++) await settle(back);
  expect(back.space.status.get().attention).toMatchObject([{ lost: 0, fault: null, restored: true }]);
  const evidence = await back.space.rooms.get()[0]!.evidence();
  expect(evidence.kept.map(({ action }) => action)).toEqual(expect.arrayContaining(["purge", "addMember"]));
});

test("[Z3] without another person's word, or with a word for something else, nothing is destroyed", async () => {
  const { relay, ada, bo, room, bos } = await mistaken();
  const head = (await relay.storage.rooms([room.roomId])).get(room.roomId)!.headSeq;
  const bosWord = await bos.askPurge(documentId("case", "c2".repeat(16)));
  expect(await ada.space.purge(room.roomId, caseDoc, bosWord, "")).toBe(false);
  expect(await ada.space.purge(room.roomId, caseDoc, await room.askPurge(caseDoc), "")).toBe(false);
  expect(await ada.space.purge(room.roomId, caseDoc, { ...(await bos.askPurge(caseDoc)), through: head + 5 }, "")).toBe(false);
  await settle(ada, bo);
  expect((await relay.storage.rooms([room.roomId])).get(room.roomId)!.headSeq).toBe(head);
  expect(await textIn(bos)).toBe(kept);
});

/** What a device finds that a word is for, without asking whether it is: a wicked one can name what it likes. */
const updatesOf = async ({ database }: TestDevice, room: Room): Promise<Dropped[]> =>
  (await database.records.where("[roomId+local]").between([room.roomId, 0], [room.roomId, Infinity]).toArray())
    .flatMap(({ seq, envelopeId, deviceId, bytes }) => {
      const parsed = parseEnvelope(bytes);
      return seq !== undefined && parsed.ok && parsed.envelope.type === "update" ? [{ seq, envelopeId, deviceId, ctr: parsed.envelope.ctr }] : [];
    })
    .sort((a, b) => a.seq - b.seq);

const otherDoc = documentId("case", "c2".repeat(16));
const emptyState = () => Y.encodeStateAsUpdateV2(new Y.Doc()) as Bytes;

/** Bo has put a trifle into a case of its own, asks for that, and Ada has read it. `documents`: what the word is for. */
async function trifle() {
  const all = await mistaken();
  const { ada, bo, room, bos } = all;
  await bos.edit([otherDoc], (document) => document?.getText("words").insert(0, "A trifle."));
  await settle(bo, ada);
  const updates = await updatesOf(ada, room);
  const last = updates.at(-1)!;
  const client = (await bos.open(otherDoc)).clientID;
  const documents = [{ docId: otherDoc, clients: [{ client, deviceId: bos.deviceId }] }];
  const touched = toHex(await sha256(touchedInput(documents)));
  return { ...all, ask: await bos.askPurge(otherDoc), updates, last, documents, touched };
}

test("[Z3] a word for a trifle destroys nothing else: the relay refuses what names other updates than the asker has signed, or other documents", async () => {
  const { relay, ada, bo, room, bos, ask, updates, last, documents, touched } = await trifle();
  const states = documents.map((one) => ({ ...one, update: emptyState() }));
  const purge = { action: "purge" as const, docId: otherDoc, ask, dropped: [last], touched, states, reason: "" } satisfies RoomChange;
  expect(updates.length).toBeGreaterThan(3);
  expect(await ada.space.change(room.roomId, { ...purge, dropped: updates })).toBe(false);
  expect(await ada.space.change(room.roomId, { ...purge, dropped: updates.slice(-2) })).toBe(false);
  expect(await ada.space.change(room.roomId, { ...purge, touched: toHex(await sha256(touchedInput([]))) })).toBe(false);
  await settle(ada, bo);
  const log = await relay.storage.log(room.roomId, 0, { maxBytes: 1_000_000, maxEnvelopes: 100 });
  expect(log!.page.every((entry) => "bytes" in entry)).toBe(true);
  expect(await textIn(bos)).toBe(kept);
  // The very same with what was asked for is taken.
  expect(await ada.space.change(room.roomId, purge)).toBe(true);
});

test("[Z3] what a purge carries on of documents that nobody has asked for is set aside by all, newcomers too", async () => {
  const { relay, ada, bo, room, bos, ask, last, documents, touched } = await trifle();
  const wicked = new Y.Doc();
  wicked.getText("words").insert(0, "Never said. ");
  const states = [...documents, { docId: caseDoc, clients: [] }].map((one) => ({ ...one, update: Y.encodeStateAsUpdateV2(wicked) as Bytes }));
  expect(await ada.space.change(room.roomId, { action: "purge", docId: otherDoc, ask, dropped: [last], touched, states, reason: "" })).toBe(true);
  const cy = await open(relay);
  const cys = await bringIn(ada, room, cy, { name: "Cy" });
  await settle(ada, bo, cy);
  expect(await Promise.all([bos, cys].map(textIn))).toEqual([kept, kept]);
  for (const { space } of [bo, cy]) expect(space.status.get().attention).toMatchObject([{ fault: null, quarantined: 1 }]);
});

test("[Z3] a word is for what the log had then: after another purge of some of it, it must be asked anew", async () => {
  const { ada, bo, room, bos } = await mistaken();
  const [first, second] = [await bos.askPurge(caseDoc), await bos.askPurge(indexDocId)];
  expect([await room.isPurgeAsked(caseDoc, first), await room.isPurgeAsked(indexDocId, second), await room.isPurgeAsked(caseDoc, second)]).toEqual([true, true, false]);
  expect(await ada.space.purge(room.roomId, caseDoc, first, "a name")).toBe(true);
  await settle(ada, bo);
  expect(await room.isPurgeAsked(indexDocId, second)).toBe(false);
  expect(await ada.space.purge(room.roomId, indexDocId, second, "")).toBe(false);
  await say(bos, (words) => words.insert(words.length, " Yes."), "fifth");
  await settle(bo, ada);
  expect(await ada.space.purge(room.roomId, indexDocId, await bos.askPurge(indexDocId), "")).toBe(true);
  await settle(ada, bo);
  expect(await textIn(bos)).toBe(`${kept} Yes.`);
});

test("[D5] [Z3] to a newcomer too, the client ids of what a purge destroyed stay those of whose they were", async () => {
  const { relay, ada, bo, room, bos } = await mistaken();
  const { clientID } = await bos.open(caseDoc);
  expect(await ada.space.purge(room.roomId, caseDoc, await bos.askPurge(caseDoc), "a name")).toBe(true);
  await settle(ada, bo);
  const [cy, dan] = [await open(relay), await open(relay)];
  const cys = await bringIn(ada, room, cy, { name: "Cy" });
  const dans = await bringIn(ada, room, dan, { name: "Dan" });
  await settle(cy, dan, ada);
  await dans.edit([caseDoc], (document) => {
    if (document === undefined) return;
    document.clientID = clientID;
    document.getText("words").insert(0, "Forged. ");
  });
  await settle(dan, ada, cy);
  expect(await Promise.all([room, cys].map(textIn))).toEqual([kept, kept]);
  for (const { space } of [ada, cy]) expect(space.status.get().attention).toMatchObject([{ quarantined: 1 }]);
  await say(bos, (words) => words.insert(words.length, " Yes."), "fifth");
  await settle(bo, ada, cy);
  expect(await Promise.all([room, cys].map(textIn))).toEqual([`${kept} Yes.`, `${kept} Yes.`]);
});

test("[Z4] a relay that keeps bytes back and says they were purged is found out when the log is read to its end", async () => {
  const { relay, ada, room } = await mistaken();
  const { log } = relay.relay;
  relay.relay.log = async (...given) => {
    const answer = await log(...given);
    if (!answer.ok) return answer;
    const parts = await relay.storage.log(room.roomId, given[2], { maxBytes: 1_000_000, maxEnvelopes: 100 });
    const rows = await ada.database.records.toArray();
    const page = parts!.page.map((entry) => {
      const row = rows.find(({ seq }) => seq === entry.seq);
      return entry.seq !== 4 || row === undefined ? entry : { seq: 4, dropped: { envelopeId: row.envelopeId, deviceId: row.deviceId, ctr: 2 } };
    });
    return { ok: true, value: { ...answer.value, page } };
  };
  const cy = await open(relay);
  await bringIn(ada, room, cy, { name: "Cy" });
  await settle(cy);
  await expect.poll(() => cy.space.status.get().attention).toMatchObject([{ fault: { type: "malformed", seq: 4 } }]);
});

test("[Z4] [L4] whoever was removed before a purge accuses nobody of what it has destroyed", async () => {
  const { relay, ada, bo, room, bos } = await mistaken();
  const cy = await open(relay);
  const cys = await bringIn(ada, room, cy, { name: "Cy" });
  await settle(cy, ada, bo);
  cy.space.sync.close();
  await say(cys, (words) => words.insert(0, "Unsent. "), "unsent");
  await say(bos, (words) => words.insert(0, `${name} again. `), "fifth");
  await say(bos, (words) => words.delete(0, name.length), "sixth");
  await settle(bo, ada);
  expect(await ada.space.change(room.roomId, { action: "remove", devices: [{ deviceId: cys.deviceId }], reason: "" })).toBe(true);
  await settle(ada, bo);
  expect(await ada.space.purge(room.roomId, caseDoc, await bos.askPurge(caseDoc), "a name")).toBe(true);
  const back = await again(cy, "crash");
  await settle(back);
  expect(back.space.status.get()).toMatchObject({ unsent: 1, attention: [] });
});

test("[Z5] a relay that is restored from before a purge has it given back, and destroys the bytes another time", async () => {
  const { relay, ada, bo, room, bos } = await mistaken();
  const restore = relay.backUp();
  expect(await ada.space.purge(room.roomId, caseDoc, await bos.askPurge(caseDoc), "a name")).toBe(true);
  await settle(ada, bo);
  await say(bos, (words) => words.insert(words.length, " Yes."), "fifth");
  await settle(bo, ada);
  await restore();
  await settleRestored(ada, bo, ada);
  const log = await relay.storage.log(room.roomId, 0, { maxBytes: 1_000_000, maxEnvelopes: 100 });
  expect(log!.page.filter((entry) => "dropped" in entry).length).toBeGreaterThanOrEqual(3);
  for (const one of [room, bos]) expect(await textIn(one)).toBe(`${kept} Yes.`);
  expect([ada, bo].map(({ space }) => [space.status.get().unsent, space.status.get().attention.map(({ fault, lost }) => [fault, lost])])).toEqual([[0, [[null, 0]]], [0, [[null, 0]]]]);
});

test("[Z5] where the relay has lost what was purged as well, nothing hangs, and what came after is not lost", async () => {
  const { relay, ada, bo, room, bos } = await two();
  const restore = relay.backUp();
  await say(bos, (words) => words.insert(0, `${name}. `), "first");
  await settle(bo, ada);
  await say(room, (words) => words.delete(0, name.length), "second");
  await settle(ada, bo);
  expect(await ada.space.purge(room.roomId, caseDoc, await bos.askPurge(caseDoc), "a name")).toBe(true);
  await settle(ada, bo);
  await say(bos, (words) => words.insert(words.length, "After."), "third");
  await settle(bo, ada);
  await restore();
  await settleRestored(ada, bo, ada, bo, ada);
  await say(bos, (words) => words.insert(words.length, " More."), "fourth");
  await settleRestored(bo, ada);
  expect([ada, bo].map(({ space }) => [space.status.get().unsent, space.status.get().attention.map(({ fault, lost }) => [fault, lost])])).toEqual([[0, [[null, 0]]], [0, [[null, 0]]]]);
  for (const one of [room, bos]) expect(await textIn(one)).toContain("More.");
});

test("[Z5] who wrote what the relay has lost and a purge had destroyed changes the room and tells of its reading all the same", async () => {
  const { relay, ada, bo, room, bos } = await two();
  const restore = relay.backUp();
  await say(room, (words) => words.insert(0, `${name}. `), "first");
  await settle(ada, bo);
  await say(bos, (words) => words.delete(0, name.length), "second");
  await settle(bo, ada);
  expect(await bo.space.purge(room.roomId, caseDoc, await room.askPurge(caseDoc), "a name")).toBe(true);
  await settle(bo, ada);
  await restore();
  await settleRestored(ada, bo, ada);
  expect(await ada.space.change(room.roomId, { action: "acceptGen" })).toBe(true);
  await settle(ada, bo);
  expect([ada, bo].map(({ space }) => space.status.get().attention)).toEqual([[], []]);
});
