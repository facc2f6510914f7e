import { useText } from "../../ui/text-provider.tsx";
import { meetingPath } from "../meetings/create-meetings.ts";
import { runPath } from "../routines/create-run-actions.ts";
import { createRunWords } from "../routines/create-run-words.ts";
import type { Waiting } from "./waiting-context.tsx";

export type WaitingWords = {
  /** The case code or the reference. */
  readonly title: string;
  /** What is asked, and at which school. */
  readonly what: string;
  /** What has been answered. */
  readonly answer: string;
  /** Where more of it stands. */
  readonly href: string | undefined;
};

/** A question in the words of a row. */
export function createWaitingWords(): (one: Waiting, showSchool: boolean) => WaitingWords {
  const { text } = useText();
  const runWords = createRunWords();
  return (one, showSchool) => {
    const what = (asked: string) => (showSchool && one.school !== undefined ? `${asked} · ${one.school.name}` : asked);
    if (one.type === "followUp") {
      const { kind, caseId, code } = one.followUp;
      return {
        title: code.label,
        what: what(text(`content.followUp.${kind}.short`)),
        answer: one.answer === undefined || one.answer === "yes" ? text(`content.followUp.${kind}.done`) : text(`content.followUp.${one.answer}`),
        href: one.school === undefined ? undefined : `/saker/${one.school.schoolId}/${caseId}`,
      };
    }
    if (one.type === "actionItem") {
      return {
        title: one.here.reference,
        what: what(one.item.what),
        answer: text(one.answer === undefined || one.answer === "yes" ? "followUp.actionItem.yes" : `content.followUp.${one.answer}`),
        href: meetingPath(one.here.school.schoolId, one.here.id),
      };
    }
    const common = { title: one.run.shown, href: runPath(one.run.school.schoolId, one.run.id) };
    if (one.type === "clock") {
      const { id } = one.clock;
      const isYes = one.answer === undefined || one.answer === "yes";
      return { ...common, what: what(text(`routines.clock.${id}`)), answer: isYes ? text(`routines.clockDone.${id}`) : text(`content.followUp.${one.answer}`) };
    }
    return { ...common, what: what(runWords.title(one.step.step)), answer: text(`routines.stepAnswer.${one.answer ?? "yes"}`) };
  };
}
