import { createSignal, type JSX, Show } from "solid-js";
import { type FollowUpAnswer, followUpAnswers, noLongerReasons, notYetReasons } from "../../content/choices.ts";
import { indexDocId } from "../../engine/log/rights.ts";
import { type IsoDate, momentOf } from "../../lib/iso-date.ts";
import { createDocumentView } from "../../reactive/create-document-view.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { AskCard } from "../../ui/ask-card.tsx";
import { Button } from "../../ui/button.tsx";
import { ChoiceChips } from "../../ui/chip-group.tsx";
import { Tag } from "../../ui/tag.tsx";
import { DateField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { readSettings } from "../space/document.ts";
import { useShell } from "../space/shell.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import type { FollowUpHere } from "./create-follow-ups.ts";
import { answerFollowUp, changeFollowUp, giveReason, undoAnswer } from "./document.ts";
import { askOn, takesReason } from "./rules.ts";
import type { FollowUp } from "./schema.ts";

export { createFollowUps, createWaitingFollowUps, type FollowUpHere } from "./create-follow-ups.ts";

export type AskFollowUpProps = {
  followUp: FollowUpHere;
  /** Says which school; left out where there is only one. */
  showSchool?: boolean | undefined;
  /** Offers another date. */
  changeDate?: boolean | undefined;
  headingLevel?: 2 | 3 | undefined;
  /** Called before the answer is written: the list may want to keep the card where it is, or to move on. */
  onAnswer?: ((followUp: FollowUpHere, answer: FollowUpAnswer) => void) | undefined;
};

/**
 * «Er meldingen sendt?»: one tap is saved at once and can be undone for eight seconds. After «ikke ennå» and «ikke aktuelt» it asks why, in place.
 * Stands in a `Card list`.
 */
export function AskFollowUp(props: AskFollowUpProps): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const shell = useShell();
  const workingDays = createFollowUpWorkingDays();
  const [choosingDate, setChoosingDate] = createSignal(false);
  const today = () => engine.today();
  const due = () => askOn(props.followUp);
  const isAnswered = () => props.followUp.answer !== undefined && props.followUp.answeredAt?.startsWith(today()) === true;

  const edit = (change: (index: Parameters<typeof undoAnswer>[0]) => void) => {
    const { room } = props.followUp;
    return engine.run(() => room.edit([indexDocId], (index) => index && change(index)));
  };

  const answer = async (value: FollowUpAnswer) => {
    const before = props.followUp;
    const { id, code } = before;
    if (isAnswered() && before.answer === value) return;
    props.onAnswer?.(before, value);
    const undo = () => void edit((index) => undoAnswer(index, id, before));
    const saved = await edit((index) => answerFollowUp(index, id, value, momentOf(new Date(engine.clock.now())), workingDays()));
    if (saved) shell.undo.offer({ message: text("followUp.answered", { code: code.label, answer: text(`followUp.done.${before.kind}.${value}`) }), undo });
  };

  const changeDate = async (date: IsoDate) => {
    const { id, code, dueOn, askAgainOn } = props.followUp;
    setChoosingDate(false);
    const saved = await edit((index) => changeFollowUp(index, id, askAgainOn === undefined ? { dueOn: date } : { askAgainOn: date }));
    if (!saved) return;
    shell.undo.offer({
      message: text("followUp.dateChanged", { code: code.label, date: format.date(date, "day") }),
      undo: () => void edit((index) => changeFollowUp(index, id, askAgainOn === undefined ? { dueOn } : { askAgainOn })),
    });
  };

  const detail = () => {
    const { code, school, kind, nextStep } = props.followUp;
    const parts = [code.label];
    if (props.showSchool && school !== undefined) parts.push(school.name);
    parts.push(nextStep === undefined ? text(`followUp.why.${kind}`) : nextStep);
    return parts.join(" · ");
  };

  return (
    <AskCard<FollowUpAnswer>
      colour={props.followUp.code.colour}
      number={props.followUp.code.number}
      question={text(`followUp.question.${props.followUp.kind}`)}
      detail={detail()}
      headingLevel={props.headingLevel}
      tag={
        <Show when={!isAnswered()}>
          <Tag tone={due() <= today() ? "now" : "neutral"} icon={due() < today() ? "clock" : undefined}>
            {format.due(due(), today())}
          </Tag>
        </Show>
      }
      answers={followUpAnswers.map((value) => ({ value, label: text(value === "yes" ? `followUp.yes.${props.followUp.kind}` : `followUp.${value}`) }))}
      answer={isAnswered() ? props.followUp.answer : undefined}
      onAnswer={(value) => void answer(value)}
    >
      <Show when={isAnswered()}>
        <Reasons followUp={props.followUp} onReason={(reason) => void edit((index) => giveReason(index, props.followUp.id, reason))} />
      </Show>
      <Show when={props.changeDate && !isAnswered()}>
        <Show
          when={choosingDate()}
          fallback={
            <Button variant="quiet" icon="calendar" size="small" onClick={() => setChoosingDate(true)}>
              {text("followUp.changeDate")}
            </Button>
          }
        >
          <NewDate date={due()} today={today()} onChange={(date) => void changeDate(date)} onCancel={() => setChoosingDate(false)} />
        </Show>
      </Show>
    </AskCard>
  );
}
