import { type ControlBody, parseControlBody } from "#protocol/control.ts";
import { type Envelope, parseEnvelope } from "#protocol/record.ts";
import type { RecordRow } from "../storage/log-store.ts";
import type { RoomContext } from "./room-context.ts";

export type ControlRecord = { seq: number | undefined; envelopeId: string; envelope: Envelope; authorId: string; body: ControlBody };

/** The control records from this one back to the genesis: each names the one before it, so that no other row need be read. SPEC.md [C3]. */
export async function readControls(room: RoomContext, newest: string): Promise<ControlRecord[]> {
  const records: ControlRecord[] = [];
  return room.parts.store.read(["records"], async (tx) => {
    for (let id: string | null = newest; id !== null; ) {
      const row: RecordRow | undefined = await tx.rowWithId(id);
      const record: ControlRecord | null = row === undefined ? null : parseControl(row);
      if (record === null) break;
      records.push(record);
      id = record.body.action === "genesis" ? null : record.body.previousControl;
    }
    return records;
  });
}

function parseControl(row: RecordRow): ControlRecord | null {
  const parsed = parseEnvelope(row.bytes);
  if (!parsed.ok) return null;
  const control = parseControlBody(parsed.envelope.clear);
  const { seq, envelopeId, deviceId: authorId } = row;
  return control.ok ? { seq, envelopeId, envelope: parsed.envelope, authorId, body: control.body } : null;
}
