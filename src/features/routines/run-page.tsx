import { useParams } from "@solidjs/router";
import { createMemo, For, type JSX, Match, Show, Switch } from "solid-js";
import { deadlines } from "../../content/deadlines.ts";
import type { RoutineId } from "../../content/routines.ts";
import { capitalise } from "../../i18n/format.ts";
import { dateOf } from "../../lib/iso-date.ts";
import { createStableList } from "../../reactive/create-stable-list.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { ButtonLink } from "../../ui/button.tsx";
import { Card, PageTitle, Section } from "../../ui/card.tsx";
import { ActionChips } from "../../ui/chip-group.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { GuardCard, LeftOut } from "../../ui/guard-card.tsx";
import { Notice } from "../../ui/notice.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { createHolidays, createSchoolsKnown } from "../schools/create-school.ts";
import { Page } from "../space/page.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import { AskClock } from "./ask-clock.tsx";
import { ContactPerson } from "./contact-person.tsx";
import { createRunActions, runPath } from "./create-run-actions.ts";
import { createRunWords } from "./create-run-words.ts";
import { createRoutineVersionWords, createSchoolTemplates } from "./create-templates.ts";
import { type LegalDue, legalDues, urgencyOf } from "./deadline-rules.ts";
import { clocksOfRun, settledDeadlines } from "./glance-rules.ts";
import { RunFactsSection } from "./run-facts.tsx";
import { RunSteps } from "./run-steps.tsx";
import { RunDueTag } from "./run-tile.tsx";
import { currentLeg, nextRoutines, progressOf, suspectsViolence } from "./rules.ts";
import { type RunHere, useRuns } from "./runs-context.tsx";

/** One known case along its routine: the school's clocks, the steps, what is known, the dates of the law, and the way on to another routine. */
export function RunPage(): JSX.Element {
  const { text } = useText();
  const params = useParams<{ schoolId: string; runId: string }>();
  const workspace = useWorkspace();
  const known = createSchoolsKnown();
  const runs = useRuns();
  const found = createMemo(() => runs().find(({ id, school }) => id === params.runId && school.schoolId === params.schoolId));
  const back = () => {
    const school = workspace.school(params.schoolId);
    return workspace.role() === "consultant" && school !== undefined ? { label: school.name, href: `/skoler/${school.schoolId}` } : { label: text("common.nav.today"), href: "/" };
  };
  return (
    <Page back={back()}>
      <Switch>
        <Match when={found()}>{(here) => <Run here={here()} />}</Match>
        <Match when={known() && workspace.school(params.schoolId)?.schoolIndex() !== undefined}>
          <EmptyState text={text("routines.run.notFound")} />
        </Match>
      </Switch>
    </Page>
  );
}

function Run(props: { here: RunHere }): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const holidays = createHolidays();
  const run = () => props.here.run;
  const leg = createMemo(() => currentLeg(run()));
  const isSuspected = createMemo(() => suspectsViolence(run()));
  const clocks = createStableList(createMemo(() => clocksOfRun(run(), engine.today(), holidays())));
  const detail = () => {
    const current = leg();
    if (current === null) return undefined;
    return [text(`routines.name.${current.routine}`), text("routines.run.begunOn", { date: format.date(dateOf(run().startedAt), "day") }), text("routines.run.progress", progressOf(run()))].join(" · ");
  };
  return (
    <>
      <PageTitle kicker={props.here.school.name} title={props.here.shown} detail={detail()} />
      <Show when={isSuspected()}>
        <GuardCard heading={text("consultations.guard.frameHeading")} text={text("consultations.guard.frameText")} phones={workspace.guardPhones()} takeFocus={false} />
      </Show>
      <ContactPerson here={props.here} />
      <Section heading={text("routines.run.clocks")}>
        <Card list>
          <For each={clocks()}>{(clock) => <AskClock run={props.here} clock={clock()} />}</For>
        </Card>
      </Section>
      <RunSteps here={props.here} />
      <Show when={isSuspected()}>
        <LeftOut>{text("routines.run.withoutParents")}</LeftOut>
      </Show>
      <RunFactsSection here={props.here} />
      <LegalDates here={props.here} />
      <GoOn here={props.here} />
      <Versions here={props.here} />
      <div class="button-row section-action">
        <ButtonLink variant="quiet" href={`${runPath(props.here.school.schoolId, props.here.id)}/innsyn`}>
          {text("disclosure.page.link")}
        </ButtonLink>
      </div>
    </>
  );
}

/** Every deadline of the law, with its section and what it is counted from; a duty without a date says so. */
function LegalDates(props: { here: RunHere }): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const holidays = createHolidays();
  const words = createRunWords();
  const settled = createMemo(() => settledDeadlines(props.here.run, engine.today()));
  const dues = createStableList(createMemo(() => legalDues(props.here.run, holidays())));
  const checkedAt = () => Object.values(deadlines).flatMap(({ law }) => law.map((reference) => reference.checkedAt)).sort()[0] ?? "";
  const explain = (due: LegalDue) => {
    if (due.type === "undated") return text(`routines.undated.${due.reason}`);
    return due.type === "waiting" ? text(`routines.run.waitsFor.${due.countsFrom}`) : `${words.basis(due.basis, due.countedFrom)}.`;
  };
  const detail = (due: LegalDue) => `${format.list(due.law.map(({ section }) => section))} · ${text(`routines.binds.${due.binds}`)} · ${explain(due)}`;
  const special = (due: LegalDue) => (due.id === "investigation" && props.here.run.isSpecialCase === true ? ` · ${text("routines.specialCase")}` : "");
  return (
    <Section heading={text("routines.run.legal")} hint={text("routines.run.asOf", { date: format.date(checkedAt(), "dayYear") })}>
      <div class="legal-dates">
        <RowList label={text("routines.run.legal")}>
          <For each={dues()}>
            {(due) => (
              <InfoRow
                title={text(`routines.deadline.${due().id}`)}
                detail={capitalise(detail(due())) + special(due())}
                tag={<LegalTag due={due()} isSettled={settled().has(due().id)} today={engine.today()} />}
              />
            )}
          </For>
        </RowList>
      </div>
      <Notice icon="information">{text("routines.run.weRemind")}</Notice>
    </Section>
  );
}

function LegalTag(props: { due: LegalDue; isSettled: boolean; today: string }): JSX.Element {
  const { text, format } = useText();
  return (
    <Switch fallback={<Tag>{text("routines.run.noDate")}</Tag>}>
      <Match when={props.due.type === "dated" && props.due}>
        {(due) => (
          <Show when={!props.isSettled && urgencyOf(due(), props.today) !== "running"} fallback={<Tag>{format.date(due().dueOn, "dayYear")}</Tag>}>
            <RunDueTag dueOn={due().dueOn} urgency={urgencyOf(due(), props.today)} />
          </Show>
        )}
      </Match>
      <Match when={props.due.type === "waiting"}>
        <Tag>{text("routines.run.notYetKnown")}</Tag>
      </Match>
    </Switch>
  );
}

function GoOn(props: { here: RunHere }): JSX.Element {
  const { text } = useText();
  const actions = createRunActions();
  const templates = createSchoolTemplates(() => props.here.school);
  const options = createMemo(() => nextRoutines(props.here.run).map((value) => ({ value, label: text(`routines.name.${value}`) })));
  const handOver = async (to: RoutineId) => {
    if (await actions.handOver(props.here, to, templates(to).template)) document.getElementById("content")?.focus();
  };
  return (
    <Show when={options().length > 0}>
      <Section heading={text("routines.run.goOn")} hint={text("routines.run.goOnHint")}>
        <ActionChips<RoutineId> legend={text("routines.run.goOn")} legendHidden columns={2} phoneColumns={2} options={options()} onPress={(to) => void handOver(to)} />
      </Section>
    </Show>
  );
}

/** Which version of each routine the case follows, and whether there is another one now. */
function Versions(props: { here: RunHere }): JSX.Element {
  const { text } = useText();
  const words = createRoutineVersionWords(() => props.here.school);
  const templates = createSchoolTemplates(() => props.here.school);
  return (
    <Section heading={text("routines.version.heading")}>
      <RowList>
        <For each={props.here.run.legs}>
          {(leg) => (
            <InfoRow
              title={text(`routines.name.${leg.routine}`)}
              detail={[words(leg.template), templates(leg.routine).template.version === leg.template ? "" : text("routines.version.changedSince")].filter((part) => part !== "").join(" · ")}
              href={`/skoler/${props.here.school.schoolId}/rutiner/${leg.routine}`}
              chevron
            />
          )}
        </For>
      </RowList>
    </Section>
  );
}
