import { type JSX, Show } from "solid-js";
import type { Offer } from "../../engine/keys/invitation.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { PageTitle } from "../../ui/card.tsx";
import { Dock } from "../../ui/dock.tsx";
import { Notice } from "../../ui/notice.tsx";
import type { Step } from "../../ui/steps.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { createInviting, type Invited, InvitingDock, InvitingProgress } from "./create-inviting.tsx";
import { inOrder } from "./people-rules.ts";
import { Page } from "./page.tsx";
import { useShell } from "./shell.tsx";
import { useWorkspace } from "./workspace.tsx";

/** One more device of one's own: it reads a code from this one, the words are compared, and it is in every room that this one is in. */
export function NewDevicePage(): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const shell = useShell();
  const workspace = useWorkspace();
  const inviting = createInviting(async ({ members }) => {
    // What the device is called in the first room, it is known by in all of them; whose it is, its memberId says.
    const device = members[0]?.member.deviceId ?? "";
    for (const { roomId, member } of members) {
      const { memberId } = member;
      const role = engine.rooms().find((room) => room.roomId === roomId)?.role ?? member.role;
      const change = { action: "addDevice", member: { ...member, role }, name: workspace.ownName(), ties: { person: memberId, device } } as const;
      if (!(await engine.space.change(roomId, change))) return false;
    }
    return true;
  });

  const begin = async () => {
    const rooms: Offer["rooms"] = [];
    for (const { roomId, kind, label, genesis, deviceId, members } of inOrder(engine.rooms())) {
      const own = (await members()).find((member) => member.deviceId === deviceId);
      // Where this device is not in yet itself, it lets nobody in.
      if (own?.addedAt != null) rooms.push({ roomId, kind, label, genesis, memberId: own.memberId });
    }
    const ownName = workspace.ownName();
    await inviting.begin({ serviceName: workspace.serviceName(), schoolName: null, inviterName: ownName, ownName, role: workspace.role(), rooms });
  };

  const steps = ({ read, isAdding }: Invited): Step[] => [
    {
      title: text("people.newDevice.step1"),
      detail: read === null ? text("people.newDevice.step1Detail") : text("people.newDevice.step1DoneDetail", { time: read.time }),
      state: read === null ? "current" : "done",
    },
    {
      title: text("people.newDevice.step2"),
      detail: text("space.invite.step2Detail"),
      state: isAdding ? "done" : read === null ? "todo" : "current",
    },
    { title: text("people.newDevice.step3"), detail: text("people.newDevice.step3Detail"), state: isAdding ? "current" : "todo" },
  ];

  return (
    <Page
      focus
      back={{ label: text("people.title"), href: "/folk" }}
      dock={
        <InvitingDock
          inviting={inviting}
          doneHref="/folk"
          again={text("people.newDevice.again")}
          choosing={
            <Show when={!shell.example}>
              <Dock>
                <Button variant="primary" size="dock" grow onClick={() => void begin()}>
                  {text("people.newDevice.make")}
                </Button>
              </Dock>
            </Show>
          }
        />
      }
    >
      <PageTitle
        title={text(inviting.joined() === null ? "people.newDevice.title" : "people.newDevice.done")}
        detail={text(inviting.joined() === null ? "people.newDevice.detail" : "people.newDevice.step3Detail")}
        live={!inviting.isChoosing()}
      />
      <Show when={!shell.example} fallback={<Notice icon="information">{text("people.newDevice.exampleOff")}</Notice>}>
        <InvitingProgress
          inviting={inviting}
          steps={steps}
          linkLabel={text("people.newDevice.linkLabel")}
          expires={text("people.newDevice.expires")}
          choosing={
            <>
              <Notice icon="cloudUp">{text(inviting.isMaking() ? "people.newDevice.making" : "people.newDevice.needsNet")}</Notice>
              <Show when={workspace.role() === "socialTeacher"}>
                <Notice icon="key">{text("people.newDevice.keyList")}</Notice>
              </Show>
            </>
          }
        />
      </Show>
    </Page>
  );
}
