import { type Bytes, concatBytes, fromBase64Url, toHex } from "#protocol/bytes.ts";
import { type ControlBody, devicesBroughtBy, type MemberDevice, parseControlBody, type Role, type Wrap } from "#protocol/control.ts";
import { type Envelope, parseEnvelope } from "#protocol/record.ts";
import { sha256 } from "../crypto/primitives.ts";
import { wrapSecret } from "../crypto/wrap.ts";
import { publicLeaf, type RoomKeys } from "../keys/keyring.ts";
import type { RecordRow } from "../storage/log-store.ts";
import { hasUnsent, sealOwn } from "./outbox.ts";
import { commitmentInput } from "./record.ts";
import type { SealedEnvelope } from "./room-cipher.ts";
import { chainStart, type RoomContext } from "./room-context.ts";

/** One person's device as the others see it. */
export type RoomMember = { deviceId: string; memberId: string; role: Role; name: string | null };

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * The room's first record, with this device as its author and, where the service has one, the recovery device. SPEC.md [C2].
 * @param secret of the first epoch
 */
export async function sealGenesis(
  room: RoomContext,
  serviceId: string,
  secret: Bytes,
  name: string,
  recovery: MemberDevice | null,
): Promise<SealedEnvelope> {
  const { roomId, kind, memberId, role, deviceId } = room.keys;
  const own: MemberDevice = { memberId, role, deviceId, leaf: publicLeaf(room.keys) };
  const members = recovery === null ? [own] : [own, recovery];
  const body: ControlBody = {
    action: "genesis",
    roomKind: kind,
    serviceId,
    members,
    commitment: toHex(await sha256(commitmentInput(roomId, 1, secret))),
    wraps: await Promise.all(members.map((member) => wrapTo(member, room.keys, 1, secret))),
  };
  return sealControl(room, chainStart, body, name);
}

/**
 * The record that adds a device to the room, for the relay to take or refuse. It is not stored: it comes back in the log, as after a lost answer. SPEC.md [C3], [C8].
 * @returns «notNow» when the room's state does not allow it: sync, then try again
 */
export async function sealAddMember(room: RoomContext, member: MemberDevice, name: string): Promise<Bytes | "isMember" | "notNow"> {
  const { membership } = room.status.get().state;
  if (membership?.devices[member.deviceId] !== undefined) return "isMember";
  const secret = membership === null ? undefined : room.keys.secrets[membership.epoch];
  if (membership === null || secret === undefined || (await hasUnsent(room))) return "notNow";
  const body: ControlBody = {
    action: "addMember",
    previousControl: membership.controlHead,
    member,
    commitment: membership.commitment,
    wraps: [await wrapTo(member, room.keys, membership.epoch, secret)],
  };
  return (await sealControl(room, room.head, body, name)).bytes;
}

/** Everyone in the room. A name is null until the record that holds it can be opened. */
export async function listMembers(room: RoomContext): Promise<RoomMember[]> {
  const { membership } = room.status.get().state;
  const { deviceId, memberId, role } = room.keys;
  const devices = membership?.devices ?? { [deviceId]: { memberId, role } };
  const records = await readControls(room, membership?.controlHead ?? room.keys.genesis);
  const names = new Map(await Promise.all(records.map((record) => readName(room, record))));
  return Object.entries(devices).map(([deviceId, { memberId, role }]) => ({
    deviceId,
    memberId,
    role,
    name: names.get(deviceId) ?? null,
  }));
}

type ControlRecord = { envelope: Envelope; authorId: string; body: ControlBody };

/** The control records from this one back to the genesis: each names the one before it, so that no other row need be read. SPEC.md [C3]. */
async function readControls(room: RoomContext, newest: string): Promise<ControlRecord[]> {
  return room.parts.store.read(["records"], async (tx) => {
    const records: ControlRecord[] = [];
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
  return control.ok ? { envelope: parsed.envelope, authorId: row.deviceId, body: control.body } : null;
}

async function readName(room: RoomContext, { envelope, authorId, body }: ControlRecord): Promise<[string, string | null]> {
  const about = devicesBroughtBy(body)[0]?.deviceId ?? authorId;
  try {
    const inside = JSON.parse(decoder.decode(await room.cipher.open("control", envelope, authorId))) as { name?: unknown };
    return [about, typeof inside.name === "string" ? inside.name : null];
  } catch {
    return [about, null];
  }
}

function sealControl(room: RoomContext, after: RoomContext["head"], body: ControlBody, name: string): Promise<SealedEnvelope> {
  return sealOwn(room, "control", after, { clear: jsonBytes(body), inside: jsonBytes({ name }) });
}

function wrapTo(member: MemberDevice, { roomId }: RoomKeys, epoch: number, secret: Bytes): Promise<Wrap> {
  return wrapSecret({ deviceId: member.deviceId, kem: fromBase64Url(member.leaf.kem) }, roomId, epoch, secret);
}

function jsonBytes(value: unknown): Bytes {
  return concatBytes(encoder.encode(JSON.stringify(value)));
}
