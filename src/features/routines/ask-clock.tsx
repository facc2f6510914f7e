import { createMemo, type JSX, Show } from "solid-js";
import { type FollowUpAnswer, followUpAnswers } from "../../content/choices.ts";
import { dateOf } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { AskCard } from "../../ui/ask-card.tsx";
import { createMediaQuery, phoneQuery } from "../../ui/media-query.ts";
import { useText } from "../../ui/text-provider.tsx";
import { AnswerReasons, createNoLonger } from "../follow-up/answer-reasons.tsx";
import { createRunActions } from "./create-run-actions.ts";
import { createRunWords } from "./create-run-words.ts";
import { type Clock, urgencyOf } from "./deadline-rules.ts";
import { type Listed, RunDueTag, RunTile } from "./run-tile.tsx";
import { DayChange } from "./day-change.tsx";
import type { RunHere } from "./runs-context.tsx";
import type { ClockAnswer } from "./schema.ts";

export type AskClockProps = {
  run: RunHere;
  clock: Clock;
  /** In a list of what waits, among other things; left out on the run's own page. */
  listed?: Listed | undefined;
  headingLevel?: 2 | 3 | undefined;
  /** Called before the answer is written. False when the tap is not to count. */
  onAnswer?: ((answer: FollowUpAnswer) => boolean) | undefined;
};

/** One of the school's three clocks: one tap is saved at once and can be undone; an answer that is no yes asks why, in place. Stands in a `Card list`. */
export function AskClock(props: AskClockProps): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const isPhone = createMediaQuery(phoneQuery);
  const actions = createRunActions();
  const words = createRunWords();
  const noLonger = createNoLonger();
  const id = createMemo(() => props.clock.id);
  const standsStill = () => props.clock.standsStill !== null && props.clock.answer === null;
  /** That the report was received is more than an answer: what is said about sending it is settled. */
  const isReceived = () => id() === "reportSent" && props.run.run.receivedOn !== undefined;
  // The same objects until the words change: a button that is made anew loses its focus.
  const answers = createMemo(() =>
    standsStill() || isReceived()
      ? []
      : followUpAnswers.map((value) => {
          if (value === "yes") return { value, label: text(`routines.clockYes.${id()}`) };
          return { value, label: text(value === "noLongerRelevant" && isPhone() ? "content.followUp.noLongerRelevantShort" : `content.followUp.${value}`) };
        }),
  );
  const answered = () => {
    const { answer } = props.clock;
    return answer !== null && (props.listed === undefined || dateOf(answer.answeredAt) === engine.today()) ? answer : null;
  };
  const counted = () => {
    const { clock, run } = props;
    if (isReceived()) return text("routines.run.receivedOn", { date: format.date(run.run.receivedOn ?? "", "day") });
    if (clock.answer?.answer === "yes" && clock.answer.on !== undefined) return text("routines.run.happenedOn", { date: format.date(clock.answer.on, "day") });
    if (clock.standsStill !== null) return text(`routines.standsStill.${clock.standsStill}`);
    if (clock.due.type === "dated") return words.basis(clock.due.basis, clock.due.countedFrom);
    return clock.due.type === "undated" ? text(`routines.undated.${clock.due.reason}`) : "";
  };
  const detail = () => [...(props.listed === undefined ? [] : [props.run.shown, props.listed.showSchool === true ? props.run.school.name : ""]), counted()].filter((part) => part !== "").join(" · ");
  const answer = (value: FollowUpAnswer) => {
    if (answered()?.answer === value || props.onAnswer?.(value) === false) return;
    void actions.answer(props.run, id(), value);
  };
  const explain = (reason: NonNullable<ClockAnswer["reason"]>) => void actions.giveReason(props.run, id(), reason);
  const dated = () => {
    const { due, state } = props.clock;
    if (due.type !== "dated" || state === "answered" || state === "noLongerRelevant") return null;
    return { dueOn: due.dueOn, urgency: urgencyOf(due, engine.today()) };
  };
  return (
    <AskCard<FollowUpAnswer>
      tile={<RunTile />}
      question={text(`routines.clock.${id()}`)}
      detail={detail()}
      headingLevel={props.headingLevel}
      tag={<Show when={answered()?.answer === "yes" ? null : dated()}>{(date) => <RunDueTag {...date()} />}</Show>}
      answers={answers()}
      answer={answered()?.answer}
      onAnswer={answer}
    >
      <Show when={!isReceived() && answered()}>
        {(given) => (
          <Show
            when={given().answer === "yes"}
            fallback={<AnswerReasons answer={given().answer} reason={given().reason} noLonger={noLonger()} onNotYet={explain} onNoLonger={explain} />}
          >
            <DayChange name={text(`routines.clock.${id()}`)} date={given().on ?? engine.today()} onSave={(on) => void actions.moveAnswer(props.run, id(), on)} />
          </Show>
        )}
      </Show>
    </AskCard>
  );
}
