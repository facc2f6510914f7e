import type { RecoveryEvent } from "../../engine/log/recovery-events.ts";
import { dateOf, momentOf } from "../../lib/iso-date.ts";
import { useText } from "../../ui/text-provider.tsx";

/** Who and when, of what became of the recovery code; undefined while the record that says it does not open. */
export function createRecoveryDetail(): (event: RecoveryEvent) => string | undefined {
  const { text, format } = useText();
  return ({ what, name, at }) => {
    if (at === null) return undefined;
    const moment = new Date(at);
    const time = text("space.renewCode.moment", { date: format.date(dateOf(momentOf(moment)), "dayYear"), clock: format.clock(moment) });
    return text(`space.renewCode.${what}Detail`, { name: name ?? text("space.settings.unnamed"), time });
  };
}
