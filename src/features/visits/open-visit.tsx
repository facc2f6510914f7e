import { useNavigate } from "@solidjs/router";
import { createEffect, createMemo, createSignal, For, type JSX, Show } from "solid-js";
import { type StaffRole, staffRoles } from "../../content/choices.ts";
import { momentOf, timeOf } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { fromObservable } from "../../reactive/from-observable.ts";
import { Button } from "../../ui/button.tsx";
import { Card, Section } from "../../ui/card.tsx";
import { ActionChips } from "../../ui/chip-group.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Notice } from "../../ui/notice.tsx";
import { QueueRow, RowList } from "../../ui/queue-card.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { VisitCard } from "../../ui/visit-line.tsx";
import { codeLabel } from "../cases/rules.ts";
import { createCaseWords } from "../consultations/create-case-words.ts";
import { loadUnfinished, type UnfinishedForm } from "../consultations/unfinished.ts";
import { AskFollowUp } from "../follow-up/ask-follow-up.tsx";
import { useFollowUps, type FollowUpHere } from "../follow-up/follow-ups-context.tsx";
import type { FollowUpId, PreRegistrationId } from "../ids.ts";
import { currentInQueue, freeSlots, queueOf } from "../pre-registration/rules.ts";
import type { SchoolDayHere } from "../today/create-school-days.ts";
import { createStableList } from "../../reactive/create-stable-list.ts";
import { openFromBefore, visitRows, visitSummary } from "../today/rules.ts";
import { visitPath } from "./create-visit-actions.ts";
import { minutesLeft, openDialog } from "./rules.ts";
import type { Visit } from "./schema.ts";
import { CurrentCase, HeldRow, PostponedRows, QueueEntryRow, UnseenRow } from "./visit-queue.tsx";
import { VisitTrack } from "./visit-track.tsx";

type VisitProps = { day: SchoolDayHere; visit: Visit };

/** While the door is open: who is on, who knocks, who waits, what is left from before. */
export function OpenVisit(props: VisitProps): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const now = createMemo(() => momentOf(engine.now()));
  const queue = createMemo(() => queueOf(props.visit, { ...props.day, today: engine.today() }));
  const current = createMemo(() => currentInQueue(queue()));
  const rows = createMemo(() => visitRows(props.visit, queue(), props.day.consultations).filter((row) => !(row.type === "waiting" && row.current)));
  const postponed = createMemo(() => visitSummary(props.visit, props.day, now()).postponed.filter(({ postponedFrom }) => postponedFrom === props.visit.id));
  const formPath = () => `${visitPath(props.day.schoolId, props.visit.id)}/drofting`;
  const [unfinished, setUnfinished] = createSignal<readonly UnfinishedForm[]>([]);
  const draftChanges = fromObservable(engine.drafts.changes);
  createEffect(() => {
    draftChanges();
    const visitId = props.visit.id;
    void engine.read(async () => {
      setUnfinished(await loadUnfinished(engine.drafts, visitId));
    });
  });
  const isBegun = (signUp: PreRegistrationId) => unfinished().some(({ form }) => form.preRegistrationId === signUp);
  const queued = createMemo(() => new Set(queue().map(({ preRegistration }) => preRegistration.id)));
  const elsewhere = createMemo(() =>
    unfinished().filter(({ form }) => form.preRegistrationId === undefined || !queued().has(form.preRegistrationId)),
  );
  return (
    <>
      <DoorIsOpen day={props.day} visit={props.visit} />
      <Show when={props.day.nextTimeNote}>{(note) => <Notice icon="pencil">{text("visits.remember", { note: note() })}</Notice>}</Show>
      <Unfinished unfinished={elsewhere()} path={formPath()} />
      <Show when={current()}>
        {(entry) => (
          <CurrentCase
            entry={entry()}
            visit={props.visit}
            day={props.day}
            begun={isBegun(entry().preRegistration.id)}
            href={`${formPath()}?pamelding=${entry().preRegistration.id}`}
          />
        )}
      </Show>
      <Knocking formPath={formPath()} />
      <Section heading={text("visits.queue.heading")}>
        <Show when={rows().length + postponed().length > 0} fallback={<EmptyState text={text("visits.queue.empty")} />}>
          <RowList label={text("visits.queue.heading")}>
            <For each={rows()}>
              {(row) => {
                if (row.type === "done") return <HeldRow head={row.head} day={props.day} />;
                if (row.type === "doneUnseen") return <UnseenRow entry={row.entry} day={props.day} />;
                const signUp = row.entry.preRegistration.id;
                return <QueueEntryRow entry={row.entry} day={props.day} begun={isBegun(signUp)} href={`${formPath()}?pamelding=${signUp}`} />;
              }}
            </For>
            <PostponedRows postponed={postponed()} visit={props.visit} day={props.day} askReason />
          </RowList>
        </Show>
      </Section>
      <OpenFromBefore day={props.day} visit={props.visit} />
    </>
  );
}

function DoorIsOpen(props: VisitProps): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const now = createMemo(() => momentOf(engine.now()));
  const dialog = createMemo(() => openDialog(props.visit, props.day.dialogs));
  const nextFree = createMemo(() => freeSlots(props.visit, queueOf(props.visit, { ...props.day, today: engine.today() }), timeOf(now()))[0]);
  const detail = () => {
    const started = text("visits.open.started", { time: format.time(timeOf(props.visit.startedAt ?? now())) });
    const minutes = minutesLeft(props.visit, now());
    const left = minutes === 0 ? text("visits.open.over") : text("visits.open.left", { duration: format.duration(minutes) });
    const running = dialog();
    return running === null ? `${started} · ${left}` : text("visits.dialog.since", { time: format.time(timeOf(running.startedAt)) });
  };
  const aside = () => {
    const free = nextFree();
    return free === undefined ? undefined : { label: text("visits.open.nextFree"), value: format.time(free) };
  };
  return (
    <VisitCard heading={text("visits.open.heading")} detail={detail()} aside={aside()}>
      <VisitTrack day={props.day} visit={props.visit} />
    </VisitCard>
  );
}

/** The roles in the order in which people knock. */
const knockingRoles: readonly StaffRole[] = [
  "contactTeacher",
  "subjectTeacher",
  "socialTeacher",
  "afterSchool",
  ...staffRoles.filter((role) => !["contactTeacher", "subjectTeacher", "socialTeacher", "afterSchool"].includes(role)),
];

function Knocking(props: { formPath: string }): JSX.Element {
  const { text } = useText();
  const navigate = useNavigate();
  return (
    <Section heading={text("visits.knocking.heading")} hint={text("visits.knocking.hint")}>
      <ActionChips
        legend={text("visits.knocking.heading")}
        legendHidden
        columns={5}
        primaryCount={4}
        options={knockingRoles.map((value) => ({ value, label: text(`content.role.${value}`) }))}
        onPress={(role) => navigate(`${props.formPath}?rolle=${role}`)}
      />
    </Section>
  );
}

/** Drøftinger that were begun and not saved: they wait on this device with what was answered. */
function Unfinished(props: { unfinished: readonly UnfinishedForm[]; path: string }): JSX.Element {
  const { text, format } = useText();
  const words = createCaseWords();
  return (
    <Show when={props.unfinished.length > 0}>
      <Section heading={text("consultations.unfinished.heading")} hint={text("consultations.unfinished.hint")}>
        <RowList>
          <For each={props.unfinished}>
            {({ form, savedAt }) => (
              <QueueRow
                slot={format.clock(new Date(savedAt))}
                colour={form.code.colour}
                number={form.code.number}
                title={codeLabel(form.code)}
                detail={words.about(form.draft)}
                tag={<Tag tone="now">{text("consultations.unfinished.tag")}</Tag>}
                href={`${props.path}?${form.preRegistrationId === undefined ? `sak=${form.caseId}` : `pamelding=${form.preRegistrationId}`}`}
                chevron
              />
            )}
          </For>
        </RowList>
      </Section>
    </Show>
  );
}

/** What the school's earlier drøftinger still wait for. «Svar» opens the question in its place; an answer stays for as long as one is on the page. */
function OpenFromBefore(props: VisitProps): JSX.Element {
  const { text, format } = useText();
  const words = createCaseWords();
  const all = useFollowUps();
  const [opened, setOpened] = createSignal<readonly FollowUpId[]>([]);
  const rows = createStableList(
    createMemo(() => {
      const ids = new Set(openFromBefore(props.day, props.visit).map(({ id }) => id));
      return all().filter(({ id, school }) => school?.schoolId === props.day.schoolId && (ids.has(id) || opened().includes(id)));
    }),
  );
  const detail = (followUp: FollowUpHere) =>
    text("visits.openFromBefore.detail", { what: words.followUpKind(followUp.kind, followUp.nextStep), date: format.date(followUp.dueOn, "day") });
  return (
    <Show when={rows().length > 0}>
      <Section heading={text("visits.openFromBefore.heading")} hint={String(rows().length)}>
        <Card list>
          <For each={rows()}>
            {(followUp) => (
              <Show
                when={opened().includes(followUp().id)}
                fallback={
                  <ul class="bare-list">
                    <QueueRow
                      colour={followUp().code.colour}
                      number={followUp().code.number}
                      title={followUp().code.label}
                      detail={detail(followUp())}
                      action={
                        <Button
                          variant="secondary"
                          size="small"
                          aria-label={text("visits.openFromBefore.answer", { code: followUp().code.label })}
                          onClick={() => setOpened((ids) => [...ids, followUp().id])}
                        >
                          {text("common.action.answer")}
                        </Button>
                      }
                    />
                  </ul>
                }
              >
                <div ref={(element) => queueMicrotask(() => element.querySelector<HTMLElement>("button")?.focus())}>
                  <AskFollowUp followUp={followUp()} />
                </div>
              </Show>
            )}
          </For>
        </Card>
      </Section>
    </Show>
  );
}
