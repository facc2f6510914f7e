import type { LogStore, LogTable, ReadTx, WriteTx } from "../../src/engine/storage/log-store.ts";

class Crash extends Error {
  override name = "Crash";
}

/** A place at which a device can die: the method that is called, `begin` before a transaction, `commit` before it is on the disk, `committed` before anybody hears of it. */
export type CrashStep = "begin" | "commit" | "committed" | keyof WriteTx;

/**
 * The disk as a device has it that dies: from then on nothing it asked for is ever answered, and nothing that it had not committed is left. The disk
 * itself goes on, for other tabs and for who opens it again.
 * @param diesAt asked at each step in turn; true ends the device there
 */
export function crashing(store: LogStore, diesAt: (step: CrashStep) => boolean): LogStore {
  const death = Promise.withResolvers<never>();
  death.promise.catch(() => undefined);
  let isDead = false;

  function dies(step: CrashStep): boolean {
    if (isDead) return true;
    isDead = diesAt(step);
    if (isDead) death.reject(new Crash(step));
    return isDead;
  }

  const watched = (tx: WriteTx): WriteTx =>
    new Proxy(tx, {
      get(target, name: keyof WriteTx) {
        const request = target[name] as ((...given: never[]) => Promise<unknown>) | undefined;
        return request && ((...given: never[]) => (dies(name) ? never() : request(...given)));
      },
    });

  /** Inside the disk's own transaction: a death ends that too, so that no other tab waits for it. */
  async function during<T>(work: () => Promise<T>): Promise<T> {
    const result = await Promise.race([work(), death.promise]);
    return dies("commit") ? death.promise : result;
  }

  async function outside<T>(transaction: () => Promise<T>): Promise<T> {
    if (dies("begin")) return never();
    try {
      const result = await transaction();
      return dies("committed") ? never() : result;
    } catch (error) {
      if (isDead) return never();
      throw error;
    }
  }

  return {
    read: <T>(tables: readonly LogTable[], work: (tx: ReadTx) => Promise<T>) =>
      outside(() => store.read(tables, (tx) => during(() => work(watched(tx as WriteTx))))),
    write: (tables, work) => outside(() => store.write(tables, (tx) => during(() => work(watched(tx))))),
  };
}

function never(): Promise<never> {
  return new Promise(() => {});
}
