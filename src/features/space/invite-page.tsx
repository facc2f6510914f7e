import { useSearchParams } from "@solidjs/router";
import { createMemo, createSignal, type JSX, Match, onCleanup, Show, Switch } from "solid-js";
import { formatInviteLink, type InviteLink, type Offer } from "../../engine/keys/invitation.ts";
import { finishInvite, type InviteFault, type Inviter, meetNewcomer, offerInvite, persist } from "../../engine/sync/invite-flow.ts";
import { checkWords } from "../../content/check-words.ts";
import { capitalise } from "../../i18n/format.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { Card, PageTitle } from "../../ui/card.tsx";
import { ChoiceChips } from "../../ui/chip-group.tsx";
import { Dock } from "../../ui/dock.tsx";
import { Alert, Notice } from "../../ui/notice.tsx";
import { QrCode } from "../../ui/qr-code.tsx";
import { type Step, Steps } from "../../ui/steps.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { WordCards } from "../../ui/word-cards.tsx";
import { faultKey } from "./invite-fault.ts";
import { type InvitableRole, invitableRoles, roomsForRole } from "./invite-rules.ts";
import { Page } from "./page.tsx";
import { useShell } from "./shell.tsx";
import { useWorkspace } from "./workspace.tsx";
import { RelayUnreachableError } from "../../engine/platform/errors.ts";

/** As the picture says: long enough to find the phone, too short to be found by others. */
const inviteLifeMs = 20 * 60 * 1000;

type Newcomer = Extract<Awaited<ReturnType<typeof meetNewcomer>>, { ok: true }>["value"];

type Stage =
  | { type: "choosing" }
  | { type: "making" }
  | { type: "waiting"; link: InviteLink; asked: string | null }
  | { type: "comparing"; waiting: Inviter; link: InviteLink; newcomer: Newcomer; asked: string }
  | { type: "adding"; waiting: Inviter; link: InviteLink; newcomer: Newcomer; asked: string }
  | { type: "done"; name: string }
  | { type: "stopped" }
  | { type: "failed"; key: ReturnType<typeof faultKey> };

/** Inviting someone, both in the same room or on the phone: a code to read, four words to compare, and a yes. */
export function InvitePage(): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const shell = useShell();
  const workspace = useWorkspace();
  const [search] = useSearchParams<{ skole?: string; rolle?: string }>();
  const [role, setRole] = createSignal<InvitableRole | undefined>(
    invitableRoles.find((candidate) => candidate === search.rolle) ?? (search.skole === undefined ? undefined : "socialTeacher"),
  );
  const [schoolId, setSchoolId] = createSignal<string | undefined>(search.skole);
  const [stage, setStage] = createSignal<Stage>({ type: "choosing" });
  let over = false;
  onCleanup(() => {
    over = true;
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
    setStage({ type: "making" });
    const offer: Offer = {
      serviceName: workspace.serviceName(),
      schoolName: needsSchool() ? (school()?.name ?? null) : null,
      inviterName: workspace.ownName(),
      role: chosen,
      rooms: rooms().map(({ roomId, kind, label, genesis }) => ({ roomId, kind, label, genesis })),
    };
    await guarded(async () => {
      await engine.space.sync.settle();
      const made = await offerInvite(engine.relay, await engine.space.sync.session(), engine.random, offer, inviteLifeMs);
      if (!made.ok) return fail(made.fault);
      const { link } = made.value;
      setStage({ type: "waiting", link, asked: null });
      let asked = "";
      const waiting: Inviter = {
        relay: engine.relay,
        clock: engine.clock,
        random: engine.random,
        cancelled: () => over,
        session: () => engine.space.sync.session(),
        until: engine.clock.now() + inviteLifeMs,
      };
      const met = await meetNewcomer(
        waiting,
        link,
        offer,
        () => {
          asked = format.clock(new Date(engine.clock.now()));
          setStage({ type: "waiting", link, asked });
        },
      );
      if (!met.ok) return fail(met.fault);
      setStage({ type: "comparing", waiting, link, newcomer: met.value, asked });
    });
  };

  const answer = async (same: boolean) => {
    const current = stage();
    if (current.type !== "comparing") return;
    const { waiting, link, newcomer } = current;
    if (!same) {
      setStage({ type: "stopped" });
      await finishInvite(waiting, link, false);
      return;
    }
    setStage({ ...current, type: "adding" });
    const added = await persist(waiting, () => addEverywhere(newcomer));
    if (!added.ok) return fail(added.fault);
    if (!added.value) return setStage({ type: "failed", key: "space.invite.notAdded" });
    const told = await finishInvite(waiting, link, true);
    if (!told.ok) return fail(told.fault);
    setStage({ type: "done", name: newcomer.name });
  };

  /** May be run again: who is a member already stays one. */
  const addEverywhere = async (newcomer: Newcomer): Promise<{ ok: true; value: boolean }> => {
    await engine.space.sync.settle();
    for (const { roomId, member } of newcomer.members) {
      if (!(await engine.space.addMember(roomId, member, newcomer.name))) return { ok: true, value: false };
    }
    return { ok: true, value: true };
  };

  const fail = (fault: InviteFault) => {
    if (fault.type !== "cancelled") setStage({ type: "failed", key: faultKey(fault) });
  };
  const guarded = async (work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof RelayUnreachableError)) throw error;
      if (!over) setStage({ type: "failed", key: "space.invite.fault.unreachable" });
    }
  };

  const words = () => {
    const current = stage();
    return current.type === "comparing" || current.type === "adding" ? current.newcomer.check.map((index) => checkWords[index] ?? "") : [];
  };
  const linkText = () => {
    const current = stage();
    return "link" in current ? `${location.origin}/#/i/${formatInviteLink(current.link)}` : "";
  };
  const steps = (): Step[] => {
    const current = stage();
    const asked = "asked" in current ? current.asked : null;
    const name = "newcomer" in current ? current.newcomer.name : text("space.role.socialTeacher");
    const read = asked !== null;
    return [
      {
        title: text(read ? "space.invite.step1Done" : "space.invite.step1"),
        detail: read ? text("space.invite.step1DoneDetail", { name, time: asked }) : text("space.invite.step1Detail"),
        state: read ? "done" : "current",
      },
      {
        title: text("space.invite.step2"),
        detail: text("space.invite.step2Detail"),
        state: current.type === "adding" ? "done" : read ? "current" : "todo",
      },
      {
        title: text("space.invite.step3", { role: text(`space.role.${role() ?? "socialTeacher"}`) }),
        detail: text("space.invite.step3Detail", { place: place() }),
        state: current.type === "adding" ? "current" : "todo",
      },
    ];
  };

  return (
    <Page
      focus
      back={{ label: school()?.name ?? text("common.nav.settings"), href: school() === undefined ? "/innstillinger" : `/skoler/${school()?.schoolId}` }}
      dock={
        <Switch>
          <Match when={stage().type === "choosing" && !shell.example}>
            <Dock>
              <Button variant="primary" size="dock" grow onClick={() => void begin()} aria-disabled={rooms().length === 0}>
                {text("space.invite.make")}
              </Button>
            </Dock>
          </Match>
          <Match when={stage().type === "comparing"}>
            <Dock>
              <Button variant="secondary" size="dock" onClick={() => void answer(false)}>
                {text("space.invite.different")}
              </Button>
              <Button variant="primary" size="dock" icon="check" grow onClick={() => void answer(true)}>
                {text("space.invite.same")}
              </Button>
            </Dock>
          </Match>
          <Match when={["done", "failed", "stopped"].includes(stage().type)}>
            <Dock>
              <Button variant="secondary" size="dock" grow onClick={() => setStage({ type: "choosing" })}>
                {text("space.invite.again")}
              </Button>
            </Dock>
          </Match>
        </Switch>
      }
    >
      <PageTitle
        kicker={place()}
        title={role() === undefined ? text("space.invite.title") : text("space.invite.titleRole", { role: text(`space.role.${role() ?? "socialTeacher"}`) })}
        detail={`${role() === undefined ? "" : `${text(`space.invite.sees.${role() ?? "socialTeacher"}`)} `}${text("space.invite.together")}`}
      />
      <Show when={!shell.example} fallback={<Notice icon="information">{text("space.invite.exampleOff")}</Notice>}>
        <Switch>
          <Match when={stage().type === "choosing" || stage().type === "making"}>
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
            <Notice icon="cloudUp">{text(stage().type === "making" ? "space.invite.making" : "space.invite.needsNet")}</Notice>
          </Match>
          <Match when={"link" in stage()}>
            <Card>
              <div class="invite-card">
                <QrCode value={linkText()} />
                <Steps steps={steps()} />
              </div>
            </Card>
            <Show when={words().length > 0} fallback={<LinkField value={linkText()} />}>
              <div aria-live="polite">
                <WordCards question={text("space.invite.question")} words={words()} />
              </div>
            </Show>
            <Notice icon="clock">{text(stage().type === "adding" ? "space.invite.adding" : "space.invite.expires")}</Notice>
          </Match>
          <Match when={stage().type === "done"}>
            <Notice icon="checkCircle">
              {text("space.invite.done", { name: stage().type === "done" ? (stage() as Extract<Stage, { type: "done" }>).name : "" })}
            </Notice>
          </Match>
          <Match when={stage().type === "stopped"}>
            <Alert>{text("space.invite.differentDone")}</Alert>
          </Match>
          <Match when={stage().type === "failed"}>
            <Alert>{text((stage() as Extract<Stage, { type: "failed" }>).key)}</Alert>
          </Match>
        </Switch>
      </Show>
    </Page>
  );
}

/** The link as text, for those who cannot scan: to be copied, or read. */
function LinkField(props: { value: string }): JSX.Element {
  const { text } = useText();
  const [copied, setCopied] = createSignal(false);
  const [refused, setRefused] = createSignal(false);
  const copy = async () => {
    const isCopied = await navigator.clipboard.writeText(props.value).then(
      () => true,
      () => false,
    );
    setCopied(isCopied);
    setRefused(!isCopied);
  };
  return (
    <div class="link-field">
      <TextField label={text("space.invite.linkLabel")} value={props.value} onInput={() => undefined} spellcheck={false} />
      <Button
        variant="secondary"
        icon="copy"
        onClick={() => void copy()}
      >
        {text("common.action.copy")}
      </Button>
      <p role="status">{copied() ? text("space.invite.copied") : ""}</p>
      <Show when={refused()}>
        <Alert>{text("space.invite.notCopied")}</Alert>
      </Show>
    </div>
  );
}
