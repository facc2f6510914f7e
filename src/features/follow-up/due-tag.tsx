import type { JSX } from "solid-js";
import type { IsoDate } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useText } from "../../ui/text-provider.tsx";

/** When a question is asked: lit from the day itself, with a clock once it has gone by. */
export function DueTag(props: { date: IsoDate }): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const isOver = () => props.date < engine.today();
  const date = () => format.due(props.date, engine.today());
  return (
    <Tag tone={props.date <= engine.today() ? "now" : "neutral"} icon={isOver() ? "clock" : undefined}>
      {isOver() ? text("followUp.overdueSince", { date: date() }) : date()}
    </Tag>
  );
}
