import { useSearchParams } from "@solidjs/router";
import { createMemo, createSignal, type JSX, Show } from "solid-js";
import { capitalise } from "../../i18n/format.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { PageTitle } from "../../ui/card.tsx";
import { ChoiceChips } from "../../ui/chip-group.tsx";
import { Dock } from "../../ui/dock.tsx";
import { Notice } from "../../ui/notice.tsx";
import type { Step } from "../../ui/steps.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { createInviting, type Invited, InvitingDock, InvitingProgress } from "./create-inviting.tsx";
import { type InvitableRole, invitableRoles, roomsForRole } from "./invite-rules.ts";
import { Page } from "./page.tsx";
import { useShell } from "./shell.tsx";
import { useWorkspace } from "./workspace.tsx";

/** Inviting someone, both in the same room or on the phone: a code to read, four words to compare, and a yes. */
export function InvitePage(): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const shell = useShell();
  const workspace = useWorkspace();
  const [search] = useSearchParams<{ skole?: string; rolle?: string }>();
  const [role, setRole] = createSignal<InvitableRole | undefined>(
    invitableRoles.find((candidate) => candidate === search.rolle) ?? (search.skole === undefined ? undefined : "socialTeacher"),
  );
  const [schoolId, setSchoolId] = createSignal<string | undefined>(search.skole);
  const inviting = createInviting(async ({ name, members }) => {
    // What the newcomer is called in the first room, it is known by in all of them. Who is a member already stays one.
    const first = members[0]?.member;
    const ties = first && { person: first.memberId, device: first.deviceId };
    for (const { roomId, member } of members) {
      if (!(await engine.space.addMember(roomId, member, name, ties))) return false;
    }
    return true;
  });

  const needsSchool = () => role() === "socialTeacher" || role() === "principal";
  const school = createMemo(() => workspace.schools().find((candidate) => candidate.schoolId === schoolId()));
  const rooms = createMemo(() => {
    const chosen = role();
    if (chosen === undefined || (needsSchool() && school() === undefined)) return [];
    return roomsForRole(chosen, engine.rooms(), needsSchool() ? (school()?.schoolId ?? null) : null);
  });
  const place = () => (needsSchool() ? (school()?.name ?? "") : workspace.serviceName());

  const begin = async () => {
    const chosen = role();
    if (chosen === undefined || rooms().length === 0) return;
    await inviting.begin({
      serviceName: workspace.serviceName(),
      schoolName: needsSchool() ? (school()?.name ?? null) : null,
      inviterName: workspace.ownName(),
      role: chosen,
      rooms: rooms().map(({ roomId, kind, label, genesis }) => ({ roomId, kind, label, genesis })),
    });
  };

  const steps = ({ read, isAdding }: Invited): Step[] => [
    {
      title: text(read === null ? "space.invite.step1" : "space.invite.step1Done"),
      detail: read === null ? text("space.invite.step1Detail") : text("space.invite.step1DoneDetail", { name: read.name ?? text("space.role.socialTeacher"), time: read.time }),
      state: read === null ? "current" : "done",
    },
    {
      title: text("space.invite.step2"),
      detail: text("space.invite.step2Detail"),
      state: isAdding ? "done" : read === null ? "todo" : "current",
    },
    {
      title: capitalise(text("space.invite.step3", { role: text(`space.role.${role() ?? "socialTeacher"}`) })),
      detail: text("space.invite.step3Detail", { place: place() }),
      state: isAdding ? "current" : "todo",
    },
  ];

  const title = () => {
    const name = inviting.joined();
    if (name !== null) return text("space.invite.done", { name });
    const chosen = role();
    return chosen === undefined ? text("space.invite.title") : text("space.invite.titleRole", { role: text(`space.role.${chosen}`) });
  };
  const detail = () => {
    if (inviting.joined() !== null) return text("space.invite.step3Detail", { place: place() });
    const chosen = role();
    return [...(chosen === undefined ? [] : [text(`space.invite.sees.${chosen}`)]), text("space.invite.together")].join(" ");
  };
  const backHref = () => (school() === undefined ? "/innstillinger" : `/skoler/${school()?.schoolId}`);

  return (
    <Page
      focus
      back={{ label: school()?.name ?? text("common.nav.settings"), href: backHref() }}
      dock={
        <InvitingDock
          inviting={inviting}
          doneHref={backHref()}
          choosing={
            <Show when={!shell.example}>
              <Dock>
                <Button variant="primary" size="dock" grow onClick={() => void begin()} aria-disabled={rooms().length === 0}>
                  {text("space.invite.make")}
                </Button>
              </Dock>
            </Show>
          }
        />
      }
    >
      <PageTitle kicker={place()} title={title()} detail={detail()} live={!inviting.isChoosing()} />
      <Show when={!shell.example} fallback={<Notice icon="information">{text("space.invite.exampleOff")}</Notice>}>
        <InvitingProgress
          inviting={inviting}
          steps={steps}
          linkLabel={text("space.invite.linkLabel")}
          expires={text("space.invite.expires")}
          choosing={
            <>
              <ChoiceChips
                legend={text("space.invite.who")}
                options={invitableRoles.map((value) => ({ value, label: capitalise(text(`space.role.${value}`)) }))}
                value={role()}
                onChange={setRole}
                columns={4}
                phoneColumns={2}
              />
              <Show when={needsSchool()}>
                <ChoiceChips
                  legend={text("space.invite.school")}
                  options={workspace.schools().map(({ schoolId: value, name }) => ({ value, label: name }))}
                  value={schoolId()}
                  onChange={setSchoolId}
                  columns={3}
                  phoneColumns={2}
                />
              </Show>
              <Notice icon="cloudUp">{text(inviting.isMaking() ? "space.invite.making" : "space.invite.needsNet")}</Notice>
            </>
          }
        />
      </Show>
    </Page>
  );
}
