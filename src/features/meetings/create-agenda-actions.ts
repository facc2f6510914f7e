import type * as Y from "yjs";
import { indexDocId } from "../../engine/log/rights.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { useText } from "../../ui/text-provider.tsx";
import { useShell } from "../space/shell.tsx";
import { createMeetingWords } from "./create-meeting-words.ts";
import type { MeetingHere } from "./create-meetings.ts";
import { addItem, changeItem, dropItem, type ItemChanges, meetingDocumentId, removeItem, setPlannedMinutes, takeBackItemChange } from "./document.ts";
import { orderBetween, placesAfterMove } from "./rules.ts";
import type { MeetingItem } from "./schema.ts";

/** What can be done to the agenda of one meeting: each is saved at once and can be undone. All give whether it is on disk. */
export function createAgendaActions(here: () => MeetingHere) {
  const { text } = useText();
  const engine = useEngine();
  const shell = useShell();
  const words = createMeetingWords();
  const edit = (change: (doc: Y.Doc) => void) =>
    engine.run(async () => here().school.schoolRoom?.edit([meetingDocumentId(here().id)], (doc) => doc !== undefined && change(doc)));
  const editIndex = (change: (index: Y.Doc) => void) =>
    engine.run(async () => here().school.schoolRoom?.edit([indexDocId], (index) => index !== undefined && change(index)));
  const done = async (what: "moved" | "removed" | "changed" | "added" | "back", item: MeetingItem, change: (doc: Y.Doc) => void, takeBack: (doc: Y.Doc) => void) => {
    if (!(await edit(change))) return false;
    shell.undo.offer({ message: text(`templates.toast.${what}`, { part: words.item(item) }), undo: () => void edit(takeBack) });
    return true;
  };

  return {
    /** @param last the item that it comes after */
    add: (item: MeetingItem, last: MeetingItem | undefined) =>
      done(
        "added",
        item,
        (doc) => addItem(doc, { ...item, order: orderBetween(last, undefined) }),
        (doc) => removeItem(doc, item.id),
      ),
    change(before: MeetingItem, after: MeetingItem) {
      const fields = ({ title, minutes, owner, involvesParents }: MeetingItem): ItemChanges => ({ title, minutes, owner, involvesParents });
      return done(
        "changed",
        after,
        (doc) => changeItem(doc, before.id, fields(after)),
        (doc) => takeBackItemChange(doc, before.id, fields(before), fields(after)),
      );
    },
    /** @param items in order, those that are shown */
    move(items: readonly MeetingItem[], item: MeetingItem, by: -1 | 1) {
      const places = placesAfterMove(items, item, by);
      const before = new Map(items.map(({ id, order }) => [id, order]));
      return done(
        "moved",
        item,
        (doc) => {
          for (const { id, order } of places) changeItem(doc, id, { order });
        },
        (doc) => {
          for (const { id, order } of places) takeBackItemChange(doc, id, { order: before.get(id) }, { order });
        },
      );
    },
    takeOff: (item: MeetingItem) =>
      done(
        "removed",
        item,
        (doc) => dropItem(doc, item.id),
        (doc) => dropItem(doc, item.id, false),
      ),
    bringBack: (item: MeetingItem) =>
      done(
        "back",
        item,
        (doc) => dropItem(doc, item.id, false),
        (doc) => dropItem(doc, item.id),
      ),
    async setLength(minutes: number): Promise<boolean> {
      const { id, meeting } = here();
      const before = meeting.plannedMinutes;
      if (!(await editIndex((index) => setPlannedMinutes(index, id, minutes)))) return false;
      shell.undo.offer({ message: text("agendas.meeting.lengthSet", { minutes }), undo: () => void editIndex((index) => setPlannedMinutes(index, id, before)) });
      return true;
    },
  };
}
