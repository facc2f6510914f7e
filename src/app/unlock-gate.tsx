import { createSignal, type JSX, Match, onCleanup, Show, Switch } from "solid-js";
import type { UnlockFault } from "../engine/keys/vault.ts";
import { StretchError } from "../engine/platform/errors.ts";
import { PhoneList } from "../features/space/phone-list.tsx";
import type { Phone } from "../features/space/schema.ts";
import { momentOf } from "../lib/iso-date.ts";
import { Button } from "../ui/button.tsx";
import { GateFrame } from "../ui/gate-frame.tsx";
import { Alert, Notice } from "../ui/notice.tsx";
import { TextField } from "../ui/text-field.tsx";
import { useText } from "../ui/text-provider.tsx";

export type UnlockAttempt = (passphrase: string) => Promise<{ ok: true } | { ok: false; fault: UnlockFault }>;

/** The lock screen: works without a network, says nothing of what is behind it, and has the telephones that may be needed. */
export function UnlockGate(props: {
  greeting: string;
  detail?: string | undefined;
  unlock: UnlockAttempt;
  phones: readonly Phone[];
  /** The example's passphrase, which is no secret. */
  examplePassphrase?: string | undefined;
}): JSX.Element {
  const { text } = useText();
  const [passphrase, setPassphrase] = createSignal("");
  const [working, setWorking] = createSignal(false);
  const [fault, setFault] = createSignal<UnlockFault["type"] | "couldNotTry" | "couldNotOpen" | null>(null);
  const [shown, setShown] = createSignal<"phones" | "forgotten" | null>(null);
  let field: HTMLInputElement | undefined;
  let over = false;
  onCleanup(() => {
    over = true;
  });

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (working()) return;
    setWorking(true);
    setFault(null);
    const result = await props.unlock(passphrase()).catch(
      (error: unknown) => ({ ok: false, fault: { type: error instanceof StretchError ? "couldNotTry" : "couldNotOpen" } }) as const,
    );
    if (over) return;
    setWorking(false);
    if (result.ok) return;
    setFault(result.fault.type);
    setPassphrase("");
    field?.focus();
  };

  return (
    <GateFrame title={props.greeting} detail={props.detail} foot={<p class="gate-note">{text("common.state.worksOfflineUnlock")}</p>}>
      <form class="stack" onSubmit={submit}>
        <Show when={props.examplePassphrase}>
          {(known) => <Notice icon="information">{text("lock.exampleHint", { passphrase: known() })}</Notice>}
        </Show>
        <TextField
          label={text("lock.passphrase")}
          type="password"
          autocomplete="current-password"
          value={passphrase()}
          onInput={setPassphrase}
          error={fault() === "wrongPassphrase" ? text("lock.wrong") : undefined}
          ref={(element) => {
            field = element;
          }}
          autofocus
          required
        />
        <Switch>
          <Match when={fault() === "damaged"}>
            <Alert>{text("lock.damaged")}</Alert>
          </Match>
          <Match when={fault() === "couldNotTry"}>
            <Alert>{text("errors.stretch")}</Alert>
          </Match>
          <Match when={fault() === "couldNotOpen"}>
            <Alert>{text("lock.couldNotOpen")}</Alert>
          </Match>
        </Switch>
        <Button type="submit" variant="primary" size="dock" icon="unlock" aria-disabled={working()}>
          {working() ? text("lock.unlocking") : text("lock.unlock")}
        </Button>
      </form>
      <div class="gate-links">
        <Button variant="quiet" aria-expanded={shown() === "forgotten"} onClick={() => setShown((now) => (now === "forgotten" ? null : "forgotten"))}>
          {text("lock.forgotten")}
        </Button>
        <Button
          variant="quiet"
          icon="phone"
          aria-expanded={shown() === "phones"}
          onClick={() => setShown((now) => (now === "phones" ? null : "phones"))}
        >
          {text("lock.phones")}
        </Button>
      </div>
      <div aria-live="polite">
        <Show when={shown() === "forgotten"}>
          <p>{text("lock.forgottenHelp")}</p>
        </Show>
        <Show when={shown() === "phones"}>
          <PhoneList phones={props.phones} now={momentOf(new Date())} />
        </Show>
      </div>
    </GateFrame>
  );
}
