import { Navigate, useNavigate, useParams, useSearchParams } from "@solidjs/router";
import { createMemo, createSignal, type JSX, Match, onMount, Show, Switch } from "solid-js";
import type * as Y from "yjs";
import { indexDocId } from "../../engine/log/rights.ts";
import { dateOf } from "../../lib/iso-date.ts";
import { chanceFrom } from "../../lib/random.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { PageTitle } from "../../ui/card.tsx";
import { CaseTile } from "../../ui/case-tile.tsx";
import { DeviceOnlyLink } from "../../ui/device-only.tsx";
import { Dock } from "../../ui/dock.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Notice } from "../../ui/notice.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { newCaseCode } from "../cases/rules.ts";
import { CaseId, type PreRegistrationId } from "../ids.ts";
import { Page } from "../space/page.tsx";
import { useShell } from "../space/shell.tsx";
import { type SchoolHandle, useWorkspace } from "../space/workspace.tsx";
import type { Visit } from "../visits/schema.ts";
import { createSignUpView, type SignUpView } from "./create-sign-up-view.ts";
import { editPreRegistration, preRegister, undoWithdraw, withdrawPreRegistration } from "./document.ts";
import { blankSignUpQuestions, isWaiting, preRegistrationState, visitOfPreRegistration } from "./rules.ts";
import type { PreRegistration, PreRegistrationForm } from "./schema.ts";
import { SignUpForm, UrgencyQuestion } from "./sign-up-form.tsx";
import { StopCard } from "./stop-card.tsx";

/** Signing a case up for the next visit, or changing and withdrawing one that is. Six taps; typing is optional. */
export function PreRegisterPage(): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const workspace = useWorkspace();
  const params = useParams<{ schoolId: string; preRegistrationId?: string }>();
  const school = createMemo(() => workspace.school(params.schoolId));
  const view = createSignUpView(school);
  const existing = createMemo(() => view.preRegistrations().find(({ id }) => id === params.preRegistrationId));
  const visit = createMemo(() => {
    const one = existing();
    return one === undefined ? view.visit() : visitOfPreRegistration(one, view.visits(), engine.today());
  });
  const withRoom = () => (school()?.schoolRoom === undefined ? undefined : school());

  return (
    <Show when={withRoom()} fallback={<NotHere message={text("preRegistration.unknown")} />}>
      {(here) => (
        <Show when={view.ready()} fallback={<Page focus>{null}</Page>}>
          <Switch
            fallback={
              <Show when={visit()} fallback={<NotHere message={text("preRegistration.noVisit")} />}>
                {(to) => (
                  <Show when={params.preRegistrationId ?? newOne} keyed>
                    {(_id) => <SignUp school={here()} view={view} visit={to()} existing={existing()} />}
                  </Show>
                )}
              </Show>
            }
          >
            <Match when={params.preRegistrationId !== undefined && existing() === undefined}>
              <NotHere message={text("preRegistration.unknown")} />
            </Match>
            <Match when={existing() !== undefined && !isWaiting(existing() as PreRegistration) ? existing() : undefined}>
              {(one) => <Settled school={here()} view={view} one={one()} />}
            </Match>
            <Match when={params.preRegistrationId === undefined && !view.takesSignUps()}>
              <NotHere message={text("preRegistration.noSignUps")} />
            </Match>
          </Switch>
        </Show>
      )}
    </Show>
  );
}

/** In place of an id: each form is a page of its own, though the route is the same. */
const newOne = "new";

type Stage =
  | { type: "form"; beginning: PreRegistrationForm; returning: boolean }
  | { type: "stop"; form: PreRegistrationForm; because: "urgent" | "violence"; forgotten: Promise<void> }
  | { type: "done"; form: PreRegistrationForm };

function SignUp(props: { school: SchoolHandle; view: SignUpView; visit: Visit; existing: PreRegistration | undefined }): JSX.Element {
  const { text } = useText();
  const engine = useEngine();
  const shell = useShell();
  const navigate = useNavigate();
  const [search] = useSearchParams<{ sak?: string }>();
  const commands = createCommands(() => props.school);
  const editing = props.existing;
  // Asked once, when the form opens: a case that is in the queue already is not signed up twice, its sign-up is opened instead.
  const queued = editing === undefined ? props.view.preRegistrations().find((one) => one.caseId === search.sak && isWaiting(one)) : undefined;
  const newCode = () => newCaseCode(chanceFrom(engine.random), props.view.cases());
  const sameCase = () => props.view.cases().find(({ id }) => id === search.sak)?.id;
  const [stage, setStage] = createSignal<Stage>({
    type: "form",
    returning: false,
    beginning:
      editing === undefined
        ? { id: engine.newId() as PreRegistrationId, caseId: engine.newId() as CaseId, code: newCode(), visitId: props.visit.id, draft: { urgency: "canWait" } }
        : formOf(editing, props.view),
  });
  const draftId = () => `preRegister/${editing?.id ?? props.school.schoolId}`;

  const submit = async (form: PreRegistrationForm): Promise<boolean> => {
    if (editing === undefined) {
      if (!(await commands.signUp(form))) return false;
      setStage({ type: "done", form });
      return true;
    }
    const before = formOf(editing, props.view);
    if (!(await commands.change(form))) return false;
    shell.undo.offer({ message: text("preRegistration.changed", { code: codeOf(form) }), undo: () => void commands.change(before) });
    navigate("/");
    return true;
  };
  const codeOf = (form: PreRegistrationForm) => props.view.code(form.caseId, form.code)?.label ?? "";

  const withdraw = async () => {
    if (editing === undefined) return;
    const code = props.view.code(editing.caseId)?.label ?? "";
    if (!(await commands.withdraw(editing.id))) return;
    await engine.run(() => engine.drafts.remove(draftId()));
    shell.undo.offer({ message: text("preRegistration.withdrawn", { code }), undo: () => void commands.restore(editing.id) });
    navigate("/");
  };

  if (queued !== undefined) return <Navigate href={`/meld-opp/${props.school.schoolId}/${queued.id}`} />;
  return (
    <Switch>
      <Match when={stageOf(stage(), "form")} keyed>
        {(form) => (
          <SignUpForm
            view={props.view}
            visit={props.visit}
            draftId={draftId()}
            beginning={form.beginning}
            returning={form.returning}
            editing={editing !== undefined}
            sameCase={editing === undefined && !form.returning ? sameCase() : undefined}
            newCode={newCode}
            onStop={(stopped, because, forgotten) => setStage({ type: "stop", form: stopped, because, forgotten })}
            onSubmit={submit}
            onWithdraw={editing === undefined ? undefined : () => void withdraw()}
          />
        )}
      </Match>
      <Match when={stageOf(stage(), "stop")}>
        {(stopped) => (
          <Page
            focus
            back={{ label: text("preRegistration.cancel"), href: "/", icon: "cross" }}
            dock={
              <Dock>
                <Show when={editing}>
                  <Button size="dock" icon="cross" grow onClick={() => void withdraw()}>
                    {text("preRegistration.withdraw")}
                  </Button>
                </Show>
                <ButtonLink size="dock" grow href="/">
                  {text("preRegistration.stop.back")}
                </ButtonLink>
              </Dock>
            }
          >
            <StopCard because={stopped().because} signedUpAlready={editing !== undefined}>
              <UrgencyQuestion
                value={stopped().because}
                onChange={(urgency) => {
                  const { form, forgotten } = stopped();
                  if (urgency === undefined) return;
                  if (urgency === "urgent" || urgency === "violence") return setStage({ type: "stop", form, because: urgency, forgotten });
                  void forgotten.then(() => setStage({ type: "form", beginning: { ...form, draft: { ...form.draft, urgency } }, returning: true }));
                }}
              />
            </StopCard>
          </Page>
        )}
      </Match>
      <Match when={stageOf(stage(), "done")}>{(done) => <Done school={props.school} view={props.view} visit={props.visit} form={done().form} />}</Match>
    </Switch>
  );
}

/** Signed up: when, and what may be written down about it on this device. */
function Done(props: { school: SchoolHandle; view: SignUpView; visit: Visit; form: PreRegistrationForm }): JSX.Element {
  const { text, format } = useText();
  const workspace = useWorkspace();
  let heading: HTMLDivElement | undefined;
  onMount(() => focusHeading(heading));
  const code = () => props.view.code(props.form.caseId, props.form.code);
  const blank = () => format.list(blankSignUpQuestions(props.form.draft).map((question) => text(`preRegistration.done.blankQuestion.${question}`)));
  const when = () => {
    const entry = props.view.queue(props.visit).find(({ preRegistration }) => preRegistration.id === props.form.id);
    const date = format.date(props.visit.date);
    return entry?.slot == null ? text("preRegistration.toVisitIfTime", { date }) : text("preRegistration.toVisitAt", { date, time: format.time(entry.slot) });
  };
  return (
    <Page
      focus
      back={{ label: text("common.nav.today"), href: "/" }}
      dock={
        <Dock>
          <ButtonLink variant="primary" size="dock" icon="check" grow href="/">
            {text("preRegistration.done.finish")}
          </ButtonLink>
        </Dock>
      }
    >
      <div ref={(element) => (heading = element)}>
        <Show when={code()}>
          {(shown) => (
            <PageTitle
              tile={<CaseTile colour={shown().colour} number={shown().number} size={60} />}
              title={text("preRegistration.done.title", { code: shown().label })}
              detail={when()}
            />
          )}
        </Show>
      </div>
      <div class="stack">
        <Show when={blank() !== ""}>
          <Notice icon="pencil">{text("preRegistration.done.blank", { questions: blank() })}</Notice>
        </Show>
        <Notice icon="eyeSlash">{text("preRegistration.done.hidden")}</Notice>
        <Show when={workspace.role() === "socialTeacher"}>
          <DeviceOnlyLink href={`/nokkelliste?sak=${props.form.caseId}`} label={text("preRegistration.done.keyList")} />
        </Show>
      </div>
      <div class="button-row form-end">
        <ButtonLink icon="pencil" href={`/meld-opp/${props.school.schoolId}/${props.form.id}`}>
          {text("preRegistration.change")}
        </ButtonLink>
      </div>
    </Page>
  );
}

/** One that is drøftet or withdrawn: what it is, and what can still be done. */
function Settled(props: { school: SchoolHandle; view: SignUpView; one: PreRegistration }): JSX.Element {
  const { text, format } = useText();
  const navigate = useNavigate();
  const shell = useShell();
  const commands = createCommands(() => props.school);
  const code = () => props.view.code(props.one.caseId);
  const state = () => preRegistrationState(props.one);
  const date = () => format.date(dateOf(props.one.discussedAt ?? props.one.withdrawnAt ?? props.one.createdAt), "day");
  const restore = async () => {
    const { id } = props.one;
    const label = code()?.label ?? "";
    if (!(await commands.restore(id))) return;
    shell.undo.offer({ message: text("preRegistration.restored", { code: label }), undo: () => void commands.withdraw(id) });
    navigate("/");
  };
  return (
    <Page focus back={{ label: text("common.nav.today"), href: "/" }}>
      <Show when={code()}>
        {(shown) => (
          <PageTitle
            tile={<CaseTile colour={shown().colour} number={shown().number} size={60} />}
            title={shown().label}
            detail={text(state() === "discussed" ? "preRegistration.settled.discussed" : "preRegistration.settled.withdrawn", { date: date() })}
          />
        )}
      </Show>
      <div class="button-row">
        <Show
          when={state() === "withdrawn"}
          fallback={<ButtonLink href={`/saker/${props.school.schoolId}/${props.one.caseId}`}>{text("preRegistration.settled.openCase")}</ButtonLink>}
        >
          <Button icon="undo" onClick={() => void restore()}>
            {text("preRegistration.settled.undoWithdraw")}
          </Button>
        </Show>
      </div>
    </Page>
  );
}

function NotHere(props: { message: string }): JSX.Element {
  const { text } = useText();
  return (
    <Page focus back={{ label: text("common.nav.today"), href: "/" }}>
      <h1 class="ds-sr-only">{text("schoolHome.signUp")}</h1>
      <EmptyState text={props.message} />
    </Page>
  );
}

function createCommands(school: () => SchoolHandle) {
  const engine = useEngine();
  const edit = async (change: (index: Y.Doc) => void): Promise<boolean> => {
    const room = school().schoolRoom;
    if (room === undefined) return false;
    return engine.run(() => room.edit([indexDocId], (index) => index && change(index)));
  };
  return {
    signUp: (form: PreRegistrationForm) => edit((index) => void preRegister(index, form, engine.moment())),
    change: (form: PreRegistrationForm) => edit((index) => void editPreRegistration(index, form.id, form.draft)),
    withdraw: (id: PreRegistrationId) => edit((index) => withdrawPreRegistration(index, id, engine.moment())),
    restore: (id: PreRegistrationId) => edit((index) => undoWithdraw(index, id)),
  };
}

function formOf(one: PreRegistration, view: SignUpView): PreRegistrationForm {
  const { id, caseId, visitId, role, gradeBand, themes, wishes, urgency, preferredSlot, note } = one;
  const found = view.cases().find((candidate) => candidate.id === caseId);
  const code = found ?? { colour: "gra" as const, animal: "rev" as const, number: 1 };
  return {
    id,
    caseId,
    visitId,
    code: { colour: code.colour, animal: code.animal, number: code.number },
    draft: { role, gradeBand, themes: [...themes], wishes: [...wishes], urgency, preferredSlot, note },
  };
}

function stageOf<T extends Stage["type"]>(stage: Stage, type: T): Extract<Stage, { type: T }> | false {
  return stage.type === type ? (stage as Extract<Stage, { type: T }>) : false;
}

function focusHeading(place: HTMLElement | undefined): void {
  const heading = place?.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus();
}
