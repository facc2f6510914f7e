import { createMemo, createSignal, For, type JSX, Show } from "solid-js";
import { capitalise } from "../../i18n/format.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { Card, PageTitle, Section } from "../../ui/card.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Notice } from "../../ui/notice.tsx";
import { RowList } from "../../ui/queue-card.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { isWaiting, queueOf } from "../pre-registration/rules.ts";
import { createVisitWords } from "../schools/visit-words.ts";
import { useWorkspace } from "../space/workspace.tsx";
import type { SchoolDayHere } from "../today/create-school-days.ts";
import { createVisitActions } from "./create-visit-actions.ts";
import { visitStatus } from "./rules.ts";
import type { Visit } from "./schema.ts";
import { VisitChange, type VisitChangeKind } from "./visit-change.tsx";
import { casePath, QueueEntryRow } from "./visit-queue.tsx";

/** A visit that has not begun, or that was cancelled: when it is and who is signed up. */
export function PlannedVisit(props: { day: SchoolDayHere; visit: Visit }): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const actions = createVisitActions();
  const words = createVisitWords();
  const [change, setChange] = createSignal<VisitChangeKind>();
  let changeButtons: HTMLDivElement | undefined;
  const cancelled = () => visitStatus(props.visit) === "cancelled";
  const waiting = createMemo(() =>
    queueOf(props.visit, { ...props.day, today: engine.today() }).filter(({ preRegistration }) => isWaiting(preRegistration)),
  );
  const open = (kind: VisitChangeKind) => setChange(change() === kind ? undefined : kind);
  const close = () => {
    setChange(undefined);
    changeButtons?.querySelector("button")?.focus();
  };
  return (
    <>
      <PageTitle
        kicker={props.day.name}
        title={capitalise(format.date(props.visit.date))}
        detail={[format.timeRange(props.visit.from, props.visit.to), words.remark(props.visit)].filter((part) => part !== "").join(" · ")}
      />
      <Show when={workspace.role() === "consultant"}>
        <div class="button-row" ref={(element) => (changeButtons = element)}>
          <Show
            when={!cancelled()}
            fallback={
              <Button variant="secondary" onClick={() => void actions.holdAnyway(props.day.school, props.visit)}>
                {text("schools.page.uncancel")}
              </Button>
            }
          >
            <For each={["move", "cancel"] as const}>
              {(kind) => (
                <Button variant="secondary" aria-expanded={change() === kind} onClick={() => open(kind)}>
                  {text(`schools.page.${kind}`)}
                </Button>
              )}
            </For>
          </Show>
        </div>
        <Show when={change()}>
          {(kind) => (
            <Card>
              <VisitChange plan={props.day} visit={props.visit} kind={kind()} onClose={close} />
            </Card>
          )}
        </Show>
      </Show>
      <Show when={props.day.nextTimeNote}>{(note) => <Notice icon="pencil">{text("visits.remember", { note: note() })}</Notice>}</Show>
      <Show when={!cancelled() && props.day.school.schoolRoom !== undefined}>
        <Section heading={text("visits.planned.signedUp")}>
          <Show when={waiting().length > 0} fallback={<EmptyState text={text("visits.planned.nobody")} />}>
            <RowList label={text("visits.planned.signedUp")}>
              <For each={waiting()}>
                {(entry) => <QueueEntryRow entry={entry} day={props.day} href={casePath(props.day.schoolId, entry.preRegistration.caseId)} />}
              </For>
            </RowList>
          </Show>
        </Section>
      </Show>
    </>
  );
}
