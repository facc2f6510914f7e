/**
 * What a meeting's minutes say, as data and in no language: what is approved is this, to the letter, and a correction is a section of it. Words are the
 * reader's: see minutes-words.ts.
 */
import * as z from "zod/mini";
import { leadingRoles, meetingSides, meetingTypes, participantRoles } from "../../content/meetings.ts";
import { IsoDateText, TimeOfDayText } from "../fields.ts";
import { ActionItemId } from "../ids.ts";
import { Interpreter, ItemId, NextMeeting } from "./schema.ts";

/** A stretch of a line in one weight. */
const Run = z.object({ text: z.string(), isBold: z.optional(z.literal(true)) });
const Line = z.object({ kind: z.enum(["text", "heading", "item"]), text: z.array(Run) });
export type MinutesLine = z.infer<typeof Line>;

const ItemContent = z.object({
  id: ItemId,
  title: z.optional(z.string()),
  talk: z.optional(z.enum(["first", "second"])),
  lines: z.array(Line),
  decisions: z.array(z.string()),
});
export type ItemContent = z.infer<typeof ItemContent>;

const AboutContent = z.object({
  type: z.enum(meetingTypes),
  date: IsoDateText,
  from: TimeOfDayText,
  to: z.optional(TimeOfDayText),
  place: z.optional(z.string()),
  purpose: z.optional(z.string()),
  chair: z.optional(z.enum(leadingRoles)),
  minuteTaker: z.optional(z.enum(leadingRoles)),
  interpreter: z.optional(Interpreter),
});
const PersonContent = z.object({ role: z.enum(participantRoles), name: z.optional(z.string()), absent: z.optional(z.literal(true)) });
const ActionContent = z.object({
  id: ActionItemId,
  what: z.string(),
  side: z.enum(meetingSides),
  role: z.optional(z.enum(participantRoles)),
  dueOn: z.optional(IsoDateText),
});

export const MinutesContent = z.object({
  /** What is the parents' was left out: as it stood when the content was made. */
  ownProcedure: z.boolean(),
  about: AboutContent,
  people: z.array(PersonContent),
  items: z.array(ItemContent),
  actions: z.array(ActionContent),
  next: z.optional(NextMeeting),
});
export type MinutesContent = z.infer<typeof MinutesContent>;

/** What can be corrected on its own: one item, one thing that was agreed, or what there is one of. */
export const SectionKey = z.union([z.enum(["about", "people", "next"]), z.templateLiteral(["item/", ItemId]), z.templateLiteral(["action/", z.string().check(z.regex(/^action-[0-9a-f]{32}$/))])]);
export type SectionKey = z.infer<typeof SectionKey>;

/** A section's content as text; undefined for one that is not there. Two are the same when their texts are. */
export type SectionText = string | undefined;

/** All sections in the order they are read in. */
export function sectionsOf(content: MinutesContent): Map<SectionKey, SectionText> {
  const { about, people, items, actions, next } = content;
  const text = (value: unknown): SectionText => (value === undefined ? undefined : JSON.stringify(value));
  return new Map<SectionKey, SectionText>([
    ["about", text(about)],
    ["people", text(people)],
    ...items.map((item): [SectionKey, SectionText] => [`item/${item.id}`, text(item)]),
    ...actions.map((action): [SectionKey, SectionText] => [`action/${action.id}`, text(action)]),
    ["next", text(next)],
  ]);
}

/** Those that say something else in one than in the other, in the order they are read in. */
export function changedSections(before: MinutesContent, after: MinutesContent): SectionKey[] {
  const [one, other] = [sectionsOf(before), sectionsOf(after)];
  return Array.from(new Set([...one.keys(), ...other.keys()])).filter((section) => one.get(section) !== other.get(section));
}

/** The content with one section in place of its own. @returns null when the text is no such section's */
export function withSection(content: MinutesContent, key: SectionKey, after: SectionText): MinutesContent | null {
  const value: unknown = after === undefined ? undefined : parseJson(after);
  const [kind, id] = key.split("/");
  if (id === undefined) return read({ ...content, [key]: value });
  if (value !== undefined && idOf(value) !== id) return null;
  const replaced = (all: readonly { readonly id: string }[]) => {
    const changed: unknown[] = all.flatMap((one) => (one.id !== id ? [one] : value === undefined ? [] : [value]));
    return value === undefined || all.some((one) => one.id === id) ? changed : [...changed, value];
  };
  return read(kind === "item" ? { ...content, items: replaced(content.items) } : { ...content, actions: replaced(content.actions) });
}

function idOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "id" in value ? value.id : undefined;
}

/** What a section says without one is left out: the same content is the same text. */
function read(value: object): MinutesContent | null {
  const parsed = MinutesContent.safeParse(Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)));
  return parsed.success ? parsed.data : null;
}

/** Everything in it that a person wrote, as it is read: line by line, whatever is bold in them. */
export function writtenIn({ about, people, items, actions }: MinutesContent): string {
  return [
    about.place,
    about.purpose,
    about.interpreter?.language,
    ...people.map(({ name }) => name),
    ...items.flatMap(({ title, lines, decisions }) => [title, ...lines.map(({ text }) => text.map((run) => run.text).join("")), ...decisions]),
    ...actions.map(({ what }) => what),
  ]
    .filter((text) => text !== undefined)
    .join("\n");
}

/** To be kept, hashed and compared: the same content is the same text. */
export function contentText(content: MinutesContent): string {
  return JSON.stringify(content);
}

/** @returns null for what is none */
export function readContent(text: string): MinutesContent | null {
  const parsed = MinutesContent.safeParse(parseJson(text));
  return parsed.success ? parsed.data : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
