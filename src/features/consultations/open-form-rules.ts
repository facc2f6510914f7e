import type { FollowUpProposal } from "../follow-up/rules.ts";
import type { NextStep } from "../space/rules.ts";
import type { OpenForm } from "./open-form-schema.ts";
import { type FormView, formView, type Question, type QuestionId } from "./rules.ts";
import type { ConsultationDraft } from "./schema.ts";

/**
 * What the form shows, where nothing moves because it was answered: only what had an answer when the form was opened, or when «Ja» turned it over,
 * stands in the line that sums it up. Without `summedUp` nothing does.
 */
export function seatedView(draft: ConsultationDraft, signedUp: boolean, summedUp: readonly QuestionId[], steps: readonly NextStep[]): FormView {
  const { guard, questions } = formView(draft, { fromSignUp: signedUp, expanded: true }, steps);
  const isSummedUp = ({ id, answered }: Question) => answered && summedUp.includes(id);
  return {
    guard,
    summary: questions.filter(isSummedUp).map(({ id }) => id),
    questions: questions.filter((question) => !isSummedUp(question)),
  };
}

/** What is to stand in the line from now on: what the form itself would put there for these answers. */
export function toSumUp(draft: ConsultationDraft, signedUp: boolean, steps: readonly NextStep[]): QuestionId[] {
  return [...formView(draft, { fromSignUp: signedUp, expanded: false }, steps).summary];
}

/** The same list when it holds them all already, so that nothing is drawn again. */
export function withAll(list: readonly string[], more: readonly string[]): readonly string[] {
  const missing = more.filter((id) => !list.includes(id));
  return missing.length === 0 ? list : [...list, ...missing];
}

/** Which proposal a change belongs to: a kind comes once, `contactMade` once for each service. */
export function proposalKey({ kind, nextStep }: Pick<FollowUpProposal, "kind" | "nextStep">): string {
  return nextStep === undefined ? kind : `${kind}/${nextStep}`;
}

/** Those that a correction adds: neither what the answers gave before, which the person has changed or left out since, nor what stands already. */
export function addedProposals(
  proposals: readonly FollowUpProposal[],
  before: readonly FollowUpProposal[],
  standing: readonly Pick<FollowUpProposal, "kind" | "nextStep">[],
): FollowUpProposal[] {
  const known = new Set([...before, ...standing].map(proposalKey));
  return proposals.filter((proposal) => !known.has(proposalKey(proposal)));
}

/** The proposals as the person has changed them; none that was left out. */
export function changedProposals(proposals: readonly FollowUpProposal[], changes: OpenForm["followUps"]): FollowUpProposal[] {
  return proposals
    .filter((proposal) => changes[proposalKey(proposal)]?.left !== true)
    .map((proposal) => {
      const dueOn = changes[proposalKey(proposal)]?.dueOn;
      return dueOn === undefined ? proposal : { ...proposal, dueOn };
    });
}
