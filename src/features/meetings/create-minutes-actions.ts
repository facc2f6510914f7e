import type * as Y from "yjs";
import { indexDocId } from "../../engine/log/rights.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { namesCase } from "../cases/rules.ts";
import { useShell } from "../space/shell.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import type { MeetingHere } from "./create-meetings.ts";
import { approveShown } from "./approve.ts";
import { addActionItem, addCorrection, deleteMeeting, markFiled, meetingDocumentId, removeActionItem, takeBackApproval, takeBackCorrection } from "./document.ts";
import { type MinutesContent, writtenIn } from "./minutes-content-schema.ts";
import type { ApprovedMinutes, Proposal } from "./minutes-rules.ts";
import type { Correction } from "./minutes-schema.ts";
import { newMeetingsId } from "./rules.ts";
import type { ActionItem, Filing } from "./schema.ts";

/** Why minutes were not approved, or a proposal not answered: something was written meanwhile, they name an anonymous case, or the disk refused (which is said elsewhere). */
export type ApprovalProblem = "changed" | "namesCase" | "notSaved";

/** What is done with the minutes of a meeting that is over: each is saved at once, and can be undone for some seconds. */
export function createMinutesActions(here: () => MeetingHere) {
  const { text } = useText();
  const engine = useEngine();
  const shell = useShell();
  const workspace = useWorkspace();
  const { newId } = engine;
  const writer = () => (workspace.role() === "consultant" ? "consultant" : "socialTeacher");
  /** Of this meeting for as long as one can undo, whatever page is shown by then. */
  const editOf = ({ id, school }: MeetingHere) => (change: (index: Y.Doc, doc: Y.Doc) => void) =>
    engine.run(async () => school.schoolRoom?.edit([indexDocId, meetingDocumentId(id)], (index, doc) => index !== undefined && doc !== undefined && change(index, doc)));

  return {
    /** @param shown what was read: exactly this is approved, or nothing */
    async approve(shown: MinutesContent): Promise<ApprovalProblem | null> {
      const { id, school } = here();
      const edit = editOf(here());
      if (namesCase(writtenIn(shown))) return "namesCase";
      const approvalId = newMeetingsId("approval", newId);
      let isSame = false;
      const saved = await engine.run(async () => {
        if (school.schoolRoom !== undefined) isSame = await approveShown(school.schoolRoom, id, shown, { id: approvalId, at: engine.moment(), by: writer() });
      });
      if (!saved) return "notSaved";
      if (!isSame) return "changed";
      shell.undo.offer({ message: text("minutes.approval.done"), undo: () => void edit((index, doc) => takeBackApproval(index, doc, id, approvalId)) });
      return null;
    },
    /**
     * Takes a proposal in as a correction, or leaves it out. What is written in the documents stays as it is; but what was agreed is asked for afterwards,
     * and so an agreement that is left out goes, or comes back, with the answer.
     * @param corrected the minutes as they stand
     */
    async answer({ section, after }: Proposal, { approval, corrected }: Pick<ApprovedMinutes, "approval" | "corrected">, why: Correction["why"], note: string): Promise<boolean> {
      const edit = editOf(here());
      const correction: Correction = {
        id: newMeetingsId("correction", newId),
        at: engine.moment(),
        by: writer(),
        hash: approval.hash,
        section,
        why,
        ...(after === undefined ? {} : { after }),
        ...(note === "" ? {} : { note }),
      };
      const action = here().actionItems.find(({ id }) => section === `action/${id}`);
      const agreed = corrected.actions.find(({ id }) => section === `action/${id}`);
      const meetingId = here().id;
      const put = (index: Y.Doc, item: ActionItem | undefined, id: ActionItem["id"]) => {
        removeActionItem(index, id);
        if (item !== undefined) addActionItem(index, item);
      };
      const asAgreed = agreed && { ...agreed, meetingId, createdAt: action?.createdAt ?? engine.moment(), ...(action?.answered === undefined ? {} : { answered: action.answered }) };
      const changed = why.accepted ? undefined : (action ?? asAgreed)?.id;
      const saved = await edit((index, doc) => {
        addCorrection(doc, correction);
        if (changed !== undefined) put(index, asAgreed, changed);
      });
      if (!saved) return false;
      shell.undo.offer({
        message: text(why.accepted ? "minutes.proposal.accepted" : "minutes.proposal.declined"),
        undo: () =>
          void edit((index, doc) => {
            takeBackCorrection(doc, correction.id);
            if (changed !== undefined) put(index, action, changed);
          }),
      });
      return true;
    },
    async file(filing: Filing | null): Promise<boolean> {
      const { id, meeting } = here();
      const edit = editOf(here());
      const before = meeting.filed ?? null;
      if (!(await edit((index) => markFiled(index, id, filing)))) return false;
      shell.undo.offer({
        message: text(filing === null ? "minutes.filing.unmarked" : "minutes.filing.marked"),
        undo: () => void edit((index) => markFiled(index, id, before)),
      });
      return true;
    },
    async delete(): Promise<boolean> {
      const { id, reference } = here();
      const edit = editOf(here());
      if (!(await edit((index) => deleteMeeting(index, id, engine.moment())))) return false;
      shell.undo.offer({ message: text("minutes.filing.deleted", { reference }), undo: () => void edit((index) => deleteMeeting(index, id, null)) });
      return true;
    },
  };
}

export type MinutesActions = ReturnType<typeof createMinutesActions>;
