import { phone, type Device } from "./support/device.ts";
import {
  addSchool,
  answerWho,
  button,
  chip,
  createService,
  fillSignUp,
  goBack,
  goTo,
  inviteToSchool,
  link,
  saveConsultation,
  setPhones,
  startVisit,
  unlock,
} from "./support/steps.ts";
import { draftIdsOn, roomIdsOn } from "./support/storage.ts";
import { expect, test } from "./support/test.ts";

const phones = { childWelfare: "55 00 11 22", outOfHours: "55 00 33 44" };

/** Everything of the drøfting's form that involves the parents. */
function parentTexts(device: Device): string[] {
  const { consultations, content } = device.texts;
  return [
    consultations.question.parentsInformed,
    consultations.question.interpreter,
    content.tried.talkWithParents,
    content.advice.talkWithParents,
    content.nextStep.schoolTalksToParents,
    content.nextStep.threeWayTalk,
    content.nextStep.familyCounselling,
  ];
}

async function expectPhones(device: Device): Promise<void> {
  for (const number of [...Object.values(phones), "112"]) {
    await expect(device.page.locator(`a[href="tel:${number.replaceAll(" ", "")}"]`).filter({ visible: true })).toHaveCount(1);
  }
}

test("violence flips the drøfting, and the exit deletes what identifies", async ({ relay, openDevice }) => {
  const device = await openDevice();
  const { page, texts } = device;
  const { guard, question: asked, exit } = texts.consultations;
  await createService(device, { code: relay.code });
  await setPhones(device, phones);
  await addSchool(device, "Granly skole");
  await goTo(device, "today");
  await startVisit(device);
  await link(page, texts.visits.newConsultation).click();
  await answerWho(device);
  await chip(device, asked.parentsInformed, texts.content.parentsInformed.no).click();
  await chip(device, asked.nextSteps, texts.content.nextStep.schoolTalksToParents).click();

  await test.step("«Ja»: the card has focus, the phones can be called, and nothing of the parents is in the page", async () => {
    await chip(device, asked.violence, texts.content.violence.yes).click();
    const heading = page.getByRole("heading", { name: guard.frameHeading });
    await expect(heading).toBeFocused();
    await expect(heading).toBeInViewport();
    await expectPhones(device);
    for (const text of parentTexts(device)) await expect(page.getByText(text, { exact: true })).toHaveCount(0);
    await expect(page.locator(".guard-frame")).toBeVisible();
    await expect(page.getByText(guard.leftOut)).toBeVisible();
    await expect(chip(device, asked.nextSteps, texts.content.nextStep.schoolCallsNow)).toBeVisible();
  });

  await test.step("«Usikker»: the card without the frame, and the parents wait", async () => {
    await chip(device, asked.violence, texts.content.violence.unsure).click();
    await expect(page.getByRole("heading", { name: guard.cardHeading })).toBeVisible();
    await expect(page.locator(".guard-frame")).toHaveCount(0);
    await expectPhones(device);
    for (const text of parentTexts(device)) await expect(page.getByText(text, { exact: true })).toHaveCount(0);
  });

  await test.step("«Nei» brings everything back as it was", async () => {
    await chip(device, asked.violence, texts.content.violence.no).click();
    await expect(page.locator(".guard")).toHaveCount(0);
    for (const text of parentTexts(device)) await expect(page.getByText(text, { exact: true })).toBeVisible();
    const group = (name: string) => page.getByRole("group", { name, exact: true });
    await expect(group(asked.parentsInformed).getByRole("radio", { name: texts.content.parentsInformed.no })).toBeChecked();
    await expect(group(asked.nextSteps).getByRole("checkbox", { name: texts.content.nextStep.schoolTalksToParents })).toBeChecked();
  });

  await test.step("saved with «Ja», the lists say «Egen framgangsmåte» and never the word", async () => {
    await chip(device, asked.violence, texts.content.violence.yes).click();
    await chip(device, asked.whoDecides, texts.content.decider.childWelfare).click();
    await chip(device, asked.nextSteps, texts.content.nextStep.schoolReportsToday).click();
    await saveConsultation(device);
    await expect(page.getByText(texts.content.ownProcedure).first()).toBeVisible();
    await expect(page.getByText(/vold|overgrep/i)).toHaveCount(0);
    await expect(page.locator(".guard-frame")).toHaveCount(0);
  });

  await test.step("«Nå vet jeg hvem barnet er»: the note closes; undone, it is there again", async () => {
    await link(page, texts.visits.newConsultation).click();
    await answerWho(device);
    await page.getByLabel(asked.note).fill("Et notat som ble for tydelig");
    await button(page, exit.button).click();
    await expect(page.getByRole("heading", { name: exit.title })).toBeFocused();
    await expectPhones(device);
    await expect(page.getByText("Et notat som ble for tydelig")).toHaveCount(0);
    await button(page, texts.common.action.undo).click();
    await expect(page.getByLabel(asked.note)).toHaveValue("Et notat som ble for tydelig");
    expect((await draftIdsOn(page)).filter((id) => id.startsWith("consultation"))).toHaveLength(1);
  });

  await test.step("after the time for undoing the draft is gone, also for somebody who opens the device anew", async () => {
    await button(page, exit.button).click();
    await expect(page.getByRole("heading", { name: exit.title })).toBeVisible();
    await device.pass(8_100);
    await expect(button(page, texts.common.action.undo)).toHaveCount(0);
    expect((await draftIdsOn(page)).filter((id) => id.startsWith("consultation"))).toEqual([]);
    await link(page, exit.back).click();
    await expect(page.getByText(texts.consultations.unfinished.heading)).toHaveCount(0);
    await device.restart();
    await unlock(device);
    await link(device.page, texts.visits.today.continue).click();
    await expect(device.page.getByRole("heading", { name: texts.visits.open.heading })).toBeVisible();
    await expect(device.page.getByText(texts.consultations.unfinished.heading)).toHaveCount(0);
  });
});

test("what is violent or urgent makes no sign-up, but says what to do now", async ({ relay, openDevice }) => {
  const consultant = await openDevice();
  const teacher = await openDevice({ viewport: phone });
  const { page, texts } = teacher;
  const { stop } = texts.preRegistration;
  await createService(consultant, { code: relay.code });
  await setPhones(consultant, phones);
  await addSchool(consultant, "Granly skole");
  await inviteToSchool(consultant, teacher, { name: "Siri Sosiallærer" });
  await goTo(teacher, "today");
  const rooms = await roomIdsOn(page);

  await fillSignUp(teacher);
  await chip(teacher, texts.preRegistration.urgency, texts.content.urgency.violence).click();
  await expect(page.getByRole("heading", { name: stop.violence })).toBeFocused();
  await expect(page.getByText(stop.nothingStored)).toBeVisible();
  await expectPhones(teacher);
  await expect(link(page, stop.portal)).toHaveAttribute("href", /^https:\/\/bekymringsmelding\./);
  await expect(button(page, texts.preRegistration.submit)).toHaveCount(0);
  expect(await draftIdsOn(page)).toEqual([]);

  await chip(teacher, texts.preRegistration.urgency, texts.content.urgency.urgent).click();
  await expect(page.getByRole("heading", { name: stop.urgent })).toBeVisible();
  await expect(page.locator(".guard-frame")).toHaveCount(0);
  await expectPhones(teacher);
  await link(page, stop.back).click();
  await expect(page.getByText(texts.schoolHome.noCases)).toBeVisible();
  await teacher.sent();
  expect(await roomIdsOn(page)).toEqual(rooms);
  await goBack(consultant);
  await goTo(consultant, "today");
  await expect(consultant.page.getByText(texts.visits.today.nobodySignedUp)).toBeVisible();

  // What was discussed at the visit says on her own first screen what not to do, and whom to call.
  await startVisit(consultant);
  await link(consultant.page, texts.visits.newConsultation).click();
  await chip(consultant, texts.consultations.question.violence, texts.content.violence.yes).click();
  await saveConsultation(consultant);
  await expect(page.getByRole("heading", { name: texts.consultations.guard.frameHeading })).toBeVisible();
  await expectPhones(teacher);
  await goTo(teacher, "followUp");
  await expect(page.getByRole("heading", { name: texts.consultations.guard.frameHeading })).toBeVisible();
});
