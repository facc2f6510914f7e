import { type Bytes, fromBase64Url, toBase64Url } from "#protocol/bytes.ts";
import type { Generation } from "#protocol/log-rules.ts";
import { type Refusal, type RelayPort, remedyOf } from "#protocol/messages.ts";
import type { LogEntry } from "#protocol/record.ts";
import type { Clock } from "../platform/clock.ts";
import { createObservable, type Observable } from "../platform/observable.ts";
import { longestDelayMs, nextDelayMs } from "./reconnect.ts";
import { RelayUnreachableError, RoomOverError } from "../platform/errors.ts";

/** How far a room's log has been verified. */
type Position = { seq: number; logGen: number };

/** What the loop needs of a room; the log decides, the loop moves bytes. */
export type SyncRoom = {
  readonly roomId: string;
  readonly deviceId: string;
  position(): Position & { frozen: boolean };
  unsent(): number;
  /** Own envelopes that the relay has acked and that have not come back. */
  unconfirmed(): number;
  signSession(challenge: Bytes): Promise<Bytes>;
  pendingGenesis(): Promise<Bytes | null>;
  /** The room's first record, whoever made it; null while it has not been read. */
  genesisInLog(): Promise<Bytes | null>;
  /** @param logGen of the log that the page is of */
  receive(page: readonly LogEntry[], logGen: number): Promise<number>;
  /** The log has been read to the end that the relay tells of. */
  noteEnd(): Promise<void>;
  /** What came as another member's presence, unchecked. */
  receivePresence(envelope: Bytes): void;
  /** The relay's log ends before this room's position. SPEC.md [P8]. */
  noteRollback(told: { headSeq: number; logGen: number }): Promise<void>;
  takeUnsent(): Promise<Bytes[]>;
  acked(envelopes: readonly Bytes[]): Promise<void>;
  /** Whether a heartbeat is owed, now or soon. */
  owesHeartbeat(): boolean;
  /** The one that is owed now, if any; it is not kept. */
  takeHeartbeat(): Promise<Bytes | null>;
  /** What is acked and has not come back, named as the room likes. */
  owed(): Promise<number[]>;
  /** Puts it among the unsent again. SPEC.md [W8]. */
  sendAgain(owed: readonly number[]): Promise<void>;
  /** Whether the relay has proved that a counter of this device's is used. SPEC.md [W11]. */
  believesReuse(refusal: Extract<Refusal, { type: "ctrReused" }>): Promise<boolean>;
  /** The relay was restored from a backup. `askedIn`: the generation that it was asked in. SPEC.md [G2]. */
  adopt(told: readonly Generation[], askedIn: number): Promise<void>;
  /** How many envelopes are to be given back to it. */
  lost(): number;
  takeLost(): Promise<Bytes[]>;
  /** @returns whether anything has changed */
  giveUpLost(envelope: Bytes, refusal: Refusal): Promise<boolean>;
};

/** `rooms`: the generation of each room's log when it was opened. `asked`: the rooms that it was asked for. */
type Session = { token: string; expiresAt: number; rooms: ReadonlyMap<string, number>; asked: ReadonlySet<string> };

export type SyncStatus = {
  /** Whether the relay answered last time; null before the first try. */
  reached: boolean | null;
  /** What the relay refused and why, by room: shown to the person, never thrown away. */
  refused: ReadonlyMap<string, Refusal>;
  /**
   * When everything was last in step, in ms, else null: every room's log read as far as the relay has told of,
   * everything of this device's own come back in them, and no room at fault or refused.
   */
  inStepAt: number | null;
  /** What stopped the last round on this device's own side (a full disk, say), else null. */
  failure: unknown;
};

export type SyncLoop = {
  readonly status: Observable<SyncStatus>;
  /** There is something to send, or the network may be back: try now. */
  wake(): void;
  /** The relay has given this number outside the loop: the next round fetches the log up to it. */
  noteHead(roomId: string, seq: number): void;
  /** The relay has refused something because of what this device has not read: the next round asks for it, though the stream may be about to bring it. */
  noteBehind(roomId: string): void;
  /** The session, once there is one; for control records and invitations. @throws {RelayUnreachableError} */
  session(): Promise<string>;
  /** The relay has refused this session as over, whatever the device's clock says: the next one asked for is a new one. */
  endSession(token: string): void;
  /** Resolves after a whole round that began after the call. @throws {RelayUnreachableError} */
  settle(): Promise<void>;
  /**
   * Hands presence to the relay, if there is a session that covers the room; else seals nothing and does nothing. Wakes nobody,
   * changes no status and never rejects: whether it arrived is not told. SPEC.md [N6].
   */
  sendPresence(roomId: string, seal: () => Promise<Bytes | null>): Promise<void>;
  close(): void;
};

/** A round runs at least this often while the stream is quiet, in case the stream is being withheld. */
const roundMs = 5 * 60_000;
/** Without a stream, the timer is all there is. */
const pollMs = 15_000;
/** Where a heartbeat is owed, the next round comes sooner: who has read may soon be gone. */
const beatMs = 60_000;
/** The session is renewed before it ends, so that no push meets its last second. */
const renewBeforeMs = 60_000;
/** A stream that ends sooner than this was no stream: the next one waits as after a failure. */
const steadyStreamMs = 30_000;

/** One try at a stream, from before it opens until it is over. */
type Listening = { openedAt: number | null; over: boolean; close(): void };

/** What one round has met so far. */
type Round = {
  refused: Map<string, Refusal>;
  /** What went wrong on this device's own side, first of all, and in which rooms. */
  failure: unknown;
  failed: Set<string>;
  /** Whether the log is asked for even where nothing new has been told of. */
  asksAll: boolean;
};

/**
 * Keeps the rooms in step with the relay, in named phases: make new rooms, open a session, pull, push, then listen.
 * Never throws; never stops trying; one bad room does not stop the others.
 * @param serviceToken what makes rooms, when this device knows it
 */
export function createSyncLoop(parts: {
  relay: RelayPort;
  rooms: () => readonly SyncRoom[];
  serviceToken: () => Uint8Array | null;
  clock: Clock;
  random: () => number;
}): SyncLoop {
  const { relay, rooms, serviceToken, clock, random } = parts;
  const status = createObservable<SyncStatus>({ reached: null, refused: new Map(), inStepAt: null, failure: null });
  const settlers: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  const heads = new Map<string, number>();
  /** The generation that each room's head was told in. */
  const headGens = new Map<string, number>();
  /** Rooms whose log has been read, and that the relay does not know any more. SPEC.md [G6]. */
  const vanished = new Set<string>();
  /** Rooms that the relay has told to be in another generation. */
  const regenerated = new Set<string>();
  /** Rooms that are known to lack something, and not how much. */
  const behind = new Set<string>();
  let session: Session | null = null;
  let stream: Listening | null = null;
  let streamAttempt = 0;
  let streamNotBefore = 0;
  let unreachedIn: string | null = null;
  let askedAllAt = Number.NEGATIVE_INFINITY;
  let closed = false;
  let woken = false;
  let interrupt = () => {};
  let attempt = 0;
  let asked = 0;

  void run();

  return {
    status,
    wake,
    noteHead: learnHead,
    noteBehind: (roomId) => void behind.add(roomId),
    endSession(token) {
      if (session?.token === token) session = null;
    },
    async session() {
      if (session !== null && session.expiresAt > clock.now()) return session.token;
      await settle();
      if (session === null) throw new RelayUnreachableError("no session");
      return session.token;
    },
    settle,
    sendPresence,
    close() {
      closed = true;
      stream?.close();
      stream = null;
      for (const { reject } of settlers.splice(0)) reject(new RelayUnreachableError("closed"));
      interrupt();
    },
  };

  function wake(): void {
    woken = true;
    interrupt();
  }

  function settle(): Promise<void> {
    return new Promise((resolve, reject) => {
      settlers.push({ resolve, reject });
      wake();
    });
  }

  async function sendPresence(roomId: string, seal: () => Promise<Bytes | null>): Promise<void> {
    // A round that does not reach the relay ends the session.
    const tokenNow = () => (!closed && session?.rooms.has(roomId) === true ? session.token : null);
    if (tokenNow() === null) return;
    try {
      const envelope = await seal();
      const token = tokenNow();
      if (envelope !== null && token !== null) await relay.presence(token, roomId, envelope);
    } catch {
      // Whether the relay can be reached is for the next round to find out.
    }
  }

  async function run(): Promise<void> {
    while (!closed) {
      woken = false;
      const waiting = settlers.splice(0);
      try {
        const met = await round(waiting.length > 0);
        for (const { resolve } of waiting) resolve();
        await rest(met);
      } catch (error) {
        for (const { reject } of waiting) reject(error);
        stream?.close();
        stream = null;
        session = null;
        const unreachable = error instanceof RelayUnreachableError;
        status.set({
          ...status.get(),
          reached: unreachable ? false : status.get().reached,
          inStepAt: null,
          failure: unreachable ? null : error,
        });
        if (!closed) await pause(nextDelayMs(attempt++, random));
      }
    }
  }

  async function rest({ refused, failure }: Round): Promise<void> {
    const notYetIn = rooms().some((room) => session?.asked.has(room.roomId) === true && !session.rooms.has(room.roomId));
    const laterMs = retryAfterMs(refused);
    const isTroubled = failure !== null || laterMs !== null;
    if (!isTroubled) attempt = 0;
    if (!notYetIn) asked = 0;
    if (isTroubled) await pause(Math.max(nextDelayMs(attempt++, random), Math.min(laterMs ?? 0, longestDelayMs)));
    // A colleague has yet to add this device to a room: ask again, less and less often.
    else await pause(notYetIn ? nextDelayMs(asked++, random) : quietRestMs());
    if (notYetIn) session = null;
  }

  function quietRestMs(): number {
    if (isListening()) return rooms().some((room) => room.owesHeartbeat()) ? beatMs : roundMs;
    const untilStreamMs = streamNotBefore - clock.now();
    return stream === null && untilStreamMs > 0 ? Math.min(pollMs, untilStreamMs) : pollMs;
  }

  function pause(delayMs: number): Promise<void> {
    if (woken || closed) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = clock.after(delayMs, done);
      interrupt = done;
      function done() {
        cancel();
        interrupt = () => {};
        resolve();
      }
    });
  }

  /** @param urgent someone waits for what the relay has now */
  async function round(urgent: boolean): Promise<Round> {
    const quietMs = clock.now() - askedAllAt;
    // A clock that was set back says nothing about how long it has been quiet.
    const asksAll = quietMs < 0 || (isListening() ? quietMs >= roundMs : urgent || quietMs >= pollMs);
    const met: Round = { refused: new Map(), failure: null, failed: new Set(), asksAll };
    // The service's own room is made without a session, and the others with one that is of that room. A relay that forgets what it made is asked no more often.
    for (let turns = 3; turns > 0; turns--) {
      await ensureSession(met);
      if (!(await makeRooms(met))) break;
    }
    if (met.asksAll) askedAllAt = clock.now();
    const moving = eachRoom(met, async (room) => {
      if (session?.rooms.has(room.roomId) !== true) return;
      const refused = (await pull(room, met.asksAll)) ?? (await repair(room)) ?? (await push(room)) ?? (await beat(room));
      if (refused !== null) met.refused.set(room.roomId, refused);
    });
    // The first room's request is on its way: what it brings is waited for, the stream is not.
    ensureStream();
    await moving;
    const { refused, failure } = met;
    const isClean = refused.size === 0 && failure === null && (await areInStep());
    if (!closed) status.set({ reached: true, refused, inStepAt: isClean ? clock.now() : null, failure });
    return met;
  }

  /**
   * What goes wrong in one room is that room's: only a relay that cannot be reached ends the round. The next one then begins behind the room
   * where that was: what is too much for the network in one room must not keep the others waiting.
   */
  async function eachRoom(met: Round, act: (room: SyncRoom) => Promise<void>): Promise<void> {
    const all = rooms();
    const first = all.findIndex(({ roomId }) => roomId === unreachedIn) + 1;
    for (const room of [...all.slice(first), ...all.slice(0, first)]) {
      if (closed) return;
      if (met.failed.has(room.roomId)) continue;
      try {
        await act(room);
      } catch (error) {
        if (error instanceof RelayUnreachableError) {
          unreachedIn = room.roomId;
          throw error;
        }
        // Another tab has let go of the room, and is about to say so.
        if (!(error instanceof RoomOverError)) met.failure ??= error;
        met.failed.add(room.roomId);
      }
    }
  }

  async function areInStep(): Promise<boolean> {
    return (await Promise.all(rooms().map(isInStep))).every(Boolean);
  }

  async function isInStep(room: SyncRoom): Promise<boolean> {
    const head = heads.get(room.roomId);
    const { seq, frozen } = room.position();
    if (head === undefined || seq < head || frozen || room.unsent() > 0 || room.unconfirmed() > 0 || room.lost() > 0) return false;
    return session?.rooms.has(room.roomId) === true && (await room.pendingGenesis()) === null;
  }

  /** @returns whether there are rooms that the session does not know yet */
  async function makeRooms(met: Round): Promise<boolean> {
    const token = serviceToken();
    const current = session;
    let isMade = false;
    await eachRoom(met, async (room) => {
      if (isMade && current === null) return;
      const pending = await room.pendingGenesis();
      const genesis = pending ?? (vanished.has(room.roomId) ? await room.genesisInLog() : null);
      if (genesis === null || token === null) return;
      const answer = await relay.createRoom(token, genesis, current?.token ?? null);
      if (answer.ok) {
        if (pending !== null) await room.acked([pending]);
        vanished.delete(room.roomId);
        met.refused.delete(room.roomId);
        isMade = true;
      } else met.refused.set(room.roomId, answer.refusal);
      if (answer.ok || answer.refusal.type === "sessionExpired") session = null;
    });
    return isMade;
  }

  async function ensureSession(met: Round): Promise<void> {
    const wanted: SyncRoom[] = [];
    await eachRoom(met, async (room) => {
      if ((await room.pendingGenesis()) === null) wanted.push(room);
    });
    const current = session;
    if (
      current !== null &&
      current.expiresAt - renewBeforeMs > clock.now() &&
      wanted.every((room) => current.asked.has(room.roomId))
    ) {
      return;
    }
    session = null;
    if (wanted.length === 0) return;
    const challenged = await relay.challenge();
    if (!challenged.ok) throw new RelayUnreachableError(challenged.refusal.type);
    const challenge = fromBase64Url(challenged.value.challenge);
    const proofs: { roomId: string; deviceId: string; signature: string }[] = [];
    await eachRoom(met, async (room) => {
      const { roomId, deviceId } = room;
      if (!wanted.some((candidate) => candidate.roomId === roomId)) return;
      proofs.push({ roomId, deviceId, signature: toBase64Url(await room.signSession(challenge)) });
    });
    if (proofs.length === 0) return;
    const before = new Map(wanted.map((room) => [room.roomId, room.position()]));
    const opened = await relay.openSession({ challenge: challenged.value.challenge, proofs });
    if (!opened.ok) throw new RelayUnreachableError(opened.refusal.type);
    for (const { roomId, refusal } of opened.value.refused) {
      // A room of which nothing has been read yet is one that a colleague has still to add this device to.
      const unread = wanted.find((room) => room.roomId === roomId)?.position().seq === 0;
      if (!unread) met.refused.set(roomId, refusal);
      if (!unread && refusal.type === "roomUnknown") vanished.add(roomId);
    }
    const unknown = new Set(opened.value.refused.flatMap(({ roomId, refusal }) => (refusal.type === "roomUnknown" ? [roomId] : [])));
    const told = new Map(opened.value.rooms.map((room) => [room.roomId, room]));
    await eachRoom(met, async (room) => {
      // Made once, and lost since.
      if (unknown.has(room.roomId) && room.unconfirmed() > 0) await room.sendAgain(await room.owed());
      await compareHead(room, before.get(room.roomId), told.get(room.roomId));
    });
    for (const { roomId, headSeq } of opened.value.rooms) learnHead(roomId, headSeq);
    session = {
      token: opened.value.token,
      expiresAt: clock.now() + opened.value.expiresInMs,
      rooms: new Map(opened.value.rooms.map(({ roomId, logGen }) => [roomId, logGen])),
      asked: new Set(proofs.map(({ roomId }) => roomId)),
    };
    // Its answer has just told how far every log has come.
    met.asksAll = false;
    askedAllAt = clock.now();
    stream?.close();
    stream = null;
  }

  /**
   * Whether the relay's log has been rolled back. SPEC.md [P8].
   * @param before the room's position when the relay was asked: it may have moved on since, and the answer knows nothing of that
   */
  async function compareHead(room: SyncRoom, before: Position | undefined, told: { headSeq: number; logGen: number } | undefined): Promise<void> {
    if (before === undefined || told === undefined) return;
    if (told.logGen !== before.logGen) regenerated.add(room.roomId);
    if (told.logGen !== before.logGen || told.headSeq >= before.seq) return;
    await room.noteRollback({ headSeq: told.headSeq, logGen: told.logGen });
  }

  /** What the relay has told of once it must give: a head never sinks, or a number given to what was then lost would be forgotten. */
  function learnHead(roomId: string, seq: number): void {
    heads.set(roomId, Math.max(heads.get(roomId) ?? 0, seq));
  }

  function isListening(): boolean {
    return stream !== null && stream.openedAt !== null;
  }

  /** Begins to listen and waits for nothing: a network that holds streams back must not hold up the rest. */
  function ensureStream(): void {
    if (stream !== null || session === null || session.rooms.size === 0 || clock.now() < streamNotBefore) return;
    const listening: Listening = { openedAt: null, over: false, close: () => (listening.over = true) };
    stream = listening;
    void listen(listening, session);
  }

  async function listen(listening: Listening, { token, rooms: generations }: Session): Promise<void> {
    const ended = () => {
      if (listening.over) return;
      listening.over = true;
      stream = null;
      const steady = listening.openedAt !== null && clock.now() - listening.openedAt >= steadyStreamMs;
      if (steady) streamAttempt = 0;
      streamNotBefore = steady ? 0 : clock.now() + nextDelayMs(streamAttempt++, random);
      // Until there is another one, the loop must not rest as if it would be told.
      wake();
    };
    try {
      const opened = await relay.live(token, { record: (roomId, seq, bytes) => receiveLive(roomId, seq, bytes, generations.get(roomId)), presence: receivePresence, ended });
      if (!opened.ok) {
        // By this device's clock, which may have been set back, it would go on for long.
        if (opened.refusal.type === "sessionExpired") session = null;
        ended();
      } else if (listening.over) opened.value.close();
      else {
        listening.openedAt = clock.now();
        listening.close = () => {
          listening.over = true;
          opened.value.close();
        };
      }
    } catch {
      // A network that cannot stream still lets the rest through: the timer takes over.
      ended();
    }
  }

  /** @param logGen of the room's log when the session was opened: no session outlives a restore [G1] */
  function receiveLive(roomId: string, seq: number, bytes: Bytes, logGen: number | undefined): void {
    learnHead(roomId, seq);
    const room = rooms().find((candidate) => candidate.roomId === roomId);
    if (room === undefined || logGen === undefined) return;
    // In a log that went another way from somewhere on it is left alone: the round takes that up first. SPEC.md [G2].
    room.receive([{ seq, bytes }], logGen).then(
      (position) => (position < seq ? wake() : noteInStep()),
      () => wake(),
    );
  }

  function receivePresence(roomId: string, envelope: Bytes): void {
    rooms().find((room) => room.roomId === roomId)?.receivePresence(envelope);
  }

  /** What was pushed comes back over the stream after the round is over. */
  async function noteInStep(): Promise<void> {
    const before = status.get();
    if (before.reached !== true || before.refused.size > 0 || before.failure !== null) return;
    // What the disk will not tell now, the next round asks for.
    const isInStepNow = await areInStep().catch(() => false);
    if (isInStepNow && status.get() === before) status.set({ ...before, inStepAt: clock.now() });
  }

  /** @param asks whether the relay is asked even when the room is as far as it has told of */
  async function pull(room: SyncRoom, asks: boolean): Promise<Refusal | null> {
    const isAsking = behind.delete(room.roomId) || asks;
    for (let first = true; ; first = false) {
      const { seq, logGen, frozen } = room.position();
      // What the relay had told of before it was restored, it has no longer: another tab may have found that out.
      if (logGen !== (headGens.get(room.roomId) ?? logGen)) heads.delete(room.roomId);
      headGens.set(room.roomId, logGen);
      const told = heads.get(room.roomId);
      const isBehind = seq < (told ?? Number.POSITIVE_INFINITY);
      const isOwed = room.unconfirmed() > 0;
      const isRegenerated = first && regenerated.has(room.roomId);
      // A log that is at fault is not read on; one that was restored may go on before the fault.
      if (closed || !(isRegenerated || (!frozen && (isBehind || ((isAsking || isOwed) && first))))) return null;
      // Another tab may send something while the relay answers.
      const owed = isOwed ? await room.owed() : [];
      const answer = await relay.log(sessionToken(), room.roomId, seq, logGen);
      if (!answer.ok && answer.refusal.type === "otherLogGen" && (await adopted(room, answer.refusal.generations, logGen))) continue;
      if (!answer.ok) return expired(answer.refusal);
      regenerated.delete(room.roomId);
      const { headSeq } = answer.value;
      learnHead(room.roomId, headSeq);
      await compareHead(room, { seq, logGen }, answer.value);
      const position = await room.receive(answer.value.page, logGen);
      // Another tab has found out meanwhile that the relay was restored: this answer is from before.
      if (room.position().logGen !== logGen) continue;
      if (position >= headSeq) await room.noteEnd();
      // A log that is at fault says nothing about what it lacks.
      if (room.position().frozen) return null;
      if (isOwed && position >= headSeq && room.unconfirmed() > 0) {
        await room.sendAgain(owed);
        // The numbers that were given to them stand for nothing any more, unless the stream has just told of some.
        if (heads.get(room.roomId) === Math.max(told ?? 0, headSeq)) heads.set(room.roomId, headSeq);
      }
      if (position === seq) return null;
    }
  }

  /** @returns whether the room is in another generation than when the relay was asked */
  async function adopted(room: SyncRoom, told: readonly Generation[], askedIn: number): Promise<boolean> {
    await room.adopt(told, askedIn);
    regenerated.delete(room.roomId);
    return room.position().logGen !== askedIn;
  }

  /** Gives back what a restored relay has lost, until all of it has come back in the log. SPEC.md [G3]. */
  async function repair(room: SyncRoom): Promise<Refusal | null> {
    while (room.lost() > 0 && !room.position().frozen && !closed) {
      const envelopes = await room.takeLost();
      // All of it may have been given up.
      if (room.lost() === 0) break;
      const before = room.lost();
      const answer = await relay.repair(sessionToken(), room.roomId, envelopes);
      if (!answer.ok) return expired(answer.refusal);
      const { seqs, refused } = answer.value;
      if (seqs.length > envelopes.length) throw new RelayUnreachableError(`${seqs.length} numbers for ${envelopes.length} envelopes`);
      learnHead(room.roomId, Math.max(0, ...seqs));
      const pulled = await pull(room, true);
      if (pulled !== null) return pulled;
      const culprit = envelopes[seqs.length];
      if (refused !== null && culprit !== undefined && !(await room.giveUpLost(culprit, refused))) return refused;
      // It has numbered them and does not show them.
      if (refused === null && room.lost() >= before) return { type: "gap", expected: 0 };
    }
    return null;
  }

  async function push(room: SyncRoom): Promise<Refusal | null> {
    let catchUps = 0;
    while (room.unsent() > 0 && room.lost() === 0 && !closed) {
      const envelopes = await room.takeUnsent();
      if (envelopes.length === 0) break;
      const answer = await relay.push(sessionToken(), room.roomId, envelopes);
      if (!answer.ok) return expired(answer.refusal);
      const { seqs, refused } = answer.value;
      // Sent again and again, it would be answered the same again and again.
      if (seqs.length > envelopes.length || (seqs.length === 0 && refused === null)) {
        throw new RelayUnreachableError(`${seqs.length} numbers for ${envelopes.length} envelopes`);
      }
      await room.acked(envelopes.slice(0, seqs.length));
      learnHead(room.roomId, Math.max(0, ...seqs));
      if (refused === null) continue;
      if (refused.type === "ctrReused" && !(await room.believesReuse(refused))) return refused;
      if (remedyOf(refused) !== "catchUp" || catchUps++ > 0) return refused;
      const refusedThen = (await pull(room, true)) ?? (await repair(room));
      if (refusedThen !== null) return refusedThen;
    }
    return isListening() ? null : pull(room, false);
  }

  /** A heartbeat that is refused is no loss, and shown to nobody: whatever stood in its way, the log tells. SPEC.md [H3]. */
  async function beat(room: SyncRoom): Promise<Refusal | null> {
    const heartbeat = closed || room.position().frozen ? null : await room.takeHeartbeat();
    if (heartbeat === null) return null;
    const answer = await relay.push(sessionToken(), room.roomId, [heartbeat]);
    if (!answer.ok) {
      expired(answer.refusal);
      return null;
    }
    return isListening() && answer.value.refused === null ? null : pull(room, true);
  }

  function sessionToken(): string {
    if (session === null) throw new RelayUnreachableError("session lost");
    return session.token;
  }

  function expired(refusal: Refusal): Refusal {
    if (refusal.type !== "sessionExpired") return refusal;
    session = null;
    throw new RelayUnreachableError(refusal.type);
  }
}

/** How long the relay asks to be left alone by the rooms it was too busy for, or null when it was for none. */
function retryAfterMs(refused: ReadonlyMap<string, Refusal>): number | null {
  const waits = Array.from(refused.values()).flatMap((refusal) => (refusal.type === "busy" ? [refusal.retryAfterMs] : []));
  return waits.length === 0 ? null : Math.max(...waits);
}
