/** Tells the other tabs of this profile that a room has new records on disk. */
export type TabChannel = {
  announce(roomId: string): void;
  onAnnounced(listener: (roomId: string) => void): void;
  close(): void;
};

/** @param name one channel for each database */
export function openTabChannel(name: string): TabChannel {
  if (typeof BroadcastChannel === "undefined") return { announce() {}, onAnnounced() {}, close() {} };
  const channel = new BroadcastChannel(name);
  return {
    announce: (roomId) => channel.postMessage(roomId),
    onAnnounced(listener) {
      channel.onmessage = (event: MessageEvent<unknown>) => {
        if (typeof event.data === "string") listener(event.data);
      };
    },
    close: () => channel.close(),
  };
}
