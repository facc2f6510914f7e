import { Workbox } from "workbox-window";
import { createObservable, type Observable } from "../engine/platform/observable.ts";
import { scriptUrl } from "../lib/trusted-types.ts";

export type AppUpdate = {
  /** Whether a newer version is installed and waits. */
  waiting: Observable<boolean>;
  /** Lets it take over and loads the page again; drafts are on disk before that, the caller sees to it. */
  takeOver(): void;
};

/** How often a page that stays open asks for a newer version. */
const askEveryMs = 60 * 60 * 1000;

export function registerServiceWorker(): AppUpdate {
  const waiting = createObservable(false);
  if (!("serviceWorker" in navigator) || import.meta.env.DEV) return { waiting, takeOver: () => location.reload() };
  const workbox = new Workbox(scriptUrl("/service-worker.js"));
  workbox.addEventListener("waiting", () => waiting.set(true));
  let taking = false;
  workbox.addEventListener("controlling", () => {
    if (taking) location.reload();
  });
  // Offline at the very first visit, or storage refused: the app still runs, and says so where persistence is shown.
  workbox.register().catch(() => undefined);
  setInterval(() => void workbox.update().catch(() => undefined), askEveryMs);
  return {
    waiting,
    takeOver() {
      taking = true;
      workbox.messageSkipWaiting();
    },
  };
}
