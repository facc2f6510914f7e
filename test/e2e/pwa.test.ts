import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { addSchool, button, createService, goTo, link, unlock } from "./support/steps.ts";
import { expect, test } from "./support/test.ts";

/** Turns the app that is served into a newer one: another page with another hash in the list of what belongs to it. */
function publishNewVersion(appDir: string): void {
  const page = join(appDir, "index.html");
  writeFileSync(page, readFileSync(page, "utf8").replace("<title>", '<meta name="test-version" content="2" />\n    <title>'));
  const worker = join(appDir, "service-worker.js");
  const before = readFileSync(worker, "utf8");
  const after = before.replace(/"revision":"[0-9a-f]{32}","url":"index\.html"/, `"revision":"${"2".repeat(32)}","url":"index.html"`);
  if (after === before) throw new Error("the service worker does not list the page");
  writeFileSync(worker, after);
}

test("a part of the app that does not come is asked for once more, and not for ever", async ({ openDevice }) => {
  const { page, texts } = await openDevice();
  let asked = 0;
  const fail = (times: number) =>
    page.context().route(/\/assets\/errors-[^/]*\.js$/, (route) => (++asked <= times ? route.abort() : route.continue()));
  await page.evaluate(async () => {
    for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
  });
  await fail(1);
  await page.reload();
  await expect(button(page, texts.space.welcome.create)).toBeVisible();
  expect(asked).toBeGreaterThan(1);
  await page.context().unrouteAll();
  asked = 0;
  await page.evaluate(async () => {
    for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
  });
  await fail(Number.POSITIVE_INFINITY);
  await page.reload();
  await expect.poll(() => asked).toBeGreaterThanOrEqual(2);
  await page.waitForLoadState();
  expect(await page.evaluate(() => sessionStorage.getItem("boot"))).toBe("again");
});

test("installable, and it opens, unlocks and works with the relay's process gone", async ({ relay, openDevice }) => {
  const device = await openDevice();
  const { page, texts } = device;

  await test.step("the browser would install it", async () => {
    await device.installed();
    const browser = await device.context.newCDPSession(page);
    const manifest = await browser.send("Page.getAppManifest");
    expect(manifest.errors).toEqual([]);
    expect(JSON.parse(manifest.data ?? "")).toMatchObject({ name: "Åpen dør", display: "standalone", start_url: "/", lang: "nb" });
    const { installabilityErrors } = await browser.send("Page.getInstallabilityErrors");
    expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito")).toEqual([]);
  });

  await test.step("a reload and every kind of address open without the network", async () => {
    await createService(device, { code: relay.code });
    await addSchool(device, "Granly skole");
    await device.sent();
    await relay.stop();
    await page.reload();
    await unlock(device);
    await expect(page.getByRole("heading", { level: 1, name: "Granly skole" })).toBeVisible();
    await expect(page.locator(".state")).toHaveAttribute("data-kind", /offline|sent/);
    await page.goto(`${relay.url}/skoler/ny`);
    await unlock(device);
    await expect(page.getByLabel(texts.schools.form.name)).toBeVisible();
  });

  await test.step("every screen is there, although none of them was ever opened before", async () => {
    for (const place of ["Besøk", "Oppfølging", "Innstillinger"]) {
      await page.goto(`${relay.url}/`);
      await unlock(device);
      await link(page, place).click();
      await expect(page.getByRole("heading", { level: 1, name: place })).toBeVisible();
    }
  });

  await test.step("the other languages too", async () => {
    await page.getByText("Nynorsk", { exact: true }).click();
    await expect(page.locator("html")).toHaveAttribute("lang", "nn");
    await page.getByText("English", { exact: true }).click();
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
  });
});

test("whether the device has promised to keep what is stored is asked when there is something to lose, and the answer is shown", async ({ relay, openDevice }) => {
  const device = await openDevice();
  const { page, texts } = device;
  const { settings } = texts.space;
  await page.addInitScript(() => {
    const asked = { count: 0 };
    Object.assign(window, { persistAsked: asked });
    const { persist } = StorageManager.prototype;
    StorageManager.prototype.persist = function countedPersist() {
      asked.count++;
      return persist.call(this);
    };
  });
  await page.reload();
  const asked = () => page.evaluate(() => (window as unknown as { persistAsked: { count: number } }).persistAsked.count);
  await expect(button(page, texts.space.welcome.create)).toBeVisible();
  expect(await asked()).toBe(0);
  await createService(device, { code: relay.code });
  await addSchool(device, "Granly skole");
  await expect.poll(asked).toBe(1);

  const browser = await device.context.browser()?.newBrowserCDPSession();
  const grant = (permissions: "durableStorage"[]) => browser?.send("Browser.grantPermissions", { origin: relay.url, permissions });
  const persisted = () => page.evaluate(() => navigator.storage.persisted());
  await goTo(device, "settings");
  await expect(page.getByText((await persisted()) ? settings.persisted : settings.notPersisted)).toBeVisible();
  if (!(await persisted())) {
    await grant(["durableStorage"]);
    await button(page, settings.askPersist).click();
    await expect(page.getByText(settings.persisted)).toBeVisible();
    expect(await persisted()).toBe(true);
  }
});

test.describe("with an app that changes", () => {
  test.use({ copyApp: true });

  test("a new version waits, says so, and takes over without losing a draft", async ({ relay, openDevice }) => {
    const device = await openDevice();
    const { page, texts } = device;
    await createService(device, { code: relay.code });
    await device.installed();
    await goTo(device, "schools");
    await link(page, texts.schools.add).click();
    const name = page.getByLabel(texts.schools.form.name);
    await name.fill("Furumo skole");
    publishNewVersion(relay.appDir);
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());

    await expect(device.state).toHaveText(texts.common.state.newVersion);
    await expect(name).toHaveValue("Furumo skole");
    await expect(page.locator('meta[name="test-version"]')).toHaveCount(0);

    await name.fill("Furumo barneskole");
    await button(page, texts.common.state.newVersionAction).click();
    await expect(page.locator('meta[name="test-version"]')).toHaveCount(1);
    await unlock(device);
    await expect(name).toHaveValue("Furumo barneskole");
    await expect(device.state).not.toHaveText(texts.common.state.newVersion);
  });
});
