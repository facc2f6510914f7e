import { createSignal, type JSX, Match, Show, Switch } from "solid-js";
import type { IsoDate } from "../../lib/iso-date.ts";
import { retentionDate } from "../../lib/school-year.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { Card, Section } from "../../ui/card.tsx";
import { FormEnd } from "../../ui/form-end.tsx";
import { Notice } from "../../ui/notice.tsx";
import { SummaryList } from "../../ui/summary.tsx";
import { DateField, TextField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { Panel } from "../schools/day-form.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import type { MinutesActions } from "./create-minutes-actions.ts";
import type { MeetingHere } from "./create-meetings.ts";
import type { ApprovedMinutes } from "./minutes-rules.ts";
import { textProblem } from "./rules.ts";
import { type Filing, longestLine } from "./schema.ts";

/** «Overført» with where and when, or «vurdert ikke arkivverdig»; only then may it be deleted, and both dates are said before. */
export function MinutesFiling(props: {
  here: MeetingHere;
  approved: ApprovedMinutes | null;
  /** Of the minutes with their corrections; undefined where there are none. */
  hash: string | undefined;
  /** How many proposed corrections nobody has answered. */
  waiting: number;
  actions: MinutesActions;
}): JSX.Element {
  const { text, plural, format } = useText();
  const engine = useEngine();
  const [asking, setAsking] = createSignal(false);
  const filed = () => props.here.meeting.filed;
  const isHeld = () => props.here.meeting.endedAt !== undefined;
  const words = (filing: Filing) =>
    filing.outcome === "transferred"
      ? text("minutes.filing.transferred", { date: format.date(filing.on, "dayYear"), where: filing.where })
      : text("minutes.filing.notForArchive", { date: format.date(filing.on, "dayYear") });
  /** What was filed lacks the latest corrections, whenever they were made. */
  const isStale = () => filed() !== undefined && props.hash !== undefined && filed()?.content !== props.hash;
  const unanswered = () => props.here.actionItems.filter(({ answered }) => answered === undefined || answered.answer === "notYet").length;
  /** Why it may not be deleted yet: words that are nowhere else, or an agreement that nobody would be asked about any more. */
  const stillNeeded = () => {
    if (props.waiting > 0) return text("minutes.filing.proposalsWait");
    return unanswered() > 0 ? plural(unanswered(), "minutes.filing.agreementWaits", "minutes.filing.agreementsWait") : null;
  };
  const marked = () => ({ markedAt: engine.moment(), ...(props.hash === undefined ? {} : { content: props.hash }) });
  const notForArchive = () => void props.actions.file({ outcome: "notForArchive", on: engine.today(), ...marked() });
  let section: HTMLDivElement | undefined;
  const close = () => {
    setAsking(false);
    queueMicrotask(() => section?.querySelector("button")?.focus());
  };
  return (
    <Section heading={text("minutes.filing.heading")}>
      <div ref={(element) => (section = element)}>
        <Card>
          <Switch>
            <Match when={filed()}>
              {(filing) => (
                <>
                  <p>{words(filing())}</p>
                  <Show when={isStale()}>
                    <Notice>{text("minutes.filing.stale")}</Notice>
                  </Show>
                  <div class="button-row">
                    <Show when={isStale()}>
                      <Button variant="secondary" onClick={() => setAsking(true)}>
                        {text("minutes.filing.markTransferred")}
                      </Button>
                    </Show>
                    <Button variant="quiet" onClick={() => void props.actions.file(null)}>
                      {text("minutes.filing.unmark")}
                    </Button>
                  </div>
                </>
              )}
            </Match>
            <Match when={!isHeld() || props.approved !== null}>
              <p class="row-detail">{text(isHeld() ? "minutes.filing.hint" : "minutes.filing.hintNotHeld")}</p>
              <Show when={!asking()}>
                <div class="button-row">
                  <Show when={isHeld()}>
                    <Button variant="secondary" icon="check" onClick={() => setAsking(true)}>
                      {text("minutes.filing.markTransferred")}
                    </Button>
                  </Show>
                  <Button variant="secondary" onClick={notForArchive}>
                    {text("minutes.filing.markNotForArchive")}
                  </Button>
                </div>
              </Show>
            </Match>
            <Match when={isHeld()}>
              <p class="row-detail">{text("minutes.filing.approveFirst")}</p>
            </Match>
          </Switch>
          <Show when={asking()}>
            <TransferForm
              onClose={close}
              onSave={(where, on) => void props.actions.file({ outcome: "transferred", on, where, ...marked() }).then((saved) => saved && close())}
            />
          </Show>
        </Card>
        <Show when={filed() !== undefined && !isStale()}>
          <Card>
            <EndOfLife hidden={text("minutes.filing.hiddenAtOnce")} />
            <Show when={stillNeeded() === null} fallback={<Notice>{stillNeeded()}</Notice>}>
              <div class="button-row">
                <Button variant="secondary" onClick={() => void props.actions.delete()}>
                  {text("minutes.filing.delete")}
                </Button>
              </div>
            </Show>
          </Card>
        </Show>
      </div>
    </Section>
  );
}

/** When a deleted record is hidden, and when its bytes are gone. @param hidden the first in words */
export function EndOfLife(props: { hidden: string }): JSX.Element {
  const { text, format } = useText();
  const workspace = useWorkspace();
  return (
    <SummaryList
      rows={[
        { label: text("minutes.filing.hidden"), value: props.hidden },
        { label: text("minutes.filing.bytesGone"), value: text("minutes.filing.bytesGoneWhen", { date: format.date(retentionDate(workspace.schoolYear()), "dayYear") }) },
      ]}
    />
  );
}

/** Where and when something was filed elsewhere. */
export function TransferForm(props: { onSave: (where: string, on: IsoDate) => void; onClose: () => void }): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const [where, setWhere] = createSignal("");
  const [on, setOn] = createSignal(engine.today());
  const [asked, setAsked] = createSignal(false);
  const whereProblem = () => {
    if (textProblem(where(), longestLine) === "namesCase") return text("meetings.form.namesCase");
    return asked() && where().trim() === "" ? text("minutes.filing.whereMissing") : undefined;
  };
  const isDay = () => /^\d{4}-\d{2}-\d{2}$/.test(on()) && on() <= engine.today();
  const save = () => {
    setAsked(true);
    if (where().trim() !== "" && whereProblem() === undefined && isDay()) props.onSave(where().trim(), on());
  };
  return (
    <Panel onClose={props.onClose}>
      <form
        class="minutes-form"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <TextField label={text("minutes.filing.where")} hint={text("minutes.filing.whereHint")} value={where()} onInput={setWhere} maxLength={longestLine} error={whereProblem()} />
        <DateField label={text("minutes.filing.when")} value={on()} max={engine.today()} onInput={setOn} error={isDay() ? undefined : text("minutes.filing.whenWrong")} />
        <FormEnd onClose={props.onClose} />
      </form>
    </Panel>
  );
}
