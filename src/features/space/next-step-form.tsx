import { createSignal, type JSX, Show } from "solid-js";
import { Button } from "../../ui/button.tsx";
import { ChoiceChips } from "../../ui/chip-group.tsx";
import { PartForm } from "../../ui/form-end.tsx";
import { Icon } from "../../ui/icon.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { createNoteGuard } from "../pre-registration/note-guard.tsx";
import { longestNextStepLabel, nextStepProblem } from "./rules.ts";

/** What a service says of a next step. */
export type NextStepWords = { readonly label: string; readonly involvesParents: boolean };

/** The words of a next step, and of the service's own whether it involves the parents. */
export function NextStepForm(props: {
  beginning: { readonly label: string; readonly involvesParents: boolean | undefined };
  /** Null for one of the service's own, of which more than the words can be changed. */
  shippedLabel: string | null;
  others: readonly string[];
  submitLabel: string;
  onSubmit: (words: NextStepWords) => void;
  onClose: () => void;
}): JSX.Element {
  const { text } = useText();
  const beginning = { ...props.beginning };
  const [label, setLabel] = createSignal(beginning.label);
  const [involvesParents, setInvolvesParents] = createSignal(beginning.involvesParents);
  const [tried, setTried] = createSignal(false);
  const guard = createNoteGuard(label);
  let form: HTMLFormElement | undefined;

  // A label begins with a capital, so the guard is only half sure of a name alone; all the schools see it, so half is enough.
  const finding = () => guard.findings().find(({ severity, kind }) => severity === "hard" || kind === "givenName");
  const labelError = () => {
    const found = finding();
    if (found !== undefined) return text("settings.consultations.found", { words: label().slice(found.start, found.end) });
    if (!tried() || (label().trim() === "" && props.shippedLabel !== null)) return undefined;
    const problem = nextStepProblem(label(), props.others);
    if (problem === null) return undefined;
    return text(problem === "missing" ? "settings.consultations.labelMissing" : "settings.consultations.labelTaken");
  };
  const isParentsMissing = () => tried() && props.shippedLabel === null && involvesParents() === undefined;

  const submit = async () => {
    setTried(true);
    await guard.check();
    const wrong = labelError() === undefined ? (isParentsMissing() ? "input[type=radio]" : null) : "input";
    if (wrong === null) props.onSubmit({ label: label().trim(), involvesParents: involvesParents() === true });
    else form?.querySelector<HTMLElement>(wrong)?.focus();
  };

  return (
    <PartForm ref={(element) => (form = element)} onSubmit={submit} onClose={props.onClose} submitLabel={props.submitLabel}>
      <TextField
        label={text("settings.consultations.label")}
        hint={
          props.shippedLabel === null
            ? text("settings.consultations.labelHint", { length: longestNextStepLabel })
            : text("settings.consultations.labelHintShipped", { name: props.shippedLabel })
        }
        value={label()}
        onInput={setLabel}
        maxLength={longestNextStepLabel}
        error={labelError()}
        autofocus
        required={props.shippedLabel === null}
      />
      <Show when={finding()?.dismissible === true && finding()} keyed>
        {(found) => (
          <Button
            variant="quiet"
            size="small"
            onClick={() => {
              guard.dismiss(found);
              form?.querySelector("input")?.focus();
            }}
          >
            {text("guard.dismiss.other")}
          </Button>
        )}
      </Show>
      <Show when={props.shippedLabel === null}>
        <ChoiceChips
          legend={text("settings.consultations.parentsQuestion")}
          options={[
            { value: "no", label: text("settings.consultations.no") },
            { value: "yes", label: text("settings.consultations.yes") },
          ]}
          value={involvesParents() === undefined ? undefined : involvesParents() ? "yes" : "no"}
          onChange={(value) => setInvolvesParents(value === "yes")}
          columns={4}
          phoneColumns={2}
          required
        />
        <div aria-live="polite">
          <Show when={isParentsMissing()}>
            <p class="field-error">
              <Icon name="warning" size={20} />
              <span>{text("settings.consultations.parentsMissing")}</span>
            </p>
          </Show>
        </div>
      </Show>
    </PartForm>
  );
}
