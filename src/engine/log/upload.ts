import { type Bytes, toHex } from "#protocol/bytes.ts";
import type { Answer, PushAnswer, Refusal } from "#protocol/messages.ts";
import { parseEnvelope } from "#protocol/record.ts";
import { RelayUnreachableError } from "../platform/errors.ts";
import type { RecordRow, UploadPermit, UploadStore } from "../storage/log-store.ts";
import { countForPush, isControl } from "./record-rows.ts";

/** @throws {RelayUnreachableError} */
export type PushByToken = (token: string, roomId: string, envelopes: readonly Bytes[]) => Promise<Answer<PushAnswer>>;

/** What was attempted can never be folded any more: on a network that fails in the middle, no more than these are. */
const mostAtOnce = 100;

/**
 * Sends what lies sealed on the disk, as it is: nothing is opened, folded or sealed for it, so that no key is needed. SPEC.md [U3], [U4].
 * Tabs of the profile may do what they like meanwhile.
 * @param now milliseconds since 1970
 * @param committed told of each room of which something was acked
 * @returns false when what stopped it was the network, or a relay too busy: it may be tried again by itself
 */
export async function uploadSealed(parts: { store: UploadStore; push: PushByToken; now: number; committed: (roomId: string) => void }): Promise<boolean> {
  const { store, push, now, committed } = parts;
  const permit = await store.write(["meta"], (tx) => tx.uploadPermit());
  if (permit === undefined || permit.expiresAt <= now) return true;
  let isDone = true;
  for (const [roomId, at] of Object.entries(permit.rooms)) {
    let refused: Refusal | null = null;
    try {
      refused = await uploadRoom(roomId, at);
    } catch (error) {
      if (error instanceof RelayUnreachableError) return false;
      throw error;
    }
    if (refused?.type === "busy") isDone = false;
    else if (refused !== null) await giveUp(store, permit, refused.type === "sessionExpired" ? null : roomId);
    if (refused?.type === "sessionExpired") return isDone;
  }
  return isDone;

  async function uploadRoom(roomId: string, at: { logGen: number; epoch: number }): Promise<Refusal | null> {
    for (;;) {
      const rows = await takeSealed(store, roomId, at);
      if (rows.length === 0) return null;
      const answer = await push((permit as UploadPermit).token, roomId, rows.map(({ bytes }) => bytes));
      if (!answer.ok) return answer.refusal;
      const { seqs, refused } = answer.value;
      if (seqs.length > rows.length || (seqs.length === 0 && refused === null)) {
        throw new RelayUnreachableError(`${seqs.length} numbers for ${rows.length} envelopes`);
      }
      if (seqs.length > 0) {
        await noteAcked(store, roomId, rows.slice(0, seqs.length));
        committed(roomId);
      }
      if (refused !== null) return refused;
    }
  }
}

/** Chooses and marks in one transaction: whatever tab plans to fold these, or has folded them, is before it or after it. */
function takeSealed(store: UploadStore, roomId: string, at: { logGen: number; epoch: number }): Promise<RecordRow[]> {
  return store.write(["ownHeads", "records"], async (tx) => {
    const [rows, lostCount, head] = await Promise.all([tx.unacked(roomId), tx.countLost(roomId), tx.ownHead(roomId)]);
    // A control record that waits is the genesis: the room must be made first.
    if (head === undefined || lostCount > 0 || rows.some(isControl)) return [];
    const run = unbrokenRun(rows.toSorted((a, b) => (a.ownCtr ?? 0) - (b.ownCtr ?? 0)), at).slice(0, mostAtOnce);
    const taken = run.slice(0, countForPush(run.map(({ bytes }) => bytes.length)));
    const fresh = taken.filter(({ attempted }) => attempted !== 1);
    if (fresh.length > 0) {
      await Promise.all([
        tx.updateRows(fresh.map(({ local }) => ({ local, attempted: 1 }))),
        tx.putOwnHead({ ...head, sendings: (head.sendings ?? 0) + 1 }),
      ]);
    }
    return taken;
  });
}

/** The first rows, as far as each continues the one before and was sealed for the room as it was known to be. */
function unbrokenRun(rows: readonly RecordRow[], at: { logGen: number; epoch: number }): RecordRow[] {
  let before: RecordRow | null = null;
  const broken = rows.findIndex((row) => {
    const parsed = parseEnvelope(row.bytes);
    if (!parsed.ok || row.quarantined !== undefined) return true;
    const { epoch, logGen, prev } = parsed.envelope;
    const continues = before === null || (row.ownCtr === (before.ownCtr ?? 0) + 1 && toHex(prev) === before.envelopeId);
    before = row;
    return !continues || epoch !== at.epoch || logGen !== at.logGen;
  });
  return rows.slice(0, broken === -1 ? rows.length : broken);
}

/** What has come back in the log meanwhile is not acked any more, but confirmed. SPEC.md [W4]. */
function noteAcked(store: UploadStore, roomId: string, rows: readonly RecordRow[]): Promise<void> {
  const ids = new Set(rows.map(({ envelopeId }) => envelopeId));
  return store.write(["records"], async (tx) => {
    const acked = (await tx.unacked(roomId)).filter(({ envelopeId }) => ids.has(envelopeId));
    await tx.updateRows(acked.map(({ local }) => ({ local, pending: 2 })));
  });
}

/** Nothing more is tried in the room, or anywhere if that is null, before the device is unlocked and knows better. */
function giveUp(store: UploadStore, { token }: UploadPermit, roomId: string | null): Promise<void> {
  return store.write(["meta"], async (tx) => {
    const permit = await tx.uploadPermit();
    // Another one has taken its place meanwhile.
    if (permit?.token !== token) return;
    if (roomId === null) await tx.dropUploadPermit();
    else await tx.putUploadPermit({ ...permit, rooms: Object.fromEntries(Object.entries(permit.rooms).filter(([id]) => id !== roomId)) });
  });
}
