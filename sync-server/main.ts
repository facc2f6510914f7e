import { existsSync, mkdirSync, statSync } from "node:fs";
import { type AddressInfo, isIPv6 } from "node:net";
import { join, resolve } from "node:path";
import { pino } from "pino";
import { toHex, type Bytes } from "#protocol/bytes.ts";
import { backUpPostgres, backUpSqlite, beginGenerationIn, beginGenerationSqlite, restoreSqlite } from "./backup.ts";
import { ConfigError, readConfig, type Config } from "./config.ts";
import { issueEnrolmentCode } from "./enrolment.ts";
import { createStorageWatch, faultOf, type StorageWatch } from "./faults.ts";
import { nodeSha256 } from "./node-sha256.ts";
import { createRelay } from "./relay.ts";
import { createRequestLimits } from "./request-limits.ts";
import { createRelayServer } from "./server.ts";
import { lockDatabase } from "./storage/database-lock.ts";
import { openSqliteInPlace } from "./storage/in-place.ts";
import { withOuterKeys } from "./storage/outer-keys.ts";
import type { RelayPeers } from "./storage/peers.ts";
import { openPostgresStorage } from "./storage/postgres.ts";
import type { RelayStorage } from "./storage/storage.ts";

const builtApp = resolve(import.meta.dirname, "../dist");

const randomBytes = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));
const world = { clock: () => Date.now(), randomBytes };

const sayLine = (line: string) => process.stdout.write(`${line}\n`);

function stop(line: string, exitCode: number): never {
  process.stderr.write(`${line}\n`);
  process.exit(exitCode);
}

/** Node tells of several addresses that were tried in vain by an error without a message of its own. */
const reasonOf = (error: unknown): string =>
  error instanceof AggregateError ? error.errors.map(reasonOf).join(", ") : error instanceof Error ? error.message : String(error);

function config(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (error instanceof ConfigError) stop(`Bad setting in the environment: ${error.message}`, 2);
    throw error;
  }
}

/** Opens what is in the data folder, which is made if missing; the process stops with a line when that fails. */
function inDataFolder<T>(dataDir: string, open: (path: string) => T): T {
  const folder = resolve(dataDir);
  try {
    mkdirSync(folder, { recursive: true });
    return open(join(folder, "relay.sqlite"));
  } catch (error) {
    return stop(`Cannot use the data folder ${folder}: ${reasonOf(error)}`, 1);
  }
}

type OpenDatabase = { storage: RelayStorage; peers: RelayPeers | null; close(): Promise<void> };

/**
 * The database that the settings name; the process stops with a line when it cannot be used.
 * @param isAlone whether no other relay may be on it, where it is one that has no word between processes
 */
async function openDatabase({ databaseUrl, dataDir }: Config, isAlone: boolean): Promise<OpenDatabase> {
  if (databaseUrl === null) {
    const lock = isAlone ? inDataFolder(dataDir, lockDatabase) : null;
    const file = inDataFolder(dataDir, openSqliteInPlace);
    const close = async () => {
      await file.close();
      lock?.release();
    };
    return { storage: withOuterKeys(file, randomBytes), peers: null, close };
  }
  try {
    const { storage, peers } = await openPostgresStorage(databaseUrl, { processId: toHex(randomBytes(8)) });
    return { storage: withOuterKeys(storage, randomBytes), peers, close: () => storage.close() };
  } catch (error) {
    const { host, pathname } = new URL(databaseUrl);
    return stop(`Cannot use the database ${host}${pathname}: ${reasonOf(error)}`, 1);
  }
}

/** The folder of the app, or null where none was named and none is built. */
function appFolder(named: string | null): string | null {
  if (named === null) return existsSync(builtApp) ? builtApp : null;
  if (statSync(named, { throwIfNoEntry: false })?.isDirectory() !== true) stop(`Bad setting in the environment: STATIC_DIR: there is no folder ${resolve(named)}`, 2);
  return named;
}

async function sayNewCode(storage: RelayStorage): Promise<void> {
  sayLine(`Oppstartskode: ${await issueEnrolmentCode(storage, world)}`);
}

/** The storage, which tells the watch of every write that is on disk. */
function watched(storage: RelayStorage, watch: StorageWatch): RelayStorage {
  return {
    ...storage,
    async write(work) {
      const result = await storage.write(work);
      watch.wrote();
      return result;
    },
  };
}

const healthMs = 2000;

/** Whether a read is answered in time, and the newest write was not refused a moment ago. */
async function answers(storage: RelayStorage, watch: StorageWatch): Promise<boolean> {
  if (watch.isFailing()) return false;
  const late = Promise.withResolvers<boolean>();
  const patience = setTimeout(() => late.resolve(false), healthMs);
  const asked = storage.isNew().then(
    () => true,
    () => false,
  );
  const isFine = await Promise.race([asked, late.promise]);
  clearTimeout(patience);
  return isFine;
}

const databaseOf = (dataDir: string) => join(resolve(dataDir), "relay.sqlite");

/** Runs a command to its end; the process stops with a line when it fails. */
async function attempt<T>(what: string, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    return stop(`${what}: ${reasonOf(error).split("\n")[0] ?? ""}`, 1);
  }
}

async function backUp(file: string): Promise<void> {
  const { dataDir, databaseUrl } = config();
  const target = resolve(file);
  const sizeBytes = await attempt("Cannot back up", () => (databaseUrl === null ? backUpSqlite(databaseOf(dataDir), target) : backUpPostgres(databaseUrl, target)));
  sayLine(`Backed up to ${target}: ${sizeBytes} bytes`);
}

async function restore(file: string): Promise<void> {
  const { dataDir, databaseUrl } = config();
  if (databaseUrl !== null) stop("DATABASE_URL is set: restore with pg_restore, then run new-generation", 2);
  const path = databaseOf(dataDir);
  const { rooms, earlier } = await attempt("Cannot restore", () => {
    mkdirSync(resolve(dataDir), { recursive: true });
    return restoreSqlite(path, resolve(file), world.clock());
  });
  sayLine(`Restored to ${path}: ${rooms} rooms, each with a new generation of its log`);
  if (earlier !== null) sayLine(`The earlier database is ${earlier}`);
}

async function beginGeneration(above = "0"): Promise<void> {
  if (!/^\d{1,12}$/.test(above)) stop(`${above} is no generation's number`, 2);
  const settings = config();
  const rooms = await attempt("Cannot begin a new generation", async () => {
    if (settings.databaseUrl === null) return beginGenerationSqlite(databaseOf(settings.dataDir), world.clock(), Number(above));
    const { storage, close } = await openDatabase(settings, true);
    try {
      return await beginGenerationIn(storage, world.clock(), Number(above));
    } finally {
      await close();
    }
  });
  sayLine(`A new generation of ${rooms} rooms' logs`);
}

async function enrol(): Promise<void> {
  const { storage, close } = await openDatabase(config(), false);
  await sayNewCode(storage);
  await close();
}

async function serve(): Promise<void> {
  const settings = config();
  const { port, host, logLevel, staticDir, trustProxy, connectionsPerAddress, quotas, metrics: measured } = settings;
  const log = pino({ level: logLevel, base: null }, pino.destination({ dest: 2, sync: true }));
  const appDir = appFolder(staticDir);
  // A message may repeat what somebody sent.
  process.on("uncaughtException", (error) => {
    log.fatal(faultOf(error), "stopped by a fault");
    process.exit(1);
  });
  const database = await openDatabase(settings, true);
  const watch = createStorageWatch(log, world.clock);
  const { peers } = database;
  // Not loaded where nothing is counted.
  const metrics = measured === null ? null : (await import("./metrics.ts")).createMetrics();
  const opened = watched(database.storage, watch);
  const storage = metrics?.timed(opened) ?? opened;
  const relay = createRelay({
    ...world,
    storage,
    peers,
    sha256: nodeSha256,
    defer: setImmediate,
    quotas,
    onFault: watch.failed,
  });
  const server = createRelayServer({
    relay,
    log,
    staticDir: appDir,
    isHealthy: () => answers(storage, watch),
    ...(metrics === null ? {} : { tally: metrics }),
    ...(connectionsPerAddress === null ? {} : { requestLimits: createRequestLimits({ ...world, trustProxy, most: connectionsPerAddress || Number.POSITIVE_INFINITY }) }),
  });
  const metricsServer = metrics?.server(() => server.streams()) ?? null;

  const close = async () => {
    metricsServer?.close();
    metricsServer?.closeAllConnections();
    await server.close();
    await database.close();
  };

  let taken: number;
  try {
    taken = (await server.listen(port, host)).port;
  } catch (error) {
    await close();
    return stop(`Cannot listen on ${host}, port ${port}: ${reasonOf(error)}`, 1);
  }
  if (metricsServer !== null && measured !== null) {
    try {
      await new Promise<void>((listening, failed) => metricsServer.once("error", failed).listen(measured.port, measured.host, listening));
    } catch (error) {
      await close();
      return stop(`Cannot listen on ${measured.host}, port ${measured.port}, for metrics: ${reasonOf(error)}`, 1);
    }
    log.info({ port: (metricsServer.address() as AddressInfo).port }, "metrics");
  }

  const leave = async (signal: string) => {
    log.info({ signal }, "stopping");
    await close();
    process.exit(0);
  };
  // Before the address is said: whoever waits for that may end the process at once.
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void leave(signal));
  sayLine(`Åpen dør: http://${isIPv6(host) ? `[${host}]` : host}:${taken}`);
  if (appDir === null) log.warn({ folder: builtApp }, "no built app here: only the API is served");
  if (await storage.isNew()) await sayNewCode(storage);
}

// SQLite gives its files the mode that the process allows, whatever the folder's own is.
process.umask(0o077);

const [command, ...given] = process.argv.slice(2);
const [one] = given;
const plain: Partial<Record<string, () => Promise<void>>> = { enrol, "new-generation": beginGeneration };
const withOne: Partial<Record<string, (one: string) => Promise<void>>> = { backup: backUp, restore, "new-generation": beginGeneration };

const run = command === undefined ? serve : given.length === 0 ? plain[command] : undefined;
const runWithOne = command !== undefined && given.length === 1 ? withOne[command] : undefined;
if (run !== undefined) await run();
else if (runWithOne !== undefined && one !== undefined) await runWithOne(one);
else {
  const known = "use none to start the relay, enrol for one more enrolment code, backup <file>, restore <file>, or new-generation [number]";
  stop(`Unknown command ${process.argv.slice(2).join(" ")}: ${known}`, 2);
}
