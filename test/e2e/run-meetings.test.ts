import type { Device } from "./support/device.ts";
import { addSchool, agree, button, chip, createService, downloadCalendar, fillMeeting, goBack, goTo, inviteToSchool, link, runStep as step, startRun, unlock } from "./support/steps.ts";
import { expect, test } from "./support/test.ts";

const agreed = { school: "Finne en fast voksen", guardians: "Skrive ned morgenene" };

/** Leads the meeting whose page one is on, as far as its end: two things are agreed, and there is no next date. */
async function holdMeeting(device: Device): Promise<void> {
  const { page, texts } = device;
  const { minutes, meetings } = texts;
  await link(page, minutes.start).click();
  await page.getByRole("button", { name: meetings.item.agreement }).click();
  await agree(device, "school", agreed.school, minutes.dueOneWeek);
  await agree(device, "guardians", agreed.guardians, minutes.dueTwoWeeks);
  await button(page, minutes.finish).click();
  await page.getByText(meetings.noNextReason.lastMeeting, { exact: true }).click();
  await button(page, minutes.finish).click();
  await expect(link(page, minutes.start)).toHaveCount(0);
}

test("a step's meeting is made from the step, stands there with its day or why it was not held, and suggests the step done; on to B nothing of it is the parents'", async ({ relay, openDevice }) => {
  const tablet = await openDevice();
  const teacher = await openDevice();
  const { page, texts } = tablet;
  const { routines, meetings } = texts;
  const { startupMeeting, closingMeeting } = routines.step;
  await createService(tablet, { code: relay.code });
  await addSchool(tablet, "Granly skole");
  await inviteToSchool(tablet, teacher, { name: "Siri Sosiallærer" });
  await goBack(tablet);
  const reference = await startRun(tablet, routines.name.concernReport);
  /** From the page of one of its meetings. */
  const toRun = async () => {
    await goBack(tablet);
    await expect(page.getByRole("heading", { level: 1, name: reference })).toBeVisible();
  };
  const newMeeting = (title: string) => link(page, tablet.fill(routines.run.ofStep, { action: meetings.new, step: title }));

  await test.step("the form knows which meeting it is; its draft is the step's own, and the way back is to the case", async () => {
    await expect(step(tablet, routines.step.cooperation).getByRole("link")).toHaveCount(0);
    await newMeeting(startupMeeting).click();
    await expect(chip(tablet, meetings.form.type, meetings.type.startupMeeting).getByRole("radio")).toBeChecked();
    await page.getByLabel(meetings.form.date, { exact: true }).fill("2026-11-20");
    await goBack(tablet);
    await newMeeting(closingMeeting).click();
    await expect(chip(tablet, meetings.form.type, meetings.type.closingMeeting).getByRole("radio")).toBeChecked();
    await expect(page.getByLabel(meetings.form.date, { exact: true })).toHaveValue("");
    await goBack(tablet);
  });

  await test.step("«Angre» brings back the form of that step", async () => {
    await newMeeting(startupMeeting).click();
    await expect(page.getByLabel(meetings.form.date, { exact: true })).toHaveValue("2026-11-20");
    await fillMeeting(tablet, "2026-11-25");
    await expect(page.getByRole("heading", { level: 1, name: meetings.type.startupMeeting })).toBeVisible();
    await page.locator(".toast").getByRole("button", { name: texts.common.action.undo }).click();
    await expect(page.getByLabel(meetings.form.date, { exact: true })).toHaveValue("2026-11-25");
    expect(new URL(page.url()).searchParams.get("steg")).toBe("concernReport/startupMeeting");
    await button(page, texts.common.action.save).click();
    await expect(page.getByRole("heading", { level: 1, name: meetings.type.startupMeeting })).toBeVisible();
  });

  await test.step("it stands at its step on both devices; not held, with the reason, and another can be made", async () => {
    await toRun();
    await expect(step(tablet, startupMeeting)).toContainText("25. november 2026");
    await expect(step(tablet, startupMeeting)).toContainText(meetings.state.planned);
    await expect(newMeeting(startupMeeting)).toHaveCount(0);
    await tablet.sent();
    await goTo(teacher, "today");
    await teacher.page.getByRole("link", { name: reference }).click();
    await step(teacher, startupMeeting).getByRole("link").click();
    await button(teacher.page, meetings.page.notHeld).click();
    await button(teacher.page, meetings.notHeldReason.capacity).click();
    await teacher.sent();
    await expect(step(tablet, startupMeeting)).toContainText(tablet.fill(routines.run.meetingNotHeld, { reason: "ikke kapasitet" }), { timeout: 60_000 });
    await newMeeting(startupMeeting).click();
    await fillMeeting(tablet, "2026-11-26");
  });

  await test.step("held, it asks whether the step is done, and one tap says so; nothing does by itself", async () => {
    await holdMeeting(tablet);
    await toRun();
    const row = step(tablet, startupMeeting);
    await expect(row).toContainText(tablet.fill(routines.run.meetingHeld, { date: "26. november" }));
    await expect(row.getByRole("link")).toHaveCount(2);
    await tablet.pass(24 * 60 * 60 * 1000);
    await unlock(tablet);
    await button(row, /^Gjort:/).click();
    // The day of the meeting, and not of the tap.
    await expect(row).toContainText(tablet.fill(routines.run.doneOn, { date: "26. november" }));
    await expect(row.getByText(meetings.state.held, { exact: true })).toBeVisible();
  });

  await test.step("what is said of one meeting reaches the case and its other meetings, and goes again when it is taken back", async () => {
    const { form } = meetings;
    const say = async () => {
      await link(page, texts.common.action.change).click();
      await page.getByText(form.ownProcedure, { exact: true }).click();
      await page.getByText(form.ownProcedureLabel).click();
      await button(page, texts.common.action.save).click();
      await expect(page.getByRole("heading", { level: 1, name: meetings.type.closingMeeting })).toBeVisible();
    };
    const guard = page.getByRole("heading", { name: texts.consultations.guard.frameHeading });
    await expect(step(tablet, routines.step.parentTalk)).toBeVisible();
    await expect(guard).toHaveCount(0);
    await newMeeting(closingMeeting).click();
    await fillMeeting(tablet, "2026-12-03");
    await say();
    await expect(page.getByText(meetings.page.parentsLeftOut)).toBeVisible();
    await toRun();
    await expect(guard).toBeVisible();
    await expect(page.getByText(routines.run.withoutParents)).toBeVisible();
    await expect(step(tablet, routines.step.parentTalk)).toHaveCount(0);
    await link(page, texts.disclosure.page.link).click();
    await expect(page.getByText(texts.papers.notForParents.lead).first()).toBeVisible();
    await toRun();
    await goBack(tablet);
    await goTo(tablet, "visits");
    await page.getByRole("link", { name: new RegExp(meetings.type.closingMeeting) }).click();
    await say();
    await expect(page.getByText(meetings.page.parentsLeftOut)).toHaveCount(0);
    await toRun();
    await expect(guard).toHaveCount(0);
    await expect(step(tablet, routines.step.parentTalk)).toBeVisible();
    await step(tablet, closingMeeting).getByRole("link").click();
  });

  await test.step("on to B: a meeting that is planned has nothing left for the parents, on both devices", async () => {
    await expect(page.locator(".invitation")).toBeVisible();
    await tablet.sent();
    await goBack(teacher);
    await goTo(teacher, "followUp");
    for (const what of Object.values(agreed)) await expect(teacher.page.getByRole("heading", { name: what })).toBeVisible({ timeout: 60_000 });
    await goTo(teacher, "visits");
    await teacher.page.getByRole("link", { name: new RegExp(meetings.type.closingMeeting) }).click();
    await expect(teacher.page.locator(".invitation")).toBeVisible({ timeout: 60_000 });
    await toRun();
    await button(page, routines.name.ownProcedure).click();
    await expect(page.getByRole("heading", { name: texts.consultations.guard.frameHeading })).toBeVisible();
    await expect(teacher.page.getByText(meetings.page.parentsLeftOut)).toBeVisible({ timeout: 60_000 });
    await expect(teacher.page.locator(".invitation")).toHaveCount(0);
    await expect(teacher.page.getByText(meetings.role.guardian, { exact: true })).toHaveCount(0);
    await expect(teacher.page.getByText(meetings.item.parentsView)).toHaveCount(0);
    await goBack(teacher);
    await goTo(teacher, "followUp");
    await expect(teacher.page.getByRole("heading", { name: agreed.school })).toBeVisible();
    await expect(teacher.page.getByText(agreed.guardians)).toHaveCount(0);
  });

  await test.step("the sosiallærer's calendar has the meetings and what is hers of what they agreed on, and names nobody", async () => {
    await goTo(teacher, "visits");
    const file = await downloadCalendar(teacher);
    const { title } = texts.calendar;
    const school = "Granly skole";
    expect(file).toContain(teacher.fill(title.meeting, { meeting: meetings.type.closingMeeting, school }));
    expect(file).toContain("TZID=Europe/Oslo:20261203T140000");
    expect(file).toContain(teacher.fill(title.actionItem, { meeting: "oppstartsmøte", school }));
    for (const hidden of [reference, ...Object.values(agreed)]) expect(file).not.toContain(hidden);
    expect(file).not.toMatch(/M-\d{3}/);
  });

  await test.step("B's own meeting is under suspicion from the form on", async () => {
    await newMeeting(routines.step.cooperationMeetingSoon).click();
    await expect(chip(tablet, meetings.form.type, meetings.type.cooperationMeeting).getByRole("radio")).toBeChecked();
    await expect(page.getByRole("checkbox", { name: meetings.role.guardian, exact: true })).toHaveCount(0);
    await fillMeeting(tablet, "2026-12-04");
    await expect(page.getByText(meetings.page.parentsLeftOut)).toBeVisible();
    await expect(page.locator(".invitation")).toHaveCount(0);
  });
});

test("handover: the case goes from A to D, its meeting is held, and the new contact person is on both devices", async ({ relay, openDevice }) => {
  const tablet = await openDevice();
  const teacher = await openDevice();
  const { page, texts } = tablet;
  const { routines } = texts;
  await createService(tablet, { code: relay.code });
  await addSchool(tablet, "Granly skole");
  await inviteToSchool(tablet, teacher, { name: "Siri Sosiallærer" });
  await goBack(tablet);
  const reference = await startRun(tablet, routines.name.concernReport);
  await button(page, routines.contact.enter).click();
  await page.getByLabel(routines.contact.name).fill("Ingrid Lund");
  await button(page, texts.common.action.save).click();
  await expect(page.locator(".contact-name")).toHaveText("Ingrid Lund");
  await button(page, routines.name.handover).click();
  await expect(page.getByText(routines.contact.askStill)).toBeVisible();

  await link(page, tablet.fill(routines.run.ofStep, { action: texts.meetings.new, step: routines.step.handoverMeeting })).click();
  await fillMeeting(tablet, "2026-11-26");
  await holdMeeting(tablet);
  await tablet.sent();

  await goTo(teacher, "today");
  await teacher.page.getByRole("link", { name: reference }).click();
  await button(step(teacher, routines.step.handoverMeeting), /^Gjort:/).click();
  await expect(step(teacher, routines.step.handoverMeeting)).toContainText(teacher.fill(routines.run.doneOn, { date: "26. november" }));
  await button(teacher.page, routines.contact.change).click();
  await teacher.page.getByLabel(routines.contact.name).fill("Jonas Berg");
  await button(teacher.page, texts.common.action.save).click();
  await expect(step(teacher, routines.step.contactPersonKnown)).toContainText(teacher.fill(routines.run.doneOn, { date: "26. november" }));
  await teacher.sent();
  await goBack(tablet);
  await expect(page.locator(".contact-name")).toHaveText("Jonas Berg");
  await expect(step(tablet, routines.step.handoverMeeting)).toContainText(tablet.fill(routines.run.doneOn, { date: "26. november" }));
});
