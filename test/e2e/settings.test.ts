import { type Device, phone } from "./support/device.ts";
import {
  addSchool,
  answerRest,
  answerWho,
  button,
  caseRow,
  chip,
  createService,
  goBack,
  goTo,
  link,
  pattern,
  question,
  saveConsultation,
  startVisit,
  unlock,
} from "./support/steps.ts";
import { expect, test } from "./support/test.ts";

const school = "Granly skole";

/** What turns a next step on and off. */
function stepSwitch(device: Device, name: string) {
  return device.page.getByRole("switch", { name, exact: true });
}

test("a service makes the list of next steps its own, and a drøfting keeps what was chosen", async ({ relay, openDevice }) => {
  const device = await openDevice({ viewport: phone });
  const { page, texts } = device;
  const { content } = texts;
  const said = texts.settings.consultations;
  const asked = texts.consultations.question;
  const change = (name: string) => button(page, device.fill(said.ofStep, { action: texts.common.action.change, name }));
  await createService(device, { code: relay.code });
  await addSchool(device, school);
  await goTo(device, "settings");

  await test.step("three working days: one tap, and it says that it is saved", async () => {
    await expect(page.getByRole("group", { name: said.deadline }).getByRole("radio", { name: device.fill(said.dayOne, { count: 1 }) })).toBeChecked();
    await chip(device, said.deadline, device.fill(said.dayMany, { count: 3 })).click();
    await expect(page.getByText(texts.settings.saved, { exact: true })).toBeVisible();
  });

  await test.step("BUP is turned off by keyboard, and the switch keeps the focus; PPT too, which is undone", async () => {
    await stepSwitch(device, content.nextStep.bup).focus();
    await page.keyboard.press("Space");
    await expect(page.getByText(device.fill(said.hidden, { name: content.nextStep.bup }))).toBeVisible();
    await expect(stepSwitch(device, content.nextStep.bup)).toBeFocused();
    await expect(stepSwitch(device, content.nextStep.bup)).not.toBeChecked();
    await page.getByText(content.nextStep.ppt, { exact: true }).click();
    await expect(page.getByText(device.fill(said.hidden, { name: content.nextStep.ppt }))).toBeVisible();
    await button(page, texts.common.action.undo).click();
    await expect(stepSwitch(device, content.nextStep.ppt)).toBeChecked();
  });

  await test.step("a step of its own: no name of a person, nothing that is there already, and an answer about the parents", async () => {
    await button(page, said.add).click();
    const label = page.getByLabel(said.label);
    await expect(label).toBeFocused();
    await label.fill("Kari");
    await button(page, said.add).click();
    await expect(page.getByText(device.fill(said.found, { words: "Kari" }))).toBeVisible();
    await expect(label).toHaveAttribute("aria-invalid", "true");
    await label.fill("bup");
    await button(page, said.add).click();
    await expect(page.getByText(said.labelTaken)).toBeVisible();
    await label.fill("Fritidsteamet");
    await button(page, said.add).click();
    await expect(page.getByText(said.parentsMissing)).toBeVisible();
    await chip(device, said.parentsQuestion, said.no).click();
    await button(page, said.add).click();
    await expect(page.getByText(device.fill(said.added, { name: "Fritidsteamet" }))).toBeVisible();
    await expect(button(page, said.add)).toBeFocused();
    await expect(page.getByRole("group", { name: said.steps }).getByRole("switch").last()).toHaveAccessibleName("Fritidsteamet");
  });

  await test.step("another that involves the parents, and ours with another name", async () => {
    await button(page, said.add).click();
    await page.getByLabel(said.label).fill("Foreldrekafeen");
    await chip(device, said.parentsQuestion, said.yes).click();
    await page.keyboard.press("Enter");
    await expect(stepSwitch(device, "Foreldrekafeen")).toHaveAccessibleDescription(said.involvesParents);
    await change(content.nextStep.lowThreshold).click();
    await page.getByLabel(said.label).fill("Familiehuset");
    await page.keyboard.press("Enter");
    await expect(change("Familiehuset")).toBeFocused();
    await expect(stepSwitch(device, "Familiehuset")).toHaveAccessibleDescription(pattern(`${device.fill(said.shippedName, { name: content.nextStep.lowThreshold })} · {rest}`, "rest"));
  });

  await page.reload();
  let code = "";
  await test.step("a drøfting offers the list, and what follows is due three working days on", async () => {
    await unlock(device);
    await goTo(device, "today");
    await startVisit(device);
    await link(page, texts.visits.newConsultation).click();
    await answerWho(device);
    await answerRest(device);
    await expect(chip(device, asked.nextSteps, content.nextStep.bup)).toHaveCount(0);
    await expect(chip(device, asked.nextSteps, "Familiehuset")).toBeVisible();
    await chip(device, asked.nextSteps, "Fritidsteamet").click();
    await chip(device, asked.violence, content.violence.unsure).click();
    await expect(chip(device, asked.nextSteps, "Fritidsteamet")).toBeVisible();
    await expect(chip(device, asked.nextSteps, "Foreldrekafeen")).toHaveCount(0);
    await chip(device, asked.violence, content.violence.no).click();
    await expect(chip(device, asked.nextSteps, "Foreldrekafeen")).toBeVisible();
    const due = device.translate.format.due("2026-12-01", "2026-11-26");
    await expect(
      button(page, device.fill(texts.consultations.followUps.changeDate, { question: content.followUp.reportSent.question, date: due })),
    ).toBeVisible();
    code = await saveConsultation(device);
  });

  await test.step("«Oppfølging» asks for it then", async () => {
    await link(page, school).click();
    await goTo(device, "followUp");
    await expect(question(device, code)).toContainText(device.translate.format.date("2026-12-01", "day"));
  });

  await test.step("a step that is turned off afterwards stays in the drøfting, also when something else in it is changed", async () => {
    const label = "Fritidsteamet";
    await goTo(device, "settings");
    await page.getByText(label, { exact: true }).click();
    await expect(page.getByText(device.fill(said.hidden, { name: label }))).toBeVisible();
    await goTo(device, "today");
    await link(page, texts.visits.today.continue).click();
    await expect(caseRow(device, code)).toContainText(label);
    await caseRow(device, code).getByRole("link").click();
    await expect(page.getByText(label).first()).toBeVisible();
    await page.getByRole("link", { name: new RegExp(`^${texts.common.action.change}`) }).first().click();
    const tick = page.getByRole("group", { name: asked.nextSteps }).getByRole("checkbox", { name: label });
    await expect(tick).toBeChecked();
    await tick.focus();
    await page.keyboard.press("Space");
    await expect(tick).not.toBeChecked();
    await expect(tick).toBeFocused();
    await page.keyboard.press("Space");
    await expect(tick).toBeChecked();
    await chip(device, asked.duration, content.duration.weeks).click();
    await button(page, texts.common.action.save).click();
    await expect(page.getByText(device.fill(texts.consultations.changed, { code }))).toBeVisible();
    await expect(page.getByText(content.duration.weeks).first()).toBeVisible();
    await expect(page.getByText(label).first()).toBeVisible();
  });

  await test.step("and is not in the next one", async () => {
    await goBack(device);
    await link(page, texts.visits.newConsultation).click();
    await answerWho(device);
    await expect(chip(device, asked.nextSteps, "Familiehuset")).toBeVisible();
    await expect(chip(device, asked.nextSteps, "Fritidsteamet")).toHaveCount(0);
  });
});
