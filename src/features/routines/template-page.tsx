import { useParams } from "@solidjs/router";
import { createEffect, createMemo, createSignal, For, type JSX, on, Show } from "solid-js";
import type * as Y from "yjs";
import { type RoutineId, routineIds } from "../../content/routines.ts";
import { indexDocId } from "../../engine/log/rights.ts";
import type { Room } from "../../engine/space.ts";
import { createNewId } from "../../lib/id.ts";
import { dateOf, momentOf } from "../../lib/iso-date.ts";
import { createStableList } from "../../reactive/create-stable-list.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { PageTitle, Section } from "../../ui/card.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Notice } from "../../ui/notice.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { Page } from "../space/page.tsx";
import { useShell } from "../space/shell.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import { createRunWords } from "./create-run-words.ts";
import { createSchoolTemplates, createServiceTemplates } from "./create-templates.ts";
import type { TemplateHere } from "./followed-rules.ts";
import { addRoutineTemplate, takeBackRoutineTemplate } from "./document.ts";
import type { RoutineStep } from "./schema.ts";
import { TemplateStepForm } from "./template-step-form.tsx";
import { createStepSummary } from "./template-step-words.ts";
import { newStepId, newTemplateId, templateDifferences, templateProblems } from "./template-rules.ts";

/** The service's version of a routine. */
export function ServiceTemplatePage(): JSX.Element {
  const { text } = useText();
  const params = useParams<{ routine: string }>();
  const workspace = useWorkspace();
  const templates = createServiceTemplates();
  const routine = () => routineIds.find((id) => id === params.routine);
  return (
    <Page back={{ label: text("common.nav.settings"), href: "/innstillinger#rutiner" }}>
      <Show when={workspace.role() === "consultant" && workspace.shelfIndex() !== undefined && routine()} keyed>
        {(id) => <TemplateEditor routine={id} here={templates(id)} room={workspace.shelfRoom()} owner="service" />}
      </Show>
    </Page>
  );
}

/** A school's own version of a routine, measured against the service's. */
export function SchoolTemplatePage(): JSX.Element {
  const { text } = useText();
  const params = useParams<{ schoolId: string; routine: string }>();
  const workspace = useWorkspace();
  const school = createMemo(() => workspace.school(params.schoolId));
  const routine = () => routineIds.find((id) => id === params.routine);
  return (
    <Page back={{ label: school()?.name ?? text("common.nav.schools"), href: `/skoler/${params.schoolId}` }}>
      <Show when={school()} keyed fallback={<EmptyState text={text("schools.notFound")} />}>
        {(found) => {
          const templates = createSchoolTemplates(() => found);
          return (
            <Show when={found.planIndex() !== undefined && found.schoolRoom !== undefined && routine()} keyed>
              {(id) => <TemplateEditor routine={id} here={templates(id)} room={found.planRoom} owner="school" schoolName={found.name} schoolId={found.schoolId} />}
            </Show>
          );
        }}
      </Show>
    </Page>
  );
}

type EditorProps = {
  routine: RoutineId;
  here: TemplateHere;
  /** The shelf, or the school's plan room. */
  room: Room | undefined;
  owner: "service" | "school";
  schoolName?: string;
  schoolId?: string;
};

/**
 * The steps of a routine, each changed in its place. Every change is a new version at once, with undo: nothing waits to be saved, and a case that begins
 * follows what stands here.
 */
function TemplateEditor(props: EditorProps): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const shell = useShell();
  const workspace = useWorkspace();
  const words = createRunWords();
  const newId = createNewId((length) => engine.random(length));
  const [opened, setOpened] = createSignal<string | null>(null);
  let list: HTMLDivElement | undefined;
  const steps = () => props.here.template.steps;
  const rows = createStableList(createMemo(() => steps().map((step) => ({ id: step.id, step }))));
  const differences = createMemo(() => templateDifferences(props.here.original.steps, steps()));
  const isSame = () => Object.values(differences()).every((group) => group.length === 0);
  const edit = (change: (doc: Y.Doc) => void) =>
    engine.run(async () => {
      if (props.room === undefined) throw new Error("who changes a routine has the room it lies in");
      await props.room.edit([indexDocId], (doc) => doc && change(doc));
    });
  const focusOn = (target: string) =>
    queueMicrotask(() => {
      list?.querySelector<HTMLElement>(`[data-focus="${target}"]`)?.focus();
    });

  const save = async (next: readonly RoutineStep[], message: string, more: { isReset?: boolean } = {}): Promise<boolean> => {
    if (templateProblems(props.routine, next).length > 0) {
      shell.undo.close();
      return false;
    }
    const id = newTemplateId(newId);
    const version = { id, routine: props.routine, basedOn: props.here.template.version, madeAt: momentOf(new Date(engine.clock.now())), steps: Array.from(next), ...more };
    if (!(await edit((doc) => addRoutineTemplate(doc, version)))) return false;
    shell.undo.offer({ message, undo: () => void edit((doc) => takeBackRoutineTemplate(doc, id)) });
    return true;
  };
  const toast = (what: "moved" | "removed" | "changed" | "added", step: RoutineStep) => text(`routines.template.toast.${what}`, { step: words.title(step) });
  const move = async (step: RoutineStep, by: -1 | 1) => {
    const from = steps().findIndex(({ id }) => id === step.id);
    const next = steps().filter(({ id }) => id !== step.id);
    next.splice(from + by, 0, step);
    if (!(await save(next, toast("moved", step)))) return;
    const isAtEdge = by < 0 ? from + by === 0 : from + by === steps().length - 1;
    focusOn(`${(by < 0) === isAtEdge ? "down" : "up"} ${step.id}`);
  };
  const remove = async (step: RoutineStep) => {
    const at = steps().findIndex(({ id }) => id === step.id);
    if (!(await save(steps().filter(({ id }) => id !== step.id), toast("removed", step)))) return;
    const next = steps()[Math.min(at, steps().length - 1)];
    focusOn(next === undefined ? "add" : `change ${next.id}`);
  };
  const close = (target: string) => {
    setOpened(null);
    focusOn(target);
  };
  const submit = async (step: RoutineStep, isNew: boolean) => {
    const next = isNew ? [...steps(), step] : steps().map((one) => (one.id === step.id ? step : one));
    if (await save(next, toast(isNew ? "added" : "changed", step))) close(isNew ? "add" : `change ${step.id}`);
  };
  const reset = () => void save(props.here.original.steps, text("routines.template.toast.reset"), { isReset: true });

  // What is typed is for one step: when a colleague has taken the step away meanwhile, its form goes too.
  createEffect(
    on(steps, (now) => {
      const id = opened();
      if (id !== null && id !== "new" && !now.some((step) => step.id === id)) setOpened(null);
    }),
  );

  return (
    <div ref={(element) => (list = element)}>
      <PageTitle
        kicker={props.owner === "service" ? workspace.serviceName() || text("routines.template.service") : props.schoolName}
        title={text(`routines.name.${props.routine}`)}
        detail={text(props.owner === "service" ? "routines.template.serviceDetail" : "routines.template.schoolDetail")}
      />
      <Show when={props.here.isBehind}>
        <Notice icon="refresh">{text(props.owner === "school" ? "routines.isBehind" : "routines.template.appIsBehind")}</Notice>
      </Show>
      <Section heading={text("routines.run.steps")} hint={String(steps().length)}>
        <ol class="card run-steps" data-list="">
          <For each={rows()}>
            {(row, index) => (
              <Show
                when={opened() === row().id}
                fallback={
                  <TemplateStepRow
                    step={row().step}
                    isFirst={index() === 0}
                    isLast={index() === rows().length - 1}
                    isOnly={rows().length === 1}
                    onMove={(by) => void move(row().step, by)}
                    onChange={() => setOpened(row().id)}
                    onRemove={() => void remove(row().step)}
                  />
                }
              >
                <li class="row-item visit-panel">
                  <TemplateStepForm routine={props.routine} step={row().step} submitLabel={text("common.action.save")} onSubmit={(step) => void submit(step, false)} onClose={() => close(`change ${row().id}`)} />
                </li>
              </Show>
            )}
          </For>
        </ol>
        <Show
          when={opened() === "new"}
          fallback={
            <div class="button-row section-action">
              <Button variant="secondary" icon="plus" data-focus="add" onClick={() => setOpened("new")}>
                {text("routines.template.add")}
              </Button>
            </div>
          }
        >
          <div class="card section-action">
            <TemplateStepForm
              routine={props.routine}
              step={{ id: newStepId(newId), title: "", who: [], involvesParents: false }}
              submitLabel={text("routines.template.add")}
              onSubmit={(step) => void submit(step, true)}
              onClose={() => close("add")}
            />
          </div>
        </Show>
      </Section>
      <Section heading={text(props.owner === "service" ? "routines.differsFrom.shipped" : "routines.differsFrom.service")}>
        <Show when={props.here.isOwn} fallback={<p class="detail">{text("routines.template.same")}</p>}>
          <Show when={!isSame()} fallback={<p class="detail">{text("routines.template.sameSteps")}</p>}>
            <Differences here={props.here} />
          </Show>
          <div class="button-row section-action">
            <Button variant="secondary" icon="undo" onClick={reset}>
              {text("routines.template.reset")}
            </Button>
          </div>
        </Show>
      </Section>
      <Show when={props.here.others.length > 0}>
        <Section heading={text("routines.template.others")}>
          <p class="detail">{text("routines.template.othersDetail")}</p>
          <RowList>
            <For each={props.here.others}>
              {(other) => (
                <InfoRow
                  title={text("routines.template.otherFrom", { date: format.date(dateOf(other.madeAt), "dayYear"), time: format.time(other.madeAt.slice(11, 16)) })}
                  detail={format.list(other.steps.map(words.title))}
                  action={
                    <Button size="small" onClick={() => void save(other.steps, text("routines.template.toast.taken"))}>
                      {text("routines.template.take")}
                    </Button>
                  }
                />
              )}
            </For>
          </RowList>
        </Section>
      </Show>
      <Notice icon="information">{text("routines.template.runningKeep")}</Notice>
    </div>
  );
}

function TemplateStepRow(props: {
  step: RoutineStep;
  isFirst: boolean;
  isLast: boolean;
  isOnly: boolean;
  onMove: (by: -1 | 1) => void;
  onChange: () => void;
  onRemove: () => void;
}): JSX.Element {
  const { text } = useText();
  const words = createRunWords();
  const summary = createStepSummary();
  const named = (action: string) => text("routines.run.ofStep", { action, step: words.title(props.step) });
  return (
    <li class="row-item">
      <div class="row">
        <span class="row-body">
          <span class="row-text">
            <span class="row-title">{words.title(props.step)}</span>
            <Show when={words.note(props.step)}>{(note) => <span class="row-detail">{note()}</span>}</Show>
            <span class="row-detail">{summary(props.step)}</span>
          </span>
          <span class="row-end template-actions">
            <Button variant="quiet" iconOnly icon="arrowUp" data-focus={`up ${props.step.id}`} disabled={props.isFirst} onClick={() => props.onMove(-1)}>
              {named(text("routines.template.up"))}
            </Button>
            <Button variant="quiet" iconOnly icon="arrowDown" data-focus={`down ${props.step.id}`} disabled={props.isLast} onClick={() => props.onMove(1)}>
              {named(text("routines.template.down"))}
            </Button>
            <Button variant="secondary" size="small" data-focus={`change ${props.step.id}`} aria-label={named(text("common.action.change"))} onClick={() => props.onChange()}>
              {text("common.action.change")}
            </Button>
            <Show when={!props.isOnly}>
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

/** What is new, changed, moved and gone, each by its step. */
function Differences(props: { here: TemplateHere }): JSX.Element {
  const { text, format } = useText();
  const words = createRunWords();
  const rows = createMemo(() => {
    const { added, removed, moved, changed } = templateDifferences(props.here.original.steps, props.here.template.steps);
    const before = new Map(props.here.original.steps.map((step) => [step.id, step]));
    return [
      ...added.map((step) => ({ kind: "added" as const, step, detail: "" })),
      ...changed.map(({ step, fields }) => {
        const was = before.get(step.id);
        const isRenamed = fields.includes("title") && was !== undefined;
        const others = fields.filter((field) => field !== "title").map((field) => text(`routines.template.field.${field}`));
        return {
          kind: "changed" as const,
          step,
          detail: [isRenamed ? text("routines.template.was", { title: words.title(was) }) : "", others.length === 0 ? "" : format.list(others)].filter((part) => part !== "").join(" · "),
        };
      }),
      ...moved.map((step) => ({ kind: "moved" as const, step, detail: "" })),
      ...removed.map((step) => ({ kind: "removed" as const, step, detail: "" })),
    ];
  });
  return (
    <RowList>
      <For each={rows()}>{({ kind, step, detail }) => <InfoRow title={words.title(step)} detail={detail} tag={<Tag tone={kind === "removed" ? "neutral" : "info"}>{text(`routines.difference.${kind}`)}</Tag>} />}</For>
    </RowList>
  );
}
