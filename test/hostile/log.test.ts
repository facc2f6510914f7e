import { afterEach, expect, test } from "vitest";
import { type Bytes, toHex } from "#protocol/bytes.ts";
import { typeOffset, type NumberedEnvelope } from "#protocol/record.ts";
import { limits } from "#protocol/limits.ts";
import { createTestAuthor, createTestDevice } from "../support/envelopes.ts";
import type { LogFault } from "../../src/engine/log/room-state.ts";
import { renumbered, withByte } from "./liar.ts";
import { allOfTheTalk, createWorld, disk, expectFrozen, expectKept, faultOf, insider, read, settle, talk, unlockAgain, words, type World } from "./world.ts";

// Lies about the log, told to Bo alone about the talk of Ada (4, 5, 8) and Cy (6, 7). The signatures are real.

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

async function open(...given: Parameters<typeof createWorld>): Promise<World> {
  const world = await createWorld(...given);
  worlds.push(world);
  return world;
}

const at = (page: readonly NumberedEnvelope[], seq: number) => page.find((one) => one.seq === seq)!;
const without = (page: readonly NumberedEnvelope[], ...seqs: number[]) => page.filter(({ seq }) => !seqs.includes(seq));
const changed = (page: readonly NumberedEnvelope[], seq: number, change: (bytes: Bytes) => Bytes) =>
  page.map((one) => (one.seq === seq ? { seq, bytes: change(one.bytes) } : one));
const swapped = (page: readonly NumberedEnvelope[], one: number, other: number) =>
  page.map(({ seq, bytes }) => ({ seq, bytes: seq === one ? at(page, other).bytes : seq === other ? at(page, one).bytes : bytes }));
const inserted = (page: readonly NumberedEnvelope[], before: number, bytes: Bytes) =>
  renumbered([...page.filter(({ seq }) => seq < before), { seq: before, bytes }, ...page.filter(({ seq }) => seq >= before)]);

type Attack = {
  attack: string;
  rules: string;
  doctor: (page: NumberedEnvelope[], world: World) => Promise<NumberedEnvelope[]> | NumberedEnvelope[];
  fault: LogFault;
  says: { key: string; sentence: RegExp };
  /** Whether the room goes on when it is unlocked again and the relay is honest: so it is unless a member's own signature proves what happened. */
  heals: boolean;
};

const attacks: Attack[] = [
  {
    attack: "an envelope in Ada's name under a stranger's key",
    rules: "[P2] [E3]",
    async doctor(page, { roomId, ada }) {
      const { keys, state } = await insider(ada);
      const stranger = createTestAuthor({ ...(await createTestDevice()), deviceId: keys.deviceId }, roomId);
      const forged = await stranger.update({ ctr: state.heads[keys.deviceId]!.ctr + 1, prev: new Uint8Array(Buffer.from(state.heads[keys.deviceId]!.tip, "hex")), seenSeq: state.seq, seenAcc: state.acc });
      return [...page, { seq: 9, bytes: forged }];
    },
    fault: { type: "signature", seq: 9 },
    says: words.changed,
    heals: true,
  },
  {
    attack: "an envelope in Ada's name under the key that she has in another room",
    rules: "[P2] [K3]",
    async doctor(page, { ada }) {
      const { seal } = await insider(ada);
      const other = await ada.device.space.createRoom({ kind: "shelf", serviceId: ada.room.roomId, label: "", name: "Ada", recovery: null });
      const { keys } = await insider({ ...ada, room: other });
      return [...page, { seq: 9, bytes: (await seal("update", {}, { keys: { sign: keys.sign } })).bytes }];
    },
    fault: { type: "signature", seq: 9 },
    says: words.changed,
    heals: true,
  },
  { attack: "a byte of a ciphertext", rules: "[E3] [P2]", doctor: (page) => changed(page, 5, (bytes) => withByte(bytes, -70, (byte) => byte ^ 1)), fault: { type: "signature", seq: 5 }, says: words.changed, heals: true },
  { attack: "the last signature of an author", rules: "[P2]", doctor: (page) => changed(page, 8, (bytes) => withByte(bytes, -1, (byte) => byte ^ 1)), fault: { type: "signature", seq: 8 }, says: words.changed, heals: true },
  {
    attack: "an invented envelope with an impossible place in the author's chain, which nobody has signed",
    rules: "[P2] [P3]",
    doctor: (page) => changed(page, 5, (bytes) => withByte(bytes, 49, () => 99)),
    fault: { type: "signature", seq: 5 },
    says: words.changed,
    heals: true,
  },
  {
    attack: "an envelope that says to have seen another log, which nobody has signed",
    rules: "[P2] [P4]",
    doctor: (page) => changed(page, 5, (bytes) => withByte(bytes, 98, (byte) => byte ^ 1)),
    fault: { type: "signature", seq: 5 },
    says: words.changed,
    heals: true,
  },
  { attack: "dropped in the middle of what one author wrote", rules: "[P3]", doctor: (page) => renumbered(without(page, 4), 4), fault: { type: "chain", seq: 4 }, says: words.changed, heals: false },
  { attack: "dropped at the end of what one author wrote", rules: "[P4]", doctor: (page) => renumbered(without(page, 7)), fault: { type: "fork", seq: 7 }, says: words.fork, heals: false },
  { attack: "all of one author dropped", rules: "[P4]", doctor: (page) => renumbered(without(page, 6, 7)), fault: { type: "fork", seq: 6 }, says: words.fork, heals: false },
  { attack: "dropped with its number, so that there is a hole", rules: "[P1] [L1]", doctor: (page) => without(page, 6), fault: { type: "malformed", seq: 7 }, says: words.changed, heals: true },
  { attack: "two envelopes of one author in the other order", rules: "[P3] [E6]", doctor: (page) => swapped(page, 4, 5), fault: { type: "chain", seq: 4 }, says: words.changed, heals: false },
  { attack: "envelopes of two authors in the other order", rules: "[P4]", doctor: (page) => swapped(page, 5, 6), fault: { type: "fork", seq: 5 }, says: words.fork, heals: false },
  { attack: "an envelope a second time, under a new number", rules: "[P3] [E6]", doctor: (page) => inserted(page, 6, at(page, 4).bytes), fault: { type: "chain", seq: 6 }, says: words.changed, heals: false },
  {
    attack: "an envelope that Ada wrote in another room",
    rules: "[P1]",
    async doctor(page, { ada }) {
      const other = await ada.device.space.createRoom({ kind: "shelf", serviceId: ada.room.roomId, label: "", name: "Ada", recovery: null });
      const { seal } = await insider({ ...ada, room: other });
      return [...page, { seq: 9, bytes: (await seal("update", {})).bytes }];
    },
    fault: { type: "malformed", seq: 9 },
    says: words.changed,
    heals: true,
  },
  { attack: "a later version of the format", rules: "[E2]", doctor: (page) => changed(page, 5, (bytes) => withByte(bytes, 3, () => 2)), fault: { type: "needsUpdate", seq: 5 }, says: words.needsUpdate, heals: true },
  { attack: "a version that never was", rules: "[E1]", doctor: (page) => changed(page, 5, (bytes) => withByte(bytes, 3, () => 0)), fault: { type: "malformed", seq: 5 }, says: words.changed, heals: true },
  { attack: "a suite that never was", rules: "[E1]", doctor: (page) => changed(page, 5, (bytes) => withByte(bytes, 4, () => 0)), fault: { type: "malformed", seq: 5 }, says: words.changed, heals: true },
  { attack: "a later suite", rules: "[E2]", doctor: (page) => changed(page, 5, (bytes) => withByte(bytes, 4, () => 2)), fault: { type: "needsUpdate", seq: 5 }, says: words.needsUpdate, heals: true },
  { attack: "an update that is called a heartbeat, whose inside nobody looks into", rules: "[E3] [P2]", doctor: (page) => changed(page, 8, (bytes) => withByte(bytes, typeOffset, () => 3)), fault: { type: "signature", seq: 8 }, says: words.changed, heals: true },
  { attack: "an update that is called presence", rules: "[E1]", doctor: (page) => changed(page, 8, (bytes) => withByte(bytes, typeOffset, () => 4)), fault: { type: "malformed", seq: 8 }, says: words.changed, heals: true },
  { attack: "an earlier epoch in the header", rules: "[P2]", doctor: (page) => changed(page, 8, (bytes) => withByte(bytes, 41, () => 0)), fault: { type: "signature", seq: 8 }, says: words.changed, heals: true },
  { attack: "half an envelope", rules: "[E1]", doctor: (page) => changed(page, 6, (bytes) => bytes.slice(0, bytes.length / 2)), fault: { type: "malformed", seq: 6 }, says: words.changed, heals: true },
  { attack: "an envelope with something behind it", rules: "[E1]", doctor: (page) => changed(page, 6, (bytes) => new Uint8Array([...bytes, 0])), fault: { type: "malformed", seq: 6 }, says: words.changed, heals: true },
  { attack: "an envelope larger than any may be", rules: "[E1]", doctor: (page) => changed(page, 6, () => new Uint8Array(limits.envelopeBytes + 1)), fault: { type: "malformed", seq: 6 }, says: words.changed, heals: true },
];

test.each(attacks)("$rules detected: $attack", async ({ doctor, fault, says, heals }) => {
  const world = await open();
  const { bo, roomId } = world;
  await talk(world);
  const doctored = await doctor(await world.log(3), world);
  bo.lieAboutLog(roomId, (_, after) => doctored.filter(({ seq }) => seq > after));
  const before = await disk(bo);
  await settle(bo);
  const evidence = doctored.find(({ seq }) => seq === fault.seq)!.bytes;
  await expectFrozen(bo, fault, says, evidence);
  await expectKept(bo, before);
  // What was right before it has been taken in, and nothing behind it.
  const order = ["a1", "a2", "c1", "c2", "a3"];
  for (const [index, key] of order.entries()) if (4 + index >= fault.seq) expect(await read(bo.room)).not.toHaveProperty(key);
  await settle(bo);
  expect(faultOf(bo)).toEqual(fault);

  bo.beHonest();
  await unlockAgain(bo);
  await settle(bo, world.ada);
  if (heals) {
    expect(faultOf(bo)).toBeNull();
    expect(await read(bo.room)).toEqual({ ...allOfTheTalk, still: "written" });
    expect(bo.device.space.status.get().unsent).toBe(0);
  } else expect(faultOf(bo)).toEqual(fault);
  // Bo's own saving has reached the others in any case.
  expect(await read(world.ada.room)).toEqual({ ...allOfTheTalk, still: "written" });
  expect(await bo.device.database.evidence.count()).toBe(1);
  expect(toHex((await bo.device.database.evidence.toArray())[0]!.bytes)).toBe(toHex(evidence));
});
