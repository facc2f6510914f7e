import { phone } from "./support/device.ts";
import {
  addSchool,
  answerRest,
  answerWho,
  button,
  closeVisit,
  createService,
  fillSignUp,
  goBack,
  goTo,
  inviteToSchool,
  link,
  lock,
  saveConsultation,
  startVisit,
  unlock,
} from "./support/steps.ts";
import { dumpPageStorage, findWords, findWordsInFolder } from "./support/storage.ts";
import { expect, test } from "./support/test.ts";

/** Words that occur nowhere in the app, one for each place where something can be written. */
const marker = {
  service: "Tjenestemerket",
  consultant: "Konsulentmerket",
  teacher: "Lærermerket",
  school: "Skolemerket",
  contact: "Kontaktmerket",
  reportsTo: "Mottaksmerket",
  signUpNote: "påmeldingsmerket",
  consultationNote: "drøftingsmerket",
  onlyUsNote: "bareossmerket",
  unsavedNote: "utkastmerket",
  closingNote: "avslutningsmerket",
  keyList: "Nøkkelmerket",
  holiday: "Feriemerket",
} as const;
const secrets = { consultant: "merkefrase vimpel kajakk torv", teacher: "merkefrase hengsel bever tjern" } as const;
/** Where the browser keeps what one has written of oneself, to offer it again: a person's own name is marked as such (WCAG 1.3.5), nothing else is. */
const ownFormMemory = /\/(Web Data[^/]*|Login Data[^/]*|Sessions\/[^/]+)$/;
const ownNames: readonly string[] = [marker.consultant, marker.teacher];
/** The one thing a person types that may lie in the clear: it must be there while the device is locked. */
const phoneNumber = "55998877";

test("[K7] nothing that was typed is in the clear: not at the relay, not on the devices' disks", async ({ relay, openDevice }) => {
  const consultant = await openDevice();
  const teacher = await openDevice({ viewport: phone });
  const { page, texts } = consultant;
  let recoveryCode = "";

  await test.step("the consultant writes everywhere", async () => {
    recoveryCode = await createService(consultant, {
      code: relay.code,
      serviceName: marker.service,
      ownName: marker.consultant,
      passphrase: secrets.consultant,
    });
    await goTo(consultant, "settings");
    await page.getByLabel(texts.space.phone.childWelfare).fill(phoneNumber);
    await button(page, texts.space.settings.savePhones).click();
    await button(page, texts.settings.addHoliday).click();
    await page.getByLabel(texts.settings.holidayName).fill(marker.holiday);
    await page.getByLabel(texts.settings.holidayFrom).fill("2027-02-22");
    await page.getByLabel(texts.settings.holidayTo).fill("2027-02-26");
    await button(page, texts.settings.addHoliday).click();
    await expect(page.getByText(marker.holiday).first()).toBeVisible();
    await addSchool(consultant, marker.school);
    await link(page, texts.common.action.change).click();
    await page.getByLabel(texts.schools.form.contactName, { exact: true }).fill(marker.contact);
    await page.getByLabel(texts.schools.form.reportsTo, { exact: true }).fill(marker.reportsTo);
    await button(page, texts.common.action.save).click();
    await expect(page.getByText(marker.contact)).toBeVisible();
    await inviteToSchool(consultant, teacher, { name: marker.teacher, passphrase: secrets.teacher });
    await goBack(consultant);
  });

  await test.step("the sosiallærer too, and in her key list", async () => {
    await goTo(teacher, "today");
    await fillSignUp(teacher);
    await teacher.page.getByLabel(texts.preRegistration.note, { exact: true }).fill(`Gjelder ${marker.signUpNote} hele høsten`);
    await button(teacher.page, texts.preRegistration.submit).click();
    await teacher.page.getByRole("link", { name: texts.preRegistration.done.keyList }).click();
    await teacher.page.getByLabel(texts.keyList.form.who).fill(marker.keyList);
    await button(teacher.page, texts.keyList.form.save).click();
    await expect(teacher.page.getByRole("heading", { level: 1, name: texts.keyList.title })).toBeVisible();
    // On paper, from the browser's own menu too; and out of the page again.
    const printing = (event: "beforeprint" | "afterprint") => teacher.page.evaluate((name) => window.dispatchEvent(new Event(name)), event);
    await teacher.page.emulateMedia({ media: "print" });
    await printing("beforeprint");
    await expect(teacher.page.getByRole("cell", { name: marker.keyList })).toBeVisible();
    await printing("afterprint");
    await teacher.page.emulateMedia({ media: "screen" });
    await expect(teacher.page.getByText(marker.keyList)).toHaveCount(0);
    await teacher.sent();
  });

  await test.step("and in the visit: a note, one «bare oss», one that is never saved, a line at the close", async () => {
    await goTo(consultant, "today");
    await startVisit(consultant);
    await expect(page.getByText(marker.signUpNote)).toBeVisible();
    await link(page, texts.visits.startConsultation).click();
    await answerRest(consultant);
    await page.getByLabel(texts.consultations.question.note).fill(`Skolen tar ${marker.consultationNote} på alvor`);
    await saveConsultation(consultant);
    await link(page, texts.visits.newConsultation).click();
    await answerWho(consultant);
    await page.getByLabel(texts.consultations.question.note).fill(`Skolen tar ${marker.onlyUsNote} på alvor`);
    await page.getByRole("switch", { name: texts.consultations.onlyUs.label }).check();
    await saveConsultation(consultant);
    await closeVisit(consultant, `Ta med ${marker.closingNote} neste gang`);
    await link(page, texts.visits.today.see).click();
    await button(page, texts.visits.reopen).click();
    await link(page, texts.visits.newConsultation).click();
    await page.getByLabel(texts.consultations.question.note).fill(`Skolen tar ${marker.unsavedNote} på alvor`);
    await expect(page.getByText(/Utkast lagret/)).toBeVisible();
    await consultant.sent();
    await lock(consultant);
    await unlock(consultant, secrets.consultant);
    await consultant.sent();
    // Chromium writes the contents of open fields to its session file, to give them back after a crash.
    await page.reload();
    await unlock(consultant, secrets.consultant);
    await expect(page.getByLabel(texts.consultations.question.note)).toHaveValue(new RegExp(marker.unsavedNote));
  });

  const groups = recoveryCode.split("-");
  const words = [...Object.values(marker), ...Object.values(secrets), recoveryCode, groups.join(""), groups.slice(2, 5).join("-")];

  await test.step("not in what a page can read back", async () => {
    for (const device of [consultant, teacher]) {
      const dump = await dumpPageStorage(device.page);
      expect(findWords(dump, words)).toEqual([]);
      expect(findWords(dump, [phoneNumber, "aapen-dor"])).toEqual([phoneNumber, "aapen-dor"]);
    }
  });

  await test.step("not in the files of the browsers' profiles", async () => {
    for (const device of [consultant, teacher]) {
      await device.close();
      const found = findWordsInFolder(device.profileDir, words);
      expect(found.filter(({ word, file }) => !(ownNames.includes(word) && ownFormMemory.test(file)))).toEqual([]);
      expect(findWordsInFolder(device.profileDir, ["aapen-dor"]).length).toBeGreaterThan(0);
    }
  });

  await test.step("not in the relay's files", async () => {
    expect(findWordsInFolder(relay.dataDir, words)).toEqual([]);
    await relay.stop();
    expect(findWordsInFolder(relay.dataDir, [...words, phoneNumber])).toEqual([]);
    expect(findWordsInFolder(relay.dataDir, ["CREATE TABLE envelopes"])).toHaveLength(1);
  });
});
