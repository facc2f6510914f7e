import type { Space } from "../engine/space.ts";
import { unlockedLock, uploadTag } from "./upload-words.ts";

/** Where the browser has background sync, which TypeScript does not know. */
type Syncing = { sync?: { register(tag: string): Promise<void> } };

async function workerOf(): Promise<(ServiceWorkerRegistration & Syncing) | undefined> {
  return "serviceWorker" in navigator ? navigator.serviceWorker.getRegistration() : undefined;
}

/** Lets the worker know that this tab sends for itself, until what is returned is called. A tab that dies lets go too. */
export function holdUnlocked(): () => void {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  navigator.locks.request(unlockedLock, { mode: "shared" }, () => released).catch(() => undefined);
  return release;
}

/** Asks the browser to wake the worker when there is a network, also with the app closed. Where it cannot, the next opening sends. */
export async function askForUpload(): Promise<void> {
  try {
    await (await workerOf())?.sync?.register(uploadTag);
  } catch {
    // Switched off in the browser, or no worker yet.
  }
}

/** Has the worker send now what lies sealed: to be said where the app is open and locked. */
export async function uploadNow(): Promise<void> {
  try {
    (await workerOf())?.active?.postMessage({ type: uploadTag });
  } catch {
    // Without a worker it is sent when the app is unlocked.
  }
}

/** Asks each time that something unsent is left without a network, or behind a page that nobody sees any more. @returns what ends it */
export function watchUnsent({ status, sync }: Space): () => void {
  let isLeft = false;
  const look = () => {
    const wasLeft = isLeft;
    isLeft = status.get().unsent > 0 && (sync.status.get().reached === false || document.visibilityState === "hidden");
    if (isLeft && !wasLeft) void askForUpload();
  };
  const stops = [status.subscribe(look), sync.status.subscribe(look)];
  document.addEventListener("visibilitychange", look);
  return () => {
    document.removeEventListener("visibilitychange", look);
    for (const stop of stops) stop();
  };
}
