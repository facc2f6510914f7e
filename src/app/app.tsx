import { createSignal, type JSX, lazy, Match, onCleanup, onMount, Switch } from "solid-js";
import { parseInviteLink } from "../engine/keys/invitation.ts";
import type { DeviceKeys } from "../engine/keys/vault.ts";
import { systemClock } from "../engine/platform/clock.ts";
import { readPublicPhones } from "../features/space/public-phones.ts";
import { codeUseRow, pendingCodeRow } from "../features/space/recovery-locals.ts";
import type { PendingCode } from "../features/space/recovery-code.ts";
import type { Phone } from "../features/space/schema.ts";
import { WelcomePage } from "../features/space/welcome-page.tsx";
import type { UnlockedEngine } from "../reactive/engine-context.tsx";
import { Button } from "../ui/button.tsx";
import { nextFrame } from "../ui/next-frame.ts";
import { GateFrame } from "../ui/gate-frame.tsx";
import { Alert } from "../ui/notice.tsx";
import { useText } from "../ui/text-provider.tsx";
import { uploadNow } from "./background-upload.ts";
import { findInstallation, type Installation, type InstallationKind, openInstallation, preloadEngine } from "./installation.ts";
import { passkeyUnlock } from "./passkeys.ts";
import type { Preferences } from "./preferences.ts";
import { UnlockGate } from "./unlock-gate.tsx";
import type { AppUpdate } from "./update.ts";

const loadOpened = () => import("./opened.tsx");
const Opened = lazy(() => loadOpened().then((module) => ({ default: module.Opened })));
const CreateServicePage = lazy(() => import("../features/space/create-service-page.tsx").then((module) => ({ default: module.CreateServicePage })));
const RecoveryPage = lazy(() => import("../features/space/recovery-page.tsx").then((module) => ({ default: module.RecoveryPage })));
const loadUseCode = () => import("../features/space/use-code-page.tsx");
const UseCodePage = lazy(() => loadUseCode().then((module) => ({ default: module.UseCodePage })));
const RecoveringPage = lazy(() => loadUseCode().then((module) => ({ default: module.RecoveringPage })));
const loadCodes = () => import("../features/space/recovery-code.ts");
const JoinPage = lazy(() => import("../features/space/join-page.tsx").then((module) => ({ default: module.JoinPage })));

/** No secret: it is shown on the example's lock screen. */
const examplePassphrase = "eksempel";

type Stage =
  | { type: "starting" }
  | { type: "welcome" }
  | { type: "creating" }
  | { type: "joining"; link: ReturnType<typeof parseInviteLink> | "reloaded" }
  | { type: "occupied"; kind: InstallationKind }
  | { type: "locked"; installation: Installation; phones: Phone[] }
  | { type: "usingCode" }
  | { type: "recovering"; installation: Installation; engine: UnlockedEngine }
  | { type: "recovery"; installation: Installation; engine: UnlockedEngine; pending: PendingCode; serviceName: string; missed: number; ask: [number, number] }
  | { type: "open"; installation: Installation; engine: UnlockedEngine };

/** Locked, enrolling or open: what is behind the lock exists only while it is open. */
export function App(props: { preferences: Preferences; update: AppUpdate }): JSX.Element {
  const { text } = useText();
  const [stage, setStage] = createSignal<Stage>({ type: "starting" });
  const inviteText = takeInviteFromAddress();
  const hadInvite = inviteText === null && takeInviteMark();

  const whenOnline = () => {
    if (stage().type === "locked") void uploadNow();
  };
  window.addEventListener("online", whenOnline);
  onCleanup(() => window.removeEventListener("online", whenOnline));

  onMount(async () => {
    await start();
    // What comes after the first screen is fetched behind it, while somebody reads it or writes the passphrase.
    await nextFrame();
    void loadOpened();
    void preloadEngine();
  });

  async function start(): Promise<void> {
    const kind = await findInstallation();
    if (kind === null) {
      if (hadInvite) setStage({ type: "joining", link: "reloaded" });
      else setStage(inviteText === null ? { type: "welcome" } : { type: "joining", link: parseInviteLink(inviteText) });
      return;
    }
    if (inviteText !== null) setStage({ type: "occupied", kind });
    else await showLock(openInstallation(kind));
  }

  async function showLock(installation: Installation): Promise<void> {
    const phones = readPublicPhones((await installation.database.meta.get("phones"))?.value);
    setStage({ type: "locked", installation, phones });
    if (installation.kind === "service") void uploadNow();
  }

  /** What is behind the lock is read from the disk while the key is being made or asked for. */
  async function openWith<Fault>(
    installation: Installation,
    unlock: () => Promise<{ ok: true; keys: DeviceKeys } | { ok: false; fault: Fault }>,
  ): Promise<{ ok: true } | { ok: false; fault: Fault }> {
    const ahead = installation.readAhead();
    ahead.catch(() => undefined);
    const unlocked = await unlock();
    if (!unlocked.ok) return unlocked;
    await enter(installation, await installation.open(unlocked.keys, ahead));
    return { ok: true };
  }

  /** A recovery code that was never confirmed is shown again before anything else, and a use of one that was broken off goes on. */
  async function enter(installation: Installation, engine: UnlockedEngine): Promise<void> {
    try {
      (await loadOpened()).readAhead(engine);
      const [pending, use] = await Promise.all([engine.locals.load(pendingCodeRow), engine.locals.load(codeUseRow)]);
      if (installation.kind !== "service" || (pending === undefined && use === undefined)) setStage({ type: "open", installation, engine });
      else if (pending === undefined) setStage({ type: "recovering", installation, engine });
      else await showCode(installation, engine);
    } catch (error) {
      // Nothing of it may go on behind a lock that stands.
      await engine.space.close();
      throw error;
    }
  }

  async function showCode(installation: Installation, engine: UnlockedEngine, missed = 0): Promise<void> {
    const { askedGroups, loadPendingCode, serviceNameIn } = await loadCodes();
    const [pending, serviceName] = await Promise.all([loadPendingCode(engine.locals), serviceNameIn(engine.space.rooms.get())]);
    if (pending === null) setStage({ type: "open", installation, engine });
    else setStage({ type: "recovery", installation, engine, pending, serviceName, missed, ask: askedGroups(engine.random) });
  }

  /** What was confirmed stands in the service's room before it is forgotten here. */
  async function confirmCode({ installation, engine, pending }: Extract<Stage, { type: "recovery" }>): Promise<void> {
    const { confirmNextCode, removePendingCode } = await loadCodes();
    const service = engine.space.rooms.get().find(({ kind }) => kind === "service");
    if (service !== undefined) await confirmNextCode(service, pending);
    await removePendingCode(engine.locals);
    setStage({ type: "open", installation, engine });
  }

  async function startOver(installation: Installation, then: Stage): Promise<void> {
    await installation.destroy();
    setStage(then);
  }

  async function tryExample(): Promise<void> {
    const installation = openInstallation("example");
    const { buildExample } = await import("./example.ts");
    const engine = await buildExample(installation, examplePassphrase);
    setStage({ type: "open", installation, engine });
  }

  return (
    <Switch>
      <Match when={stage().type === "welcome"}>
        <WelcomePage onCreate={() => setStage({ type: "creating" })} onUseCode={() => setStage({ type: "usingCode" })} onExample={tryExample} />
      </Match>
      <Match when={stage().type === "creating"}>
        <CreateServicePage
          backHref="/"
          create={async (service) => {
            const { createService } = await import("./birth.ts");
            const born = await createService(openInstallation("service"), service);
            if (!born.ok) return born;
            await showCode(born.installation, born.engine);
            return { ok: true };
          }}
        />
      </Match>
      <Match when={stage().type === "usingCode"}>
        <UseCodePage
          backHref="/"
          use={async (use) => {
            const installation = openInstallation("service");
            const begun = await (await import("./recover.ts")).beginUse(installation, use);
            if (!begun.ok) return begun.fault;
            setStage({ type: "recovering", installation, engine: begun.engine });
            return null;
          }}
        />
      </Match>
      <Match when={stageOf(stage(), "recovering")}>
        {(current) => (
          <RecoveringPage
            goOn={async () => {
              const { installation, engine } = current();
              const gone = await (await import("./recover.ts")).goOnWithUse(engine);
              if (!gone.ok) return gone.fault;
              await showCode(installation, engine, gone.missed);
              return null;
            }}
            startOver={async () => {
              const { installation, engine } = current();
              await engine.space.close();
              await startOver(installation, { type: "usingCode" });
            }}
          />
        )}
      </Match>
      <Match when={stageOf(stage(), "joining")}>
        {(current) => (
          <JoinPage
            link={current().link}
            clock={systemClock}
            join={async (joining) => {
              const installation = openInstallation("service");
              const { joinService } = await import("./birth.ts");
              setStage({ type: "open", installation, engine: await joinService(installation, joining) });
            }}
          />
        )}
      </Match>
      <Match when={stageOf(stage(), "occupied")}>
        {(current) => (
          <GateFrame title={text("space.join.title")}>
            <Alert>{text(current().kind === "example" ? "space.join.exampleInTheWay" : "space.join.occupied")}</Alert>
            <Button variant="secondary" size="dock" onClick={() => void showLock(openInstallation(current().kind))}>
              {text("lock.unlock")}
            </Button>
          </GateFrame>
        )}
      </Match>
      <Match when={stageOf(stage(), "locked")}>
        {(current) => (
          <UnlockGate
            greeting={text(greetingKey(new Date()))}
            phones={current().phones}
            examplePassphrase={current().installation.kind === "example" ? examplePassphrase : undefined}
            unlock={(passphrase) => openWith(current().installation, () => current().installation.vault.unlock(passphrase))}
            passkey={async () => {
              const { installation } = current();
              const unlock = await passkeyUnlock(installation.vault);
              return unlock && (() => openWith(installation, unlock));
            }}
            startOver={
              current().installation.kind === "example"
                ? undefined
                : { unsent: () => current().installation.unsent(), run: () => startOver(current().installation, { type: "welcome" }) }
            }
          />
        )}
      </Match>
      <Match when={stageOf(stage(), "recovery")}>
        {(current) => (
          <RecoveryPage
            code={current().pending.code}
            serviceName={current().serviceName}
            ask={current().ask}
            occasion={current().pending.next === null ? "first" : "used"}
            missed={current().missed}
            today={new Date().toISOString().slice(0, 10)}
            onConfirmed={() => confirmCode(current())}
          />
        )}
      </Match>
      <Match when={stageOf(stage(), "open")}>
        {(current) => (
          <Opened
            installation={current().installation}
            engine={current().engine}
            preferences={props.preferences}
            update={props.update}
            onLocked={() => void showLock(openInstallation(current().installation.kind))}
            onDeleted={() => setStage({ type: "welcome" })}
          />
        )}
      </Match>
    </Switch>
  );
}

function stageOf<T extends Stage["type"]>(stage: Stage, type: T): Extract<Stage, { type: T }> | false {
  return stage.type === type ? (stage as Extract<Stage, { type: T }>) : false;
}

/** The invitation's secret is taken out of the address at once, so that it does not stay in the history. */
function takeInviteFromAddress(): string | null {
  const prefix = "#/i/";
  if (!location.hash.startsWith(prefix)) return null;
  const text = location.hash.slice(prefix.length);
  history.replaceState(inviteMark, "", "/");
  return text;
}

/** What a reload of the page still knows: that there was an invitation, and not which. */
const inviteMark = { wasInvited: true };

/** Whether this page was loaded again after an invitation had been taken out of its address. Said once. */
function takeInviteMark(): boolean {
  const state: unknown = history.state;
  const isMarked = typeof state === "object" && state !== null && "wasInvited" in state;
  if (isMarked) history.replaceState(null, "");
  return isMarked;
}

function greetingKey(at: Date) {
  const hour = at.getHours();
  if (hour < 11) return "common.greeting.morning" as const;
  return hour < 18 ? ("common.greeting.day" as const) : ("common.greeting.evening" as const);
}
