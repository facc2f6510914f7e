import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Device } from "./support/device.ts";
import { addSchool, button, createService, goTo, lock, passphrase, unlock } from "./support/steps.ts";
import { expect, test } from "./support/test.ts";

test.use({ copyApp: true });

const school = "Tjernlia skole";

/** Makes the device fetch the file anew the next time it is asked for: neither its offline copy nor what the browser has kept is left. */
async function forget(device: Device, file: string): Promise<void> {
  await device.page.evaluate(async (name) => {
    for (const key of await caches.keys()) {
      const cache = await caches.open(key);
      for (const request of await cache.keys()) if (request.url.includes(name)) await cache.delete(request);
    }
  }, file);
  const session = await device.context.newCDPSession(device.page);
  await session.send("Network.clearBrowserCache");
  await session.detach();
}

test("a passphrase that cannot be tried is not called wrong: the lock says so, keeps everything, and opens when it can", async ({ relay, openDevice }) => {
  const device = await openDevice();
  const { page, texts } = device;
  await createService(device, { code: relay.code });
  await addSchool(device, school);
  await device.installed();
  await lock(device);
  const files = readdirSync(join(relay.appDir, "assets")).filter((file) => file.startsWith("argon2-worker")).map((file) => join(relay.appDir, "assets", file));
  const whole = files.map((file) => ({ file, bytes: readFileSync(file) }));
  const name = /argon2-worker[^/]*\.js/.exec(files.join("\n"))?.[0] ?? "";
  expect(name).not.toBe("");
  const put = async (script: string | null) => {
    for (const file of files) rmSync(file, { force: true });
    if (script !== null) writeFileSync(join(relay.appDir, "assets", name), script);
    await forget(device, name);
  };
  const field = page.getByLabel(texts.lock.passphrase, { exact: true });
  const tryOnce = async () => {
    await field.fill(passphrase);
    await button(page, texts.lock.unlock).click();
  };
  const expectTold = async () => {
    await expect(page.getByRole("alert")).toHaveText(texts.errors.stretch);
    await expect(page.getByText(texts.lock.wrong)).toHaveCount(0);
    await expect(field).toHaveValue("");
    await expect(field).toBeFocused();
  };

  await test.step("its thread's file is not there", async () => {
    await put(null);
    await tryOnce();
    await expectTold();
  });

  await test.step("the thread falls over", async () => {
    await put(`throw new Error("out of memory");`);
    await tryOnce();
    await expectTold();
  });

  await test.step("the thread is ended and nobody is told: after a minute the lock says so", async () => {
    await put("close();");
    await tryOnce();
    await expect(button(page, texts.lock.unlocking)).toBeVisible();
    await expect(page.getByRole("alert")).toHaveCount(0);
    await device.pass(61_000);
    await expectTold();
  });

  await test.step("with the file in its place the lock opens, and all is there", async () => {
    for (const { file, bytes } of whole) writeFileSync(file, bytes);
    await forget(device, name);
    await unlock(device);
    await goTo(device, "schools");
    await expect(page.getByText(school).first()).toBeVisible();
  });
});
