import type { Locator } from "@playwright/test";
import { type Device, laptop } from "./support/device.ts";
import { readPdf } from "../support/read-pdf.ts";
import { tabTo } from "./support/keyboard.ts";
import { savePdf } from "./support/papers.ts";
import { addSchool, button, createService, goBack, goTo, inviteToSchool, link } from "./support/steps.ts";
import { expect, test } from "./support/test.ts";

const school = "Tjernlia skole";

test("minutes are read through and approved; what a colleague wrote offline is proposed, taken in with a reason, and the original stays; then it is filed and deleted", async ({ relay, openDevice }) => {
  const consultant = await openDevice();
  const teacher = await openDevice();
  const { page, texts } = consultant;
  const { minutes, meetings } = texts;
  const first = meetings.item.purposeAndFrames;
  const notesIn = (device: Device) => device.page.getByRole("textbox", { name: minutes.notes.replace("{item}", first) });
  await createService(consultant, { code: relay.code });
  await addSchool(consultant, school);
  await inviteToSchool(consultant, teacher, { name: "Sol Sosiallærer" });
  await goBack(consultant);
  await goTo(consultant, "visits");
  await page.getByRole("link", { name: meetings.new }).first().click();
  await page.getByText(meetings.type.startupMeeting, { exact: true }).click();
  await page.getByLabel(meetings.form.date, { exact: true }).fill("2026-11-26");
  await page.getByLabel(meetings.form.from, { exact: true }).fill("14:00");
  await page.getByRole("group", { name: meetings.form.interpreter }).getByText(meetings.form.interpreterYes, { exact: true }).click();
  await page.getByLabel(meetings.form.language, { exact: true }).fill("tigrinja");
  await button(page, texts.common.action.save).click();

  // The sosiallærer has it before the tablet is without a network.
  await goTo(teacher, "visits");
  await teacher.page.getByRole("link", { name: new RegExp(meetings.type.startupMeeting) }).first().click();
  await consultant.setOffline(true);
  await link(page, minutes.start).click();
  await button(page, minutes.next.replace("{item}", first)).click();
  await notesIn(consultant).click();
  await page.keyboard.type("Alle er presentert.");
  await page.getByText(meetings.side.childWelfare, { exact: true }).click();
  await page.getByLabel(minutes.what, { exact: true }).fill("Ringer om tidsplan");
  await button(page, minutes.addAction).click();
  // Who was asked and did not come.
  await page.getByText(minutes.present, { exact: true }).click();
  await page.getByRole("group", { name: minutes.whoCame }).getByText(meetings.role.otherGuardian, { exact: true }).click();

  await link(teacher.page, minutes.start).click();
  await button(teacher.page, minutes.next.replace("{item}", first)).click();
  await notesIn(teacher).click();
  await teacher.page.keyboard.type("Tolken er her. ");
  await consultant.setOffline(false);
  for (const device of [consultant, teacher]) {
    for (const words of ["Alle er presentert.", "Tolken er her."]) await expect(notesIn(device)).toContainText(words, { timeout: 60_000 });
  }
  await teacher.setOffline(true);
  await notesIn(teacher).click();
  await teacher.page.keyboard.press("ControlOrMeta+End");
  await teacher.page.keyboard.type(" Mor kom sent.");

  await page.getByRole("button", { name: meetings.item.agreement }).click();
  await button(page, minutes.finish).click();
  await page.getByText(meetings.noNextReason.dateComesLater, { exact: true }).click();
  await button(page, minutes.finish).click();

  // The read-through, with all that was written; then exactly that is approved.
  const paper = page.getByRole("article");
  await expect(paper).toContainText("Alle er presentert.");
  await expect(paper).toContainText("Ringer om tidsplan");
  await expect(paper.getByText(texts.papers.minutes.absent, { exact: true }).locator("..")).toContainText(/den andre forelderen/);
  await expect(paper).toContainText(texts.papers.minutes.notApproved);
  await button(page, minutes.approval.approve).click();
  await expect(paper).toContainText(texts.papers.minutes.controlCode.replace("{code}", ""));
  await expect(paper).not.toContainText(texts.papers.minutes.notApproved);

  await teacher.setOffline(false);
  const proposals = page.locator("section").filter({ has: page.getByRole("heading", { name: minutes.proposal.heading }) });
  await expect(proposals).toContainText("Mor kom sent.");
  await expect(paper).not.toContainText("Mor kom sent.");
  await button(page, new RegExp(`^${minutes.proposal.accept}:`)).click();
  await button(page, meetings.correctionReason.writtenOffline).click();
  await expect(proposals).toHaveCount(0);
  await expect(paper).toContainText(texts.papers.minutes.corrections);
  await expect(paper).toContainText("Mor kom sent.");
  // The school has it approved and corrected too.
  await teacher.page.getByRole("link", { name: meetings.type.startupMeeting }).click();
  await expect(teacher.page.getByRole("article")).toContainText(meetings.correctionReason.writtenOffline);

  // On paper: what was approved, with the correction after it.
  const pdf = readPdf((await savePdf(consultant)).bytes);
  expect(pdf).toMatchObject({ language: "nb", isMarked: true, title: texts.papers.minutes.title.replace("{meeting}", meetings.type.startupMeeting) });
  const printed = pdf.pages.map(({ read }) => read).join("\n");
  for (const words of ["Alle er presentert.", "Tolken er her.", "Ringer om tidsplan", "tigrinja", meetings.correctionReason.writtenOffline]) expect(printed).toContain(words);
  expect(printed.indexOf("Mor kom sent.")).toBeGreaterThan(printed.indexOf(texts.papers.minutes.corrections));

  // One's own correction is written where the minutes were, and is a proposal too until somebody says why.
  await link(page, minutes.approval.correct).click();
  await expect(page.getByText(minutes.afterApproval)).toBeVisible();
  await notesIn(consultant).click();
  await page.keyboard.press("ControlOrMeta+Home");
  await page.keyboard.type("Feil linje. ");
  await button(page, minutes.readThrough).click();
  await expect(proposals).toContainText("Feil linje.");
  await button(page, new RegExp(`^${minutes.proposal.decline}:`)).click();
  await button(page, meetings.declineReason.notSaid).click();
  await expect(proposals).toHaveCount(0);
  await expect(paper).not.toContainText("Feil linje.");

  // Filed with where and when; only then it can be deleted, and both dates are said.
  await expect(button(page, minutes.filing.delete)).toHaveCount(0);
  await button(page, minutes.filing.markTransferred).click();
  await button(page, texts.common.action.save).click();
  await expect(page.getByText(minutes.filing.whereMissing)).toBeVisible();
  await page.getByLabel(minutes.filing.where).fill("Fagsystemet");
  await button(page, texts.common.action.save).click();
  await expect(page.getByText(consultant.fill(minutes.filing.transferred, { date: "26. november 2026", where: "Fagsystemet" }), { exact: true })).toBeVisible();
  await expect(page.getByText(minutes.filing.bytesGone, { exact: true })).toBeVisible();
  // Nobody would be asked any more about what was agreed.
  await expect(button(page, minutes.filing.delete)).toHaveCount(0);
  await expect(page.getByText(minutes.filing.agreementWaits.replace("{count}", "1"))).toBeVisible();
  await goBack(consultant);
  await goTo(consultant, "followUp");
  const asked = page.locator(".ask").filter({ hasText: "Ringer om tidsplan" });
  await button(asked, texts.content.followUp.noLongerRelevant).click();
  await goTo(consultant, "visits");
  await page.getByRole("link", { name: new RegExp(meetings.type.startupMeeting) }).first().click();
  await button(page, minutes.filing.delete).click();
  await expect(page.getByRole("heading", { name: minutes.filing.deletedTitle })).toBeVisible();
  await button(page, texts.common.action.undo).click();
  await expect(paper).toBeVisible();
  await button(page, minutes.filing.delete).click();
  await expect(page.getByRole("heading", { name: minutes.filing.deletedTitle })).toBeVisible();
  await expect(teacher.page.getByRole("heading", { name: minutes.filing.deletedTitle })).toBeVisible();
  await goBack(consultant);
  await expect(page.getByRole("link", { name: new RegExp(meetings.type.startupMeeting) })).toHaveCount(0);
});

test("a meeting is led and its minutes approved by keyboard alone, and a screen reader is told what each thing is", async ({ relay, openDevice }) => {
  const device = await openDevice({ viewport: laptop });
  const { page, texts } = device;
  const { minutes, meetings } = texts;
  const press = async (target: Locator, key = "Enter") => {
    await tabTo(device, target);
    await page.keyboard.press(key);
  };
  await createService(device, { code: relay.code });
  await addSchool(device, school);
  await goTo(device, "visits");
  await press(link(page, meetings.new).first());
  const radio = (group: string, name: string) => page.getByRole("group", { name: group, exact: true }).getByRole("radio", { name, exact: true });
  await press(radio(meetings.form.type, meetings.type.startupMeeting), " ");
  // How a day and a time are typed is the browser's own, and differs from language to language.
  for (const [label, value] of [[meetings.form.date, "2026-11-26"], [meetings.form.from, "14:00"]] as const) {
    await tabTo(device, page.getByLabel(label, { exact: true }));
    await page.getByLabel(label, { exact: true }).fill(value);
  }
  await press(button(page, texts.common.action.save));

  await press(link(page, minutes.start));
  await press(button(page, minutes.next.replace("{item}", meetings.item.purposeAndFrames)));
  const notes = page.getByRole("textbox", { name: minutes.notes.replace("{item}", meetings.item.purposeAndFrames) });
  await tabTo(device, notes);
  await page.keyboard.type("Alle er presentert.");
  await tabTo(device, page.getByLabel(minutes.what, { exact: true }));
  await page.keyboard.type("Ringer om tidsplan");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: minutes.agreed })).toContainText("Ringer om tidsplan");
  await press(page.getByRole("button", { name: meetings.item.agreement }));
  await expect(page.getByRole("heading", { level: 1, name: meetings.item.agreement })).toBeVisible();
  await press(button(page, minutes.finish));
  const noNext = page.getByRole("radio", { name: meetings.noNextReason.lastMeeting, exact: true });
  await press(page.getByRole("group", { name: minutes.closing.orWhy }).getByRole("radio").first(), " ");
  await expect(noNext).toBeChecked();
  await press(button(page, minutes.finish));
  await press(button(page, minutes.approval.approve));
  await expect(button(page, minutes.approval.approve)).toHaveCount(0);

  await expect(page.getByRole("article")).toMatchAriaSnapshot(`
    - article:
      - 'heading "${texts.papers.minutes.title.replace("{meeting}", meetings.type.startupMeeting)}" [level=2]'
      - paragraph: /${texts.papers.minutes.approved.split(" {")[0]}/
      - heading /1\\. ${meetings.item.purposeAndFrames}/ [level=3]
      - paragraph: Alle er presentert.
      - heading "${texts.papers.minutes.actions}" [level=3]
      - table:
        - rowgroup:
          - row "${texts.papers.what} ${texts.papers.who} ${texts.papers.when}"
        - rowgroup:
          - row /Ringer om tidsplan/
  `);
});
