import type { Bytes } from "#protocol/bytes.ts";
import { limits } from "#protocol/limits.ts";
import { readableThrough, type Membership } from "#protocol/membership.ts";
import type { LiveListener } from "#protocol/messages.ts";
import type { NumberedEnvelope } from "#protocol/record.ts";
import type { Session } from "./access.ts";

export type LiveStream = {
  /** Hands over what was committed before the stream was open, where nothing newer of the room was given since. */
  catchUp(roomId: string, page: readonly NumberedEnvelope[]): void;
  close(): void;
};

export type LiveStreams = {
  /** Ends the session's oldest stream when it has `limits.sessionStreams`. */
  open(session: Session, listener: LiveListener): LiveStream;
  /** Hands a room's new envelopes to everyone who listens to it, as far as each may read. The caller keeps the order of the numbers. */
  deliver(roomId: string, envelopes: readonly NumberedEnvelope[], membership: Membership): void;
  /** Hands presence to every member who listens to the room on another device than its author's. */
  deliverPresence(roomId: string, authorId: string, bytes: Bytes, membership: Membership): void;
  /** Whether anyone listens to the room. */
  hasListeners(roomId: string): boolean;
  /** The sessions that have streams. */
  sessions(): Session[];
  endSession(token: string): void;
  /** Ends the streams whose session is over. */
  sweep(): void;
  close(): void;
};

type Stream = {
  session: Session;
  listener: LiveListener;
  /** The last number given, for each room that was heard from; an idle stream has no map. */
  given: Map<string, number> | null;
};

/** Who listens to which rooms, in this process. */
export function createLiveStreams(clock: () => number, onFault: (error: unknown) => void): LiveStreams {
  const streams = new Set<Stream>();
  const streamsOfRoom = new Map<string, Set<Stream>>();
  /** By token, the oldest first. */
  const streamsOfSession = new Map<string, Set<Stream>>();

  const remove = (stream: Stream): boolean => {
    for (const roomId of stream.session.rooms.keys()) {
      const inRoom = streamsOfRoom.get(roomId);
      inRoom?.delete(stream);
      if (inRoom?.size === 0) streamsOfRoom.delete(roomId);
    }
    const ofSession = streamsOfSession.get(stream.session.token);
    ofSession?.delete(stream);
    if (ofSession?.size === 0) streamsOfSession.delete(stream.session.token);
    return streams.delete(stream);
  };

  /** A listener that throws must not take the others' records with it. */
  const tell = (stream: Stream, say: () => void) => {
    try {
      say();
    } catch (error) {
      remove(stream);
      onFault(error);
    }
  };

  const end = (stream: Stream) => {
    if (remove(stream)) tell(stream, () => stream.listener.ended());
  };

  const send = (stream: Stream, roomId: string, envelopes: readonly NumberedEnvelope[]) => {
    for (const { seq, bytes } of envelopes) {
      // A listener may close itself between two records.
      if (!streams.has(stream)) break;
      // What was committed while the stream opened comes both ways.
      stream.given ??= new Map();
      if (seq <= (stream.given.get(roomId) ?? 0)) continue;
      stream.given.set(roomId, seq);
      tell(stream, () => stream.listener.record(roomId, seq, bytes));
    }
  };

  const isOver = ({ session }: Stream) => session.expiresAt <= clock();

  /** Those who listen to a room; a stream whose session is over is ended instead. */
  const listening = (roomId: string): Stream[] => {
    const [over, inRoom] = [[] as Stream[], [] as Stream[]];
    for (const stream of streamsOfRoom.get(roomId) ?? []) (isOver(stream) ? over : inRoom).push(stream);
    for (const stream of over) end(stream);
    return inRoom;
  };

  return {
    open(session, listener) {
      const [oldest] = streamsOfSession.get(session.token) ?? [];
      if (oldest !== undefined && streamsOfSession.get(session.token)?.size === limits.sessionStreams) end(oldest);
      const stream: Stream = { session, listener, given: null };
      streams.add(stream);
      const ofSession = streamsOfSession.get(session.token) ?? new Set();
      streamsOfSession.set(session.token, ofSession.add(stream));
      for (const roomId of session.rooms.keys()) {
        const inRoom = streamsOfRoom.get(roomId) ?? new Set();
        inRoom.add(stream);
        streamsOfRoom.set(roomId, inRoom);
      }
      return {
        catchUp: (roomId, page) => send(stream, roomId, page),
        close: () => void remove(stream),
      };
    },
    deliver(roomId, envelopes, membership) {
      for (const stream of listening(roomId)) {
        const deviceId = stream.session.rooms.get(roomId)?.deviceId ?? "";
        send(stream, roomId, envelopes.filter(({ seq }) => seq <= readableThrough(membership, deviceId)));
      }
    },
    deliverPresence(roomId, authorId, bytes, { devices }) {
      for (const stream of listening(roomId)) {
        const { deviceId = "" } = stream.session.rooms.get(roomId) ?? {};
        if (!streams.has(stream) || deviceId === authorId || devices[deviceId] === undefined) continue;
        tell(stream, () => stream.listener.presence(roomId, bytes));
      }
    },
    hasListeners: (roomId) => streamsOfRoom.has(roomId),
    sessions: () => [...new Set([...streams].map(({ session }) => session))],
    endSession(token) {
      for (const stream of streamsOfSession.get(token) ?? []) end(stream);
    },
    sweep() {
      for (const stream of streams) if (isOver(stream)) end(stream);
    },
    close() {
      for (const stream of streams) end(stream);
    },
  };
}
