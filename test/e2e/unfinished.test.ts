import { button, chip, goBack, link, startVisit } from "./support/steps.ts";
import { expect, test } from "./support/test.ts";

test("«Ny drøfting» is always a new one, and what was left in haste stands in its own list, with its answers", async ({ openDevice }) => {
  const device = await openDevice();
  const { page, texts } = device;
  const duration = () => chip(device, texts.consultations.question.duration, texts.content.duration.weeks);
  const code = async () => (await page.locator("main h1").textContent()) ?? "";
  await button(page, texts.space.welcome.example).click();
  await expect(device.state).toBeVisible({ timeout: 30_000 });
  await startVisit(device);

  await link(page, texts.visits.newConsultation).click();
  await duration().click();
  const begun = await code();
  await goBack(device);
  await expect(page.getByRole("heading", { name: texts.consultations.unfinished.heading })).toBeVisible();

  await link(page, texts.visits.newConsultation).click();
  await expect(duration()).not.toBeChecked();
  expect(await code()).not.toBe(begun);
  await goBack(device);

  await page.getByRole("link", { name: new RegExp(begun) }).click();
  await expect(duration()).toBeChecked();
  expect(await code()).toBe(begun);
});
