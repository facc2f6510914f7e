import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { equalBytes, fromHex, toBase64Url, toHex, type Bytes } from "#protocol/bytes.ts";
import { parseControlBody, type ControlBody, type MemberDevice } from "#protocol/control.ts";
import { limits } from "#protocol/limits.ts";
import { accSeenIn, firstGeneration, judge, presentGeneration, startGenerations, sumUp, type ChainHead, type Generation, type StartedGeneration } from "#protocol/log-rules.ts";
import type { Membership } from "#protocol/membership.ts";
import type { Answer, Refusal, RelayPort } from "#protocol/messages.ts";
import { envelopeIdInput, factsOf, parseEnvelope, type NumberedEnvelope } from "#protocol/record.ts";
import { systemClock } from "../../src/engine/platform/clock.ts";
import { RelayUnreachableError } from "../../src/engine/platform/errors.ts";
import { createRelayClient } from "../../src/engine/sync/relay-client.ts";
import { beginGenerationIn, beginGenerationSqlite } from "../../sync-server/backup.ts";
import { nodeSha256 } from "../../sync-server/node-sha256.ts";
import { openPostgresStorage } from "../../sync-server/storage/postgres.ts";
import { openSqliteStorage } from "../../sync-server/storage/sqlite.ts";
import type { RelayStorage } from "../../sync-server/storage/storage.ts";
import { createTestAuthor, createTestDevice, randomBytes, randomId, testCommitment, wrapFor, type TestAuthor, type TestDevice } from "../support/envelopes.ts";
import type { PostgresServer } from "../support/postgres-server.ts";
import { addressLine, codeLine, createPrograms, type Run } from "../support/relay-program.ts";
import { createTestService, draftRoom, openTestSession, valueOf } from "../support/relay-world.ts";
import { createChance, type Chance } from "./chance.ts";

// The relay as it is run, killed while it is at work. What it has acked or shown must be there afterwards, once, at its number.

export type KillsPlan = {
  seed: number;
  /** How often something is killed. */
  kills: number;
  /** An empty PostgreSQL database; null for a SQLite file. */
  databaseUrl: string | null;
  /** Processes of the relay on the database; one where that is SQLite. */
  processes: number;
  /** The database's own server, where that is to be killed too. */
  server: PostgresServer | null;
};

export type KillsReport = {
  /** What broke a promise. */
  violations: string[];
  /** What was done and seen, by its name. */
  counts: Record<string, number>;
};

const rooms = 3;
/** Devices of a room that write, its founder among them. */
const writersOfRoom = 3;
const batchMost = 6;
const sealedMost = 1500;
/** Asked of the relay, or answered by it, before the next kill. */
const eventsMost = 60;
/** On top of that, so that the moment is not always one of theirs. */
const lateMsMost = 4;
/** The longest that a start is let go on before it is killed. */
const startMsMost = 300;
const breathMs = 2;
const chances = { startKilled: 0.1, generation: 0.03, server: 0.15, control: 0.15, heartbeat: 0.1, repeat: 0.15 };

/** Written and not yet acked; `after` is where its author's chain stood before it. */
type Pending = { bytes: Bytes; id: string; isControl: boolean; logGen: number; after: ChainHead };

/** An envelope as its author remembers it once it is acked. */
type Acked = { bytes: Bytes; id: string; isControl: boolean; seq: number };

type Writer = { device: TestDevice; author: TestAuthor; isFounder: boolean; beats: number; session: string | null; pending: Pending[]; acked: Acked[] };

type KilledRoom = {
  roomId: string;
  generations: Generation[];
  writers: Writer[];
  reader: Reader;
  /** By its number, whatever a stream or a page has shown. */
  shown: Map<number, string>;
};

const idOf = (bytes: Bytes): string => toHex(nodeSha256(envelopeIdInput(bytes)));

type Reader = {
  /** Takes what follows on what it has; what it has must be the same, and what does not follow waits for a pull. */
  take(generations: readonly Generation[], page: readonly NumberedEnvelope[]): Promise<void>;
  headSeq(): number;
  membership(): Membership | null;
  heads(): ReadonlyMap<string, ChainHead>;
  accs(): ReadonlyMap<number, Bytes>;
  ids(): readonly string[];
  /** For the head of an envelope that is written now. */
  seen(logGen: number): { seenSeq: number; seenAcc: Bytes } | null;
};

/** A reader of a room's log that holds every envelope against the rules. @param wrong is told what breaks them */
function createReader(roomId: string, wrong: (what: string) => void): Reader {
  const ids: string[] = [];
  const accs = new Map<number, Bytes>();
  const heads = new Map<string, ChainHead>();
  let membership: Membership | null = null;
  let known: readonly Generation[] = [];
  let started: StartedGeneration[] = [];
  let tail = Promise.resolve();

  const takeAll = async (generations: readonly Generation[], page: readonly NumberedEnvelope[]): Promise<void> => {
    if (generations.length !== known.length) {
      known = [...generations];
      started = await startGenerations(nodeSha256, fromHex(roomId), known, (seq) => accs.get(seq));
    }
    for (const { seq, bytes } of page) {
      const id = idOf(bytes);
      if (seq <= ids.length) {
        if (ids[seq - 1] !== id) wrong(`number ${seq} was ${ids[seq - 1]} and is ${id}`);
        continue;
      }
      if (seq > ids.length + 1) return;
      const parsed = parseEnvelope(bytes);
      if (!parsed.ok) return wrong(`number ${seq} is ${parsed.fault.type}`);
      const facts = factsOf(parsed.envelope, fromHex(id));
      // Of a generation that is not known yet: the next pull tells of it.
      if (facts.logGen > presentGeneration(known).logGen) return;
      const control = facts.type === "control" ? parseControlBody(parsed.envelope.clear) : null;
      if (control?.ok === false) return wrong(`number ${seq} is ${control.refusal.type}`);
      const accAt = (logGen: number, at: number) => {
        const acc = accSeenIn(started, (number) => accs.get(number), logGen, at);
        return acc && toHex(acc);
      };
      const log = { membership, headSeq: ids.length, generations: known, chainHead: (deviceId: string) => heads.get(deviceId), accAt, isUpdateAt: () => false };
      const judged = judge(log, facts, control?.body ?? null, "read");
      if (!judged.ok) return wrong(`number ${seq} should have been refused: ${judged.refusal.type}`);
      const acc = accSeenIn(started, (number) => accs.get(number), presentGeneration(known).logGen, ids.length);
      if (acc === undefined) return wrong(`no accumulator at number ${ids.length}`);
      const sums = await sumUp(nodeSha256, fromHex(roomId), started, { seq: ids.length, acc }, [fromHex(id)]);
      started = sums.generations;
      accs.set(seq, sums.accs[0] as Bytes);
      ids.push(id);
      heads.set(facts.deviceId, { ctr: facts.ctr, tip: id });
      membership = judged.value;
    }
  };

  return {
    take: (generations, page) => (tail = tail.then(() => takeAll(generations, page))),
    headSeq: () => ids.length,
    membership: () => membership,
    heads: () => heads,
    accs: () => accs,
    ids: () => ids,
    seen(logGen) {
      const seenSeq = ids.length;
      if (presentGeneration(started).logGen !== logGen) return null;
      const seenAcc = accSeenIn(started, (seq) => accs.get(seq), logGen, seenSeq);
      return seenAcc === undefined ? null : { seenSeq, seenAcc };
    },
  };
}

/** One process of the relay, again and again. */
type Host = {
  port: RelayPort | null;
  /** Resolves when it can be asked; never rejects. */
  up(): Promise<void>;
  start(): void;
  said(pattern: RegExp): Promise<string>;
  /** @param isGentle as a service manager ends it */
  kill(isGentle?: boolean): Promise<void>;
};

/** @throws when the world cannot be set up; what the relay does wrong is in the report */
export async function runKills({ seed, kills, databaseUrl, processes, server }: KillsPlan): Promise<KillsReport> {
  const folder = mkdtempSync(join(tmpdir(), "relay-kills-"));
  const programs = createPrograms(folder);
  const world = createWorld({ seed, kills, databaseUrl, processes, server }, folder, programs.run);
  try {
    return await world.run();
  } finally {
    await world.end();
    programs.killAll();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function createWorld({ seed, kills, databaseUrl, processes, server }: KillsPlan, folder: string, runRelay: (environment: Record<string, string>) => Run) {
  const chance = createChance(seed, 1);
  const dataDir = join(folder, "data");
  const cacheDir = join(folder, "compiled");
  mkdirSync(cacheDir);
  const environment = {
    DATA_DIR: dataDir,
    PORT: "0",
    RATE_LIMITS: "off",
    LOG_LEVEL: "fatal",
    NODE_COMPILE_CACHE: cacheDir,
    ...(databaseUrl !== null && { DATABASE_URL: databaseUrl }),
  };
  const violations: string[] = [];
  const counts: Record<string, number> = {};
  const count = (what: string, by = 1) => void (counts[what] = (counts[what] ?? 0) + by);
  const wrong = (what: string) => void violations.push(what);

  let events = 0;
  let awaited: { events: number; reached: () => void } | null = null;
  const event = () => {
    events++;
    if (awaited !== null && events >= awaited.events) awaited.reached();
  };
  const afterEvents = (more: number) => new Promise<void>((reached) => void (awaited = { events: events + more, reached }));
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      setTimeout(resolve, ms);
    });

  /** Counts what is asked and answered. */
  const watched = (port: RelayPort): RelayPort => {
    const counted = (ask: (...given: never[]) => Promise<unknown>) => async (...given: never[]) => {
      event();
      try {
        return await ask(...given);
      } finally {
        event();
      }
    };
    return Object.fromEntries(Object.entries(port).map(([name, ask]) => [name, counted(ask)])) as unknown as RelayPort;
  };

  let gone: string | null = null;
  let serverKills = 0;
  let isEnded = false;

  const hosts = Array.from({ length: processes }, (): Host => {
    let run: Run | null = null;
    let risen = Promise.withResolvers<void>();
    const host: Host = {
      port: null,
      up: () => risen.promise,
      start() {
        if (isEnded) return;
        const started = runRelay(environment);
        const killsBefore = serverKills;
        run = started;
        started.said(addressLine).then(
          (out) => {
            if (run !== started) return;
            host.port = watched(createRelayClient(addressLine.exec(out)?.[1] ?? "", fetch, systemClock));
            risen.resolve();
          },
          () => {
            if (run !== started) return;
            // Without its database it does not start. Whoever runs it starts it again.
            if (serverKills > killsBefore) return host.start();
            // Its first words fail to come only when it has ended.
            void started.ended.then((how) => {
              gone = `the relay ended by itself with ${how}: ${started.err().slice(-500)}`;
              risen.resolve();
            });
          },
        );
      },
      said: (pattern) => (run === null ? Promise.reject(new Error("not started")) : run.said(pattern)),
      async kill(isGentle = false) {
        const killed = run;
        run = null;
        // Who waits for a start that is killed waits for the next.
        if (host.port !== null) risen = Promise.withResolvers<void>();
        host.port = null;
        killed?.child.kill(isGentle ? "SIGTERM" : "SIGKILL");
        await killed?.ended;
      },
    };
    return host;
  });

  /** A process that can be asked. */
  const reach = async (pick: Chance): Promise<RelayPort> => {
    for (;;) {
      if (gone !== null) throw new Error(gone);
      const ports = hosts.flatMap(({ port }) => port ?? []);
      if (ports.length > 0) return pick.pick(ports);
      await Promise.race(hosts.map(({ up }) => up()));
      await pause(0);
    }
  };

  /** Asks until the relay answers other than that it cannot just now, or not with this session. */
  const ask = async <T>(pick: Chance, writer: Pick<Writer, "session" | "device">, roomId: string, run: (port: RelayPort, session: string) => Promise<Answer<T>>): Promise<Answer<T>> => {
    for (;;) {
      const port = await reach(pick);
      try {
        writer.session ??= await openTestSession(port, { roomId, device: writer.device });
        const answer = await run(port, writer.session);
        if (answer.ok || (answer.refusal.type !== "busy" && answer.refusal.type !== "sessionExpired")) return answer;
        if (answer.refusal.type === "sessionExpired") writer.session = null;
        else count("busy");
      } catch (error) {
        // Who is not let in just now is let in later: a refused session throws as well.
        if (!(error instanceof RelayUnreachableError)) count("no session");
        else count("cut off");
      }
      await pause(breathMs);
    }
  };

  /** Reads on to the head of the log. */
  const pull = async (pick: Chance, room: KilledRoom, asking: Pick<Writer, "session" | "device">, reader = room.reader): Promise<void> => {
    for (;;) {
      const { logGen } = presentGeneration(room.generations);
      const answer = await ask(pick, asking, room.roomId, (port, session) => port.log(session, room.roomId, reader.headSeq(), logGen));
      if (!answer.ok) {
        if (!hearsGeneration(room, answer.refusal)) return wrong(`a reader was refused: ${answer.refusal.type}`);
        continue;
      }
      const { headSeq } = answer.value;
      // Nothing is purged here.
      const page = answer.value.page.filter((entry) => "bytes" in entry);
      for (const entry of page) show(room, entry);
      await reader.take(room.generations, page);
      if (page.length === 0) {
        if (reader.headSeq() < headSeq) wrong(`the log ends at ${reader.headSeq()} and says ${headSeq}`);
        return;
      }
    }
  };

  const hearsGeneration = (room: KilledRoom, refusal: Refusal): boolean => {
    if (refusal.type !== "otherLogGen") return false;
    if (refusal.generations.length > room.generations.length) room.generations = refusal.generations;
    return true;
  };

  /** What is shown once stays what it is. */
  const show = (room: KilledRoom, { seq, bytes }: NumberedEnvelope) => {
    const id = idOf(bytes);
    const before = room.shown.get(seq);
    if (before !== undefined && before !== id) wrong(`number ${seq} was shown as ${before} and as ${id}`);
    room.shown.set(seq, id);
  };

  const compose = async (pick: Chance, room: KilledRoom, writer: Writer): Promise<void> => {
    const { author, pending } = writer;
    const body = writer.isFounder ? await controlOf(pick, room, writer) : null;
    const { logGen } = presentGeneration(room.generations);
    const changes = { logGen, epoch: room.reader.membership()?.epoch ?? 1, ...room.reader.seen(logGen) };
    const add = async (isControl: boolean, make: () => Promise<Bytes>) => {
      const after = author.head();
      const bytes = await make();
      pending.push({ bytes, id: author.tip(), isControl, logGen, after });
    };
    if (body !== null) return add(true, () => author.control(body, { ...changes, ...("history" in body && { epoch: changes.epoch + 1 }) }));
    for (let made = 1 + pick.below(batchMost); made > 0; made--) {
      // More than these are told to come later, and ten minutes are longer than this takes.
      const beats = pick.happens(chances.heartbeat) && writer.beats++ < limits.heartbeatBurst;
      if (beats) await add(false, () => author.heartbeat(changes));
      else await add(false, () => author.update(changes, 16 + pick.below(sealedMost)));
    }
  };

  /** A change of who is in the room, now and then; and always that a new generation is accepted. */
  const controlOf = async (pick: Chance, room: KilledRoom, writer: Writer): Promise<ControlBody | null> => {
    const isAccepted = () => {
      const { logGen, fromSeq } = presentGeneration(room.generations);
      return fromSeq === 0 || room.reader.membership()?.acceptedGen === logGen;
    };
    if (isAccepted() && !pick.happens(chances.control)) return null;
    // It names the control record before it, which may be one of its author's own.
    await pull(pick, room, writer);
    const held = room.reader.membership();
    if (held === null) return null;
    const previousControl = held.controlHead;
    if (!isAccepted()) return { action: "acceptGen", previousControl, ...presentGeneration(room.generations) };
    const silent = Object.keys(held.devices).filter((deviceId) => !room.writers.some(({ device }) => device.deviceId === deviceId));
    const begins = (deviceIds: readonly string[]) => ({
      previousControl,
      commitment: testCommitment,
      wraps: deviceIds.map((deviceId) => wrapFor({ deviceId })),
      history: toBase64Url(randomBytes(60)),
    });
    const [gone] = silent;
    const member = gone === undefined ? undefined : held.devices[gone];
    if (gone === undefined || member === undefined || (silent.length < 3 && pick.happens(0.4))) {
      const device = await createTestDevice();
      const added = device.as(pick.happens(0.5) ? "consultant" : "socialTeacher");
      return { action: "addMember", previousControl, member: added, commitment: held.commitment, wraps: [wrapFor(added)] };
    }
    const left = Object.keys(held.devices);
    switch (pick.below(4)) {
      case 0:
        return { action: "setRole", previousControl, memberId: member.memberId, role: member.role === "consultant" ? "socialTeacher" : "consultant" };
      case 1:
        return { action: "rotate", ...begins(left) };
      case 2:
        return { action: "remove", ...begins(left.filter((deviceId) => deviceId !== gone)), devices: [{ deviceId: gone, cut: 0, fence: 0 }] };
      default:
        return { action: "offer", previousControl, offerId: randomId() };
    }
  };

  const ack = (writer: Writer, pending: readonly Pending[], seqs: readonly number[]) => {
    seqs.forEach((seq, index) => {
      const { bytes, id, isControl } = pending[index] as Pending;
      writer.acked.push({ bytes, id, isControl, seq });
    });
    count("acked", seqs.length);
  };

  /** Sends what comes first, by the door that is for it. */
  const send = async (pick: Chance, room: KilledRoom, writer: Writer): Promise<void> => {
    const [first] = writer.pending;
    if (first === undefined) return;
    const isOld = first.logGen < presentGeneration(room.generations).logGen;
    const run = writer.pending.slice(0, batchEnd(writer.pending, isOld));
    const { roomId } = room;
    const answer = await ask(pick, writer, roomId, async (port, session): Promise<Answer<{ seqs: number[]; refused: Refusal | null }>> => {
      if (isOld) return port.repair(session, roomId, run.map(({ bytes }) => bytes));
      if (!first.isControl) return port.push(session, roomId, run.map(({ bytes }) => bytes));
      const answered = await port.control(session, roomId, first.bytes);
      return answered.ok ? { ok: true, value: { seqs: [answered.value.seq], refused: null } } : answered;
    });
    const { seqs, refused } = answer.ok ? answer.value : { seqs: [], refused: answer.refusal };
    if (isOld) count("repaired", seqs.length);
    ack(writer, run, seqs);
    const rest = run[seqs.length];
    writer.pending.splice(0, seqs.length);
    if (refused === null) return;
    if (hearsGeneration(room, refused)) return;
    if (refused.type === "busy") return;
    // The epoch has moved on, perhaps by a record whose ack was lost: none of these is in the log, and they are written again.
    if (refused.type !== "staleEpoch" || rest === undefined) {
      wrong(`${writer.isFounder ? "founder" : "writer"} was refused: ${JSON.stringify(refused).slice(0, 200)}`);
      writer.pending.length = 0;
      return;
    }
    await pull(pick, room, writer);
    writer.author.goOnFrom(rest.after);
    writer.pending.length = 0;
    count("sealed again");
  };

  const batchEnd = (pending: readonly Pending[], isOld: boolean): number => {
    const logGen = pending[0]?.logGen;
    const end = pending.findIndex((one) => one.logGen !== logGen || (!isOld && one.isControl !== pending[0]?.isControl));
    return end === -1 ? pending.length : pending[0]?.isControl === true && !isOld ? 1 : end;
  };

  /** The same bytes as before, which have a number. */
  const sendAgain = async (pick: Chance, room: KilledRoom, writer: Writer, again: readonly Acked[]): Promise<void> => {
    const { roomId } = room;
    const controls = again.filter(({ isControl }) => isControl);
    const others = again.filter(({ isControl }) => !isControl);
    const seqs: number[] = [];
    if (others.length > 0) {
      const answer = await ask(pick, writer, roomId, (port, session) => port.push(session, roomId, others.map(({ bytes }) => bytes)));
      if (!answer.ok || answer.value.refused !== null) return wrong(`what was acked was refused: ${JSON.stringify(answer).slice(0, 200)}`);
      seqs.push(...answer.value.seqs);
    }
    for (const { bytes } of controls) {
      const answer = await ask(pick, writer, roomId, (port, session) => port.control(session, roomId, bytes));
      if (!answer.ok) return wrong(`what was acked was refused: ${JSON.stringify(answer).slice(0, 200)}`);
      seqs.push(answer.value.seq);
    }
    const expected = [...others, ...controls].map(({ seq }) => seq);
    if (seqs.join() !== expected.join()) wrong(`the same bytes had ${expected.join()} and got ${seqs.join()}`);
    count("sent again", seqs.length);
  };

  let isOver = false;

  const write = async (pick: Chance, room: KilledRoom, writer: Writer): Promise<void> => {
    while (!isOver || writer.pending.length > 0) {
      if (writer.pending.length === 0) {
        if (pick.happens(chances.repeat) && writer.acked.length > 0) {
          const from = pick.below(writer.acked.length);
          await sendAgain(pick, room, writer, writer.acked.slice(from, from + batchMost));
        }
        await compose(pick, room, writer);
      }
      await send(pick, room, writer);
    }
  };

  /** Listens on a stream, reads what it missed, and begins again when it is over. */
  const listen = async (pick: Chance, room: KilledRoom, device: TestDevice): Promise<void> => {
    const own = { session: null as string | null, device };
    while (!isOver) {
      let last = 0;
      const over = Promise.withResolvers<void>();
      const port = await reach(pick);
      try {
        own.session ??= await openTestSession(port, { roomId: room.roomId, device });
        const opened = await port.live(own.session, {
          record(_, seq, bytes) {
            if (seq <= last) wrong(`a stream gave number ${seq} after ${last}`);
            last = seq;
            count("heard");
            show(room, { seq, bytes });
            void room.reader.take(room.generations, [{ seq, bytes }]);
          },
          presence: () => undefined,
          ended: over.resolve,
        });
        if (opened.ok) {
          count("streams");
          await pull(pick, room, own);
          stopListening.add(opened.value.close).add(over.resolve);
          if (!isOver) await over.promise;
          opened.value.close();
        } else own.session = null;
      } catch {
        await pause(breathMs);
      }
    }
  };
  const stopListening = new Set<() => void>();

  const makeRooms = async (port: RelayPort, code: string): Promise<KilledRoom[]> => {
    const service = await createTestService();
    valueOf(await port.registerService({ code, serviceId: service.serviceId, tokenHash: service.tokenHash }));
    return Promise.all(
      Array.from({ length: rooms }, async (): Promise<KilledRoom> => {
        const { roomId, author, genesis, genesisId } = await draftRoom(service);
        valueOf(await port.createRoom(service.token, genesis));
        const founder: Writer = { device: author.device, author, isFounder: true, beats: 0, session: null, pending: [], acked: [{ bytes: genesis, id: genesisId, isControl: true, seq: 1 }] };
        const room: KilledRoom = { roomId, generations: [firstGeneration], writers: [founder], reader: createReader(roomId, wrong), shown: new Map() };
        const session = await openTestSession(port, { roomId, device: author.device });
        while (room.writers.length < writersOfRoom) {
          const device = await createTestDevice();
          const member: MemberDevice = device.as("socialTeacher");
          const body: ControlBody = { action: "addMember", previousControl: author.tip(), member, commitment: testCommitment, wraps: [wrapFor(member)] };
          const bytes = await author.control(body);
          const { seq } = valueOf(await port.control(session, roomId, bytes));
          founder.acked.push({ bytes, id: author.tip(), isControl: true, seq });
          room.writers.push({ device, author: createTestAuthor(device, roomId), isFounder: false, beats: 0, session: null, pending: [], acked: [] });
        }
        return room;
      }),
    );
  };

  const inStorage = async <T>(work: (storage: RelayStorage) => Promise<T>): Promise<T> => {
    const storage = databaseUrl === null ? openSqliteStorage(join(dataDir, "relay.sqlite")) : (await openPostgresStorage(databaseUrl, { processId: randomId() })).storage;
    try {
      return await work(storage);
    } finally {
      await storage.close();
    }
  };

  const beginGeneration = async (): Promise<void> => {
    if (databaseUrl === null) await beginGenerationSqlite(join(dataDir, "relay.sqlite"), Date.now());
    else await inStorage((storage) => beginGenerationIn(storage, Date.now()));
    count("generations");
  };

  /** Kills something at a moment that nobody has chosen, and starts it again at once. */
  const kill = async (index: number): Promise<void> => {
    const host = chance.pick(hosts);
    const willGoOn = index === Math.floor(kills / 2) || chance.happens(chances.generation);
    const isEarly = chance.happens(chances.startKilled);
    await Promise.race([host.up(), ...(isEarly ? [pause(chance.below(startMsMost))] : [])]);
    if (host.port === null) count("killed while it started");
    else await afterEvents(1 + chance.below(eventsMost));
    await pause(chance.next() * lateMsMost);
    if (server !== null && chance.happens(chances.server)) {
      serverKills++;
      await server.kill();
      await server.start();
      count("database server killed");
      return;
    }
    await host.kill();
    if (willGoOn) {
      for (const other of hosts) await other.kill();
      await beginGeneration();
      for (const other of hosts) other.start();
    } else host.start();
    count("relay killed");
  };

  /** What is left in the end, held against what everybody was told. */
  const check = async (pick: Chance, room: KilledRoom): Promise<void> => {
    const [founder] = room.writers as [Writer];
    for (const writer of room.writers) for (let from = 0; from < writer.acked.length; from += 200) await sendAgain(pick, room, writer, writer.acked.slice(from, from + 200));
    const fresh = createReader(room.roomId, wrong);
    await pull(pick, room, founder, fresh);
    await pull(pick, room, founder);
    const ids = fresh.ids();
    if (new Set(ids).size !== ids.length) wrong("an envelope is in the log twice");
    const acked = room.writers.flatMap((writer) => writer.acked);
    for (const { id, seq } of acked) if (ids[seq - 1] !== id) wrong(`${id} was acked at ${seq}, where ${ids[seq - 1] ?? "nothing"} is`);
    const ours = new Set(acked.map(({ id }) => id));
    for (const id of ids) if (!ours.has(id)) wrong(`${id} is in the log, and nobody wrote it`);
    for (const [seq, id] of room.shown) if (ids[seq - 1] !== id) wrong(`${id} was shown at ${seq}, where ${ids[seq - 1] ?? "nothing"} is`);
    count("in the logs", ids.length);
    await inStorage(async (storage) => {
      const stored = (await storage.rooms([room.roomId])).get(room.roomId);
      if (JSON.stringify(sorted(stored?.membership)) !== JSON.stringify(sorted(fresh.membership()))) wrong("the relay's membership is not the fold of the log");
      if (stored?.headSeq !== ids.length) wrong(`the relay's head is ${stored?.headSeq} and the log has ${ids.length}`);
      const storedBytes = acked.reduce((sum, { bytes }) => sum + bytes.length, 0);
      if (stored !== undefined && stored.storedBytes < storedBytes) wrong(`${storedBytes} bytes are stored and ${stored.storedBytes} counted`);
      const { accs, heads } = await storage.write(async (tx) => {
        await tx.lockRoom(room.roomId);
        return { accs: await tx.accsAt(room.roomId, ids.map((_, index) => index + 1)), heads: await tx.chainHeads(room.roomId, [...fresh.heads().keys()]) };
      });
      for (const [seq, acc] of fresh.accs()) if (!equalBytes(acc, accs.get(seq) ?? new Uint8Array(0))) wrong(`the accumulator at ${seq} is another`);
      for (const [deviceId, { ctr, tip }] of fresh.heads()) if (heads.get(deviceId)?.ctr !== ctr || heads.get(deviceId)?.tip !== tip) wrong(`the chain of ${deviceId} stands elsewhere`);
    });
  };

  return {
    async run(): Promise<KillsReport> {
      const [first] = hosts as [Host];
      // What it has compiled is kept only when a process ends by itself, and a start takes half the time with it.
      first.start();
      const code = codeLine.exec(await first.said(codeLine))?.[1] ?? "";
      await first.up();
      await first.kill(true);
      for (const host of hosts) host.start();
      const setUp = createChance(seed, 2);
      const made = await makeRooms(await reach(setUp), code);
      const clients = made.flatMap((room, index) => [
        ...room.writers.map((writer, at) => write(createChance(seed, 10 + index * 10 + at), room, writer)),
        listen(createChance(seed, 10 + index * 10 + 9), room, (room.writers[1] as Writer).device),
      ]);
      const all = Promise.all(clients);
      for (let index = 0; index < kills && violations.length === 0; index++) await Promise.race([kill(index), all]);
      isOver = true;
      for (const stop of stopListening) stop();
      await all;
      for (const room of made) await check(createChance(seed, 3), room);
      return { violations, counts };
    },
    async end(): Promise<void> {
      isOver = true;
      isEnded = true;
      for (const host of hosts) await host.kill();
    },
  };
}

/** With its keys in one order: a database may give them in another. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]));
}
