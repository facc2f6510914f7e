import { spawn, type ChildProcess } from "node:child_process";
import { resolve } from "node:path";

export const codeLine = /^Oppstartskode: (\S{4}-\S{4}-\S{4})$/m;
export const addressLine = /^Åpen dør: (http:\/\/127\.0\.0\.1:\d+)$/m;

export type Run = {
  child: ChildProcess;
  out: () => string;
  err: () => string;
  /** Resolves with the text on standard output as soon as the pattern is in it. */
  said(pattern: RegExp): Promise<string>;
  /** The same of standard error, where the log goes. */
  logged(pattern: RegExp): Promise<string>;
  /** The exit code, or the signal that ended the process. */
  ended: Promise<number | string | null>;
};

export type Programs = {
  /** The relay's program, as its users run it. */
  run(environment: Record<string, string>, ...args: string[]): Run;
  runProgram(program: string, environment: Record<string, string>, ...args: string[]): Run;
  /** Ends those that still run. */
  killAll(): void;
};

const main = resolve(import.meta.dirname, "../../sync-server/main.ts");

/** Programs in processes of their own, with this folder as their working directory. */
export function createPrograms(folder: string): Programs {
  const running = new Set<ChildProcess>();

  const runProgram = (program: string, environment: Record<string, string>, ...args: string[]): Run => {
    const child = spawn(process.execPath, [program, ...args], { env: { PATH: process.env["PATH"], ...environment }, cwd: folder });
    running.add(child);
    const text = { out: "", err: "" };
    const waiting = new Set<() => void>();
    for (const [name, stream] of [["out", child.stdout], ["err", child.stderr]] as const) {
      stream.on("data", (chunk: Buffer) => {
        text[name] += chunk.toString();
        waiting.forEach((check) => check());
      });
    }
    const ended = new Promise<number | string | null>((resolve) => {
      child.on("close", (exitCode, signal) => {
        running.delete(child);
        resolve(exitCode ?? signal);
      });
    });
    const found = (name: "out" | "err", pattern: RegExp) =>
      new Promise<string>((resolve, reject) => {
        const check = () => {
          if (!pattern.test(text[name])) return;
          waiting.delete(check);
          resolve(text[name]);
        };
        waiting.add(check);
        check();
        void ended.then(() => reject(new Error(`ended before it said ${pattern}: ${text.out}${text.err}`)));
      });
    return { child, out: () => text.out, err: () => text.err, said: (pattern) => found("out", pattern), logged: (pattern) => found("err", pattern), ended };
  };

  return {
    run: (environment, ...args) => runProgram(main, environment, ...args),
    runProgram,
    killAll: () => running.forEach((child) => child.kill("SIGKILL")),
  };
}
