import { createResource, createSignal, type JSX, Match, onCleanup, Show, Switch } from "solid-js";
import type { PassphraseFault, PasskeyFault } from "../engine/keys/vault.ts";
import type { PasskeyRefusal } from "../engine/platform/passkey-device.ts";
import { StretchError } from "../engine/platform/errors.ts";
import { PhoneList } from "../features/space/phone-list.tsx";
import type { Phone } from "../features/space/schema.ts";
import { momentOf } from "../lib/iso-date.ts";
import { Forgotten, type StartOver } from "../features/space/forgotten.tsx";
import { Button } from "../ui/button.tsx";
import { GateFrame } from "../ui/gate-frame.tsx";
import { Alert, Notice } from "../ui/notice.tsx";
import { TextField } from "../ui/text-field.tsx";
import { useText } from "../ui/text-provider.tsx";

type Attempt<Fault> = Promise<{ ok: true } | { ok: false; fault: { type: Fault } }>;
export type UnlockAttempt = (passphrase: string) => Attempt<PassphraseFault["type"]>;
export type PasskeyAttempt = () => Attempt<PasskeyFault["type"] | PasskeyRefusal>;
type Fault = PassphraseFault["type"] | PasskeyFault["type"] | PasskeyRefusal | "couldNotTry" | "couldNotOpen";

const passkeyFaults = { cancelled: "lock.passkeyCancelled", noPrf: "lock.passkeyFailed", failed: "lock.passkeyFailed", wrongPasskey: "lock.passkeyFailed" } as const;

/** The lock screen: works without a network, says nothing of what is behind it, and has the telephones that may be needed. */
export function UnlockGate(props: {
  greeting: string;
  detail?: string | undefined;
  unlock: UnlockAttempt;
  /** Opens by a passkey; null where there is none. */
  passkey: () => Promise<PasskeyAttempt | null>;
  /** The way out of a device whose passphrase is gone. Left out where there is none. */
  startOver?: StartOver | undefined;
  phones: readonly Phone[];
  /** The example's passphrase, which is no secret. */
  examplePassphrase?: string | undefined;
}): JSX.Element {
  const { text } = useText();
  const [passphrase, setPassphrase] = createSignal("");
  const [working, setWorking] = createSignal(false);
  const [fault, setFault] = createSignal<Fault | null>(null);
  const [passkey] = createResource(() => props.passkey().catch(() => null));
  const [shown, setShown] = createSignal<"phones" | "forgotten" | null>(null);
  let field: HTMLInputElement | undefined;
  let over = false;
  onCleanup(() => {
    over = true;
  });

  const attempt = async (unlock: () => Attempt<Fault>): Promise<boolean> => {
    setWorking(true);
    setFault(null);
    const result = await unlock().catch(
      (error: unknown) => ({ ok: false, fault: { type: error instanceof StretchError ? "couldNotTry" : "couldNotOpen" } }) as const,
    );
    if (over) return true;
    setWorking(false);
    if (!result.ok) setFault(result.fault.type);
    return result.ok;
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (working() || (await attempt(() => props.unlock(passphrase())))) return;
    setPassphrase("");
    field?.focus();
  };
  const usePasskey = async (unlock: PasskeyAttempt) => {
    if (!working()) await attempt(unlock);
  };
  const passkeyFault = () => {
    const known = fault();
    return known !== null && known in passkeyFaults ? passkeyFaults[known as keyof typeof passkeyFaults] : null;
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
          <Match when={passkeyFault()}>{(key) => <Alert>{text(key())}</Alert>}</Match>
        </Switch>
        <Button type="submit" variant="primary" size="dock" icon="unlock" aria-disabled={working()}>
          {working() ? text("lock.unlocking") : text("lock.unlock")}
        </Button>
        <Show when={passkey()}>
          {(unlock) => (
            <Button variant="secondary" size="dock" icon="key" aria-disabled={working()} onClick={() => void usePasskey(unlock())}>
              {text("lock.usePasskey")}
            </Button>
          )}
        </Show>
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
          <Forgotten hasPasskey={(passkey() ?? null) !== null} startOver={props.startOver} />
        </Show>
        <Show when={shown() === "phones"}>
          <PhoneList phones={props.phones} now={momentOf(new Date())} />
        </Show>
      </div>
    </GateFrame>
  );
}
