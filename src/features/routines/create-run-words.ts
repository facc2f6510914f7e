import { deadlines } from "../../content/deadlines.ts";
import { notedSteps } from "../../content/routines.ts";
import type { IsoDate } from "../../lib/iso-date.ts";
import { useText } from "../../ui/text-provider.tsx";
import { small } from "../consultations/create-next-steps.ts";
import type { Basis } from "./deadline-rules.ts";
import type { NearestDate, RunAtAGlance } from "./glance-rules.ts";
import type { StepDue } from "./rules.ts";
import type { RoutineStep } from "./schema.ts";
import { isShippedStep } from "./template-rules.ts";

export type RunWords = {
  /** Somebody's own words where there are any. */
  readonly title: (step: Pick<RoutineStep, "id" | "title">) => string;
  /** What more there is to say of a step; empty when nothing is. */
  readonly note: (step: Pick<RoutineStep, "id" | "title" | "note">) => string;
  /** Who a step is for, or that the routine does not say. */
  readonly who: (step: Pick<RoutineStep, "who">) => string;
  /** «Regnet fra 23. november, da meldingen ble mottatt» */
  readonly basis: (basis: Basis | "routine" | "stepBefore", countedFrom: IsoDate) => string;
  /** A step's date and what it is counted from, or why there is none. */
  readonly due: (step: RoutineStep, due: StepDue) => string;
  /** What a date in a list is the date of. */
  readonly nearest: (nearest: NearestDate) => string;
  /** What comes next in a run, in one line. */
  readonly next: (glance: RunAtAGlance) => string;
};

export function createRunWords(): RunWords {
  const { text, format } = useText();
  const noted = new Set<string>(notedSteps);
  const title: RunWords["title"] = ({ id, title: own }) => own ?? (isShippedStep(id) ? text(`routines.step.${id}`) : text("routines.notInRoutine"));
  const basis: RunWords["basis"] = (kind, countedFrom) => text(`routines.basis.${kind}`, { date: format.date(countedFrom, "day") });
  return {
    title,
    note: ({ id, title: own, note }) => note ?? (own === undefined && noted.has(id) ? text(`routines.stepNote.${id as (typeof notedSteps)[number]}`) : ""),
    who: ({ who }) => (who.length === 0 ? text("routines.run.whoNotSaid") : format.list(who.map((actor, index) => (index === 0 ? text(`routines.actor.${actor}`) : small(text(`routines.actor.${actor}`)))))),
    basis,
    due({ legalDeadline }, due) {
      switch (due.type) {
        case "dated":
          return `${text("routines.run.dueOn", { date: format.date(due.dueOn, "dayYear") })} ${basis(due.basis, due.countedFrom)}.`;
        case "waiting":
          return text("routines.run.dueWaiting");
        case "undated": {
          const deadline = legalDeadline === undefined ? undefined : deadlines[legalDeadline];
          return deadline !== undefined && "undated" in deadline ? text(`routines.undated.${deadline.undated}`) : text("routines.noLegalDate");
        }
        default:
          return text("routines.run.dueNotSaid");
      }
    },
    nearest: (nearest) => (nearest.type === "clock" ? text(`routines.deadline.${nearest.clock === "reportSent" ? "dutyToReport" : nearest.clock}`) : title(nearest.step.step)),
    next: ({ next, isOver }) => (next === null ? text(isOver ? "routines.run.over" : "routines.run.onlyClocks") : text("routines.run.next", { step: title(next.step) })),
  };
}
