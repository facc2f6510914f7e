import type { Device } from "./support/device.ts";
import { addSchool, agree, button, createService, goBack, goTo, inviteToSchool, link, lock, unlock } from "./support/steps.ts";
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
  await agree(device, "childWelfare", "Ringer om tidsplan", minutes.dueOneWeek);

  await button(page, minutes.next.replace("{item}", texts.meetings.item.goThroughReport)).click();
  await expect(page.getByRole("heading", { name: texts.meetings.item.goThroughReport })).toBeVisible();
  // Straight to the last one, as one may.
  await page.getByRole("button", { name: texts.meetings.item.agreement }).click();
  await button(page, minutes.finish).click();
  await button(page, minutes.finish).click();
  await expect(page.getByRole("alert")).toHaveText(minutes.closing.nextMissing);
  await page.getByText(texts.meetings.noNextReason.dateComesLater, { exact: true }).click();
  await button(page, minutes.finish).click();
  await expect(page.getByRole("heading", { level: 1, name: texts.meetings.type.startupMeeting })).toBeVisible();
  await expect(page.getByRole("link", { name: minutes.start })).toHaveCount(0);
});

test("[W9] [N1] two write the minutes of one item: online they see where the other is, offline both write on, and it merges", async ({ relay, openDevice }) => {
  const consultant = await openDevice();
  const teacher = await openDevice();
  const { texts } = consultant;
  const first = texts.meetings.item.purposeAndFrames;
  const notesIn = ({ page }: Device) => page.getByRole("textbox", { name: texts.minutes.notes.replace("{item}", first) });
  await createService(consultant, { code: relay.code });
  await addSchool(consultant, school);
  await inviteToSchool(consultant, teacher, { name: "Sol Sosiallærer" });
  await goBack(consultant);
  await goTo(consultant, "visits");
  await prepare(consultant);
  await link(consultant.page, texts.minutes.start).click();
  await button(consultant.page, texts.minutes.next.replace("{item}", first)).click();

  await goTo(teacher, "visits");
  await teacher.page.getByRole("link", { name: new RegExp(texts.meetings.type.startupMeeting) }).first().click();
  await link(teacher.page, texts.minutes.goOn).click();
  await notesIn(teacher).click();
  await teacher.page.keyboard.type("Fra skolen. ");
  await expect(notesIn(consultant)).toContainText("Fra skolen.");
  const isThere = texts.minutes.writesIn.replace("{name}", texts.meetings.role.socialTeacher).replace("{number}", "1");
  await expect(consultant.page.getByText(isThere)).toBeVisible();

  await teacher.setOffline(true);
  await teacher.page.keyboard.type("Skrevet uten nett. ");
  await notesIn(consultant).click();
  await consultant.page.keyboard.press("ControlOrMeta+End");
  await consultant.page.keyboard.type("Fra barnevernet. ");
  await teacher.setOffline(false);
  for (const device of [consultant, teacher]) {
    for (const words of ["Fra skolen.", "Skrevet uten nett.", "Fra barnevernet."]) await expect(notesIn(device)).toContainText(words, { timeout: 60_000 });
  }
  // Line by line: the colleague's bar is drawn in one of the two and takes up room there, which is no difference in what is written.
  const linesIn = async (device: Device) => notesIn(device).locator("> *").allTextContents();
  await expect.poll(async () => await linesIn(consultant)).toEqual(await linesIn(teacher));
});

test("the browser is killed while somebody writes minutes: at most a second of it is lost", async ({ relay, openDevice }) => {
  const device = await openDevice();
  const { texts } = device;
  const first = texts.meetings.item.purposeAndFrames;
  const notes = () => device.page.getByRole("textbox", { name: texts.minutes.notes.replace("{item}", first) });
  await createService(device, { code: relay.code });
  await addSchool(device, school);
  await goTo(device, "visits");
  await prepare(device);
  await link(device.page, texts.minutes.start).click();
  await button(device.page, texts.minutes.next.replace("{item}", first)).click();
  await notes().click();
  const words = "Skolen ved det lange vannet under den bratte fjellveggen";
  const keyMs = 90;
  await device.page.keyboard.type(words, { delay: keyMs });
  const { pathname } = new URL(device.page.url());
  await device.kill();

  await device.open(pathname);
  await unlock(device);
  await expect(notes()).toContainText("Skolen");
  const kept = (await notes().textContent()) ?? "";
  expect(words.startsWith(kept)).toBe(true);
  expect((words.length - kept.length) * keyMs).toBeLessThanOrEqual(1000);
});
