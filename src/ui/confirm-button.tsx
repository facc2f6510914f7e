import { createSignal, type JSX, Show } from "solid-js";
import { Button } from "./button.tsx";
import { Card } from "./card.tsx";
import type { IconName } from "./icon.tsx";
import { useText } from "./text-provider.tsx";

export interface ConfirmButtonProps {
  readonly label: string;
  /** What will be gone, said before the second press. */
  readonly detail: string;
  readonly icon: IconName;
  readonly onConfirm: () => void;
}

/** A button for what cannot be undone: the first press says what it means, the second does it. */
export function ConfirmButton(props: ConfirmButtonProps): JSX.Element {
  const { text } = useText();
  const [asking, setAsking] = createSignal(false);
  return (
    <Show
      when={asking()}
      fallback={
        <div class="button-row section-action">
          <Button icon={props.icon} onClick={() => setAsking(true)}>
            {props.label}
          </Button>
        </div>
      }
    >
      <Card class="section-action">
        <p role="status">{props.detail}</p>
        <div class="button-row section-action">
          <Button icon={props.icon} onClick={() => props.onConfirm()} ref={(button) => queueMicrotask(() => button.focus())}>
            {props.label}
          </Button>
          <Button variant="quiet" onClick={() => setAsking(false)}>
            {text("common.action.cancel")}
          </Button>
        </div>
      </Card>
    </Show>
  );
}
