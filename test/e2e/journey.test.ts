import { phone } from "./support/device.ts";
import {
  addSchool,
  answerRest,
  answerWho,
  button,
  caseRow,
  closeVisit,
  createService,
  goBack,
  goTo,
  inviteToSchool,
  link,
  lock,
  question,
  saveConsultation,
  setPhones,
  signUp,
  startVisit,
  unlock,
} from "./support/steps.ts";
import { roomIdsOn } from "./support/storage.ts";
import { expect, test } from "./support/test.ts";

const granly = "Granly skole";
const tjernlia = "Tjernlia skole";

test("[D4] a visit: signed up at the school, held without a network through a restart, in sync afterwards", async ({ relay, openDevice }) => {
  const consultant = await openDevice();
  const { texts } = consultant;
  const teacher = await openDevice({ viewport: phone });
  const cases = { signedUp: "", walkIn: "" };

  await test.step("a service with two schools, and a sosiallærer at one of them", async () => {
    await createService(consultant, { code: relay.code });
    await setPhones(consultant, { childWelfare: "55 00 11 22", outOfHours: "55 00 33 44" });
    await addSchool(consultant, tjernlia, 5);
    await goBack(consultant);
    await addSchool(consultant, granly);
    await inviteToSchool(consultant, teacher, { name: "Siri Sosiallærer" });
    await expect(teacher.page.getByText(granly).first()).toBeVisible();
    await goBack(consultant);
    await expect(consultant.page.getByText("Siri Sosiallærer").first()).toBeVisible();
  });

  await test.step("she has her school and nothing of the other, neither shown nor stored", async () => {
    await goTo(teacher, "schools");
    await expect(teacher.page.getByText(granly).first()).toBeVisible();
    await expect(teacher.page.getByText(tjernlia)).toHaveCount(0);
    const [hers, all] = [await roomIdsOn(teacher.page), await roomIdsOn(consultant.page)];
    // Her school's plan and cases, and the shelf; the consultant has these, the other school's two, the service and the figures.
    expect(all).toHaveLength(7);
    expect(hers).toHaveLength(3);
    expect(all).toEqual(expect.arrayContaining(hers));
    await goTo(teacher, "today");
  });

  await test.step("she signs a case up on her phone", async () => {
    cases.signedUp = await signUp(teacher);
    await expect(caseRow(teacher, cases.signedUp)).toContainText(texts.content.preRegistrationState.signedUp);
    await teacher.sent();
  });

  await test.step("the consultant sees it by herself, and goes where there is no network", async () => {
    await goTo(consultant, "today");
    await expect(caseRow(consultant, cases.signedUp)).toBeVisible();
    await consultant.installed();
    await teacher.installed();
    await relay.stop();
    await consultant.setOffline(true);
    await teacher.setOffline(true);
  });

  await test.step("she starts the visit and holds the case that was signed up", async () => {
    await startVisit(consultant);
    await link(consultant.page, texts.visits.startConsultation).click();
    await answerRest(consultant);
    expect(await saveConsultation(consultant)).toBe(cases.signedUp);
    await expect(consultant.page.locator(".state")).toHaveAttribute("data-kind", "unsent");
  });

  await test.step("the browser is closed and opened in between", async () => {
    await consultant.restart();
    await unlock(consultant);
    await link(consultant.page, texts.visits.today.continue).click();
    await expect(caseRow(consultant, cases.signedUp)).toContainText(texts.content.preRegistrationState.discussed);
  });

  await test.step("a walk-in, and the visit is closed", async () => {
    await link(consultant.page, texts.visits.newConsultation).click();
    await answerWho(consultant);
    await answerRest(consultant, "nothingMore");
    cases.walkIn = await saveConsultation(consultant);
    expect(cases.walkIn).not.toBe(cases.signedUp);
    await closeVisit(consultant);
  });

  await test.step("her sosiallærer has worked meanwhile, and sees nothing of this yet", async () => {
    await expect(caseRow(teacher, cases.signedUp)).toContainText(texts.content.preRegistrationState.signedUp);
    await expect(question(teacher, cases.signedUp)).toHaveCount(0);
    await lock(teacher);
    await button(teacher.page, texts.lock.phones).click();
    await expect(teacher.page.locator('a[href="tel:55001122"]')).toBeVisible();
    await unlock(teacher);
  });

  await test.step("the relay is back: both come in step without anyone asking", async () => {
    await relay.start();
    await consultant.setOffline(false);
    await teacher.setOffline(false);
    await consultant.sent();
    await expect(caseRow(teacher, cases.signedUp)).toContainText(texts.content.preRegistrationState.discussed);
    await expect(question(teacher, cases.signedUp)).toContainText(texts.content.followUp.reportSent.question);
    await expect(question(teacher, cases.walkIn)).toHaveCount(0);
  });

  await test.step("«Er meldingen sendt?» is one tap, and the consultant sees the answer", async () => {
    await expect(question(consultant, cases.signedUp)).toBeVisible();
    await button(question(teacher, cases.signedUp), texts.content.followUp.reportSent.yes).click();
    await teacher.sent();
    await goTo(consultant, "followUp");
    await expect(question(consultant, cases.signedUp)).toHaveCount(0);
    await expect(caseRow(consultant, cases.signedUp)).toContainText(texts.content.followUp.reportSent.done);
  });
});
