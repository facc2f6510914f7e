import { useParams } from "@solidjs/router";
import { createMemo, createResource, For, type JSX, Show } from "solid-js";
import { dateOf } from "../../lib/iso-date.ts";
import type { LeftRoom } from "../../engine/space.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { fromObservable } from "../../reactive/from-observable.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { PageTitle, Section } from "../../ui/card.tsx";
import { ConfirmButton } from "../../ui/confirm-button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { wordsNow } from "../../ui/language-choice.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PaperActions } from "../../ui/paper-actions.tsx";
import { PaperView } from "../../ui/paper-view.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { Page } from "./page.tsx";
import { createPlaceName } from "./place-name.ts";
import { useShell } from "./shell.tsx";
import { valuesWritten } from "./unsent-document.ts";
import { unsentPaper, type UnsentSaving } from "./unsent-paper.ts";

/** A room that is over for this device: what was never sent, to be read and saved, then to be deleted. */
export function LeftPage(): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const params = useParams<{ roomId: string }>();
  const left = fromObservable(engine.space.left);
  const room = createMemo(() => left().find(({ roomId }) => roomId === params.roomId));
  const id = createMemo(() => room()?.roomId);
  const back = { label: text("common.nav.settings"), href: "/innstillinger" };
  return (
    <Show
      when={id()}
      fallback={
        <Page focus back={back}>
          <EmptyState text={text("people.left.nothing")} />
        </Page>
      }
      keyed
    >
      {(roomId) => <Show when={left().find((one) => one.roomId === roomId)}>{(found) => <Left room={found()} />}</Show>}
    </Show>
  );
}

function Left(props: { room: LeftRoom }): JSX.Element {
  const source = useText();
  const { text } = source;
  const engine = useEngine();
  const placeName = createPlaceName();
  const place = () => placeName(props.room.kind, props.room.label);
  const [savings] = createResource(
    () => props.room.roomId,
    () => readSavings(props.room),
  );
  const paper = createMemo(() => {
    const found = savings();
    return found === undefined || found.length === 0 ? undefined : unsentPaper(place(), found, dateOf(engine.moment()), wordsNow(source));
  });
  return (
    <Page focus back={{ label: text("common.nav.settings"), href: "/innstillinger" }}>
      <PageTitle title={text(`people.left.${props.room.why}`, { place: place() })} detail={text(`people.left.detail.${props.room.why}`)} />
      <Show when={paper()} fallback={<Show when={savings()}><p>{text("people.left.nothing")}</p></Show>}>
        {(made) => (
          <>
            <PaperActions paper={made()} fileName={text("people.left.paperTitle", { place: place() })} />
            <Notice icon="information">{text("people.left.fileNote")}</Notice>
            <PaperView paper={made()} titleLevel={2} />
          </>
        )}
      </Show>
      <section class="section no-print">
        <ConfirmButton
          icon="trash"
          label={text("people.left.forget")}
          detail={text("people.left.forgetDetail")}
          onConfirm={() => void engine.run(() => props.room.forget())}
        />
      </section>
    </Page>
  );
}

async function readSavings(room: LeftRoom): Promise<UnsentSaving[]> {
  const records = await room.unsent();
  return Promise.all(
    records.map(async ({ authoredAt, items }) => ({
      authoredAt,
      documents: await Promise.all(
        items.map(async ({ docId, update }) => {
          const doc = await room.open(docId);
          try {
            return { docId, values: valuesWritten(doc, update) };
          } catch {
            return { docId, values: null };
          }
        }),
      ),
    })),
  );
}

/** The rooms that one has left and that hold something; nothing where there are none. */
export function LeftRooms(): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const left = fromObservable(engine.space.left);
  const placeName = createPlaceName();
  return (
    <Show when={left().length > 0}>
      <Section heading={text("people.left.heading")}>
        <RowList>
          <For each={left()}>
            {({ roomId, kind, label, why }) => (
              <InfoRow
                icon="warning"
                tone="now"
                title={text(`people.left.${why}`, { place: placeName(kind, label) })}
                detail={text("people.left.show")}
                href={`/forlatt/${roomId}`}
                chevron
              />
            )}
          </For>
        </RowList>
      </Section>
    </Show>
  );
}

/** The first screen of a device that is in no room any more. */
export function NothingLeftPage(): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const shell = useShell();
  const left = fromObservable(engine.space.left);
  const [hasKeyList] = createResource(async () => {
    const stored = (await engine.locals.load("keyList")) as { entries?: unknown } | undefined;
    return stored !== undefined && !(Array.isArray(stored.entries) && stored.entries.length === 0);
  });
  return (
    <Page focus>
      <PageTitle title={text("people.left.heading")} detail={text("people.left.nothingLeft")} />
      <LeftRooms />
      <Show when={hasKeyList()}>
        <Notice icon="key">{text("people.left.keyList")}</Notice>
        <div class="button-row section-action">
          <ButtonLink href="/nokkelliste">{text("people.left.keyListLink")}</ButtonLink>
        </div>
      </Show>
      <Show when={left().length === 0}>
        <Notice icon="information">{text("people.left.nothingLeftDetail")}</Notice>
        <ConfirmButton
          icon="trash"
          label={text("people.left.empty")}
          detail={text(hasKeyList() === true ? "people.left.emptyKeyList" : "people.left.emptyDetail")}
          onConfirm={() => void shell.emptyDevice()}
        />
      </Show>
    </Page>
  );
}
