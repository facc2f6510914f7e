import { createEffect, createMemo } from "solid-js";
import { generateLeaf } from "../../engine/keys/keyring.ts";
import { RelayUnreachableError } from "../../engine/platform/errors.ts";
import type { Room } from "../../engine/space.ts";
import { fromObservable } from "../../reactive/from-observable.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { isYearBefore } from "../space/followers.ts";
import { yearOfLabel } from "../space/invite-rules.ts";
import { useWorkspace } from "../space/workspace.tsx";

/**
 * Carries a school's people into its next year: a consultant's device offers the new rooms in the old ones, and theirs answer with keys of their own.
 * A consultant lets them in. protocol: SPEC.md §14.
 */
export function FollowKeeper(): null {
  const engine = useEngine();
  const workspace = useWorkspace();
  const sync = fromObservable(engine.space.sync.status);
  const isReached = createMemo(() => sync().reached === true);
  /** Rooms that this device has offered since it was unlocked. */
  const offered = new Set<string>();
  let working = false;

  createEffect(() => {
    engine.rooms();
    // What did not succeed is tried again with the minute; and an offer comes with the log, which says nothing here.
    engine.now();
    if (isReached() && !working) void keep();
  });

  async function keep(): Promise<void> {
    working = true;
    await engine.read(async () => {
      const places = engine.rooms().filter(({ kind }) => kind === "plan" || kind === "school");
      for (const room of places.filter(({ isAwaited }) => !isAwaited)) {
        if (room.role === "consultant") await offerIn(room, places);
        else await follow(room);
      }
    });
    working = false;
  }

  async function offerIn(room: Room, places: readonly Room[]): Promise<void> {
    const next = places.filter((later) => isYearBefore(room, later) && isOfThisYear(later) && later.standing(later.deviceId) === "present" && !offered.has(later.roomId));
    if (next.length === 0) return;
    const known = new Set((await room.offers()).map(({ roomId }) => roomId));
    const rooms = next.flatMap(({ roomId, kind, label, genesis }) => (known.has(roomId) ? [] : [{ roomId, kind, label, genesis }]));
    if (rooms.length === 0 || (await room.members()).every(({ role }) => role === "consultant" || role === "recovery")) return;
    try {
      await engine.space.change(room.roomId, { action: "offer", offerId: engine.newId(), rooms });
      for (const { roomId } of rooms) offered.add(roomId);
    } catch (error) {
      if (!(error instanceof RelayUnreachableError)) throw error;
    }
  }

  async function follow(room: Room): Promise<void> {
    const offers = (await room.offers()).filter((offer) => isYearBefore(room, offer) && isOfThisYear(offer));
    if (offers.length === 0) return;
    const answers = await room.answers();
    const joined: Room[] = [];
    for (const offer of offers) {
      const held = engine.rooms().find(({ roomId }) => roomId === offer.roomId);
      const told = answers.filter(({ roomId }) => roomId === offer.roomId);
      const isTold = told.some(({ by }) => by.deviceId === room.deviceId);
      // Who has answered and holds the room no more was in it, and is not any longer.
      if (held !== undefined ? !held.isAwaited || isTold : isTold) continue;
      // One person there too, with each of her devices.
      const memberId = told.find(({ by }) => by.memberId === room.ownMember.memberId)?.memberId ?? engine.newId();
      joined.push(held ?? (await engine.space.joinRoom({ ...offer, role: room.role, memberId }, await generateLeaf())));
    }
    room.answer(joined);
  }

  function isOfThisYear({ label }: { label: string }): boolean {
    return (yearOfLabel(label) ?? 0) >= workspace.schoolYear();
  }

  return null;
}
