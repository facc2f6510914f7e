import type { Device } from "./support/device.ts";
import { addSchool, button, createService, goTo, hideButton, holdToShow, link, lock, passphrase, setPhones, unlock } from "./support/steps.ts";
import { expect, test } from "./support/test.ts";

const school = "Tjernlia skole";

/** Opens the form of a new school: a form with text fields and a draft, which every role's forms share. */
async function openForm(device: Device): Promise<void> {
  await goTo(device, "schools");
  await link(device.page, device.texts.schools.add).click();
}

test("the lock: on demand, by idle time, offline, and only with the right passphrase", async ({ relay, openDevice }) => {
  const device = await openDevice();
  const { page, texts } = device;
  await createService(device, { code: relay.code });
  await addSchool(device, school);
  await device.installed();
  await relay.stop();
  await device.setOffline(true);

  await test.step("on demand, and nothing of what was open is left in the page", async () => {
    await lock(device);
    await expect(page.getByText(school)).toHaveCount(0);
    expect(await page.content()).not.toContain(school);
    expect(await page.title()).not.toContain(school);
  });

  await test.step("a wrong passphrase says so, and the field is ready for the next try", async () => {
    const field = page.getByLabel(texts.lock.passphrase, { exact: true });
    await field.fill("kano lykt brygge sisi");
    await button(page, texts.lock.unlock).click();
    await expect(page.getByText(texts.lock.wrong)).toBeVisible();
    await expect(field).toBeFocused();
    await expect(field).toHaveValue("");
    await unlock(device);
    await goTo(device, "schools");
    await expect(page.getByText(school).first()).toBeVisible();
  });

  await test.step("the telephones are behind one tap, also locked and offline", async () => {
    await setPhones(device, { childWelfare: "55 00 11 22", outOfHours: "55 00 33 44" });
    await lock(device);
    await button(page, texts.lock.phones).click();
    for (const number of ["112", "55001122", "55003344"]) await expect(page.locator(`a[href="tel:${number}"]`)).toBeVisible();
    await unlock(device);
  });

  await test.step("by itself after the chosen time without a touch, not before", async () => {
    await goTo(device, "settings");
    await page.getByText(device.fill(texts.space.settings.idleMinutes, { count: 2 }), { exact: true }).click();
    await page.keyboard.press("Shift");
    await device.pass(110_000);
    await expect(device.state).toBeVisible();
    await device.pass(20_000);
    await expect(button(page, texts.lock.unlock)).toBeVisible();
    await unlock(device);
  });

  await test.step("the time is this device's, and is kept through a restart", async () => {
    await device.restart();
    await unlock(device);
    await goTo(device, "settings");
    await expect(device.page.getByRole("radio", { name: device.fill(texts.space.settings.idleMinutes, { count: 2 }), exact: true })).toBeChecked();
  });
});

test("Skjul: a clock at once, a neutral title, and what one was doing comes back", async ({ relay, openDevice }) => {
  const device = await openDevice();
  const { page, texts } = device;
  await createService(device, { code: relay.code });
  await openForm(device);
  const name = page.getByLabel(texts.schools.form.name);
  await name.fill(school);
  const titleBefore = await page.title();

  await test.step("everything is covered before the first frame after the tap", async () => {
    const covered = await hideButton(device).evaluate((element: HTMLElement) => {
      element.click();
      const { visibility, display, opacity } = getComputedStyle(document.querySelector(".hideable") ?? document.body);
      return { gone: visibility === "hidden" || display === "none" || opacity === "0", title: document.title };
    });
    expect(covered).toEqual({ gone: true, title: texts.common.hide.title });
    await expect(name).toBeHidden();
    await expect(page.getByText(texts.common.appName).filter({ visible: true })).toHaveCount(0);
  });

  await test.step("held for a second it comes back, with the text and the focus where they were", async () => {
    await holdToShow(device);
    await expect(name).toBeVisible();
    await expect(name).toHaveValue(school);
    expect(await page.title()).toBe(titleBefore);
  });

  await test.step("by key, and after half a minute the passphrase is asked for", async () => {
    await name.focus();
    await page.keyboard.press("F2");
    await expect(name).toBeHidden();
    await device.pass(31_000);
    await holdToShow(device);
    const field = page.getByLabel(texts.lock.passphrase, { exact: true });
    await expect(field).toBeVisible();
    await expect(name).toBeHidden();
    await field.fill(passphrase);
    await button(page, texts.lock.unlock).click();
    await expect(name).toHaveValue(school);
    await expect(name).toBeFocused();
  });
});

test("killed in the middle of typing, at most one second of it is lost", async ({ relay, openDevice }) => {
  const device = await openDevice();
  const { texts } = device;
  await createService(device, { code: relay.code });
  await device.installed();
  await openForm(device);
  const words = "Skolen ved det lange vannet under den bratte fjellveggen";
  const keyMs = 90;
  await device.page.getByLabel(texts.schools.form.name).pressSequentially(words, { delay: keyMs });
  await device.kill();

  await device.open();
  await unlock(device);
  await openForm(device);
  const restored = device.page.getByLabel(texts.schools.form.name);
  await expect(restored).not.toHaveValue("");
  const kept = await restored.inputValue();
  expect(words.startsWith(kept)).toBe(true);
  expect((words.length - kept.length) * keyMs).toBeLessThanOrEqual(1000);
});
