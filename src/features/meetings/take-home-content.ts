import type { Phone, PhoneKind } from "../space/schema.ts";
import type { MeetingDocument } from "./document.ts";
import type { AgreedAction, PaperWords } from "./minutes-paper.ts";
import { actionItemsOf, hasInterpreter, itemsInOrder } from "./rules.ts";
import type { ActionItem, Meeting } from "./schema.ts";
import { decisionsInOrder } from "./take-home-rules.ts";
import type { TakeHome } from "./take-home-paper.ts";

/** What the parents' sheet is made of. */
export type TakeHomeSources = {
  readonly meeting: Meeting;
  readonly ownProcedure: boolean;
  readonly school: string;
  readonly details: Pick<MeetingDocument, "items" | "decisions">;
  /** Of the whole school. */
  readonly actionItems: readonly ActionItem[];
  /** The service's. */
  readonly phones: readonly Phone[];
  /** As somebody on the page wrote it; empty when there is none. */
  readonly schoolPhone: string;
  /** Whether the sheet says what an investigation is. */
  readonly explainsInvestigation: boolean;
};

/** Those a home can call: the police and the children's own line are on other papers. */
const servicePhones = ["childWelfare", "outOfHours"] as const satisfies readonly PhoneKind[];

/** The sheet's content in the words of its language. What people wrote stays as they wrote it. */
export function takeHomeOf(sources: TakeHomeSources, words: PaperWords): TakeHome {
  const { meeting, details, ownProcedure } = sources;
  const { text } = words;
  const { interpreter, next } = meeting;
  const hadInterpreter = hasInterpreter(interpreter);
  const items = itemsInOrder(details.items, ownProcedure);
  const isDated = next !== undefined && "date" in next;
  const number = (kind: PhoneKind) => sources.phones.find(({ id }) => id === kind)?.number ?? "";
  return {
    ownProcedure,
    meeting: text(`meetings.type.${meeting.type}`),
    school: sources.school,
    date: meeting.date,
    hadInterpreter,
    decisions: decisionsInOrder(details.decisions, items).map(({ what }) => what),
    actions: actionItemsOf(sources.actionItems, meeting.id, ownProcedure).map((item) => agreedAction(item, meeting, words)),
    next: isDated ? { date: next.date, from: next.from ?? null, place: "" } : { reason: next?.reason ?? "other" },
    nextInterpreter: isDated && hadInterpreter ? (interpreter?.language ?? null) : null,
    explains: sources.explainsInvestigation ? "investigation" : null,
    phones: [
      { label: text("papers.takeHome.phone.school"), number: sources.schoolPhone.trim() },
      ...servicePhones.map((kind) => ({ label: text(`papers.takeHome.phone.${kind}`), number: number(kind) })),
    ].filter((phone) => phone.number !== ""),
  };
}

/** An action item as papers tell of it: what is due on the day of the next meeting is due at it. */
export function agreedAction({ what, side, role, dueOn }: ActionItem, { next }: Pick<Meeting, "next">, { text }: Pick<PaperWords, "text">): AgreedAction {
  const isAtNext = next !== undefined && "date" in next && next.date === dueOn;
  return {
    what,
    who: role === undefined ? text(`meetings.side.${side}`) : text(`meetings.role.${role}`),
    due: dueOn === undefined ? null : isAtNext ? "nextMeeting" : { on: dueOn },
  };
}
