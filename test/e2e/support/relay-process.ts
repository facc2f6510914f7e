import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const main = resolve(import.meta.dirname, "../../../sync-server/main.ts");

const builtApp = process.env["STATIC_DIR"] ?? resolve(import.meta.dirname, "../../../dist");

/** A real relay in a process of its own, which can be stopped and started again on the same data and port. */
export type RelayProcess = {
  readonly url: string;
  readonly dataDir: string;
  /** The built app that it serves. */
  readonly appDir: string;
  /** The code that the first start printed. */
  readonly code: string;
  /** SIGTERM, and waits for the end. Nothing when it is stopped already. */
  stop(): Promise<void>;
  /** @param aheadMs how far its clock is ahead of the machine's */
  start(aheadMs?: number): Promise<void>;
  /** Runs one of its commands on the same data. @throws when it fails */
  run(command: "backup" | "restore", file: string): void;
  /** Stops it and removes its data. */
  remove(): Promise<void>;
};

/** @param copyApp serves a copy of the app, which a test may change */
export async function startRelay(copyApp = false): Promise<RelayProcess> {
  const folder = mkdtempSync(join(tmpdir(), "aapen-dor-relay-"));
  const dataDir = join(folder, "data");
  const appDir = copyApp ? join(folder, "app") : builtApp;
  if (copyApp) cpSync(builtApp, appDir, { recursive: true });
  const port = await freePort();
  let child: ChildProcess | null = null;
  let code = "";

  async function start(aheadMs = 0): Promise<void> {
    const started = spawn(process.execPath, [...clockAhead(aheadMs), main], {
      env: { ...process.env, DATA_DIR: dataDir, STATIC_DIR: appDir, PORT: String(port), LOG_LEVEL: "error" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    child = started;
    await new Promise<void>((listening, failed) => {
      let listens = false;
      started.once("error", failed);
      started.once("exit", (status) => failed(new Error(`the relay ended with ${status}`)));
      createInterface({ input: started.stdout }).on("line", (line) => {
        if (line.startsWith("Oppstartskode:")) code = line.slice("Oppstartskode:".length).trim();
        if (line.startsWith("Åpen dør:")) listens = true;
        if (listens && code !== "") listening();
      });
    });
  }

  async function stop(): Promise<void> {
    const running = child;
    child = null;
    if (running === null || running.exitCode !== null) return;
    const gone = new Promise((ended) => running.once("exit", ended));
    running.kill("SIGTERM");
    await gone;
  }

  await start();
  return {
    url: `http://127.0.0.1:${port}`,
    dataDir,
    appDir,
    get code() {
      return code;
    },
    start,
    stop,
    run(command, file) {
      execFileSync(process.execPath, [main, command, file], { env: { ...process.env, DATA_DIR: dataDir }, stdio: ["ignore", "ignore", "inherit"] });
    },
    async remove() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Node arguments that move the process's clock: how the test gets twenty minutes older without waiting for it. */
function clockAhead(aheadMs: number): string[] {
  if (aheadMs === 0) return [];
  const script = `const real = Date.now; Date.now = () => real() + ${aheadMs};`;
  return ["--import", `data:text/javascript,${encodeURIComponent(script)}`];
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
