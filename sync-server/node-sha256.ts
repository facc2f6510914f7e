import { hash } from "node:crypto";
import type { Bytes } from "#protocol/bytes.ts";

/** SHA-256 at once, where WebCrypto would send each hash to another thread. Node only. */
export function nodeSha256(input: Bytes): Bytes {
  return new Uint8Array(hash("sha256", input, "buffer"));
}
