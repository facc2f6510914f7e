import { afterEach, expect, test } from "vitest";
import { type Bytes, fromHex } from "#protocol/bytes.ts";
import { limits } from "#protocol/limits.ts";
import type { Role } from "#protocol/control.ts";
import type { LiveListener, RelayPort } from "#protocol/messages.ts";
import { encodeUnsigned, envelopeIdInput, headerBytes, parseEnvelope, signatureInput, withSignature, type Envelope } from "#protocol/record.ts";
import { importSigner, sha256, sign } from "../../src/engine/crypto/primitives.ts";
import { openRoomKeys, type RoomKeys } from "../../src/engine/keys/keyring.ts";
import { serviceTokenHash } from "../../src/engine/keys/service-token.ts";
import { deriveRoomKey, encodePresence, sealEnvelope, type PresenceInside } from "../../src/engine/log/record.ts";
import { documentId, indexDocId } from "../../src/engine/log/rights.ts";
import { type Clock, systemClock, systemRandom } from "../../src/engine/platform/clock.ts";
import type { RoomLog } from "../../src/engine/log/room-log.ts";
import type { Room } from "../../src/engine/space.ts";
import { createRelayClient } from "../../src/engine/sync/relay-client.ts";
import { startRelay, withTempFolder } from "../bench/processes.ts";
import { bringIn, createDevice, foundService, type TestDevice, testServiceId } from "../support/device.ts";
import { createTestRelay, type TestRelay } from "../support/test-relay.ts";
import { isSignedBy, openSealed, readEnvelope, subKey, unpad } from "../support/wire.ts";

const minutes = documentId("meeting", "3e".repeat(16));
const otherMinutes = documentId("meeting", "4e".repeat(16));
const text = (value: string) => new TextEncoder().encode(value);
const read = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

const devices: TestDevice[] = [];
afterEach(async () => {
  for (const { space } of devices.splice(0)) await space.close();
});

type Tapped = { port: RelayPort; sent: Bytes[]; listeners: LiveListener[] };

/** The relay as a device reaches it, with what it sends as presence written down, and its streams in the hands of the test. */
function tap(relay: TestRelay): Tapped {
  const tapped: Tapped = {
    sent: [],
    listeners: [],
    port: new Proxy(relay.port, {
      get(target, name: keyof RelayPort) {
        if (name === "presence") {
          return (...asked: Parameters<RelayPort["presence"]>) => {
            tapped.sent.push(asked[2]);
            return target.presence(...asked);
          };
        }
        if (name === "live") {
          return (session: string, listener: LiveListener) => {
            tapped.listeners.push(listener);
            return target.live(session, listener);
          };
        }
        return target[name];
      },
    }),
  };
  return tapped;
}

const listening = (device: TestDevice, relay: Tapped) => expect.poll(() => [relay.listeners.length > 0, device.space.sync.status.get().inStepAt !== null]).toEqual([true, true]);

/** Ada's room with Bo in it, both online and with their streams open. */
async function pair({ clock = systemClock, role = "consultant" }: { clock?: Clock; role?: Role } = {}) {
  const relay = createTestRelay();
  const [adasRelay, bosRelay] = [tap(relay), tap(relay)];
  const [ada, bo] = [await createDevice(adasRelay.port), await createDevice(bosRelay.port, clock)];
  devices.push(ada, bo);
  const service = await foundService(relay, ada);
  const room =
    role === "consultant" ? service : await ada.space.createRoom({ kind: "plan", serviceId: testServiceId, label: "", name: "Ada", recovery: null });
  const theirs = await bringIn(ada, room, bo, { role });
  await ada.space.sync.settle();
  await listening(ada, adasRelay);
  await listening(bo, bosRelay);
  return { relay, ada, bo, room, theirs, adasRelay, bosRelay };
}

/** What a room's page hears of a document, oldest first. */
function hear(room: Room, docId = minutes) {
  const heard: [deviceId: string, said: string][] = [];
  const channel = room.presence(docId);
  const stop = channel.onReceived((deviceId, bytes) => heard.push([deviceId, read(bytes)]));
  return { heard, channel, stop };
}

const someKey = crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);

/** Lasts longer than a message's way from one device's hand through the relay core to another's ear: more turns, and more work for the same threads. */
async function settled() {
  const { privateKey } = await someKey;
  for (let i = 0; i < 40; i++) {
    await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, privateKey, new Uint8Array(300));
    await new Promise(setImmediate);
  }
}

const keysOf = async ({ database, deviceKeys }: TestDevice, roomId: string): Promise<RoomKeys> =>
  openRoomKeys(deviceKeys.keyring, (await database.roomKeys.get(roomId))!);

/** An envelope as a device of its own mind would make it. */
async function make(by: TestDevice, room: Room, inside: Partial<PresenceInside> = {}, header: Partial<Envelope> = {}): Promise<Bytes> {
  const keys = await keysOf(by, room.roomId);
  const at = { roomId: room.roomId, epoch: header.epoch ?? 1, deviceId: keys.deviceId };
  const ownHeader = {
    suite: 1,
    type: "presence" as const,
    roomId: fromHex(room.roomId),
    deviceId: fromHex(keys.deviceId),
    epoch: 1,
    ctr: 0,
    prev: new Uint8Array(32),
    logGen: 1,
    seenSeq: 0,
    seenAcc: new Uint8Array(32),
    resealOf: new Uint8Array(32),
    ...header,
  };
  const keysFor = { seal: await deriveRoomKey(keys.secrets[1]!, at, "key/presence"), sign: await importSigner(keys.sign.privateKey) };
  const content = encodePresence({ at: Date.now(), docId: minutes, bytes: text("made"), ...inside });
  return (await sealEnvelope(ownHeader, new Uint8Array(0), content, keysFor, systemRandom(12))).bytes;
}

test("[N3] [N6] what one writes is heard by the other who has the same document open, and by nobody else", async () => {
  const { room, theirs } = await pair();
  const [adas, bos, elsewhere] = [hear(room), hear(theirs), hear(theirs, otherMinutes)];
  adas.channel.send(text("Ada is at 7"));
  await expect.poll(() => bos.heard).toEqual([[room.deviceId, "Ada is at 7"]]);
  bos.channel.send(text("Bo is at 2"));
  await expect.poll(() => adas.heard).toEqual([[theirs.deviceId, "Bo is at 2"]]);
  expect(elsewhere.heard).toEqual([]);
  bos.stop();
  hear(room).channel.send(text("again"));
  elsewhere.channel.send(text("Bo is in the other"));
  await settled();
  expect([adas.heard.length, bos.heard.length, elsewhere.heard.length]).toEqual([1, 1, 0]);
});

test("[N1] [N2] [K5] an envelope opens by the words of the spec alone, and every byte of it is accounted for", async () => {
  const { ada, room, adasRelay } = await pair();
  const before = Date.now();
  room.presence(minutes).send(text("Ada is at 7"));
  await expect.poll(() => adasRelay.sent.length).toBe(1);
  const keys = await keysOf(ada, room.roomId);
  const envelope = readEnvelope(adasRelay.sent[0]!);
  expect(envelope).toMatchObject({ magic: "ADR", version: 1, suite: 1, type: 4, epoch: 1, ctr: 0, logGen: 1, rest: 0 });
  expect([envelope.prev, envelope.resealOf, envelope.clear]).toEqual([Buffer.alloc(32), Buffer.alloc(32), Buffer.alloc(0)]);
  expect(envelope.sealed).toHaveLength(256 + 16);
  expect(isSignedBy(envelope, keys.sign.publicKey)).toBe(true);
  const plain = unpad(openSealed(subKey("presence", keys.secrets[1]!, envelope), envelope.nonce, envelope.sealed, envelope.sealedUnder));
  let [at, weight, offset] = [0, 1, 0];
  for (; ; weight *= 128) {
    const byte = plain[offset++]!;
    at += (byte & 127) * weight;
    if (byte < 128) break;
  }
  expect([at >= before, at <= Date.now()]).toEqual([true, true]);
  expect(plain.subarray(offset, offset + 17).toString("hex")).toBe(minutes);
  expect(plain.subarray(offset + 17).toString()).toBe("Ada is at 7");
});

test("[N6] nothing of it is stored, numbered or counted as unsent, on the devices or at the relay", async () => {
  const { relay, ada, bo, room, theirs } = await pair();
  const rows = async () => Promise.all([ada, bo].map(({ database }) => Promise.all(database.tables.map(async (table) => [table.name, await table.toArray()]))));
  const state = async () => [await rows(), (await relay.storage.rooms([room.roomId])).get(room.roomId)];
  for (const { database } of [ada, bo]) await expect.poll(() => database.meta.get("upload")).toBeDefined();
  const before = await state();
  const statuses: unknown[] = [];
  ada.space.status.subscribe((status) => statuses.push(status));
  ada.space.sync.status.subscribe((status) => statuses.push(status));
  const { heard } = hear(theirs);
  room.presence(minutes).send(text("Ada is at 7"));
  await expect.poll(() => heard.length).toBe(1);
  expect(await state()).toEqual(before);
  expect(statuses).toEqual([]);
});

test("[N6] while the relay is not reached nothing is sealed or sent, and nothing is sent late", async () => {
  const { relay, ada, room, theirs, adasRelay } = await pair();
  const { heard } = hear(theirs);
  relay.down = true;
  const before = ada.space.sync.status.get();
  room.presence(minutes).send(text("into the void"));
  await expect.poll(() => adasRelay.sent.length).toBe(1);
  await settled();
  // That nobody answered is for the sync loop to find out.
  expect(ada.space.sync.status.get()).toBe(before);
  await room.edit([minutes], (doc) => doc.getMap("notes").set("a", "one"));
  await expect.poll(() => ada.space.sync.status.get().reached).toBe(false);
  room.presence(minutes).send(text("Ada is away"));
  await settled();
  expect([adasRelay.sent.length, ada.space.status.get().unsent]).toEqual([1, 1]);
  relay.down = false;
  await ada.space.sync.settle();
  await settled();
  expect([adasRelay.sent.length, ada.space.status.get().unsent, heard]).toEqual([1, 0, []]);
});

test("[N6] what is too large for one envelope is not sent, and what came before and after is", async () => {
  const { room, theirs, adasRelay } = await pair();
  const { heard } = hear(theirs);
  const channel = room.presence(minutes);
  channel.send(systemRandom(limits.presenceBytes));
  await settled();
  channel.send(text("small"));
  await expect.poll(() => heard).toEqual([[room.deviceId, "small"]]);
  expect(adasRelay.sent).toHaveLength(1);
});

test("[N5] the same again, however often a relay plays it back, is heard once; so is what is older than that", async () => {
  const { ada, room, theirs, adasRelay, bosRelay } = await pair();
  const bos = hear(theirs);
  const older = await make(ada, room, { at: Date.now() - 5_000, bytes: text("older") });
  const channel = room.presence(minutes);
  channel.send(text("first"));
  await expect.poll(() => bos.heard.length).toBe(1);
  for (const envelope of [adasRelay.sent[0]!, older, adasRelay.sent[0]!]) bosRelay.listeners[0]!.presence(room.roomId, envelope);
  await settled();
  expect(bos.heard).toEqual([[room.deviceId, "first"]]);
  bos.channel.close();
  const again = hear(theirs);
  bosRelay.listeners[0]!.presence(room.roomId, adasRelay.sent[0]!);
  await settled();
  expect(again.heard).toEqual([]);
  channel.send(text("second"));
  await expect.poll(() => again.heard).toEqual([[room.deviceId, "second"]]);
});

test.each([
  ["in step", 0, true],
  ["two minutes behind a fresh one", 119_000, true],
  ["half a minute old by a clock two minutes behind", 149_000, true],
  ["older than that", 151_000, false],
  ["two minutes ahead", -119_000, true],
  ["further ahead", -121_000, false],
])("[N5] presence that is %s by the reader's clock", async (_, ageMs, isHeard) => {
  const now = Date.now();
  const { ada, room, theirs, bosRelay } = await pair({ clock: { ...systemClock, now: () => now } });
  const { heard } = hear(theirs);
  bosRelay.listeners[0]!.presence(room.roomId, await make(ada, room, { at: now - ageMs, bytes: text("then") }));
  await settled();
  expect(heard).toEqual(isHeard ? [[room.deviceId, "then"]] : []);
});

test("[N5] what is not another member's, not of the room's epoch, not rightly signed, or does not open is dropped without a word", async () => {
  const { relay, ada, bo, room, theirs, bosRelay } = await pair();
  const bos = hear(theirs);
  // As if the room had gone on to an epoch of which the log does not tell.
  const { log } = theirs as Room & { log: RoomLog };
  log.keys.secrets[2] = log.keys.secrets[1]!;
  const stranger = await createDevice(relay.port);
  devices.push(stranger);
  const foreign = await stranger.space.createRoom({ kind: "service", serviceId: testServiceId, label: "", name: "Cy", recovery: null });
  const good = await make(ada, room, { bytes: text("good") });
  const changed = (offset: number) => good.map((byte, at) => (at === offset ? byte ^ 1 : byte));
  const signedAnew = async (by: TestDevice, at: Room, change: (envelope: Envelope) => Partial<Envelope>) => {
    const parsed = parseEnvelope(good);
    if (!parsed.ok) throw new Error(parsed.fault.type);
    const unsigned = encodeUnsigned({ ...parsed.envelope, ...change(parsed.envelope) });
    const id = await sha256(envelopeIdInput(withSignature(unsigned, new Uint8Array(64))));
    return withSignature(unsigned, await sign(await importSigner((await keysOf(by, at.roomId)).sign.privateKey), signatureInput(id)));
  };
  await room.edit([minutes], (doc) => doc.getMap("notes").set("a", "one"));
  await ada.space.sync.settle();
  const update = (await ada.database.records.orderBy("local").last())!.bytes;
  const wrong: [string, Bytes][] = [
    ["a stranger's", await make(stranger, foreign)],
    ["one's own, reflected", await make(bo, theirs)],
    ["of another epoch, whose key is here", await make(ada, room, {}, { epoch: 2 })],
    ["for another room", await make(ada, room, {}, { roomId: systemRandom(16) })],
    ["signed by another member", await signedAnew(bo, theirs, () => ({}))],
    ["a changed signature", changed(good.length - 1)],
    ["a changed header", changed(headerBytes - 70)],
    ["a seal that does not open", await signedAnew(ada, room, ({ sealed }) => ({ sealed: sealed.map((byte) => byte ^ 1) }))],
    ["an inside that ends too soon", await make(ada, room, { docId: "03" })],
    ["in a chain", await make(ada, room, {}, { ctr: 1 })],
    ["of another type", await make(ada, room, {}, { type: "heartbeat", ctr: 1 })],
    ["an update", update],
    ["no envelope", systemRandom(400)],
    ["nothing", new Uint8Array(0)],
  ];
  for (const [name, envelope] of wrong) {
    bosRelay.listeners[0]!.presence(room.roomId, envelope);
    await settled();
    expect([name, bos.heard]).toEqual([name, []]);
  }
  bosRelay.listeners[0]!.presence("00".repeat(16), good);
  await settled();
  expect(bos.heard).toEqual([]);
  bosRelay.listeners[0]!.presence(room.roomId, good);
  await expect.poll(() => bos.heard).toEqual([[room.deviceId, "good"]]);
  expect(bo.space.status.get().attention).toEqual([]);
});

test("[N5] [D3] a role counts where it may write, document by document, and one that only reads sends nothing", async () => {
  const { ada, bo, room, theirs, adasRelay, bosRelay } = await pair({ role: "socialTeacher" });
  const [inIndex, inMinutes] = [hear(room, indexDocId), hear(room)];
  for (const docId of [indexDocId, minutes]) theirs.presence(docId).send(text("Bo"));
  await expect.poll(() => inIndex.heard.length).toBe(1);
  await settled();
  expect(bosRelay.sent).toHaveLength(1);
  adasRelay.listeners[0]!.presence(room.roomId, await make(bo, theirs, { docId: minutes }));
  await settled();
  expect(inMinutes.heard).toEqual([]);
  const bos = hear(theirs);
  bosRelay.listeners[0]!.presence(room.roomId, await make(ada, room));
  await expect.poll(() => bos.heard.length).toBe(1);
});

test("[N5] a room whose log is at fault has no presence, in or out", async () => {
  const { bo, room, theirs, adasRelay, bosRelay } = await pair();
  const [adas, bos] = [hear(room), hear(theirs)];
  const { seq = 0 } = (await bo.database.records.orderBy("local").last())!;
  bosRelay.listeners[0]!.record(room.roomId, seq + 1, new Uint8Array(300));
  await expect.poll(() => bo.space.status.get().attention).toMatchObject([{ fault: { type: "malformed" } }]);
  adas.channel.send(text("Ada"));
  bos.channel.send(text("Bo"));
  await expect.poll(() => adasRelay.sent.length).toBe(1);
  await settled();
  expect([adas.heard, bos.heard, bosRelay.sent]).toEqual([[], [], []]);
});

test("[N6] locking ends it: nothing is sent or heard any more, also not what was waiting, and no timer is left", async () => {
  const timers = new Set<object>();
  const counting: Clock = {
    ...systemClock,
    after(delayMs, run) {
      const timer = {};
      timers.add(timer);
      const cancel = systemClock.after(delayMs, () => (timers.delete(timer), run()));
      return () => (timers.delete(timer), cancel());
    },
  };
  const { room, theirs, bo, bosRelay, adasRelay } = await pair({ clock: counting });
  const [adas, bos] = [hear(room), hear(theirs)];
  bos.channel.send(text("one"));
  await expect.poll(() => adas.heard.length).toBe(1);
  bos.channel.send(text("waits for its turn"));
  await bo.space.close();
  await settled();
  expect(timers.size).toBe(0);
  bos.channel.send(text("two"));
  bos.channel.close();
  hear(theirs).channel.send(text("three"));
  adas.channel.send(text("Ada"));
  await expect.poll(() => adasRelay.sent.length).toBe(1);
  bosRelay.listeners[0]!.presence(room.roomId, adasRelay.sent[0]!);
  await settled();
  expect([bosRelay.sent.length, adas.heard.length, bos.heard]).toEqual([1, 1, []]);
});

test("[N3] over HTTP and the real process: one hears the other, and a flood by hand is held back at the relay", async () => {
  await withTempFolder(async (folder) => {
    const relay = await startRelay(folder);
    const port = createRelayClient(relay.baseUrl, fetch, systemClock);
    const opened: string[] = [];
    const tapped: RelayPort = {
      ...port,
      live(session, listener) {
        opened.push(session);
        return port.live(session, listener);
      },
    };
    const [ada, bo] = [await createDevice(tapped), await createDevice(port)];
    try {
      const room = await ada.space.createRoom({ kind: "service", serviceId: testServiceId, label: "", name: "Ada", recovery: null });
      const token = systemRandom(32);
      const registered = { code: relay.enrolmentCode, serviceId: testServiceId, tokenHash: await serviceTokenHash(token) };
      expect((await port.registerService(registered)).ok).toBe(true);
      ada.serviceToken.current = token;
      const theirs = await bringIn(ada, room, bo);
      await ada.space.sync.settle();
      const [adas, bos] = [hear(room), hear(theirs)];
      // A stream may open a moment after the round that began it.
      await expect.poll(() => (bos.channel.send(text("Bo is here")), adas.heard.length)).toBeGreaterThan(0);
      await expect.poll(() => (adas.channel.send(text("Ada is here")), bos.heard.length)).toBeGreaterThan(0);
      expect([adas.heard[0], bos.heard[0]]).toEqual([[theirs.deviceId, "Bo is here"], [room.deviceId, "Ada is here"]]);
      adas.channel.close();
      const answers = [];
      const envelope = await make(ada, room, { bytes: text("flood") });
      for (let i = 0; i < 40; i++) answers.push(port.presence(opened.at(-1)!, room.roomId, envelope));
      const refused = (await Promise.all(answers)).flatMap((answer) => (answer.ok ? [] : [answer.refusal.type]));
      expect(refused.length).toBeGreaterThan(5);
      expect(new Set(refused)).toEqual(new Set(["busy"]));
      await expect.poll(() => bos.heard.filter(([, said]) => said === "flood").length).toBe(1);
    } finally {
      for (const { space } of [ada, bo]) await space.close();
      await relay.stop();
    }
  });
});
