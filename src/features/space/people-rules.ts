import type { Role, RoomKind } from "#protocol/control.ts";
import type { Following } from "../../engine/log/following.ts";
import type { RoomChange } from "../../engine/log/changes.ts";
import type { RoomMember } from "../../engine/log/members.ts";
import { type InvitableRole, roomsForRole, schoolOfLabel } from "./invite-rules.ts";

type Place = { roomId: string; kind: RoomKind; label: string };

/** A room with who is in it. `deviceId` is this device's own there. */
export type RoomPeople = Place & { deviceId: string; members: readonly RoomMember[] };

/** One device, with what it is called in each room. Times are in ms. */
export type PersonDevice = {
  id: string;
  isOwn: boolean;
  addedAt: number | null;
  /** When the others last had a sign of it; null where nobody can tell. */
  lastSeen: number | null;
  leaves: readonly { roomId: string; deviceId: string }[];
};

/** Somebody who holds keys of the service, as this device can tell: where it is not itself, it knows nothing of anybody. */
export type Person = {
  id: string;
  name: string | null;
  role: Role;
  isOwn: boolean;
  places: readonly (Place & { role: Role })[];
  devices: readonly PersonDevice[];
};

const roleOrder: readonly Role[] = ["consultant", "socialTeacher", "principal", "serviceLead", "recovery"];
const rank = (role: Role) => roleOrder.indexOf(role);

/** Everybody in the rooms, once each, by role and name. */
export function peopleOf(rooms: readonly RoomPeople[]): Person[] {
  const found = rooms.flatMap((room) => room.members.map((member) => ({ room, member })));
  const people = Array.from(Map.groupBy(found, ({ member }) => member.person), ([id, entries]): Person => {
    const members = entries.map(({ member }) => member);
    const places = Map.groupBy(entries, ({ room }) => room.roomId);
    return {
      id,
      name: members.find(({ name }) => name !== null)?.name ?? null,
      role: members.map(({ role }) => role).reduce((a, b) => (rank(a) <= rank(b) ? a : b)),
      isOwn: entries.some(({ room, member }) => member.deviceId === room.deviceId),
      places: Array.from(places.values()).flatMap(([first]) =>
        first === undefined ? [] : [{ roomId: first.room.roomId, kind: first.room.kind, label: first.room.label, role: first.member.role }],
      ),
      devices: devicesOf(entries),
    };
  });
  return people.sort((a, b) => rank(a.role) - rank(b.role) || (a.name ?? "").localeCompare(b.name ?? "", "nb") || (a.id < b.id ? -1 : 1));
}

function devicesOf(entries: readonly { room: RoomPeople; member: RoomMember }[]): PersonDevice[] {
  const devices = Array.from(Map.groupBy(entries, ({ member }) => member.device), ([id, own]): PersonDevice => {
    const times = (of: (member: RoomMember) => number | null) => own.flatMap(({ member }) => of(member) ?? []);
    const [added, seen] = [times(({ addedAt }) => addedAt), times(({ lastSeen }) => lastSeen)];
    return {
      id,
      isOwn: own.some(({ room, member }) => member.deviceId === room.deviceId),
      addedAt: added.length === 0 ? null : Math.min(...added),
      lastSeen: seen.length === 0 ? null : Math.max(...seen),
      leaves: own.map(({ room, member }) => ({ roomId: room.roomId, deviceId: member.deviceId })),
    };
  });
  return devices.sort((a, b) => (a.addedAt ?? 0) - (b.addedAt ?? 0) || (a.id < b.id ? -1 : 1));
}

/** The schools whose rooms a person is in. */
export function schoolsOf({ places }: Pick<Person, "places">): string[] {
  return Array.from(new Set(places.flatMap(({ label }) => schoolOfLabel(label) ?? [])));
}

/** Why this device cannot do that to somebody; null when it can. */
export function whyNotRemove(people: readonly Person[], person: Person, by: Role, device: PersonDevice | null): "notYours" | "thisDevice" | "recovery" | "lastConsultant" | null {
  if (person.role === "recovery") return "recovery";
  if (by !== "consultant" && !(person.isOwn && device !== null)) return "notYours";
  if (device === null ? person.isOwn : device.isOwn) return "thisDevice";
  const others = people.filter(({ id, role }) => role === "consultant" && id !== person.id);
  const keepsDevice = device !== null && person.devices.length > 1;
  return person.role === "consultant" && others.length === 0 && !keepsDevice ? "lastConsultant" : null;
}

/**
 * Something that is to be done in every room that it concerns. It can be left and taken up again: what is left of it, the rooms themselves tell.
 * `lastHad` is the day (ISO date) that somebody last vouches for a lost device before.
 */
export type RoomWork =
  | { type: "remove"; person: string; device: string | null; schoolId: string | null; lastHad: string | null; reason: string }
  | { type: "setRole"; person: string; role: InvitableRole; schoolId: string | null; reason: string }
  | { type: "acceptGen" }
  /** Those of the year before who have answered. */
  | { type: "follow"; people: readonly string[] }
  /** Of a school year: `label` is that of its rooms, `keepUntil` an ISO date. */
  | { type: "close"; label: string; keepUntil: string }
  | { type: "shred"; label: string };

/** What the work asks of a room now; nothing where it is done. @param fences the last counter that is vouched for, by device id; all where it is left out */
export function changesIn(work: RoomWork, room: RoomPeople & { restored: boolean; keptUntil: string | null; followers: readonly Following[] }, fences: ReadonlyMap<string, number> = new Map()): RoomChange[] {
  if (work.type === "acceptGen") return room.restored ? [{ action: "acceptGen" }] : [];
  if (work.type === "follow") return followIn(room, room.followers.filter(({ by }) => work.people.includes(by.person)));
  if (work.type === "close") return room.label === work.label && room.keptUntil === null ? [{ action: "close", keepUntil: work.keepUntil }] : [];
  if (work.type === "shred") return room.label === work.label && room.keptUntil !== null ? [{ action: "shred" }] : [];
  const ofPerson = room.members.filter(({ person }) => person === work.person);
  const remove = (members: readonly RoomMember[]): RoomChange[] => {
    // Whoever removes is not among the removed. SPEC.md [C11].
    const devices = members.filter(({ deviceId }) => deviceId !== room.deviceId).map(({ deviceId }) => ({ deviceId, ...fenceOf(fences, deviceId) }));
    return devices.length === 0 ? [] : [{ action: "remove", devices, reason: work.reason }];
  };
  if (work.type === "remove") {
    if (work.schoolId !== null && schoolOfLabel(room.label) !== work.schoolId) return [];
    return remove(ofPerson.filter(({ device }) => work.device === null || device === work.device));
  }
  if (roomsForRole(work.role, [room], work.schoolId).length === 0) return remove(ofPerson);
  const others = new Set(ofPerson.filter(({ role }) => role !== work.role).map(({ memberId }) => memberId));
  return Array.from(others, (memberId): RoomChange => ({ action: "setRole", memberId, role: work.role }));
}

/** A person's second device is added to the first. protocol: SPEC.md [C13]. */
function followIn({ members }: Pick<RoomPeople, "members">, followers: readonly Following[]): RoomChange[] {
  const known = new Set(members.map(({ memberId }) => memberId));
  return followers.map(({ memberId, deviceId, leaf, by: { role, name, person, device } }): RoomChange => {
    const action = known.has(memberId) ? "addDevice" : "addMember";
    known.add(memberId);
    return { action, member: { memberId, role, deviceId, leaf }, name: name ?? "", ties: { person, device } };
  });
}

function fenceOf(fences: ReadonlyMap<string, number>, deviceId: string): { fence?: number } {
  const fence = fences.get(deviceId);
  return fence === undefined ? {} : { fence };
}

/** The rooms of a role, against those that a person is in. */
export function roleMoves<R extends Place>(person: Person, role: InvitableRole, schoolId: string | null, rooms: readonly R[]): { goes: R[]; stays: R[]; comes: R[] } {
  const wanted = new Set(roomsForRole(role, rooms, schoolId));
  const has = new Set(person.places.map(({ roomId }) => roomId));
  return {
    goes: rooms.filter((room) => has.has(room.roomId) && !wanted.has(room)),
    stays: rooms.filter((room) => has.has(room.roomId) && wanted.has(room)),
    comes: rooms.filter((room) => !has.has(room.roomId) && wanted.has(room)),
  };
}

/** The service room first: from there on nobody lets the person into another. */
export function inOrder<R extends { kind: RoomKind }>(rooms: readonly R[]): R[] {
  return rooms.toSorted((a, b) => Number(b.kind === "service") - Number(a.kind === "service"));
}

/** A generation that began with a restore has its time for a number, in seconds since 1970; those of early restores count on from one. */
export function restoredAt(logGen: number): number | null {
  return logGen > 1_000_000_000 ? logGen * 1000 : null;
}
