import { createMemo, createSignal, For, type JSX, Match, Show, Switch } from "solid-js";
import { type SkipReason, skipReasons } from "../../content/routines.ts";
import { createStableList } from "../../reactive/create-stable-list.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { Section } from "../../ui/card.tsx";
import { ActionChips } from "../../ui/chip-group.tsx";
import { Icon, type IconName } from "../../ui/icon.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { Unbroken } from "../../ui/unbroken.tsx";
import { small } from "../consultations/create-next-steps.ts";
import { useAllMeetings } from "../meetings/meetings-context.tsx";
import { meetingsOfStep } from "../meetings/step-rules.ts";
import { createHolidays } from "../schools/create-school.ts";
import { createRunActions } from "./create-run-actions.ts";
import { createRunWords } from "./create-run-words.ts";
import { DayForm } from "./day-change.tsx";
import { type StepAtAGlance, stepsAtAGlance, type StepState } from "./rules.ts";
import { RunDueTag } from "./run-tile.tsx";
import type { RunHere } from "./runs-context.tsx";
import { StepMeetingLinks } from "./step-meetings.tsx";

/** The steps of a run, routine by routine: what is done, due, over its date and left out, each changed by one tap. */
export function RunSteps(props: { here: RunHere }): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const holidays = createHolidays();
  const steps = createMemo(() => stepsAtAGlance(props.here.run, engine.today(), holidays()));
  const legs = createStableList(
    createMemo(() => props.here.run.legs.map(({ id, routine }) => ({ id, routine, steps: steps().filter((one) => one.routine === routine) })).filter((leg) => leg.steps.length > 0)),
  );
  return (
    <For each={legs()}>
      {(leg) => (
        <Section heading={legs().length > 1 ? text(`routines.name.${leg().routine}`) : text("routines.run.steps")}>
          <StepList here={props.here} steps={leg().steps} />
        </Section>
      )}
    </For>
  );
}

function StepList(props: { here: RunHere; steps: readonly StepAtAGlance[] }): JSX.Element {
  const rows = createStableList(createMemo(() => props.steps.map((one) => ({ id: one.key, one }))));
  return (
    <ol class="card run-steps" data-list="">
      <For each={rows()}>{(row) => <StepRow here={props.here} one={row().one} />}</For>
    </ol>
  );
}

const iconOf: Record<StepState, IconName> = { done: "checkCircle", skipped: "cross", left: "cross", open: "circle", due: "clock", overdue: "clock" };

function StepRow(props: { here: RunHere; one: StepAtAGlance }): JSX.Element {
  const { text, format } = useText();
  const actions = createRunActions();
  const words = createRunWords();
  const { ofSchool } = useAllMeetings();
  const meetings = createMemo(() => meetingsOfStep((ofSchool(props.here.school.schoolId) ?? []).map(({ meeting }) => meeting), props.here.id, props.one.key));
  const [opened, setOpened] = createSignal<"skip" | "date" | null>(null);
  const toggle = (what: "skip" | "date") => setOpened((before) => (before === what ? null : what));
  let row: HTMLLIElement | undefined;
  const step = () => props.one.step;
  const state = createMemo(() => props.one.state);
  const title = () => words.title(step());
  const named = (action: string) => text("routines.run.ofStep", { action, step: title() });
  const isOpen = () => state() === "open" || state() === "due" || state() === "overdue";
  /** Said by somebody, and not what follows from a day that was entered. */
  const isGiven = () => (state() === "done" || state() === "skipped") && props.one.result?.by !== null;
  const settledOn = () => (props.one.result === null ? "" : format.date(props.one.result.on, "day"));
  const note = () => {
    const { result } = props.one;
    if (result?.state !== "notYet") return words.note(step());
    const reason = result.reason === undefined ? "" : ` ${text(`content.notYetReason.${result.reason}`)}.`;
    return `${text("routines.run.notYetSaid", { date: settledOn() })}${reason}`;
  };
  /** On the day of the meeting, when one was held. */
  const markDone = () => {
    const { heldOn } = meetings();
    return heldOn === null ? actions.done(props.here, props.one) : actions.moveStep(props.here, props.one, heldOn);
  };
  const focusRow = () => queueMicrotask(() => row?.querySelector<HTMLElement>("button")?.focus());
  const skip = async (reason: SkipReason) => {
    setOpened(null);
    await actions.skip(props.here, props.one, reason);
    focusRow();
  };
  return (
    <li class="row-item" data-done={isOpen() ? undefined : ""} ref={(element) => (row = element)}>
      <div class="row run-step">
        <span class="run-step-mark" data-state={state()}>
          <Icon name={iconOf[state()]} size={26} />
          <span class="ds-sr-only">{text(`routines.stepState.${state()}`)}:</span>
        </span>
        <span class="row-body">
          <span class="row-text">
            <span class="row-title">{title()}</span>
            <Show when={note() !== ""}>
              <span class="row-detail">{note()}</span>
            </Show>
            <Show when={isOpen() && meetings().heldOn}>
              {(heldOn) => <span class="row-detail run-step-held">{text("routines.run.meetingHeld", { date: format.date(heldOn(), "day") })}</span>}
            </Show>
            <Show when={isOpen()}>
              <span class="row-detail">
                <Unbroken text={`${words.who(step())} · ${words.due(step(), props.one.due)}`} />
              </span>
            </Show>
          </span>
          <span class="row-end">
            <Switch>
              <Match when={state() === "done"}>
                <Tag tone="done">{text("routines.run.doneOn", { date: settledOn() })}</Tag>
              </Match>
              <Match when={state() === "skipped"}>
                <Tag>{props.one.result?.state === "skipped" ? text("routines.run.skippedTag", { reason: small(text(`routines.skipReason.${props.one.result.reason}`)) }) : ""}</Tag>
              </Match>
              <Match when={state() === "left"}>
                <Tag>{text("routines.stepState.left")}</Tag>
              </Match>
              <Match when={(state() === "due" || state() === "overdue") && props.one.due.type === "dated" && props.one.due}>
                {(due) => <RunDueTag dueOn={due().dueOn} urgency={state() === "overdue" ? "overdue" : "due"} />}
              </Match>
            </Switch>
            <Show when={isOpen()}>
              <Button icon="check" size="small" aria-label={named(text("routines.stepAnswer.yes"))} onClick={() => void markDone().then(focusRow)}>
                {text("routines.stepAnswer.yes")}
              </Button>
              <Button variant="quiet" size="small" aria-expanded={opened() === "skip"} aria-label={named(text("routines.stepAnswer.noLongerRelevant"))} onClick={() => toggle("skip")}>
                {text("routines.stepAnswer.noLongerRelevant")}
              </Button>
            </Show>
            <Show when={isGiven()}>
              <Show when={state() === "done"}>
                <Button variant="quiet" iconOnly icon="calendar" aria-expanded={opened() === "date"} onClick={() => toggle("date")}>
                  {named(text("followUp.changeDate"))}
                </Button>
              </Show>
              <Button variant="quiet" iconOnly icon="undo" onClick={() => void actions.reopen(props.here, props.one).then(focusRow)}>
                {named(text("common.action.undo"))}
              </Button>
            </Show>
          </span>
        </span>
      </div>
      <StepMeetingLinks here={props.here} step={props.one} title={title()} of={meetings()} isOpen={isOpen()} />
      <Show when={opened() === "date" && state() === "done" && props.one.result}>
        {(result) => (
          <div class="run-step-more">
            <DayForm date={result().on} onSave={(on) => void actions.moveStep(props.here, props.one, on)} onClose={() => setOpened(null)} />
          </div>
        )}
      </Show>
      <Show when={opened() === "skip" && isOpen()}>
        <div class="run-step-more">
          <ActionChips<SkipReason>
            legend={text("routines.run.whySkipped")}
            columns={5}
            phoneColumns={2}
            options={skipReasons.map((value) => ({ value, label: text(`routines.skipReason.${value}`) }))}
            onPress={(reason) => void skip(reason)}
          />
        </div>
      </Show>
    </li>
  );
}
