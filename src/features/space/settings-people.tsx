import { type Accessor, createEffect, createMemo, createSignal, For, type JSX, onCleanup, Show } from "solid-js";
import type { Role } from "#protocol/control.ts";
import type { Room } from "../../engine/space.ts";
import { capitalise } from "../../i18n/format.ts";
import { fromObservable } from "../../reactive/from-observable.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { ButtonLink } from "../../ui/button.tsx";
import { Section } from "../../ui/card.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { useWorkspace } from "./workspace.tsx";

export type Person = { name: string | null; role: Role; own: boolean };

const roleOrder: readonly Role[] = ["consultant", "socialTeacher", "principal", "serviceLead", "recovery"];

/**
 * Who holds the keys of any of the rooms, read again after each round of sync. Each room knows a person by other ids,
 * so the same name in the same role is taken to be the same person.
 */
export function createPeople(rooms: Accessor<readonly (Room | undefined)[]>): Accessor<readonly Person[]> {
  const engine = useEngine();
  const sync = fromObservable(engine.space.sync.status);
  const [people, setPeople] = createSignal<readonly Person[]>([]);
  createEffect(() => {
    const found = rooms().filter((room) => room !== undefined);
    sync();
    let over = false;
    onCleanup(() => {
      over = true;
    });
    Promise.all(found.map(membersOf)).then(
      (members) => {
        if (!over) setPeople(onePerPerson(members.flat()));
      },
      // Only a failure goes through `run`: a reading that succeeds must not take away the word that a saving has failed.
      (error: unknown) => void engine.run(() => Promise.reject(error)),
    );
  });
  return people;
}

async function membersOf(room: Room): Promise<Person[]> {
  const members = await room.members();
  return members.map(({ deviceId, name, role }) => ({ name, role, own: deviceId === room.deviceId }));
}

function onePerPerson(members: readonly Person[]): Person[] {
  const byName = new Map<string, Person>();
  for (const member of members) {
    const key = `${member.role}/${member.name ?? ""}`;
    byName.set(key, { ...member, own: member.own || byName.get(key)?.own === true });
  }
  const rank = ({ role }: Person) => roleOrder.indexOf(role);
  return Array.from(byName.values()).sort((a, b) => rank(a) - rank(b) || (a.name ?? "").localeCompare(b.name ?? "", "nb"));
}

/** A person's name in a list; the recovery code is no person and says what it is. */
export function createPersonName(): (person: Person) => string {
  const { text } = useText();
  return ({ name, role, own }) => {
    if (role === "recovery") return capitalise(text("space.role.recovery"));
    const shown = name ?? text("space.settings.unnamed");
    return own ? text("schools.page.you", { name: shown }) : shown;
  };
}

/** Every place of this device and who can open it. */
export function PeopleSection(): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const isConsultant = () => workspace.role() === "consultant";
  const figures = createMemo(() => engine.rooms().find(({ kind }) => kind === "figures"));
  return (
    <Section heading={text("space.settings.people")}>
      <RowList>
        <Show when={workspace.serviceRoom()}>
          {(room) => <PlaceRow title={workspace.serviceName() || text("space.settings.place.service")} rooms={[room()]} />}
        </Show>
        <For each={workspace.schools()}>
          {(school) => <PlaceRow title={school.name} rooms={[school.planRoom, school.schoolRoom]} href={`/skoler/${school.schoolId}`} />}
        </For>
        <Show when={figures()}>{(room) => <PlaceRow title={text("space.settings.place.figures")} rooms={[room()]} />}</Show>
      </RowList>
      <div class="button-row section-action">
        <ButtonLink variant="secondary" icon="group" href="/folk">
          {text("people.title")}
        </ButtonLink>
        <Show when={isConsultant()}>
          <ButtonLink variant="secondary" icon="personPlus" href="/inviter">
            {text("space.invite.title")}
          </ButtonLink>
        </Show>
      </div>
    </Section>
  );
}

function PlaceRow(props: { title: string; rooms: readonly (Room | undefined)[]; href?: string }): JSX.Element {
  const { text } = useText();
  const people = createPeople(() => props.rooms);
  const personName = createPersonName();
  const names = () =>
    people().map((person) =>
      person.role === "recovery"
        ? personName(person)
        : text("settings.nameAndRole", { name: personName(person), role: text(`space.role.${person.role}`) }),
    );
  return <InfoRow icon="group" tone="neutral" title={props.title} detail={names().join(" · ")} href={props.href} chevron={props.href !== undefined} />;
}
