import { createMemo, For, type JSX, Show } from "solid-js";
import { Button } from "../../ui/button.tsx";
import { Section } from "../../ui/card.tsx";
import { Fold } from "../../ui/fold.tsx";
import { Notice } from "../../ui/notice.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { createPlaceName, inPlaceOrder } from "./place-name.ts";
import { type Job, type JobStanding, useRoomWork } from "./room-work.tsx";

function kindOf({ work }: Job) {
  return work.type === "remove" && work.device !== null ? ("device" as const) : work.type;
}

/** What has been begun on this device, place by place. @property only the jobs that a page is about; all where it is left out */
export function WorkProgress(props: { only?: (job: Job) => boolean }): JSX.Element {
  const work = useRoomWork();
  const shown = createMemo(() => work.jobs().filter(({ job }) => props.only?.(job) ?? true));
  const ids = createMemo(() => shown().map(({ job }) => job.id), undefined, { equals: (a, b) => a.join() === b.join() });
  return (
    <For each={ids()}>
      {(id) => <Show when={shown().find(({ job }) => job.id === id)}>{(standing) => <OneJob standing={standing()} />}</Show>}
    </For>
  );
}

function OneJob(props: { standing: JobStanding }): JSX.Element {
  const { text } = useText();
  const work = useRoomWork();
  const placeName = createPlaceName();
  const job = () => props.standing.job;
  const name = () => job().name;
  const tag = (roomId: string) => {
    const { done, now, rests } = props.standing;
    if (done.has(roomId)) return <Tag tone="done" icon="check">{text("people.work.done")}</Tag>;
    if (now === roomId) return <Tag tone="now">{text("people.work.now")}</Tag>;
    return <Tag>{text(rests === "refused" ? "people.work.refused" : "people.work.waiting")}</Tag>;
  };
  const places = () => (
    <RowList>
      <For each={inPlaceOrder(job().rooms)}>{({ roomId, kind, label }) => <InfoRow title={placeName(kind, label)} tag={tag(roomId)} />}</For>
    </RowList>
  );
  return (
    <Section heading={text(`people.work.${props.standing.isFinished ? "finished" : "title"}.${kindOf(job())}`, { name: name() })}>
      <p role="status">{text("people.work.progress", { done: props.standing.done.size, total: job().rooms.length })}</p>
      <Show
        when={props.standing.isFinished}
        fallback={
          <>
            {places()}
            <Show when={props.standing.rests}>
              {(why) => <Notice icon={why() === "offline" ? "cloudSlash" : "refresh"}>{text(why() === "offline" ? "people.work.offline" : "people.work.retries")}</Notice>}
            </Show>
            <Notice icon="clock">{text("people.work.leave")}</Notice>
          </>
        }
      >
        <Fold title={text("people.work.places")}>{places()}</Fold>
        <div class="button-row section-action">
          <Button icon="check" onClick={() => void work.close(job().id)}>
            {text("people.work.close")}
          </Button>
        </div>
      </Show>
    </Section>
  );
}
