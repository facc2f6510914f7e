import type * as Y from "yjs";
import { indexDocId } from "../../engine/log/rights.ts";
import { createNewId } from "../../lib/id.ts";
import { type Moment, momentOf } from "../../lib/iso-date.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { namesCase } from "../cases/rules.ts";
import { useShell } from "../space/shell.tsx";
import { useWorkspace } from "../space/workspace.tsx";
import type { MeetingHere } from "./create-meetings.ts";
import { approveShown } from "./approve.ts";
import { addCorrection, deleteMeeting, markFiled, meetingDocumentId, takeBackApproval, takeBackCorrection } from "./document.ts";
import { contentText, type MinutesContent } from "./minutes-content-schema.ts";
import type { Proposal } from "./minutes-rules.ts";
import type { Correction } from "./minutes-schema.ts";
import { newMeetingsId } from "./rules.ts";
import type { Filing } from "./schema.ts";

/** Why minutes were not approved: something was written meanwhile, they name an anonymous case, or the disk refused (which is said elsewhere). */
export type ApprovalProblem = "changed" | "namesCase" | "notSaved";

/** What is done with the minutes of a meeting that is over: each is saved at once, and can be undone for some seconds. */
export function createMinutesActions(here: () => MeetingHere) {
  const { text } = useText();
  const engine = useEngine();
  const shell = useShell();
  const workspace = useWorkspace();
  const newId = createNewId(engine.random);
  const now = (): Moment => momentOf(new Date(engine.clock.now()));
  const writer = () => (workspace.role() === "consultant" ? "consultant" : "socialTeacher");
  const edit = (change: (index: Y.Doc, doc: Y.Doc) => void) =>
    engine.run(async () =>
      here().school.schoolRoom?.edit([indexDocId, meetingDocumentId(here().id)], (index, doc) => index !== undefined && doc !== undefined && change(index, doc)),
    );

  return {
    /** @param shown what was read: exactly this is approved, or nothing */
    async approve(shown: MinutesContent): Promise<ApprovalProblem | null> {
      const { id, school } = here();
      if (namesCase(contentText(shown))) return "namesCase";
      const approvalId = newMeetingsId("approval", newId);
      let isSame = false;
      const saved = await engine.run(async () => {
        if (school.schoolRoom !== undefined) isSame = await approveShown(school.schoolRoom, id, shown, { id: approvalId, at: now(), by: writer() });
      });
      if (!saved) return "notSaved";
      if (!isSame) return "changed";
      shell.undo.offer({ message: text("minutes.approval.done"), undo: () => void edit((index, doc) => takeBackApproval(index, doc, id, approvalId)) });
      return null;
    },
    /** Takes a proposal in as a correction, or declines it; what is in the documents stays as it is. */
    async answer({ section, after }: Proposal, hash: string, why: Correction["why"], note: string): Promise<boolean> {
      const id = newMeetingsId("correction", newId);
      const said = { ...(after === undefined ? {} : { after }), ...(note === "" ? {} : { note }) };
      if (!(await edit((_, doc) => addCorrection(doc, { id, at: now(), by: writer(), hash, section, why, ...said })))) return false;
      shell.undo.offer({
        message: text(why.accepted ? "minutes.proposal.accepted" : "minutes.proposal.declined"),
        undo: () => void edit((_, doc) => takeBackCorrection(doc, id)),
      });
      return true;
    },
    async file(filing: Filing | null): Promise<boolean> {
      const { id, meeting } = here();
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
      if (!(await edit((index) => deleteMeeting(index, id, now())))) return false;
      shell.undo.offer({ message: text("minutes.filing.deleted", { reference }), undo: () => void edit((index) => deleteMeeting(index, id, null)) });
      return true;
    },
    now,
  };
}

export type MinutesActions = ReturnType<typeof createMinutesActions>;
