import type { Bytes } from "#protocol/bytes.ts";
import { type ControlBody, parseControlBody } from "#protocol/control.ts";
import { type Envelope, parseEnvelope } from "#protocol/record.ts";
import type { RecordRow } from "../storage/log-store.ts";
import { isControl } from "./record-rows.ts";
import type { RoomContext } from "./room-context.ts";

export type ControlRecord = { local: number; seq: number | undefined; envelopeId: string; envelope: Envelope; authorId: string; body: ControlBody };

/** The control records from this one back to the genesis: each names the one before it, so that no other row need be read. SPEC.md [C3]. */
export async function readControls(room: RoomContext, newest: string): Promise<ControlRecord[]> {
  const records: ControlRecord[] = [];
  return room.parts.store.read(["records"], async (tx) => {
    for (let id: string | null = newest; id !== null; ) {
      const row: RecordRow | undefined = await tx.rowWithId(id);
      const record: ControlRecord | null = row === undefined ? null : controlOf(row);
      if (record === null) break;
      records.push(record);
      id = record.body.action === "genesis" ? null : record.body.previousControl;
    }
    return records;
  });
}

/** null for a row that is no control record. */
export function controlOf({ local, seq, envelopeId, deviceId: authorId, bytes }: RecordRow): ControlRecord | null {
  const control = controlIn(bytes);
  return control && { local, seq, envelopeId, authorId, ...control };
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
