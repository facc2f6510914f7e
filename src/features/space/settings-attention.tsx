import { createMemo, For, type JSX, Show } from "solid-js";
import type { RoomKind } from "#protocol/control.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { fromObservable } from "../../reactive/from-observable.ts";
import { Section } from "../../ui/card.tsx";
import { Notice } from "../../ui/notice.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { errorTextKey, faultTextKey, refusalTextKey } from "./error-text.ts";
import { schoolOfLabel } from "./invite-rules.ts";
import { useWorkspace } from "./workspace.tsx";

type Matter = { place: string; words: string };

/** One line for each thing to know, however many places it holds for. */
function groupByWords(matters: readonly Matter[]): { places: string[]; words: string }[] {
  return Array.from(Map.groupBy(matters, ({ words }) => words), ([words, group]) => ({
    words,
    places: Array.from(new Set(group.map(({ place }) => place))),
  }));
}

/** What the engine cannot settle alone, in plain words with what to do. */
export function AttentionSection(): JSX.Element {
  const { text, plural, format } = useText();
  const engine = useEngine();
  const placeName = createPlaceName();
  const space = fromObservable(engine.space.status);
  const sync = fromObservable(engine.space.sync.status);

  const matters = createMemo((): Matter[] => {
    const found: Matter[] = [];
    if (engine.failure() !== null) found.push({ place: text("settings.lastSaving"), words: text(errorTextKey(engine.failure())) });
    if (sync().failure !== null) found.push({ place: text("settings.sending"), words: text(errorTextKey(sync().failure)) });
    for (const { kind, label, fault, quarantined, lost, restored, setBack } of space().attention) {
      const place = placeName(kind, label);
      if (fault !== null) found.push({ place, words: text(faultTextKey(fault)) });
      if (quarantined > 0) {
        found.push({ place, words: plural(quarantined, "space.settings.quarantinedOne", "space.settings.quarantinedMany") });
      }
      if (restored) found.push({ place, words: text("space.settings.restored") });
      if (lost > 0) found.push({ place, words: text("space.settings.givingBack") });
      if (setBack) found.push({ place, words: text("space.settings.setBack") });
    }
    for (const [roomId, refusal] of sync().refused) {
      const room = engine.rooms().find((candidate) => candidate.roomId === roomId);
      found.push({ place: room === undefined ? text("settings.sending") : placeName(room.kind, room.label), words: text(refusalTextKey(refusal)) });
    }
    return found;
  });
  const inStep = () => {
    const at = sync().inStepAt;
    return at === null ? text("settings.neverInStep") : text("space.settings.lastInStep", { time: format.clock(new Date(at)) });
  };

  return (
    <Section heading={text("space.settings.attention")}>
      <div aria-live="polite">
        <Show when={matters().length > 0} fallback={<p>{text("space.settings.attentionNone")}</p>}>
          <RowList>
            <For each={groupByWords(matters())}>
              {({ places, words }) => <InfoRow icon="warning" tone="now" title={places.join(" · ")} detail={words} />}
            </For>
          </RowList>
        </Show>
      </div>
      <Notice icon={sync().inStepAt === null ? "cloudSlash" : "checkCircle"}>{inStep()}</Notice>
    </Section>
  );
}

/** A room as people speak of it. */
function createPlaceName(): (kind: RoomKind, label: string) => string {
  const { text } = useText();
  const workspace = useWorkspace();
  return (kind, label) => {
    const school = workspace.school(schoolOfLabel(label) ?? "")?.name ?? text("common.nav.schools");
    return text(`space.settings.place.${kind}`, { school });
  };
}
