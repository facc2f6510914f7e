import { type Accessor, createContext, createMemo, type JSX, mapArray, useContext } from "solid-js";
import type * as Y from "yjs";
import type { Room } from "../../engine/space.ts";
import { createDocumentReading } from "../../reactive/create-document-reading.ts";
import { caseRoots, readCases } from "../cases/document.ts";
import { type ShownCode, shownCodes } from "../cases/rules.ts";
import type { SchoolId } from "../ids.ts";
import { type SchoolHandle, useWorkspace } from "../space/workspace.tsx";
import { followUpRoots, readFollowUps } from "./document.ts";
import type { FollowUp, Side } from "./schema.ts";

/** A follow-up with all that a row of it shows, and the room it is answered in. */
export type FollowUpHere = FollowUp & {
  readonly code: ShownCode;
  /** Undefined for a case «bare oss» of a school that has no rooms this year. */
  readonly school: SchoolHandle | undefined;
  readonly room: Room;
  /** Of a drøfting «bare oss»: in the service room, where the school does not see it. */
  readonly onlyUs: boolean;
};

type ReadFollowUp = FollowUp & { readonly code: ShownCode; readonly schoolId: SchoolId | undefined };

const FollowUpsContext = createContext<Accessor<FollowUpHere[]>>();

/** Reads every follow-up once for all who ask: the navigation counts them on every page. */
export function FollowUpsProvider(props: { children: JSX.Element }): JSX.Element {
  return <FollowUpsContext.Provider value={createFollowUps()}>{props.children}</FollowUpsContext.Provider>;
}

/**
 * Every follow-up this device can read, of all schools; new objects after each change, with ids to match them by.
 * @throws outside of an unlocked app
 */
export function useFollowUps(): Accessor<FollowUpHere[]> {
  const followUps = useContext(FollowUpsContext);
  if (followUps === undefined) throw new Error("useFollowUps needs a FollowUpsProvider above it");
  return followUps;
}

/** Who one answers for; null for those who see no cases. */
export function sideOf(role: ReturnType<ReturnType<typeof useWorkspace>["role"]>): Side | null {
  if (role === "consultant") return "consultant";
  return role === "socialTeacher" ? "school" : null;
}

function createFollowUps(): Accessor<FollowUpHere[]> {
  const workspace = useWorkspace();
  const atSchools = createMemo(
    mapArray(workspace.schools, (school) => {
      const { schoolRoom } = school;
      if (schoolRoom === undefined) return () => [];
      const read = createFollowUpReading(school.schoolIndex);
      return createMemo(() => read()?.map(placed(schoolRoom, () => school, false)) ?? []);
    }),
  );
  const onlyUs = createFollowUpReading(() => workspace.serviceIndex());
  return createMemo(() => {
    const serviceRoom = workspace.serviceRoom();
    const ofSchool = ({ schoolId }: ReadFollowUp) => (schoolId === undefined ? undefined : workspace.school(schoolId));
    const ofService = serviceRoom === undefined ? [] : (onlyUs()?.map(placed(serviceRoom, ofSchool, true)) ?? []);
    return [...atSchools().flatMap((read) => read()), ...ofService];
  });
}

function placed(room: Room, schoolOf: (followUp: ReadFollowUp) => SchoolHandle | undefined, onlyUs: boolean) {
  return (followUp: ReadFollowUp): FollowUpHere => ({ ...followUp, school: schoolOf(followUp), room, onlyUs });
}

function createFollowUpReading(index: Accessor<Y.Doc | undefined>): Accessor<ReadFollowUp[] | undefined> {
  return createDocumentReading(index, [...followUpRoots, ...caseRoots], withCodes);
}

function withCodes(index: Y.Doc): ReadFollowUp[] {
  const { records: cases } = readCases(index);
  const schools = new Map(cases.map(({ id, schoolId }) => [id, schoolId]));
  // Codes differ within a school; the service room has the cases of all of them.
  const codes = new Map(Array.from(new Set(schools.values()), (school) => [...shownCodes(cases.filter(({ schoolId }) => schoolId === school))]).flat());
  return readFollowUps(index).records.flatMap((followUp) => {
    const code = codes.get(followUp.caseId);
    // Case and follow-up are written in one edit: a follow-up without its case has one that only a newer version can read.
    return code === undefined ? [] : [{ ...followUp, code, schoolId: schools.get(followUp.caseId) }];
  });
}
