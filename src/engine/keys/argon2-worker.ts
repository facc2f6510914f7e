/// <reference lib="webworker" />
import { stretchPassphrase } from "./argon2.ts";
import type { StretchAnswer, StretchRequest } from "./argon2-in-worker.ts";

declare const self: DedicatedWorkerGlobalScope;

self.addEventListener("message", ({ data }: MessageEvent<StretchRequest>) => {
  stretchPassphrase(data.passphrase, data.salt, data.cost).then(
    (stretched) => self.postMessage({ ok: true, stretched } satisfies StretchAnswer),
    (error: unknown) => self.postMessage({ ok: false, reason: String(error) } satisfies StretchAnswer),
  );
});
