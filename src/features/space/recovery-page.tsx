import { createSignal, For, type JSX, Show } from "solid-js";
import { Button } from "../../ui/button.tsx";
import { Card, PageTitle } from "../../ui/card.tsx";
import { Dock } from "../../ui/dock.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PageFrame } from "../../ui/page-frame.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";

/**
 * The service's recovery code: shown once, to be printed and sealed, and confirmed by typing two of its groups from the paper.
 * @param ask which two groups to ask for, from 0
 */
export function RecoveryPage(props: {
  code: string;
  serviceName: string;
  today: string;
  ask: readonly [number, number];
  /** «first» is a service's first; the others take the place of one that was used, or that is to be given up. */
  occasion: "first" | "used" | "renewed";
  /** Rooms that the code did not open. */
  missed?: number;
  /** Where one comes from, when one may still leave. */
  backHref?: string;
  /** Left out where there is nothing behind it to lock. */
  onLock?: () => void;
  onHide?: () => void;
  onConfirmed: () => Promise<void>;
}): JSX.Element {
  const { text, format, plural } = useText();
  const groups = () => props.code.split("-");
  const [typed, setTyped] = createSignal<[string, string]>(["", ""]);
  const [mismatch, setMismatch] = createSignal(false);
  const normal = (value: string) => value.trim().toUpperCase();

  const confirm = async (event: SubmitEvent) => {
    event.preventDefault();
    const right = props.ask.every((group, index) => normal(typed()[index] ?? "") === groups()[group]);
    setMismatch(!right);
    if (right) await props.onConfirmed();
  };

  return (
    <form onSubmit={confirm} novalidate>
      <PageFrame
        {...(props.backHref === undefined ? {} : { back: { label: text("common.action.cancel"), href: props.backHref, icon: "cross" as const } })}
        onLock={props.onLock}
        onHide={props.onHide}
        dock={
          <Dock>
            <Button type="button" variant="secondary" size="dock" icon="printer" onClick={() => window.print()}>
              {text("space.recovery.print")}
            </Button>
            <Button type="submit" variant="primary" size="dock" icon="check" grow>
              {text("space.recovery.confirm")}
            </Button>
          </Dock>
        }
      >
        <div class="no-print">
          <PageTitle
            title={text(props.occasion === "first" ? "space.recovery.title" : "space.recovery.nextTitle")}
            detail={text(props.occasion === "first" ? "space.recovery.detail" : `space.recovery.${props.occasion}Detail`)}
          />
          <Show when={props.missed}>{(count) => <Notice icon="warning">{plural(count(), "space.useCode.missedOne", "space.useCode.missedMany")}</Notice>}</Show>
        </div>
        <Card kind="now">
          <p class="print-only print-title voice">{text("space.recovery.paperTitle", { service: props.serviceName })}</p>
          <ol class="code-groups" aria-label={text("space.recovery.codeLabel")}>
            <For each={groups()}>{(group) => <li>{group}</li>}</For>
          </ol>
          <p class="print-only">{text("space.recovery.paperText")}</p>
          <p class="print-only">{text("space.recovery.paperDate", { date: format.date(props.today, "dayYear") })}</p>
        </Card>
        <Notice icon="shieldLock">{text("space.recovery.why")}</Notice>
        <section class="stack form-stack no-print">
          <h2 class="voice">{text("space.recovery.confirmTitle")}</h2>
          <p>{text("space.recovery.confirmDetail", { first: props.ask[0] + 1, second: props.ask[1] + 1 })}</p>
          <div class="field-pair">
            <For each={[0, 1] as const}>
              {(index) => (
                <TextField
                  label={text("space.recovery.group", { number: props.ask[index] + 1 })}
                  value={typed()[index]}
                  onInput={(value) => setTyped((before) => (index === 0 ? [value, before[1]] : [before[0], value]))}
                  error={mismatch() ? text("space.recovery.mismatch") : undefined}
                  autocomplete="off"
                  spellcheck={false}
                  maxLength={8}
                  required
                />
              )}
            </For>
          </div>
          <Show when={!mismatch()}>
            <p class="gate-note">{text(props.occasion === "first" ? "space.recovery.later" : "space.recovery.nextLater")}</p>
          </Show>
        </section>
      </PageFrame>
    </form>
  );
}
