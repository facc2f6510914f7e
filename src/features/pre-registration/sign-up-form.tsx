import { createEffect, createMemo, createSignal, type JSX, on, Show } from "solid-js";
import { reconcile } from "solid-js/store";
import { gradeBands, type StaffRole, themeGroups, type Urgency, urgencies, wishes } from "../../content/choices.ts";
import { momentOf, timeOf } from "../../lib/iso-date.ts";
import { createDraft, type Draft } from "../../reactive/create-draft.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button } from "../../ui/button.tsx";
import { PageTitle } from "../../ui/card.tsx";
import { CaseTile } from "../../ui/case-tile.tsx";
import { ChoiceChips, MultiChips } from "../../ui/chip-group.tsx";
import { Dock } from "../../ui/dock.tsx";
import { createMediaQuery, phoneQuery } from "../../ui/media-query.ts";
import { Notice } from "../../ui/notice.tsx";
import { StateLine } from "../../ui/state-line.tsx";
import { TextArea } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import type { CaseCode } from "../cases/schema.ts";
import type { CaseId } from "../ids.ts";
import { Page } from "../space/page.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import type { Visit } from "../visits/schema.ts";
import type { SignUpView } from "./create-sign-up-view.ts";
import { createNoteGuard, NoteFindings } from "./note-guard.tsx";
import {
  blankSignUpQuestions,
  checkSignUp,
  freeSlots,
  isWaiting,
  nextSignUpQuestion,
  primaryRoleCount,
  type SignUpQuestion,
  signUpQuestions,
  signUpRoles,
} from "./rules.ts";
import { PreRegistrationForm } from "./schema.ts";

export type SignUpFormProps = {
  view: SignUpView;
  visit: Visit;
  draftId: string;
  beginning: PreRegistrationForm;
  /** Whether it is one that is signed up already. */
  editing: boolean;
  /** Back from «Haster» or «vold»: the answers are as they were, and the one that was wrong has focus. */
  returning: boolean;
  /** A case to sign up again, from the key list. */
  sameCase: CaseId | undefined;
  /** A code that the school has not used. */
  newCode: () => CaseCode;
  /** It may not wait. What was answered is off the disk when it resolves, and lives in `form` alone. */
  onStop: (form: PreRegistrationForm, urgency: "urgent" | "violence", forgotten: Promise<void>) => void;
  /** @returns whether it is on disk */
  onSubmit: (form: PreRegistrationForm) => Promise<boolean>;
  onWithdraw?: (() => void) | undefined;
};

/** The form of a sign-up: a draft until «Meld opp». */
export function SignUpForm(props: SignUpFormProps): JSX.Element {
  const { text, format, plural } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const isPhone = createMediaQuery(phoneQuery);
  const [resumed, setResumed] = createSignal(false);
  const [sending, setSending] = createSignal(false);
  const [blocked, setBlocked] = createSignal(0);
  const draft: Draft<PreRegistrationForm> = createDraft(props.draftId, props.beginning, (stored) => {
    const parsed = PreRegistrationForm.safeParse(stored);
    // Signed up already, when the device died between saving it and forgetting the draft.
    if (!parsed.success || (!props.editing && props.view.preRegistrations().some(({ id }) => id === parsed.data.id))) return null;
    setResumed(true);
    return parsed.data;
  });
  const answers = () => draft.value.draft;
  const guard = createNoteGuard(() => answers().note ?? "");
  let urgencyQuestion: HTMLDivElement | undefined;
  let findings: HTMLElement | undefined;

  const code = createMemo(() => props.view.code(draft.value.caseId, draft.value.code));
  const hasAnswer = () => props.editing || blankSignUpQuestions(answers()).length < signUpQuestions.length;
  const isNext = (question: SignUpQuestion) => nextSignUpQuestion(answers()) === question;
  const slots = createMemo(() => {
    const queue = props.view.queue(props.visit).filter(({ preRegistration }) => preRegistration.id !== draft.value.id);
    const now = momentOf(engine.now());
    return freeSlots(props.visit, queue, props.visit.date === engine.today() ? timeOf(now) : undefined);
  });
  const slotLabel = (slot: string | undefined) => (slot === undefined ? text("content.slotPreset") : format.time(slot));

  const roleLabel = (role: StaffRole) => {
    if (role === "socialTeacher" && workspace.role() === "socialTeacher") return text("content.roleMyself");
    return role === "schoolNurse" && isPhone() ? text("preRegistration.schoolNurseShort") : text(`content.role.${role}`);
  };

  const chooseCase = (caseId: CaseId | undefined) => {
    const found = props.view.cases().find(({ id }) => id === caseId);
    if (found === undefined) {
      draft.set({ caseId: engine.newId() as CaseId, code: props.newCode() });
      return;
    }
    const { id, colour, animal, number, gradeBand } = found;
    draft.set({ caseId: id, code: { colour, animal, number } });
    if (gradeBand !== undefined && answers().gradeBand === undefined) draft.set("draft", "gradeBand", gradeBand);
  };

  const startOver = () => {
    draft.set(reconcile(structuredClone(props.beginning)));
    setResumed(false);
  };

  const chooseUrgency = (urgency: Urgency | undefined) => {
    const checked = checkSignUp({ urgency: urgency ?? "canWait" });
    if (checked.ok) draft.set("draft", "urgency", checked.value);
    else props.onStop(copyOf(draft.value), checked.error.because, draft.discard());
  };

  const submit = async () => {
    if (sending()) return;
    setSending(true);
    draft.postpone();
    const hard = await guard.check();
    setBlocked(hard);
    if (hard > 0) {
      findings?.focus();
      findings?.scrollIntoView({ block: "center" });
    } else if (await props.onSubmit({ ...copyOf(draft.value), visitId: props.visit.id })) {
      await draft.discard();
    }
    setSending(false);
  };

  createEffect(
    on(draft.ready, (ready) => {
      if (!ready) return;
      if (props.sameCase !== undefined && props.sameCase !== draft.value.caseId) chooseCase(props.sameCase);
      // What came back from «haster» is off the disk: writing the answer again puts it there.
      if (props.returning) {
        draft.set("draft", "urgency", props.beginning.draft.urgency);
        urgencyQuestion?.querySelector<HTMLInputElement>("input:checked")?.focus();
      }
    }),
  );

  return (
    <Page
      focus
      back={{ label: text("preRegistration.cancel"), href: "/", icon: "cross" }}
      stateInBar
      state={
        engine.failure() === null ? (
          <StateLine kind="saved" fact={text(resumed() || draft.savedAt() !== null ? "common.state.draftSaved" : "preRegistration.savesAsYouGo")} />
        ) : undefined
      }
      dock={
        <Dock
          note={
            <Show
              when={blocked() === 0}
              fallback={<span role="alert">{plural(blocked(), "preRegistration.guard.blockedOne", "preRegistration.guard.blockedMany")}</span>}
            >
              <Show when={hasAnswer()} fallback={<span>{text("preRegistration.nothingChosen")}</span>}>
                <span class="dock-words">
                  {text("preRegistration.presets", {
                    urgency: text(`content.urgency.${answers().urgency}`),
                    slot: slotLabel(answers().preferredSlot).toLowerCase(),
                  })}
                </span>
                <Button variant="quiet" onClick={() => urgencyQuestion?.querySelector<HTMLInputElement>("input:checked")?.focus()}>
                  {text("preRegistration.change")}
                </Button>
              </Show>
            </Show>
          }
        >
          <Show when={props.onWithdraw}>
            {(withdraw) => (
              <Button size="dock" onClick={() => withdraw()()}>
                {text("preRegistration.withdraw")}
              </Button>
            )}
          </Show>
          <Button variant="primary" size="dock" icon="check" grow onClick={() => void submit()}>
            {text(props.editing ? "preRegistration.save" : "preRegistration.submit")}
          </Button>
        </Dock>
      }
    >
      <Show when={code()}>
        {(shown) => (
          <PageTitle
            tile={<CaseTile colour={shown().colour} number={shown().number} />}
            title={text(props.editing ? "preRegistration.titleEdit" : "preRegistration.title", { code: shown().label })}
            detail={text("preRegistration.toVisit", { date: format.date(props.visit.date) })}
          />
        )}
      </Show>
      <Show when={resumed()}>
        <Notice icon="pencil">
          {text("preRegistration.resumed")}{" "}
          <Button variant="quiet" onClick={startOver}>
            {text("preRegistration.startOver")}
          </Button>
        </Notice>
      </Show>
      <Show when={!props.editing}>
        <SameCase view={props.view} chosen={draft.value.caseId} onChoose={chooseCase} />
      </Show>
      <ChoiceChips
        legend={text("preRegistration.who")}
        columns={3}
        primaryCount={primaryRoleCount}
        options={signUpRoles.map((value) => ({ value, label: roleLabel(value) }))}
        value={answers().role}
        onChange={(value) => draft.set("draft", "role", value)}
        next={isNext("role")}
      />
      <ChoiceChips
        legend={text("preRegistration.gradeBand")}
        columns={3}
        options={gradeBands.map((value) => ({ value, label: text(`content.gradeBandShort.${value}`) }))}
        value={answers().gradeBand}
        onChange={(value) => draft.set("draft", "gradeBand", value)}
        next={isNext("gradeBand")}
      />
      <MultiChips
        legend={text("preRegistration.themes")}
        groups={themeGroups.map(({ id, themes }) => ({
          label: text(`content.themeGroup.${id}`),
          options: themes.map((value) => ({ value, label: text(`content.theme.${value}`) })),
        }))}
        values={answers().themes ?? []}
        onChange={(values) => draft.set("draft", "themes", values)}
        next={isNext("themes")}
      />
      <MultiChips
        legend={text("preRegistration.wishes")}
        columns={4}
        options={wishes.map((value) => ({ value, label: text(`content.wish.${value}`) }))}
        values={answers().wishes ?? []}
        onChange={(values) => draft.set("draft", "wishes", values)}
        next={isNext("wishes")}
      />
      <div class="question-place" ref={(element) => (urgencyQuestion = element)}>
        <UrgencyQuestion value={answers().urgency} onChange={chooseUrgency} />
      </div>
      <Show when={slots().length > 0} fallback={<Notice icon="clock">{text("preRegistration.noSlots")}</Notice>}>
        <ChoiceChips
          legend={text("preRegistration.slot")}
          columns={5}
          phoneColumns={2}
          required
          options={[{ value: "", label: slotLabel(undefined) }, ...slots().map((value) => ({ value, label: format.time(value) }))]}
          value={answers().preferredSlot ?? ""}
          onChange={(value) => draft.set("draft", "preferredSlot", value === "" ? undefined : value)}
        />
      </Show>
      <TextArea
        label={text("preRegistration.note")}
        hint={text("preRegistration.noteHint")}
        aside={text("common.field.optional")}
        voice
        maxLength={600}
        value={answers().note ?? ""}
        onInput={(value) => {
          draft.set("draft", "note", value);
          setBlocked(0);
        }}
        onBlur={() => void draft.flush()}
      />
      <NoteFindings guard={guard} ref={(element) => (findings = element)} />
    </Page>
  );
}

/** The two last answers make no sign-up; their chips are Rogn, as the card that they bring. */
export function UrgencyQuestion(props: { value: Urgency | undefined; onChange: (urgency: Urgency | undefined) => void }): JSX.Element {
  const { text } = useText();
  return (
    <ChoiceChips
      legend={text("preRegistration.urgency")}
      hint={text("preRegistration.urgencyHint")}
      columns={4}
      phoneColumns={2}
      required
      options={urgencies.map((value) => ({
        value,
        label: text(`content.urgency.${value}`),
        ...(checkSignUp({ urgency: value }).ok ? {} : { tone: "guard" as const }),
      }))}
      value={props.value}
      onChange={props.onChange}
    />
  );
}

/** The school's cases that are not in the queue already, the newest first. */
function SameCase(props: { view: SignUpView; chosen: CaseId; onChoose: (caseId: CaseId | undefined) => void }): JSX.Element {
  const { text } = useText();
  const [open, setOpen] = createSignal(false);
  let place: HTMLDivElement | undefined;
  const cases = createMemo(() => {
    const waiting = new Set(props.view.preRegistrations().filter(isWaiting).map(({ caseId }) => caseId));
    return props.view
      .cases()
      .filter(({ id }) => !waiting.has(id))
      .sort((a, b) => (a.createdAt > b.createdAt ? -1 : 1));
  });
  const chosen = () => cases().find(({ id }) => id === props.chosen)?.id;
  const show = () => {
    setOpen(true);
    place?.querySelector("input")?.focus();
  };
  return (
    <Show when={cases().length > 0}>
      <div ref={(element) => (place = element)} class="same-case">
        <Show
          when={open() || chosen() !== undefined}
          fallback={
            <Button variant="quiet" icon="refresh" onClick={show}>
              {text("preRegistration.sameCase")}
            </Button>
          }
        >
          <ChoiceChips<string>
            legend={text("preRegistration.sameCase")}
            hint={text("preRegistration.sameCaseHint")}
            columns={3}
            phoneColumns={2}
            primaryCount={7}
            required
            options={[
              { value: "", label: text("preRegistration.newCase") },
              ...cases().map(({ id }) => ({ value: id as string, label: props.view.code(id)?.label ?? "" })),
            ]}
            value={chosen() ?? ""}
            onChange={(value) => props.onChoose(cases().find(({ id }) => id === value)?.id)}
          />
        </Show>
      </div>
    </Show>
  );
}

/** A store's value, off the store. */
function copyOf(form: PreRegistrationForm): PreRegistrationForm {
  return PreRegistrationForm.parse(JSON.parse(JSON.stringify(form)));
}
