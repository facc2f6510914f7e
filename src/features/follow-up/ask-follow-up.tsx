import { createMemo, type JSX, Show } from "solid-js";
import type * as Y from "yjs";
import { type FollowUpAnswer, followUpAnswers } from "../../content/choices.ts";
import { indexDocId } from "../../engine/log/rights.ts";
import { dateOf, type IsoDate } from "../../lib/iso-date.ts";
import { createDocumentView } from "../../reactive/create-document-view.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { AskCard } from "../../ui/ask-card.tsx";
import { CaseTile } from "../../ui/case-tile.tsx";
import { createMediaQuery, phoneQuery } from "../../ui/media-query.ts";
import { useText } from "../../ui/text-provider.tsx";
import { createNextSteps } from "../consultations/create-next-steps.ts";
import { readSettings } from "../space/document.ts";
import { useShell } from "../space/shell.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import { AnswerReasons, createNoLonger } from "./answer-reasons.tsx";
import { AskDate } from "./ask-date.tsx";
import { DueTag } from "./due-tag.tsx";
import type { FollowUpHere } from "./follow-ups-context.tsx";
import { answerFollowUp, changeFollowUpDate, giveReason, undoAnswer } from "./document.ts";
import { askAgainOn, askOn } from "./rules.ts";
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
  const workspace = useWorkspace();
  const describe = createWords();
  const settings = createDocumentView(workspace.shelfIndex, ["settings"], (shelf) => ({
    // Until the shelf is open, «ikke ennå» comes back on the next working day.
    workingDays: shelf === undefined ? 1 : readSettings(shelf).followUpWorkingDays,
  }));
  const noLonger = createNoLonger();
  const due = () => askOn(props.followUp);
  // A phone has no room for the date beside the question; there it takes the place of what was to happen, which the question says too.
  const tagged = () => !answeredToday() && (!isPhone() || due() < engine.today());
  const answeredToday = () => props.followUp.answeredAt !== undefined && dateOf(props.followUp.answeredAt) === engine.today();

  const kind = createMemo(() => props.followUp.kind);
  // The same objects until the words change: a button that is made anew loses its focus.
  const answers = createMemo(() =>
    followUpAnswers.map((value) => {
      if (value === "yes") return { value, label: text(`content.followUp.${kind()}.yes`) };
      return { value, label: text(value === "noLongerRelevant" && isPhone() ? "content.followUp.noLongerRelevantShort" : `content.followUp.${value}`) };
    }),
  );

  const edit = (change: (index: Y.Doc) => void) => {
    const { room } = props.followUp;
    return engine.run(() => room.edit([indexDocId], (index) => index && change(index)));
  };

  const explain = (reason: Reason) => void edit((index) => giveReason(index, props.followUp.id, reason));

  const answer = async (value: FollowUpAnswer) => {
    const before = props.followUp;
    const { id, code, kind } = before;
    if (answeredToday() && before.answer === value) return;
    if (props.onAnswer?.(before, value) === false) return;
    const { workingDays } = settings();
    const now = engine.moment();
    const saved = await edit((index) => answerFollowUp(index, id, value, now, workingDays));
    if (!saved) return;
    const said: Record<FollowUpAnswer, () => string> = {
      yes: () => text(`content.followUp.${kind}.toast`, { code: code.label, date: format.date(dateOf(now), "day") }),
      notYet: () => text("content.toastAnswer.notYet", { code: code.label, date: format.date(askAgainOn(dateOf(now), workingDays), "day") }),
      noLongerRelevant: () => text("content.toastAnswer.noLongerRelevant", { code: code.label }),
    };
    shell.undo.offer({ message: said[value](), undo: () => void edit((index) => undoAnswer(index, id, before)) });
  };

  const changeDate = async (date: IsoDate) => {
    const { id, code } = props.followUp;
    const before = due();
    const saved = await edit((index) => changeFollowUpDate(index, id, date));
    if (!saved) return;
    shell.undo.offer({
      message: text("followUp.dateChanged", { code: code.label, date: format.date(date, "day") }),
      undo: () => void edit((index) => changeFollowUpDate(index, id, before)),
    });
  };

  return (
    <AskCard<FollowUpAnswer>
      tile={<CaseTile colour={props.followUp.code.colour} number={props.followUp.code.number} />}
      question={text(`content.followUp.${props.followUp.kind}.question`)}
      detail={describe(props.followUp, { showSchool: props.showSchool, ...(tagged() || answeredToday() ? {} : { due: due() }) })}
      headingLevel={props.headingLevel}
      tag={
        <Show when={tagged()}>
          <DueTag date={due()} />
        </Show>
      }
      answers={answers()}
      answer={answeredToday() ? props.followUp.answer : undefined}
      onAnswer={(value) => void answer(value)}
    >
      <Show
        when={answeredToday()}
        fallback={
          <Show when={props.canChangeDate}>
            <AskDate id={props.followUp.id} date={due()} onSave={(chosen) => void changeDate(chosen)} />
          </Show>
        }
      >
        <AnswerReasons answer={props.followUp.answer} reason={props.followUp.reason} noLonger={noLonger()} onNotYet={explain} onNoLonger={explain} />
      </Show>
    </AskCard>
  );
}

/** A line about a follow-up: its code, its school, and what was to happen or by when. */
function createWords(): (followUp: FollowUpHere, more: { showSchool: boolean | undefined; due?: IsoDate }) => string {
  const { text, format } = useText();
  const nextSteps = createNextSteps();
  return ({ code, school, kind, nextStep, onlyUs }, { showSchool, due }) => {
    const about = due === undefined ? text(`content.followUp.${kind}.about`) : text("followUp.dueBy", { date: format.date(due, "day") });
    const parts = [code.label];
    if (showSchool === true && school !== undefined) parts.push(school.name);
    parts.push(nextStep === undefined ? about : text("followUp.aboutStep", { about, step: nextSteps.label(nextStep) }));
    if (onlyUs) parts.push(text("followUp.onlyUs"));
    return parts.join(" · ");
  };
}
