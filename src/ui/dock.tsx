import { Show, type JSX } from "solid-js";
import { Icon } from "./icon.tsx";

export interface DockProps {
  /** The buttons at thumb height, in reading order: `Button size="dock"`, the primary with `grow`. */
  readonly children: JSX.Element;
  /** A line above the buttons on a phone, beside them elsewhere. */
  readonly note?: JSX.Element | undefined;
}

/** The content of the page frame's `dock`. */
export function Dock(props: DockProps): JSX.Element {
  return (
    <div class="dock-content">
      <Show when={props.note}>
        <div class="dock-note">{props.note}</div>
      </Show>
      {props.children}
    </div>
  );
}

/** The quiet way out of a form, at its bottom left: in Rogn, since it is about the child's safety. */
export function ExitButton(props: { readonly label: string; readonly onPress: () => void }): JSX.Element {
  return (
    <button type="button" class="exit-button" onClick={() => props.onPress()}>
      <Icon name="personFrame" />
      <span>{props.label}</span>
    </button>
  );
}
