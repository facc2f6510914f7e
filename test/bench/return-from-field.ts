import { join } from "node:path";
import type { Founded, Trip } from "./field/own-commands.ts";
import type { Peer } from "./peers/provide.ts";
import { recordCount, type Workload } from "./field/workload.ts";
import { type Report, repeat } from "./measure.ts";
import { freePort, startRelay, withChildren, withTempFolder } from "./processes.ts";

/** What one run of one contestant gave: milliseconds and bytes. */
type Home = { durableMs: number; upBytes: number; readMs: number; downBytes: number };

const room = "field";

function ownRun(workload: Workload): Promise<Home> {
  return withTempFolder(async (folder) => {
    const relay = await startRelay(folder);
    const { baseUrl, enrolmentCode } = relay;
    try {
      return await withChildren(async (start) => {
        const [writer, reader] = [start("field/own-device.ts"), start("field/own-device.ts")];
        const founded = await writer.call<Founded>("found", { baseUrl, enrolmentCode });
        await writer.call("add", await reader.call("arrive", { baseUrl }));
        await writer.call("write", workload);
        const sent = await writer.call<Trip>("send");
        const read = await reader.call<Trip>("read", founded);
        return { durableMs: sent.ms, upBytes: sent.up, readMs: read.ms, downBytes: read.down };
      });
    } finally {
      await relay.stop();
    }
  });
}

function peerRun(peer: Peer, workload: Workload): Promise<Home> {
  return withTempFolder((folder) =>
    withChildren(async (start) => {
      const port = String(await freePort());
      const url = `ws://127.0.0.1:${port}`;
      const environment = { HOST: "127.0.0.1", PORT: port, YPERSISTENCE: join(folder, "level"), DATABASE: join(folder, "documents.sqlite") };
      const server = start(`peers/${peer}-server.ts`, environment);
      const [writer, reader] = [start("field/peer-client.ts"), start("field/peer-client.ts")];
      await server.call("ready");
      await Promise.all([writer, reader].map((client) => client.call("attach", { peer, url, room })));
      await writer.call("write", workload);
      const before = await writer.call<{ up: number }>("traffic");
      const durable = server.call<number>("durable", room);
      const startedAt = await writer.call<number>("send");
      const durableMs = (await durable) - startedAt;
      const upBytes = (await writer.call<{ up: number }>("traffic")).up - before.up;
      const read = await reader.call<Trip>("read");
      return { durableMs, upBytes, readMs: read.ms, downBytes: read.down };
    }),
  );
}

const besidePeer = "y-websocket + LevelDB";
const targets = { durableMs: { atMost: 100 }, upBytes: { atMost: 200 }, readMs: { atMost: 150 } };

const contestants: { subject: string; run: () => Promise<Home>; isOurs: boolean }[] = [
  { subject: "Åpen dør", run: () => ownRun("saved"), isOurs: true },
  { subject: "Åpen dør, 21 transactions merged", run: () => ownRun("typed"), isOurs: true },
  { subject: besidePeer, run: () => peerRun("y-websocket", "typed"), isOurs: false },
  { subject: "hocuspocus + SQLite", run: () => peerRun("hocuspocus", "typed"), isOurs: false },
  { subject: "hocuspocus + SQLite, one transaction", run: () => peerRun("hocuspocus", "saved"), isOurs: false },
];

/** 500 drøftinger written offline → durable at the server → in the document of a fresh second device. */
export async function returnFromField(report: Report, runs: number): Promise<void> {
  const results = new Map<(typeof contestants)[number], Home[]>();
  // In turns, so that a busy moment of the machine does not fall on one contestant alone.
  await repeat(runs, async () => {
    for (const contestant of contestants) results.set(contestant, [...(results.get(contestant) ?? []), await contestant.run()]);
  });
  const metrics = [
    { metric: `${recordCount} records offline → durable`, unit: "ms", key: "durableMs", per: 1 },
    { metric: "bytes up", unit: "kB", key: "upBytes", per: 1000 },
    { metric: "fresh second device has all", unit: "ms", key: "readMs", per: 1 },
    { metric: "bytes down", unit: "kB", key: "downBytes", per: 1000 },
  ] as const;
  for (const { metric, unit, key, per } of metrics) {
    for (const [{ subject, isOurs }, homes] of results) {
      const target = isOurs && key in targets ? { target: targets[key as keyof typeof targets] } : {};
      report.figure({
        metric,
        subject,
        unit,
        runs: homes.map((home) => home[key] / per),
        ...(subject === besidePeer ? {} : { beside: besidePeer }),
        ...target,
      });
    }
  }
  report.note(
    "server, writer and reader are processes of their own, new for each run, both clients on memory storage. Peers: 21 transactions a record, their provider attached while offline. " +
      "Ours: the form is a draft and Lagre one edit; merged: the same 21 transactions, sealed as one update at Lagre.",
  );
  report.note(
    "durable: ours when the relay has acked, which it does after the disk has synced; y-websocket when its write queue is empty (no sync); hocuspocus when its debounced store has committed.",
  );
  report.note("the second device: ours from taking up the room's keys over session, pull, checks and storing to an open document; peers from connecting. Bytes are all that crossed the socket.");
}
