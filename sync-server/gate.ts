import { limits } from "#protocol/limits.ts";
import type { Arrival } from "#protocol/log-rules.ts";
import { mayControl, type Membership } from "#protocol/membership.ts";
import type { Refusal } from "#protocol/messages.ts";
import { createRateLimit, type RateLimit } from "./rate-limit.ts";
import type { MayCome, SignedEnvelope } from "./room-log.ts";

export type Gate = {
  /**
   * For the envelopes of one request, which may be worked into the log more than once: an envelope is charged once.
   * @param mostBytes how large the room may become
   */
  forRequest(arrival: Exclude<Arrival, "read">, mostBytes: number): MayCome;
  /** Nothing more of these devices comes into the room for `limits.removalHoldMs`. SPEC.md [R16]. */
  hold(roomId: string, deviceIds: readonly string[]): void;
  /** Forgets those who may come again as often as anybody. */
  sweep(): void;
};

/** Those whom a removal is about that came too late for the log: of who may remove anybody, and other members' devices alone. SPEC.md [R16]. */
export function toBeHeld({ devices }: Membership, { facts, control }: SignedEnvelope, refusal: Refusal): string[] {
  const author = devices[facts.deviceId];
  if (control?.action !== "remove" || author === undefined || !mayControl(author.role, "remove")) return [];
  if (refusal.type !== "staleCut" && refusal.type !== "staleControl" && refusal.type !== "staleEpoch") return [];
  return control.devices.flatMap(({ deviceId }) => {
    const named = devices[deviceId];
    return named === undefined || named.memberId === author.memberId || named.role === "recovery" ? [] : [deviceId];
  });
}

/**
 * Keeps out whom somebody is removing, what a room has no place for, and what its author brings too often; of what is given back to a restored relay
 * the first alone. SPEC.md [R13] [R15] [R16].
 * All of it is in memory: each process counts for itself, and is to be told of who is held elsewhere.
 */
export function createGate(clock: () => number): Gate {
  const createPace = (burst: number) => createRateLimit(clock, { perSecond: 1000 / limits.memberPaceMs, burst });
  const heartbeats = createPace(limits.heartbeatBurst);
  const controls = createPace(limits.memberControlBurst);
  /** By room and device, until when. */
  const held = new Map<string, number>();

  return {
    forRequest(arrival, mostBytes) {
      const waits = new Map<string, number>();
      const pace = (limit: RateLimit, key: string, envelopeId: string): Refusal | null => {
        const waitMs = waits.get(envelopeId) ?? limit.take(key);
        waits.set(envelopeId, waitMs);
        return waitMs === 0 ? null : { type: "busy", retryAfterMs: waitMs };
      };
      return ({ membership, storedBytes }, { facts, bytes }) => {
        const heldMs = (held.get(`${facts.roomId} ${facts.deviceId}`) ?? 0) - clock();
        if (heldMs > 0) return { type: "busy", retryAfterMs: Math.min(heldMs, limits.removalHoldMs) };
        if (arrival === "repair") return null;
        const author = membership.devices[facts.deviceId];
        if (author === undefined || (facts.type === "control" && mayControl(author.role, "remove"))) return null;
        if (facts.type !== "heartbeat" && storedBytes + bytes.length > mostBytes) return { type: "overQuota" };
        // By person and not by device: everybody may add devices of their own.
        const member = `${facts.roomId} ${author.memberId}`;
        if (facts.type === "heartbeat") return pace(heartbeats, member, facts.envelopeId);
        return facts.type === "control" ? pace(controls, member, facts.envelopeId) : null;
      };
    },
    hold(roomId, deviceIds) {
      for (const deviceId of deviceIds) held.set(`${roomId} ${deviceId}`, clock() + limits.removalHoldMs);
    },
    sweep() {
      for (const [key, until] of held) if (until <= clock()) held.delete(key);
      heartbeats.sweep();
      controls.sweep();
    },
  };
}
