import { createPrivateKey } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import * as Y from "yjs";
import type { ControlBody } from "#protocol/control.ts";
import { openRoomKeys, type RoomKeys } from "../../src/engine/keys/keyring.ts";
import { documentId, indexDocId } from "../../src/engine/log/rights.ts";
import type { Room } from "../../src/engine/space.ts";
import type { RecordRow } from "../../src/engine/storage/log-store.ts";
import { bringIn, createDevice, foundService, type TestDevice } from "../support/device.ts";
import { createTestRelay } from "../support/test-relay.ts";
import {
  accumulators,
  commitment,
  deviceIdOf,
  hex,
  isSignedBy,
  openHpke,
  openSealed,
  readEnvelope,
  readInside,
  subKey,
  unpad,
  wrapInfo,
} from "../support/wire.ts";

// What our own devices write, read as SPEC.md says and by other hands: see test/support/wire.ts.

const caseDocId = documentId("case", "ca".repeat(16));
const newcomer = "Bo Bringebær";

let ada: TestDevice;
let bo: TestDevice;
let room: Room;

beforeEach(async () => {
  const relay = createTestRelay();
  [ada, bo] = [await createDevice(relay.port), await createDevice(relay.port)];
  room = await foundService(relay, ada);
  await bringIn(ada, room, bo, { name: newcomer });
  await room.edit([indexDocId, caseDocId], (index, caseDoc) => {
    index?.getMap("notes").set("a", "in the index");
    caseDoc?.getMap("notes").set("a", "in the case");
  });
  await ada.space.sync.settle();
  await expect.poll(async () => (await numbered(ada)).length).toBe(3);
  await room.edit([indexDocId], (index) => index?.getMap("notes").set("b", "after all of that"));
});
afterEach(async () => {
  for (const { space } of [ada, bo]) await space.close();
});

const rowsOf = ({ database }: TestDevice) => database.records.orderBy("local").toArray();
const numbered = async (device: TestDevice) => (await rowsOf(device)).filter(({ seq }) => seq !== undefined).sort((a, b) => a.seq! - b.seq!);
const keysOf = async ({ database, deviceKeys }: TestDevice): Promise<RoomKeys> => openRoomKeys(deviceKeys.keyring, (await database.roomKeys.toArray())[0]!);
const scalarOf = (pkcs8: Uint8Array) => {
  const jwk = createPrivateKey({ key: Buffer.from(pkcs8), format: "der", type: "pkcs8" }).export({ format: "jwk" });
  return Buffer.from(jwk.d ?? "", "base64url");
};

async function opened(row: RecordRow, use: "update" | "control") {
  const envelope = readEnvelope(row.bytes);
  const key = subKey(use, (await keysOf(ada)).secrets[1]!, envelope);
  return { envelope, key, plain: unpad(openSealed(key, envelope.nonce, envelope.sealed, envelope.sealedUnder)) };
}

test("[K1] [K2] [K5] [E3] [E4] [E5] [E7] an update opens by the words of the spec alone, and every byte of it is accounted for", async () => {
  const row = (await numbered(ada))[2]!;
  const keys = await keysOf(ada);
  const { envelope, plain } = await opened(row, "update");
  expect(envelope).toMatchObject({ magic: "ADR", version: 1, suite: 1, type: 1, epoch: 1, ctr: 3, logGen: 1, rest: 0 });
  expect(envelope.clear).toHaveLength(0);
  expect(envelope.id.toString("hex")).toBe(row.envelopeId);
  expect(isSignedBy(envelope, keys.sign.publicKey)).toBe(true);
  expect(isSignedBy(envelope, (await keysOf(bo)).sign.publicKey)).toBe(false);
  expect(envelope.deviceId).toEqual(deviceIdOf(keys.sign.publicKey, keys.kem.publicKey));
  const inside = readInside(plain);
  expect(inside.rest).toBe(0);
  expect(Math.abs(Date.now() - inside.authoredAt)).toBeLessThan(600_000);
  const notes = inside.items.map(({ docId, update }) => {
    const doc = new Y.Doc();
    Y.applyUpdateV2(doc, update);
    return [docId, doc.getMap("notes").get("a")];
  });
  expect(notes.toSorted()).toEqual([[indexDocId, "in the index"], [caseDocId, "in the case"]]);
});

test("[K5] the key is one author's, in one epoch, for one use: no other opens it", async () => {
  const { envelope } = await opened((await numbered(ada))[2]!, "update");
  const secret = (await keysOf(ada)).secrets[1]!;
  const { roomId, epoch, deviceId } = envelope;
  const opens = (use: string, at: Parameters<typeof subKey>[2]) => () =>
    openSealed(subKey(use, secret, at), envelope.nonce, envelope.sealed, envelope.sealedUnder);
  expect(opens("update", { roomId, epoch, deviceId })).not.toThrow();
  expect(opens("control", { roomId, epoch, deviceId })).toThrow();
  expect(opens("update", { roomId, epoch: 2, deviceId })).toThrow();
  expect(opens("update", { roomId, epoch, deviceId: hex((await keysOf(bo)).deviceId) })).toThrow();
  expect(opens("update", { roomId: hex("00".repeat(16)), epoch, deviceId })).toThrow();
});

test("[E4] a seal holds for its own header and clear body only", async () => {
  const { envelope, key } = await opened((await numbered(ada))[1]!, "control");
  expect(envelope.clear.length).toBeGreaterThan(0);
  for (let at = 0; at < envelope.sealedUnder.length; at += 97) {
    const changed = Buffer.from(envelope.sealedUnder);
    changed[at]! ^= 1;
    expect(() => openSealed(key, envelope.nonce, envelope.sealed, changed)).toThrow();
  }
});

test("[K1] every seal has a nonce of its own", async () => {
  const nonces = (await rowsOf(ada)).map(({ bytes }) => readEnvelope(bytes).nonce.toString("hex"));
  expect(new Set(nonces).size).toBe(4);
});

test("[K4] [K6] the newcomer's wrap opens with its own key, for this room and epoch, and gives the secret that was committed to", async () => {
  const { envelope } = await opened((await numbered(ada))[1]!, "control");
  const body = JSON.parse(envelope.clear.toString()) as Extract<ControlBody, { action: "addMember" }>;
  const [wrap] = body.wraps;
  const [founders, theirs] = [await keysOf(ada), await keysOf(bo)];
  const [enc, sealed] = [Buffer.from(wrap!.enc, "base64url"), Buffer.from(wrap!.sealed, "base64url")];
  const info = wrapInfo(envelope.roomId, 1, hex(theirs.deviceId));
  const secret = openHpke(scalarOf(theirs.kem.privateKey), enc, info, sealed);
  expect(secret).toEqual(Buffer.from(founders.secrets[1]!));
  expect(body.commitment).toBe(commitment(envelope.roomId, 1, secret).toString("hex"));
  expect(() => openHpke(scalarOf(theirs.kem.privateKey), enc, wrapInfo(envelope.roomId, 2, hex(theirs.deviceId)), sealed)).toThrow();
  expect(() => openHpke(scalarOf(founders.kem.privateKey), enc, info, sealed)).toThrow();
});

test("[C6] a newcomer's name is in the sealed part of the record that adds it, and nowhere in the clear", async () => {
  const row = (await numbered(ada))[1]!;
  const { envelope, plain } = await opened(row, "control");
  expect(envelope.type).toBe(2);
  expect(JSON.parse(plain.toString())).toEqual({ at: expect.any(Number) as number, name: newcomer });
  expect(Buffer.from(row.bytes).includes(Buffer.from(newcomer, "utf8"))).toBe(false);
});

test("[L2] every device has the accumulators that follow from the envelopes, and names in each of its own how far it had read", async () => {
  const log = await numbered(ada);
  const envelopes = log.map(({ bytes }) => readEnvelope(bytes));
  const accs = accumulators(hex(room.roomId), 1, envelopes.map(({ id }) => id));
  expect(log.map(({ acc }) => Buffer.from(acc!))).toEqual(accs.slice(1));
  const newest = readEnvelope((await rowsOf(ada)).at(-1)!.bytes);
  expect(newest.seenSeq).toBe(3);
  for (const { seenSeq, seenAcc } of [...envelopes, newest]) expect(seenAcc).toEqual(accs[seenSeq]);
  await bo.space.sync.settle();
  await expect.poll(async () => (await numbered(bo)).length).toBeGreaterThanOrEqual(3);
  expect((await numbered(bo)).slice(0, 3).map(({ acc }) => Buffer.from(acc!))).toEqual(accs.slice(1));
});
