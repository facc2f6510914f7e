import type { Generation } from "#protocol/log-rules.ts";
import type { Membership } from "#protocol/membership.ts";
import type { EnvelopeType } from "#protocol/record.ts";

// Who has read what in a room, as far as their envelopes say. Pure. SPEC.md §16.

/** What is kept of it with the room's state. */
export type Seen = {
  /** By device: the number up to which its envelopes say to have verified the log, and the time in the newest of them, in ms; null where none could be read. */
  devices: Record<string, { seenSeq: number; at: number | null }>;
  /** The newest envelope of somebody else's that is no heartbeat; 0 where there is none. */
  newsSeq: number;
  /** This device's newest update in the log, and the time in it, in ms. */
  saved: { seq: number; at: number } | null;
  /** The time in this device's newest heartbeat in the log, in ms. */
  beatAt: number | null;
};

export const nothingSeen: Seen = { devices: {}, newsSeq: 0, saved: null, beatAt: null };

/** What an envelope that has just been verified says of its author's reading. */
export type Word = {
  seq: number;
  deviceId: string;
  type: EnvelopeType;
  seenSeq: number;
  logGen: number;
  /** The time inside, in ms; null where it could not be read. */
  at: number | null;
};

/** SPEC.md [H2] */
export const dayMs = 24 * 60 * 60_000;

/**
 * Takes in what a page says. SPEC.md [H4].
 * @param words in the order of the log
 * @param own this device
 */
export function seenIn(before: Seen, words: readonly Word[], own: string, generations: readonly Generation[]): Seen {
  let { newsSeq, saved, beatAt } = before;
  const devices = { ...before.devices };
  for (const { seq, deviceId, type, seenSeq, logGen, at } of words) {
    const known = devices[deviceId];
    // What was seen of a log that was lost since, nobody has seen of this one.
    const lastCommon = Math.min(seenSeq, ...generations.filter((later) => later.logGen > logGen).map(({ fromSeq }) => fromSeq));
    devices[deviceId] = { seenSeq: Math.max(known?.seenSeq ?? 0, lastCommon), at: at ?? known?.at ?? null };
    if (deviceId !== own && type !== "heartbeat") newsSeq = seq;
    if (deviceId === own && type === "update" && at !== null) saved = { seq, at };
    if (deviceId === own && type === "heartbeat" && at !== null) beatAt = at;
  }
  return { devices, newsSeq, saved, beatAt };
}

/** As it was when the log ended at a number: a relay was restored from a backup, and what came after that is not in it any more. SPEC.md [G2]. */
export function seenUntil({ devices, newsSeq, saved, beatAt }: Seen, seq: number): Seen {
  return {
    devices: Object.fromEntries(Object.entries(devices).map(([id, device]) => [id, { ...device, seenSeq: Math.min(device.seenSeq, seq) }])),
    newsSeq: Math.min(newsSeq, seq),
    saved: saved === null || saved.seq <= seq ? saved : null,
    beatAt,
  };
}

/**
 * Whether the log lacks a word of this device's that a heartbeat would give. SPEC.md [H2].
 * @param isServiceRoom there each device that is online gives one a day, whatever it has read
 */
export function isHeartbeatDue({ devices, newsSeq, beatAt }: Seen, own: string, isServiceRoom: boolean, now: number): boolean {
  const isOld = (at: number | null | undefined) => typeof at !== "number" || Math.abs(now - at) >= dayMs;
  const unsaid = newsSeq > (devices[own]?.seenSeq ?? 0);
  return (unsaid && isOld(beatAt)) || (isServiceRoom && isOld(devices[own]?.at));
}

/** How many people but oneself have read up to a number, and how many there are. The recovery device is nobody. */
export function readersOf({ devices }: Seen, { devices: members }: Pick<Membership, "devices">, ownMemberId: string, seq: number): { readers: number; colleagues: number } {
  const colleagues = new Set<string>();
  const readers = new Set<string>();
  for (const [deviceId, { memberId, role }] of Object.entries(members)) {
    if (role === "recovery" || memberId === ownMemberId) continue;
    colleagues.add(memberId);
    if ((devices[deviceId]?.seenSeq ?? 0) >= seq) readers.add(memberId);
  }
  return { readers: readers.size, colleagues: colleagues.size };
}
