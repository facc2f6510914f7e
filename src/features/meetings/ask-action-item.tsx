import { createMemo, type JSX, Match, Show, Switch } from "solid-js";
import { type FollowUpAnswer, followUpAnswers } from "../../content/choices.ts";
import { dateOf, type IsoDate } from "../../lib/iso-date.ts";
import { createDocumentView } from "../../reactive/create-document-view.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { AskCard } from "../../ui/ask-card.tsx";
import { IconTile } from "../../ui/case-tile.tsx";
import { Icon } from "../../ui/icon.tsx";
import { createMediaQuery, phoneQuery } from "../../ui/media-query.ts";
import { Tag } from "../../ui/tag.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { AnswerReasons, createNoLonger } from "../follow-up/answer-reasons.tsx";
import { AskDate } from "../follow-up/ask-date.tsx";
import { DueTag } from "../follow-up/due-tag.tsx";
import { askAgainOn, askOn } from "../follow-up/rules.ts";
import { readSettings } from "../space/document.ts";
import { useWorkspace } from "../space/workspace.tsx";
import type { AskedOfMeeting } from "./action-item-rules.ts";
import { createMeetingEdit } from "./create-meeting-edit.ts";
import type { MeetingHere } from "./create-meetings.ts";
import { answerActionItem, changeActionDate, giveActionReason, undoActionAnswer, undoActionDate } from "./document.ts";
import type { ActionItem } from "./schema.ts";

type Reason = NonNullable<NonNullable<ActionItem["answered"]>["reason"]>;

/** What was agreed in a meeting: is it done? One tap is saved at once and can be undone; an answer that is no yes asks why, in place. Stands in a `Card list`. */
export function AskActionItem(props: {
  asked: AskedOfMeeting;
  here: MeetingHere;
  /** Says which school; left out where there is only one. */
  showSchool?: boolean | undefined;
  /** Offers another date. */
  canChangeDate?: boolean | undefined;
  headingLevel?: 2 | 3 | undefined;
  /** Called before the answer is written. False when the tap is not to count. */
  onAnswer?: ((answer: FollowUpAnswer) => boolean) | undefined;
}): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const edit = createMeetingEdit();
  const isPhone = createMediaQuery(phoneQuery);
  const noLonger = createNoLonger();
  const settings = createDocumentView(workspace.shelfIndex, ["settings"], (shelf) => ({
    // Until the shelf is open, «ikke ennå» comes back on the next working day.
    workingDays: shelf === undefined ? 1 : readSettings(shelf).followUpWorkingDays,
  }));
  const item = () => props.asked.item;
  /** Null where there is none, also once the day has gone by on which «ikke ennå» came back: that is no date anybody has agreed to. */
  const due = () => {
    const date = askOn(props.asked);
    return date !== null && props.asked.dueOn === null && date < engine.today() ? null : date;
  };
  const answeredToday = () => props.asked.answeredAt !== undefined && dateOf(props.asked.answeredAt) === engine.today();
  /** A phone has no room for the date beside the question, unless it has gone by. */
  const tagged = () => {
    const date = due();
    return !answeredToday() && (!isPhone() || (date !== null && date < engine.today()));
  };
  // The same objects until the words change: a button that is made anew loses its focus.
  const answers = createMemo(() =>
    followUpAnswers.map((value) => {
      if (value === "yes") return { value, label: text("followUp.actionItem.yes") };
      return { value, label: text(value === "noLongerRelevant" && isPhone() ? "content.followUp.noLongerRelevantShort" : `content.followUp.${value}`) };
    }),
  );
  const detail = () => {
    const { meeting, reference, school } = props.here;
    const { side, role } = item();
    const date = due();
    return [
      reference,
      ...(props.showSchool === true ? [school.name] : []),
      text("followUp.actionItem.from", { type: text(`meetings.type.${meeting.type}`), date: format.date(meeting.date, "day") }),
      role === undefined ? text(`meetings.side.${side}`) : text(`meetings.role.${role}`),
      ...(tagged() || answeredToday() ? [] : [date === null ? text("followUp.undated") : text("followUp.dueBy", { date: format.date(date, "day") })]),
    ].join(" · ");
  };

  const answer = (value: FollowUpAnswer) => {
    const before = item();
    const { here } = props;
    if (answeredToday() && props.asked.answer === value) return;
    if (props.onAnswer?.(value) === false) return;
    const { workingDays } = settings();
    const now = engine.moment();
    const code = here.reference;
    const said: Record<FollowUpAnswer, () => string> = {
      yes: () => text("followUp.actionItem.toast", { code, what: before.what }),
      notYet: () => text("content.toastAnswer.notYet", { code, date: format.date(askAgainOn(dateOf(now), workingDays), "day") }),
      noLongerRelevant: () => text("content.toastAnswer.noLongerRelevant", { code }),
    };
    void edit.index(here, (index) => answerActionItem(index, before.id, value, now, workingDays), { message: said[value](), change: (index) => undoActionAnswer(index, before) });
  };
  const explain = (reason: Reason) => {
    const { id } = item();
    void edit.index(props.here, (index) => giveActionReason(index, id, reason));
  };
  const changeDate = (date: IsoDate) => {
    const before = item();
    void edit.index(props.here, (index) => changeActionDate(index, before.id, date), {
      message: text("followUp.dateChanged", { code: props.here.reference, date: format.date(date, "day") }),
      change: (index) => undoActionDate(index, before),
    });
  };

  return (
    <AskCard<FollowUpAnswer>
      tile={
        <IconTile tone="info">
          <Icon name="group" size={28} />
        </IconTile>
      }
      question={item().what}
      detail={detail()}
      headingLevel={props.headingLevel}
      tag={
        <Switch>
          <Match when={!tagged()}>{null}</Match>
          <Match when={due()}>{(date) => <DueTag date={date()} />}</Match>
          <Match when={due() === null}>
            <Tag>{text("followUp.undated")}</Tag>
          </Match>
        </Switch>
      }
      answers={answers()}
      answer={answeredToday() ? props.asked.answer : undefined}
      onAnswer={answer}
    >
      <Show
        when={answeredToday()}
        fallback={
          <Show when={props.canChangeDate}>
            <AskDate id={item().id} date={due()} onSave={changeDate} />
          </Show>
        }
      >
        <AnswerReasons answer={props.asked.answer} reason={item().answered?.reason} noLonger={noLonger()} onNotYet={explain} onNoLonger={explain} />
      </Show>
    </AskCard>
  );
}
