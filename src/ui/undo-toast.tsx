import { Show, type JSX } from "solid-js";
import type { UndoController } from "./create-undo.ts";
import { Icon } from "./icon.tsx";
import { useText } from "./text-provider.tsx";

/** Says what happened and offers «Angre» until the bar has run out. Give it to the page frame, which puts it over dock and nav. */
export function UndoToast(props: { readonly undo: UndoController }): JSX.Element {
  const { text } = useText();
  return (
    <div class="toast-place" aria-live="polite">
      <Show when={props.undo.current()} keyed>
        {(offer) => (
          <div
            class="toast"
            style={{ "animation-delay": `${-props.undo.elapsedMs()}ms` }}
            data-paused={props.undo.paused() ? "" : undefined}
            onPointerEnter={() => props.undo.pause()}
            onPointerLeave={(event) => {
              if (!event.currentTarget.contains(document.activeElement)) props.undo.resume();
            }}
            onFocusIn={() => props.undo.pause()}
            onFocusOut={() => props.undo.resume()}
          >
            <Icon name="checkCircle" />
            <p>{offer.message}</p>
            <button type="button" class="toast-undo" onClick={() => props.undo.undo()}>
              <Icon name="undo" />
              {text("common.action.undo")}
            </button>
            <span class="toast-bar" style={{ "animation-duration": `${props.undo.durationMs}ms`, "animation-delay": `${-props.undo.elapsedMs()}ms` }} />
          </div>
        )}
      </Show>
    </div>
  );
}
