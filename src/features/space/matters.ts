import type { Refusal } from "#protocol/messages.ts";
import type { RoomAttention } from "../../engine/space.ts";
import { faultTextKey, refusalTextKey } from "./error-text.ts";

type Trouble = Pick<RoomAttention, "fault" | "quarantined" | "lost" | "restored" | "reopened" | "setBack">;

/** How many things there are to know: what is the same in several rooms is said once, and is one thing. */
export function countMatters(rooms: readonly Trouble[], refused: Iterable<Refusal>): number {
  const said = new Set<string>();
  for (const { fault, quarantined, lost, restored, reopened, setBack } of rooms) {
    if (fault !== null) said.add(faultTextKey(fault));
    if (setBack) said.add("setBack");
    if (restored) said.add("restored");
    if (reopened) said.add("reopened");
    if (lost > 0) said.add(`lost ${lost}`);
    if (quarantined > 0) said.add(`quarantined ${quarantined}`);
  }
  for (const refusal of refused) {
    if (!isSaidElsewhere(refusal)) said.add(refusalTextKey(refusal));
  }
  return said.size;
}

/** What a restore waits for is said once, with what to do. */
export function isSaidElsewhere(refusal: Refusal): boolean {
  return refusal.type === "generationPending";
}
