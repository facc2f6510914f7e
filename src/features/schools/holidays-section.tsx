import { createSignal, For, type JSX, Show } from "solid-js";
import type * as Y from "yjs";
import { indexDocId } from "../../engine/log/rights.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { Section } from "../../ui/card.tsx";
import { FormEnd } from "../../ui/form-end.tsx";
import { Notice } from "../../ui/notice.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { DateField, TextField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { addHoliday, changeHoliday, readHolidays, removeHoliday } from "../space/document.ts";
import { proposedHolidays } from "../space/rules.ts";
import type { Holiday } from "../space/schema.ts";
import { useShell } from "../space/shell.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import { createHolidays, planAgain } from "./create-school.ts";

type Days = Omit<Holiday, "id">;

/** The municipality's school holidays. Every change makes the plans of all schools again. */
export function HolidaysSection(): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const shell = useShell();
  const holidays = createHolidays();
  const [editing, setEditing] = createSignal<string | null>(null);
  const [proposed, setProposed] = createSignal(false);
  let section: HTMLDivElement | undefined;
  const focusOn = (target: string) => queueMicrotask(() => section?.querySelector<HTMLElement>(`[data-focus="${target}"]`)?.focus());

  const change = (edit: (shelf: Y.Doc) => void) =>
    engine.run(async () => {
      let stated: Holiday[] = [];
      await workspace.shelfRoom()?.edit([indexDocId], (shelf) => {
        if (shelf === undefined) return;
        edit(shelf);
        stated = readHolidays(shelf);
      });
      const year = { schoolYear: workspace.schoolYear(), holidays: stated, today: engine.today() };
      for (const school of workspace.schools()) await planAgain(school, year);
    });
  const close = (target: string) => {
    setEditing(null);
    focusOn(target);
  };
  const add = async (days: Days) => {
    if (await change((shelf) => addHoliday(shelf, { id: engine.newId(), ...days }))) close("add");
  };
  const save = async (id: string, days: Days) => {
    if (await change((shelf) => changeHoliday(shelf, id, days))) close(id);
  };
  const remove = async (holiday: Holiday) => {
    const kept = { ...holiday };
    if (!(await change((shelf) => removeHoliday(shelf, kept.id)))) return;
    close("add");
    shell.undo.offer({
      message: text("settings.removedToast", { name: kept.name }),
      undo: () => void change((shelf) => addHoliday(shelf, kept)),
    });
  };
  const propose = async () => {
    const proposals = proposedHolidays(workspace.schoolYear());
    const done = await change((shelf) => {
      for (const { kind, from, to } of proposals) addHoliday(shelf, { id: engine.newId(), name: text(`content.holiday.${kind}`), from, to });
    });
    setProposed(done);
    if (done) focusOn("add");
  };
  const range = ({ from, to }: Days) =>
    from === to ? format.date(from, "weekdayYear") : text("settings.holidayRange", { from: format.date(from, "day"), to: format.date(to, "dayYear") });

  return (
    <div ref={(element) => (section = element)}>
      <Section heading={text("settings.holidays")}>
        <p class="detail section-text">{text("settings.holidaysHint")}</p>
        <Show when={holidays().length > 0} fallback={<p>{text("settings.holidaysNone")}</p>}>
          <RowList label={text("settings.holidays")}>
            <For each={holidays()}>
              {(holiday) => (
                <Show
                  when={editing() === holiday.id}
                  fallback={
                    <InfoRow
                      title={holiday.name}
                      detail={range(holiday)}
                      action={
                        <Button
                          variant="secondary"
                          size="small"
                          data-focus={holiday.id}
                          aria-label={text("settings.ofHoliday", { action: text("common.action.change"), name: holiday.name })}
                          onClick={() => setEditing(holiday.id)}
                        >
                          {text("common.action.change")}
                        </Button>
                      }
                    />
                  }
                >
                  <li class="row-item visit-panel">
                    <HolidayForm
                      beginning={holiday}
                      submitLabel={text("common.action.save")}
                      onSubmit={(days) => void save(holiday.id, days)}
                      onRemove={() => void remove(holiday)}
                      onClose={() => close(holiday.id)}
                    />
                  </li>
                </Show>
              )}
            </For>
          </RowList>
        </Show>
        <div aria-live="polite">
          <Show when={proposed()}>
            <Notice icon="calendar">{text("settings.proposedCheck")}</Notice>
          </Show>
        </div>
        <Show
          when={editing() === "new"}
          fallback={
            <div class="button-row section-action">
              <Button variant="secondary" icon="plus" data-focus="add" onClick={() => setEditing("new")}>
                {text("settings.addHoliday")}
              </Button>
              <Show when={holidays().length === 0}>
                <Button variant="quiet" icon="calendar" onClick={() => void propose()}>
                  {text("settings.proposeHolidays", { year: format.schoolYear(workspace.schoolYear()) })}
                </Button>
              </Show>
            </div>
          }
        >
          <div class="card section-action">
            <HolidayForm
              beginning={{ name: "", from: "", to: "" }}
              submitLabel={text("settings.addHoliday")}
              onSubmit={(days) => void add(days)}
              onClose={() => close("add")}
            />
          </div>
        </Show>
      </Section>
    </div>
  );
}

function HolidayForm(props: {
  beginning: Days;
  submitLabel: string;
  onSubmit: (days: Days) => void;
  onRemove?: () => void;
  onClose: () => void;
}): JSX.Element {
  const { text } = useText();
  const { name, from, to } = props.beginning;
  const [days, setDays] = createSignal<Days>({ name, from, to });
  const [tried, setTried] = createSignal(false);
  const change = (changes: Partial<Days>) => setDays((before) => ({ ...before, ...changes }));
  const last = () => (days().to === "" ? days().from : days().to);
  const error = () => {
    if (days().from !== "" && last() < days().from) return text("settings.holidayBackwards");
    return tried() && (days().name.trim() === "" || days().from === "") ? text("settings.holidayIncomplete") : undefined;
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (error() === undefined) props.onSubmit({ name: days().name.trim(), from: days().from, to: last() });
  };
  return (
    <form
      class="day-form"
      onSubmit={submit}
      novalidate
      onKeyDown={(event) => {
        if (event.key === "Escape") props.onClose();
      }}
    >
      <div class="field-row">
        <TextField
          label={text("settings.holidayName")}
          value={days().name}
          onInput={(value) => change({ name: value })}
          maxLength={40}
          autofocus
          required
        />
        <DateField label={text("settings.holidayFrom")} value={days().from} onInput={(value) => change({ from: value })} required />
        <DateField label={text("settings.holidayTo")} value={days().to} min={days().from} onInput={(value) => change({ to: value })} error={error()} />
      </div>
      <FormEnd label={props.submitLabel} onClose={props.onClose}>
        <Show when={props.onRemove}>
          {(onRemove) => (
            <Button variant="secondary" icon="trash" onClick={() => onRemove()()}>
              {text("common.action.remove")}
            </Button>
          )}
        </Show>
      </FormEnd>
    </form>
  );
}
