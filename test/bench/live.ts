import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { subject as inChromium, withProfile } from "./browser.ts";
import type { Founded, Trip } from "./field/own-commands.ts";
import type { Peer } from "./peers/provide.ts";
import { monotonicMs, percentile, type Report, repeat, type Unit } from "./measure.ts";
import { freePort, processorSeconds, startRelay, withChildren, withTempFolder } from "./processes.ts";
import { buildSite } from "./site.ts";
import { readTrace } from "./trace.ts";

const savings = { node: 1000, chromium: 200 };
const joined = 5000;
/** Written by one command, which has a minute. */
const writtenAtOnce = 250;
const warmUp = 50;
const traceMs = 15 * 60_000;
const floorBytes = 400;

/** Whoever can be told what `createLiveCommands` lists: a process, or a page. */
type Client = { call<T>(command: string, input?: unknown, patienceMs?: number): Promise<T> };
/** Two clients of a server, each with the same document: the one that writes, and one that has not joined yet. */
type Pair = { writer: Client; reader: Client; founded: Founded | null; serverPid: number | null };
type Contestant = { subject: string; run<T>(use: (pair: Pair) => Promise<T>): Promise<T>; isOurs: boolean };

const ours = "Åpen dør";
const besidePeer = "y-websocket + LevelDB";
const floor = "bare append and fdatasync";

/** A service with two devices of ours at a relay, the second of them brought in. */
async function foundPair(writer: Client, reader: Client, { baseUrl, enrolmentCode, pid }: { baseUrl: string; enrolmentCode: string; pid: number }): Promise<Pair> {
  const founded = await writer.call<Founded>("found", { baseUrl, enrolmentCode });
  await writer.call("add", await reader.call("arrive", { baseUrl }));
  return { writer, reader, founded, serverPid: pid };
}

const inNode: Contestant = {
  subject: ours,
  isOurs: true,
  run: (use) =>
    withTempFolder(async (folder) => {
      const relay = await startRelay(folder);
      try {
        return await withChildren(async (start) => use(await foundPair(start("field/own-device.ts"), start("field/own-device.ts"), relay)));
      } finally {
        await relay.stop();
      }
    }),
};

const chromium: Contestant = {
  subject: inChromium,
  isOurs: true,
  run: (use) =>
    withTempFolder(async (folder) => {
      const relay = await startRelay(folder, { STATIC_DIR: await buildSite(folder, "field") });
      try {
        return await withProfile(join(folder, "writer"), (writer) =>
          withProfile(join(folder, "reader"), async (reader) => {
            for (const page of [writer, reader]) {
              await page.goto(`${relay.baseUrl}/bench/field.html`);
              await page.waitForFunction(() => "bench" in globalThis);
            }
            return use(await foundPair(clientOf(writer), clientOf(reader), relay));
          }),
        );
      } finally {
        await relay.stop();
      }
    }),
};

function clientOf(page: Page): Client {
  return {
    call: (command, input = null) =>
      page.evaluate(
        ([name, given]) => (globalThis as unknown as { bench: Record<string, (input: unknown) => Promise<never>> }).bench[name]?.(given) as Promise<never>,
        [command, input] as const,
      ),
  };
}

function peer(subject: string, name: Peer): Contestant {
  return {
    subject,
    isOurs: false,
    run: (use) =>
      withTempFolder((folder) =>
        withChildren(async (start) => {
          const port = String(await freePort());
          const environment = { HOST: "127.0.0.1", PORT: port, YPERSISTENCE: join(folder, "level"), DATABASE: join(folder, "documents.sqlite") };
          const server = start(`peers/${name}-server.ts`, environment);
          const [writer, reader] = [start("field/peer-client.ts"), start("field/peer-client.ts")];
          await server.call("ready");
          for (const client of [writer, reader]) await client.call("attach", { peer: name, url: `ws://127.0.0.1:${port}`, room: "live" });
          await writer.call("join");
          return use({ writer, reader, founded: null, serverPid: server.pid });
        }),
      ),
  };
}

const peers = [peer(besidePeer, "y-websocket"), peer("hocuspocus + SQLite", "hocuspocus")];

/** What two clients of the same document see of each other: while they are at it, and when one of them comes late. */
export async function live(report: Report, runs: number): Promise<void> {
  await fanOut(report, runs);
  await freshJoin(report, runs);
  await trace(report);
}

type Outcome = Record<string, number>;

/** Takes the contestants in turns, so that a busy moment of the machine does not fall on one alone. */
async function inTurns(runs: number, contestants: readonly Contestant[], measure: (contestant: Contestant) => Promise<Outcome>): Promise<Map<Contestant, Outcome[]>> {
  const results = new Map<Contestant, Outcome[]>();
  await repeat(runs, async () => {
    for (const contestant of contestants) results.set(contestant, [...(results.get(contestant) ?? []), await measure(contestant)]);
  });
  return results;
}

type Metric = { metric: string; key: string; unit: Unit; target?: { atMost: number } };

function tell(report: Report, results: Map<Contestant, Outcome[]>, metrics: readonly Metric[]): void {
  for (const { metric, key, unit, target } of metrics) {
    for (const [{ subject, isOurs }, outcomes] of results) {
      const values = outcomes.map((outcome) => outcome[key]).filter((value) => value !== undefined);
      if (values.length === 0) continue;
      report.figure({ metric, subject, unit, runs: values, ...(subject === besidePeer ? {} : { beside: besidePeer }), ...(isOurs && target !== undefined ? { target } : {}) });
    }
  }
}

/** One saving after another, each begun when the one before has arrived. */
async function fanOut(report: Report, runs: number): Promise<void> {
  const results = await inTurns(runs, [inNode, ...peers, chromium], (contestant) =>
    contestant.run(async ({ writer, reader, founded, serverPid }) => {
      const count = (contestant === chromium ? savings.chromium : savings.node) + warmUp;
      await reader.call("join", founded);
      await reader.call("watch", { count });
      const latencies: number[] = [];
      let busyBefore: number | null = null;
      for (let index = 0; index < count; index++) {
        if (index === warmUp && serverPid !== null) busyBefore = processorSeconds(serverPid);
        const arrival = reader.call<number>("applied", { index });
        const startedAt = await writer.call<number>("saveOne", { index, count });
        latencies.push((await arrival) - startedAt);
      }
      const busy = serverPid === null ? null : processorSeconds(serverPid);
      const measured = latencies.slice(warmUp);
      const serverMs = busy === null || busyBefore === null ? {} : { serverMs: ((busy - busyBefore) * 1000) / measured.length };
      return { p50: percentile(measured, 0.5), p99: percentile(measured, 0.99), ...serverMs };
    }),
  );
  const floorMs = await repeat(runs, async () => withTempFolder(async (folder) => appendAll(join(folder, "floor"))));
  tell(report, results, [
    { metric: "saved edit → applied at another, p50", key: "p50", unit: "ms", target: { atMost: 1.5 } },
    { metric: "saved edit → applied at another, p99", key: "p99", unit: "ms" },
    { metric: "processor time of the server for a saving", key: "serverMs", unit: "ms" },
  ]);
  for (const p of [0.5, 0.99]) report.figure({ metric: `saved edit → applied at another, p${p * 100}`, subject: floor, unit: "ms", runs: floorMs.map((times) => percentile(times, p)) });
  report.note(
    `saved edit → applied at another: ${savings.node.toLocaleString("en")} savings of one record after ${warmUp} to warm up (Chromium: ${savings.chromium}), one at a time, server and clients in processes of their own; from before the edit until the other document has it. ` +
      "Ours is sealed, signed, stored at the writer, checked, synced to disk at the relay and checked again before it is applied; the peers' goes on from memory.",
  );
}

function appendAll(path: string): number[] {
  const file = openSync(path, "a");
  const bytes = new Uint8Array(floorBytes);
  const times = Array.from({ length: savings.node }, () => {
    const startedAt = monotonicMs();
    writeSync(file, bytes);
    fdatasyncSync(file);
    return monotonicMs() - startedAt;
  });
  closeSync(file);
  return times;
}

/** A second device that comes when all has been written, live and one after another. */
async function freshJoin(report: Report, runs: number): Promise<void> {
  const results = await inTurns(runs, [inNode, ...peers, chromium], (contestant) =>
    contestant.run(async ({ writer, reader, founded }) => {
      for (let from = 0; from < joined; from += writtenAtOnce) await writer.call("fill", { from, to: from + writtenAtOnce, count: joined });
      const { ms, down } = await reader.call<Trip>("read", { ...founded, count: joined });
      const bytes = contestant === chromium ? {} : { kB: down / 1000 };
      return { ms, ...bytes, ...(founded === null ? {} : { again: await reader.call<number>("reopen", { roomId: founded.roomId, count: joined }) }) };
    }),
  );
  const what = `fresh join of ${joined.toLocaleString("en")} records`;
  tell(report, results, [
    { metric: what, key: "ms", unit: "ms", target: { atMost: 400 } },
    { metric: `${what}, bytes down`, key: "kB", unit: "kB", target: { atMost: 4500 } },
    { metric: `${joined.toLocaleString("en")} records from the device's own snapshot`, key: "again", unit: "ms", target: { atMost: 200 } },
  ]);
  report.note(
    `${what}: written by one client while it is connected, each saved before the next. Ours from taking up the room's keys, over session, pull, checks and storing, to an open document; peers from connecting. ` +
      "From the own snapshot: the space closed, and opened again without a network.",
  );
}

/** A recorded paper, every stroke of it, typed by one and read by another. */
async function trace(report: Report): Promise<void> {
  const recorded = readTrace(report);
  if (recorded === null) return;
  const { patches, text } = recorded;
  const results = await inTurns(1, [inNode, ...peers], (contestant) =>
    contestant.run(async ({ writer, reader, founded }) => {
      await reader.call("join", founded);
      const there = reader.call<number>("typed", { text }, traceMs);
      const startedAt = await writer.call<number>("type", { patches }, traceMs);
      return { ms: (await there) - startedAt };
    }),
  );
  const edits = patches.length.toLocaleString("en");
  tell(report, results, [{ metric: `${edits} edits typed live → all at another`, key: "ms", unit: "ms" }]);
  report.note(`the trace: a transaction for each edit, as fast as the client goes, until the other has the whole text, which is checked; taken once. Ours goes through a typed document in company, which seals what has come together.`);
}
