import { noLongerReasons, notYetReasons } from "../../content/choices.ts";
import { isShippedStep as isShippedNextStep } from "../../content/next-steps.ts";
import { capitalise } from "../../i18n/format.ts";
import { dateOf, type IsoDate, type Moment, timeOf } from "../../lib/iso-date.ts";
import type { PaperFact } from "../../paper/paper.ts";
import type { LanguageWords } from "../../ui/language-choice.tsx";
import type { Answer } from "../follow-up/schema.ts";
import type { NextStep } from "../space/rules.ts";
import { fact } from "./told-fields.ts";

export type ToldWords = ReturnType<typeof toldWords>;

/** The words that all records share, in the paper's language. */
export function toldWords(words: LanguageWords) {
  const { text, format } = words;
  const day = (date: IsoDate) => format.date(date, "dayYear");
  /** «26. november 2026 kl. 13.31» */
  const at = (moment: Moment) => text("papers.dateAndTime", { date: day(dateOf(moment)), time: format.time(timeOf(moment)) });
  return {
    ...words,
    day,
    at,
    /** «Torsdag 26. november 2026, 13.31–13.52» */
    between: (from: Moment, to: Moment) =>
      text("consultations.record.when", { date: capitalise(format.date(dateOf(from), "weekdayYear")), time: format.timeRange(timeOf(from), timeOf(to)) }),
    yesNo: (isSo: boolean) => text(isSo ? "disclosure.yes" : "disclosure.no"),
    /** The service's own words first. What it has hidden since is told all the same. */
    nextStep: (steps: readonly NextStep[], id: string): string =>
      steps.find((step) => step.id === id)?.label ?? (isShippedNextStep(id) ? text(`content.nextStep.${id}`) : text("consultations.stepNotFetched")),
    /** An answer to a question, but for the answer itself: when, why, and when it is asked again. */
    answered: ({ answeredAt, reason, askAgainOn }: Partial<Answer>): PaperFact[] => {
      const notYet = notYetReasons.find((one) => one === reason);
      const noLonger = noLongerReasons.find((one) => one === reason);
      return [
        ...fact(text("disclosure.answeredAt"), answeredAt === undefined ? "" : at(answeredAt)),
        ...fact(text("disclosure.reason"), notYet !== undefined ? text(`content.notYetReason.${notYet}`) : noLonger !== undefined ? text(`content.noLongerReason.${noLonger}`) : ""),
        ...fact(text("disclosure.askAgainOn"), askAgainOn === undefined ? "" : day(askAgainOn)),
      ];
    },
  };
}
