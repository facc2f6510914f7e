import type * as Y from "yjs";
import { useText } from "../../ui/text-provider.tsx";
import { createMeetingEdit } from "./create-meeting-edit.ts";
import { createMeetingWords } from "./create-meeting-words.ts";
import type { MeetingHere } from "./create-meetings.ts";
import { addItem, changeItem, dropItem, type ItemChanges, removeItem, setPlannedMinutes, takeBackItemChange } from "./document.ts";
import { orderBetween, placesAfterMove } from "./rules.ts";
import type { MeetingItem } from "./schema.ts";

/** What can be done to the agenda of one meeting: each is saved at once and can be undone. All give whether it is on disk. */
export function createAgendaActions(here: () => MeetingHere) {
  const { text } = useText();
  const words = createMeetingWords();
  const edit = createMeetingEdit();
  const done = (what: "moved" | "removed" | "changed" | "added" | "back", item: MeetingItem, change: (doc: Y.Doc) => void, takeBack: (doc: Y.Doc) => void) =>
    edit.both(here(), (_, doc) => change(doc), { message: text(`templates.toast.${what}`, { part: words.item(item) }), change: (_, doc) => takeBack(doc) });

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
    setLength(minutes: number): Promise<boolean> {
      const at = here();
      const before = at.meeting.plannedMinutes;
      const message = text("agendas.meeting.lengthSet", { minutes });
      return edit.index(at, (index) => setPlannedMinutes(index, at.id, minutes), { message, change: (index) => setPlannedMinutes(index, at.id, before) });
    },
  };
}
