import { type Accessor, createEffect } from "solid-js";
import type * as Y from "yjs";
import { Leaf, RoomKind } from "#protocol/control.ts";
import { generateLeaf } from "../../engine/keys/keyring.ts";
import { indexDocId } from "../../engine/log/rights.ts";
import type { Room } from "../../engine/space.ts";
import { createDocumentView } from "../../reactive/create-document-view.ts";
import { useEngine } from "../../reactive/engine-context.tsx";
import { fromObservable } from "../../reactive/from-observable.ts";
import { answerRoomOffer, readRoomAnswers, readRoomOffers, serviceRoots } from "./document.ts";
import { schoolYearOf } from "../../lib/school-year.ts";
import { yearOfLabel } from "./invite-rules.ts";
import { RelayUnreachableError } from "../../engine/platform/errors.ts";

/**
 * Keeps every consultant in every room of the service: a room that a colleague made is answered with fresh keys, and whoever is in it
 * already adds the one who answered. Both consultants are in the service room, so neither has to confirm the other again.
 */
export function createRoomKeeper(serviceRoom: Accessor<Room | undefined>, serviceIndex: Accessor<Y.Doc | undefined>): void {
  const engine = useEngine();
  const sync = fromObservable(engine.space.sync.status);
  const view = createDocumentView(serviceIndex, serviceRoots, (doc) => ({
    offers: doc === undefined ? [] : readRoomOffers(doc),
    answers: doc === undefined ? [] : readRoomAnswers(doc),
  }));
  let working = false;
  let again = false;

  createEffect(() => {
    const room = serviceRoom();
    const { offers, answers } = view();
    const reached = sync().reached;
    if (room === undefined || offers.length + answers.length === 0) return;
    void keep(room, reached === true);
  });

  async function keep(room: Room, online: boolean): Promise<void> {
    if (working) {
      again = true;
      return;
    }
    working = true;
    await engine.run(async () => {
      await answerOffers(room);
      if (online) await addThoseWhoAnswered(room);
    });
    working = false;
    if (!again) return;
    again = false;
    await keep(room, online);
  }

  async function answerOffers(room: Room): Promise<void> {
    const held = new Set(engine.rooms().map(({ roomId }) => roomId));
    for (const { roomId, kind, label, genesis } of view().offers) {
      const parsed = RoomKind.safeParse(kind);
      // Who was away for a year is let into that year's rooms by an invitation: of those that are destroyed, some still read an offer.
      const isPast = (yearOfLabel(label) ?? schoolYearOf(engine.today())) < schoolYearOf(engine.today());
      if (held.has(roomId) || !parsed.success || isPast) continue;
      held.add(roomId);
      const joined = await engine.space.joinRoom({ roomId, kind: parsed.data, label, role: "consultant", memberId: engine.newId(), genesis }, await generateLeaf());
      const { memberId, deviceId, leaf } = joined.ownMember;
      await room.edit([indexDocId], (doc) => {
        if (doc === undefined) return;
        answerRoomOffer(doc, { id: engine.newId(), roomId, memberId, deviceId, leaf: { ...leaf, answeredBy: room.deviceId } });
      });
    }
  }

  async function addThoseWhoAnswered(room: Room): Promise<void> {
    const colleagues = new Map((await room.members()).map((member) => [member.deviceId, member]));
    for (const answer of view().answers) {
      const target = engine.rooms().find(({ roomId }) => roomId === answer.roomId);
      const leaf = Leaf.safeParse(answer.leaf);
      if (target === undefined || !leaf.success || answer.deviceId === target.deviceId) continue;
      const members = await target.members();
      if (members.some(({ deviceId }) => deviceId === answer.deviceId)) continue;
      if (!members.some(({ deviceId, name }) => deviceId === target.deviceId && name !== null)) continue;
      // Whoever has been removed from the service since is let into nothing more.
      const colleague = colleagues.get(String((answer.leaf as { answeredBy?: unknown }).answeredBy));
      if (colleague === undefined) continue;
      const { person, device } = colleague;
      try {
        await engine.space.addMember(
          answer.roomId,
          { memberId: answer.memberId, role: "consultant", deviceId: answer.deviceId, leaf: leaf.data },
          colleague.name ?? "",
          { person, device },
        );
      } catch (error) {
        // Tried again when the relay answers.
        if (!(error instanceof RelayUnreachableError)) throw error;
        return;
      }
    }
  }
}
