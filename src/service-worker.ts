/// <reference lib="webworker" />
import { clientsClaim } from "workbox-core";
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";
import { uploadTag } from "./app/upload-words.ts";
import { uploadWhileLocked } from "./app/worker-upload.ts";

declare const self: ServiceWorkerGlobalScope;

// The whole app is on the device after the first visit; nothing is fetched to open it.
precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
registerRoute(new NavigationRoute(createHandlerBoundToURL("/index.html"), { denylist: [/^\/v1\//, /^\/healthz$/] }));

// The first version takes the page at once, so that it works offline from the first visit. Later ones wait: a new version
// never replaces a page with unsaved work under somebody's hands.
clientsClaim();

self.addEventListener("message", (event) => {
  const said = (event.data as { type?: unknown } | null)?.type;
  if (said === "SKIP_WAITING") void self.skipWaiting();
  if (said === uploadTag) event.waitUntil(uploadWhileLocked());
});

/** TypeScript does not know of background sync. */
type SyncEvent = ExtendableEvent & { tag: string };

self.addEventListener("sync" as "activate", (event) => {
  if ((event as SyncEvent).tag === uploadTag) event.waitUntil(uploadOrAskAgain());
});

/** What rejects is tried again by the browser, later and later. */
async function uploadOrAskAgain(): Promise<void> {
  if (!(await uploadWhileLocked())) throw new Error("not everything is sent");
}
