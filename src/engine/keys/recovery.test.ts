import { hkdfSync } from "node:crypto";
import { expect, test } from "vitest";
import { systemRandom } from "../platform/clock.ts";
import { UnreadableError } from "../platform/errors.ts";
import { createRecovery, openRecoveryBundle, parseRecoveryCode, recoveryAgreementPair, recoveryLookupId, sealRecoveryBundle } from "./recovery.ts";
import { publicLeaf } from "./keyring.ts";

test("[Y1] a code is eight groups of four, and typing it otherwise means the same", async () => {
  const { code } = await createRecovery(systemRandom);
  expect(code).toMatch(/^([A-HJ-NP-Z2-9]{4}-){7}[A-HJ-NP-Z2-9]{4}$/);
  expect(parseRecoveryCode(code.toLowerCase().replaceAll("-", " "))).toEqual(parseRecoveryCode(code));
});

test("[Y2] the code alone gives the key that the rooms are sealed to", async () => {
  const { code, member } = await createRecovery(systemRandom);
  const kem = await recoveryAgreementPair(parseRecoveryCode(code)!);
  expect(publicLeaf({ kem, sign: kem }).kem).toBe(member.leaf.kem);
});

test.each(["", "ABCD", "ABCD-EFGH", "0".repeat(32), `${"A".repeat(31)}!`])("%j is no code", (text) => {
  expect(parseRecoveryCode(text)).toBeNull();
});

test("[Y2] the code and the bundle are the recovery device, and no other code opens it", async () => {
  const [recovery, other] = await Promise.all([createRecovery(systemRandom), createRecovery(systemRandom)]);
  const service = { serviceId: "5e".repeat(16), serviceGenesis: "6e".repeat(32) };
  const bundle = await sealRecoveryBundle(recovery, service.serviceId, service.serviceGenesis);
  const { leaf, ...found } = await openRecoveryBundle(parseRecoveryCode(recovery.code)!, bundle);
  expect(found).toEqual(service);
  expect(leaf.deviceId).toBe(recovery.member.deviceId);
  expect(publicLeaf(leaf)).toEqual(recovery.member.leaf);
  await expect(openRecoveryBundle(parseRecoveryCode(other.code)!, bundle)).rejects.toThrow(UnreadableError);
  await expect(openRecoveryBundle(parseRecoveryCode(recovery.code)!, "AAAA")).rejects.toThrow(UnreadableError);
});

test("[Y3] the look-up id follows from the code alone and says nothing of its keys", async () => {
  const secret = new Uint8Array(20).fill(7);
  // HKDF-SHA256 in node:crypto, empty salt, the purpose as it stands in SPEC.md.
  const expected = Buffer.from(hkdfSync("sha256", secret, new Uint8Array(0), "aapen-dor/v1/recovery/lookup", 16)).toString("hex");
  expect(await recoveryLookupId(secret)).toBe(expected);
});
