import { type Accessor, createMemo, createSignal } from "solid-js";
import { unwrap } from "solid-js/store";
import { type MeetingType, participantRoles, type ParticipantRole } from "../../content/meetings.ts";
import { createDocumentReading } from "../../reactive/create-document-reading.ts";
import { createDraft } from "../../reactive/create-draft.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { MeetingId } from "../ids.ts";
import { readRoutineRuns, routineRunRoots } from "../routines/document.ts";
import { writerOf } from "../routines/rules.ts";
import { type SchoolHandle, useWorkspace } from "../space/workspace.tsx";
import { type Agenda, itemsFor } from "./agenda-rules.ts";
import { createOfferedTypes, createSchoolAgendas } from "./create-agendas.ts";
import { createMeetingActions } from "./create-meeting-actions.ts";
import type { Preparation } from "./document.ts";
import { type FormProblem, formProblems, minutesInForm, newConsent, participantsInForm, plannedMinutesOf, preparationFrom } from "./form-rules.ts";
import { type MeetingForm, OpenMeetingForm, type ParticipantForm } from "./form-schema.ts";
import { isSuspectedElsewhere, minutesWithInterpreter, participantsOf } from "./rules.ts";
import type { AgendaItem, Interpreter } from "./schema.ts";
import { apportion } from "./timer-rules.ts";

/** What the form begins with. */
export type OpenedForm = {
  readonly school: SchoolHandle;
  readonly draftId: string;
  readonly beginning: OpenMeetingForm;
  /** Of a meeting that is changed: what it has that the form does not ask for. */
  readonly standing: (Pick<Preparation["meeting"], "preparedAt" | "preparedBy"> & { readonly agenda: Agenda }) | null;
};

/** The open form of a meeting: its answers, what follows from them, and «Lagre». */
export type MeetingFormState = {
  readonly form: Accessor<MeetingForm>;
  change<Field extends keyof MeetingForm>(field: Field, value: MeetingForm[Field] | undefined): void;
  /** The types that can be chosen. */
  readonly types: Accessor<MeetingType[]>;
  /** The roles that can be chosen: none of the parents' side where violence is suspected. */
  readonly roles: Accessor<ParticipantRole[]>;
  readonly participants: Accessor<ParticipantForm[]>;
  readonly agenda: Accessor<Agenda | null>;
  /** The items as they will be, with their minutes. */
  readonly items: Accessor<{ readonly item: AgendaItem; readonly minutes: number }[]>;
  /** Without and with the interpreter's time; null while no number is written. */
  readonly minutes: Accessor<{ readonly planned: number; readonly total: number } | null>;
  readonly problems: Accessor<FormProblem[]>;
  /** Whether «Lagre» has been pressed: from then on what is missing is told. */
  readonly tried: Accessor<boolean>;
  readonly restored: Accessor<boolean>;
  readonly savedAt: Accessor<number | null>;
  addConsent(): void;
  /** @param reopen shows the form again, after «Angre» @returns the meeting's id when it is on disk; null when something is missing or the disk refused */
  save(reopen: () => void): Promise<MeetingId | null>;
  /** Forgets what was answered: the form as it began. */
  forget(): Promise<void>;
};

export function createMeetingForm({ school, draftId, beginning, standing }: OpenedForm): MeetingFormState {
  const engine = useEngine();
  const workspace = useWorkspace();
  const actions = createMeetingActions();
  const { newId } = engine;
  const [restored, setRestored] = createSignal(false);
  const [tried, setTried] = createSignal(false);
  const draft = createDraft<OpenMeetingForm>(draftId, beginning, (stored) => {
    const parsed = OpenMeetingForm.safeParse(stored);
    if (!parsed.success) return null;
    setRestored(true);
    return parsed.data;
  });
  const change: MeetingFormState["change"] = (field, value) => (draft.set as (...path: unknown[]) => void)("form", field, value);

  const types = createOfferedTypes();
  const agendas = createSchoolAgendas(() => school);
  const runs = createDocumentReading(school.schoolIndex, routineRunRoots, (index) => readRoutineRuns(index).records);
  const runSuspects = () => {
    const run = runs()?.find(({ id }) => id === draft.value.form.runId);
    return run !== undefined && isSuspectedElsewhere(draft.value.form.id, run);
  };

  const form = createMemo((): MeetingForm => ({ ...draft.value.form, ownProcedure: draft.value.form.ownProcedure || runSuspects() }));
  const agenda = createMemo((): Agenda | null => {
    const { type } = form();
    if (standing !== null) return standing.agenda;
    return type === undefined ? null : agendas(type).template;
  });
  const minutes = createMemo(() => {
    const planned = plannedMinutesOf(minutesInForm(form(), agenda()));
    return planned === null ? null : { planned, total: minutesWithInterpreter(planned, interpreterIn(form())) };
  });
  const problems = createMemo(() => formProblems(form(), agenda()));
  let busy = false;

  const save = async (reopen: () => void): Promise<MeetingId | null> => {
    const [answers, current] = [form(), agenda()];
    if (problems().length > 0 || current === null) return null;
    const made = standing ?? { preparedAt: engine.moment(), preparedBy: writerOf(workspace.role()) };
    const facts = { ...made, version: current.version };
    const { before } = draft.value;
    // Said of the meeting only what was said of it: what comes from its run goes when the run no longer says so.
    const preparation = preparationFrom(answers, current, { ...facts, ownProcedure: draft.value.form.ownProcedure }, newId);
    const kept = structuredClone(unwrap(draft.value));
    const takenBack = async () => {
      // What was taken back keeps its id in the log; the same answers saved again are another meeting.
      const again: OpenMeetingForm = { form: { ...kept.form, id: MeetingId.parse(`meeting-${engine.newId()}`) } };
      await engine.run(async () => {
        await engine.drafts.save(draftId, again);
      });
      reopen();
    };
    const isSaved =
      before === undefined
        ? await actions.prepare(school, preparation, current.items, () => void takenBack())
        : await actions.change(school, preparationFrom(before, current, facts, newId), preparation);
    if (!isSaved) return null;
    await draft.discard();
    return preparation.id;
  };

  return {
    form,
    change,
    types,
    roles: createMemo(() => participantsOf(participantRoles.map((role) => ({ role })), form().ownProcedure).map(({ role }) => role)),
    participants: createMemo(() => participantsInForm(form())),
    agenda,
    items: createMemo(() => {
      const items = itemsFor(agenda()?.items ?? [], form().ownProcedure);
      const shared = apportion(
        items.map((item) => item.minutes),
        minutes()?.total ?? 0,
      );
      return items.map((item, place) => ({ item, minutes: shared[place] ?? 0 }));
    }),
    minutes,
    problems,
    tried,
    restored,
    savedAt: draft.savedAt,
    addConsent: () => change("consents", [...draft.value.form.consents, newConsent(newId, engine.today())]),
    async save(reopen) {
      setTried(true);
      if (busy) return null;
      busy = true;
      const id = await save(reopen);
      busy = false;
      return id;
    },
    async forget() {
      draft.set(structuredClone(beginning));
      for (const field of Object.keys(draft.value.form) as (keyof MeetingForm)[]) if (!(field in beginning.form)) change(field, undefined);
      setRestored(false);
      setTried(false);
      await draft.flush();
    },
  };
}

function interpreterIn({ interpreterNeeded, refusedReason }: MeetingForm): Interpreter | undefined {
  if (interpreterNeeded !== true) return undefined;
  return { needed: true, ...(refusedReason === undefined ? {} : { refusedReason }) };
}
