import { existsSync, mkdirSync } from "node:fs";
import { isIPv6 } from "node:net";
import { join, resolve } from "node:path";
import { pino } from "pino";
import type { Bytes } from "#protocol/bytes.ts";
import { ConfigError, readConfig, type Config } from "./config.ts";
import { issueEnrolmentCode } from "./enrolment.ts";
import { createRelay } from "./relay.ts";
import { createRelayServer } from "./server.ts";
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

function openStorage(dataDir: string): RelayStorage {
  const folder = resolve(dataDir);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return openSqliteStorage(join(folder, "relay.sqlite"));
  } catch (error) {
    return stop(`Cannot use the data folder ${folder}: ${reasonOf(error)}`, 1);
  }
}

async function sayNewCode(storage: RelayStorage): Promise<void> {
  sayLine(`Oppstartskode: ${await issueEnrolmentCode(storage, world)}`);
}

async function enrol(): Promise<void> {
  const storage = openStorage(config().dataDir);
  await sayNewCode(storage);
  await storage.close();
}

async function serve(): Promise<void> {
  const { dataDir, port, host, logLevel, staticDir, allowedOrigin } = config();
  const log = pino({ level: logLevel, base: null }, pino.destination({ dest: 2, sync: true }));
  const storage = openStorage(dataDir);
  const relay = createRelay({
    ...world,
    storage,
    defer: setImmediate,
    onFault: (error) => log.error({ error: reasonOf(error) }, "storage failed"),
  });
  const server = createRelayServer({
    relay,
    log,
    staticDir: staticDir ?? (existsSync(builtApp) ? builtApp : null),
    allowedOrigin,
  });

  const close = async () => {
    await server.close();
    await storage.close();
  };

  let taken: number;
  try {
    taken = (await server.listen(port, host)).port;
  } catch (error) {
    await close();
    return stop(`Cannot listen on ${host}, port ${port}: ${reasonOf(error)}`, 1);
  }
  sayLine(`Åpen dør: http://${isIPv6(host) ? `[${host}]` : host}:${taken}`);
  if (await storage.isNew()) await sayNewCode(storage);

  const leave = async (signal: string) => {
    log.info({ signal }, "stopping");
    await close();
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void leave(signal));
}

const command = process.argv[2];
if (command === undefined) await serve();
else if (command === "enrol") await enrol();
else stop(`Unknown command ${command}: use none to start the relay, or enrol for one more enrolment code`, 2);
