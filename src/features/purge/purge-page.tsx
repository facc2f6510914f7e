import { useParams } from "@solidjs/router";
import { createMemo, createSignal, For, type JSX, Match, Show, Switch } from "solid-js";
import type * as Y from "yjs";
import { indexDocId } from "../../engine/log/rights.ts";
import { RelayUnreachableError, TooLargeError } from "../../engine/platform/errors.ts";
import { dateOf, momentOf, timeOf } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Card, PageTitle, Section } from "../../ui/card.tsx";
import { Dock } from "../../ui/dock.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Alert, Notice } from "../../ui/notice.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { SummaryList } from "../../ui/summary.tsx";
import { useText } from "../../ui/text-provider.tsx";
import type { CaseId, MeetingId } from "../ids.ts";
import { meetingPath } from "../meetings/create-meetings.ts";
import { Page } from "../space/page.tsx";
import { createPlaceName } from "../space/place-name.ts";
import { useShell } from "../space/shell.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import { casePath } from "../visits/visit-queue.tsx";
import { createPurges, type PurgeHere } from "./create-purges.ts";
import { addPurgeRequest, emptyCase, emptyMeeting, removePurgeRequest } from "./document.ts";
import { createAskerName } from "./purge-list.tsx";
import { decidersFor, namesBehind } from "./rules.ts";

/** One request: what it is about, the decision of the second person, and whose devices are still to do it. */
export function PurgePage(): JSX.Element {
  const { text } = useText();
  const params = useParams<{ roomId: string; requestId: string }>();
  const purges = createPurges();
  const one = createMemo(() => purges()?.purges.find(({ room, request }) => room.roomId === params.roomId && request.id === params.requestId));
  const isBroken = () => purges()?.broken.some(({ room, id }) => room.roomId === params.roomId && id === params.requestId) === true;
  return (
    <Show
      when={one()}
      fallback={
        <Page focus back={{ label: text("common.nav.settings"), href: "/innstillinger" }}>
          <Show when={purges()}>
            <EmptyState text={text(isBroken() ? "purge.page.broken" : "purge.page.notFound")} />
          </Show>
        </Page>
      }
    >
      {(found) => <Found here={found()} />}
    </Show>
  );
}

type Fault = "offline" | "refused" | "tooLarge";

function Found(props: { here: PurgeHere }): JSX.Element {
  const { text, format } = useText();
  const workspace = useWorkspace();
  const placeName = createPlaceName();
  const askerName = createAskerName();
  const actions = createPurgeActions(() => props.here);
  const request = () => props.here.request;
  const standing = () => props.here.standing;
  const at = (moment: string) => text("papers.dateAndTime", { date: format.date(dateOf(moment), "dayYear"), time: format.time(timeOf(moment)) });
  const part = () => (request().docId === indexDocId ? ("list" as const) : props.here.room.kind === "service" ? ("onlyUs" as const) : ("own" as const));
  const recordPath = () =>
    request().about === "case" ? casePath(props.here.schoolId, request().recordId as CaseId) : meetingPath(props.here.schoolId, request().recordId);
  const rows = () => [
    { label: text("purge.page.record"), value: [props.here.label, workspace.schoolName(props.here.schoolId)].filter(Boolean).join(", ") },
    { label: text("purge.ask.where"), value: `${text(`purge.place.${request().about}.${part()}`)} (${placeName(props.here.room.kind, props.here.room.label)})` },
    { label: text("purge.ask.extent"), value: text(`purge.extent.${request().extent}`) },
    { label: text("purge.ask.reason"), value: text(`purge.reason.${request().reason}`) },
    { label: text("purge.page.asked"), value: text("purge.page.byAt", { name: askerName(props.here), at: at(request().askedAt) }) },
  ];
  return (
    <Page
      focus
      back={{ label: text("common.nav.settings"), href: "/innstillinger" }}
      dock={
        <Show when={standing() === "yours"}>
          <Dock note={actions.busy() ? text("purge.page.busy") : undefined}>
            <Button variant="secondary" size="dock" onClick={() => void actions.decline()}>
              {text("purge.page.decline")}
            </Button>
            <Button variant="primary" size="dock" icon="trash" grow aria-disabled={actions.busy()} onClick={() => void actions.destroy()}>
              {text("purge.page.destroy")}
            </Button>
          </Dock>
        </Show>
      }
    >
      <PageTitle title={text("purge.title")} detail={text(`purge.page.detail.${standing()}`, { name: askerName(props.here) })} />
      <Card>
        <SummaryList rows={rows()} />
      </Card>
      <div role="status">
        <Switch>
          <Match when={standing() === "done"}>
            <Done here={props.here} />
          </Match>
          <Match when={standing() === "mine"}>
            <Notice icon="group">{text("purge.ask.who", { names: format.list(decidersFor(props.here.members, props.here.room.ownMember)) })}</Notice>
          </Match>
        </Switch>
      </div>
      <Show when={standing() === "yours"}>
        <Section heading={text("purge.page.before")}>
          <ul class="plain-list">
            <For each={["look", request().extent, "forGood", "written"] as const}>{(line) => <li>{text(`purge.page.line.${line}`)}</li>}</For>
          </ul>
        </Section>
        <div class="button-row section-action">
          <ButtonLink icon="eye" href={recordPath()}>
            {text(`purge.page.see.${request().about}`)}
          </ButtonLink>
        </div>
        <Notice icon="cloudUp">{text("purge.needsNet")}</Notice>
      </Show>
      <Show when={actions.fault()}>{(fault) => <Alert>{text(fault() === "offline" ? "purge.offline" : `purge.page.fault.${fault() as "refused" | "tooLarge"}`)}</Alert>}</Show>
      <Show when={standing() === "mine" || standing() === "askerGone"}>
        <div class="button-row section-action">
          <Button icon="cross" onClick={() => void actions.decline()}>
            {text("purge.page.takeBack")}
          </Button>
        </div>
      </Show>
    </Page>
  );
}

/** It is done: by whom, and which devices have not shown yet that they have done it. */
function Done(props: { here: PurgeHere }): JSX.Element {
  const { text, format } = useText();
  const purge = () => props.here.purge;
  const by = () => {
    const { at = null, author } = purge() ?? {};
    const name = author?.name ?? text("space.settings.unnamed");
    if (at === null) return text("purge.done.by", { name });
    const moment = momentOf(new Date(at));
    return text("purge.done.byAt", { name, date: format.date(dateOf(moment), "dayYear"), time: format.time(timeOf(moment)) });
  };
  const behind = () => namesBehind(purge() ?? { behind: [] });
  return (
    <>
      <Notice icon="checkCircle">{by()}</Notice>
      <Show when={behind().length > 0} fallback={<Notice icon="checkCircle">{text("purge.done.everywhere")}</Notice>}>
        <Section heading={text("purge.done.behind")} hint={text("purge.done.behindHint")}>
          <RowList>
            <For each={behind()}>{(name) => <InfoRow icon="tablet" tone="neutral" title={name ?? text("space.settings.unnamed")} />}</For>
          </RowList>
        </Section>
      </Show>
      <Notice icon="clock">{text("purge.done.backups")}</Notice>
    </>
  );
}

function createPurgeActions(here: () => PurgeHere) {
  const { text } = useText();
  const engine = useEngine();
  const shell = useShell();
  const [fault, setFault] = createSignal<Fault | null>(null);
  const [busy, setBusy] = createSignal(false);

  async function empty({ room, request }: PurgeHere): Promise<void> {
    await room.edit([indexDocId, request.docId], (index, doc) => {
      if (index === undefined || doc === undefined) return;
      if (request.about === "case") emptyCase(index, doc, request.recordId as CaseId);
      else emptyMeeting(index, doc, request.recordId as MeetingId, engine.moment());
    });
  }

  return {
    fault,
    busy,
    async destroy(): Promise<void> {
      if (busy()) return;
      setBusy(true);
      setFault(null);
      const { room, request } = here();
      await engine.run(async () => {
        try {
          // Everything that others have written must be read, and nothing of this device's may wait.
          await engine.space.sync.settle();
          const { docId, deviceId, through, signature } = request;
          const ask = { deviceId, through, signature };
          // Before anything is emptied: what the asker has not signed may be anybody's.
          if (!(await room.isPurgeAsked(docId, ask))) return void setFault("refused");
          if (request.extent === "all") {
            await empty(here());
            await engine.space.sync.settle();
          }
          if (!(await engine.space.purge(room.roomId, docId, ask, text(`purge.reason.${request.reason}`)))) setFault("refused");
        } catch (error) {
          if (error instanceof RelayUnreachableError) setFault("offline");
          else if (error instanceof TooLargeError) setFault("tooLarge");
          else throw error;
        }
      });
      setBusy(false);
    },
    /** Nothing is destroyed; the request is gone for everybody. */
    async decline(): Promise<void> {
      const { room, request, label } = here();
      const edit = (change: (index: Y.Doc) => void) => engine.run(() => room.edit([indexDocId], (index) => index && change(index)));
      if (!(await edit((index) => removePurgeRequest(index, request.id)))) return;
      shell.undo.offer({ message: text("purge.page.takenBack", { record: label }), undo: () => void edit((index) => addPurgeRequest(index, request)) });
    },
  };
}
