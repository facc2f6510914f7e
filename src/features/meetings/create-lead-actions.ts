import type * as Y from "yjs";
import { indexDocId } from "../../engine/log/rights.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { useText } from "../../ui/text-provider.tsx";
import type { ParticipantId } from "../ids.ts";
import { useShell } from "../space/shell.tsx";
import type { MeetingHere } from "./create-meetings.ts";
import {
  addActionItem,
  addDecision,
  addParticipant,
  beginMeeting,
  changeParticipant,
  closeAgendaItems,
  endMeeting,
  meetingDocumentId,
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
  const shell = useShell();
  const { newId } = engine;
  const docId = () => meetingDocumentId(here().id);
  const edit = (change: (index: Y.Doc, doc: Y.Doc) => void) =>
    engine.run(async () => here().school.schoolRoom?.edit([indexDocId, docId()], (index, doc) => index !== undefined && doc !== undefined && change(index, doc)));

  return {
    /** Also begins the meeting: who opens an item has begun. */
    open: (itemId: ItemId) =>
      edit((index, doc) => {
        beginMeeting(index, here().id, engine.moment());
        openAgendaItem(doc, { id: newMeetingsId("opening", newId), itemId }, engine.moment());
      }),
    split: (itemId: ItemId, order: number) => edit((_, doc) => splitItem(doc, itemId, order)),
    /** @returns whether it could be done: nothing is written in the second talk */
    async unite(itemId: ItemId): Promise<boolean> {
      let done = false;
      await edit((_, doc) => {
        done = uniteItem(doc, itemId);
      });
      return done;
    },
    decide: (itemId: ItemId, what: string) =>
      edit((_, doc) => addDecision(doc, { id: newMeetingsId("decision", newId), itemId, what, decidedAt: engine.moment() })),
    async takeBackDecision(decision: Decision): Promise<void> {
      if (!(await edit((_, doc) => removeDecision(doc, decision.id)))) return;
      shell.undo.offer({ message: text("minutes.decisionRemoved"), undo: () => void edit((_, doc) => addDecision(doc, decision)) });
    },
    agree: (item: Pick<ActionItem, "what" | "side" | "dueOn">) =>
      edit((index) => addActionItem(index, { id: newMeetingsId("actionItem", newId), meetingId: here().id, createdAt: engine.moment(), ...item })),
    async takeBackAction(item: ActionItem): Promise<void> {
      if (!(await edit((index) => removeActionItem(index, item.id)))) return;
      shell.undo.offer({ message: text("minutes.actionRemoved", { what: item.what }), undo: () => void edit((index) => addActionItem(index, item)) });
    },
    markPresence: (id: ParticipantId, isPresent: boolean) => edit((_, doc) => changeParticipant(doc, id, { absent: isPresent ? undefined : true })),
    addPerson: (role: Participant["role"]) => edit((_, doc) => addParticipant(doc, { id: newMeetingsId("participant", newId), role })),
    setNext: (next: NextMeeting | null) => edit((index) => setNextMeeting(index, here().id, next)),
    async end(): Promise<boolean> {
      const { id, meeting } = here();
      const ended = await edit((index, doc) => {
        closeAgendaItems(doc, engine.moment());
        endMeeting(index, id, engine.moment());
      });
      if (ended) {
        shell.undo.offer({
          message: text("minutes.closing.ended", { type: text(`meetings.type.${meeting.type}`) }),
          undo: () => void edit((index) => reopenMeeting(index, id)),
        });
      }
      return ended;
    },
  };
}

export type LeadActions = ReturnType<typeof createLeadActions>;
