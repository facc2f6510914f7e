import { limits } from "#protocol/limits.ts";
import type { Membership } from "#protocol/membership.ts";
import type { NumberedEnvelope } from "#protocol/record.ts";
import type { LiveStreams } from "./live.ts";
import type { RelayStorage } from "./storage/storage.ts";

export type RoomFeed = {
  /** Someone began to listen to the room when its head was here. */
  began(roomId: string, headSeq: number): void;
  /** This process has committed these. */
  committed(roomId: string, appended: readonly NumberedEnvelope[], membership: Membership): void;
  /** Another process has given the room these numbers. */
  grown(roomId: string, fromSeq: number, toSeq: number): void;
  /** Anything may have been missed: what the database has of the rooms that are listened to is delivered. */
  compare(): Promise<void>;
  /** Tries again what could not be read, and forgets rooms that nobody listens to. */
  sweep(): void;
  /** Resolves when nothing is being read. */
  settled(): Promise<void>;
};

/** How far a room's listeners have come, and how far they are to come. */
type Room = { seq: number; target: number; reading: Promise<void> | null };

const roomsAtOnce = 500;

/**
 * Delivers a room's envelopes in the order of their numbers, whichever process committed them: one's own as they are where they follow on what was
 * delivered, all others as they are read from the database.
 */
export function createRoomFeed(
  storage: RelayStorage,
  streams: Pick<LiveStreams, "deliver" | "hasListeners">,
  onFault: (error: unknown) => void,
): RoomFeed {
  const rooms = new Map<string, Room>();

  const read = async (roomId: string, room: Room): Promise<void> => {
    while (room.seq < room.target && streams.hasListeners(roomId)) {
      const log = await storage.log(roomId, room.seq, { maxBytes: limits.pageBytes, maxEnvelopes: limits.pageEnvelopes });
      // After the log: who was removed by what is in it is not shown what follows.
      const membership = (await storage.rooms([roomId])).get(roomId)?.membership;
      const last = log?.page.at(-1);
      if (log === null || last === undefined || membership === undefined) return;
      room.seq = last.seq;
      streams.deliver(roomId, log.page.filter((entry) => "bytes" in entry), membership);
    }
  };

  const advance = (roomId: string, room: Room, toSeq: number) => {
    room.target = Math.max(room.target, toSeq);
    if (room.reading !== null || room.seq >= room.target) return;
    room.reading = read(roomId, room)
      .catch(onFault)
      .finally(() => {
        room.reading = null;
      });
  };

  /** The room, if anyone listens to it. */
  const listened = (roomId: string, seq: number): Room | null => {
    if (!streams.hasListeners(roomId)) {
      rooms.delete(roomId);
      return null;
    }
    const room = rooms.get(roomId) ?? { seq, target: seq, reading: null };
    rooms.set(roomId, room);
    return room;
  };

  return {
    began: (roomId, headSeq) => void listened(roomId, headSeq),
    committed(roomId, appended, membership) {
      const [first, last] = [appended[0], appended.at(-1)];
      if (first === undefined || last === undefined) return;
      const room = listened(roomId, first.seq - 1);
      if (room === null) return;
      if (room.reading !== null || room.seq !== first.seq - 1) return advance(roomId, room, last.seq);
      room.seq = last.seq;
      streams.deliver(roomId, appended, membership);
    },
    grown(roomId, fromSeq, toSeq) {
      const room = listened(roomId, fromSeq - 1);
      if (room !== null) advance(roomId, room, toSeq);
    },
    async compare() {
      const roomIds = [...rooms.keys()];
      for (let from = 0; from < roomIds.length; from += roomsAtOnce) {
        for (const [roomId, { headSeq }] of await storage.rooms(roomIds.slice(from, from + roomsAtOnce))) {
          const room = listened(roomId, headSeq);
          if (room !== null) advance(roomId, room, headSeq);
        }
      }
    },
    sweep() {
      for (const [roomId, room] of rooms) {
        if (streams.hasListeners(roomId)) advance(roomId, room, room.target);
        else rooms.delete(roomId);
      }
    },
    async settled() {
      for (const { reading } of rooms.values()) await reading;
    },
  };
}
