import * as z from "zod/mini";
import { type Bytes, concatBytes, equalBytes, fromBase64Url, fromHex, toBase64Url, toHex } from "#protocol/bytes.ts";
import { Leaf, Role, RoomKind } from "#protocol/control.ts";
import type { InviteSlot } from "#protocol/messages.ts";
import { purposeBytes } from "#protocol/version.ts";
import { hkdf, importSealKey, openLocal, sealLocal, sha256 } from "../crypto/primitives.ts";
import type { RandomBytes } from "../platform/clock.ts";

/** What an invitation link carries behind `#/i/`. SPEC.md §8. */
export type InviteLink = { inviteId: string; secret: Bytes; genesis: string };

const OfferedRoom = z.object({
  roomId: z.string(),
  kind: RoomKind,
  label: z.string(),
  genesis: z.string(),
  /** Whose the newcomer is to be in the room, where it is one more device of somebody who is in it. */
  memberId: z.optional(z.string()),
});

/** What the newcomer is invited to; sealed under the link's secret. SPEC.md [I2]. */
export const Offer = z.object({
  serviceName: z.string(),
  schoolName: z.nullable(z.string()),
  inviterName: z.string(),
  role: Role,
  /** Whose device it is to be, where it is one more of the inviter's own. */
  ownName: z.optional(z.string()),
  rooms: z.array(OfferedRoom).check(z.minLength(1)),
});
export type Offer = z.infer<typeof Offer>;

export const Reveal = z.object({
  name: z.string().check(z.minLength(1), z.maxLength(80)),
  random: z.string(),
  rooms: z.array(z.object({ roomId: z.string(), memberId: z.string(), deviceId: z.string(), leaf: Leaf })),
});
export type Reveal = z.infer<typeof Reveal>;

export const Challenge = z.object({ random: z.string() });

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function newInviteLink(random: RandomBytes, genesis: string): InviteLink {
  return { inviteId: toHex(random(16)), secret: random(32), genesis };
}

export function formatInviteLink({ inviteId, secret, genesis }: InviteLink): string {
  return [fromHex(inviteId), secret, fromHex(genesis)].map(toBase64Url).join(".");
}

/** @returns null when the text is not whole: cut short in a message, say */
export function parseInviteLink(text: string): InviteLink | null {
  try {
    const [inviteId, secret, genesis, ...rest] = text.split(".").map(fromBase64Url);
    if (inviteId?.length !== 16 || secret?.length !== 32 || genesis?.length !== 32 || rest.length > 0) return null;
    return { inviteId: toHex(inviteId), secret, genesis: toHex(genesis) };
  } catch {
    return null;
  }
}

async function slotKey(link: InviteLink, slot: InviteSlot) {
  const info = purposeBytes(`invite/${slot}`);
  return { key: await importSealKey(await hkdf(link.secret, fromHex(link.inviteId), info)), context: concatBytes(info, fromHex(link.inviteId)) };
}

/** @returns base64url, for the relay to keep */
export async function sealSlot(link: InviteLink, slot: InviteSlot, content: unknown): Promise<string> {
  const { key, context } = await slotKey(link, slot);
  return toBase64Url(await sealLocal(key, encoder.encode(JSON.stringify(content)), context));
}

/** @throws {UnreadableError} when it was not written by someone who has the link */
export async function openSlot<T extends z.ZodMiniType>(link: InviteLink, slot: InviteSlot, schema: T, body: string): Promise<z.output<T>> {
  const { key, context } = await slotKey(link, slot);
  const json: unknown = JSON.parse(decoder.decode(await openLocal(key, fromBase64Url(body), context)));
  return schema.parse(json);
}

/** SPEC.md [I3]. @param revealBody the sealed «reveal» slot exactly as it will be written */
export async function commitTo(revealBody: string): Promise<string> {
  return toHex(await sha256(concatBytes(purposeBytes("invite/commit"), encoder.encode(revealBody))));
}

export async function matchesCommit(revealBody: string, commit: string): Promise<boolean> {
  return equalBytes(fromHex(commit), fromHex(await commitTo(revealBody)));
}

/** Four numbers from 0 to 255, one for each check word. SPEC.md [I5]. */
export async function checkNumbers(link: InviteLink, challengeBody: string, revealBody: string): Promise<number[]> {
  const hash = await sha256(
    concatBytes(purposeBytes("invite/phrase"), link.secret, encoder.encode(`${challengeBody}.${revealBody}`)),
  );
  return Array.from(hash.subarray(0, 4));
}
