import { Show, type JSX } from "solid-js";
import { Icon, type IconName } from "./icon.tsx";

export type StateKind = "saved" | "sent" | "saving" | "unsent" | "offline" | "attention" | "full" | "update";

export interface StateLineProps {
  readonly kind: StateKind;
  /** What is true, in bold: «Alt lagret på nettbrettet». Only after the disk has said so. */
  readonly fact: string;
  /** The rest, after a dash: «3 ikke sendt». */
  readonly rest?: string | undefined;
  /** What is good to know and never read aloud by itself: «lest av 2 kolleger». */
  readonly note?: string | undefined;
  readonly action?: { readonly label: string; readonly href?: string | undefined; readonly onPress?: () => void };
}

const icons: Readonly<Record<StateKind, IconName>> = {
  saved: "checkCircle",
  sent: "checkCircle",
  saving: "refresh",
  unsent: "cloudSlash",
  offline: "cloudSlash",
  attention: "warning",
  full: "warning",
  update: "refresh",
};

/** The honest line that is always in sight. Grey when offline, never red. */
export function StateLine(props: StateLineProps): JSX.Element {
  return (
    <div class="state" data-kind={props.kind}>
      <p role="status">
        <Icon name={icons[props.kind]} size={20} />
        <span>
          <strong>{props.fact}</strong>
          <Show when={props.rest}>
            <span class="state-rest"> – {props.rest}</span>
          </Show>
        </span>
      </p>
      <Show when={props.note}>
        <p class="state-rest">{props.note}</p>
      </Show>
      <Show when={props.action}>
        {(action) => (
          <Show
            when={action().href !== undefined}
            fallback={
              <button type="button" class="state-action" onClick={() => action().onPress?.()}>
                {action().label}
              </button>
            }
          >
            <a class="state-action" href={action().href}>
              {action().label}
            </a>
          </Show>
        )}
      </Show>
    </div>
  );
}
