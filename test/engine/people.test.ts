import { afterEach, expect, test } from "vitest";
import type { Offer } from "../../src/engine/keys/invitation.ts";
import { generateLeaf, publicLeaf } from "../../src/engine/keys/keyring.ts";
import { documentId, indexDocId } from "../../src/engine/log/rights.ts";
import { systemClock, systemRandom } from "../../src/engine/platform/clock.ts";
import type { Room } from "../../src/engine/space.ts";
import { askToJoin, meetNewcomer, offerInvite } from "../../src/engine/sync/invite-flow.ts";
import { bringIn, createDevice, foundService, type TestDevice, testServiceId } from "../support/device.ts";
import { createTestRelay } from "../support/test-relay.ts";

const devices: TestDevice[] = [];
afterEach(async () => {
  for (const device of devices.splice(0)) await device.space.close();
});

async function prepared() {
  const relay = createTestRelay();
  let aheadMs = 0;
  const moved = { ...systemClock, now: () => systemClock.now() + aheadMs };
  const [ada, bo] = [await createDevice(relay.port), await createDevice(relay.port, moved)];
  devices.push(ada, bo);
  return { relay, ada, bo, service: await foundService(relay, ada), later: (ms: number) => (aheadMs = ms) };
}

const own = async (room: Room) => (await room.members()).find(({ deviceId }) => deviceId === room.deviceId)!;
const write = (room: Room, key: string) => room.edit([indexDocId], (doc) => doc?.getMap("notes").set(key, true));

test("[C15] a device and its person are known by the same in every room that it makes", async () => {
  const { ada, service } = await prepared();
  const first = await own(service);
  expect(first).toMatchObject({ person: first.memberId, device: first.deviceId, name: "Ada" });
  expect(first.addedAt).toBeGreaterThan(0);
  const school = await ada.space.createRoom({ kind: "school", serviceId: testServiceId, label: "2026/aa", name: "Ada", recovery: null });
  const there = await own(school);
  expect(there).toMatchObject({ person: first.person, device: first.device });
  expect([there.memberId, there.deviceId]).not.toEqual([first.memberId, first.deviceId]);
});

test("[C15] who adds somebody says what they are known by, and one more device is its memberId's whatever it says", async () => {
  const { ada, service } = await prepared();
  const leafOf = async () => {
    const leaf = await generateLeaf();
    return { deviceId: leaf.deviceId, leaf: publicLeaf(leaf), role: "consultant" as const, memberId: "b0".repeat(16) };
  };
  const [first, second] = [await leafOf(), await leafOf()];
  await ada.space.addMember(service.roomId, first, "Bo", { person: "b1".repeat(16), device: "d1".repeat(16) });
  await ada.space.sync.settle();
  await ada.space.change(service.roomId, { action: "addDevice", member: second, name: "Bo", ties: { person: "ff".repeat(16), device: "d2".repeat(16) } });
  await ada.space.sync.settle();
  const members = await service.members();
  expect(members.find(({ deviceId }) => deviceId === first.deviceId)).toMatchObject({ person: "b1".repeat(16), device: "d1".repeat(16) });
  expect(members.find(({ deviceId }) => deviceId === second.deviceId)).toMatchObject({ person: "b1".repeat(16), device: "d2".repeat(16) });
});

test("[I2] [C9] a further device is asked in under its person's own memberId, and nobody is let in under another", async () => {
  const { relay, ada, service } = await prepared();
  const session = await ada.space.sync.session();
  const clock = { ...systemClock, after: (_: number, run: () => void) => systemClock.after(5, run) };
  const waiting = { relay: relay.port, clock, cancelled: () => false, random: systemRandom, until: Number.POSITIVE_INFINITY };
  const meet = async (offered: Offer, answered: Offer) => {
    const made = await offerInvite(relay.port, session, systemRandom, offered, 60_000);
    if (!made.ok) throw new Error("not made");
    let over = false;
    const joining = askToJoin({ ...waiting, cancelled: () => over }, made.value.link, answered, "Ada");
    const met = await meetNewcomer({ ...waiting, session: async () => session }, made.value.link, offered, () => undefined);
    over = true;
    await joining;
    return met;
  };
  const { memberId } = await own(service);
  const room = { roomId: service.roomId, kind: "service" as const, label: "", genesis: service.genesis, memberId };
  const offer: Offer = { serviceName: "Lia", schoolName: null, inviterName: "Ada", role: "consultant", ownName: "Ada", rooms: [room] };
  expect(await meet(offer, offer)).toMatchObject({ ok: true, value: { members: [{ member: { memberId } }] } });
  const another = { ...offer, rooms: [{ ...room, memberId: "b0".repeat(16) }] };
  expect(await meet(offer, another)).toEqual({ ok: false, fault: { type: "tampered" } });
});

test("[C10] what a lost device wrote after one last saw it is listed as doubtful, and what it wrote before is not", async () => {
  const { ada, bo, service, later } = await prepared();
  const theirs = await bringIn(ada, service, bo);
  await write(theirs, "mine");
  const lostAt = systemClock.now() + 1000;
  await bo.space.sync.settle();
  later(60_000);
  await theirs.edit([documentId("case", "ca".repeat(16))], (doc) => doc?.getMap("notes").set("not mine", true));
  await bo.space.sync.settle();
  await ada.space.sync.settle();
  const fence = await service.lastCounterBefore(theirs.deviceId, lostAt);
  expect(fence).toBe(1);
  expect(await service.lastCounterBefore(theirs.deviceId, lostAt + 600_000)).toBe(2);
  expect(await service.doubtful()).toEqual([]);
  expect(await ada.space.change(service.roomId, { action: "remove", devices: [{ deviceId: theirs.deviceId, fence }], reason: "left on the bus" })).toBe(true);
  await ada.space.sync.settle();
  expect(await service.doubtful()).toMatchObject([{ author: { name: "Bo" }, ctr: 2, docIds: [documentId("case", "ca".repeat(16))] }]);
});

test("[P7] what is told of a room are ids and numbers, and the devices that have written in the log's generation", async () => {
  const { ada, bo, service } = await prepared();
  const theirs = await bringIn(ada, service, bo);
  await write(theirs, "a secret");
  await bo.space.sync.settle();
  await ada.space.sync.settle();
  expect((await service.devicesSinceRestore()).sort()).toEqual([service.deviceId, theirs.deviceId].sort());
  await ada.database.evidence.add({ roomId: service.roomId, seq: 9, fault: "fork", bytes: new Uint8Array([1, 2]), foundAt: 7 });
  const told = await service.evidence();
  expect(told).toMatchObject({ roomId: service.roomId, seq: 3, fault: null, lost: 0, kept: [{ fault: "fork", seq: 9, sizeBytes: 2, authorId: null }] });
  expect(JSON.stringify(told)).not.toMatch(/secret|Bo|Ada/);
});
