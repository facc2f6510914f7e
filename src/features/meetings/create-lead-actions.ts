import { useEngine } from "../../reactive/engine-context.tsx";
import { useText } from "../../ui/text-provider.tsx";
import type { ParticipantId } from "../ids.ts";
import { createMeetingEdit } from "./create-meeting-edit.ts";
import type { MeetingHere } from "./create-meetings.ts";
import {
  addActionItem,
  addDecision,
  addParticipant,
  beginMeeting,
  changeParticipant,
  closeAgendaItems,
  endMeeting,
  openAgendaItem,
  removeActionItem,
  removeDecision,
  reopenMeeting,
  setNextMeeting,
  splitItem,
  uniteItem,
} from "./document.ts";
import { newMeetingsId } from "./rules.ts";
import type { ActionItem, Decision, ItemId, NextMeeting, Participant } from "./schema.ts";

/** What is done while a meeting is led: each is on disk at once, and all give whether it is. What is taken away can be brought back. */
export function createLeadActions(here: () => MeetingHere) {
  const { text } = useText();
  const engine = useEngine();
  const { newId } = engine;
  const edit = createMeetingEdit();

  return {
    /** Also begins the meeting: who opens an item has begun. */
    open(itemId: ItemId) {
      const at = here();
      return edit.both(at, (index, doc) => {
        beginMeeting(index, at.id, engine.moment());
        openAgendaItem(doc, { id: newMeetingsId("opening", newId), itemId }, engine.moment());
      });
    },
    split: (itemId: ItemId, order: number) => edit.both(here(), (_, doc) => splitItem(doc, itemId, order)),
    /** @returns whether it could be done: nothing is written in the second talk */
    async unite(itemId: ItemId): Promise<boolean> {
      let done = false;
      await edit.both(here(), (_, doc) => {
        done = uniteItem(doc, itemId);
      });
      return done;
    },
    decide: (itemId: ItemId, what: string) =>
      edit.both(here(), (_, doc) => addDecision(doc, { id: newMeetingsId("decision", newId), itemId, what, decidedAt: engine.moment() })),
    takeBackDecision: (decision: Decision) =>
      edit.both(here(), (_, doc) => removeDecision(doc, decision.id), {
        message: text("minutes.decisionRemoved"),
        change: (_, doc) => addDecision(doc, decision),
      }),
    agree(item: Pick<ActionItem, "what" | "side" | "dueOn">) {
      const at = here();
      return edit.index(at, (index) => addActionItem(index, { id: newMeetingsId("actionItem", newId), meetingId: at.id, createdAt: engine.moment(), ...item }));
    },
    takeBackAction: (item: ActionItem) =>
      edit.index(here(), (index) => removeActionItem(index, item.id), {
        message: text("minutes.actionRemoved", { what: item.what }),
        change: (index) => addActionItem(index, item),
      }),
    markPresence: (id: ParticipantId, isPresent: boolean) => edit.both(here(), (_, doc) => changeParticipant(doc, id, { absent: isPresent ? undefined : true })),
    addPerson: (role: Participant["role"]) => edit.both(here(), (_, doc) => addParticipant(doc, { id: newMeetingsId("participant", newId), role })),
    setNext(next: NextMeeting | null) {
      const at = here();
      return edit.index(at, (index) => setNextMeeting(index, at.id, next));
    },
    end() {
      const at = here();
      return edit.both(
        at,
        (index, doc) => {
          closeAgendaItems(doc, engine.moment());
          endMeeting(index, at.id, engine.moment());
        },
        { message: text("minutes.closing.ended", { type: text(`meetings.type.${at.meeting.type}`) }), change: (index) => reopenMeeting(index, at.id) },
      );
    },
  };
}

export type LeadActions = ReturnType<typeof createLeadActions>;
