import { useParams } from "@solidjs/router";
import { createMemo, type JSX, Match, Show, Switch } from "solid-js";
import type * as Y from "yjs";
import type { Paper } from "../../paper/paper.ts";
import { PageTitle } from "../../ui/card.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { createLanguageChoice, LanguageChips, type LanguageWords } from "../../ui/language-choice.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PaperActions } from "../../ui/paper-actions.tsx";
import { PaperView } from "../../ui/paper-view.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { CaseId } from "../ids.ts";
import { createMeetingAtAddress } from "../meetings/create-meeting-at-address.ts";
import { type MeetingHere, meetingPath } from "../meetings/create-meetings.ts";
import { runPath } from "../routines/create-run-actions.ts";
import { type RunHere, useRuns } from "../routines/runs-context.tsx";
import { createSchoolsKnown } from "../schools/create-school.ts";
import { Page } from "../space/page.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import { caseDisclosure } from "./case-disclosure.ts";
import { createCaseHeld, createMeetingHeld, createRunHeld } from "./create-held.ts";
import { meetingDisclosure } from "./meeting-disclosure.ts";
import { runDisclosure } from "./run-disclosure.ts";

/** Of an earlier year there is no page of the record itself: back is to the year. */
function createWayBack(): (toRecord: Back) => Back {
  const { format } = useText();
  const params = useParams<{ schoolId: string; year?: string }>();
  return (toRecord) => (params.year === undefined ? toRecord : { label: format.schoolYear(Number(params.year)), href: `/skolear/${params.year}/${params.schoolId}` });
}

type Back = { label: string; href: string };

/** Everything under one case code. */
export function CaseDisclosurePage(): JSX.Element {
  const { text } = useText();
  const back = createWayBack();
  const params = useParams<{ schoolId: string; caseId: string }>();
  const workspace = useWorkspace();
  const isKnown = createSchoolsKnown();
  const school = createMemo(() => workspace.school(params.schoolId));
  const held = createMemo(() => {
    const caseId = CaseId.safeParse(params.caseId);
    return caseId.success ? createCaseHeld(school, () => caseId.data) : () => null;
  });
  return (
    <Disclosed
      school={school()?.name}
      back={back({ label: text("disclosure.page.backToCase"), href: `/saker/${params.schoolId}/${params.caseId}` })}
      notFound={held()() === null || (isKnown() && school() === undefined) ? text("consultations.record.noCase") : undefined}
    >
      <Show when={held()()}>{(one) => <PaperHere label={one().label} make={(words) => caseDisclosure(one(), words)} />}</Show>
    </Disclosed>
  );
}

/** Everything under the reference of a meeting. */
export function MeetingDisclosurePage(): JSX.Element {
  const { text } = useText();
  const back = createWayBack();
  const params = useParams<{ schoolId: string; meetingId: string }>();
  const { school, isRead, here, deleted, doc } = createMeetingAtAddress();
  /** What was deleted is held until its bytes are gone. */
  const held = createMemo(() => here() ?? deleted());
  return (
    <Disclosed
      school={school()?.name}
      back={back({ label: text("disclosure.page.backToMeeting"), href: meetingPath(params.schoolId, params.meetingId) })}
      notFound={isRead() && held() === undefined ? text("meetings.page.notFound") : undefined}
    >
      <Show when={held()}>{(one) => <MeetingPaper here={one()} doc={doc()} />}</Show>
    </Disclosed>
  );
}

function MeetingPaper(props: { here: MeetingHere; doc: Y.Doc | undefined }): JSX.Element {
  const held = createMeetingHeld(
    () => props.here,
    () => props.doc,
  );
  const make = (words: LanguageWords) => {
    const one = held(words);
    return one === undefined ? undefined : meetingDisclosure(one, words);
  };
  return <PaperHere label={props.here.reference} make={make} />;
}

/** Everything under the reference of a routine run. */
export function RunDisclosurePage(): JSX.Element {
  const { text } = useText();
  const back = createWayBack();
  const params = useParams<{ schoolId: string; runId: string }>();
  const workspace = useWorkspace();
  const runs = useRuns();
  const here = createMemo(() => runs().find(({ id, school }) => id === params.runId && school.schoolId === params.schoolId));
  const school = createMemo(() => workspace.school(params.schoolId));
  return (
    <Disclosed
      school={school()?.name}
      back={back({ label: text("disclosure.page.backToRun"), href: runPath(params.schoolId, params.runId) })}
      notFound={here() === undefined && school()?.schoolIndex() !== undefined ? text("routines.run.notFound") : undefined}
    >
      <Show when={here()}>{(one) => <RunPaper here={one()} />}</Show>
    </Disclosed>
  );
}

function RunPaper(props: { here: RunHere }): JSX.Element {
  const held = createRunHeld(() => props.here);
  const make = (words: LanguageWords) => {
    const one = held(words);
    return one === undefined ? undefined : runDisclosure(one, words);
  };
  return <PaperHere label={props.here.shown} make={make} />;
}

/** The page around a disclosure. @property notFound why there is nothing to show */
function Disclosed(props: { school: string | undefined; back: Back; notFound: string | undefined; children: JSX.Element }): JSX.Element {
  const { text } = useText();
  return (
    <Page focus title={props.school} back={props.back}>
      <PageTitle title={text("disclosure.page.title")} />
      <Switch fallback={props.children}>
        <Match when={props.notFound}>{(words) => <EmptyState text={words()} />}</Match>
      </Switch>
    </Page>
  );
}

function PaperHere(props: { label: string; make: (words: LanguageWords) => Paper | undefined }): JSX.Element {
  const { text } = useText();
  const choice = createLanguageChoice();
  const paper = createMemo(() => {
    const words = choice.words();
    return words === undefined ? undefined : props.make(words);
  });
  return (
    <Show when={paper()}>
      {(made) => (
        <>
          <LanguageChips legend={text("disclosure.page.language")} choice={choice} />
          <Notice icon="information">{text("disclosure.page.readFirst")}</Notice>
          <PaperActions paper={made()} fileName={`${text("disclosure.page.title")} ${props.label}`} />
          <PaperView paper={made()} titleLevel={2} />
        </>
      )}
    </Show>
  );
}
