import { type Accessor, createMemo, mapArray } from "solid-js";
import type { RoomMember } from "../../engine/log/members.ts";
import type { RoomPurge } from "../../engine/log/purges.ts";
import type { Room } from "../../engine/space.ts";
import { createDocumentReading } from "../../reactive/create-document-reading.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { createReading } from "../space/create-people.ts";
import { roomsOfYear } from "../space/invite-rules.ts";
import { useWorkspace } from "../space/workspace.tsx";
import { purgeRoots, readPurgeRequests } from "./document.ts";
import { purgeOf, type PurgeStanding, standingOf } from "./rules.ts";
import type { PurgeRequest } from "./schema.ts";

/** A request with what has become of it. */
export type PurgeHere = {
  readonly room: Room;
  readonly request: PurgeRequest;
  readonly standing: PurgeStanding;
  readonly purge: RoomPurge | undefined;
  readonly members: readonly RoomMember[];
};

/** Every request of this year's rooms, the newest first; undefined until the rooms have been read. */
export function createPurges(): Accessor<PurgeHere[] | undefined> {
  const engine = useEngine();
  const workspace = useWorkspace();
  const rooms = createMemo(() => roomsOfYear(engine.rooms(), workspace.schoolYear()).filter(({ kind }) => kind === "school" || kind === "service"));
  const read = createMemo(
    mapArray(rooms, (room) => ({ room, requests: createDocumentReading(engine.index(room), purgeRoots, (index) => readPurgeRequests(index).records) })),
  );
  // Of most rooms nothing has been asked: nothing is read of their logs then.
  const told = createReading(async () => {
    const asked = read().filter(({ requests }) => (requests()?.length ?? 0) > 0);
    return Object.fromEntries(
      await Promise.all(asked.map(async ({ room }) => [room.roomId, { purges: await room.purges(), members: await room.members() }] as const)),
    );
  });
  return createMemo(() => {
    const known = told();
    const all = read().map(({ room, requests }) => ({ room, requests: requests(), ...known?.[room.roomId] }));
    if (known === undefined || all.some(({ requests }) => requests === undefined)) return undefined;
    return all
      .flatMap(({ room, requests = [], purges, members }) =>
        requests.flatMap((request): PurgeHere[] => {
          if (purges === undefined || members === undefined) return [];
          const standing = standingOf(request, purges, members, room.ownMember);
          return [{ room, request, standing, purge: purgeOf(request, purges), members }];
        }),
      )
      .sort((a, b) => (a.request.askedAt < b.request.askedAt ? 1 : -1));
  });
}
