import { createMemo, For, type JSX, Show } from "solid-js";
import { momentOf, timeOf } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Card, PageTitle } from "../../ui/card.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { QueueRow, RowList } from "../../ui/queue-card.tsx";
import { Figures } from "../../ui/summary.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { createCaseWords } from "../consultations/create-case-words.ts";
import type { ConsultationHead } from "../consultations/schema.ts";
import { waitsForAnswer } from "../follow-up/rules.ts";
import type { FollowUp } from "../follow-up/schema.ts";
import type { SchoolDayHere } from "../today/create-school-days.ts";
import { visitSummary } from "../today/rules.ts";
import type { Visit } from "./schema.ts";
import { casePath, codeOf, PostponedRows } from "./visit-queue.tsx";
import { VisitTrack } from "./visit-track.tsx";

/** «Slik ble besøket»: figures, the line, what came of each case. Also what is printed. */
export function VisitOverview(props: { day: SchoolDayHere; visit: Visit }): JSX.Element {
  const { text, plural, format } = useText();
  const engine = useEngine();
  const summary = createMemo(() => visitSummary(props.visit, props.day, momentOf(engine.now())));
  const figures = () => {
    const { consultations, postponed, dialogMinutes } = summary();
    const counted = (count: number, one: "visits.overview.consultation" | "visits.overview.postponed") => ({
      value: format.number(count),
      label: plural(count, `${one}One`, `${one}Many`),
    });
    return [
      counted(consultations.length, "visits.overview.consultation"),
      counted(postponed.length, "visits.overview.postponed"),
      { value: format.duration(dialogMinutes), label: text("visits.overview.dialog") },
    ];
  };
  const total = () => {
    const { startedAt, endedAt, totalMinutes } = summary();
    if (startedAt === null) return undefined;
    return { value: format.duration(totalMinutes), label: format.timeRange(timeOf(startedAt), timeOf(endedAt)) };
  };
  const nothingHappened = () => summary().consultations.length === 0 && summary().postponed.length === 0;
  return (
    <>
      <PageTitle
        kicker={text("visits.overview.kicker", { school: props.day.name, date: format.date(props.visit.date) })}
        title={text("visits.overview.title")}
      />
      <Card kind="hero">
        <Figures figures={figures()} total={total()} />
        <VisitTrack day={props.day} visit={props.visit} ended />
      </Card>
      <Show when={!nothingHappened()} fallback={<EmptyState text={text("visits.overview.empty")} />}>
        <RowList label={text("visits.overview.cases")}>
          <For each={summary().consultations}>
            {({ head, followUps }) => <SummaryRow head={head} followUps={followUps} day={props.day} />}
          </For>
          <PostponedRows postponed={summary().postponed} visit={props.visit} day={props.day} askReason={false} />
        </RowList>
      </Show>
    </>
  );
}

function SummaryRow(props: { head: ConsultationHead; followUps: readonly FollowUp[]; day: SchoolDayHere }): JSX.Element {
  const { text } = useText();
  const words = createCaseWords();
  const code = () => codeOf(props.day, props.head.caseId);
  const open = () => props.followUps.filter(waitsForAnswer);
  return (
    <QueueRow
      colour={code().colour}
      number={code().number}
      title={code().label}
      detail={words.headline(props.head)}
      href={casePath(props.day.schoolId, props.head.caseId)}
      tag={
        <Show when={open()[0]} fallback={<Tag>{text("visits.overview.noFollowUp")}</Tag>}>
          {(first) => (
            <Tag tone="done" icon="calendar">
              {words.followUp(first())}
              {open().length > 1 ? text("visits.overview.more", { count: open().length - 1 }) : ""}
            </Tag>
          )}
        </Show>
      }
    />
  );
}
