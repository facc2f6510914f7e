import { expect, test } from "vitest";
import { systemRandom } from "../platform/clock.ts";
import { createRecovery, parseRecoveryCode, recoveryAgreementPair } from "./recovery.ts";
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
