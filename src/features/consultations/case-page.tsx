import { useParams } from "@solidjs/router";
import { createMemo, createSignal, For, type JSX, Match, onCleanup, Show, Switch } from "solid-js";
import { retentionDate } from "../../lib/school-year.ts";
import { createDocumentView } from "../../reactive/create-document-view.ts";
import { createCaseDocument, useEngine } from "../../reactive/engine-context.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Card, PageTitle, Section } from "../../ui/card.tsx";
import { CaseTile } from "../../ui/case-tile.tsx";
import { Dock } from "../../ui/dock.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { GuardCard } from "../../ui/guard-card.tsx";
import { Notice } from "../../ui/notice.tsx";
import { saveFile } from "../../ui/save-file.ts";
import { SummaryList } from "../../ui/summary.tsx";
import { Tag } from "../../ui/tag.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { AskFollowUp } from "../follow-up/ask-follow-up.tsx";
import { useFollowUps, type FollowUpHere } from "../follow-up/follow-ups-context.tsx";
import { waitsForAnswer } from "../follow-up/rules.ts";
import { CaseId, type ConsultationId, type FollowUpId } from "../ids.ts";
import { isWaiting, visitOfPreRegistration } from "../pre-registration/rules.ts";
import { Page } from "../space/page.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import { createSchoolDay, type SchoolDayHere } from "../today/create-school-days.ts";
import { createStableList } from "../../reactive/create-stable-list.ts";
import { visitPath } from "../visits/create-visit-actions.ts";
import { visitOfDay, visitStatus } from "../visits/rules.ts";
import { codeOf } from "../visits/visit-queue.tsx";
import { createRecordRows } from "./create-record-rows.ts";
import { readConsultationDetails } from "./document.ts";
import type { ConsultationDetail, ConsultationHead } from "./schema.ts";

/** What has been discussed under one code, what waits for an answer, and the way to discuss it again. */
export function CasePage(): JSX.Element {
  const { text } = useText();
  const params = useParams<{ schoolId: string; caseId: string }>();
  const workspace = useWorkspace();
  const day = createSchoolDay(() => workspace.school(params.schoolId));
  const found = createMemo(() => {
    const [here, caseId] = [day(), CaseId.safeParse(params.caseId)];
    return here !== undefined && caseId.success && here.codes.has(caseId.data) ? { day: here, caseId: caseId.data } : undefined;
  });
  return (
    <Show
      when={found()}
      fallback={
        <Page focus back={{ label: text("common.nav.followUp"), href: "/oppfolging" }}>
          <Show when={day()}>
            <EmptyState text={text("consultations.record.noCase")} />
          </Show>
        </Page>
      }
    >
      {(one) => <CaseView day={one().day} caseId={one().caseId} />}
    </Show>
  );
}

type CaseProps = { day: SchoolDayHere; caseId: CaseId };

function CaseView(props: CaseProps): JSX.Element {
  const { text, plural, format } = useText();
  const workspace = useWorkspace();
  const code = () => codeOf(props.day, props.caseId);
  const consultations = createMemo(() =>
    props.day.consultations.filter(({ caseId }) => caseId === props.caseId).sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1)),
  );
  const details = createDetails(props);
  const [printed, setPrinted] = createPrinting();
  const records = createStableList(createMemo(() => consultations().map((head) => ({ id: head.id, head }))));
  const gradeBand = () => consultations()[0]?.gradeBand ?? props.day.cases.find(({ id }) => id === props.caseId)?.gradeBand;
  const detail = () => {
    const band = gradeBand();
    const count = consultations().length;
    return [
      props.day.name,
      band === undefined ? "" : text(`content.gradeBand.${band}`),
      count === 0 ? "" : plural(count, "consultations.record.once", "consultations.record.times"),
    ]
      .filter((part) => part !== "")
      .join(" · ");
  };
  const back = () => {
    const open = props.day.visits.find((visit) => visitStatus(visit) === "open");
    return open === undefined
      ? { label: text("common.nav.followUp"), href: "/oppfolging" }
      : { label: props.day.name, href: visitPath(props.day.schoolId, open.id) };
  };
  return (
    <Page focus back={back()} dock={<CaseDock {...props} consultations={consultations()} onPrint={() => setPrinted("all")} />}>
      <PageTitle tile={<CaseTile colour={code().colour} number={code().number} size={60} />} title={code().label} detail={detail()} />
      <Show when={consultations().some(({ ownProcedure }) => ownProcedure === true)}>
        <GuardCard
          heading={text("consultations.guard.frameHeading")}
          text={text("consultations.guard.frameText")}
          phones={workspace.guardPhones()}
          takeFocus={false}
        />
      </Show>
      <Waiting {...props} />
      <Show when={records().length > 0} fallback={<EmptyState text={text("consultations.record.notDiscussed")} />}>
        <For each={records()}>
          {(record) => (
            <Record
              {...props}
              head={record().head}
              detail={details().find(({ id }) => id === record().id)}
              hiddenOnPaper={printed() !== "all" && printed() !== record().id}
              onPrint={() => setPrinted(record().id)}
            />
          )}
        </For>
        <ExportButton {...props} consultations={consultations()} details={details()} />
      </Show>
      <div class="button-row section-action">
        <ButtonLink variant="quiet" href={`/saker/${props.day.schoolId}/${props.caseId}/innsyn`}>
          {text("disclosure.page.link")}
        </ButtonLink>
        <ButtonLink variant="quiet" href={`/saker/${props.day.schoolId}/${props.caseId}/hvem-har-sett`}>
          {text("access.link")}
        </ButtonLink>
        <ButtonLink variant="quiet" href={`/saker/${props.day.schoolId}/${props.caseId}/slett-for-godt`}>
          {text("purge.link")}
        </ButtonLink>
      </div>
      <Notice icon="clock">{text("content.retention", { date: format.date(retentionDate(workspace.schoolYear()), "dayYear") })}</Notice>
    </Page>
  );
}

/** The parts of the case's drøftinger that lie in its own document, in the school's room and, for those who have it, in ours. */
function createDetails(props: CaseProps): () => ConsultationDetail[] {
  const workspace = useWorkspace();
  const inSchool = createCaseDocument(
    () => props.day.school.schoolRoom,
    () => props.caseId,
  );
  const inService = createCaseDocument(
    () => workspace.serviceRoom(),
    () => props.caseId,
  );
  const read = [inSchool, inService].map((doc) =>
    createDocumentView(doc, ["consultations"], (caseDoc) => (caseDoc === undefined ? [] : readConsultationDetails(caseDoc).records)),
  );
  return createMemo(() => read.flatMap((view) => view()));
}

/** Which drøftinger are on the paper: set, the page is drawn so, then it is printed. */
function createPrinting(): [() => ConsultationId | "all", (which: ConsultationId | "all") => void] {
  const [printed, setPrinted] = createSignal<ConsultationId | "all">("all");
  const reset = () => setPrinted("all");
  window.addEventListener("afterprint", reset);
  onCleanup(() => window.removeEventListener("afterprint", reset));
  return [
    printed,
    (which) => {
      setPrinted(which);
      requestAnimationFrame(() => window.print());
    },
  ];
}

function CaseDock(props: CaseProps & { consultations: readonly ConsultationHead[]; onPrint: () => void }): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const today = createMemo(() => {
    const visit = visitOfDay(props.day.visits, engine.today());
    return visit !== null && visitStatus(visit) !== "closed" ? visit : null;
  });
  const signUp = createMemo(() => props.day.preRegistrations.find((one) => one.caseId === props.caseId && isWaiting(one)));
  const isShared = () => props.consultations.some(({ id }) => !props.day.onlyUs.has(id)) || signUp() !== undefined;
  const formPath = () => {
    const visit = today();
    if (visit === null || workspace.role() !== "consultant") return null;
    const waiting = signUp();
    const isHere = waiting !== undefined && visitOfPreRegistration(waiting, props.day.visits, engine.today())?.id === visit.id;
    return `${visitPath(props.day.schoolId, visit.id)}/drofting?${isHere ? `pamelding=${waiting.id}` : `sak=${props.caseId}`}`;
  };
  return (
    <Dock>
      <Show when={props.consultations.length > 0}>
        <Button variant="secondary" size="dock" icon="printer" onClick={() => props.onPrint()}>
          {text("common.action.print")}
        </Button>
      </Show>
      <Switch>
        <Match when={formPath()}>
          {(href) => (
            <ButtonLink variant="primary" size="dock" icon="chat" grow href={href()}>
              {text(props.consultations.length === 0 ? "visits.startConsultation" : "consultations.record.again")}
            </ButtonLink>
          )}
        </Match>
        <Match when={signUp() === undefined && isShared()}>
          <ButtonLink variant="primary" size="dock" icon="plus" grow href={`/meld-opp/${props.day.schoolId}?sak=${props.caseId}`}>
            {text("consultations.record.signUpAgain")}
          </ButtonLink>
        </Match>
      </Switch>
    </Dock>
  );
}

function ExportButton(props: CaseProps & { consultations: readonly ConsultationHead[]; details: readonly ConsultationDetail[] }): JSX.Element {
  const { text } = useText();
  const words = createRecordRows();
  const exportText = () => {
    const parts = props.consultations.map((head) => {
      const detail = props.details.find(({ id }) => id === head.id);
      const followUps = props.day.followUps.filter(({ consultationId }) => consultationId === head.id);
      const lines = words.rows(head, detail, followUps).map(({ label, value }) => `${label}${label.endsWith("?") ? "" : ":"} ${value}`);
      return [words.when(head), ...lines].join("\n");
    });
    const { label } = codeOf(props.day, props.caseId);
    const record = [label, props.day.name, ...parts].join("\n\n");
    saveFile(new Blob([record], { type: "text/plain;charset=utf-8" }), `${label}.txt`);
  };
  return (
    <div class="button-row section-action">
      <Button variant="secondary" icon="download" onClick={exportText}>
        {text("consultations.record.export")}
      </Button>
    </div>
  );
}

/** The questions of this case that wait. An answered one stays for as long as one is on the page. */
function Waiting(props: CaseProps): JSX.Element {
  const { text } = useText();
  const workspace = useWorkspace();
  const all = useFollowUps();
  const [answered, setAnswered] = createSignal<readonly FollowUpId[]>([]);
  const keep = ({ id }: FollowUpHere) => {
    setAnswered((ids) => [...ids, id]);
    return true;
  };
  // What waits on the consultant stands in the record; the school is not asked about it.
  const isAskedHere = ({ waitsOn }: FollowUpHere) => workspace.role() === "consultant" || waitsOn.includes("school");
  const asked = createStableList(
    createMemo(() =>
      all().filter(
        (followUp) =>
          followUp.caseId === props.caseId && (waitsForAnswer(followUp) ? isAskedHere(followUp) : answered().includes(followUp.id)),
      ),
    ),
  );
  return (
    <Show when={asked().length > 0}>
      <Section heading={text("consultations.record.waiting")}>
        <Card list>
          <For each={asked()}>
            {(followUp) => <AskFollowUp followUp={followUp()} canChangeDate onAnswer={keep} />}
          </For>
        </Card>
      </Section>
    </Show>
  );
}

/** One drøfting as it was saved. */
function Record(
  props: CaseProps & { head: ConsultationHead; detail: ConsultationDetail | undefined; hiddenOnPaper: boolean; onPrint: () => void },
): JSX.Element {
  const { text } = useText();
  const workspace = useWorkspace();
  const words = createRecordRows();
  const followUps = createMemo(() => props.day.followUps.filter(({ consultationId }) => consultationId === props.head.id));
  const changePath = () =>
    props.head.visitId === undefined ? undefined : `${visitPath(props.day.schoolId, props.head.visitId)}/drofting?endre=${props.head.id}`;
  return (
    <div class={props.hiddenOnPaper ? "no-print" : ""}>
      <Section heading={words.when(props.head)}>
        <Card>
          <Show when={props.day.onlyUs.has(props.head.id)}>
            <p class="tags">
              <Tag icon="lock">{text("consultations.onlyUs.tag")}</Tag>
            </p>
          </Show>
          <SummaryList rows={words.rows(props.head, props.detail, followUps())} />
          <div class="button-row no-print section-action">
            <Show when={workspace.role() === "consultant" && changePath()}>
              {(href) => (
                <ButtonLink variant="secondary" icon="pencil" href={href()}>
                  {text("common.action.change")}
                </ButtonLink>
              )}
            </Show>
            <Button variant="quiet" icon="printer" onClick={() => props.onPrint()}>
              {text("consultations.record.printOne")}
            </Button>
          </div>
        </Card>
      </Section>
    </div>
  );
}
