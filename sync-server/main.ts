import { existsSync, mkdirSync, statSync } from "node:fs";
import { isIPv6 } from "node:net";
import { join, resolve } from "node:path";
import { pino } from "pino";
import { toHex, type Bytes } from "#protocol/bytes.ts";
import { ConfigError, readConfig, type Config } from "./config.ts";
import { issueEnrolmentCode } from "./enrolment.ts";
import { nodeSha256 } from "./node-sha256.ts";
import { createRelay } from "./relay.ts";
import { createRelayServer } from "./server.ts";
import { lockDatabase } from "./storage/database-lock.ts";
import { withOuterKeys } from "./storage/outer-keys.ts";
import type { RelayPeers } from "./storage/peers.ts";
import { openPostgresStorage } from "./storage/postgres.ts";
import { openSqliteStorage } from "./storage/sqlite.ts";
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
    const file = inDataFolder(dataDir, openSqliteStorage);
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

async function enrol(): Promise<void> {
  const { storage, close } = await openDatabase(config(), false);
  await sayNewCode(storage);
  await close();
}

async function serve(): Promise<void> {
  const settings = config();
  const { port, host, logLevel, staticDir, allowedOrigin } = settings;
  const log = pino({ level: logLevel, base: null }, pino.destination({ dest: 2, sync: true }));
  const appDir = appFolder(staticDir);
  const database = await openDatabase(settings, true);
  const { storage, peers } = database;
  const relay = createRelay({
    ...world,
    storage,
    peers,
    sha256: nodeSha256,
    defer: setImmediate,
    onFault: (error) => log.error({ error: reasonOf(error) }, "storage failed"),
  });
  const server = createRelayServer({
    relay,
    log,
    staticDir: appDir,
    allowedOrigin,
  });

  const close = async () => {
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

const command = process.argv[2];
if (command === undefined) await serve();
else if (command === "enrol") await enrol();
else stop(`Unknown command ${command}: use none to start the relay, or enrol for one more enrolment code`, 2);
