import { expect } from "@playwright/test";
import { tabTo } from "./keyboard.ts";
import type { Device } from "./device.ts";
import type { RelayProcess } from "./relay-process.ts";
import type { Look } from "./screens.ts";
import { addSchool, answerRest, answerWho, button, chip, completeInvitation, createService, goBack, goTo, inviteToSchool, link, saveConsultation, startVisit, unlock } from "./steps.ts";

const granly = "Granly skole";
const mistaken = "Bor i det gule huset ved brua";
const corrected = "Trygghet hjemme er tema";

async function inviteColleague(consultant: Device, colleague: Device): Promise<void> {
  const { page, texts } = consultant;
  await goTo(consultant, "settings");
  await link(page, texts.space.invite.title).click();
  await chip(consultant, texts.space.invite.who, texts.space.role.consultant.charAt(0).toUpperCase() + texts.space.role.consultant.slice(1)).click();
  await completeInvitation(consultant, colleague, { name: "Kim Kollega" });
  await goBack(consultant);
}

/** A drøfting with a note, from today's visit. @returns the case's code */
async function discuss(device: Device, note: string): Promise<string> {
  const { page, texts } = device;
  await goTo(device, "today");
  await startVisit(device);
  await link(page, texts.visits.newConsultation).click();
  await answerWho(device);
  await answerRest(device, "nothingMore");
  await page.getByLabel(texts.consultations.question.note).fill(note);
  const code = await saveConsultation(device);
  await device.sent();
  return code;
}

/** What should never have been written: corrected, asked for by one, looked at and destroyed by another, and done on the first one's device too. */
export async function walkPurge(consultant: Device, colleague: Device, relay: RelayProcess, look: Look): Promise<void> {
  const { page, texts } = consultant;
  const { purge } = texts;
  await createService(consultant, { code: relay.code });
  await addSchool(consultant, granly);
  await goBack(consultant);
  const code = await discuss(consultant, mistaken);
  await page.getByRole("link", { name: new RegExp(code) }).first().click();
  const caseAddress = page.url();
  await button(page, texts.common.action.print).waitFor();
  await link(page, purge.link).click();
  await expect(page.getByText(purge.alone.nobody)).toBeVisible();
  await look(consultant, "purge-alone");
  await goBack(consultant);
  await goBack(consultant);
  await link(page, granly).click();
  await inviteColleague(consultant, colleague);
  await goTo(colleague, "schools");
  await expect(colleague.page.getByText(granly).first()).toBeVisible({ timeout: 60_000 });

  await page.goto(caseAddress);
  await unlock(consultant);
  await expect(page.getByText(mistaken)).toBeVisible();
  await link(page, texts.common.action.change).click();
  await page.getByLabel(texts.consultations.question.note).fill(corrected);
  await button(page, texts.common.action.save).click();
  await expect(page.getByText(corrected)).toBeVisible();
  await consultant.sent();

  await link(page, purge.link).click();
  await expect(page.getByText(consultant.fill(purge.ask.who, { names: "Kim Kollega" }))).toBeVisible();
  await button(page, purge.ask.submit).click();
  await expect(page.getByText(purge.ask.missing)).toBeVisible();
  await look(consultant, "purge-ask");
  // By keyboard.
  await tabTo(consultant, page.getByRole("radio", { name: purge.extent.past }));
  await page.keyboard.press("Space");
  await tabTo(consultant, page.getByRole("radio", { name: purge.reason.identity }));
  await page.keyboard.press("Space");
  await tabTo(consultant, button(page, purge.ask.submit));
  await page.keyboard.press("Enter");
  await expect(page.getByText(purge.page.detail.mine)).toBeVisible({ timeout: 60_000 });
  await look(consultant, "purge-mine");

  await goTo(colleague, "today");
  const waiting = colleague.fill(colleague.texts.purge.list.yours, { name: "Kari Konsulent", record: code });
  await expect(colleague.page.getByText(waiting)).toBeVisible({ timeout: 60_000 });
  await look(colleague, "purge-today");
  await colleague.page.getByText(waiting).click();
  await expect(button(colleague.page, colleague.texts.purge.page.destroy)).toBeVisible();
  await look(colleague, "purge-decide");
  await link(colleague.page, colleague.texts.purge.page.see.case).click();
  await expect(colleague.page.getByText(corrected)).toBeVisible();
  await colleague.page.goBack();
  await colleague.setOffline(true);
  await button(colleague.page, colleague.texts.purge.page.destroy).click();
  await expect(colleague.page.getByText(colleague.texts.purge.offline)).toBeVisible({ timeout: 60_000 });
  await look(colleague, "purge-offline");
  await colleague.setOffline(false);
  await button(colleague.page, colleague.texts.purge.page.destroy).click();
  await expect(colleague.page.getByText(colleague.texts.purge.done.behind)).toBeVisible({ timeout: 60_000 });
  await look(colleague, "purge-done");

  await expect(page.getByText(purge.page.detail.done)).toBeVisible({ timeout: 60_000 });
  await page.goto(`${consultant.url}/innstillinger`);
  await unlock(consultant);
  await expect(page.getByText(texts.space.settings.attentionNone)).toBeVisible();
  await page.goto(caseAddress);
  await unlock(consultant);
  await expect(page.getByText(corrected)).toBeVisible();
}

const toAutumnMs = 285 * 24 * 3_600_000;

/** The device lies in a drawer until September of the next school year. */
async function afterSummer(device: Device): Promise<void> {
  await device.pass(toAutumnMs);
  await device.restart();
  await unlock(device);
}

async function toYear(device: Device): Promise<void> {
  const { page, texts } = device;
  await goTo(device, "settings");
  await page.getByRole("link", { name: new RegExp(device.fill(texts.yearEnd.name, { school: granly, year: "2026/27" })) }).click();
}

/** A year that is over: looked through, marked, closed and destroyed by one consultant; the other one's device follows. */
export async function walkYearEnd(consultant: Device, colleague: Device, relay: RelayProcess, look: Look): Promise<void> {
  const { texts } = consultant;
  const { yearEnd } = texts;
  await createService(consultant, { code: relay.code });
  await addSchool(consultant, granly);
  await goBack(consultant);
  await inviteColleague(consultant, colleague);
  await goTo(colleague, "schools");
  await expect(colleague.page.getByText(granly).first()).toBeVisible({ timeout: 60_000 });
  const code = await discuss(consultant, corrected);
  await colleague.sent();
  await afterSummer(consultant);
  await afterSummer(colleague);
  const { page } = consultant;

  // The new year begins first: by one tap, for both.
  await goTo(consultant, "schools");
  await expect(button(page, consultant.fill(yearEnd.new.begin, { year: "2027/28" }))).toBeVisible();
  await look(consultant, "year-new");
  await button(page, consultant.fill(yearEnd.new.begin, { year: "2027/28" })).click();
  await expect(page.getByRole("link", { name: new RegExp(granly) })).toBeVisible();
  await expect(button(page, consultant.fill(yearEnd.new.begin, { year: "2027/28" }))).toHaveCount(0);
  await goTo(colleague, "schools");
  await expect(colleague.page.getByRole("link", { name: new RegExp(granly) })).toBeVisible({ timeout: 60_000 });

  await toYear(consultant);
  await expect(page.getByText(consultant.fill(yearEnd.progress, { left: 2, total: 2 }))).toBeVisible();
  await button(page, yearEnd.close).click();
  await expect(page.getByText(consultant.fill(yearEnd.stops.left, { count: 2 }))).toBeVisible();
  await look(consultant, "year-open");
  await link(page, consultant.fill(yearEnd.seeRecord, { record: code })).click();
  await expect(page.getByText(corrected)).toBeVisible();
  await look(consultant, "year-paper");
  await goBack(consultant);
  // By keyboard: one as filed elsewhere.
  await tabTo(consultant, page.getByRole("checkbox", { name: code }));
  await page.keyboard.press("Space");
  await tabTo(consultant, button(page, texts.minutes.filing.markTransferred));
  await page.keyboard.press("Enter");
  await page.getByLabel(texts.minutes.filing.where).fill("Fagsystemet");
  await look(consultant, "year-transfer");
  await page.keyboard.press("Enter");
  await expect(page.getByText(consultant.fill(yearEnd.progress, { left: 1, total: 2 }))).toBeVisible();
  await button(page, yearEnd.chooseAll).click();
  await button(page, texts.minutes.filing.markNotForArchive).click();
  await expect(page.getByText(yearEnd.allMarked)).toBeVisible();
  await look(consultant, "year-marked");
  await consultant.sent();
  await button(page, yearEnd.close).click();
  await expect(page.getByText(yearEnd.detail.closed)).toBeVisible({ timeout: 60_000 });
  await look(consultant, "year-closed");
  await button(page, texts.people.work.close).click();

  await toYear(colleague);
  await expect(colleague.page.getByText(colleague.texts.yearEnd.detail.closed)).toBeVisible({ timeout: 60_000 });
  await link(colleague.page, colleague.fill(colleague.texts.yearEnd.seeRecord, { record: code })).click();
  await expect(colleague.page.getByText(corrected)).toBeVisible();
  await colleague.close();

  await button(page, yearEnd.shred).click();
  await expect(page.getByText(yearEnd.shredDetail)).toBeVisible();
  await look(consultant, "year-shred-asked");
  await button(page, yearEnd.shred).click();
  await expect(page.getByText(yearEnd.detail.shredded)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(yearEnd.notYetDestroyed)).toBeVisible();
  await look(consultant, "year-shredded");
  await goBack(consultant);
  await look(consultant, "year-list");

  // A device that was away finds the year gone, and says so.
  await colleague.open();
  await unlock(colleague);
  await toYear(colleague);
  await expect(colleague.page.getByText(colleague.texts.yearEnd.notYetDestroyed)).toBeVisible({ timeout: 60_000 });
  await look(colleague, "year-shredded-colleague");
  await goBack(colleague);
  await expect(colleague.page.getByText(colleague.texts.space.settings.attentionNone)).toBeVisible();
}

/** The next school year: who was with a school is asked on their own device, and let in by one tap. */
export async function walkFollow(consultant: Device, atSchool: Device, relay: RelayProcess, look: Look): Promise<void> {
  const { texts } = consultant;
  const { yearEnd } = texts;
  const year = "2027/28";
  await createService(consultant, { code: relay.code });
  await addSchool(consultant, granly);
  await inviteToSchool(consultant, atSchool, { name: "Siri Sosiallærer" });
  await expect(atSchool.page.getByText(granly).first()).toBeVisible({ timeout: 60_000 });
  await afterSummer(consultant);
  await afterSummer(atSchool);
  const { page } = consultant;
  await expect(atSchool.page.getByText(atSchool.fill(atSchool.texts.schools.between, { year }))).toBeVisible();

  await goTo(consultant, "schools");
  await look(consultant, "follow-new");
  await button(page, consultant.fill(yearEnd.new.begin, { year })).click();
  await expect(page.getByRole("link", { name: new RegExp(granly) })).toBeVisible();
  await consultant.sent();
  // The offer, the answer and the heartbeat that carries it take their minutes.
  const minutesPass = async () => {
    for (const device of [consultant, atSchool]) await device.pass(61_000);
  };
  await minutesPass();
  await expect(async () => {
    await minutesPass();
    await expect(atSchool.page.getByText(atSchool.fill(atSchool.texts.schools.waiting, { year }))).toBeVisible({ timeout: 2000 });
  }).toPass({ timeout: 60_000 });
  await look(atSchool, "follow-waiting");

  await goTo(consultant, "today");
  await expect(async () => {
    await minutesPass();
    await expect(button(page, consultant.fill(yearEnd.follow.letIn, { year }))).toBeVisible({ timeout: 2000 });
  }).toPass({ timeout: 60_000 });
  await expect(page.getByText("Siri Sosiallærer")).toBeVisible();
  await look(consultant, "follow-today");
  // By keyboard.
  await tabTo(consultant, button(page, consultant.fill(yearEnd.follow.letIn, { year })));
  await page.keyboard.press("Enter");
  await expect(page.getByText(consultant.fill(texts.people.work.finished.follow, { name: "Siri Sosiallærer" }))).toBeVisible({ timeout: 60_000 });
  await look(consultant, "follow-done");
  await expect(atSchool.page.getByText(granly).first()).toBeVisible({ timeout: 60_000 });
  await look(atSchool, "follow-in");
  await button(page, texts.people.work.close).click();
  await goBack(consultant);
  await goTo(consultant, "today");
  await expect(page.getByText("Siri Sosiallærer")).toHaveCount(0);
}

/** Who has opened and written in a case: a colleague's opening comes to the others though nothing was written with it, and is nothing that waits to be sent. */
export async function walkAccess(consultant: Device, colleague: Device, relay: RelayProcess, look: Look): Promise<void> {
  const { page, texts } = consultant;
  await createService(consultant, { code: relay.code });
  await addSchool(consultant, granly);
  await goBack(consultant);
  await inviteColleague(consultant, colleague);
  const code = await discuss(consultant, corrected);
  await page.getByRole("link", { name: new RegExp(code) }).first().click();
  const caseAddress = new URL(page.url()).pathname;
  await link(page, texts.access.link).click();
  await expect(page.getByText("Kari Konsulent", { exact: false })).toHaveCount(1);
  await look(consultant, "access-own");

  // Read without a network: it is kept, and nothing says that something waits.
  await goTo(colleague, "schools");
  await expect(colleague.page.getByText(granly).first()).toBeVisible({ timeout: 60_000 });
  await colleague.page.goto(colleague.url + caseAddress);
  await unlock(colleague);
  await expect(colleague.page.getByText(corrected)).toBeVisible();
  await colleague.setOffline(true);
  await colleague.pass(5 * 60_000);
  await expect(colleague.page.locator(".state")).not.toHaveAttribute("data-kind", "unsent");
  await colleague.setOffline(false);
  await colleague.page.reload();
  await unlock(colleague);
  await expect(colleague.page.getByText(corrected)).toBeVisible();
  await colleague.sent();
  await colleague.pass(5 * 60_000);
  await expect(page.getByText("Kim Kollega", { exact: false })).toBeVisible({ timeout: 60_000 });
  await look(consultant, "access-both");
  await link(colleague.page, colleague.texts.access.link).click();
  await expect(colleague.page.getByText("Kari Konsulent", { exact: false })).toBeVisible();
}
