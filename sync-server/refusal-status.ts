import type { ServerResponse } from "node:http";
import type { Refusal } from "#protocol/messages.ts";
import { securityHeaders } from "./security-headers.ts";

const statuses = {
  malformed: 400,
  tooLarge: 413,
  badSignature: 403,
  notMember: 403,
  forbidden: 403,
  ctrReused: 409,
  gap: 409,
  roomUnknown: 404,
  roomExists: 409,
  staleControl: 409,
  staleEpoch: 409,
  otherLogGen: 409,
  forked: 409,
  staleCut: 409,
  roomClosed: 410,
  generationPending: 409,
  sessionExpired: 401,
  codeUnknown: 404,
  codeUsed: 409,
  inviteUnknown: 404,
  inviteExpired: 410,
  inviteUsed: 409,
  busy: 503,
  overQuota: 507,
  unknownAction: 422,
} as const satisfies Record<Refusal["type"], number>;

/** The HTTP status that goes with a refusal. Clients read the refusal; the status is for what stands between. */
export function statusOf(refusal: Refusal): (typeof statuses)[Refusal["type"]] {
  return statuses[refusal.type];
}

/** Headers that a refusal needs besides its body. */
export function headersOf(refusal: Refusal): Record<string, string> {
  return refusal.type === "busy" ? { "retry-after": String(Math.ceil(refusal.retryAfterMs / 1000)) } : {};
}

/** Answers a request that no framework has in hand. */
export function answerRefusal(response: ServerResponse, refusal: Refusal, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(statusOf(refusal), {
    ...securityHeaders,
    ...headers,
    ...headersOf(refusal),
    "content-type": "application/json",
    "cache-control": "no-store",
  });
  response.end(JSON.stringify({ refusal }));
}
