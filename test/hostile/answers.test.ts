import { afterEach, expect, test } from "vitest";
import { type Bytes, toBase64Url, toHex } from "#protocol/bytes.ts";
import type { Refusal } from "#protocol/messages.ts";
import { createRelay } from "../../sync-server/relay.ts";
import type { MemoryStorage } from "../../sync-server/storage/memory.ts";
import { encodePresence } from "../../src/engine/log/record.ts";
import { indexDocId } from "../../src/engine/log/rights.ts";
import { RoomCipher } from "../../src/engine/log/room-cipher.ts";
import type { LogFault } from "../../src/engine/log/room-state.ts";
import { systemRandom } from "../../src/engine/platform/clock.ts";
import { errorTextKey, faultTextKey, refusalTextKey } from "../../src/features/space/error-text.ts";
import { createTestAuthor, createTestDevice } from "../support/envelopes.ts";
import { withByte } from "./liar.ts";
import { allOfTheTalk, attentionOf, createWorld, disk, expectConverged, expectFrozen, expectKept, expectWords, faultOf, insider, type Party, read, say, settle, talk, unlockAgain, words, write, type World } from "./world.ts";

// Lies in what the relay answers, and about what it has done.

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

async function open(...given: Parameters<typeof createWorld>): Promise<World> {
  const world = await createWorld(...given);
  worlds.push(world);
  return world;
}

const unsentOf = ({ device }: Party) => device.space.status.get().unsent;

const refusals: { refusal: Refusal; says: RegExp }[] = [
  { refusal: { type: "notMember" }, says: /gir ikke denne enheten tilgang her ennå/ },
  { refusal: { type: "forbidden" }, says: /Rollen din gir ikke tilgang.*ligger på enheten/ },
  { refusal: { type: "roomClosed" }, says: /Rommet er avsluttet. Det du skrev, ligger på enheten/ },
  { refusal: { type: "roomUnknown" }, says: /har ikke fått dette stedet ennå/ },
  { refusal: { type: "malformed" }, says: /Det ligger trygt på enheten/ },
  { refusal: { type: "badSignature" }, says: /Det ligger trygt på enheten/ },
  { refusal: { type: "tooLarge" }, says: /Det ligger trygt på enheten/ },
  { refusal: { type: "overQuota" }, says: /ligger trygt på enheten og sendes av seg selv/ },
  { refusal: { type: "busy", retryAfterMs: 1 }, says: /Det sendes av seg selv/ },
  { refusal: { type: "unknownAction" }, says: /Det du har skrevet, ligger på enheten/ },
  { refusal: { type: "forked" }, says: /ingenting er slettet/ },
  { refusal: { type: "gap", expected: 1 }, says: /sender sitt på nytt av seg selv/ },
  { refusal: { type: "staleEpoch" }, says: /sender sitt på nytt av seg selv/ },
  { refusal: { type: "generationPending" }, says: /gjenopprettet fra en sikkerhetskopi/ },
];

test.each(refusals)("[W2] [P7] harmless: a saving refused as $refusal.type without a reason stays, is told of, and goes when the relay is honest", async ({ refusal, says }) => {
  const { ada, bo } = await open();
  bo.lie("push", () => async () => ({ ok: true, value: { seqs: [], refused: refusal } }));
  await write(bo.room, "mine");
  const before = await disk(bo);
  await settle(bo);
  await settle(bo);
  expect(unsentOf(bo)).toBe(1);
  expect([...bo.device.space.sync.status.get().refused.values()]).toEqual([refusal]);
  expectWords(refusalTextKey(refusal), says);
  expect(bo.device.space.sync.status.get().inStepAt).toBeNull();
  await expectKept(bo, before);
  await write(bo.room, "more");
  bo.beHonest();
  await settle(bo, ada);
  expect(await read(ada.room)).toEqual({ mine: "mine", more: "more" });
  await expectConverged(ada, bo);
});

test.each(["notMember", "roomUnknown", "forbidden"] as const)("[R6] harmless: a session refused for a room as %s costs nothing", async (type) => {
  const { ada, bo, roomId } = await open();
  bo.lie("openSession", () => async () => ({ ok: true, value: { token: "s", expiresInMs: 900_000, rooms: [], refused: [{ roomId, refusal: { type } }] } }));
  await unlockAgain(bo);
  await write(bo.room, "mine");
  await settle(bo);
  expect(unsentOf(bo)).toBe(1);
  expect(bo.device.space.sync.status.get().refused.get(roomId)).toEqual({ type });
  expect(bo.device.space.sync.status.get().inStepAt).toBeNull();
  bo.beHonest();
  await unlockAgain(bo);
  await expectConverged(bo, ada);
  expect(await read(ada.room)).toEqual({ mine: "mine" });
});

test("[R6] harmless: a session for other rooms than were asked for, and not for those", async () => {
  const { ada, bo } = await open();
  bo.lie("openSession", () => async () => ({ ok: true, value: { token: "s", expiresInMs: 0, rooms: [{ roomId: "0f".repeat(16), logGen: 7, headSeq: 9 }], refused: [] } }));
  await unlockAgain(bo);
  await write(bo.room, "mine");
  await settle(bo);
  expect(unsentOf(bo)).toBe(1);
  expect(bo.device.space.rooms.get()).toHaveLength(1);
  expect(bo.device.space.sync.status.get().inStepAt).toBeNull();
  expectWords("settings.neverInStep", /Ikke alt er sendt og hentet/);
  bo.beHonest();
  await unlockAgain(bo);
  await expectConverged(bo, ada);
});

type Proof = { proof: string; stored: (world: World) => Promise<Bytes | undefined> };
const falseProofs: Proof[] = [
  { proof: "none", stored: async () => undefined },
  { proof: "no envelope", stored: async () => new Uint8Array(400) },
  { proof: "an envelope of another device", stored: async ({ log }) => (await log(3))[0]!.bytes },
  {
    proof: "an own envelope of another room",
    async stored({ bo }) {
      return (await (await insider(bo)).seal("update", {}, { keys: { roomId: "0c".repeat(16) } })).bytes;
    },
  },
  {
    proof: "one in this device's name that it has not signed",
    stored: async ({ bo, roomId }) => createTestAuthor({ ...(await createTestDevice()), deviceId: bo.room.deviceId }, roomId).update(),
  },
  {
    proof: "an own envelope with another inside",
    async stored({ bo }) {
      return withByte((await (await insider(bo)).seal("update", {})).bytes, -70, (byte) => byte ^ 1);
    },
  },
  {
    proof: "own presence, which stands in no chain",
    async stored({ bo }) {
      const { keys, state } = await insider(bo);
      return new RoomCipher(keys).sealPresence(state, new Uint8Array(20), systemRandom(12));
    },
  },
];

test.each(falseProofs)("[W11] detected: «that counter is used», proved by $proof", async ({ stored }) => {
  const world = await open();
  const { ada, bo } = world;
  await say(ada, "a1");
  await settle(bo);
  const proof = await stored(world);
  bo.lie("push", () => async () => ({ ok: true, value: { seqs: [], refused: { type: "ctrReused", expected: 9, ...(proof && { stored: toBase64Url(proof) }) } } }));
  await write(bo.room, "mine");
  const before = await disk(bo);
  await settle(bo);
  await expectFrozen(bo, { type: "unproven", seq: 5 }, words.unproven, proof ?? new Uint8Array(0));
  expect(attentionOf(bo)).toMatchObject({ setBack: false });
  expect(unsentOf(bo)).toBe(2);
  await expectKept(bo, before);
  bo.beHonest();
  await unlockAgain(bo);
  await expectConverged(bo, ada);
  expect(await read(ada.room)).toEqual({ a1: "a1", mine: "mine", still: "written" });
});

test("[W11] harmless: «that counter is used», proved by an older own envelope", async () => {
  const { ada, bo, log } = await open();
  await say(bo, "old");
  const old = (await log(3))[0]!.bytes;
  bo.lie("push", () => async () => ({ ok: true, value: { seqs: [], refused: { type: "ctrReused", expected: 2, stored: toBase64Url(old) } } }));
  await write(bo.room, "mine");
  await settle(bo);
  expect(attentionOf(bo)).toBeUndefined();
  expect(unsentOf(bo)).toBe(1);
  expectWords("errors.refusal.catchUp", /sender sitt på nytt av seg selv/);
  bo.beHonest();
  await expectConverged(bo, ada);
  expect(await read(ada.room)).toEqual({ old: "old", mine: "mine" });
});

test.each(["control", "heartbeat"] as const)("[W11] [C8] [H3] harmless: «that counter is used», proved by an own %s that was never shown, is no sign of a second profile", async (type) => {
  const { ada, bo, roomId } = await open();
  const own = await insider(ada);
  const { bytes } = await own.seal(type, type === "heartbeat" ? {} : { clear: { action: "offer", previousControl: own.state.membership!.controlHead, offerId: "0b".repeat(16) } });
  ada.lie("push", () => async () => ({ ok: true, value: { seqs: [], refused: { type: "ctrReused", expected: 9, stored: toBase64Url(bytes) } } }));
  await write(ada.room, "mine");
  await settle(ada);
  expect(attentionOf(ada)).toBeUndefined();
  expect(unsentOf(ada)).toBe(1);
  expect(ada.device.space.sync.status.get().refused.get(roomId)).toMatchObject({ type: "ctrReused" });
  ada.beHonest();
  await expectConverged(ada, bo);
});

test("[W4] [W8] harmless: a saving that is acked and never in the log is sent again, and nothing says meanwhile that all is in step", async () => {
  const { ada, bo } = await open();
  let acks = 0;
  bo.lie("push", () => async (_, __, envelopes) => {
    acks++;
    return { ok: true, value: { seqs: envelopes.map((___, index) => 4 + index), refused: null } };
  });
  await write(bo.room, "mine");
  const before = await disk(bo);
  for (let i = 0; i < 3; i++) {
    await settle(bo);
    expect(bo.device.space.sync.status.get().inStepAt).toBeNull();
  }
  expect(acks).toBeGreaterThan(1);
  await expectKept(bo, before);
  expectWords("settings.neverInStep", /Ikke alt er sendt og hentet/);
  bo.beHonest();
  await unlockAgain(bo);
  await expectConverged(bo, ada);
  expect(await read(ada.room)).toEqual({ mine: "mine" });
});

test.each([
  ["more numbers than envelopes", [4, 5, 6]],
  ["no number and no reason", []],
])("[R2] harmless: a push that is answered with %s is as one that was not answered", async (_, seqs) => {
  const { ada, bo } = await open();
  bo.lie("push", () => async () => ({ ok: true, value: { seqs, refused: null } }));
  await write(bo.room, "mine");
  await bo.device.space.sync.settle().catch((error: unknown) => expectWords(errorTextKey(error), /Får ikke kontakt med tjeneren/));
  await expect.poll(() => bo.device.space.sync.status.get().reached, { timeout: 20_000 }).toBe(false);
  expect(unsentOf(bo)).toBe(1);
  bo.beHonest();
  await expectConverged(bo, ada);
  expect(await read(ada.room)).toEqual({ mine: "mine" });
});

test.each(["session", "log answer"])("[P8] detected: a log that was rolled back, told in the %s", async (place) => {
  const world = await open();
  const { ada, bo, roomId } = world;
  await talk(world);
  await settle(bo);
  const gone = (await world.log(5))[0]!.bytes;
  if (place === "session") {
    bo.lie("openSession", (ask) => async (request) => {
      const answer = await ask(request);
      if (answer.ok) for (const room of answer.value.rooms) room.headSeq = 5;
      return answer;
    });
    await unlockAgain(bo);
  } else bo.lieAboutLog(roomId, () => ({ page: [], headSeq: 5 }));
  const before = await disk(bo);
  await settle(bo);
  await expectFrozen(bo, { type: "rollback", seq: 6 }, words.rollback, gone);
  await expectKept(bo, before);
  expect(await read(bo.room)).toMatchObject(allOfTheTalk);
  bo.beHonest();
  await unlockAgain(bo);
  await expectConverged(bo, ada);
});

test("[P5] [W5] harmless: a stream that goes back, gives other bytes under known numbers, or jumps ahead changes nothing", async () => {
  const world = await open();
  const { ada, bo, roomId } = world;
  await talk(world);
  await settle(bo);
  const [, second, third] = await world.log(3);
  let tell: (seq: number, bytes: Bytes) => void = () => undefined;
  bo.lie("live", () => async (_, listener) => {
    tell = (seq, bytes) => listener.record(roomId, seq, bytes);
    return { ok: true, value: { close() {} } };
  });
  await unlockAgain(bo);
  await settle(bo);
  const before = await disk(bo);
  tell(4, second!.bytes);
  tell(5, third!.bytes);
  tell(2, new Uint8Array(7));
  await settle(bo);
  expect(attentionOf(bo)).toBeUndefined();
  expect(await disk(bo)).toEqual(before);
  tell(900, second!.bytes);
  await settle(bo);
  expect(attentionOf(bo)).toBeUndefined();
  expect(await disk(bo)).toEqual(before);
  // It waits for what it was told of.
  expect(bo.device.space.sync.status.get().inStepAt).toBeNull();
  bo.beHonest();
  await unlockAgain(bo);
  await expectConverged(bo, ada);
});

test("[P2] [R7] detected: a forged envelope in the stream", async () => {
  const world = await open();
  const { ada, bo, roomId } = world;
  let tell: (seq: number, bytes: Bytes) => void = () => undefined;
  bo.lie("live", () => async (_, listener) => {
    tell = (seq, bytes) => listener.record(roomId, seq, bytes);
    return { ok: true, value: { close() {} } };
  });
  await unlockAgain(bo);
  await settle(bo);
  const { bytes } = await (await insider(ada)).seal("update", {});
  const forged = withByte(bytes, -70, (byte) => byte ^ 1);
  tell(4, forged);
  await expect.poll(() => faultOf(bo), { timeout: 20_000 }).not.toBeNull();
  await expectFrozen(bo, { type: "signature", seq: 4 }, words.changed, forged);
  bo.beHonest();
  await unlockAgain(bo);
  await expectConverged(bo, ada);
});

test("[P4] [R9] [G2] detected: two devices given different logs, once they meet; a restore from before they parted heals both, and nothing is lost", async () => {
  const world = await open();
  const { ada, bo, cy, relay, roomId } = world;
  const restore = relay.backUp();
  const other = createRelay({ storage: (relay.storage as MemoryStorage).copy(), clock: Date.now, randomBytes: systemRandom });
  for (const name of ["challenge", "openSession", "push", "log"] as const) bo.lie(name, () => other[name] as never);
  await unlockAgain(bo);
  await say(bo, "b1");
  await say(bo, "b2");
  expect(await read(bo.room)).toEqual({ b1: "b1", b2: "b2" });
  await say(cy, "c1");
  await say(cy, "c2");
  const overThere = await other.log(await bo.device.space.sync.session(), roomId, 3, 1);
  const [b1, b2] = overThere.ok ? overThere.value.page.flatMap((entry) => ("bytes" in entry ? [entry.bytes] : [])) : [];
  // Bo is shown the log of the others: what they have seen is not what Bo has.
  bo.beHonest();
  const before = await disk(bo);
  await unlockAgain(bo);
  await settle(ada);
  await say(ada, "a1");
  await settle(bo);
  const culprit = (await world.log(5))[0]!.bytes;
  await expectFrozen(bo, { type: "fork", seq: 6 }, words.fork, culprit);
  await expectKept(bo, before);
  expect(unsentOf(bo)).toBeGreaterThan(0);
  // The others are shown what Bo wrote over there.
  const head = (await world.log()).length;
  ada.lieAboutLog(roomId, (page, after) => [...page, ...[b1!, b2!].map((bytes, index) => ({ seq: head + 1 + index, bytes })).filter(({ seq }) => seq > after)]);
  await settle(ada);
  await expectFrozen(ada, { type: "fork", seq: head + 2 }, words.fork, b2!);

  ada.beHonest();
  await restore();
  await settleAgain(ada, bo, cy, ada, bo, cy);
  await expectConverged(ada, bo, cy);
  expect(await read(cy.room)).toEqual({ a1: "a1", b1: "b1", b2: "b2", c1: "c1", c2: "c2", still: "written" });
  expect(await ada.device.database.evidence.count()).toBe(1);
});

test("[P7] [G2] detected: a restore that begins behind what froze a room does not heal it", async () => {
  const world = await open();
  const { ada, bo, relay, roomId } = world;
  await talk(world);
  const forged = await (await insider(ada)).seal("update", {}, { after: { ctr: 40, tip: "ab".repeat(32) } });
  bo.lieAboutLog(roomId, (page, after) => page.map((entry) => (entry.seq === 4 && after < 4 ? { seq: 4, bytes: forged.bytes } : entry)));
  await settle(bo);
  await expectFrozen(bo, { type: "chain", seq: 4 }, words.changed, forged.bytes);
  bo.beHonest();
  await relay.backUp()();
  await settleAgain(bo, ada, bo);
  expect(faultOf(bo)).toEqual({ type: "chain", seq: 4 });
});

test("[G2] detected: a generation that is older than the one that is known", async () => {
  const world = await open();
  const { ada, bo, relay } = world;
  await relay.backUp()();
  await settleAgain(bo, ada);
  const before = await disk(bo);
  bo.lie("log", () => async () => ({ ok: false, refusal: { type: "otherLogGen", logGen: 1, generations: [{ logGen: 1, fromSeq: 0 }] } }));
  await settle(bo);
  await expectFrozen(bo, { type: "rollback", seq: 3 }, words.rollback, null);
  await expectKept(bo, before);
  bo.beHonest();
  await unlockAgain(bo);
  await expectConverged(bo, ada);
});

const rewritten: [string, { logGen: number; fromSeq: number }[]][] = [
  ["another beginning of a generation that is known", [{ logGen: 1, fromSeq: 0 }, { logGen: 11, fromSeq: 2 }, { logGen: 12, fromSeq: 3 }]],
  ["another first generation", [{ logGen: 5, fromSeq: 0 }]],
  ["numbers that do not grow", [{ logGen: 1, fromSeq: 0 }, { logGen: 30, fromSeq: 3 }, { logGen: 20, fromSeq: 3 }]],
  ["a number that no restore of these days can have", [{ logGen: 1, fromSeq: 0 }, { logGen: Math.floor(Date.now() / 1000) + 8 * 86_400, fromSeq: 1 }]],
  ["no generation at all", []],
];

test.each(rewritten)("[G2] detected: a list of generations with %s", async (_, generations) => {
  const { ada, bo, relay } = await open();
  await relay.backUp()();
  await settleAgain(bo, ada);
  const before = await disk(bo);
  bo.lie("log", () => async () => ({ ok: false, refusal: { type: "otherLogGen", logGen: generations.at(-1)?.logGen ?? 0, generations } }));
  await settle(bo);
  const fault = faultOf(bo)!;
  await expectFrozen(bo, fault, words.fork, null);
  expect(fault).toEqual({ type: "generations", seq: 3 } satisfies LogFault);
  expect(faultTextKey(fault)).toBe("errors.fault.fork");
  await expectKept(bo, before);
  bo.beHonest();
  await unlockAgain(bo);
  await expectConverged(bo, ada);
});

async function settleAgain(...parties: Party[]): Promise<void> {
  for (const { device } of parties) await device.space.sync.settle().catch(() => device.space.sync.settle());
}

test("[G2] [G3] harmless: a relay that throws away the newest again and again, each time as a restore; it is given all of it back, people go on writing, and are told", async () => {
  const world = await open();
  const { ada, bo, cy, relay } = world;
  const restore = relay.backUp();
  const all: Record<string, string> = {};
  for (let i = 0; i < 4; i++) {
    for (const party of [ada, bo, cy]) {
      const key = `${party.name} ${i}`;
      await write(party.room, key);
      all[key] = key;
    }
    await settleAgain(ada, bo, cy, ada, bo);
    await restore();
    await write(bo.room, `during ${i}`);
    all[`during ${i}`] = `during ${i}`;
    await settleAgain(ada, bo, cy, ada, bo, cy);
    expect(await read(bo.room)).toEqual(all);
    expect(attentionOf(bo)).toMatchObject({ restored: true, fault: null });
  }
  expectWords("people.evidence.restored", /gjenopprettet fra en sikkerhetskopi/);
  await expectConverged(ada, bo, cy);
  expect(await read(ada.room)).toEqual(all);
  expect(await ada.device.space.change(ada.room.roomId, { action: "acceptGen" })).toBe(true);
  await settle(ada, bo);
  expect(attentionOf(bo)).toBeUndefined();
});

test("[G2] [G5] harmless: a generation invented for one device alone, and everything refused that it gives back: it keeps all, writes on, and is one with the others after the operator's new generation", async () => {
  const world = await open();
  const { ada, bo, relay } = world;
  await talk(world);
  await settle(bo);
  await say(bo, "b1");
  await settle(ada);
  const invented = [{ logGen: 1, fromSeq: 0 }, { logGen: 2, fromSeq: 1 }];
  bo.lie("log", (ask) => async (session, asked, after, logGen) => {
    if (logGen === 1) return { ok: false, refusal: { type: "otherLogGen", logGen: 2, generations: invented } };
    const answer = await ask(session, asked, after, 1);
    return answer.ok ? { ok: true, value: { logGen: 2, headSeq: 1, page: [] } } : answer;
  });
  bo.lie("repair", () => async () => ({ ok: true, value: { seqs: [], refused: { type: "notMember" } } }));
  const before = await disk(bo);
  const said = { ...allOfTheTalk, b1: "b1" };
  await settle(bo);
  expect(await read(bo.room)).toEqual(said);
  await write(bo.room, "alone");
  await settle(bo);
  expect(attentionOf(bo)).toMatchObject({ fault: null, restored: true });
  for (const [id, { bytes }] of before) {
    const kept = [...(await disk(bo))].find(([other]) => other === id);
    // What is its own may be sealed again; what it holds is there all the same.
    if (kept !== undefined) expect(toHex(kept[1].bytes)).toBe(toHex(bytes));
  }
  expect(await read(bo.room)).toEqual({ ...said, alone: "alone" });
  await unlockAgain(bo);
  expect(await read(bo.room)).toEqual({ ...said, alone: "alone" });

  // The real relay knows nothing of that generation.
  bo.beHonest();
  await settle(bo);
  expect(faultOf(bo)).toMatchObject({ type: "rollback" });
  await relay.storage.write((tx) => tx.beginGeneration(3));
  await unlockAgain(bo);
  await settleAgain(bo, ada, bo, ada);
  expect(faultOf(bo)).toBeNull();
  expect(await read(ada.room)).toEqual({ ...said, alone: "alone" });
  await expectConverged(bo, ada);
  expect(Object.keys((await insider(bo)).state.membership!.devices)).toHaveLength(3);
});

test("[G3] harmless: a relay that numbers what is given back and never shows it is asked again, and one is told that it is not done", async () => {
  const world = await open();
  const { ada, bo, roomId, relay } = world;
  const restore = relay.backUp();
  await say(bo, "b1");
  await settle(ada);
  await restore();
  ada.device.space.sync.close();
  bo.lie("repair", () => async (_, __, envelopes) => ({ ok: true, value: { seqs: envelopes.map((___, index) => 4 + index), refused: null } }));
  await settleAgain(bo);
  await settle(bo);
  expect(attentionOf(bo)).toMatchObject({ lost: 1, fault: null });
  expect(bo.device.space.sync.status.get().refused.get(roomId)).toEqual({ type: "gap", expected: 0 });
  expectWords("errors.refusal.catchUp", /sender sitt på nytt av seg selv/);
  expectWords("people.evidence.lostOne", /gis tilbake herfra/);
  await write(bo.room, "b2");
  expect(await read(bo.room)).toEqual({ b1: "b1", b2: "b2" });
  bo.beHonest();
  await unlockAgain(ada);
  await unlockAgain(bo);
  await expectConverged(bo, ada);
  expect(await read(ada.room)).toEqual({ b1: "b1", b2: "b2" });
});

test("[P2] [G7] harmless: a wrong signature in the middle of a run, which its end covers: what cannot be given back so waits for its author, and nothing is lost", async () => {
  const world = await open();
  const { ada, bo, relay, roomId } = world;
  const restore = relay.backUp();
  await say(ada, "a1");
  await say(ada, "a2");
  bo.lieAboutLog(roomId, (page) => page.map(({ seq, bytes }) => ({ seq, bytes: seq === 4 ? withByte(bytes, -1, (byte) => byte ^ 1) : bytes })));
  await settle(bo);
  expect(await read(bo.room)).toEqual({ a1: "a1", a2: "a2" });
  bo.beHonest();
  ada.device.space.sync.close();
  await restore();
  await settleAgain(bo);
  await settle(bo);
  await say(bo, "b1");
  expect(attentionOf(bo)).toMatchObject({ lost: 2, fault: null });
  expect(unsentOf(bo)).toBe(1);
  expect([...bo.device.space.sync.status.get().refused.values()]).toEqual([{ type: "badSignature" }]);
  expect(await read(bo.room)).toEqual({ a1: "a1", a2: "a2", b1: "b1" });
  await unlockAgain(ada);
  await settleAgain(ada);
  await expectConverged(bo, ada);
  expect(await read(ada.room)).toEqual({ a1: "a1", a2: "a2", b1: "b1" });
  expect(attentionOf(ada)).toMatchObject({ quarantined: 0 });
});

test("[N5] harmless: presence that is forged, of a stranger, of an earlier epoch, of another room, or played back reaches nobody's screen", async () => {
  const world = await open();
  const { ada, bo, roomId } = world;
  let tell: (bytes: Bytes) => void = () => undefined;
  bo.lie("live", () => async (_, listener) => {
    tell = (bytes) => listener.presence(roomId, bytes);
    return { ok: true, value: { close() {} } };
  });
  await unlockAgain(bo);
  await settle(bo);
  const heard: string[] = [];
  bo.room.presence(indexDocId).onReceived((_, bytes) => void heard.push(toHex(bytes)));
  const { keys, state } = await insider(ada);
  const seal = (at: number, word: number, changes: Partial<typeof keys> = {}) =>
    new RoomCipher({ ...keys, ...changes }).sealPresence(state, encodePresence({ at, docId: indexDocId, bytes: Uint8Array.of(word) }), systemRandom(12));
  const now = Date.now();
  const own = await createTestDevice();
  const old = await seal(now - 200_000, 1);
  const first = await seal(now, 2);
  for (const bytes of [
    withByte(first, -70, (byte) => byte ^ 1),
    old,
    await createTestAuthor(own, roomId).presence(),
    await seal(now + 1, 3, { sign: (await insider(bo)).keys.sign }),
    await seal(now + 2, 4, { roomId: "0c".repeat(16) }),
    await seal(now + 3, 5, { deviceId: bo.room.deviceId }),
  ]) tell(bytes);
  tell(first);
  await expect.poll(() => heard, { timeout: 20_000 }).toEqual(["02"]);
  tell(first);
  tell(await seal(now - 1000, 6));
  tell(await seal(now + 10, 7));
  await expect.poll(() => heard, { timeout: 20_000 }).toEqual(["02", "07"]);
  expect(attentionOf(bo)).toBeUndefined();
});
