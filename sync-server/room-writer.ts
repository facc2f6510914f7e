import type { Bytes } from "#protocol/bytes.ts";
import { type Hash, startAcc, withAccs } from "./accumulator.ts";
import type { RelayStorage, RoomState, WriteTx } from "./storage/storage.ts";
import { type Numbered, placeKey, type RoomDraft, type SignedEnvelope } from "./room-log.ts";

/** What one request wants done to one room. `take` is pure and may be run again when its first transaction failed. */
export type RoomJob<T> = {
  roomId: string;
  envelopes: readonly SignedEnvelope[];
  take(draft: RoomDraft): T;
};

export type RoomWriter = {
  /** Resolves when the commit is durable. Rejects with the storage's error; then nothing of the job is stored. */
  submit<T>(job: RoomJob<T>): Promise<T>;
  /** Bytes of envelopes that wait for a transaction. */
  waitingBytes(): number;
  /** Resolves when nothing waits any more. */
  settled(): Promise<void>;
};

type Waiting = {
  roomId: string;
  envelopes: readonly SignedEnvelope[];
  /** Works the job into the draft and gives what answers it once that is committed. */
  run(draft: RoomDraft): () => void;
  failed(error: unknown): void;
};

async function openDraft(tx: WriteTx, hash: Hash, roomId: string, envelopes: readonly SignedEnvelope[]): Promise<RoomDraft> {
  const room = await tx.lockRoom(roomId);
  const accs = await readAccs(tx, hash, roomId, room, envelopes);
  const draft: RoomDraft = { roomId, room, heads: new Map(), stored: new Map(), accs, appended: [] };
  if (room === null) return draft;
  draft.heads = await tx.chainHeads(roomId, [...new Set(envelopes.map(({ facts }) => facts.deviceId))]);
  // Only at or below its author's head can an envelope be stored already.
  const doubtful = envelopes
    .map(({ facts }) => facts)
    .filter(({ deviceId, ctr }) => ctr <= (draft.heads.get(deviceId)?.ctr ?? 0));
  if (doubtful.length === 0) return draft;
  const found = await tx.storedAt(roomId, doubtful);
  doubtful.forEach((place, index) => {
    const stored = found[index];
    if (stored) draft.stored.set(placeKey(place), stored);
  });
  return draft;
}

/** The accumulators at the head and at those numbers that the envelopes say to have seen. */
async function readAccs(
  tx: WriteTx,
  hash: Hash,
  roomId: string,
  room: RoomState | null,
  envelopes: readonly SignedEnvelope[],
): Promise<Map<number, Bytes>> {
  const seqs = new Set(envelopes.map(({ seenSeq }) => seenSeq)).add(room?.headSeq ?? 0);
  const accs = room === null ? new Map<number, Bytes>() : await tx.accsAt(roomId, [...seqs]);
  if (seqs.has(0)) accs.set(0, await startAcc(hash, roomId, room?.logGen ?? 1));
  return accs;
}

async function writeDraft(tx: WriteTx, hash: Hash, { roomId, room, heads, accs, appended }: RoomDraft, before: RoomState | null): Promise<void> {
  if (room === null || appended.length === 0) return;
  if (before === null) await tx.insertRoom(roomId, { ...room, headSeq: 0 });
  else if (before.membership !== room.membership) await tx.setMembership(roomId, room.membership);
  const head = accs.get(before?.headSeq ?? 0);
  if (head === undefined) throw new Error(`room ${roomId} has lost the accumulator at its head`);
  await tx.appendEnvelopes(roomId, await withAccs(hash, head, appended));
  const authors = new Set(appended.map(({ deviceId }) => deviceId));
  await tx.setChainHeads(roomId, new Map([...heads].filter(([deviceId]) => authors.has(deviceId))));
}

/**
 * Group commit: everything that has arrived when `defer` calls back goes into one transaction, since a sync of the disk costs more than all else together.
 * @param defer calls back when the requests that are here already have been read
 * @param committed gets each room's new envelopes after their commit, in the order of their numbers; it must not throw
 */
export function createRoomWriter(
  storage: RelayStorage,
  hash: Hash,
  defer: (run: () => void) => void,
  committed: (roomId: string, appended: readonly Numbered[]) => void,
): RoomWriter {
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let running: Promise<void> | null = null;

  const write = (batch: readonly Waiting[]) => {
    const byRoom = Map.groupBy(batch, ({ roomId }) => roomId);
    return storage.write(async (tx) => {
      const drafts: RoomDraft[] = [];
      const answers: (() => void)[] = [];
      for (const roomId of [...byRoom.keys()].sort()) {
        const jobs = byRoom.get(roomId) ?? [];
        const draft = await openDraft(tx, hash, roomId, jobs.flatMap(({ envelopes }) => envelopes));
        const before = draft.room;
        for (const job of jobs) answers.push(job.run(draft));
        await writeDraft(tx, hash, draft, before);
        drafts.push(draft);
      }
      return { drafts, answers };
    });
  };

  const commit = async (batch: readonly Waiting[]): Promise<void> => {
    let written: Awaited<ReturnType<typeof write>>;
    try {
      written = await write(batch);
    } catch (error) {
      // One job's fault is not its neighbours': each gets a transaction of its own.
      if (batch.length > 1) for (const job of batch) await commit([job]);
      else batch[0]?.failed(error);
      return;
    }
    for (const { roomId, appended } of written.drafts) if (appended.length > 0) committed(roomId, appended);
    for (const answer of written.answers) answer();
  };

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      await new Promise<void>(defer);
      const batch = waiting;
      waiting = [];
      waitingBytes = 0;
      await commit(batch);
    }
    running = null;
  };

  return {
    submit: (job) =>
      new Promise((resolve, reject) => {
        waiting.push({
          roomId: job.roomId,
          envelopes: job.envelopes,
          run(draft) {
            const result = job.take(draft);
            return () => resolve(result);
          },
          failed: reject,
        });
        for (const { bytes } of job.envelopes) waitingBytes += bytes.length;
        running ??= drain();
      }),
    waitingBytes: () => waitingBytes,
    settled: async () => {
      await running;
    },
  };
}
