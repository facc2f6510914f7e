import { request } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import type { Bytes } from "#protocol/bytes.ts";
import type { RelayPort } from "#protocol/messages.ts";
import { systemClock } from "../../src/engine/platform/clock.ts";
import { createRelayClient } from "../../src/engine/sync/relay-client.ts";
import { createTestService, draftRoom, openTestSession, type TestRoom, valueOf } from "../support/relay-world.ts";
import { type Report, repeat } from "./measure.ts";
import { freePort, processorSeconds, residentMB, startProgram, startRelay, withTempFolder } from "./processes.ts";

type Load = { writers: number; pushes: number; envelopesPerPush: number };
type Writer = { session: string; room: TestRoom };
/** One list of pushes for each writer; a push is a list of envelopes. */
type Signed = Bytes[][][];

const sealedBytes = 400;
const loads: readonly Load[] = [
  { writers: 8, pushes: 200, envelopesPerPush: 1 },
  { writers: 8, pushes: 25, envelopesPerPush: 20 },
];
const streamCount = 500;
const roomCount = 50;
const settleMs = 1_000;
const floor = "bare SQLite append";
const streamPeer = "y-websocket + LevelDB";

/** Envelopes a second that are durable at the relay, and what it weighs while it waits. */
export async function relay(report: Report, runs: number): Promise<void> {
  for (const load of loads) await throughput(report, runs, load);
  await memory(report, runs);
}

async function throughput(report: Report, runs: number, load: Load): Promise<void> {
  const rates: { wall: number; core: number | null; floor: number; floorCore: number }[] = await withTempFolder(async (folder) => {
    const relay = await startRelay(folder);
    try {
      const port = createRelayClient(relay.baseUrl, fetch, systemClock);
      const writers = await makeWriters(port, relay.enrolmentCode, load.writers);
      const push = async (signed: Signed) => {
        await Promise.all(
          writers.map(async ({ session, room }, index) => {
            for (const envelopes of signed[index] ?? []) {
              const { seqs, refused } = valueOf(await port.push(session, room.roomId, envelopes));
              if (refused !== null || seqs.length !== envelopes.length) throw new Error(`refused: ${JSON.stringify(refused)}`);
            }
          }),
        );
      };
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
  if (cores.length > 0) report.figure({ ...perCore, subject: "Åpen dør", runs: cores, beside: floor });
  report.figure({ ...perCore, subject: floor, runs: rates.map(({ floorCore }) => floorCore) });
  if (load !== loads[0]) return;
  report.note(
    "durable envelopes: signed beforehand, pushed over HTTP by the app's own client, which shares the machine; each writer has one push on its way. The relay checks every signature and chain and syncs the disk before it acks.",
  );
  report.note(`${floor}: the same envelopes and writers in one process, one synced commit for all that came in a turn of the event loop; no HTTP, no checks.`);
}

async function makeWriters(port: RelayPort, enrolmentCode: string, count: number): Promise<Writer[]> {
  const service = await createTestService();
  valueOf(await port.registerService({ code: enrolmentCode, serviceId: service.serviceId, tokenHash: service.tokenHash }));
  return repeat(count, async () => {
    const room = await draftRoom(service);
    valueOf(await port.createRoom(service.token, room.genesis));
    return { room, session: await openTestSession(port, { roomId: room.roomId, device: room.author.device }) };
  });
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
  const [own, peer] = [await repeat(runs, ownMemory), await repeat(runs, peerMemory)];
  const known = (values: (number | null)[]) => values.filter((value) => value !== null);
  if (known(own.map(({ idle }) => idle)).length === 0) {
    report.note("memory is read from /proc, which this system has not.");
    return;
  }
  for (const [metric, key] of [
    ["memory, idle", "idle"],
    [`memory, ${streamCount} open streams`, "streaming"],
  ] as const) {
    report.figure({ metric, subject: "Åpen dør", unit: "MB", runs: known(own.map((run) => run[key])), beside: streamPeer });
    report.figure({ metric, subject: streamPeer, unit: "MB", runs: known(peer.map((run) => run[key])) });
  }
  report.note(`memory: resident, ${settleMs} ms after a start, and after ${streamCount} devices in ${roomCount} rooms have come; nobody says anything.`);
}

type Memory = { idle: number | null; streaming: number | null };

const settled = () =>
  new Promise((resolve) => {
    setTimeout(resolve, settleMs);
  });

function ownMemory(): Promise<Memory> {
  return withTempFolder(async (folder) => {
    const relay = await startRelay(folder);
    const streams: { destroy(): void }[] = [];
    try {
      await settled();
      const idle = residentMB(relay.pid);
      const port = createRelayClient(relay.baseUrl, fetch, systemClock);
      const members = await makeWriters(port, relay.enrolmentCode, roomCount);
      await repeat(streamCount, async (index) => {
        const { room } = members[index % roomCount] as Writer;
        const session = await openTestSession(port, { roomId: room.roomId, device: room.author.device });
        streams.push(await openStream(`${relay.baseUrl}/v1/live`, session));
      });
      await settled();
      return { idle, streaming: residentMB(relay.pid) };
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

function peerMemory(): Promise<Memory> {
  return withTempFolder(async (folder) => {
    const port = String(await freePort());
    const program = fileURLToPath(new URL("server.js", import.meta.resolve("@y/websocket-server/utils")));
    const environment = { HOST: "127.0.0.1", PORT: port, YPERSISTENCE: join(folder, "level") };
    const server = await startProgram(program, folder, environment, /running at/);
    const providers: WebsocketProvider[] = [];
    // Each provider listens to the end of the process.
    process.setMaxListeners(streamCount + process.getMaxListeners());
    try {
      await settled();
      const idle = residentMB(server.pid);
      await repeat(streamCount, async (index) => {
        const provider = new WebsocketProvider(`ws://127.0.0.1:${port}`, `room-${index % roomCount}`, new Y.Doc(), { disableBc: true });
        providers.push(provider);
        await new Promise<void>((resolve) => {
          provider.once("sync", () => resolve());
        });
      });
      await settled();
      return { idle, streaming: residentMB(server.pid) };
    } finally {
      for (const provider of providers) provider.destroy();
      await server.stop();
    }
  });
}
