import type { RecoveryEvent } from "../../engine/log/recovery-events.ts";

/** Each room tells of the same use, some seconds apart. */
const sameMs = 60 * 60_000;

/** What happened once and stands in many rooms, once; the newest first. What no record says the time of comes last. */
export function eachOnce(events: readonly RecoveryEvent[]): RecoveryEvent[] {
  const newestFirst = [...events].sort((a, b) => (b.at ?? 0) - (a.at ?? 0));
  const kept: RecoveryEvent[] = [];
  for (const event of newestFirst) {
    const isSame = ({ what, name, at }: RecoveryEvent) => what === event.what && name === event.name && Math.abs((at ?? 0) - (event.at ?? 0)) < sameMs;
    if (!kept.some(isSame)) kept.push(event);
  }
  return kept;
}
