import type { Device } from "./support/device.ts";
import { addSchool, button, createService, goTo, lock, unlock } from "./support/steps.ts";
import { expect, test } from "./support/test.ts";

const school = "Tjernlia skole";

async function prepare({ page, texts }: Device): Promise<void> {
  await page.getByRole("link", { name: texts.meetings.new }).first().click();
  await page.getByText(texts.meetings.type.startupMeeting, { exact: true }).click();
  await page.getByLabel(texts.meetings.form.date, { exact: true }).fill("2026-11-26");
  await page.getByLabel(texts.meetings.form.from, { exact: true }).fill("14:00");
  await page.getByRole("group", { name: texts.meetings.form.interpreter }).getByText(texts.meetings.form.interpreterYes, { exact: true }).click();
  await button(page, texts.common.action.save).click();
}

test("a meeting is led without a network: an item at a time, minutes that survive the lock, a decision, an agreement, and no end without a next date", async ({ relay, openDevice }) => {
  const device = await openDevice();
  const { page, context, texts } = device;
  const { minutes } = texts;
  await createService(device, { code: relay.code });
  await addSchool(device, school);
  await device.installed();
  await context.setOffline(true);
  await relay.stop();
  await goTo(device, "visits");
  await prepare(device);

  await page.getByRole("link", { name: minutes.start }).click();
  await button(page, minutes.next.replace("{item}", texts.meetings.item.purposeAndFrames)).click();
  const notes = page.getByRole("textbox", { name: minutes.notes.replace("{item}", texts.meetings.item.purposeAndFrames) });
  await notes.click();
  await page.keyboard.type("Alle er presentert.");
  await lock(device);
  await unlock(device);
  await expect(notes).toContainText("Alle er presentert.");

  await page.getByRole("button", { name: minutes.decision, exact: true }).click();
  await page.getByLabel(minutes.newDecision).fill("Én kontaktperson på skolen.");
  await button(page, minutes.addDecision).click();
  await expect(page.getByText("Én kontaktperson på skolen.", { exact: true })).toBeVisible();

  // Three taps and its text.
  await page.getByText(texts.meetings.side.childWelfare, { exact: true }).click();
  await page.getByText(minutes.dueOneWeek, { exact: true }).click();
  await page.getByLabel(minutes.what, { exact: true }).fill("Ringer om tidsplan");
  await button(page, minutes.addAction).click();
  await expect(page.getByRole("region", { name: minutes.agreed }).getByText("Ringer om tidsplan", { exact: true })).toBeVisible();

  await button(page, minutes.next.replace("{item}", texts.meetings.item.goThroughReport)).click();
  await expect(page.getByRole("heading", { name: texts.meetings.item.goThroughReport })).toBeVisible();
  // Straight to the last one, as one may.
  await page.getByRole("button", { name: texts.meetings.item.agreement }).click();
  await button(page, minutes.finish).click();
  await button(page, minutes.finish).click();
  await expect(page.getByRole("alert")).toHaveText(minutes.closing.nextMissing);
  await page.getByText(texts.meetings.noNextReason.dateComesLater, { exact: true }).click();
  await button(page, minutes.finish).click();
  await expect(page.getByRole("heading", { name: texts.meetings.type.startupMeeting })).toBeVisible();
  await expect(page.getByRole("link", { name: minutes.start })).toHaveCount(0);
});
