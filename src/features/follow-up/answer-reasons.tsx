import { type JSX, Match, Switch } from "solid-js";
import { type FollowUpAnswer, noLongerReasons, type NotYetReason, notYetReasons } from "../../content/choices.ts";
import { ChoiceChips } from "../../ui/chip-group.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { takesReason } from "./rules.ts";

/** The reasons that can be given for «ikke aktuelt lenger», in words. */
export type NoLonger<Reason extends string> = {
  readonly legend: string;
  readonly hint?: string | undefined;
  readonly options: readonly { readonly value: Reason; readonly label: string }[];
};

/** Why, for the two answers that are not yes. */
export function AnswerReasons<Reason extends string>(props: {
  answer: FollowUpAnswer | undefined;
  reason: string | undefined;
  noLonger: NoLonger<Reason>;
  onNotYet: (reason: NotYetReason) => void;
  onNoLonger: (reason: Reason) => void;
}): JSX.Element {
  const { text } = useText();
  const kind = () => (props.answer === undefined ? null : takesReason(props.answer));
  return (
    <Switch>
      <Match when={kind() === "notYet"}>
        <ChoiceChips<NotYetReason>
          legend={text("followUp.whyNotYet")}
          hint={text("common.field.optional")}
          columns={5}
          phoneColumns={2}
          options={notYetReasons.map((value) => ({ value, label: text(`content.notYetReason.${value}`) }))}
          value={notYetReasons.find((value) => value === props.reason)}
          required
          onChange={(reason) => reason !== undefined && props.onNotYet(reason)}
        />
      </Match>
      <Match when={kind() === "noLonger"}>
        <ChoiceChips<Reason>
          {...props.noLonger}
          columns={5}
          phoneColumns={2}
          value={props.noLonger.options.find(({ value }) => value === props.reason)?.value}
          required
          onChange={(reason) => reason !== undefined && props.onNoLonger(reason)}
        />
      </Match>
    </Switch>
  );
}

/** Those of a question that nobody needs an answer to any more. May be left. */
export function createNoLonger(): () => NoLonger<(typeof noLongerReasons)[number]> {
  const { text } = useText();
  return () => ({
    legend: text("followUp.whyNoLonger"),
    hint: text("common.field.optional"),
    options: noLongerReasons.map((value) => ({ value, label: text(`content.noLongerReason.${value}`) })),
  });
}
