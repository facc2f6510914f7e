import { createSignal, For, type JSX, Show } from "solid-js";
import { meetingSides } from "../../content/meetings.ts";
import { addDays } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { ChoiceChips } from "../../ui/chip-group.tsx";
import { Tag } from "../../ui/tag.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import type { LeadActions } from "./create-lead-actions.ts";
import type { MeetingHere } from "./create-meetings.ts";
import { textProblem } from "./rules.ts";
import { type ActionItem, longestAction } from "./schema.ts";

const dueChoices = ["dueOneWeek", "dueTwoWeeks", "dueNext"] as const;
type DueChoice = (typeof dueChoices)[number];

/** What has been agreed so far, and one more in three taps and its text. */
export function LeadActionItems(props: { here: MeetingHere; actions: LeadActions }): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const agreed = () => props.here.actionItems;
  const [side, setSide] = createSignal<ActionItem["side"]>("school");
  const [due, setDue] = createSignal<DueChoice | undefined>("dueTwoWeeks");
  const [what, setWhat] = createSignal("");
  const [missing, setMissing] = createSignal(false);
  const sides = () => meetingSides.filter((one) => !(props.here.ownProcedure && one === "guardians"));
  const nextOn = () => {
    const { next } = props.here.meeting;
    return next !== undefined && "date" in next ? next.date : undefined;
  };
  // «Neste møte» is a choice once there is one.
  const offered = () => dueChoices.filter((choice) => choice !== "dueNext" || nextOn() !== undefined);
  const dueOn = () => {
    const choice = due();
    if (choice === undefined) return undefined;
    return choice === "dueNext" ? nextOn() : addDays(engine.today(), choice === "dueOneWeek" ? 7 : 14);
  };
  const problem = () => textProblem(what(), longestAction);
  const error = () => (problem() === "namesCase" ? text("meetings.form.namesCase") : missing() && what().trim() === "" ? text("minutes.whatMissing") : undefined);
  const add = async () => {
    if (what().trim() === "" || problem() !== null) return void setMissing(true);
    const day = dueOn();
    if (!(await props.actions.agree({ what: what().trim(), side: side(), ...(day === undefined ? {} : { dueOn: day }) }))) return;
    setWhat("");
    setMissing(false);
  };
  return (
    <section aria-label={text("minutes.agreed")}>
      <div class="lead-head">
        <h2>{text("minutes.agreed")}</h2>
        <span>{agreed().length}</span>
      </div>
      <Show when={agreed().length > 0} fallback={<p class="row-detail">{text("minutes.nothingAgreed")}</p>}>
        <ul class="lead-agreed-list">
          <For each={agreed()}>
            {(item) => (
              <li class="lead-agreed-item">
                <span>{item.what}</span>
                <Button variant="quiet" icon="cross" iconOnly onClick={() => void props.actions.takeBackAction(item)}>
                  {text("minutes.removeAction", { what: item.what })}
                </Button>
                <span class="lead-agreed-tags">
                  <Tag tone="done">{text(`meetings.side.${item.side}`)}</Tag>
                  <Show when={item.dueOn}>{(date) => <Tag>{format.date(date(), "day")}</Tag>}</Show>
                </span>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <form
        class="lead-form"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <ChoiceChips
          legend={text("minutes.who")}
          options={sides().map((value) => ({ value, label: text(`meetings.side.${value}`) }))}
          value={side()}
          required
          onChange={(value) => value !== undefined && setSide(value)}
          columns={2}
          phoneColumns={2}
        />
        <ChoiceChips
          legend={text("minutes.due")}
          options={offered().map((value) => ({ value, label: text(`minutes.${value}`) }))}
          value={due()}
          onChange={setDue}
          columns={3}
          phoneColumns={3}
        />
        <TextField label={text("minutes.what")} value={what()} onInput={setWhat} maxLength={longestAction} error={error()} />
        <Button type="submit" variant="secondary" icon="plus">
          {text("minutes.addAction")}
        </Button>
      </form>
    </section>
  );
}
