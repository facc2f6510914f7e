import { phone } from "./support/device.ts";
import {
  addSchool,
  answerRest,
  answerWho,
  button,
  caseRow,
  createService,
  fillSignUp,
  goTo,
  hideButton,
  inviteToSchool,
  link,
  startVisit,
} from "./support/steps.ts";
import { countTaps } from "./support/taps.ts";
import { expect, test } from "./support/test.ts";

test("as many taps as promised, and no key", async ({ relay, openDevice }) => {
  const consultant = await openDevice();
  const teacher = await openDevice({ viewport: phone });
  const { page, texts } = consultant;
  await createService(consultant, { code: relay.code });
  await addSchool(consultant, "Granly skole");
  await inviteToSchool(consultant, teacher, { name: "Siri Sosiallærer" });
  await goTo(teacher, "today");

  await test.step("a case signed up: 6", async () => {
    const counted = await countTaps(teacher.page, async () => {
      await fillSignUp(teacher);
      await button(teacher.page, texts.preRegistration.submit).click();
      await expect(link(teacher.page, texts.preRegistration.done.finish)).toBeVisible();
    });
    expect(counted).toEqual({ taps: 6, keys: 0 });
    await teacher.sent();
  });

  await test.step("«Start besøk»: 1", async () => {
    await page.goBack();
    await goTo(consultant, "today");
    await expect(page.locator(".row-item").first()).toBeVisible();
    expect(await countTaps(page, () => startVisit(consultant))).toEqual({ taps: 1, keys: 0 });
  });

  await test.step("a drøfting from a case that was signed up: at most 6", async () => {
    const counted = await countTaps(page, async () => {
      await link(page, texts.visits.startConsultation).click();
      await answerRest(consultant);
      await button(page, texts.common.action.save).click();
      await expect(page.getByRole("heading", { name: texts.visits.open.heading })).toBeVisible();
    });
    expect(counted.keys).toBe(0);
    expect(counted.taps).toBeLessThanOrEqual(6);
  });

  await test.step("a drøfting from the open form, with that tap: 9", async () => {
    let code = "";
    const counted = await countTaps(page, async () => {
      await link(page, texts.visits.newConsultation).click();
      await answerWho(consultant);
      await answerRest(consultant, "nothingMore");
      code = (await page.getByRole("heading", { level: 1 }).textContent()) ?? "";
      await button(page, texts.common.action.save).click();
      await expect(page.getByRole("heading", { name: texts.visits.open.heading })).toBeVisible();
    });
    expect(counted).toEqual({ taps: 9, keys: 0 });
    await expect(caseRow(consultant, code)).toBeVisible();
  });

  await test.step("one less when the role under «Noen som banker på?» is what is tapped", async () => {
    const { question } = texts.consultations;
    const counted = await countTaps(page, async () => {
      await button(page, texts.content.role.contactTeacher).click();
      await expect(page.getByRole("group", { name: question.role }).getByRole("radio", { name: texts.content.role.contactTeacher })).toBeChecked();
    });
    expect(counted).toEqual({ taps: 1, keys: 0 });
  });

  await test.step("«Er meldingen sendt?» from the first screen: 1", async () => {
    await link(teacher.page, texts.preRegistration.done.finish).click();
    const asked = teacher.page.locator(".ask");
    await expect(asked).toBeVisible();
    const yes = button(asked, texts.content.followUp.reportSent.yes);
    expect(await countTaps(teacher.page, () => yes.click())).toEqual({ taps: 1, keys: 0 });
    await expect(yes).toHaveAttribute("aria-pressed", "true");
    await expect(button(teacher.page, texts.common.action.undo)).toBeVisible();
    await button(teacher.page, texts.common.action.undo).click();
    await expect(yes).toHaveAttribute("aria-pressed", "false");
  });

  for (const device of [consultant, teacher]) {
    await test.step("Skjul: 1, wherever one is", async () => {
      expect(await countTaps(device.page, () => hideButton(device).click())).toEqual({ taps: 1, keys: 0 });
      await expect(button(device.page, texts.common.hide.hold)).toBeVisible();
    });
  }
});
