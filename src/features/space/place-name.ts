import type { RoomKind } from "#protocol/control.ts";
import { useText } from "../../ui/text-provider.tsx";
import { schoolOfLabel } from "./invite-rules.ts";
import { useWorkspace } from "./workspace.tsx";

const kindOrder: readonly RoomKind[] = ["service", "shelf", "figures", "school", "plan"];

/** Rooms in the order in which they are shown: the shared ones, then each school's. */
export function inPlaceOrder<R extends { kind: RoomKind; label: string }>(rooms: readonly R[]): R[] {
  return rooms.toSorted((a, b) => a.label.localeCompare(b.label) || kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind));
}

/** A room as people speak of it, also one that this device is no longer in. */
export function createPlaceName(): (kind: RoomKind, label: string) => string {
  const { text } = useText();
  const workspace = useWorkspace();
  return (kind, label) => {
    const school = workspace.schoolName(schoolOfLabel(label) ?? "") ?? text("common.nav.schools");
    return text(`space.settings.place.${kind}`, { school });
  };
}
