import { leadingRoles, type LeadingRole, type MeetingType, type ParticipantRole, shippedAgendas } from "../../content/meetings.ts";
import type { NewId } from "../../lib/id.ts";
import type { IsoDate, Moment } from "../../lib/iso-date.ts";
import type { MeetingId } from "../ids.ts";
import type { Reference } from "../references.ts";
import type { RunWriter } from "../routines/schema.ts";
import { type Agenda, itemsFor, minutesInAll } from "./agenda-rules.ts";
import type { Preparation } from "./document.ts";
import type { ConsentForm, MeetingForm, ParticipantForm } from "./form-schema.ts";
import { isAboutChild, mayObtainConsent, newMeetingsId, participantsOf, textProblem } from "./rules.ts";
import { type ConsentRecord, longestLine, longestMeeting, longestPurpose, type Participant, shortestMeeting } from "./schema.ts";

/** A form nobody has touched. @param place the school */
export function freshForm(made: { id: MeetingId; reference: Reference; place: string }): MeetingForm {
  return { ...made, date: "", from: "", language: "", purpose: "", ownProcedure: false, isFifteen: false, consents: [] };
}

/** The form of a meeting that is prepared already. */
export function formOf({ id, meeting, participants, consents, isFifteen }: Preparation): MeetingForm {
  const { reference, type, when, place, interpreter, chair, minuteTaker, purpose, plannedMinutes, ownProcedure, runId, step } = meeting;
  return {
    id,
    reference,
    type,
    date: when.date,
    from: when.from,
    place: place ?? "",
    participants: participants.map(({ name, ...one }) => ({ ...one, name: name ?? "" })),
    ...(interpreter === undefined ? {} : { interpreterNeeded: interpreter.needed }),
    language: interpreter?.language ?? "",
    ...(interpreter?.bookedBy === undefined ? {} : { bookedBy: interpreter.bookedBy }),
    ...(interpreter?.refusedReason === undefined ? {} : { refusedReason: interpreter.refusedReason }),
    chair: chair ?? null,
    minuteTaker: minuteTaker ?? null,
    purpose: purpose ?? "",
    minutes: String(plannedMinutes),
    ownProcedure: ownProcedure === true,
    isFifteen,
    consents: consents.map(({ withdrawnOn, ...consent }) => ({ ...consent, withdrawnOn: withdrawnOn ?? "" })),
    ...(runId === undefined ? {} : { runId }),
    ...(step === undefined ? {} : { step }),
  };
}

function presetRoles(type: MeetingType | undefined): readonly ParticipantRole[] {
  return type === undefined ? [] : shippedAgendas[type].participants;
}

/** Who is asked to come as the form stands: those of the type until somebody has chosen. Where violence is suspected nobody on the parents' side. */
export function participantsInForm({ type, participants, ownProcedure }: MeetingForm): ParticipantForm[] {
  return participantsOf(participants ?? presetRoles(type).map((role) => ({ role, name: "" })), ownProcedure);
}

/** The form with another choice of roles: those who stay keep their names, and what is hidden where violence is suspected stays behind it. */
export function withRoles(form: MeetingForm, roles: readonly ParticipantRole[]): ParticipantForm[] {
  const before = form.participants ?? presetRoles(form.type).map((role): ParticipantForm => ({ role, name: "" }));
  const kept = before.filter((one) => participantsOf([one], form.ownProcedure).length === 0);
  const chosen = participantsInForm(form).filter(({ role }) => roles.includes(role));
  const added = roles.filter((role) => !chosen.some((one) => one.role === role)).map((role): ParticipantForm => ({ role, name: "" }));
  return [...kept, ...chosen, ...added];
}

/** Who leads, in this order of those who take part; the sosiallærer writes. */
const presetChairs: readonly LeadingRole[] = ["consultant", "contactPerson", "socialTeacher"];

export function chairOf({ chair, type }: MeetingForm): LeadingRole | undefined {
  return chair === undefined ? presetChairs.find((role) => presetRoles(type).includes(role)) : (chair ?? undefined);
}

export function minuteTakerOf(form: MeetingForm): LeadingRole | undefined {
  if (form.minuteTaker !== undefined) return form.minuteTaker ?? undefined;
  return presetRoles(form.type).includes("socialTeacher") && chairOf(form) !== "socialTeacher" ? "socialTeacher" : undefined;
}

/** Those who can be chosen to lead and to write. */
export function leadersOffered(form: MeetingForm): LeadingRole[] {
  const roles = new Set<ParticipantRole>(participantsInForm(form).map(({ role }) => role));
  const chosen = [chairOf(form), minuteTakerOf(form)];
  return leadingRoles.filter((role) => roles.has(role) || chosen.includes(role));
}

/** What stands in the field of the minutes. @param agenda of the type; null before one is chosen */
export function minutesInForm(form: MeetingForm, agenda: Agenda | null): string {
  return form.minutes ?? (agenda === null ? "" : String(minutesInAll(itemsFor(agenda.items, form.ownProcedure))));
}

/** Whole minutes; null for what is no number of them. */
export function plannedMinutesOf(written: string): number | null {
  const minutes = /^\d{1,3}$/.test(written.trim()) ? Number(written) : 0;
  return minutes >= shortestMeeting && minutes <= longestMeeting ? minutes : null;
}

export function newConsent(newId: NewId, today: IsoDate): ConsentForm {
  return { id: newMeetingsId("consent", newId), scope: "", givenOn: today, withdrawnOn: "" };
}

/** The consent when it is answered whole; else null. */
export function consentOf({ id, kind, givenBy, scope, how, givenOn, obtainedBy, withdrawnOn }: ConsentForm, ownProcedure: boolean): ConsentRecord | null {
  if (kind === undefined || givenBy === undefined || how === undefined || obtainedBy === undefined || givenOn === "" || scope.trim() === "") return null;
  if (!mayObtainConsent(obtainedBy, ownProcedure)) return null;
  return { id, kind, givenBy, scope: scope.trim(), how, givenOn, obtainedBy, ...(withdrawnOn === "" ? {} : { withdrawnOn }) };
}

/** Where in the form. `name` and `consent` say which by their place in the list. */
export type FormField = "type" | "date" | "from" | "minutes" | "place" | "purpose" | "language" | `name${number}` | `consent${number}` | `scope${number}`;
export type FormProblem = { readonly field: FormField; readonly type: "missing" | "tooLong" | "namesCase" | "incomplete" };

/** What stops the form from being saved; none when it is fine. */
export function formProblems(form: MeetingForm, agenda: Agenda | null): FormProblem[] {
  const problems: FormProblem[] = [];
  if (form.type === undefined) problems.push({ field: "type", type: "missing" });
  if (form.date === "") problems.push({ field: "date", type: "missing" });
  if (form.from === "") problems.push({ field: "from", type: "missing" });
  if (form.type !== undefined && plannedMinutesOf(minutesInForm(form, agenda)) === null) problems.push({ field: "minutes", type: "missing" });
  const texts: [FormField, string, number][] = [
    ["place", form.place, longestLine],
    ["purpose", form.purpose, longestPurpose],
    ["language", form.language, longestLine],
    ...participantsInForm(form).map(({ name }, index): [FormField, string, number] => [`name${index}`, name, longestLine]),
    ...form.consents.map(({ scope }, index): [FormField, string, number] => [`scope${index}`, scope, longestPurpose]),
  ];
  for (const [field, text, longest] of texts) {
    const type = textProblem(text, longest);
    if (type !== null) problems.push({ field, type });
  }
  if (hasConsents(form)) {
    form.consents.forEach((consent, index) => {
      if (consentOf(consent, form.ownProcedure) === null) problems.push({ field: `consent${index}`, type: "incomplete" });
    });
  }
  return problems;
}

/** Whether the form asks for consents: a meeting without a child has nobody to give one. */
export function hasConsents({ type }: MeetingForm): boolean {
  return type !== undefined && isAboutChild(type);
}

const filled = (text: string) => (text.trim() === "" ? undefined : text.trim());

/**
 * The meeting as the form has it. Only what is set: no field is undefined.
 * @param form without `formProblems`
 * @param made who saves it and when; of a meeting that is changed, what it was prepared with. `ownProcedure` is what was said of the meeting itself, where the
 * form has more from its run
 */
export function preparationFrom(form: MeetingForm, agenda: Agenda, made: { preparedAt: Moment; preparedBy: RunWriter; version: Agenda["version"]; ownProcedure?: boolean }, newId: NewId): Preparation {
  const { id, reference, type, runId, step, interpreterNeeded, bookedBy, refusedReason } = form;
  const interpreter =
    interpreterNeeded === undefined
      ? undefined
      : interpreterNeeded
        ? defined({ needed: true, language: filled(form.language), bookedBy, refusedReason })
        : { needed: false };
  const meeting = defined({
    reference,
    type: type ?? agenda.type,
    preparedAt: made.preparedAt,
    preparedBy: made.preparedBy,
    when: { date: form.date, from: form.from },
    plannedMinutes: plannedMinutesOf(minutesInForm(form, agenda)) ?? shortestMeeting,
    place: filled(form.place),
    purpose: filled(form.purpose),
    chair: chairOf(form),
    minuteTaker: minuteTakerOf(form),
    ownProcedure: (made.ownProcedure ?? form.ownProcedure) ? (true as const) : undefined,
    interpreter,
    runId,
    step,
    agenda: made.version,
  });
  return {
    id,
    meeting,
    participants: participantsInForm(form).map(({ id: known, role, name, side }): Participant =>
      defined({ id: known ?? newMeetingsId("participant", newId), role, name: filled(name), side }),
    ),
    consents: hasConsents(form) ? form.consents.flatMap((consent) => consentOf(consent, form.ownProcedure) ?? []) : [],
    isFifteen: form.isFifteen,
  };
}

type Defined<T> = { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] } & { [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined> };

/** Without what is undefined. */
function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
