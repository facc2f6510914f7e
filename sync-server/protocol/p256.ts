import { toHex } from "./bytes.ts";

// SEC 2 §2.4.2 (secp256r1): y² = x³ − 3x + b over the field of p elements.
const p = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

/** Whether the bytes are a point of P-256, uncompressed (65 bytes). Its order is prime: each is as good as the others. */
export function isPoint(bytes: Uint8Array): boolean {
  if (bytes.length !== 65 || bytes[0] !== 4) return false;
  const [x, y] = [bytes.subarray(1, 33), bytes.subarray(33)].map((number) => BigInt(`0x${toHex(number)}`)) as [bigint, bigint];
  return x < p && y < p && (y * y - (x * x - 3n) * x - b) % p === 0n;
}
