import { createMemo, For, type JSX, Show } from "solid-js";
import type * as Y from "yjs";
import { indexDocId } from "../../engine/log/rights.ts";
import type { Room } from "../../engine/space.ts";
import { dateOf, type Moment } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { PageTitle, Section } from "../../ui/card.tsx";
import { Notice } from "../../ui/notice.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { useShell } from "../space/shell.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import type { TemplateKind } from "./create-version-words.ts";
import { focusInList, PartList, type PartListProps } from "./part-list.tsx";
import { type PartDifferences, withPartBack, withPartMoved } from "./rules.ts";

type Part = { readonly id: string };

/** A template as it is edited, whatever its parts are called. */
export type EditedTemplate<P extends Part> = {
  readonly parts: readonly P[];
  readonly original: readonly P[];
  readonly isOwn: boolean;
  readonly isBehind: boolean;
  readonly others: readonly { readonly madeAt: Moment; readonly parts: readonly P[] }[];
  /** What we ship, where the original is the service's own. */
  readonly shipped?: readonly P[] | undefined;
};

/** A new version, on its way into the index of its room and out again. */
export type NewVersion = { readonly add: (index: Y.Doc) => void; readonly takeBack: (index: Y.Doc) => void };

export type TemplateEditorProps<P extends Part> = Pick<PartListProps<P>, "title" | "details" | "form" | "blank"> & {
  kind: TemplateKind;
  heading: string;
  partsHeading: string;
  partsHint: string;
  template: EditedTemplate<P>;
  /** The shelf, or the school's plan room. */
  room: Room | undefined;
  /** Left out for the service's. */
  school?: { readonly id: string; readonly name: string } | undefined;
  /** What the template is of: part of what the draft is called. */
  of: string;
  /** Null when something stops it. @param more says that the original is followed again */
  newVersion: (parts: readonly P[], madeAt: Moment, more: { isReset?: true }) => NewVersion | null;
  differences: (original: readonly P[], parts: readonly P[]) => PartDifferences<P, keyof P>;
  /** What of a part has changed, in words. */
  changeWords: (before: P, part: P, fields: readonly (keyof P)[]) => string;
};

/**
 * A template, each part changed in its place. Every change is a new version at once, with undo: nothing waits to be saved, and what begins after it begins
 * with what stands here.
 */
export function TemplateEditor<P extends Part>(props: TemplateEditorProps<P>): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const shell = useShell();
  const workspace = useWorkspace();
  let element: HTMLDivElement | undefined;
  const isService = () => props.school === undefined;
  const edit = (change: (index: Y.Doc) => void) =>
    engine.run(async () => {
      if (props.room === undefined) throw new Error("who changes a template has the room it lies in");
      await props.room.edit([indexDocId], (index) => index && change(index));
    });
  const save = async (parts: readonly P[], message: string, more: { isReset?: true } = {}): Promise<boolean> => {
    const version = props.newVersion(parts, engine.moment(), more);
    if (version === null) {
      shell.undo.close();
      return false;
    }
    if (!(await edit(version.add))) return false;
    shell.undo.offer({ message, undo: () => void edit(version.takeBack) });
    return true;
  };
  const toast = (what: "moved" | "removed" | "changed" | "added" | "back", part: P) => text(`templates.toast.${what}`, { part: props.title(part) });
  const parts = () => props.template.parts;
  // The button that was pressed is gone then.
  const bringBack = async (part: P) => {
    if (await save(withPartBack(props.template.original, parts(), part), toast("back", part))) await focusInList(element, `change ${part.id}`);
  };
  const reset = async () => {
    if (await save(props.template.original, text("templates.toast.reset"), { isReset: true })) await focusInList(element, "add");
  };

  return (
    <div ref={(page) => (element = page)}>
      <PageTitle
        kicker={props.school?.name ?? (workspace.serviceName() || text(`${props.kind}.template.service`))}
        title={props.heading}
        detail={text(isService() ? `${props.kind}.template.serviceDetail` : `${props.kind}.template.schoolDetail`)}
      />
      <Show when={props.template.isBehind}>
        <Notice icon="refresh">{text(isService() ? `${props.kind}.template.appIsBehind` : `${props.kind}.isBehind`)}</Notice>
      </Show>
      <Section heading={props.partsHeading} hint={props.partsHint}>
        <PartList<P>
          parts={parts()}
          title={props.title}
          details={props.details}
          form={props.form}
          blank={props.blank}
          addLabel={text(`${props.kind}.template.add`)}
          draftId={`${props.kind}/${props.school?.id ?? "service"}/${props.of}`}
          mayRemove={() => parts().length > 1}
          onMove={(part, by) => save(withPartMoved(parts(), part, by), toast("moved", part))}
          onRemove={(part) => save(parts().filter(({ id }) => id !== part.id), toast("removed", part))}
          onSave={(part, isNew) => save(isNew ? [...parts(), part] : parts().map((one) => (one.id === part.id ? part : one)), toast(isNew ? "added" : "changed", part))}
        />
      </Section>
      <Section heading={text(isService() ? `${props.kind}.differsFrom.shipped` : `${props.kind}.differsFrom.service`)}>
        <Differences {...props} original={props.template.original} onBack={(part) => void bringBack(part)} />
        <Show when={props.template.isOwn}>
          <div class="button-row section-action">
            <Button variant="secondary" icon="undo" onClick={() => void reset()}>
              {text(isService() ? `${props.kind}.template.resetTo.shipped` : `${props.kind}.template.resetTo.service`)}
            </Button>
          </div>
        </Show>
      </Section>
      <Show when={props.template.shipped}>
        {(shipped) => (
          <Section heading={text(`${props.kind}.differsFrom.shipped`)}>
            <Differences {...props} original={shipped()} />
          </Section>
        )}
      </Show>
      <Show when={props.template.others.length > 0}>
        <Section heading={text("templates.others")}>
          <p class="detail">{text(`${props.kind}.template.othersDetail`)}</p>
          <RowList>
            <For each={props.template.others}>
              {(other) => (
                <InfoRow
                  title={text("templates.otherFrom", { date: format.date(dateOf(other.madeAt), "dayYear"), time: format.time(other.madeAt.slice(11, 16)) })}
                  detail={format.list(other.parts.map(props.title))}
                  action={
                    <Button size="small" onClick={() => void save(other.parts, text("templates.toast.taken"))}>
                      {text("templates.take")}
                    </Button>
                  }
                />
              )}
            </For>
          </RowList>
        </Section>
      </Show>
      <Notice icon="information">{text(`${props.kind}.template.runningKeep`)}</Notice>
    </div>
  );
}

type DifferencesProps<P extends Part> = Pick<TemplateEditorProps<P>, "template" | "title" | "differences" | "changeWords"> & {
  original: readonly P[];
  /** Left out where nothing is brought back. */
  onBack?: ((part: P) => void) | undefined;
};

/** What is new, changed, moved and gone, each by its part. */
function Differences<P extends Part>(props: DifferencesProps<P>): JSX.Element {
  const { text } = useText();
  const rows = createMemo(() => {
    const { added, changed, moved, removed } = props.differences(props.original, props.template.parts);
    const row = (kind: "added" | "changed" | "moved" | "removed", part: P, detail = "") => ({ kind, part, detail });
    return [
      ...added.map((part) => row("added", part)),
      ...changed.map(({ part, fields }) => {
        const before = props.original.find(({ id }) => id === part.id) ?? part;
        return row("changed", part, props.changeWords(before, part, fields));
      }),
      ...moved.map((part) => row("moved", part)),
      ...removed.map((part) => row("removed", part)),
    ];
  });
  return (
    <Show when={rows().length > 0} fallback={<p class="detail">{text("templates.same")}</p>}>
      <RowList>
        <For each={rows()}>
          {({ kind, part, detail }) => (
            <InfoRow
              title={props.title(part)}
              detail={detail}
              tag={<Tag tone={kind === "removed" ? "neutral" : "info"}>{text(`templates.difference.${kind}`)}</Tag>}
              action={
                <Show when={kind === "removed" && props.onBack}>
                  {(bring) => (
                    <Button size="small" aria-label={text("templates.ofPart", { action: text("templates.bringBack"), part: props.title(part) })} onClick={() => bring()(part)}>
                      {text("templates.bringBack")}
                    </Button>
                  )}
                </Show>
              }
            />
          )}
        </For>
      </RowList>
    </Show>
  );
}
