import type { Bytes } from "#protocol/bytes.ts";

/** What a process hears from the others on its database. None of it may throw. */
export type PeerListener = {
  /** Another process has given the room numbers `fromSeq` to `toSeq`; they are in the database. */
  grown(roomId: string, fromSeq: number, toSeq: number): void;
  /** A device said something in passing to another process. */
  presence(roomId: string, authorId: string, bytes: Bytes): void;
  /** Somebody tries to remove these devices. SPEC.md [R16]. */
  held(roomId: string, deviceIds: readonly string[]): void;
  /** Anything of the above may have been missed. Also said when the listening begins. */
  missed(): void;
};

/**
 * How the relay processes on one database hear of each other. What is written through the storage is told of with its commit, without being asked.
 * A database that has but one process has none of this.
 */
export type RelayPeers = {
  /** Begins to hear, once. A connection that cannot be had or is lost is tried again until the storage is closed. */
  listen(listener: PeerListener): void;
  /** Tells the other processes; whoever does not hear at this moment has missed it. Rejects when there is no database. */
  sendPresence(roomId: string, authorId: string, bytes: Bytes): Promise<void>;
  /** The same of devices that somebody tries to remove. */
  sendHold(roomId: string, deviceIds: readonly string[]): Promise<void>;
};
