import { createEffect, createMemo, createSignal, For, type JSX, on, Show, untrack } from "solid-js";
import * as z from "zod/mini";
import { createDraft, type Draft } from "../../reactive/create-draft.ts";
import { createStableList } from "../../reactive/create-stable-list.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { nextFrame } from "../../ui/next-frame.ts";
import { useText } from "../../ui/text-provider.tsx";

/** What the form of a part gets. */
export type PartFormProps<Part> = {
  part: Part;
  isNew: boolean;
  draftId: string;
  submitLabel: string;
  /** @returns whether it is on disk */
  onSubmit: (part: Part) => Promise<boolean>;
  onClose: () => void;
};

export type PartListProps<Part extends { readonly id: string }> = {
  parts: readonly Part[];
  title: (part: Part) => string;
  /** What stands under the title. */
  details: (part: Part) => JSX.Element;
  form: (props: PartFormProps<Part>) => JSX.Element;
  /** A part that somebody begins to write. */
  blank: () => Part;
  addLabel: string;
  /** Where what is typed is kept until it is saved. */
  draftId: string;
  mayRemove: (part: Part) => boolean;
  /** All give whether it is on disk. */
  onMove: (part: Part, by: -1 | 1) => Promise<boolean>;
  onRemove: (part: Part) => Promise<boolean>;
  onSave: (part: Part, isNew: boolean) => Promise<boolean>;
};

/** Stands for the part that is being added. */
const newPart = "new";

/** An ordered list of steps or items, each moved, changed and taken off in its place, by touch or by keys alone; one form is open at a time. */
export function PartList<Part extends { readonly id: string }>(props: PartListProps<Part>): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const [opened, setOpened] = createSignal<string | null>(null);
  let element: HTMLDivElement | undefined;
  const Form = props.form;
  const rows = createStableList(createMemo(() => props.parts));
  const blank = createMemo(() => (opened() === newPart ? untrack(() => props.blank()) : undefined));
  const isThere = (id: string) => id === newPart || props.parts.some((part) => part.id === id);
  const focusOn = (target: string) => focusInList(element, target);
  const close = (target: string) => {
    setOpened(null);
    void focusOn(target);
  };
  const move = async (part: Part, by: -1 | 1) => {
    const to = props.parts.findIndex(({ id }) => id === part.id) + by;
    const isAtEdge = to === (by < 0 ? 0 : props.parts.length - 1);
    if (await props.onMove(part, by)) await focusOn(`${(by < 0) === isAtEdge ? "down" : "up"} ${part.id}`);
  };
  const remove = async (part: Part) => {
    const at = props.parts.findIndex(({ id }) => id === part.id);
    if (!(await props.onRemove(part))) return;
    const left = props.parts.filter(({ id }) => id !== part.id);
    const next = left[Math.min(at, left.length - 1)];
    await focusOn(next === undefined ? "add" : `change ${next.id}`);
  };

  // What was typed when the device locked or died is shown again.
  void engine.read(async () => {
    const typed = Typed.safeParse(await engine.drafts.load(props.draftId));
    if (typed.success && opened() === null && isThere(typed.data.part)) setOpened(typed.data.part);
  });
  // What is typed is for one part: when a colleague has taken it away meanwhile, its form goes too.
  createEffect(
    on(
      () => props.parts,
      () => {
        const id = opened();
        if (id !== null && !isThere(id)) setOpened(null);
      },
    ),
  );

  return (
    <div ref={(list) => (element = list)}>
      <ol class="card part-list" data-list="">
        <For each={rows()}>
          {(part, index) => (
            <Show
              when={opened() === part().id}
              fallback={
                <PartRow
                  title={props.title(part())}
                  details={props.details(part())}
                  id={part().id}
                  isFirst={index() === 0}
                  isLast={index() === rows().length - 1}
                  mayRemove={props.mayRemove(part())}
                  onMove={(by) => void move(part(), by)}
                  onChange={() => setOpened(part().id)}
                  onRemove={() => void remove(part())}
                />
              }
            >
              <li class="row-item visit-panel">
                <Form
                  part={part()}
                  isNew={false}
                  draftId={props.draftId}
                  submitLabel={text("common.action.save")}
                  onSubmit={(changed) => props.onSave(changed, false)}
                  onClose={() => close(`change ${part().id}`)}
                />
              </li>
            </Show>
          )}
        </For>
      </ol>
      <Show
        when={blank()}
        keyed
        fallback={
          <div class="button-row section-action">
            <Button variant="secondary" icon="plus" data-focus="add" onClick={() => setOpened(newPart)}>
              {props.addLabel}
            </Button>
          </div>
        }
      >
        {(part) => (
          <div class="card section-action">
            <Form part={part} isNew draftId={props.draftId} submitLabel={props.addLabel} onSubmit={(added) => props.onSave(added, true)} onClose={() => close("add")} />
          </div>
        )}
      </Show>
    </div>
  );
}

function PartRow(props: {
  id: string;
  title: string;
  details: JSX.Element;
  isFirst: boolean;
  isLast: boolean;
  mayRemove: boolean;
  onMove: (by: -1 | 1) => void;
  onChange: () => void;
  onRemove: () => void;
}): JSX.Element {
  const { text } = useText();
  const named = (action: string) => text("templates.ofPart", { action, part: props.title });
  return (
    <li class="row-item">
      <div class="row">
        <span class="row-body">
          <span class="row-text">
            <span class="row-title">{props.title}</span>
            {props.details}
          </span>
          <span class="row-end part-actions">
            <Button variant="quiet" iconOnly icon="arrowUp" data-focus={`up ${props.id}`} disabled={props.isFirst} onClick={() => props.onMove(-1)}>
              {named(text("templates.up"))}
            </Button>
            <Button variant="quiet" iconOnly icon="arrowDown" data-focus={`down ${props.id}`} disabled={props.isLast} onClick={() => props.onMove(1)}>
              {named(text("templates.down"))}
            </Button>
            <Button variant="secondary" size="small" data-focus={`change ${props.id}`} aria-label={named(text("common.action.change"))} onClick={() => props.onChange()}>
              {text("common.action.change")}
            </Button>
            <Show when={props.mayRemove}>
              <Button variant="quiet" iconOnly icon="trash" onClick={() => props.onRemove()}>
                {named(text("common.action.remove"))}
              </Button>
            </Show>
          </span>
        </span>
      </div>
    </li>
  );
}

const Typed = z.object({ part: z.string(), fields: z.unknown() });

/** What is typed of one part, in `value.fields`, until it is saved or given up. @param read null for what it does not know */
export function createPartDraft<Fields extends object>(
  { part, isNew, draftId }: Pick<PartFormProps<{ readonly id: string }>, "part" | "isNew" | "draftId">,
  fields: Fields,
  read: (stored: unknown) => Fields | null,
): Draft<{ part: string; fields: Fields }> {
  const id = isNew ? newPart : part.id;
  return createDraft(draftId, { part: id, fields }, (stored) => {
    const typed = Typed.safeParse(stored);
    const known = typed.success && typed.data.part === id ? read(typed.data.fields) : null;
    return known === null ? null : { part: id, fields: known };
  });
}

/**
 * Focuses a button of the list: `add`, or `change <id>`. With the next frame: only then is the list drawn as it has become, and a row that is moved loses the
 * focus it had before.
 */
export async function focusInList(around: HTMLElement | undefined, target: string): Promise<void> {
  await nextFrame();
  around?.querySelector<HTMLElement>(`[data-focus="${target}"]`)?.focus();
}

/** To the first thing that is to be changed before a form can be saved. */
export function focusOnWrong(form: HTMLFormElement | undefined): void {
  const wrong = form?.querySelector<HTMLElement>("[aria-invalid=true]") ?? form?.querySelector<HTMLElement>(".findings-list button, input");
  wrong?.focus();
}
