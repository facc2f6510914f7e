import { createMemo, createSignal, type JSX, Show } from "solid-js";
import type { IsoDate, TimeOfDay } from "../../lib/iso-date.ts";
import { FormEnd } from "../../ui/form-end.tsx";
import { Notice } from "../../ui/notice.tsx";
import { DateField, TimeField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import type { MoveProblem } from "../visits/rules.ts";

export type DayAndWindow = { date: IsoDate; from: TimeOfDay; to: TimeOfDay };

/** What belongs to one row, under it. The first thing in it takes focus; Escape closes it. */
export function Panel(props: { card?: boolean; onClose: () => void; children: JSX.Element }): JSX.Element {
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

/** A day and a window, with what speaks against them. A day off may be chosen all the same. */
export function DayForm(props: {
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
      <div class="field-row" data-times="">
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
      <FormEnd label={props.submitLabel} onClose={props.onClose} />
    </form>
  );
}
