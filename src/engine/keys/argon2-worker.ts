/// <reference lib="webworker" />
import { stretchPassphrase } from "./argon2.ts";
import type { StretchRequest } from "./argon2-in-worker.ts";

declare const self: DedicatedWorkerGlobalScope;

self.addEventListener("message", async ({ data }: MessageEvent<StretchRequest>) => {
  self.postMessage(await stretchPassphrase(data.passphrase, data.salt, data.cost));
});
