import { createMemo, For, type JSX, Show } from "solid-js";
import { capitalise } from "../../i18n/format.ts";
import { createDocumentView } from "../../reactive/create-document-view.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { ButtonLink } from "../../ui/button.tsx";
import { Section } from "../../ui/card.tsx";
import { DoorHero } from "../../ui/door-hero.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Notice } from "../../ui/notice.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { createVisitWords } from "../schools/visit-words.ts";
import { NeedsYou } from "../space/needs-you.tsx";
import { Page } from "../space/page.tsx";
import { type SchoolHandle, useWorkspace } from "../space/workspace.tsx";
import { readVisits, visitRoots } from "../visits/document.ts";
import { visitsInOrder, visitToSignUpTo } from "../visits/rules.ts";
import { withMonthOnOneLine } from "./hero-date.ts";
import { NoSchoolToday } from "./no-school.tsx";

/** The rest of the year is under «Besøk». */
const shownVisits = 5;

/** The principal's «I dag»: when the consultant comes. Nothing of any case: this device has no key to one. */
export function PrincipalHomePage(): JSX.Element {
  const { text } = useText();
  const workspace = useWorkspace();
  return (
    <Page title={workspace.schools()[0]?.name}>
      <For each={workspace.schools()} fallback={<NoSchoolToday />}>{(school) => <SchoolVisits school={school} showName={workspace.schools().length > 1} />}</For>
      <NeedsYou />
      <div class="button-row form-end">
        <ButtonLink icon="calendar" href="/besok">
          {text("schoolHome.principal.allVisits")}
        </ButtonLink>
      </div>
      <Notice icon="eyeSlash">{text("schoolHome.principal.noCases")}</Notice>
    </Page>
  );
}

function SchoolVisits(props: { school: SchoolHandle; showName: boolean }): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const words = createVisitWords();
  const visits = createDocumentView(props.school.planIndex, visitRoots, (doc) => (doc === undefined ? [] : readVisits(doc).records));
  const next = createMemo(() => visitToSignUpTo(visits(), engine.today()));
  const upcoming = createMemo(() =>
    visitsInOrder(visits())
      .filter(({ date, id }) => date >= engine.today() && id !== next()?.id)
      .slice(0, shownVisits),
  );
  return (
    <>
      <DoorHero>
        <p class="kicker">
          <Show when={props.showName}>{props.school.name} · </Show>
          {text(next()?.date === engine.today() ? "schoolHome.openDoorToday" : "schoolHome.nextOpenDoor")}
        </p>
        <Show
          when={next()}
          fallback={
            <>
              <h1 class="voice">{text("schoolHome.noVisit")}</h1>
              <p class="hero-line">{text("schoolHome.noVisitDetail")}</p>
            </>
          }
        >
          {(visit) => (
            <>
              <h1 class="voice">{withMonthOnOneLine(capitalise(format.date(visit().date)))}</h1>
              <p class="hero-line">{format.timeRange(visit().from, visit().to)}</p>
            </>
          )}
        </Show>
      </DoorHero>
      <Section heading={text("schoolHome.principal.upcoming")}>
        <Show when={upcoming().length > 0} fallback={<EmptyState text={text("schoolHome.principal.none")} />}>
          <RowList>
            <For each={upcoming()}>
              {(visit) => (
                <InfoRow
                  icon="doorOpen"
                  tone="neutral"
                  title={capitalise(format.date(visit.date))}
                  detail={[format.timeRange(visit.from, visit.to), words.detail(visit)].filter((part) => part !== "").join(" · ")}
                  tag={<Show when={words.tag(visit)}>{(tag) => <Tag tone={tag().tone}>{tag().label}</Tag>}</Show>}
                />
              )}
            </For>
          </RowList>
        </Show>
      </Section>
    </>
  );
}
