import * as z from "zod/mini";
import { MemberDevice } from "#protocol/control.ts";
import { arenas, arrangements, rhythms, visitWeekdays } from "../../content/choices.ts";
import { IsoDateText, TimeOfDayText, withPreset } from "../fields.ts";
import { SchoolId } from "../ids.ts";

/** What the school side also sees of a school: it lies in the plan room too. */
const schoolHeadFields = {
  name: z.string().check(z.minLength(1), z.maxLength(80)),
  arrangement: z.enum(arrangements),
  /** Which of the school's own meetings; only for `fixedArena`. */
  arena: z.optional(z.enum(arenas)),
  rhythm: z.enum(rhythms),
  weekday: z.literal(visitWeekdays),
  /** The window of a visit. */
  from: TimeOfDayText,
  to: TimeOfDayText,
  /** The rhythm counts from the first such weekday on or after this date. */
  startsOn: IsoDateText,
};

/** A school as the consultants have it, in the service room. */
export const School = z.object({
  id: SchoolId,
  ...schoolHeadFields,
  /** The sosiallærer or whoever the consultant writes to. */
  contactName: z.optional(z.string()),
  contactPhone: z.optional(z.string()),
  /** The service that gets this school's reports when it is not our own: pupils come from other places too. */
  reportsTo: z.optional(z.string()),
  reportsToPhone: z.optional(z.string()),
  /** False for a school whose consultations are not written down here: its figures are «ikke registrert», never 0. */
  registersConsultations: withPreset(z.boolean(), true),
  /** «Noe å huske til neste gang»: the consultant's own line. */
  nextTimeNote: z.optional(z.string()),
});
export type School = z.infer<typeof School>;

/** A school as its plan room has it. */
export const SchoolHead = z.object({ id: SchoolId, ...schoolHeadFields });
export type SchoolHead = z.infer<typeof SchoolHead>;

/** The two rooms of a school for one school year. */
export const SchoolRooms = z.object({
  id: z.string(),
  schoolId: SchoolId,
  schoolYear: z.number(),
  planRoomId: z.string(),
  schoolRoomId: z.string(),
  /** The last day that a closed year is kept. */
  keepUntil: z.optional(IsoDateText),
  /** The day on which it was destroyed. */
  shreddedOn: z.optional(IsoDateText),
});
export type SchoolRooms = z.infer<typeof SchoolRooms>;

/** A room that its maker offers to colleagues; what it takes to join is the engine's. */
export const RoomOffer = z.object({
  id: z.string(),
  roomId: z.string(),
  kind: z.string(),
  schoolId: z.nullable(SchoolId),
  label: withPreset(z.string(), ""),
  genesis: z.string(),
});
export type RoomOffer = z.infer<typeof RoomOffer>;

/** A colleague's answer to an offer: the leaf, public, that it wants to join with. */
export const RoomAnswer = z.object({
  id: z.string(),
  roomId: z.string(),
  memberId: z.string(),
  deviceId: z.string(),
  leaf: z.unknown(),
});
export type RoomAnswer = z.infer<typeof RoomAnswer>;

/** The recovery code that counts, as far as anyone but the paper knows it. */
export const ServiceRecovery = z.object({
  member: MemberDevice,
  /** The recovery device's private half, sealed under the code; base64url. */
  bundle: z.string(),
  /** Under what the relay keeps the bundle. */
  lookupId: z.string(),
  /** The name of who made it. */
  madeBy: z.string(),
  /** Of the code before, until the relay has let go of it. */
  lookupIdBefore: z.nullable(z.string()),
});
export type ServiceRecovery = z.infer<typeof ServiceRecovery>;

/** Settings of a service, on the shelf, where everyone reads them. */
export const ServiceSettings = z.object({
  serviceName: z.string(),
  /** Follow-ups without a legal date are due this many working days after the consultation. */
  followUpWorkingDays: z.int().check(z.gte(1), z.lte(20)),
  /** Published cells below it are hidden. */
  figuresThreshold: z.int().check(z.gte(2), z.lte(20)),
});
export type ServiceSettings = z.infer<typeof ServiceSettings>;

export const phoneKinds = ["childWelfare", "outOfHours", "police", "childAlarm"] as const;
export type PhoneKind = (typeof phoneKinds)[number];

export const Phone = z.object({
  id: z.enum(phoneKinds),
  /** As people read it. Empty when the service has not set it. */
  number: z.string(),
  /** Open Monday to Friday between these. */
  opensAt: z.optional(TimeOfDayText),
  closesAt: z.optional(TimeOfDayText),
});
export type Phone = z.infer<typeof Phone>;

/** What a service has changed of a next step, or one of its own. */
export const NextStepChange = z.object({
  id: z.string(),
  label: z.optional(z.string()),
  involvesParents: z.optional(z.boolean()),
  hidden: z.optional(z.boolean()),
  order: z.optional(z.number()),
});
export type NextStepChange = z.infer<typeof NextStepChange>;

export const Holiday = z.object({ id: z.string(), name: z.string(), from: IsoDateText, to: IsoDateText });
export type Holiday = z.infer<typeof Holiday>;
