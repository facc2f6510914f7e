import type { EditorState } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { createMemo, createSignal, For, type JSX, onCleanup, onMount, Show } from "solid-js";
import type { SharedText, TextPresence } from "../../lib/shared-text.ts";
import { Button } from "../button.tsx";
import { useText } from "../text-provider.tsx";
import { type Format, formatsOf, toggle } from "./commands.ts";
import { openEditor, pasteMax } from "./open-editor.ts";
import "./rich-text.css";

export interface RichTextFieldProps {
  /** Bound when the field is drawn: another text is another field. */
  readonly text: SharedText;
  /** The name of the text box. */
  readonly label: string;
  readonly presence?: TextPresence | undefined;
}

const formats = { heading: "common.editor.heading", item: "common.editor.list", bold: "common.editor.bold" } as const;

/** A text of several lines with headings, points and bold, which others may write in too. Not in the first load: draw it with `lazy`. */
export function RichTextField(props: RichTextFieldProps): JSX.Element {
  const { text } = useText();
  const [state, setState] = createSignal<EditorState>();
  const pressed = createMemo(() => {
    const current = state();
    return current === undefined ? null : formatsOf(current);
  });
  // What the text was when something too long was to be pasted: the words go when it changes.
  const [refusedAt, setRefusedAt] = createSignal<EditorState["doc"]>();
  const isRefused = () => refusedAt() !== undefined && refusedAt() === state()?.doc;
  let host: HTMLElement | undefined;
  let view: EditorView | undefined;

  // Not before the host is in the page: the view listens to the document that it is in.
  onMount(() => {
    if (host === undefined) return;
    const editor = openEditor(host, {
      text: props.text,
      label: props.label,
      presence: props.presence,
      onState: setState,
      onTooLong: () => setRefusedAt(state()?.doc),
    });
    view = editor.view;
    onCleanup(() => editor.close());
  });

  const format = (chosen: Format) => {
    if (view === undefined) return;
    toggle(chosen)(view.state, view.dispatch, view);
    view.focus();
  };

  return (
    <div class="rich-text-field">
      {/* A press must not take the caret out of the text, nor the keyboard off the screen. */}
      <div class="rich-text-tools" role="group" aria-label={text("common.editor.tools")} onMouseDown={(event) => event.preventDefault()}>
        <For each={Object.keys(formats) as Format[]}>
          {(name) => (
            <Button size="small" aria-pressed={pressed()?.[name] ?? false} onClick={() => format(name)}>
              {text(formats[name])}
            </Button>
          )}
        </For>
        <Button variant="quiet" icon="undo" iconOnly aria-disabled={!props.text.canUndo()} onClick={() => props.text.undo()}>
          {text("common.action.undo")}
        </Button>
        <Button variant="quiet" icon="undo" iconOnly class="rich-text-redo" aria-disabled={!props.text.canRedo()} onClick={() => props.text.redo()}>
          {text("common.editor.redo")}
        </Button>
      </div>
      <div
        ref={(element) => {
          host = element;
        }}
      />
      {/* Always there, so that a screen reader hears it when it comes. */}
      <div aria-live="polite">
        <Show when={isRefused()}>
          <p class="field-full">{text("common.field.pasteTooLong", { count: pasteMax })}</p>
        </Show>
      </div>
    </div>
  );
}
