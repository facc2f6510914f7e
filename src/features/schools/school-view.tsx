import { createMemo, For, type JSX, Show } from "solid-js";
import { capitalise } from "../../i18n/format.ts";
import { schoolYearRange } from "../../lib/school-year.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Card, PageTitle, Section } from "../../ui/card.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { SummaryList, type SummaryRow } from "../../ui/summary.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { createAgendaLinks } from "../meetings/create-agendas.ts";
import { MeetingsSection } from "../meetings/meetings-section.tsx";
import { createRoutineLinks } from "../routines/create-templates.ts";
import { RunsSection } from "../routines/runs-section.tsx";
import type { School, SchoolHead } from "../space/schema.ts";
import { createPeople, createPersonName } from "../space/settings-people.tsx";
import { type SchoolHandle, useWorkspace } from "../space/workspace.tsx";
import { TemplateLinks } from "../templates/template-links.tsx";
import { skippedDays, visitsInOrder } from "../visits/rules.ts";
import { createHolidays, createSchoolFacts, createSchoolWords, createVisits } from "./create-school.ts";
import { PastVisits, VisitPlan } from "./visit-plan.tsx";
import { VisitPlanPrint } from "./visit-plan-print.tsx";

/** A school's arrangement, its visits of the school year, and who can read about it. What can be changed is for consultants. */
export function SchoolView(props: { school: SchoolHandle }): JSX.Element {
  const { text, format } = useText();
  const workspace = useWorkspace();
  const { head, full } = createSchoolFacts(() => props.school);
  const visits = createVisits(() => props.school);
  const holidays = createHolidays();
  const words = createSchoolWords();
  const isConsultant = () => workspace.role() === "consultant";
  const detail = () => {
    const school = head();
    return school === undefined ? undefined : words.rhythm(school);
  };
  const inOrder = createMemo(() => visitsInOrder(visits()));

  return (
    <>
      <div class="no-print">
        <PageTitle title={props.school.name} kicker={format.schoolYear(workspace.schoolYear())} detail={detail()} />
        <Show when={isConsultant()}>
          <div class="button-row">
            <ButtonLink variant="secondary" icon="personPlus" href={`/inviter?skole=${props.school.schoolId}`}>
              {text("space.invite.title")}
            </ButtonLink>
            <ButtonLink variant="secondary" icon="pencil" href={`/skoler/${props.school.schoolId}/endre`}>
              {text("common.action.change")}
            </ButtonLink>
            <PrintButton />
          </div>
        </Show>
        <RunsSection school={props.school} />
        <Show when={head()}>
          {(school) => (
            <>
              <VisitPlan handle={props.school} head={school()} visits={inOrder()} holidays={holidays()} mayChange={isConsultant()} />
              <MeetingsSection schools={[props.school]} />
              <Facts head={school()} full={full()} />
            </>
          )}
        </Show>
        <SchoolTemplates school={props.school} />
        <People school={props.school} />
        <PastVisits visits={inOrder()} />
        <Show when={!isConsultant()}>
          <div class="button-row section-action">
            <PrintButton />
          </div>
        </Show>
      </div>
      <VisitPlanPrint name={props.school.name} visits={inOrder()} />
    </>
  );
}

function PrintButton(): JSX.Element {
  const { text } = useText();
  return (
    <Button variant="secondary" icon="printer" onClick={() => window.print()}>
      {text("common.action.print")}
    </Button>
  );
}

function Facts(props: { head: SchoolHead; full: School | undefined }): JSX.Element {
  const { text, format } = useText();
  const workspace = useWorkspace();
  const words = createSchoolWords();
  const skipped = createSkippedWords(() => props.head);
  const rows = createMemo((): SummaryRow[] => {
    const { head, full } = props;
    const found: SummaryRow[] = [
      { label: text("schools.page.arrangement"), value: words.arrangement(head) },
      { label: text("schools.page.rhythm"), value: words.rhythm(head) },
      { label: text("schools.page.startsOn"), value: capitalise(format.date(head.startsOn, "weekdayYear")) },
    ];
    if (skipped() !== "") found.push({ label: text("schools.page.skipped"), value: skipped() });
    if (full === undefined) return found;
    const { contactName, contactPhone, reportsTo, reportsToPhone, registersConsultations } = full;
    if (contactName !== undefined || contactPhone !== undefined) {
      found.push({ label: text("schools.page.contact"), value: <NameAndPhone name={contactName} phone={contactPhone} /> });
    }
    found.push({
      label: text("schools.page.reports"),
      value: <NameAndPhone name={reportsTo ?? (workspace.serviceName() || text("schools.page.ownService"))} phone={reportsToPhone} />,
    });
    if (!registersConsultations) found.push({ label: text("common.notRegistered"), value: text("schools.page.notRegistered") });
    return found;
  });
  return (
    <Section heading={text("schools.page.facts")}>
      <Card>
        <SummaryList rows={rows()} />
      </Card>
    </Section>
  );
}

function NameAndPhone(props: { name: string | undefined; phone: string | undefined }): JSX.Element {
  return (
    <>
      {props.name}
      <Show when={props.phone}>
        {(phone) => (
          <>
            {props.name === undefined ? "" : " · "}
            <a class="inline-target" href={`tel:${phone().replaceAll(/[^+\d]/g, "")}`}>
              {phone()}
            </a>
          </>
        )}
      </Show>
    </>
  );
}

/** The days of the rhythm that are off, by what they are: «Høstferie: 1. okt.; helligdager: 24. des. og 13. mai». */
function createSkippedWords(head: () => SchoolHead): () => string {
  const { text, format } = useText();
  const workspace = useWorkspace();
  const holidays = createHolidays();
  return createMemo(() => {
    const days = skippedDays(head(), schoolYearRange(workspace.schoolYear()), holidays());
    const byName = Map.groupBy(days, ({ holiday }) => holiday ?? text("schools.page.publicHolidays"));
    const parts = Array.from(byName, ([name, group]) =>
      text("schools.page.skippedPart", { name, dates: format.list(group.map(({ date }) => format.date(date, "short"))) }),
    );
    return capitalise(parts.join("; "));
  });
}

/** The routines and agendas as the school follows them, for those who work with its cases. */
function SchoolTemplates(props: { school: SchoolHandle }): JSX.Element {
  const { text } = useText();
  const routines = createRoutineLinks(() => props.school);
  const agendas = createAgendaLinks(() => props.school);
  return (
    <Show when={props.school.schoolRoom !== undefined}>
      <Section heading={text("routines.template.heading")}>
        <TemplateLinks kind="routines" owner="school" links={routines()} />
      </Section>
      <Section heading={text("agendas.template.heading")}>
        <TemplateLinks kind="agendas" owner="school" links={agendas()} />
      </Section>
    </Show>
  );
}

function People(props: { school: SchoolHandle }): JSX.Element {
  const { text } = useText();
  const people = createPeople(() => [props.school.planRoom, props.school.schoolRoom]);
  const personName = createPersonName();
  return (
    <Section heading={text("schools.page.people")}>
      <RowList>
        <For each={people()}>
          {(person) => (
            <InfoRow
              icon={person.role === "recovery" ? "key" : "person"}
              tone="neutral"
              title={personName(person)}
              detail={person.role === "recovery" ? undefined : capitalise(text(`space.role.${person.role}`))}
            />
          )}
        </For>
      </RowList>
    </Section>
  );
}
