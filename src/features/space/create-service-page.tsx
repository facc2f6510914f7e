import { createSignal, type JSX, Show } from "solid-js";
import { createStore } from "solid-js/store";
import { Button } from "../../ui/button.tsx";
import { PageTitle } from "../../ui/card.tsx";
import { Dock } from "../../ui/dock.tsx";
import { Alert } from "../../ui/notice.tsx";
import { PageFrame } from "../../ui/page-frame.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { NewPassphraseField } from "./passphrase-fields.tsx";
import { isLongEnough } from "./passphrase-strength.ts";

export type NewService = { code: string; serviceName: string; ownName: string; passphrase: string };
export type CreateFault = "codeUnknown" | "codeUsed" | "unreachable" | "failed";

/** Makes the service. Online only: nothing is left on the device when it does not succeed. */
export function CreateServicePage(props: {
  create: (service: NewService) => Promise<{ ok: true } | { ok: false; fault: CreateFault }>;
  backHref: string;
}): JSX.Element {
  const { text } = useText();
  const [form, setForm] = createStore<NewService>({ code: "", serviceName: "", ownName: "", passphrase: "" });
  const [tried, setTried] = createSignal(false);
  const [working, setWorking] = createSignal(false);
  const [fault, setFault] = createSignal<CreateFault | null>(null);
  let element: HTMLFormElement | undefined;

  const missing = (field: keyof NewService) =>
    tried() && form[field].trim() === "" ? text("space.create.required") : undefined;
  const codeError = () => {
    const known = fault();
    return missing("code") ?? (known === "codeUnknown" || known === "codeUsed" ? text(`space.create.${known}`) : undefined);
  };

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (working()) return;
    setTried(true);
    setFault(null);
    if ([codeError(), missing("serviceName"), missing("ownName")].some((error) => error !== undefined) || !isLongEnough(form.passphrase)) {
      element?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
      return;
    }
    setWorking(true);
    const result = await props.create({
      code: form.code.trim(),
      serviceName: form.serviceName.trim(),
      ownName: form.ownName.trim(),
      passphrase: form.passphrase,
    });
    setWorking(false);
    if (!result.ok) setFault(result.fault);
  };

  return (
    <form ref={(form) => (element = form)} onSubmit={submit} novalidate>
      <PageFrame
        back={{ label: text("common.action.back"), href: props.backHref }}
        dock={
          <Dock>
            <Button type="submit" variant="primary" size="dock" grow aria-disabled={working()}>
              {working() ? text("space.create.working") : text("space.create.submit")}
            </Button>
          </Dock>
        }
      >
        <PageTitle title={text("space.create.title")} detail={text("space.create.detail")} />
        <div class="stack form-stack">
          <TextField
            label={text("space.create.code")}
            hint={text("space.create.codeHint")}
            value={form.code}
            onInput={(value) => setForm("code", value)}
            error={codeError()}
            autocomplete="one-time-code"
            spellcheck={false}
            required
          />
          <TextField
            label={text("space.create.serviceName")}
            hint={text("space.create.serviceNameHint")}
            value={form.serviceName}
            onInput={(value) => setForm("serviceName", value)}
            error={missing("serviceName")}
            maxLength={80}
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
            label={text("space.create.passphrase")}
            value={form.passphrase}
            onInput={(value) => setForm("passphrase", value)}
            tried={tried()}
          />
          <Show when={fault() === "unreachable" || fault() === "failed" ? fault() : null}>
            {(known) => <Alert>{text(known() === "unreachable" ? "space.create.unreachable" : "space.create.failed")}</Alert>}
          </Show>
        </div>
      </PageFrame>
    </form>
  );
}
