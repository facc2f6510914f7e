import { type Bytes, concatBytes, toHex } from "#protocol/bytes.ts";
import { purposeBytes } from "#protocol/version.ts";
import { sha256 } from "../crypto/primitives.ts";

/** What the relay knows a service's token by; hexadecimal. SPEC.md [R5]. */
export async function serviceTokenHash(token: Bytes): Promise<string> {
  return toHex(await sha256(concatBytes(purposeBytes("service-token"), token)));
}
