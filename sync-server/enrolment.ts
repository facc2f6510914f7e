import { concatBytes, toHex, type Bytes } from "#protocol/bytes.ts";
import { purposeBytes } from "#protocol/version.ts";
import type { RelayStorage } from "./storage/storage.ts";

/** Crockford's base 32: no I, L, O or U. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const codeLength = 12;

/** The code as its letters mean it: case, spaces and dashes do not count, and letters that look like digits are those digits. */
function normalCode(typed: string): string {
  return typed
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, "")
    .replaceAll("O", "0")
    .replaceAll(/[IL]/g, "1");
}

/** What is kept of a code: hexadecimal SHA-256 of its purpose and its normal form. */
export async function enrolmentCodeHash(typed: string): Promise<string> {
  const input = concatBytes(purposeBytes("enrolment-code"), new TextEncoder().encode(normalCode(typed)));
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", input)));
}

/** Makes a code of 60 random bits, `XXXX-XXXX-XXXX`, that one service can be made with, and stores its hash. The code itself is only in the answer. */
export async function issueEnrolmentCode(
  storage: RelayStorage,
  { clock, randomBytes }: { clock: () => number; randomBytes: (length: number) => Bytes },
): Promise<string> {
  const letters = Array.from(randomBytes(codeLength), (byte) => alphabet[byte % alphabet.length]).join("");
  const code = letters.replaceAll(/(.{4})(?!$)/g, "$1-");
  const codeHash = await enrolmentCodeHash(code);
  await storage.write((tx) => tx.insertCode(codeHash, clock()));
  return code;
}
