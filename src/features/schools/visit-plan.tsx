import { createMemo, createSignal, For, type JSX, Match, Show, Switch } from "solid-js";
import { type CancelReason, cancelReasons, type MoveReason, moveReasons } from "../../content/choices.ts";
import { indexDocId } from "../../engine/log/rights.ts";
import { capitalise } from "../../i18n/format.ts";
import type { IsoDate, TimeOfDay } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { Section } from "../../ui/card.tsx";
import { ActionChips, ChoiceChips } from "../../ui/chip-group.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Tag } from "../../ui/tag.tsx";
import { DateField, TimeField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { useShell } from "../space/shell.tsx";
import type { Holiday, SchoolHead } from "../space/schema.ts";
import { type SchoolHandle, useWorkspace } from "../space/workspace.tsx";
import { createVisitActions } from "../visits/create-visit-actions.ts";
import { addExtraVisit, removeExtraVisit } from "../visits/document.ts";
import { type MoveProblem, moveProblems, visitIdOf, visitStatus } from "../visits/rules.ts";
import type { Visit } from "../visits/schema.ts";
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
type Opened = { type: "move" | "cancel"; visitId: string } | { type: "extra" } | null;
type DayAndWindow = { date: IsoDate; from: TimeOfDay; to: TimeOfDay };

/** The visits of the school year, those to come first, with what can be done to each in its place. */
export function VisitPlan(props: VisitPlanProps): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const shell = useShell();
  const workspace = useWorkspace();
  const actions = createVisitActions();
  const [opened, setOpened] = createSignal<Opened>(null);
  let section: HTMLDivElement | undefined;
  const isOver = (visit: Visit) => visitStatus(visit) === "closed" || visit.date < engine.today();
  const upcoming = createMemo(() => props.visits.filter((visit) => !isOver(visit)));
  const past = createMemo(() => props.visits.filter(isOver).reverse());
  const dayName = (date: IsoDate) => format.date(date, "weekday");

  const edit = (change: Parameters<SchoolHandle["planRoom"]["edit"]>[1]) => engine.run(() => props.handle.planRoom.edit([indexDocId], change));
  const focusOn = (target: string) => queueMicrotask(() => section?.querySelector<HTMLElement>(`[data-focus="${target}"]`)?.focus());
  const close = (target: string) => {
    setOpened(null);
    focusOn(target);
  };

  const cancel = async (visit: Visit, reason: CancelReason) => {
    if (await actions.cancel(props.handle, visit, reason)) close(visit.id);
  };
  const move = async (visit: Visit, target: DayAndWindow, reason: MoveReason) => {
    if (await actions.move(props.handle, visit, target, reason)) close(visit.id);
  };
  const addExtra = async (target: DayAndWindow) => {
    const id = visitIdOf(props.handle.schoolId, target.date, engine.newId());
    if (!(await edit((plan) => addExtraVisit(plan, { id, ...target })))) return;
    close("extra");
    shell.undo.offer({
      message: text("schools.page.extraToast", { date: dayName(target.date) }),
      undo: () => void edit((plan) => removeExtraVisit(plan, id)),
    });
  };
  const problems = (target: DayAndWindow, visit: Visit | null) =>
    moveProblems(target, visit, { visits: props.visits, schoolYear: workspace.schoolYear(), holidays: props.holidays });
  const row = (visit: Visit) => (
    <VisitRow
      visit={visit}
      mayChange={props.mayChange && !isOver(visit)}
      opened={openedFor(opened(), visit.id)}
      onOpen={(type) => setOpened({ type, visitId: visit.id })}
      onClose={() => close(`${opened()?.type ?? ""} ${visit.id}`)}
      onUncancel={async () => {
        if (await actions.holdAnyway(props.handle, visit)) focusOn(visit.id);
      }}
      onCancel={(reason) => cancel(visit, reason)}
      onMove={(target, reason) => move(visit, target, reason)}
      problems={(target) => problems(target, visit)}
    />
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
            <Panel card onClose={() => close("extra")}>
              <DayForm
                beginning={{ date: "", from: props.head.from, to: props.head.to }}
                dayLabel={text("schools.page.day")}
                submitLabel={text("schools.page.confirmExtra")}
                problems={(target) => problems(target, null)}
                onSubmit={addExtra}
                onClose={() => close("extra")}
              />
            </Panel>
          </Show>
        </Show>
      </Section>
      <Show when={past().length > 0}>
        <Section heading={text("schools.page.past")} hint={String(past().length)}>
          <ul class="card" data-list="">
            <For each={past()}>{row}</For>
          </ul>
        </Section>
      </Show>
    </div>
  );
}

function openedFor(opened: Opened, visitId: string): "move" | "cancel" | null {
  return opened !== null && opened.type !== "extra" && opened.visitId === visitId ? opened.type : null;
}

function VisitRow(props: {
  visit: Visit;
  mayChange: boolean;
  opened: "move" | "cancel" | null;
  onOpen: (type: "move" | "cancel") => void;
  onClose: () => void;
  onCancel: (reason: CancelReason) => void;
  onUncancel: () => void;
  onMove: (target: DayAndWindow, reason: MoveReason) => void;
  problems: (target: DayAndWindow) => MoveProblem[];
}): JSX.Element {
  const { text, format } = useText();
  const words = createVisitWords();
  const [reason, setReason] = createSignal<MoveReason>();
  const [asked, setAsked] = createSignal(false);
  const date = () => format.date(props.visit.date, "weekday");
  const tag = createMemo(() => words.tag(props.visit));
  const detail = () => [format.timeRange(props.visit.from, props.visit.to), words.detail(props.visit)].filter((part) => part !== "").join(" · ");
  const actionLabel = (label: string) => text("schools.page.ofVisit", { action: label, date: date() });
  const open = (type: "move" | "cancel") => {
    setReason(undefined);
    setAsked(false);
    props.onOpen(type);
  };
  const opener = (type: "move" | "cancel") => (
    <Button
      variant="secondary"
      size="small"
      aria-label={actionLabel(text(`schools.page.${type}`))}
      aria-expanded={props.opened === type}
      data-focus={`${type} ${props.visit.id}`}
      onClick={() => (props.opened === type ? props.onClose() : open(type))}
    >
      {text(`schools.page.${type}`)}
    </Button>
  );
  return (
    <li class="row-item" data-done={visitStatus(props.visit) === "cancelled" || visitStatus(props.visit) === "closed" ? "" : undefined}>
      <div class="row visit-row">
        <span class="row-text" tabindex="-1" data-focus={props.visit.id}>
          <span class="row-title">{capitalise(date())}</span>
          <span class="row-detail">{detail()}</span>
        </span>
        <span class="row-end">
          <Show when={tag()}>{(shown) => <Tag tone={shown().tone}>{shown().label}</Tag>}</Show>
          <Show when={props.mayChange}>
            <Switch>
              <Match when={visitStatus(props.visit) === "planned"}>
                {opener("move")}
                {opener("cancel")}
              </Match>
              <Match when={visitStatus(props.visit) === "cancelled"}>
                <Button
                  variant="secondary"
                  size="small"
                  aria-label={actionLabel(text("schools.page.uncancel"))}
                  onClick={() => props.onUncancel()}
                >
                  {text("schools.page.uncancel")}
                </Button>
              </Match>
            </Switch>
          </Show>
        </span>
      </div>
      <Show when={props.opened === "cancel"}>
        <Panel onClose={props.onClose}>
          <ActionChips
            legend={text("schools.page.whyCancel", { date: date() })}
            options={cancelReasons.map((value) => ({ value, label: text(`content.cancelReason.${value}`) }))}
            onPress={(chosen) => props.onCancel(chosen)}
            columns={3}
            phoneColumns={2}
          />
          <CancelButton onClose={props.onClose} />
        </Panel>
      </Show>
      <Show when={props.opened === "move"}>
        <Panel onClose={props.onClose}>
          <DayForm
            beginning={{ date: props.visit.date, from: props.visit.from, to: props.visit.to }}
            dayLabel={text("schools.page.newDay")}
            submitLabel={text("schools.page.confirmMove")}
            problems={props.problems}
            onSubmit={(target) => {
              const chosen = reason();
              setAsked(true);
              if (chosen !== undefined) props.onMove(target, chosen);
            }}
            onClose={props.onClose}
          >
            <ChoiceChips
              legend={text("schools.page.whyMove")}
              options={moveReasons.map((value) => ({ value, label: text(`content.moveReason.${value}`) }))}
              value={reason()}
              onChange={setReason}
              columns={3}
              phoneColumns={2}
              next={asked() && reason() === undefined}
            />
            <div aria-live="polite">
              <Show when={asked() && reason() === undefined}>
                <p class="field-error">{text("schools.page.chooseReason")}</p>
              </Show>
            </div>
          </DayForm>
        </Panel>
      </Show>
    </li>
  );
}

/** What belongs to one row, under it. The first thing in it takes focus; Escape closes it. */
function Panel(props: { card?: boolean; onClose: () => void; children: JSX.Element }): JSX.Element {
  return (
    <div
      class={props.card ? "card visit-panel" : "visit-panel"}
      ref={(element) => queueMicrotask(() => element.querySelector<HTMLElement>("button, input")?.focus())}
      onKeyDown={(event) => {
        if (event.key === "Escape") props.onClose();
      }}
    >
      {props.children}
    </div>
  );
}

function CancelButton(props: { onClose: () => void }): JSX.Element {
  const { text } = useText();
  return (
    <Button variant="quiet" onClick={() => props.onClose()}>
      {text("common.action.cancel")}
    </Button>
  );
}

/** A day and a window, with what speaks against them. A day off may be chosen all the same. */
function DayForm(props: {
  beginning: DayAndWindow;
  dayLabel: string;
  submitLabel: string;
  problems: (target: DayAndWindow) => MoveProblem[];
  onSubmit: (target: DayAndWindow) => void;
  onClose: () => void;
  children?: JSX.Element;
}): JSX.Element {
  const { text, format } = useText();
  const workspace = useWorkspace();
  const [target, setTarget] = createSignal<DayAndWindow>({ ...props.beginning });
  const [tried, setTried] = createSignal(false);
  const problems = createMemo(() => (target().date === "" ? [] : props.problems(target())));
  const problem = (type: MoveProblem["type"]) => problems().some((found) => found.type === type);
  const dayError = () => {
    if (tried() && target().date === "") return text("schools.page.chooseDay");
    if (problem("outsideSchoolYear")) return text("schools.page.problem.outsideSchoolYear", { year: format.schoolYear(workspace.schoolYear()) });
    return problem("sameDayTaken") ? text("schools.page.problem.sameDayTaken") : undefined;
  };
  const change = (changes: Partial<DayAndWindow>) => setTarget((before) => ({ ...before, ...changes }));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    const stopping = problems().filter(({ type }) => type !== "notAWorkingDay");
    if (target().date !== "" && target().from !== "" && target().to !== "" && stopping.length === 0) props.onSubmit(target());
  };
  return (
    <form class="day-form" onSubmit={submit} novalidate>
      <div class="field-row">
        <DateField label={props.dayLabel} value={target().date} onInput={(date) => change({ date })} error={dayError()} required />
        <TimeField label={text("schools.form.from")} value={target().from} onInput={(from) => change({ from })} required />
        <TimeField
          label={text("schools.form.to")}
          value={target().to}
          onInput={(to) => change({ to })}
          error={problem("windowTooShort") ? text("schools.page.problem.windowTooShort") : undefined}
          required
        />
      </div>
      <div aria-live="polite">
        <Show when={problem("notAWorkingDay")}>
          <Notice icon="calendar">{text("schools.page.problem.notAWorkingDay")}</Notice>
        </Show>
      </div>
      {props.children}
      <div class="button-row section-action">
        <Button type="submit" variant="primary">
          {props.submitLabel}
        </Button>
        <CancelButton onClose={props.onClose} />
      </div>
    </form>
  );
}
