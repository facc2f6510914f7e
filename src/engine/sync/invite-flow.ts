import * as z from "zod/mini";
import { toBase64Url, toHex } from "#protocol/bytes.ts";
import type { MemberDevice } from "#protocol/control.ts";
import { type Answer, type InviteState, type Refusal, type RelayPort, remedyOf } from "#protocol/messages.ts";
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
import { nextDelayMs } from "./reconnect.ts";

/** Why an invitation came to nothing; each has its own words on screen. */
export type InviteFault =
  | { type: "refused"; refusal: Refusal }
  /** Something in it was not written by someone who has the link, or was changed. */
  | { type: "tampered" }
  | { type: "cancelled" };

export type InviteResult<T> = { ok: true; value: T } | { ok: false; fault: InviteFault };

const pollMs = 1000;
/** Two people stand and wait: no try is further from the one before. */
const longestPauseMs = 10_000;

type Newcomer = {
  name: string;
  /** Four numbers 0–255 to compare with the newcomer's. */
  check: number[];
  members: { roomId: string; member: MemberDevice }[];
};

/** Someone who waits for the other side. */
export type Waiting = {
  relay: RelayPort;
  clock: Clock;
  random: RandomBytes;
  cancelled: () => boolean;
  /** When the invitation is over for certain, by the own clock. Until then a relay that is not reached is asked again. */
  until: number;
};

/** An inviter, with the session of a member of the first room. */
export type Inviter = Waiting & { session: () => Promise<string> };

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
  waiting: Inviter,
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
    const written = await persist(waiting, async () =>
      answered(waiting.relay.writeInvite(await waiting.session(), link.inviteId, { slot: "challenge", body: challenge })),
    );
    if (!written.ok) return written;
    const revealed = await waitFor(waiting, link, (state) => state.slots.reveal);
    if (!revealed.ok) return revealed;
    if (!(await matchesCommit(revealed.value, commit))) return { ok: false, fault: { type: "tampered" } };
    const reveal = await openSlot(link, "reveal", Reveal, revealed.value);
    const wanted = new Map(offer.rooms.map((room) => [room.roomId, room.memberId]));
    const isWanted = ({ roomId, memberId }: Reveal["rooms"][number]) => (wanted.get(roomId) ?? memberId) === memberId && wanted.delete(roomId);
    if (reveal.rooms.length !== wanted.size || !reveal.rooms.every(isWanted)) {
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
export async function finishInvite(waiting: Inviter, link: InviteLink, added: boolean): Promise<InviteResult<null>> {
  const body = await sealSlot(link, "done", { added });
  return persist(waiting, async () => answered(waiting.relay.writeInvite(await waiting.session(), link.inviteId, { slot: "done", body })));
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
  waiting: Waiting,
  link: InviteLink,
  offer: Offer,
  name: string,
): Promise<InviteResult<{ check: number[]; leaves: PendingLeaf[] }>> {
  const { relay, random } = waiting;
  const leaves = await Promise.all(
    offer.rooms.map(async ({ roomId, memberId }) => ({ roomId, memberId: memberId ?? toHex(random(16)), ...(await generateLeaf()) })),
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
  const committed = await persist(waiting, () => answered(relay.writeInvite(null, link.inviteId, { slot: "commit", claim, body: commit })));
  if (!committed.ok) return committed;
  const challenged = await waitFor(waiting, link, (state) => state.slots.challenge);
  if (!challenged.ok) return challenged;
  return guarded(async () => {
    await openSlot(link, "challenge", Challenge, challenged.value);
    const written = await persist(waiting, () => answered(relay.writeInvite(null, link.inviteId, { slot: "reveal", claim, body: revealBody })));
    if (!written.ok) return written;
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

/**
 * Asks until the relay has answered, less and less often.
 * @param ask may be asked again after an answer that was lost
 */
export async function persist<T>({ clock, random, cancelled, until }: Waiting, ask: () => Promise<Answer<T>>): Promise<InviteResult<T>> {
  for (let attempt = 0; !cancelled(); attempt++) {
    try {
      const answer = await ask();
      return answer.ok ? answer : refused(answer.refusal);
    } catch (error) {
      if (!(error instanceof RelayUnreachableError)) throw error;
    }
    if (clock.now() >= until) return refused({ type: "inviteExpired" });
    const delayMs = nextDelayMs(attempt, () => (random(1)[0] ?? 0) / 256);
    await pause(clock, Math.min(delayMs, longestPauseMs));
  }
  return { ok: false, fault: { type: "cancelled" } };
}

/** A relay that asks to be asked later has not answered. */
async function answered<T>(asking: Promise<Answer<T>>): Promise<Answer<T>> {
  const answer = await asking;
  if (!answer.ok && remedyOf(answer.refusal) === "later") throw new RelayUnreachableError(answer.refusal.type);
  return answer;
}

async function waitFor(
  waiting: Waiting,
  link: InviteLink,
  slot: (state: InviteState) => string | undefined,
): Promise<InviteResult<string>> {
  for (;;) {
    const state = await persist(waiting, () => answered(waiting.relay.readInvite(link.inviteId)));
    if (!state.ok) return state;
    const body = slot(state.value);
    if (body !== undefined) return { ok: true, value: body };
    await pause(waiting.clock, pollMs);
  }
}

function pause(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => void clock.after(delayMs, resolve));
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
