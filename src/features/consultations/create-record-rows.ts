import { capitalise } from "../../i18n/format.ts";
import { timeOf } from "../../lib/iso-date.ts";
import { useText } from "../../ui/text-provider.tsx";
import type { FollowUp } from "../follow-up/schema.ts";
import { createCaseWords } from "./create-case-words.ts";
import { createNextSteps } from "./create-next-steps.ts";
import type { ConsultationDetail, ConsultationHead } from "./schema.ts";

export type RecordRow = { readonly label: string; readonly value: string };

/** A saved drøfting, question by question, for the screen, for paper and for a text file. What was not answered says so; what was not asked is not there. */
export function createRecordRows(): {
  rows(head: ConsultationHead, detail: ConsultationDetail | undefined, followUps: readonly FollowUp[]): RecordRow[];
  /** «torsdag 26. november 2026, 13.31–13.52» */
  when(head: ConsultationHead): string;
} {
  const { text, format } = useText();
  const words = createCaseWords();
  const nextSteps = createNextSteps();
  const blank = () => text("content.notRegistered");
  const list = (items: readonly string[]) => (items.length === 0 ? blank() : items.join("; "));
  return {
    when: ({ heldOn, startedAt, endedAt }) =>
      text("consultations.record.when", { date: capitalise(format.date(heldOn, "weekdayYear")), time: format.timeRange(timeOf(startedAt), timeOf(endedAt)) }),
    rows(head, detail, followUps) {
      const question = (id: string, value: string): RecordRow => ({ label: id, value });
      const framed = head.ownProcedure === true;
      const rows = [
        question(text("consultations.question.role"), head.role === undefined ? blank() : text(`content.role.${head.role}`)),
        question(text("consultations.question.gradeBand"), head.gradeBand === undefined ? blank() : text(`content.gradeBand.${head.gradeBand}`)),
        question(text("consultations.question.themes"), list(head.themes.map((theme) => text(`content.theme.${theme}`)))),
        question(text("consultations.question.duration"), head.duration === undefined ? blank() : text(`content.duration.${head.duration}`)),
        question(text("consultations.question.violence"), detail?.violence === undefined ? blank() : text(`content.violence.${detail.violence}`)),
      ];
      if (framed) {
        rows.push(question(text("consultations.question.whoDecides"), head.whoDecides === undefined ? blank() : text(`content.decider.${head.whoDecides}`)));
      } else if (detail?.violence !== "unsure") {
        const informed = detail?.parentsInformed;
        const interpreter = detail?.interpreter;
        rows.push(
          question(text("consultations.question.parentsInformed"), informed === undefined ? blank() : text(`content.parentsInformed.${informed}`)),
          question(text("consultations.question.interpreter"), interpreter === undefined ? blank() : text(`content.interpreter.${interpreter}`)),
        );
      }
      rows.push(
        question(text("consultations.question.tried"), list((detail?.tried ?? []).map((one) => text(`content.tried.${one}`)))),
        question(text("consultations.question.dutyToReport"), dutyText(head, detail)),
        question(text("consultations.question.advice"), list((detail?.advice ?? []).map((one) => text(`content.advice.${one}`)))),
        question(text("consultations.question.nextSteps"), list(head.nextSteps.map(nextSteps.label))),
        question(text("consultations.question.note"), detail?.note ?? blank()),
      );
      if (followUps.length > 0) rows.push(question(text("consultations.followUps.heading"), followUps.map(followUpText).join("; ")));
      return rows;
    },
  };

  function dutyText(head: ConsultationHead, detail: ConsultationDetail | undefined): string {
    if (head.dutyToReport === undefined) return blank();
    const answer = text(`content.duty.${head.dutyToReport}`);
    const by = detail?.dutyClarifyBy;
    return by === undefined ? answer : text("consultations.record.clarifyBy", { answer, date: format.date(by, "day") });
  }

  function followUpText({ kind, nextStep, dueOn, answer }: FollowUp): string {
    const what = words.followUpKind(kind, nextStep);
    if (answer === undefined) return text("consultations.record.due", { what, date: format.date(dueOn, "day") });
    return text("consultations.record.answered", { what, answer: answer === "yes" ? text(`content.followUp.${kind}.done`) : text(`content.followUp.${answer}`) });
  }
}
