import { For, type JSX, Show } from "solid-js";

/** Words with what is in ranges held on one line each: «5.–7.», «13.30–15.30». A line may else end at their dash. */
export function Unbroken(props: { readonly text: string }): JSX.Element {
  return (
    <For each={props.text.split(/(\d\S*–\S*\d\S*)/)}>
      {(part, index) => (
        <Show when={index() % 2 === 1} fallback={part}>
          <span class="unbroken">{part}</span>
        </Show>
      )}
    </For>
  );
}
