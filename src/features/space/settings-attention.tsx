import { createMemo, createSignal, For, type JSX, Show } from "solid-js";
import type { RoomEvidence } from "../../engine/log/findings.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { fromObservable } from "../../reactive/from-observable.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Card, Section } from "../../ui/card.tsx";
import { Alert, Notice } from "../../ui/notice.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { PurgesUnderWay } from "../purge/purge-list.tsx";
import { createReading } from "./create-people.ts";
import { errorTextKey, faultTextKey, refusalTextKey } from "./error-text.ts";
import { evidenceText } from "./evidence-text.ts";
import { LeftRooms } from "./left-page.tsx";
import { useMatters } from "./matters-context.tsx";
import { isSaidElsewhere, needsUpdate } from "./matters.ts";
import { CodeUseAdvice, ToLookIntoRows } from "./needs-you.tsx";
import { createPlaceName, inPlaceOrder } from "./place-name.ts";
import { useShell } from "./shell.tsx";

/** `roomId` where there is something to show of it. */
type Matter = { place: string; words: string; roomId: string | null };

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
  const shell = useShell();
  const updateWaiting = fromObservable(shell.updateWaiting);
  const evidence = createReading((rooms) => Promise.all(rooms.map((room) => room.evidence())));
  const { all, lostControls, isToLookInto, acknowledge } = useMatters();

  const matters = createMemo((): Matter[] => {
    const found: Matter[] = [];
    if (engine.failure() !== null) found.push({ place: text("settings.lastSaving"), words: text(errorTextKey(engine.failure())), roomId: null });
    if (sync().failure !== null) found.push({ place: text("settings.sending"), words: text(errorTextKey(sync().failure)), roomId: null });
    for (const { roomId, kind, label, fault, quarantined, lost, restored, reopened, setBack } of inPlaceOrder(space().attention)) {
      const place = placeName(kind, label);
      if (fault !== null) found.push({ place, words: text(faultTextKey(fault)), roomId });
      if (setBack) found.push({ place, words: text("people.evidence.setBack"), roomId });
      if (restored) found.push({ place, words: text("people.evidence.restored"), roomId });
      if (reopened) found.push({ place, words: text("people.evidence.reopened"), roomId });
      if (lost > 0) found.push({ place, words: plural(lost, "people.evidence.lostOne", "people.evidence.lostMany"), roomId });
      if (quarantined > 0) {
        found.push({ place, words: plural(quarantined, "space.settings.quarantinedOne", "space.settings.quarantinedMany"), roomId });
      }
    }
    for (const [roomId, refusal] of sync().refused) {
      if (isSaidElsewhere(refusal)) continue;
      found.push({ place: nameOf(roomId), words: text(refusalTextKey(refusal)), roomId });
    }
    return found;
  });
  const nameOf = (roomId: string) => {
    const room = engine.rooms().find((candidate) => candidate.roomId === roomId);
    return room === undefined ? text("settings.sending") : placeName(room.kind, room.label);
  };
  const told = createMemo(() => {
    const rooms = new Set([...matters(), ...lostControls()].map(({ roomId }) => roomId));
    return (evidence() ?? []).filter(({ roomId }) => rooms.has(roomId));
  });
  const isRestored = () => space().attention.some(({ restored }) => restored);
  const isReopened = () => space().attention.some(({ reopened }) => reopened);
  const inStep = () => {
    const at = sync().inStepAt;
    return at === null ? text("settings.neverInStep") : text("space.settings.lastInStep", { time: format.clock(new Date(at)) });
  };

  return (
    <>
      <Section heading={text("space.settings.attention")}>
        <div aria-live="polite">
          <Show when={matters().length > 0 || isToLookInto()} fallback={<p>{text("space.settings.attentionNone")}</p>}>
            <RowList>
              <ToLookIntoRows />
              <For each={groupByWords(matters())}>
                {({ places, words }) => <InfoRow icon="warning" tone="now" title={places.join(" · ")} detail={words} />}
              </For>
            </RowList>
          </Show>
          <CodeUseAdvice />
        </div>
        <Show when={isRestored() || isReopened() || isToLookInto()}>
          <div class="button-row section-action">
            <Show when={isRestored()}>
              <ButtonLink href="/gjenopprettet">{text("people.restored.link")}</ButtonLink>
            </Show>
            <Show when={isReopened() || isToLookInto()}>
              <ButtonLink href="/folk">{text("people.title")}</ButtonLink>
            </Show>
            <Show when={isToLookInto()}>
              <Button icon="check" onClick={acknowledge}>
                {text("people.evidence.seen")}
              </Button>
            </Show>
          </div>
        </Show>
        <Show when={needsUpdate(all()) && !updateWaiting()}>
          <Notice icon="refresh">{text("settings.fetchUpdate")}</Notice>
        </Show>
        <Show when={updateWaiting()}>
          <div class="button-row section-action">
            <Button icon="refresh" onClick={() => shell.takeUpdate()}>
              {text("settings.takeUpdate")}
            </Button>
          </div>
        </Show>
        <Show when={told().length > 0}>
          <Evidence rooms={told()} />
        </Show>
        <Notice icon={sync().inStepAt === null ? "cloudSlash" : "checkCircle"}>{inStep()}</Notice>
      </Section>
      <PurgesUnderWay />
      <LeftRooms />
    </>
  );
}

/** Ids, numbers and times, for whoever looks into it. */
function Evidence(props: { rooms: readonly RoomEvidence[] }): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const [open, setOpen] = createSignal(false);
  const [copied, setCopied] = createSignal<boolean | null>(null);
  const written = () => props.rooms.map((room) => evidenceText(room, engine.clock.now())).join("\n\n");
  const copy = () =>
    void navigator.clipboard.writeText(written()).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <div class="section-action">
      <Button icon={open() ? "eyeSlash" : "eye"} onClick={() => setOpen(!open())}>
        {text(open() ? "people.evidence.hide" : "people.evidence.show")}
      </Button>
      <Show when={open()}>
        <Card class="section-action">
          <p>{text("people.evidence.detail")}</p>
          <pre class="evidence" tabindex="0" aria-label={text("people.evidence.detail")} role="region">
            {written()}
          </pre>
          <div class="button-row section-action">
            <Button icon="copy" onClick={copy}>
              {text("people.evidence.copy")}
            </Button>
          </div>
          <p role="status">{copied() === true ? text("people.evidence.copied") : ""}</p>
          <Show when={copied() === false}>
            <Alert>{text("people.evidence.notCopied")}</Alert>
          </Show>
        </Card>
      </Show>
    </div>
  );
}
