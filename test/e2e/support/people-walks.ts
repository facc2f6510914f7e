import { join } from "node:path";
import { expect } from "@playwright/test";
import { capitalise } from "../../../src/i18n/format.ts";
import { tabTo } from "./keyboard.ts";
import type { Device } from "./device.ts";
import type { RelayProcess } from "./relay-process.ts";
import type { Look } from "./screens.ts";
import { addSchool, button, checkWords, chip, createService, fillSignUp, goBack, goTo, inviteToSchool, link, lock, passphrase, signUp, unlock } from "./steps.ts";

const granly = "Granly skole";
const teacherName = "Siri Sosiallærer";

/** A service with one school, from its school's page. */
async function found(consultant: Device, relay: RelayProcess): Promise<void> {
  await createService(consultant, { code: relay.code });
  await addSchool(consultant, granly);
}

async function toPeople(device: Device): Promise<void> {
  const { page, texts } = device;
  await goTo(device, "settings");
  await link(page, texts.people.title).click();
  await expect(page.getByRole("heading", { level: 1, name: texts.people.title })).toBeVisible();
}

async function toPerson(device: Device, name: string): Promise<void> {
  await device.page.getByRole("link", { name: new RegExp(name) }).click();
  await expect(device.page.getByRole("heading", { level: 1, name: new RegExp(name) })).toBeVisible();
}

/** «Ny enhet» on one device, the link on the other, the same words, yes. */
async function addOwnDevice(device: Device, other: Device, look: Look): Promise<void> {
  const { page, texts } = device;
  await link(page, texts.people.newDevice.title).click();
  await look(device, "new-device");
  await button(page, texts.people.newDevice.make).click();
  const invitation = await page.getByLabel(texts.people.newDevice.linkLabel, { exact: true }).inputValue();
  await look(device, "new-device-code");
  await other.page.goto("about:blank");
  await other.page.goto(invitation);
  await expect(other.page.getByLabel(other.texts.space.join.passphrase, { exact: true })).toBeVisible();
  await expect(other.page.getByLabel(other.texts.space.join.ownName)).toHaveCount(0);
  await look(other, "new-device-join");
  await other.page.getByLabel(other.texts.space.join.passphrase, { exact: true }).fill(passphrase);
  await button(other.page, other.texts.space.join.submit).click();
  expect(await checkWords(other)).toEqual(await checkWords(device));
  await look(other, "new-device-words");
  await button(page, texts.space.invite.same).click();
  await expect(page.getByRole("heading", { level: 1, name: texts.people.newDevice.done })).toBeVisible();
  await expect(other.state).toBeVisible();
  await goBack(device);
}

async function finished(device: Device, words: string): Promise<void> {
  await expect(device.page.getByText(words)).toBeVisible({ timeout: 60_000 });
}

/** A second device by QR, used, lost, and shut out from the first; what was written on it since is listed. */
export async function walkDevices(consultant: Device, second: Device, relay: RelayProcess, look: Look): Promise<void> {
  const { page, texts } = consultant;
  await found(consultant, relay);
  await goBack(consultant);
  await toPeople(consultant);
  await look(consultant, "people-alone");
  await addOwnDevice(consultant, second, look);
  await goTo(second, "schools");
  await expect(second.page.getByText(granly).first()).toBeVisible();
  await goTo(second, "settings");
  await expect(second.page.getByText("Kari Konsulent", { exact: false }).first()).toBeVisible();
  await addSchool(second, "Furumo skole");
  await second.sent();

  await expect(page.getByText(consultant.fill(texts.people.deviceMany, { count: 2 }), { exact: false })).toBeVisible();
  await look(consultant, "people");
  await toPerson(consultant, "Kari Konsulent");
  await expect(page.getByText(texts.people.person.thisDevice, { exact: true })).toBeVisible();
  await look(consultant, "person-own");
  await link(page, consultant.fill(texts.people.person.lostDevice, { device: consultant.fill(texts.people.person.device, { number: 2 }) })).click();
  await expect(page.getByRole("heading", { level: 1, name: texts.people.remove.titleDevice })).toBeVisible();
  await look(consultant, "device-lost");
  await button(page, texts.people.remove.submitDevice).click();
  await expect(page.getByText(texts.people.remove.lastHadMissing)).toBeVisible();
  await expect(chip(consultant, texts.people.remove.lastHad, texts.people.remove.today).locator("input")).toBeFocused();
  await expect(page.getByText(texts.people.remove.reasonMissing)).toBeVisible();
  await look(consultant, "device-lost-unanswered");
  await chip(consultant, texts.people.remove.lastHad, texts.people.remove.today).click();
  await page.getByLabel(texts.people.remove.reason).fill("Glemt på bussen");
  await button(page, texts.people.remove.submitDevice).click();
  await finished(consultant, texts.people.work.finished.device);
  await expect(page.getByText(texts.people.doubtful.detail)).toBeVisible();
  await look(consultant, "people-doubtful");
  await button(page, texts.people.work.close).click();
  await expect(page.getByText(texts.people.work.finished.device)).toBeHidden();
  await expect(page.getByText(consultant.fill(texts.people.deviceOne, { count: 1 }), { exact: false })).toBeVisible();

  await second.page.goto(second.url);
  await second.page.getByLabel(second.texts.lock.passphrase, { exact: true }).fill(passphrase);
  await button(second.page, second.texts.lock.unlock).click();
  await expect(second.page.getByText(second.texts.people.left.nothingLeft)).toBeVisible({ timeout: 60_000 });
  await look(second, "nothing-left");
  await button(second.page, second.texts.people.left.empty).click();
  await expect(second.page.getByText(second.texts.people.left.emptyDetail)).toBeVisible();
  await button(second.page, second.texts.people.left.empty).click();
  await expect(button(second.page, second.texts.space.welcome.create)).toBeVisible();
}

/** A sosiallærer is removed while away from the network with something unsent; the removal is left and taken up again on the way. */
export async function walkRemoval(consultant: Device, teacher: Device, relay: RelayProcess, look: Look): Promise<void> {
  const { page, texts } = consultant;
  await found(consultant, relay);
  await inviteToSchool(consultant, teacher, { name: teacherName });
  await teacher.installed();
  await signUp(teacher);
  await teacher.sent();
  await teacher.setOffline(true);
  await fillSignUp(teacher);
  await teacher.page.getByLabel(teacher.texts.preRegistration.note).fill("Ringte ikke tilbake");
  await button(teacher.page, teacher.texts.preRegistration.submit).click();
  await expect(link(teacher.page, teacher.texts.preRegistration.done.finish)).toBeVisible();
  await link(teacher.page, teacher.texts.preRegistration.done.finish).click();

  await goBack(consultant);
  await toPeople(consultant);
  await toPerson(consultant, teacherName);
  await look(consultant, "person");
  await link(page, texts.people.person.changeRole).click();
  await chip(consultant, texts.people.role.which, capitalise(texts.space.role.principal)).click();
  await expect(page.getByText(texts.people.role.goes, { exact: true })).toBeVisible();
  await look(consultant, "role");
  await goBack(consultant);
  await link(page, consultant.fill(texts.people.person.remove, { name: teacherName })).click();
  await expect(page.getByRole("heading", { name: texts.people.remove.next })).toBeVisible();
  await look(consultant, "remove");
  // The rest by keyboard, and away from the network: it is kept, and goes on by itself.
  await consultant.setOffline(true);
  await tabTo(consultant, page.getByLabel(texts.people.remove.reason));
  await page.keyboard.type("Ny jobb");
  await page.keyboard.press("Enter");
  await expect(page.getByText(texts.people.work.offline)).toBeVisible({ timeout: 60_000 });
  await look(consultant, "remove-waits");
  // It is left, and taken up again with the next unlocking.
  await lock(consultant);
  await unlock(consultant);
  await expect(page.getByText(texts.people.work.offline)).toBeVisible({ timeout: 60_000 });
  await consultant.setOffline(false);
  await finished(consultant, consultant.fill(texts.people.work.finished.remove, { name: teacherName }));
  await look(consultant, "remove-done");
  await button(page, texts.people.work.close).click();
  await expect(page.getByRole("link", { name: new RegExp(teacherName) })).toHaveCount(0);

  await teacher.setOffline(false);
  const { left } = teacher.texts.people;
  const place = teacher.fill(left.removed, { place: teacher.fill(teacher.texts.space.settings.place.school, { school: granly }) });
  await teacher.page.getByRole("link", { name: new RegExp(place) }).click({ timeout: 90_000 });
  await expect(teacher.page.getByText("Ringte ikke tilbake", { exact: false })).toBeVisible();
  await look(teacher, "left-room");
  const saving = teacher.page.waitForEvent("download");
  await button(teacher.page, teacher.texts.papers.actions.savePdf).click();
  expect((await saving).suggestedFilename()).toMatch(/\.pdf$/);
  await button(teacher.page, left.forget).click();
  await expect(teacher.page.getByText(left.forgetDetail)).toBeVisible();
  await button(teacher.page, left.forget).click();
  await expect(teacher.page.getByText("Ringte ikke tilbake", { exact: false })).toBeHidden();
  await expect(teacher.page.getByText(left.nothing)).toBeVisible();
}

/** The relay is put back to an older backup; what it lost is given back, and a consultant accepts in every room. */
export async function walkRestore(consultant: Device, teacher: Device, relay: RelayProcess, look: Look): Promise<void> {
  const { page, texts } = consultant;
  await found(consultant, relay);
  await inviteToSchool(consultant, teacher, { name: teacherName });
  const backup = join(relay.dataDir, "..", "backup.sqlite");
  relay.run("backup", backup);
  const code = await signUp(teacher);
  await teacher.sent();
  await goBack(consultant);
  await goTo(consultant, "today");
  await expect(page.getByText(code).first()).toBeVisible();
  await relay.stop();
  relay.run("restore", backup);
  await relay.start();

  await page.reload();
  await page.getByLabel(texts.lock.passphrase, { exact: true }).fill(passphrase);
  await button(page, texts.lock.unlock).click();
  await goTo(consultant, "settings");
  await expect(page.getByText(texts.people.evidence.restored)).toBeVisible({ timeout: 60_000 });
  await button(page, texts.people.evidence.show).click();
  await expect(page.locator(".evidence")).toContainText("generations 1 from 0");
  await expect(page.locator(".evidence")).not.toContainText(granly);
  await look(consultant, "attention-evidence");
  await link(page, texts.people.restored.link).click();
  await expect(page.getByText(texts.people.restored.lostNone)).toBeVisible({ timeout: 60_000 });
  await look(consultant, "restored");
  await teacher.page.reload();
  await teacher.page.getByLabel(teacher.texts.lock.passphrase, { exact: true }).fill(passphrase);
  await button(teacher.page, teacher.texts.lock.unlock).click();
  await signUp(teacher);
  await expect(page.getByText(texts.people.restored.hasBeen, { exact: true })).toHaveCount(2, { timeout: 90_000 });
  await button(page, texts.people.restored.accept).click();
  await finished(consultant, texts.people.work.finished.acceptGen);
  await look(consultant, "restored-accepted");
  await button(page, texts.people.work.close).click();
  await expect(page.getByText(texts.people.restored.none)).toBeVisible();
  await goBack(consultant);
  await goTo(consultant, "today");
  await expect(page.getByText(code).first()).toBeVisible();
}
