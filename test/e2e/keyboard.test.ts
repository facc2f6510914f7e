import { laptop } from "./support/device.ts";
import { tabTo } from "./support/keyboard.ts";
import { addSchool, button, createService, goTo, link, passphrase } from "./support/steps.ts";
import { expect, test } from "./support/test.ts";

test("a whole drøfting by keyboard alone, from the lock to the close", async ({ relay, openDevice }) => {
  const device = await openDevice({ viewport: laptop });
  const { page, texts } = device;
  const { question } = texts.consultations;
  const { content } = texts;
  await createService(device, { code: relay.code });
  await addSchool(device, "Granly skole");
  await goTo(device, "today");
  await page.reload();

  const answer = (group: string, name: string) =>
    page.getByRole("group", { name: group, exact: true }).getByRole("radio", { name, exact: true });
  const tick = (group: string, name: string) =>
    page.getByRole("group", { name: group, exact: true }).getByRole("checkbox", { name, exact: true });

  await test.step("unlock", async () => {
    await expect(page.getByLabel(texts.lock.passphrase, { exact: true })).toBeFocused();
    await page.keyboard.type(passphrase);
    await page.keyboard.press("Enter");
    await expect(button(page, texts.visits.start)).toBeVisible();
  });

  await test.step("the first stop is the way past the navigation", async () => {
    // Where the browser begins when nothing has focus: at the top of the page.
    await page.evaluate(() => {
      document.body.tabIndex = -1;
      document.body.focus();
      document.body.removeAttribute("tabindex");
    });
    await page.keyboard.press("Tab");
    await expect(link(page, texts.common.nav.skipToContent)).toBeFocused();
    await expect(link(page, texts.common.nav.skipToContent)).toBeInViewport();
    await page.keyboard.press("Enter");
    await expect(page.locator("#content")).toBeFocused();
  });

  await test.step("start the visit and a drøfting", async () => {
    await tabTo(device, button(page, texts.visits.start));
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: texts.visits.open.heading })).toBeVisible();
    await tabTo(device, link(page, texts.visits.newConsultation));
    await page.keyboard.press("Enter");
    await expect(answer(question.role, content.role.contactTeacher)).toBeVisible();
  });

  await test.step("answer with Tab, arrows and Space", async () => {
    await tabTo(device, answer(question.role, content.role.contactTeacher));
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowRight");
    await expect(answer(question.role, content.role.subjectTeacher)).toBeChecked();
    await tabTo(device, answer(question.gradeBand, content.gradeBand.grades1to4));
    await page.keyboard.press("Space");
    await tabTo(device, tick(question.themes, content.theme.friendsAndLeisure));
    await page.keyboard.press("Space");
    await tabTo(device, answer(question.duration, content.duration.days));
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await expect(answer(question.duration, content.duration.months)).toBeChecked();
    await tabTo(device, answer(question.violence, content.violence.no));
    await page.keyboard.press("Space");
    await tabTo(device, answer(question.dutyToReport, content.duty.no));
    await page.keyboard.press("Space");
    await tabTo(device, tick(question.nextSteps, content.nextStep.schoolMeasures));
    await page.keyboard.press("Space");
    await tabTo(device, page.getByLabel(question.note));
    await page.keyboard.type("Skolen prøver mer voksenstøtte i friminuttene");
  });

  await test.step("save, and hear of it", async () => {
    await tabTo(device, button(page, texts.common.action.save));
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: texts.visits.open.heading })).toBeVisible();
    await expect(page.locator("[aria-live]").filter({ has: button(page, texts.common.action.undo) })).toHaveCount(1);
  });

  await test.step("Skjul by F2, back by holding Enter", async () => {
    await page.keyboard.press("F2");
    await expect(button(page, texts.common.hide.hold)).toBeFocused();
    await page.keyboard.down("Enter");
    await device.pass(1000);
    await page.keyboard.up("Enter");
    await expect(page.getByRole("heading", { name: texts.visits.open.heading })).toBeVisible();
  });

  await test.step("close the visit and lock", async () => {
    await tabTo(device, link(page, texts.visits.close));
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: texts.visits.overview.title })).toBeVisible();
    await tabTo(device, button(page, texts.visits.close));
    await page.keyboard.press("Enter");
    await expect(link(page, texts.visits.today.see)).toBeVisible();
    await tabTo(device, button(page, texts.common.lock));
    await page.keyboard.press("Enter");
    await expect(page.getByLabel(texts.lock.passphrase, { exact: true })).toBeFocused();
  });
});
