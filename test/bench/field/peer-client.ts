import * as Y from "yjs";
import { monotonicMs } from "../measure.ts";
import { type Peer, provide } from "../peers/provide.ts";
import { answerCommands, countTraffic, traffic, trafficSince } from "../processes.ts";
import { createLiveCommands, type Patch, typeAll } from "./live-commands.ts";
import { checkAll, records, recordsOf, whenAll, type Workload, writeRecord } from "./workload.ts";

// One client of a peer on memory storage, as a process of its own. Its provider is attached while it is offline, as in an open app.

const doc = new Y.Doc();
let connect = () => {};
let synced: () => Promise<void> = async () => undefined;

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
