import type { Bytes } from "#protocol/bytes.ts";
import { scriptUrl } from "../../lib/trusted-types.ts";
import type { Clock } from "../platform/clock.ts";
import { StretchError } from "../platform/errors.ts";
// oxlint-disable-next-line import/default -- Vite makes the address of a module that has no exports of its own.
import workerUrl from "./argon2-worker.ts?worker&url";
import type { StretchCost, StretchPassphrase } from "./vault.ts";

export type StretchRequest = { passphrase: string; salt: Bytes; cost: StretchCost };
export type StretchAnswer = { ok: true; stretched: Bytes } | { ok: false; reason: string };

/** Many times what the slowest device needs. A browser that ends a thread for want of memory tells nobody. */
const longestMs = 60_000;

/**
 * Takes a second or more on a tablet, so it has a thread of its own: the page stays alive, and what comes after the lock is made ready meanwhile.
 * The thread ends with its answer, and its memory with it.
 * @returns what rejects with {StretchError} when the thread does not start, fails, or has given no answer after a minute
 */
export function createWorkerStretch(clock: Clock): StretchPassphrase {
  return (passphrase, salt, cost) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(scriptUrl(workerUrl), { type: "module" });
      const cancel = clock.after(longestMs, () => fail("no answer"));
      const end = () => {
        cancel();
        worker.terminate();
      };
      const fail = (reason: string) => {
        end();
        reject(new StretchError(reason));
      };
      worker.addEventListener("message", ({ data }: MessageEvent<StretchAnswer>) => {
        if (!data.ok) return fail(data.reason);
        end();
        resolve(data.stretched);
      });
      worker.addEventListener("error", ({ message }) => fail(message));
      const request: StretchRequest = { passphrase, salt, cost };
      worker.postMessage(request);
    });
}
