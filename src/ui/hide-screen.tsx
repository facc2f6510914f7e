import { createEffect, createSignal, onCleanup, Show, type JSX } from "solid-js";
import { CorridorScene } from "./corridor-scene.tsx";
import { capitalise } from "../i18n/format.ts";
import { useText } from "./text-provider.tsx";

export interface HideScreenProps {
  readonly hidden: boolean;
  /** The time to show; the caller lets it tick. */
  readonly now: Date;
  /** Held for `holdMs`, with a finger or with Enter or Space. The caller decides whether the passphrase is asked for first. */
  readonly onReturn: () => void;
  /** Default 1000. */
  readonly holdMs?: number | undefined;
  /** The app. It keeps its state and its focus while it is hidden, and cannot be reached. */
  readonly children: JSX.Element;
}

/** Skjul: a clock above a closed door, in place of everything else, from the first frame. */
export function HideScreen(props: HideScreenProps): JSX.Element {
  let focusedBefore: Element | null = null;
  // An inert part loses focus, so what had it is noted while the attribute is computed, before it is set.
  const isInert = () => {
    if (props.hidden) focusedBefore = document.activeElement;
    return props.hidden;
  };
  createEffect((wasHidden: boolean | undefined) => {
    if (wasHidden === true && !props.hidden && focusedBefore instanceof HTMLElement) focusedBefore.focus({ preventScroll: true });
    return props.hidden;
  });
  return (
    <>
      <div class="hideable" data-hidden={props.hidden ? "" : undefined} inert={isInert()}>
        {props.children}
      </div>
      <Show when={props.hidden}>
        <ClockDoor now={props.now} holdMs={props.holdMs ?? 1000} onReturn={props.onReturn} />
      </Show>
    </>
  );
}

function ClockDoor(props: { now: Date; holdMs: number; onReturn: () => void }): JSX.Element {
  const { text, format } = useText();
  const [holding, setHolding] = createSignal(false);
  let timer: number | undefined;

  const titleBefore = document.title;
  createEffect(() => {
    document.title = text("common.hide.title");
  });

  const begin = () => {
    if (holding()) return;
    setHolding(true);
    timer = window.setTimeout(() => {
      setHolding(false);
      props.onReturn();
    }, props.holdMs);
  };
  const cancel = () => {
    window.clearTimeout(timer);
    setHolding(false);
  };
  onCleanup(() => {
    cancel();
    document.title = titleBefore;
  });
  const onHoldKey = (event: KeyboardEvent, action: () => void) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    action();
  };

  return (
    <main class="hide-screen">
      <CorridorScene door="closed" />
      <div class="hide-clock">
        <p class="hide-time voice">{format.clock(props.now)}</p>
        <p class="hide-date">{capitalise(format.date(isoDateOf(props.now)))}</p>
      </div>
      <button
        type="button"
        class="hide-hold"
        data-holding={holding() ? "" : undefined}
        style={{ "--hold": `${props.holdMs}ms` }}
        ref={(element) => queueMicrotask(() => element.focus({ preventScroll: true }))}
        onPointerDown={begin}
        onPointerUp={cancel}
        onPointerLeave={cancel}
        onPointerCancel={cancel}
        onContextMenu={(event) => event.preventDefault()}
        onKeyDown={(event) => onHoldKey(event, begin)}
        onKeyUp={(event) => onHoldKey(event, cancel)}
        onBlur={cancel}
      >
        <span>{text("common.hide.hold")}</span>
      </button>
    </main>
  );
}

function isoDateOf(instant: Date): string {
  const parts = [instant.getFullYear(), instant.getMonth() + 1, instant.getDate()];
  return parts.map((part) => String(part).padStart(2, "0")).join("-");
}
