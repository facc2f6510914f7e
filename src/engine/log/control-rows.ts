import type { ControlBody } from "#protocol/control.ts";
import type { Envelope } from "#protocol/record.ts";
import type { RecordRow } from "../storage/log-store.ts";
import { controlIn } from "./record-rows.ts";
import type { RoomContext } from "./room-context.ts";

export type ControlRecord = { seq: number | undefined; envelopeId: string; envelope: Envelope; authorId: string; body: ControlBody };

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
export function controlOf({ seq, envelopeId, deviceId: authorId, bytes }: RecordRow): ControlRecord | null {
  const control = controlIn(bytes);
  return control && { seq, envelopeId, authorId, ...control };
}
