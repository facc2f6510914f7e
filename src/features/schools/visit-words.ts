import { useEngine } from "../../reactive/engine-context.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { isMoved, visitStatus } from "../visits/rules.ts";
import type { Visit } from "../visits/schema.ts";

export type VisitTag = { tone: "neutral" | "now" | "done"; label: string };

/** Words for how it stands with a visit. */
export function createVisitWords(): {
  /** Null for a planned visit that nothing has happened to. */
  tag(visit: Visit): VisitTag | null;
  /** Moved from, why moved, why cancelled; empty when there is nothing to say. */
  detail(visit: Visit): string;
  /** Both on one line, for paper. */
  remark(visit: Visit): string;
} {
  const { text, format } = useText();
  const engine = useEngine();
  const tag = (visit: Visit): VisitTag | null => {
    const status = visitStatus(visit);
    if (status === "closed") return { tone: "done", label: text("schools.page.held") };
    if (status === "open") return { tone: "now", label: text("schools.page.open") };
    if (status === "cancelled") return { tone: "neutral", label: text("schools.page.cancelled") };
    if (visit.date < engine.today()) return { tone: "neutral", label: text("schools.page.notHeld") };
    if (visit.date === engine.today()) return { tone: "now", label: format.due(visit.date, engine.today()) };
    return null;
  };
  const detail = (visit: Visit): string => {
    const parts: string[] = [];
    if (isMoved(visit)) parts.push(text("schools.page.movedFrom", { date: format.date(visit.plannedOn, "day") }));
    if (visitStatus(visit) === "cancelled" && visit.cancelReason !== undefined) parts.push(text(`content.cancelReason.${visit.cancelReason}`));
    else if (visit.moveReason !== undefined) parts.push(text(`content.moveReason.${visit.moveReason}`));
    return parts.join(" · ");
  };
  return {
    tag,
    detail,
    remark: (visit) => [visitStatus(visit) === "cancelled" ? text("schools.page.cancelled") : "", detail(visit)].filter((part) => part !== "").join(" · "),
  };
}
