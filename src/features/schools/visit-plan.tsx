import { createMemo, createSignal, For, type JSX, Match, Show, Switch } from "solid-js";
import { indexDocId } from "../../engine/log/rights.ts";
import { capitalise } from "../../i18n/format.ts";
import type { IsoDate } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { Section } from "../../ui/card.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { Unbroken } from "../../ui/unbroken.tsx";
import { useShell } from "../space/shell.tsx";
import type { Holiday, SchoolHead } from "../space/schema.ts";
import { type SchoolHandle, useWorkspace } from "../space/workspace.tsx";
import { createVisitActions } from "../visits/create-visit-actions.ts";
import { addExtraVisit, removeExtraVisit } from "../visits/document.ts";
import { moveProblems, visitIdOf, visitStatus } from "../visits/rules.ts";
import type { Visit } from "../visits/schema.ts";
import { VisitChange, type VisitChangeKind } from "../visits/visit-change.tsx";
import { type DayAndWindow, DayForm, Panel } from "./day-form.tsx";
import { createVisitWords } from "./visit-words.ts";

export type VisitPlanProps = {
  handle: SchoolHandle;
  head: SchoolHead;
  /** In order. */
  visits: readonly Visit[];
  holidays: readonly Holiday[];
  mayChange: boolean;
};

/** What is open in the list: one thing at a time. */
type Opened = { type: VisitChangeKind; visitId: string } | { type: "extra" } | null;

/** The visits to come, with what can be done to each in its place. */
export function VisitPlan(props: VisitPlanProps): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const shell = useShell();
  const workspace = useWorkspace();
  const actions = createVisitActions();
  const [opened, setOpened] = createSignal<Opened>(null);
  let section: HTMLDivElement | undefined;
  const upcoming = createMemo(() => props.visits.filter((visit) => !isOver(visit, engine.today())));
  const dayName = (date: IsoDate) => format.date(date, "weekday");

  const edit = (change: Parameters<SchoolHandle["planRoom"]["edit"]>[1]) => engine.run(() => props.handle.planRoom.edit([indexDocId], change));
  const focusOn = (...targets: string[]) =>
    queueMicrotask(() => {
      const found = targets.map((target) => section?.querySelector<HTMLElement>(`[data-focus="${target}"]`)).find((element) => element != null);
      found?.focus();
    });
  /** Back to the button that opened it, or to the row when the button is gone with what it did. */
  const close = () => {
    const before = opened();
    setOpened(null);
    if (before !== null) focusOn(before.type === "extra" ? "extra" : `${before.type} ${before.visitId}`, before.type === "extra" ? "" : before.visitId);
  };
  const addExtra = async (target: DayAndWindow) => {
    const id = visitIdOf(props.handle.schoolId, target.date, engine.newId());
    if (!(await edit((plan) => addExtraVisit(plan, { id, ...target })))) return;
    close();
    shell.undo.offer({
      message: text("schools.page.extraToast", { date: dayName(target.date) }),
      undo: () => void edit((plan) => removeExtraVisit(plan, id)),
    });
  };
  const row = (visit: Visit) => (
    <VisitRow
      visit={visit}
      mayChange={props.mayChange}
      opened={openedFor(opened(), visit.id)}
      onToggle={(type) => (openedFor(opened(), visit.id) === type ? close() : setOpened({ type, visitId: visit.id }))}
      onUncancel={async () => {
        if (await actions.holdAnyway(props.handle, visit)) focusOn(visit.id);
      }}
    >
      <Show when={openedFor(opened(), visit.id)} keyed>
        {(kind) => <VisitChange plan={{ school: props.handle, visits: props.visits }} visit={visit} kind={kind} onClose={close} />}
      </Show>
    </VisitRow>
  );

  return (
    <div ref={(element) => (section = element)}>
      <Section heading={text("schools.page.upcoming")} hint={upcoming().length > 0 ? String(upcoming().length) : undefined}>
        <Show
          when={upcoming().length > 0}
          fallback={<EmptyState text={text("schools.page.noneUpcoming", { year: format.schoolYear(workspace.schoolYear()) })} />}
        >
          <ul class="card" data-list="">
            <For each={upcoming()}>{row}</For>
          </ul>
        </Show>
        <Show when={props.mayChange}>
          <Show
            when={opened()?.type === "extra"}
            fallback={
              <div class="button-row section-action">
                <Button variant="secondary" icon="plus" data-focus="extra" onClick={() => setOpened({ type: "extra" })}>
                  {text("schools.page.extra")}
                </Button>
              </div>
            }
          >
            <Panel card onClose={close}>
              <DayForm
                beginning={{ date: "", from: props.head.from, to: props.head.to }}
                dayLabel={text("schools.page.day")}
                submitLabel={text("schools.page.confirmExtra")}
                problems={(target) =>
                  moveProblems(target, null, { visits: props.visits, schoolYear: workspace.schoolYear(), holidays: props.holidays })
                }
                onSubmit={addExtra}
                onClose={close}
              />
            </Panel>
          </Show>
        </Show>
      </Section>
    </div>
  );
}

/** The visits that have been, the last one first. */
export function PastVisits(props: { visits: readonly Visit[] }): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const words = createVisitWords();
  const past = createMemo(() => props.visits.filter((visit) => isOver(visit, engine.today())).reverse());
  return (
    <Show when={past().length > 0}>
      <Section heading={text("schools.page.past")} hint={String(past().length)}>
        <RowList>
          <For each={past()}>
            {(visit) => (
              <InfoRow
                title={capitalise(format.date(visit.date, "weekday"))}
                detail={[format.timeRange(visit.from, visit.to), words.detail(visit)].filter((part) => part !== "").join(" · ")}
                tag={<Show when={words.tag(visit)}>{(tag) => <Tag tone={tag().tone}>{tag().label}</Tag>}</Show>}
              />
            )}
          </For>
        </RowList>
      </Section>
    </Show>
  );
}

function isOver(visit: Visit, today: IsoDate): boolean {
  return visitStatus(visit) === "closed" || visit.date < today;
}

function openedFor(opened: Opened, visitId: string): VisitChangeKind | null {
  return opened !== null && opened.type !== "extra" && opened.visitId === visitId ? opened.type : null;
}

function VisitRow(props: {
  visit: Visit;
  mayChange: boolean;
  opened: VisitChangeKind | null;
  onToggle: (kind: VisitChangeKind) => void;
  onUncancel: () => void;
  /** The change that is opened, under the row. */
  children: JSX.Element;
}): JSX.Element {
  const { text, format } = useText();
  const words = createVisitWords();
  const date = () => format.date(props.visit.date, "weekday");
  const tag = createMemo(() => words.tag(props.visit));
  const detail = () => [format.timeRange(props.visit.from, props.visit.to), words.detail(props.visit)].filter((part) => part !== "").join(" · ");
  const actionLabel = (label: string) => text("schools.page.ofVisit", { action: label, date: date() });
  return (
    <li class="row-item" data-done={visitStatus(props.visit) === "cancelled" ? "" : undefined}>
      <div class="row visit-row">
        <span class="row-text" tabindex="-1" data-focus={props.visit.id}>
          <span class="row-title">{capitalise(date())}</span>
          <span class="row-detail">
            <Unbroken text={detail()} />
          </span>
        </span>
        <span class="row-end">
          <Show when={tag()}>{(shown) => <Tag tone={shown().tone}>{shown().label}</Tag>}</Show>
          <Show when={props.mayChange}>
            <Switch>
              <Match when={visitStatus(props.visit) === "planned"}>
                <For each={["move", "cancel"] as const}>
                  {(kind) => (
                    <Button
                      variant="secondary"
                      size="small"
                      aria-label={actionLabel(text(`schools.page.${kind}`))}
                      aria-expanded={props.opened === kind}
                      data-focus={`${kind} ${props.visit.id}`}
                      onClick={() => props.onToggle(kind)}
                    >
                      {text(`schools.page.${kind}`)}
                    </Button>
                  )}
                </For>
              </Match>
              <Match when={visitStatus(props.visit) === "cancelled"}>
                <Button variant="secondary" size="small" aria-label={actionLabel(text("schools.page.uncancel"))} onClick={() => props.onUncancel()}>
                  {text("schools.page.uncancel")}
                </Button>
              </Match>
            </Switch>
          </Show>
        </span>
      </div>
      {props.children}
    </li>
  );
}
