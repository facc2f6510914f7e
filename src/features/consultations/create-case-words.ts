import type { FollowUpKind } from "../../content/choices.ts";
import { useText } from "../../ui/text-provider.tsx";
import type { FollowUp } from "../follow-up/schema.ts";
import type { PreRegistration } from "../pre-registration/schema.ts";
import { createNextSteps, small } from "./create-next-steps.ts";
import { headlineOf } from "./rules.ts";
import type { ConsultationDraft, ConsultationHead } from "./schema.ts";

/** One line about a sign-up, a drøfting or a follow-up, as lists show it. */
export type CaseWords = {
  /** «Kontaktlærer · 5.–7. trinn · familieforhold» */
  about(one: Pick<ConsultationDraft, "role" | "gradeBand" | "themes" | "duration">): string;
  /** «Helse, grunnleggende omsorg» */
  themes(themes: ConsultationDraft["themes"]): string;
  /** «Ønsker råd om veien videre.» Empty when nothing was wished for. */
  wishes(one: PreRegistration): string;
  /** What came of a drøfting. */
  headline(head: ConsultationHead): string;
  /** «Andre gang»; null the first time. */
  nthTime(count: number): string | null;
  /** «Er meldingen sendt? · 30. nov.» */
  followUp(one: Pick<FollowUp, "kind" | "dueOn">): string;
  /** The words of a kind of follow-up in a list. */
  followUpKind(kind: FollowUpKind, nextStep: string | undefined): string;
};

export function createCaseWords(): CaseWords {
  const { text, format } = useText();
  const nextSteps = createNextSteps();
  const themes = (chosen: ConsultationDraft["themes"]) =>
    (chosen ?? []).map((theme, index) => (index === 0 ? text(`content.theme.${theme}`) : small(text(`content.theme.${theme}`)))).join(", ");
  return {
    themes,
    about({ role, gradeBand, themes: chosen, duration }) {
      const parts = [
        role === undefined ? "" : text(`content.role.${role}`),
        gradeBand === undefined ? "" : text(`content.gradeBand.${gradeBand}`),
        small(themes(chosen)),
        duration === undefined ? "" : small(text(`content.duration.${duration}`)),
      ].filter((part) => part !== "");
      return parts.length === 0 ? text("content.notRegistered") : parts.join(" · ");
    },
    wishes({ wishes }) {
      if (wishes.length === 0) return "";
      return text("consultations.wishes", { wishes: format.list(wishes.map((wish) => small(text(`content.wish.${wish}`)))) });
    },
    headline(head) {
      const line = headlineOf(head);
      switch (line.type) {
        case "ownProcedure":
          return [text("content.ownProcedure"), line.whoDecides === undefined ? "" : text(`content.deciderSaid.${line.whoDecides}`)]
            .filter((part) => part !== "")
            .join(" · ");
        case "nextSteps":
          return line.nextSteps.map((step, index) => (index === 0 ? nextSteps.label(step) : nextSteps.labelInLine(step))).join(", ");
        case "dutyNotTriggered":
          return text("content.dutyNotTriggered");
        default:
          return text("content.notRegistered");
      }
    },
    nthTime(count) {
      if (count < 2) return null;
      return count === 2 || count === 3 ? text(`consultations.nth.time${count}`) : text("consultations.nth.timeMany", { count });
    },
    followUp: ({ kind, dueOn }) => text("followUp.due", { what: text(`content.followUp.${kind}.short`), date: format.date(dueOn, "short") }),
    followUpKind: (kind, nextStep) => {
      const words = text(`content.followUp.${kind}.short`);
      return nextStep === undefined ? words : text("followUp.aboutStep", { about: words, step: nextSteps.label(nextStep) });
    },
  };
}
