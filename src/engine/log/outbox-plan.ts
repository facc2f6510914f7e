import * as Y from "yjs";
import type { Bytes } from "#protocol/bytes.ts";
import { limits } from "#protocol/limits.ts";
import type { ChainHead } from "#protocol/log-rules.ts";
import { countStructs } from "./clients.ts";
import { isQuote, quotedDocId, type UpdateInside, type UpdateItem } from "./record.ts";

// What the outbox does next, decided over plain data: no disk, no keys, no clock. `outbox.ts` reads the rows and carries the plan out.

/** An own envelope that has not come back inside the verified log. SPEC.md [W4]. */
export type OutboxRow = {
  local: number;
  ctr: number;
  /** Envelope id, hexadecimal. */
  id: string;
  /** Envelope id of the own envelope before it. */
  prev: string;
  /** `attempted`: the relay may have it. `acked`: it has. */
  stage: "sealed" | "attempted" | "acked";
  /** What it was sealed in. */
  epoch: number;
  logGen: number;
  /** How many savings of a person it holds. */
  edits: number;
};

export type Placed = {
  /** The end of the part of the own chain that stays as it is. */
  end: ChainHead;
  /** Sent again as the same bytes. SPEC.md [W2]. */
  resend: OutboxRow[];
  /** May be sealed again, or must be. */
  loose: OutboxRow[];
  /** Whether the loose ones continue the chain from `end` as they are. */
  inPlace: boolean;
};

export type Fold = {
  /** The envelopes before the first of the new ones. */
  base: ChainHead;
  /** Locals of the rows whose content is in the batches. */
  replaced: number[];
  /** Locals of the rows that cannot be read. They cannot be sent, and are not deleted either. */
  setAside: number[];
  batches: FoldBatch[];
};

export type FoldBatch = UpdateInside & {
  edits: number;
  /** The last envelope among those it replaces that may have left the device; null where none has. SPEC.md [W10]. */
  resealOf: string | null;
};

/** What one folded envelope may carry before it is sealed: half the envelope limit even if nothing deflates. */
const foldBytesMax = limits.envelopeBytes / 2;

/** Merging may add a few, where one update does not go on where another ended. */
const foldStructsMax = limits.insideStructs / 2;

/** Where the own chain has been confirmed, and in which epoch and generation the room is there. */
export type Confirmed = { head: ChainHead; epoch: number; logGen: number };

/**
 * Sorts the outbox into what stays and what may be folded, by walking the own chain from where the log has confirmed it.
 * What does not continue the chain can never be taken by the relay: its counter was taken in the log by another envelope of this device (a profile
 * that was set back, or copied), or what it continues was. Nor can what was sealed in an epoch or a generation that is over. That is written again
 * behind the rest, also when it was attempted. SPEC.md [W2], [W10].
 */
export function placeRows({ head, epoch, logGen }: Confirmed, rows: readonly OutboxRow[]): Placed {
  let end = head;
  const resend: OutboxRow[] = [];
  const loose: OutboxRow[] = [];
  const isCurrent = (row: OutboxRow) => row.epoch === epoch && row.logGen === logGen;
  for (const row of rows.toSorted((a, b) => a.ctr - b.ctr)) {
    const stays = row.stage !== "sealed" && continues(end, row) && isCurrent(row);
    if (stays) end = { ctr: row.ctr, tip: row.id };
    if (!stays && row.stage !== "acked") loose.push(row);
    if (stays && row.stage === "attempted") resend.push(row);
  }
  let next = end;
  const inPlace = loose.every((row) => {
    const fits = continues(next, row) && isCurrent(row);
    next = { ctr: row.ctr, tip: row.id };
    return fits;
  });
  return { end, resend, loose, inPlace };
}

/**
 * The loose rows as fewer and larger envelopes, under the first of their counters, or null when they are best sent as they are. SPEC.md [W3].
 * @param insides what could be read of the loose rows, by local
 */
export function planFold({ end, loose, inPlace }: Placed, insides: ReadonlyMap<number, UpdateInside>): Fold | null {
  const batches: { rows: OutboxRow[]; insides: UpdateInside[] }[] = [];
  const setAside: number[] = [];
  let [batchBytes, batchStructs] = [0, 0];
  let isQuoting = false;
  for (const row of loose) {
    const inside = insides.get(row.local);
    if (inside === undefined) {
      setAside.push(row.local);
      continue;
    }
    const sizeBytes = inside.items.reduce((sum, { update }) => sum + update.length, 0);
    let batch = batches.at(-1);
    const wasQuoting = isQuoting;
    isQuoting = isQuote(inside);
    const structs = isQuoting ? 0 : countStructs(inside);
    if (batch === undefined || isQuoting || wasQuoting || batchBytes + sizeBytes > foldBytesMax || batchStructs + structs > foldStructsMax) {
      batch = { rows: [], insides: [] };
      batches.push(batch);
      [batchBytes, batchStructs] = [0, 0];
    }
    batch.rows.push(row);
    batch.insides.push(inside);
    batchBytes += sizeBytes;
    batchStructs += structs;
  }
  if (inPlace && batches.length === loose.length) return null;
  return {
    base: end,
    replaced: batches.flatMap(({ rows }) => rows.map(({ local }) => local)),
    setAside,
    batches: batches.map(({ rows, insides }) => ({
      // The newest saving's time: when it was written, not when it was folded.
      authoredAt: Math.max(...insides.map(({ authoredAt }) => authoredAt)),
      items: mergeByDocument(insides.flatMap(({ items }) => items)),
      edits: rows.reduce((sum, { edits }) => sum + edits, 0),
      resealOf: rows.findLast(({ stage }) => stage !== "sealed")?.id ?? null,
    })),
  };
}

function continues(end: ChainHead, row: OutboxRow): boolean {
  return row.ctr === end.ctr + 1 && row.prev === end.tip;
}

function mergeByDocument(items: readonly UpdateItem[]): UpdateItem[] {
  const [only] = items;
  if (only?.docId === quotedDocId) return [only];
  return Array.from(Map.groupBy(items, ({ docId }) => docId), ([docId, ofDocument]) => ({
    docId,
    update: Y.mergeUpdatesV2(ofDocument.map(({ update }) => update)) as Bytes,
  }));
}
