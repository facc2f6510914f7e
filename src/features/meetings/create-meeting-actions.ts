import { useNavigate } from "@solidjs/router";
import type { NotHeldReason } from "../../content/meetings.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { useText } from "../../ui/text-provider.tsx";
import type { SchoolHandle } from "../space/workspace.tsx";
import { createMeetingEdit } from "./create-meeting-edit.ts";
import { type MeetingHere, meetingPath } from "./create-meetings.ts";
import { changePreparation, markNotHeld, prepareMeeting, type Preparation, takeBackChange, takeBackMeeting, undoNotHeld, withdrawConsent } from "./document.ts";
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
  const navigate = useNavigate();
  const edit = createMeetingEdit();
  const named = (type: Preparation["meeting"]["type"], date: string) => ({ type: text(`meetings.type.${type}`), date: format.date(date, "day") });

  return {
    prepare(school, preparation, items, undone) {
      const { id, meeting } = preparation;
      return edit.both({ id, school }, (index, doc) => prepareMeeting(index, doc, preparation, items), {
        message: text("meetings.form.saved", named(meeting.type, meeting.when.date)),
        change: (index, doc) => takeBackMeeting(index, doc, id),
        undone,
      });
    },
    change(school, before, after) {
      const { id, meeting } = after;
      return edit.both({ id, school }, (index, doc) => changePreparation(index, doc, before, after), {
        message: text("meetings.form.changed", { type: text(`meetings.type.${meeting.type}`) }),
        change: (index, doc) => takeBackChange(index, doc, before, after),
      });
    },
    notHeld(here, reason) {
      const { id, school, meeting } = here;
      return edit.index(here, (index) => markNotHeld(index, id, reason, engine.moment()), {
        message: text("meetings.page.notHeldToast", named(meeting.type, meeting.date)),
        change: (index) => undoNotHeld(index, id),
        undone: () => navigate(meetingPath(school.schoolId, id)),
      });
    },
    withdraw(here, consent) {
      const today = engine.today();
      return edit.both(here, (_, doc) => withdrawConsent(doc, consent.id, today), {
        message: text("minutes.withdrawn", { kind: text(`meetings.consentKind.${consent.kind}`) }),
        change: (_, doc) => withdrawConsent(doc, consent.id, null),
      });
    },
    holdAnyway: (here) => edit.index(here, (index) => undoNotHeld(index, here.id)),
  };
}
