import { type JSX, Match, Switch } from "solid-js";
import type { FollowUpAnswer } from "../../content/choices.ts";
import { AskActionItem } from "../meetings/ask-action-item.tsx";
import { AskClock } from "../routines/ask-clock.tsx";
import { AskStep } from "../routines/ask-step.tsx";
import { AskFollowUp } from "./ask-follow-up.tsx";
import type { Waiting } from "./waiting-context.tsx";

/** The card of a question, whatever it comes from. Stands in a `Card list`. */
export function AskWaiting(props: {
  one: Waiting;
  /** Says which school; left out where there is only one. */
  showSchool?: boolean | undefined;
  canChangeDate?: boolean | undefined;
  headingLevel?: 2 | 3 | undefined;
  /** Called before the answer is written: a list may want to keep the card in its place. False when the tap is not to count. */
  onAnswer: (one: Waiting, answer: FollowUpAnswer) => boolean;
}): JSX.Element {
  const onAnswer = (answer: FollowUpAnswer) => props.onAnswer(props.one, answer);
  return (
    <Switch>
      <Match when={of(props.one, "followUp")}>
        {(one) => (
          <AskFollowUp
            followUp={one().followUp}
            showSchool={props.showSchool}
            canChangeDate={props.canChangeDate}
            headingLevel={props.headingLevel}
            onAnswer={(_, answer) => onAnswer(answer)}
          />
        )}
      </Match>
      <Match when={of(props.one, "actionItem")}>
        {(one) => (
          <AskActionItem
            asked={one()}
            here={one().here}
            showSchool={props.showSchool}
            canChangeDate={props.canChangeDate}
            headingLevel={props.headingLevel}
            onAnswer={onAnswer}
          />
        )}
      </Match>
      <Match when={of(props.one, "clock")}>
        {(one) => <AskClock run={one().run} clock={one().clock} listed={{ ...one(), showSchool: props.showSchool }} headingLevel={props.headingLevel} onAnswer={onAnswer} />}
      </Match>
      <Match when={of(props.one, "step")}>
        {(one) => <AskStep run={one().run} step={one().step} listed={{ ...one(), showSchool: props.showSchool }} headingLevel={props.headingLevel} onAnswer={onAnswer} />}
      </Match>
    </Switch>
  );
}

function of<Type extends Waiting["type"]>(one: Waiting, type: Type): Extract<Waiting, { type: Type }> | false {
  return one.type === type ? (one as Extract<Waiting, { type: Type }>) : false;
}
