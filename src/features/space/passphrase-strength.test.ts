import { expect, test } from "vitest";
import { passphraseStrength } from "./passphrase-strength.ts";

test.each([
  ["kort", "short"],
  ["aaaaaaaaaaaaaaaa", "weak"],
  ["passord passord passord", "weak"],
  ["12345678901234567890", "weak"],
  ["qwertyuiopå asdfghjkløæ", "weak"],
  ["fjell kanel trikk måne", "good"],
  ["fjell kanel trikk måne seilduk", "strong"],
  ["Tr0ll!kjeks#Vind", "strong"],
] as const)("%s is %s", (passphrase, strength) => {
  expect(passphraseStrength(passphrase)).toBe(strength);
});
