import type { Paper, PaperBlock, PaperFact } from "../../paper/paper.ts";
import type { LanguageWords } from "../../ui/language-choice.tsx";
import type { Case } from "../cases/schema.ts";
import type { ConsultationDetail, ConsultationHead } from "../consultations/schema.ts";
import type { FollowUp } from "../follow-up/schema.ts";
import type { VisitId } from "../ids.ts";
import type { PreRegistration } from "../pre-registration/schema.ts";
import type { NextStep } from "../space/rules.ts";
import type { Visit } from "../visits/schema.ts";
import { type ToldWords, toldWords } from "./told-words.ts";
import { type DisclosureFrame, disclosurePaper, factBlock, heading, quiet } from "./disclosure-paper.ts";
import { fact, factsOf, linesOf, type ToldFields } from "./told-fields.ts";

/** Everything of one case that this device can read, from the school's room and from the consultants' own. */
export type CaseHeld = Omit<DisclosureFrame, "ownProcedure"> & {
  /** The same case, as each room has it. */
  readonly cases: readonly Case[];
  readonly preRegistrations: readonly PreRegistration[];
  readonly consultations: readonly HeldConsultation[];
  readonly followUps: readonly FollowUp[];
  /** The school's. */
  readonly visits: readonly Visit[];
  /** The service's list. */
  readonly nextSteps: readonly NextStep[];
};

/** @property detail undefined where it is not on this device @property isOnlyUs kept to the consultants */
export type HeldConsultation = { readonly head: ConsultationHead; readonly detail: ConsultationDetail | undefined; readonly isOnlyUs: boolean };

/** The paper of an anonymous case: the code, the sign-ups, the drøftinger with every answer, and what was asked afterwards. Nothing of a meeting or a run. */
export function caseDisclosure(held: CaseHeld, languageWords: LanguageWords): Paper {
  const words = toldWords(languageWords);
  const { text } = words;
  const told = caseFields(held, words);
  const consultations = Array.from(held.consultations).sort((a, b) => (a.head.startedAt < b.head.startedAt ? -1 : 1));
  const signUps = Array.from(held.preRegistrations).sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  const withConsultation = new Set(consultations.map(({ head }) => head.id));
  const others = held.followUps.filter(({ consultationId }) => !withConsultation.has(consultationId));
  const content: PaperBlock[] = [
    heading(text("disclosure.case.heading")),
    ...held.cases.flatMap((one) => factBlock(factsOf(one, told.case))),
    heading(text("disclosure.case.signUps")),
    ...(signUps.length === 0 ? [quiet(text("disclosure.none"))] : signUps.flatMap((one, index) => [heading(text("disclosure.case.signUp", { number: index + 1 }), 3), ...factBlock(factsOf(one, told.signUp))])),
    heading(text("disclosure.case.consultations")),
    ...(consultations.length === 0 ? [quiet(text("disclosure.none"))] : []),
    ...consultations.flatMap((one) => consultationBlocks(one, held, told, words)),
    ...(others.length === 0 ? [] : [heading(text("disclosure.case.otherFollowUps")), ...factBlock(others.flatMap((one) => followUpFacts(one, told, words)))]),
  ];
  const ownProcedure = consultations.some(({ head }) => head.ownProcedure === true);
  return disclosurePaper("case", { ...held, ownProcedure }, content, words);
}

type CaseTold = ReturnType<typeof caseFields>;

function consultationBlocks({ head, detail, isOnlyUs }: HeldConsultation, held: CaseHeld, told: CaseTold, words: ToldWords): PaperBlock[] {
  const { text } = words;
  const followUps = held.followUps.filter(({ consultationId }) => consultationId === head.id);
  return [
    heading(words.between(head.startedAt, head.endedAt), 3),
    ...factBlock([
      ...fact(text("disclosure.consultation.heldOn"), words.day(head.heldOn)),
      ...fact(text("disclosure.consultation.sharedWith"), text(isOnlyUs ? "disclosure.consultation.onlyUs" : "disclosure.consultation.shared")),
      ...factsOf(head, told.head),
      ...(detail === undefined ? fact(text("disclosure.consultation.rest"), text("disclosure.consultation.notHere")) : factsOf(detail, told.detail)),
      ...followUps.flatMap((one) => followUpFacts(one, told, words)),
    ]),
  ];
}

/** One question and all that was said to it, as one line of the paper. */
function followUpFacts(one: FollowUp, told: CaseTold, { text, answered }: ToldWords): PaperFact[] {
  return fact(text(`content.followUp.${one.kind}.short`), linesOf([...factsOf(one, told.followUp), ...answered(one)]));
}

function caseFields({ nextSteps, visits }: CaseHeld, words: ToldWords) {
  const { text, format, day, at, yesNo } = words;
  const list = (items: readonly string[]) => items.join("; ");
  const visitDay = (id: VisitId) => day(visits.find((visit) => visit.id === id)?.date ?? dayIn(id));
  const theCase: ToldFields<Case> = {
    id: "identity",
    colour: "elsewhere",
    animal: "elsewhere",
    number: "elsewhere",
    createdAt: { label: text("disclosure.case.createdAt"), value: at },
    gradeBand: { label: text("consultations.question.gradeBand"), value: (band) => text(`content.gradeBand.${band}`) },
    schoolId: "elsewhere",
  };
  const signUp: ToldFields<PreRegistration> = {
    id: "identity",
    caseId: "identity",
    createdAt: { label: text("content.preRegistrationState.signedUp"), value: at },
    visitId: { label: text("disclosure.signUp.visit"), value: visitDay },
    role: { label: text("preRegistration.who"), value: (role) => text(`content.role.${role}`) },
    gradeBand: { label: text("preRegistration.gradeBand"), value: (band) => text(`content.gradeBand.${band}`) },
    themes: { label: text("preRegistration.themes"), value: (themes) => list(themes.map((theme) => text(`content.theme.${theme}`))) },
    wishes: { label: text("preRegistration.wishes"), value: (wishes) => list(wishes.map((wish) => text(`content.wish.${wish}`))) },
    urgency: { label: text("preRegistration.urgency"), value: (urgency) => text(`content.urgency.${urgency}`) },
    preferredSlot: { label: text("preRegistration.slot"), value: format.time },
    note: { label: text("preRegistration.note"), value: (note) => note },
    postponedAt: { label: text("content.preRegistrationState.postponed"), value: at },
    postponedFrom: { label: text("disclosure.signUp.postponedFrom"), value: visitDay },
    postponeReason: { label: text("disclosure.signUp.postponeReason"), value: (reason) => text(`content.postponeReason.${reason}`) },
    withdrawnAt: { label: text("content.preRegistrationState.withdrawn"), value: at },
    discussedAt: { label: text("content.preRegistrationState.discussed"), value: at },
    consultationId: "identity",
  };
  const head: ToldFields<ConsultationHead> = {
    id: "identity",
    caseId: "identity",
    preRegistrationId: "identity",
    schoolId: "elsewhere",
    heldOn: "elsewhere",
    startedAt: "elsewhere",
    endedAt: "elsewhere",
    visitId: { label: text("disclosure.consultation.visit"), value: visitDay },
    role: { label: text("consultations.question.role"), value: (role) => text(`content.role.${role}`) },
    gradeBand: { label: text("consultations.question.gradeBand"), value: (band) => text(`content.gradeBand.${band}`) },
    themes: { label: text("consultations.question.themes"), value: (themes) => list(themes.map((theme) => text(`content.theme.${theme}`))) },
    duration: { label: text("consultations.question.duration"), value: (duration) => text(`content.duration.${duration}`) },
    ownProcedure: { label: text("content.ownProcedure"), value: yesNo },
    whoDecides: { label: text("consultations.question.whoDecides"), value: (decider) => text(`content.decider.${decider}`) },
    dutyToReport: { label: text("consultations.question.dutyToReport"), value: (duty) => text(`content.duty.${duty}`) },
    nextSteps: { label: text("consultations.question.nextSteps"), value: (ids) => list(ids.map((id) => words.nextStep(nextSteps, id))) },
  };
  const detail: ToldFields<ConsultationDetail> = {
    id: "identity",
    violence: { label: text("consultations.question.violence"), value: (violence) => text(`content.violence.${violence}`) },
    parentsInformed: { label: text("consultations.question.parentsInformed"), value: (informed) => text(`content.parentsInformed.${informed}`) },
    interpreter: { label: text("consultations.question.interpreter"), value: (interpreter) => text(`content.interpreter.${interpreter}`) },
    tried: { label: text("consultations.question.tried"), value: (tried) => list(tried.map((one) => text(`content.tried.${one}`))) },
    dutyClarifyBy: { label: text("disclosure.consultation.dutyClarifyBy"), value: day },
    advice: { label: text("consultations.question.advice"), value: (advice) => list(advice.map((one) => text(`content.advice.${one}`))) },
    note: { label: text("consultations.question.note"), value: (note) => note },
  };
  const followUp: ToldFields<FollowUp> = {
    id: "identity",
    caseId: "identity",
    consultationId: "identity",
    kind: "elsewhere",
    nextStep: { label: text("disclosure.followUp.nextStep"), value: (id) => words.nextStep(nextSteps, id) },
    waitsOn: { label: text("disclosure.followUp.waitsOn"), value: (sides) => list(sides.map((side) => text(`disclosure.side.${side}`))) },
    createdOn: { label: text("disclosure.followUp.createdOn"), value: day },
    dueOn: { label: text("disclosure.followUp.dueOn"), value: day },
    answer: {
      label: text("disclosure.answer"),
      value: (answer, { kind }) => (answer === "yes" ? text(`content.followUp.${kind}.done`) : text(`content.followUp.${answer}`)),
    },
    answeredAt: "elsewhere",
    reason: "elsewhere",
    askAgainOn: "elsewhere",
  };
  return { case: theCase, signUp, head, detail, followUp };
}

/** The day in a visit's id, for one that is no longer in the plan. */
function dayIn(id: VisitId): string {
  return /\d{4}-\d{2}-\d{2}/.exec(id)?.[0] ?? "";
}
