import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readMembership, type Membership } from "../../sync-server/protocol/membership.ts";
import { newRoom, type Invite, type NewEnvelope, type RelayStorage, type RoomState, type StoredSession } from "../../sync-server/storage/storage.ts";
import { randomBytes, randomId } from "../support/envelopes.ts";

const bounds = { maxBytes: 1_000_000, maxEnvelopes: 1000 };

export function testMembership(commitment = "11".repeat(32)): Membership {
  return readMembership({
    roomKind: "school",
    serviceId: "ab".repeat(16),
    epoch: 1,
    commitment,
    controlHead: "22".repeat(32),
    devices: {
      ["cd".repeat(16)]: { memberId: "ef".repeat(16), role: "consultant", leaf: { sign: "sign", kem: "kem" } },
    },
  });
}

const emptyRoom = (): RoomState => newRoom(testMembership());

const hash = (byte: number) => byte.toString(16).padStart(2, "0").repeat(32);

function envelope(seq: number, deviceId: string, ctr = seq, size = 100): NewEnvelope {
  return { seq, deviceId, ctr, envelopeId: hash(seq % 256), bytes: randomBytes(size), acc: randomBytes(32) };
}

/**
 * What every storage promises the relay.
 * @param open a storage of its own for each test
 * @param overheadBytes what the storage adds to each envelope
 */
export function relayStorageContract(open: () => Promise<RelayStorage>, overheadBytes = 0): void {
  let storage: RelayStorage;
  const roomId = randomId();
  const device = randomId();

  const addRoom = (id = roomId) => storage.write((tx) => tx.insertRoom(id, testMembership()));
  const add = (...envelopes: NewEnvelope[]) => storage.write((tx) => tx.appendEnvelopes(roomId, envelopes));

  beforeEach(async () => {
    storage = await open();
  });
  afterEach(() => storage.close());

  describe("rooms and logs", () => {
    test("a room comes back as it was put, and one that was never made is left out", async () => {
      await addRoom();
      const other = randomId();
      const found = await storage.rooms([roomId, other]);
      expect(found.get(roomId)).toEqual(emptyRoom());
      expect(found.has(other)).toBe(false);
      expect(await storage.log(other, 0, bounds)).toBeNull();
      expect(await storage.write((tx) => tx.lockRoom(other))).toBeNull();
    });

    test("several rooms are locked as each of them is, and one that was never made is left out", async () => {
      const other = randomId();
      await addRoom();
      await addRoom(other);
      await add(envelope(1, device));
      await storage.write(async (tx) => {
        const found = await tx.lockRooms([other, randomId(), roomId]);
        expect(found).toEqual(new Map([[other, emptyRoom()], [roomId, await tx.lockRoom(roomId)]]));
        expect(found.get(roomId)?.headSeq).toBe(1);
        expect(await tx.lockRooms([])).toEqual(new Map());
      });
    });

    test("a room is made once", async () => {
      await addRoom();
      await expect(addRoom()).rejects.toThrow();
      expect((await storage.rooms([roomId])).get(roomId)).toEqual(emptyRoom());
    });

    test("[R1] envelopes keep numbers, order and every byte, and move the head", async () => {
      await addRoom();
      const stored = [envelope(1, device), envelope(2, device), envelope(3, device)];
      await add(...stored.slice(0, 2));
      await add(...stored.slice(2));
      const log = await storage.log(roomId, 0, bounds);
      expect(log).toEqual({ logGen: 1, headSeq: 3, page: stored.map(({ seq, bytes }) => ({ seq, bytes })) });
      expect((await storage.rooms([roomId])).get(roomId)?.headSeq).toBe(3);
    });

    test("[L1] [L3] a number that leaves a hole or is taken is refused, and nothing of its batch stays", async () => {
      await addRoom();
      await add(envelope(1, device));
      await expect(add(envelope(3, device))).rejects.toThrow();
      await expect(add(envelope(2, device), envelope(2, device, 3))).rejects.toThrow();
      await expect(add(envelope(1, device, 9))).rejects.toThrow();
      expect((await storage.log(roomId, 0, bounds))?.page.map(({ seq }) => seq)).toEqual([1]);
    });

    test("[E6] a place of an author holds one envelope", async () => {
      await addRoom();
      await add(envelope(1, device, 1));
      await expect(add(envelope(2, device, 1))).rejects.toThrow();
    });

    test("numbers of one room are nothing to another", async () => {
      const other = randomId();
      await addRoom();
      await addRoom(other);
      await add(envelope(1, device));
      await storage.write((tx) => tx.appendEnvelopes(other, [envelope(1, device), envelope(2, device)]));
      const heads = await storage.rooms([roomId, other]);
      expect([heads.get(roomId)?.headSeq, heads.get(other)?.headSeq]).toEqual([1, 2]);
    });

    test("a page begins after the cursor and ends at a bound, but is never empty while there is something", async () => {
      await addRoom();
      await add(...[1, 2, 3, 4, 5].map((seq) => envelope(seq, device, seq, 100)));
      const page = async (after: number, maxBytes: number, maxEnvelopes: number) =>
        (await storage.log(roomId, after, { maxBytes, maxEnvelopes }))?.page.map(({ seq }) => seq);
      expect(await page(2, 1000, 10)).toEqual([3, 4, 5]);
      expect(await page(0, 1000, 2)).toEqual([1, 2]);
      expect(await page(0, 250, 10)).toEqual([1, 2]);
      expect(await page(0, 10, 10)).toEqual([1]);
      expect(await page(5, 1000, 10)).toEqual([]);
      expect(await page(99, 1000, 10)).toEqual([]);
    });

    test("chain heads and places answer only for what is there", async () => {
      await addRoom();
      const stranger = randomId();
      await add(envelope(1, device, 7));
      await storage.write((tx) => tx.setChainHeads(roomId, new Map([[device, { ctr: 7, tip: hash(1) }]])));
      await storage.write((tx) => tx.setChainHeads(roomId, new Map([[device, { ctr: 8, tip: hash(2) }]])));
      await storage.write(async (tx) => {
        expect(await tx.chainHeads(roomId, [device, stranger])).toEqual(new Map([[device, { ctr: 8, tip: hash(2) }]]));
        expect(
          await tx.storedAt(roomId, [
            { deviceId: stranger, ctr: 7 },
            { deviceId: device, ctr: 7 },
            { deviceId: device, ctr: 8 },
          ]),
        ).toEqual([null, { seq: 1, envelopeId: hash(1) }, null]);
      });
    });

    test("[L2] the accumulator at each number comes back, within the transaction too; a number not given has none", async () => {
      await addRoom();
      const [first, second] = [envelope(1, device), envelope(2, device)];
      await add(first);
      await storage.write(async (tx) => {
        await tx.appendEnvelopes(roomId, [second]);
        expect(await tx.accsAt(roomId, [2, 1, 0, 3])).toEqual(new Map([[2, second.acc], [1, first.acc]]));
      });
    });

    test("a membership is replaced whole", async () => {
      await addRoom();
      const moved = testMembership("33".repeat(32));
      await storage.write((tx) => tx.setMembership(roomId, moved));
      expect((await storage.rooms([roomId])).get(roomId)?.membership).toEqual(moved);
    });
  });

  describe("generations, quotas and what is dropped", () => {
    const stateOf = async (id = roomId) => (await storage.rooms([id])).get(id);
    const droppedOf = ({ seq, envelopeId, deviceId, ctr }: NewEnvelope) => ({ seq, dropped: { envelopeId, deviceId, ctr } });
    const wholeOf = ({ seq, bytes }: NewEnvelope) => ({ seq, bytes });

    test("[G1] a new generation begins in every room after its newest envelope, above all that were", async () => {
      const other = randomId();
      expect(await storage.write((tx) => tx.beginGeneration(2))).toBe(0);
      expect(await storage.write((tx) => tx.restoredGen())).toBe(2);
      await addRoom();
      await add(envelope(1, device), envelope(2, device));
      await addRoom(other);
      expect(await storage.write((tx) => tx.beginGeneration(700))).toBe(2);
      await add(envelope(3, device));
      await storage.write((tx) => tx.beginGeneration(600));
      expect(await stateOf()).toMatchObject({
        logGen: 701,
        headSeq: 3,
        generations: [{ logGen: 1, fromSeq: 0 }, { logGen: 700, fromSeq: 2 }, { logGen: 701, fromSeq: 3 }],
      });
      expect(await stateOf(other)).toMatchObject({
        logGen: 701,
        generations: [{ logGen: 1, fromSeq: 0 }, { logGen: 700, fromSeq: 0 }, { logGen: 701, fromSeq: 0 }],
      });
      expect(await storage.log(roomId, 2, bounds)).toMatchObject({ logGen: 701, headSeq: 3 });
      expect(await storage.write((tx) => tx.lockRoom(roomId))).toEqual(await stateOf());
      expect(await storage.write((tx) => tx.restoredGen())).toBe(701);
    });

    test("[G6] a room may be born in generations that began before it", async () => {
      const generations = [{ logGen: 1, fromSeq: 0 }, { logGen: 700, fromSeq: 0 }];
      await storage.write((tx) => tx.insertRoom(roomId, testMembership(), generations));
      expect(await stateOf()).toEqual({ ...emptyRoom(), logGen: 700, generations });
    });

    test("a room's stored bytes are those of its envelopes, whether they come or go", async () => {
      await addRoom();
      await add(envelope(1, device, 1, 100), envelope(2, device, 2, 250));
      await add(envelope(3, device, 3, 70));
      expect((await stateOf())?.storedBytes).toBe(420 + 3 * overheadBytes);
      await storage.write((tx) => tx.dropBytes(roomId, [2]));
      expect((await stateOf())?.storedBytes).toBe(170 + 2 * overheadBytes);
      await storage.write((tx) => tx.dropBytes(roomId, [2]));
      expect((await stateOf())?.storedBytes).toBe(170 + 2 * overheadBytes);
      await storage.write(async (tx) => {
        await tx.shredRoom(roomId);
        expect((await tx.lockRoom(roomId))?.storedBytes).toBe(0);
      });
      expect((await stateOf())?.storedBytes).toBe(0);
    });

    test("a service's bytes are those of all its rooms, and of no other's", async () => {
      await addRoom();
      await add(envelope(1, device, 1, 100));
      const [second, foreign] = [randomId(), randomId()];
      await addRoom(second);
      await storage.write((tx) => tx.appendEnvelopes(second, [envelope(1, device, 1, 250)]));
      await storage.write((tx) => tx.insertRoom(foreign, { ...testMembership(), serviceId: "cc".repeat(16) }));
      await storage.write((tx) => tx.appendEnvelopes(foreign, [envelope(1, device, 1, 70)]));
      expect(await storage.serviceBytes(testMembership().serviceId)).toBe(350 + 2 * overheadBytes);
      expect(await storage.serviceBytes("cc".repeat(16))).toBe(70 + overheadBytes);
      expect(await storage.serviceBytes("dd".repeat(16))).toBe(0);
    });

    test("dropped bytes are gone, and the envelope keeps its number, id, place and accumulator", async () => {
      await addRoom();
      const stored = [envelope(1, device), envelope(2, device), envelope(3, device)] as const;
      await add(...stored);
      await expect(storage.write((tx) => tx.dropBytes(roomId, [2, 4]))).rejects.toThrow();
      expect((await storage.log(roomId, 0, bounds))?.page).toEqual(stored.map(wholeOf));
      await storage.write((tx) => tx.dropBytes(roomId, [2]));
      expect(await storage.log(roomId, 0, bounds)).toEqual({
        logGen: 1,
        headSeq: 3,
        page: [wholeOf(stored[0]), droppedOf(stored[1]), wholeOf(stored[2])],
      });
      expect((await storage.log(roomId, 1, { ...bounds, maxEnvelopes: 1 }))?.page).toEqual([droppedOf(stored[1])]);
      await storage.write(async (tx) => {
        expect(await tx.storedAt(roomId, [stored[1]])).toEqual([{ seq: 2, envelopeId: stored[1].envelopeId }]);
        expect(await tx.accsAt(roomId, [2])).toEqual(new Map([[2, stored[1].acc]]));
        expect(await tx.bytesAt(roomId, stored[1])).toBeNull();
      });
      await expect(add(envelope(4, device, 2))).rejects.toThrow();
    });

    test("a shredded room has no bytes, and keeps those that come after", async () => {
      const other = randomId();
      await addRoom();
      await addRoom(other);
      const [first, second, third, kept] = [envelope(1, device), envelope(2, device), envelope(3, device), envelope(1, device)];
      await add(first, second);
      await storage.write((tx) => tx.appendEnvelopes(other, [kept]));
      await storage.write((tx) => tx.shredRoom(roomId));
      await add(third);
      expect((await storage.log(roomId, 0, bounds))?.page).toEqual([droppedOf(first), droppedOf(second), wholeOf(third)]);
      expect((await storage.log(other, 0, bounds))?.page).toEqual([wholeOf(kept)]);
      await expect(storage.write((tx) => tx.shredRoom(randomId()))).rejects.toThrow();
    });

    test("the bytes of a place come back, within the transaction too; an empty one has none", async () => {
      await addRoom();
      const [first, second] = [envelope(1, device, 5), envelope(2, device, 6)];
      await add(first);
      await storage.write(async (tx) => {
        await tx.appendEnvelopes(roomId, [second]);
        expect(await tx.bytesAt(roomId, first)).toEqual(first.bytes);
        expect(await tx.bytesAt(roomId, second)).toEqual(second.bytes);
        expect(await tx.bytesAt(roomId, { deviceId: device, ctr: 7 })).toBeNull();
        expect(await tx.bytesAt(roomId, { deviceId: randomId(), ctr: 5 })).toBeNull();
      });
    });
  });

  describe("keys and settings", () => {
    test("a room's outer key is put once, and goes when the room is shredded", async () => {
      const [outerKey, next] = [randomBytes(32), randomBytes(32)];
      const id = randomId();
      await expect(storage.write((tx) => tx.insertOuterKey(id, outerKey))).rejects.toThrow();
      await addRoom(id);
      expect(await storage.outerKey(id)).toBeNull();
      await storage.write((tx) => tx.insertOuterKey(id, outerKey));
      await expect(storage.write((tx) => tx.insertOuterKey(id, next))).rejects.toThrow();
      expect(await storage.outerKey(id)).toEqual(outerKey);
      await storage.write(async (tx) => {
        await tx.shredRoom(id);
        expect(await tx.outerKey(id)).toBeNull();
        await tx.insertOuterKey(id, next);
        expect(await tx.outerKey(id)).toEqual(next);
      });
      expect(await storage.outerKey(id)).toEqual(next);
    });

    test("a setting is what it was first", async () => {
      const [first, second] = [randomBytes(32), randomBytes(32)];
      expect(await storage.setting("secret")).toBeNull();
      expect(await storage.write((tx) => tx.settle("secret", first))).toEqual(first);
      expect(await storage.write((tx) => tx.settle("secret", second))).toEqual(first);
      expect(await storage.setting("secret")).toEqual(first);
      expect(await storage.write((tx) => tx.settle("other", second))).toEqual(second);
      const settled = await Promise.all([1, 2, 3].map((byte) => storage.write((tx) => tx.settle("raced", Uint8Array.of(byte)))));
      expect(new Set(settled.map((value) => value[0])).size).toBe(1);
    });
  });

  describe("sessions, push-only tokens and recovery bundles", () => {
    const [roomA, roomB, deviceA, deviceB] = [randomId(), randomId(), randomId(), randomId()];
    const session = (expiresAt: number, ...rooms: [string, string, number][]): StoredSession => ({
      expiresAt,
      rooms: new Map(rooms.map(([id, deviceId, headSeq]) => [id, { deviceId, headSeq }])),
    });

    test("[G1] a new generation ends the sessions, which know nothing of it", async () => {
      await storage.write((tx) => tx.insertSession(hash(1), session(5000, [roomA, deviceA, 7])));
      await storage.write((tx) => tx.beginGeneration(2));
      expect(await storage.session(hash(1))).toBeNull();
    });

    test("[R6] a session comes back as it was put, and is put once", async () => {
      const put = session(5000, [roomA, deviceA, 7], [roomB, deviceA, 0]);
      expect(await storage.session(hash(1))).toBeNull();
      await storage.write((tx) => tx.insertSession(hash(1), put));
      expect(await storage.session(hash(1))).toEqual(put);
      expect(await storage.pushToken(hash(1))).toBeNull();
      await expect(storage.write((tx) => tx.insertSession(hash(1), put))).rejects.toThrow();
    });

    test("a push-only token comes back as it was put, and is no session", async () => {
      const token = { tokenHash: hash(2), expiresAt: 9000, rooms: [{ roomId: roomA, deviceId: deviceA }] };
      await storage.write((tx) => tx.insertPushToken(token));
      expect(await storage.pushToken(hash(2))).toEqual(token);
      expect(await storage.pushToken(hash(3))).toBeNull();
      expect(await storage.session(hash(2))).toBeNull();
      await expect(storage.write((tx) => tx.insertPushToken(token))).rejects.toThrow();
    });

    test("a push-only token ends in a room with its device, and only there; a session does not", async () => {
      await storage.write(async (tx) => {
        await tx.insertSession(hash(1), session(5000, [roomA, deviceA, 1]));
        await tx.insertPushToken({ tokenHash: hash(3), expiresAt: 5000, rooms: [{ roomId: roomA, deviceId: deviceA }, { roomId: roomB, deviceId: deviceB }] });
        await tx.insertPushToken({ tokenHash: hash(4), expiresAt: 5000, rooms: [{ roomId: roomA, deviceId: deviceA }] });
        await tx.insertPushToken({ tokenHash: hash(5), expiresAt: 5000, rooms: [{ roomId: roomB, deviceId: deviceA }] });
      });
      await storage.write((tx) => tx.endPushTokens(roomA, deviceA));
      expect(await storage.session(hash(1))).toEqual(session(5000, [roomA, deviceA, 1]));
      expect((await storage.pushToken(hash(3)))?.rooms).toEqual([{ roomId: roomB, deviceId: deviceB }]);
      expect(await storage.pushToken(hash(4))).toBeNull();
      expect((await storage.pushToken(hash(5)))?.rooms).toEqual([{ roomId: roomB, deviceId: deviceA }]);
    });

    test("sweeping forgets what is over", async () => {
      await storage.write(async (tx) => {
        await tx.insertSession(hash(1), session(1000, [roomA, deviceA, 1]));
        await tx.insertSession(hash(2), session(1001, [roomA, deviceA, 1]));
        await tx.insertPushToken({ tokenHash: hash(3), expiresAt: 1000, rooms: [{ roomId: roomA, deviceId: deviceA }] });
        await tx.insertPushToken({ tokenHash: hash(4), expiresAt: 1001, rooms: [{ roomId: roomA, deviceId: deviceA }] });
      });
      await storage.write((tx) => tx.sweepSessions(1000));
      const left = [storage.session(hash(1)), storage.session(hash(2)), storage.pushToken(hash(3)), storage.pushToken(hash(4))];
      expect((await Promise.all(left)).map((found) => found?.expiresAt)).toEqual([undefined, 1001, undefined, 1001]);
    });

    test("a recovery bundle is replaced by its own service only, and dropped for good", async () => {
      const bundle = { lookupId: hash(1), serviceId: randomId(), body: randomBytes(300) };
      expect(await storage.recoveryBundle(hash(1))).toBeNull();
      await storage.write((tx) => tx.putRecoveryBundle(bundle));
      expect(await storage.recoveryBundle(hash(1))).toEqual(bundle);
      await storage.write((tx) => tx.putRecoveryBundle({ ...bundle, lookupId: hash(2) }));
      expect(await storage.write((tx) => tx.countRecoveryBundles(bundle.serviceId))).toBe(2);
      expect(await storage.write((tx) => tx.countRecoveryBundles(randomId()))).toBe(0);
      const renewed = { ...bundle, body: randomBytes(200) };
      await storage.write((tx) => tx.putRecoveryBundle(renewed));
      await expect(storage.write((tx) => tx.putRecoveryBundle({ ...bundle, serviceId: randomId() }))).rejects.toThrow();
      expect(await storage.recoveryBundle(hash(1))).toEqual(renewed);
      await storage.write((tx) => tx.dropRecoveryBundle(hash(1)));
      await storage.write((tx) => tx.dropRecoveryBundle(hash(1)));
      expect(await storage.recoveryBundle(hash(1))).toBeNull();
    });
  });

  describe("transactions", () => {
    test("[R1] what throws leaves nothing behind, and its error comes out", async () => {
      await addRoom();
      const fault = new Error("thrown on purpose");
      const failing = storage.write(async (tx) => {
        await tx.appendEnvelopes(roomId, [envelope(1, device)]);
        await tx.setChainHeads(roomId, new Map([[device, { ctr: 1, tip: hash(1) }]]));
        await tx.insertCode(hash(4), 0);
        throw fault;
      });
      await expect(failing).rejects.toBe(fault);
      expect((await storage.log(roomId, 0, bounds))?.headSeq).toBe(0);
      expect(await storage.isNew()).toBe(true);
      await storage.write(async (tx) => expect(await tx.chainHeads(roomId, [device])).toEqual(new Map()));
    });

    test("[R1] nobody reads what is not committed, and the transaction reads its own writes", async () => {
      await addRoom();
      await storage.write(async (tx) => {
        await tx.appendEnvelopes(roomId, [envelope(1, device)]);
        expect((await tx.lockRoom(roomId))?.headSeq).toBe(1);
        expect((await storage.log(roomId, 0, bounds))?.page).toEqual([]);
        expect((await storage.rooms([roomId])).get(roomId)?.headSeq).toBe(0);
      });
      expect((await storage.log(roomId, 0, bounds))?.headSeq).toBe(1);
    });

    test("[L1] twenty writers at once draw twenty numbers without a hole", async () => {
      await addRoom();
      const writers = Array.from({ length: 20 }, (_, index) =>
        storage.write(async (tx) => {
          const seq = ((await tx.lockRoom(roomId))?.headSeq ?? 0) + 1;
          await tx.appendEnvelopes(roomId, [envelope(seq, device, index + 1)]);
          return seq;
        }),
      );
      const numbers = await Promise.all(writers);
      expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    });

    test("a write after one that failed is as any other", async () => {
      await addRoom();
      const failing = storage.write(() => Promise.reject(new Error("thrown on purpose")));
      const next = add(envelope(1, device));
      await expect(failing).rejects.toThrow();
      await next;
      expect((await storage.log(roomId, 0, bounds))?.headSeq).toBe(1);
    });

    test("closing waits for the write in hand, may be done twice, and then nothing is answered", async () => {
      await addRoom();
      const written = add(envelope(1, device));
      await storage.close();
      await written;
      await storage.close();
      await expect(storage.rooms([roomId])).rejects.toThrow();
      await expect(add(envelope(2, device))).rejects.toThrow();
    });
  });

  describe("enrolment and services", () => {
    test("[R5] a code is there once, and is used by one service", async () => {
      const serviceId = randomId();
      expect(await storage.isNew()).toBe(true);
      await storage.write((tx) => tx.insertCode(hash(7), 1000));
      expect(await storage.isNew()).toBe(false);
      await storage.write(async (tx) => {
        expect(await tx.lockCode(hash(8))).toBeNull();
        expect(await tx.lockCode(hash(7))).toEqual({ usedBy: null });
        await tx.useCode(hash(7), serviceId);
        expect(await tx.lockCode(hash(7))).toEqual({ usedBy: serviceId });
      });
      await expect(storage.write((tx) => tx.useCode(hash(8), serviceId))).rejects.toThrow();
      await expect(storage.write((tx) => tx.insertCode(hash(7), 1000))).rejects.toThrow();
    });

    test("[R5] a service is made once", async () => {
      const serviceId = randomId();
      expect(await storage.service(serviceId)).toBeNull();
      await storage.write((tx) => tx.insertService(serviceId, { tokenHash: hash(9) }, 1000));
      expect(await storage.service(serviceId)).toEqual({ tokenHash: hash(9) });
      await expect(storage.write((tx) => tx.insertService(serviceId, { tokenHash: hash(9) }, 1000))).rejects.toThrow();
      expect(await storage.write((tx) => tx.service(serviceId))).toEqual({ tokenHash: hash(9) });
    });
  });

  describe("invitations", () => {
    const invite = (expiresAt: number, inviteId = randomId()): Invite => ({
      inviteId,
      roomId,
      deviceId: device,
      expiresAt,
      claim: null,
      slots: { offer: randomBytes(40) },
    });

    test("[I1] an invitation comes back as it was put, its slots are written once, and commit fixes the claim", async () => {
      const made = invite(5000);
      const [commit, challenge, claim] = [randomBytes(50), randomBytes(60), randomId()];
      await storage.write((tx) => tx.insertInvite(made));
      expect(await storage.invite(made.inviteId)).toEqual(made);
      await storage.write((tx) => tx.writeInviteSlot(made.inviteId, "commit", commit, claim));
      await storage.write((tx) => tx.writeInviteSlot(made.inviteId, "challenge", challenge, null));
      const written = { ...made, claim, slots: { ...made.slots, commit, challenge } };
      expect(await storage.invite(made.inviteId)).toEqual(written);
      const again = storage.write((tx) => tx.writeInviteSlot(made.inviteId, "commit", randomBytes(50), randomId()));
      await expect(again).rejects.toThrow();
      expect(await storage.write((tx) => tx.lockInvite(made.inviteId))).toEqual(written);
      await expect(storage.write((tx) => tx.insertInvite(made))).rejects.toThrow();
      expect(await storage.invite(randomId())).toBeNull();
    });

    test("[I1] sweeping empties what has expired and forgets what is long gone", async () => {
      const [old, expired, open] = [invite(1000), invite(2000), invite(9000)];
      for (const made of [old, expired, open]) await storage.write((tx) => tx.insertInvite(made));
      expect(await storage.write((tx) => tx.countInvites(roomId, 1500))).toBe(2);
      await storage.write((tx) => tx.sweepInvites(3000, 1500));
      expect(await storage.invite(old.inviteId)).toBeNull();
      expect(await storage.invite(expired.inviteId)).toEqual({ ...expired, slots: {} });
      expect(await storage.invite(open.inviteId)).toEqual(open);
      expect(await storage.write((tx) => tx.countInvites(randomId(), 0))).toBe(0);
    });
  });
}
