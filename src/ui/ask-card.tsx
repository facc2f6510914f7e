import { createUniqueId, For, Show, type JSX } from "solid-js";
import { Icon } from "./icon.tsx";
import { Unbroken } from "./unbroken.tsx";

export interface AskAnswer<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

export interface AskCardProps<Value extends string> {
  /** What it is about: the tile of a case, or a drawing. */
  readonly tile: JSX.Element;
  /** «Er meldingen sendt?» */
  readonly question: string;
  /** The case code or the reference, and the school. */
  readonly detail: string;
  readonly tag?: JSX.Element | undefined;
  /** Three honest answers, or none where the question only stands there. The first is the yes: a tick and a strong edge, filled only when it is the answer. */
  readonly answers: readonly AskAnswer<Value>[];
  readonly answer?: Value | undefined;
  readonly onAnswer: (value: Value) => void;
  /** Shown in place under the answers: reason chips after «Ikke ennå», which is saved already. */
  readonly children?: JSX.Element | undefined;
  /** The level of the question's heading. Default 3. */
  readonly headingLevel?: 2 | 3 | undefined;
}

/** One question that waits for one tap. Put one or more in a `Card list`. */
export function AskCard<Value extends string>(props: AskCardProps<Value>): JSX.Element {
  const id = createUniqueId();
  return (
    <section class="ask" aria-labelledby={`${id}-question ${id}-detail`}>
      <div class="ask-head">
        {props.tile}
        <div class="row-body">
          <div class="row-text">
            <Show
              when={props.headingLevel === 2}
              fallback={
                <h3 class="row-title voice" id={`${id}-question`}>
                  {props.question}
                </h3>
              }
            >
              <h2 class="row-title voice" id={`${id}-question`}>
                {props.question}
              </h2>
            </Show>
            <p class="row-detail" id={`${id}-detail`}>
              <Unbroken text={props.detail} />
            </p>
          </div>
          <span class="row-end">{props.tag}</span>
        </div>
      </div>
      <Show when={props.answers.length > 0}>
        <div class="ask-answers" role="group" aria-labelledby={`${id}-question`}>
          <For each={props.answers}>
            {(answer, index) => (
              <button
                type="button"
                class="answer"
                data-yes={index() === 0 ? "" : undefined}
                aria-pressed={props.answer === answer.value}
                aria-describedby={`${id}-detail`}
                onClick={() => props.onAnswer(answer.value)}
              >
                <Show when={index() === 0 || props.answer === answer.value}>
                  <Icon name="check" />
                </Show>
                <span>{answer.label}</span>
              </button>
            )}
          </For>
        </div>
      </Show>
      {props.children}
    </section>
  );
}
