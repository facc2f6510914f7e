import { toHex } from "#protocol/bytes.ts";
import type { ControlAction } from "#protocol/control.ts";
import type { Generation } from "#protocol/log-rules.ts";
import { type Envelope, parseEnvelope } from "#protocol/record.ts";
import type { EvidenceRow, RecordRow } from "../storage/log-store.ts";
import { controlIn, controlOf } from "./control-rows.ts";
import { listMembers, readTold, readWords, type RoomMember } from "./members.ts";
import { byLogOrder, openInside, readRows } from "./reader.ts";
import type { UpdateInside } from "./record.ts";
import type { RoomContext } from "./room-context.ts";
import type { LogFault } from "./room-state.ts";

// What a person who looks after a room asks of its log. Read from the disk when it is asked for: none of it is needed to work.

/** A saving that stands behind the fence of a removed device. `authoredAt` is in ms by that device's clock, null where it does not open. */
export type DoubtfulRecord = { author: RoomMember; ctr: number; authoredAt: number | null; docIds: readonly string[] };

/** A piece that was kept: of a fault, or a control record that a restored relay has lost. */
export type KeptEvidence = { fault: string; seq: number; foundAt: number; sizeBytes: number; authorId: string | null; ctr: number | null; action: ControlAction | null };

/** Ids, numbers, sizes and times of a room. Never content, names or keys. */
export type RoomEvidence = {
  roomId: string;
  deviceId: string;
  genesis: string;
  controlHead: string | null;
  epoch: number | null;
  seq: number;
  generations: readonly Generation[];
  acceptedGen: number | null;
  fault: LogFault | null;
  setBack: boolean;
  unsent: number;
  lost: number;
  kept: readonly KeptEvidence[];
  quarantined: readonly { envelopeId: string; deviceId: string; seq: number | null; reason: string; sizeBytes: number }[];
};

/**
 * The last counter of a device before a time, by the device's own clock. What has no time, or does not open, goes with what stands before it. All counters in
 * the log where it has written nothing since.
 */
export async function lastCounterBefore(room: RoomContext, deviceId: string, timeMs: number): Promise<number> {
  const written = await writtenBy(room, new Set([deviceId]));
  for (const { row, envelope } of written) {
    const at = await timeOf(room, row, envelope);
    if (at !== null && at >= timeMs) return envelope.ctr - 1;
  }
  return written.at(-1)?.envelope.ctr ?? 0;
}

/** What removed devices wrote behind their fence, in the order of the log, and then what others have quoted of that. SPEC.md [C10], [G7]. */
export async function listDoubtful(room: RoomContext): Promise<DoubtfulRecord[]> {
  const removed = room.status.get().state.membership?.removed ?? {};
  const fenced = new Map(Object.entries(removed).filter(([, { cut, fence }]) => fence < cut));
  if (fenced.size === 0) return [];
  const describe = await readTold(room);
  const written = await writtenBy(room, new Set(fenced.keys()));
  const found: DoubtfulRecord[] = [];
  for (const { row, envelope } of written) {
    const device = fenced.get(row.deviceId);
    if (device === undefined || envelope.ctr <= device.fence || envelope.ctr > device.cut || envelope.type !== "update") continue;
    const inside = await openInside(row, room.cipher).catch(() => null);
    found.push({ author: describe(row.deviceId, device), ctr: envelope.ctr, ...told(inside) });
  }
  for (const { author, inside, quotedCtr } of await readQuotes(room)) {
    const device = fenced.get(author);
    if (device === undefined || quotedCtr <= device.fence) continue;
    found.push({ author: describe(author, device), ctr: quotedCtr, ...told(inside) });
  }
  return found;
}

function told(inside: UpdateInside | null): Pick<DoubtfulRecord, "authoredAt" | "docIds"> {
  return { authoredAt: inside?.authoredAt ?? null, docIds: Array.from(new Set(inside?.items.map(({ docId }) => docId))) };
}

/** Only a log that was restored has any. */
async function readQuotes(room: RoomContext): Promise<{ author: string; inside: UpdateInside; quotedCtr: number }[]> {
  if (room.status.get().state.generations.length === 1) return [];
  const rows = await room.parts.store.read(["records"], (tx) => tx.rowsAfter(room.keys.roomId, 0));
  return (await readRows(room, rows.toSorted(byLogOrder))).flatMap(({ reading }) =>
    reading.type === "update" && reading.quotedCtr !== undefined ? [{ author: reading.author, inside: reading.inside, quotedCtr: reading.quotedCtr }] : [],
  );
}

/** The members' devices that have written something in this generation of the log, or a later one: since then they were online. */
export async function devicesSince(room: RoomContext, logGen: number): Promise<string[]> {
  const members = await listMembers(room);
  const written = await writtenBy(room, new Set(members.map(({ deviceId }) => deviceId)));
  return Array.from(new Set(written.filter(({ envelope }) => envelope.logGen >= logGen).map(({ row }) => row.deviceId)));
}

export async function readEvidence(room: RoomContext): Promise<RoomEvidence> {
  const { roomId, deviceId, genesis } = room.keys;
  const { state, setBack, unsent, lost } = room.status.get();
  const [kept, quarantined] = await room.parts.store.read(["records", "evidence"], (tx) => Promise.all([tx.evidenceOf(roomId), tx.quarantined(roomId)]));
  return {
    roomId,
    deviceId,
    genesis,
    controlHead: state.membership?.controlHead ?? null,
    epoch: state.membership?.epoch ?? null,
    seq: state.seq,
    generations: state.generations.map(({ logGen, fromSeq }) => ({ logGen, fromSeq })),
    acceptedGen: state.membership?.acceptedGen ?? null,
    fault: state.fault,
    setBack,
    unsent,
    lost,
    kept: kept.map(describeKept),
    quarantined: quarantined.map((row) => ({
      envelopeId: row.envelopeId,
      deviceId: row.deviceId,
      seq: row.seq ?? null,
      reason: row.quarantined ?? "",
      sizeBytes: row.bytes.length,
    })),
  };
}

function describeKept({ fault, seq, foundAt, bytes }: EvidenceRow): KeptEvidence {
  const parsed = parseEnvelope(bytes);
  const known = { fault, seq, foundAt, sizeBytes: bytes.length };
  if (!parsed.ok) return { ...known, authorId: null, ctr: null, action: null };
  const { envelope } = parsed;
  return { ...known, authorId: toHex(envelope.deviceId), ctr: envelope.ctr, action: controlIn(bytes)?.body.action ?? null };
}

type Written = { row: RecordRow; envelope: Envelope };

/** What stands in the log by these devices, in its order: a device's counters grow in it. */
async function writtenBy(room: RoomContext, devices: ReadonlySet<string>): Promise<Written[]> {
  const rows = await room.parts.store.read(["records"], (tx) => tx.rowsAfter(room.keys.roomId, 0));
  return rows
    .filter((row) => row.seq !== undefined && devices.has(row.deviceId))
    .toSorted((a, b) => (a.seq ?? 0) - (b.seq ?? 0))
    .flatMap((row) => {
      const parsed = parseEnvelope(row.bytes);
      return parsed.ok ? [{ row, envelope: parsed.envelope }] : [];
    });
}

async function timeOf(room: RoomContext, row: RecordRow, envelope: Envelope): Promise<number | null> {
  if (envelope.type === "update") return (await openInside(row, room.cipher).catch(() => null))?.authoredAt ?? null;
  const control = controlOf(row);
  return control === null ? null : ((await readWords(room, control)).at ?? null);
}
