import type { Bytes } from "#protocol/bytes.ts";
import type { StretchCost, StretchPassphrase } from "./vault.ts";

export type StretchRequest = { passphrase: string; salt: Bytes; cost: StretchCost };
export type StretchAnswer = { ok: true; stretched: Bytes } | { ok: false; reason: string };

/**
 * Takes a second or more on a tablet, so it has a thread of its own: the page stays alive, and what comes after the lock is made ready meanwhile.
 * The thread ends with its answer, and its memory with it.
 */
export const stretchInWorker: StretchPassphrase = (passphrase, salt, cost) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL("argon2-worker.ts", import.meta.url), { type: "module" });
    const fail = (reason: string) => {
      worker.terminate();
      reject(new Error(`the passphrase could not be stretched: ${reason}`));
    };
    worker.addEventListener("message", ({ data }: MessageEvent<StretchAnswer>) => {
      if (!data.ok) return fail(data.reason);
      worker.terminate();
      resolve(data.stretched);
    });
    worker.addEventListener("error", ({ message }) => fail(message));
    const request: StretchRequest = { passphrase, salt, cost };
    worker.postMessage(request);
  });
