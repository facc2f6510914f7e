import {
  type Advice,
  adviceGiven,
  dutyAnswers,
  type DutyAnswer,
  guardAdviceGiven,
  triedMeasures,
  type TriedMeasure,
} from "../../content/choices.ts";
import { guardNextSteps, isShippedStep } from "../../content/next-steps.ts";
import { addDays, type IsoDate } from "../../lib/iso-date.ts";
import type { FollowUpBasis } from "../follow-up/rules.ts";
import type { CaseId } from "../ids.ts";
import type { PreRegistration } from "../pre-registration/schema.ts";
import { type NextStep, nextStepsWith } from "../space/rules.ts";
import type { ConsultationDetail, ConsultationDraft, ConsultationHead } from "./schema.ts";

/** In the order of the tap. */
const questionIds = [
  "role",
  "gradeBand",
  "themes",
  "duration",
  "violence",
  "whoDecides",
  "parentsInformed",
  "interpreter",
  "tried",
  "dutyToReport",
  "advice",
  "nextSteps",
  "note",
] as const;
export type QuestionId = (typeof questionIds)[number];

/** The bar of light waits at these; the rest may be left without a word. Nothing stops «Lagre». */
const required: ReadonlySet<QuestionId> = new Set(["role", "gradeBand", "themes", "duration", "violence", "whoDecides", "dutyToReport", "nextSteps"]);

/**
 * What the violence answer does to the form. `frame` (yes): the form is another one, and the parents are out of it. `card` (unsure): the phones stand on
 * top and the parents are out until someone has called.
 */
export type Guard = "none" | "card" | "frame";

export function guardOf({ violence }: Pick<ConsultationDraft, "violence">): Guard {
  if (violence === "yes") return "frame";
  return violence === "unsure" ? "card" : "none";
}

/** What a form was opened with, and whether «Endre» has been pressed on the line that sums it up. */
export type FormSetting = { readonly fromSignUp: boolean; readonly expanded: boolean };

export type Question = {
  readonly id: QuestionId;
  readonly required: boolean;
  readonly answered: boolean;
  /** The first required question without an answer. At most one. */
  readonly next: boolean;
};

export type FormView = {
  readonly guard: Guard;
  /** Answered, and standing in one line with «Endre». */
  readonly summary: readonly QuestionId[];
  /** What is asked, in order. What is not here is not on the screen. */
  readonly questions: readonly Question[];
};

/** What the form shows for these answers. */
export function formView(draft: ConsultationDraft, setting: FormSetting, steps: readonly NextStep[]): FormView {
  const guard = guardOf(draft);
  const answered = (id: QuestionId) => isAnswered(draft, id, steps);
  const visible = orderOf(guard, setting).filter((id) => isAsked(id, guard) && (id !== "nextSteps" || nextStepOptions(draft, steps).length > 0));
  const summary = setting.expanded ? [] : visible.filter((id) => answered(id) && isSummedUp(id, guard, setting));
  const asked = visible.filter((id) => !summary.includes(id));
  const next = asked.find((id) => required.has(id) && !answered(id));
  return {
    guard,
    summary,
    questions: asked.map((id) => ({ id, required: required.has(id), answered: answered(id), next: id === next })),
  };
}

/** Signed up beforehand or in the violence frame, the way forward comes before what has been tried. */
function orderOf(guard: Guard, { fromSignUp }: FormSetting): readonly QuestionId[] {
  if (guard !== "frame" && !fromSignUp) return questionIds;
  const rest = questionIds.filter((id) => id !== "tried" && id !== "note");
  return [...rest, "tried", "note"];
}

function isAsked(id: QuestionId, guard: Guard): boolean {
  switch (id) {
    case "parentsInformed":
    case "interpreter":
      return guard === "none";
    case "whoDecides":
      return guard === "frame";
    default:
      return true;
  }
}

function isSummedUp(id: QuestionId, guard: Guard, { fromSignUp }: FormSetting): boolean {
  if (id === "duration") return guard === "frame";
  return (id === "role" || id === "gradeBand" || id === "themes") && (fromSignUp || guard === "frame");
}

function isAnswered(draft: ConsultationDraft, id: QuestionId, steps: readonly NextStep[]): boolean {
  switch (id) {
    case "dutyToReport":
      return chosenDuty(draft) !== undefined;
    case "advice":
      return chosenAdvice(draft).length > 0;
    case "nextSteps":
      return chosenNextSteps(draft, steps).length > 0;
    case "tried":
      return chosenTried(draft).length > 0;
    case "note":
      return (draft.note ?? "").trim() !== "";
    default:
      return (draft[id] ?? []).length > 0;
  }
}

export function dutyOptions(draft: ConsultationDraft): readonly DutyAnswer[] {
  return guardOf(draft) === "frame" ? ["yes", "avert"] : dutyAnswers;
}

/** Suspected violence triggers the duty: yes is preset then. */
export function chosenDuty(draft: ConsultationDraft): DutyAnswer | undefined {
  return guardOf(draft) === "frame" ? (draft.guardDuty ?? "yes") : draft.dutyToReport;
}

export function chooseDuty(draft: ConsultationDraft, duty: DutyAnswer | undefined): ConsultationDraft {
  if (guardOf(draft) !== "frame") return { ...draft, dutyToReport: duty };
  return { ...draft, guardDuty: duty === "yes" || duty === "avert" ? duty : undefined };
}

export function triedOptions(draft: ConsultationDraft): readonly TriedMeasure[] {
  return guardOf(draft) === "none" ? triedMeasures : triedMeasures.filter((measure) => measure !== "talkWithParents");
}

export function chosenTried(draft: ConsultationDraft): TriedMeasure[] {
  return within(draft.tried, triedOptions(draft));
}

/** Keeps what is chosen but not on the screen just now, so that it comes back with the question. */
export function chooseTried(draft: ConsultationDraft, tried: readonly TriedMeasure[]): ConsultationDraft {
  return { ...draft, tried: replaceWithin(draft.tried, triedOptions(draft), tried) };
}

export function adviceOptions(draft: ConsultationDraft): readonly Advice[] {
  switch (guardOf(draft)) {
    case "frame":
      return guardAdviceGiven;
    case "card":
      return adviceGiven.filter((advice) => advice !== "talkWithParents");
    default:
      return adviceGiven;
  }
}

export function chosenAdvice(draft: ConsultationDraft): Advice[] {
  return within<Advice>(guardOf(draft) === "frame" ? draft.guardAdvice : draft.advice, adviceOptions(draft));
}

export function chooseAdvice(draft: ConsultationDraft, advice: readonly Advice[]): ConsultationDraft {
  if (guardOf(draft) === "frame") return { ...draft, guardAdvice: within(guardAdviceGiven, advice) };
  const chosen = replaceWithin<Advice>(draft.advice, adviceOptions(draft), advice);
  return { ...draft, advice: within(adviceGiven, chosen) };
}

/**
 * What was chosen before it was hidden is still offered: to hide a step changes no drøfting that has it.
 * @param steps the service's list, from `nextStepsOf`; the shipped list stands in the violence frame
 */
export function nextStepOptions(draft: ConsultationDraft, steps: readonly NextStep[]): NextStep[] {
  const guard = guardOf(draft);
  if (guard === "frame") return guardNextSteps.map((id) => ({ id, label: null, involvesParents: false, hidden: false }));
  const offered = nextStepsWith(steps, draft.nextSteps ?? []).filter(({ hidden }) => !hidden);
  return guard === "card" ? offered.filter(({ involvesParents }) => !involvesParents) : offered;
}

export function chosenNextSteps(draft: ConsultationDraft, steps: readonly NextStep[]): string[] {
  const chosen: readonly string[] | undefined = guardOf(draft) === "frame" ? draft.guardNextSteps : draft.nextSteps;
  return within(chosen, nextStepOptions(draft, steps).map(({ id }) => id));
}

export function chooseNextSteps(draft: ConsultationDraft, chosen: readonly string[], steps: readonly NextStep[]): ConsultationDraft {
  if (guardOf(draft) === "frame") return { ...draft, guardNextSteps: within(guardNextSteps, chosen) };
  const options = nextStepOptions(draft, steps).map(({ id }) => id);
  return { ...draft, nextSteps: replaceWithin(draft.nextSteps, options, chosen) };
}

function within<T extends string>(chosen: readonly T[] | undefined, options: readonly string[]): T[] {
  return (chosen ?? []).filter((value) => options.includes(value));
}

function replaceWithin<T extends string>(before: readonly T[] | undefined, options: readonly T[], chosen: readonly T[]): T[] {
  const unseen = (before ?? []).filter((value) => !options.includes(value));
  return [...chosen.filter((value) => options.includes(value)), ...unseen];
}

/** What a saved drøfting says: what the form showed at the end, and nothing that it had taken away. Blanks are left out. */
export type SavedAnswers = Pick<ConsultationHead, "role" | "gradeBand" | "themes" | "duration" | "dutyToReport" | "nextSteps" | "ownProcedure" | "whoDecides"> &
  Omit<ConsultationDetail, "id">;

export function savedAnswers(draft: ConsultationDraft, steps: readonly NextStep[]): SavedAnswers {
  const guard = guardOf(draft);
  const duty = chosenDuty(draft);
  const note = draft.note?.trim();
  return {
    role: draft.role,
    gradeBand: draft.gradeBand,
    themes: draft.themes ?? [],
    duration: draft.duration,
    dutyToReport: duty,
    nextSteps: chosenNextSteps(draft, steps),
    ownProcedure: guard === "frame" ? true : undefined,
    whoDecides: guard === "frame" ? draft.whoDecides : undefined,
    violence: draft.violence,
    parentsInformed: guard === "none" ? draft.parentsInformed : undefined,
    interpreter: guard === "none" ? draft.interpreter : undefined,
    tried: chosenTried(draft),
    dutyClarifyBy: duty === "unsure" ? draft.dutyClarifyBy : undefined,
    advice: chosenAdvice(draft),
    note: note === "" ? undefined : note,
  };
}

/** The answers as a draft again, for changing a saved drøfting. */
export function draftOf(head: ConsultationHead, detail: ConsultationDetail | null): ConsultationDraft {
  const framed = head.ownProcedure === true;
  const { dutyToReport } = head;
  const shared: ConsultationDraft = {
    role: head.role,
    gradeBand: head.gradeBand,
    themes: head.themes,
    duration: head.duration,
    violence: detail?.violence ?? (framed ? "yes" : undefined),
    parentsInformed: detail?.parentsInformed,
    interpreter: detail?.interpreter,
    tried: detail?.tried,
    dutyClarifyBy: detail?.dutyClarifyBy,
    note: detail?.note,
    whoDecides: head.whoDecides,
  };
  const advice: readonly Advice[] = detail?.advice ?? [];
  if (!framed) return { ...shared, dutyToReport, advice: adviceGiven.filter((one) => advice.includes(one)), nextSteps: head.nextSteps };
  return {
    ...shared,
    guardDuty: dutyToReport === "avert" ? "avert" : "yes",
    guardAdvice: guardAdviceGiven.filter((one) => advice.includes(one)),
    guardNextSteps: guardNextSteps.filter((step) => head.nextSteps.includes(step)),
  };
}

/** What the answers so far have to say for the follow-ups. */
export function followUpBasis(draft: ConsultationDraft, steps: readonly NextStep[], onlyUs: boolean): FollowUpBasis {
  const { violence, dutyToReport, dutyClarifyBy, nextSteps } = savedAnswers(draft, steps);
  const withParents = new Set(steps.flatMap(({ id, involvesParents }) => (involvesParents && !isShippedStep(id) ? [id] : [])));
  return { violence, dutyToReport, dutyClarifyBy, nextSteps: nextSteps.filter((step) => !withParents.has(step)), onlyUs };
}

/** What a sign-up has answered already. */
export function prefill({ role, gradeBand, themes }: PreRegistration): ConsultationDraft {
  return { role, gradeBand, ...(themes.length === 0 ? {} : { themes }) };
}

/** What one line says of a saved drøfting. */
export type Headline =
  | { readonly type: "ownProcedure"; readonly whoDecides: ConsultationHead["whoDecides"] }
  | { readonly type: "nextSteps"; readonly nextSteps: readonly string[] }
  | { readonly type: "dutyNotTriggered" }
  | { readonly type: "notRegistered" };

export function headlineOf(head: ConsultationHead): Headline {
  if (head.ownProcedure === true) return { type: "ownProcedure", whoDecides: head.whoDecides };
  const nextSteps = head.nextSteps.filter((step) => step !== "noMore");
  if (nextSteps.length > 0) return { type: "nextSteps", nextSteps };
  return head.dutyToReport === "no" ? { type: "dutyNotTriggered" } : { type: "notRegistered" };
}

/** How long what not to do stands where the school looks, when nothing is left to answer: until about the next visit of the usual rhythm. */
const ownProcedureDays = 21;

/** The cases that have a procedure of their own for as long as something waits or the drøfting is recent, in the order they were drøftet. */
export function ownProcedureCases(heads: readonly ConsultationHead[], waiting: ReadonlySet<CaseId>, today: IsoDate): CaseId[] {
  const recent = addDays(today, -ownProcedureDays);
  const found = heads
    .filter(({ ownProcedure, caseId, heldOn }) => ownProcedure === true && (waiting.has(caseId) || heldOn >= recent))
    .sort((a, b) => (a.startedAt + a.id < b.startedAt + b.id ? -1 : 1));
  return Array.from(new Set(found.map(({ caseId }) => caseId)));
}

/** The drøftinger of a case before a moment, oldest first. Two of them make this one the third. */
export function earlierConsultations(heads: readonly ConsultationHead[], caseId: ConsultationHead["caseId"], before: string): ConsultationHead[] {
  return heads.filter((head) => head.caseId === caseId && head.startedAt < before).sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
}
