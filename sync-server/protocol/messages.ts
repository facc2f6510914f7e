import * as z from "zod/mini";
import type { Bytes } from "./bytes.ts";
import { limits } from "./limits.ts";
import type { LogEntry } from "./record.ts";

const hex16 = z.string().check(z.regex(/^[0-9a-f]{32}$/));
const hex32 = z.string().check(z.regex(/^[0-9a-f]{64}$/));
/** What decodes: one letter alone behind groups of four stands for nothing. */
const base64Url = z.string().check(z.regex(/^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2,3})?$/));
const count = z.int().check(z.nonnegative());

const Generation = z.object({ logGen: count, fromSeq: count });

/**
 * Why the relay did not do what it was asked. Grouped by remedy:
 * never (a bug or an attack), catchUp (pull the log, then try again), later, afterUpdate (this app is too old), askAgain (a person needs
 * another code or invitation).
 */
export const Refusal = z.discriminatedUnion("type", [
  z.object({ type: z.literal("malformed") }),
  z.object({ type: z.literal("tooLarge") }),
  z.object({ type: z.literal("badSignature") }),
  z.object({ type: z.literal("notMember") }),
  z.object({ type: z.literal("forbidden") }),
  /** `stored` is the envelope that has the place: it proves that this device wrote it, base64url. Only where one was asked for by its place. */
  z.object({ type: z.literal("ctrReused"), expected: count, stored: z.optional(base64Url) }),
  z.object({ type: z.literal("gap"), expected: count }),
  z.object({ type: z.literal("roomUnknown") }),
  z.object({ type: z.literal("roomExists") }),
  z.object({ type: z.literal("staleControl") }),
  z.object({ type: z.literal("staleEpoch") }),
  z.object({ type: z.literal("otherLogGen"), logGen: count, generations: z.array(Generation) }),
  /** Of an author who has seen another log than this one. */
  z.object({ type: z.literal("forked") }),
  z.object({ type: z.literal("staleCut") }),
  z.object({ type: z.literal("roomClosed") }),
  /** The relay was restored, and no person has accepted that yet. */
  z.object({ type: z.literal("generationPending") }),
  z.object({ type: z.literal("sessionExpired") }),
  z.object({ type: z.literal("codeUnknown") }),
  z.object({ type: z.literal("codeUsed") }),
  z.object({ type: z.literal("inviteUnknown") }),
  z.object({ type: z.literal("inviteExpired") }),
  z.object({ type: z.literal("inviteUsed") }),
  z.object({ type: z.literal("busy"), retryAfterMs: count }),
  z.object({ type: z.literal("overQuota") }),
  z.object({ type: z.literal("unknownAction") }),
]);
export type Refusal = z.infer<typeof Refusal>;

export type Remedy = "never" | "catchUp" | "later" | "afterUpdate" | "askAgain";

const remedies: Record<Refusal["type"], Remedy> = {
  malformed: "never",
  tooLarge: "never",
  badSignature: "never",
  notMember: "never",
  forbidden: "never",
  ctrReused: "catchUp",
  gap: "catchUp",
  roomUnknown: "never",
  roomExists: "catchUp",
  staleControl: "catchUp",
  staleEpoch: "catchUp",
  otherLogGen: "catchUp",
  forked: "never",
  staleCut: "catchUp",
  roomClosed: "never",
  generationPending: "later",
  sessionExpired: "later",
  codeUnknown: "askAgain",
  codeUsed: "askAgain",
  inviteUnknown: "askAgain",
  inviteExpired: "askAgain",
  inviteUsed: "askAgain",
  busy: "later",
  overQuota: "later",
  unknownAction: "afterUpdate",
};

/** What can be done about a refusal. */
export function remedyOf(refusal: Refusal): Remedy {
  return remedies[refusal.type];
}

export type Answer<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

export const RefusalAnswer = z.object({ refusal: Refusal });

/** Binds an enrolment code to a service. The same request again is answered the same. */
export const ServiceRequest = z.object({
  code: z.string().check(z.minLength(4), z.maxLength(64)),
  serviceId: hex16,
  /** SHA-256 of the purpose «service-token» and the token's 32 bytes. */
  tokenHash: hex32,
});
export type ServiceRequest = z.infer<typeof ServiceRequest>;

export const ChallengeAnswer = z.object({ challenge: base64Url });
export type ChallengeAnswer = z.infer<typeof ChallengeAnswer>;

/** One proof for each room; the signature is over «session», the challenge, the room id and the device id. */
export const SessionRequest = z.object({
  challenge: base64Url,
  proofs: z
    .array(z.object({ roomId: hex16, deviceId: hex16, signature: base64Url }))
    .check(z.minLength(1), z.maxLength(limits.sessionRooms)),
});
export type SessionRequest = z.infer<typeof SessionRequest>;

export const SessionAnswer = z.object({
  token: base64Url,
  expiresInMs: count,
  /** The rooms that the session covers, and how far the log of each had come: saves a request for each room with nothing new. */
  rooms: z.array(z.object({ roomId: hex16, logGen: count, headSeq: count })),
  /** Rooms whose proof was not accepted: not there yet, or not a member. */
  refused: z.array(z.object({ roomId: hex16, refusal: Refusal })),
});
export type SessionAnswer = z.infer<typeof SessionAnswer>;

/** What a device may push with while it is locked, and the rooms of the session that it is good for. SPEC.md [U1]. */
export const PushTokenAnswer = z.object({ token: base64Url, expiresInMs: count, rooms: z.array(hex16) });
export type PushTokenAnswer = z.infer<typeof PushTokenAnswer>;

export const CreateRoomAnswer = z.object({ seq: count, logGen: count });
export type CreateRoomAnswer = z.infer<typeof CreateRoomAnswer>;

/** One number for each envelope that was taken, in order; then why the next one was not, and none after it was looked at. */
export const PushAnswer = z.object({ seqs: z.array(count), refused: z.nullable(Refusal) });
export type PushAnswer = z.infer<typeof PushAnswer>;

export const ControlAnswer = z.object({ seq: count });
export type ControlAnswer = z.infer<typeof ControlAnswer>;

export type LogAnswer = { logGen: number; headSeq: number; page: LogEntry[] };

/** What an inviter and a newcomer leave for each other; each slot is written once. SPEC.md §8. */
export const InviteSlot = z.enum(["offer", "commit", "challenge", "reveal", "done"]);
export type InviteSlot = z.infer<typeof InviteSlot>;

export const InviteState = z.object({
  expiresAt: z.int(),
  /** Sealed under the invitation's secret, which the relay never sees; base64url. */
  slots: z.object({
    offer: z.optional(base64Url),
    commit: z.optional(base64Url),
    challenge: z.optional(base64Url),
    reveal: z.optional(base64Url),
    done: z.optional(base64Url),
  }),
});
export type InviteState = z.infer<typeof InviteState>;

export const CreateInviteRequest = z.object({
  inviteId: hex16,
  /** A room of the inviter's session, to which the invitation is charged. */
  roomId: hex16,
  lifeMs: count,
  offer: base64Url,
});
export type CreateInviteRequest = z.infer<typeof CreateInviteRequest>;

/** `claim` is 16 random bytes of the newcomer's; whoever writes «commit» first fixes it, and «reveal» must carry the same. */
export const InviteWriteRequest = z.object({ slot: InviteSlot, claim: z.optional(hex16), body: base64Url });
export type InviteWriteRequest = z.infer<typeof InviteWriteRequest>;

/** Sealed under the recovery code, which the relay never sees; base64url. SPEC.md [Y3]. */
export const RecoveryAnswer = z.object({ bundle: base64Url });
export type RecoveryAnswer = z.infer<typeof RecoveryAnswer>;

/** `serviceId` is the service's room, in which the session's device is a consultant's. */
export const RecoveryRequest = z.object({ serviceId: hex16, bundle: base64Url });
export type RecoveryRequest = z.infer<typeof RecoveryRequest>;

/** One server-sent event of the live stream: a stored envelope, base64url. */
export const LiveRecord = z.object({ roomId: hex16, seq: count, bytes: base64Url });
export type LiveRecord = z.infer<typeof LiveRecord>;

/** The other event of the live stream: a presence envelope, base64url. */
export const LivePresence = z.object({ roomId: hex16, bytes: base64Url });
export type LivePresence = z.infer<typeof LivePresence>;

export type LiveListener = {
  record(roomId: string, seq: number, bytes: Bytes): void;
  /** Another device's presence, as it came: in no order with the records, and lost first where the stream is slow. */
  presence(roomId: string, bytes: Bytes): void;
  /** The stream is over, for whatever reason; never called after `close`. */
  ended(): void;
};

/** Where a room is made, the session stands beside the service's token, which has the usual place. SPEC.md [R5]. */
export const sessionHeader = "aapen-dor-session";

/**
 * The relay as its users see it. The HTTP client and the relay core both are one, so that the example service
 * runs the same core in the page. Every method throws only when the relay cannot be reached or does not make sense.
 */
export type RelayPort = {
  registerService(request: ServiceRequest): Promise<Answer<null>>;
  /** @param session where the service has a room of its own: a session of a consultant in it. SPEC.md [R5]. */
  createRoom(serviceToken: Uint8Array, genesis: Bytes, session?: string | null): Promise<Answer<CreateRoomAnswer>>;
  challenge(): Promise<Answer<ChallengeAnswer>>;
  openSession(request: SessionRequest): Promise<Answer<SessionAnswer>>;
  /** A push-only token for the rooms of the session, in place of those that its devices had there. SPEC.md [U1]. */
  pushToken(session: string): Promise<Answer<PushTokenAnswer>>;
  push(session: string, roomId: string, envelopes: readonly Bytes[]): Promise<Answer<PushAnswer>>;
  /** Gives back, of any author and in the order of the log, what a relay that was restored from a backup has lost. SPEC.md [G3]. */
  repair(session: string, roomId: string, envelopes: readonly Bytes[]): Promise<Answer<PushAnswer>>;
  control(session: string, roomId: string, envelope: Bytes): Promise<Answer<ControlAnswer>>;
  /** Hands a presence envelope to the room's other devices that listen now, and keeps nothing of it. SPEC.md [N3]. */
  presence(session: string, roomId: string, envelope: Bytes): Promise<Answer<null>>;
  /** The envelopes after `after`, oldest first; an empty page when there are none. */
  log(session: string, roomId: string, after: number, logGen: number): Promise<Answer<LogAnswer>>;
  live(session: string, listener: LiveListener): Promise<Answer<{ close(): void }>>;
  createInvite(session: string, request: CreateInviteRequest): Promise<Answer<null>>;
  readInvite(inviteId: string): Promise<Answer<InviteState>>;
  /** The inviter's slots need its session; the newcomer's need none. */
  writeInvite(session: string | null, inviteId: string, request: InviteWriteRequest): Promise<Answer<null>>;
  /** Keeps a service's sealed recovery bundle, in place of the one under the same id. SPEC.md [Y3]. */
  putRecovery(session: string, lookupId: string, request: RecoveryRequest): Promise<Answer<null>>;
  readRecovery(lookupId: string): Promise<Answer<RecoveryAnswer>>;
  /** Of one that is not there, as of one that was. */
  dropRecovery(session: string, lookupId: string): Promise<Answer<null>>;
};
