import { randomBytes } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { toHex } from "#protocol/bytes.ts";
import { createRecovery } from "../../src/engine/keys/recovery.ts";
import { TooLargeError } from "../../src/engine/platform/errors.ts";
import { indexDocId } from "../../src/engine/log/rights.ts";
import { systemRandom } from "../../src/engine/platform/clock.ts";
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

async function again(device: TestDevice): Promise<TestDevice> {
  const opened = await device.crash();
  devices.splice(devices.indexOf(device), 1, opened);
  return opened;
}

/** Ada's service with Bo in it; both have read that. */
async function two() {
  const relay = createTestRelay();
  const [ada, bo] = [await open(relay), await open(relay)];
  const room = await foundService(relay, ada);
  const bos = await bringIn(ada, room, bo);
  await settle(ada, bo);
  return { relay, ada, bo, room, bos };
}

async function settle(...all: TestDevice[]): Promise<void> {
  for (const { space } of all) {
    // A relay that was started again knows no session: the round that finds that out is over.
    await space.sync.settle().catch(() => space.sync.settle());
  }
}

const onlyRoom = (device: TestDevice) => device.space.rooms.get()[0]!;
const write = (room: Room, key: string, value: string) => room.edit([indexDocId], (doc) => doc?.getMap("notes").set(key, value));
const read = async (room: Room) => (await room.open(indexDocId)).getMap("notes").toJSON();
const isQuiet = ({ space }: TestDevice) => {
  const { unsent, attention } = space.status.get();
  const isTroubled = attention.some(({ fault, quarantined, lost }) => fault !== null || quarantined + lost > 0);
  return unsent === 0 && !isTroubled && space.sync.status.get().refused.size === 0;
};

test("[G1]–[G3] what a restored relay has lost, whoever wrote it, is given back by who has it, and new savings go on", async () => {
  const { relay, ada, bo, room, bos } = await two();
  const restore = relay.backUp();
  await write(room, "a", "by Ada");
  await write(bos, "b", "by Bo");
  await settle(ada, bo, ada);
  await restore();
  // Bo alone has all of it, Ada's included.
  await settle(bo);
  const before = (await relay.storage.rooms([room.roomId])).get(room.roomId)!;
  expect(before.generations).toHaveLength(2);
  await write(bos, "c", "after");
  await settle(bo, ada, bo);
  const newcomerless = { a: "by Ada", b: "by Bo", c: "after" };
  expect(await read(room)).toEqual(newcomerless);
  expect(await read(bos)).toEqual(newcomerless);
  expect([isQuiet(ada), isQuiet(bo)]).toEqual([true, true]);
  const logs = await Promise.all([ada, bo].map(async ({ database }) => (await database.records.toArray()).filter(({ seq }) => seq !== undefined).map(({ seq, envelopeId }) => `${seq} ${envelopeId}`).sort()));
  expect(logs[0]).toEqual(logs[1]);
});

test("[G3] [G4] two who both wrote meanwhile give back in turn; the log has another order than it had, and nobody is accused", async () => {
  const { relay, ada, bo, room, bos } = await two();
  const restore = relay.backUp();
  await write(room, "a", "1");
  await settle(ada, bo);
  await write(bos, "b", "2");
  await settle(bo, ada);
  await write(room, "c", "3");
  await settle(ada);
  ada.space.sync.close();
  await restore();
  // Bo has not read «c», and goes on.
  await write(bos, "d", "4");
  await settle(bo);
  const later = await again(ada);
  await settle(later, bo, later);
  const all = { a: "1", b: "2", c: "3", d: "4" };
  expect(await read(onlyRoom(later))).toEqual(all);
  expect(await read(bos)).toEqual(all);
  expect([isQuiet(later), isQuiet(bo)]).toEqual([true, true]);
});

test("[G5] nobody is let in before a consultant has accepted the restore, and then it goes on", async () => {
  const { relay, ada, bo, room } = await two();
  const restore = relay.backUp();
  await write(room, "a", "1");
  await settle(ada);
  await restore();
  await settle(ada, bo);
  const third = await open(relay);
  await expect(bringIn(ada, room, third, { name: "Cy" })).rejects.toThrow("not added");
  expect(ada.space.status.get().attention).toMatchObject([{ restored: true, fault: null }]);
  expect(await ada.space.change(room.roomId, { action: "acceptGen" })).toBe(true);
  await settle(ada, bo);
  expect(ada.space.status.get().attention).toEqual([]);
  const theirs = await bringIn(ada, room, third, { name: "Cy" });
  expect(await read(theirs)).toEqual({ a: "1" });
  expect([isQuiet(ada), isQuiet(bo), isQuiet(third)]).toEqual([true, true, true]);
});

test("[G3] a member who was added after the backup is given back too, and what that member wrote", async () => {
  const { relay, ada, bo, room } = await two();
  const restore = relay.backUp();
  const cy = await open(relay);
  const cys = await bringIn(ada, room, cy, { name: "Cy" });
  await write(cys, "c", "by Cy");
  await settle(cy, ada);
  await restore();
  await settle(ada, cy, bo, ada, cy);
  expect((await room.members()).map(({ name }) => name).sort()).toEqual(["Ada", "Bo", "Cy"]);
  expect(await read(onlyRoom(bo))).toEqual({ c: "by Cy" });
  await write(cys, "d", "later");
  await settle(cy, bo);
  expect(await read(onlyRoom(bo))).toEqual({ c: "by Cy", d: "later" });
});

test("[G6] a room that is younger than the backup is made again by a consultant who has its log, and given back", async () => {
  const { relay, ada, bo } = await two();
  const restore = relay.backUp();
  const school = await ada.space.createRoom({ kind: "school", serviceId: onlyRoom(bo).roomId, label: "", name: "Ada", recovery: null });
  await settle(ada);
  const bos = await bringIn(ada, school, bo);
  await write(school, "a", "1");
  await write(bos, "b", "2");
  await settle(ada, bo, ada, bo);
  // Not its founder: whoever may make rooms and has read this one.
  bo.serviceToken.current = ada.serviceToken.current;
  ada.space.sync.close();
  await restore();
  await settle(bo, bo);
  await write(bos, "c", "3");
  await settle(bo);
  const later = await again(ada);
  await settle(later, bo, later);
  const all = { a: "1", b: "2", c: "3" };
  expect(await read(later.space.rooms.get().find(({ roomId }) => roomId === school.roomId)!)).toEqual(all);
  expect(await read(bos)).toEqual(all);
  expect([isQuiet(later), isQuiet(bo)]).toEqual([true, true]);
});

test("[G2] a second restore, further back than the first, loses nothing either", async () => {
  const { relay, ada, bo, room, bos } = await two();
  const older = relay.backUp();
  await write(room, "a", "1");
  await settle(ada, bo);
  const newer = relay.backUp();
  await write(bos, "b", "2");
  await settle(bo, ada);
  await newer();
  await settle(bo);
  await write(bos, "c", "3");
  await settle(bo);
  await older();
  await settle(ada, bo, ada, bo);
  const all = { a: "1", b: "2", c: "3" };
  expect(await read(room)).toEqual(all);
  expect(await read(bos)).toEqual(all);
  expect([isQuiet(ada), isQuiet(bo)]).toEqual([true, true]);
});

test("[G3] what is still to be given back at a second restore comes behind what that has lost, as the same bytes", async () => {
  const { relay, ada, bo, room, bos } = await two();
  const restore = relay.backUp();
  ada.space.sync.close();
  for (const key of ["b", "c"]) {
    await write(bos, key, "by Bo");
    await settle(bo);
  }
  bo.space.sync.close();
  const readLog = async () => (await relay.storage.log(room.roomId, 0, { maxBytes: 2 ** 20, maxEnvelopes: 100 }))!.page.flatMap((entry) => ("bytes" in entry ? [toHex(entry.bytes)] : []));
  const before = await readLog();
  await restore();
  const writing = await again(ada);
  for (const key of ["d", "e", "f"]) {
    await write(onlyRoom(writing), key, "by Ada");
    await settle(writing);
  }
  writing.space.sync.close();
  // Only the first of Bo's two is back when it is all lost again.
  const { repair } = relay.relay;
  let taken = 0;
  relay.relay.repair = async (token, roomId, envelopes) => {
    const answer = await repair(token, roomId, taken++ === 0 ? envelopes.slice(0, 1) : []);
    return answer.ok ? { ok: true, value: { ...answer.value, refused: { type: "busy", retryAfterMs: 1 } } } : answer;
  };
  const giving = await again(bo);
  await settle(giving);
  relay.relay.repair = repair;
  await restore();
  await settle(giving);
  const after = await readLog();
  expect(before.filter((envelope) => !after.includes(envelope))).toEqual([]);
  expect(isQuiet(giving)).toBe(true);
});

/** While nobody is online, the relay and Bo's device are put back from backups; Bo's then writes something else under the counters that were used. */
async function putBoth(of: { ada: TestDevice; bo: TestDevice; restore: () => Promise<unknown>; backup: TestDevice }): Promise<TestDevice> {
  for (const { space } of [of.bo, of.ada]) space.sync.close();
  await of.restore();
  const copy = await of.backup.crash();
  devices.splice(devices.indexOf(of.bo), 1, copy);
  await write(onlyRoom(copy), "new", "by Bo");
  await settle(copy);
  return copy;
}

test("[G7] what cannot be taken back, because its author was set back too and has gone on, is quoted by who has read it", async () => {
  const { relay, ada, bo, room, bos } = await two();
  const restore = relay.backUp();
  const backup = await bo.copy();
  backup.space.sync.close();
  await write(bos, "lost", "by Bo");
  await settle(bo, ada);
  const copy = await putBoth({ ada, bo, restore, backup });
  const later = await again(ada);
  await settle(later, copy, later);
  const all = { lost: "by Bo", new: "by Bo" };
  expect(await read(onlyRoom(later))).toEqual(all);
  expect(await read(onlyRoom(copy))).toEqual(all);
  expect([isQuiet(later), isQuiet(copy)]).toEqual([true, true]);
  const third = await open(relay);
  expect(await later.space.change(room.roomId, { action: "acceptGen" })).toBe(true);
  await settle(later);
  expect(await read(await bringIn(later, onlyRoom(later), third, { name: "Cy" }))).toEqual(all);
  // If nobody answers for that device any more, then neither for what was quoted of it. SPEC.md [C10].
  expect(await later.space.change(room.roomId, { action: "remove", devices: [{ deviceId: bos.deviceId, fence: 0 }], reason: "lost" })).toBe(true);
  const doubtful = await onlyRoom(later).doubtful();
  expect(doubtful.map(({ author, ctr, docIds }) => [author.name, ctr, docIds])).toEqual(Array.from({ length: 2 }, () => ["Bo", 1, [indexDocId]]));
});

test("[W7] [G7] the largest saving that there may be can be quoted too", async () => {
  const { relay, ada, bo, bos } = await two();
  const restore = relay.backUp();
  const backup = await bo.copy();
  backup.space.sync.close();
  const writeNoise = (bytes: number) => bos.edit([indexDocId], (doc) => doc.getMap("notes").set("lost", new Uint8Array(randomBytes(bytes))));
  await expect(writeNoise(500_500)).rejects.toBeInstanceOf(TooLargeError);
  await writeNoise(499_000);
  await settle(bo, ada);
  const copy = await putBoth({ ada, bo, restore, backup });
  const later = await again(ada);
  await settle(later, copy);
  expect((await onlyRoom(copy).open(indexDocId)).getMap("notes").get("lost")).toHaveLength(499_000);
});

test("[G4] [G7] what was sealed in an epoch that is lost is quoted with its key, by who has nothing else to send", async () => {
  const { relay, ada, bo, room } = await two();
  const cy = await open(relay);
  const cys = await bringIn(ada, room, cy, { name: "Cy" });
  await settle(cy, ada, bo);
  const restore = relay.backUp();
  bo.space.sync.close();
  expect(await ada.space.change(room.roomId, { action: "rotate" })).toBe(true);
  await settle(cy);
  await write(cys, "lost", "by Cy");
  await settle(cy, ada);
  for (const { space } of [ada, cy]) space.sync.close();
  await restore();
  const accepting = await again(bo);
  expect(await accepting.space.change(room.roomId, { action: "acceptGen" })).toBe(true);
  expect(await accepting.space.change(room.roomId, { action: "rotate" })).toBe(true);
  const later = await again(ada);
  await settle(later, accepting, later);
  expect(await read(onlyRoom(accepting))).toEqual({ lost: "by Cy" });
  expect([isQuiet(later), isQuiet(accepting)]).toEqual([true, true]);
});

test("[G3] [G7] what was sealed in an epoch of a lost generation is not given back under the key of another epoch of that number", async () => {
  const { relay, ada, bo, room, bos } = await two();
  const cy = await open(relay);
  await bringIn(ada, room, cy, { name: "Cy" });
  await settle(cy, ada, bo);
  const restore = relay.backUp();
  for (const one of [bo, cy]) one.space.sync.close();
  expect(await ada.space.change(room.roomId, { action: "rotate" })).toBe(true);
  ada.space.sync.close();
  await restore();
  // Bo, who knows of no such epoch, begins one, and Cy writes in it.
  const accepting = await again(bo);
  expect(await accepting.space.change(bos.roomId, { action: "acceptGen" })).toBe(true);
  expect(await accepting.space.change(bos.roomId, { action: "rotate" })).toBe(true);
  const writing = await again(cy);
  await settle(writing);
  await write(onlyRoom(writing), "lost", "by Cy");
  await settle(writing, accepting);
  for (const one of [accepting, writing]) one.space.sync.close();
  await restore();
  // Now Ada's is the first to come back.
  const later = await again(ada);
  await settle(later);
  const giving = await again(accepting);
  await settle(giving, later);
  expect(await read(onlyRoom(later))).toEqual({ lost: "by Cy" });
  const back = await again(writing);
  await settle(back, later, giving);
  expect([isQuiet(later), isQuiet(giving), isQuiet(back)]).toEqual([true, true, true]);
});

test("[G7] behind a control record that is not taken back, its author's savings and changes go on", async () => {
  const { relay, ada, bo, room, bos } = await two();
  const restore = relay.backUp();
  bo.space.sync.close();
  expect(await ada.space.change(room.roomId, { action: "offer", offerId: "0a".repeat(16), rooms: [] })).toBe(true);
  await write(room, "a", "behind it");
  await settle(ada);
  ada.space.sync.close();
  await restore();
  const accepting = await again(bo);
  expect(await accepting.space.change(bos.roomId, { action: "acceptGen" })).toBe(true);
  const later = await again(ada);
  await settle(later, accepting);
  expect(await read(onlyRoom(accepting))).toEqual({ a: "behind it" });
  expect(isQuiet(later)).toBe(true);
  expect(await later.space.change(room.roomId, { action: "rotate" })).toBe(true);
});

test("[G8] a recovery code that a restore brings back gives way to the new one again, and what waited for that goes on", async () => {
  const { relay, ada, bo, room, bos } = await two();
  const [before, after] = [await createRecovery(systemRandom), await createRecovery(systemRandom)];
  expect(await ada.space.change(room.roomId, { action: "replaceRecovery", member: before.member })).toBe(true);
  await settle(bo);
  const restore = relay.backUp();
  bo.space.sync.close();
  expect(await ada.space.change(room.roomId, { action: "replaceRecovery", member: after.member })).toBe(true);
  ada.space.sync.close();
  await restore();
  const accepting = await again(bo);
  expect(await accepting.space.change(bos.roomId, { action: "acceptGen" })).toBe(true);
  const later = await again(ada);
  await settle(later);
  await write(onlyRoom(later), "a", "under the new code");
  await settle(later);
  expect(later.space.status.get()).toMatchObject({ unsent: 1, attention: [{ reopened: true, fault: null }] });
  expect(await later.space.change(room.roomId, { action: "replaceRecovery", member: after.member })).toBe(true);
  await settle(later, accepting);
  expect(onlyRoom(accepting).standing(before.member.deviceId)).toBe("past");
  expect(await read(onlyRoom(accepting))).toEqual({ a: "under the new code" });
  expect([isQuiet(later), isQuiet(accepting)]).toEqual([true, true]);
});

test("[G7] what somebody wrote whom the room does not know any more is quoted by nobody, and comes when that one is let in again", async () => {
  const { relay, ada, bo, room, bos } = await two();
  const restore = relay.backUp();
  bo.space.sync.close();
  const cy = await open(relay);
  const cys = await bringIn(ada, room, cy, { name: "Cy" });
  await write(cys, "c", "by Cy");
  await settle(cy, ada);
  const device = (await relay.storage.rooms([room.roomId])).get(room.roomId)!.membership.devices[cys.deviceId]!;
  for (const one of [ada, cy]) one.space.sync.close();
  await restore();
  // Bo has never heard of Cy, and what let Cy in names a record before it that is not the newest any more.
  const accepting = await again(bo);
  expect(await accepting.space.change(bos.roomId, { action: "acceptGen" })).toBe(true);
  const later = await again(ada);
  await settle(later, accepting, later);
  expect([isQuiet(later), isQuiet(accepting)]).toEqual([true, true]);
  expect(await accepting.space.addMember(room.roomId, { deviceId: cys.deviceId, ...device }, "Cy")).toBe(true);
  const back = await again(cy);
  await settle(back, accepting, later);
  expect(await read(onlyRoom(accepting))).toEqual({ c: "by Cy" });
  expect([isQuiet(later), isQuiet(accepting), isQuiet(back)]).toEqual([true, true, true]);
});

test("[G2] who is removed before giving back what a relay has lost keeps its own of it, to take along", async () => {
  const { relay, ada, bo, room, bos } = await two();
  const restore = relay.backUp();
  ada.space.sync.close();
  await write(bos, "b", "by Bo");
  await settle(bo);
  bo.space.sync.close();
  await restore();
  const accepting = await again(ada);
  expect(await accepting.space.change(room.roomId, { action: "acceptGen" })).toBe(true);
  expect(await accepting.space.change(room.roomId, { action: "remove", devices: [{ deviceId: bos.deviceId }], reason: "" })).toBe(true);
  const later = await again(bo);
  await settle(later);
  const [left] = later.space.left.get();
  expect(await left?.unsent()).toHaveLength(1);
});

test("[G3] [W11] what a profile that was set back has of its own from the log alone counts as its own when the relay loses it, and goes when it cannot be given back", async () => {
  const { relay, ada, bo, room, bos } = await two();
  const copy = await bo.copy();
  copy.space.sync.close();
  const restore = relay.backUp();
  await write(bos, "b", "by Bo");
  await settle(bo);
  for (const one of [ada, bo]) one.space.sync.close();
  const old = await copy.crash();
  devices.push(old);
  await settle(old);
  await restore();
  const { repair } = relay.relay;
  relay.relay.repair = async () => ({ ok: true, value: { seqs: [], refused: { type: "busy", retryAfterMs: 1 } } });
  await settle(old);
  expect(old.space.status.get()).toMatchObject({ unsent: 1, attention: [{ lost: 1 }] });
  relay.relay.repair = async () => ({ ok: true, value: { seqs: [], refused: { type: "staleEpoch" } } });
  await settle(old);
  await settle(old);
  relay.relay.repair = repair;
  const back = await again(ada);
  await settle(back);
  expect(await read(onlyRoom(back))).toEqual({ b: "by Bo" });
  expect(room.roomId).toBe(onlyRoom(back).roomId);
});
