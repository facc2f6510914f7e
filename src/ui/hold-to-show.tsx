import { createSignal, onCleanup, Show, type JSX } from "solid-js";
import { Icon } from "./icon.tsx";
import { useText } from "./text-provider.tsx";

export interface HoldToShowProps {
  /** What is shown only while the button is held; made anew each time, so nothing of it stays in the page. */
  readonly children: () => JSX.Element;
  /** Whose text it is, for a screen reader: «Blå rev 17». */
  readonly label: string;
  /** How long Enter or Space keeps it shown. Default 10 000. */
  readonly keyMs?: number | undefined;
}

/** «Vis»: held with a finger or a mouse, or on for a while by key. */
export function HoldToShow(props: HoldToShowProps): JSX.Element {
  const { text } = useText();
  const [shown, setShown] = createSignal(false);
  let timer: number | undefined;
  const hide = () => {
    window.clearTimeout(timer);
    setShown(false);
  };
  const toggleByKey = (event: KeyboardEvent) => {
    if (event.repeat || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    if (shown()) return hide();
    setShown(true);
    timer = window.setTimeout(hide, props.keyMs ?? 10_000);
  };
  onCleanup(hide);
  return (
    <span class="hold">
      <span class="hold-text" aria-live="polite">
        <Show when={shown()}>{props.children()}</Show>
      </span>
      <button
        type="button"
        class="ds-button button"
        data-variant="tertiary"
        aria-label={`${text(shown() ? "common.hold.hide" : "common.hold.show")} ${props.label}`}
        onPointerDown={() => setShown(true)}
        onPointerUp={hide}
        onPointerLeave={hide}
        onPointerCancel={hide}
        onContextMenu={(event) => event.preventDefault()}
        onKeyDown={toggleByKey}
        onBlur={hide}
      >
        <Icon name={shown() ? "eyeSlash" : "eye"} />
        <span>{text(shown() ? "common.hold.hide" : "common.hold.show")}</span>
      </button>
    </span>
  );
}
