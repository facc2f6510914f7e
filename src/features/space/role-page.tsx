import { useNavigate, useParams } from "@solidjs/router";
import { createMemo, createSignal, type JSX, Show } from "solid-js";
import { capitalise } from "../../i18n/format.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Card, PageTitle } from "../../ui/card.tsx";
import { ChoiceChips } from "../../ui/chip-group.tsx";
import { Dock } from "../../ui/dock.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Notice } from "../../ui/notice.tsx";
import { SummaryList } from "../../ui/summary.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { createServicePeople } from "./create-people.ts";
import { type InvitableRole, invitableRoles } from "./invite-rules.ts";
import { Page } from "./page.tsx";
import { type Person, roleMoves, schoolsOf, whyNotRemove } from "./people-rules.ts";
import { createPlaceName } from "./place-name.ts";
import { useRoomWork } from "./room-work.tsx";
import { useWorkspace } from "./workspace.tsx";

/** Another role for somebody: which places it takes away, and which it cannot give by itself. */
export function RolePage(): JSX.Element {
  const { text } = useText();
  const params = useParams<{ personId: string }>();
  const workspace = useWorkspace();
  const people = createServicePeople();
  const person = createMemo(() => people()?.find(({ id }) => id === params.personId));
  const [alreadyDone, setAlreadyDone] = createSignal(false);
  const mayChange = (found: Person) => whyNotRemove(people() ?? [], found, workspace.role(), null) === null;
  const shown = createMemo(() => {
    const found = person();
    return !alreadyDone() && found !== undefined && mayChange(found) ? found : undefined;
  });
  return (
    <Show
      when={shown()}
      fallback={
        <Page focus back={{ label: text("people.title"), href: "/folk" }}>
          <Show when={alreadyDone()}>
            <PageTitle title={text("people.work.alreadyDone")} />
          </Show>
          <Show when={people() && !alreadyDone()}>
            <EmptyState text={text("people.person.notFound")} />
          </Show>
        </Page>
      }
    >
      {(found) => <RoleForm person={found()} onAlreadyDone={() => setAlreadyDone(true)} />}
    </Show>
  );
}

function RoleForm(props: { person: Person; onAlreadyDone: () => void }): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const work = useRoomWork();
  const navigate = useNavigate();
  const placeName = createPlaceName();
  const [role, setRole] = createSignal<InvitableRole | undefined>(invitableRoles.find((one) => one === props.person.role));
  const [school, setSchool] = createSignal<string | undefined>(schoolsOf(props.person)[0]);
  const name = () => props.person.name ?? text("space.settings.unnamed");
  const needsSchool = () => role() === "socialTeacher" || role() === "principal";
  const schoolId = () => (needsSchool() ? (school() ?? null) : null);
  const isSame = () => role() === props.person.role && (!needsSchool() || schoolsOf(props.person).join() === school());
  const isReady = () => role() !== undefined && !isSame() && (!needsSchool() || school() !== undefined);
  const moves = createMemo(() => {
    const chosen = role();
    return chosen === undefined || !isReady() ? null : roleMoves(props.person, chosen, schoolId(), engine.rooms());
  });
  const named = (rooms: readonly { kind: Parameters<typeof placeName>[0]; label: string }[]) =>
    rooms.length === 0 ? text("people.role.nothing") : format.list(rooms.map(({ kind, label }) => placeName(kind, label)));

  const submit = async () => {
    const chosen = role();
    if (chosen === undefined || !isReady()) return;
    await engine.run(async () => {
      const jobId = await work.begin(name(), { type: "setRole", person: props.person.id, role: chosen, schoolId: schoolId(), reason: text(`space.role.${chosen}`) });
      if (jobId === null) props.onAlreadyDone();
      else navigate("/folk");
    });
  };

  return (
    <Page
      focus
      back={{ label: name(), href: `/folk/${props.person.id}` }}
      dock={
        <Show when={moves()}>
          {(known) => (
            <Dock>
              <Show
                when={known().comes.length === 0}
                fallback={
                  <ButtonLink variant="primary" size="dock" icon="personPlus" grow href={`/inviter?rolle=${role()}${schoolId() === null ? "" : `&skole=${schoolId()}`}`}>
                    {text("space.invite.title")}
                  </ButtonLink>
                }
              >
                <Button variant="primary" size="dock" grow onClick={() => void submit()}>
                  {text("people.role.submit")}
                </Button>
              </Show>
            </Dock>
          )}
        </Show>
      }
    >
      <PageTitle title={text("people.role.title", { name: name() })} />
      <ChoiceChips
        legend={text("people.role.which")}
        options={invitableRoles.map((value) => ({ value, label: capitalise(text(`space.role.${value}`)) }))}
        value={role()}
        onChange={setRole}
        columns={4}
        phoneColumns={2}
      />
      <Show when={needsSchool()}>
        <ChoiceChips
          legend={text("people.role.school")}
          options={workspace.schools().map(({ schoolId: value, name: label }) => ({ value, label }))}
          value={school()}
          onChange={setSchool}
          columns={3}
          phoneColumns={2}
        />
      </Show>
      <div aria-live="polite">
        <Show when={isSame()}>
          <Notice icon="information">{text("people.role.same", { name: name() })}</Notice>
        </Show>
        <Show when={moves()}>
          {(known) => (
            <>
              <Card>
                <SummaryList
                  rows={[
                    { label: text("people.role.goes"), value: named(known().goes) },
                    { label: text("people.role.stays"), value: named(known().stays) },
                    ...(known().comes.length === 0 ? [] : [{ label: text("people.role.comes"), value: named(known().comes) }]),
                  ]}
                />
              </Card>
              <Show when={known().comes.length > 0}>
                <Notice icon="personPlus">{text("people.role.comesDetail", { name: name() })}</Notice>
              </Show>
              <Show when={known().goes.length > 0 && known().comes.length === 0}>
                <Notice icon="information">{text("people.role.keep", { name: name() })}</Notice>
              </Show>
            </>
          )}
        </Show>
      </div>
      <Notice icon="cloudUp">{text("people.remove.needsNet")}</Notice>
    </Page>
  );
}
