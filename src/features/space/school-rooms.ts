import type * as Y from "yjs";
import type { MemberDevice } from "#protocol/control.ts";
import type { Room, Space } from "../../engine/space.ts";
import type { SchoolYear } from "../../lib/school-year.ts";
import type { SchoolId } from "../ids.ts";
import { addSchoolRooms, offerRoom } from "./document.ts";
import { roomLabel } from "./invite-rules.ts";

/** The two rooms of a school for one school year. */
export type SchoolRoomPair = { planRoom: Room; schoolRoom: Room };

/** Makes them; works offline. */
export async function createSchoolRooms(
  space: Space,
  school: { schoolId: SchoolId; schoolYear: SchoolYear; serviceId: string; ownName: string; recovery: MemberDevice | null },
): Promise<SchoolRoomPair> {
  const { schoolId, schoolYear, serviceId, ownName: name, recovery } = school;
  const made = { serviceId, label: roomLabel(schoolYear, schoolId), name, recovery };
  return {
    planRoom: await space.createRoom({ kind: "plan", ...made }),
    schoolRoom: await space.createRoom({ kind: "school", ...made }),
  };
}

/** Tells the other consultants of the rooms, so that their devices answer with keys of their own. */
export function announceSchoolRooms(
  service: Y.Doc,
  school: { schoolId: SchoolId; schoolYear: SchoolYear },
  { planRoom, schoolRoom }: SchoolRoomPair,
  newId: () => string,
): void {
  const { schoolId, schoolYear } = school;
  addSchoolRooms(service, {
    id: newId(),
    schoolId,
    schoolYear,
    planRoomId: planRoom.roomId,
    schoolRoomId: schoolRoom.roomId,
  });
  announceRooms(service, [planRoom, schoolRoom], schoolId, newId);
}

/** Lists rooms for the other consultants, and for whoever comes in by the recovery code. SPEC.md [Y4]. */
export function announceRooms(service: Y.Doc, rooms: readonly Room[], schoolId: SchoolId | null, newId: () => string): void {
  for (const { roomId, kind, label, genesis } of rooms) offerRoom(service, { id: newId(), roomId, kind, schoolId, label, genesis });
}
