import { createResource, createSignal, type JSX, Show } from "solid-js";
import { Button } from "../../ui/button.tsx";
import { Alert } from "../../ui/notice.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";

export type StartOver = {
  /** What this device alone has, as far as it can be counted while it is locked. */
  unsent(): Promise<{ savings: number; drafts: number }>;
  /** Removes everything from this device. */
  run(): Promise<void>;
};

/** The ways in without the passphrase, best first; and last, for whoever comes in another way, a clean device. */
export function Forgotten(props: { hasPasskey: boolean; startOver: StartOver | undefined }): JSX.Element {
  const { text } = useText();
  const [asking, setAsking] = createSignal(false);
  return (
    <div class="stack forgotten">
      <p>{text("lock.forgottenHelp")}</p>
      <ol class="forgotten-ways">
        <Show when={props.hasPasskey}>
          <li>{text("lock.wayPasskey")}</li>
        </Show>
        <li>{text("lock.wayDevice")}</li>
        <li>{text("lock.wayColleague")}</li>
        <li>{text("lock.wayCode")}</li>
      </ol>
      <Show when={props.startOver}>
        {(startOver) => (
          <>
            <p>{text("lock.startOverWhy")}</p>
            <Show
              when={asking()}
              fallback={
                <Button variant="secondary" icon="trash" onClick={() => setAsking(true)}>
                  {text("lock.startOver")}
                </Button>
              }
            >
              <StartOverForm startOver={startOver()} onClose={() => setAsking(false)} />
            </Show>
          </>
        )}
      </Show>
    </div>
  );
}

function StartOverForm(props: { startOver: StartOver; onClose: () => void }): JSX.Element {
  const { text, plural } = useText();
  const [lost] = createResource(() => props.startOver.unsent().catch(() => null));
  const [word, setWord] = createSignal("");
  const [tried, setTried] = createSignal(false);
  const [working, setWorking] = createSignal(false);
  const isRight = () => word().trim().toLowerCase() === text("lock.startOverWord");
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (working() || !isRight()) return;
    setWorking(true);
    await props.startOver.run();
  };
  return (
    <form class="card stack" onSubmit={submit} novalidate>
      <Alert title={text("lock.lostTitle")}>
        <ul class="lost-list">
          <Show when={!lost.loading}>
            <li>
              {lost() == null
                ? text("lock.lostUnknown")
                : (lost()?.savings ?? 0) === 0
                  ? text("lock.lostNoSavings")
                  : plural(lost()?.savings ?? 0, "lock.lostSavingsOne", "lock.lostSavingsMany")}
            </li>
            <Show when={lost()?.drafts}>{(count) => <li>{plural(count(), "lock.lostDraftsOne", "lock.lostDraftsMany")}</li>}</Show>
          </Show>
          <li>{text("lock.lostKeyList")}</li>
        </ul>
      </Alert>
      <p>{text("lock.kept")}</p>
      <TextField
        label={text("lock.startOverLabel", { word: text("lock.startOverWord") })}
        value={word()}
        onInput={setWord}
        error={tried() && !isRight() ? text("lock.startOverMismatch", { word: text("lock.startOverWord") }) : undefined}
        autocomplete="off"
        spellcheck={false}
        autofocus
        required
      />
      <div class="button-row">
        <Button type="submit" variant="primary" icon="trash" aria-disabled={working()}>
          {text("lock.startOverDo")}
        </Button>
        <Button variant="quiet" onClick={() => props.onClose()}>
          {text("common.action.cancel")}
        </Button>
      </div>
    </form>
  );
}
