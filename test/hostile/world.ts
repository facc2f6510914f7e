import { expect } from "vitest";
import { type Bytes, toHex } from "#protocol/bytes.ts";
import type { Role, RoomKind } from "#protocol/control.ts";
import type { EnvelopeType, NumberedEnvelope } from "#protocol/record.ts";
import { systemRandom } from "../../src/engine/platform/clock.ts";
import { openRoomKeys, type RoomKeys } from "../../src/engine/keys/keyring.ts";
import { indexDocId } from "../../src/engine/log/rights.ts";
import { RoomCipher, type SealedEnvelope } from "../../src/engine/log/room-cipher.ts";
import { chainStart } from "../../src/engine/log/room-context.ts";
import { type LogFault, openRoomState, type RoomState } from "../../src/engine/log/room-state.ts";
import type { Room, RoomAttention } from "../../src/engine/space.ts";
import { faultTextKey } from "../../src/features/space/error-text.ts";
import { en } from "../../src/i18n/en/all.ts";
import { nb } from "../../src/i18n/nb/all.ts";
import { nn } from "../../src/i18n/nn/all.ts";
import { bringIn, createDevice, foundService, testServiceId, type TestDevice } from "../support/device.ts";
import { createTestRelay, type TestRelay } from "../support/test-relay.ts";
import { createLiar, type Liar } from "./liar.ts";

/** A device with the relay that it is shown, and its one room. */
export type Party = Liar & { name: string; device: TestDevice; room: Room };

export type World = {
  relay: TestRelay;
  roomId: string;
  ada: Party;
  bo: Party;
  cy: Party;
  /** What the real log holds from a number on. */
  log(after?: number): Promise<NumberedEnvelope[]>;
  close(): Promise<void>;
};

/** Ada's room with Bo and Cy in it, all of whom have read that: numbers 1 to 3. */
export async function createWorld({ kind = "service", role = "consultant" }: { kind?: RoomKind; role?: Role } = {}): Promise<World> {
  const relay = createTestRelay();
  const parties: Party[] = [];
  const party = async (name: string): Promise<Party> => {
    const liar = createLiar(relay);
    const made = { ...liar, name, device: await createDevice(liar.port), room: undefined as unknown as Room };
    parties.push(made);
    return made;
  };
  const [ada, bo, cy] = [await party("Ada"), await party("Bo"), await party("Cy")];
  ada.room = await foundService(relay, ada.device);
  if (kind !== "service") ada.room = await ada.device.space.createRoom({ kind, serviceId: testServiceId, label: "", name: "Ada", recovery: null });
  for (const other of [bo, cy]) other.room = await bringIn(ada.device, ada.room, other.device, { name: other.name, role });
  const { roomId } = ada.room;
  await settle(ada, bo, cy);
  return {
    relay,
    roomId,
    ada,
    bo,
    cy,
    async log(after = 0) {
      const log = await relay.storage.log(roomId, after, { maxBytes: 10_000_000, maxEnvelopes: 1000 });
      return log!.page.flatMap((entry) => ("bytes" in entry ? [{ seq: entry.seq, bytes: entry.bytes }] : []));
    },
    async close() {
      for (const { device } of parties) await device.space.close();
    },
  };
}

/** A round of each, one after the other. */
export async function settle(...parties: Party[]): Promise<void> {
  for (const { device } of parties) await device.space.sync.settle();
}

/** As after a new unlocking: everything in memory is gone. */
export async function unlockAgain(party: Party): Promise<void> {
  const { roomId } = party.room;
  party.device = await party.device.crash();
  party.room = party.device.space.rooms.get().find((room) => room.roomId === roomId)!;
}

export const write = (room: Room, key: string, value = key) => room.edit([indexDocId], (doc) => void doc?.getMap("notes").set(key, value));
export const read = async (room: Room) => (await room.open(indexDocId)).getMap("notes").toJSON();

/** Writes, and has it at the relay as an envelope of its own. */
export async function say(party: Party, key: string): Promise<void> {
  await write(party.room, key);
  await settle(party);
}

/** The longer talk that most lies are told about: 4 a1, 5 a2 (Ada), 6 c1, 7 c2 (Cy), 8 a3 (Ada), each of whom has read what came before. */
export async function talk({ ada, cy }: World): Promise<void> {
  await say(ada, "a1");
  await say(ada, "a2");
  await settle(cy);
  await say(cy, "c1");
  await say(cy, "c2");
  await settle(ada);
  await say(ada, "a3");
}

export const allOfTheTalk = { a1: "a1", a2: "a2", c1: "c1", c2: "c2", a3: "a3" };

export function attentionOf({ device, room: { roomId } }: Pick<Party, "device" | "room">): RoomAttention | undefined {
  return device.space.status.get().attention.find((attention) => attention.roomId === roomId);
}

export const faultOf = (party: Party): LogFault | null => attentionOf(party)?.fault ?? null;

/** Every envelope that is on the device's disk, and what it says of itself. */
export async function disk({ device, room }: Party): Promise<Map<string, { bytes: Bytes; seq: number | undefined }>> {
  const rows = await device.database.records.where("roomId").equals(room.roomId).toArray();
  return new Map(rows.map(({ envelopeId, bytes, seq }) => [envelopeId, { bytes, seq }]));
}

/** Nothing that was on the disk has gone from it or is other bytes now. */
export async function expectKept(party: Party, before: ReadonlyMap<string, { bytes: Bytes }>): Promise<void> {
  const now = await disk(party);
  for (const [id, { bytes }] of before) expect(toHex(now.get(id)?.bytes ?? new Uint8Array(0))).toBe(toHex(bytes));
}

/** The sentence of a key, in all three languages, each with words of its own. */
export function expectWords(key: string, sentence: RegExp): void {
  const texts = [nb, nn, en].map((language) => key.split(".").reduce((node: unknown, name) => (node as Record<string, unknown>)[name], language));
  for (const text of texts) expect(text).toEqual(expect.stringMatching(/\w{3}/));
  expect(new Set(texts).size).toBe(3);
  expect(texts[0]).toMatch(sentence);
}

/** [P7]: the pull is frozen with these words, the bytes are kept, and one goes on writing. */
export async function expectFrozen(party: Party, fault: LogFault, words: { key: string; sentence: RegExp }, evidence: Bytes | null): Promise<void> {
  expect(faultOf(party)).toEqual(fault);
  expect(faultTextKey(fault)).toBe(words.key);
  expectWords(words.key, words.sentence);
  const kept = await party.device.database.evidence.toArray();
  expect(kept.filter(({ roomId }) => roomId === party.room.roomId).map(({ seq, fault: type, bytes }) => ({ seq, type, bytes: toHex(bytes) }))).toEqual(
    evidence === null ? [] : [{ ...fault, bytes: toHex(evidence) }],
  );
  const before = await read(party.room);
  await write(party.room, "still", "written");
  expect(await read(party.room)).toEqual({ ...before, still: "written" });
  expect(party.device.space.sync.status.get().inStepAt).toBeNull();
}

/** Nothing is left over, nothing is amiss, and both have the same. */
export async function expectConverged(...parties: Pick<Party, "device" | "room">[]): Promise<void> {
  const round = async () => {
    for (const { device } of parties) await device.space.sync.settle();
  };
  await expect.poll(() => round().then(() => true, () => false), { timeout: 20_000 }).toBe(true);
  await round();
  const contents = await Promise.all(parties.map(({ room }) => read(room)));
  for (const content of contents) expect(content).toEqual(contents[0]);
  for (const { device, room } of parties) {
    expect(device.space.status.get()).toMatchObject({ unsent: 0 });
    expect(attentionOf({ device, room })?.fault ?? null).toBeNull();
    expect(device.space.sync.status.get().refused.size).toBe(0);
    expect(device.space.sync.status.get().inStepAt).not.toBeNull();
  }
}

export const words = {
  changed: { key: "errors.fault.changed", sentence: /endret underveis.*Du kan arbeide videre, og ingenting er slettet/ },
  fork: { key: "errors.fault.fork", sentence: /ulike versjoner til ulike enheter.*ingenting er slettet/ },
  rollback: { key: "errors.fault.rollback", sentence: /gått tilbake til en eldre utgave.*Ingenting er slettet/ },
  unproven: { key: "errors.fault.unproven", sentence: /påstår noe om denne enheten som den ikke kan vise.*ingenting er slettet/ },
  otherPlace: { key: "errors.fault.otherPlace", sentence: /ikke det stedet du ble invitert til/ },
  needsUpdate: { key: "errors.fault.needsUpdate", sentence: /Oppdater appen/ },
} as const;

/** What a device could do if it did not keep to the rules: its keys, and all that it has verified. */
export type Insider = { keys: RoomKeys; state: RoomState; seal(type: Extract<EnvelopeType, "update" | "control" | "heartbeat">, content: { clear?: unknown; inside?: Bytes }, changes?: { keys?: Partial<RoomKeys>; state?: Partial<RoomState>; after?: { ctr: number; tip: string } }): Promise<SealedEnvelope> };

export async function insider({ device: { database, deviceKeys }, room: { roomId } }: Party): Promise<Insider> {
  const keys = await openRoomKeys(deviceKeys.keyring, (await database.roomKeys.get(roomId))!);
  const state = await openRoomState(deviceKeys.state, (await database.rooms.get(roomId))!);
  return {
    keys,
    state,
    seal(type, { clear, inside = new Uint8Array(0) }, changes = {}) {
      const cipher = new RoomCipher({ ...keys, ...changes.keys });
      const after = changes.after ?? state.heads[keys.deviceId] ?? chainStart;
      const body = clear === undefined ? new Uint8Array(0) : new TextEncoder().encode(JSON.stringify(clear));
      return cipher.seal(type, after, { ...state, ...changes.state }, { clear: body, inside }, systemRandom(12));
    },
  };
}
