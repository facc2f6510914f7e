import { createMemo, For, type JSX, Show } from "solid-js";
import { dateOf, momentOf, timeOf } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { fromObservable } from "../../reactive/from-observable.ts";
import { Button } from "../../ui/button.tsx";
import { PageTitle, Section } from "../../ui/card.tsx";
import { Dock } from "../../ui/dock.tsx";
import { Notice } from "../../ui/notice.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { createReading, createServicePeople } from "./create-people.ts";
import { Page } from "./page.tsx";
import { createNameOf } from "./people-page.tsx";
import { restoredAt } from "./people-rules.ts";
import { useRoomWork } from "./room-work.tsx";
import { useShell } from "./shell.tsx";
import { WorkProgress } from "./work-progress.tsx";
import { useWorkspace } from "./workspace.tsx";

/** The relay came back from a backup: what that means, what is being given back, who has been online since, and acceptance in all rooms. */
export function RestoredPage(): JSX.Element {
  const { text, plural, format } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const work = useRoomWork();
  const shell = useShell();
  const nameOf = createNameOf();
  const space = fromObservable(engine.space.status);
  const people = createServicePeople();
  const waiting = createMemo(() => space().attention.filter(({ restored }) => restored));
  const lost = () => space().attention.reduce((sum, room) => sum + room.lost, 0);
  const isConsultant = () => workspace.role() === "consultant";
  const isBegun = () => work.jobs().some(({ job }) => job.work.type === "acceptGen");
  const since = createMemo(() => {
    const times = engine.rooms().flatMap((room) => (waiting().some(({ roomId }) => roomId === room.roomId) ? (restoredAt(room.logGen()) ?? []) : []));
    return times.length === 0 ? null : momentOf(new Date(Math.max(...times)));
  });
  /** Those who have written in any of the rooms since, by what their devices are called there. */
  const online = createReading(async (rooms) => new Set((await Promise.all(rooms.map((room) => room.devicesSinceRestore()))).flat()));
  const others = () => (people() ?? []).filter(({ role }) => role !== "recovery");
  const hasBeen = (devices: readonly { isOwn: boolean; leaves: readonly { deviceId: string }[] }[]) =>
    devices.some(({ isOwn, leaves }) => isOwn || leaves.some(({ deviceId }) => online()?.has(deviceId) === true));

  return (
    <Page
      focus
      back={{ label: text("common.nav.settings"), href: "/innstillinger" }}
      dock={
        <Show when={isConsultant() && waiting().length > 0 && !isBegun() && !shell.example}>
          <Dock note={lost() > 0 ? text("people.restored.notYetLost") : undefined}>
            <Button
              variant="primary"
              size="dock"
              icon="check"
              grow
              aria-disabled={lost() > 0}
              onClick={() => {
                if (lost() === 0) void engine.run(async () => void (await work.begin("", { type: "acceptGen" })));
              }}
            >
              {text("people.restored.accept")}
            </Button>
          </Dock>
        </Show>
      }
    >
      <PageTitle title={text("people.restored.title")} detail={text("people.restored.detail")} />
      <Show
        when={waiting().length > 0}
        fallback={
          <Show when={!isBegun()}>
            <p>{text("people.restored.none")}</p>
          </Show>
        }
      >
        <div class="plain-text">
          <Show when={since()}>
            {(moment) => <p>{text("people.restored.since", { date: format.date(dateOf(moment()), "day"), time: format.time(timeOf(moment())) })}</p>}
          </Show>
          <p>{text("people.restored.meaning")}</p>
          <p>{text("people.restored.writing")}</p>
        </div>
        <div role="status">
          <Notice icon={lost() > 0 ? "cloudUp" : "checkCircle"}>
            {lost() > 0 ? plural(lost(), "people.restored.lostOne", "people.restored.lostMany") : text("people.restored.lostNone")}
          </Notice>
        </div>
        <Section heading={text("people.restored.online")}>
          <RowList>
            <For each={others()}>
              {(person) => (
                <InfoRow
                  icon="person"
                  tone="neutral"
                  title={nameOf(person)}
                  detail={text(`space.role.${person.role}`)}
                  tag={
                    <Show when={hasBeen(person.devices)} fallback={<Tag>{text("people.restored.notYet")}</Tag>}>
                      <Tag tone="done" icon="check">
                        {text("people.restored.hasBeen")}
                      </Tag>
                    </Show>
                  }
                />
              )}
            </For>
          </RowList>
          <Notice icon="information">{text(isConsultant() ? "people.restored.advice" : "people.restored.consultant")}</Notice>
        </Section>
      </Show>
      <WorkProgress only={({ work: { type } }) => type === "acceptGen"} />
    </Page>
  );
}
