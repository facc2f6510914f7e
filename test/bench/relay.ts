import { request } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import * as Y from "yjs";
import type { Bytes } from "#protocol/bytes.ts";
import type { RelayPort } from "#protocol/messages.ts";
import { systemClock } from "../../src/engine/platform/clock.ts";
import { createRelayClient } from "../../src/engine/sync/relay-client.ts";
import { createDatabase, startPostgresServer } from "../support/postgres-server.ts";
import { createTestService, draftRoom, openTestSession, type TestRoom, valueOf } from "../support/relay-world.ts";
import { type Peer, type PeerClient, provide } from "./peers/provide.ts";
import { type Report, repeat } from "./measure.ts";
import { addressAlone, collectGarbage, freePort, processorSeconds, residentMB, startProgram, startRelay, withTempFolder } from "./processes.ts";

type Load = { writers: number; pushes: number; envelopesPerPush: number };
type Writer = { session: string; room: TestRoom };
/** One list of pushes for each writer; a push is a list of envelopes. */
type Signed = Bytes[][][];

const sealedBytes = 400;
const loads: readonly Load[] = [
  { writers: 8, pushes: 200, envelopesPerPush: 1 },
  { writers: 8, pushes: 25, envelopesPerPush: 20 },
];
const streamCount = 2000;
const roomCount = 500;
const lanes = 16;
const settleMs = 1_000;
const floor = "bare SQLite append";
const streamPeer = "y-websocket + LevelDB";

/** Envelopes a second that are durable at the relay, and what it weighs while it waits. */
export async function relay(report: Report, runs: number): Promise<void> {
  for (const load of loads) await throughput(report, runs, load);
  await onPostgres(report, runs);
  await memory(report, runs);
}

async function throughput(report: Report, runs: number, load: Load): Promise<void> {
  const rates: { wall: number; core: number | null; floor: number; floorCore: number }[] = await withTempFolder(async (folder) => {
    const relay = await startRelay(folder);
    try {
      const port = createRelayClient(relay.baseUrl, fetch, systemClock);
      const writers = await makeWriters(port, relay.enrolmentCode, load.writers);
      const push = (signed: Signed) => pushAll([port], writers, signed);
      await push(await sign(writers, load));
      const append = openFloor(join(folder, "floor.sqlite"));
      return await repeat(runs, async () => {
        const signed = await sign(writers, load);
        const count = load.writers * load.pushes * load.envelopesPerPush;
        const [wallBefore, coreBefore] = [performance.now(), processorSeconds(relay.pid)];
        await push(signed);
        const [wallMs, coreAfter] = [performance.now() - wallBefore, processorSeconds(relay.pid)];
        const [floorBefore, floorCpuBefore] = [performance.now(), process.cpuUsage()];
        await append(signed);
        const floorCpu = process.cpuUsage(floorCpuBefore);
        return {
          wall: (count / wallMs) * 1000,
          core: coreBefore === null || coreAfter === null ? null : count / (coreAfter - coreBefore),
          floor: (count / (performance.now() - floorBefore)) * 1000,
          floorCore: count / ((floorCpu.user + floorCpu.system) / 1e6),
        };
      });
    } finally {
      await relay.stop();
    }
  });
  const shape = `${load.writers} writers × ${load.envelopesPerPush} a push`;
  const unit = "/s";
  const durable = { metric: `durable envelopes, ${shape}`, unit } as const;
  report.figure({ ...durable, subject: "Åpen dør", runs: rates.map(({ wall }) => wall), beside: floor });
  report.figure({ ...durable, subject: floor, runs: rates.map((rate) => rate.floor) });
  const perCore = { metric: `per processor second, ${shape}`, unit } as const;
  const cores = rates.map(({ core }) => core).filter((core) => core !== null);
  if (cores.length > 0) report.figure({ ...perCore, subject: "Åpen dør", runs: cores, beside: floor, ...(load.envelopesPerPush > 1 ? { target: { atLeast: 5000 } } : {}) });
  report.figure({ ...perCore, subject: floor, runs: rates.map(({ floorCore }) => floorCore) });
  if (load !== loads[0]) return;
  report.note(
    "durable envelopes: signed beforehand, pushed over HTTP by the app's own client, which shares the machine; each writer has one push on its way. The relay checks every signature and chain and syncs the disk before it acks.",
  );
  report.note(`${floor}: the same envelopes and writers in one process, one synced commit for all that came in a turn of the event loop; no HTTP, no checks.`);
}

/** Each writer at one of the relays, with one push on its way. */
async function pushAll(ports: readonly RelayPort[], writers: readonly Writer[], signed: Signed): Promise<void> {
  await Promise.all(
    writers.map(async ({ session, room }, index) => {
      const port = ports[index % ports.length];
      for (const envelopes of signed[index] ?? []) {
        const answer = await port?.push(session, room.roomId, envelopes);
        if (answer === undefined) throw new Error("no relay");
        const { seqs, refused } = valueOf(answer);
        if (refused !== null || seqs.length !== envelopes.length) throw new Error(`refused: ${JSON.stringify(refused)}`);
      }
    }),
  );
}

/** The larger load on a database that syncs as it comes, by one, two and four processes of the relay. */
async function onPostgres(report: Report, runs: number): Promise<void> {
  const load = loads[1] as Load;
  const server = await startPostgresServer([]);
  try {
    for (const processes of [1, 2, 4]) {
      const rates = await withTempFolder(async (folder) => {
        const settings = { DATABASE_URL: await createDatabase(server.url) };
        const first = await startRelay(folder, settings);
        const others = await repeat(processes - 1, () => startRelay(folder, settings, addressAlone));
        const relays = [first, ...others];
        try {
          const ports = relays.map(({ baseUrl }) => createRelayClient(baseUrl, fetch, systemClock));
          const writers = await makeWriters(ports[0] as RelayPort, first.enrolmentCode, load.writers);
          await pushAll(ports, writers, await sign(writers, load));
          const seconds = () => relays.map(({ pid }) => processorSeconds(pid) ?? Number.NaN).reduce((sum, one) => sum + one, 0);
          return await repeat(runs, async () => {
            const signed = await sign(writers, load);
            const count = load.writers * load.pushes * load.envelopesPerPush;
            const [wallBefore, coreBefore] = [performance.now(), seconds()];
            await pushAll(ports, writers, signed);
            return { wall: (count / (performance.now() - wallBefore)) * 1000, core: count / (seconds() - coreBefore) };
          });
        } finally {
          await Promise.all(relays.map((relay) => relay.stop()));
        }
      });
      const subject = `Åpen dør, PostgreSQL, ${processes === 1 ? "one process" : `${processes} processes`}`;
      const shape = `${load.writers} writers × ${load.envelopesPerPush} a push`;
      report.figure({ metric: `durable envelopes, ${shape}`, subject, unit: "/s", runs: rates.map(({ wall }) => wall), beside: floor });
      report.figure({ metric: `per processor second, ${shape}`, subject, unit: "/s", runs: rates.map(({ core }) => core), beside: floor, target: { atLeast: 5000 } });
    }
  } finally {
    await server.remove();
  }
  report.note("PostgreSQL: with fsync; the writers are spread over the processes, each in a room of its own. Per processor second is of the relay's processes together; the database's own time is not in it.");
}

async function makeWriters(port: RelayPort, enrolmentCode: string, count: number): Promise<Writer[]> {
  const service = await createTestService();
  valueOf(await port.registerService({ code: enrolmentCode, serviceId: service.serviceId, tokenHash: service.tokenHash }));
  return Promise.all(
    Array.from({ length: count }, async () => {
      const room = await draftRoom(service);
      valueOf(await port.createRoom(service.token, room.genesis));
      return { room, session: await openTestSession(port, { roomId: room.roomId, device: room.author.device }) };
    }),
  );
}

function sign(writers: readonly Writer[], { pushes, envelopesPerPush }: Load): Promise<Signed> {
  return Promise.all(
    writers.map(({ room }) => repeat(pushes, () => repeat(envelopesPerPush, () => room.author.update({}, sealedBytes)))),
  );
}

/** Appends to a SQLite file of the relay's settings, and to nothing else. */
function openFloor(path: string): (signed: Signed) => Promise<void> {
  const database = new Database(path);
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  database.exec("CREATE TABLE envelopes (room INTEGER NOT NULL, seq INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (room, seq))");
  const insert = database.prepare("INSERT INTO envelopes VALUES (?, ?, ?)");
  const seqs = new Map<number, number>();
  let waiting: { room: number; envelopes: Bytes[]; done: () => void }[] = [];
  const append = (room: number, envelopes: Bytes[]) => {
    for (const bytes of envelopes) {
      const seq = (seqs.get(room) ?? 0) + 1;
      seqs.set(room, seq);
      insert.run(room, seq, bytes);
    }
  };
  const commit = database.transaction((batch: typeof waiting) => {
    for (const { room, envelopes } of batch) append(room, envelopes);
  });
  const drain = () => {
    const batch = waiting;
    waiting = [];
    commit(batch);
    for (const { done } of batch) done();
  };
  const submit = (room: number, envelopes: Bytes[]) =>
    new Promise<void>((done) => {
      if (waiting.length === 0) setImmediate(drain);
      waiting.push({ room, envelopes, done });
    });
  return async (signed) => {
    await Promise.all(
      signed.map(async (pushes, room) => {
        for (const envelopes of pushes) await submit(room, envelopes);
      }),
    );
  };
}

async function memory(report: Report, runs: number): Promise<void> {
  const contestants = [
    { subject: "Åpen dør", measure: ownMemory },
    { subject: streamPeer, measure: () => peerMemory("y-websocket") },
    { subject: "hocuspocus + SQLite", measure: () => peerMemory("hocuspocus") },
  ];
  const taken = await repeat(contestants.length, async (index) => repeat(runs, async () => contestants[index]?.measure()));
  const listeners = streamCount.toLocaleString("en");
  for (const [index, { subject }] of contestants.entries()) {
    const known = (taken[index] ?? []).filter((memory) => memory !== undefined && memory !== null);
    if (known.length === 0) {
      report.note("memory is read from /proc, which this system has not.");
      return;
    }
    const beside = subject === streamPeer ? {} : { beside: streamPeer };
    report.figure({ metric: "memory, idle", subject, unit: "MB", runs: known.map(({ idle }) => idle), ...beside });
    report.figure({
      metric: `memory for each of ${listeners} idle listeners`,
      subject,
      unit: "kB",
      runs: known.map(({ idle, streaming }) => ((streaming - idle) * 1000) / streamCount),
      ...beside,
      ...(index === 0 ? { target: { atMost: 18 } } : {}),
    });
  }
  report.note(`memory: resident, after the garbage is collected: ${settleMs} ms after a start, and after ${listeners} devices in ${roomCount} rooms have come; nobody says anything.`);
}

/** In MB; null where there is no /proc. */
type Memory = { idle: number; streaming: number } | null;

const settled = () =>
  new Promise((resolve) => {
    setTimeout(resolve, settleMs);
  });

/** As many as there are listeners, a few at a time. */
async function comeInLanes(come: (index: number) => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: lanes }, (_, lane) => repeat(streamCount / lanes, (index) => come(lane * (streamCount / lanes) + index))));
}

async function weigh(pid: number): Promise<number> {
  await settled();
  collectGarbage(pid);
  await settled();
  return residentMB(pid) ?? Number.NaN;
}

async function weighTwice(pid: number, come: () => Promise<void>): Promise<Memory> {
  const idle = await weigh(pid);
  await come();
  const streaming = await weigh(pid);
  return Number.isNaN(idle) ? null : { idle, streaming };
}

function ownMemory(): Promise<Memory> {
  return withTempFolder(async (folder) => {
    const relay = await startRelay(folder);
    const streams: { destroy(): void }[] = [];
    try {
      const port = createRelayClient(relay.baseUrl, fetch, systemClock);
      const members = await makeWriters(port, relay.enrolmentCode, roomCount);
      return await weighTwice(relay.pid, async () => {
        await comeInLanes(async (index) => {
          const { room } = members[index % roomCount] as Writer;
          const session = await openTestSession(port, { roomId: room.roomId, device: room.author.device });
          streams.push(await openStream(`${relay.baseUrl}/v1/live`, session));
        });
      });
    } finally {
      for (const stream of streams) stream.destroy();
      await relay.stop();
    }
  });
}

/** Resolves when the relay has begun the stream. */
function openStream(url: string, session: string): Promise<{ destroy(): void }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent: false, headers: { authorization: `Bearer ${session}` } });
    asked.once("response", (response) => {
      response.on("error", () => undefined);
      response.once("data", () => resolve(asked));
    });
    asked.once("error", reject);
    asked.end();
  });
}

function peerMemory(name: Peer): Promise<Memory> {
  return withTempFolder(async (folder) => {
    const port = String(await freePort());
    const [program, ready] =
      name === "y-websocket"
        ? [fileURLToPath(new URL("server.js", import.meta.resolve("@y/websocket-server/utils"))), /running at/]
        : [join(import.meta.dirname, "peers/hocuspocus-server.ts"), /listening/];
    const environment = { HOST: "127.0.0.1", PORT: port, YPERSISTENCE: join(folder, "level"), DATABASE: join(folder, "documents.sqlite") };
    const server = await startProgram(program, folder, environment, ready);
    const clients: PeerClient[] = [];
    // Each provider listens to the end of the process.
    process.setMaxListeners(streamCount + process.getMaxListeners());
    try {
      return await weighTwice(server.pid, async () => {
        await comeInLanes(async (index) => {
          const client = provide(name, `ws://127.0.0.1:${port}`, `room-${index % roomCount}`, new Y.Doc());
          clients.push(client);
          const synced = client.synced();
          client.connect();
          await synced;
        });
      });
    } finally {
      for (const client of clients) client.close();
      await server.stop();
    }
  });
}
