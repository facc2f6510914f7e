import type { Translator } from "../../i18n/translate.ts";
import { isShippedItem } from "./agenda-rules.ts";
import { hasInterpreter, meetsParents } from "./rules.ts";
import type { AgendaItem, Meeting, MeetingItem, Participant } from "./schema.ts";
import { plannedEnd } from "./timer-rules.ts";

/** An invitation in plain language: a title, paragraphs, and among them one list. */
export type Invitation = { readonly title: string; readonly parts: readonly (string | readonly string[])[] };

/** A role or a type within a sentence: «Kontaktlærer» becomes «kontaktlærer», «PPT» stays. */
export function inSentence(word: string): string {
  return /^\p{Lu}[\p{Lu}\d]/u.test(word) ? word : word.charAt(0).toLowerCase() + word.slice(1);
}

/** The words of an item, one's own or ours. */
export function itemTitle(item: Pick<AgendaItem, "id" | "title"> & Pick<MeetingItem, "talk">, { text }: Pick<Translator, "text">): string {
  const id = item.id.replace(/-second$/, "");
  const title = item.title ?? (isShippedItem(id) ? text(`meetings.item.${id}`) : "");
  return item.talk === undefined ? title : text(`meetings.talk.${item.talk}`, { title });
}

/** «Tora Lærer (kontaktlærer)», or the role alone. */
export function personLine({ role, name }: Pick<Participant, "role" | "name">, { text }: Pick<Translator, "text">): string {
  const words = text(`meetings.role.${role}`);
  return name === undefined ? words : `${name} (${inSentence(words)})`;
}

/**
 * What the parents and the others are sent before a meeting, in one language. Never made where violence is suspected: see `offersParentSurface`.
 * @param meeting with the reference as it is shown @param items in order @param participants those who are asked to come
 */
export function invitationText(
  meeting: Meeting,
  { reference, items, participants }: { reference: string; items: readonly MeetingItem[]; participants: readonly Participant[] },
  translator: Translator,
): Invitation {
  const { text, format } = translator;
  const { interpreter, place, purpose, chair, minuteTaker } = meeting;
  const leader = (role: Participant["role"]) => personLine(participants.find((one) => one.role === role) ?? { role }, translator);
  const times = { from: format.time(meeting.from), to: format.time(plannedEnd(meeting)) };
  const parts: (string | readonly string[])[] = [text("meetings.invitation.when", { date: format.date(meeting.date, "weekdayYear"), ...times })];
  if (place !== undefined) parts.push(text("meetings.invitation.where", { place }));
  if (purpose !== undefined) parts.push(text("meetings.invitation.purpose", { purpose }));
  if (participants.length > 0) parts.push(text("meetings.invitation.people", { people: format.list(participants.map((one) => inName(personLine(one, translator), one))) }));
  const leaders = [
    ...(chair === undefined ? [] : [text("meetings.invitation.chair", { chair: leader(chair) })]),
    ...(minuteTaker === undefined ? [] : [text("meetings.invitation.minuteTaker", { minuteTaker: leader(minuteTaker) })]),
  ];
  if (leaders.length > 0) parts.push(leaders.join(" "));
  if (items.length > 0) parts.push(text("meetings.invitation.agenda"), items.map((item) => itemTitle(item, translator)));
  if (hasInterpreter(interpreter)) {
    const language = interpreter?.language;
    parts.push(language === undefined ? text("meetings.invitation.interpreterAny") : text("meetings.invitation.interpreter", { language }));
  } else if (meetsParents(meeting.type)) parts.push(text("meetings.invitation.interpreterAsk"));
  parts.push(text("meetings.invitation.cannotCome"), text("meetings.invitation.reference", { reference }));
  return { title: text("meetings.invitation.title", { type: inSentence(text(`meetings.type.${meeting.type}`)) }), parts };
}

function inName(line: string, { name }: Pick<Participant, "name">): string {
  return name === undefined ? inSentence(line) : line;
}

/** To be pasted. */
export function plainInvitation({ title, parts }: Invitation): string {
  return [title, ...parts.map((part) => (typeof part === "string" ? part : part.map((item) => `– ${item}`).join("\n")))].join("\n\n");
}
