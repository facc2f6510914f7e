import { afterEach, expect, test } from "vitest";
import type { Role } from "#protocol/control.ts";
import { generateLeaf } from "../../src/engine/keys/keyring.ts";
import { indexDocId } from "../../src/engine/log/rights.ts";
import type { Room } from "../../src/engine/space.ts";
import { bringIn, createDevice, foundService, type TestDevice, testServiceId } from "../support/device.ts";
import { createTestRelay } from "../support/test-relay.ts";
import { createManualClock } from "./manual-clock.ts";

const devices: TestDevice[] = [];
afterEach(async () => {
  for (const { space } of devices.splice(0)) await space.close();
});

async function settle(...all: TestDevice[]): Promise<void> {
  for (const { space } of all) await space.sync.settle();
}

const makeRoom = (device: TestDevice, label: string) => device.space.createRoom({ kind: "plan", serviceId: testServiceId, label, name: "Ada", recovery: null });
const roomOf = (device: TestDevice, { roomId }: Pick<Room, "roomId">) => device.space.rooms.get().find((room) => room.roomId === roomId)!;

/** Ada's year with somebody of the school in it, and the next year's room, which only she is in. */
async function twoYears(role: Role = "principal") {
  const relay = createTestRelay();
  const clock = createManualClock();
  const [ada, siri] = [await createDevice(relay.port, clock), await createDevice(relay.port, clock)];
  devices.push(ada, siri);
  await foundService(relay, ada);
  const old = await makeRoom(ada, "2026/a");
  await settle(ada);
  const siris = await bringIn(ada, old, siri, { name: "Siri", role });
  const next = await makeRoom(ada, "2027/a");
  await settle(ada, siri);
  return { relay, clock, ada, siri, old, siris, next };
}

const offer = (by: TestDevice, old: Room, { roomId, kind, label, genesis }: Room) =>
  by.space.change(old.roomId, { action: "offer", offerId: "0f".repeat(16), rooms: [{ roomId, kind, label, genesis }] });

/** Takes up what a room offers, and answers. */
async function follow(device: TestDevice, room: Room, memberId: string): Promise<Room[]> {
  const joined: Room[] = [];
  for (const offered of await room.offers()) joined.push(await device.space.joinRoom({ ...offered, role: room.role, memberId }, await generateLeaf()));
  room.answer(joined);
  return joined;
}

async function answered(clock: { pass(ms: number): void }, by: TestDevice, ...readers: TestDevice[]): Promise<void> {
  clock.pass(61_000);
  await settle(by, ...readers);
}

test.each(["principal", "socialTeacher"] as const)("[O1] [O2] [O3] a %s answers with keys of their own, is added by who offered, and reads on in the next room", async (role) => {
  const { clock, ada, siri, old, siris, next } = await twoYears(role);
  expect(await offer(ada, old, next)).toBe(true);
  await settle(siri);
  expect(await siris.offers()).toEqual([{ roomId: next.roomId, kind: "plan", label: "2027/a", genesis: next.genesis }]);
  const [joined] = await follow(siri, siris, "51".repeat(16));
  expect(roomOf(siri, next).isAwaited).toBe(true);
  expect(await old.answers()).toEqual([]);
  await answered(clock, siri, ada);
  const [answer] = await old.answers();
  expect(answer).toMatchObject({ roomId: next.roomId, memberId: "51".repeat(16), deviceId: joined!.deviceId, by: { deviceId: siris.deviceId, name: "Siri", role } });
  const { memberId, deviceId, leaf, by } = answer!;
  expect(await ada.space.addMember(next.roomId, { memberId, role, deviceId, leaf }, by.name!, { person: by.person, device: by.device })).toBe(true);
  await next.edit([indexDocId], (doc) => doc.getMap("notes").set("a", "new year"));
  await settle(ada, siri);
  expect(roomOf(siri, next).isAwaited).toBe(false);
  expect((await joined!.open(indexDocId)).getMap("notes").toJSON()).toEqual({ a: "new year" });
  expect((await next.members()).find((member) => member.deviceId === deviceId)).toMatchObject({ name: "Siri", role, person: by.person });
});

test("[O1] [Z1] a year that is closed is still followed", async () => {
  const { clock, ada, siri, old, siris, next } = await twoYears();
  expect(await ada.space.change(old.roomId, { action: "close", keepUntil: "2099-01-01" })).toBe(true);
  expect(await offer(ada, old, next)).toBe(true);
  await settle(siri);
  await follow(siri, siris, "51".repeat(16));
  await answered(clock, siri, ada);
  expect((await old.answers()).map(({ by }) => by.name)).toEqual(["Siri"]);
});

test("[O2] an answer is given once more until it has come back, and then no more", async () => {
  const { relay, clock, ada, siri, old, siris, next } = await twoYears();
  await answered(clock, siri, ada);
  await offer(ada, old, next);
  await settle(siri);
  const joined = await follow(siri, siris, "51".repeat(16));
  const headAt = async () => (await relay.storage.rooms([old.roomId])).get(old.roomId)!.headSeq;
  const before = await headAt();
  relay.down = true;
  await expect(answered(clock, siri)).rejects.toThrow();
  relay.down = false;
  // This day's heartbeat has been given already: the answer asks for another.
  await answered(clock, siri, ada);
  expect(await headAt()).toBe(before + 1);
  expect(await old.answers()).toHaveLength(1);
  siris.answer([]);
  await answered(clock, siri, ada);
  expect(await headAt()).toBe(before + 1);
  siris.answer(joined);
  await answered(clock, siri, ada);
  expect(await headAt()).toBe(before + 2);
  expect(await old.answers()).toHaveLength(1);
});

test("[O3] what a device has answered that is no member any more does not count, nor what answers no offer", async () => {
  const { clock, ada, siri, old, siris, next } = await twoYears();
  const other = await siri.space.joinRoom({ roomId: "0a".repeat(16), kind: "plan", label: "", role: "principal", memberId: "51".repeat(16), genesis: "0c".repeat(32) }, await generateLeaf());
  await offer(ada, old, next);
  await settle(siri);
  const joined = await follow(siri, siris, "51".repeat(16));
  siris.answer([...joined, other]);
  await answered(clock, siri, ada);
  expect((await old.answers()).map(({ roomId }) => roomId)).toEqual([next.roomId]);
  expect(await ada.space.change(old.roomId, { action: "remove", devices: [{ deviceId: siris.deviceId }], reason: "" })).toBe(true);
  expect(await old.answers()).toEqual([]);
});
