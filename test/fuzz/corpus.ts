import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Bytes } from "#protocol/bytes.ts";
import type { Target } from "./targets.ts";

/** Inputs that once broke a promise of this parser. */
export function kept({ name }: Target): Bytes[] {
  const folder = join(import.meta.dirname, "corpus", name);
  return existsSync(folder) ? readdirSync(folder).map((file) => Uint8Array.from(readFileSync(join(folder, file)))) : [];
}
