import { createMemo, For, type JSX, Show } from "solid-js";
import { Section } from "../../ui/card.tsx";
import { Notice } from "../../ui/notice.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { createPurges, type PurgeHere } from "./create-purges.ts";

/** The page of one request. */
export function purgePath(roomId: string, requestId: string): string {
  return `/slett-for-godt/${roomId}/${requestId}`;
}

/** Who asked; somebody who has left the room has no name here any more. */
export function createAskerName(): (one: PurgeHere) => string {
  const { text } = useText();
  return ({ request, members, purge }) =>
    (members.find(({ deviceId }) => deviceId === request.deviceId) ?? purge?.asker)?.name ?? text("space.settings.unnamed");
}

/** What waits for this person to decide; nothing where nothing does. For the first screen. */
export function PurgesToDecide(): JSX.Element {
  const purges = createPurges();
  return <PurgeRows purges={(purges()?.purges ?? []).filter(({ standing }) => standing === "yours")} broken={0} />;
}

/** All that is not over: asked for, or done and not yet gone from every device; and how many nobody can carry out. For the settings. */
export function PurgesUnderWay(): JSX.Element {
  const purges = createPurges();
  const underWay = () => (purges()?.purges ?? []).filter(({ standing, purge }) => standing !== "done" || (purge?.behind.length ?? 0) > 0);
  return <PurgeRows purges={underWay()} broken={purges()?.broken.length ?? 0} />;
}

function PurgeRows(props: { purges: readonly PurgeHere[]; broken: number }): JSX.Element {
  const { text, plural } = useText();
  const askerName = createAskerName();
  const title = (one: PurgeHere) =>
    one.standing === "yours" ? text("purge.list.yours", { name: askerName(one), record: one.label }) : text(`purge.list.${one.standing}`, { record: one.label });
  const detail = (one: PurgeHere) =>
    one.standing === "done" ? plural(one.purge?.behind.length ?? 0, "purge.list.behindOne", "purge.list.behindMany") : text(`purge.reason.${one.request.reason}`);
  const isAny = createMemo(() => props.purges.length > 0);
  return (
    <Show when={isAny() || props.broken > 0}>
      <Section heading={text("purge.title")}>
        <Show when={isAny()}>
          <RowList>
            <For each={props.purges}>
              {(one) => <InfoRow icon="trash" tone={one.standing === "yours" ? "now" : "neutral"} title={title(one)} detail={detail(one)} href={purgePath(one.room.roomId, one.request.id)} chevron />}
            </For>
          </RowList>
        </Show>
        <Show when={props.broken > 0}>
          <Notice icon="warning">{plural(props.broken, "purge.list.brokenOne", "purge.list.brokenMany")}</Notice>
        </Show>
      </Section>
    </Show>
  );
}
