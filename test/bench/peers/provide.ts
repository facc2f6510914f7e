import { HocuspocusProvider, HocuspocusProviderWebsocket } from "@hocuspocus/provider";
import { WebsocketProvider } from "y-websocket";
import type * as Y from "yjs";

export type Peer = "y-websocket" | "hocuspocus";

export type PeerClient = { connect(): void; synced(): Promise<void>; close(): void };

/** A peer's own provider on a document, not connected yet. */
export function provide(peer: Peer, url: string, room: string, into: Y.Doc): PeerClient {
  if (peer === "y-websocket") {
    const provider = new WebsocketProvider(url, room, into, { connect: false, disableBc: true });
    return {
      connect: () => provider.connect(),
      synced: () =>
        new Promise<void>((resolve) => {
          provider.once("sync", () => resolve());
        }),
      close: () => provider.destroy(),
    };
  }
  const websocketProvider = new HocuspocusProviderWebsocket({ url, autoConnect: false });
  const provider = new HocuspocusProvider({ websocketProvider, name: room, document: into });
  provider.attach();
  return {
    connect: () => void websocketProvider.connect(),
    synced: () =>
      new Promise<void>((resolve) => {
        provider.on("synced", () => resolve());
      }),
    close() {
      provider.destroy();
      websocketProvider.destroy();
    },
  };
}
