import { createSignal, type JSX, Show } from "solid-js";
import type { IsoDate } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { FormEnd } from "../../ui/form-end.tsx";
import { DateField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";

/** «Endre dato», and in its place the field. */
export function DayChange(props: { name: string; date: IsoDate; onSave: (date: IsoDate) => void }): JSX.Element {
  const { text } = useText();
  const [changing, setChanging] = createSignal(false);
  let place: HTMLDivElement | undefined;
  const close = () => {
    setChanging(false);
    place?.querySelector<HTMLElement>("button")?.focus();
  };
  return (
    <div class="day-change" ref={(element) => (place = element)}>
      <Show
        when={changing()}
        fallback={
          <Button variant="quiet" icon="calendar" aria-label={text("routines.run.ofStep", { action: text("followUp.changeDate"), step: props.name })} onClick={() => setChanging(true)}>
            {text("followUp.changeDate")}
          </Button>
        }
      >
        <DayForm date={props.date} onSave={props.onSave} onClose={close} />
      </Show>
    </div>
  );
}

/** For what happened on another day than the one it was tapped on. Never after today. */
export function DayForm(props: { date: IsoDate; onSave: (date: IsoDate) => void; onClose: () => void }): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const [date, setDate] = createSignal(props.date);
  const isDate = () => /^\d{4}-\d{2}-\d{2}$/.test(date()) && date() <= engine.today();
  const save = () => {
    if (!isDate()) return;
    if (date() !== props.date) props.onSave(date());
    props.onClose();
  };
  return (
    <div
      onKeyDown={(event) => {
        if (event.key === "Escape") props.onClose();
      }}
    >
      <DateField label={text("routines.run.whichDay")} value={date()} max={engine.today()} onInput={setDate} autofocus error={isDate() ? undefined : text("routines.run.dateMissing")} />
      <FormEnd label={text("followUp.saveDate")} onSave={save} onClose={props.onClose} />
    </div>
  );
}
