import { type Accessor, createMemo } from "solid-js";
import { type DefaultNextStep, defaultNextSteps, type GuardNextStep, guardNextSteps } from "../../content/next-steps.ts";
import { createDocumentView } from "../../reactive/create-document-view.ts";
import { useText } from "../../ui/text-provider.tsx";
import { readNextStepChanges } from "../space/document.ts";
import { type NextStep, nextStepsOf } from "../space/rules.ts";
import { useWorkspace } from "../space/workspace.tsx";

const shipped = new Set<string>([...defaultNextSteps.map(({ id }) => id), ...guardNextSteps]);
const isShipped = (id: string): id is DefaultNextStep | GuardNextStep => shipped.has(id);

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
  const changes = createDocumentView(workspace.shelfIndex, ["nextSteps"], (shelf) => (shelf === undefined ? [] : readNextStepChanges(shelf)));
  const steps = createMemo(() => nextStepsOf(changes().map((change) => ({ ...change }))));
  const labels = createMemo(() => new Map(steps().map(({ id, label }) => [id, label])));
  const shippedLabel = (id: string) => (isShipped(id) ? text(`content.nextStep.${id}`) : null);
  const label = (id: string) => labels().get(id) ?? shippedLabel(id) ?? text("consultations.stepNotFetched");
  return { steps, label, shippedLabel, labelInLine: (id) => labels().get(id) ?? small(label(id)) };
}

/** The words with a small first letter, inside a line; «PPT» and its like stay as they are. */
export function small(words: string): string {
  return /^\p{Lu}{2}/u.test(words) ? words : words.charAt(0).toLowerCase() + words.slice(1);
}
