import { type Accessor, createEffect, createMemo, createSignal, mapArray, onCleanup } from "solid-js";
import type * as Y from "yjs";
import type { Room } from "../../engine/space.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { caseRoots, readCases } from "../cases/document.ts";
import { type ShownCode, shownCodes } from "../cases/rules.ts";
import type { SchoolId } from "../ids.ts";
import { type SchoolHandle, useWorkspace } from "../space/workspace.tsx";
import { followUpRoots, readFollowUps } from "./document.ts";
import { waitingNow } from "./rules.ts";
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

/** Every follow-up this device can read, of all schools; new objects after each change, with ids to match them by. */
export function createFollowUps(): Accessor<FollowUpHere[]> {
  const workspace = useWorkspace();
  const atSchools = createMemo(
    mapArray(workspace.schools, (school) => {
      const view = createFollowUpView(school.schoolIndex);
      return () => (school.schoolRoom === undefined ? [] : view().map(placed(school.schoolRoom, () => school, false)));
    }),
  );
  const onlyUs = createFollowUpView(() => workspace.serviceIndex());
  return createMemo(() => {
    const serviceRoom = workspace.serviceRoom();
    const ofService =
      serviceRoom === undefined
        ? []
        : onlyUs().map(placed(serviceRoom, ({ schoolId }) => (schoolId === undefined ? undefined : workspace.school(schoolId)), true));
    return [...atSchools().flatMap((read) => read()), ...ofService];
  });
}

/** What waits on the one who is here now: overdue, today and within seven days. The number on «Oppfølging». */
export function createWaitingFollowUps(): Accessor<FollowUpHere[]> {
  const engine = useEngine();
  const workspace = useWorkspace();
  const all = createFollowUps();
  return createMemo(() => {
    const side = sideOf(workspace.role());
    return side === null ? [] : waitingNow(all(), side, engine.today());
  });
}

/** Who one answers for; null for those who see no cases. */
export function sideOf(role: ReturnType<ReturnType<typeof useWorkspace>["role"]>): Side | null {
  if (role === "consultant") return "consultant";
  return role === "socialTeacher" ? "school" : null;
}

function placed(room: Room, schoolOf: (followUp: ReadFollowUp) => SchoolHandle | undefined, onlyUs: boolean) {
  return (followUp: ReadFollowUp): FollowUpHere => ({ ...followUp, school: schoolOf(followUp), room, onlyUs });
}

/**
 * Plain values, read again after each change: a store watches every field of every record that is looked at, and the number on «Oppfølging» looks at all.
 */
function createFollowUpView(index: Accessor<Y.Doc | undefined>): Accessor<ReadFollowUp[]> {
  const [changed, tell] = createSignal(undefined, { equals: false });
  createEffect(() => {
    const doc = index();
    if (doc === undefined) return;
    const maps = [...followUpRoots, ...caseRoots].map((root) => doc.getMap(root));
    const onChange = () => tell();
    for (const map of maps) map.observeDeep(onChange);
    onCleanup(() => {
      for (const map of maps) map.unobserveDeep(onChange);
    });
  });
  return createMemo(() => {
    changed();
    const doc = index();
    return doc === undefined ? [] : withCodes(doc);
  });
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
