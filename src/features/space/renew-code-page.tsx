import { createSignal, type JSX, Show } from "solid-js";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Card, PageTitle } from "../../ui/card.tsx";
import { Notice } from "../../ui/notice.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { Page } from "./page.tsx";
import { askedGroups, confirmNextCode, makeNextCode, type PendingCode } from "./recovery-code.ts";
import { RecoveryPage } from "./recovery-page.tsx";
import { useShell } from "./shell.tsx";
import { useWorkspace } from "./workspace.tsx";

const settingsHref = "/innstillinger#gjenoppretting";

/** A new recovery code without the old one: the paper is lost, or somebody has seen it. Until it is confirmed the old one is good. */
export function RenewCodePage(): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const shell = useShell();
  const [made, setMade] = createSignal<{ pending: PendingCode; ask: [number, number] } | null>(null);
  const [done, setDone] = createSignal(false);
  const mayRenew = () => (shell.example ? undefined : workspace.serviceRoom());

  const make = () =>
    engine.run(async () => {
      const room = mayRenew();
      if (room !== undefined) setMade({ pending: await makeNextCode(room, engine.random, workspace.ownName()), ask: askedGroups(engine.random) });
    });
  const confirm = async (pending: PendingCode) => {
    const room = mayRenew();
    if (room === undefined) return;
    if (await engine.run(() => confirmNextCode(room, pending))) {
      setMade(null);
      setDone(true);
    }
  };

  return (
    <Show
      when={made()}
      fallback={
        <Page focus back={{ label: text("common.nav.settings"), href: settingsHref }}>
          <PageTitle title={text("space.renewCode.title")} detail={text("space.renewCode.detail")} />
          <Show
            when={!done()}
            fallback={
              <Card>
                <p role="status">{text("space.renewCode.done")}</p>
                <div class="button-row section-action">
                  <ButtonLink variant="primary" href={settingsHref}>
                    {text("common.nav.settings")}
                  </ButtonLink>
                </div>
              </Card>
            }
          >
            <Notice icon="printer">{text("space.renewCode.before")}</Notice>
            <div class="button-row section-action">
              <Button variant="primary" icon="key" aria-disabled={mayRenew() === undefined} onClick={() => void make()}>
                {text("space.renewCode.make")}
              </Button>
            </div>
          </Show>
        </Page>
      }
    >
      {(current) => (
        <RecoveryPage
          code={current().pending.code}
          serviceName={workspace.serviceName()}
          today={engine.today()}
          ask={current().ask}
          occasion="renewed"
          backHref={settingsHref}
          onLock={shell.lock}
          onHide={shell.hide}
          onConfirmed={() => confirm(current().pending)}
        />
      )}
    </Show>
  );
}
