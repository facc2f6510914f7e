import type { Refusal } from "#protocol/messages.ts";
import type { RoomAttention } from "../../engine/space.ts";
import { type ErrorTextKey, faultTextKey, refusalTextKey } from "./error-text.ts";
import type { LostControl } from "./lost-controls.ts";
import type { CodeUse } from "./recovery-rules.ts";

type Trouble = Pick<RoomAttention, "fault" | "quarantined" | "lost" | "restored" | "reopened" | "setBack">;

/** What the logs tell, until somebody has looked into it. */
export type ToLookInto = { codeUses: readonly CodeUse[]; lostControls: readonly LostControl[] };

/** What there is to know: what is the same in several rooms is said once, and is one thing. */
export function listMatters(rooms: readonly Trouble[], refused: Iterable<Refusal>, { codeUses, lostControls }: ToLookInto): ReadonlySet<string> {
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
  for (const { ids } of codeUses) said.add(`codeUse ${ids.join()}`);
  for (const { action } of lostControls) said.add(`lostControl ${action}`);
  return said;
}

const updateKeys: ReadonlySet<string> = new Set<ErrorTextKey>(["errors.fault.needsUpdate", "errors.refusal.needsUpdate"]);

/** Whether there is something to know, and a newer version of the app is all that it takes. */
export function needsUpdateAlone(said: ReadonlySet<string>): boolean {
  return said.size > 0 && Array.from(said).every((key) => updateKeys.has(key));
}

/** Whether a newer version of the app is some of what it takes. */
export function needsUpdate(said: ReadonlySet<string>): boolean {
  return Array.from(said).some((key) => updateKeys.has(key));
}

/** What a restore waits for is said once, with what to do. */
export function isSaidElsewhere(refusal: Refusal): boolean {
  return refusal.type === "generationPending";
}
