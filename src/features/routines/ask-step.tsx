import { createMemo, type JSX, Show } from "solid-js";
import { type FollowUpAnswer, followUpAnswers } from "../../content/choices.ts";
import { skipReasons } from "../../content/routines.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { AskCard } from "../../ui/ask-card.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { AnswerReasons } from "../follow-up/answer-reasons.tsx";
import { createRunActions } from "./create-run-actions.ts";
import { createRunWords } from "./create-run-words.ts";
import { urgencyOf } from "./deadline-rules.ts";
import type { StepAtAGlance } from "./rules.ts";
import { type Listed, RunDueTag, RunTile } from "./run-tile.tsx";
import type { RunHere } from "./runs-context.tsx";

const answerOf = { done: "yes", skipped: "noLongerRelevant", notYet: "notYet" } as const;

/** A step with a date, in a list of what waits: done, not yet and why, or left out and why. Stands in a `Card list`. */
export function AskStep(props: {
  run: RunHere;
  step: StepAtAGlance;
  listed: Listed;
  headingLevel?: 2 | 3 | undefined;
  /** Called before the answer is written. False when the tap is not to count. */
  onAnswer?: ((answer: FollowUpAnswer) => boolean) | undefined;
}): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const actions = createRunActions();
  const words = createRunWords();
  const answers = createMemo(() => followUpAnswers.map((value) => ({ value, label: text(`routines.stepAnswer.${value}`) })));
  const noLonger = () => ({ legend: text("routines.run.whySkipped"), options: skipReasons.map((value) => ({ value, label: text(`routines.skipReason.${value}`) })) });
  const today = () => {
    const { result } = props.step;
    return result !== null && result.on === engine.today() ? result : null;
  };
  const given = () => {
    const result = today();
    return result === null ? undefined : answerOf[result.state];
  };
  const detail = () => {
    const { due } = props.step;
    const basis = due.type === "dated" ? words.basis(due.basis, due.countedFrom) : "";
    return [props.run.shown, props.listed.showSchool === true ? props.run.school.name : "", words.who(props.step.step), basis].filter((part) => part !== "").join(" · ");
  };
  const dated = () => {
    const { due } = props.step;
    return due.type === "dated" && given() !== "yes" && given() !== "noLongerRelevant" ? { dueOn: due.dueOn, urgency: urgencyOf(due, engine.today()) } : null;
  };
  const answer = (value: FollowUpAnswer) => {
    if (given() === value || props.onAnswer?.(value) === false) return;
    const { run, step } = props;
    if (value === "yes") void actions.done(run, step);
    else if (value === "notYet") void actions.putOff(run, step);
    else void actions.skip(run, step, "notRelevant");
  };
  return (
    <AskCard<FollowUpAnswer>
      tile={<RunTile />}
      question={words.title(props.step.step)}
      detail={detail()}
      headingLevel={props.headingLevel}
      tag={<Show when={dated()}>{(date) => <RunDueTag {...date()} />}</Show>}
      answers={answers()}
      answer={given()}
      onAnswer={answer}
    >
      <AnswerReasons
        answer={given()}
        reason={reasonOf(today())}
        noLonger={noLonger()}
        onNotYet={(reason) => void actions.explain(props.run, props.step, { notYet: reason })}
        onNoLonger={(reason) => void actions.explain(props.run, props.step, { skipped: reason })}
      />
    </AskCard>
  );
}

function reasonOf(result: StepAtAGlance["result"]): string | undefined {
  return result !== null && "reason" in result ? result.reason : undefined;
}
