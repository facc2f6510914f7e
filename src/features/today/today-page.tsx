import { createMemo, createSignal, For, type JSX, mapArray, Show } from "solid-js";
import { capitalise } from "../../i18n/format.ts";
import { momentOf, timeOf } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Card, PageTitle, Section } from "../../ui/card.tsx";
import { DoorHero } from "../../ui/door-hero.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Notice } from "../../ui/notice.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { Unbroken } from "../../ui/unbroken.tsx";
import { AskWaiting } from "../follow-up/ask-waiting.tsx";
import { byDue, waitingNow } from "../follow-up/rules.ts";
import { useWaiting, type Waiting } from "../follow-up/waiting-context.tsx";
import { queueOf, isWaiting } from "../pre-registration/rules.ts";
import { PurgesToDecide } from "../purge/purge-list.tsx";
import { NeedsYou } from "../space/needs-you.tsx";
import { Page } from "../space/page.tsx";
import { createVisitActions, visitPath } from "../visits/create-visit-actions.ts";
import { useWorkspace } from "../space/workspace.tsx";
import { Followers } from "../year-end/followers.tsx";
import { NewYear } from "../year-end/new-year.tsx";
import { visitOfDay, visitsLeftOpen, visitStatus } from "../visits/rules.ts";
import { QueueEntryRow } from "../visits/visit-queue.tsx";
import { createSchoolDay, createSchoolPlans, type SchoolDayHere, type SchoolPlan } from "./create-school-days.ts";
import { createStableList } from "../../reactive/create-stable-list.ts";
import { greetingAt, nextOfAll, type VisitFacts, visitsToday } from "./rules.ts";

/** How many questions stand on the first screen; the rest are under «Oppfølging». */
const askedAtOnce = 3;

/** The consultant's first screen: which school it is today, who is signed up, and what waits on her. */
export function TodayPage(): JSX.Element {
  const plans = createSchoolPlans();
  return (
    <Page>
      {/* Nothing is said of the day before it has been read. */}
      <Show when={plans()}>{(read) => <Today plans={read()} />}</Show>
    </Page>
  );
}

function Today(props: { plans: readonly SchoolPlan[] }): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const now = createMemo(() => momentOf(engine.now()));
  const today = () => engine.today();
  const schoolsToday = createMemo(() => props.plans.filter(({ visits }) => visitOfDay(visits, today()) !== null).map(({ school }) => school));
  const days = createMemo(mapArray(schoolsToday, (school) => createSchoolDay(() => school)));
  const facts = createMemo(() => {
    const read = days().flatMap((day) => day() ?? []);
    return visitsToday(read, now()).flatMap((one) => {
      const day = read.find(({ schoolId }) => schoolId === one.schoolId);
      return day === undefined ? [] : [{ id: one.visit.id, facts: one, day }];
    });
  });
  const shown = createStableList(facts);
  const leftOpen = createMemo(() => props.plans.flatMap(({ school, visits }) => visitsLeftOpen(visits, today()).map((visit) => ({ school, visit }))));
  const title = () => {
    const greeting = text(`common.greeting.${greetingAt(now())}`);
    const names = schoolsToday().map(({ name }) => shortName(name));
    return names.length === 0 ? text("visits.today.none", { greeting }) : text("visits.today.some", { greeting, schools: format.list(names) });
  };

  return (
    <>
      <PageTitle kicker={capitalise(format.date(today()))} title={title()} />
      <NeedsYou />
      <For each={shown()}>{(one) => <TodaysVisit day={one().day} facts={one().facts} />}</For>
      <Show when={schoolsToday().length === 0}>
        <NextVisit plans={props.plans} />
      </Show>
      <Show when={leftOpen().length > 0}>
        <Section heading={text("visits.today.leftOpen")}>
          <RowList>
            <For each={leftOpen()}>
              {({ school, visit }) => (
                <InfoRow
                  icon="doorOpen"
                  tone="now"
                  title={school.name}
                  detail={text("visits.today.leftOpenDetail", { date: format.date(visit.date) })}
                  href={`${visitPath(school.schoolId, visit.id)}/avslutt`}
                  chevron
                />
              )}
            </For>
          </RowList>
        </Section>
      </Show>
      <WaitingOnYou />
      <Followers />
      <PurgesToDecide />
    </>
  );
}

/** «Granly» for «Granly skole», as people say it. */
function shortName(name: string): string {
  return name.replace(/ sk[ou]le$/i, "");
}

function TodaysVisit(props: { facts: VisitFacts; day: SchoolDayHere }): JSX.Element {
  const { text, plural, format } = useText();
  const engine = useEngine();
  const actions = createVisitActions();
  const visit = () => props.facts.visit;
  const path = () => visitPath(props.facts.schoolId, visit().id);
  const status = () => visitStatus(visit());
  const waiting = createMemo(() =>
    queueOf(visit(), { ...props.day, today: engine.today() }).filter(({ preRegistration }) => isWaiting(preRegistration)),
  );
  const queueLine = () => {
    const { waiting: count, freeFrom } = props.facts;
    const signedUp = count === 0 ? text("visits.today.nobodySignedUp") : plural(count, "visits.today.signedUpOne", "visits.today.signedUpMany");
    if (status() === "closed") return signedUp;
    const free = freeFrom === null ? text("visits.today.full") : text("visits.today.freeFrom", { time: format.time(freeFrom) });
    return `${signedUp} ${free}`;
  };
  const lastLine = () => {
    const { last } = props.facts;
    if (last === null) return text("visits.today.firstVisit");
    const consultations = plural(last.consultations, "visits.today.consultationOne", "visits.today.consultationMany");
    const open = last.waiting === 0 ? text("visits.today.nothingOpen") : plural(last.waiting, "visits.today.openOne", "visits.today.openMany");
    return text("visits.today.last", { consultations, open });
  };
  return (
    <>
      <DoorHero>
        <p class="tags">
          <Tag tone="now" icon="clock">
            <Unbroken text={format.timeRange(visit().from, visit().to)} />
          </Tag>
          <Show when={props.day.head}>{(head) => <Tag>{text(`content.arrangement.${head().arrangement}`)}</Tag>}</Show>
        </p>
        <h2 class="voice">{props.facts.name}</h2>
        <p class="hero-line">{status() === "closed" ? text("visits.today.held", { time: format.time(timeOf(visit().closedAt ?? "")) }) : queueLine()}</p>
        <Show when={status() !== "closed"}>
          <p class="detail">{lastLine()}</p>
        </Show>
        <div class="button-row">
          <Show
            when={status() === "planned"}
            fallback={
              <ButtonLink variant={status() === "open" ? "primary" : "secondary"} size="dock" icon="doorOpen" href={path()}>
                {text(status() === "open" ? "visits.today.continue" : "visits.today.see")}
              </ButtonLink>
            }
          >
            <Button variant="primary" size="dock" icon="doorOpen" onClick={() => void actions.start(props.day.school, visit())}>
              {text("visits.start")}
            </Button>
          </Show>
          <Show when={status() !== "closed"}>
            <ButtonLink variant="quiet" size="dock" icon="plus" href={`${path()}/drofting`}>
              {text("visits.newConsultation")}
            </ButtonLink>
          </Show>
        </div>
      </DoorHero>
      <Show when={props.day.nextTimeNote}>{(note) => <Notice icon="pencil">{text("visits.remember", { note: note() })}</Notice>}</Show>
      <Show when={status() !== "closed" && waiting().length > 0}>
        <RowList label={text("visits.today.queue", { school: props.facts.name })}>
          <For each={waiting()}>
            {(entry) => <QueueEntryRow entry={entry} day={props.day} href={`${path()}/drofting?pamelding=${entry.preRegistration.id}`} />}
          </For>
        </RowList>
      </Show>
    </>
  );
}

/** On a day without a visit: which is next, and the way to a visit outside the plan. */
function NextVisit(props: { plans: readonly SchoolPlan[] }): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const next = createMemo(() => {
    const days = props.plans.map(({ school, ...plan }) => ({ ...plan, schoolId: school.schoolId, name: school.name, preRegistrations: [], consultations: [], followUps: [] }));
    return nextOfAll(days, engine.today());
  });
  return (
    <Show when={props.plans.length > 0} fallback={<NoSchools />}>
      <DoorHero>
        <Show when={next()} fallback={<h2 class="voice">{text("visits.today.noneComing")}</h2>}>
          {(coming) => (
            <>
              <p class="kicker">{text("visits.today.next")}</p>
              <h2 class="voice">{coming().name}</h2>
              <p class="hero-line">
                {capitalise(format.date(coming().visit.date))} · <Unbroken text={format.timeRange(coming().visit.from, coming().visit.to)} />
              </p>
            </>
          )}
        </Show>
        <div class="button-row">
          <ButtonLink variant="secondary" size="dock" icon="doorOpen" href="/besok">
            {text("visits.today.seeVisits")}
          </ButtonLink>
        </div>
      </DoorHero>
    </Show>
  );
}

function NoSchools(): JSX.Element {
  const { text } = useText();
  const workspace = useWorkspace();
  return (
    <Show when={workspace.schoolsToBegin().length === 0} fallback={<NewYear />}>
      <EmptyState text={text("visits.today.noSchools")}>
        <ButtonLink variant="primary" icon="plus" href="/skoler/ny">
          {text("schools.add")}
        </ButtonLink>
      </EmptyState>
    </Show>
  );
}

/** The first of the questions that wait. An answered one keeps its place for as long as one stays on the page. */
function WaitingOnYou(): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const all = useWaiting();
  const [answeredHere, setAnsweredHere] = createSignal<readonly string[]>([]);
  const keep = ({ id }: Waiting) => {
    setAnsweredHere((ids) => [...ids, id]);
    return true;
  };
  const waiting = createMemo(() => waitingNow(all(), "consultant", engine.today()));
  const asked = createStableList(
    createMemo(() => {
      const kept = all().filter(({ id }) => answeredHere().includes(id));
      const keptIds = new Set(kept.map(({ id }) => id));
      const open = waiting().filter(({ id }) => !keptIds.has(id));
      const places = Math.max(0, askedAtOnce - kept.length);
      return [...kept, ...open.slice(0, places)].sort(byDue);
    }),
  );
  return (
    <Show when={asked().length > 0}>
      <Section heading={text("visits.today.waiting")} hint={text("visits.today.inAll", { count: waiting().length })}>
        <Card list>
          <For each={asked()}>
            {(one) => <AskWaiting one={one()} showSchool onAnswer={keep} />}
          </For>
        </Card>
        <Show when={waiting().length > asked().length}>
          <a class="link" href="/oppfolging">
            {text("visits.today.seeAll")}
          </a>
        </Show>
      </Section>
    </Show>
  );
}
