/**
 * Saves a picture of every screen, to look at: `node test/e2e/screenshots.ts FOLDER`. The example service and the screens that only a real one has;
 * on tablet, laptop and phone, light and dark, in bokmål and nynorsk. What is longer than the screen is saved once more, whole.
 */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { Device, laptop, phone, tablet } from "./support/device.ts";
import { walkAccess, walkPurge, walkYearEnd } from "./support/end-walks.ts";
import { walkDevices, walkRemoval, walkRestore } from "./support/people-walks.ts";
import { startRelay } from "./support/relay-process.ts";
import { exampleWalks, type Look, walkService } from "./support/screens.ts";

const sizes = { tablet, laptop, phone };

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("Which folder? node test/e2e/screenshots.ts FOLDER");

for (const language of ["nb", "nn"] as const) {
  const relay = await startRelay();
  const open = async (at = relay) => {
    const device = new Device(at.url, { language });
    await device.open();
    return device;
  };
  const people = { consultant: await open(), teacher: await open(), principal: await open(), lead: await open() };
  let count = 0;
  const look: Look = async ({ page }, name) => {
    count++;
    const before = page.viewportSize() ?? tablet;
    for (const [size, viewport] of Object.entries(sizes)) {
      for (const colorScheme of ["light", "dark"] as const) {
        const place = resolve(folder, language, `${size}-${colorScheme}`);
        mkdirSync(place, { recursive: true });
        const file = (suffix: string) => join(place, `${String(count).padStart(2, "0")}-${name}${suffix}.png`);
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        await page.setViewportSize(viewport);
        await page.screenshot({ path: file(""), animations: "disabled" });
        const height = await page.evaluate(() => document.documentElement.scrollHeight);
        if (height <= viewport.height) continue;
        await page.setViewportSize({ ...viewport, height });
        await page.screenshot({ path: file("-whole"), animations: "disabled" });
      }
    }
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize(before);
  };
  for (const walk of Object.values(exampleWalks)) {
    const device = await open();
    await walk(device, look);
    await device.remove();
  }
  await walkService(people, relay.code, look);
  for (const walk of [walkDevices, walkRemoval, walkRestore, walkPurge, walkYearEnd, walkAccess]) {
    const own = await startRelay();
    const [consultant, other] = [await open(own), await open(own)];
    await walk(consultant, other, own, look);
    await Promise.all([consultant.remove(), other.remove(), own.remove()]);
  }
  for (const device of Object.values(people)) await device.remove();
  await relay.remove();
  process.stdout.write(`${language}: ${count} screens\n`);
}
