import { createUniqueId, Show, type JSX } from "solid-js";

export interface CheckboxProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  /** A switch takes effect at once; a check box is part of a form. */
  readonly kind?: "checkbox" | "switch" | undefined;
}

export function Checkbox(props: CheckboxProps): JSX.Element {
  const hintId = createUniqueId();
  return (
    <label class="check">
      <input
        class="ds-input"
        type="checkbox"
        role={props.kind === "switch" ? "switch" : undefined}
        checked={props.checked}
        aria-describedby={props.hint === undefined ? undefined : hintId}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <span>
        <span class="check-label">{props.label}</span>
        <Show when={props.hint}>
          <span class="hint" id={hintId} aria-hidden="true">
            {props.hint}
          </span>
        </Show>
      </span>
    </label>
  );
}
