import { createSignal, type JSX, Match, Show, Switch } from "solid-js";
import * as z from "zod/mini";
import { type DeadlineId, deadlineIds } from "../../content/deadlines.ts";
import { type RoutineId, type StepActor, stepActors, type StepMeeting, stepMeetings } from "../../content/routines.ts";
import { Checkbox } from "../../ui/checkbox.tsx";
import { ChoiceChips, MultiChips } from "../../ui/chip-group.tsx";
import { PartForm } from "../../ui/form-end.tsx";
import { TextArea, TextField } from "../../ui/text-field.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { createNoteGuard, NoteFindings } from "../pre-registration/note-guard.tsx";
import { createPartDraft, focusOnWrong, type PartFormProps } from "../templates/part-list.tsx";
import { createRunWords } from "./create-run-words.ts";
import { longestNote, longestTitle, type OwnDeadline, type RoutineStep } from "./schema.ts";
import { isShippedStep, templateProblems } from "./template-rules.ts";

const units = ["workingDays", "days", "months"] as const satisfies readonly OwnDeadline["unit"][];
const starts = ["routine", "stepBefore", "received", "closed"] as const satisfies readonly OwnDeadline["countsFrom"][];
const deadlineKinds = ["none", "legal", "own"] as const;
type DeadlineKind = (typeof deadlineKinds)[number];

const StepFields = z.object({
  title: z.string(),
  note: z.string(),
  who: z.array(z.enum(stepActors)),
  meeting: z.optional(z.enum(stepMeetings)),
  deadline: z.enum(deadlineKinds),
  legalDeadline: z.optional(z.enum(deadlineIds)),
  length: z.string(),
  unit: z.enum(units),
  countsFrom: z.enum(starts),
  involvesParents: z.boolean(),
});
type StepFields = z.infer<typeof StepFields>;

/** One step of a routine: what, who, which meeting, by when. What is left empty, the routine does not say. */
export function TemplateStepForm(props: PartFormProps<RoutineStep> & { routine: RoutineId }): JSX.Element {
  const { text } = useText();
  const words = createRunWords();
  const { part: step, isNew, draftId } = props;
  const shipped = isShippedStep(step.id) ? { title: words.title({ id: step.id }), note: words.note({ id: step.id }) } : null;
  const beginning: StepFields = {
    title: step.title ?? shipped?.title ?? "",
    note: step.note ?? (step.title === undefined ? (shipped?.note ?? "") : ""),
    who: Array.from(step.who),
    meeting: step.meeting,
    deadline: step.legalDeadline !== undefined ? "legal" : step.ownDeadline !== undefined ? "own" : "none",
    legalDeadline: step.legalDeadline,
    length: step.ownDeadline === undefined ? "" : String(step.ownDeadline.length),
    unit: step.ownDeadline?.unit ?? "workingDays",
    countsFrom: step.ownDeadline?.countsFrom ?? "routine",
    involvesParents: step.involvesParents,
  };
  const draft = createPartDraft({ part: step, isNew, draftId }, beginning, (stored) => StepFields.safeParse(stored).data ?? null);
  const fields = () => draft.value.fields;
  const [tried, setTried] = createSignal(false);
  // A routine is read at every school: what could tell who a child is does not belong in it.
  const titleGuard = createNoteGuard(() => fields().title);
  const noteGuard = createNoteGuard(() => fields().note);
  let form: HTMLFormElement | undefined;
  const change = (changes: Partial<StepFields>) => draft.set("fields", changes);
  const close = async () => {
    await draft.discard();
    props.onClose();
  };

  const made = (): RoutineStep => {
    const { title, note, who, meeting, deadline, legalDeadline, unit, countsFrom, involvesParents } = fields();
    const isOurs = (own: string, ours: string | undefined) => ours !== undefined && (own.trim() === "" || own.trim() === ours);
    return {
      id: step.id,
      ...(isOurs(title, shipped?.title) ? {} : { title: title.trim() }),
      ...(note.trim() === "" || isOurs(note, shipped?.note) ? {} : { note: note.trim() }),
      who: stepActors.filter((actor) => who.includes(actor)),
      ...(meeting === undefined ? {} : { meeting }),
      ...(deadline === "legal" && legalDeadline !== undefined ? { legalDeadline } : {}),
      ...(deadline === "own" ? { ownDeadline: { length: Number(fields().length), unit, countsFrom } } : {}),
      involvesParents,
    };
  };
  const problem = (type: "titleMissing" | "involvesParents") => tried() && templateProblems(props.routine, [made()]).some((one) => one.type === type);
  const namesCase = (field: "title" | "note") =>
    tried() && templateProblems(props.routine, [{ id: step.id, title: "x", who: [], involvesParents: false, [field]: fields()[field] || "x" }]).some(({ type }) => type === "namesCase");
  const titleError = () => {
    if (problem("titleMissing")) return text("routines.templateProblem.titleMissing");
    return namesCase("title") ? text("routines.templateProblem.namesCase") : undefined;
  };
  const isLengthWrong = () => fields().deadline === "own" && !/^([1-9]|[1-9]\d|[12]\d\d|3[0-5]\d|36[0-6])$/.test(fields().length.trim());
  const submit = async () => {
    setTried(true);
    const hard = (await titleGuard.check()) + (await noteGuard.check());
    const isWrong = hard > 0 || isLengthWrong() || templateProblems(props.routine, [made()]).length > 0;
    if (isWrong) focusOnWrong(form);
    else if (await props.onSubmit(made())) await close();
  };

  return (
    <PartForm ref={(element) => (form = element)} onSubmit={submit} onClose={() => void close()} submitLabel={props.submitLabel}>
      <TextField
        label={text("routines.template.title")}
        hint={shipped === null ? undefined : text("routines.template.titleHint", { title: shipped.title })}
        value={fields().title}
        onInput={(title) => change({ title })}
        maxLength={longestTitle}
        error={titleError()}
        autofocus
      />
      <NoteFindings guard={titleGuard} />
      <TextArea
        label={text("routines.template.note")}
        aside={text("common.field.optional")}
        hint={shipped === null || shipped.note === "" ? undefined : text("routines.template.titleHint", { title: shipped.note })}
        value={fields().note}
        onInput={(note) => change({ note })}
        maxLength={longestNote}
        error={namesCase("note") ? text("routines.templateProblem.namesCase") : undefined}
      />
      <NoteFindings guard={noteGuard} />
      <MultiChips<StepActor>
        legend={text("routines.template.who")}
        hint={text("routines.template.emptyHint")}
        columns={3}
        options={stepActors.map((value) => ({ value, label: text(`routines.actor.${value}`) }))}
        values={fields().who}
        onChange={(who) => change({ who })}
      />
      <ChoiceChips<StepMeeting>
        legend={text("routines.template.meeting")}
        hint={text("common.field.optional")}
        columns={3}
        phoneColumns={2}
        options={stepMeetings.map((value) => ({ value, label: text(`routines.meeting.${value}`) }))}
        value={fields().meeting}
        onChange={(meeting) => change({ meeting })}
      />
      <ChoiceChips<DeadlineKind>
        legend={text("routines.template.deadline")}
        columns={3}
        phoneColumns={2}
        required
        options={[
          { value: "none", label: text("routines.notInRoutine") },
          { value: "legal", label: text("routines.template.deadlineLegal") },
          { value: "own", label: text("routines.template.deadlineOwn") },
        ]}
        value={fields().deadline}
        onChange={(deadline) => change({ deadline: deadline ?? "none" })}
      />
      <Switch>
        <Match when={fields().deadline === "legal"}>
          <ChoiceChips<DeadlineId>
            legend={text("routines.template.whichLegal")}
            columns={2}
            phoneColumns={2}
            options={deadlineIds.map((value) => ({ value, label: text(`routines.deadline.${value}`) }))}
            value={fields().legalDeadline}
            onChange={(legalDeadline) => change({ legalDeadline })}
          />
        </Match>
        <Match when={fields().deadline === "own"}>
          <TextField
            label={text("routines.template.length")}
            inputMode="numeric"
            value={fields().length}
            onInput={(length) => change({ length })}
            error={tried() && isLengthWrong() ? text("routines.template.lengthWrong") : undefined}
          />
          <ChoiceChips<OwnDeadline["unit"]>
            legend={text("routines.template.unit")}
            columns={3}
            required
            options={units.map((value) => ({ value, label: text(`routines.template.unitName.${value}`) }))}
            value={fields().unit}
            onChange={(unit) => change({ unit: unit ?? "workingDays" })}
          />
          <ChoiceChips<OwnDeadline["countsFrom"]>
            legend={text("routines.template.countsFrom")}
            columns={2}
            phoneColumns={2}
            required
            options={starts.map((value) => ({ value, label: text(`routines.template.fromName.${value}`) }))}
            value={fields().countsFrom}
            onChange={(countsFrom) => change({ countsFrom: countsFrom ?? "routine" })}
          />
        </Match>
      </Switch>
      <div class="part-check">
        <Checkbox
          label={text("routines.template.involvesParents")}
          hint={text("routines.template.parentsHint")}
          checked={fields().involvesParents}
          onChange={(involvesParents) => change({ involvesParents })}
        />
        <div aria-live="polite">
          <Show when={problem("involvesParents")}>
            <p class="field-error">{text("routines.templateProblem.involvesParents")}</p>
          </Show>
        </div>
      </div>
    </PartForm>
  );
}
