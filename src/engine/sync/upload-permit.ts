import type { RelayPort } from "#protocol/messages.ts";
import type { Clock } from "../platform/clock.ts";
import type { LogStore, UploadPermit } from "../storage/log-store.ts";

type PermitRooms = UploadPermit["rooms"];

/** A token is renewed when half its time is over: who unlocks once in two weeks always leaves with a good one. */
const renewBeforeMs = 15 * 24 * 60 * 60_000;
/** After a relay that gave none. */
const askAgainMs = 5 * 60_000;

/**
 * Keeps on disk what the device needs to send while it is locked. SPEC.md [U1], [U4].
 * @param rooms those in which it may send now, as they are
 * @returns brings it up to date where something has changed; never rejects, and does nothing while it is at it
 */
export function createPermitKeeper(parts: { store: LogStore; relay: RelayPort; clock: Clock; session: () => Promise<string>; rooms: () => PermitRooms }): () => Promise<void> {
  const { store, relay, clock, session, rooms } = parts;
  let known: UploadPermit | null | "unread" = "unread";
  /** The rooms that a token was asked for: one that it was not given for is not asked for again and again. */
  let asked: ReadonlySet<string> = new Set();
  let covered: readonly string[] = [];
  let notBefore = Number.NEGATIVE_INFINITY;
  let isAtIt = false;

  return async () => {
    if (isAtIt) return;
    isAtIt = true;
    try {
      await keep();
    } catch {
      // A relay or a disk that fails is for the sync loop to tell of; the next round tries again.
    } finally {
      isAtIt = false;
    }
  };

  async function keep(): Promise<void> {
    if (known === "unread") {
      known = (await store.read(["meta"], (tx) => tx.uploadPermit())) ?? null;
      covered = Object.keys(known?.rooms ?? {});
    }
    const wanted = rooms();
    const isOld = known !== null && known.expiresAt - renewBeforeMs <= clock.now();
    const lacksSome = Object.keys(wanted).some((roomId) => !covered.includes(roomId) && !asked.has(roomId));
    if ((isOld || lacksSome) && notBefore <= clock.now()) return ask(wanted);
    if (known === null) return;
    const now = pick(wanted, covered);
    if (wordsOf(now) !== wordsOf(known.rooms)) await put({ ...known, rooms: now });
  }

  async function ask(wanted: PermitRooms): Promise<void> {
    notBefore = clock.now() + askAgainMs;
    const answer = await relay.pushToken(await session());
    if (!answer.ok) return;
    notBefore = Number.NEGATIVE_INFINITY;
    asked = new Set(Object.keys(wanted));
    const { token, expiresInMs } = answer.value;
    covered = answer.value.rooms;
    await put({ token, expiresAt: clock.now() + expiresInMs, rooms: pick(wanted, covered) });
  }

  async function put(permit: UploadPermit): Promise<void> {
    await store.write(["meta"], (tx) => tx.putUploadPermit(permit));
    known = permit;
  }
}

function wordsOf(rooms: PermitRooms): string {
  return Object.entries(rooms).map(([roomId, { logGen, epoch }]) => `${roomId} ${logGen} ${epoch}`).sort().join("\n");
}

function pick(rooms: PermitRooms, roomIds: readonly string[]): PermitRooms {
  return Object.fromEntries(roomIds.flatMap((roomId) => (rooms[roomId] === undefined ? [] : [[roomId, rooms[roomId]]])));
}
