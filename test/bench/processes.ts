import { type ChildProcess, fork, spawn } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { closeSync, openSync, readFileSync, rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A process of its own that answers commands. */
export type Child = {
  readonly pid: number;
  /** Rejects with what the command threw, when the process ends, or after a minute, or as long as one says. */
  call<T>(command: string, input?: unknown, patienceMs?: number): Promise<T>;
  stop(): Promise<void>;
};

export type RelayProcess = {
  readonly pid: number;
  readonly baseUrl: string;
  /** Good for one service. */
  readonly enrolmentCode: string;
  stop(): Promise<void>;
};

type Asked = { id: number; command: string; input: unknown };
type Answered = { id: number; value?: unknown; error?: string };

const callMs = 60_000;
const endMs = 5_000;
/** What a relay on a database that others are on says once it can be used: only the first has a code. */
export const addressAlone = /^Åpen dør: .+$/m;
const codeToo = /^Oppstartskode: .+$/m;
const relayMain = join(import.meta.dirname, "../../sync-server/main.ts");
/** Is loaded before a program: its garbage is collected when it gets the signal. */
const onSignal = `data:text/javascript,process.on("SIGUSR2",()=>gc())`;
const running = new Set<ChildProcess>();

const folders = new Set<string>();

process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

/** @param file a module of this folder that calls `answerCommands` */
function startChild(file: string, environment: Record<string, string> = {}): Child {
  const child = fork(join(import.meta.dirname, file), {
    env: { PATH: process.env["PATH"], ...environment },
    serialization: "advanced",
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  running.add(child);
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let asked = 0;
  child.on("message", ({ id, value, error }: Answered) => {
    const waiter = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) waiter?.resolve(value);
    else waiter?.reject(new Error(`${file}: ${error}`));
  });
  const ended = endOf(child);
  void ended.then(() => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} ended`));
    waiting.clear();
  });
  return {
    pid: child.pid ?? 0,
    call<T>(command: string, input: unknown = null, patienceMs = callMs) {
      return new Promise<T>((resolve, reject) => {
        const id = asked++;
        const timer = setTimeout(() => reject(new Error(`${file}: no answer to ${command}`)), patienceMs);
        waiting.set(id, {
          resolve(value) {
            clearTimeout(timer);
            resolve(value as T);
          },
          reject(error) {
            clearTimeout(timer);
            reject(error);
          },
        });
        child.send({ id, command, input } satisfies Asked);
      });
    },
    stop: () => stopProcess(child, ended),
  };
}

/** Runs with processes of its own and ends them all, whatever happens. */
export async function withChildren<T>(run: (start: typeof startChild) => Promise<T>): Promise<T> {
  const children: Child[] = [];
  try {
    return await run((file, environment) => {
      const child = startChild(file, environment);
      children.push(child);
      return child;
    });
  } finally {
    await Promise.all(children.map((child) => child.stop()));
  }
}

/** The child's side of `startChild`; it ends with its parent. */
export function answerCommands(commands: Record<string, (input: never) => unknown>): void {
  process.on("disconnect", () => process.exit(0));
  process.on("message", ({ id, command, input }: Asked) => {
    const run = async () => commands[command]?.(input as never);
    run().then(
      (value) => process.send?.({ id, value } satisfies Answered),
      (error: unknown) => process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) } satisfies Answered),
    );
  });
}

/**
 * A program that is started as its users do, with its log in a file as a service manager would have it.
 * @param ready what it says on standard output once it can be used; `said` is all it has said by then
 */
export async function startProgram(
  file: string,
  folder: string,
  environment: Record<string, string>,
  ready: RegExp,
): Promise<{ pid: number; said: string; stop(): Promise<void> }> {
  const logPath = join(folder, "program.log");
  const log = openSync(logPath, "a");
  const child = spawn(process.execPath, ["--expose-gc", "--import", onSignal, file], {
    env: { PATH: process.env["PATH"], ...environment },
    cwd: folder,
    stdio: ["ignore", "pipe", log],
  });
  closeSync(log);
  running.add(child);
  const ended = endOf(child);
  const said = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (ready.test(text)) resolve(text);
    });
    void ended.then(() => reject(new Error(`${file} ended: ${text}${readFileSync(logPath, "utf8")}`)));
  });
  return { pid: child.pid ?? 0, said, stop: () => stopProcess(child, ended) };
}

/** The real relay on a new data folder. All clients are one address here, and ask more than people do. */
export async function startRelay(folder: string, settings: Record<string, string> = {}, ready = codeToo): Promise<RelayProcess> {
  const environment = { DATA_DIR: join(folder, "relay"), PORT: "0", RATE_LIMITS: "off", ...settings };
  const { pid, said, stop } = await startProgram(relayMain, folder, environment, ready);
  return {
    pid,
    baseUrl: /http:\S+/.exec(said)?.[0] ?? "",
    enrolmentCode: /^Oppstartskode: (\S+)$/m.exec(said)?.[1] ?? "",
    stop,
  };
}

/** Gives a new folder under the system's temporary one and removes it afterwards, whatever happens. */
export async function withTempFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "aapen-dor-bench-"));
  folders.add(folder);
  try {
    return await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    folders.delete(folder);
  }
}

/** A port of the loopback that was free a moment ago, for servers that cannot be asked which one they took. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}

/** Makes a program that `startProgram` has started collect its garbage, soon. */
export function collectGarbage(pid: number): void {
  process.kill(pid, "SIGUSR2");
}

/** Memory in use by a process, in MB, or null where the system has no /proc. */
export function residentMB(pid: number): number | null {
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(readProc(pid, "status"));
  return found === null ? null : (Number(found[1]) * 1024) / 1e6;
}

/** Processor time of all threads of a process so far, in seconds, or null where the system has no /proc. */
export function processorSeconds(pid: number): number | null {
  // The name, in brackets, may hold spaces. User and system time are the 12th and 13th field after it, in hundredths on Linux.
  const fields = readProc(pid, "stat").split(") ").at(-1)?.split(" ") ?? [];
  return fields.length < 13 ? null : (Number(fields[11]) + Number(fields[12])) / 100;
}

function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return "";
  }
}

const sockets = new Set<Socket>();

/** Begins to count what this process sends and receives over connections that it makes itself from now on. */
export function countTraffic(): void {
  subscribe("net.client.socket", (message) => sockets.add((message as { socket: Socket }).socket));
}

/** Bytes over all counted connections so far, headers and framing included. */
export function traffic(): { up: number; down: number } {
  const total = { up: 0, down: 0 };
  for (const socket of sockets) {
    total.up += socket.bytesWritten;
    total.down += socket.bytesRead;
  }
  return total;
}

export function trafficSince(before: { up: number; down: number }): { up: number; down: number } {
  const now = traffic();
  return { up: now.up - before.up, down: now.down - before.down };
}

function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => {
      running.delete(child);
      resolve();
    });
  });
}

async function stopProcess(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill("SIGTERM");
  const patience = setTimeout(() => child.kill("SIGKILL"), endMs);
  await ended;
  clearTimeout(patience);
}
