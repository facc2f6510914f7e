import { createEffect, Show, type JSX } from "solid-js";
import { Icon } from "./icon.tsx";

export interface FoldProps {
  readonly title: string;
  /** What is answered inside, in a few words: it stands beside the title, so that folding never hides an answer. */
  readonly value?: string | undefined;
  /** Unfolds it, such as when something inside is wrong; what a person folds together after that stays so. */
  readonly unfold?: boolean | undefined;
  readonly children: JSX.Element;
}

/** A part of a form that most can leave alone. */
export function Fold(props: FoldProps): JSX.Element {
  let element: HTMLDetailsElement | undefined;
  createEffect(() => {
    if (props.unfold === true && element !== undefined) element.open = true;
  });
  return (
    <details class="fold" ref={(details) => (element = details)}>
      <summary class="fold-head">
        <span class="fold-title voice">{props.title}</span>
        <Show when={props.value}>
          <span class="fold-value">{props.value}</span>
        </Show>
        <Icon name="chevronDown" class="fold-chevron" />
      </summary>
      <div class="fold-body">{props.children}</div>
    </details>
  );
}
