import { type Accessor, createMemo, mapArray } from "solid-js";
import type { RoomMember } from "../../engine/log/members.ts";
import type { RoomPurge } from "../../engine/log/purges.ts";
import type { Room } from "../../engine/space.ts";
import { createDocumentReading } from "../../reactive/create-document-reading.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { createReading } from "../space/create-people.ts";
import { roomsOfYear, schoolOfLabel } from "../space/invite-rules.ts";
import { useWorkspace } from "../space/workspace.tsx";
import { purgeRoots, readPurgeRequests } from "./document.ts";
import { purgeOf, type PurgeStanding, standingOf } from "./rules.ts";
import type { PurgeRequest } from "./schema.ts";

/** A request with what has become of it. */
export type PurgeHere = {
  readonly room: Room;
  readonly request: PurgeRequest;
  /** What people call the record, by the record itself. */
  readonly label: string;
  readonly schoolId: string;
  readonly standing: PurgeStanding;
  readonly purge: RoomPurge | undefined;
  readonly members: readonly RoomMember[];
};

/** One that nobody can carry out: it does not agree with itself or with its room, or a later version has written it. */
export type BrokenPurge = { readonly room: Room; readonly id: string };

export type PurgesHere = { readonly purges: readonly PurgeHere[]; readonly broken: readonly BrokenPurge[] };

/** Every request of this year's rooms, the newest first; undefined until the rooms have been read. */
export function createPurges(): Accessor<PurgesHere | undefined> {
  const engine = useEngine();
  const workspace = useWorkspace();
  const rooms = createMemo(() => roomsOfYear(engine.rooms(), workspace.schoolYear()).filter(({ kind }) => kind === "school" || kind === "service"));
  const read = createMemo(
    mapArray(rooms, (room) => ({ room, asked: createDocumentReading(engine.index(room), purgeRoots, readPurgeRequests) })),
  );
  // Of most rooms nothing has been asked: nothing is read of their logs then.
  const told = createReading(async () => {
    const rooms = read().filter(({ asked }) => (asked()?.requests.length ?? 0) > 0);
    return Object.fromEntries(
      await Promise.all(rooms.map(async ({ room }) => [room.roomId, { purges: await room.purges(), members: await room.members() }] as const)),
    );
  });
  return createMemo(() => {
    const known = told();
    const all = read().map(({ room, asked }) => ({ room, asked: asked(), ...known?.[room.roomId] }));
    if (known === undefined || all.some(({ asked }) => asked === undefined)) return undefined;
    const purges = all.flatMap(({ room, asked, purges, members }) =>
      (asked?.requests ?? []).flatMap(({ request, record }): PurgeHere[] => {
        if (purges === undefined || members === undefined) return [];
        const standing = standingOf(request, purges, members, room.ownMember);
        // A school's own room is one school's, whatever a record in it says.
        const schoolId = schoolOfLabel(room.label) ?? record.schoolId ?? "";
        return [{ room, request, label: record.label, schoolId, standing, purge: purgeOf(request, purges), members }];
      }),
    );
    return {
      purges: purges.sort((a, b) => (a.request.askedAt < b.request.askedAt ? 1 : -1)),
      broken: all.flatMap(({ room, asked }) => (asked?.broken ?? []).map(({ id }) => ({ room, id }))),
    };
  });
}
