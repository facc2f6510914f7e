import { createSignal, type JSX, Show } from "solid-js";
import type { IsoDate } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { DateField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";

/** «Endre dato», and in its place a field: for what happened on another day than the one it was tapped on. Never after today. */
export function DayChange(props: { label: string; name: string; date: IsoDate; onSave: (date: IsoDate) => void }): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const [date, setDate] = createSignal<IsoDate | null>(null);
  let place: HTMLDivElement | undefined;
  const isDate = () => /^\d{4}-\d{2}-\d{2}$/.test(date() ?? "") && (date() ?? "") <= engine.today();
  const close = () => {
    setDate(null);
    place?.querySelector<HTMLElement>("button")?.focus();
  };
  const save = () => {
    const chosen = date();
    if (chosen === null || !isDate()) return;
    close();
    if (chosen !== props.date) props.onSave(chosen);
  };
  return (
    <div class="day-change" ref={(element) => (place = element)}>
      <Show
        when={date() !== null}
        fallback={
          <Button variant="quiet" icon="calendar" aria-label={text("routines.run.ofStep", { action: text("followUp.changeDate"), step: props.name })} onClick={() => setDate(props.date)}>
            {text("followUp.changeDate")}
          </Button>
        }
      >
        <DateField label={props.label} value={date() ?? ""} max={engine.today()} onInput={setDate} autofocus error={isDate() ? undefined : text("routines.run.dateMissing")} />
        <div class="button-row">
          <Button onClick={save}>{text("followUp.saveDate")}</Button>
          <Button variant="quiet" onClick={close}>
            {text("common.action.cancel")}
          </Button>
        </div>
      </Show>
    </div>
  );
}
