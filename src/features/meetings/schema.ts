import * as z from "zod/mini";
import {
  consentForms,
  consentGivers,
  consentKinds,
  consentObtainers,
  interpreterBookers,
  interpreterRefusals,
  itemOwners,
  leadingRoles,
  meetingSides,
  meetingTypes,
  noNextReasons,
  notHeldReasons,
  participantRoles,
} from "../../content/meetings.ts";
import { IsoDateText, MomentText, TimeOfDayText, withPreset } from "../fields.ts";
import { Answer } from "../follow-up/schema.ts";
import { ActionItemId, AgendaTemplateId, ConsentId, DecisionId, MeetingId, OpeningId, ParticipantId, RoutineRunId } from "../ids.ts";
import { Reference } from "../references.ts";
import { runWriters, StepKey, textWithoutCase } from "../routines/schema.ts";

/** In characters. See [Note: no way to a drøfting] in routines/schema.ts: no text of a meeting's record names a case. */
export const longestLine = 80;
export const longestPurpose = 400;
export const longestAction = 200;
/** In minutes. */
export const shortestMeeting = 5;
export const longestMeeting = 480;

const Minutes = z.int().check(z.gte(0), z.lte(longestMeeting));

/** Of an item that we ship, or of one somebody added; the second of two separate talks has its first one's with an ending. */
export const ItemId = z.string().check(z.regex(/^([A-Za-z]{1,31}|own-[0-9a-f]{32})(-second)?$/));
export type ItemId = z.infer<typeof ItemId>;

/** One item of an agenda. */
export const AgendaItem = z.object({
  id: ItemId,
  /** Somebody's own words; without them those of the text section `meetings.item`. */
  title: z.optional(textWithoutCase(longestLine)),
  minutes: Minutes,
  owner: z.enum(itemOwners),
  /** The parents are heard in it: left out where violence or abuse is suspected. */
  involvesParents: z.boolean(),
});
export type AgendaItem = z.infer<typeof AgendaItem>;

/** A version of an agenda: one that somebody made, or `shipped-<type>-<number>`. */
export const AgendaVersion = z.union([AgendaTemplateId, z.templateLiteral(["shipped-", z.enum(meetingTypes), "-", z.int()])]);
export type AgendaVersion = z.infer<typeof AgendaVersion>;

/** One version of an agenda as a service or a school has it; written once, never changed. */
export const AgendaTemplate = z.object({
  id: AgendaTemplateId,
  type: z.enum(meetingTypes),
  basedOn: AgendaVersion,
  madeAt: MomentText,
  items: z.array(AgendaItem),
  /** The one it was made from is followed again, with what becomes of that one later. */
  isReset: z.optional(z.boolean()),
});
export type AgendaTemplate = z.infer<typeof AgendaTemplate>;

/**
 * One value, so that of two said at once one stands, whole. There is no field for who interprets: it is whoever was booked. A child, or a relative in place of
 * a booked interpreter, cannot be written here.
 */
export const Interpreter = z.object({
  needed: z.boolean(),
  language: z.optional(textWithoutCase(longestLine)),
  bookedBy: z.optional(z.enum(interpreterBookers)),
  refusedReason: z.optional(z.enum(interpreterRefusals)),
});
export type Interpreter = z.infer<typeof Interpreter>;

/** When the next meeting is, or why none is dated. */
export const NextMeeting = z.union([
  z.object({ date: IsoDateText, from: z.optional(TimeOfDayText) }),
  z.object({ reason: z.enum(noNextReasons) }),
]);
export type NextMeeting = z.infer<typeof NextMeeting>;

/** SHA-256 of a content's text in UTF-8, base64url. */
export const ContentHash = z.string().check(z.regex(/^[\w-]{43}$/));

const filed = { on: IsoDateText, markedAt: MomentText, /** Of the minutes with their corrections at that moment: what comes later is not filed. */ content: z.optional(ContentHash) };

/** What became of the minutes; only then may they be deleted. */
export const Filing = z.union([
  z.object({ outcome: z.literal("transferred"), where: textWithoutCase(longestLine), ...filed }),
  z.object({ outcome: z.literal("notForArchive"), ...filed }),
]);
export type Filing = z.infer<typeof Filing>;

const StoredMeeting = z.object({
  id: MeetingId,
  reference: Reference,
  type: z.enum(meetingTypes),
  preparedAt: MomentText,
  preparedBy: z.enum(runWriters),
  /** One value, so that two moves never mix. */
  when: z.object({ date: IsoDateText, from: TimeOfDayText }),
  /** Without what an interpreter adds. */
  plannedMinutes: z.int().check(z.gte(shortestMeeting), z.lte(longestMeeting)),
  place: z.optional(textWithoutCase(longestLine)),
  purpose: z.optional(textWithoutCase(longestPurpose)),
  chair: z.optional(z.enum(leadingRoles)),
  minuteTaker: z.optional(z.enum(leadingRoles)),
  /** Violence or abuse is suspected: nothing of the meeting is shown or handed to the parents. */
  ownProcedure: z.optional(z.boolean()),
  interpreter: z.optional(Interpreter),
  /** The routine run that it belongs to, and which of its steps it is. */
  runId: z.optional(RoutineRunId),
  step: z.optional(StepKey),
  /** The version that its items were copied from. */
  agenda: AgendaVersion,
  startedAt: z.optional(MomentText),
  endedAt: z.optional(MomentText),
  notHeld: z.optional(z.object({ reason: z.enum(notHeldReasons), at: MomentText })),
  next: z.optional(NextMeeting),
  approved: z.optional(z.object({ at: MomentText, by: z.enum(runWriters) })),
  filed: z.optional(Filing),
  /** Hidden for all; the bytes are in the log until the room is shredded. */
  deletedAt: z.optional(MomentText),
});
export type MeetingFields = Omit<z.infer<typeof StoredMeeting>, "id">;

/**
 * What the index has of a meeting: all that lists and summaries need. It has no status of its own: that follows from what has happened, so that a meeting
 * begun offline stays begun when a colleague said at the same time that it was not held.
 */
export const Meeting = z.pipe(
  StoredMeeting,
  z.transform(({ when, ...meeting }) => ({ ...meeting, ...when })),
);
export type Meeting = z.infer<typeof Meeting>;

/** Somebody who takes part. */
export const Participant = z.object({
  id: ParticipantId,
  role: z.enum(participantRoles),
  name: z.optional(textWithoutCase(longestLine)),
  /** Where it is not the role's own. */
  side: z.optional(z.enum(meetingSides)),
  /** Was asked, and did not come. */
  absent: z.optional(z.boolean()),
});
export type Participant = z.infer<typeof Participant>;

/** A consent or a waiver as it was given, and taken back. */
export const ConsentRecord = z.object({
  id: ConsentId,
  kind: z.enum(consentKinds),
  givenBy: z.enum(consentGivers),
  /** What it covers, in words. */
  scope: textWithoutCase(longestPurpose),
  how: z.enum(consentForms),
  givenOn: IsoDateText,
  obtainedBy: z.enum(consentObtainers),
  withdrawnOn: z.optional(IsoDateText),
});
export type ConsentRecord = z.infer<typeof ConsentRecord>;

/** An item of one meeting: a copy of the template's, with what became of it. */
export const MeetingItem = z.extend(AgendaItem, {
  order: z.number(),
  /** One of two separate talks. */
  talk: z.optional(z.enum(["first", "second"])),
  /** Taken off the agenda; what was written under it stays. */
  dropped: withPreset(z.boolean(), false),
});
export type MeetingItem = z.infer<typeof MeetingItem>;

/** A stretch of time in which an item was the open one. */
export const Opening = z.object({ id: OpeningId, itemId: ItemId, openedAt: MomentText, closedAt: z.optional(MomentText) });
export type Opening = z.infer<typeof Opening>;

export const Decision = z.object({ id: DecisionId, itemId: ItemId, what: textWithoutCase(longestPurpose), decidedAt: MomentText });
export type Decision = z.infer<typeof Decision>;

/** What somebody does after a meeting, asked for like a follow-up. */
export const ActionItem = z.object({
  id: ActionItemId,
  meetingId: MeetingId,
  what: textWithoutCase(longestAction),
  side: z.enum(meetingSides),
  /** Without one it is the side's. */
  role: z.optional(z.enum(participantRoles)),
  /** As the meeting agreed: the minutes have it, and nothing that comes later changes it. */
  dueOn: z.optional(IsoDateText),
  /** When it is asked about, where somebody has moved that since. */
  askOn: z.optional(IsoDateText),
  createdAt: MomentText,
  answered: z.optional(Answer),
});
export type ActionItem = z.infer<typeof ActionItem>;
