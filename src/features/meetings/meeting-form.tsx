import { useLocation, useNavigate } from "@solidjs/router";
import { For, Index, type JSX, Show } from "solid-js";
import { interpreterAnswers } from "../../content/choices.ts";
import { interpreterBookers, interpreterRefusals, type LeadingRole } from "../../content/meetings.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { PageTitle } from "../../ui/card.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { ChoiceChips, MultiChips, Question } from "../../ui/chip-group.tsx";
import { Dock } from "../../ui/dock.tsx";
import { Fold } from "../../ui/fold.tsx";
import { LeftOut } from "../../ui/guard-card.tsx";
import { nextFrame } from "../../ui/next-frame.ts";
import { Notice } from "../../ui/notice.tsx";
import type { PageFrameProps } from "../../ui/page-frame.tsx";
import { DateField, TextArea, TextField, TimeField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { Page } from "../space/page.tsx";
import { agendaPath } from "./agenda-link.tsx";
import { ConsentFields } from "./consent-fields.tsx";
import { createMeetingForm, type MeetingFormState, type OpenedForm } from "./create-meeting-form.ts";
import { createMeetingWords } from "./create-meeting-words.ts";
import { meetingPath } from "./create-meetings.ts";
import { chairOf, type FormField, hasConsents, leadersOffered, minutesInForm, minuteTakerOf, withRoles } from "./form-rules.ts";
import { longestLine, longestMeeting, longestPurpose, shortestMeeting } from "./schema.ts";

/** How many are shown before «Flere …». */
const typesAtFirst = 6;
const rolesAtFirst = 8;

type StateProps = { state: MeetingFormState };

/** The form of a meeting. Four choices, each preset as far as it can be; the rest is folded, with its answers in sight. A draft on this device until «Lagre». */
export function MeetingForm(props: OpenedForm & { back: NonNullable<PageFrameProps["back"]> }): JSX.Element {
  const { text } = useText();
  const navigate = useNavigate();
  const words = createMeetingWords();
  // The form is made once for what was opened.
  const { school, standing } = props;
  const state = createMeetingForm(props);
  let element: HTMLFormElement | undefined;

  // With the run and the step it is for: the draft that comes back is theirs.
  const { pathname, search } = useLocation();

  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    const id = await state.save(() => navigate(pathname + search));
    if (id === null) {
      element?.querySelector<HTMLElement>("[aria-invalid=true], [data-next] input")?.focus();
      return;
    }
    await nextFrame();
    navigate(meetingPath(school.schoolId, id), { replace: true });
  };

  return (
    <form ref={(form) => (element = form)} onSubmit={(event) => void save(event)} novalidate>
      <Page
        focus
        title={school.name}
        back={props.back}
        dock={
          <Dock note={<DraftNote savedAt={state.savedAt()} />}>
            <Button type="submit" variant="primary" size="dock" icon="check" grow>
              {text("common.action.save")}
            </Button>
          </Dock>
        }
      >
        <PageTitle
          kicker={school.name}
          title={text(standing === null ? "meetings.form.title" : "meetings.form.changeTitle")}
          detail={standing === null ? undefined : words.type(standing.agenda)}
        />
        <Show when={state.restored()}>
          <div class="draft-line">
            <Notice icon="pencil">{text("meetings.form.draft")}</Notice>
            <Button variant="quiet" onClick={() => void state.forget()}>
              {text("meetings.form.forget")}
            </Button>
          </div>
        </Show>
        <div class="questions">
          <Show when={standing === null}>
            <TypeQuestion state={state} />
          </Show>
          <WhenQuestion state={state} />
          <ParticipantsQuestion state={state} />
          <InterpreterQuestion state={state} />
          <OwnProcedureFold state={state} />
          <LeadFold state={state} />
          <PurposeFold state={state} />
          <NamesFold state={state} />
          <MinutesFold state={state} />
          <ConsentFold state={state} />
          <AgendaFold state={state} href={standing === null ? undefined : agendaPath(school.schoolId, state.form().id)} />
        </div>
      </Page>
    </form>
  );
}

function DraftNote(props: { savedAt: number | null }): JSX.Element {
  const { text, format } = useText();
  return <Show when={props.savedAt}>{(savedAt) => <span>{text("common.state.draftSavedAt", { time: format.clock(new Date(savedAt()), true) })}</span>}</Show>;
}

/** What is wrong with a field, in words; what is only missing is told when «Lagre» has been pressed. */
function createErrors(state: MeetingFormState) {
  const { text } = useText();
  const problemOf = (field: FormField) => state.problems().find((problem) => problem.field === field);
  return {
    ofText(field: FormField): string | undefined {
      const problem = problemOf(field);
      if (problem?.type === "namesCase") return text("meetings.form.namesCase");
      return problem?.type === "tooLong" ? text("meetings.form.tooLong") : undefined;
    },
    isMissing: (field: FormField) => state.tried() && problemOf(field)?.type === "missing",
    ofConsent(index: number): string | undefined {
      if (problemOf(`scope${index}`) !== undefined) return this.ofText(`scope${index}`);
      return state.tried() && problemOf(`consent${index}`) !== undefined ? text("meetings.form.consentIncomplete") : undefined;
    },
    /** Whether a folded part has something wrong in it, so that it is unfolded. */
    isWrongIn: (pattern: RegExp) => state.tried() && state.problems().some(({ field }) => pattern.test(field)),
  };
}

function TypeQuestion(props: StateProps): JSX.Element {
  const { text } = useText();
  const errors = createErrors(props.state);
  return (
    <>
      <ChoiceChips
        legend={text("meetings.form.type")}
        options={props.state.types().map((value) => ({ value, label: text(`meetings.type.${value}`) }))}
        value={props.state.form().type}
        onChange={(type) => props.state.change("type", type)}
        primaryCount={typesAtFirst}
        columns={3}
        phoneColumns={2}
        next={errors.isMissing("type")}
      />
      <div aria-live="polite">
        <Show when={errors.isMissing("type")}>
          <p class="field-error">{text("meetings.form.typeMissing")}</p>
        </Show>
      </div>
    </>
  );
}

function WhenQuestion(props: StateProps): JSX.Element {
  const { text } = useText();
  const errors = createErrors(props.state);
  const form = () => props.state.form();
  return (
    <Question legend={text("meetings.form.when")}>
      <div class="field-row" data-times="">
        <DateField
          label={text("meetings.form.date")}
          value={form().date}
          onInput={(date) => props.state.change("date", date)}
          error={errors.isMissing("date") ? text("meetings.form.dateMissing") : undefined}
          required
        />
        <TimeField
          label={text("meetings.form.from")}
          value={form().from}
          onInput={(from) => props.state.change("from", from)}
          error={errors.isMissing("from") ? text("meetings.form.timeMissing") : undefined}
          required
        />
        <TextField
          label={text("meetings.form.place")}
          value={form().place}
          onInput={(place) => props.state.change("place", place)}
          error={errors.ofText("place")}
          maxLength={longestLine}
        />
      </div>
    </Question>
  );
}

function ParticipantsQuestion(props: StateProps): JSX.Element {
  const { text } = useText();
  const chosen = () => Array.from(new Set(props.state.participants().map(({ role }) => role)));
  return (
    <MultiChips
      legend={text("meetings.form.participants")}
      options={props.state.roles().map((value) => ({ value, label: text(`meetings.role.${value}`) }))}
      values={chosen()}
      onChange={(roles) => props.state.change("participants", withRoles(props.state.form(), roles))}
      columns={3}
      phoneColumns={2}
      primaryCount={rolesAtFirst}
      moreLabel={text("meetings.form.moreRoles")}
    />
  );
}

function InterpreterQuestion(props: StateProps): JSX.Element {
  const { text } = useText();
  const errors = createErrors(props.state);
  const form = () => props.state.form();
  const answer = () => (form().interpreterNeeded === undefined ? undefined : form().interpreterNeeded ? "yes" : "no");
  const words = { no: "meetings.form.interpreterNo", yes: "meetings.form.interpreterYes" } as const;
  const longer = () => {
    const minutes = props.state.minutes();
    return minutes !== null && minutes.total > minutes.planned ? { minutes: minutes.total - minutes.planned, total: minutes.total } : undefined;
  };
  return (
    <>
      <ChoiceChips
        legend={text("meetings.form.interpreter")}
        options={interpreterAnswers.map((value) => ({ value, label: text(words[value]) }))}
        value={answer()}
        onChange={(value) => props.state.change("interpreterNeeded", value === undefined ? undefined : value === "yes")}
        columns={2}
        phoneColumns={2}
      />
      <Show when={answer() === "yes"}>
        <TextField
          label={text("meetings.form.language")}
          value={form().language}
          onInput={(language) => props.state.change("language", language)}
          error={errors.ofText("language")}
          maxLength={longestLine}
        />
        <ChoiceChips
          legend={text("meetings.form.bookedBy")}
          hint={text("meetings.form.bookedByHint")}
          options={interpreterBookers.map((value) => ({ value, label: text(`meetings.interpreterBooker.${value}`) }))}
          value={form().bookedBy}
          onChange={(bookedBy) => props.state.change("bookedBy", bookedBy)}
          columns={3}
          phoneColumns={2}
        />
        <ChoiceChips
          legend={text("meetings.form.refused")}
          hint={text("common.field.optional")}
          options={interpreterRefusals.map((value) => ({ value, label: text(`meetings.interpreterRefusal.${value}`) }))}
          value={form().refusedReason}
          onChange={(reason) => props.state.change("refusedReason", reason)}
          columns={3}
          phoneColumns={2}
        />
        <Notice icon="information">{text("meetings.form.onlyBooked")}</Notice>
        <div role="status">
          <Show when={longer()}>{(added) => <Notice icon="clock">{text("meetings.form.longer", added())}</Notice>}</Show>
        </div>
      </Show>
    </>
  );
}

function OwnProcedureFold(props: StateProps): JSX.Element {
  const { text } = useText();
  const isSuspected = () => props.state.form().ownProcedure;
  return (
    <>
      <Fold title={text("meetings.form.ownProcedure")} value={text(isSuspected() ? "meetings.form.ownProcedureYes" : "meetings.form.ownProcedureNo")}>
        <Checkbox
          label={text("meetings.form.ownProcedureLabel")}
          hint={text("meetings.form.ownProcedureHint")}
          checked={isSuspected()}
          onChange={(checked) => props.state.change("ownProcedure", checked)}
        />
      </Fold>
      <div role="status">
        <Show when={isSuspected()}>
          <LeftOut>{text("meetings.page.parentsLeftOut")}</LeftOut>
        </Show>
      </div>
    </>
  );
}

function LeadFold(props: StateProps): JSX.Element {
  const { text } = useText();
  const form = () => props.state.form();
  const words = (role: LeadingRole | undefined) => (role === undefined ? text("meetings.form.notChosen") : text(`meetings.role.${role}`));
  const options = () => leadersOffered(form()).map((value) => ({ value, label: text(`meetings.role.${value}`) }));
  return (
    <Fold title={text("meetings.form.lead")} value={`${words(chairOf(form()))} · ${words(minuteTakerOf(form()))}`}>
      <ChoiceChips
        legend={text("meetings.form.chair")}
        options={options()}
        value={chairOf(form())}
        onChange={(role) => props.state.change("chair", role ?? null)}
        columns={3}
        phoneColumns={2}
      />
      <ChoiceChips
        legend={text("meetings.form.minuteTaker")}
        options={options()}
        value={minuteTakerOf(form())}
        onChange={(role) => props.state.change("minuteTaker", role ?? null)}
        columns={3}
        phoneColumns={2}
      />
    </Fold>
  );
}

function PurposeFold(props: StateProps): JSX.Element {
  const { text } = useText();
  const errors = createErrors(props.state);
  return (
    <Fold title={text("meetings.form.purpose")} value={props.state.form().purpose} unfold={errors.isWrongIn(/^purpose/)}>
      <TextArea
        label={text("meetings.form.purpose")}
        hint={text("meetings.form.purposeHint")}
        value={props.state.form().purpose}
        onInput={(purpose) => props.state.change("purpose", purpose)}
        error={errors.ofText("purpose")}
        maxLength={longestPurpose}
      />
    </Fold>
  );
}

function NamesFold(props: StateProps): JSX.Element {
  const { text } = useText();
  const errors = createErrors(props.state);
  const written = () => props.state.participants().filter(({ name }) => name.trim() !== "");
  const rename = (index: number, name: string) => {
    const { form, participants, change } = props.state;
    const shown = participants();
    const renamed = shown.map((one, place) => (place === index ? { ...one, name } : one));
    // Those that are hidden where violence is suspected stay behind.
    const hidden = (form().participants ?? []).filter((one) => !shown.includes(one));
    change("participants", [...hidden, ...renamed]);
  };
  return (
    <Show when={props.state.participants().length > 0}>
      <Fold
        title={text("meetings.form.names")}
        value={written().length > 0 ? written().map(({ name }) => name.trim()).join(", ") : text("meetings.form.namesHint")}
        unfold={errors.isWrongIn(/^name/)}
      >
        <Index each={props.state.participants()}>
          {(one, index) => (
            <TextField
              label={text(`meetings.role.${one().role}`)}
              value={one().name}
              onInput={(name) => rename(index, name)}
              error={errors.ofText(`name${index}`)}
              maxLength={longestLine}
            />
          )}
        </Index>
      </Fold>
    </Show>
  );
}

function MinutesFold(props: StateProps): JSX.Element {
  const { text } = useText();
  const errors = createErrors(props.state);
  const written = () => minutesInForm(props.state.form(), props.state.agenda());
  const wrong = () => (written() !== "" && props.state.minutes() === null) || errors.isMissing("minutes");
  return (
    <Show when={props.state.agenda()}>
      <Fold
        title={text("meetings.form.minutes")}
        value={props.state.minutes() === null ? undefined : text("meetings.form.minutesValue", { minutes: written() })}
        unfold={errors.isWrongIn(/^minutes/)}
      >
        <TextField
          label={text("meetings.form.minutesLabel")}
          hint={text("meetings.form.minutesHint")}
          value={written()}
          onInput={(minutes) => props.state.change("minutes", minutes)}
          error={wrong() ? text("meetings.form.minutesWrong", { least: shortestMeeting, most: longestMeeting }) : undefined}
          inputMode="numeric"
          maxLength={3}
        />
      </Fold>
    </Show>
  );
}

function ConsentFold(props: StateProps): JSX.Element {
  const { text } = useText();
  const errors = createErrors(props.state);
  const form = () => props.state.form();
  const count = () => form().consents.length;
  return (
    <Show when={hasConsents(form())}>
      <Fold
        title={text("meetings.form.consent")}
        value={count() === 0 ? text("meetings.form.consentNone") : text("meetings.form.consentCount", { count: count() })}
        unfold={errors.isWrongIn(/^(consent|scope)/)}
      >
        <ConsentFields
          consents={form().consents}
          isFifteen={form().isFifteen}
          ownProcedure={form().ownProcedure}
          error={(index) => errors.ofConsent(index)}
          onChange={(consents) => props.state.change("consents", consents)}
          onIsFifteen={(isFifteen) => props.state.change("isFifteen", isFifteen)}
          onAdd={() => props.state.addConsent()}
        />
      </Fold>
    </Show>
  );
}

/** @param props.href where the agenda of a meeting that is changed is changed itself */
function AgendaFold(props: StateProps & { href: string | undefined }): JSX.Element {
  const { text } = useText();
  const words = createMeetingWords();
  return (
    <Show when={props.state.agenda()}>
      <Fold title={text("meetings.form.agenda")} value={text("meetings.form.agendaValue", { count: props.state.items().length })}>
        <ol class="agenda-list">
          <For each={props.state.items()}>
            {({ item, minutes }) => (
              <li>
                <span>
                  {words.item(item)}
                  <span class="row-detail">{text(`meetings.owner.${item.owner}`)}</span>
                </span>
                <span class="agenda-minutes">{text("meetings.page.itemMinutes", { minutes })}</span>
              </li>
            )}
          </For>
        </ol>
        <Show when={props.href}>
          {(href) => (
            <div class="button-row section-action">
              <ButtonLink variant="secondary" icon="pencil" href={href()}>
                {text("agendas.meeting.link")}
              </ButtonLink>
            </div>
          )}
        </Show>
      </Fold>
    </Show>
  );
}
