import { createMemo, type JSX } from "solid-js";
import { momentOf, timeOf } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { VisitLine } from "../../ui/visit-line.tsx";
import { queueOf } from "../pre-registration/rules.ts";
import type { SchoolDayHere } from "../today/create-school-days.ts";
import { visitLine, visitSegments } from "../today/rules.ts";
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
  const line = createMemo(() => visitLine(props.visit, segments(), running() ? timeOf(now()) : undefined));
  return (
    <VisitLine
      from={line().from}
      to={line().to}
      segments={segments()}
      now={running() ? timeOf(now()) : undefined}
      formatTime={(time) => format.time(time)}
    />
  );
}
