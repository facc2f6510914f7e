import { createEffect, createResource, createSignal, type JSX, Match, onCleanup, Show, Switch } from "solid-js";
import { limits } from "#protocol/limits.ts";
import { checkWords } from "../../content/check-words.ts";
import type { InviteLink, Offer } from "../../engine/keys/invitation.ts";
import { type Clock, systemRandom } from "../../engine/platform/clock.ts";
import { createRelayClient } from "../../engine/sync/relay-client.ts";
import { askToJoin, awaitDone, type PendingLeaf, readOffer } from "../../engine/sync/invite-flow.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { GateFrame } from "../../ui/gate-frame.tsx";
import { Alert } from "../../ui/notice.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { WordCards } from "../../ui/word-cards.tsx";
import { faultKey } from "./invite-fault.ts";
import { NewPassphraseField } from "./passphrase-fields.tsx";
import { isLongEnough } from "./passphrase-strength.ts";
import { RelayUnreachableError } from "../../engine/platform/errors.ts";

export type Joining = { offer: Offer; leaves: PendingLeaf[]; name: string; passphrase: string };

type Stage =
  | { type: "asking" }
  | { type: "comparing"; check: number[] }
  | { type: "fetching" }
  | { type: "refused" }
  | { type: "failed"; key: ReturnType<typeof faultKey> | "space.invite.fault.brokenLink" | "space.join.reloaded" };

/** The newcomer's side of an invitation. Nothing is stored on the device before the inviter has said yes. */
export function JoinPage(props: {
  /** null for a broken one; «reloaded» when it was lost with the page that had it. */
  link: InviteLink | "reloaded" | null;
  clock: Clock;
  join: (joining: Joining) => Promise<void>;
}): JSX.Element {
  const { text } = useText();
  const relay = createRelayClient(location.origin, fetch.bind(globalThis), props.clock);
  const link = props.link === "reloaded" ? null : props.link;
  const [stage, setStage] = createSignal<Stage>(
    link !== null ? { type: "asking" } : { type: "failed", key: props.link === null ? "space.invite.fault.brokenLink" : "space.join.reloaded" },
  );
  const [name, setName] = createSignal("");
  const [passphrase, setPassphrase] = createSignal("");
  const [tried, setTried] = createSignal(false);
  const [working, setWorking] = createSignal(false);
  let over = false;
  onCleanup(() => {
    over = true;
  });

  // The newcomer's keys are only in memory until the inviter has said yes, and the link serves once: a reload would mean a new invitation.
  createEffect(() => {
    if (!working()) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    onCleanup(() => window.removeEventListener("beforeunload", ask));
  });

  const unreachable = () => setStage({ type: "failed", key: "space.invite.fault.unreachable" });
  const guarded = async <T,>(work: () => Promise<T>): Promise<T | null> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RelayUnreachableError)) throw error;
      unreachable();
      return null;
    }
  };

  const [offer, { refetch }] = createResource(
    () => link,
    async (given) => {
      const read = await guarded(() => readOffer(relay, given));
      if (read === null) return null;
      if (read.ok) return read.value;
      if (read.fault.type !== "cancelled") setStage({ type: "failed", key: faultKey(read.fault) });
      return null;
    },
  );

  /** Whose device this is to be, where it is one more of the inviter's own. */
  const ownerName = () => offer()?.ownName;
  const nameError = () => (ownerName() === undefined && tried() && name().trim() === "" ? text("space.create.required") : undefined);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const offered = offer();
    setTried(true);
    if (working() || link === null || offered === null || offered === undefined) return;
    if (nameError() !== undefined || !isLongEnough(passphrase())) return;
    setWorking(true);
    await guarded(async () => {
      const until = props.clock.now() + limits.inviteMs;
      const givenName = offered.ownName ?? name().trim();
      const waiting = { relay, clock: props.clock, cancelled: () => over, random: systemRandom, until };
      const asked = await askToJoin(waiting, link, offered, givenName);
      if (!asked.ok) return asked.fault.type === "cancelled" ? undefined : setStage({ type: "failed", key: faultKey(asked.fault) });
      setStage({ type: "comparing", check: asked.value.check });
      const done = await awaitDone(waiting, link);
      if (!done.ok) return done.fault.type === "cancelled" ? undefined : setStage({ type: "failed", key: faultKey(done.fault) });
      if (!done.value.added) return setStage({ type: "refused" });
      setStage({ type: "fetching" });
      await props.join({ offer: offered, leaves: asked.value.leaves, name: givenName, passphrase: passphrase() });
      return undefined;
    });
    setWorking(false);
  };

  const titleOf = ({ ownName }: Offer) => {
    const compares = stage().type === "comparing";
    if (ownName === undefined) return text(compares ? "space.join.waitingTitle" : "space.join.title");
    return compares ? text("people.newDevice.compareTitle") : text("people.newDevice.joinTitle", { name: ownName });
  };
  /** Nothing is lost before somebody was asked; whatever was typed is still there. */
  const again = () => {
    setStage({ type: "asking" });
    if (offer() == null) void refetch();
  };
  const place = (offered: Offer) => offered.schoolName ?? offered.serviceName;
  const check = () => {
    const current = stage();
    return current.type === "comparing" ? current.check.map((index) => checkWords[index] ?? "") : [];
  };

  return (
    <Switch>
      <Match when={stage().type === "failed"}>
        <GateFrame title={text("space.join.title")}>
          <Alert>{text((stage() as Extract<Stage, { type: "failed" }>).key)}</Alert>
          <div class="button-row section-action">
            <Show when={(stage() as Extract<Stage, { type: "failed" }>).key === "space.invite.fault.unreachable"}>
              <Button variant="primary" icon="refresh" onClick={again}>
                {text("space.useCode.again")}
              </Button>
            </Show>
            <ToWelcome />
          </div>
        </GateFrame>
      </Match>
      <Match when={offer()}>
        {(offered) => (
          <GateFrame
            title={titleOf(offered())}
            detail={
              offered().ownName === undefined
                ? text("space.join.detail", { inviter: offered().inviterName, place: place(offered()), role: text(`space.role.${offered().role}`) })
                : text("people.newDevice.joinDetail", { name: offered().ownName ?? "" })
            }
          >
            <Switch>
              <Match when={stage().type === "asking"}>
                <form class="stack" onSubmit={submit} novalidate>
                  <Show when={offered().ownName === undefined}>
                    <TextField
                      label={text("space.join.ownName")}
                      hint={text("space.create.ownNameHint")}
                      value={name()}
                      onInput={setName}
                      error={nameError()}
                      autocomplete="name"
                      maxLength={80}
                      required
                    />
                  </Show>
                  <NewPassphraseField
                    label={text("space.join.passphrase")}
                    value={passphrase()}
                    onInput={setPassphrase}
                    tried={tried()}
                  />
                  <Button type="submit" variant="primary" size="dock" aria-disabled={working()}>
                    {working() ? text("space.join.waiting", { inviter: offered().inviterName }) : text("space.join.submit")}
                  </Button>
                </form>
              </Match>
              <Match when={stage().type === "comparing"}>
                <div aria-live="polite">
                  <WordCards question={offered().ownName === undefined ? text("space.join.compare", { inviter: offered().inviterName }) : text("people.newDevice.compare")} words={check()} />
                </div>
                <p class="gate-note">{offered().ownName === undefined ? text("space.join.compareDetail", { inviter: offered().inviterName }) : text("people.newDevice.compareDetail")}</p>
              </Match>
              <Match when={stage().type === "fetching"}>
                <p role="status">{text("space.join.fetching")}</p>
              </Match>
              <Match when={stage().type === "refused"}>
                <Alert>{offered().ownName === undefined ? text("space.join.refused", { inviter: offered().inviterName }) : text("people.newDevice.refused")}</Alert>
                <div class="button-row section-action">
                  <ToWelcome />
                </div>
              </Match>
            </Switch>
          </GateFrame>
        )}
      </Match>
      <Match when={offer.loading}>
        <GateFrame title={text("space.join.title")}>
          <Show when={link}>
            <p role="status">…</p>
          </Show>
        </GateFrame>
      </Match>
    </Switch>
  );
}

/** The invitation came to nothing: the first screen. An app on the home screen has no address to go back by. */
function ToWelcome(): JSX.Element {
  const { text } = useText();
  return (
    <ButtonLink icon="arrowLeft" href="/">
      {text("common.action.back")}
    </ButtonLink>
  );
}
