import { adjacentMeetings, type AdjacentMeeting, type MeetingType, meetingTypes, type ShippedAgenda, shippedAgendas, type ShippedItemId } from "../../content/meetings.ts";
import type { NewId } from "../../lib/id.ts";
import { namesCase } from "../cases/rules.ts";
import type { AgendaTemplateId } from "../ids.ts";
import { type OwnOrOriginal, ownOrOriginal, type PartDifferences, partDifferences } from "../templates/rules.ts";
import { type AgendaItem, type AgendaTemplate, type AgendaVersion, type ItemId, longestLine, longestMeeting } from "./schema.ts";

export function newAgendaId(newId: NewId): AgendaTemplateId {
  return `agenda-${newId()}` as AgendaTemplateId;
}

/** The id of an item that somebody adds. */
export function newItemId(newId: NewId): ItemId {
  return `own-${newId()}`;
}

/** An agenda as it is to be used, and where it comes from. */
export type Agenda = { readonly type: MeetingType; readonly version: AgendaVersion; readonly items: readonly AgendaItem[] };

/** What we ship. */
export function shippedAgenda(type: MeetingType): Agenda {
  const { version, items }: ShippedAgenda = shippedAgendas[type];
  return { type, version: `shipped-${type}-${version}`, items: items.map((item) => ({ ...item })) };
}

const shippedItems = new Set<string>(Object.values(shippedAgendas).flatMap(({ items }) => items.map(({ id }) => id)));

/** Whether the app has words for an item; the others are a service's or a school's own. */
export function isShippedItem(id: string): id is ShippedItemId {
  return shippedItems.has(id);
}

/** The types that are offered: ours, and the adjacent ones that the service has switched on. */
export function offeredTypes(switchedOn: readonly AdjacentMeeting[]): MeetingType[] {
  const adjacent: readonly MeetingType[] = adjacentMeetings;
  const on: readonly MeetingType[] = switchedOn;
  return meetingTypes.filter((type) => !adjacent.includes(type) || on.includes(type));
}

function ofType(type: MeetingType, versions: readonly AgendaTemplate[]): AgendaTemplate[] {
  return versions.filter((version) => version.type === type);
}

function agendaOf({ type, id, items }: AgendaTemplate): Agenda {
  return { type, version: id, items };
}

/** An agenda with what it is measured against, and what else somebody made of the same version at the same time. */
export type AgendaHere = OwnOrOriginal<Agenda, AgendaTemplate>;

/** An agenda as the service has it: its own, else what we ship. @param service the versions on the shelf */
export function serviceAgenda(type: MeetingType, service: readonly AgendaTemplate[]): AgendaHere {
  return ownOrOriginal(shippedAgenda(type), ofType(type, service), agendaOf);
}

/** An agenda as a school has it: its own, else the service's. @param school the versions in its plan room @param service the versions on the shelf */
export function schoolAgenda(type: MeetingType, school: readonly AgendaTemplate[], service: readonly AgendaTemplate[]): AgendaHere {
  return ownOrOriginal(serviceAgenda(type, service).template, ofType(type, school), agendaOf);
}

type ItemField = Exclude<keyof AgendaItem, "id">;
const itemFields: readonly ItemField[] = ["title", "minutes", "owner", "involvesParents"];

/** How one agenda differs from the one it was made from. */
export function agendaDifferences(original: readonly AgendaItem[], changed: readonly AgendaItem[]): PartDifferences<AgendaItem, ItemField> {
  return partDifferences(original, changed, itemFields);
}

export type AgendaProblem =
  | { readonly type: "noItems" | "tooLongInAll" }
  | { readonly type: "titleMissing" | "tooLong" | "namesCase" | "sameItemTwice"; readonly item: ItemId };

/** What stops an agenda from being saved; none when it is fine. */
export function agendaProblems(items: readonly AgendaItem[]): AgendaProblem[] {
  if (items.length === 0) return [{ type: "noItems" }];
  const seen = new Set<ItemId>();
  const problems = items.flatMap((item): AgendaProblem[] => {
    const found: AgendaProblem[] = [];
    const title = item.title ?? "";
    if (title.trim() === "" && (item.title !== undefined || !isShippedItem(item.id))) found.push({ type: "titleMissing", item: item.id });
    if (title.length > longestLine) found.push({ type: "tooLong", item: item.id });
    if (namesCase(title)) found.push({ type: "namesCase", item: item.id });
    if (seen.has(item.id)) found.push({ type: "sameItemTwice", item: item.id });
    seen.add(item.id);
    return found;
  });
  return minutesInAll(items) > longestMeeting ? [{ type: "tooLongInAll" }, ...problems] : problems;
}

export function minutesInAll(items: readonly Pick<AgendaItem, "minutes">[]): number {
  return items.reduce((sum, { minutes }) => sum + minutes, 0);
}

/** The items of a meeting where the parents are not to be met are those without them. */
export function itemsFor<Item extends Pick<AgendaItem, "involvesParents">>(items: readonly Item[], ownProcedure: boolean): Item[] {
  return items.filter(({ involvesParents }) => !(ownProcedure && involvesParents));
}
