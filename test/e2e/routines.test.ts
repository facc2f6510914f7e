import type { Locator } from "@playwright/test";
import { type Device, phone } from "./support/device.ts";
import { addSchool, button, chip, createService, downloadCalendar, goBack, goTo, inviteToSchool, link } from "./support/steps.ts";
import { countTaps } from "./support/taps.ts";
import { expect, test } from "./support/test.ts";

/** A step of a run or of a template, by its title. */
function step(device: Device, title: string): Locator {
  return device.page.locator(".run-steps > li, .part-list > li").filter({ has: device.page.getByText(title, { exact: true }) });
}

/** One of the school's clocks on the run's page, or a question in a list. */
function clock(device: Device, question: string): Locator {
  return device.page.locator(".ask").filter({ has: device.page.getByRole("heading", { name: question, exact: true }) });
}

/** A deadline of the law on the run's page. */
function law(device: Device, deadline: string): Locator {
  return device.page.getByRole("list", { name: device.texts.routines.run.legal }).getByRole("listitem").filter({ has: device.page.getByText(deadline, { exact: true }) });
}

async function toSchool(device: Device): Promise<void> {
  await goTo(device, "schools");
  await device.page.locator("main").getByRole("link", { name: /Granly/ }).click();
  await expect(device.page.getByRole("heading", { name: device.texts.routines.run.heading })).toBeVisible();
}

test("a case runs along A to its closing and on to D, offline on the tablet and on the sosiallærer's phone, whatever becomes of the routine", async ({ relay, openDevice }) => {
  const tablet = await openDevice();
  const teacher = await openDevice({ viewport: phone });
  const { page, texts } = tablet;
  const { routines } = texts;
  await createService(tablet, { code: relay.code });
  await addSchool(tablet, "Granly skole");
  await inviteToSchool(tablet, teacher, { name: "Siri Sosiallærer" });
  await goBack(tablet);
  await expect(page.getByRole("heading", { name: routines.run.heading })).toBeVisible();
  await tablet.installed();
  let reference = "";

  await test.step("a new case: three taps, and what is known of the report", async () => {
    await tablet.setOffline(true);
    const counted = await countTaps(page, async () => {
      await link(page, routines.run.new).click();
      await chip(tablet, routines.run.which, routines.name.concernReport).click();
      await button(page, routines.run.start).click();
      await expect(page.getByRole("heading", { level: 1, name: /^R-\d{3}-/ })).toBeVisible();
    });
    expect(counted).toEqual({ taps: 3, keys: 0 });
    reference = (await page.getByRole("heading", { level: 1 }).textContent()) ?? "";
    await expect(clock(tablet, routines.clock.reportSent)).toContainText(routines.undated.withoutUndueDelay);
    await expect(law(tablet, routines.deadline.reporterFeedback)).toContainText(routines.run.waitsFor.received);
  });

  await test.step("sent on Monday: the dates count from there and say so; received on Tuesday, from that", async () => {
    await button(page, routines.fact.change).click();
    await page.getByLabel(routines.fact.sentOn).fill("2026-11-23");
    await button(page, texts.common.action.save).click();
    await expect(law(tablet, routines.deadline.reporterFeedback)).toContainText("14. desember 2026");
    await expect(law(tablet, routines.deadline.reporterFeedback)).toContainText(tablet.fill(routines.basis.sent, { date: "23. november" }));
    await button(page, routines.fact.change).click();
    await page.getByLabel(routines.fact.receivedOn).fill("2026-11-24");
    await chip(tablet, routines.fact.screeningOutcome, routines.screeningOutcome.investigation).click();
    await button(page, texts.common.action.save).click();
    for (const [deadline, date] of [
      ["reportScreening", "1. desember 2026"],
      ["reporterFeedback", "15. desember 2026"],
      ["investigation", "1. mars 2027"],
    ] as const) {
      await expect(law(tablet, routines.deadline[deadline])).toContainText(date);
      await expect(law(tablet, routines.deadline[deadline])).toContainText(tablet.fill(routines.basis.received, { date: "24. november" }));
    }
    await expect(law(tablet, routines.deadline.dutyToReport)).toContainText("opplæringslova § 24-3", { ignoreCase: true });
    await expect(step(tablet, routines.step.reportSent)).toContainText(tablet.fill(routines.run.doneOn, { date: "23. november" }));
    await expect(step(tablet, routines.step.reportReviewed)).toContainText(tablet.fill(routines.run.doneOn, { date: "26. november" }));
  });

  await test.step("steps: done by one tap and undone, left out with a reason, and «står ikke i rutinen» where it does not say", async () => {
    await expect(step(tablet, routines.step.startupMeeting)).toContainText(routines.run.whoNotSaid);
    await button(step(tablet, routines.step.startupMeeting), /^Gjort:/).click();
    await expect(step(tablet, routines.step.startupMeeting)).toContainText(tablet.fill(routines.run.doneOn, { date: "26. november" }));
    await page.locator(".toast").getByRole("button", { name: texts.common.action.undo }).click();
    await button(step(tablet, routines.step.startupMeeting), /^Gjort:/).click();
    await button(step(tablet, routines.step.parentTalk), /^Utgår:/).click();
    await button(step(tablet, routines.step.parentTalk), routines.skipReason.capacity).click();
    await expect(step(tablet, routines.step.parentTalk)).toContainText(tablet.fill(routines.run.skippedTag, { reason: "ikke kapasitet" }));
    await button(step(tablet, routines.step.cooperation), /^Gjort:/).click();
  });

  await test.step("the investigation is finished: the second feedback has its date, and the closing meeting is held", async () => {
    await button(page, routines.fact.change).click();
    await page.getByLabel(routines.fact.closedOn).fill("2026-11-26");
    await button(page, texts.common.action.save).click();
    await expect(law(tablet, routines.deadline.reporterFeedbackAfterInvestigation)).toContainText("17. desember 2026");
    await button(step(tablet, routines.step.closingMeeting), /^Gjort:/).click();
    await button(page, routines.contact.enter).click();
    await page.getByLabel(routines.contact.name).fill("Ingrid Lund");
    await button(page, texts.common.action.save).click();
    await expect(page.locator(".contact-name")).toHaveText("Ingrid Lund");
  });

  await test.step("back on the network, all of it is on the sosiallærer's phone: at home, and among what waits", async () => {
    await tablet.setOffline(false);
    await tablet.sent();
    await goTo(teacher, "today");
    const row = teacher.page.getByRole("list", { name: routines.run.heading }).getByRole("link", { name: reference });
    await expect(row).toContainText(routines.run.onlyClocks);
    await goTo(teacher, "followUp");
    const feedback = clock(teacher, routines.clock.reporterFeedback);
    await expect(feedback).toContainText(reference);
    expect(await countTaps(teacher.page, () => button(feedback, texts.content.followUp.notYet).click())).toEqual({ taps: 1, keys: 0 });
    await chip(teacher, texts.followUp.whyNotYet, texts.content.notYetReason.waitingForOthers).click();
    await teacher.page.locator(".toast").getByRole("button", { name: texts.common.action.undo }).click();
    // Two answers as fast as this test taps are taken for one tap too many.
    await teacher.pass(1000);
    await button(clock(teacher, routines.clock.reporterFeedback), routines.clockYes.reporterFeedback).click();
    await teacher.sent();
    await expect(button(clock(tablet, routines.clock.reporterFeedback), routines.clockYes.reporterFeedback)).toHaveAttribute("aria-pressed", "true");
  });

  await test.step("on to D: who the contact person is now is asked, and the answer is on both", async () => {
    await goTo(teacher, "today");
    await teacher.page.getByRole("link", { name: reference }).click();
    await button(teacher.page, routines.name.handover).click();
    await expect(teacher.page.getByText(routines.contact.askStill)).toBeVisible();
    await button(teacher.page, routines.contact.change).click();
    await teacher.page.getByLabel(routines.contact.name).fill("Jonas Berg");
    await button(teacher.page, texts.common.action.save).click();
    await expect(step(teacher, routines.step.contactPersonKnown)).toContainText(teacher.fill(routines.run.doneOn, { date: "26. november" }));
    await teacher.sent();
    await expect(page.locator(".contact-name")).toHaveText("Jonas Berg");
    await expect(page.getByRole("heading", { name: routines.name.handover, exact: true })).toBeVisible();
  });

  await test.step("the service changes A: the case that runs keeps its version and says which, a new one has the new steps", async () => {
    await goTo(tablet, "settings");
    await page.getByRole("link", { name: new RegExp(routines.name.concernReport) }).click();
    await button(step(tablet, routines.step.cooperation), /^Fjern:/).click();
    await expect(step(tablet, routines.step.cooperation)).toHaveCount(0);
    await button(page, routines.template.add).click();
    await page.getByLabel(routines.template.title).fill("Kontaktlærer skriver ned uka");
    await chip(tablet, routines.template.deadline, routines.template.deadlineOwn).click();
    await page.getByLabel(routines.template.length).fill("3");
    await button(page, routines.template.add).click();
    await expect(page.getByRole("listitem").filter({ hasText: texts.templates.difference.added })).toContainText("Kontaktlærer skriver ned uka");
    await expect(page.getByRole("listitem").filter({ hasText: texts.templates.difference.removed })).toContainText(routines.step.cooperation);

    await toSchool(tablet);
    await page.getByRole("link", { name: reference }).click();
    await expect(step(tablet, routines.step.cooperation)).toBeVisible();
    await expect(page.getByText(routines.version.changedSince)).toBeVisible();
    await page.goBack();
    await link(page, routines.run.new).click();
    await chip(tablet, routines.run.which, routines.name.concernReport).click();
    await button(page, routines.run.start).click();
    await expect(step(tablet, "Kontaktlærer skriver ned uka")).toContainText("1. desember 2026");
    await expect(step(tablet, routines.step.cooperation)).toHaveCount(0);
  });

  await test.step("on to B, the steps with the parents are gone at once, and undo brings them back", async () => {
    await expect(step(tablet, routines.step.parentTalk)).toBeVisible();
    await button(page, routines.name.ownProcedure).click();
    await expect(page.getByRole("heading", { name: texts.consultations.guard.frameHeading })).toBeVisible();
    await expect(step(tablet, routines.step.parentTalk)).toHaveCount(0);
    await page.locator(".toast").getByRole("button", { name: texts.common.action.undo }).click();
    await expect(step(tablet, routines.step.parentTalk)).toBeVisible();
  });

  await test.step("visits and deadlines as a file that names the school and no case", async () => {
    await goTo(tablet, "visits");
    const given = await page.evaluateHandle(() => {
      const addresses: string[] = [];
      const revoke = URL.revokeObjectURL.bind(URL);
      URL.revokeObjectURL = (address) => {
        addresses.push(address);
        revoke(address);
      };
      return addresses;
    });
    const file = await downloadCalendar(tablet);
    // Safari on an iPad fetches the file some time after the tap.
    expect(await given.jsonValue()).toEqual([]);
    await tablet.pass(60_000);
    await expect.poll(() => given.jsonValue()).toHaveLength(1);
    expect(file).toContain("Tilbakemelding til skolen");
    expect(file).toContain("DTSTART;VALUE=DATE:20261215");
    expect(file).toContain("Granly skole");
    expect(file).not.toContain(reference);
    expect(file).not.toContain("Berg");
  });
});
