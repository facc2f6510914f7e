import fc from "fast-check";
import { deflateSync } from "fflate";
import { expect, test } from "vitest";
import { TooLargeError } from "../platform/errors.ts";
import { pack, padmeLength, unpack } from "./padding.ts";

test("[E5] what is packed comes back, whatever it is", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), async (bytes) => {
      expect(await unpack(await pack(new Uint8Array(bytes)))).toEqual(new Uint8Array(bytes));
    }),
  );
});

test("[E5] what deflates to very little comes back whole, on both sides of where the small way ends", async () => {
  for (const length of [16_384, 16_385, 65_535, 65_536, 65_537, 1_000_000]) {
    const plain = new Uint8Array(length).fill(7);
    expect(await unpack(await pack(plain))).toEqual(plain);
  }
});

test("[E5] sizes are at least 256 bytes, never smaller than asked, and at most 12 % larger", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 30 }), (length) => {
      const padded = padmeLength(length);
      expect(padded).toBeGreaterThanOrEqual(Math.max(256, length));
      if (length > 256) expect(padded / length).toBeLessThan(1.12);
      expect(padmeLength(padded)).toBe(padded);
    }),
  );
});

test("[E5] broken packing throws a range error and nothing else", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 256, maxLength: 2000 }), async (bytes) => {
      try {
        await unpack(new Uint8Array(bytes));
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }),
  );
});

test("a few bytes that inflate without end are refused before they fill the memory", async () => {
  const large = new Uint8Array(33 * 1024 * 1024);
  await expect(pack(large)).rejects.toThrow(TooLargeError);
  // As somebody would who keeps no such bound.
  const deflated = deflateSync(large);
  const bomb = new Uint8Array(padmeLength(deflated.length + 4));
  new DataView(bomb.buffer).setUint32(0, deflated.length);
  bomb.set(deflated, 4);
  expect(bomb.length).toBeLessThan(64 * 1024);
  await expect(unpack(bomb)).rejects.toThrow(RangeError);
});

test("a large inside whose stream is cut short or goes on is refused", async () => {
  const plain = crypto.getRandomValues(new Uint8Array(40_000));
  const whole = await pack(plain);
  const length = new DataView(whole.buffer).getUint32(0);
  const cut = whole.slice();
  new DataView(cut.buffer).setUint32(0, length - 1);
  cut[4 + length - 1] = 0;
  await expect(unpack(cut)).rejects.toThrow(RangeError);
  const longer = whole.slice();
  new DataView(longer.buffer).setUint32(0, length + 1);
  await expect(unpack(longer)).rejects.toThrow(RangeError);
});
