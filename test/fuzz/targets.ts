import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import * as z from "zod/mini";
import { type Bytes, concatBytes, equalBytes, fromHex, toHex } from "#protocol/bytes.ts";
import { devicesBroughtBy, parseControlBody } from "#protocol/control.ts";
import { foldControl, type Membership } from "#protocol/membership.ts";
import {
  ChallengeAnswer,
  ControlAnswer,
  CreateInviteRequest,
  CreateRoomAnswer,
  InviteState,
  InviteWriteRequest,
  LivePresence,
  LiveRecord,
  PushAnswer,
  Refusal,
  RefusalAnswer,
  remedyOf,
  ServiceRequest,
  SessionAnswer,
  SessionRequest,
} from "#protocol/messages.ts";
import { decodePage, decodePush, encodePage, encodePush, encodeUnsigned, factsOf, parseEnvelope, withSignature } from "#protocol/record.ts";
import { purposeBytes } from "#protocol/version.ts";
import { padmeLength, unpack } from "../../src/engine/crypto/padding.ts";
import { hkdf, importSealKey, openLocal, sealLocal } from "../../src/engine/crypto/primitives.ts";
import { Challenge, formatInviteLink, type InviteLink, Offer, openSlot, parseInviteLink, Reveal } from "../../src/engine/keys/invitation.ts";
import { parseRecoveryCode } from "../../src/engine/keys/recovery.ts";
import { decodeHeartbeat, decodeInside, decodePresence, encodeHeartbeat, encodeInside, encodePresence } from "../../src/engine/log/record.ts";
import { emptyRoomState, openRoomState, sealRoomState } from "../../src/engine/log/room-state.ts";
import { verifyPage } from "../../src/engine/log/verify.ts";
import { RelayUnreachableError, UnreadableError } from "../../src/engine/platform/errors.ts";
import { createRelayClient } from "../../src/engine/sync/relay-client.ts";
import { givenOf, type VectorFile } from "../vectors/format.ts";

type ErrorClass = abstract new (...args: never[]) => Error;

/** One parser, and what of it must hold whatever it is given. */
export type Target = {
  name: string;
  seeds: readonly Bytes[];
  /** The errors that the parser declares. */
  declared: readonly ErrorClass[];
  /** What it may take besides a millisecond for each kB, in ms: the platform does its cryptography and its streams on other threads, which have to be woken. */
  wakingMs?: number;
  /** @returns how many bytes it has looked at, where that is more than the input has @throws what is declared, or `Broken` */
  run(input: Bytes): void | number | Promise<void | number>;
};

/** A promise of the parser's that did not hold. */
export class Broken extends Error {
  override name = "Broken";
}

function holds(isTrue: boolean, promise: string): void {
  if (!isTrue) throw new Broken(promise);
}

const decoder = new TextDecoder();
const utf8 = (text: string): Bytes => Uint8Array.from(new TextEncoder().encode(text));
const json = (value: unknown): Bytes => utf8(JSON.stringify(value));

const vectorsOf = (name: string) => {
  const file = JSON.parse(readFileSync(join(import.meta.dirname, `../vectors/${name}.json`), "utf8")) as VectorFile;
  return file.vectors.map((vector) => ({ ...vector, given: givenOf(vector, file) as Record<string, never> }));
};
const givens = (files: readonly string[], kinds: readonly string[], field: string): string[] =>
  files.flatMap((file) => vectorsOf(file).flatMap(({ kind, given }) => (kinds.includes(kind) ? [given[field] as unknown as string] : [])));
const small = (bytes: Bytes) => bytes.length <= 16 * 1024;

const logs = vectorsOf("logs").filter(({ name }) => !name.startsWith("stops")) as unknown as { given: { roomId: string; genesis: string; generations: []; envelopes: string[] } }[];
const plan = logs.find(({ given }) => given.envelopes.length >= 6)?.given ?? { roomId: "", genesis: "", envelopes: [] };
const planEnvelopes = plan.envelopes.map((hex) => fromHex(hex));
const planPage = planEnvelopes.map((bytes, index) => ({ seq: index + 1, bytes }));
const planState = await emptyRoomState(plan.roomId);
const { state: verified } = await verifyPage({ roomId: plan.roomId, genesis: plan.genesis }, planState, planPage, async () => undefined);
const membership = verified.membership as Membership;

const linkText = givens(["invitation"], ["slot"], "link")[0] ?? "";
const link = parseInviteLink(linkText) as InviteLink;
const slots = { offer: Offer, commit: z.string(), challenge: Challenge, reveal: Reveal, done: z.object({ added: z.boolean() }) } as const;
type Slot = keyof typeof slots;
const slotNames = Object.keys(slots) as Slot[];
const slotKeys = new Map(
  await Promise.all(
    slotNames.map(async (slot) => {
      const under = purposeBytes(`invite/${slot}`);
      return [slot, { key: await importSealKey(await hkdf(link.secret, fromHex(link.inviteId), under)), context: concatBytes(under, fromHex(link.inviteId)) }] as const;
    }),
  ),
);
const slotContents = await Promise.all(
  vectorsOf("invitation")
    .filter(({ kind, gives }) => kind === "slot" && !("refused" in gives))
    .map(async ({ given, gives }) => concatBytes(Uint8Array.of(slotNames.indexOf(given["slot"] as unknown as Slot)), json(gives["content"]))),
);

const schemas = {
  ChallengeAnswer,
  ControlAnswer,
  CreateInviteRequest,
  CreateRoomAnswer,
  InviteState,
  InviteWriteRequest,
  LivePresence,
  LiveRecord,
  PushAnswer,
  Refusal,
  RefusalAnswer,
  ServiceRequest,
  SessionAnswer,
  SessionRequest,
};
const id16 = "ab".repeat(16);
const messages = [
  { challenge: "abc" },
  { seq: 4 },
  { inviteId: id16, roomId: id16, lifeMs: 60_000, offer: "abc" },
  { seq: 1, logGen: 1 },
  { expiresAt: 5, slots: { offer: "abc", commit: "def" } },
  { slot: "commit", claim: id16, body: "abc" },
  { roomId: id16, seq: 3, bytes: "abcd" },
  { seqs: [1, 2], refused: { type: "ctrReused", expected: 3, stored: "abcd" } },
  { refusal: { type: "otherLogGen", logGen: 9, generations: [{ logGen: 1, fromSeq: 0 }] } },
  { code: "ABCD-EFGH", serviceId: id16, tokenHash: "cd".repeat(32) },
  { token: "abc", expiresInMs: 900_000, rooms: [{ roomId: id16, logGen: 1, headSeq: 4 }], refused: [{ roomId: id16, refusal: { type: "notMember" } }] },
  { challenge: "abc", proofs: [{ roomId: id16, deviceId: id16, signature: "abcd" }] },
];

const quietClock = { now: () => 0, after: () => () => {} };
const headers = { "content-type": "application/json", "x-head-seq": "4", "x-log-gen": "1" };

/** Every question of the relay's users, answered with the same bytes. */
async function askAll(body: Bytes): Promise<void> {
  const answering = (status: number, contentType: string) =>
    createRelayClient("", async () => new Response(body, { status, headers: { ...headers, "content-type": contentType } }), quietClock);
  const asked = [
    answering(200, "application/json").openSession({ challenge: "", proofs: [] }),
    answering(200, "application/json").push("", id16, []),
    answering(409, "application/json").push("", id16, []),
    answering(200, "application/json").readInvite(id16),
    answering(200, "application/octet-stream").log("", id16, 0, 1),
  ];
  for (const one of await Promise.allSettled(asked)) {
    if (one.status === "rejected") holds(one.reason instanceof RelayUnreachableError, `the relay's answer threw ${String(one.reason)}`);
  }
  await new Promise<void>((ended, failed) => {
    const listener = { record: () => {}, presence: () => {}, ended };
    answering(200, "text/event-stream").live("", listener).catch(failed);
  });
}

const sealKey = await importSealKey(new Uint8Array(32).fill(9));
const stateContext = (roomId: string) => concatBytes(utf8("aapen-dor/v1/state"), fromHex(roomId));
const storedRow = await sealRoomState(sealKey, plan.roomId, 1, verified);
const storedState = await openLocal(sealKey, storedRow.sealedState, stateContext(plan.roomId));

const envelopeSeeds = givens(["envelopes", "refused-envelopes"], ["envelope", "open"], "bytes").map((hex) => fromHex(hex)).filter(small);

const clears = planEnvelopes.flatMap((bytes) => {
  const parsed = parseEnvelope(bytes);
  return parsed.ok && parsed.envelope.type === "control" ? [parsed.envelope.clear] : [];
});

/** What node's zlib makes of a packing, and whether its stream ends where it says; null where it does not open. */
function unpackedByNode(packed: Bytes): { inside: Bytes; isWhole: boolean } | null {
  if (packed.length < 256) return null;
  const length = new DataView(packed.buffer, packed.byteOffset).getUint32(0);
  if (length + 4 > packed.length || padmeLength(length + 4) !== packed.length || packed.subarray(4 + length).some((byte) => byte !== 0)) return null;
  try {
    const { buffer, engine } = inflateRawSync(packed.subarray(4, 4 + length), { maxOutputLength: 32 * 1024 * 1024, info: true }) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    return { inside: Uint8Array.from(buffer), isWhole: engine.bytesWritten === length };
  } catch {
    return null;
  }
}

export const targets: readonly Target[] = [
  {
    name: "envelope",
    seeds: envelopeSeeds,
    declared: [],
    run(input) {
      const parsed = parseEnvelope(input);
      if (!parsed.ok) return;
      const { envelope } = parsed;
      holds(equalBytes(withSignature(encodeUnsigned(envelope), envelope.signature), input), "what is parsed is encoded to the same bytes");
      holds(factsOf(envelope, new Uint8Array(32)).roomId === toHex(input.subarray(6, 22)), "the facts are those of the envelope");
    },
  },
  {
    name: "control body",
    seeds: [...givens(["bodies"], ["body"], "clear").map(utf8), ...clears],
    declared: [],
    run(input) {
      const parsed = parseControlBody(input);
      if (!parsed.ok) return;
      const { body } = parsed;
      holds(devicesBroughtBy(body).every(({ deviceId }) => /^[0-9a-f]{32}$/.test(deviceId)), "ids are ids");
      for (const before of [membership, null]) {
        for (const deviceId of Object.keys(membership.devices)) {
          const facts = { envelopeId: "ef".repeat(32), type: "control", roomId: plan.roomId, deviceId, epoch: 1, ctr: 1, prev: "", logGen: 1, seenSeq: 0, seenAcc: "" } as const;
          const log = { place: 7, generation: { logGen: 1, fromSeq: 0 }, lastCtr: () => 2 , isUpdateAt: () => true };
          const folded = foldControl(before, { ...facts, epoch: "history" in body ? 2 : 1 }, "previousControl" in body ? { ...body, previousControl: membership.controlHead } : body, log);
          if (folded.ok) holds(Object.values(folded.value.devices).some(({ role }) => role === "consultant"), "a consultant stays");
        }
      }
    },
  },
  {
    name: "invite link",
    seeds: givens(["invitation"], ["inviteLink"], "link").map(utf8),
    declared: [],
    run(input) {
      const parsed = parseInviteLink(decoder.decode(input));
      if (parsed === null) return;
      holds(parsed.inviteId.length === 32 && parsed.secret.length === 32 && parsed.genesis.length === 64, "a link is whole");
      const again = parseInviteLink(formatInviteLink(parsed));
      holds(again !== null && again.inviteId === parsed.inviteId && again.genesis === parsed.genesis && equalBytes(again.secret, parsed.secret), "a link is read as it was");
    },
  },
  {
    name: "slot from the relay",
    seeds: givens(["invitation"], ["slot"], "body").map(utf8),
    wakingMs: 10,
    declared: [UnreadableError, RangeError],
    async run(input) {
      for (const slot of slotNames) await openSlot(link, slot, slots[slot], decoder.decode(input));
    },
  },
  {
    name: "slot from whoever has the link",
    seeds: slotContents,
    wakingMs: 5,
    declared: [z.core.$ZodError, SyntaxError],
    async run(input) {
      const slot = slotNames[(input[0] ?? 0) % slotNames.length] ?? "offer";
      const { key, context } = slotKeys.get(slot) as NonNullable<ReturnType<typeof slotKeys.get>>;
      const sealed = await sealLocal(key, input.slice(1), context);
      await openSlot(link, slot, slots[slot], Buffer.from(sealed).toString("base64url"));
    },
  },
  {
    name: "wire messages",
    seeds: messages.map(json),
    declared: [SyntaxError],
    run(input) {
      const value: unknown = JSON.parse(decoder.decode(input));
      for (const schema of Object.values(schemas)) schema.safeParse(value);
      const refusal = Refusal.safeParse(value);
      if (refusal.success) holds(remedyOf(refusal.data) !== undefined, "every refusal has its remedy");
    },
  },
  {
    name: "answers and events of the relay",
    seeds: [...messages.map(json), encodePage(planPage.slice(0, 2)), utf8(`event: record\ndata: ${JSON.stringify(messages[6])}\n\n: beat\n\nevent: presence\ndata: {"roomId":"${id16}","bytes":"ab"}\n\n`)],
    wakingMs: 10,
    declared: [],
    run: askAll,
  },
  {
    name: "push",
    seeds: givens(["framing"], ["push"], "body").map((hex) => fromHex(hex)).filter(small),
    declared: [],
    run(input) {
      const envelopes = decodePush(input);
      if (envelopes !== null) holds(equalBytes(encodePush(envelopes), input), "a push is framed to the same bytes");
    },
  },
  {
    name: "page",
    seeds: givens(["framing"], ["page"], "body").map((hex) => fromHex(hex)).filter(small),
    declared: [],
    run(input) {
      const page = decodePage(input);
      if (page !== null) holds(equalBytes(encodePage(page), input), "a page is framed to the same bytes");
    },
  },
  {
    name: "log",
    seeds: logs.slice(0, 12).map(({ given }) => encodePage(given.envelopes.map((hex, index) => ({ seq: index + 1, bytes: fromHex(hex) })))).filter(small),
    wakingMs: 10,
    declared: [],
    async run(input) {
      const page = decodePage(input);
      if (page === null) return;
      const [first] = page;
      const parsed = first !== undefined && "bytes" in first ? parseEnvelope(first.bytes) : undefined;
      const roomId = parsed?.ok === true ? toHex(parsed.envelope.roomId) : plan.roomId;
      const { accepted, state } = await verifyPage({ roomId, genesis: plan.genesis }, planState, page, async () => undefined);
      holds(accepted.length === page.length || state.fault !== null, "what is not accepted has a fault");
    },
  },
  {
    name: "update inside",
    seeds: givens(["insides"], ["update"], "inside").map((hex) => fromHex(hex)),
    declared: [Error],
    run(input) {
      const inside = decodeInside(input);
      const again = decodeInside(encodeInside(inside));
      holds(again.authoredAt === inside.authoredAt && again.items.length === inside.items.length, "an inside is read as it was");
    },
  },
  {
    name: "presence inside",
    seeds: givens(["insides"], ["presence"], "inside").map((hex) => fromHex(hex)),
    declared: [Error],
    run(input) {
      const inside = decodePresence(input);
      const again = decodePresence(encodePresence(inside));
      holds(again.docId === inside.docId && equalBytes(again.bytes, inside.bytes), "presence is read as it was");
    },
  },
  {
    name: "heartbeat inside",
    seeds: givens(["heartbeats", "answers"], ["heartbeat", "answers"], "inside").map((hex) => fromHex(hex)),
    declared: [Error],
    run(input) {
      const inside = decodeHeartbeat(input);
      const again = encodeHeartbeat(inside);
      holds(equalBytes(encodeHeartbeat(decodeHeartbeat(again)), again), "a heartbeat is read as it was");
      holds(inside.answers.length * 162 <= input.length, "an answer has its own bytes");
    },
  },
  {
    name: "packing",
    seeds: givens(["packing"], ["unpack"], "packed").map((hex) => fromHex(hex)).filter(small),
    wakingMs: 5,
    declared: [RangeError],
    async run(input) {
      const byNode = unpackedByNode(input);
      let ours: Bytes;
      try {
        ours = await unpack(input);
      } catch (error) {
        holds(byNode?.isWhole !== true, "what node's zlib opens, we open");
        throw error;
      }
      // What is small is inflated in script, which passes over bytes behind the stream and over a wrong check of a stored block: only who has the key can make them.
      holds(byNode === null || equalBytes(ours, byNode.inside), "we open what node's zlib opens to the same bytes");
      return ours.length;
    },
  },
  {
    name: "stored room state",
    seeds: [storedRow.sealedState],
    wakingMs: 5,
    declared: [UnreadableError],
    async run(input) {
      const state = await openRoomState(sealKey, { ...storedRow, sealedState: input });
      holds(state.seq === verified.seq, "only the row itself opens");
    },
  },
  {
    name: "inside of a stored room state",
    seeds: [storedState],
    // Sealed by this device itself: whatever it throws, it ends.
    wakingMs: 5,
    declared: [Error],
    async run(input) {
      await openRoomState(sealKey, { ...storedRow, sealedState: await sealLocal(sealKey, input, stateContext(plan.roomId)) });
    },
  },
  {
    name: "recovery code",
    seeds: givens(["recovery"], ["recoveryCode"], "code").map(utf8),
    declared: [],
    run(input) {
      const secret = parseRecoveryCode(decoder.decode(input));
      holds(secret === null || secret.length === 20, "a code has 20 bytes");
    },
  },
];

export type Verdict = { msPerKb: number; finding: string | null };

/** Runs one input and says what of it is not as it should be. */
export async function runOnce(target: Target, input: Bytes): Promise<Verdict> {
  const startedAt = performance.now();
  let looked: number | undefined;
  let finding: string | null = null;
  try {
    looked = (await target.run(input)) ?? undefined;
  } catch (error) {
    const isDeclared = !(error instanceof Broken) && target.declared.some((declared) => error instanceof declared);
    if (!isDeclared) finding = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const msPerKb = (performance.now() - startedAt - (target.wakingMs ?? 0)) / Math.max(1, Math.max(input.length, looked ?? 0) / 1024);
  return { msPerKb, finding };
}
