import type { JSX } from "solid-js";
import type { IsoDate } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { IconTile } from "../../ui/case-tile.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { small } from "../consultations/create-next-steps.ts";
import type { Urgency } from "./deadline-rules.ts";

/** What a card of a run needs to know of the list it stands in. */
export type Listed = {
  /** Says which school; left out where there is only one. */
  readonly showSchool?: boolean | undefined;
};

/** In the place of a case's tile: a run has no colour and no number, so that nobody takes it for a case. */
export function RunTile(): JSX.Element {
  return (
    <IconTile tone="neutral">
      <Icon name="tasklist" size={28} />
    </IconTile>
  );
}

/** A date of a run: lit from the day of its warning, with a clock once it has gone by. */
export function RunDueTag(props: { dueOn: IsoDate; urgency: Urgency }): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const date = () => format.due(props.dueOn, engine.today());
  return (
    <Tag tone={props.urgency === "running" ? "neutral" : "now"} icon={props.urgency === "overdue" ? "clock" : undefined}>
      {props.urgency === "overdue" ? text("followUp.overdueSince", { date: date() }) : text("routines.run.deadline", { date: small(date()) })}
    </Tag>
  );
}
