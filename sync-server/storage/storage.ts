import type { Bytes } from "#protocol/bytes.ts";
import { firstGeneration, presentGeneration, type ChainHead, type Generation } from "#protocol/log-rules.ts";
import type { Membership } from "#protocol/membership.ts";
import type { InviteSlot } from "#protocol/messages.ts";
import type { LogEntry } from "#protocol/record.ts";

/** All ids are lower-case hexadecimal; times are milliseconds since 1970. */
export type RoomState = {
  membership: Membership;
  /** The number of the room's newest envelope. */
  headSeq: number;
  /** The last generation's. */
  logGen: number;
  /** The oldest first; a new room has generation 1, from number 0. */
  generations: Generation[];
  /** The sum of the envelopes' bytes as they are kept. */
  storedBytes: number;
};

/** A room as it is made: nothing in it but its members. */
export function newRoom(membership: Membership, generations: readonly Generation[] = [firstGeneration]): RoomState {
  return { membership, headSeq: 0, logGen: presentGeneration(generations).logGen, generations: [...generations], storedBytes: 0 };
}

/** Which of an author's own envelopes, in one room. */
export type Place = { deviceId: string; ctr: number };

/** What is stored in a place. */
export type Stored = { seq: number; envelopeId: string };

export type NewEnvelope = Place &
  Stored & {
    bytes: Bytes;
    /** 32 bytes: the log's accumulator at the number. SPEC.md [L2]. */
    acc: Bytes;
  };

export type EnrolmentCode = {
  /** The service that the code made, or null while it is unused. */
  usedBy: string | null;
};

export type Service = {
  /** SHA-256 of the service's token, as its founder gave it. */
  tokenHash: string;
};

export type Invite = {
  inviteId: string;
  /** The inviter: a device and the room that the invitation is charged to. */
  roomId: string;
  deviceId: string;
  expiresAt: number;
  /** Who took the invitation, from the moment «commit» is written. */
  claim: string | null;
  slots: Partial<Record<InviteSlot, Bytes>>;
};

export type LogPage = {
  logGen: number;
  headSeq: number;
  page: LogEntry[];
};

/** A device in one room of a session or a token; `headSeq` is how far the room's log had come when it was proved. */
export type SessionRoom = { deviceId: string; headSeq: number };

/** What is kept of a session, under the hash of its token. */
export type StoredSession = { rooms: ReadonlyMap<string, SessionRoom>; expiresAt: number };

/** What a token is good for that can do nothing but push. */
export type PushToken = { tokenHash: string; expiresAt: number; rooms: { roomId: string; deviceId: string }[] };

/** Sealed under a key of the recovery code; the look-up id is derived from the code as well. */
export type RecoveryBundle = { lookupId: string; serviceId: string; body: Bytes };

export type PageBounds = { maxBytes: number; maxEnvelopes: number };

/**
 * The inside of one write. A transaction sees its own writes and nobody else's unfinished ones.
 * What is locked stays locked until the transaction is over. To keep two processes from waiting for each other, lock rooms in ascending order of id.
 */
export type WriteTx = {
  /** Locks the room and gives it as it stands, or null when there is none: then nothing is locked and `insertRoom` decides between rivals. */
  lockRoom(roomId: string): Promise<RoomState | null>;
  /** Locks those of the rooms that exist, in ascending order of id whatever the order asked, and gives them. */
  lockRooms(roomIds: readonly string[]): Promise<Map<string, RoomState>>;
  /** A room as `newRoom` has it, locked. Throws when there is one with this id: one of two rivals always fails. */
  insertRoom(roomId: string, membership: Membership, generations?: readonly Generation[]): Promise<void>;
  setMembership(roomId: string, membership: Membership): Promise<void>;
  /**
   * Stores the envelopes, none of them empty, and moves the head to the last of them. The room is locked by the caller, and the numbers were drawn under that lock:
   * they continue the head without a hole. Throws when a number or a place is taken.
   */
  appendEnvelopes(roomId: string, envelopes: readonly NewEnvelope[]): Promise<void>;
  /** Where these devices' chains stand; a device that has stored nothing is left out. */
  chainHeads(roomId: string, deviceIds: readonly string[]): Promise<Map<string, ChainHead>>;
  setChainHeads(roomId: string, heads: ReadonlyMap<string, ChainHead>): Promise<void>;
  /** What is stored in each place, in the order asked; null for an empty one. */
  storedAt(roomId: string, places: readonly Place[]): Promise<(Stored | null)[]>;
  /** The bytes of what is stored in the place; null when the place is empty or its bytes are dropped. */
  bytesAt(roomId: string, place: Place): Promise<Bytes | null>;
  /** The accumulators at these numbers; a number that is not given yet is left out. */
  accsAt(roomId: string, seqs: readonly number[]): Promise<Map<number, Bytes>>;
  /** The bytes at these numbers are gone, and everything else of them stays. Throws for a number that is not given; twice is as once. The room is locked by the caller. */
  dropBytes(roomId: string, seqs: readonly number[]): Promise<void>;
  /** The bytes of the room's envelopes are gone, and with them its outer key. What is appended after that is kept. The room is locked by the caller. */
  shredRoom(roomId: string): Promise<void>;
  /** Begins a generation of every room's log after its newest envelope, with a number above all that it had and at least this one. Ends every session. How many rooms there are. SPEC.md [G1]. */
  beginGeneration(atLeast: number): Promise<number>;
  /** The newest generation that was begun, also when there was no room yet; 1 where there was none. */
  restoredGen(): Promise<number>;
  /** The key under which the room's bytes are sealed where they lie, or null while it has none. */
  outerKey(roomId: string): Promise<Bytes | null>;
  /** Throws when the room has one. */
  insertOuterKey(roomId: string, key: Bytes): Promise<void>;

  /** Throws when the hash is taken. */
  insertSession(tokenHash: string, session: StoredSession): Promise<void>;
  /** Throws when the hash is taken. */
  insertPushToken(token: PushToken): Promise<void>;
  /** Takes the room from the push-only tokens that have it through this device; one that has no room left is gone. */
  endPushTokens(roomId: string, deviceId: string): Promise<void>;
  /** Forgets the sessions and push-only tokens that were over at `now`. */
  sweepSessions(now: number): Promise<void>;
  /** The setting's value: the one that is there, else this one, which is kept. Never changes. */
  settle(name: string, value: Bytes): Promise<Bytes>;

  /** Keeps the bundle, in place of the service's earlier one under this id. Throws when the id is another service's. */
  putRecoveryBundle(bundle: RecoveryBundle): Promise<void>;
  dropRecoveryBundle(lookupId: string): Promise<void>;
  countRecoveryBundles(serviceId: string): Promise<number>;

  insertCode(codeHash: string, createdAt: number): Promise<void>;
  lockCode(codeHash: string): Promise<EnrolmentCode | null>;
  useCode(codeHash: string, serviceId: string): Promise<void>;
  service(serviceId: string): Promise<Service | null>;
  /** Throws when the service is there already. */
  insertService(serviceId: string, service: Service, createdAt: number): Promise<void>;

  lockInvite(inviteId: string): Promise<Invite | null>;
  /** Throws when the id is taken. */
  insertInvite(invite: Invite): Promise<void>;
  /** Throws when the slot is written. `claim` is stored with «commit» and null with the others. */
  writeInviteSlot(inviteId: string, slot: InviteSlot, body: Bytes, claim: string | null): Promise<void>;
  /** How many invitations of the room have not expired. */
  countInvites(roomId: string, now: number): Promise<number>;
  /** Empties the slots of what expired before `expiredBefore`, and forgets what expired before `forgetBefore`. */
  sweepInvites(expiredBefore: number, forgetBefore: number): Promise<void>;
};

/**
 * What the relay asks of a database. Every implementation is held to it by `test/contracts/relay-storage.ts`.
 * - Reads see what is committed and nothing else, each of them one moment of the database.
 * - A method that cannot reach or use its database throws; it never answers as if something were not there.
 */
export type RelayStorage = {
  /**
   * Runs `work` in one transaction and resolves when its commit is durable: a process or machine that stops after that has lost nothing.
   * When `work` throws, nothing of it is left and the same error comes out. Writes are as if one after another.
   * `work` waits for nothing but its transaction and a hash, and may be run only once.
   */
  write<T>(work: (tx: WriteTx) => Promise<T>): Promise<T>;
  /** Those of the rooms that exist. */
  rooms(roomIds: readonly string[]): Promise<Map<string, RoomState>>;
  /** The envelopes after number `after`, oldest first and within the bounds, but at least one when there is one; null when there is no such room. */
  log(roomId: string, after: number, bounds: PageBounds): Promise<LogPage | null>;
  invite(inviteId: string): Promise<Invite | null>;
  service(serviceId: string): Promise<Service | null>;
  outerKey(roomId: string): Promise<Bytes | null>;
  /** Also one that is over, until it is swept. */
  session(tokenHash: string): Promise<StoredSession | null>;
  /** Also one that is over, until it is swept. */
  pushToken(tokenHash: string): Promise<PushToken | null>;
  recoveryBundle(lookupId: string): Promise<RecoveryBundle | null>;
  /** The sum of `storedBytes` over the service's rooms. Looks at every room: not for each request. */
  serviceBytes(serviceId: string): Promise<number>;
  /** What was settled under the name, or null. */
  setting(name: string): Promise<Bytes | null>;
  /** Whether no enrolment code was ever made. */
  isNew(): Promise<boolean>;
  /** Waits for the write in hand. May be called twice. */
  close(): Promise<void>;
};

/** Where a storage keeps, among its settings, the newest generation that was begun. */
export const newestGenSetting = "newestGen";

export const encodeGen = (logGen: number): Bytes => new TextEncoder().encode(String(logGen));

/** @param kept null where no generation was begun since it is kept @param ofRooms the newest of all rooms */
export function newestGenOf(kept: Bytes | null, ofRooms: number | null): number {
  return Math.max(kept === null ? 1 : Number(new TextDecoder().decode(kept)), ofRooms ?? 1);
}
