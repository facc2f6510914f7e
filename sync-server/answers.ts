import type { Answer, Refusal } from "#protocol/messages.ts";

type Bare = Exclude<Refusal, { expected: number } | { logGen: number } | { retryAfterMs: number }>["type"];

export const accept = <T>(value: T): Answer<T> => ({ ok: true, value });

/** A refusal with nothing to say but its type, or one given whole. */
export function refuse(refusal: Bare | Refusal): { ok: false; refusal: Refusal } {
  return { ok: false, refusal: typeof refusal === "string" ? { type: refusal } : refusal };
}
