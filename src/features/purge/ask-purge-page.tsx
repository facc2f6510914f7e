import { useNavigate, useParams } from "@solidjs/router";
import { createMemo, createSignal, For, type JSX, Show } from "solid-js";
import { documentId, indexDocId } from "../../engine/log/rights.ts";
import { RelayUnreachableError } from "../../engine/platform/errors.ts";
import type { Room } from "../../engine/space.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { PageTitle, Section } from "../../ui/card.tsx";
import { ChoiceChips } from "../../ui/chip-group.tsx";
import { Dock } from "../../ui/dock.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Alert, Notice } from "../../ui/notice.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { CaseId } from "../ids.ts";
import { createMeetingAtAddress } from "../meetings/create-meeting-at-address.ts";
import { meetingPath } from "../meetings/create-meetings.ts";
import { meetingDocumentId } from "../meetings/document.ts";
import { createReading } from "../space/create-people.ts";
import { Page } from "../space/page.tsx";
import { useShell } from "../space/shell.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import { createSchoolDay } from "../today/create-school-days.ts";
import { codeOf } from "../visits/visit-queue.tsx";
import { addPurgeRequest } from "./document.ts";
import { purgePath } from "./purge-list.tsx";
import { decidersFor, whyNotAsk } from "./rules.ts";
import { type PurgeExtent, purgeExtents, type PurgeReason, purgeReasons, type PurgeRequest } from "./schema.ts";

/** Where what is wrong may stand. `part`: the record's own document, or the list of the room that its short fields lie in. */
type Place = { readonly key: "own" | "onlyUs" | "list"; readonly room: Room; readonly docId: string };

type About = Pick<PurgeRequest, "about" | "recordId"> & { readonly label: string; readonly places: readonly Place[] };

/** «Slett for godt» of a case. */
export function AskCasePurgePage(): JSX.Element {
  const { text } = useText();
  const params = useParams<{ schoolId: string; caseId: string }>();
  const workspace = useWorkspace();
  const day = createSchoolDay(() => workspace.school(params.schoolId));
  const about = createMemo((): About | undefined => {
    const [here, caseId] = [day(), CaseId.safeParse(params.caseId)];
    if (here === undefined || !caseId.success || !here.codes.has(caseId.data)) return undefined;
    const own = here.consultations.filter((one) => one.caseId === caseId.data);
    const docId = documentId("case", caseId.data);
    const [school, service] = [here.school.schoolRoom, workspace.serviceRoom()];
    return {
      about: "case",
      recordId: caseId.data,
      label: codeOf(here, caseId.data).label,
      places: [
        ...(school !== undefined && own.some(({ id }) => !here.onlyUs.has(id)) ? [{ key: "own", room: school, docId } as const] : []),
        ...(service !== undefined && own.some(({ id }) => here.onlyUs.has(id)) ? [{ key: "onlyUs", room: service, docId } as const] : []),
        ...(school !== undefined && here.preRegistrations.some((one) => one.caseId === caseId.data) ? [{ key: "list", room: school, docId: indexDocId } as const] : []),
      ],
    };
  });
  return (
    <Asked
      about={about()}
      back={{ label: text("disclosure.page.backToCase"), href: `/saker/${params.schoolId}/${params.caseId}` }}
      notFound={day() === undefined ? undefined : text("consultations.record.noCase")}
    />
  );
}

/** «Slett for godt» of a meeting, of one that was deleted too: its bytes are still here. */
export function AskMeetingPurgePage(): JSX.Element {
  const { text } = useText();
  const params = useParams<{ schoolId: string; meetingId: string }>();
  const { school, here, deleted, isRead } = createMeetingAtAddress();
  const about = createMemo((): About | undefined => {
    const [one, room] = [here() ?? deleted(), school()?.schoolRoom];
    if (one === undefined || room === undefined) return undefined;
    return {
      about: "meeting",
      recordId: one.id,
      label: one.reference,
      places: [
        { key: "own", room, docId: meetingDocumentId(one.id) },
        { key: "list", room, docId: indexDocId },
      ],
    };
  });
  return (
    <Asked
      about={about()}
      back={{ label: text("disclosure.page.backToMeeting"), href: meetingPath(params.schoolId, params.meetingId) }}
      notFound={isRead() ? text("meetings.page.notFound") : undefined}
    />
  );
}

function Asked(props: { about: About | undefined; back: { label: string; href: string }; notFound: string | undefined }): JSX.Element {
  const { text } = useText();
  const empty = () => (props.about?.places.length === 0 ? text("purge.ask.nothing") : props.notFound);
  return (
    <Show
      when={props.about?.places.length ? props.about : undefined}
      fallback={
        <Page focus back={props.back}>
          <Show when={empty()}>{(words) => <EmptyState text={words()} />}</Show>
        </Page>
      }
    >
      {(about) => <AskForm about={about()} back={props.back} />}
    </Show>
  );
}

function AskForm(props: { about: About; back: { label: string; href: string } }): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const shell = useShell();
  const navigate = useNavigate();
  const [placeKey, setPlaceKey] = createSignal<Place["key"] | undefined>(props.about.places.length === 1 ? props.about.places[0]?.key : undefined);
  const [extent, setExtent] = createSignal<PurgeExtent>();
  const [reason, setReason] = createSignal<PurgeReason>();
  const [tried, setTried] = createSignal(false);
  const [notSent, setNotSent] = createSignal(false);
  const [busy, setBusy] = createSignal(false);
  const place = () => props.about.places.find(({ key }) => key === placeKey());
  // The list is everybody's: what stands in it now stays.
  const extents = (): readonly PurgeExtent[] => (placeKey() === "list" ? ["past"] : purgeExtents);
  const members = createReading(async () => {
    const { room } = place() ?? props.about.places[0] ?? {};
    return room === undefined ? undefined : { own: room.ownMember, all: await room.members() };
  });
  const stopped = () => {
    const known = members();
    return known === undefined ? null : whyNotAsk(known.all, known.own);
  };
  const missing = () => place() === undefined || reason() === undefined || extent() === undefined || !extents().includes(extent() ?? "all");

  const submit = async () => {
    setTried(true);
    const [where, why, how] = [place(), reason(), extent()];
    if (missing() || where === undefined || why === undefined || how === undefined || busy()) return;
    setBusy(true);
    setNotSent(false);
    const { about, recordId } = props.about;
    const { room, docId } = where;
    const id = engine.newId();
    const asked = await engine.run(async () => {
      // The word is for what is in the log: what this device has yet to send would not be covered by it.
      await engine.space.sync.settle().catch((error: unknown) => {
        if (!(error instanceof RelayUnreachableError)) throw error;
      });
      if (engine.space.status.get().unsent > 0) {
        setNotSent(true);
        return;
      }
      const ask = await room.askPurge(docId);
      const request: PurgeRequest = { ...ask, id, about, recordId, docId, extent: how, reason: why, askedAt: engine.moment() };
      await room.edit([indexDocId], (index) => index && addPurgeRequest(index, request));
    });
    setBusy(false);
    if (asked && !notSent()) navigate(purgePath(room.roomId, id), { replace: true });
  };

  return (
    <Page
      focus
      back={props.back}
      dock={
        <Show when={members() !== undefined && stopped() === null && !shell.example}>
          <Dock note={tried() && missing() ? text("purge.ask.missing") : undefined}>
            <Button variant="primary" size="dock" icon="trash" grow onClick={() => void submit()}>
              {text("purge.ask.submit")}
            </Button>
          </Dock>
        </Show>
      }
    >
      <PageTitle title={text("purge.title")} detail={text("purge.ask.detail", { record: props.about.label })} />
      <Section heading={text("purge.ask.before")}>
        <ul class="plain-list">
          <For each={["mistake", "archive", "two", "stays"] as const}>{(line) => <li>{text(`purge.ask.${line}`)}</li>}</For>
        </ul>
      </Section>
      <Show when={shell.example}>
        <Notice icon="information">{text("purge.ask.exampleOff")}</Notice>
      </Show>
      <Show when={!shell.example && stopped()}>
        {(why) => <Alone why={why()} />}
      </Show>
      <Show when={members() !== undefined && stopped() === null && !shell.example}>
        <div class="section">
          <Show when={props.about.places.length > 1}>
            <ChoiceChips
              legend={text("purge.ask.where")}
              hint={text("purge.ask.whereHint")}
              options={props.about.places.map(({ key }) => ({ value: key, label: text(`purge.place.${props.about.about}.${key}`) }))}
              value={placeKey()}
              onChange={setPlaceKey}
              next={placeKey() === undefined}
              columns={3}
              phoneColumns={2}
            />
          </Show>
          <ChoiceChips
            legend={text("purge.ask.extent")}
            hint={text("purge.ask.extentHint")}
            options={extents().map((value) => ({ value, label: text(`purge.extent.${value}`) }))}
            value={extent()}
            onChange={setExtent}
            next={placeKey() !== undefined && extent() === undefined}
            columns={2}
            phoneColumns={2}
          />
          <ChoiceChips
            legend={text("purge.ask.reason")}
            hint={text("purge.ask.reasonHint")}
            options={purgeReasons.map((value) => ({ value, label: text(`purge.reason.${value}`) }))}
            value={reason()}
            onChange={setReason}
            next={extent() !== undefined && reason() === undefined}
            columns={3}
            phoneColumns={2}
          />
        </div>
        <Notice icon="group">{text("purge.ask.who", { names: format.list(decidersFor(members()?.all ?? [], members()?.own ?? { memberId: "", role: "consultant" })) })}</Notice>
        <Show when={notSent()}>
          <Alert>{text("purge.ask.notSent")}</Alert>
        </Show>
      </Show>
    </Page>
  );
}

/** It takes two, and there are not two here. */
function Alone(props: { why: NonNullable<ReturnType<typeof whyNotAsk>> }): JSX.Element {
  const { text, format } = useText();
  return (
    <Section heading={text("purge.alone.heading")}>
      <Show when={props.why.type === "socialTeacherAsks" && props.why} fallback={<p>{text("purge.alone.nobody")}</p>}>
        {(teachers) => <p>{text("purge.alone.teacher", { names: format.list(teachers().names) })}</p>}
      </Show>
      <div class="button-row section-action">
        <ButtonLink icon="personPlus" href="/inviter">
          {text("space.invite.title")}
        </ButtonLink>
      </div>
    </Section>
  );
}
