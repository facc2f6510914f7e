/**
 * What a meeting's minutes say, as data and in no language: what is approved is this, to the letter, and a correction is a section of it. Words are the
 * reader's: see minutes-words.ts.
 */
import * as z from "zod/mini";
import { interpreterBookers, interpreterRefusals, leadingRoles, meetingSides, meetingTypes, participantRoles } from "../../content/meetings.ts";
import { IsoDateText, TimeOfDayText } from "../fields.ts";
import { ItemId, NextMeeting } from "./schema.ts";

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
  interpreter: z.optional(
    z.object({
      needed: z.boolean(),
      language: z.optional(z.string()),
      bookedBy: z.optional(z.enum(interpreterBookers)),
      refusedReason: z.optional(z.enum(interpreterRefusals)),
    }),
  ),
});
const PersonContent = z.object({ role: z.enum(participantRoles), name: z.optional(z.string()), absent: z.optional(z.literal(true)) });
const ActionContent = z.object({
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

/** What can be corrected on its own: everything else of the minutes, or one item. */
export const SectionKey = z.union([z.enum(["about", "people", "actions", "next"]), z.templateLiteral(["item/", ItemId])]);
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
    ["actions", text(actions)],
    ["next", text(next)],
  ]);
}

/** The content with one section in place of its own. @returns null when the text is no such section's */
export function withSection(content: MinutesContent, key: SectionKey, after: SectionText): MinutesContent | null {
  const value: unknown = after === undefined ? undefined : parseJson(after);
  if (key === "about" || key === "people" || key === "actions" || key === "next") {
    const others = Object.entries(content).filter(([field]) => field !== key);
    const parsed = MinutesContent.safeParse(Object.fromEntries(value === undefined ? others : [...others, [key, value]]));
    return parsed.success ? parsed.data : null;
  }
  const id = key.slice("item/".length);
  if (after === undefined) return { ...content, items: content.items.filter((item) => item.id !== id) };
  const item = ItemContent.safeParse(value);
  if (!item.success || item.data.id !== id) return null;
  const items = content.items.some((one) => one.id === id) ? content.items.map((one) => (one.id === id ? item.data : one)) : [...content.items, item.data];
  return { ...content, items };
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
