import { devicesBroughtBy, type Role } from "#protocol/control.ts";
import type { Membership } from "#protocol/membership.ts";
import type { Ties } from "./changes.ts";
import { ControlWords } from "./control-words.ts";
import { type ControlRecord, readControls } from "./control-rows.ts";
import type { RoomContext } from "./room-context.ts";

/**
 * One person's device as the others see it. `person` and `device` are the same in every room that this device and these others share; `addedAt` is in ms,
 * by the clock of who added it; `lastSeen` is when it last wrote here, in ms by its own clock and never ahead of now. What is null or its own id until the record that tells it can be opened.
 */
export type RoomMember = { deviceId: string; memberId: string; role: Role; name: string | null; addedAt: number | null; lastSeen: number | null } & Ties;

/** What the room was told of a device when it came in. */
type Told = { words: ControlWords; memberId: string; isFirst: boolean };

const decoder = new TextDecoder();

/** Everyone in the room. A name is null until the record that holds it can be opened; the recovery device is nobody and has none. */
export async function listMembers(room: RoomContext): Promise<RoomMember[]> {
  const { membership } = room.status.get().state;
  const { deviceId, memberId, role } = room.keys;
  const devices: Membership["devices"] | Record<string, Pick<RoomMember, "memberId" | "role">> = membership?.devices ?? { [deviceId]: { memberId, role } };
  const describe = await readTold(room);
  return Object.entries(devices).map(([id, device]) => describe(id, device));
}

/** @returns what describes a device that is or was in the room */
export async function readTold(room: RoomContext): Promise<(deviceId: string, device: Pick<RoomMember, "memberId" | "role">) => RoomMember> {
  const { membership, seen } = room.status.get().state;
  const records = await readControls(room, membership?.controlHead ?? room.keys.genesis);
  const told = new Map((await Promise.all(records.map((record) => readOne(room, record)))).flat());
  const now = room.parts.clock.now();
  return (deviceId, { memberId, role }) => {
    const own = told.get(deviceId);
    const seenAt = seen.devices[deviceId]?.at ?? null;
    const ofPerson = Array.from(told.values()).filter((one) => one.memberId === memberId);
    return {
      deviceId,
      memberId,
      role,
      // The word in the record that brings in a recovery device is of who made the code.
      name: role === "recovery" ? null : own?.words.name ?? ofPerson.find(({ words }) => words.name !== undefined)?.words.name ?? null,
      addedAt: own?.words.at ?? null,
      lastSeen: seenAt === null ? null : Math.min(seenAt, now),
      // Whose a further device is, its memberId tells: anybody may add one to themselves, and nobody thereby becomes somebody else.
      person: ofPerson.find(({ isFirst }) => isFirst)?.words.person ?? memberId,
      device: own?.words.device ?? deviceId,
    };
  };
}

async function readOne(room: RoomContext, record: ControlRecord): Promise<[string, Told][]> {
  const [about] = devicesBroughtBy(record.body);
  if (about === undefined) return [];
  return [[about.deviceId, { words: await readWords(room, record), memberId: about.memberId, isFirst: record.body.action !== "addDevice" }]];
}

/** What stands in the sealed part; nothing where it does not open. */
export async function readWords(room: RoomContext, { envelope, authorId }: ControlRecord): Promise<ControlWords> {
  try {
    return ControlWords.parse(JSON.parse(decoder.decode(await room.cipher.open("control", envelope, authorId))));
  } catch {
    return {};
  }
}
