import type { Locator } from "@playwright/test";
import { type Device, laptop, phone } from "./support/device.ts";
import { tabTo } from "./support/keyboard.ts";
import { addSchool, agree, button, chip, createService, goBack, goTo, inviteToSchool, link, passphrase } from "./support/steps.ts";
import { countTaps } from "./support/taps.ts";
import { expect, test } from "./support/test.ts";

function asked({ page }: Device, what: string): Locator {
  return page.locator(".ask").filter({ has: page.getByRole("heading", { name: what, exact: true }) });
}

/** A list of «Oppfølging». */
function list({ page }: Device, heading: string): Locator {
  return page.locator("section.section").filter({ has: page.getByRole("heading", { level: 2, name: heading }) });
}

test("what a meeting agreed on is asked of each on their own device, answered by one tap or by keyboard alone, and taken back", async ({ relay, openDevice }) => {
  const tablet = await openDevice({ viewport: laptop });
  const teacher = await openDevice({ viewport: phone });
  const { page, texts } = tablet;
  const { meetings, minutes, followUp, content } = texts;
  const [ofSchool, ofParents, ofUs] = ["Finne en fast voksen", "Skrive ned morgenene", "Ringer om tidsplan"];
  const undo = (device: Device) => device.page.locator(".toast").getByRole("button", { name: texts.common.action.undo });
  await createService(tablet, { code: relay.code });
  await addSchool(tablet, "Granly skole");
  await inviteToSchool(tablet, teacher, { name: "Siri Sosiallærer" });
  await goBack(tablet);

  await test.step("three things are agreed in a meeting, one of them without a date", async () => {
    await goTo(tablet, "visits");
    await link(page, meetings.new).first().click();
    await chip(tablet, meetings.form.type, meetings.type.startupMeeting).click();
    await page.getByLabel(meetings.form.date, { exact: true }).fill("2026-11-26");
    await page.getByLabel(meetings.form.from, { exact: true }).fill("14:00");
    await button(page, texts.common.action.save).click();
    await link(page, minutes.start).click();
    await button(page, tablet.fill(minutes.next, { item: meetings.item.purposeAndFrames })).click();
    await agree(tablet, "school", ofSchool, minutes.dueOneWeek);
    await agree(tablet, "childWelfare", ofUs, minutes.dueTwoWeeks);
    // The date that is chosen, pressed again, is none.
    await agree(tablet, "guardians", ofParents, minutes.dueTwoWeeks);
    await tablet.sent();
  });

  await test.step("the school's is the sosiallærer's, barnevernet's is not; one tap, and why not yet", async () => {
    await goTo(teacher, "followUp");
    await expect(asked(teacher, ofSchool)).toContainText(/M-\d{3}-[A-Z]{3} · /, { timeout: 60_000 });
    await expect(asked(teacher, ofUs)).toHaveCount(0);
    await expect(list(teacher, followUp.waitsOnConsultant)).toContainText(ofUs);
    await expect(list(teacher, followUp.later)).toContainText(ofParents);
    await expect(asked(teacher, ofParents)).toContainText(followUp.undated);
    expect(await countTaps(teacher.page, () => button(asked(teacher, ofSchool), content.followUp.notYet).click())).toEqual({ taps: 1, keys: 0 });
    await chip(teacher, followUp.whyNotYet, content.notYetReason.waitingForOthers).click();
    await teacher.sent();
  });

  await test.step("the consultant finds hers and the parents', answers by keyboard alone, and undoes", async () => {
    await goBack(tablet);
    await goBack(tablet);
    await goTo(tablet, "followUp");
    // The school's own is answered today; that is all of it that is seen here.
    await expect(list(tablet, followUp.answeredToday)).toContainText(ofSchool);
    await expect(asked(tablet, ofSchool)).toHaveCount(0);
    await page.reload();
    await page.getByLabel(texts.lock.passphrase, { exact: true }).fill(passphrase);
    await page.keyboard.press("Enter");
    const yes = button(asked(tablet, ofUs), followUp.actionItem.yes);
    await tabTo(tablet, yes);
    await page.keyboard.press("Enter");
    await expect(list(tablet, followUp.answeredToday)).toContainText(ofUs);
    await tabTo(tablet, undo(tablet));
    await page.keyboard.press("Enter");
    await expect(list(tablet, followUp.answeredToday)).not.toContainText(ofUs);
    await expect(yes).toHaveAttribute("aria-pressed", "false");
    // Two answers as fast as this test gives them are taken for one tap too many.
    await tablet.pass(1000);
    await tabTo(tablet, button(asked(tablet, ofParents), content.followUp.noLongerRelevant));
    await page.keyboard.press("Enter");
    const why = page.getByRole("group", { name: followUp.whyNoLonger }).getByRole("radio");
    await tabTo(tablet, why.first());
    await page.keyboard.press("Space");
    await expect(why.first()).toBeChecked();
    await tablet.sent();
  });

  await test.step("both see what the other answered; a date of its own can be given", async () => {
    await expect(list(teacher, followUp.later)).toHaveCount(0, { timeout: 60_000 });
    await expect(list(teacher, followUp.answeredToday)).toContainText(ofParents);
    const changeDate = button(asked(tablet, ofUs), followUp.changeDate);
    await changeDate.click();
    await page.getByLabel(followUp.newDate).fill("2026-11-30");
    await button(page, texts.common.action.cancel).click();
    await expect(changeDate).toBeFocused();
    await changeDate.click();
    await page.getByLabel(followUp.newDate).fill("2026-11-30");
    await button(page, followUp.saveDate).click();
    await expect(list(tablet, followUp.nextSevenDays)).toContainText(ofUs);
    await expect(changeDate).toBeFocused();
    await undo(tablet).click();
    await expect(list(tablet, followUp.later)).toContainText(ofUs);
  });
});
