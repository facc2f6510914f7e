import { createResource, createSignal, For, type JSX, Show } from "solid-js";
import { dateOf, momentOf } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { FormEnd } from "../../ui/form-end.tsx";
import { Alert } from "../../ui/notice.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { type PasskeyFailure, useShell } from "./shell.tsx";
import { useWorkspace } from "./workspace.tsx";

/** What opens this device beside the passphrase: added with the passphrase, removed with a press. */
export function PasskeysPart(): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const { passkeys } = useShell();
  const [list, { refetch }] = createResource(() => passkeys.list());
  const [isPossible] = createResource(() => passkeys.isPossible());
  const [adding, setAdding] = createSignal(false);
  const [said, setSaid] = createSignal<"passkeyDone" | "passkeyRemoved" | null>(null);
  let opener: HTMLDivElement | undefined;

  const close = (done: boolean) => {
    setAdding(false);
    setSaid(done ? "passkeyDone" : null);
    if (done) void refetch();
    queueMicrotask(() => opener?.querySelector("button")?.focus());
  };
  const remove = async (credentialId: string) => {
    if (!(await engine.run(() => passkeys.remove(credentialId)))) return;
    setSaid("passkeyRemoved");
    await refetch();
    opener?.querySelector("button")?.focus();
  };
  const dateAdded = (at: number) => format.date(dateOf(momentOf(new Date(at))), "dayYear");

  return (
    <div class="section-action">
      <h3 class="voice">{text("space.settings.passkeys")}</h3>
      <p class="detail">{text("space.settings.passkeysDetail")}</p>
      <Show when={(list()?.length ?? 0) > 0}>
        <RowList label={text("space.settings.passkeys")}>
          <For each={list()}>
            {({ credentialId, addedAt }) => (
              <InfoRow
                icon="key"
                tone="neutral"
                title={text("space.settings.passkeyTitle")}
                detail={text("space.settings.passkeyAdded", { date: dateAdded(addedAt) })}
                action={
                  <Button
                    size="small"
                    variant="quiet"
                    icon="trash"
                    aria-label={text("space.settings.removePasskeyOf", { date: dateAdded(addedAt) })}
                    onClick={() => void remove(credentialId)}
                  >
                    {text("space.settings.removePasskey")}
                  </Button>
                }
              />
            )}
          </For>
        </RowList>
      </Show>
      <div ref={(element) => (opener = element)}>
        <Show
          when={adding()}
          fallback={
            <Show when={isPossible() !== false} fallback={<p class="section-action">{text("space.settings.passkeyNoPrf")}</p>}>
              <div class="button-row section-action">
                <Button
                  variant="secondary"
                  icon="key"
                  onClick={() => {
                    setSaid(null);
                    setAdding(true);
                  }}
                >
                  {text("space.settings.addPasskey")}
                </Button>
              </div>
            </Show>
          }
        >
          <PasskeyForm onClose={close} />
        </Show>
      </div>
      <p class="section-action" role="status">{said() === null ? "" : text(`space.settings.${said() ?? "passkeyDone"}`)}</p>
    </div>
  );
}

const failureKeys = {
  cancelled: "space.settings.passkeyCancelled",
  noPrf: "space.settings.passkeyNoPrf",
  failed: "space.settings.passkeyFailed",
  damaged: "lock.damaged",
} as const;

function PasskeyForm(props: { onClose: (done: boolean) => void }): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const { passkeys } = useShell();
  const [passphrase, setPassphrase] = createSignal("");
  const [tried, setTried] = createSignal(false);
  const [working, setWorking] = createSignal(false);
  const [failure, setFailure] = createSignal<PasskeyFailure | null>(null);
  let element: HTMLFormElement | undefined;

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (working()) return;
    setTried(true);
    setFailure(null);
    if (passphrase() === "") return;
    setWorking(true);
    let failed: PasskeyFailure | null = null;
    const ran = await engine.run(async () => {
      failed = await passkeys.add(passphrase(), workspace.ownName() || workspace.serviceName());
    });
    setWorking(false);
    if (ran && failed === null) return props.onClose(true);
    setFailure(failed);
    element?.querySelector("input")?.focus();
  };
  const fieldError = () => {
    if (failure() === "wrongPassphrase") return text("lock.wrong");
    return tried() && passphrase() === "" ? text("space.create.required") : undefined;
  };
  const shownFailure = () => {
    const known = failure();
    return known === null || known === "wrongPassphrase" ? null : failureKeys[known];
  };

  return (
    <form class="card section-action" ref={(form) => (element = form)} onSubmit={submit} novalidate>
      <TextField
        label={text("space.settings.oldPassphrase")}
        hint={text("space.settings.addPasskeyHint")}
        type="password"
        autocomplete="current-password"
        value={passphrase()}
        onInput={setPassphrase}
        error={fieldError()}
        autofocus
        required
      />
      <Show when={shownFailure()}>{(key) => <Alert>{text(key())}</Alert>}</Show>
      <FormEnd label={text(working() ? "space.settings.addingPasskey" : "space.settings.addPasskey")} busy={working()} onClose={() => props.onClose(false)} />
    </form>
  );
}
