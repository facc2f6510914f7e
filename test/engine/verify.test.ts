import { afterEach, beforeEach, expect, test } from "vitest";
import { type Bytes, fromHex } from "#protocol/bytes.ts";
import { accStartInput, headerBytes, type NumberedEnvelope } from "#protocol/record.ts";
import { sha256 } from "../../src/engine/crypto/primitives.ts";
import { generateLeaf, publicLeaf } from "../../src/engine/keys/keyring.ts";
import { indexDocId } from "../../src/engine/log/rights.ts";
import { emptyRoomState, type RoomState } from "../../src/engine/log/room-state.ts";
import { verifyPage } from "../../src/engine/log/verify.ts";
import type { Room } from "../../src/engine/space.ts";
import { createDevice, foundService, type TestDevice } from "../support/device.ts";
import { createTestRelay } from "../support/test-relay.ts";

let device: TestDevice;
let room: Room;
let page: NumberedEnvelope[];
let start: RoomState;

beforeEach(async () => {
  const relay = createTestRelay();
  device = await createDevice(relay.port);
  room = await foundService(relay, device);
  const leaf = await generateLeaf();
  const member = { memberId: "ab".repeat(16), role: "consultant" as const, deviceId: leaf.deviceId, leaf: publicLeaf(leaf) };
  expect(await device.space.addMember(room.roomId, member, "Bo")).toBe(true);
  for (const value of ["one", "two", "three"]) {
    await room.edit([indexDocId], (doc) => doc?.getMap("notes").set("a", value));
    await device.space.sync.settle();
  }
  const rows = () => device.database.records.orderBy("local").filter((row) => row.seq !== undefined).toArray();
  await expect.poll(async () => (await rows()).length).toBe(5);
  page = (await rows()).map(({ seq, bytes }) => ({ seq: seq ?? 0, bytes }));
  start = await emptyRoomState(room.roomId);
});

afterEach(() => device.space.close());

const verifyFrom = (pages: NumberedEnvelope[], state = start) => verifyPage(room, state, pages, async () => undefined);

function changed(seq: number, at: (bytes: Bytes) => number): NumberedEnvelope[] {
  return page.map((one) => {
    if (one.seq !== seq) return one;
    const bytes = one.bytes.slice();
    const offset = at(bytes);
    bytes[offset] = (bytes[offset] ?? 0) ^ 1;
    return { seq, bytes };
  });
}

test("an untouched log is accepted whole", async () => {
  const { accepted, state } = await verifyFrom(page);
  expect(accepted).toHaveLength(5);
  expect(state.fault).toBeNull();
  expect(Object.keys(state.membership?.devices ?? {})).toHaveLength(2);
});

test("[E3] [P2] a changed byte of a ciphertext stops the log there, and what came before is kept", async () => {
  const { accepted, state } = await verifyFrom(changed(4, (bytes) => bytes.length - 70));
  expect(accepted.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  expect(state.fault).toMatchObject({ seq: expect.any(Number) });
});

test("[P2] a changed signature in the middle of a run is covered by the chain, at its tip it is a fault", async () => {
  expect((await verifyFrom(changed(3, (bytes) => bytes.length - 1))).state.fault).toBeNull();
  const tip = await verifyFrom(changed(5, (bytes) => bytes.length - 1));
  expect(tip.accepted.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  expect(tip.state.fault).toEqual({ type: "signature", seq: 5 });
});

test("[P3] an envelope left out breaks its author's chain", async () => {
  const dropped = page.filter(({ seq }) => seq !== 4).map((one) => (one.seq === 5 ? { ...one, seq: 4 } : one));
  expect((await verifyFrom(dropped)).state.fault).toEqual({ type: "chain", seq: 4 });
});

test("[P3] two envelopes in the wrong order break it too", async () => {
  const [third, fourth] = [page[2]!, page[3]!];
  const swapped = [...page.slice(0, 2), { seq: 3, bytes: fourth.bytes }, { seq: 4, bytes: third.bytes }, page[4]!];
  expect((await verifyFrom(swapped)).state.fault).toEqual({ type: "chain", seq: 3 });
});

test("[P3] an envelope given twice is found out", async () => {
  const twice = [...page.slice(0, 4), { seq: 5, bytes: page[3]!.bytes }];
  expect((await verifyFrom(twice)).state.fault).toEqual({ type: "chain", seq: 5 });
});

test("[P4] a log that is not the one its author saw is a fork", async () => {
  const other = { ...start, acc: await sha256(accStartInput(fromHex(room.roomId), 2)) };
  expect((await verifyFrom(page, other)).state.fault).toMatchObject({ type: "fork" });
});

test("[P1] a hole in the numbers is refused", async () => {
  expect((await verifyFrom(page.slice(1))).state.fault).toEqual({ type: "malformed", seq: 2 });
});

test("[I7] another genesis than the pinned one is not this room", async () => {
  const { state, accepted } = await verifyPage({ ...room, roomId: room.roomId, genesis: "00".repeat(32) }, start, page, async () => undefined);
  expect(accepted).toEqual([]);
  expect(state.fault).toEqual({ type: "genesis", seq: 1 });
});

test("[E2] a later version stops this room until the app is updated, and is no fault of anyone's", async () => {
  const later = page.map((one) => (one.seq === 5 ? { seq: 5, bytes: withByte(one.bytes, 3, 2) } : one));
  const { accepted, state } = await verifyFrom(later);
  expect(accepted).toHaveLength(4);
  expect(state.fault).toEqual({ type: "needsUpdate", seq: 5 });
});

test("[C1] a control record changed in its clear part does not pass", async () => {
  const { state, accepted } = await verifyFrom(changed(2, () => headerBytes + 30));
  expect(accepted.length).toBeLessThan(2);
  expect(state.fault).not.toBeNull();
});

function withByte(bytes: Bytes, offset: number, value: number): Bytes {
  const copy = bytes.slice();
  copy[offset] = value;
  return copy;
}
