import { useNavigate } from "@solidjs/router";
import type * as Y from "yjs";
import type { NotHeldReason } from "../../content/meetings.ts";
import { indexDocId } from "../../engine/log/rights.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { useText } from "../../ui/text-provider.tsx";
import type { MeetingId } from "../ids.ts";
import { useShell } from "../space/shell.tsx";
import type { SchoolHandle } from "../space/workspace.tsx";
import { type MeetingHere, meetingPath } from "./create-meetings.ts";
import { changePreparation, markNotHeld, meetingDocumentId, prepareMeeting, type Preparation, takeBackChange, takeBackMeeting, undoNotHeld, withdrawConsent } from "./document.ts";
import type { AgendaItem, ConsentRecord } from "./schema.ts";

/** What a person can do to a meeting before it begins: each is saved at once and can be undone. All give whether it is on disk. */
export type MeetingActions = {
  /** @param undone the form is to be shown again */
  prepare(school: SchoolHandle, preparation: Preparation, items: readonly AgendaItem[], undone: () => void): Promise<boolean>;
  change(school: SchoolHandle, before: Preparation, after: Preparation): Promise<boolean>;
  notHeld(here: MeetingHere, reason: NotHeldReason): Promise<boolean>;
  holdAnyway(here: MeetingHere): Promise<boolean>;
  /** From today. */
  withdraw(here: MeetingHere, consent: ConsentRecord): Promise<boolean>;
};

export function createMeetingActions(): MeetingActions {
  const { text, format } = useText();
  const engine = useEngine();
  const shell = useShell();
  const navigate = useNavigate();
  const editBoth = ({ schoolRoom }: SchoolHandle, id: MeetingId, change: (index: Y.Doc, doc: Y.Doc) => void) =>
    engine.run(async () => schoolRoom?.edit([indexDocId, meetingDocumentId(id)], change));
  const editIndex = ({ schoolRoom }: SchoolHandle, change: (index: Y.Doc) => void) => engine.run(async () => schoolRoom?.edit([indexDocId], change));
  const named = (type: Preparation["meeting"]["type"], date: string) => ({ type: text(`meetings.type.${type}`), date: format.date(date, "day") });

  return {
    async prepare(school, preparation, items, undone) {
      const { id, meeting } = preparation;
      if (!(await editBoth(school, id, (index, doc) => prepareMeeting(index, doc, preparation, items)))) return false;
      shell.undo.offer({
        message: text("meetings.form.saved", named(meeting.type, meeting.when.date)),
        undo: () => void editBoth(school, id, (index, doc) => takeBackMeeting(index, doc, id)).then((done) => done && undone()),
      });
      return true;
    },
    async change(school, before, after) {
      const { id } = after;
      if (!(await editBoth(school, id, (index, doc) => changePreparation(index, doc, before, after)))) return false;
      shell.undo.offer({
        message: text("meetings.form.changed", { type: text(`meetings.type.${after.meeting.type}`) }),
        undo: () => void editBoth(school, id, (index, doc) => takeBackChange(index, doc, before, after)),
      });
      return true;
    },
    async notHeld({ school, meeting }, reason) {
      if (!(await editIndex(school, (index) => markNotHeld(index, meeting.id, reason, engine.moment())))) return false;
      shell.undo.offer({
        message: text("meetings.page.notHeldToast", named(meeting.type, meeting.date)),
        undo: () => {
          navigate(meetingPath(school.schoolId, meeting.id));
          void editIndex(school, (index) => undoNotHeld(index, meeting.id));
        },
      });
      return true;
    },
    async withdraw({ id, school }, consent) {
      const today = engine.today();
      if (!(await editBoth(school, id, (_, doc) => withdrawConsent(doc, consent.id, today)))) return false;
      shell.undo.offer({
        message: text("minutes.withdrawn", { kind: text(`meetings.consentKind.${consent.kind}`) }),
        undo: () => void editBoth(school, id, (_, doc) => withdrawConsent(doc, consent.id, null)),
      });
      return true;
    },
    holdAnyway: ({ school, meeting }) => editIndex(school, (index) => undoNotHeld(index, meeting.id)),
  };
}
