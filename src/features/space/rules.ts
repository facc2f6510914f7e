import { childAlarmNumber, policeEmergencyNumber } from "../../content/contacts.ts";
import { defaultNextSteps } from "../../content/next-steps.ts";
import { addDays, dateOf, type DateRange, isoDate, type Moment, mondayOfIsoWeek, timeOf, type TimeOfDay } from "../../lib/iso-date.ts";
import { easterSunday, isWorkingDay, workingDayOnOrAfter } from "../../lib/norwegian-calendar.ts";
import type { SchoolYear } from "../../lib/school-year.ts";
import type { SchoolId } from "../ids.ts";
import { type NextStepChange, type Phone, type PhoneKind, phoneKinds, type School, type SchoolHead, type SchoolRooms } from "./schema.ts";

/** What a school's plan room is told of it. */
export function schoolHeadOf(school: School): SchoolHead {
  const { id, name, arrangement, arena, rhythm, weekday, from, to, startsOn } = school;
  return { id, name, arrangement, ...(arena === undefined ? {} : { arena }), rhythm, weekday, from, to, startsOn };
}

/** Whether staff sign cases up before the visit. A fixed arena gathers them too, so only drop-in has no sign-up. */
export function takesSignUps(school: Pick<School, "arrangement">): boolean {
  return school.arrangement !== "openDoorDropIn";
}

/**
 * The rooms of a school for a year. Two consultants who both made them offline are agreed on one pair without talking: the lower room id.
 */
export function roomsOfSchool(rooms: readonly SchoolRooms[], schoolId: SchoolId, schoolYear: SchoolYear): SchoolRooms | null {
  const found = rooms.filter((pair) => pair.schoolId === schoolId && pair.schoolYear === schoolYear);
  return found.sort((a, b) => (a.schoolRoomId < b.schoolRoomId ? -1 : 1))[0] ?? null;
}

export type NextStep = {
  readonly id: string;
  /** The service's own words; null for the ones of the text section `content.nextStep`. */
  readonly label: string | null;
  readonly involvesParents: boolean;
  readonly hidden: boolean;
};

/** The service's list of next steps: what we ship, as it has changed it, and its own after these. */
export function nextStepsOf(changes: readonly NextStepChange[]): NextStep[] {
  const changed = new Map(changes.map((change) => [change.id, change]));
  const shipped = defaultNextSteps.map(({ id, involvesParents }, index) => ({ id: id as string, involvesParents, order: index }));
  const shippedIds = new Set(shipped.map(({ id }) => id));
  const own = changes
    .filter(({ id, label }) => !shippedIds.has(id) && label !== undefined)
    .map(({ id }) => ({ id, involvesParents: false, order: shipped.length }));
  return [...shipped, ...own]
    .map((step) => {
      const change = changed.get(step.id);
      return {
        id: step.id,
        label: change?.label ?? null,
        involvesParents: change?.involvesParents ?? step.involvesParents,
        hidden: change?.hidden ?? false,
        order: change?.order ?? step.order,
      };
    })
    .sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1))
    .map(({ id, label, involvesParents, hidden }) => ({ id, label, involvesParents, hidden }));
}

/**
 * The list as a form has it that some of it is chosen in already: what has been hidden since stays, and so does what this device has not fetched the
 * words of. That one is taken to involve the parents until it is known.
 */
export function nextStepsWith(steps: readonly NextStep[], chosen: readonly string[]): NextStep[] {
  const known = new Set(steps.map(({ id }) => id));
  const notFetched = chosen.filter((id) => !known.has(id));
  return [
    ...steps.map((step) => (step.hidden && chosen.includes(step.id) ? { ...step, hidden: false } : step)),
    ...notFetched.map((id) => ({ id, label: null, involvesParents: true, hidden: false })),
  ];
}

/** In characters: what a chip on a phone has room for in two lines. */
export const longestNextStepLabel = 40;

/** Why a label cannot be taken. @param others the words of all the other steps, hidden ones too */
export function nextStepProblem(label: string, others: readonly string[]): "missing" | "taken" | null {
  const same = (other: string) => other.trim().toLocaleLowerCase("nb") === label.trim().toLocaleLowerCase("nb");
  if (label.trim() === "") return "missing";
  return others.some(same) ? "taken" : null;
}

const presetPhones: Readonly<Record<PhoneKind, Phone>> = {
  childWelfare: { id: "childWelfare", number: "" },
  outOfHours: { id: "outOfHours", number: "" },
  police: { id: "police", number: policeEmergencyNumber },
  childAlarm: { id: "childAlarm", number: childAlarmNumber },
};

/** All four phones, with the national numbers where the service has set none. */
export function phonesOf(set: readonly Phone[]): Phone[] {
  return phoneKinds.map((id) => set.find((phone) => phone.id === id) ?? presetPhones[id]);
}

export type PhoneHours = { type: "openUntil"; time: TimeOfDay } | { type: "opensAt"; time: TimeOfDay } | { type: "closed" } | { type: "always" };

/** Whether anyone answers now. Phones without hours are taken to be answered always. */
export function phoneHours(phone: Phone, now: Moment): PhoneHours {
  const { opensAt, closesAt } = phone;
  if (opensAt === undefined || closesAt === undefined) return { type: "always" };
  if (!isWorkingDay(dateOf(now)) || timeOf(now) >= closesAt) return { type: "closed" };
  return timeOf(now) < opensAt ? { type: "opensAt", time: opensAt } : { type: "openUntil", time: closesAt };
}

/** The three to call when violence is suspected: the child welfare service first while it is open, else its out-of-hours service. */
export function phonesToCall(phones: readonly Phone[], now: Moment): Phone[] {
  const rank = (phone: Phone) => (phone.id === "childWelfare" && phoneHours(phone, now).type !== "openUntil" && phone.opensAt !== undefined ? 1.5 : phoneKinds.indexOf(phone.id));
  return phones
    .filter(({ id, number }) => id !== "childAlarm" && number !== "")
    .sort((a, b) => rank(a) - rank(b));
}

/** Holidays a service can begin with: the usual weeks, to be corrected against the municipality's own school calendar. */
export const proposedHolidayKinds = ["summerBefore", "autumn", "christmas", "winter", "easter", "summerAfter"] as const;
export type ProposedHolidayKind = (typeof proposedHolidayKinds)[number];

export function proposedHolidays(year: SchoolYear): (DateRange & { readonly kind: ProposedHolidayKind })[] {
  const easter = easterSunday(year + 1);
  const week = (monday: string) => ({ from: monday, to: addDays(monday, 4) });
  return [
    { kind: "summerBefore", from: isoDate(year, 8, 1), to: addDays(mondayOfIsoWeek(year, 34), -1) },
    { kind: "autumn", ...week(mondayOfIsoWeek(year, 40)) },
    { kind: "christmas", from: isoDate(year, 12, 22), to: isoDate(year + 1, 1, 2) },
    { kind: "winter", ...week(mondayOfIsoWeek(year + 1, 8)) },
    { kind: "easter", from: addDays(easter, -6), to: addDays(easter, 1) },
    { kind: "summerAfter", from: addDays(mondayOfIsoWeek(year + 1, 25), 4), to: isoDate(year + 1, 7, 31) },
  ];
}

/** Why what was written for a school cannot be taken. */
export type SchoolProblem =
  | { field: "name"; type: "missing" }
  | { field: "name"; type: "tooLong"; by: number }
  | { field: "to"; type: "windowTooShort" };

/** So many characters a school's name may have. */
export const longestSchoolName = 80;

/** What stops a school from being saved; none when it is fine. */
export function schoolProblems(school: Pick<School, "name" | "from" | "to">): SchoolProblem[] {
  const problems: SchoolProblem[] = [];
  if (school.name.trim() === "") problems.push({ field: "name", type: "missing" });
  const tooMany = school.name.trim().length - longestSchoolName;
  if (tooMany > 0) problems.push({ field: "name", type: "tooLong", by: tooMany });
  if (school.to <= school.from) problems.push({ field: "to", type: "windowTooShort" });
  return problems;
}

/** A first date to begin the rhythm on: today, or the first working day after the summer. */
export function proposedStart(today: string, holidays: readonly DateRange[]): string {
  return workingDayOnOrAfter(today, holidays);
}
