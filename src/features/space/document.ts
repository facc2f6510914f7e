/**
 * The service room's index (consultants): `schools`, `schoolRooms`, `roomOffers`, `roomAnswers` (nested), and the single keys of `service`:
 * `token` and `recovery`. Cases and drøftinger «bare oss» lie in the same document, see consultations/document.ts.
 *
 * The shelf's index (everyone reads): `settings` (single keys), `phones` and `nextSteps` (flat), `holidays` (nested).
 *
 * A plan room's index has the school's head as the single keys of `school`; visits are visits/document.ts.
 */
import type * as Y from "yjs";
import { defaultNextSteps } from "../../content/next-steps.ts";
import type { IsoDate } from "../../lib/iso-date.ts";
import type { SchoolId } from "../ids.ts";
import { addRecord, readFlatRecords, readRecords, type Records, setFields, setFlatFields, setKeys } from "../records.ts";
import {
  Holiday,
  NextStepChange,
  Phone,
  type PhoneKind,
  RoomAnswer,
  RoomOffer,
  School,
  SchoolHead,
  SchoolRooms,
  ServiceRecovery,
  ServiceSettings,
} from "./schema.ts";

/** Root maps, for whoever watches a document. */
export const serviceRoots = ["schools", "schoolRooms", "roomOffers", "roomAnswers", "service"] as const;
export const shelfRoots = ["settings", "phones", "nextSteps", "holidays"] as const;
export const planSchoolRoot = "school";

const recoveryKey = "recovery";

type Changes<T> = { readonly [Field in keyof Omit<T, "id">]?: T[Field] | undefined };

export function readSchools(service: Y.Doc): Records<School> {
  return readRecords(service.getMap("schools"), School);
}

export function addSchool(service: Y.Doc, school: School): void {
  addRecord(service.getMap("schools"), school.id, school);
}

/** Also the consultant's own line for next time. The plan room is told by `writeSchoolHead`. */
export function changeSchool(service: Y.Doc, id: SchoolId, changes: Changes<School>): void {
  setFields(service.getMap("schools"), id, changes);
}

export function readSchoolRooms(service: Y.Doc): SchoolRooms[] {
  return readRecords(service.getMap("schoolRooms"), SchoolRooms).records;
}

export function addSchoolRooms(service: Y.Doc, rooms: SchoolRooms): void {
  addRecord(service.getMap("schoolRooms"), rooms.id, rooms);
}

/** Tells the other consultants when a closed year's rooms go: whoever has the rooms no longer can still say it. */
export function noteYearClosed(service: Y.Doc, roomIds: ReadonlySet<string>, keepUntil: IsoDate): void {
  for (const { id } of yearsWith(service, roomIds)) setFields(service.getMap("schoolRooms"), id, { keepUntil });
}

/** The year's rooms are being destroyed: nobody is offered them any more. */
export function noteYearShredded(service: Y.Doc, roomIds: ReadonlySet<string>, shreddedOn: IsoDate): void {
  for (const { id, shreddedOn: already = shreddedOn } of yearsWith(service, roomIds)) setFields(service.getMap("schoolRooms"), id, { shreddedOn: already });
  for (const { id, roomId } of readRoomOffers(service)) if (roomIds.has(roomId)) service.getMap("roomOffers").delete(id);
  for (const { id, roomId } of readRoomAnswers(service)) if (roomIds.has(roomId)) service.getMap("roomAnswers").delete(id);
}

function yearsWith(service: Y.Doc, roomIds: ReadonlySet<string>): SchoolRooms[] {
  return readSchoolRooms(service).filter(({ planRoomId, schoolRoomId }) => roomIds.has(planRoomId) || roomIds.has(schoolRoomId));
}

export function readRoomOffers(service: Y.Doc): RoomOffer[] {
  return readRecords(service.getMap("roomOffers"), RoomOffer).records;
}

export function offerRoom(service: Y.Doc, offer: RoomOffer): void {
  addRecord(service.getMap("roomOffers"), offer.id, offer);
}

export function readRoomAnswers(service: Y.Doc): RoomAnswer[] {
  return readRecords(service.getMap("roomAnswers"), RoomAnswer).records;
}

export function answerRoomOffer(service: Y.Doc, answer: RoomAnswer): void {
  addRecord(service.getMap("roomAnswers"), answer.id, answer);
}

/** What makes new rooms at the relay; opaque here. */
export function readServiceToken(service: Y.Doc): string | null {
  return readText(service.getMap("service"), "token");
}

export function setServiceToken(service: Y.Doc, token: string): void {
  setKeys(service.getMap("service"), { token });
}

/** Null where the service has none, and where it cannot be read. */
export function readRecovery(service: Y.Doc): ServiceRecovery | null {
  const parsed = ServiceRecovery.safeParse(service.getMap("service").get(recoveryKey));
  return parsed.success ? parsed.data : null;
}

/** One value and not single keys: of two codes that are made at once, one counts with all that belongs to it. */
export function setRecovery(service: Y.Doc, recovery: ServiceRecovery): void {
  setKeys(service.getMap("service"), { [recoveryKey]: recovery });
}

const presetSettings: ServiceSettings = { serviceName: "", followUpWorkingDays: 1, figuresThreshold: 3 };

/** Each setting on its own: what is missing or cannot be read has its preset. */
export function readSettings(shelf: Y.Doc): ServiceSettings {
  const stored = shelf.getMap("settings");
  const read = <Field extends keyof ServiceSettings>(field: Field): ServiceSettings[Field] => {
    const parsed = ServiceSettings.shape[field].safeParse(stored.get(field));
    return parsed.success ? (parsed.data as ServiceSettings[Field]) : presetSettings[field];
  };
  return {
    serviceName: read("serviceName"),
    followUpWorkingDays: read("followUpWorkingDays"),
    figuresThreshold: read("figuresThreshold"),
  };
}

export function changeSettings(shelf: Y.Doc, changes: Partial<ServiceSettings>): void {
  setKeys(shelf.getMap("settings"), changes);
}

/** Only what the service has set: `phonesOf` adds the rest. */
export function readPhones(shelf: Y.Doc): Phone[] {
  return readFlatRecords(shelf.getMap("phones"), Phone).records;
}

export function setPhone(shelf: Y.Doc, kind: PhoneKind, phone: Changes<Phone>): void {
  setFlatFields(shelf.getMap("phones"), kind, phone);
}

/** Only what the service has changed or added: `nextStepsOf` makes the list. */
export function readNextStepChanges(shelf: Y.Doc): NextStepChange[] {
  return readFlatRecords(shelf.getMap("nextSteps"), NextStepChange).records;
}

/** Changes a shipped next step or one of the service's own. */
export function changeNextStep(shelf: Y.Doc, id: string, changes: Changes<NextStepChange>): void {
  setFlatFields(shelf.getMap("nextSteps"), id, changes);
}

/** One of the service's own, after all the others: no step moves because another came. @param id new and random */
export function addNextStep(shelf: Y.Doc, id: string, step: Required<Pick<NextStepChange, "label" | "involvesParents">>): void {
  const orders = readNextStepChanges(shelf).map(({ order }) => order ?? 0);
  changeNextStep(shelf, id, { ...step, order: Math.max(defaultNextSteps.length, ...orders.map((order) => order + 1)) });
}

/** Takes back `addNextStep` within the seconds in which it can be undone. After that a step is only hidden: drøftinger point to it. */
export function takeBackNextStep(shelf: Y.Doc, id: string): void {
  changeNextStep(shelf, id, { label: undefined, involvesParents: undefined, hidden: undefined, order: undefined });
}

/** School holidays and planning days, by date. */
export function readHolidays(shelf: Y.Doc): Holiday[] {
  const { records } = readRecords(shelf.getMap("holidays"), Holiday);
  return records.sort((a, b) => (a.from < b.from ? -1 : 1));
}

export function addHoliday(shelf: Y.Doc, holiday: Holiday): void {
  addRecord(shelf.getMap("holidays"), holiday.id, holiday);
}

export function changeHoliday(shelf: Y.Doc, id: string, changes: Changes<Holiday>): void {
  setFields(shelf.getMap("holidays"), id, changes);
}

export function removeHoliday(shelf: Y.Doc, id: string): void {
  shelf.getMap("holidays").delete(id);
}

/** The school of a plan room; null until it has been written. */
export function readSchoolHead(plan: Y.Doc): SchoolHead | null {
  const parsed = SchoolHead.safeParse(plan.getMap(planSchoolRoot).toJSON());
  return parsed.success ? parsed.data : null;
}

/** Tells the plan room what its school is; writes only what differs. */
export function writeSchoolHead(plan: Y.Doc, head: SchoolHead): void {
  setKeys(plan.getMap(planSchoolRoot), { arena: undefined, ...head });
}

function readText(map: Y.Map<unknown>, key: string): string | null {
  const value = map.get(key);
  return typeof value === "string" ? value : null;
}
