import { useParams } from "@solidjs/router";
import { createMemo, For, type JSX, Show } from "solid-js";
import { capitalise } from "../../i18n/format.ts";
import { dateOf, momentOf } from "../../lib/iso-date.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { PageTitle, Section } from "../../ui/card.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Notice } from "../../ui/notice.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { createServicePeople } from "./create-people.ts";
import { Page } from "./page.tsx";
import { createNameOf, createTimeOf } from "./people-page.tsx";
import { type Person, type PersonDevice, whyNotRemove } from "./people-rules.ts";
import { createPlaceName, inPlaceOrder } from "./place-name.ts";
import { useShell } from "./shell.tsx";
import { WorkProgress } from "./work-progress.tsx";
import { useWorkspace } from "./workspace.tsx";

/** One person: devices, what they hold keys to, and what can be done about it. */
export function PersonPage(): JSX.Element {
  const { text } = useText();
  const params = useParams<{ personId: string }>();
  const people = createServicePeople();
  const person = createMemo(() => people()?.find(({ id }) => id === params.personId));
  return (
    <Page focus back={{ label: text("people.title"), href: "/folk" }}>
      <Show when={person()} fallback={<Show when={people()}><EmptyState text={text("people.person.notFound")} /></Show>}>
        {(found) => <Shown person={found()} people={people() ?? []} />}
      </Show>
      <WorkProgress only={({ work }) => "person" in work && work.person === params.personId} />
    </Page>
  );
}

/** What a device is called among those of its person: by the order in which they came. */
export function createDeviceName(): (device: PersonDevice, index: number) => string {
  const { text } = useText();
  return (device, index) => (device.isOwn ? text("people.person.thisDevice") : text("people.person.device", { number: index + 1 }));
}

function Shown(props: { person: Person; people: readonly Person[] }): JSX.Element {
  const { text, format } = useText();
  const workspace = useWorkspace();
  const shell = useShell();
  const nameOf = createNameOf();
  const timeOf = createTimeOf();
  const placeName = createPlaceName();
  const mayLose = (device: PersonDevice | null) => whyNotRemove(props.people, props.person, workspace.role(), device);
  const added = (timeMs: number) => text("people.person.added", { date: format.date(dateOf(momentOf(new Date(timeMs))), "dayYear") });
  const describe = ({ addedAt, lastSeen }: PersonDevice) =>
    [
      ...(addedAt === null ? [] : [added(addedAt)]),
      lastSeen === null ? text("people.person.notSeen") : text("people.person.seen", { date: timeOf(lastSeen) }),
    ].join(" ");
  const deviceName = createDeviceName();
  return (
    <>
      <PageTitle title={nameOf(props.person)} detail={capitalise(text(`space.role.${props.person.role}`))} />
      <Section heading={text("people.person.devices")}>
        <RowList>
          <For each={props.person.devices}>
            {(device, index) => (
              <InfoRow
                icon="tablet"
                tone="neutral"
                title={deviceName(device, index())}
                detail={device.isOwn ? (device.addedAt === null ? undefined : added(device.addedAt)) : describe(device)}
                action={
                  <Show when={!shell.example && mayLose(device) === null}>
                    <ButtonLink
                      size="small"
                      href={`/folk/${props.person.id}/fjern?enhet=${device.id}`}
                      aria-label={text("people.person.lostDevice", { device: deviceName(device, index()) })}
                    >
                      {text("people.person.lost")}
                    </ButtonLink>
                  </Show>
                }
              />
            )}
          </For>
        </RowList>
        <Show when={props.person.isOwn && !shell.example}>
          <div class="button-row section-action">
            <ButtonLink icon="plus" href="/ny-enhet">
              {text("people.person.newDevice")}
            </ButtonLink>
          </div>
        </Show>
      </Section>
      <Section heading={text("people.person.places")}>
        <RowList>
          <For each={inPlaceOrder(props.person.places)}>{({ kind, label }) => <InfoRow title={placeName(kind, label)} />}</For>
        </RowList>
      </Section>
      <Show when={!shell.example && workspace.role() === "consultant"}>
        <Show when={mayLose(null)} fallback={
          <div class="button-row section-action">
            <ButtonLink icon="pencil" href={`/folk/${props.person.id}/rolle`}>
              {text("people.person.changeRole")}
            </ButtonLink>
            <ButtonLink icon="cross" href={`/folk/${props.person.id}/fjern`}>
              {text("people.person.remove", { name: props.person.name ?? text("space.settings.unnamed") })}
            </ButtonLink>
          </div>
        }>
          {(why) => <Notice icon="information">{text(`people.whyNot.${why()}`)}</Notice>}
        </Show>
      </Show>
    </>
  );
}
