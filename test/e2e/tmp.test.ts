import { addSchool, button, createService, goTo, link } from "./support/steps.ts";
import { test } from "./support/test.ts";
test("quota", async ({ relay, openDevice }) => {
  const device = await openDevice();
  const { page } = device;
  const browser = await device.context.newCDPSession(page);
  const est = () => page.evaluate(async () => JSON.stringify(await navigator.storage.estimate()));
  console.log(await est());
  for (const q of [1, 100000]) {
  await browser.send("Storage.overrideQuotaForOrigin", { origin: relay.url, quotaSize: q });
  console.log(q, await est());
  for (const size of [10, 1000, 100000, 300000])
  console.log(size, await page.evaluate(async (size) => {
    const db = await new Promise<IDBDatabase>((res, rej) => { const r = indexedDB.open("x", 1); r.onupgradeneeded = () => r.result.createObjectStore("s", {autoIncrement: true}); r.onsuccess = () => res(r.result); r.onerror = () => rej(r.error); });
    const out = await new Promise((res) => { const tx = db.transaction("s", "readwrite", {durability: "strict"}); const b=new Uint8Array(size); crypto.getRandomValues(b.subarray(0,60000)); tx.objectStore("s").add(b); tx.oncomplete = () => res("ok"); tx.onabort = () => res("abort " + tx.error?.name); });
    db.close(); return out;
  }, size));
  }
});
