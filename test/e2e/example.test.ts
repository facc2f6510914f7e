import { button, goBack, goTo, link, lock, type NavName, pattern, unlock } from "./support/steps.ts";
import { expect, test } from "./support/test.ts";

const places: readonly NavName[] = ["today", "visits", "followUp", "schools", "settings"];

test("the example service: seven schools, marked everywhere, cannot invite, and leaves nothing", async ({ relay, openDevice }) => {
  const device = await openDevice();
  const { page, texts } = device;
  const requests: string[] = [];
  const schools = () => device.page.locator("main").getByRole("link", { name: /skole/ }).filter({ hasNotText: texts.schools.add });

  await test.step("one press makes it", async () => {
    await device.installed();
    page.on("request", (request) => requests.push(request.url()));
    await button(page, texts.space.welcome.example).click();
    await expect(device.state).toBeVisible({ timeout: 30_000 });
  });

  await test.step("every screen says that it is an example", async () => {
    for (const place of places) {
      await goTo(device, place);
      await expect(page.locator(".top-badge")).toHaveText(texts.common.example);
    }
    await goTo(device, "schools");
    await expect(schools()).toHaveCount(7);
    await schools().first().click();
    await expect(page.locator(".top-badge")).toHaveText(texts.common.example);
    await link(page, texts.space.invite.title).click();
    await expect(page.locator(".top-badge")).toHaveText(texts.common.example);
  });

  await test.step("nobody can be invited to it", async () => {
    await expect(page.getByText(texts.space.invite.exampleOff)).toBeVisible();
    await expect(button(page, texts.space.invite.make)).toHaveCount(0);
    await goBack(device);
  });

  await test.step("the lock shows its passphrase, which opens it", async () => {
    await lock(device);
    const shown = pattern(texts.lock.exampleHint, "passphrase");
    await unlock(device, shown.exec((await page.getByText(shown).textContent()) ?? "")?.[1]);
    await goTo(device, "schools");
    await expect(schools()).toHaveCount(7);
  });

  await test.step("it is kept through a restart with the relay gone, and nothing of it was ever sent", async () => {
    await relay.stop();
    await device.restart();
    await unlock(device, "eksempel");
    await goTo(device, "visits");
    await expect(device.page.locator(".top-badge")).toHaveText(texts.common.example);
    expect(requests.filter((url) => new URL(url).pathname.startsWith("/v1/"))).toEqual([]);
  });

  await test.step("deleting it leaves nothing on the device", async () => {
    await goTo(device, "settings");
    await button(device.page, texts.space.settings.deleteExample).click();
    await expect(button(device.page, texts.space.welcome.example)).toBeVisible();
    expect(await device.page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))).toEqual([]);
    await device.page.reload();
    await expect(button(device.page, texts.space.welcome.create)).toBeVisible();
  });
});
