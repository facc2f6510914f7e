import { type Accessor, createMemo } from "solid-js";
import { type DefaultNextStep, defaultNextSteps, type GuardNextStep, guardNextSteps } from "../../content/next-steps.ts";
import { createDocumentView } from "../../reactive/create-document-view.ts";
import { useText } from "../../ui/text-provider.tsx";
import { readNextStepChanges } from "../space/document.ts";
import { type NextStep, nextStepsOf } from "../space/rules.ts";
import { useWorkspace } from "../space/workspace.tsx";

const shipped = new Set<string>([...defaultNextSteps.map(({ id }) => id), ...guardNextSteps]);
const isShipped = (id: string): id is DefaultNextStep | GuardNextStep => shipped.has(id);

/** The service's next steps, in order, and the words for each: its own where it has set them. */
export function createNextSteps(): { readonly steps: Accessor<readonly NextStep[]>; readonly label: (id: string) => string } {
  const { text } = useText();
  const workspace = useWorkspace();
  const changes = createDocumentView(workspace.shelfIndex, ["nextSteps"], (shelf) => (shelf === undefined ? [] : readNextStepChanges(shelf)));
  const steps = createMemo(() => nextStepsOf(changes().map((change) => ({ ...change }))));
  const labels = createMemo(() => new Map(steps().map(({ id, label }) => [id, label])));
  return {
    steps,
    label: (id) => labels().get(id) ?? (isShipped(id) ? text(`content.nextStep.${id}`) : id),
  };
}
