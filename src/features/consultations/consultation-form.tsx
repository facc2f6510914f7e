import { createEffect, createMemo, createSignal, type JSX, Match, on, Show, Switch } from "solid-js";
import { unwrap } from "solid-js/store";
import { dateOf, type IsoDate } from "../../lib/iso-date.ts";
import { retentionDate } from "../../lib/school-year.ts";
import { createDraft } from "../../reactive/create-draft.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { Dock, ExitButton } from "../../ui/dock.tsx";
import { GuardCard, LeftOut, ViolenceFrame } from "../../ui/guard-card.tsx";
import { nextFrame } from "../../ui/next-frame.ts";
import { Notice } from "../../ui/notice.tsx";
import type { PageFrameProps } from "../../ui/page-frame.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { type FollowUpTiming, followUpState, proposeFollowUps } from "../follow-up/rules.ts";
import { readHolidays, readSettings } from "../space/document.ts";
import { Page } from "../space/page.tsx";
import { nextStepsWith } from "../space/rules.ts";
import { type SchoolHandle, useWorkspace } from "../space/workspace.tsx";
import { readVisits } from "../visits/document.ts";
import { nextVisit } from "../visits/rules.ts";
import { createNextSteps } from "./create-next-steps.ts";
import { createSaving } from "./create-saving.ts";
import { FollowUpProposals } from "./follow-up-proposals.tsx";
import { FormHead } from "./form-head.tsx";
import { createGuardedText, GuardedNote } from "./guarded-note.tsx";
import type { OpenedConsultation } from "./open-consultation.ts";
import { addedProposals, changedProposals, seatedView, toSumUp, withAll } from "./open-form-rules.ts";
import { OpenForm } from "./open-form-schema.ts";
import { Questions } from "./questions.tsx";
import { followUpBasis, guardOf, type QuestionId } from "./rules.ts";
import type { ConsultationDraft } from "./schema.ts";

export type ConsultationFormProps = {
  opened: OpenedConsultation;
  school: SchoolHandle;
  back: NonNullable<PageFrameProps["back"]>;
  /** It is saved: on to where one came from. */
  onDone: () => void;
  /** Back to the form at an address: «Angre» after saving. */
  onReopen: (path: string) => void;
  /** The child has become known: the note is closed and its draft gone. */
  onChildKnown: () => void;
  /** «Angre» after that: the form again, with its draft. */
  onChildUnknown: () => void;
};

/** The open form. It is a draft on this device until «Lagre», which seals it as it stands: blanks are «ikke registrert». */
export function ConsultationForm(props: ConsultationFormProps): JSX.Element {
  const { text, format } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const nextSteps = createNextSteps();
  // The form is made once for what was opened.
  const { opened, school } = props;
  const signedUp = opened.signUp !== null;
  const isChange = opened.saved !== null;

  const draft = createDraft<OpenForm>(opened.draftId, opened.beginning, (stored) => {
    const parsed = OpenForm.safeParse(stored);
    return parsed.success ? parsed.data : null;
  });
  const answers = () => draft.value.form.draft;
  // What has been chosen once keeps its place while the form is open, also when it is hidden in the settings meanwhile.
  const chosenOnce = createMemo<readonly string[]>(
    (before) => withAll(before, answers().nextSteps ?? []),
    opened.saved?.draft.nextSteps ?? [],
  );
  const steps = createMemo(() => nextStepsWith(nextSteps.steps(), chosenOnce()));
  const savedAt = () => draft.savedAt() ?? opened.restoredAt;
  const [summedUp, setSummedUp] = createSignal<readonly QuestionId[]>(isChange ? [] : toSumUp(opened.beginning.form.draft, signedUp, []));
  const view = createMemo(() => seatedView(answers(), signedUp, summedUp(), steps()));
  const note = createGuardedText(() => answers().note ?? "");
  const [announceGuard, setAnnounceGuard] = createSignal(false);

  const { saved } = opened;
  // What a correction adds is counted from the day of the correction.
  const timing = createTiming(school, saved === null ? dateOf(opened.beginning.form.startedAt) : engine.today());
  const proposedFor = (given: ConsultationDraft) => proposeFollowUps(followUpBasis(given, steps(), draft.value.form.onlyUs), timing());
  const proposals = createMemo(() => {
    const proposed = proposedFor(answers());
    return saved === null ? proposed : addedProposals(proposed, proposedFor(saved.draft), saved.followUps.filter((one) => followUpState(one) !== "noLongerRelevant"));
  });
  const followUps = createMemo(() => changedProposals(proposals(), draft.value.followUps));

  const change = (next: ConsultationDraft) => {
    const turnsOver = (guardOf(next) === "frame") !== (guardOf(answers()) === "frame");
    if (guardOf(next) !== guardOf(answers())) setAnnounceGuard(guardOf(next) === "frame");
    draft.set("form", "draft", next);
    if (turnsOver) setSummedUp(toSumUp(next, signedUp, steps()));
  };

  const saving = createSaving({ opened, school, steps, followUps, value: () => unwrap(draft.value), discard: draft.discard });
  let busy = false;
  const save = async () => {
    if (busy) return;
    busy = true;
    draft.postpone();
    if ((await note.clear()) && (await saving.save(props.onReopen))) {
      // «Lagret» is on the screen before the next page is built.
      await nextFrame();
      props.onDone();
    }
    busy = false;
  };

  const exit = async () => {
    await saving.forget(props.onChildUnknown);
    props.onChildKnown();
  };

  // The case's document is read before «Lagre» needs it.
  createEffect(on(() => draft.value.form.onlyUs, () => void saving.prepare()));

  return (
    <Page
      focus
      back={props.back}
      dock={
        <Dock note={<DraftNote savedAt={savedAt()} />}>
          <Show when={!isChange}>
            <ExitButton label={text("consultations.exit.button")} onPress={() => void exit()} />
          </Show>
          <Button variant="primary" size="dock" icon="check" onClick={() => void save()}>
            {text("common.action.save")}
          </Button>
        </Dock>
      }
    >
      <Show when={view().guard === "frame"}>
        <ViolenceFrame />
        <GuardCard
          heading={text("consultations.guard.frameHeading")}
          text={text("consultations.guard.frameText")}
          phones={workspace.guardPhones()}
          takeFocus={announceGuard()}
        />
      </Show>
      <FormHead
        form={draft.value.form}
        signUp={opened.signUp}
        timesBefore={opened.earlier.length}
        isChange={isChange}
        isFramed={view().guard === "frame"}
        hasSummary={view().summary.length > 0}
        onExpand={() => setSummedUp([])}
        onOnlyUs={isChange ? undefined : (onlyUs) => draft.set("form", "onlyUs", onlyUs)}
      />
      <Questions
        view={view()}
        draft={answers()}
        steps={steps()}
        onChange={change}
        guardCard={
          <GuardCard
            heading={text("consultations.guard.cardHeading")}
            text={text("consultations.guard.cardText")}
            phones={workspace.guardPhones()}
            takeFocus={false}
          />
        }
        note={
          <GuardedNote
            label={text("consultations.question.note")}
            placeholder={text("consultations.notePlaceholder")}
            guarded={note}
            value={answers().note ?? ""}
            onInput={(value) => draft.set("form", "draft", "note", value)}
          />
        }
      />
      <Switch>
        <Match when={view().guard === "frame"}>
          <LeftOut>{text("consultations.guard.leftOut")}</LeftOut>
        </Match>
        <Match when={view().guard === "card"}>
          <LeftOut>{text("consultations.guard.leftOutForNow")}</LeftOut>
        </Match>
      </Switch>
      <FollowUpProposals
        proposals={proposals()}
        changes={draft.value.followUps}
        heldOn={timing().heldOn}
        onChange={(key, changed) => draft.set("followUps", key, (before) => ({ ...before, ...changed }))}
        onClarifyBy={(date) => draft.set("form", "draft", "dutyClarifyBy", date)}
      />
      <Show when={(saved?.followUps.length ?? 0) > 0}>
        <Notice icon="calendar">{text("consultations.followUps.unchanged")}</Notice>
      </Show>
      <Notice icon="clock">{text("content.retention", { date: format.date(retentionDate(workspace.schoolYear()), "dayYear") })}</Notice>
    </Page>
  );
}

function DraftNote(props: { savedAt: number | null }): JSX.Element {
  const { text, format } = useText();
  return (
    <Show when={props.savedAt}>
      {(savedAt) => <span>{text("common.state.draftSavedAt", { time: format.clock(new Date(savedAt()), true) })}</span>}
    </Show>
  );
}

/** What decides the dates of follow-ups. */
function createTiming(school: SchoolHandle, heldOn: IsoDate): () => FollowUpTiming {
  const workspace = useWorkspace();
  return createMemo(() => {
    const [plan, shelf] = [school.planIndex(), workspace.shelfIndex()];
    return {
      heldOn,
      nextVisitOn: plan === undefined ? null : (nextVisit(readVisits(plan).records, heldOn)?.date ?? null),
      workingDays: shelf === undefined ? 1 : readSettings(shelf).followUpWorkingDays,
      holidays: shelf === undefined ? [] : readHolidays(shelf),
    };
  });
}
