import { type Accessor, createMemo } from "solid-js";
import type { Room } from "../../engine/space.ts";
import type { IsoDate } from "../../lib/iso-date.ts";
import type { SchoolYear } from "../../lib/school-year.ts";
import { createDocumentReading } from "../../reactive/create-document-reading.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { createReading } from "../space/create-people.ts";
import { readSchoolRooms } from "../space/document.ts";
import { roomLabel, schoolOfLabel, yearOfLabel } from "../space/invite-rules.ts";
import { useWorkspace } from "../space/workspace.tsx";

/** A school's year that is over. */
export type PastYear = {
  /** Of its rooms. */
  readonly label: string;
  readonly schoolId: string;
  readonly schoolYear: SchoolYear;
  /** Null where this device has it no longer, or never had it. */
  readonly schoolRoom: Room | null;
  /** Null while it is open. */
  readonly keptUntil: IsoDate | null;
  readonly shreddedOn: IsoDate | undefined;
};

/** What consultants have of earlier years, also of those whose rooms are gone, the newest first; undefined until it is read. */
export function createPastYears(): Accessor<PastYear[] | undefined> {
  const engine = useEngine();
  const workspace = useWorkspace();
  const told = createDocumentReading(workspace.serviceIndex, ["schoolRooms"], readSchoolRooms);
  // Whether a room is closed changes with its log.
  const kept = createReading(async (rooms) => new Map(rooms.map((room) => [room.label, room.keptUntil()] as const).filter(([label]) => label !== "")));
  return createMemo(() => {
    const [known, byLabel] = [told(), kept()];
    if (known === undefined || byLabel === undefined) return undefined;
    const pairs = known.map((pair) => ({ ...pair, label: roomLabel(pair.schoolYear, pair.schoolId) }));
    const labels = new Set([...pairs.map(({ label }) => label), ...engine.rooms().map(({ label }) => label)]);
    return Array.from(labels)
      .flatMap((label): PastYear[] => {
        const [schoolYear, schoolId] = [yearOfLabel(label), schoolOfLabel(label)];
        if (schoolYear === null || schoolId === null || schoolYear >= workspace.schoolYear()) return [];
        const told = pairs.find((pair) => pair.label === label);
        const schoolRoom = engine.rooms().find((room) => room.kind === "school" && room.label === label) ?? null;
        // It is said before it is done: while one of the rooms is here, it is not.
        const isHere = engine.rooms().some((room) => room.label === label);
        return [{ label, schoolId, schoolYear, schoolRoom, keptUntil: byLabel.get(label) ?? told?.keepUntil ?? null, shreddedOn: isHere ? undefined : told?.shreddedOn }];
      })
      .filter(({ schoolRoom, keptUntil, shreddedOn }) => schoolRoom !== null || keptUntil !== null || shreddedOn !== undefined)
      .sort((a, b) => b.schoolYear - a.schoolYear || (workspace.schoolName(a.schoolId) ?? "").localeCompare(workspace.schoolName(b.schoolId) ?? "", "nb"));
  });
}
