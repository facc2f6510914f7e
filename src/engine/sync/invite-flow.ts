import * as z from "zod/mini";
import { toBase64Url, toHex } from "#protocol/bytes.ts";
import type { MemberDevice } from "#protocol/membership.ts";
import type { InviteState, Refusal, RelayPort } from "#protocol/messages.ts";
import {
  Challenge,
  checkNumbers,
  commitTo,
  formatInviteLink,
  type InviteLink,
  matchesCommit,
  newInviteLink,
  Offer,
  openSlot,
  Reveal,
  sealSlot,
} from "../keys/invitation.ts";
import { generateLeaf, publicLeaf } from "../keys/keyring.ts";
import type { Clock, RandomBytes } from "../platform/clock.ts";
import { RelayUnreachableError, UnreadableError } from "../platform/errors.ts";

/** Why an invitation came to nothing; each has its own words on screen. */
export type InviteFault =
  | { type: "refused"; refusal: Refusal }
  /** Something in it was not written by someone who has the link, or was changed. */
  | { type: "tampered" }
  | { type: "cancelled" };

export type InviteResult<T> = { ok: true; value: T } | { ok: false; fault: InviteFault };

const pollMs = 1000;

type Newcomer = {
  name: string;
  /** Four numbers 0–255 to compare with the newcomer's. */
  check: number[];
  members: { roomId: string; member: MemberDevice }[];
};

type Waiting = { relay: RelayPort; clock: Clock; cancelled: () => boolean };

/** Opens an invitation at the relay. @param session of a member of the first room */
export async function offerInvite(
  relay: RelayPort,
  session: string,
  random: RandomBytes,
  offer: Offer,
  lifeMs: number,
): Promise<InviteResult<{ link: InviteLink; text: string }>> {
  const [first] = offer.rooms;
  if (first === undefined) return { ok: false, fault: { type: "tampered" } };
  const link = newInviteLink(random, first.genesis);
  const answer = await relay.createInvite(session, {
    inviteId: link.inviteId,
    roomId: first.roomId,
    lifeMs,
    offer: await sealSlot(link, "offer", offer),
  });
  if (!answer.ok) return refused(answer.refusal);
  return { ok: true, value: { link, text: formatInviteLink(link) } };
}

/** The inviter's side, up to the four words: waits for a newcomer, answers its commitment, reads what it reveals. */
export async function meetNewcomer(
  waiting: Waiting & { session: () => Promise<string>; random: RandomBytes },
  link: InviteLink,
  offer: Offer,
  onAsked: () => void,
): Promise<InviteResult<Newcomer>> {
  const asked = await waitFor(waiting, link, (state) => state.slots.commit);
  if (!asked.ok) return asked;
  onAsked();
  return guarded(async () => {
    const commit = await openSlot(link, "commit", z.string(), asked.value);
    const challenge = await sealSlot(link, "challenge", { random: toBase64Url(waiting.random(32)) });
    const written = await waiting.relay.writeInvite(await waiting.session(), link.inviteId, { slot: "challenge", body: challenge });
    if (!written.ok) return refused(written.refusal);
    const revealed = await waitFor(waiting, link, (state) => state.slots.reveal);
    if (!revealed.ok) return revealed;
    if (!(await matchesCommit(revealed.value, commit))) return { ok: false, fault: { type: "tampered" } };
    const reveal = await openSlot(link, "reveal", Reveal, revealed.value);
    const wanted = new Set(offer.rooms.map((room) => room.roomId));
    if (reveal.rooms.length !== wanted.size || reveal.rooms.some((room) => !wanted.delete(room.roomId))) {
      return { ok: false, fault: { type: "tampered" } };
    }
    return {
      ok: true,
      value: {
        name: reveal.name,
        check: await checkNumbers(link, challenge, revealed.value),
        members: reveal.rooms.map(({ roomId, memberId, deviceId, leaf }) => ({
          roomId,
          member: { memberId, role: offer.role, deviceId, leaf },
        })),
      },
    };
  });
}

/** Tells the newcomer that it has been added, or that the words were not the same. */
export async function finishInvite(relay: RelayPort, session: string, link: InviteLink, added: boolean): Promise<void> {
  await relay.writeInvite(session, link.inviteId, { slot: "done", body: await sealSlot(link, "done", { added }) });
}

/** The newcomer's first look. */
export async function readOffer(relay: RelayPort, link: InviteLink): Promise<InviteResult<Offer>> {
  const state = await relay.readInvite(link.inviteId);
  if (!state.ok) return refused(state.refusal);
  const { offer, commit } = state.value.slots;
  if (commit !== undefined) return refused({ type: "inviteUsed" });
  return guarded(async () => {
    const opened = await openSlot(link, "offer", Offer, offer ?? "");
    if (opened.rooms[0]?.genesis !== link.genesis) return { ok: false, fault: { type: "tampered" } };
    return { ok: true, value: opened };
  });
}

export type PendingLeaf = { roomId: string; memberId: string } & Awaited<ReturnType<typeof generateLeaf>>;

/** The newcomer's side, up to the four words. Keys are made here and are not stored before the inviter has confirmed. */
export async function askToJoin(
  waiting: Waiting & { random: RandomBytes },
  link: InviteLink,
  offer: Offer,
  name: string,
): Promise<InviteResult<{ check: number[]; leaves: PendingLeaf[] }>> {
  const { relay, random } = waiting;
  const leaves = await Promise.all(
    offer.rooms.map(async ({ roomId }) => ({ roomId, memberId: toHex(random(16)), ...(await generateLeaf()) })),
  );
  const reveal: Reveal = {
    name,
    random: toBase64Url(random(32)),
    rooms: leaves.map((leaf) => ({
      roomId: leaf.roomId,
      memberId: leaf.memberId,
      deviceId: leaf.deviceId,
      leaf: publicLeaf(leaf),
    })),
  };
  const revealBody = await sealSlot(link, "reveal", reveal);
  const claim = toHex(random(16));
  const commit = await sealSlot(link, "commit", await commitTo(revealBody));
  const committed = await relay.writeInvite(null, link.inviteId, { slot: "commit", claim, body: commit });
  if (!committed.ok) return refused(committed.refusal);
  const challenged = await waitFor(waiting, link, (state) => state.slots.challenge);
  if (!challenged.ok) return challenged;
  return guarded(async () => {
    await openSlot(link, "challenge", Challenge, challenged.value);
    const written = await relay.writeInvite(null, link.inviteId, { slot: "reveal", claim, body: revealBody });
    if (!written.ok) return refused(written.refusal);
    return { ok: true, value: { check: await checkNumbers(link, challenged.value, revealBody), leaves } };
  });
}

/** Waits for the inviter's word. */
export async function awaitDone(waiting: Waiting, link: InviteLink): Promise<InviteResult<{ added: boolean }>> {
  const done = await waitFor(waiting, link, (state) => state.slots.done);
  if (!done.ok) return done;
  return guarded(async () => ({
    ok: true,
    value: await openSlot(link, "done", z.object({ added: z.boolean() }), done.value),
  }));
}

async function waitFor(
  { relay, clock, cancelled }: Waiting,
  link: InviteLink,
  slot: (state: InviteState) => string | undefined,
): Promise<InviteResult<string>> {
  while (!cancelled()) {
    const state = await reached(relay.readInvite(link.inviteId));
    if (state !== null) {
      if (!state.ok) return refused(state.refusal);
      const body = slot(state.value);
      if (body !== undefined) return { ok: true, value: body };
    }
    await new Promise<void>((resolve) => clock.after(pollMs, resolve));
  }
  return { ok: false, fault: { type: "cancelled" } };
}

/** A network that is away for a moment costs that moment and not the invitation. @returns null when the relay was not reached */
async function reached<T>(asking: Promise<T>): Promise<T | null> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof RelayUnreachableError) return null;
    throw error;
  }
}

async function guarded<T>(work: () => Promise<InviteResult<T>>): Promise<InviteResult<T>> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UnreadableError || error instanceof z.core.$ZodError || error instanceof RangeError || error instanceof SyntaxError) {
      return { ok: false, fault: { type: "tampered" } };
    }
    throw error;
  }
}

function refused(refusal: Refusal): { ok: false; fault: InviteFault } {
  return { ok: false, fault: { type: "refused", refusal } };
}
