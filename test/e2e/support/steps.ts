import { expect, type Locator, type Page } from "@playwright/test";
import { capitalise } from "../../../src/i18n/format.ts";
import type { Device } from "./device.ts";

/** A passphrase that every test service is under, unless the test is about passphrases. */
export const passphrase = "kano lykt brygge sisik";

export type Service = { code: string; serviceName?: string; ownName?: string; passphrase?: string };

/** A button, by its whole name. */
export function button(page: Page | Locator, name: string | RegExp): Locator {
  return page.getByRole("button", typeof name === "string" ? { name, exact: true } : { name });
}

export function link(page: Page | Locator, name: string | RegExp): Locator {
  return page.getByRole("link", typeof name === "string" ? { name, exact: true } : { name });
}

/** «Opprett tjeneste», as far as the recovery code. */
export async function startCreating(device: Device, service: Service): Promise<void> {
  const { page, texts } = device;
  await button(page, texts.space.welcome.create).click();
  await page.getByLabel(texts.space.create.code).fill(service.code);
  await page.getByLabel(texts.space.create.serviceName).fill(service.serviceName ?? "Barnevernstjenesten i Lia");
  await page.getByLabel(texts.space.create.ownName).fill(service.ownName ?? "Kari Konsulent");
  await page.getByLabel(texts.space.create.passphrase, { exact: true }).fill(service.passphrase ?? passphrase);
  await button(page, texts.space.create.submit).click();
}

/** «Opprett tjeneste», up to and with the confirmed recovery code. @returns the code */
export async function createService(device: Device, service: Service): Promise<string> {
  await startCreating(device, service);
  return confirmRecovery(device);
}

/** Types the two groups that are asked for. @returns the whole code */
export async function confirmRecovery(device: Device): Promise<string> {
  const { page, texts } = device;
  const { recovery } = texts.space;
  const items = page.getByRole("list", { name: recovery.codeLabel }).getByRole("listitem");
  await expect(items).toHaveCount(8);
  const groups = await items.allTextContents();
  const groupName = new RegExp(`^${device.fill(recovery.group, { number: "(\\d)" })}$`);
  for (const field of await page.getByLabel(groupName).all()) {
    const name = await field.evaluate((input: HTMLInputElement) => input.labels?.[0]?.textContent ?? "");
    await field.fill(groups[Number(groupName.exec(name.trim())?.[1]) - 1] ?? "");
  }
  await button(page, recovery.confirm).click();
  await expect(button(page, recovery.confirm)).toBeHidden();
  return groups.join("-");
}

export async function unlock(device: Device, secret = passphrase): Promise<void> {
  const { page, texts } = device;
  await page.getByLabel(texts.lock.passphrase, { exact: true }).fill(secret);
  await button(page, texts.lock.unlock).click();
  await expect(device.state).toBeVisible();
}

export async function lock(device: Device): Promise<void> {
  const { page, texts } = device;
  await button(page, texts.common.lock).click();
  await expect(button(page, texts.lock.unlock)).toBeVisible();
}

export type NavName = "today" | "visits" | "followUp" | "schools" | "settings";

/** Goes there by the main navigation, as a person does. */
export async function goTo(device: Device, place: NavName): Promise<void> {
  const { page, texts } = device;
  await page.getByRole("navigation").getByRole("link", { name: new RegExp(`^${texts.common.nav[place]}`) }).click();
}

/** The way back of a focus screen, at the left of the top bar. */
export async function goBack(device: Device): Promise<void> {
  await device.page.getByRole("banner").locator("[data-back]").click();
}

/** A new school with the presets: sign-up, every third Thursday from today, 13.30–15.30; or another ISO weekday. */
export async function addSchool(device: Device, name: string, weekday?: number): Promise<void> {
  const { page, texts } = device;
  await goTo(device, "schools");
  await link(page, texts.schools.add).click();
  await page.getByLabel(texts.schools.form.name).fill(name);
  if (weekday !== undefined) await chip(device, texts.schools.form.weekday, capitalise(device.translate.format.weekdayName(weekday))).click();
  await button(page, texts.common.action.save).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

export type Newcomer = { name: string; passphrase?: string };

/** Starts an invitation from the page one is on, as far as the link. */
export async function makeInvitation(inviter: Device): Promise<string> {
  const { page, texts } = inviter;
  await button(page, texts.space.invite.make).click();
  return page.getByLabel(texts.space.invite.linkLabel).inputValue();
}

/** The newcomer's side as far as the four words. */
export async function askToJoin(newcomer: Device, invitation: string, person: Newcomer): Promise<void> {
  const { page, texts } = newcomer;
  await page.goto("about:blank");
  await page.goto(invitation);
  await page.getByLabel(texts.space.join.ownName).fill(person.name);
  await page.getByLabel(texts.space.join.passphrase, { exact: true }).fill(person.passphrase ?? passphrase);
  await button(page, texts.space.join.submit).click();
}

/** The four words that stand on the screen. */
export async function checkWords(device: Device): Promise<string[]> {
  const words = device.page.getByRole("list", { name: device.texts.common.wordCards.label }).locator("strong");
  await expect(words).toHaveCount(4);
  return words.allTextContents();
}

/** Invites somebody to the school whose page the inviter is on: link, four words on both screens, yes, in. @returns the link */
export async function inviteToSchool(inviter: Device, newcomer: Device, person: Newcomer): Promise<string> {
  await link(inviter.page, inviter.texts.space.invite.title).click();
  return completeInvitation(inviter, newcomer, person);
}

/** From «Lag invitasjon» until both say that the newcomer is in. @returns the link */
export async function completeInvitation(inviter: Device, newcomer: Device, person: Newcomer): Promise<string> {
  const { page, texts } = inviter;
  const invitation = await makeInvitation(inviter);
  await askToJoin(newcomer, invitation, person);
  expect(await checkWords(newcomer)).toEqual(await checkWords(inviter));
  await button(page, texts.space.invite.same).click();
  await expect(page.getByRole("heading", { level: 1, name: inviter.fill(texts.space.invite.done, { name: person.name }) })).toBeVisible();
  await expect(newcomer.state).toBeVisible();
  return invitation;
}

/** One answer of a question: the chip with its whole label. */
export function chip(device: Device, question: string, answer: string): Locator {
  const { page } = device;
  return page
    .getByRole("group", { name: question, exact: true })
    .locator("label.chip", { has: page.getByText(answer, { exact: true }) });
}

/** Skjul: the door handle, or where the phone has it. */
export function hideButton(device: Device): Locator {
  return button(device.page, device.texts.common.hide.button).filter({ visible: true }).first();
}

/** Holds the closed door as long as it takes. */
export async function holdToShow(device: Device): Promise<void> {
  const { page, texts } = device;
  const hold = button(page, texts.common.hide.hold);
  await hold.dispatchEvent("pointerdown");
  await device.pass(1000);
}

/** The service's own numbers, in the settings. */
export async function setPhones(device: Device, phones: { childWelfare: string; outOfHours: string }): Promise<void> {
  const { page, texts } = device;
  await goTo(device, "settings");
  await page.getByLabel(texts.space.phone.childWelfare).fill(phones.childWelfare);
  await page.getByLabel(texts.space.phone.outOfHours).fill(phones.outOfHours);
  await button(page, texts.space.settings.savePhones).click();
  await expect(page.getByText(texts.settings.saved, { exact: true })).toBeVisible();
}

/** Presses «Meld opp sak» and answers the four questions; not «Meld opp» itself. */
export async function fillSignUp(device: Device): Promise<void> {
  const { page, texts } = device;
  const { preRegistration, content } = texts;
  await link(page, texts.schoolHome.signUp).click();
  await chip(device, preRegistration.who, content.role.contactTeacher).click();
  await chip(device, preRegistration.gradeBand, content.gradeBandShort.grades5to7).click();
  await chip(device, preRegistration.themes, content.theme.familyRelations).click();
  await chip(device, preRegistration.wishes, content.wish.adviceOnWayForward).click();
}

/** Signs a case up from the sosiallærer's first screen and goes back there. @returns the case's code, such as «Blå rev 17» */
export async function signUp(device: Device): Promise<string> {
  const { page, texts } = device;
  await fillSignUp(device);
  await button(page, texts.preRegistration.submit).click();
  const title = page.getByRole("heading", { level: 1, name: pattern(texts.preRegistration.done.title, "code") });
  await expect(title).toBeVisible();
  const code = pattern(texts.preRegistration.done.title, "code").exec((await title.textContent()) ?? "")?.[1] ?? "";
  await link(page, texts.preRegistration.done.finish).click();
  return code;
}

/** A text with one placeholder as the pattern that finds what stands in its place. */
export function pattern(text: string, placeholder: string): RegExp {
  const escaped = text.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replace(`{${placeholder}}`, "(.+)")}$`);
}

export async function startVisit(device: Device): Promise<void> {
  const { page, texts } = device;
  await button(page, texts.visits.start).click();
  await expect(page.getByRole("heading", { name: texts.visits.open.heading })).toBeVisible();
}

/** The answers from the duration on: a worry of months, no violence, and the school reports or nothing more is done. Not «Lagre». */
export async function answerRest(device: Device, outcome: "report" | "nothingMore" = "report"): Promise<void> {
  const { question } = device.texts.consultations;
  const { content } = device.texts;
  await chip(device, question.duration, content.duration.months).click();
  await chip(device, question.violence, content.violence.no).click();
  await chip(device, question.dutyToReport, outcome === "report" ? content.duty.yes : content.duty.no).click();
  await chip(device, question.nextSteps, outcome === "report" ? content.nextStep.schoolReports : content.nextStep.noMore).click();
}

/** Role, band and theme of somebody who was not signed up. */
export async function answerWho(device: Device): Promise<void> {
  const { question } = device.texts.consultations;
  const { content } = device.texts;
  await chip(device, question.role, content.role.schoolNurse).click();
  await chip(device, question.gradeBand, content.gradeBand.grades1to4).click();
  await chip(device, question.themes, content.theme.health).click();
}

/** «Lagre» in the form. @returns the code of the case, once the form has been left */
export async function saveConsultation(device: Device): Promise<string> {
  const { page, texts } = device;
  const code = (await page.getByRole("heading", { level: 1 }).textContent()) ?? "";
  await button(page, texts.common.action.save).click();
  await expect(page.getByText(device.fill(texts.consultations.saved, { code }))).toBeVisible();
  return code;
}

/** Closes the visit that is open, from its page. @param note «Noe å huske til neste gang?» */
export async function closeVisit(device: Device, note?: string): Promise<void> {
  const { page, texts } = device;
  await link(page, texts.visits.close).click();
  await expect(page.getByRole("heading", { name: texts.visits.overview.title })).toBeVisible();
  if (note !== undefined) await page.getByLabel(texts.visits.closing.note).fill(note);
  await button(page, texts.visits.close).click();
  await expect(page.getByRole("heading", { name: texts.visits.overview.title })).toBeHidden();
}

/** The questions that wait on the screen, by the case they are about. */
export function question(device: Device, code: string): Locator {
  return device.page.locator(".ask").filter({ hasText: code });
}

/** A case's row in a list. */
export function caseRow(device: Device, code: string): Locator {
  return device.page.getByRole("listitem").filter({ has: device.page.getByText(code, { exact: true }) });
}

/** A step of the case along a routine whose page one is on. */
export function runStep(device: Device, title: string): Locator {
  return device.page.locator(".run-steps > li").filter({ has: device.page.getByText(title, { exact: true }) });
}

/** Begins a case along a routine from the school's page. @returns its reference */
export async function startRun(device: Device, routine: string): Promise<string> {
  const { page, texts } = device;
  await link(page, texts.routines.run.new).click();
  await chip(device, texts.routines.run.which, routine).click();
  await button(page, texts.routines.run.start).click();
  const title = page.getByRole("heading", { level: 1, name: /^R-\d{3}-/ });
  await expect(title).toBeVisible();
  return (await title.textContent()) ?? "";
}

/** The form of a meeting that a step has opened: its type is chosen, and only day and time are missing. */
export async function fillMeeting({ page, texts }: Device, date: string): Promise<void> {
  await page.getByLabel(texts.meetings.form.date, { exact: true }).fill(date);
  await page.getByLabel(texts.meetings.form.from, { exact: true }).fill("14:00");
  await button(page, texts.common.action.save).click();
  await expect(page.getByLabel(texts.meetings.form.date, { exact: true })).toBeHidden();
}

/** Writes down, in the meeting that is led, what a side will do. @param due the choice of a date to press; the one that is chosen already is then none */
export async function agree(device: Device, side: keyof Device["texts"]["meetings"]["side"], what: string, due: string): Promise<void> {
  const { page, texts } = device;
  await chip(device, texts.minutes.who, texts.meetings.side[side]).click();
  await chip(device, texts.minutes.due, due).click();
  await page.getByLabel(texts.minutes.what, { exact: true }).fill(what);
  await button(page, texts.minutes.addAction).click();
  await expect(page.getByRole("region", { name: texts.minutes.agreed }).getByText(what, { exact: true })).toBeVisible();
}

/** «Last ned kalender», from the page one is on. @returns the file, with its lines unfolded and its commas as they were written */
export async function downloadCalendar({ page, texts }: Device): Promise<string> {
  const downloading = page.waitForEvent("download");
  await button(page, texts.calendar.download).click();
  let file = "";
  for await (const part of await (await downloading).createReadStream()) file += String(part);
  return file.replaceAll("\r\n ", "").replaceAll("\\,", ",");
}
