import * as z from "zod/mini";
import { devicesBroughtBy, type Role } from "#protocol/control.ts";
import type { Membership } from "#protocol/membership.ts";
import type { ControlWords } from "./changes.ts";
import { type ControlRecord, readControls } from "./control-rows.ts";
import type { RoomContext } from "./room-context.ts";

/** One person's device as the others see it. */
export type RoomMember = { deviceId: string; memberId: string; role: Role; name: string | null };

const decoder = new TextDecoder();

/** Everyone in the room. A name is null until the record that holds it can be opened; the recovery device is nobody and has none. */
export async function listMembers(room: RoomContext): Promise<RoomMember[]> {
  const { membership } = room.status.get().state;
  const { deviceId, memberId, role } = room.keys;
  const devices: Membership["devices"] | Record<string, Pick<RoomMember, "memberId" | "role">> = membership?.devices ?? { [deviceId]: { memberId, role } };
  const records = await readControls(room, membership?.controlHead ?? room.keys.genesis);
  const names = new Map(await Promise.all(records.map((record) => readName(room, record))));
  const nameOf = (device: string, member: string) =>
    names.get(device) ?? Object.entries({ ...membership?.removed, ...devices }).map(([id, other]) => (other.memberId === member ? names.get(id) : null)).find((name) => typeof name === "string") ?? null;
  return Object.entries(devices).map(([id, device]) => ({ deviceId: id, memberId: device.memberId, role: device.role, name: device.role === "recovery" ? null : nameOf(id, device.memberId) }));
}

async function readName(room: RoomContext, record: ControlRecord): Promise<[string, string | null]> {
  const about = devicesBroughtBy(record.body)[0]?.deviceId ?? "";
  return [about, (await readWords(room, record)).name ?? null];
}

const Words = z.object({ at: z.optional(z.number()), name: z.optional(z.string()), reason: z.optional(z.string()), rooms: z.optional(z.unknown()) });

/** What stands in the sealed part; nothing where it does not open. */
export async function readWords(room: RoomContext, { envelope, authorId }: ControlRecord): Promise<ControlWords> {
  try {
    return Words.parse(JSON.parse(decoder.decode(await room.cipher.open("control", envelope, authorId)))) as ControlWords;
  } catch {
    return {};
  }
}
