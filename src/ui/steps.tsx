import { For, Show, type JSX } from "solid-js";
import { Icon } from "./icon.tsx";
import { useText } from "./text-provider.tsx";

export interface Step {
  readonly title: string;
  readonly detail?: string | undefined;
  readonly state: "done" | "current" | "todo";
}

/** What has been done, what is now, what comes. */
export function Steps(props: { readonly steps: readonly Step[] }): JSX.Element {
  const { text } = useText();
  return (
    <ol class="steps">
      <For each={props.steps}>
        {(step, index) => (
          <li data-state={step.state} aria-current={step.state === "current" ? "step" : undefined}>
            <span class="step-mark" aria-hidden="true">
              <Show when={step.state === "done"} fallback={index() + 1}>
                <Icon name="check" />
              </Show>
            </span>
            <div>
              <p class="step-title">
                {step.title}
                <span class="ds-sr-only"> ({text(`common.step.${step.state}`)})</span>
              </p>
              <Show when={step.detail}>
                <p class="step-detail">{step.detail}</p>
              </Show>
            </div>
          </li>
        )}
      </For>
    </ol>
  );
}
