import { existsSync, mkdirSync, statSync } from "node:fs";
import { isIPv6 } from "node:net";
import { join, resolve } from "node:path";
import { pino } from "pino";
import type { Bytes } from "#protocol/bytes.ts";
import { ConfigError, readConfig, type Config } from "./config.ts";
import { issueEnrolmentCode } from "./enrolment.ts";
import { nodeSha256 } from "./node-sha256.ts";
import { createRelay } from "./relay.ts";
import { createRelayServer } from "./server.ts";
import { lockDatabase } from "./storage/database-lock.ts";
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

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

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
  const storage = inDataFolder(config().dataDir, openSqliteStorage);
  await sayNewCode(storage);
  await storage.close();
}

async function serve(): Promise<void> {
  const { dataDir, port, host, logLevel, staticDir, allowedOrigin } = config();
  const log = pino({ level: logLevel, base: null }, pino.destination({ dest: 2, sync: true }));
  const appDir = appFolder(staticDir);
  const lock = inDataFolder(dataDir, lockDatabase);
  const storage = inDataFolder(dataDir, openSqliteStorage);
  const relay = createRelay({
    ...world,
    storage,
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
    await storage.close();
    lock.release();
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
