// What the page and the service worker call the same things.

/** The real service's database. The example has nothing to send. */
export const serviceDatabase = "aapen-dor";

/** Tag of the browser's background sync, and what the page says to the worker. */
export const uploadTag = "upload";

/** The lock that every unlocked tab holds together, and the worker alone while it sends. */
export const unlockedLock = "aapen-dor/unlocked";
