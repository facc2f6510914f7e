import { limits } from "#protocol/limits.ts";
import type { Arrival } from "#protocol/log-rules.ts";
import { mayControl } from "#protocol/membership.ts";
import type { Refusal } from "#protocol/messages.ts";
import { createRateLimit, type RateLimit } from "./rate-limit.ts";
import type { MayCome } from "./room-log.ts";

export type Gate = {
  /**
   * For the envelopes of one request, which may be worked into the log more than once: an envelope is charged once.
   * @param mostBytes how large the room may become
   */
  forRequest(arrival: Exclude<Arrival, "read">, mostBytes: number): MayCome;
  /** Forgets those who may come again as often as anybody. */
  sweep(): void;
};

/**
 * Keeps out what a room has no place for, and what its author brings too often. What is given back to a restored relay passes. SPEC.md [R13] [R15].
 * What one has brought is counted in memory: each process counts for itself.
 */
export function createGate(clock: () => number): Gate {
  const createPace = (burst: number) => createRateLimit(clock, { perSecond: 1000 / limits.memberPaceMs, burst });
  const heartbeats = createPace(limits.heartbeatBurst);
  const controls = createPace(limits.memberControlBurst);

  return {
    forRequest(arrival, mostBytes) {
      const waits = new Map<string, number>();
      const pace = (limit: RateLimit, key: string, envelopeId: string): Refusal | null => {
        const waitMs = waits.get(envelopeId) ?? limit.take(key);
        waits.set(envelopeId, waitMs);
        return waitMs === 0 ? null : { type: "busy", retryAfterMs: waitMs };
      };
      return ({ membership, storedBytes }, { facts, bytes }) => {
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
    sweep() {
      heartbeats.sweep();
      controls.sweep();
    },
  };
}
