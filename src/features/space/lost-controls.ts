import type { KeptEvidence } from "../../engine/log/findings.ts";

/** A change of who is in a room that a restored relay has lost. `id` is the same for as long as the piece is kept, on this device. */
export type LostControl = Pick<KeptEvidence, "action"> & { id: string; roomId: string };

export function lostControlsIn({ roomId, kept }: { roomId: string; kept: readonly KeptEvidence[] }): LostControl[] {
  return kept.filter(({ fault }) => fault === "lostControl").map(({ seq, foundAt, action }) => ({ id: `${roomId}/${seq}/${foundAt}`, roomId, action }));
}
