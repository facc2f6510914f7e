import * as Y from "yjs";
import { createNewId, type Id, type NewId } from "../lib/id.ts";
import type { CaseCode } from "./cases/schema.ts";
import type { ConsultationForm } from "./consultations/schema.ts";
import type { SchoolId, VisitId } from "./ids.ts";
import type { PreRegistration, PreRegistrationForm } from "./pre-registration/schema.ts";
import type { School, SchoolHead } from "./space/schema.ts";
import type { Visit } from "./visits/schema.ts";

/** The id whose last digits are the number. */
export function idOf<Kind extends string>(number: number): Id<Kind> {
  return number.toString(16).padStart(32, "0") as Id<Kind>;
}

/** Ids that count up, from `first`. */
export function countingIds(first = 1000): NewId {
  let next = first;
  return createNewId(() => {
    const number = next++;
    return Uint8Array.from({ length: 16 }, (_, index) => (index < 12 ? 0 : (number >>> ((15 - index) * 8)) & 255));
  });
}

export const granly = idOf<"school">(1);

export function headOf(changes: Partial<SchoolHead> = {}): SchoolHead {
  return {
    id: granly,
    name: "Granly skole",
    arrangement: "openDoorSignUp",
    rhythm: "everyThirdWeek",
    weekday: 4,
    from: "13:30",
    to: "15:30",
    startsOn: "2026-08-17",
    ...changes,
  };
}

export function schoolOf(changes: Partial<School> = {}): School {
  return { ...headOf(), registersConsultations: true, ...changes };
}

export function visitOn(date: string, changes: Partial<Visit> = {}, schoolId: SchoolId = granly): Visit {
  return { id: `${schoolId}-${date}` as VisitId, plannedOn: date, date, from: "13:30", to: "15:30", ...changes };
}

export const blueFox: CaseCode = { colour: "bla", animal: "rev", number: 17 };
export const redDeer: CaseCode = { colour: "rod", animal: "radyr", number: 23 };

export function signUpOf(number: number, visit: Visit, changes: Partial<PreRegistration> = {}): PreRegistration {
  return {
    id: idOf(number),
    caseId: idOf(number + 500),
    visitId: visit.id,
    themes: [],
    wishes: [],
    urgency: "canWait",
    createdAt: `2026-11-1${number % 10}T09:00:00`,
    ...changes,
  };
}

export function signUpForm(changes: Partial<PreRegistrationForm> = {}): PreRegistrationForm {
  return {
    id: idOf(10),
    caseId: idOf(20),
    code: blueFox,
    visitId: visitOn("2026-11-26").id,
    draft: { role: "contactTeacher", gradeBand: "grades5to7", themes: ["familyRelations"], wishes: ["adviceOnWayForward"], urgency: "canWait" },
    ...changes,
  };
}

export function consultationForm(changes: Partial<ConsultationForm> = {}): ConsultationForm {
  return {
    id: idOf(30),
    schoolId: granly,
    caseId: idOf(20),
    code: blueFox,
    visitId: visitOn("2026-11-26").id,
    startedAt: "2026-11-26T13:31:00",
    onlyUs: false,
    draft: {},
    ...changes,
  };
}

/** Carries everything between the documents, both ways. */
export function meet(a: Y.Doc, b: Y.Doc): void {
  const fromA = Y.encodeStateAsUpdateV2(a);
  const fromB = Y.encodeStateAsUpdateV2(b);
  Y.applyUpdateV2(b, fromA);
  Y.applyUpdateV2(a, fromB);
}

/** A second device with everything that the first has. */
export function copyOf(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc();
  Y.applyUpdateV2(copy, Y.encodeStateAsUpdateV2(doc));
  return copy;
}
