import { IDBFactory, IDBKeyRange } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Bytes } from "#protocol/bytes.ts";
import { parseEnvelope } from "#protocol/record.ts";
import { uploadSealed } from "../../src/engine/log/upload.ts";
import { documentId, indexDocId } from "../../src/engine/log/rights.ts";
import { RelayUnreachableError } from "../../src/engine/platform/errors.ts";
import type { Room } from "../../src/engine/space.ts";
import { openDatabase } from "../../src/engine/storage/database.ts";
import { createDexieLogStore } from "../../src/engine/storage/dexie-log-store.ts";
import type { LogStore, UploadStore } from "../../src/engine/storage/log-store.ts";
import { openPlainUploadStore } from "../../src/engine/storage/plain-upload-store.ts";
import { seededChance } from "../../src/lib/random.ts";
import { crashing } from "../support/crashing-log-store.ts";
import { bringIn, foundService, testServiceId } from "../support/device.ts";
import { createMemoryProfile, type MemoryProfile, type MemoryTab, openMemoryTab } from "../support/memory-device.ts";
import { createTestRelay, type TestRelay } from "../support/test-relay.ts";

const caseDocId = documentId("case", "ca".repeat(16));

let relay: TestRelay;
const tabs: MemoryTab[] = [];
beforeEach(() => {
  relay = createTestRelay();
});
afterEach(async () => {
  for (const { space } of tabs.splice(0)) await space.close();
});

const roomOf = ({ space }: MemoryTab): Room => space.rooms.get()[0]!;
const note = (tab: MemoryTab, key: string, docId = indexDocId) => roomOf(tab).edit([docId], (doc) => doc?.getMap("notes").set(key, key));
const notesOf = async (tab: MemoryTab, docId = indexDocId) => Object.keys((await roomOf(tab).open(docId)).getMap("notes").toJSON()).sort();
const headAt = async () => (await relay.storage.rooms([testServiceId])).get(testServiceId)!.headSeq;
const permitOf = ({ disk }: MemoryProfile) => disk.rows("meta")[0];

async function open(profile: MemoryProfile, store?: LogStore): Promise<MemoryTab> {
  const tab = await openMemoryTab(profile, relay.port, store === undefined ? {} : { store });
  tabs.push(tab);
  return tab;
}

async function lock(tab: MemoryTab): Promise<void> {
  tabs.splice(tabs.indexOf(tab), 1);
  await tab.space.close();
}

/** What the service worker does, through the same relay. */
function upload(profile: MemoryProfile, store: UploadStore = profile.disk.open(), now = Date.now()): Promise<boolean> {
  return uploadSealed({
    store,
    now,
    committed: () => {},
    async push(token, roomId, envelopes) {
      if (relay.down) throw new RelayUnreachableError("plug pulled");
      return relay.relay.pushByToken(token, roomId, envelopes);
    },
  });
}

/** A device with a room that the relay has, and with a permit. */
async function device(): Promise<{ profile: MemoryProfile; tab: MemoryTab }> {
  const profile = await createMemoryProfile();
  const tab = await open(profile);
  await foundService(relay, tab);
  await expect.poll(() => Object.keys(permitOf(profile)?.rooms ?? {})).toEqual([testServiceId]);
  return { profile, tab };
}

/** The same with savings that were made offline, locked. */
async function lockedDevice(count = 3): Promise<MemoryProfile> {
  const { profile, tab: online } = await device();
  await lock(online);
  relay.down = true;
  // Without a session nothing is taken to be sent, and so nothing is folded.
  const tab = await open(profile);
  for (let i = 0; i < count; i++) await note(tab, `saved ${i}`);
  await lock(tab);
  relay.down = false;
  return profile;
}

describe("[U3] what lies sealed is sent while the device is locked", () => {
  test("as it is, in order, and the next unlock finds it acked and brings it back", async () => {
    const profile = await lockedDevice();
    const before = profile.disk.rows("records");
    expect(await upload(profile)).toBe(true);
    expect(await headAt()).toBe(1 + 3);
    const after = profile.disk.rows("records");
    expect(after.map(({ bytes }) => bytes)).toEqual(before.map(({ bytes }) => bytes));
    expect(after.slice(1).map(({ pending, attempted }) => [pending, attempted])).toEqual([[2, 1], [2, 1], [2, 1]]);
    const tab = await open(profile);
    expect(tab.space.status.get().unsent).toBe(0);
    await tab.space.sync.settle();
    expect(await notesOf(tab)).toEqual(["saved 0", "saved 1", "saved 2"]);
    expect(await headAt()).toBe(1 + 3);
  });

  test("attempted before its first byte leaves, and the same bytes again when the answer was lost [W2]", async () => {
    const profile = await lockedDevice(1);
    const sent: Bytes[] = [];
    const push = (isAnswered: boolean) => async (token: string, roomId: string, envelopes: readonly Bytes[]) => {
      expect(profile.disk.rows("records").at(-1)?.attempted).toBe(1);
      sent.push(...envelopes);
      const answer = await relay.relay.pushByToken(token, roomId, envelopes);
      if (!isAnswered) throw new RelayUnreachableError("the answer is lost");
      return answer;
    };
    const parts = { store: profile.disk.open(), now: Date.now(), committed: () => {} };
    expect(await uploadSealed({ ...parts, push: push(false) })).toBe(false);
    expect(await uploadSealed({ ...parts, push: push(true) })).toBe(true);
    expect(sent[1]).toEqual(sent[0]);
    expect(await headAt()).toBe(2);
  });

  test("in batches that leave the rest to be folded when the network fails in between", async () => {
    const profile = await lockedDevice(130);
    let pushes = 0;
    const push = async () => {
      pushes++;
      throw new RelayUnreachableError("gone");
    };
    expect(await uploadSealed({ store: profile.disk.open(), now: Date.now(), committed: () => {}, push })).toBe(false);
    expect([pushes, profile.disk.rows("records").filter(({ attempted }) => attempted === 1).length]).toEqual([1, 100]);
    expect(await upload(profile)).toBe(true);
    expect(await headAt()).toBe(131);
  });

  test("not in a room that is of another epoch or generation than it was", async () => {
    const profile = await lockedDevice();
    const store = profile.disk.open();
    const permit = permitOf(profile)!;
    for (const at of [{ logGen: 1, epoch: 2 }, { logGen: 2, epoch: 1 }]) {
      await store.write(["meta"], (tx) => tx.putUploadPermit({ ...permit, rooms: { [testServiceId]: at } }));
      expect(await upload(profile)).toBe(true);
    }
    expect(await headAt()).toBe(1);
    expect(profile.disk.rows("records").slice(1).map(({ attempted }) => attempted)).toEqual([undefined, undefined, undefined]);
  });

  test("not where something is to be given back, not before the room is made, and nothing behind what is set aside", async () => {
    const profile = await lockedDevice();
    const store = profile.disk.open();
    const rows = profile.disk.rows("records");
    const [genesis, first, second] = rows.map(({ local }) => local) as [number, number, number];
    const change = (changes: Parameters<Parameters<Parameters<LogStore["write"]>[1]>[0]["updateRows"]>[0]) => store.write(["records"], (tx) => tx.updateRows(changes));
    await change([{ local: genesis, pending: 3 }]);
    await upload(profile);
    expect(await headAt()).toBe(1);
    await change([{ local: genesis, pending: 1 }]);
    await upload(profile);
    expect(await headAt()).toBe(1);
    await change([{ local: genesis, pending: undefined }, { local: second, quarantined: "damaged" }]);
    await upload(profile);
    expect(await headAt()).toBe(2);
    expect(profile.disk.rows("records").map(({ local, pending }) => [local, pending]).slice(1)).toEqual([[first, 2], [second, 1], [second + 1, 1]]);
  });

  test("no more where it was refused, until the device is unlocked; with a token that is over, nowhere", async () => {
    const profile = await lockedDevice();
    let asked = 0;
    const refusing = (type: "overQuota" | "sessionExpired" | "busy") =>
      uploadSealed({
        store: profile.disk.open(),
        now: Date.now(),
        committed: () => {},
        push: async () => {
          asked++;
          return type === "overQuota" ? { ok: true, value: { seqs: [], refused: { type } } } : { ok: false, refusal: type === "busy" ? { type, retryAfterMs: 1 } : { type } };
        },
      });
    expect(await refusing("busy")).toBe(false);
    expect(await refusing("overQuota")).toBe(true);
    expect(await refusing("overQuota")).toBe(true);
    expect(asked).toBe(2);
    const tab = await open(profile);
    await expect.poll(() => Object.keys(permitOf(profile)?.rooms ?? {})).toEqual([testServiceId]);
    await lock(tab);
    await refusing("sessionExpired");
    // The unlocked device has sent it by then.
    expect(asked).toBe(2);
    await profile.disk.open().write(["records"], (tx) => tx.updateRows([{ local: profile.disk.rows("records").at(-1)!.local, pending: 1 }]));
    await refusing("sessionExpired");
    expect(permitOf(profile)).toBeUndefined();
    await refusing("sessionExpired");
    expect(asked).toBe(3);
  });

  test("[U2] nothing of a device that was removed meanwhile", async () => {
    const { tab: ada } = await device();
    const profile = await createMemoryProfile();
    const bo = await open(profile);
    const theirs = await bringIn(ada, roomOf(ada), bo);
    await expect.poll(() => Object.keys(permitOf(profile)?.rooms ?? {})).toEqual([testServiceId]);
    relay.down = true;
    await note(bo, "too late");
    await lock(bo);
    relay.down = false;
    expect(await ada.space.change(testServiceId, { action: "remove", devices: [{ deviceId: theirs.deviceId }], reason: "" })).toBe(true);
    const before = await headAt();
    expect(await upload(profile)).toBe(true);
    expect(await headAt()).toBe(before);
    expect(permitOf(profile)).toBeUndefined();
    expect(profile.disk.rows("records").at(-1)).toMatchObject({ pending: 1, attempted: 1 });
  });
});

describe("[U4] a permit", () => {
  test("holds a token and where each room stands, and nothing else", async () => {
    const { profile } = await device();
    const permit = permitOf(profile)!;
    expect(Object.keys(permit).sort()).toEqual(["expiresAt", "rooms", "token"]);
    expect(permit.rooms).toEqual({ [testServiceId]: { logGen: 1, epoch: 1 } });
    expect(permit.expiresAt).toBeGreaterThan(Date.now() + 29 * 24 * 3_600_000);
  });

  test("[U1] is asked for again when a room comes, or half its time is over, and follows a room's epoch without", async () => {
    const { profile, tab } = await device();
    const { token } = permitOf(profile)!;
    expect(await tab.space.change(testServiceId, { action: "rotate" })).toBe(true);
    await tab.space.sync.settle();
    await expect.poll(() => permitOf(profile)?.rooms).toEqual({ [testServiceId]: { logGen: 1, epoch: 2 } });
    expect(permitOf(profile)?.token).toBe(token);
    const { roomId } = await tab.space.createRoom({ kind: "shelf", serviceId: testServiceId, label: "", name: "Ada", recovery: null });
    await tab.space.sync.settle();
    await expect.poll(() => Object.keys(permitOf(profile)!.rooms).sort()).toEqual([roomId, testServiceId].sort());
    const second = permitOf(profile)!.token;
    expect(second).not.toBe(token);
    await lock(tab);
    await profile.disk.open().write(["meta"], (tx) => tx.putUploadPermit({ ...permitOf(profile)!, expiresAt: Date.now() + 14 * 24 * 3_600_000 }));
    await open(profile);
    await expect.poll(() => permitOf(profile)!.token).not.toBe(second);
  });
});

describe("[U4] beside open tabs", () => {
  test("a fold that was planned before does not count: it begins anew, and sends the same bytes", async () => {
    const profile = await lockedDevice(4);
    relay.down = true;
    let uploading: Promise<boolean> | null = null;
    const disk = profile.disk.open();
    const pushed: Bytes[] = [];
    // The tab has read its outbox and sealed the fold of it; before that is stored, the worker chooses and marks.
    const raced: LogStore = {
      read: (tables, work) => disk.read(tables, work),
      async write(tables, work) {
        if (tables.includes("rooms") && tables.includes("ownHeads") && uploading === null) {
          uploading = uploadSealed({
            store: profile.disk.open(),
            now: Date.now(),
            committed: () => {},
            push: async (_, __, envelopes) => {
              pushed.push(...envelopes);
              throw new RelayUnreachableError("no answer");
            },
          });
          await uploading;
        }
        return disk.write(tables, work);
      },
    };
    relay.down = false;
    const tab = await open(profile, raced);
    await tab.space.sync.settle();
    expect(uploading).not.toBeNull();
    const page = (await relay.storage.log(testServiceId, 1, { maxBytes: 1e9, maxEnvelopes: 100 }))!.page.map((entry) => ("bytes" in entry ? entry.bytes : null));
    expect(pushed).toHaveLength(4);
    expect(page).toEqual(pushed);
    expect(await notesOf(tab)).toEqual(["saved 0", "saved 1", "saved 2", "saved 3"]);
  });

  test("what a tab has folded meanwhile is sent as it is now", async () => {
    const profile = await lockedDevice(4);
    relay.down = true;
    const tab = await open(profile);
    // It folds, marks, and does not reach the relay.
    await expect.poll(() => profile.disk.rows("records").length).toBeLessThanOrEqual(5);
    relay.down = false;
    await Promise.all([upload(profile), tab.space.sync.settle()]);
    await tab.space.sync.settle();
    expect(await notesOf(tab)).toEqual(["saved 0", "saved 1", "saved 2", "saved 3"]);
    expect(tab.space.status.get().unsent).toBe(0);
  });
});

/** Savings, locks, unlocks of several tabs, a colleague, a network that comes and goes, and an upload that dies at any step of its disk. */
async function world(seed: number): Promise<void> {
  const chance = seededChance(seed);
  const pick = (count: number) => Math.floor(chance() * count);
  const { profile, tab: first } = await device();
  const colleague = await open(await createMemoryProfile());
  await bringIn(first, roomOf(first), colleague);
  const open2: MemoryTab[] = [first];
  const saved = new Set<string>();
  const running: Promise<unknown>[] = [];
  for (let step = 0; step < 40; step++) {
    switch (pick(12)) {
      case 0:
        relay.down = !relay.down;
        break;
      case 1:
        for (const tab of open2) tab.space.sync.wake();
        break;
      case 2:
      case 3: {
        let left = pick(14);
        running.push(upload(profile, chance() < 0.4 ? crashing(profile.disk.open(), () => left-- <= 0) : profile.disk.open()).catch(() => undefined));
        break;
      }
      case 4:
        if (open2.length < 2) open2.push(await open(profile));
        break;
      case 5: {
        const gone = open2.pop();
        if (gone !== undefined) await lock(gone);
        break;
      }
      case 6:
        await note(colleague, `bo ${step}`);
        break;
      case 7:
        await Promise.race([upload(profile), new Promise((done) => setImmediate(done))]);
        break;
      default: {
        const writer = open2[pick(open2.length)];
        if (writer === undefined) break;
        const name = `ada ${step}`;
        await note(writer, name, pick(3) === 0 ? caseDocId : indexDocId);
        saved.add(name);
      }
    }
  }
  relay.down = false;
  if (open2.length === 0) {
    await upload(profile);
    open2.push(await open(profile));
  }
  const all = [...open2, colleague];
  for (let round = 0; round < 3; round++) for (const { space } of all) await space.sync.settle();
  for (const tab of all) {
    await expect
      .poll(async () => [...(await notesOf(tab)), ...(await notesOf(tab, caseDocId))].filter((name) => name.startsWith("ada")).sort(), { timeout: 10_000 })
      .toEqual([...saved].sort());
    expect(tab.space.status.get()).toMatchObject({ attention: [] });
  }
  await expect.poll(() => profile.disk.rows("records").filter(({ pending }) => pending !== undefined).length, { timeout: 10_000 }).toBe(0);
  // Nothing twice: the own chain has each counter once, without holes.
  const page = (await relay.storage.log(testServiceId, 0, { maxBytes: 1e9, maxEnvelopes: 1e6 }))!.page;
  const counters = page.flatMap((entry) => {
    const parsed = "bytes" in entry ? parseEnvelope(entry.bytes) : null;
    return parsed?.ok === true ? [parsed.envelope] : [];
  });
  for (const own of Map.groupBy(counters, ({ deviceId }) => deviceId.join()).values()) {
    expect(own.map(({ ctr }) => ctr)).toEqual(own.map((_, index) => index + 1));
  }
}

test.each(Array.from({ length: 30 }, (_, index) => index + 1))("[U3] [U4] [W2]–[W4] world %i: sending while locked beside folding tabs and pulls loses and doubles nothing", world, 60_000);

describe("the disk without a library", () => {
  test("does what Dexie's does, and makes no database", async () => {
    const indexedDB = new IDBFactory();
    expect(await openPlainUploadStore("device", indexedDB, IDBKeyRange)).toBeNull();
    expect(await indexedDB.databases()).toEqual([]);
    const database = openDatabase("device", { indexedDB, IDBKeyRange });
    const dexie = createDexieLogStore(database);
    const roomId = "ab".repeat(16);
    const row = (id: number) => ({ roomId, envelopeId: String(id), deviceId: "d", bytes: Uint8Array.of(id), ownCtr: id });
    const permit = { token: "t", expiresAt: 5, rooms: { [roomId]: { logGen: 1, epoch: 2 } } };
    const head = { roomId, ctr: 3, tip: Uint8Array.of(3) };
    await dexie.write(["records", "ownHeads", "meta"], async (tx) => {
      await tx.addRows([{ ...row(1), pending: 1 }, { ...row(2), pending: 3 }, { ...row(3), pending: 1, attempted: 1 }, { ...row(4), pending: 2 }]);
      await Promise.all([tx.putOwnHead(head), tx.putUploadPermit(permit)]);
    });
    const plain = (await openPlainUploadStore("device", indexedDB, IDBKeyRange))!;
    await plain.write(["records", "ownHeads", "meta"], async (tx) => {
      expect((await tx.unacked(roomId)).map(({ local }) => local)).toEqual([1, 3]);
      expect(await tx.countLost(roomId)).toBe(1);
      expect(await tx.ownHead(roomId)).toEqual(head);
      expect(await tx.uploadPermit()).toEqual(permit);
      expect(await tx.updateRows([{ local: 1, attempted: 1 }, { local: 3, attempted: undefined, pending: 2 }, { local: 9, pending: 2 }])).toBe(2);
      await tx.putOwnHead({ ...head, sendings: 1 });
      await tx.putUploadPermit({ ...permit, expiresAt: 6 });
    });
    await dexie.read(["records", "ownHeads", "meta"], async (tx) => {
      expect((await tx.unconfirmed(roomId)).map(({ local, attempted, pending }) => [local, attempted, pending])).toEqual([[1, 1, 1], [3, undefined, 2], [4, undefined, 2]]);
      expect(await tx.ownHead(roomId)).toEqual({ ...head, sendings: 1 });
      expect(await tx.uploadPermit()).toEqual({ ...permit, expiresAt: 6 });
    });
    const failing = plain.write(["records", "meta"], async (tx) => {
      await tx.updateRows([{ local: 1, pending: 2 }]);
      await tx.dropUploadPermit();
      throw new RangeError("half way");
    });
    await expect(failing).rejects.toThrow("half way");
    await plain.write(["records", "meta"], async (tx) => {
      expect([(await tx.unacked(roomId)).length, await tx.uploadPermit()]).toEqual([1, { ...permit, expiresAt: 6 }]);
      await tx.dropUploadPermit();
    });
    expect(await dexie.read(["meta"], (tx) => tx.uploadPermit())).toBeUndefined();
    plain.close();
    database.close();
  });
});
