import { createSignal, type JSX, onCleanup, onMount, Show } from "solid-js";
import { sealLeftTyping } from "../engine/documents/typed-document.ts";
import { PreferencesProvider } from "../features/space/preferences-context.tsx";
import { type Shell, ShellProvider } from "../features/space/shell.tsx";
import { FollowUpsProvider } from "../features/follow-up/follow-ups-context.tsx";
import { WaitingProvider } from "../features/follow-up/waiting-context.tsx";
import { MeetingsProvider } from "../features/meetings/meetings-context.tsx";
import { RunsProvider } from "../features/routines/runs-context.tsx";
import { MattersProvider } from "../features/space/matters-context.tsx";
import { RoomWorkProvider } from "../features/space/room-work.tsx";
import { AccessKeeper } from "../features/access/access-keeper.tsx";
import { FollowKeeper } from "../features/year-end/follow-keeper.tsx";
import { YearKeeper } from "../features/year-end/year-keeper.tsx";
import { WorkspaceProvider } from "../features/space/workspace.tsx";
import { useEngine } from "../reactive/engine-context.tsx";
import { createUndo } from "../ui/create-undo.ts";
import { HideScreen } from "../ui/hide-screen.tsx";
import { afterDrawing } from "../ui/next-frame.ts";
import { useText } from "../ui/text-provider.tsx";
import { watchIdle } from "./idle.ts";
import { askForUpload, watchUnsent } from "./background-upload.ts";
import type { Installation } from "./installation.ts";
import type { Preferences } from "./preferences.ts";
import { createPasskeySettings, passkeyUnlock } from "./passkeys.ts";
import { UnlockGate } from "./unlock-gate.tsx";
import type { AppUpdate } from "./update.ts";

const defaultIdleMinutes = 10;
/** How long a hidden screen comes back by holding alone; after that the passphrase is asked for. */
const holdAloneMs = 30_000;

/** Everything around the pages while the device is unlocked: lock, Skjul, idle time, undo. */
export function OpenApp(props: {
  installation: Installation;
  preferences: Preferences;
  update: AppUpdate;
  onLocked: () => void;
  onDeleted: () => void;
  children: JSX.Element;
}): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const undo = createUndo();
  const [hiddenAt, setHiddenAt] = createSignal<number | null>(null);
  const [asking, setAsking] = createSignal(false);
  const [idleMinutes, setIdleMinutes] = createSignal(defaultIdleMinutes);
  let leaving = false;

  void engine.locals.load("idleMinutes").then((stored) => {
    if (typeof stored === "number" && stored >= 1 && stored <= 60) setIdleMinutes(stored);
  });

  const leave = async (after: () => void) => {
    if (leaving) return;
    leaving = true;
    undo.close();
    try {
      await engine.flushAll();
      const isLeft = engine.space.status.get().unsent > 0;
      await engine.space.close();
      if (isLeft && !shell.example) void askForUpload();
    } finally {
      props.installation.database.close();
      after();
    }
  };
  const lock = () => void leave(props.onLocked);

  onMount(() => {
    // What was typed before the device died becomes part of its documents; the first screen does not wait for it, and what fails is in its draft still.
    void afterDrawing().then(() => engine.read(async () => void (await sealLeftTyping(engine.rooms(), engine.drafts))));
    onCleanup(watchIdle(engine.clock, idleMinutes, lock));
    // Asked when there is something to lose, not at the door; the answer is shown in the settings. Never awaited: some browsers never answer.
    const stopAsking = engine.space.status.subscribe(({ unsent }) => {
      if (unsent === 0) return;
      stopAsking();
      void navigator.storage?.persist?.().catch(() => false);
    });
    onCleanup(stopAsking);
    if (!shell.example) onCleanup(watchUnsent(engine.space));
    const wake = () => engine.space.sync.wake();
    window.addEventListener("online", wake);
    onCleanup(() => window.removeEventListener("online", wake));
  });

  const shell: Shell = {
    example: props.installation.kind === "example",
    lock,
    hide: () => {
      setHiddenAt(engine.clock.now());
      void engine.flushAll();
    },
    undo,
    updateWaiting: props.update.waiting,
    takeUpdate: () => void engine.flushAll().then(() => props.update.takeOver()),
    idleMinutes,
    async setIdleMinutes(minutes) {
      await engine.locals.save("idleMinutes", minutes);
      setIdleMinutes(minutes);
    },
    async changePassphrase(from, to) {
      const changed = await props.installation.vault.changePassphrase(from, to);
      return changed.ok ? "changed" : changed.fault.type;
    },
    passkeys: createPasskeySettings(props.installation.vault),
    async savePublicPhones(phones) {
      await props.installation.database.meta.put({ name: "phones", value: phones });
    },
    async emptyDevice() {
      const isOver = engine.rooms().length === 0 && engine.space.left.get().length === 0;
      if (props.installation.kind !== "example" && !isOver) return;
      await leave(() => void props.installation.destroy().then(props.onDeleted));
    },
  };

  const comeBack = () => {
    const since = hiddenAt();
    if (since !== null && engine.clock.now() - since > holdAloneMs) setAsking(true);
    else setHiddenAt(null);
  };

  const showAgain = <Result extends { ok: boolean }>(unlocked: Result): Result => {
    if (unlocked.ok) {
      setAsking(false);
      setHiddenAt(null);
    }
    return unlocked;
  };

  return (
    <PreferencesProvider preferences={props.preferences}>
      <ShellProvider shell={shell}>
        <WorkspaceProvider>
          <RoomWorkProvider>
            <YearKeeper />
            <FollowKeeper />
            <AccessKeeper />
            <HideScreen hidden={hiddenAt() !== null} now={engine.now()} onReturn={comeBack}>
              <FollowUpsProvider>
                <RunsProvider>
                  <MeetingsProvider>
                    <WaitingProvider>
                      <MattersProvider>{props.children}</MattersProvider>
                    </WaitingProvider>
                  </MeetingsProvider>
                </RunsProvider>
              </FollowUpsProvider>
            </HideScreen>
          </RoomWorkProvider>
          <Show when={asking()}>
            <div class="over-all">
              <UnlockGate
                greeting={text("common.hide.title")}
                detail={text("lock.hiddenHint")}
                phones={[]}
                unlock={async (passphrase) => showAgain(await props.installation.vault.unlock(passphrase))}
                passkey={async () => {
                  const unlock = await passkeyUnlock(props.installation.vault);
                  return unlock && (async () => showAgain(await unlock()));
                }}
              />
            </div>
          </Show>
        </WorkspaceProvider>
      </ShellProvider>
    </PreferencesProvider>
  );
}
