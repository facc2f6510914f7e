import { type Bytes, toHex } from "#protocol/bytes.ts";
import type { MemberDevice } from "#protocol/control.ts";
import { type Refusal, type RelayPort, remedyOf } from "#protocol/messages.ts";
import { generateLeaf, type RoomKeys } from "./keys/keyring.ts";
import { openRecoveryBundle, type RecoveryDevice, recoveryLookupId } from "./keys/recovery.ts";
import type { RandomBytes } from "./platform/clock.ts";
import { RelayUnreachableError, UnreadableError } from "./platform/errors.ts";
import type { Room, Space } from "./space.ts";

/** Why a recovery code led nowhere; each has its own words on screen. */
export type RecoveryFault =
  /** The relay has nothing under it: mistyped, replaced, or another service's relay. */
  | { type: "codeUnknown" }
  /** A new code has taken its place. */
  | { type: "codeReplaced" }
  /** What the relay gave for it is not what was put there. */
  | { type: "tampered" }
  /** The relay knows the code and does not give the service's rooms. */
  | { type: "notThere" }
  | { type: "refused"; refusal: Refusal };

export type RecoveryResult<T> = { ok: true; value: T } | { ok: false; fault: RecoveryFault };

/** A room as the service's own room lists it. */
export type ListedRoom = Pick<RoomKeys, "roomId" | "kind" | "label" | "genesis">;

/** Asks the relay for what the code opens. @param secret the code's 20 bytes @throws {RelayUnreachableError} */
export async function findRecoveryDevice(relay: RelayPort, secret: Bytes): Promise<RecoveryResult<RecoveryDevice>> {
  const answer = await relay.readRecovery(await recoveryLookupId(secret));
  if (!answer.ok) {
    const { refusal } = answer;
    return { ok: false, fault: refusal.type === "codeUnknown" ? refusal : { type: "refused", refusal } };
  }
  try {
    return { ok: true, value: await openRecoveryBundle(secret, answer.value.bundle) };
  } catch (error) {
    if (error instanceof UnreadableError) return { ok: false, fault: { type: "tampered" } };
    throw error;
  }
}

/**
 * Enters the service's room as the recovery device, and reads it from the genesis that the code's bundle names.
 * @param space of the recovery device alone @throws {RelayUnreachableError}
 */
export async function enterAsRecovery(space: Space, { serviceId, serviceGenesis, leaf }: RecoveryDevice): Promise<RecoveryResult<Room>> {
  await joinAsRecovery(space, { roomId: serviceId, kind: "service", label: "", genesis: serviceGenesis }, leaf);
  await space.sync.settle();
  if (space.status.get().attention.some(({ fault }) => fault !== null)) return { ok: false, fault: { type: "tampered" } };
  const room = space.rooms.get().find(({ roomId }) => roomId === serviceId);
  if (room === undefined) return { ok: false, fault: { type: "codeReplaced" } };
  return isIn(room) ? { ok: true, value: room } : { ok: false, fault: { type: "notThere" } };
}

/**
 * Adds this device, as a new member, to each of the rooms in which the recovery device is. May be broken off and begun again: what is done stays done.
 * @param recovery the space of the recovery device, which has entered the service's room
 * @returns the rooms that could not be entered
 * @throws {RelayUnreachableError}
 */
export async function letInByRecovery(parts: {
  recovery: Space;
  device: RecoveryDevice;
  own: Space;
  rooms: readonly ListedRoom[];
  name: string;
  random: RandomBytes;
}): Promise<ListedRoom[]> {
  const { recovery, device, own, rooms, name, random } = parts;
  for (const room of rooms) await joinAsRecovery(recovery, room, device.leaf);
  await recovery.sync.settle();
  const missed: ListedRoom[] = [];
  for (const listed of rooms) {
    const room = recovery.rooms.get().find(({ roomId }) => roomId === listed.roomId);
    if (room === undefined || !isIn(room)) {
      missed.push(listed);
      continue;
    }
    // After a restore nobody is let in before somebody has accepted it [G5], and there may be nobody else.
    if (recovery.status.get().attention.some(({ roomId, restored }) => restored && roomId === room.roomId)) {
      await recovery.change(room.roomId, { action: "acceptGen" });
    }
    const ours = own.rooms.get().find(({ roomId }) => roomId === listed.roomId) ?? (await joinAsNewcomer(own, listed, random));
    if (!(await recovery.addMember(room.roomId, ours.ownMember, name))) missed.push(listed);
  }
  await own.sync.settle();
  return missed;
}

/** What stands in the service's room of the code that counts. */
export type RecoveryPlan = {
  serviceId: string;
  member: MemberDevice;
  bundle: string;
  lookupId: string;
  /** The name of who made it: whose device puts it into a room is chance. */
  madeBy: string;
  /** Of the code before, for as long as the relay may have its bundle. */
  lookupIdBefore: string | null;
};

/**
 * Brings the relay and every room of this device's to the code that counts: first the bundle of the new one, then its device in each room, the service's
 * last, and only then away with the bundle before. May be broken off and begun again, and done by several consultants at once.
 * @param hasBundle whether the relay has said that it has the bundle
 * @returns whether all is so
 * @throws {RelayUnreachableError}
 */
export async function keepRecovery(parts: { space: Space; relay: RelayPort; plan: RecoveryPlan; hasBundle: boolean }): Promise<boolean> {
  const { space, relay, plan, hasBundle } = parts;
  const { serviceId, member, bundle, lookupId, madeBy, lookupIdBefore } = plan;
  if (!hasBundle) {
    const kept = await relay.putRecovery(await space.sync.session(), lookupId, { serviceId, bundle });
    if (!kept.ok) return notNow(kept.refusal);
  }
  // A device that has already given way comes back never [C13]: then it is the plan that is old.
  const lacking = () => space.rooms.get().filter((room) => isIn(room) && room.role === "consultant" && room.standing(member.deviceId) === null);
  await space.sync.settle();
  const found = lacking().sort((a, b) => Number(a.roomId === serviceId) - Number(b.roomId === serviceId));
  for (const { roomId } of found) {
    if (!(await space.change(roomId, { action: "replaceRecovery", member, name: madeBy }))) return false;
  }
  if (found.length > 0) await space.sync.settle();
  if (lacking().length > 0) return false;
  if (lookupIdBefore === null) return true;
  const dropped = await relay.dropRecovery(await space.sync.session(), lookupIdBefore);
  return dropped.ok || notNow(dropped.refusal);
}

function notNow(refusal: Refusal): false {
  if (remedyOf(refusal) === "later") throw new RelayUnreachableError(refusal.type);
  return false;
}

function isIn({ standing, deviceId }: Room): boolean {
  return standing(deviceId) === "present";
}

async function joinAsRecovery(space: Space, room: ListedRoom, leaf: RecoveryDevice["leaf"]): Promise<void> {
  if (space.rooms.get().some(({ roomId }) => roomId === room.roomId)) return;
  // Which member it is stands in the room's log; until that is read, any id will do.
  await space.joinRoom({ ...room, role: "recovery", memberId: leaf.deviceId }, leaf);
}

async function joinAsNewcomer(space: Space, room: ListedRoom, random: RandomBytes): Promise<Room> {
  return space.joinRoom({ ...room, role: "consultant", memberId: toHex(random(16)) }, await generateLeaf());
}
