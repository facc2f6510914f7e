import type { IsoDate } from "../../lib/iso-date.ts";
import { type Asked, groupFollowUps } from "./rules.ts";
import type { Side } from "./schema.ts";

/** The lists whose questions are asked, in the order of the page; what is due today stands first among the seven days. */
export const askedLists = ["overdue", "nextSevenDays", "later"] as const;
export type AskedList = (typeof askedLists)[number];

/** Everything, what waits on oneself, or what waits on the other side. */
export type FollowUpFilter = "all" | "mine" | "theirs";

/** The ids in each list of «Oppfølging», by date. */
export type FollowUpLists = Readonly<Record<AskedList | "waitsOnOther" | "answeredToday", readonly string[]>>;

/** A card that stays where it was when it was answered, because it asks why. */
export type HeldCard = { readonly id: string; readonly list: AskedList; readonly index: number };

export function followUpLists(
  followUps: readonly Asked[],
  reader: { filter: FollowUpFilter; own: Side; today: IsoDate },
  held: HeldCard | null,
): FollowUpLists {
  const other: Side = reader.own === "consultant" ? "school" : "consultant";
  const waitsOn = (side: Side) => (followUp: Asked) => followUp.waitsOn.includes(side);
  const seen = reader.filter === "all" ? followUps : followUps.filter(waitsOn(reader.filter === "mine" ? reader.own : other));
  const groups = groupFollowUps(seen, reader.own, reader.today);
  const ids = (list: readonly Asked[]) => list.map(({ id }) => id);
  const lists = {
    overdue: ids(groups.overdue),
    nextSevenDays: ids([...groups.today, ...groups.nextSevenDays]),
    later: ids(groups.later),
    waitsOnOther: ids(groups.waitsOnOther),
    answeredToday: ids(groups.answeredToday),
  };
  if (held === null || !lists.answeredToday.includes(held.id)) return lists;
  return {
    ...lists,
    answeredToday: lists.answeredToday.filter((id) => id !== held.id),
    [held.list]: lists[held.list].toSpliced(held.index, 0, held.id),
  };
}
