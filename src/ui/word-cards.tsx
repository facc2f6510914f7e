import { For, type JSX } from "solid-js";
import { useText } from "./text-provider.tsx";

/** Words that two people read aloud to each other, numbered so that none is skipped. */
export function WordCards(props: { readonly question: string; readonly words: readonly string[] }): JSX.Element {
  const { text } = useText();
  return (
    <section class="card word-cards" data-kind="now">
      <h2>{props.question}</h2>
      <ol aria-label={text("common.wordCards.label")}>
        <For each={props.words}>
          {(word, index) => (
            <li>
              <span aria-hidden="true">{index() + 1}</span>
              <strong class="voice">{word}</strong>
            </li>
          )}
        </For>
      </ol>
    </section>
  );
}
