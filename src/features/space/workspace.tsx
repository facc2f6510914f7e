import {
  type Accessor,
  createContext,
  createEffect,
  createMemo,
  createResource,
  createSignal,
  getOwner,
  type JSX,
  runWithOwner,
  untrack,
  useContext,
} from "solid-js";
import type * as Y from "yjs";
import * as z from "zod/mini";
import { fromBase64Url } from "#protocol/bytes.ts";
import type { RoomKind } from "#protocol/control.ts";
import { indexDocId } from "../../engine/log/rights.ts";
import type { Room } from "../../engine/space.ts";
import { schoolYearOf, type SchoolYear } from "../../lib/school-year.ts";
import { momentOf } from "../../lib/iso-date.ts";
import { createDocumentReading } from "../../reactive/create-document-reading.ts";
import { createDocumentView } from "../../reactive/create-document-view.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import type { GuardPhone } from "../../ui/guard-card.tsx";
import { SchoolId } from "../ids.ts";
import {
  addSchool,
  planSchoolRoot,
  readNextStepChanges,
  readPhones,
  readRecovery,
  readSchoolHead,
  readSchoolRooms,
  readSchools,
  readServiceToken,
  readSettings,
  serviceRoots,
  shelfRoots,
  writeSchoolHead,
} from "./document.ts";
import { type InvitableRole, roomLabel, roomsOfYear, schoolOfLabel, yearOfLabel } from "./invite-rules.ts";
import { createRecoveryKeeper } from "./keep-recovery.ts";
import { createRoomKeeper } from "./keep-rooms.ts";
import { createGuardPhone } from "./phone-list.tsx";
import { type NextStep, nextStepsOf, phonesOf, phonesToCall, roomsOfSchool, schoolHeadOf } from "./rules.ts";
import { useShell } from "./shell.tsx";
import type { School } from "./schema.ts";
import { announceSchoolRooms, createSchoolRooms } from "./school-rooms.ts";

/** One school in one school year, with the rooms that this device has of it. */
export type SchoolHandle = {
  schoolId: SchoolId;
  schoolYear: SchoolYear;
  name: string;
  planRoom: Room;
  /** Not for a principal. */
  schoolRoom: Room | undefined;
  planIndex: Accessor<Y.Doc | undefined>;
  schoolIndex: Accessor<Y.Doc | undefined>;
};

/** Where one works: the service, its schools, and who one is in it. */
export type Workspace = {
  role(): InvitableRole;
  ownName(): string;
  serviceName(): string;
  schoolYear(): SchoolYear;
  /** This school year's, by name. */
  schools(): SchoolHandle[];
  school(schoolId: string): SchoolHandle | undefined;
  /** A school in any year that this device has rooms of. */
  schoolOfYear(schoolId: string, schoolYear: SchoolYear): SchoolHandle | undefined;
  /** What a school is called, also one that this device is no longer in; undefined for one that was never here. */
  schoolName(schoolId: string): string | undefined;
  serviceRoom(): Room | undefined;
  serviceIndex(): Y.Doc | undefined;
  shelfRoom(): Room | undefined;
  shelfIndex(): Y.Doc | undefined;
  /** The service's list, in order, hidden ones too. */
  nextSteps(): readonly NextStep[];
  /** Those to call when violence is suspected, best first, with words for their hours. */
  guardPhones(): GuardPhone[];
  /** The service's schools that nobody has made rooms of for this year. */
  schoolsToBegin(): readonly School[];
  /** Makes this year's rooms of a school that the service has; works offline. Its visits are planned by the caller. */
  beginYear(school: School): Promise<SchoolHandle>;
  /** Makes a school with its rooms for this year; works offline. Its visits are planned by the caller. */
  addSchool(school: Omit<School, "id">): Promise<SchoolHandle>;
};

// Made while the passphrase is written: the browser takes 8 ms to learn an alphabet.
const compareNames = new Intl.Collator("nb").compare;

const WorkspaceContext = createContext<Workspace>();

/** @throws outside of an unlocked app */
export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext);
  if (workspace === undefined) throw new Error("useWorkspace needs a WorkspaceProvider above it");
  return workspace;
}

/** A school's earlier year in the place of the present one, for the pages that show what is held of it. */
export function PastSchoolProvider(props: { school: SchoolHandle; children: JSX.Element }): JSX.Element {
  const workspace = useWorkspace();
  const past: Workspace = {
    ...workspace,
    schoolYear: () => props.school.schoolYear,
    schools: () => [props.school],
    school: (schoolId) => (schoolId === props.school.schoolId ? props.school : undefined),
  };
  return <WorkspaceContext.Provider value={past}>{props.children}</WorkspaceContext.Provider>;
}

export function WorkspaceProvider(props: { children: JSX.Element }): JSX.Element {
  return <WorkspaceContext.Provider value={createWorkspace()}>{props.children}</WorkspaceContext.Provider>;
}

function createWorkspace(): Workspace {
  const engine = useEngine();
  const shell = useShell();
  const guardPhone = createGuardPhone();
  const roomOfKind = (kind: RoomKind) => createMemo(() => engine.rooms().find((room) => room.kind === kind));
  const serviceRoom = roomOfKind("service");
  const shelfRoom = roomOfKind("shelf");
  const indexOf = (room: Accessor<Room | undefined>) => () => {
    const found = room();
    return found === undefined ? undefined : engine.index(found)();
  };
  const serviceIndex = indexOf(serviceRoom);
  const shelfIndex = indexOf(shelfRoom);
  const schoolYear = createMemo(() => schoolYearOf(engine.today()));
  for (const room of roomsOfYear(engine.rooms(), schoolYear())) engine.index(room);

  const service = createDocumentView(serviceIndex, serviceRoots, (doc) => ({
    schools: doc === undefined ? [] : readSchools(doc).records,
    rooms: doc === undefined ? [] : readSchoolRooms(doc),
    token: doc === undefined ? null : readServiceToken(doc),
    recovery: doc === undefined ? null : (readRecovery(doc)?.member ?? null),
  }));
  const shelf = createDocumentView(shelfIndex, shelfRoots, (doc) => ({
    serviceName: doc === undefined ? "" : readSettings(doc).serviceName,
    phones: phonesOf(doc === undefined ? [] : readPhones(doc)),
  }));
  const stepChanges = createDocumentReading(shelfIndex, ["nextSteps"], readNextStepChanges);
  const nextSteps = createMemo(() => nextStepsOf(stepChanges() ?? []));

  // The numbers that anyone of the service has set are behind every lock. When there is no room for them, those from before stay.
  createEffect(() => {
    if (shelfIndex() === undefined) return;
    const phones = shelf().phones.map((phone) => ({ ...phone }));
    shell.savePublicPhones(phones).catch(() => undefined);
  });
  createEffect(() => {
    const { token } = service();
    if (token === null) return;
    engine.serviceToken.current = fromBase64Url(token);
    engine.space.sync.wake();
  });
  createRoomKeeper(serviceRoom, serviceIndex);
  createRecoveryKeeper(serviceRoom, serviceIndex);

  const role = createMemo(() => {
    const room = serviceRoom() ?? engine.rooms().find(({ kind }) => kind === "school" || kind === "plan") ?? engine.rooms()[0];
    return room === undefined || room.role === "recovery" ? "consultant" : room.role;
  });

  const [ownName] = createResource(
    () => engine.rooms().find(({ isAwaited }) => !isAwaited),
    async (room) => (await room.members()).find(({ deviceId }) => deviceId === room.deviceId)?.name ?? "",
  );

  const owner = getOwner();
  const kept = new Map<string, SchoolHandle>();
  const handles = createMemo<SchoolHandle[]>(() => {
    const year = schoolYear();
    const rooms = new Map(engine.rooms().map((room) => [room.roomId, room]));
    if (serviceRoom() !== undefined) {
      const { schools, rooms: pairs } = service();
      return schools.flatMap(({ id, name }) => {
        const pair = roomsOfSchool(pairs, id, year);
        const planRoom = pair === null ? undefined : rooms.get(pair.planRoomId);
        if (pair === null || planRoom === undefined) return [];
        return [handle(id, name, planRoom, rooms.get(pair.schoolRoomId))];
      });
    }
    return engine
      .rooms()
      .filter((room) => room.kind === "plan" && yearOfLabel(room.label) === year && !room.isAwaited)
      .map((planRoom) => {
        const schoolRoom = engine.rooms().find((room) => room.kind === "school" && room.label === planRoom.label && !room.isAwaited);
        return handle(SchoolId.parse(schoolOfLabel(planRoom.label)), null, planRoom, schoolRoom);
      });
  });

  /** The same object for as long as its rooms are the same, so that pages need not be drawn again when a colleague changes a school. */
  function handle(schoolId: SchoolId, known: string | null, planRoom: Room, schoolRoom: Room | undefined): SchoolHandle {
    const key = `${planRoom.roomId} ${schoolRoom?.roomId} ${known}`;
    let found = kept.get(key);
    if (found === undefined) {
      const planIndex = engine.index(planRoom);
      const schoolIndex = schoolRoom === undefined ? () => undefined : engine.index(schoolRoom);
      const head = runWithOwner(owner, () => createDocumentReading(planIndex, [planSchoolRoot], readSchoolHead));
      found = {
        schoolId,
        schoolYear: yearOfLabel(planRoom.label) ?? schoolYear(),
        get name() {
          return known ?? head?.()?.name ?? "";
        },
        planRoom,
        schoolRoom,
        planIndex,
        schoolIndex,
      };
      kept.set(key, found);
    }
    return found;
  }

  /** @param also what else the service is told of the school */
  async function makeRooms(school: School, also: (service: Y.Doc) => void): Promise<SchoolHandle> {
    const room = serviceRoom();
    if (room === undefined) throw new Error("only consultants make a school's rooms");
    const { recovery } = service();
    const place = { schoolId: school.id, schoolYear: schoolYear() };
    const pair = await createSchoolRooms(engine.space, { ...place, serviceId: room.roomId, ownName: ownName() ?? "", recovery });
    await pair.planRoom.edit([indexDocId], (plan) => plan && writeSchoolHead(plan, schoolHeadOf(school)));
    await room.edit([indexDocId], (doc) => {
      if (doc === undefined) return;
      also(doc);
      announceSchoolRooms(doc, place, pair, engine.newId);
    });
    return handle(school.id, school.name, pair.planRoom, pair.schoolRoom);
  }

  const schools = createMemo(() => [...handles()].sort((a, b) => compareNames(a.name, b.name)));

  // Who is shut out of a school is still to be told which one it was.
  const [remembered, setRemembered] = createSignal<Readonly<Record<string, string>>>({});
  void engine.read(async () => {
    const stored = z.record(z.string(), z.string()).safeParse(await engine.locals.load("schoolNames"));
    if (stored.success) setRemembered((now) => ({ ...stored.data, ...now }));
  });
  createEffect(() => {
    const now = Object.fromEntries(schools().flatMap(({ schoolId, name }) => (name === "" ? [] : [[schoolId, name]])));
    const before = untrack(remembered);
    if (Object.entries(now).every(([id, name]) => before[id] === name)) return;
    setRemembered({ ...before, ...now });
    engine.locals.save("schoolNames", { ...before, ...now }).catch(() => undefined);
  });

  return {
    role,
    ownName: () => ownName() ?? "",
    serviceName: () => shelf().serviceName,
    schoolYear,
    schools,
    school: (schoolId) => schools().find((candidate) => candidate.schoolId === schoolId),
    schoolOfYear(schoolId, year) {
      const named = (kind: RoomKind) => engine.rooms().find((room) => room.kind === kind && room.label === roomLabel(year, schoolId));
      const planRoom = named("plan");
      const id = SchoolId.safeParse(schoolId);
      const name = service().schools.find((one) => one.id === schoolId)?.name ?? null;
      return planRoom === undefined || !id.success ? undefined : handle(id.data, name, planRoom, named("school"));
    },
    schoolName: (schoolId) => schools().find((candidate) => candidate.schoolId === schoolId)?.name || remembered()[schoolId],
    serviceRoom,
    serviceIndex,
    shelfRoom,
    shelfIndex,
    nextSteps,
    guardPhones() {
      const now = momentOf(engine.now());
      return phonesToCall(shelf().phones, now).map((phone) => guardPhone(phone, now));
    },
    schoolsToBegin() {
      const { schools: known, rooms } = service();
      return serviceRoom() === undefined ? [] : known.filter(({ id }) => roomsOfSchool(rooms, id, schoolYear()) === null).toSorted((a, b) => compareNames(a.name, b.name));
    },
    beginYear: (school) => makeRooms(school, () => {}),
    addSchool(form) {
      const school: School = { ...form, id: SchoolId.parse(engine.newId()) };
      return makeRooms(school, (doc) => addSchool(doc, school));
    },
  };
}
