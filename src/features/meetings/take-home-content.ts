import type { LanguageWords } from "../../ui/language-choice.tsx";
import type { Phone, PhoneKind } from "../space/schema.ts";
import type { MinutesContent } from "./minutes-content-schema.ts";
import { agreedAction } from "./minutes-words.ts";
import { hasInterpreter } from "./rules.ts";
import type { TakeHome } from "./take-home-paper.ts";
import { isTold, type ToldTalks } from "./take-home-rules.ts";

/** What the parents' sheet is made of. */
export type TakeHomeSources = {
  /** The minutes: as they were approved, with their corrections, or as they stand while nobody has approved them. */
  readonly content: MinutesContent;
  readonly ownProcedure: boolean;
  readonly school: string;
  /** The service's. */
  readonly phones: readonly Phone[];
  /** As somebody on the page wrote it; empty when there is none. */
  readonly schoolPhone: string;
  /** Whether the sheet says what an investigation is. */
  readonly explainsInvestigation: boolean;
  readonly toldTalks: ToldTalks;
};

/** Those a home can call: the police and the children's own line are on other papers. */
const servicePhones = ["childWelfare", "outOfHours"] as const satisfies readonly PhoneKind[];

/** The sheet's content in the words of its language. What people wrote stays as they wrote it. */
export function takeHomeOf({ content, ownProcedure, school, phones, schoolPhone, explainsInvestigation, toldTalks }: TakeHomeSources, words: LanguageWords): TakeHome {
  const { text } = words;
  const { about, items, actions, next } = content;
  const hadInterpreter = hasInterpreter(about.interpreter);
  const nextDay = next !== undefined && "date" in next ? next : null;
  const number = (kind: PhoneKind) => phones.find(({ id }) => id === kind)?.number ?? "";
  return {
    ownProcedure: ownProcedure || content.ownProcedure,
    meeting: text(`meetings.type.${about.type}`),
    school,
    place: about.place ?? "",
    date: about.date,
    hadInterpreter,
    decisions: items.filter((item) => isTold(item, toldTalks)).flatMap(({ decisions }) => decisions),
    leavesOutDecisions: items.some((item) => item.decisions.length > 0 && !isTold(item, toldTalks)),
    // What is due on the day of the next meeting is due at it.
    actions: actions.map((action) => ({ ...agreedAction(action, words), ...(nextDay !== null && action.dueOn === nextDay.date ? { due: "nextMeeting" } : {}) })),
    next: nextDay !== null ? { date: nextDay.date, from: nextDay.from ?? null, place: "" } : { reason: next !== undefined && "reason" in next ? next.reason : "other" },
    nextInterpreter: nextDay !== null && hadInterpreter ? (about.interpreter?.language ?? null) : null,
    explains: explainsInvestigation ? "investigation" : null,
    phones: [
      { label: text("papers.takeHome.phone.school"), number: schoolPhone.trim() },
      ...servicePhones.map((kind) => ({ label: text(`papers.takeHome.phone.${kind}`), number: number(kind) })),
    ].filter((phone) => phone.number !== ""),
  };
}
