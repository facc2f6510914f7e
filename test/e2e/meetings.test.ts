import { phone } from "./support/device.ts";
import { addSchool, button, chip, createService, goBack, goTo, inviteToSchool, link, pattern } from "./support/steps.ts";
import { expect, test } from "./support/test.ts";

const school = "Granly skole";

test("a type that the service has switched on can be chosen, and is led to by its school's page", async ({ relay, openDevice }) => {
  const device = await openDevice();
  const { page, texts } = device;
  const { form, settings, type } = texts.meetings;
  await createService(device, { code: relay.code });
  await addSchool(device, school);
  await goTo(device, "settings");
  await chip(device, settings.adjacent, type.familyCouncil).click();
  await expect(page.getByText(texts.settings.saved, { exact: true })).toBeVisible();
  await goTo(device, "schools");
  await link(page, new RegExp(school)).click();
  await link(page, texts.meetings.new).click();
  const question = page.getByRole("group", { name: form.type, exact: true });
  await question.getByRole("button").click();
  await expect(question.getByText(type.familyCouncil)).toBeVisible();
  await expect(question.getByText(type.responsibilityGroup)).toHaveCount(0);
});

test("a start-up meeting with an interpreter is prepared offline on the tablet, and is on the sosiallærer's phone when there is a network", async ({ relay, openDevice }) => {
  const consultant = await openDevice();
  const teacher = await openDevice({ viewport: phone });
  const { page, texts } = consultant;
  const { form, type, page: words, invitation, role } = texts.meetings;
  await createService(consultant, { code: relay.code });
  await addSchool(consultant, school);
  await inviteToSchool(consultant, teacher, { name: "Siri Sosiallærer" });
  await consultant.installed();
  await goBack(consultant);

  await test.step("four choices without a network", async () => {
    await consultant.setOffline(true);
    await goTo(consultant, "visits");
    await link(page, texts.meetings.new).click();
    await chip(consultant, form.type, type.startupMeeting).click();
    await page.getByLabel(form.date).fill("2026-12-03");
    await page.getByLabel(form.from, { exact: true }).fill("14:00");
    await expect(page.getByLabel(form.place)).toHaveValue(school);
    await expect(page.getByRole("group", { name: form.participants }).getByRole("checkbox", { name: role.contactTeacher })).toBeChecked();
    await chip(consultant, form.interpreter, form.interpreterYes).click();
    await expect(page.getByText(consultant.fill(form.longer, { minutes: 30, total: 90 }))).toBeVisible();
    await page.getByLabel(form.language).fill("somali");
    await chip(consultant, form.bookedBy, texts.meetings.interpreterBooker.childWelfare).click();
  });

  await test.step("what is answered survives that the device dies before «Lagre»", async () => {
    await expect(page.getByText(pattern(texts.common.state.draftSavedAt, "time"))).toBeVisible();
    await page.getByText(form.names, { exact: true }).click();
    await page.getByRole("textbox", { name: role.contactTeacher }).fill("Tora Lærer");
    await goBack(consultant);
    await link(page, texts.meetings.new).click();
    await expect(page.getByText(form.draft)).toBeVisible();
    await expect(page.getByLabel(form.language)).toHaveValue("somali");
    await expect(page.getByText("Tora Lærer", { exact: true })).toBeVisible();
  });

  await test.step("it is saved, taken back and saved again", async () => {
    await button(page, texts.common.action.save).click();
    await expect(page.getByRole("heading", { level: 1, name: type.startupMeeting })).toBeVisible();
    await button(page, texts.common.action.undo).click();
    await expect(page.getByRole("heading", { level: 1, name: form.title })).toBeVisible();
    await expect(page.getByLabel(form.language)).toHaveValue("somali");
    await button(page, texts.common.action.save).click();
    await expect(page.getByRole("heading", { level: 1, name: type.startupMeeting })).toBeVisible();
    await expect(page.locator(".agenda-list li")).toHaveCount(7);
    await expect(page.getByText("Tora Lærer (kontaktlærer)", { exact: true })).toBeVisible();
  });

  await test.step("the invitation is in the language of whoever gets it", async () => {
    await expect(page.locator(".invitation")).toContainText("klokka 14.00 til 15.30");
    await chip(consultant, invitation.language, "English").click();
    await expect(page.locator(".invitation [lang=en]")).toContainText("There will be an interpreter who speaks somali.");
    // None is every other one refused.
    await page.context().grantPermissions([]);
    await button(page, texts.common.action.copy).click();
    await expect(page.getByText(invitation.notCopied)).toBeVisible();
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await button(page, texts.common.action.copy).click();
    await expect(page.getByText(invitation.copied, { exact: true })).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("There will be an interpreter who speaks somali.");
  });

  await test.step("the sosiallærer finds it, with all that was settled", async () => {
    await consultant.setOffline(false);
    await consultant.sent();
    await goTo(teacher, "visits");
    const row = teacher.page.getByRole("link", { name: new RegExp(type.startupMeeting) });
    await expect(row).toHaveCount(1, { timeout: 60_000 });
    await row.click();
    await expect(teacher.page.getByText("Tora Lærer (kontaktlærer)", { exact: true })).toBeVisible();
    await expect(teacher.page.getByText("Somali. Barnevernstjenesten bestiller.")).toBeVisible();
    await expect(teacher.page.getByText(/^M-\d{3}-[A-Z]{3}$/).first()).toBeVisible();
  });

  await test.step("she writes that violence is suspected: on both devices nothing is left for the parents", async () => {
    await link(teacher.page, texts.common.action.change).click();
    await teacher.page.getByText(form.ownProcedure, { exact: true }).click();
    await teacher.page.getByText(form.ownProcedureLabel).click();
    await button(teacher.page, texts.common.action.save).click();
    for (const device of [teacher, consultant]) {
      await expect(device.page.getByText(words.parentsLeftOut)).toBeVisible({ timeout: 60_000 });
      await expect(device.page.locator(".agenda-list li")).toHaveCount(6);
      await expect(device.page.locator(".invitation")).toHaveCount(0);
      await expect(device.page.getByText(invitation.heading, { exact: true })).toHaveCount(0);
      await expect(device.page.getByText(role.guardian, { exact: true })).toHaveCount(0);
      await expect(device.page.getByText(texts.meetings.item.parentsView)).toHaveCount(0);
    }
  });

  await test.step("it was not held: with a reason, and back", async () => {
    await button(page, words.notHeld).click();
    await button(page, texts.meetings.notHeldReason.capacity).click();
    await expect(page.getByText(consultant.fill(words.notHeldSince, { reason: "ikke kapasitet" }))).toBeVisible();
    await button(page, texts.common.action.undo).click();
    await expect(button(page, words.notHeld)).toBeVisible();
    await button(page, words.notHeld).click();
    await button(page, texts.meetings.notHeldReason.noConsent).click();
    await goBack(consultant);
    await goTo(consultant, "visits");
    const row = page.getByRole("listitem").filter({ hasText: type.startupMeeting });
    await expect(row).toContainText(texts.meetings.state.notHeld);
    await expect(row).toContainText(texts.meetings.ownProcedure);
  });
  for (const device of [consultant, teacher]) expect(device.pageErrors).toEqual([]);
});
