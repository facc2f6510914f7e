import { createSignal, type JSX, onMount, Show } from "solid-js";
import { createStore } from "solid-js/store";
import { Button } from "../../ui/button.tsx";
import { PageTitle } from "../../ui/card.tsx";
import { Dock } from "../../ui/dock.tsx";
import { GateFrame } from "../../ui/gate-frame.tsx";
import { Alert } from "../../ui/notice.tsx";
import { PageFrame } from "../../ui/page-frame.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { NewPassphraseField } from "./passphrase-fields.tsx";
import { isLongEnough } from "./passphrase-strength.ts";

export type CodeUse = { code: string; ownName: string; passphrase: string };
export type UseCodeFault = "notWhole" | "codeUnknown" | "codeReplaced" | "tampered" | "notThere" | "later" | "unreachable" | "failed";

/** Faults that the code itself may be to blame for. */
const codeFaults: readonly UseCodeFault[] = ["notWhole", "codeUnknown", "codeReplaced"];

/** The way in with the paper from the sealed envelope. Nothing is left on the device when the code is not known. */
export function UseCodePage(props: { use: (use: CodeUse) => Promise<UseCodeFault | null>; backHref: string }): JSX.Element {
  const { text } = useText();
  const [form, setForm] = createStore<CodeUse>({ code: "", ownName: "", passphrase: "" });
  const [tried, setTried] = createSignal(false);
  const [working, setWorking] = createSignal(false);
  const [fault, setFault] = createSignal<UseCodeFault | null>(null);
  let element: HTMLFormElement | undefined;

  const missing = (field: keyof CodeUse) => (tried() && form[field].trim() === "" ? text("space.create.required") : undefined);
  const codeFault = () => {
    const known = fault();
    return known !== null && codeFaults.includes(known) ? known : null;
  };
  const codeError = () => {
    const known = codeFault();
    return missing("code") ?? (known === null ? undefined : text(`space.useCode.${known}`));
  };
  const focusError = () => queueMicrotask(() => element?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (working()) return;
    setTried(true);
    setFault(null);
    if ([codeError(), missing("ownName")].some((error) => error !== undefined) || !isLongEnough(form.passphrase)) return focusError();
    setWorking(true);
    const found = await props.use({ code: form.code.trim(), ownName: form.ownName.trim(), passphrase: form.passphrase });
    setWorking(false);
    setFault(found);
    focusError();
  };

  return (
    <form ref={(form) => (element = form)} onSubmit={submit} novalidate>
      <PageFrame
        back={{ label: text("common.action.back"), href: props.backHref }}
        dock={
          <Dock>
            <Button type="submit" variant="primary" size="dock" grow aria-disabled={working()}>
              {working() ? text("space.useCode.looking") : text("space.useCode.submit")}
            </Button>
          </Dock>
        }
      >
        <PageTitle title={text("space.useCode.title")} detail={text("space.useCode.detail")} />
        <div class="stack form-stack">
          <TextField
            label={text("space.useCode.code")}
            hint={text("space.useCode.codeHint")}
            value={form.code}
            onInput={(value) => setForm("code", value)}
            error={codeError()}
            autocomplete="off"
            spellcheck={false}
            maxLength={60}
            required
          />
          <TextField
            label={text("space.create.ownName")}
            hint={text("space.create.ownNameHint")}
            value={form.ownName}
            onInput={(value) => setForm("ownName", value)}
            error={missing("ownName")}
            autocomplete="name"
            maxLength={80}
            required
          />
          <NewPassphraseField
            label={text("space.join.passphrase")}
            value={form.passphrase}
            onInput={(value) => setForm("passphrase", value)}
            tried={tried()}
          />
          <Show when={codeFault() === null ? fault() : null}>{(known) => <Alert>{text(`space.useCode.${known()}`)}</Alert>}</Show>
        </div>
      </PageFrame>
    </form>
  );
}

/** While this device is let in, room by room. Whoever closes the app goes on from here. */
export function RecoveringPage(props: { goOn: () => Promise<UseCodeFault | null>; startOver: () => Promise<void> }): JSX.Element {
  const { text } = useText();
  const [working, setWorking] = createSignal(false);
  const [fault, setFault] = createSignal<UseCodeFault | null>(null);
  const run = async () => {
    if (working()) return;
    setWorking(true);
    setFault(null);
    setFault(await props.goOn().catch(() => "failed" as const));
    setWorking(false);
  };
  onMount(() => void run());
  return (
    <GateFrame title={text("space.useCode.lettingIn")} detail={text("space.useCode.lettingInDetail")}>
      <div class="stack">
        <p role="status">{working() ? text("space.useCode.working") : ""}</p>
        <Show when={fault()}>
          {(known) => (
            <>
              <Alert>{text(`space.useCode.${known()}`)}</Alert>
              <Button variant="primary" size="dock" onClick={() => void run()}>
                {text("space.useCode.again")}
              </Button>
              <Show when={known() !== "unreachable" && known() !== "later"}>
                <Button variant="secondary" size="dock" onClick={() => void props.startOver()}>
                  {text("space.useCode.otherCode")}
                </Button>
              </Show>
            </>
          )}
        </Show>
      </div>
    </GateFrame>
  );
}
