import type { Page } from "@playwright/test";
import { readPdf } from "../support/read-pdf.ts";
import type { Device } from "./support/device.ts";
import { savePdf } from "./support/papers.ts";
import { addSchool, answerRest, answerWho, button, chip, createService, goBack, goTo, link, saveConsultation, setPhones, startVisit } from "./support/steps.ts";
import { expect, test } from "./support/test.ts";

const school = "Tjernlia skole";

/**
 * Prepares a start-up meeting for today, leads it to its end and stands on its page.
 * @param how `ownProcedure`: violence is suspected; `separateTalks`: the parents are heard one by one, with a decision in the first talk
 * @returns the address of the meeting
 */
async function holdMeeting(device: Device, how: "ownProcedure" | "separateTalks" | "together" = "together"): Promise<string> {
  const { page, texts } = device;
  const { minutes } = texts;
  await page.getByRole("link", { name: texts.meetings.new }).first().click();
  await page.getByText(texts.meetings.type.startupMeeting, { exact: true }).click();
  await page.getByLabel(texts.meetings.form.date, { exact: true }).fill("2026-11-26");
  await page.getByLabel(texts.meetings.form.from, { exact: true }).fill("14:00");
  await page.getByRole("group", { name: texts.meetings.form.interpreter }).getByText(texts.meetings.form.interpreterYes, { exact: true }).click();
  await page.getByLabel(texts.meetings.form.language, { exact: true }).fill("somali");
  if (how === "ownProcedure") {
    await page.locator("summary", { has: page.getByText(texts.meetings.form.ownProcedure, { exact: true }) }).click();
    await page.getByText(texts.meetings.form.ownProcedureLabel, { exact: true }).click();
  }
  await button(page, texts.common.action.save).click();
  await link(page, minutes.start).click();
  await button(page, minutes.next.replace("{item}", texts.meetings.item.purposeAndFrames)).click();
  await page.getByRole("button", { name: minutes.decision, exact: true }).click();
  await page.getByLabel(minutes.newDecision).fill("Én fast voksen på skolen.");
  await button(page, minutes.addDecision).click();
  await page.getByText(texts.meetings.side.childWelfare, { exact: true }).click();
  await page.getByText(minutes.dueOneWeek, { exact: true }).click();
  await page.getByLabel(minutes.what, { exact: true }).fill("Ringer dere om tidsplanen");
  await button(page, minutes.addAction).click();
  if (how === "separateTalks") {
    await page.getByRole("button", { name: texts.meetings.item.parentsView }).click();
    await button(page, minutes.split).click();
    await page.getByRole("button", { name: minutes.decision, exact: true }).click();
    await page.getByLabel(minutes.newDecision).fill("Mor bestemmer selv når.");
    await button(page, minutes.addDecision).click();
  }
  await page.getByRole("button", { name: texts.meetings.item.agreement }).click();
  await button(page, minutes.finish).click();
  await page.getByLabel(minutes.closing.when).fill("2026-12-17");
  await button(page, minutes.finish).click();
  await expect(page.getByRole("heading", { level: 1, name: texts.meetings.type.startupMeeting })).toBeVisible();
  return new URL(page.url()).pathname;
}

/** Goes to an address of the app as a link does: the service stays open. */
async function follow(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  }, path);
}

/** The page has one first-level heading, and the paper's own are below it. */
async function expectHeadings({ page }: Device, title: string, ofPaper: Readonly<Record<number, string | RegExp>>): Promise<void> {
  for (const [level, name] of Object.entries(ofPaper)) await expect(page.locator(".paper").getByRole("heading", { level: Number(level), name }).first()).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText([title]);
}

test("the parents' sheet is made without a network: shown, saved as a PDF that reads back, copied and printed", async ({ relay, openDevice }) => {
  const device = await openDevice();
  const { page, context, texts } = device;
  await createService(device, { code: relay.code });
  await addSchool(device, school);
  await setPhones(device, { childWelfare: "55 00 11 22", outOfHours: "55 00 33 44" });
  await device.installed();
  await context.setOffline(true);
  await relay.stop();
  await goTo(device, "visits");
  const address = await holdMeeting(device, "separateTalks");
  await link(page, texts.papers.sheet.title).click();
  await expect(page).toHaveURL(new RegExp(`${address}/ark$`));

  const sheet = page.locator(".paper");
  await expectHeadings(device, texts.papers.sheet.title, { 2: texts.papers.takeHome.title, 3: texts.papers.takeHome.ownNotes });
  await page.getByLabel(texts.papers.sheet.schoolPhone).fill("55 00 55 66");
  for (const words of ["Én fast voksen på skolen.", "Ringer dere om tidsplanen", "3. desember", "Torsdag 17. desember", "somali", "55 00 55 66", "55 00 11 22", "55 00 33 44"]) {
    await expect(sheet).toContainText(words);
  }

  await expect(sheet).not.toContainText("Mor bestemmer selv når.");
  await chip(device, texts.papers.sheet.talks.legend, texts.papers.sheet.talks.first).click();
  await expect(sheet).toContainText("Mor bestemmer selv når.");
  await chip(device, texts.papers.sheet.talks.legend, texts.papers.sheet.talks.second).click();
  await expect(sheet).not.toContainText("Mor bestemmer selv når.");

  const { bytes, name } = await savePdf(device);
  expect(name).toMatch(/^hjemmeark-m-\d{3}-[a-z]{3}\.pdf$/);
  const pdf = readPdf(bytes);
  expect(pdf).toMatchObject({ title: texts.papers.takeHome.title, language: "nb", isMarked: true, showsTitle: true });
  expect(pdf.pages).toHaveLength(1);
  for (const words of ["Én fast voksen på skolen.", "Ringer dere om tidsplanen", "Torsdag 17. desember", "55 00 55 66"]) expect(pdf.pages[0]?.read).toContain(words);

  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await button(page, texts.papers.actions.copyText).click();
  await expect(page.getByText(texts.papers.actions.copied)).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("- Én fast voksen på skolen.");

  await page.emulateMedia({ media: "print" });
  await expect(sheet).toBeVisible();
  for (const other of [page.getByLabel(texts.papers.sheet.schoolPhone), button(page, texts.papers.actions.savePdf), page.getByRole("heading", { level: 1, name: texts.papers.sheet.title })]) {
    await expect(other).toBeHidden();
  }
  expect((await page.pdf({ preferCSSPageSize: true })).toString("latin1").match(/\/Type \/Page\b/g)).toHaveLength(1);
  await page.emulateMedia({ media: "screen" });

  await chip(device, texts.papers.sheet.language, "English").click();
  await expect(sheet).toContainText("This is what we agreed");
  expect(readPdf((await savePdf(device)).bytes)).toMatchObject({ title: "This is what we agreed", language: "en" });
});

test("where violence is suspected there is no sheet for the parents, not at its address either, and disclosure says that it is not for them", async ({ relay, openDevice }) => {
  const device = await openDevice();
  const { page, texts } = device;
  await createService(device, { code: relay.code });
  await addSchool(device, school);
  await goTo(device, "visits");
  const address = await holdMeeting(device, "ownProcedure");
  await expect(page.getByText(texts.meetings.page.parentsLeftOut)).toBeVisible();
  await expect(page.locator(".paper-notice").first()).toContainText(texts.papers.notForParents.lead);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText([texts.meetings.type.startupMeeting]);
  for (const surface of [texts.papers.sheet.title, texts.papers.takeHome.title, texts.meetings.invitation.heading]) {
    await expect(page.getByText(surface, { exact: true })).toHaveCount(0);
  }
  await follow(page, `${address}/ark`);
  await expect(page.getByText(texts.papers.sheet.ownProcedure)).toBeVisible();
  await expect(page.locator(".paper")).toHaveCount(0);
  await expect(button(page, texts.papers.actions.savePdf)).toHaveCount(0);
  await follow(page, `${address}/innsyn`);
  await expect(page.locator(".paper-notice")).toContainText(texts.papers.notForParents.lead);
});

test("disclosure of a case, a meeting and a run: each has all of its own and nothing of the others", async ({ relay, openDevice }) => {
  const device = await openDevice();
  const { page, texts } = device;
  await createService(device, { code: relay.code });
  await addSchool(device, school);
  await goTo(device, "visits");
  const meeting = await holdMeeting(device);

  await goBack(device);
  await goTo(device, "today");
  await startVisit(device);
  await link(page, texts.visits.newConsultation).click();
  await answerWho(device);
  await answerRest(device);
  const code = await saveConsultation(device);
  await page.getByText(code).first().click();
  await link(page, texts.disclosure.page.link).click();
  const paper = page.locator(".paper");
  await expect(paper).toContainText(device.fill(texts.disclosure.title, { label: code }));
  for (const words of [texts.content.duration.months, texts.content.nextStep.schoolReports, texts.content.followUp.reportSent.short, texts.disclosure.notHere.keyList]) await expect(paper).toContainText(words);
  await expect(paper).not.toContainText(/[RM]-\d{3}-[A-Z]{3}/);
  const pdf = readPdf((await savePdf(device)).bytes);
  expect(pdf.pages.map(({ read }) => read).join("\n")).toContain(texts.content.nextStep.schoolReports);

  await follow(page, `${meeting}/innsyn`);
  await expect(paper).toContainText(/M-\d{3}-[A-Z]{3}/);
  for (const words of ["Én fast voksen på skolen.", "Ringer dere om tidsplanen", texts.meetings.item.parentsView, "somali"]) await expect(paper).toContainText(words);
  await expect(paper).not.toContainText(code);
  const headings = { 2: /M-\d{3}-[A-Z]{3}/, 3: texts.disclosure.meeting.agenda, 4: texts.meetings.item.parentsView };
  await expectHeadings(device, texts.disclosure.page.title, headings);

  await goBack(device);
  await goBack(device);
  await goTo(device, "schools");
  await page.locator("main").getByRole("link", { name: new RegExp(school) }).click();
  await link(page, texts.routines.run.new).click();
  await chip(device, texts.routines.run.which, texts.routines.name.concernReport).click();
  await button(page, texts.routines.run.start).click();
  await link(page, texts.disclosure.page.link).click();
  await expect(paper).toContainText(texts.routines.step.reportReviewed);
  await expect(paper).not.toContainText(code);
});
