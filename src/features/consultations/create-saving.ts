import type * as Y from "yjs";
import { documentId, indexDocId } from "../../engine/log/rights.ts";
import type { Room } from "../../engine/space.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { afterDrawing } from "../../ui/next-frame.ts";
import { useText } from "../../ui/text-provider.tsx";
import { codeLabel } from "../cases/rules.ts";
import type { Settled } from "../follow-up/document.ts";
import type { FollowUpProposal } from "../follow-up/rules.ts";
import { ConsultationId, type VisitId } from "../ids.ts";
import { markDiscussed, undoDiscussed } from "../pre-registration/document.ts";
import type { NextStep } from "../space/rules.ts";
import { useShell } from "../space/shell.tsx";
import { type SchoolHandle, useWorkspace } from "../space/workspace.tsx";
import { readVisits, startVisit } from "../visits/document.ts";
import { visitStatus } from "../visits/rules.ts";
import { type Edited, editConsultation, holdConsultation, takeBackConsultation, takeBackEdit } from "./document.ts";
import type { OpenedConsultation } from "./open-consultation.ts";
import type { OpenForm } from "./open-form-schema.ts";
import type { ConsultationForm } from "./schema.ts";

export type FormSaving = {
  /** Opens what `save` writes in, so that it has nothing to read. */
  prepare(): Promise<void>;
  /** Seals the form as it stands, then forgets the draft. @param reopen goes to an address: «Angre» opens the form again @returns whether it is on disk */
  save(reopen: (path: string) => void): Promise<boolean>;
  /** The child is known: the draft goes from the disk at once, and from memory when it can no longer be undone. */
  forget(undone: () => void): Promise<void>;
};

/** What «Lagre» and the exit do. */
export function createSaving(parts: {
  opened: OpenedConsultation;
  school: SchoolHandle;
  steps: () => readonly NextStep[];
  followUps: () => readonly FollowUpProposal[];
  value: () => OpenForm;
  discard: (after?: Promise<unknown>) => Promise<void>;
}): FormSaving {
  const { opened, school } = parts;
  const { text } = useText();
  const engine = useEngine();
  const shell = useShell();
  const workspace = useWorkspace();
  const { newId } = engine;

  const roomOf = ({ onlyUs }: ConsultationForm): Room => {
    const room = onlyUs ? workspace.serviceRoom() : school.schoolRoom;
    if (room === undefined) throw new Error("the form opens only where its rooms are");
    return room;
  };
  const edit = (form: ConsultationForm, change: (index: Y.Doc, caseDoc: Y.Doc) => void) =>
    engine.run(() => roomOf(form).edit([indexDocId, documentId("case", form.caseId)], change));
  const editSchool = (change: (index: Y.Doc) => void) => engine.run(async () => school.schoolRoom?.edit([indexDocId], change));
  /** Of a sign-up whose drøfting is not in the school's room, the school sees that it was discussed and nothing more. */
  const signUpElsewhere = (form: ConsultationForm) => (form.onlyUs ? form.preRegistrationId : undefined);

  const saveNew = async (open: OpenForm, reopen: (path: string) => void): Promise<boolean> => {
    const { form } = open;
    const saving = { steps: parts.steps(), followUps: parts.followUps(), now: engine.moment(), newId };
    let settled: readonly Settled[] = [];
    const isSaved = await edit(form, (index, caseDoc) => {
      settled = holdConsultation(index, caseDoc, form, saving);
    });
    if (!isSaved) return false;
    const signUp = signUpElsewhere(form);
    if (signUp !== undefined) await editSchool((index) => markDiscussed(index, signUp, saving.now));
    shell.undo.offer({ message: text("consultations.saved", { code: codeLabel(form.code) }), undo: () => void takeBack(open, settled, reopen) });
    // That it is saved comes on the screen first.
    const shown = afterDrawing();
    void parts.discard(shown);
    if (form.visitId !== undefined) void startIfPlanned(form.visitId, form.startedAt, shown);
    return true;
  };

  /** Whoever discusses is at the visit, also when nobody pressed «Start besøk». */
  const startIfPlanned = async (visitId: VisitId, startedAt: string, after: Promise<unknown>) => {
    await after;
    const plan = school.planIndex();
    const visit = plan === undefined ? undefined : readVisits(plan).records.find(({ id }) => id === visitId);
    if (visit === undefined || visitStatus(visit) !== "planned") return;
    await engine.run(() => school.planRoom.edit([indexDocId], (index) => startVisit(index, visitId, startedAt)));
  };

  const takeBack = async (open: OpenForm, settled: readonly Settled[], reopen: (path: string) => void) => {
    const { form } = open;
    if (!(await edit(form, (index, caseDoc) => takeBackConsultation(index, caseDoc, form, settled)))) return;
    const signUp = signUpElsewhere(form);
    if (signUp !== undefined) await editSchool((index) => undoDiscussed(index, signUp));
    // What was taken back keeps its id in the log; the same answers saved again are another drøfting.
    const again: OpenForm = { ...open, form: { ...form, id: ConsultationId.parse(engine.newId()) } };
    await engine.run(async () => {
      await engine.drafts.save(opened.draftId, again);
    });
    reopen(formPath(form));
  };

  const saveChange = async (open: OpenForm): Promise<boolean> => {
    const { form } = open;
    const { saved } = opened;
    if (saved === null) return false;
    const saving = { steps: parts.steps(), followUps: parts.followUps(), now: engine.moment(), newId };
    let edited: Edited = { added: [], settled: [] };
    const isSaved = await edit(form, (index, caseDoc) => {
      edited = editConsultation(index, caseDoc, saved.draft, form, saving);
    });
    if (!isSaved) return false;
    void parts.discard(afterDrawing());
    shell.undo.offer({
      message: text("consultations.changed", { code: codeLabel(form.code) }),
      undo: () =>
        void edit(form, (index, caseDoc) => {
          takeBackEdit(index, caseDoc, saved.draft, form, saving.steps, edited);
        }),
    });
    return true;
  };

  return {
    async prepare() {
      const { form } = parts.value();
      await roomOf(form).open(documentId("case", form.caseId));
    },
    save(reopen) {
      const open = structuredClone(parts.value());
      return opened.saved === null ? saveNew(open, reopen) : saveChange(open);
    },
    async forget(undone) {
      const open = structuredClone(parts.value());
      const signUp = open.form.preRegistrationId;
      await engine.run(() => parts.discard());
      if (signUp !== undefined) await editSchool((index) => markDiscussed(index, signUp, engine.moment()));
      shell.undo.offer({
        message: text("consultations.exit.toast"),
        undo: async () => {
          await engine.run(async () => {
            await engine.drafts.save(opened.draftId, open);
          });
          if (signUp !== undefined) await editSchool((index) => undoDiscussed(index, signUp));
          undone();
        },
      });
    },
  };
}

/** The address of a form that is not saved. */
function formPath({ schoolId, visitId, caseId, preRegistrationId }: ConsultationForm): string {
  const query = preRegistrationId === undefined ? `sak=${caseId}` : `pamelding=${preRegistrationId}`;
  return `/besok/${schoolId}/${visitId}/drofting?${query}`;
}
