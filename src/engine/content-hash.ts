import { toBase64Url } from "#protocol/bytes.ts";
import { sha256 } from "./crypto/primitives.ts";

/** SHA-256 of a text in UTF-8, base64url without padding: names exactly this text. */
export async function contentHash(text: string): Promise<string> {
  return toBase64Url(await sha256(new TextEncoder().encode(text)));
}
