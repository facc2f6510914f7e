import type { DutyAnswer, FollowUpAnswer, FollowUpKind, ViolenceAnswer } from "../../content/choices.ts";
import { defaultNextSteps, isShippedStep } from "../../content/next-steps.ts";
import { addDays, dateOf, type DateRange, type IsoDate, type Moment } from "../../lib/iso-date.ts";
import { addWorkingDays, workingDayOnOrAfter } from "../../lib/norwegian-calendar.ts";
import { unreachable } from "../../lib/assert.ts";
import type { FollowUp, Side } from "./schema.ts";

/** What a consultation's answers have to say for its follow-ups; as they are saved, not as they stand in the draft. */
export type FollowUpBasis = {
  readonly violence?: ViolenceAnswer | undefined;
  readonly dutyToReport?: DutyAnswer | undefined;
  /** When an unsure duty is to be clear. */
  readonly dutyClarifyBy?: IsoDate | undefined;
  /** Without a service's own that involve the parents: what comes of those is for people to say. */
  readonly nextSteps: readonly string[];
  /** Kept «bare oss»: the school does not see it, so nothing can wait on the school. */
  readonly onlyUs: boolean;
};

export type FollowUpTiming = {
  readonly heldOn: IsoDate;
  /** The school's next visit; null when there is none in the plan. */
  readonly nextVisitOn: IsoDate | null;
  /** The service's rule for what has no legal date: this many working days. */
  readonly workingDays: number;
  /** The school holidays. */
  readonly holidays: readonly DateRange[];
};

export type FollowUpProposal = Pick<FollowUp, "kind" | "waitsOn" | "dueOn"> & { readonly nextStep?: string | undefined };

const both: Side[] = ["consultant", "school"];

/**
 * The follow-ups that a consultation's answers give by themselves, by due date. Each kind at most once, but for one `contactMade` for each
 * service to be reached.
 *
 * Dates: what is urgent is due the same day, whatever day it is. The duty to report is a person's own and takes no school holiday, so it counts
 * working days; all that needs the school open counts school days. None but the urgent ones falls on a day off, and none before the consultation.
 */
export function proposeFollowUps(basis: FollowUpBasis, timing: FollowUpTiming): FollowUpProposal[] {
  const { heldOn, nextVisitOn, workingDays, holidays } = timing;
  const steps = new Set(basis.nextSteps);
  const today = heldOn;
  const soon = addWorkingDays(heldOn, workingDays);
  const soonAtSchool = addWorkingDays(heldOn, workingDays, holidays);
  const atNextVisit = nextVisitOn === null || nextVisitOn <= heldOn ? soonAtSchool : workingDayOnOrAfter(nextVisitOn);
  const proposals: FollowUpProposal[] = [];
  const propose = (kind: FollowUpKind, waitsOn: Side[], dueOn: IsoDate, nextStep?: string) =>
    proposals.push({ kind, waitsOn: basis.onlyUs ? ["consultant"] : waitsOn, dueOn, ...(nextStep === undefined ? {} : { nextStep }) });

  const violence = basis.violence === "yes";
  const acute = violence || basis.dutyToReport === "avert";
  const toBeReported = basis.dutyToReport === "yes" || basis.dutyToReport === "avert" || steps.has("schoolReports") || steps.has("schoolReportsToday");
  if (steps.has("schoolCallsNow") || basis.dutyToReport === "avert" || basis.violence === "unsure") propose("schoolCalled", both, today);
  if (toBeReported) propose("reportSent", both, acute || steps.has("schoolReportsToday") ? today : soon);
  if (violence) propose("consultantCalls", ["consultant"], addWorkingDays(heldOn, 1));
  if (basis.dutyToReport === "unsure") propose("dutyClarified", both, clarifyOn(basis.dutyClarifyBy, heldOn, soon));
  if (basis.violence === undefined || basis.violence === "no") {
    if (steps.has("schoolTalksToParents")) propose("parentTalk", both, soonAtSchool);
    if (steps.has("threeWayTalk")) propose("threeWayTalk", ["consultant"], soonAtSchool);
  }
  for (const step of basis.nextSteps) if (isContact(step)) propose("contactMade", ["school"], soonAtSchool, step);
  if (steps.has("schoolMeasures")) propose("schoolMeasures", ["school"], atNextVisit);
  if (steps.has("discussAgain")) propose("discussAgain", ["school"], atNextVisit);
  return proposals.sort((a, b) => (a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : 0));
}

function clarifyOn(by: IsoDate | undefined, heldOn: IsoDate, soon: IsoDate): IsoDate {
  return by === undefined || by < heldOn ? soon : workingDayOnOrAfter(by);
}

const contacts = new Set(["schoolNurse", "ppt", "bup", "lowThreshold", "familyCounselling"]);
const parentSteps = new Set<string>(defaultNextSteps.flatMap(({ id, involvesParents: leadsThere }) => (leadsThere ? [id] : [])));

/** What a service adds to the list is nearly always somebody to be reached. */
function isContact(step: string): boolean {
  return contacts.has(step) || !isShippedStep(step);
}

/** Questions that lead to the parents: none is asked where violence is suspected. */
export function involvesParents({ kind, nextStep }: Pick<FollowUpProposal, "kind" | "nextStep">): boolean {
  return kind === "parentTalk" || kind === "threeWayTalk" || (nextStep !== undefined && parentSteps.has(nextStep));
}

/** What a list of questions looks at, whatever a question comes from: a drøfting, a meeting, a clock or a step of a routine. */
export type Asked = {
  readonly id: string;
  readonly waitsOn: readonly Side[];
  /** Null: nobody has set a date, so that nothing can be past it. */
  readonly dueOn: IsoDate | null;
  /** From here on it stands among what is to be done now, however far away its date is. */
  readonly warnOn?: IsoDate | undefined;
  readonly answer?: FollowUpAnswer | undefined;
  readonly answeredAt?: Moment | undefined;
  /** After «ikke ennå» the question comes back on this day. */
  readonly askAgainOn?: IsoDate | undefined;
};

/** `open` and `notYet` wait for an answer; the two others are done. */
export type FollowUpState = "open" | FollowUpAnswer;

export function followUpState({ answer }: Pick<Asked, "answer">): FollowUpState {
  return answer ?? "open";
}

export function waitsForAnswer(followUp: Pick<Asked, "answer">): boolean {
  const state = followUpState(followUp);
  return state === "open" || state === "notYet";
}

/** When the question wants an answer: after «ikke ennå», when it comes back. Null only for what has no date. */
export function askOn<Due extends IsoDate | null>(followUp: Pick<Asked, "answer" | "askAgainOn"> & { readonly dueOn: Due }): IsoDate | Due {
  return followUp.answer === "notYet" && followUp.askAgainOn !== undefined ? followUp.askAgainOn : followUp.dueOn;
}

/** When «ikke ennå» comes back: the service's number of working days on. */
export function askAgainOn(today: IsoDate, workingDays: number): IsoDate {
  return addWorkingDays(today, workingDays);
}

export type FollowUpGroup = "overdue" | "today" | "nextSevenDays" | "later" | "waitsOnOther" | "answeredToday" | "settled";

/**
 * Where a follow-up stands in a side's list. An answer stays under `answeredToday` for the rest of the day, where it can be changed; «ikke ennå»
 * too, and comes back afterwards.
 */
export function groupOf(followUp: Asked, side: Side, today: IsoDate): FollowUpGroup {
  if (followUp.answeredAt !== undefined && dateOf(followUp.answeredAt) === today) return "answeredToday";
  if (!waitsForAnswer(followUp)) return "settled";
  if (!followUp.waitsOn.includes(side)) return "waitsOnOther";
  const date = askOn(followUp);
  if (date === null) return "later";
  if (date < today) return followUp.dueOn === null ? "today" : "overdue";
  if (date === today) return "today";
  const isWarned = followUp.warnOn !== undefined && followUp.warnOn <= today;
  return isWarned || date <= addDays(today, 7) ? "nextSevenDays" : "later";
}

export type FollowUpGroups<T extends Asked = FollowUp> = Record<FollowUpGroup, T[]>;

/** A side's list, each group by date. Works for follow-ups with more fields on them, such as their school. */
export function groupFollowUps<T extends Asked>(followUps: readonly T[], side: Side, today: IsoDate): FollowUpGroups<T> {
  const groups: FollowUpGroups<T> = { overdue: [], today: [], nextSevenDays: [], later: [], waitsOnOther: [], answeredToday: [], settled: [] };
  for (const followUp of Array.from(followUps).sort(byAskDate)) groups[groupOf(followUp, side, today)].push(followUp);
  return groups;
}

const withoutDate = "9999";

function byAskDate(a: Asked, b: Asked): number {
  return (askOn(a) ?? withoutDate) + a.id < (askOn(b) ?? withoutDate) + b.id ? -1 : 1;
}

/** By due date alone, so that what is answered keeps its place; what has no date stands last. */
export function byDue(a: Pick<Asked, "id" | "dueOn">, b: Pick<Asked, "id" | "dueOn">): number {
  return (a.dueOn ?? withoutDate) + a.id < (b.dueOn ?? withoutDate) + b.id ? -1 : 1;
}

/** What waits on a side now: overdue, today and within seven days. The number on «Oppfølging». */
export function waitingNow<T extends Asked>(followUps: readonly T[], side: Side, today: IsoDate): T[] {
  const { overdue, today: dueToday, nextSevenDays } = groupFollowUps(followUps, side, today);
  return [...overdue, ...dueToday, ...nextSevenDays];
}

/** Which reasons can be given for an answer. */
export function takesReason(answer: FollowUpAnswer): "notYet" | "noLonger" | null {
  switch (answer) {
    case "yes":
      return null;
    case "notYet":
      return "notYet";
    case "noLongerRelevant":
      return "noLonger";
    default:
      return unreachable(answer);
  }
}
