import { Show, type JSX } from "solid-js";
import { Icon, type IconName } from "./icon.tsx";

export interface TagProps {
  /** `now` is Lys (current, due, over its date), `done` is Gran, `info` is Fjord, `bare` has no ground. Default neutral. */
  readonly tone?: "neutral" | "now" | "done" | "info" | "bare" | undefined;
  readonly icon?: IconName | undefined;
  readonly children: JSX.Element;
}

/** One or two words about a row. Never a target. */
export function Tag(props: TagProps): JSX.Element {
  return (
    <span class="tag" data-tone={props.tone ?? "neutral"}>
      <Show when={props.icon}>{(icon) => <Icon name={icon()} size={18} />}</Show>
      <span>{props.children}</span>
    </span>
  );
}
