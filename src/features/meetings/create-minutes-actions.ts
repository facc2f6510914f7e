import type * as Y from "yjs";
import { useEngine } from "../../reactive/engine-context.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { namesCase } from "../cases/rules.ts";
import { writerOf } from "../routines/rules.ts";
import { useShell } from "../space/shell.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import { approveShown } from "./approve.ts";
import { createMeetingEdit } from "./create-meeting-edit.ts";
import type { MeetingHere } from "./create-meetings.ts";
import { addActionItem, addCorrection, deleteMeeting, markFiled, removeActionItem, takeBackApproval, takeBackCorrection } from "./document.ts";
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
  const writer = () => writerOf(workspace.role());
  const edit = createMeetingEdit();

  return {
    /** @param shown what was read: exactly this is approved, or nothing */
    async approve(shown: MinutesContent): Promise<ApprovalProblem | null> {
      const at = here();
      const { schoolRoom } = at.school;
      if (namesCase(writtenIn(shown))) return "namesCase";
      const approvalId = newMeetingsId("approval", newId);
      let isSame = false;
      const saved = await engine.run(async () => {
        if (schoolRoom !== undefined) isSame = await approveShown(schoolRoom, at.id, shown, { id: approvalId, at: engine.moment(), by: writer() });
      });
      if (!saved) return "notSaved";
      if (!isSame) return "changed";
      shell.undo.offer({ message: text("minutes.approval.done"), undo: () => void edit.both(at, (index, doc) => takeBackApproval(index, doc, at.id, approvalId)) });
      return null;
    },
    /**
     * Takes a proposal in as a correction, or leaves it out. What is written in the documents stays as it is; but what was agreed is asked for afterwards,
     * and so an agreement that is left out goes, or comes back, with the answer.
     * @param corrected the minutes as they stand
     */
    answer({ section, after }: Proposal, { approval, corrected }: Pick<ApprovedMinutes, "approval" | "corrected">, why: Correction["why"], note: string): Promise<boolean> {
      const at = here();
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
      const action = at.actionItems.find(({ id }) => section === `action/${id}`);
      const agreed = corrected.actions.find(({ id }) => section === `action/${id}`);
      const put = (index: Y.Doc, item: ActionItem | undefined, id: ActionItem["id"]) => {
        removeActionItem(index, id);
        if (item !== undefined) addActionItem(index, item);
      };
      const asAgreed = agreed && { ...agreed, meetingId: at.id, createdAt: action?.createdAt ?? engine.moment(), ...(action?.answered === undefined ? {} : { answered: action.answered }) };
      const changed = why.accepted ? undefined : (action ?? asAgreed)?.id;
      return edit.both(
        at,
        (index, doc) => {
          addCorrection(doc, correction);
          if (changed !== undefined) put(index, asAgreed, changed);
        },
        {
          message: text(why.accepted ? "minutes.proposal.accepted" : "minutes.proposal.declined"),
          change: (index, doc) => {
            takeBackCorrection(doc, correction.id);
            if (changed !== undefined) put(index, action, changed);
          },
        },
      );
    },
    file(filing: Filing | null): Promise<boolean> {
      const at = here();
      const before = at.meeting.filed ?? null;
      const message = text(filing === null ? "minutes.filing.unmarked" : "minutes.filing.marked");
      return edit.index(at, (index) => markFiled(index, at.id, filing), { message, change: (index) => markFiled(index, at.id, before) });
    },
    delete(): Promise<boolean> {
      const at = here();
      const message = text("minutes.filing.deleted", { reference: at.reference });
      return edit.index(at, (index) => deleteMeeting(index, at.id, engine.moment()), { message, change: (index) => deleteMeeting(index, at.id, null) });
    },
  };
}

export type MinutesActions = ReturnType<typeof createMinutesActions>;
