import { createSignal, type JSX, onCleanup, Show } from "solid-js";
import type { IsoDate } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { FormEnd } from "../../ui/form-end.tsx";
import { DateField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";

/**
 * «Endre dato» of a question that waits, and in its place the field; it has the focus again when the field closes.
 * @param props.id of the question
 * @param props.date when it is asked; null while it has no date
 */
export function AskDate(props: { id: string; date: IsoDate | null; onSave: (date: IsoDate) => void }): JSX.Element {
  const { text } = useText();
  const [changing, setChanging] = createSignal(false);
  let opener: HTMLButtonElement | undefined;
  const close = () => {
    setChanging(false);
    opener?.focus();
  };
  const save = (date: IsoDate) => {
    close();
    if (date !== props.date) props.onSave(date);
  };
  // With its date the card may go to another list, which makes it anew.
  onCleanup(() => {
    const id = opener === document.activeElement ? opener?.dataset["askDate"] : undefined;
    if (id !== undefined) queueMicrotask(() => document.querySelector<HTMLElement>(`[data-ask-date="${id}"]`)?.focus());
  });
  return (
    <Show
      when={changing()}
      fallback={
        <Button ref={(button: HTMLButtonElement) => (opener = button)} variant="quiet" icon="calendar" data-ask-date={props.id} onClick={() => setChanging(true)}>
          {text("followUp.changeDate")}
        </Button>
      }
    >
      <NewDate date={props.date} onSave={save} onClose={close} />
    </Show>
  );
}

function NewDate(props: { date: IsoDate | null; onSave: (date: IsoDate) => void; onClose: () => void }): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const first = engine.today();
  const [date, setDate] = createSignal(props.date === null || props.date < first ? first : props.date);
  const isDate = () => /^\d{4}-\d{2}-\d{2}$/.test(date()) && date() >= first;
  return (
    <div class="new-date">
      <DateField label={text("followUp.newDate")} value={date()} min={first} onInput={setDate} autofocus error={isDate() ? undefined : text("followUp.dateMissing")} />
      <FormEnd label={text("followUp.saveDate")} onSave={() => isDate() && props.onSave(date())} onClose={props.onClose} />
    </div>
  );
}
