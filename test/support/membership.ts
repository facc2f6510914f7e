import { hash } from "node:crypto";
import type { ControlBody, MemberDevice, Role, RoomKind, Wrap } from "../../sync-server/protocol/control.ts";
import { firstGeneration, type Generation } from "../../sync-server/protocol/log-rules.ts";
import { foldControl, type LogSoFar, type Membership } from "../../sync-server/protocol/membership.ts";
import type { Answer } from "../../sync-server/protocol/messages.ts";
import type { EnvelopeFacts } from "../../sync-server/protocol/record.ts";

// Membership as plain data: the fold looks at ids and numbers only, so that none of it needs a key.

function idOf(name: string, digits: number): string {
  return hash("sha256", name).slice(0, digits);
}

export const roomId = idOf("room", 32);
export const serviceId = idOf("service", 32);
export const hashOf = (name: string): string => idOf(name, 64);

/** A device. «ada.tablet» and «ada.phone» are of one person. */
export function deviceOf(name: string, role: Role): MemberDevice {
  const leaf = { sign: `sign-of-${name}`, kem: `kem-of-${name}` };
  return { memberId: idOf(`m ${name.split(".")[0]}`, 32), role, deviceId: idOf(name, 32), leaf };
}

export const wrapsFor = (...devices: readonly { deviceId: string }[]): Wrap[] =>
  devices.map(({ deviceId }) => ({ deviceId, enc: "enc", sealed: "sealed" }));

/** A room while its control records are folded one after the other. */
export type FoldedRoom = {
  membership: Membership | null;
  /** The number that the next record gets. */
  place: number;
  generation: Generation;
  ctrs: Record<string, number>;
  /** Numbers at which an update stands. */
  updates: readonly number[];
};

export const emptyRoom: FoldedRoom = { membership: null, place: 1, generation: firstGeneration, ctrs: {}, updates: [] };

function factsBy(room: FoldedRoom, author: { deviceId: string }, body: ControlBody, changes: Partial<EnvelopeFacts>): EnvelopeFacts {
  return {
    envelopeId: hashOf(`record ${room.place}`),
    type: "control",
    roomId,
    deviceId: author.deviceId,
    // A record that begins an epoch is sealed in it [C12].
    epoch: room.membership === null ? 1 : room.membership.epoch + ("history" in body ? 1 : 0),
    ctr: (room.ctrs[author.deviceId] ?? 0) + 1,
    prev: "00".repeat(32),
    logGen: room.generation.logGen,
    seenSeq: 0,
    seenAcc: hashOf("acc"),
    ...changes,
  };
}

function logOf(room: FoldedRoom): LogSoFar {
  return {
    place: room.place,
    generation: room.generation,
    lastCtr: (deviceId) => room.ctrs[deviceId] ?? 0,
    isUpdateAt: ({ seq }) => room.updates.includes(seq),
  };
}

/** The verdict on a record at the next place of the room. */
export function fold(room: FoldedRoom, author: { deviceId: string }, body: ControlBody, changes: Partial<EnvelopeFacts> = {}): Answer<Membership> {
  return foldControl(room.membership, factsBy(room, author, body, changes), body, logOf(room));
}

/** The room behind the record. @throws when it is refused */
export function after(room: FoldedRoom, author: { deviceId: string }, body: ControlBody, changes: Partial<EnvelopeFacts> = {}): FoldedRoom {
  const facts = factsBy(room, author, body, changes);
  const folded = foldControl(room.membership, facts, body, logOf(room));
  if (!folded.ok) throw new Error(`${body.action}: ${folded.refusal.type}`);
  return { ...room, membership: folded.value, place: room.place + 1, ctrs: { ...room.ctrs, [author.deviceId]: facts.ctr } };
}

/** Bodies for a room as it is; each is right but for who may make it. */
export function bodiesFor({ membership }: FoldedRoom) {
  if (membership === null) throw new Error("no room yet");
  const { controlHead: previousControl, commitment, devices } = membership;
  const has = (gone: readonly { deviceId: string }[] = []) =>
    Object.keys(devices)
      .filter((id) => !gone.some(({ deviceId }) => deviceId === id))
      .map((deviceId) => ({ deviceId }));
  const begins = (members: readonly { deviceId: string }[]) => ({
    previousControl,
    commitment: hashOf(`commitment ${membership.epoch + 1}`),
    wraps: wrapsFor(...members),
    history: "history",
  });
  return {
    addMember: (member: MemberDevice) => ({ action: "addMember", previousControl, member, commitment, wraps: wrapsFor(member) }) as const,
    addDevice: (member: MemberDevice) => ({ action: "addDevice", previousControl, member, commitment, wraps: wrapsFor(member) }) as const,
    setRole: ({ memberId }: { memberId: string }, role: Role) => ({ action: "setRole", previousControl, memberId, role }) as const,
    remove: (...named: readonly { deviceId: string; cut?: number; fence?: number }[]) =>
      ({ action: "remove", ...begins(has(named)), devices: named.map(({ deviceId, cut = 0, fence = cut }) => ({ deviceId, cut, fence })) }) as const,
    rotate: () => ({ action: "rotate", ...begins(has()) }) as const,
    replaceRecovery: (member: MemberDevice) => {
      const gone = Object.entries(devices).flatMap(([deviceId, { role }]) => (role === "recovery" ? [{ deviceId }] : []));
      return { action: "replaceRecovery", ...begins([...has(gone), member]), member } as const;
    },
    offer: () => ({ action: "offer", previousControl, offerId: roomId }) as const,
    close: (keepUntil = "2031-08-01") => ({ action: "close", previousControl, keepUntil }) as const,
    shred: () => ({ action: "shred", previousControl }) as const,
    purge: (second: { deviceId: string }, seqs: readonly number[], through = Math.max(...seqs)) =>
      ({
        action: "purge",
        previousControl,
        docId: `02${roomId}`,
        through,
        dropped: seqs.map((seq) => ({ seq, envelopeId: hashOf(`update ${seq}`), deviceId: second.deviceId, ctr: seq })),
        touched: hashOf("touched"),
        ask: { deviceId: second.deviceId, signature: "signature" },
      }) as const,
    acceptGen: ({ logGen, fromSeq }: Generation) => ({ action: "acceptGen", previousControl, logGen, fromSeq }) as const,
  };
}

export function genesisOf(roomKind: RoomKind, ...members: MemberDevice[]): Extract<ControlBody, { action: "genesis" }> {
  return {
    action: "genesis",
    roomKind,
    serviceId: roomKind === "service" ? roomId : serviceId,
    members,
    commitment: hashOf("commitment 1"),
    wraps: wrapsFor(...members),
  };
}

/** A room with its founder, its recovery device where one is given, and then the others one after the other. */
export function roomOf(kind: RoomKind, founder: MemberDevice, recovery: MemberDevice | null, ...others: MemberDevice[]): FoldedRoom {
  let room = after(emptyRoom, founder, genesisOf(kind, ...(recovery === null ? [founder] : [founder, recovery])));
  for (const member of others) {
    const isKnown = Object.values(room.membership?.devices ?? {}).some(({ memberId }) => memberId === member.memberId);
    room = after(room, founder, isKnown ? bodiesFor(room).addDevice(member) : bodiesFor(room).addMember(member));
  }
  return room;
}
