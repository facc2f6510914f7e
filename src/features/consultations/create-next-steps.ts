import type { Accessor } from "solid-js";
import { isShippedStep } from "../../content/next-steps.ts";
import { useText } from "../../ui/text-provider.tsx";
import type { NextStep } from "../space/rules.ts";
import { useWorkspace } from "../space/workspace.tsx";

export type NextSteps = {
  /** The service's list, in order, hidden ones too. */
  readonly steps: Accessor<readonly NextStep[]>;
  /** The service's own words where it has set them. */
  readonly label: (id: string) => string;
  /** Inside a line: ours with a small first letter, the service's as it wrote them, for they may be a name. */
  readonly labelInLine: (id: string) => string;
  /** The words we ship; null for a step of the service's own. */
  readonly shippedLabel: (id: string) => string | null;
};

export function createNextSteps(): NextSteps {
  const { text } = useText();
  const workspace = useWorkspace();
  const ownLabel = (id: string) => workspace.nextSteps().find((step) => step.id === id)?.label;
  const shippedLabel = (id: string) => (isShippedStep(id) ? text(`content.nextStep.${id}`) : null);
  const label = (id: string) => ownLabel(id) ?? shippedLabel(id) ?? text("consultations.stepNotFetched");
  return { steps: workspace.nextSteps, label, shippedLabel, labelInLine: (id) => ownLabel(id) ?? small(label(id)) };
}

/** The words with a small first letter, inside a line; «PPT» and its like stay as they are. */
export function small(words: string): string {
  return /^\p{Lu}{2}/u.test(words) ? words : words.charAt(0).toLowerCase() + words.slice(1);
}
