import { createMemo, For, type JSX, Show } from "solid-js";
import { Button } from "../../ui/button.tsx";
import { Section } from "../../ui/card.tsx";
import { Notice } from "../../ui/notice.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { useMatters } from "./matters-context.tsx";
import { createRecoveryDetail } from "./recovery-words.ts";
import { useWorkspace } from "./workspace.tsx";

/** What a person is to look into, for the first screen; nothing where there is nothing. */
export function NeedsYou(): JSX.Element {
  const { text } = useText();
  const matters = useMatters();
  const isAny = createMemo(() => matters.codeUses().length > 0);
  return (
    <Show when={isAny()}>
      <Section heading={text("space.settings.attention")}>
        <RowList>
          <CodeUseRows />
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

/** Who came in with the recovery code, and when. Each leads to where the code has its place. */
export function CodeUseRows(): JSX.Element {
  const { text } = useText();
  const matters = useMatters();
  const detailOf = createRecoveryDetail();
  return (
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
  );
}

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
