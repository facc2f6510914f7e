import { createHmac } from "node:crypto";
import { isIP, type Socket } from "node:net";
import type { Bytes } from "#protocol/bytes.ts";
import { createRateLimit, type RateLimit } from "./rate-limit.ts";

export type RequestKind = "file" | "enrol" | "room" | "session" | "proof" | "push" | "control" | "presence" | "log" | "live" | "invite" | "recovery" | "other";

export type RequestLimits = {
  /** Whether the network's other end is the caller itself, and no proxy. */
  isDirect: boolean;
  /**
   * Who calls, as far as anything is counted: the same for as long as this process lives, and good for nothing else.
   * @param forwarded the X-Forwarded-For of the request
   */
  callerOf(socket: Socket, forwarded: string | string[] | undefined): string;
  /** Takes one request of this kind, or so many. @returns 0, or after how many milliseconds there is one, or so many, again */
  take(kind: RequestKind, caller: string, count?: number): number;
  /** The same for the session of this token, whether there is one or not. */
  takeForSession(kind: RequestKind, token: string): number;
  /** One more connection of this caller, to be given back with `disconnect`; false when there are too many. */
  connect(caller: string): boolean;
  disconnect(caller: string): void;
  /** One more request in hand, a stream included, to be given back with `leave`; false when there are too many. */
  enter(caller: string): boolean;
  leave(caller: string): void;
  sweep(): void;
};

type Rate = { perSecond: number; burst: number };

/**
 * What one address and one session may ask. An office of a hundred people stands behind one address, and a device that was long away asks for
 * each of its rooms at once: a person never meets these.
 */
const rates: Readonly<Record<RequestKind, { address: Rate; session: Rate | null }>> = {
  file: { address: { perSecond: 200, burst: 20_000 }, session: null },
  // Codes are sixty random bits; this is so that nobody may even try.
  enrol: { address: { perSecond: 0.2, burst: 20 }, session: null },
  room: { address: { perSecond: 5, burst: 500 }, session: null },
  session: { address: { perSecond: 20, burst: 500 }, session: null },
  // Inside a request for a session: one for each room, and each a signature to check.
  proof: { address: { perSecond: 200, burst: 20_000 }, session: null },
  push: { address: { perSecond: 300, burst: 5000 }, session: { perSecond: 20, burst: 600 } },
  control: { address: { perSecond: 50, burst: 2000 }, session: { perSecond: 5, burst: 600 } },
  presence: { address: { perSecond: 500, burst: 5000 }, session: { perSecond: 50, burst: 200 } },
  log: { address: { perSecond: 300, burst: 10_000 }, session: { perSecond: 50, burst: 1500 } },
  live: { address: { perSecond: 20, burst: 1000 }, session: { perSecond: 1, burst: 30 } },
  invite: { address: { perSecond: 20, burst: 500 }, session: null },
  // Look-up ids are 128 bits of a code that is 160; each device of a consultant puts one when it opens.
  recovery: { address: { perSecond: 0.2, burst: 60 }, session: { perSecond: 0.1, burst: 10 } },
  other: { address: { perSecond: 20, burst: 200 }, session: null },
};

const inRoom = /^\/v1\/rooms\/[^/]+\/(push|control|presence|log)$/;

/** The kind of a request, by its path alone. */
export function kindOf(path: string): RequestKind {
  if (!path.startsWith("/v1/")) return "file";
  const kind = inRoom.exec(path)?.[1];
  if (kind !== undefined) return kind as RequestKind;
  if (path === "/v1/services") return "enrol";
  if (path === "/v1/rooms") return "room";
  if (path === "/v1/challenge" || path === "/v1/session" || path === "/v1/push-token") return "session";
  if (path === "/v1/live") return "live";
  if (path.startsWith("/v1/recovery/")) return "recovery";
  return path.startsWith("/v1/invites") ? "invite" : "other";
}

/** One subscriber's network: the address, or of version 6 its first 64 bits, of which each subscriber has as many as they like. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
  if (isIP(plain) !== 6) return plain;
  const [front = "", back] = plain.split("::");
  const groups = front === "" ? [] : front.split(":");
  const after = back === undefined || back === "" ? 0 : back.split(":").length;
  while (back !== undefined && groups.length < 8 - after) groups.push("0");
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}

/**
 * Token buckets by address and by session, and how much an address has in hand. An address is hashed under a key that lives and dies with the
 * process, and its buckets are forgotten as soon as they are full again.
 * @param trustProxy the address is what the proxy in front put last into X-Forwarded-For; without a proxy anybody could put it there
 * @param most connections, and requests in hand, of one address
 */
export function createRequestLimits({
  clock,
  randomBytes,
  trustProxy,
  most,
}: {
  clock: () => number;
  randomBytes: (length: number) => Bytes;
  trustProxy: boolean;
  most: number;
}): RequestLimits {
  const secret = randomBytes(32);
  const buckets = (of: "address" | "session") =>
    new Map<RequestKind, RateLimit>(
      Object.entries(rates).flatMap(([kind, { [of]: rate }]) => (rate === null ? [] : [[kind as RequestKind, createRateLimit(clock, rate)] as const])),
    );
  const byAddress = buckets("address");
  const bySession = buckets("session");
  const connections = createPlaces(most);
  const inHand = createPlaces(most);
  const callers = new WeakMap<Socket, string>();
  const callerAt = (address: string) => createHmac("sha256", secret).update(networkOf(address)).digest("base64url").slice(0, 22);

  return {
    isDirect: !trustProxy,
    callerOf(socket, forwarded) {
      const told = trustProxy ? [forwarded].flat().join(",").split(",").at(-1)?.trim() : undefined;
      if (told !== undefined && isIP(told) !== 0) return callerAt(told);
      const caller = callers.get(socket) ?? callerAt(socket.remoteAddress ?? "");
      callers.set(socket, caller);
      return caller;
    },
    take: (kind, caller, count) => byAddress.get(kind)?.take(caller, count) ?? 0,
    takeForSession: (kind, token) => bySession.get(kind)?.take(token) ?? 0,
    connect: connections.take,
    disconnect: connections.giveBack,
    enter: inHand.take,
    leave: inHand.giveBack,
    sweep() {
      for (const limit of [...byAddress.values(), ...bySession.values()]) limit.sweep();
    },
  };
}

/** So many places for each caller. */
function createPlaces(most: number): { take(caller: string): boolean; giveBack(caller: string): void } {
  const taken = new Map<string, number>();
  return {
    take(caller) {
      const count = taken.get(caller) ?? 0;
      if (count >= most) return false;
      taken.set(caller, count + 1);
      return true;
    },
    giveBack(caller) {
      const count = taken.get(caller) ?? 0;
      if (count > 1) taken.set(caller, count - 1);
      else taken.delete(caller);
    },
  };
}
