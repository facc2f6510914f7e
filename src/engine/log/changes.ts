import { type Bytes, concatBytes, fromBase64Url, fromHex, toBase64Url, toHex } from "#protocol/bytes.ts";
import type { ControlBody, Dropped, MemberDevice, Role, Wrap } from "#protocol/control.ts";
import { limits } from "#protocol/limits.ts";
import { presentGeneration } from "#protocol/log-rules.ts";
import type { Membership } from "#protocol/membership.ts";
import { droppedInput, purgeAskInput } from "#protocol/record.ts";
import { importSigner, sha256, sign } from "../crypto/primitives.ts";
import { wrapSecret } from "../crypto/wrap.ts";
import { publicLeaf } from "../keys/keyring.ts";
import { TooLargeError } from "../platform/errors.ts";
import { assertTakable } from "./clients.ts";
import { hasUnsent, sealOwn } from "./outbox.ts";
import type { ControlWords, OfferedRoom } from "./control-words.ts";
import { findTouching, type Touching } from "./reader.ts";
import { commitmentInput, sealHistory, type TouchedDocument } from "./record.ts";
import { RoomCipher, type SealedEnvelope } from "./room-cipher.ts";
import { chainStart, headInLog, headToFollow, type RoomContext } from "./room-context.ts";
import { isReopened, type RoomState } from "./room-state.ts";
import { isAsked } from "./verify.ts";

/** What a member wants to change about a room, before anything of it is sealed. SPEC.md §4. */
export type RoomChange =
  | { action: "addMember" | "addDevice"; member: MemberDevice; name: string; ties?: Ties }
  | { action: "setRole"; memberId: string; role: Role }
  | {
      action: "remove";
      /** `fence`: the last counter that is vouched for; all that is in the log where it is left out. SPEC.md [C10]. */
      devices: readonly { deviceId: string; fence?: number }[];
      reason: string;
    }
  | { action: "rotate" }
  | { action: "replaceRecovery"; member: MemberDevice; /** Of who made the new code. */ name?: string }
  | { action: "offer"; offerId: string; rooms: readonly OfferedRoom[] }
  | { action: "close"; keepUntil: string }
  | { action: "shred" }
  | {
      action: "purge";
      docId: string;
      /** The other person's word for it, and up to which number; see `signPurgeAsk`. */
      ask: PurgeAsk;
      /** What to destroy, and what of each document that this touches is to stay. */
      dropped: Dropped[];
      touched: string;
      states: (TouchedDocument & { update: Bytes })[];
      reason: string;
    }
  | { action: "acceptGen" };

/** What a person and a device are known by in all rooms, where each room knows them by other ids. SPEC.md [C15]. */
export type Ties = { person: string; device: string };

const encoder = new TextEncoder();

/** What is made although somebody who was removed is back: it ends that. A recovery device gives way to a new one only. SPEC.md [G8]. */
const shuttingOut: ReadonlySet<RoomChange["action"]> = new Set(["acceptGen", "remove", "replaceRecovery"]);

/**
 * The room's first record, with this device as its author and, where the service has one, the recovery device. SPEC.md [C2].
 * @param secret of the first epoch
 */
export async function sealGenesis(
  room: RoomContext,
  serviceId: string,
  secret: Bytes,
  words: { name: string } & Partial<Ties>,
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
    ...(await epochOf(roomId, 1, secret, members)),
  };
  return sealOwn(room, "control", chainStart, { clear: jsonBytes(body), inside: jsonBytes(wordsOf(room, words)) });
}

/**
 * The record of a change, for the relay to take or refuse. It is not stored: it comes back in the log, as after a lost answer. SPEC.md [C3], [C8].
 * @returns «done» when the room is so already; «notNow» when its state does not allow it: sync, then try again
 * @throws {TooLargeError}
 */
export async function sealChange(room: RoomContext, change: RoomChange): Promise<Bytes | "done" | "notNow"> {
  const { state } = room.status.get();
  const { membership } = state;
  if (membership === null || room.keys.secrets[membership.epoch] === undefined) return "notNow";
  if (isDone(membership, state, change)) return "done";
  if (change.action === "purge") assertTakable(change.states);
  const waits = await hasUnsent(room);
  // Behind the closing nothing is ever taken that waits here. And where somebody who was removed is back, all else waits for that. SPEC.md [Z1], [G8].
  const isClosed = membership.keepUntil !== null;
  const isFirst = isReopened(state) && room.status.get().lost === 0 && shuttingOut.has(change.action);
  if (!isFirst && (isReopened(state) || (waits && !isClosed))) return "notNow";
  const { body, state: sealedIn, secrets } = await bodyOf(room, { ...state, membership }, change);
  const cipher = secrets === room.keys.secrets ? room.cipher : new RoomCipher({ ...room.keys, secrets });
  const words = wordsOf(room, {
    ...("name" in change && { name: change.name }),
    ...("ties" in change && change.ties),
    ...("reason" in change && { reason: change.reason }),
    ...("rooms" in change && { rooms: [...change.rooms] }),
    ...("states" in change && { states: change.states.map(({ docId, update, clients }) => ({ docId, update: toBase64Url(update), clients: [...clients] })) }),
  });
  const content = { clear: jsonBytes(body), inside: jsonBytes(words) };
  const after = isFirst || isClosed ? headInLog(state, room.keys.deviceId) : headToFollow(room);
  const { bytes } = await cipher.seal("control", after, sealedIn, content, room.parts.random(12));
  if (bytes.length > limits.envelopeBytes) throw new TooLargeError(`${bytes.length} bytes in one control record`);
  return bytes;
}

function isDone(membership: Membership, state: RoomState, change: RoomChange): boolean {
  switch (change.action) {
    case "addMember":
    case "addDevice":
      return membership.devices[change.member.deviceId] !== undefined;
    case "setRole":
      return Object.values(membership.devices).every(({ memberId, role }) => memberId !== change.memberId || role === change.role);
    case "remove":
      return change.devices.every(({ deviceId }) => membership.devices[deviceId] === undefined);
    case "replaceRecovery":
      return membership.devices[change.member.deviceId] !== undefined;
    case "close":
      return membership.keepUntil !== null;
    case "shred":
      return membership.shredded;
    case "acceptGen":
      return membership.acceptedGen >= presentGeneration(state.generations).logGen;
    case "rotate":
    case "offer":
    case "purge":
      return false;
  }
}

type MemberState = RoomState & { membership: Membership };

/** The clear body, the state to seal it in, and the secrets that this needs: an epoch that it begins is sealed in itself. SPEC.md [C12]. */
async function bodyOf(room: RoomContext, state: MemberState, change: RoomChange): Promise<{ body: ControlBody; state: RoomState; secrets: RoomContext["keys"]["secrets"] }> {
  const { keys } = room;
  const { membership, heads } = state;
  const previousControl = membership.controlHead;
  const here = (body: ControlBody) => ({ body, state, secrets: keys.secrets });
  const begin = async (devices: Membership["devices"], make: (epoch: Awaited<ReturnType<typeof newEpoch>>["epoch"]) => ControlBody) => {
    const { epoch, secret, number } = await newEpoch(room, membership, devices);
    return { body: make(epoch), state: { ...state, membership: { ...membership, epoch: number } }, secrets: { ...keys.secrets, [number]: secret } };
  };
  switch (change.action) {
    case "addMember":
    case "addDevice": {
      const secret = keys.secrets[membership.epoch] as Bytes;
      const epoch = await epochOf(keys.roomId, membership.epoch, secret, [change.member]);
      return here({ action: change.action, previousControl, member: change.member, ...epoch });
    }
    case "setRole":
      return here({ action: "setRole", previousControl, memberId: change.memberId, role: change.role });
    case "remove": {
      const present = change.devices.filter(({ deviceId }) => membership.devices[deviceId] !== undefined);
      const gone = new Set(present.map(({ deviceId }) => deviceId));
      const devices = present.map(({ deviceId, fence }) => {
        const cut = heads[deviceId]?.ctr ?? 0;
        return { deviceId, cut, fence: Math.min(fence ?? cut, cut) };
      });
      const left = Object.fromEntries(Object.entries(membership.devices).filter(([deviceId]) => !gone.has(deviceId)));
      return begin(left, (epoch) => ({ action: "remove", previousControl, ...epoch, devices }));
    }
    case "rotate":
      return begin(membership.devices, (epoch) => ({ action: "rotate", previousControl, ...epoch }));
    case "replaceRecovery": {
      const { member } = change;
      const { deviceId, ...device } = member;
      const others = Object.entries(membership.devices).filter(([, { role }]) => role !== "recovery");
      return begin({ ...Object.fromEntries(others), [deviceId]: device }, (epoch) => ({ action: "replaceRecovery", previousControl, ...epoch, member }));
    }
    case "offer":
      return here({ action: "offer", previousControl, offerId: change.offerId });
    case "close":
      return here({ action: "close", previousControl, keepUntil: change.keepUntil });
    case "shred":
      return here({ action: "shred", previousControl });
    case "purge": {
      const { docId, dropped, touched, ask: { deviceId, signature, through } } = change;
      return here({ action: "purge", previousControl, docId, through, dropped, touched, ask: { deviceId, signature } });
    }
    case "acceptGen":
      return here({ action: "acceptGen", previousControl, ...presentOf(state) });
  }
}

/** One person's word that what was written in a document up to a number may be destroyed, and just that; another person's device makes the record of it. SPEC.md [Z3]. */
export type PurgeAsk = { deviceId: string; through: number; signature: string };

export async function signPurgeAsk(room: RoomContext, docId: string): Promise<PurgeAsk> {
  const { roomId, deviceId, sign: signing } = room.keys;
  const through = room.status.get().state.seq;
  const { dropped, touched } = await findTouching(room, docId, through);
  const asked = purgeAskInput(fromHex(roomId), { docId, through, touched }, await sha256(droppedInput(dropped)));
  return { deviceId, through, signature: toBase64Url(await sign(await importSigner(signing.privateKey), asked)) };
}

/** What is to be destroyed by a person's word; null where the word is not for that, or not for that any more: it must be asked anew. */
export async function findAsked(room: RoomContext, docId: string, { deviceId, through, signature }: PurgeAsk): Promise<Touching | null> {
  const { membership, seq } = room.status.get().state;
  if (seq < through) return null;
  const touching = await findTouching(room, docId, through);
  const isWord = touching.dropped.length > 0 && (await isAsked(membership, fromHex(room.keys.roomId), { docId, through, ...touching, ask: { deviceId, signature } }));
  return isWord ? touching : null;
}

function presentOf({ generations }: RoomState): { logGen: number; fromSeq: number } {
  const { logGen, fromSeq } = presentGeneration(generations);
  return { logGen, fromSeq };
}

async function newEpoch(room: RoomContext, before: Membership, devices: Membership["devices"]) {
  const { roomId, secrets } = room.keys;
  const number = before.epoch + 1;
  const secret = room.parts.random(32);
  const members = Object.entries(devices).map(([deviceId, device]) => ({ deviceId, ...device }));
  const [epoch, history] = await Promise.all([
    epochOf(roomId, number, secret, members),
    sealHistory(secret, { roomId, epoch: number }, secrets[before.epoch] as Bytes, room.parts.random(12)),
  ]);
  return { epoch: { ...epoch, history }, secret, number };
}

async function epochOf(roomId: string, epoch: number, secret: Bytes, members: readonly MemberDevice[]): Promise<{ commitment: string; wraps: Wrap[] }> {
  const wrapTo = ({ deviceId, leaf }: MemberDevice) => wrapSecret({ deviceId, kem: fromBase64Url(leaf.kem) }, roomId, epoch, secret);
  return { commitment: toHex(await sha256(commitmentInput(roomId, epoch, secret))), wraps: await Promise.all(members.map(wrapTo)) };
}

function wordsOf(room: RoomContext, words: ControlWords): ControlWords {
  return { at: room.parts.clock.now(), ...words };
}

function jsonBytes(value: unknown): Bytes {
  return concatBytes(encoder.encode(JSON.stringify(value)));
}
