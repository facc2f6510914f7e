import { fromHex, type Bytes } from "#protocol/bytes.ts";
import { accSeenIn, firstGeneration, startGenerations, sumUp, type Generation, type Hash } from "#protocol/log-rules.ts";
import type { Membership } from "#protocol/membership.ts";
import { envelopeTypes, typeOffset } from "#protocol/record.ts";
import type { RelayStorage, RoomState, Stored, WriteTx } from "./storage/storage.ts";
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
  const generations = room?.generations ?? bornGenerations(await tx.restoredGen());
  const accs = room === null ? new Map<number, Bytes>() : await tx.accsAt(roomId, seqsToKnow(room, envelopes));
  const started = await startGenerations(hash, fromHex(roomId), generations, (seq) => accs.get(seq));
  const draft: RoomDraft = { roomId, room, heads: new Map(), stored: new Map(), generations: started, accs, updates: new Map(), appended: [], purged: [] };
  if (room === null) return draft;
  draft.updates = await namedUpdates(tx, roomId, envelopes);
  // Who is removed is named with its last envelope.
  const members = envelopes.some(({ control }) => control !== null) ? Object.keys(room.membership.devices) : [];
  draft.heads = await tx.chainHeads(roomId, [...new Set([...members, ...envelopes.map(({ facts }) => facts.deviceId)])]);
  // Only at or below its author's head can an envelope be stored already; and what continues another one than the head is answered with that.
  const doubtful = envelopes.flatMap(({ facts: { deviceId, ctr, prev } }) => {
    const head = draft.heads.get(deviceId);
    if (head === undefined || ctr > head.ctr + 1) return [];
    if (ctr <= head.ctr) return [{ deviceId, ctr }];
    return prev === head.tip ? [] : [{ deviceId, ctr: head.ctr }];
  });
  if (doubtful.length === 0) return draft;
  const found = await tx.storedAt(roomId, doubtful);
  doubtful.forEach((place, index) => {
    const stored = found[index];
    if (stored) draft.stored.set(placeKey(place), stored);
  });
  return draft;
}

/** Those envelopes that purges name, where they are updates. What another purge has taken was one. */
async function namedUpdates(tx: WriteTx, roomId: string, envelopes: readonly SignedEnvelope[]): Promise<Map<string, Stored>> {
  const named = envelopes.flatMap(({ control }) => (control?.action === "purge" ? control.dropped : []));
  const updates = new Map<string, Stored>();
  if (named.length === 0) return updates;
  const stored = await tx.storedAt(roomId, named);
  for (const [index, place] of named.entries()) {
    const found = stored[index];
    const bytes = found ? await tx.bytesAt(roomId, place) : null;
    if (found && (bytes === null || bytes[typeOffset] === envelopeTypes.update)) updates.set(placeKey(place), found);
  }
  return updates;
}

/** In a room that is made after a restore, something may have been lost before its first envelope. SPEC.md [G6]. */
function bornGenerations(restoredGen: number): Generation[] {
  return restoredGen > 1 ? [firstGeneration, { logGen: restoredGen, fromSeq: 0 }] : [firstGeneration];
}

/** The head, what the envelopes say to have seen, and where a generation begins. */
function seqsToKnow({ headSeq, generations }: RoomState, envelopes: readonly SignedEnvelope[]): number[] {
  return [...new Set([headSeq, ...generations.map(({ fromSeq }) => fromSeq), ...envelopes.map(({ facts }) => facts.seenSeq)])];
}

async function writeDraft(tx: WriteTx, hash: Hash, draft: RoomDraft, before: RoomState | null): Promise<void> {
  const { roomId, room, heads, generations, accs, appended } = draft;
  if (room === null || appended.length === 0) return;
  if (before === null) await tx.insertRoom(roomId, room.membership, room.generations);
  else if (before.membership !== room.membership) await tx.setMembership(roomId, room.membership);
  // Whoever was removed may read on to the record that says so, and do nothing else.
  for (const deviceId of removedBy(before?.membership, room.membership)) await tx.endPushTokens(roomId, deviceId);
  const headSeq = before?.headSeq ?? 0;
  const acc = accSeenIn(generations, (seq) => accs.get(seq), room.logGen, headSeq);
  if (acc === undefined) throw new Error(`room ${roomId} has lost the accumulator at its head`);
  const sums = await sumUp(hash, fromHex(roomId), generations, { seq: headSeq, acc }, appended.map(({ envelopeId }) => fromHex(envelopeId)));
  const summed = appended.map((envelope, index) => ({ ...envelope, acc: sums.accs[index] as Bytes }));
  // Nothing is taken behind a shred: it is the last, and alone keeps its bytes, for those who come late to be told.
  const isShredded = room.membership.shredded && before?.membership.shredded !== true;
  const [kept, last] = isShredded ? [summed.slice(0, -1), summed.slice(-1)] : [summed, []];
  await tx.appendEnvelopes(roomId, kept);
  if (isShredded) {
    await tx.shredRoom(roomId);
    await tx.appendEnvelopes(roomId, last);
  }
  if (draft.purged.length > 0) await tx.dropBytes(roomId, draft.purged);
  const authors = new Set(appended.map(({ deviceId }) => deviceId));
  await tx.setChainHeads(roomId, new Map([...heads].filter(([deviceId]) => authors.has(deviceId))));
}

function removedBy(before: Membership | undefined, after: Membership): string[] {
  return before === undefined || before.removed === after.removed ? [] : Object.keys(after.removed).filter((deviceId) => before.removed[deviceId] === undefined);
}

/**
 * Group commit: everything that has arrived when `defer` calls back goes into one transaction, since a sync of the disk costs more than all else together.
 * @param defer calls back when the requests that are here already have been read
 * @param committed gets each room's new envelopes after their commit, in the order of their numbers, and the membership behind them; it must not throw
 */
export function createRoomWriter(
  storage: RelayStorage,
  hash: Hash,
  defer: (run: () => void) => void,
  committed: (roomId: string, appended: readonly Numbered[], membership: Membership) => void,
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
    for (const { roomId, room, appended } of written.drafts) if (room !== null && appended.length > 0) committed(roomId, appended, room.membership);
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
