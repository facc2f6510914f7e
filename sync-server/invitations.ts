import { fromBase64Url, equalBytes, toBase64Url, type Bytes } from "#protocol/bytes.ts";
import { limits } from "#protocol/limits.ts";
import type { Answer, CreateInviteRequest, InviteSlot, InviteState, InviteWriteRequest } from "#protocol/messages.ts";
import type { Session } from "./access.ts";
import { accept, refuse } from "./answers.ts";
import type { Invite, RelayStorage } from "./storage/storage.ts";

export type Invitations = {
  create(session: Session, request: CreateInviteRequest): Promise<Answer<null>>;
  read(inviteId: string): Promise<Answer<InviteState>>;
  /** @param session the writer's, or null for a newcomer */
  write(session: Session | null, inviteId: string, request: InviteWriteRequest): Promise<Answer<null>>;
  /** Empties invitations that have expired, and forgets those that are long gone. */
  sweep(): Promise<void>;
};

/** Invitations that a room may have open at a time, and for how long one counts after its end: who makes them short makes no more of them. */
const openInvites = 50;
const countedMs = 60 * 60 * 1000;

/** For so long the relay still tells «expired» from «never heard of it». */
const rememberedMs = 30 * 24 * 60 * 60 * 1000;

const busyMs = 60_000;

/** What must be written before each slot. «offer» is written when the invitation is made and never after. */
const slotBefore = { commit: "offer", challenge: "commit", reveal: "challenge", done: "reveal" } as const;

const newcomersSlots: readonly InviteSlot[] = ["commit", "reveal"];

function readBody(text: string): Answer<Bytes> {
  // Four letters are three bytes; measured before it is decoded.
  if (text.length > Math.ceil((limits.inviteSlotBytes * 4) / 3)) return refuse("tooLarge");
  try {
    return accept(fromBase64Url(text));
  } catch {
    return refuse("malformed");
  }
}

/** Why this may not be written into the invitation, or null. SPEC.md [I1] [I4]. */
function slotFault(
  invite: Invite,
  slot: Exclude<InviteSlot, "offer">,
  claim: string | undefined,
  session: Session | null,
): "malformed" | "forbidden" | "inviteUsed" | "sessionExpired" | null {
  if (newcomersSlots.includes(slot)) {
    if (claim === undefined) return "malformed";
    if (invite.claim !== null && invite.claim !== claim) return "inviteUsed";
  } else {
    if (session === null) return "sessionExpired";
    if (session.rooms.get(invite.roomId)?.deviceId !== invite.deviceId) return "forbidden";
  }
  return invite.slots[slotBefore[slot]] === undefined ? "forbidden" : null;
}

/** The noticeboard where an inviter and a newcomer meet. SPEC.md §8. */
export function createInvitations(storage: RelayStorage, clock: () => number): Invitations {
  return {
    async create(session, { inviteId, roomId, lifeMs, offer }) {
      const deviceId = session.rooms.get(roomId)?.deviceId;
      if (deviceId === undefined) return refuse("notMember");
      if (lifeMs < 1 || lifeMs > limits.inviteMs) return refuse("malformed");
      const body = readBody(offer);
      if (!body.ok) return body;
      return storage.write(async (tx) => {
        const room = await tx.lockRoom(roomId);
        // Whom it lets in is decided when the newcomer is added: everybody may add devices of their own. SPEC.md [C9].
        if (room?.membership.devices[deviceId] === undefined) return refuse("notMember");
        const existing = await tx.lockInvite(inviteId);
        if (existing !== null) {
          const isSame =
            existing.roomId === roomId &&
            existing.deviceId === deviceId &&
            existing.slots.offer !== undefined &&
            equalBytes(existing.slots.offer, body.value);
          return isSame ? accept(null) : refuse("inviteUsed");
        }
        if ((await tx.countInvites(roomId, clock() - countedMs)) >= openInvites) return refuse({ type: "busy", retryAfterMs: busyMs });
        await tx.insertInvite({
          inviteId,
          roomId,
          deviceId,
          expiresAt: clock() + lifeMs,
          claim: null,
          slots: { offer: body.value },
        });
        return accept(null);
      });
    },

    async read(inviteId) {
      const invite = await storage.invite(inviteId);
      if (invite === null) return refuse("inviteUnknown");
      if (invite.expiresAt <= clock()) return refuse("inviteExpired");
      const slots: InviteState["slots"] = {};
      for (const [slot, body] of Object.entries(invite.slots)) slots[slot as InviteSlot] = toBase64Url(body);
      return accept({ expiresAt: invite.expiresAt, slots });
    },

    async write(session, inviteId, { slot, claim, body: text }) {
      if (slot === "offer") return refuse("malformed");
      const body = readBody(text);
      if (!body.ok) return body;
      return storage.write(async (tx) => {
        const invite = await tx.lockInvite(inviteId);
        if (invite === null) return refuse("inviteUnknown");
        if (invite.expiresAt <= clock()) return refuse("inviteExpired");
        const fault = slotFault(invite, slot, claim, session);
        if (fault !== null) return refuse(fault);
        const written = invite.slots[slot];
        if (written !== undefined) return equalBytes(written, body.value) ? accept(null) : refuse("inviteUsed");
        await tx.writeInviteSlot(inviteId, slot, body.value, slot === "commit" ? (claim ?? null) : null);
        return accept(null);
      });
    },

    async sweep() {
      const now = clock();
      await storage.write((tx) => tx.sweepInvites(now, now - rememberedMs));
    },
  };
}
