import { useParams } from "@solidjs/router";
import { createMemo, createSignal, For, type JSX, Match, Show, Switch } from "solid-js";
import { indexDocId } from "../../engine/log/rights.ts";
import { createDocumentReading } from "../../reactive/create-document-reading.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { fromObservable } from "../../reactive/from-observable.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Card, PageTitle, Section } from "../../ui/card.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { ConfirmButton } from "../../ui/confirm-button.tsx";
import { Dock } from "../../ui/dock.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Notice } from "../../ui/notice.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { SummaryList } from "../../ui/summary.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { TransferForm } from "../meetings/minutes-filing.tsx";
import type { Filing } from "../meetings/schema.ts";
import { Page } from "../space/page.tsx";
import { useRoomWork } from "../space/room-work.tsx";
import { useShell } from "../space/shell.tsx";
import { WorkProgress } from "../space/work-progress.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import { createPastYears, type PastYear } from "./create-past-years.ts";
import { fileRecord, readYear, type YearRecord, type YearRecords, yearRoots } from "./document.ts";
import { createYearName, yearPath } from "./past-years.tsx";
import { destroyedOn, keepUntilOf, standingOfYear, unmarked } from "./rules.ts";

/** The end of one school's year: everything is marked, the year is closed, and destroyed. */
export function YearEndPage(): JSX.Element {
  const { text } = useText();
  const params = useParams<{ year: string; schoolId: string }>();
  const workspace = useWorkspace();
  const years = createPastYears();
  const year = createMemo(() => years()?.find(({ schoolId, schoolYear }) => schoolId === params.schoolId && String(schoolYear) === params.year));
  const isFor = () => workspace.role() === "consultant" && year();
  return (
    <Show
      when={isFor()}
      fallback={
        <Page focus back={{ label: text("common.nav.settings"), href: "/innstillinger#skolear" }}>
          <Show when={years() !== undefined || workspace.role() !== "consultant"}>
            <EmptyState text={text("yearEnd.notFound")} />
          </Show>
        </Page>
      }
    >
      {(found) => <Year year={found()} />}
    </Show>
  );
}

const nothingRead: YearRecords = { records: [], unread: 0, waiting: 0 };

function Year(props: { year: PastYear }): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const shell = useShell();
  const work = useRoomWork();
  const yearName = createYearName();
  const space = fromObservable(engine.space.status);
  const room = createMemo(() => props.year.schoolRoom, undefined, { equals: (a, b) => a?.roomId === b?.roomId });
  const read = createDocumentReading(
    () => {
      const inRoom = room();
      return inRoom === null ? undefined : engine.index(inRoom)();
    },
    yearRoots,
    readYear,
  );
  const records = () => read() ?? nothingRead;
  const standing = createMemo(() => standingOfYear(props.year, records().records, records().unread));
  const left = () => {
    const now = standing();
    return now.type === "open" ? now.left : 0;
  };
  const keepUntil = () => keepUntilOf(props.year.schoolYear, engine.today());
  const isUnderWay = () => work.jobs().some(({ job, isFinished }) => !isFinished && "label" in job.work && job.work.label === props.year.label);
  const stage = () => (isUnderWay() ? "underWay" : standing().type);
  const [tried, setTried] = createSignal(false);
  const stops = () => {
    if (left() > 0) return text("yearEnd.stops.left", { count: left() });
    return space().unsent > 0 ? text("yearEnd.stops.notSent") : null;
  };
  const close = async () => {
    setTried(true);
    if (stops() !== null) return;
    // What was marked cannot be unmarked in a room that is closed.
    shell.undo.close();
    await engine.run(async () => void (await work.begin(yearName(props.year), { type: "close", label: props.year.label, keepUntil: keepUntil() })));
  };
  const shred = () => void engine.run(async () => void (await work.begin(yearName(props.year), { type: "shred", label: props.year.label })));
  const dates = (until: string) => [
    { label: text("yearEnd.dates.read"), value: text("yearEnd.dates.until", { date: format.date(until, "dayYear") }) },
    { label: text("yearEnd.dates.backups"), value: text("yearEnd.dates.atLatest", { date: format.date(destroyedOn(until), "dayYear") }) },
  ];

  return (
    <Page
      focus
      back={{ label: text("common.nav.settings"), href: "/innstillinger#skolear" }}
      dock={
        <Show when={stage() === "open" && read() !== undefined && !shell.example}>
          <Dock note={tried() ? (stops() ?? undefined) : undefined}>
            <Button variant="primary" size="dock" icon="lock" grow onClick={() => void close()}>
              {text("yearEnd.close")}
            </Button>
          </Dock>
        </Show>
      }
    >
      <PageTitle title={yearName(props.year)} detail={text(`yearEnd.detail.${stage()}`)} />
      <Switch>
        <Match when={stage() === "shredded" && props.year.shreddedOn}>
          {(on) => (
            <Card>
              <SummaryList
                rows={[
                  { label: text("yearEnd.dates.shredded"), value: format.date(on(), "dayYear") },
                  { label: text("yearEnd.dates.backups"), value: format.date(destroyedOn(on()), "dayYear") },
                ]}
              />
              <p role="status">{destroyedOn(on()) <= engine.today() ? text("yearEnd.list.destroyed") : text("yearEnd.notYetDestroyed")}</p>
            </Card>
          )}
        </Match>
        <Match when={stage() === "closed" && props.year.keptUntil}>
          {(until) => (
            <>
              <Card>
                <SummaryList rows={dates(until())} />
              </Card>
              <Notice icon="information">{text("yearEnd.byItself")}</Notice>
              <Show when={props.year.schoolRoom !== null}>
                <ConfirmButton icon="trash" label={text("yearEnd.shred")} detail={text("yearEnd.shredDetail")} onConfirm={shred} />
              </Show>
            </>
          )}
        </Match>
        <Match when={stage() === "open" && read()}>
          <Card>
            <SummaryList rows={dates(keepUntil())} />
          </Card>
          <Marking year={props.year} read={records()} />
          <Notice icon="lock">{text("yearEnd.closeDetail")}</Notice>
        </Match>
      </Switch>
      <WorkProgress only={({ work: one }) => "label" in one && one.label === props.year.label} />
      <Show when={stage() === "closed" && read()}>{(found) => <Kept year={props.year} records={found().records} />}</Show>
    </Page>
  );
}

const groups = ["case", "run", "meeting", "plan"] as const;

/** Every record with what became of it, to be chosen and marked together. */
function Marking(props: { year: PastYear; read: YearRecords }): JSX.Element {
  const { text, plural } = useText();
  const engine = useEngine();
  const shell = useShell();
  const [chosen, setChosen] = createSignal<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = createSignal(false);
  const total = () => props.read.records.length;
  const left = () => unmarked(props.read.records).length;
  const ids = () => props.read.records.filter(({ id }) => chosen().has(id)).map(({ id }) => id);
  const choose = (id: string, isChosen: boolean) => {
    const next = new Set(chosen());
    if (isChosen) next.add(id);
    else next.delete(id);
    setChosen(next);
  };
  const edit = (filings: ReadonlyMap<string, Filing | null>) =>
    engine.run(async () => {
      await props.year.schoolRoom?.edit([indexDocId], (index) => {
        if (index !== undefined) for (const [id, filing] of filings) fileRecord(index, id, filing);
      });
    });
  const mark = async (filing: Filing | null) => {
    const marked = ids();
    const before = new Map(props.read.records.filter(({ id }) => chosen().has(id)).map((record) => [record.id, record.filing]));
    if (!(await edit(new Map(marked.map((id) => [id, filing]))))) return;
    setChosen(new Set<string>());
    setAsking(false);
    shell.undo.offer({ message: plural(marked.length, "yearEnd.markedOne", "yearEnd.markedMany"), undo: () => void edit(before) });
  };
  return (
    <>
      <Section heading={text("yearEnd.marking")}>
        <p>{text("yearEnd.markingDetail")}</p>
        <p role="status">{left() === 0 ? text("yearEnd.allMarked") : text("yearEnd.progress", { left: left(), total: total() })}</p>
        <Show when={props.read.unread > 0}>
          <Notice icon="warning">{plural(props.read.unread, "yearEnd.unreadOne", "yearEnd.unreadMany")}</Notice>
        </Show>
        <Show when={props.read.waiting > 0}>
          <Notice icon="information">{plural(props.read.waiting, "yearEnd.waitingOne", "yearEnd.waitingMany")}</Notice>
        </Show>
        <Show when={left() > 0}>
          <div class="button-row section-action">
            <Button onClick={() => setChosen(new Set(unmarked(props.read.records).map(({ id }) => id)))}>{text("yearEnd.chooseAll")}</Button>
          </div>
        </Show>
      </Section>
      <For each={groups}>
        {(kind) => (
          <Show when={props.read.records.some((record) => record.kind === kind)}>
            <Section heading={text(`yearEnd.kind.${kind}`)}>
              <RowList>
                <For each={props.read.records.filter((record) => record.kind === kind)}>
                  {(record) => <RecordRow year={props.year} record={record} chosen={chosen().has(record.id)} onChoose={(is) => choose(record.id, is)} />}
                </For>
              </RowList>
            </Section>
          </Show>
        )}
      </For>
      <Show when={ids().length > 0} fallback={<Notice icon="information">{text("yearEnd.chooseFirst")}</Notice>}>
        <Section heading={plural(ids().length, "yearEnd.chosenOne", "yearEnd.chosenMany")}>
          <div class="button-row">
            <Button icon="check" aria-expanded={asking()} onClick={() => setAsking(true)}>
              {text("minutes.filing.markTransferred")}
            </Button>
            <Button onClick={() => void mark({ outcome: "notForArchive", on: engine.today(), markedAt: engine.moment() })}>
              {text("minutes.filing.markNotForArchive")}
            </Button>
            <Button variant="quiet" onClick={() => void mark(null)}>
              {text("minutes.filing.unmark")}
            </Button>
          </div>
          <Show when={asking()}>
            <Card>
              <TransferForm onClose={() => setAsking(false)} onSave={(where, on) => void mark({ outcome: "transferred", where, on, markedAt: engine.moment() })} />
            </Card>
          </Show>
        </Section>
      </Show>
    </>
  );
}

function createRecordWords() {
  const { text, format } = useText();
  const label = ({ kind, label }: YearRecord) => (kind === "plan" ? text("yearEnd.plan") : label);
  const filed = (filing: Filing | null) => {
    if (filing === null) return text("yearEnd.notMarked");
    const on = format.date(filing.on, "dayYear");
    return filing.outcome === "transferred" ? text("minutes.filing.transferred", { date: on, where: filing.where }) : text("minutes.filing.notForArchive", { date: on });
  };
  const detail = ({ on, filing }: YearRecord) => [on === null ? "" : text("yearEnd.last", { date: format.date(on, "dayYear") }), filed(filing)].filter((part) => part !== "").join(" · ");
  return { label, detail };
}

function RecordRow(props: { year: PastYear; record: YearRecord; chosen: boolean; onChoose: (isChosen: boolean) => void }): JSX.Element {
  const words = createRecordWords();
  return (
    <li class="row-item">
      <div class="row">
        <span class="row-body">
          <span class="row-text">
            <Checkbox label={words.label(props.record)} hint={words.detail(props.record)} checked={props.chosen} onChange={props.onChoose} />
          </span>
          <span class="row-end">
            <SeeLink year={props.year} record={props.record} />
          </span>
        </span>
      </div>
    </li>
  );
}

const paperOf = { case: "sak", run: "forlop", meeting: "mote" } as const;

function SeeLink(props: { year: PastYear; record: YearRecord }): JSX.Element {
  const { text } = useText();
  const href = () => {
    const { kind, id } = props.record;
    return kind === "plan" ? undefined : `${yearPath(props.year)}/${paperOf[kind]}/${id}`;
  };
  return (
    <Show when={href()}>
      {(to) => (
        <ButtonLink size="small" href={to()} aria-label={text("yearEnd.seeRecord", { record: props.record.label })}>
          {text("yearEnd.see")}
        </ButtonLink>
      )}
    </Show>
  );
}

/** What a closed year holds, for as long as it can be read. */
function Kept(props: { year: PastYear; records: readonly YearRecord[] }): JSX.Element {
  const { text } = useText();
  const words = createRecordWords();
  return (
    <Section heading={text("yearEnd.kept")}>
      <RowList>
        <For each={props.records}>
          {(record) => <InfoRow title={words.label(record)} detail={words.detail(record)} action={<SeeLink year={props.year} record={record} />} />}
        </For>
      </RowList>
    </Section>
  );
}
