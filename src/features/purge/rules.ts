import type { RoomMember } from "../../engine/log/members.ts";
import type { RoomPurge } from "../../engine/log/purges.ts";
import type { PurgeRequest } from "./schema.ts";

type Member = Pick<RoomMember, "deviceId" | "memberId" | "role" | "name">;
type Own = Pick<Member, "memberId" | "role">;

/** Who can help somebody who may not ask alone: a sosiallærer can ask and the consultant decide, or nobody is there yet. */
export type WhyNotAsk = { readonly type: "socialTeacherAsks"; readonly names: readonly string[] } | { readonly type: "alone" };

/** Two persons are needed, and the one who decides is a consultant. Null where this person may ask. SPEC.md [Z3]. */
export function whyNotAsk(members: readonly Member[], own: Own): WhyNotAsk | null {
  const others = members.filter(({ memberId }) => memberId !== own.memberId);
  if (others.some(({ role }) => role === "consultant")) return null;
  const teachers = others.filter(({ role }) => role === "socialTeacher");
  if (own.role !== "consultant" || teachers.length === 0) return { type: "alone" };
  return { type: "socialTeacherAsks", names: Array.from(new Set(teachers.flatMap(({ name }) => name ?? []))) };
}

/** The consultants who can decide on what this person asks for, once each. */
export function decidersFor(members: readonly Member[], own: Own): string[] {
  const others = members.filter(({ role, memberId }) => role === "consultant" && memberId !== own.memberId);
  return Array.from(new Set(others.flatMap(({ name }) => name ?? [])));
}

/**
 * What becomes of a request: `done` when the log says so; `mine` and `waits` while it is for another person to decide; `askerGone` when nobody can any more,
 * because who asked is not in the room now.
 */
export type PurgeStanding = "done" | "mine" | "waits" | "askerGone" | "yours";

export function standingOf(request: PurgeRequest, purges: readonly RoomPurge[], members: readonly Member[], own: Own): PurgeStanding {
  if (purgeOf(request, purges) !== undefined) return "done";
  const asker = members.find(({ deviceId }) => deviceId === request.deviceId);
  if (asker === undefined) return "askerGone";
  if (asker.memberId === own.memberId) return "mine";
  return own.role === "consultant" ? "yours" : "waits";
}

/** The purge that a request has led to. */
export function purgeOf(request: Pick<PurgeRequest, "signature">, purges: readonly RoomPurge[]): RoomPurge | undefined {
  return purges.find(({ signature }) => signature === request.signature);
}

/** The names of those who have a device that may still have the bytes, once each; null for one that has no name here. */
export function namesBehind(purge: Pick<RoomPurge, "behind">): (string | null)[] {
  return Array.from(new Set(purge.behind.map(({ name }) => name)));
}
