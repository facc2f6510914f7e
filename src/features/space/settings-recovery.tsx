import { createEffect, createSignal, For, type JSX, onCleanup, Show } from "solid-js";
import type { RecoveryEvent } from "../../engine/log/recovery-events.ts";
import { fromObservable } from "../../reactive/from-observable.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { ButtonLink } from "../../ui/button.tsx";
import { Section } from "../../ui/card.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { eachOnce } from "./recovery-rules.ts";
import { createRecoveryDetail } from "./recovery-words.ts";
import { useShell } from "./shell.tsx";
import { useWorkspace } from "./workspace.tsx";

/** For everyone: when the recovery code was used and replaced. For consultants: the way to a new one. */
export function RecoverySection(): JSX.Element {
  const { text } = useText();
  const detailOf = createRecoveryDetail();
  const engine = useEngine();
  const shell = useShell();
  const workspace = useWorkspace();
  const sync = fromObservable(engine.space.sync.status);
  const [events, setEvents] = createSignal<readonly RecoveryEvent[]>([]);
  createEffect(() => {
    const rooms = engine.rooms();
    sync();
    let over = false;
    onCleanup(() => {
      over = true;
    });
    void engine.read(async () => {
      const told = await Promise.all(rooms.map((room) => room.recoveryEvents()));
      if (!over) setEvents(eachOnce(told.flat()));
    });
  });
  return (
    <Section heading={text("space.renewCode.heading")}>
      <Show when={events().length > 0} fallback={<p>{text("space.renewCode.never")}</p>}>
        <RowList label={text("space.renewCode.list")}>
          <For each={events()}>
            {(event) => (
              <InfoRow
                icon="key"
                tone={event.what === "used" ? "now" : "neutral"}
                title={text(`space.renewCode.${event.what}`)}
                detail={detailOf(event)}
              />
            )}
          </For>
        </RowList>
      </Show>
      <Show when={workspace.serviceRoom() !== undefined && !shell.example}>
        <div class="button-row section-action">
          <ButtonLink variant="secondary" icon="key" href="/gjenopprettingskode">
            {text("space.renewCode.make")}
          </ButtonLink>
        </div>
      </Show>
    </Section>
  );
}
