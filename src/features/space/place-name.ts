import type { RoomKind } from "#protocol/control.ts";
import { useText } from "../../ui/text-provider.tsx";
import { schoolOfLabel } from "./invite-rules.ts";
import { useWorkspace } from "./workspace.tsx";

/** A room as people speak of it, also one that this device is no longer in. */
export function createPlaceName(): (kind: RoomKind, label: string) => string {
  const { text } = useText();
  const workspace = useWorkspace();
  return (kind, label) => {
    const school = workspace.schoolName(schoolOfLabel(label) ?? "") ?? text("common.nav.schools");
    return text(`space.settings.place.${kind}`, { school });
  };
}
