import * as z from "zod/mini";
import { fromBase64Url } from "./bytes.ts";
import { limits } from "./limits.ts";
import type { Refusal } from "./messages.ts";
import { noHash } from "./record.ts";
import { toHex } from "./bytes.ts";

const hex16 = z.string().check(z.regex(/^[0-9a-f]{32}$/));
const hex32 = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const base64Of = (length: number) =>
  z.string().check(
    z.maxLength(Math.ceil((length * 4) / 3)),
    z.refine((text) => {
      try {
        return fromBase64Url(text).length === length;
      } catch {
        return false;
      }
    }),
  );

export const RoomKind = z.enum(["service", "shelf", "plan", "school", "figures"]);
export type RoomKind = z.infer<typeof RoomKind>;

export const Role = z.enum(["consultant", "socialTeacher", "principal", "serviceLead", "recovery"]);
export type Role = z.infer<typeof Role>;

/** The public keys of one device in one room: P-256, uncompressed, base64url. */
export const Leaf = z.object({ sign: base64Of(65), kem: base64Of(65) });
export type Leaf = z.infer<typeof Leaf>;

/** An epoch secret sealed to one leaf by HPKE: 65 byte encapsulated key, 32 byte secret with a 16 byte tag. */
export const Wrap = z.object({ deviceId: hex16, enc: base64Of(65), sealed: base64Of(48) });
export type Wrap = z.infer<typeof Wrap>;

/** One device of one person. `memberId` is random per person and room, and ties a person's devices together. */
export const MemberDevice = z.object({ memberId: hex16, role: Role, deviceId: hex16, leaf: Leaf });
export type MemberDevice = z.infer<typeof MemberDevice>;

/** The signed clear body of a control envelope, as JSON. Names are never in it: they are in the sealed part. SPEC.md §4. */
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
  z.object({
    action: z.literal("addMember"),
    /** Envelope id of the control record before this one. */
    previousControl: hex32,
    member: MemberDevice,
    commitment: hex32,
    wraps: z.array(Wrap).check(z.length(1)),
  }),
]);
export type ControlBody = z.infer<typeof ControlBody>;

/** Who is in a room, as the fold of its control records. JSON. */
export type Membership = {
  roomKind: RoomKind;
  serviceId: string;
  epoch: number;
  commitment: string;
  /** Envelope id of the newest control record. */
  controlHead: string;
  devices: Record<string, Omit<MemberDevice, "deviceId">>;
};

/** Where a device's own chain of envelopes stands. */
export type ChainHead = { ctr: number; tip: string };

/** What the rules look at of an envelope; ids in hexadecimal. */
export type EnvelopeFacts = {
  envelopeId: string;
  roomId: string;
  deviceId: string;
  epoch: number;
  ctr: number;
  prev: string;
};

/** Which roles a room of each kind may have, besides the recovery device that every room has. */
export const rolesOfRoom: Record<RoomKind, readonly Role[]> = {
  service: ["consultant"],
  shelf: ["consultant", "socialTeacher", "principal", "serviceLead"],
  plan: ["consultant", "socialTeacher", "principal"],
  school: ["consultant", "socialTeacher"],
  figures: ["consultant", "serviceLead"],
};

/** Whether a member in this role may make the control record. SPEC.md [C4]. */
export function mayControl(role: Role, action: ControlBody["action"]): boolean {
  return action === "genesis" || role === "consultant" || role === "recovery";
}

/** Whether the role may store updates in a room of this kind at all; which documents it may write is the reader's check. SPEC.md [D3]. */
export function mayWrite(role: Role, kind: RoomKind): boolean {
  if (role === "consultant" || role === "recovery") return true;
  return role === "socialTeacher" && (kind === "school" || kind === "plan");
}

/**
 * What is wrong, if anything, with the place of an envelope in its author's own chain. SPEC.md [E6].
 * The same envelope again is the caller's to recognise, by its id, before it asks.
 */
export function checkChain(head: ChainHead | undefined, facts: EnvelopeFacts): Refusal | null {
  const expected = (head?.ctr ?? 0) + 1;
  if (facts.ctr > expected) return { type: "gap", expected };
  if (facts.ctr < expected) return { type: "ctrReused", expected };
  if (facts.prev !== (head?.tip ?? toHex(noHash))) return { type: "ctrReused", expected };
  return null;
}

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
  const known = action === "genesis" || action === "addMember";
  return { ok: false, refusal: { type: typeof action === "string" && !known ? "unknownAction" : "malformed" } };
}

/**
 * The membership after one control record, or why it does not count. Pure: the relay and every reader run this same fold.
 * @param before null when the room has no record yet
 */
export function foldControl(
  before: Membership | null,
  facts: EnvelopeFacts,
  body: ControlBody,
): { ok: true; membership: Membership } | { ok: false; refusal: Refusal } {
  const refuse = (type: "malformed" | "forbidden" | "staleControl" | "notMember" | "staleEpoch" | "roomExists") =>
    ({ ok: false, refusal: { type } }) as const;
  if (body.action === "genesis") {
    if (before !== null) return refuse("roomExists");
    const [author, recovery] = body.members;
    if (author === undefined || author.deviceId !== facts.deviceId || author.role !== "consultant") return refuse("forbidden");
    if (recovery !== undefined && recovery.role !== "recovery") return refuse("forbidden");
    if (facts.epoch !== 1 || facts.ctr !== 1) return refuse("malformed");
    if ((body.roomKind === "service") !== (body.serviceId === facts.roomId)) return refuse("malformed");
    if (!sameDevices(body.members, body.wraps.map((wrap) => wrap.deviceId))) return refuse("malformed");
    return {
      ok: true,
      membership: {
        roomKind: body.roomKind,
        serviceId: body.serviceId,
        epoch: 1,
        commitment: body.commitment,
        controlHead: facts.envelopeId,
        devices: Object.fromEntries(body.members.map(({ deviceId, ...device }) => [deviceId, device])),
      },
    };
  }
  if (before === null) return refuse("malformed");
  const author = before.devices[facts.deviceId];
  if (author === undefined) return refuse("notMember");
  if (!mayControl(author.role, body.action)) return refuse("forbidden");
  if (facts.epoch !== before.epoch || body.commitment !== before.commitment) return refuse("staleEpoch");
  if (body.previousControl !== before.controlHead) return refuse("staleControl");
  const { deviceId, ...device } = body.member;
  if (!rolesOfRoom[before.roomKind].includes(device.role)) return refuse("forbidden");
  if (before.devices[deviceId] !== undefined || !sameDevices([body.member], body.wraps.map((wrap) => wrap.deviceId))) {
    return refuse("malformed");
  }
  if (Object.keys(before.devices).length >= limits.roomDevices) return refuse("forbidden");
  return {
    ok: true,
    membership: { ...before, controlHead: facts.envelopeId, devices: { ...before.devices, [deviceId]: device } },
  };
}

function sameDevices(members: readonly { deviceId: string }[], wrapped: readonly string[]): boolean {
  const ids = new Set(members.map((member) => member.deviceId));
  return ids.size === members.length && wrapped.length === ids.size && wrapped.every((id) => ids.has(id));
}
