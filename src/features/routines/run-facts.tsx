import { createMemo, createSignal, type JSX, Show } from "solid-js";
import { type ScreeningOutcome, screeningOutcomes } from "../../content/routines.ts";
import type { IsoDate } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { Card, Section } from "../../ui/card.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { ChoiceChips } from "../../ui/chip-group.tsx";
import { PartForm } from "../../ui/form-end.tsx";
import { SummaryList } from "../../ui/summary.tsx";
import { DateField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { createRunActions } from "./create-run-actions.ts";
import type { RunFacts } from "./document.ts";
import type { RunHere } from "./runs-context.tsx";

/** What is known of the report, and entering it. Everything may be left: what is not known says so. */
export function RunFactsSection(props: { here: RunHere }): JSX.Element {
  const { text, format } = useText();
  const [changing, setChanging] = createSignal(false);
  let place: HTMLDivElement | undefined;
  const run = () => props.here.run;
  const day = (date: IsoDate | undefined) => (date === undefined ? text("routines.fact.notKnown") : format.date(date, "dayYear"));
  const rows = createMemo(() => {
    const { sentOn, receivedOn, screeningOutcome, closedOn, isSpecialCase } = run();
    return [
      { label: text("routines.fact.sentOn"), value: day(sentOn) },
      { label: text("routines.fact.receivedOn"), value: day(receivedOn) },
      {
        label: text("routines.fact.screeningOutcome"),
        value: screeningOutcome === undefined ? text("routines.fact.notKnown") : text(`routines.screeningOutcome.${screeningOutcome}`),
      },
      { label: text("routines.fact.closedOn"), value: day(closedOn) },
      ...(isSpecialCase === true ? [{ label: text("routines.fact.isSpecialCase"), value: text("routines.specialCase") }] : []),
    ];
  });
  const close = () => {
    setChanging(false);
    place?.querySelector<HTMLElement>("button")?.focus();
  };
  return (
    <Section heading={text("routines.fact.heading")}>
      <div ref={(element) => (place = element)}>
        <Card>
          <Show
            when={changing()}
            fallback={
              <>
                <SummaryList rows={rows()} />
                <div class="button-row section-action">
                  <Button variant="secondary" icon="pencil" aria-label={text("routines.fact.change")} onClick={() => setChanging(true)}>
                    {text("common.action.change")}
                  </Button>
                </div>
              </>
            }
          >
            <FactsForm here={props.here} onClose={close} />
          </Show>
        </Card>
      </div>
    </Section>
  );
}

type Fields = { sentOn: IsoDate; receivedOn: IsoDate; closedOn: IsoDate; screeningOutcome: ScreeningOutcome | undefined; isSpecialCase: boolean };

function FactsForm(props: { here: RunHere; onClose: () => void }): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const actions = createRunActions();
  const { sentOn, receivedOn, closedOn, screeningOutcome, isSpecialCase } = props.here.run;
  const beginning: Fields = { sentOn: sentOn ?? "", receivedOn: receivedOn ?? "", closedOn: closedOn ?? "", screeningOutcome, isSpecialCase: isSpecialCase === true };
  const [fields, setFields] = createSignal(beginning);
  const change = (changes: Partial<Fields>) => setFields((before) => ({ ...before, ...changes }));
  const problem = (field: "sentOn" | "receivedOn" | "closedOn") => {
    const date = fields()[field];
    if (date > engine.today()) return text("routines.run.dateMissing");
    if (field === "receivedOn" && date !== "" && fields().sentOn > date) return text("routines.run.receivedBeforeSent");
    return field === "closedOn" && date !== "" && (fields().receivedOn || fields().sentOn) > date ? text("routines.run.closedBeforeReceived") : undefined;
  };
  /** Only what the person changed: what a colleague has entered meanwhile stays. */
  const changed = (): RunFacts => {
    const now = fields();
    const dates = (["sentOn", "receivedOn", "closedOn"] as const).flatMap((field) => (now[field] === beginning[field] ? [] : [[field, now[field] === "" ? undefined : now[field]]]));
    return {
      ...Object.fromEntries(dates),
      ...(now.screeningOutcome === beginning.screeningOutcome ? {} : { screeningOutcome: now.screeningOutcome }),
      ...(now.isSpecialCase === beginning.isSpecialCase ? {} : { isSpecialCase: now.isSpecialCase ? true : undefined }),
    };
  };
  const save = async () => {
    if ((["sentOn", "receivedOn", "closedOn"] as const).some((field) => problem(field) !== undefined)) return;
    const facts = changed();
    if (Object.keys(facts).length > 0 && !(await actions.enter(props.here, facts))) return;
    props.onClose();
  };
  const dateField = (field: "sentOn" | "receivedOn" | "closedOn", autofocus = false) => (
    <DateField
      label={text(`routines.fact.${field}`)}
      value={fields()[field]}
      max={engine.today()}
      onInput={(date) => change({ [field]: date })}
      error={problem(field)}
      autofocus={autofocus}
    />
  );
  return (
    <PartForm onSubmit={save} onClose={props.onClose}>
      <div class="field-row">
        {dateField("sentOn", true)}
        {dateField("receivedOn")}
      </div>
      <ChoiceChips<ScreeningOutcome>
        legend={text("routines.fact.screeningOutcome")}
        columns={3}
        phoneColumns={2}
        options={screeningOutcomes.map((value) => ({ value, label: text(`routines.screeningOutcome.${value}`) }))}
        value={fields().screeningOutcome}
        onChange={(outcome) => change({ screeningOutcome: outcome })}
      />
      <div class="field-row run-closed">{dateField("closedOn")}</div>
      <Checkbox label={text("routines.fact.isSpecialCase")} hint={text("routines.specialCase")} checked={fields().isSpecialCase} onChange={(isSpecial) => change({ isSpecialCase: isSpecial })} />
    </PartForm>
  );
}
