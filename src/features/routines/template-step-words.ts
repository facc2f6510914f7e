import { useText } from "../../ui/text-provider.tsx";
import { createRunWords } from "./create-run-words.ts";
import type { OwnDeadline, RoutineStep } from "./schema.ts";
import { unsaid } from "./template-rules.ts";

/** A deadline of one's own in words: «3 arbeidsdager etter at saken begynte på rutinen». */
function createDeadlineWords(): (deadline: OwnDeadline) => string {
  const { text, plural } = useText();
  return ({ length, unit, countsFrom }) =>
    text("routines.template.ownDeadlineLine", {
      length: plural(length, `routines.template.unitOne.${unit}`, `routines.template.unitMany.${unit}`),
      from: text(`routines.template.from.${countsFrom}`),
    });
}

/** All that a template says of a step, and what it does not say. */
export function createStepSummary(): (step: RoutineStep) => string {
  const { text } = useText();
  const words = createRunWords();
  const deadlineWords = createDeadlineWords();
  return (step) => {
    const deadline = () => {
      if (step.legalDeadline !== undefined) return text("routines.template.legalLine", { deadline: text(`routines.deadline.${step.legalDeadline}`) });
      if (step.ownDeadline !== undefined) return deadlineWords(step.ownDeadline);
      return unsaid(step).includes("deadline") ? text("routines.run.dueNotSaid") : "";
    };
    const meeting = step.meeting === undefined ? "" : text("routines.template.meetingLine", { meeting: text(`routines.meeting.${step.meeting}`) });
    return [words.who(step), meeting, deadline(), step.involvesParents ? text("routines.template.involvesParents") : ""].filter((part) => part !== "").join(" · ");
  };
}
