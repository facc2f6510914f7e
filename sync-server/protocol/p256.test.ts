import { createECDH } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fromHex, toBase64Url } from "./bytes.ts";
import { Leaf } from "./control.ts";
import { isPoint } from "./p256.ts";

const generator = fromHex("046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");
const p = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";
const withX = (x: string) => fromHex(`04${x}${"00".repeat(32)}`);

test("[K3] every public key is a point, and with another bit it is none", () => {
  expect(isPoint(generator)).toBe(true);
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.nat({ max: 519 }), (some, bit) => {
      const pair = createECDH("prime256v1");
      // Never 0, and below the order.
      pair.setPrivateKey(some.with(0, 1));
      const key = Uint8Array.from(pair.getPublicKey());
      expect(isPoint(key)).toBe(true);
      expect(isPoint(key.with(bit >> 3, (key[bit >> 3] ?? 0) ^ (1 << (bit & 7))))).toBe(false);
    }),
  );
});

test.each([
  ["zeros", new Uint8Array(65)],
  ["(0, 0)", withX("00".repeat(32))],
  ["a number that is not below p", fromHex(`04${p}66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4`)],
  ["the compressed form", fromHex("036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296")],
  ["a byte too many", Uint8Array.from([...generator, 0])],
  ["the first byte alone", Uint8Array.of(4)],
  ["nothing", new Uint8Array(0)],
])("[K3] %s is no point, and no key of a leaf", (_name, key) => {
  expect(isPoint(key)).toBe(false);
  const right = toBase64Url(generator);
  expect(Leaf.safeParse({ sign: right, kem: right }).success).toBe(true);
  expect(Leaf.safeParse({ sign: toBase64Url(key), kem: right }).success).toBe(false);
  expect(Leaf.safeParse({ sign: right, kem: toBase64Url(key) }).success).toBe(false);
});
