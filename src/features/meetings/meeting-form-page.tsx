import { useNavigate, useParams, useSearchParams } from "@solidjs/router";
import { createEffect, createMemo, type JSX, Match, Show, Switch } from "solid-js";
import { chanceFrom } from "../../lib/random.ts";
import { type EngineContextValue, useEngine } from "../../reactive/engine-context.tsx";
import { PageTitle } from "../../ui/card.tsx";
import { ActionChips } from "../../ui/chip-group.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { MeetingId } from "../ids.ts";
import { newReference, type Reference } from "../references.ts";
import { runPath } from "../routines/create-run-actions.ts";
import { readRoutineRuns } from "../routines/document.ts";
import { stepKeyOf } from "../routines/rules.ts";
import { schoolOfLabel } from "../space/invite-rules.ts";
import { Page } from "../space/page.tsx";
import { type SchoolHandle, useWorkspace } from "../space/workspace.tsx";
import { createMeetingAtAddress } from "./create-meeting-at-address.ts";
import type { OpenedForm } from "./create-meeting-form.ts";
import { meetingPath, newMeetingPath } from "./create-meetings.ts";
import { preparationOf, readMeetingDocument, readMeetings } from "./document.ts";
import { formOf, freshForm } from "./form-rules.ts";
import type { OpenMeetingForm } from "./form-schema.ts";
import { MeetingForm } from "./meeting-form.tsx";
import { NoMeeting } from "./no-meeting.tsx";
import { itemsInOrder, meetingState } from "./rules.ts";
import type { Meeting } from "./schema.ts";

/** A new meeting: at which school, where there is more than one. */
export function NewMeetingPage(): JSX.Element {
  const { text } = useText();
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const schools = createMemo(() => workspace.schools().filter(({ schoolRoom }) => schoolRoom !== undefined));
  createEffect(() => {
    const [first, second] = schools();
    if (first !== undefined && second === undefined) navigate(newMeetingPath(first.schoolId), { replace: true });
  });
  return (
    <Page focus back={{ label: text("common.nav.visits"), href: "/besok" }}>
      <PageTitle title={text("meetings.form.title")} />
      <Show when={schools().length > 0} fallback={<EmptyState text={text("meetings.form.noSchools")} />}>
        <ActionChips<string>
          legend={text("meetings.form.school")}
          options={schools().map(({ schoolId, name }) => ({ value: schoolId, label: name }))}
          onPress={(schoolId) => navigate(newMeetingPath(schoolId), { replace: true })}
          columns={3}
          phoneColumns={2}
        />
      </Show>
    </Page>
  );
}

/** The form of a meeting at one school: a new one, or one that has not begun. `?forlop=` and `?steg=` say which routine run and step it is for. */
export function MeetingFormPage(): JSX.Element {
  const { text } = useText();
  const params = useParams<{ schoolId: string; meetingId?: string }>();
  const [search] = useSearchParams<{ forlop?: string; steg?: string }>();
  const engine = useEngine();
  const workspace = useWorkspace();
  const at = createMeetingAtAddress();
  const { school, isRead, here, doc } = at;
  const back = () => {
    if (params.meetingId !== undefined) return { label: text("meetings.title"), href: meetingPath(params.schoolId, params.meetingId) };
    if (search.forlop !== undefined) return { label: text("routines.run.heading"), href: runPath(params.schoolId, search.forlop) };
    return { label: text("common.nav.visits"), href: "/besok" };
  };

  const open = (): OpenedForm | undefined => {
    const [at, index, shelf] = [school(), school()?.schoolIndex(), workspace.shelfIndex()];
    if (at === undefined || index === undefined || shelf === undefined || at.planIndex() === undefined || !isRead()) return undefined;
    if (params.meetingId === undefined) {
      const run = readRoutineRuns(index).records.find(({ id }) => id === search.forlop);
      const reference = newReference("meeting", chanceFrom(engine.random), usedReferences(at, engine));
      const form = freshForm({ id: MeetingId.parse(`meeting-${engine.newId()}`), reference, place: at.name });
      const beginning: OpenMeetingForm = { form: run === undefined ? form : { ...form, ...ofRun(run, search.steg) } };
      const of = run === undefined ? "new" : [run.id, ...(beginning.form.step === undefined ? [] : [beginning.form.step])].join("/");
      return { school: at, draftId: `meeting/${at.schoolId}/${of}`, beginning, standing: null };
    }
    const [one, document] = [here(), doc()];
    const before = one === undefined || document === undefined ? null : preparationOf(index, document, one.id);
    if (one === undefined || document === undefined || before === null || !isChangeable(one.meeting)) return undefined;
    const { preparedAt, preparedBy, type, agenda: version } = before.meeting;
    const items = itemsInOrder(readMeetingDocument(document).items, false);
    return {
      school: at,
      draftId: `meeting/${at.schoolId}/${one.id}`,
      beginning: { form: formOf(before), before: formOf(before) },
      standing: { preparedAt, preparedBy, agenda: { type, version, items } },
    };
  };
  // Opened once: what colleagues do meanwhile does not move the form.
  const opened = createMemo<{ address: string; form: OpenedForm } | undefined>((before) => {
    const address = `${params.schoolId}/${params.meetingId}`;
    if (before?.address === address) return before;
    const form = open();
    return form === undefined ? undefined : { address, form };
  });

  return (
    <Switch fallback={<Page focus back={back()}>{null}</Page>}>
      <Match when={opened()} keyed>
        {({ form }) => <MeetingForm {...form} back={back()} />}
      </Match>
      <Match when={params.meetingId !== undefined && here() === undefined}>
        <Page focus back={back()}>
          <NoMeeting at={at} />
        </Page>
      </Match>
      <Match when={params.meetingId !== undefined && doc() !== undefined}>
        <Page focus back={back()}>
          <PageTitle title={text("meetings.title")} />
          <EmptyState text={text("meetings.page.notFound")} />
        </Page>
      </Match>
    </Switch>
  );
}

/** Also while it is held and afterwards: what is found out then is a change like any other, and a proposed correction once the minutes are approved. */
function isChangeable(meeting: Meeting): boolean {
  return meetingState(meeting) !== "notHeld";
}

type Run = ReturnType<typeof readRoutineRuns>["records"][number];

/** What a routine run says of a meeting that is one of its steps. */
function ofRun(run: Run, asked: string | undefined): Partial<OpenMeetingForm["form"]> {
  const steps = run.legs.flatMap(({ routine, steps: inLeg }) => inLeg.map((step) => ({ key: stepKeyOf(routine, step), step })));
  const found = steps.find(({ key }) => key === asked);
  const type = found?.step.meeting;
  return {
    runId: run.id,
    ...(found === undefined ? {} : { step: found.key }),
    ...(type === undefined ? {} : { type }),
  };
}

/** References of the school this year, and of earlier years where their rooms have been opened: the first call opens them for the next. */
function usedReferences(school: SchoolHandle, engine: EngineContextValue): Reference[] {
  const rooms = engine.rooms().filter((room) => room.kind === "school" && schoolOfLabel(room.label) === school.schoolId);
  return rooms.flatMap((room) => {
    const index = engine.index(room)();
    return index === undefined ? [] : readMeetings(index).records.map(({ reference }) => reference);
  });
}
