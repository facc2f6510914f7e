import { createMemo, createSignal, createUniqueId, For, type JSX, Show } from "solid-js";
import { capitalise } from "../../i18n/format.ts";
import { addDays } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { PageTitle, Section } from "../../ui/card.tsx";
import { ActionChips } from "../../ui/chip-group.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { Unbroken } from "../../ui/unbroken.tsx";
import { CalendarDownload } from "../calendar/calendar-download.tsx";
import { MeetingsSection } from "../meetings/meetings-section.tsx";
import { createVisitWords } from "../schools/visit-words.ts";
import { Page } from "../space/page.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import { createSchoolPlans, type SchoolPlan } from "../today/create-school-days.ts";
import { createStableList } from "../../reactive/create-stable-list.ts";
import { createVisitActions, visitPath } from "./create-visit-actions.ts";
import { byTime, visitOfDay, visitsInOrder, visitStatus } from "./rules.ts";
import type { Visit } from "./schema.ts";
import { VisitChange, type VisitChangeKind } from "./visit-change.tsx";

type PlannedVisit = { readonly id: string; readonly plan: SchoolPlan; readonly visit: Visit };

/** How far ahead the list goes, and how many held visits it shows, before «Vis flere». */
const daysAhead = 21;
const heldAtFirst = 8;

/** The visits of all schools: today's, those to come, and those that were held. */
export function VisitsPage(): JSX.Element {
  const { text, format } = useText();
  const workspace = useWorkspace();
  const plans = createSchoolPlans();
  return (
    <Page>
      <PageTitle title={text("common.nav.visits")} detail={text("visits.list.year", { year: format.schoolYear(workspace.schoolYear()) })} />
      <Show when={plans()}>{(read) => <AllVisits plans={read()} />}</Show>
      <CalendarDownload />
    </Page>
  );
}

function AllVisits(props: { plans: readonly SchoolPlan[] }): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const [showAllComing, setShowAllComing] = createSignal(false);
  const [showAllHeld, setShowAllHeld] = createSignal(false);
  const today = () => engine.today();
  const all = createMemo((): PlannedVisit[] =>
    props.plans
      .flatMap((plan) => visitsInOrder(plan.visits).map((visit) => ({ id: visit.id, plan, visit })))
      .sort((a, b) => byTime(a.visit, b.visit)),
  );
  const isOver = ({ visit }: PlannedVisit) => visit.date < today() && visitStatus(visit) !== "open";
  const ofToday = createMemo(() => all().filter(({ visit }) => visit.date === today() || (visit.date < today() && visitStatus(visit) === "open")));
  const coming = createMemo(() => all().filter(({ visit }) => visit.date > today()));
  const comingSoon = createMemo(() => {
    if (showAllComing()) return coming();
    const soon = coming().filter(({ visit }) => visit.date <= addDays(today(), daysAhead));
    return soon.length > 0 ? soon : coming().slice(0, heldAtFirst);
  });
  const held = createMemo(() => all().filter(isOver).reverse());
  const heldShown = createMemo(() => (showAllHeld() ? held() : held().slice(0, heldAtFirst)));

  return (
    <>
      <Section heading={text("common.nav.today")}>
        <Show when={ofToday().length > 0} fallback={<EmptyState text={text("visits.list.noneToday")} />}>
          <VisitRows visits={ofToday()} />
        </Show>
      </Section>
      <Show when={workspace.role() === "consultant"}>
        <Unplanned plans={props.plans} />
      </Show>
      <Section heading={text("visits.list.coming")} hint={coming().length > 0 ? String(coming().length) : undefined}>
        <Show when={coming().length > 0} fallback={<EmptyState text={text("visits.today.noneComing")} />}>
          <VisitRows visits={comingSoon()} />
          <ShowAll shown={comingSoon().length} total={coming().length} onPress={() => setShowAllComing(true)} />
        </Show>
      </Section>
      <MeetingsSection schools={workspace.schools()} />
      <Show when={held().length > 0}>
        <Section heading={text("visits.list.past")} hint={String(held().length)}>
          <VisitRows visits={heldShown()} />
          <ShowAll shown={heldShown().length} total={held().length} onPress={() => setShowAllHeld(true)} />
        </Section>
      </Show>
    </>
  );
}

function ShowAll(props: { shown: number; total: number; onPress: () => void }): JSX.Element {
  const { text } = useText();
  return (
    <Show when={props.shown < props.total}>
      <div class="button-row section-action">
        <Button variant="quiet" icon="chevronDown" onClick={() => props.onPress()}>
          {text("visits.list.showAll", { count: props.total })}
        </Button>
      </div>
    </Show>
  );
}

/** The consultant is at a school that has no visit today: one tap opens the door there. */
function Unplanned(props: { plans: readonly SchoolPlan[] }): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const actions = createVisitActions();
  const without = createMemo(() => props.plans.filter(({ visits }) => visitOfDay(visits, engine.today()) === null));
  const start = (schoolId: string) => {
    const plan = without().find(({ school }) => school.schoolId === schoolId);
    if (plan !== undefined) void actions.startExtra(plan.school, plan.head);
  };
  return (
    <Show when={without().length > 0}>
      <Section heading={text("visits.unplanned.heading")} hint={text("visits.unplanned.hint")}>
        <ActionChips
          legend={text("visits.unplanned.heading")}
          legendHidden
          columns={4}
          phoneColumns={2}
          options={without().map(({ school }) => ({ value: school.schoolId as string, label: school.name }))}
          onPress={start}
        />
      </Section>
    </Show>
  );
}

function VisitRows(props: { visits: readonly PlannedVisit[] }): JSX.Element {
  const rows = createStableList(() => props.visits);
  const [opened, setOpened] = createSignal<{ id: string; kind: VisitChangeKind } | null>(null);
  const kindOf = (id: string) => {
    const current = opened();
    return current?.id === id ? current.kind : undefined;
  };
  return (
    <ul class="card" data-list="">
      <For each={rows()}>
        {(row) => (
          <VisitRow
            row={row()}
            opened={kindOf(row().id)}
            onOpen={(kind) => setOpened(kind === undefined ? null : { id: row().id, kind })}
          />
        )}
      </For>
    </ul>
  );
}

function VisitRow(props: { row: PlannedVisit; opened: VisitChangeKind | undefined; onOpen: (kind: VisitChangeKind | undefined) => void }): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const actions = createVisitActions();
  const words = createVisitWords();
  const titleId = createUniqueId();
  let rowElement: HTMLLIElement | undefined;
  const visit = () => props.row.visit;
  const school = () => props.row.plan.school;
  const status = createMemo(() => visitStatus(visit()));
  const isConsultant = () => workspace.role() === "consultant";
  const path = () => visitPath(school().schoolId, visit().id);
  const when = () => capitalise(format.date(visit().date));
  const detail = () => [when(), format.timeRange(visit().from, visit().to), words.detail(visit())].filter((part) => part !== "").join(" · ");
  const named = (action: string) => text("visits.list.ofVisit", { action, school: school().name, date: format.date(visit().date) });
  const mayChange = () => isConsultant() && status() === "planned" && visit().date >= engine.today();
  const isToday = () => visit().date === engine.today();
  const close = () => {
    props.onOpen(undefined);
    rowElement?.querySelector<HTMLElement>("button, a")?.focus();
  };
  const changeButton = (kind: VisitChangeKind) => (
    <Button
      variant="secondary"
      size="small"
      aria-label={named(text(`schools.page.${kind}`))}
      aria-expanded={props.opened === kind}
      onClick={() => props.onOpen(props.opened === kind ? undefined : kind)}
    >
      {text(`schools.page.${kind}`)}
    </Button>
  );
  return (
    <li class="row-item" ref={(element) => (rowElement = element)} data-done={status() === "cancelled" || status() === "closed" ? "" : undefined}>
      <div class="row visit-row">
        <span class="row-body">
          <span class="row-text">
            <a class="row-title inline-target" id={titleId} href={path()}>
              {school().name}
            </a>
            <span class="row-detail">
              <Unbroken text={detail()} />
            </span>
          </span>
          <span class="row-end">
            <Show when={!isToday() && words.tag(visit())}>{(tag) => <Tag tone={tag().tone}>{tag().label}</Tag>}</Show>
            <Show when={mayChange()}>
              {changeButton("move")}
              {changeButton("cancel")}
            </Show>
            <Show when={isConsultant() && isToday() && status() === "planned"}>
              <Button variant="primary" aria-describedby={titleId} onClick={() => void actions.start(school(), visit())}>
                {text("visits.start")}
              </Button>
            </Show>
            <Show when={isConsultant() && status() === "open"}>
              <ButtonLink variant="primary" href={path()}>
                {text("visits.today.continue")}
              </ButtonLink>
            </Show>
            <Show when={isConsultant() && status() === "cancelled" && visit().date >= engine.today()}>
              <Button
                variant="secondary"
                size="small"
                aria-label={named(text("schools.page.uncancel"))}
                onClick={() => void actions.holdAnyway(school(), visit())}
              >
                {text("schools.page.uncancel")}
              </Button>
            </Show>
          </span>
        </span>
      </div>
      <Show when={props.opened}>{(kind) => <VisitChange plan={props.row.plan} visit={visit()} kind={kind()} onClose={close} />}</Show>
    </li>
  );
}
