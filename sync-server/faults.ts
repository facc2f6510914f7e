import type { Logger } from "pino";

/**
 * What the process's log may say of an error: its kind, the system's or the database's code for it, and where it came from. Never its message,
 * which may repeat what somebody sent, or an address.
 */
export function faultOf(error: unknown): { error: string; code?: string; at?: string } {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = "code" in error && typeof error.code === "string" ? { code: error.code } : {};
  // The stack begins with the message, so only what looks like one of our files is taken.
  const at = /\n\s+at .*?([\w-]+\.ts:\d+)/.exec((error.stack ?? "").replace(error.message, ""))?.[1];
  return { error: error.name, ...code, ...(at === undefined ? {} : { at }) };
}

export type StorageWatch = {
  /** The storage failed somebody. One line a minute goes to the log, however often it fails. */
  failed(error: unknown): void;
  /** A write is on disk. */
  wrote(): void;
  /** Whether the newest write failed, not longer ago than `failedMs`: after that it may be tried again. */
  isFailing(): boolean;
};

const silenceMs = 60_000;
const failedMs = 60_000;

/** Tells of a storage that does not work, and that it works again. */
export function createStorageWatch(log: Logger, clock: () => number): StorageWatch {
  let since: number | null = null;
  let lastAt = 0;
  let saidAt = Number.NEGATIVE_INFINITY;
  let times = 0;
  return {
    failed(error) {
      const now = clock();
      since ??= now;
      lastAt = now;
      times++;
      if (now - saidAt < silenceMs) return;
      saidAt = now;
      log.error({ ...faultOf(error), times }, "storage failed");
    },
    wrote() {
      if (since === null) return;
      log.warn({ ms: clock() - since, times }, "storage works again");
      since = null;
      times = 0;
    },
    isFailing: () => since !== null && clock() - lastAt <= failedMs,
  };
}
