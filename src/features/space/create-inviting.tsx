import { type Accessor, createSignal, type JSX, Match, onCleanup, Show, Switch } from "solid-js";
import { checkWords } from "../../content/check-words.ts";
import { formatInviteLink, type InviteLink, type Offer } from "../../engine/keys/invitation.ts";
import { RelayUnreachableError } from "../../engine/platform/errors.ts";
import { finishInvite, type InviteFault, type Inviter, meetNewcomer, offerInvite, persist } from "../../engine/sync/invite-flow.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Dock } from "../../ui/dock.tsx";
import { Alert, Notice } from "../../ui/notice.tsx";
import { QrCode } from "../../ui/qr-code.tsx";
import { type Step, Steps } from "../../ui/steps.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { WordCards } from "../../ui/word-cards.tsx";
import { faultKey } from "./invite-fault.ts";

/** As the picture says: long enough to find the phone, too short to be found by others. */
const inviteLifeMs = 20 * 60 * 1000;

export type Newcomer = Extract<Awaited<ReturnType<typeof meetNewcomer>>, { ok: true }>["value"];

type Stage =
  | { type: "choosing" }
  | { type: "making" }
  | { type: "waiting"; link: InviteLink; asked: string | null }
  | { type: "comparing"; waiting: Inviter; link: InviteLink; newcomer: Newcomer; asked: string }
  | { type: "adding"; waiting: Inviter; link: InviteLink; newcomer: Newcomer; asked: string }
  | { type: "done"; name: string }
  | { type: "stopped" }
  | { type: "failed"; key: ReturnType<typeof faultKey> };

/** What the steps tell of: whether the code was read, by whom and when, and whether keys are being given. */
export type Invited = { read: { name: string | null; time: string } | null; isAdding: boolean };

export type Inviting = {
  isChoosing: Accessor<boolean>;
  isMaking: Accessor<boolean>;
  stage: Accessor<Stage>;
  /** Who is in now, by the name they gave; null until then. */
  joined: Accessor<string | null>;
  begin(offer: Offer): Promise<void>;
  answer(same: boolean): Promise<void>;
  again(): void;
};

/**
 * The inviter's side of an invitation, from the code to the yes; it ends with the page.
 * @param add lets the newcomer in; may be run again. False when the relay did not take it
 */
export function createInviting(add: (newcomer: Newcomer) => Promise<boolean>): Inviting {
  const { format } = useText();
  const engine = useEngine();
  const [stage, setStage] = createSignal<Stage>({ type: "choosing" });
  let over = false;
  onCleanup(() => {
    over = true;
  });

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

  return {
    stage,
    isChoosing: () => stage().type === "choosing",
    isMaking: () => stage().type === "making",
    joined() {
      const current = stage();
      return current.type === "done" ? current.name : null;
    },
    again: () => setStage({ type: "choosing" }),
    async begin(offer) {
      setStage({ type: "making" });
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
        const met = await meetNewcomer(waiting, link, offer, () => {
          asked = format.clock(new Date(engine.clock.now()));
          setStage({ type: "waiting", link, asked });
        });
        if (!met.ok) return fail(met.fault);
        setStage({ type: "comparing", waiting, link, newcomer: met.value, asked });
      });
    },
    async answer(same) {
      const current = stage();
      if (current.type !== "comparing") return;
      const { waiting, link, newcomer } = current;
      if (!same) {
        setStage({ type: "stopped" });
        await finishInvite(waiting, link, false);
        return;
      }
      setStage({ ...current, type: "adding" });
      const added = await persist(waiting, async () => {
        await engine.space.sync.settle();
        return { ok: true, value: await add(newcomer) };
      });
      if (!added.ok) return fail(added.fault);
      if (!added.value) return void setStage({ type: "failed", key: "space.invite.notAdded" });
      const told = await finishInvite(waiting, link, true);
      if (!told.ok) return fail(told.fault);
      setStage({ type: "done", name: newcomer.name });
    },
  };
}

/** The buttons of the stage; `choosing` is the page's own. */
export function InvitingDock(props: {
  inviting: Inviting;
  choosing: JSX.Element;
  /** Where one goes when it is done. */
  doneHref: string;
  /** In place of «Lag en ny invitasjon». */
  again?: string | undefined;
}): JSX.Element {
  const { text } = useText();
  const type = () => props.inviting.stage().type;
  return (
    <Switch>
      <Match when={type() === "choosing"}>{props.choosing}</Match>
      <Match when={type() === "comparing"}>
        <Dock>
          <Button variant="secondary" size="dock" onClick={() => void props.inviting.answer(false)}>
            {text("space.invite.different")}
          </Button>
          <Button variant="primary" size="dock" icon="check" grow onClick={() => void props.inviting.answer(true)}>
            {text("space.invite.same")}
          </Button>
        </Dock>
      </Match>
      <Match when={["done", "failed", "stopped"].includes(type())}>
        <Dock>
          <Button variant="secondary" size="dock" grow={type() !== "done"} onClick={() => props.inviting.again()}>
            {props.again ?? text("space.invite.again")}
          </Button>
          <Show when={type() === "done"}>
            <ButtonLink variant="primary" size="dock" icon="check" grow href={props.doneHref}>
              {text("common.action.done")}
            </ButtonLink>
          </Show>
        </Dock>
      </Match>
    </Switch>
  );
}

/** The code, the steps, the words, and how it ended where it did not end well: that is the title of the page. */
export function InvitingProgress(props: {
  inviting: Inviting;
  /** What is asked before the code is made. */
  choosing: JSX.Element;
  steps: (invited: Invited) => Step[];
  linkLabel: string;
  /** How long the code is good, and for whom. */
  expires: string;
}): JSX.Element {
  const { text } = useText();
  const stage = () => props.inviting.stage();
  const linkText = () => {
    const current = stage();
    return "link" in current ? `${location.origin}/#/i/${formatInviteLink(current.link)}` : "";
  };
  const words = () => {
    const current = stage();
    return "newcomer" in current ? current.newcomer.check.map((index) => checkWords[index] ?? "") : [];
  };
  const invited = (): Invited => {
    const current = stage();
    const asked = "asked" in current ? current.asked : null;
    return {
      read: asked === null ? null : { name: "newcomer" in current ? current.newcomer.name : null, time: asked },
      isAdding: current.type === "adding",
    };
  };
  const ended = <Type extends Stage["type"]>(type: Type) => {
    const current = stage();
    return current.type === type ? (current as Extract<Stage, { type: Type }>) : undefined;
  };
  return (
    <Switch>
      <Match when={stage().type === "choosing" || stage().type === "making"}>{props.choosing}</Match>
      <Match when={"link" in stage()}>
        <Card>
          <div class="invite-card">
            <QrCode value={linkText()} />
            <Steps steps={props.steps(invited())} />
          </div>
        </Card>
        <Show when={words().length > 0} fallback={<LinkField label={props.linkLabel} value={linkText()} />}>
          <div aria-live="polite">
            <WordCards question={text("space.invite.question")} words={words()} />
          </div>
        </Show>
        <Notice icon="clock">{stage().type === "adding" ? text("space.invite.adding") : props.expires}</Notice>
      </Match>
      <Match when={stage().type === "stopped"}>
        <Alert>{text("space.invite.differentDone")}</Alert>
      </Match>
      <Match when={ended("failed")}>{(failed) => <Alert>{text(failed().key)}</Alert>}</Match>
    </Switch>
  );
}

/** The link as text, for those who cannot scan: to be copied, or read. */
function LinkField(props: { label: string; value: string }): JSX.Element {
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
      <TextField label={props.label} value={props.value} onInput={() => undefined} spellcheck={false} />
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
