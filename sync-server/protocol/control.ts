import * as z from "zod/mini";
import { fromBase64Url } from "./bytes.ts";
import { limits } from "./limits.ts";
import type { Refusal } from "./messages.ts";
import { isPoint } from "./p256.ts";

const hex16 = z.string().check(z.regex(/^[0-9a-f]{32}$/));
const hex32 = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const count = z.int().check(z.nonnegative());
const base64Of = (length: number, isRight: (bytes: Uint8Array) => boolean = () => true) =>
  z.string().check(
    z.maxLength(Math.ceil((length * 4) / 3)),
    z.refine((text) => {
      try {
        const bytes = fromBase64Url(text);
        return bytes.length === length && isRight(bytes);
      } catch {
        return false;
      }
    }),
  );
/** To what is no key nobody can seal, and then nobody could be removed from the room any more but its device. */
const publicKey = base64Of(65, isPoint);

export const RoomKind = z.enum(["service", "shelf", "plan", "school", "figures"]);
export type RoomKind = z.infer<typeof RoomKind>;

export const Role = z.enum(["consultant", "socialTeacher", "principal", "serviceLead", "recovery"]);
export type Role = z.infer<typeof Role>;

/** The public keys of one device in one room: P-256, uncompressed, base64url. */
export const Leaf = z.object({ sign: publicKey, kem: publicKey });
export type Leaf = z.infer<typeof Leaf>;

/** An epoch secret sealed to one leaf by HPKE: 65 byte encapsulated key, 32 byte secret with a 16 byte tag. */
export const Wrap = z.object({ deviceId: hex16, enc: base64Of(65), sealed: base64Of(48) });
export type Wrap = z.infer<typeof Wrap>;

/** One device of one person. `memberId` is random per person and room, and ties a person's devices together. */
export const MemberDevice = z.object({ memberId: hex16, role: Role, deviceId: hex16, leaf: Leaf });
export type MemberDevice = z.infer<typeof MemberDevice>;

/** An envelope whose bytes are gone, and where it stood. */
export const Dropped = z.object({ seq: count, envelopeId: hex32, deviceId: hex16, ctr: count });
export type Dropped = z.infer<typeof Dropped>;

const change = {
  /** Envelope id of the control record before this one. SPEC.md [C3]. */
  previousControl: hex32,
};
const newEpoch = {
  ...change,
  /** Of the new epoch's secret. SPEC.md [K4]. */
  commitment: hex32,
  /** The new secret, for exactly the devices that the room has after this record. */
  wraps: z.array(Wrap).check(z.maxLength(limits.roomDevices)),
  /** The secret of the epoch before, sealed under the new one. SPEC.md [K8]. */
  history: base64Of(60),
};

/** The signed clear body of a control envelope, as JSON. Names and reasons are never in it: they are in the sealed part. SPEC.md §4. */
export const ControlBody = z.discriminatedUnion("action", [
  z.object({
    action: z.literal("genesis"),
    roomKind: RoomKind,
    /** Room id of the service room of the service that this room belongs to; its own id for a service room. */
    serviceId: hex16,
    /** The author first, then the recovery device where the service has one. */
    members: z.array(MemberDevice).check(z.minLength(1), z.maxLength(2)),
    commitment: hex32,
    wraps: z.array(Wrap).check(z.maxLength(2)),
  }),
  /** A person who is new in the room. */
  z.object({ action: z.literal("addMember"), ...change, member: MemberDevice, commitment: hex32, wraps: z.array(Wrap).check(z.length(1)) }),
  /** One more device of a person who is in the room. */
  z.object({ action: z.literal("addDevice"), ...change, member: MemberDevice, commitment: hex32, wraps: z.array(Wrap).check(z.length(1)) }),
  z.object({ action: z.literal("setRole"), ...change, memberId: hex16, role: Role }),
  z.object({
    action: z.literal("remove"),
    ...newEpoch,
    devices: z
      .array(
        z.object({
          deviceId: hex16,
          /** The device's last envelope in the log. */
          cut: count,
          /** The last one that whoever removes it vouches for; what lies between was perhaps written by somebody else. SPEC.md [C10]. */
          fence: count,
        }),
      )
      .check(z.minLength(1), z.maxLength(limits.roomDevices)),
  }),
  z.object({ action: z.literal("rotate"), ...newEpoch }),
  /** The recovery device of a new code takes the place of the one before. SPEC.md [Y5]. */
  z.object({ action: z.literal("replaceRecovery"), ...newEpoch, member: MemberDevice }),
  /** Tells of a room that the members of this one are invited to follow into; which one is sealed. SPEC.md [O1]. */
  z.object({ action: z.literal("offer"), ...change, offerId: hex16 }),
  /** Nothing is written after it. Only this record tells how long the room is kept. SPEC.md [Z1]. */
  z.object({ action: z.literal("close"), ...change, keepUntil: z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/)) }),
  z.object({ action: z.literal("shred"), ...change }),
  /** What was written in a document up to a number is destroyed for good, and what is left of it carried on in the sealed part. SPEC.md [Z3]. */
  z.object({
    action: z.literal("purge"),
    ...change,
    docId: z.string().check(z.regex(/^[0-9a-f]{34}$/)),
    through: count,
    dropped: z.array(Dropped).check(z.minLength(1), z.maxLength(limits.purgedEnvelopes)),
    /** Hash of which documents the sealed part carries on, and of whose the client ids in what is dropped are. */
    touched: hex32,
    /** The other person's word for it. */
    ask: z.object({ deviceId: hex16, signature: base64Of(64) }),
  }),
  /** A person knows that the relay was restored from a backup. SPEC.md [G5]. */
  z.object({ action: z.literal("acceptGen"), ...change, logGen: count, fromSeq: count }),
]);
export type ControlBody = z.infer<typeof ControlBody>;
export type ControlAction = ControlBody["action"];
/** Those that begin a new epoch. */
export type NewEpochBody = Extract<ControlBody, { history: string }>;

/** The devices that a record brings into the room. */
export function devicesBroughtBy(body: ControlBody): MemberDevice[] {
  if (body.action === "genesis") return body.members;
  return "member" in body ? [body.member] : [];
}

const knownActions: Record<ControlAction, true> = {
  genesis: true,
  addMember: true,
  addDevice: true,
  setRole: true,
  remove: true,
  rotate: true,
  replaceRecovery: true,
  offer: true,
  close: true,
  shred: true,
  purge: true,
  acceptGen: true,
};

/** Parses a clear body. An action of a later version is told apart from a broken body: the remedies differ. */
export function parseControlBody(clear: Uint8Array): { ok: true; body: ControlBody } | { ok: false; refusal: Refusal } {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(clear));
  } catch {
    return { ok: false, refusal: { type: "malformed" } };
  }
  const parsed = ControlBody.safeParse(json);
  if (parsed.success) return { ok: true, body: parsed.data };
  const action = (json as { action?: unknown } | null)?.action;
  return { ok: false, refusal: { type: typeof action === "string" && !Object.hasOwn(knownActions, action) ? "unknownAction" : "malformed" } };
}
