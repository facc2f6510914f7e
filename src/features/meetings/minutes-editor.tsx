import { type JSX, lazy, Show, Suspense } from "solid-js";
import type * as Y from "yjs";
import type { TextPresence } from "../../lib/shared-text.ts";
import { createTextBinding } from "../../reactive/create-text-binding.ts";

const RichTextField = lazy(() => import("../../ui/rich-text/rich-text-field.tsx").then((module) => ({ default: module.RichTextField })));

export interface MinutesEditorProps {
  /** What is written of one agenda item. Another text in its place is another editor, with an undo of its own. */
  readonly text: Y.Text;
  /** The name of the text box: the agenda item's title. */
  readonly label: string;
  /** Who else writes here. Bound when the editor is drawn. */
  readonly presence?: TextPresence | undefined;
}

/** Where minutes are written, together with whoever else is in the document. What is written is kept by the document it is in; see `createTypedDocument`. */
export function MinutesEditor(props: MinutesEditorProps): JSX.Element {
  return (
    <Show when={props.text} keyed>
      {(text) => {
        const shared = createTextBinding(text);
        return (
          <Suspense fallback={<div class="editor-place" />}>
            <RichTextField text={shared} label={props.label} presence={props.presence} />
          </Suspense>
        );
      }}
    </Show>
  );
}
