import { createMemo, For, type JSX, Show } from "solid-js";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { Section } from "../../ui/card.tsx";
import { Notice } from "../../ui/notice.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { useMatters } from "./matters-context.tsx";
import { createPlaceName, inPlaceOrder } from "./place-name.ts";
import { createRecoveryDetail } from "./recovery-words.ts";
import { useWorkspace } from "./workspace.tsx";

/** What a person is to look into, for the first screen; nothing where there is nothing. */
export function NeedsYou(): JSX.Element {
  const { text } = useText();
  const matters = useMatters();
  return (
    <Show when={matters.isToLookInto()}>
      <Section heading={text("space.settings.attention")}>
        <RowList>
          <ToLookIntoRows />
        </RowList>
        <CodeUseAdvice />
        <div class="button-row section-action">
          <Button icon="check" onClick={() => matters.acknowledge()}>
            {text("people.evidence.seen")}
          </Button>
        </div>
      </Section>
    </Show>
  );
}

/** Who came in with the recovery code, and what a restored relay has lost of who is where. Each leads to where one looks into it. */
export function ToLookIntoRows(): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const matters = useMatters();
  const placeName = createPlaceName();
  const detailOf = createRecoveryDetail();
  const placesOf = (roomIds: readonly string[]) =>
    inPlaceOrder(engine.rooms().filter(({ roomId }) => roomIds.includes(roomId))).map(({ kind, label }) => placeName(kind, label));
  const lost = createMemo(() =>
    Array.from(Map.groupBy(matters.lostControls(), ({ action }) => action), ([action, all]) => ({ action, places: placesOf(all.map(({ roomId }) => roomId)) })),
  );
  return (
    <>
      <For each={matters.codeUses()}>
        {({ name, at }) => (
          <InfoRow
            icon="key"
            tone="now"
            title={text("space.renewCode.usedTitle")}
            detail={detailOf({ what: "used", name, at }) ?? text("space.renewCode.usedUnknown")}
            href="/innstillinger#gjenoppretting"
            chevron
          />
        )}
      </For>
      <For each={lost()}>
        {({ action, places }) => (
          <InfoRow
            icon="warning"
            tone="now"
            title={places.join(" · ")}
            detail={text("people.evidence.lostControl", { action: text(`people.evidence.action.${action ?? "unknown"}`) })}
            href="/folk"
            chevron
          />
        )}
      </For>
    </>
  );
}

/** What to do about a use of the code that nobody had agreed to. */
export function CodeUseAdvice(): JSX.Element {
  const { text } = useText();
  const workspace = useWorkspace();
  const matters = useMatters();
  return (
    <Show when={matters.codeUses().length > 0}>
      <Notice icon="information">{text(workspace.role() === "consultant" ? "space.renewCode.usedAdvice" : "space.renewCode.usedAdviceOthers")}</Notice>
    </Show>
  );
}
