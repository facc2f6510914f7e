import { createSignal, type JSX, Show } from "solid-js";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { Section } from "../../ui/card.tsx";
import { ChoiceChips } from "../../ui/chip-group.tsx";
import { FormEnd } from "../../ui/form-end.tsx";
import { Alert } from "../../ui/notice.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { NewPassphraseField } from "./passphrase-fields.tsx";
import { isLongEnough } from "./passphrase-strength.ts";
import { PasskeysPart } from "./settings-passkeys.tsx";
import { useShell } from "./shell.tsx";

const idleChoices = [2, 5, 10, 20] as const;

/** When the app locks by itself, and what opens it. */
export function LockSection(): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const shell = useShell();
  const [changing, setChanging] = createSignal(false);
  const [changed, setChanged] = createSignal(false);
  let opener: HTMLDivElement | undefined;
  const close = (done: boolean) => {
    setChanging(false);
    setChanged(done);
    queueMicrotask(() => opener?.querySelector("button")?.focus());
  };
  const minutesOf = (value: string | undefined) => idleChoices.find((minutes) => String(minutes) === value);
  return (
    <Section heading={text("space.settings.lock")}>
      <ChoiceChips
        legend={text("space.settings.idle")}
        options={idleChoices.map((count) => ({ value: String(count), label: text("space.settings.idleMinutes", { count }) }))}
        value={String(shell.idleMinutes())}
        onChange={(value) => {
          const minutes = minutesOf(value);
          if (minutes !== undefined) void engine.run(() => shell.setIdleMinutes(minutes));
        }}
        columns={4}
        phoneColumns={4}
        required
      />
      <div ref={(element) => (opener = element)}>
        <Show
          when={changing()}
          fallback={
            <div class="button-row section-action">
              <Button
                variant="secondary"
                icon="key"
                onClick={() => {
                  setChanged(false);
                  setChanging(true);
                }}
              >
                {text("space.settings.changePassphrase")}
              </Button>
            </div>
          }
        >
          <PassphraseForm onClose={close} />
        </Show>
        <p class="section-action" role="status">{changed() ? text("space.settings.passphraseChanged") : ""}</p>
      </div>
      <Show when={!shell.example}>
        <PasskeysPart />
      </Show>
    </Section>
  );
}

function PassphraseForm(props: { onClose: (done: boolean) => void }): JSX.Element {
  const { text } = useText();
  const shell = useShell();
  const engine = useEngine();
  const [from, setFrom] = createSignal("");
  const [to, setTo] = createSignal("");
  const [tried, setTried] = createSignal(false);
  const [working, setWorking] = createSignal(false);
  const [fault, setFault] = createSignal<"wrongPassphrase" | "damaged" | null>(null);
  let element: HTMLFormElement | undefined;

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (working()) return;
    setTried(true);
    setFault(null);
    if (from() === "" || !isLongEnough(to())) {
      queueMicrotask(() => element?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
      return;
    }
    setWorking(true);
    let result: Awaited<ReturnType<typeof shell.changePassphrase>> | undefined;
    const ran = await engine.run(async () => {
      result = await shell.changePassphrase(from(), to());
    });
    setWorking(false);
    if (!ran || result === undefined) return;
    if (result === "changed") props.onClose(true);
    else {
      setFault(result);
      element?.querySelector("input")?.focus();
    }
  };
  const oldError = () => {
    if (fault() === "wrongPassphrase") return text("lock.wrong");
    return tried() && from() === "" ? text("space.create.required") : undefined;
  };

  return (
    <form class="card section-action" ref={(form) => (element = form)} onSubmit={submit} novalidate>
      <TextField
        label={text("space.settings.oldPassphrase")}
        type="password"
        autocomplete="current-password"
        value={from()}
        onInput={setFrom}
        error={oldError()}
        autofocus
        required
      />
      <NewPassphraseField
        label={text("space.settings.newPassphrase")}
        value={to()}
        onInput={setTo}
        tried={tried()}
      />
      <Show when={fault() === "damaged"}>
        <Alert>{text("lock.damaged")}</Alert>
      </Show>
      <FormEnd label={text(working() ? "common.state.saving" : "space.settings.changePassphrase")} busy={working()} onClose={() => props.onClose(false)} />
    </form>
  );
}
