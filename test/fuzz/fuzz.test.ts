import fc from "fast-check";
import { expect, test } from "vitest";
import { type Bytes, equalBytes, toHex } from "#protocol/bytes.ts";
import { limits } from "#protocol/limits.ts";
import { decodePage, decodePush, encodePage, encodePush, encodeUnsigned, type Envelope, parseEnvelope, withSignature } from "#protocol/record.ts";
import { formatInviteLink, parseInviteLink } from "../../src/engine/keys/invitation.ts";
import { decodeInside, decodePresence, encodeInside, encodePresence } from "../../src/engine/log/record.ts";
import { kept } from "./corpus.ts";
import { diceFrom, mutate } from "./mutate.ts";
import { runOnce, targets } from "./targets.ts";

// A short run of `npm run fuzz`, the same each time, and what must hold of whatever our own side writes. Nothing is timed here.

const inputsEach = 2000;

test.each(targets)("[E1] [P6] $name: whatever comes, it is read or refused as declared", async (target) => {
  const dice = diceFrom(20_261_122);
  const pool = [...target.seeds, ...kept(target)];
  expect(pool.length).toBeGreaterThan(0);
  const findings = new Set<string>();
  const inputs = [...pool, ...Array.from({ length: inputsEach }, () => mutate(pool[dice(pool.length)] ?? new Uint8Array(0), pool, dice))];
  for (const input of inputs) {
    const { finding } = await runOnce(target, input);
    if (finding !== null) findings.add(`${finding}\n${toHex(input).slice(0, 2000)}`);
  }
  expect([...findings]).toEqual([]);
});

const bytes = (length: number): fc.Arbitrary<Bytes> => fc.uint8Array({ minLength: length, maxLength: length }).map((some) => Uint8Array.from(some));
const upTo = (maxLength: number): fc.Arbitrary<Bytes> => fc.uint8Array({ maxLength }).map((some) => Uint8Array.from(some));
const number = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const id16 = bytes(16).map(toHex);
const docId = bytes(17).map(toHex);

const envelope: fc.Arbitrary<Envelope> = fc
  .record({
    suite: fc.constant(1),
    type: fc.constantFrom("update", "control", "heartbeat", "presence"),
    roomId: bytes(16),
    deviceId: bytes(16),
    epoch: fc.nat({ max: 0xffff_ffff }),
    ctr: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    prev: bytes(32),
    logGen: number,
    seenSeq: number,
    seenAcc: bytes(32),
    resealOf: bytes(32),
    clear: upTo(300).map((clear) => (clear.length === 0 ? Uint8Array.of(1) : clear)),
    nonce: bytes(12),
    sealed: upTo(600).map((sealed) => Uint8Array.from([...sealed, ...new Uint8Array(16)])),
    signature: bytes(64),
  })
  .map((one) => ({
    ...one,
    clear: one.type === "control" ? one.clear : new Uint8Array(0),
    ...(one.type === "presence" ? { ctr: 0, prev: new Uint8Array(32), resealOf: new Uint8Array(32) } : {}),
  }));

test("[E1] every envelope is read as it was written, and none with a byte more or less", () => {
  fc.assert(
    fc.property(envelope, fc.nat(), (written, at) => {
      const whole = withSignature(encodeUnsigned(written), written.signature);
      expect(parseEnvelope(whole)).toEqual({ ok: true, envelope: written });
      expect(parseEnvelope(whole.slice(0, at % whole.length)).ok).toBe(false);
      expect(parseEnvelope(Uint8Array.from([...whole, 0])).ok).toBe(false);
    }),
  );
});

test("[E1] an envelope in the middle of other bytes is read as it is alone", () => {
  fc.assert(
    fc.property(envelope, upTo(40), upTo(40), (written, before, behind) => {
      const whole = withSignature(encodeUnsigned(written), written.signature);
      const around = Uint8Array.from([...before, ...whole, ...behind]);
      expect(parseEnvelope(around.subarray(before.length, before.length + whole.length))).toEqual({ ok: true, envelope: written });
    }),
  );
});

test("[R12] pushes and pages are read as they were framed, and not when cut short", () => {
  fc.assert(
    fc.property(fc.array(upTo(80), { maxLength: 8 }), fc.nat({ max: Number.MAX_SAFE_INTEGER - 8 }), fc.nat(), (envelopes, from, cut) => {
      expect(decodePush(encodePush(envelopes))).toEqual(envelopes);
      const page = envelopes.map((one, index) => ({ seq: from + index, bytes: one }));
      const framed = encodePage(page);
      expect(decodePage(framed)).toEqual(page);
      const shorter = framed.slice(0, cut % (framed.length + 1));
      const read = decodePage(shorter);
      if (read !== null) expect(equalBytes(encodePage(read), shorter)).toBe(true);
    }),
  );
  expect(decodePush(encodePush(Array.from({ length: limits.pushEnvelopes + 1 }, () => new Uint8Array(0))))).toBeNull();
  expect(decodePage(encodePage(Array.from({ length: limits.pageEnvelopes + 1 }, (_, seq) => ({ seq, bytes: new Uint8Array(0) }))))).toBeNull();
});

test("[E7] [N2] insides are read as they were written, and an update with nothing more or less", () => {
  fc.assert(
    fc.property(number, fc.array(fc.record({ docId, update: upTo(200) }), { maxLength: 5 }), fc.nat(), (authoredAt, items, cut) => {
      const whole = encodeInside({ authoredAt, items });
      expect(decodeInside(whole)).toEqual({ authoredAt, items });
      expect(() => decodeInside(whole.slice(0, cut % whole.length))).toThrow(Error);
      expect(() => decodeInside(Uint8Array.from([...whole, 0]))).toThrow(Error);
    }),
  );
  fc.assert(
    fc.property(number, docId, upTo(200), (at, id, some) => {
      expect(decodePresence(encodePresence({ at, docId: id, bytes: some }))).toEqual({ at, docId: id, bytes: some });
    }),
  );
});

test("[I2] a link is read as it was written", () => {
  fc.assert(
    fc.property(id16, bytes(32), bytes(32).map(toHex), (inviteId, secret, genesis) => {
      expect(parseInviteLink(formatInviteLink({ inviteId, secret, genesis }))).toEqual({ inviteId, secret, genesis });
    }),
  );
});
