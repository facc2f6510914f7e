import type { Bytes } from "#protocol/bytes.ts";
import { type ControlBody, parseControlBody } from "#protocol/control.ts";
import { limits } from "#protocol/limits.ts";
import { type Envelope, envelopeTypes, parseEnvelope, typeOffset } from "#protocol/record.ts";
import { gather } from "../platform/gather.ts";
import type { LogStore, ReadTx, RecordRow } from "../storage/log-store.ts";

export type RowsAfter = (place: { roomId: string; afterLocal: number }) => Promise<RecordRow[]>;

/** The rows after a place in a room; those that are asked for together are read together. */
export function gatherRowsAfter(store: LogStore): RowsAfter {
  return gather((places: readonly { roomId: string; afterLocal: number }[]) =>
    store.read(["records"], (tx) => Promise.all(places.map(({ roomId, afterLocal }) => tx.rowsAfter(roomId, afterLocal)))),
  );
}

/** What the status shows of a room's rows. */
export async function countRows(tx: ReadTx, roomId: string): Promise<{ unsent: number; unconfirmed: number; lost: number; quarantined: number }> {
  const [unacked, unconfirmed, lost, quarantined] = await Promise.all([tx.unacked(roomId), tx.countAcked(roomId), tx.countLost(roomId), tx.countQuarantined(roomId)]);
  // Own savings that the relay had once are among what it has not.
  const lostRows = lost === 0 ? [] : await tx.lost(roomId);
  return { unsent: countEdits([...unacked, ...lostRows]), unconfirmed, lost, quarantined };
}

export function isControl(row: RecordRow): boolean {
  return row.bytes[typeOffset] === envelopeTypes.control;
}

export function isHeartbeat(row: Pick<RecordRow, "bytes">): boolean {
  return row.bytes[typeOffset] === envelopeTypes.heartbeat;
}

/** Whether the row destroys what others hold. SPEC.md [Z3]. */
export function isPurge(row: RecordRow): boolean {
  return isControl(row) && controlIn(row.bytes)?.body.action === "purge";
}

/** A control record's envelope and what it does; null for bytes that hold none that can be read. */
export function controlIn(bytes: Bytes): { envelope: Envelope; body: ControlBody } | null {
  const parsed = parseEnvelope(bytes);
  if (!parsed.ok || parsed.envelope.type !== "control") return null;
  const control = parseControlBody(parsed.envelope.clear);
  return control.ok ? { envelope: parsed.envelope, body: control.body } : null;
}

export function countEdits(rows: readonly RecordRow[]): number {
  return rows.reduce((sum, row) => sum + (row.edits ?? 0), 0);
}

/** How many of these, from the first on, one push may carry; always one. @param sizes in bytes */
export function countForPush(sizes: readonly number[]): number {
  let total = 0;
  const tooMany = sizes.findIndex((size, index) => {
    total += size + 4;
    return index > 0 && (total > limits.pushBytes || index === limits.pushEnvelopes);
  });
  return tooMany === -1 ? sizes.length : tooMany;
}
