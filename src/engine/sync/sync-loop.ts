import { type Bytes, fromBase64Url, toBase64Url } from "#protocol/bytes.ts";
import { type Refusal, type RelayPort, remedyOf } from "#protocol/messages.ts";
import type { Clock } from "../platform/clock.ts";
import { createObservable, type Observable } from "../platform/observable.ts";
import { nextDelayMs } from "./reconnect.ts";
import { RelayUnreachableError } from "../platform/errors.ts";

/** What the loop needs of a room; the log decides, the loop moves bytes. */
export type SyncRoom = {
  readonly roomId: string;
  readonly deviceId: string;
  position(): { seq: number; logGen: number; frozen: boolean };
  unsent(): number;
  signSession(challenge: Bytes): Promise<Bytes>;
  pendingGenesis(): Promise<Bytes | null>;
  receive(page: readonly { seq: number; bytes: Bytes }[]): Promise<number>;
  takeUnsent(): Promise<{ envelopes: Bytes[]; logGen: number }>;
  acked(envelopes: readonly Bytes[]): Promise<void>;
};

export type SyncStatus = {
  /** Whether the relay answered last time; null before the first try. */
  reached: boolean | null;
  /** What the relay refused and why, by room: shown to the person, never thrown away. */
  refused: ReadonlyMap<string, Refusal>;
  /** When everything was last in step, in ms, else null. */
  inStepAt: number | null;
  /** What stopped the last round on this device's own side (a full disk, say), else null. */
  failure: unknown;
};

export type SyncLoop = {
  readonly status: Observable<SyncStatus>;
  /** There is something to send, or the network may be back: try now. */
  wake(): void;
  /** The session, once there is one; for control records and invitations. @throws {RelayUnreachableError} */
  session(): Promise<string>;
  /** Resolves after a whole round that began after the call. @throws {RelayUnreachableError} */
  settle(): Promise<void>;
  close(): void;
};

/** A round runs at least this often while the stream is quiet, in case the stream is being withheld. */
const roundMs = 5 * 60_000;
/** Without a stream, the timer is all there is. */
const pollMs = 15_000;
/** The session is renewed before it ends, so that no push meets its last second. */
const renewBeforeMs = 60_000;

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
  let session: { token: string; expiresAt: number; rooms: Set<string>; asked: Set<string> } | null = null;
  let stream: { close(): void } | null = null;
  let closed = false;
  let woken = false;
  let interrupt = () => {};
  let attempt = 0;
  let asked = 0;

  void run();

  return {
    status,
    wake,
    async session() {
      if (session !== null && session.expiresAt > clock.now()) return session.token;
      await settle();
      if (session === null) throw new RelayUnreachableError("no session");
      return session.token;
    },
    settle,
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

  async function run(): Promise<void> {
    while (!closed) {
      woken = false;
      const waiting = settlers.splice(0);
      try {
        await round();
        attempt = 0;
        for (const { resolve } of waiting) resolve();
        await rest();
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

  async function rest(): Promise<void> {
    const notYetIn = rooms().some((room) => session?.asked.has(room.roomId) === true && !session.rooms.has(room.roomId));
    if (!notYetIn) {
      asked = 0;
      await pause(stream === null ? pollMs : roundMs);
      return;
    }
    // A colleague has yet to add this device to a room: ask again, less and less often.
    await pause(nextDelayMs(asked++, random));
    session = null;
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

  async function round(): Promise<void> {
    const refused = new Map<string, Refusal>();
    await makeRooms(refused);
    await ensureSession(refused);
    await ensureStream();
    for (const room of rooms()) {
      if (closed) return;
      if (session?.rooms.has(room.roomId) !== true) continue;
      const pulled = await pull(room);
      const pushed = pulled ?? (await push(room));
      if (pushed !== null) refused.set(room.roomId, pushed);
    }
    const inStep = refused.size === 0 && rooms().every((room) => room.unsent() === 0);
    status.set({ reached: true, refused, inStepAt: inStep ? clock.now() : null, failure: null });
  }

  async function makeRooms(refused: Map<string, Refusal>): Promise<void> {
    const token = serviceToken();
    for (const room of rooms()) {
      const genesis = await room.pendingGenesis();
      if (genesis === null || token === null) continue;
      const answer = await relay.createRoom(token, genesis);
      if (answer.ok) {
        await room.acked([genesis]);
        session = null;
      } else refused.set(room.roomId, answer.refusal);
    }
  }

  async function ensureSession(refused: Map<string, Refusal>): Promise<void> {
    const pending = await Promise.all(rooms().map(async (room) => ((await room.pendingGenesis()) === null ? [room] : [])));
    const wanted = pending.flat();
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
    const proofs = await Promise.all(
      wanted.map(async (room) => ({
        roomId: room.roomId,
        deviceId: room.deviceId,
        signature: toBase64Url(await room.signSession(challenge)),
      })),
    );
    const opened = await relay.openSession({ challenge: challenged.value.challenge, proofs });
    if (!opened.ok) throw new RelayUnreachableError(opened.refusal.type);
    for (const { roomId, refusal } of opened.value.refused) {
      // A room of which nothing has been read yet is one that a colleague has still to add this device to.
      const unread = wanted.find((room) => room.roomId === roomId)?.position().seq === 0;
      if (!unread) refused.set(roomId, refusal);
    }
    heads.clear();
    for (const { roomId, headSeq } of opened.value.rooms) heads.set(roomId, headSeq);
    session = {
      token: opened.value.token,
      expiresAt: clock.now() + opened.value.expiresInMs,
      rooms: new Set(opened.value.rooms.map(({ roomId }) => roomId)),
      asked: new Set(wanted.map(({ roomId }) => roomId)),
    };
    stream?.close();
    stream = null;
  }

  async function ensureStream(): Promise<void> {
    if (stream !== null || session === null || session.rooms.size === 0) return;
    try {
      const opened = await relay.live(session.token, {
        record(roomId, seq, bytes) {
          heads.set(roomId, Math.max(heads.get(roomId) ?? 0, seq));
          const room = rooms().find((candidate) => candidate.roomId === roomId);
          if (room === undefined) return;
          void room.receive([{ seq, bytes }]).then(
            (position) => {
              if (position < seq) wake();
            },
            () => wake(),
          );
        },
        ended() {
          stream = null;
          wake();
        },
      });
      if (opened.ok) stream = opened.value;
    } catch (error) {
      // A proxy that cannot stream still lets the rest through: the timer takes over.
      if (!(error instanceof RelayUnreachableError)) throw error;
    }
  }

  async function pull(room: SyncRoom): Promise<Refusal | null> {
    for (;;) {
      const { seq, logGen, frozen } = room.position();
      if (frozen || closed || seq >= (heads.get(room.roomId) ?? Number.POSITIVE_INFINITY)) return null;
      const answer = await relay.log(sessionToken(), room.roomId, seq, logGen);
      if (!answer.ok) return expired(answer.refusal);
      heads.set(room.roomId, Math.max(answer.value.headSeq, seq));
      const position = await room.receive(answer.value.page);
      if (position === seq) return null;
    }
  }

  async function push(room: SyncRoom): Promise<Refusal | null> {
    let catchUps = 0;
    while (room.unsent() > 0 && !closed) {
      const { envelopes } = await room.takeUnsent();
      if (envelopes.length === 0) return null;
      const answer = await relay.push(sessionToken(), room.roomId, envelopes);
      if (!answer.ok) return expired(answer.refusal);
      const { seqs, refused } = answer.value;
      await room.acked(envelopes.slice(0, seqs.length));
      heads.set(room.roomId, Math.max(heads.get(room.roomId) ?? 0, ...seqs));
      if (refused === null) continue;
      if (remedyOf(refused) !== "catchUp" || catchUps++ > 0) return refused;
      heads.delete(room.roomId);
      const pulled = await pull(room);
      if (pulled !== null) return pulled;
    }
    return stream === null ? pull(room) : null;
  }

  function sessionToken(): string {
    if (session === null) throw new RelayUnreachableError("session lost");
    return session.token;
  }

  function expired(refusal: Refusal): Refusal {
    if (refusal.type !== "sessionExpired" && refusal.type !== "busy") return refusal;
    session = null;
    throw new RelayUnreachableError(refusal.type);
  }
}
