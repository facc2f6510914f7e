import { createMemo, For, type JSX, Match, Show, Switch } from "solid-js";
import { useEngine } from "../../reactive/engine-context.tsx";
import { ButtonLink } from "../../ui/button.tsx";
import { PageTitle } from "../../ui/card.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { Unbroken } from "../../ui/unbroken.tsx";
import { NoSchool } from "../school-home/no-school.tsx";
import { Page } from "../space/page.tsx";
import { createPeople } from "../space/settings-people.tsx";
import { type SchoolHandle, useWorkspace } from "../space/workspace.tsx";
import { NewYear } from "../year-end/new-year.tsx";
import { nextVisit, visitOfDay, visitStatus } from "../visits/rules.ts";
import { createSchoolFacts, createSchoolsKnown, createSchoolWords, createVisits } from "./create-school.ts";
import { SchoolView } from "./school-view.tsx";

/** All schools; someone at a school comes straight to their own. */
export function SchoolsPage(): JSX.Element {
  const { text, format } = useText();
  const workspace = useWorkspace();
  const known = createSchoolsKnown();
  const isConsultant = () => workspace.role() === "consultant";
  const onlySchool = createMemo(() => (isConsultant() || workspace.schools().length !== 1 ? undefined : workspace.schools()[0]));
  const addLink = (variant: "primary" | "secondary") => (
    <ButtonLink variant={variant} icon="plus" href="/skoler/ny">
      {text("schools.add")}
    </ButtonLink>
  );
  return (
    <Page>
      <Switch>
        <Match when={onlySchool()}>{(school) => <SchoolView school={school()} />}</Match>
        <Match when={workspace.schools().length > 0}>
          <PageTitle
            title={text("schools.title")}
            kicker={format.schoolYear(workspace.schoolYear())}
            aside={isConsultant() ? addLink("secondary") : undefined}
          />
          <NewYear />
          <ul class="card" data-list="">
            <For each={workspace.schools()}>{(school) => <SchoolRow school={school} />}</For>
          </ul>
        </Match>
        <Match when={workspace.schoolsToBegin().length > 0}>
          <PageTitle title={text("schools.title")} aside={addLink("secondary")} />
          <NewYear />
        </Match>
        <Match when={known()}>
          <PageTitle title={text("schools.title")} />
          <Show when={isConsultant()} fallback={<NoSchool />}>
            <EmptyState text={text("schools.none")}>{addLink("primary")}</EmptyState>
          </Show>
        </Match>
      </Switch>
    </Page>
  );
}

function SchoolRow(props: { school: SchoolHandle }): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const words = createSchoolWords();
  const { head } = createSchoolFacts(() => props.school);
  const visits = createVisits(() => props.school);
  const people = createPeople(() => [props.school.planRoom]);
  const today = createMemo(() => {
    const visit = visitOfDay(visits(), engine.today());
    return visit !== null && visitStatus(visit) !== "closed" ? visit : null;
  });
  const next = createMemo(() => nextVisit(visits(), engine.today()));
  const fromSchool = createMemo(() =>
    people().flatMap(({ name, role }) =>
      name !== null && (role === "socialTeacher" || role === "principal") ? [name] : [],
    ),
  );
  const nextText = () => {
    const visit = next();
    return visit === null ? text("schools.noNextVisit") : text("schools.nextVisit", { date: format.date(visit.date, "short") });
  };
  return (
    <li class="row-item">
      <a class="row school-row" href={`/skoler/${props.school.schoolId}`}>
        <span class="row-text">
          <span class="row-title voice">{props.school.name}</span>
          <Show when={head()}>
            {(school) => (
              <span class="row-detail">
                <span class="school-part">{words.arrangement(school())}</span>
                <span class="school-part">
                  <Unbroken text={words.rhythm(school())} />
                </span>
              </span>
            )}
          </Show>
          <span class="row-detail">
            {fromSchool().length > 0 ? text("schools.with", { names: format.list(fromSchool()) }) : text("schools.nobodyWith")}
          </span>
        </span>
        <span class="row-end">
          <Show when={today() !== null} fallback={<Tag>{nextText()}</Tag>}>
            <Tag tone="now">{text("schools.visitToday")}</Tag>
          </Show>
        </span>
        <Icon name="chevronRight" class="row-chevron" />
      </a>
    </li>
  );
}
