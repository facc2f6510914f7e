import { HocuspocusProvider, HocuspocusProviderWebsocket } from "@hocuspocus/provider";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { monotonicMs } from "../measure.ts";
import { answerCommands, countTraffic, traffic, trafficSince } from "../processes.ts";
import { createLiveCommands, type Patch, typeAll } from "./live-commands.ts";
import { checkAll, records, recordsOf, whenAll, type Workload, writeRecord } from "./workload.ts";

// One client of a peer on memory storage, as a process of its own. Its provider is attached while it is offline, as in an open app.

export type Peer = "y-websocket" | "hocuspocus";

const doc = new Y.Doc();
let connect = () => {};
let synced: () => Promise<void> = async () => undefined;

function provide(peer: Peer, url: string, room: string, into: Y.Doc) {
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

answerCommands({
  ...createLiveCommands({ now: monotonicMs, doc: () => doc, edit: (change) => change(doc), sent: async () => undefined }),
  async attach({ peer, url, room }: { peer: Peer; url: string; room: string }) {
    countTraffic();
    // As a device has that is in use: it has talked with this server before.
    const before = provide(peer, url, "before", new Y.Doc());
    before.connect();
    await before.synced();
    before.close();
    const provider = provide(peer, url, room, doc);
    ({ connect, synced } = provider);
  },
  write(workload: Workload) {
    for (const record of records) writeRecord(doc, record, workload);
  },
  /** Begins to send; the server knows when it is done. */
  send() {
    const startedAt = monotonicMs();
    connect();
    return startedAt;
  },
  traffic,
  async join() {
    const isSynced = synced();
    connect();
    await isSynced;
  },
  /** Types. @returns when it began */
  async type({ patches }: { patches: readonly Patch[] }) {
    const startedAt = monotonicMs();
    await typeAll(doc, patches);
    return startedAt;
  },
  async read({ count = records.length }: { count?: number } = {}) {
    const wanted = recordsOf(count);
    const before = traffic();
    const startedAt = monotonicMs();
    connect();
    await whenAll(doc, wanted);
    const ms = monotonicMs() - startedAt;
    checkAll(doc, wanted);
    return { ms, ...trafficSince(before) };
  },
});
