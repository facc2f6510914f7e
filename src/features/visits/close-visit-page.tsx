import { createMemo, createSignal, type JSX, Show } from "solid-js";
import { useEngine } from "../../reactive/engine-context.tsx";
import { createDraft } from "../../reactive/create-draft.ts";
import { fromObservable } from "../../reactive/from-observable.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Dock } from "../../ui/dock.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Notice } from "../../ui/notice.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { createGuardedText, GuardedNote } from "../consultations/guarded-note.tsx";
import { Page } from "../space/page.tsx";
import type { SchoolDayHere } from "../today/create-school-days.ts";
import { createVisitActions } from "./create-visit-actions.ts";
import { createVisitHere } from "./create-visit-here.ts";
import { ClosingNote } from "./closing-note-schema.ts";
import { nextVisit } from "./rules.ts";
import type { Visit } from "./schema.ts";
import { VisitChange } from "./visit-change.tsx";
import { VisitOverview } from "./visit-overview.tsx";

/** «Slik ble besøket», before it is closed: what was done, what is next, a line to oneself. */
export function CloseVisitPage(): JSX.Element {
  const { text } = useText();
  const { path, day, visit } = createVisitHere();
  const back = () => ({ label: text("visits.closing.back"), href: path() });
  const nothing = () => (
    <Page focus back={back()}>
      <Show when={day()}>
        <EmptyState text={text("visits.notFound")} />
      </Show>
    </Page>
  );
  return (
    <Show when={visit()} fallback={nothing()}>
      {(one) => <Show when={day()}>{(here) => <Closing day={here()} visit={one()} back={back()} />}</Show>}
    </Show>
  );
}

function Closing(props: { day: SchoolDayHere; visit: Visit; back: { label: string; href: string } }): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const actions = createVisitActions();
  const draft = createDraft<ClosingNote>(`close-visit/${props.visit.id}`, { note: "" }, (stored) => {
    const parsed = ClosingNote.safeParse(stored);
    return parsed.success ? parsed.data : null;
  });
  const note = createGuardedText(() => draft.value.note);
  const sync = fromObservable(engine.space.sync.status);
  let closing = false;
  const close = async () => {
    if (closing || !(await note.clear())) return;
    closing = true;
    if (await actions.close(props.day.school, props.visit, draft.value.note)) await draft.discard();
    closing = false;
  };
  return (
    <Page
      focus
      back={props.back}
      dock={
        <Dock>
          <Button variant="secondary" size="dock" icon="printer" onClick={() => window.print()}>
            {text("common.action.print")}
          </Button>
          <Button variant="primary" size="dock" icon="check" grow onClick={() => void close()}>
            {text("visits.close")}
          </Button>
        </Dock>
      }
    >
      <VisitOverview day={props.day} visit={props.visit} />
      <NextVisit day={props.day} visit={props.visit} />
      <div class="no-print">
        <GuardedNote
          label={text("visits.closing.note")}
          placeholder={text("visits.closing.notePlaceholder")}
          rows={1}
          guarded={note}
          value={draft.value.note}
          onInput={(value) => draft.set("note", value)}
        />
        <Show when={sync().reached === false}>
          <Notice icon="cloudSlash">{text("visits.closing.sentLater")}</Notice>
        </Show>
      </div>
    </Page>
  );
}

function NextVisit(props: { day: SchoolDayHere; visit: Visit }): JSX.Element {
  const { text, format } = useText();
  const [moving, setMoving] = createSignal(false);
  let row: HTMLDivElement | undefined;
  const next = createMemo(() => nextVisit(props.day.visits, props.visit.date));
  const title = (visit: Visit) => text("visits.closing.next", { date: format.date(visit.date), time: format.time(visit.from) });
  const close = () => {
    setMoving(false);
    row?.querySelector("button")?.focus();
  };
  return (
    <div class="section" ref={(element) => (row = element)}>
      <RowList>
        <Show
          when={next()}
          fallback={<InfoRow icon="doorOpen" tone="neutral" title={text("visits.closing.noNext")} detail={text("visits.closing.noNextDetail")} />}
        >
          {(visit) => (
            <InfoRow
              icon="doorOpen"
              tone="now"
              title={title(visit())}
              detail={props.day.head === null ? undefined : text(`content.rhythm.${props.day.head.rhythm}`)}
              action={
                <Button
                  variant="secondary"
                  size="small"
                  aria-expanded={moving()}
                  aria-label={text("visits.closing.moveNext")}
                  onClick={() => setMoving(!moving())}
                >
                  {text("common.action.move")}
                </Button>
              }
            />
          )}
        </Show>
      </RowList>
      <Show when={moving() && next()}>
        {(visit) => (
          <Card>
            <VisitChange plan={props.day} visit={visit()} kind="move" onClose={close} />
          </Card>
        )}
      </Show>
    </div>
  );
}
