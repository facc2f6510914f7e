import { fromBase64Url, toBase64Url, type Bytes } from "#protocol/bytes.ts";
import { limits } from "#protocol/limits.ts";
import type { Membership } from "#protocol/membership.ts";
import type { Answer, RecoveryAnswer, RecoveryRequest } from "#protocol/messages.ts";
import type { Session } from "./access.ts";
import { accept, refuse } from "./answers.ts";
import type { RelayStorage, RoomState, WriteTx } from "./storage/storage.ts";

export type RecoveryBundles = {
  put(session: Session, lookupId: string, request: RecoveryRequest): Promise<Answer<null>>;
  read(lookupId: string): Promise<Answer<RecoveryAnswer>>;
  drop(session: Session, lookupId: string): Promise<Answer<null>>;
};

function readBody(text: string): Answer<Bytes> {
  // Four letters are three bytes; measured before it is decoded.
  if (text.length > Math.ceil((limits.recoveryBytes * 4) / 3)) return refuse("tooLarge");
  try {
    return accept(fromBase64Url(text));
  } catch {
    return refuse("malformed");
  }
}

/** Whether the room is a service's own, and the device a consultant's in it. */
export function isConsultantOf({ roomKind, devices }: Membership, deviceId: string): boolean {
  return roomKind === "service" && devices[deviceId]?.role === "consultant";
}

/** What the holder of a recovery code finds with nothing but the code. SPEC.md [Y3]. */
export function createRecoveryBundles(storage: RelayStorage): RecoveryBundles {
  /** The service's room, locked, if the session is a consultant's of it. */
  const enter = async (tx: WriteTx, session: Session, serviceId: string): Promise<Answer<RoomState>> => {
    const deviceId = session.rooms.get(serviceId)?.deviceId;
    if (deviceId === undefined) return refuse("notMember");
    const room = await tx.lockRoom(serviceId);
    return room !== null && isConsultantOf(room.membership, deviceId) ? accept(room) : refuse("forbidden");
  };

  return {
    async put(session, lookupId, { serviceId, bundle }) {
      const body = readBody(bundle);
      if (!body.ok) return body;
      const known = await storage.recoveryBundle(lookupId);
      if (known !== null && known.serviceId !== serviceId) return refuse("forbidden");
      return storage.write(async (tx) => {
        const room = await enter(tx, session, serviceId);
        if (!room.ok) return room;
        if (known === null && (await tx.countRecoveryBundles(serviceId)) >= limits.recoveryBundles) return refuse("overQuota");
        await tx.putRecoveryBundle({ lookupId, serviceId, body: body.value });
        return accept(null);
      });
    },

    async read(lookupId) {
      const bundle = await storage.recoveryBundle(lookupId);
      return bundle === null ? refuse("codeUnknown") : accept({ bundle: toBase64Url(bundle.body) });
    },

    async drop(session, lookupId) {
      const bundle = await storage.recoveryBundle(lookupId);
      if (bundle === null) return accept(null);
      return storage.write(async (tx) => {
        const room = await enter(tx, session, bundle.serviceId);
        if (!room.ok) return room;
        await tx.dropRecoveryBundle(lookupId);
        return accept(null);
      });
    },
  };
}
