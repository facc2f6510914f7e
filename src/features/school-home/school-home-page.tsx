import { createMemo, createSignal, For, type JSX, onMount, Show } from "solid-js";
import { capitalise } from "../../i18n/format.ts";
import { momentOf, timeOf } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Card, Section } from "../../ui/card.tsx";
import { ChoiceChips } from "../../ui/chip-group.tsx";
import { DeviceOnlyLink } from "../../ui/device-only.tsx";
import { Dock } from "../../ui/dock.tsx";
import { DoorHero } from "../../ui/door-hero.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { QueueRow, RowList } from "../../ui/queue-card.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { Unbroken } from "../../ui/unbroken.tsx";
import { OwnProcedureCard } from "../consultations/own-procedure-card.tsx";
import { AskWaiting } from "../follow-up/ask-waiting.tsx";
import { byDue, waitingNow } from "../follow-up/rules.ts";
import { useWaiting } from "../follow-up/waiting-context.tsx";
import { forgetExpiredLines } from "../key-list/create-key-list.ts";
import { createSignUpView, type SignUpView } from "../pre-registration/create-sign-up-view.ts";
import { freeSlots, preRegistrationState } from "../pre-registration/rules.ts";
import { RunsSection } from "../routines/runs-section.tsx";
import { NeedsYou } from "../space/needs-you.tsx";
import { Page } from "../space/page.tsx";
import { type SchoolHandle, useWorkspace } from "../space/workspace.tsx";
import { visitStatus } from "../visits/rules.ts";
import type { Visit } from "../visits/schema.ts";
import { withMonthOnOneLine } from "./hero-date.ts";
import { type HomeRow, homeRows, settledOn } from "./home-rules.ts";
import { NoSchoolToday } from "./no-school.tsx";
import { PrintedCases } from "./printed-cases.tsx";

/** The sosiallærer's «I dag»: the next open door, what waits on her, and her cases. */
export function SchoolHomePage(): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const [chosen, setChosen] = createSignal<string>();
  onMount(() => void forgetExpiredLines(engine.locals, engine.today()).catch(() => {
    // A list that cannot be read says so on its own page; here there is nothing to do about it.
  }));
  const school = createMemo(() => workspace.school(chosen() ?? "") ?? workspace.schools()[0]);
  return (
    <Show when={school()} fallback={<Page><NoSchoolToday /></Page>} keyed>
      {(here) => (
        <SchoolHome
          school={here}
          choice={
            <Show when={workspace.schools().length > 1}>
              <ChoiceChips<string>
                legend={text("schoolHome.school")}
                required
                columns={3}
                phoneColumns={2}
                options={workspace.schools().map(({ schoolId, name }) => ({ value: schoolId, label: name }))}
                value={here.schoolId}
                onChange={setChosen}
              />
            </Show>
          }
        />
      )}
    </Show>
  );
}

function SchoolHome(props: { school: SchoolHandle; choice: JSX.Element }): JSX.Element {
  const { text, plural } = useText();
  const engine = useEngine();
  const view = createSignUpView(() => props.school);
  const all = useWaiting();
  // Those answered here stay in their place until the page is left: no card slides in under the finger.
  const [answered, setAnswered] = createSignal<readonly string[]>([]);
  const ofSchool = createMemo(() => all().filter(({ school }) => school === props.school));
  const waiting = createMemo(() => {
    const ids = new Set<string>([...waitingNow(ofSchool(), "school", engine.today()).map(({ id }) => id), ...answered()]);
    return ofSchool()
      .filter(({ id }) => ids.has(id))
      .sort(byDue);
  });
  const byId = createMemo(() => new Map(waiting().map((one) => [one.id, one])));
  // One question at a time, so that the cases stay in sight; the next one comes under the one that was answered.
  const shown = () => {
    const next = waiting().find(({ id }) => !answered().includes(id));
    return waiting()
      .filter(({ id }) => id === next?.id || answered().includes(id))
      .map(({ id }) => id);
  };
  const more = () => byId().size - shown().length;
  const rows = createMemo(() => homeRows({ visits: view.visits(), preRegistrations: view.preRegistrations(), today: engine.today() }));
  const canSignUp = () => view.takesSignUps() && view.visit() !== null;

  return (
    <Page
      title={props.school.name}
      dock={
        <Show when={canSignUp()}>
          <Dock>
            <ButtonLink variant="primary" size="dock" icon="plus" grow href={`/meld-opp/${props.school.schoolId}`}>
              {text("schoolHome.signUp")}
            </ButtonLink>
          </Dock>
        </Show>
      }
    >
      <div class="stack" classList={{ "no-print": view.visit() !== null }}>
        {props.choice}
        <Show when={view.ready()}>
          <NextDoor view={view} />
          <NeedsYou />
          <OwnProcedureCard school={props.school} />
          <Show when={shown().length > 0}>
            <Card list>
              <For each={shown()}>
                {(id) => (
                  <Show when={byId().get(id)}>
                    {(one) => (
                      <AskWaiting
                        one={one()}
                        headingLevel={2}
                        onAnswer={() => {
                          setAnswered((before) => [...before, id]);
                          return true;
                        }}
                      />
                    )}
                  </Show>
                )}
              </For>
            </Card>
            <Show when={more() > 0}>
              <a class="link home-more" href="/oppfolging">
                {plural(more(), "followUp.moreOne", "followUp.moreMany")}
              </a>
            </Show>
          </Show>
          <Section heading={text("schoolHome.cases")}>
            <Show when={rows().length > 0} fallback={<EmptyState text={text("schoolHome.noCases")} />}>
              <RowList label={text("schoolHome.cases")}>
                <For each={rows()}>{(row) => <CaseRow row={row} view={view} schoolId={props.school.schoolId} />}</For>
              </RowList>
              <Show when={view.visit()}>
                <div class="button-row">
                  <Button variant="quiet" icon="printer" onClick={() => window.print()}>
                    {text("schoolHome.printCases")}
                  </Button>
                </div>
              </Show>
            </Show>
          </Section>
          <RunsSection school={props.school} />
          <DeviceOnlyLink href="/nokkelliste" label={text("schoolHome.keyList")} />
        </Show>
      </div>
      <Show when={view.visit()}>{(visit) => <PrintedCases school={props.school.name} visit={visit()} view={view} />}</Show>
    </Page>
  );
}

/** The hero: when the door is open next. */
function NextDoor(props: { view: SignUpView }): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const kicker = (visit: Visit) => {
    if (visitStatus(visit) === "open") return text("schoolHome.openNow");
    if (visit.date === engine.today()) return text("schoolHome.openDoorToday");
    const head = props.view.head();
    if (head?.arrangement === "fixedArena" && head.arena !== undefined) {
      return text("schoolHome.nextMeeting", { arena: text(`content.arena.${head.arena}`).toLowerCase() });
    }
    return text("schoolHome.nextOpenDoor");
  };
  return (
    <Show
      when={props.view.visit()}
      fallback={
        <DoorHero>
          <p class="kicker">{text("schoolHome.noVisitKicker")}</p>
          <h1 class="voice">{text("schoolHome.noVisit")}</h1>
          <p class="hero-line">{text("schoolHome.noVisitDetail")}</p>
        </DoorHero>
      }
    >
      {(visit) => (
        <DoorHero>
          <p class="kicker">{kicker(visit())}</p>
          <h1 class="voice">{withMonthOnOneLine(capitalise(format.date(visit().date)))}</h1>
          <p class="hero-line">
            <Unbroken text={format.timeRange(visit().from, visit().to)} /> · <FreeTimes view={props.view} visit={visit()} />
          </p>
        </DoorHero>
      )}
    </Show>
  );
}

function FreeTimes(props: { view: SignUpView; visit: Visit }): JSX.Element {
  const { text, plural } = useText();
  const engine = useEngine();
  const free = () => {
    const after = props.visit.date === engine.today() ? timeOf(momentOf(engine.now())) : undefined;
    return freeSlots(props.visit, props.view.queue(props.visit), after).length;
  };
  return (
    <Show when={props.view.takesSignUps()} fallback={text("schoolHome.dropIn")}>
      <Show when={free() > 0} fallback={text("schoolHome.full")}>
        {plural(free(), "schoolHome.freeOne", "schoolHome.freeMany")}
      </Show>
    </Show>
  );
}

function CaseRow(props: { row: HomeRow; view: SignUpView; schoolId: string }): JSX.Element {
  const { text, format } = useText();
  const one = () => props.row.preRegistration;
  const state = () => preRegistrationState(one());
  const detail = () => {
    const { role, gradeBand } = one();
    const parts = [
      role === undefined ? undefined : text(`content.role.${role}`),
      gradeBand === undefined ? undefined : text(`content.gradeBand.${gradeBand}`),
    ].filter((part) => part !== undefined);
    switch (state()) {
      case "discussed":
        return text("schoolHome.discussedOn", { date: format.date(settledOn(one()), "day") });
      case "withdrawn":
        return text("schoolHome.withdrawnOn", { date: format.date(settledOn(one()), "day") });
      case "postponed":
        return props.row.visit === null ? parts.join(" · ") : text("schoolHome.firstInQueue", { date: format.date(props.row.visit.date, "day") });
      default:
        return (props.row.slot === null ? parts : [format.time(props.row.slot), ...parts]).join(" · ");
    }
  };
  const tone = () => (state() === "postponed" ? "now" : state() === "discussed" ? "done" : "neutral");
  return (
    <Show when={props.view.code(one().caseId)}>
      {(code) => (
        <QueueRow
          colour={code().colour}
          number={code().number}
          title={code().label}
          detail={detail()}
          tag={
            <Tag tone={tone()} icon={state() === "discussed" ? "check" : undefined}>
              {text(`content.preRegistrationState.${state()}`)}
            </Tag>
          }
          href={state() === "discussed" ? `/saker/${props.schoolId}/${one().caseId}` : `/meld-opp/${props.schoolId}/${one().id}`}
          done={state() === "discussed" || state() === "withdrawn"}
        />
      )}
    </Show>
  );
}
