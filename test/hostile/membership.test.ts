import * as encoding from "lib0/encoding";
import { afterEach, expect, test } from "vitest";
import * as Y from "yjs";
import { type Bytes, fromBase64Url, fromHex, toBase64Url, toHex } from "#protocol/bytes.ts";
import type { ControlBody, MemberDevice, Wrap } from "#protocol/control.ts";
import { limits } from "#protocol/limits.ts";
import { startGenerations } from "#protocol/log-rules.ts";
import { parseEnvelope, sessionProofInput } from "#protocol/record.ts";
import { importSigner, sha256, sign } from "../../src/engine/crypto/primitives.ts";
import { wrapSecret } from "../../src/engine/crypto/wrap.ts";
import { deviceIdOf, generateLeaf, publicLeaf } from "../../src/engine/keys/keyring.ts";
import { commitmentInput, encodeInside, sealHistory, touchedInput } from "../../src/engine/log/record.ts";
import { documentId, indexDocId } from "../../src/engine/log/rights.ts";
import { RoomCipher } from "../../src/engine/log/room-cipher.ts";
import type { LogFault } from "../../src/engine/log/room-state.ts";
import { systemRandom } from "../../src/engine/platform/clock.ts";
import { TooLargeError } from "../../src/engine/platform/errors.ts";
import { refusalTextKey } from "../../src/features/space/error-text.ts";
import { bringIn, createDevice } from "../support/device.ts";
import { createTestAuthor, createTestDevice, genesisBody, randomId } from "../support/envelopes.ts";
import { createLiar, withByte } from "./liar.ts";
import { attentionOf, createWorld, disk, expectFrozen, expectKept, expectWords, faultOf, insider, type Insider, type Party, read, say, settle, unlockAgain, words, type World, write } from "./world.ts";

// Lies about who is in the room. Where a member has signed them, that member is in league with the relay.

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

async function open(...given: Parameters<typeof createWorld>): Promise<World> {
  const world = await createWorld(...given);
  worlds.push(world);
  return world;
}

type Devices = Record<string, Omit<MemberDevice, "deviceId">>;
const membershipOf = ({ state }: Insider) => state.membership!;
const ask = ({ state: { membership } }: Insider) => ({ previousControl: membership!.controlHead });

/** The body of a record that begins an epoch, rightly made for these devices. */
async function epochFor({ keys, state }: Insider, devices: Devices, secretFor: (deviceId: string, secret: Bytes) => Bytes = (_, secret) => secret) {
  const number = membershipOf({ keys, state } as Insider).epoch + 1;
  const secret = systemRandom(32);
  const wrapTo = ([deviceId, { leaf }]: [string, Devices[string]]): Promise<Wrap> =>
    wrapSecret({ deviceId, kem: new Uint8Array(Buffer.from(leaf.kem, "base64url")) }, keys.roomId, number, secretFor(deviceId, secret));
  const body = {
    previousControl: state.membership!.controlHead,
    commitment: toHex(await sha256(commitmentInput(keys.roomId, number, secret))),
    wraps: await Promise.all(Object.entries(devices).map(wrapTo)),
    history: await sealHistory(secret, { roomId: keys.roomId, epoch: number }, keys.secrets[number - 1]!, systemRandom(12)),
  };
  const changes = { keys: { secrets: { ...keys.secrets, [number]: secret } }, state: { membership: { ...state.membership!, epoch: number } } };
  return { body, changes, secret };
}

async function addition(inside: Insider, member: MemberDevice) {
  const { keys, state } = inside;
  const { epoch, commitment } = state.membership!;
  const wrap = await wrapSecret({ deviceId: member.deviceId, kem: new Uint8Array(Buffer.from(member.leaf.kem, "base64url")) }, keys.roomId, epoch, keys.secrets[epoch]!);
  return { action: "addMember", ...ask(inside), member, commitment, wraps: [wrap] } satisfies ControlBody;
}

async function stranger(): Promise<MemberDevice & { author: ReturnType<typeof createTestAuthor> }> {
  const device = await createTestDevice();
  return { ...device.as("consultant"), author: createTestAuthor(device, "00".repeat(16)) };
}

type Attack = {
  attack: string;
  rules: string;
  school?: boolean;
  /** What the relay puts behind the real log for Bo. */
  put: (world: World) => Promise<Bytes[]>;
  /** Which of them is found out, and how. */
  fault: { type: LogFault["type"]; of: number };
  heals: boolean;
};

const attacks: Attack[] = [
  {
    attack: "a ghost, whom nobody has added, in Ada's name",
    rules: "[P2] [C4]",
    async put({ ada }) {
      const inside = await insider(ada);
      const body = await addition(inside, (await createTestDevice()).as("consultant"));
      const { bytes } = await inside.seal("control", { clear: body });
      return [withByte(bytes, -1, (byte) => byte ^ 1)];
    },
    fault: { type: "signature", of: 0 },
    heals: true,
  },
  {
    attack: "a ghost whose keys are no keys, and what it says",
    rules: "[P2] [K3]",
    async put({ ada, roomId }) {
      const inside = await insider(ada);
      const leaf = { sign: toBase64Url(new Uint8Array(65).fill(4)), kem: inside.state.membership!.devices[inside.keys.deviceId]!.leaf.kem };
      const noKeys = [leaf.sign, leaf.kem].map((text) => new Uint8Array(Buffer.from(text, "base64url"))) as [Bytes, Bytes];
      const deviceId = await deviceIdOf(...noKeys);
      const body = await addition(inside, { memberId: randomId(), role: "consultant", deviceId, leaf });
      const { bytes } = await inside.seal("control", { clear: body });
      const ghost = createTestAuthor({ ...(await createTestDevice()), deviceId }, roomId);
      return [withByte(bytes, -1, (byte) => byte ^ 1), await ghost.update({ seenSeq: inside.state.seq, seenAcc: inside.state.acc })];
    },
    fault: { type: "malformed", of: 0 },
    heals: true,
  },
  {
    attack: "a stranger who adds itself",
    rules: "[P2] [C4]",
    async put({ ada, roomId }) {
      const inside = await insider(ada);
      const device = await createTestDevice();
      const ghost = createTestAuthor(device, roomId);
      return [await ghost.control(await addition(inside, device.as("consultant")), { seenSeq: inside.state.seq, seenAcc: inside.state.acc })];
    },
    fault: { type: "signature", of: 0 },
    heals: true,
  },
  {
    attack: "the keys of somebody who is added, changed on the way",
    rules: "[P2] [E3]",
    async put({ ada }) {
      const inside = await insider(ada);
      const [wanted, own] = [await createTestDevice(), await createTestDevice()];
      const body = await addition(inside, wanted.as("consultant"));
      const { bytes } = await inside.seal("control", { clear: body });
      const text = Buffer.from(bytes);
      const place = text.indexOf(wanted.leaf.sign);
      text.set(Buffer.from(own.leaf.sign), place);
      return [new Uint8Array(text)];
    },
    fault: { type: "signature", of: 0 },
    heals: true,
  },
  {
    attack: "a member added under the id of one pair of keys with another, by a consultant",
    rules: "[K3]",
    async put({ ada }) {
      const inside = await insider(ada);
      const [wanted, own] = [await createTestDevice(), await createTestDevice()];
      const body = await addition(inside, { ...wanted.as("consultant"), leaf: own.leaf });
      return [(await inside.seal("control", { clear: body })).bytes];
    },
    fault: { type: "membership", of: 0 },
    heals: false,
  },
  {
    attack: "a key for a stranger, too, in a new epoch",
    rules: "[C12]",
    async put({ ada }) {
      const inside = await insider(ada);
      const { author: _, deviceId, ...ghost } = await stranger();
      const { body, changes } = await epochFor(inside, { ...inside.state.membership!.devices, [deviceId]: ghost });
      return [(await inside.seal("control", { clear: { action: "rotate", ...body } }, changes)).bytes];
    },
    fault: { type: "malformed", of: 0 },
    heals: true,
  },
  {
    attack: "a new epoch without a key for Bo",
    rules: "[C12]",
    async put({ ada, bo }) {
      const inside = await insider(ada);
      const { [bo.room.deviceId]: _, ...others } = inside.state.membership!.devices;
      const { body, changes } = await epochFor(inside, others);
      return [(await inside.seal("control", { clear: { action: "rotate", ...body } }, changes)).bytes];
    },
    fault: { type: "malformed", of: 0 },
    heals: true,
  },
  {
    attack: "a new epoch with another key for Bo than for the others",
    rules: "[K4] [K6]",
    async put({ ada, bo }) {
      const inside = await insider(ada);
      const { body, changes } = await epochFor(inside, inside.state.membership!.devices, (deviceId, secret) => (deviceId === bo.room.deviceId ? systemRandom(32) : secret));
      return [(await inside.seal("control", { clear: { action: "rotate", ...body } }, changes)).bytes];
    },
    fault: { type: "membership", of: 0 },
    heals: false,
  },
  {
    attack: "a control record that follows on an older one than the newest",
    rules: "[C3]",
    async put({ ada }) {
      const inside = await insider(ada);
      const body = { action: "setRole", previousControl: inside.keys.genesis, memberId: inside.keys.memberId, role: "consultant" };
      return [(await inside.seal("control", { clear: body })).bytes];
    },
    fault: { type: "membership", of: 0 },
    heals: false,
  },
  {
    attack: "a removal that leaves out the last that the removed one wrote",
    rules: "[C10]",
    async put(world) {
      const { ada, cy } = world;
      await say(cy, "c1");
      await settle(ada);
      const inside = await insider(ada);
      const { [cy.room.deviceId]: _, ...left } = inside.state.membership!.devices;
      const { body, changes } = await epochFor(inside, left);
      return [(await inside.seal("control", { clear: { action: "remove", ...body, devices: [{ deviceId: cy.room.deviceId, cut: 0, fence: 0 }] } }, changes)).bytes];
    },
    fault: { type: "membership", of: 0 },
    heals: false,
  },
  {
    attack: "a removal shown twice",
    rules: "[C10] [C3]",
    async put({ ada, cy }) {
      const inside = await insider(ada);
      const { [cy.room.deviceId]: _, ...left } = inside.state.membership!.devices;
      const { body, changes } = await epochFor(inside, left);
      const { bytes } = await inside.seal("control", { clear: { action: "remove", ...body, devices: [{ deviceId: cy.room.deviceId, cut: 0, fence: 0 }] } }, changes);
      return [bytes, bytes];
    },
    fault: { type: "membership", of: 1 },
    heals: false,
  },
  {
    attack: "what a removed member writes after the removal",
    rules: "[P2] [C10]",
    async put({ ada, cy }) {
      const late = await insider(cy);
      const inside = await insider(ada);
      const { [cy.room.deviceId]: _, ...left } = inside.state.membership!.devices;
      const { body, changes } = await epochFor(inside, left);
      const removal = (await inside.seal("control", { clear: { action: "remove", ...body, devices: [{ deviceId: cy.room.deviceId, cut: 0, fence: 0 }] } }, changes)).bytes;
      return [removal, (await late.seal("update", {})).bytes];
    },
    fault: { type: "membership", of: 1 },
    heals: false,
  },
  {
    attack: "what a member sealed in the old epoch, put behind the record that began the new one",
    rules: "[P2] [K5]",
    async put({ ada, cy }) {
      const late = await insider(cy);
      const inside = await insider(ada);
      const { body, changes } = await epochFor(inside, inside.state.membership!.devices);
      return [(await inside.seal("control", { clear: { action: "rotate", ...body } }, changes)).bytes, (await late.seal("update", {})).bytes];
    },
    fault: { type: "membership", of: 1 },
    heals: false,
  },
  {
    attack: "a sosiallærer who makes itself a consultant",
    rules: "[C4] [C14]",
    school: true,
    async put({ cy }) {
      const inside = await insider(cy);
      return [(await inside.seal("control", { clear: { action: "setRole", ...ask(inside), memberId: inside.keys.memberId, role: "consultant" } })).bytes];
    },
    fault: { type: "membership", of: 0 },
    heals: false,
  },
  {
    attack: "a restore accepted by a sosiallærer, of a generation that there is not",
    rules: "[C4] [G5]",
    school: true,
    async put({ cy }) {
      const inside = await insider(cy);
      return [(await inside.seal("control", { clear: { action: "acceptGen", ...ask(inside), logGen: 1, fromSeq: 0 } })).bytes];
    },
    fault: { type: "membership", of: 0 },
    heals: false,
  },
  {
    attack: "a restore accepted by a consultant, of a generation that there is not",
    rules: "[G5]",
    async put({ cy }) {
      const inside = await insider(cy);
      return [(await inside.seal("control", { clear: { action: "acceptGen", ...ask(inside), logGen: 1, fromSeq: 0 } })).bytes];
    },
    fault: { type: "malformed", of: 0 },
    heals: true,
  },
  {
    attack: "a purge by a consultant, of more than the colleague's word is for",
    rules: "[Z3]",
    async put({ ada, cy }) {
      await say(cy, "c1");
      await settle(ada);
      const { through, ...asker } = await cy.room.askPurge(documentId("case", "c2".repeat(16)));
      const inside = await insider(ada);
      const [row] = (await ada.device.database.records.toArray()).filter(({ deviceId }) => deviceId === cy.room.deviceId);
      const { seq, envelopeId, deviceId } = row!;
      const body = { action: "purge", ...ask(inside), docId: documentId("case", "c2".repeat(16)), touched: toHex(await sha256(touchedInput([]))), ask: asker };
      return [(await inside.seal("control", { clear: { ...body, through, dropped: [{ seq, envelopeId, deviceId, ctr: 1 }] } })).bytes];
    },
    fault: { type: "signature", of: 0 },
    heals: true,
  },
  {
    attack: "a second genesis",
    rules: "[C2] [L1]",
    async put({ log }) {
      return [(await log())[0]!.bytes];
    },
    fault: { type: "membership", of: 0 },
    heals: false,
  },
];

test.each(attacks)("$rules detected: $attack", async ({ school, put, fault: { type, of }, heals }) => {
  const world = await open(school === true ? { kind: "school", role: "socialTeacher" } : {});
  const { ada, bo, cy, roomId } = world;
  const added = await put(world);
  const before = await disk(bo);
  const people = Object.keys((await insider(bo)).state.membership!.devices);
  bo.lieAboutLog(roomId, (page, after) => {
    const head = page.at(-1)?.seq ?? after;
    return [...page, ...added.map((bytes, index) => ({ seq: head + 1 + index, bytes }))];
  });
  const first = (await world.log()).length + 1;
  await settle(bo);
  const fault = { type, seq: first + of };
  await expectFrozen(bo, fault, words.changed, added[of]!);
  await expectKept(bo, before);
  // The one that is wrong has let nobody in and shut nobody out.
  if (of === 0) expect(Object.keys((await insider(bo)).state.membership!.devices)).toEqual(people);
  bo.beHonest();
  await unlockAgain(bo);
  await settle(bo, ada, cy);
  expect(faultOf(bo)).toEqual(heals ? null : fault);
  if (heals) {
    expect(await read(bo.room)).toEqual(await read(ada.room));
    expect(await read(ada.room)).toMatchObject({ still: "written" });
    await settle(bo);
    expect(bo.device.space.status.get()).toMatchObject({ unsent: 0, attention: [] });
  }
});

test("[K8] harmless: a history link that opens to another key hides nothing from those who were there, and the newcomer is told what it cannot read", async () => {
  const world = await open();
  const { ada, bo, relay, roomId } = world;
  await say(ada, "before");
  await settle(bo);
  const inside = await insider(ada);
  const { body, changes, secret } = await epochFor(inside, inside.state.membership!.devices);
  const history = await sealHistory(secret, { roomId, epoch: 2 }, systemRandom(32), systemRandom(12));
  const { bytes } = await inside.seal("control", { clear: { action: "rotate", ...body, history } }, changes);
  expect(await relay.port.control(await ada.device.space.sync.session(), roomId, bytes)).toMatchObject({ ok: true });
  await settle(ada, bo);
  await say(bo, "after");
  await settle(ada);
  expect(await read(ada.room)).toEqual({ before: "before", after: "after" });
  const liar = createLiar(relay);
  const device = await createDevice(liar.port);
  const dag = { ...liar, name: "Dag", device, room: await bringIn(ada.device, ada.room, device, { name: "Dag" }) };
  expect(await read(dag.room)).toEqual({ after: "after" });
  expect(attentionOf(dag)).toMatchObject({ quarantined: 1, fault: null });
  expectWords("space.settings.quarantinedOne", /kan ikke leses her\. Den er tatt vare på, og ingenting er slettet/);
  await device.space.close();
});

/** An update without any content, of so many structs: alike, they take next to nothing. */
function emptyStructs(count: number): Bytes {
  const encoder = new Y.UpdateEncoderV2();
  for (const number of [1, count]) encoding.writeVarUint(encoder.restEncoder, number);
  encoder.writeClient(77);
  encoding.writeVarUint(encoder.restEncoder, 0);
  for (let left = count; left > 0; left--) {
    encoder.writeInfo(0);
    encoder.writeLen(1);
  }
  encoding.writeVarUint(encoder.restEncoder, 0);
  return encoder.toUint8Array() as Bytes;
}

test.each([
  ["one update", [limits.insideStructs + 1]],
  ["several", [limits.insideStructs / 2, limits.insideStructs / 2, 1]],
])("[D6] harmless: a member's envelope of a few bytes and more structs than may be decoded, in %s", async (_, counts) => {
  const world = await open();
  const { ada, bo, relay, roomId } = world;
  const items = counts.map((count) => ({ docId: indexDocId, update: emptyStructs(count) }));
  expect(items.reduce((sum, { update }) => sum + update.length, 0)).toBeLessThan(100);
  const { bytes } = await (await insider(bo)).seal("update", { inside: encodeInside({ authoredAt: Date.now(), items }) });
  expect(await relay.port.push(await bo.device.space.sync.session(), roomId, [bytes])).toMatchObject({ ok: true, value: { refused: null } });
  await settle(ada);
  expect(attentionOf(ada)).toMatchObject({ quarantined: 1, fault: null });
  await say(ada, "after");
  await settle(bo);
  expect(await read(bo.room)).toMatchObject({ after: "after" });
});

test("[D6] what would be too much for the readers is not saved", async () => {
  const { ada } = await open();
  const before = await read(ada.room);
  const saving = ada.room.edit([indexDocId], (doc) => Array.from({ length: limits.insideStructs + 1 }, (_, at) => doc?.getMap("notes").set(`k${at}`, at)));
  await expect(saving).rejects.toBeInstanceOf(TooLargeError);
  expect(await read(ada.room)).toEqual(before);
});

test("[L4] [W10] harmless: a removal that is kept from one who stays; what it writes meanwhile waits, and reaches the others when the relay is honest", async () => {
  const world = await open();
  const { ada, bo, cy, roomId } = world;
  const shown = (await world.log()).length;
  cy.lieAboutLog(roomId, (page) => page.filter(({ seq }) => seq <= shown));
  expect(await ada.device.space.change(roomId, { action: "remove", devices: [{ deviceId: bo.room.deviceId }], reason: "" })).toBe(true);
  await settle(ada);
  await write(cy.room, "meanwhile");
  await settle(cy);
  const { unsent, attention } = cy.device.space.status.get();
  expect({ unsent, attention }).toEqual({ unsent: 1, attention: [] });
  const refusal = cy.device.space.sync.status.get().refused.get(roomId)!;
  expect(refusalTextKey(refusal)).toBe("errors.refusal.catchUp");
  expectWords("errors.refusal.catchUp", /henter det nye og sender sitt på nytt av seg selv/);
  cy.beHonest();
  await settle(cy, ada);
  expect(await read(ada.room)).toEqual({ meanwhile: "meanwhile" });
  expect(cy.device.space.status.get()).toMatchObject({ unsent: 0, attention: [] });
  expect((await cy.room.members()).map(({ name }) => name).sort()).toEqual(["Ada", "Cy"]);
});

test("[C10] detected: a removal that is kept from the removed one, whose later writing the relay hands on to the others", async () => {
  const world = await open();
  const { ada, bo, cy, roomId } = world;
  const shown = (await world.log()).length;
  bo.lieAboutLog(roomId, (page) => page.filter(({ seq }) => seq <= shown));
  const kept: Bytes[] = [];
  bo.lie("push", () => async (_, __, envelopes) => {
    kept.push(...envelopes);
    return { ok: true, value: { seqs: envelopes.map((___, index) => shown + 1 + index), refused: null } };
  });
  expect(await ada.device.space.change(roomId, { action: "remove", devices: [{ deviceId: bo.room.deviceId }], reason: "" })).toBe(true);
  await settle(ada, cy);
  await write(bo.room, "late");
  await settle(bo);
  cy.lieAboutLog(roomId, (page, after) => [...page, { seq: (page.at(-1)?.seq ?? after) + 1, bytes: kept[0]! }]);
  await settle(cy);
  await expectFrozen(cy, { type: "membership", seq: shown + 2 }, words.changed, kept[0]!);
  expect(await read(cy.room)).toEqual({ still: "written" });
});

test("[C8] detected: a removal that the relay says to have taken and has thrown away is not said to be done", async () => {
  const world = await open();
  const { ada, bo, roomId } = world;
  ada.lie("control", () => async () => ({ ok: true, value: { seq: 4 } }));
  expect(await ada.device.space.change(roomId, { action: "remove", devices: [{ deviceId: bo.room.deviceId }], reason: "" })).toBe(false);
  expect((await ada.room.members()).map(({ name }) => name).sort()).toEqual(["Ada", "Bo", "Cy"]);
  expect(ada.device.space.sync.status.get().inStepAt).toBeNull();
  ada.beHonest();
  expect(await ada.device.space.change(roomId, { action: "remove", devices: [{ deviceId: bo.room.deviceId }], reason: "" })).toBe(true);
  await settle(ada);
  expect((await ada.room.members()).map(({ name }) => name).sort()).toEqual(["Ada", "Cy"]);
});

/** What whoever holds these keys can read of the log: the whole text of every envelope that they open. */
async function readWith({ keys }: Insider, log: readonly { bytes: Bytes }[]): Promise<string> {
  const cipher = new RoomCipher(keys);
  const texts = log.map(async ({ bytes }) => {
    const parsed = parseEnvelope(bytes);
    if (!parsed.ok || parsed.envelope.type !== "update") return "";
    return cipher.open("update", parsed.envelope, toHex(parsed.envelope.deviceId)).then((inside) => Buffer.from(inside).toString("latin1"), () => "");
  });
  return (await Promise.all(texts)).join();
}

test("[C12] [G7] [G8] harmless: a restore, real or claimed, that undoes a removal: the removed one, back in the log, reads nothing that was written after", async () => {
  const world = await open();
  const { relay, ada, bo, cy } = world;
  await say(ada, "before");
  await settle(bo, cy);
  const restore = relay.backUp();
  const gone = await insider(cy);
  expect(await ada.device.space.change(ada.room.roomId, { action: "remove", devices: [{ deviceId: cy.room.deviceId }], reason: "" })).toBe(true);
  await say(ada, "secret of Ada");
  await settle(bo);
  await say(bo, "secret of Bo");
  await settle(ada);
  await restore();
  // Whoever was removed writes first, so that the removal cannot be given back as it was.
  const { generations } = (await relay.storage.rooms([ada.room.roomId])).get(ada.room.roomId)!;
  const started = await startGenerations(sha256, fromHex(ada.room.roomId), generations, () => gone.state.acc);
  const { bytes } = await gone.seal("heartbeat", {}, { state: { generations: started, acc: started.at(-1)!.start! } });
  const session = await sessionOf(gone, relay);
  expect(await relay.port.push(session, ada.room.roomId, [bytes])).toMatchObject({ ok: true, value: { refused: null } });
  await settleAll(ada, bo);
  await write(bo.room, "secret of later");
  await settleAll(ada, bo);
  const said = await readWith(gone, await world.log());
  expect(said).toContain("before");
  expect(said).not.toContain("secret");
  expect(attentionOf(bo)).toMatchObject({ reopened: true, fault: null });
  expectWords("people.evidence.reopened", /fjernet dem på nytt/);
  // Nothing is lost, and when the removal is made anew it goes to those who stay.
  for (const action of [{ action: "acceptGen" as const }, { action: "remove" as const, devices: [{ deviceId: cy.room.deviceId }], reason: "" }]) {
    expect(await ada.device.space.change(ada.room.roomId, action)).toBe(true);
  }
  await settleAll(ada, bo);
  expect(await readWith(gone, await world.log())).not.toContain("secret");
  expect(await read(ada.room)).toEqual(await read(bo.room));
  expect(Object.keys(await read(ada.room))).toEqual(expect.arrayContaining(["before", "secret of Ada", "secret of Bo", "secret of later"]));
  expect([ada, bo].map(({ device }) => device.space.status.get().unsent)).toEqual([0, 0]);
  expect(attentionOf(bo)?.reopened ?? false).toBe(false);
});

/** Several rounds, some of which end because the relay was restored. */
async function settleAll(...parties: Party[]): Promise<void> {
  for (let round = 0; round < 4; round++) await settle(...parties).catch(() => undefined);
}

async function sessionOf({ keys }: Insider, { port }: World["relay"]): Promise<string> {
  const asked = await port.challenge();
  if (!asked.ok) throw new Error(asked.refusal.type);
  const { challenge } = asked.value;
  const proof = sessionProofInput(fromBase64Url(challenge), fromHex(keys.roomId), fromHex(keys.deviceId));
  const signature = toBase64Url(await sign(await importSigner(keys.sign.privateKey), proof));
  const opened = await port.openSession({ challenge, proofs: [{ roomId: keys.roomId, deviceId: keys.deviceId, signature }] });
  if (!opened.ok) throw new Error(opened.refusal.type);
  return opened.value.token;
}

test("[I7] detected: a newcomer who is shown another room under the number of the one that it was invited to", async () => {
  const world = await open();
  const { ada, relay, roomId } = world;
  const leaf = await generateLeaf();
  // The relay has made a room of its own under the same id.
  const other = await createTestDevice();
  const author = createTestAuthor(other, roomId);
  const genesis = await author.control(genesisBody("service", roomId, [other.as("consultant")]));
  const member = { memberId: randomId(), role: "consultant" as const, deviceId: leaf.deviceId, leaf: publicLeaf(leaf) };
  const liar = createLiar(relay);
  liar.lie("openSession", () => async () => ({ ok: true, value: { token: "s", expiresInMs: 900_000, rooms: [{ roomId, logGen: 1, headSeq: 2 }], refused: [] } }));
  liar.lie("log", () => async () => ({ ok: true, value: { logGen: 1, headSeq: 2, page: [{ seq: 1, bytes: genesis }] } }));
  const newcomer = await createDevice(liar.port);
  const { kind, label } = ada.room;
  const room = await newcomer.space.joinRoom({ roomId, kind, label, role: "consultant", memberId: member.memberId, genesis: ada.room.genesis }, leaf);
  await newcomer.space.sync.settle();
  const dag = { ...liar, name: "Dag", device: newcomer, room };
  expect(faultOf(dag)).toEqual({ type: "genesis", seq: 1 });
  expectWords(words.otherPlace.key, words.otherPlace.sentence);
  expect(await newcomer.database.records.count()).toBe(0);
  expect((await newcomer.database.evidence.toArray()).map(({ bytes }) => toHex(bytes))).toEqual([toHex(genesis)]);
  // The real room, once the relay shows it.
  expect(await ada.device.space.addMember(roomId, member, "Dag")).toBe(true);
  liar.beHonest();
  await unlockAgain(dag);
  await settle(dag);
  expect(faultOf(dag)).toBeNull();
  expect((await dag.room.members()).map(({ name }) => name)).toContain("Dag");
  await dag.device.space.close();
});
