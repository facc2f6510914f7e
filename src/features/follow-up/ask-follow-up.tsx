import { type Accessor, createSignal, type JSX, Show } from "solid-js";
import type * as Y from "yjs";
import { type FollowUpAnswer, followUpAnswers, noLongerReasons, notYetReasons } from "../../content/choices.ts";
import { type DefaultNextStep, defaultNextSteps } from "../../content/next-steps.ts";
import { indexDocId } from "../../engine/log/rights.ts";
import { dateOf, type IsoDate, momentOf } from "../../lib/iso-date.ts";
import { createDocumentView } from "../../reactive/create-document-view.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { AskCard } from "../../ui/ask-card.tsx";
import { Button } from "../../ui/button.tsx";
import { ChoiceChips } from "../../ui/chip-group.tsx";
import { createMediaQuery, phoneQuery } from "../../ui/media-query.ts";
import { Tag } from "../../ui/tag.tsx";
import { DateField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { readNextStepChanges, readSettings, shelfRoots } from "../space/document.ts";
import { nextStepsOf } from "../space/rules.ts";
import { useShell } from "../space/shell.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import type { FollowUpHere } from "./create-follow-ups.ts";
import { answerFollowUp, changeFollowUpDate, giveReason, undoAnswer } from "./document.ts";
import { askAgainOn, askOn, takesReason } from "./rules.ts";
import type { FollowUp } from "./schema.ts";

type Reason = NonNullable<FollowUp["reason"]>;

export type AskFollowUpProps = {
  followUp: FollowUpHere;
  /** Says which school; left out where there is only one. */
  showSchool?: boolean | undefined;
  /** Offers another date. */
  canChangeDate?: boolean | undefined;
  headingLevel?: 2 | 3 | undefined;
  /** Called before the answer is written: a list may want to keep the card in its place. False when the tap is not to count. */
  onAnswer?: ((followUp: FollowUpHere, answer: FollowUpAnswer) => boolean) | undefined;
};

/**
 * «Er meldingen sendt?»: one tap is saved at once, and can be undone for eight seconds. After «ikke ennå» and «ikke aktuelt» it asks why, in place.
 * Stands in a `Card list`; rows that come and go are matched by the follow-up's id.
 */
export function AskFollowUp(props: AskFollowUpProps): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const shell = useShell();
  const isPhone = createMediaQuery(phoneQuery);
  const service = createServiceView();
  const describe = createWords(service);
  const [choosingDate, setChoosingDate] = createSignal(false);
  const due = () => askOn(props.followUp);
  const answeredToday = () => props.followUp.answeredAt !== undefined && dateOf(props.followUp.answeredAt) === engine.today();

  const edit = (change: (index: Y.Doc) => void) => {
    const { room } = props.followUp;
    return engine.run(() => room.edit([indexDocId], (index) => index && change(index)));
  };

  const answer = async (value: FollowUpAnswer) => {
    const before = props.followUp;
    const { id, code, kind } = before;
    if (answeredToday() && before.answer === value) return;
    if (props.onAnswer?.(before, value) === false) return;
    const { followUpWorkingDays } = service();
    const now = momentOf(new Date(engine.clock.now()));
    const saved = await edit((index) => answerFollowUp(index, id, value, now, followUpWorkingDays));
    if (!saved) return;
    const said: Record<FollowUpAnswer, () => string> = {
      yes: () => text(`content.followUp.${kind}.toast`, { code: code.label, date: format.date(dateOf(now), "day") }),
      notYet: () => text("content.toastAnswer.notYet", { code: code.label, date: format.date(askAgainOn(dateOf(now), followUpWorkingDays), "day") }),
      noLongerRelevant: () => text("content.toastAnswer.noLongerRelevant", { code: code.label }),
    };
    shell.undo.offer({ message: said[value](), undo: () => void edit((index) => undoAnswer(index, id, before)) });
  };

  const changeDate = async (date: IsoDate) => {
    const { id, code } = props.followUp;
    const before = due();
    setChoosingDate(false);
    if (date === before) return;
    const saved = await edit((index) => changeFollowUpDate(index, id, date));
    if (!saved) return;
    shell.undo.offer({
      message: text("followUp.dateChanged", { code: code.label, date: format.date(date, "day") }),
      undo: () => void edit((index) => changeFollowUpDate(index, id, before)),
    });
  };

  const date = () => (
    <Show
      when={choosingDate()}
      fallback={
        <Button variant="quiet" size="small" icon="calendar" onClick={() => setChoosingDate(true)}>
          {text("followUp.changeDate")}
        </Button>
      }
    >
      <NewDate date={due()} min={engine.today()} onSave={(chosen) => void changeDate(chosen)} onCancel={() => setChoosingDate(false)} />
    </Show>
  );

  return (
    <AskCard<FollowUpAnswer>
      colour={props.followUp.code.colour}
      number={props.followUp.code.number}
      question={text(`content.followUp.${props.followUp.kind}.question`)}
      detail={describe(props.followUp, props.showSchool)}
      headingLevel={props.headingLevel}
      tag={
        <Show when={!answeredToday()}>
          <Tag tone={due() <= engine.today() ? "now" : "neutral"} icon={due() < engine.today() ? "clock" : undefined}>
            {format.due(due(), engine.today())}
          </Tag>
        </Show>
      }
      answers={followUpAnswers.map((value) => ({
        value,
        label:
          value === "yes"
            ? text(`content.followUp.${props.followUp.kind}.yes`)
            : text(value === "noLongerRelevant" && isPhone() ? "content.followUp.noLongerRelevantShort" : `content.followUp.${value}`),
      }))}
      answer={answeredToday() ? props.followUp.answer : undefined}
      onAnswer={(value) => void answer(value)}
    >
      <Show when={answeredToday()} fallback={<Show when={props.canChangeDate}>{date()}</Show>}>
        <Reasons
          answer={props.followUp.answer}
          reason={props.followUp.reason}
          onReason={(reason) => void edit((index) => giveReason(index, props.followUp.id, reason))}
        />
      </Show>
    </AskCard>
  );
}

/** Why, for the two answers that are not yes. May be left. */
function Reasons(props: { answer: FollowUpAnswer | undefined; reason: Reason | undefined; onReason: (reason: Reason) => void }): JSX.Element {
  const { text } = useText();
  const kind = () => (props.answer === undefined ? null : takesReason(props.answer));
  return (
    <>
      <Show when={kind() === "notYet"}>
        <ChoiceChips
          legend={text("followUp.whyNotYet")}
          hint={text("common.field.optional")}
          columns={5}
          phoneColumns={2}
          options={notYetReasons.map((value) => ({ value, label: text(`content.notYetReason.${value}`) }))}
          value={notYetReasons.find((value) => value === props.reason)}
          required
          onChange={(reason) => reason !== undefined && props.onReason(reason)}
        />
      </Show>
      <Show when={kind() === "noLonger"}>
        <ChoiceChips
          legend={text("followUp.whyNoLonger")}
          hint={text("common.field.optional")}
          columns={5}
          phoneColumns={2}
          options={noLongerReasons.map((value) => ({ value, label: text(`content.noLongerReason.${value}`) }))}
          value={noLongerReasons.find((value) => value === props.reason)}
          required
          onChange={(reason) => reason !== undefined && props.onReason(reason)}
        />
      </Show>
    </>
  );
}

function NewDate(props: { date: IsoDate; min: IsoDate; onSave: (date: IsoDate) => void; onCancel: () => void }): JSX.Element {
  const { text } = useText();
  const [date, setDate] = createSignal(props.date < props.min ? props.min : props.date);
  const isDate = () => /^\d{4}-\d{2}-\d{2}$/.test(date()) && date() >= props.min;
  return (
    <div class="new-date">
      <DateField label={text("followUp.newDate")} value={date()} min={props.min} onInput={setDate} autofocus error={isDate() ? undefined : text("followUp.dateMissing")} />
      <div class="button-row">
        <Button onClick={() => isDate() && props.onSave(date())}>{text("followUp.saveDate")}</Button>
        <Button variant="quiet" onClick={() => props.onCancel()}>
          {text("common.action.cancel")}
        </Button>
      </div>
    </div>
  );
}

type ServiceView = Accessor<{ followUpWorkingDays: number; nextSteps: readonly { id: string; label: string | null }[] }>;

/** A line about a follow-up: its code, its school, and what was to happen. */
function createWords(service: ServiceView): (followUp: FollowUpHere, showSchool?: boolean) => string {
  const { text } = useText();
  const stepLabel = (id: string) => {
    const shipped = defaultNextSteps.find((step) => step.id === id)?.id satisfies DefaultNextStep | undefined;
    const own = service().nextSteps.find((step) => step.id === id)?.label ?? null;
    return own ?? (shipped === undefined ? null : text(`content.nextStep.${shipped}`));
  };
  return (followUp, showSchool) => {
    const about = text(`content.followUp.${followUp.kind}.about`);
    const step = followUp.nextStep === undefined ? null : stepLabel(followUp.nextStep);
    const parts = [followUp.code.label];
    if (showSchool === true && followUp.school !== undefined) parts.push(followUp.school.name);
    parts.push(step === null ? about : text("followUp.aboutStep", { about, step }));
    if (followUp.onlyUs) parts.push(text("followUp.onlyUs"));
    return parts.join(" · ");
  };
}

function createServiceView(): ServiceView {
  const workspace = useWorkspace();
  return createDocumentView(() => workspace.shelfIndex(), shelfRoots, (doc) => ({
    // Until the shelf is open, «ikke ennå» comes back on the next working day.
    followUpWorkingDays: doc === undefined ? 1 : readSettings(doc).followUpWorkingDays,
    nextSteps: nextStepsOf(doc === undefined ? [] : readNextStepChanges(doc)).map(({ id, label }) => ({ id, label })),
  }));
}
