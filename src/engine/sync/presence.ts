import type { Bytes } from "#protocol/bytes.ts";
import type { Clock } from "../platform/clock.ts";

/** Where the others are in one document while they have it open. Opaque bytes, that is for the editor to read. SPEC.md §11. */
export type PresenceChannel = {
  /**
   * Tells the room's other devices, the newest a few times a second; nothing while the relay is not reached, nor what does not fit into
   * `limits.presenceBytes`. Never throws and is never waited for.
   */
  send(bytes: Bytes): void;
  /** Calls back with what another device sent and that device's id. @returns what ends it */
  onReceived(listener: (deviceId: string, bytes: Bytes) => void): () => void;
  /** Sends at once what still waits, such as a farewell; hears and sends nothing more. May be called twice. */
  close(): void;
};

export type RoomPresence = {
  /** @param docId 34 hexadecimal digits */
  open(docId: string): PresenceChannel;
  /** Takes in an envelope, unchecked, from the relay. */
  receive(envelope: Bytes): void;
  /** Ends every channel; what waits is not sent. May be called twice. */
  close(): void;
};

type Inside = { at: number; docId: string; bytes: Bytes };

/** Between an answer and the next sending: a place that moves five times a second is seen to move. SPEC.md [N6]. */
const paceMs = 200;
/** How old a word may be when it comes: longer than that, and its author has moved on or gone. SPEC.md [N5]. */
const oldestMs = 30_000;
/** How far apart two clocks may be: each put right once a week, and a minute off by then. SPEC.md [N5]. */
const skewMs = 120_000;

/**
 * One room's presence on this device: what it sends is paced, what it hears is fresh.
 * @param seal null when there is nobody to tell
 * @param unseal null for what does not count; never rejects
 * @param post seals and hands over if the relay is reached; never rejects
 */
export function createRoomPresence(parts: {
  clock: Clock;
  seal: (inside: Inside) => Promise<Bytes | null>;
  unseal: (envelope: Bytes) => Promise<(Inside & { deviceId: string }) | null>;
  post: (seal: () => Promise<Bytes | null>) => Promise<void>;
}): RoomPresence {
  const { clock, seal, unseal, post } = parts;
  type Channel = { docId: string; listeners: Set<(deviceId: string, bytes: Bytes) => void>; end(): void };
  const channels = new Set<Channel>();
  /** The time of the newest taken, for each document listened to and each author: outlives the channel, or a replay would too. */
  const newest = new Map<string, number>();
  let lastAt = 0;
  let closed = false;

  function take({ at, docId, bytes, deviceId }: Inside & { deviceId: string }): void {
    const listening = Array.from(channels).filter((channel) => channel.docId === docId);
    if (listening.length === 0) return;
    const ageMs = clock.now() - at;
    if (ageMs > oldestMs + skewMs || ageMs < -skewMs) return;
    const author = `${docId} ${deviceId}`;
    if (at <= (newest.get(author) ?? 0)) return;
    newest.set(author, at);
    for (const { listeners } of listening) for (const listener of listeners) listener(deviceId, bytes);
  }

  function open(docId: string): PresenceChannel {
    let waiting: Bytes | null = null;
    let isSending = false;
    let isOpen = !closed;
    let interrupt = () => {};

    /** One at a time: where the network is slow, what is worth more must not queue behind it. */
    async function sendAll(): Promise<void> {
      isSending = true;
      while (waiting !== null && !closed) {
        const bytes = waiting;
        waiting = null;
        // Own clocks may stand still or be set back between two.
        lastAt = Math.max(clock.now(), lastAt + 1);
        const inside = { at: lastAt, docId, bytes };
        await post(() => seal(inside));
        if (isOpen) await pause();
      }
      isSending = false;
    }

    function pause(): Promise<void> {
      return new Promise((resolve) => {
        const cancel = clock.after(paceMs, resolve);
        interrupt = () => {
          cancel();
          resolve();
        };
      });
    }

    const channel: Channel = {
      docId,
      listeners: new Set(),
      end() {
        isOpen = false;
        channels.delete(channel);
        channel.listeners.clear();
        interrupt();
      },
    };
    if (isOpen) channels.add(channel);
    return {
      send(bytes) {
        if (!isOpen) return;
        waiting = bytes;
        if (!isSending) void sendAll();
      },
      onReceived(listener) {
        if (isOpen) channel.listeners.add(listener);
        return () => channel.listeners.delete(listener);
      },
      close: () => channel.end(),
    };
  }

  return {
    open,
    receive(envelope) {
      if (channels.size === 0) return;
      void unseal(envelope).then((presence) => {
        if (presence !== null) take(presence);
      });
    },
    close() {
      closed = true;
      for (const channel of Array.from(channels)) channel.end();
    },
  };
}
