import { HocuspocusProvider, HocuspocusProviderWebsocket } from "@hocuspocus/provider";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { monotonicMs } from "../measure.ts";
import { answerCommands, countTraffic, traffic } from "../processes.ts";
import { checkAll, records, whenAll, type Workload, writeRecord } from "./workload.ts";

// One client of a peer on memory storage, as a process of its own. Its provider is attached while it is offline, as in an open app.

export type Peer = "y-websocket" | "hocuspocus";

const roomName = "field";
const doc = new Y.Doc();
let connect = () => {};

answerCommands({
  async attach({ peer, url }: { peer: Peer; url: string }) {
    countTraffic();
    if (peer === "y-websocket") {
      const provider = new WebsocketProvider(url, roomName, doc, { connect: false, disableBc: true });
      connect = () => provider.connect();
    } else {
      const websocketProvider = new HocuspocusProviderWebsocket({ url, autoConnect: false });
      const provider = new HocuspocusProvider({ websocketProvider, name: roomName, document: doc });
      provider.attach();
      connect = () => void websocketProvider.connect();
    }
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
  async read() {
    const startedAt = monotonicMs();
    connect();
    await whenAll(doc);
    const ms = monotonicMs() - startedAt;
    checkAll(doc);
    return { ms, ...traffic() };
  },
});
