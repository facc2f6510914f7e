import { createMemo, type JSX } from "solid-js";
import { minutesOf, momentOf, timeFromMinutes, timeOf, type TimeOfDay } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { VisitLine } from "../../ui/visit-line.tsx";
import { queueOf } from "../pre-registration/rules.ts";
import type { SchoolDayHere } from "../today/create-school-days.ts";
import { visitSegments } from "../today/rules.ts";
import { visitStatus } from "./rules.ts";
import type { Visit } from "./schema.ts";

/** Besøkslinja of a visit: what was done when, and who waits. */
export function VisitTrack(props: { day: SchoolDayHere; visit: Visit; ended?: boolean | undefined }): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const now = createMemo(() => momentOf(engine.now()));
  const segments = createMemo(() => {
    const queue = props.ended ? [] : queueOf(props.visit, { ...props.day, today: engine.today() });
    return visitSegments(props.visit, queue, props.day, props.day.codes, now()).map(({ kind, from, to, number }) => ({
      kind,
      from,
      to,
      label: kind === "dialog" ? text("visits.dialog.start") : String(number ?? ""),
    }));
  });
  const running = () => !props.ended && visitStatus(props.visit) === "open" && props.visit.date === engine.today();
  // The line reaches over what was planned and what happened, in half hours where it goes beyond the plan.
  const from = () => earlier(props.visit.from, halfHour(Math.floor, segments().map((segment) => segment.from).sort()[0]));
  const to = () => later(props.visit.to, halfHour(Math.ceil, segments().map((segment) => segment.to).sort().at(-1)));
  return (
    <VisitLine
      from={from()}
      to={to()}
      segments={segments()}
      now={running() ? timeOf(now()) : undefined}
      formatTime={(time) => format.time(time)}
    />
  );
}

function halfHour(round: (value: number) => number, time: TimeOfDay | undefined): TimeOfDay | undefined {
  return time === undefined ? undefined : timeFromMinutes(round(minutesOf(time) / 30) * 30);
}

function earlier(planned: TimeOfDay, happened: TimeOfDay | undefined): TimeOfDay {
  return happened !== undefined && happened < planned ? happened : planned;
}

function later(planned: TimeOfDay, happened: TimeOfDay | undefined): TimeOfDay {
  return happened !== undefined && happened > planned ? happened : planned;
}
