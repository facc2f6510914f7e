import { Show, type JSX } from "solid-js";
import { Icon, type IconName } from "./icon.tsx";

/** A grey line with an icon: how long something lasts, what happens by itself. */
export function Notice(props: { readonly icon?: IconName | undefined; readonly children: JSX.Element }): JSX.Element {
  return (
    <p class="notice">
      <Icon name={props.icon ?? "information"} size={20} />
      <span>{props.children}</span>
    </p>
  );
}

/** Something that must be read before going on: a failed unlock, a full disk. Said aloud when it comes. */
export function Alert(props: { readonly title?: string | undefined; readonly children: JSX.Element; readonly action?: JSX.Element | undefined }): JSX.Element {
  return (
    <div class="alert" role="alert">
      <Icon name="warning" />
      <div>
        <Show when={props.title}>
          <p class="alert-title">{props.title}</p>
        </Show>
        <div>{props.children}</div>
        {props.action}
      </div>
    </div>
  );
}
