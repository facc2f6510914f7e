import { useParams } from "@solidjs/router";
import { createMemo, For, type JSX, Show } from "solid-js";
import { documentId } from "../../engine/log/rights.ts";
import type { Room } from "../../engine/space.ts";
import { dateOf, momentOf, timeOf } from "../../lib/iso-date.ts";
import { PageTitle } from "../../ui/card.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Notice } from "../../ui/notice.tsx";
import { InfoRow, RowList } from "../../ui/queue-card.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { CaseId, MeetingId } from "../ids.ts";
import { meetingPath } from "../meetings/create-meetings.ts";
import { meetingDocumentId } from "../meetings/document.ts";
import { createReading } from "../space/create-people.ts";
import { Page } from "../space/page.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import { accessDocumentOf, openingsIn, readOpenings } from "./document.ts";
import { type AccessRow, accessRows } from "./rules.ts";

/** Who has seen and changed a case, in the school's room and in the consultants' own. */
export function CaseAccessPage(): JSX.Element {
  const { text } = useText();
  const params = useParams<{ schoolId: string; caseId: string }>();
  const workspace = useWorkspace();
  const docId = () => {
    const id = CaseId.safeParse(params.caseId);
    return id.success ? documentId("case", id.data) : null;
  };
  return (
    <Access
      title={text("access.title")}
      back={{ label: text("disclosure.page.backToCase"), href: `/saker/${params.schoolId}/${params.caseId}` }}
      rooms={() => [workspace.school(params.schoolId)?.schoolRoom, workspace.serviceRoom()]}
      docId={docId}
    />
  );
}

export function MeetingAccessPage(): JSX.Element {
  const { text } = useText();
  const params = useParams<{ schoolId: string; meetingId: string }>();
  const workspace = useWorkspace();
  const docId = () => {
    const id = MeetingId.safeParse(params.meetingId);
    return id.success ? meetingDocumentId(id.data) : null;
  };
  return (
    <Access
      title={text("access.title")}
      back={{ label: text("disclosure.page.backToMeeting"), href: meetingPath(params.schoolId, params.meetingId) }}
      rooms={() => [workspace.school(params.schoolId)?.schoolRoom]}
      docId={docId}
    />
  );
}

function Access(props: { title: string; back: { label: string; href: string }; rooms: () => (Room | undefined)[]; docId: () => string | null }): JSX.Element {
  const { text, format } = useText();
  const rows = createReading(async () => {
    const docId = props.docId();
    if (docId === null) return [];
    const all = await Promise.all(props.rooms().flatMap((room) => (room === undefined ? [] : [readAccess(room, docId)])));
    return all.flat().toSorted((a, b) => (a.on < b.on ? 1 : -1));
  });
  const isAny = createMemo(() => (rows()?.length ?? 0) > 0);
  const detail = ({ openedAt, changed }: AccessRow) =>
    [
      ...(openedAt === null ? [] : [text("access.opened", { time: format.time(openedAt) })]),
      ...(changed.length === 0 ? [] : [text("access.changed", { times: format.list(changed.map((time) => format.time(time))) })]),
    ].join(" ");
  return (
    <Page focus back={props.back}>
      <PageTitle title={props.title} detail={text("access.detail")} />
      <Show when={isAny()} fallback={<Show when={rows()}><EmptyState text={text("access.nobody")} /></Show>}>
        <RowList label={props.title}>
          <For each={rows()}>
            {(row) => <InfoRow icon="person" tone="neutral" title={`${row.name ?? text("space.settings.unnamed")}, ${format.date(row.on, "dayYear")}`} detail={detail(row)} />}
          </For>
        </RowList>
      </Show>
      <Notice icon="information">{text("access.notHere")}</Notice>
      <Notice icon="clock">{text("access.late")}</Notice>
    </Page>
  );
}

async function readAccess(room: Room, docId: string): Promise<AccessRow[]> {
  const accessId = accessDocumentOf(docId);
  if (accessId === null) return [];
  const [changes, told, access, members] = await Promise.all([room.writings(docId), room.writings(accessId), room.open(accessId), room.members()]);
  // From the log, and not from the open document alone: that may be about to take in what the log has already.
  const openings = openingsIn(told.map(({ update }) => update));
  const written = told.map(({ author }, index) => ({ author, openings: openings[index] ?? [] }));
  return accessRows(
    changes.map(({ author, authoredAt }) => {
      const moment = momentOf(new Date(authoredAt));
      return { author, on: dateOf(moment), time: timeOf(moment) };
    }),
    [...readOpenings(access), ...openings.flat()],
    written,
    members,
  );
}
