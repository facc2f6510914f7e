import type { Locator } from "@playwright/test";
import type { Device } from "./support/device.ts";
import { addSchool, agree, button, chip, createService, fillMeeting, goBack, goTo, inviteToSchool, link, startRun, unlock } from "./support/steps.ts";
import { expect, test } from "./support/test.ts";

const school = "Tjernlia skole";
const today = "2026-11-26";
/** For what has to come from the other device. */
const soon = { timeout: 60_000 };
/** What one writes alone in the minutes is sealed and sent after a rest of this length. */
const sealMs = 10_000;

/** A consultant and a sosiallærer of one school, each with a device. */
async function together(code: string, openDevice: () => Promise<Device>): Promise<{ consultant: Device; teacher: Device }> {
  const consultant = await openDevice();
  const teacher = await openDevice();
  await createService(consultant, { code });
  await addSchool(consultant, school);
  await inviteToSchool(consultant, teacher, { name: "Sol Sosiallærer" });
  await goBack(consultant);
  return { consultant, teacher };
}

/** A start-up meeting today, made on one device; both are on its page. */
async function startupMeeting(consultant: Device, teacher: Device): Promise<void> {
  const { page, texts } = consultant;
  await goTo(consultant, "visits");
  await link(page, texts.meetings.new).first().click();
  await chip(consultant, texts.meetings.form.type, texts.meetings.type.startupMeeting).click();
  await fillMeeting(consultant, today);
  await goTo(teacher, "visits");
  await openMeeting(teacher, texts.meetings.type.startupMeeting);
}

/** From a list. */
async function openMeeting({ page }: Device, type: string): Promise<void> {
  await page.getByRole("link", { name: new RegExp(type) }).first().click(soon);
  await expect(page.getByRole("heading", { level: 1, name: type })).toBeVisible();
}

/** The text box of the agenda's first item, which every agenda begins with. */
function firstNotes({ page, texts }: Device): Locator {
  return page.getByRole("textbox", { name: texts.minutes.notes.replace("{item}", texts.meetings.item.purposeAndFrames) });
}

async function writeLine(device: Device, line: string): Promise<void> {
  await firstNotes(device).click();
  await device.page.keyboard.press("ControlOrMeta+End");
  await device.page.keyboard.type(line);
  await expect(firstNotes(device)).toContainText(line);
}

/** Begins the meeting whose page one is on, with a line under its first item. */
async function lead(device: Device, line: string): Promise<void> {
  const { page, texts } = device;
  await link(page, texts.minutes.start).click();
  await button(page, texts.minutes.next.replace("{item}", texts.meetings.item.purposeAndFrames)).click();
  await writeLine(device, line);
}

/** From the agenda's last item to the question of the next date. */
async function close(device: Device): Promise<void> {
  const { page, texts } = device;
  await page.locator(".lead-row").filter({ hasText: texts.meetings.item.agreement }).click();
  await button(page, texts.minutes.finish).click();
  await expect(closing(device)).toBeVisible();
}

function closing({ page, texts }: Device): Locator {
  return page.getByRole("heading", { name: texts.minutes.closing.heading });
}

/** Ends the meeting that is led. */
async function end(device: Device): Promise<void> {
  const { page, texts } = device;
  await close(device);
  await page.getByText(texts.meetings.noNextReason.lastMeeting, { exact: true }).click();
  await button(page, texts.minutes.finish).click();
  await expect(button(page, texts.minutes.approval.approve)).toBeVisible();
}

/** The minutes as they are read. */
function paper({ page }: Device): Locator {
  return page.getByRole("article");
}

function proposals({ page, texts }: Device): Locator {
  return page.locator("section").filter({ has: page.getByRole("heading", { name: texts.minutes.proposal.heading }) });
}

async function approve(device: Device): Promise<void> {
  await button(device.page, device.texts.minutes.approval.approve).click();
  await expect(paper(device)).toContainText(device.texts.papers.minutes.controlCode.replace("{code}", ""));
}

async function controlCode(device: Device): Promise<string> {
  const start = device.texts.papers.minutes.controlCode.replace("{code}", "");
  return (await paper(device).getByText(start).textContent()) ?? "";
}

test("one ends the meeting while the other is about to; a line that comes during the read-through is shown before anything is approved", async ({ relay, openDevice }) => {
  const { consultant, teacher } = await together(relay.code, openDevice);
  const { page, texts } = consultant;
  const { minutes } = texts;
  await startupMeeting(consultant, teacher);
  await lead(consultant, "Alle er presentert.");
  await consultant.pass(sealMs);
  await link(teacher.page, minutes.goOn).click(soon);
  await expect(firstNotes(teacher)).toContainText("Alle er presentert.", soon);
  await close(consultant);
  await end(teacher);

  // The other is where one writes on, with the next date asked for once.
  await expect(page.getByText(minutes.afterMeeting)).toBeVisible(soon);
  await expect(closing(consultant)).toHaveCount(1);
  await expect(firstNotes(consultant)).toBeVisible();
  await button(page, minutes.readThrough).click();
  await expect(paper(consultant)).toContainText("Alle er presentert.");

  await link(teacher.page, minutes.approval.writeOn).click();
  await writeLine(teacher, " Mor kom sent.");
  await teacher.pass(sealMs);
  await expect(paper(consultant)).toContainText("Mor kom sent.", soon);
  await button(page, minutes.approval.approve).click();
  await expect(page.getByRole("alert")).toHaveText(minutes.approval.changed);
  await expect(page.locator(".minutes-changes ins")).toContainText("Mor kom sent.");
  await expect(paper(consultant)).toContainText(texts.papers.minutes.notApproved);
  await expect(teacher.page.getByText(minutes.afterMeeting)).toBeVisible();

  await approve(consultant);
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expect(paper(consultant)).toContainText("Mor kom sent.");
  await expect(teacher.page.getByText(minutes.afterApproval)).toBeVisible(soon);
});

test("both approve the same words without a network: both have, and nothing differs", async ({ relay, openDevice }) => {
  const { consultant, teacher } = await together(relay.code, openDevice);
  await startupMeeting(consultant, teacher);
  await lead(consultant, "Alle er presentert.");
  await end(consultant);
  await expect(paper(teacher)).toContainText("Alle er presentert.", soon);
  for (const device of [consultant, teacher]) await device.setOffline(true);
  await approve(consultant);
  // Its clock began later than the other's.
  await teacher.pass(60_000);
  await approve(teacher);
  for (const device of [consultant, teacher]) await device.setOffline(false);
  for (const device of [consultant, teacher]) {
    const { page, texts } = device;
    const approved = device.fill(texts.papers.minutes.approved, { date: "26. november 2026", by: "fagkonsulent og sosiallærer" });
    await expect(paper(device)).toContainText(approved, soon);
    await expect(proposals(device)).toHaveCount(0);
    await expect(page.getByText(texts.minutes.approval.otherWords.split("{")[0] ?? "")).toHaveCount(0);
  }
  expect(await controlCode(consultant)).toBe(await controlCode(teacher));
});

test("both approve different words without a network: on both the first stand, and the difference is proposed until one of them answers", async ({ relay, openDevice }) => {
  const { consultant, teacher } = await together(relay.code, openDevice);
  const { minutes, meetings } = consultant.texts;
  await startupMeeting(consultant, teacher);
  await lead(consultant, "Alle er presentert.");
  await end(consultant);
  await expect(paper(teacher)).toContainText("Alle er presentert.", soon);
  for (const device of [consultant, teacher]) await device.setOffline(true);
  await approve(consultant);
  await teacher.pass(60_000);
  await link(teacher.page, minutes.approval.writeOn).click();
  await writeLine(teacher, " Skrevet uten nett.");
  await button(teacher.page, minutes.readThrough).click();
  await expect(paper(teacher)).toContainText("Skrevet uten nett.");
  await approve(teacher);

  for (const device of [consultant, teacher]) await device.setOffline(false);
  for (const device of [consultant, teacher]) {
    await expect(device.page.getByText(device.fill(minutes.approval.otherWords, { date: "26. november 2026", by: "sosiallærer" }))).toBeVisible(soon);
    await expect(proposals(device)).toContainText("Skrevet uten nett.");
    await expect(paper(device)).not.toContainText("Skrevet uten nett.");
  }
  expect(await controlCode(consultant)).toBe(await controlCode(teacher));

  await button(teacher.page, new RegExp(`^${minutes.proposal.accept}:`)).click();
  await button(teacher.page, meetings.correctionReason.writtenOffline).click();
  for (const device of [consultant, teacher]) {
    await expect(proposals(device)).toHaveCount(0, soon);
    await expect(paper(device)).toContainText("Skrevet uten nett.");
    await expect(paper(device)).toContainText(meetings.correctionReason.writtenOffline);
  }
});

test("one tap says that violence is suspected, of a meeting that is led, held or approved: nothing is the parents' in it or in the other meetings of its case, on either device", async ({
  relay,
  openDevice,
}) => {
  const { consultant, teacher } = await together(relay.code, openDevice);
  const { page, texts } = consultant;
  const { minutes, meetings, routines, papers } = texts;
  const { violence } = minutes;
  const theirs = { item: meetings.item.parentsView, action: "Skrive ned morgenene" };
  const invitation = teacher.page.locator(".invitation");
  const sheet = link(page, papers.sheet.title);
  const newMeeting = (title: string) => link(page, consultant.fill(routines.run.ofStep, { action: meetings.new, step: title }));
  /** On the other device, in the meeting of the case that is still to come. */
  const reachesTheOther = async () => {
    await expect(teacher.page.getByText(meetings.page.parentsLeftOut)).toBeVisible(soon);
    await expect(invitation).toHaveCount(0);
    await expect(teacher.page.getByText(theirs.item)).toHaveCount(0);
  };

  await startRun(consultant, routines.name.concernReport);
  await newMeeting(routines.step.closingMeeting).click();
  await fillMeeting(consultant, "2026-12-03");
  await goBack(consultant);
  await newMeeting(routines.step.startupMeeting).click();
  await fillMeeting(consultant, today);
  await goTo(teacher, "visits");
  await openMeeting(teacher, meetings.type.closingMeeting);
  await expect(invitation).toBeVisible();

  await test.step("while it is led", async () => {
    const row = page.locator(".lead-row").filter({ hasText: theirs.item });
    const agreed = page.getByRole("region", { name: minutes.agreed });
    await lead(consultant, "Alle er presentert.");
    await agree(consultant, "guardians", theirs.action, minutes.dueOneWeek);
    await expect(row).toBeVisible();
    await button(page, violence.say).click();
    await expect(page.getByText(meetings.page.parentsLeftOut)).toBeVisible();
    await expect(row).toHaveCount(0);
    await expect(agreed).not.toContainText(theirs.action);
    await reachesTheOther();
    await button(page, violence.takeBack).click();
    await expect(row).toBeVisible();
    await expect(agreed).toContainText(theirs.action);
    await expect(invitation).toBeVisible(soon);
  });

  await test.step("when it is over", async () => {
    await end(consultant);
    await expect(paper(consultant)).toContainText(theirs.action);
    await expect(sheet).toBeVisible();
    await button(page, violence.say).click();
    await expect(paper(consultant)).toContainText(papers.notForParents.lead);
    for (const words of Object.values(theirs)) await expect(paper(consultant)).not.toContainText(words);
    await expect(sheet).toHaveCount(0);
    await reachesTheOther();
    await button(page, violence.takeBack).click();
    for (const words of Object.values(theirs)) await expect(paper(consultant)).toContainText(words);
    await expect(sheet).toBeVisible();
    await expect(invitation).toBeVisible(soon);
  });

  await test.step("when its minutes are approved: they say what was approved, and whom they must not reach", async () => {
    await approve(consultant);
    const code = await controlCode(consultant);
    await button(page, violence.say).click();
    await expect(paper(consultant)).toContainText(papers.notForParents.lead);
    await expect(paper(consultant)).toContainText(theirs.action);
    expect(await controlCode(consultant)).toBe(code);
    await expect(proposals(consultant)).toHaveCount(0);
    await expect(sheet).toHaveCount(0);
    await reachesTheOther();
    await button(page, texts.common.action.undo).click();
    await expect(paper(consultant)).not.toContainText(papers.notForParents.lead);
    await expect(invitation).toBeVisible(soon);
  });

  await test.step("and the other way: said where the next one is led, it reaches the approved minutes", async () => {
    await lead(teacher, "Alle er her igjen.");
    await button(teacher.page, violence.say).click();
    await expect(teacher.page.getByText(meetings.page.parentsLeftOut)).toBeVisible();
    await expect(paper(consultant)).toContainText(papers.notForParents.lead, soon);
    await expect(sheet).toHaveCount(0);
    // Said of the case: not to be taken back here.
    await expect(button(page, violence.say)).toHaveCount(0);
    await expect(button(page, violence.takeBack)).toHaveCount(0);
  });
});

test("what is known of a meeting is changed while it is open, when it is over, and as a proposal once its minutes are approved", async ({ relay, openDevice }) => {
  const { consultant, teacher } = await together(relay.code, openDevice);
  const { page, texts } = consultant;
  const { minutes, meetings } = texts;
  const changePlace = async (place: string) => {
    await link(page, minutes.changeFacts).click();
    await page.getByLabel(meetings.form.place, { exact: true }).fill(place);
    await button(page, texts.common.action.save).click();
    await expect(page.getByRole("heading", { level: 1, name: meetings.type.startupMeeting })).toBeVisible();
  };
  await startupMeeting(consultant, teacher);
  await lead(consultant, "Alle er presentert.");

  await changePlace("Biblioteket");
  for (const device of [consultant, teacher]) await expect(device.page.getByText("Biblioteket", { exact: true })).toBeVisible(soon);
  await link(page, minutes.goOn).click();
  await expect(firstNotes(consultant)).toContainText("Alle er presentert.");
  await end(consultant);
  for (const device of [consultant, teacher]) await expect(paper(device)).toContainText("Biblioteket", soon);

  await changePlace("Rektors kontor");
  for (const device of [consultant, teacher]) await expect(paper(device)).toContainText("Rektors kontor", soon);
  await approve(consultant);

  await changePlace("Rom 12");
  for (const device of [consultant, teacher]) {
    await expect(proposals(device)).toContainText("Rom 12", soon);
    await expect(proposals(device).getByRole("heading", { name: texts.papers.minutes.about })).toBeVisible();
    await expect(paper(device)).toContainText("Rektors kontor");
    await expect(paper(device)).not.toContainText("Rom 12");
  }
  await button(page, texts.common.action.undo).click();
  for (const device of [consultant, teacher]) await expect(proposals(device)).toHaveCount(0, soon);
});

test("of a meeting that was deleted every address says only that, but for what is still held of it", async ({ relay, openDevice }) => {
  const { consultant, teacher } = await together(relay.code, openDevice);
  const { page, texts } = consultant;
  const { minutes, meetings, routines } = texts;
  await startRun(consultant, routines.name.concernReport);
  await link(page, consultant.fill(routines.run.ofStep, { action: meetings.new, step: routines.step.startupMeeting })).click();
  await fillMeeting(consultant, today);
  await goTo(teacher, "visits");
  await openMeeting(teacher, meetings.type.startupMeeting);
  const { pathname } = new URL(teacher.page.url());
  await button(page, meetings.page.notHeld).click();
  await button(page, meetings.notHeldReason.capacity).click();
  await button(page, minutes.filing.markNotForArchive).click();
  await button(page, minutes.filing.delete).click();
  const deleted = (device: Device) => device.page.getByRole("heading", { level: 1, name: minutes.filing.deletedTitle });
  for (const device of [consultant, teacher]) {
    await expect(deleted(device)).toBeVisible(soon);
    await expect(device.page.getByRole("banner").getByRole("link", { name: routines.run.heading })).toBeVisible();
  }

  const goToAddress = async (address: string) => {
    await teacher.page.goto(relay.url + address);
    await unlock(teacher);
  };
  for (const address of ["", "/led", "/endre", "/saksliste", "/ark"]) {
    await goToAddress(pathname + address);
    await expect(deleted(teacher)).toBeVisible();
    await expect(teacher.page.getByText(minutes.filing.bytesGone, { exact: true })).toBeVisible();
    await expect(teacher.page.getByText(meetings.type.startupMeeting)).toHaveCount(0);
    await expect(teacher.page.locator(".dock").getByRole("button")).toHaveCount(0);
  }
  await goToAddress(`${pathname}/innsyn`);
  await expect(paper(teacher)).toContainText(meetings.type.startupMeeting);

  // One that never was, and a school that is not hers.
  const nowhere = `${pathname.slice(0, -8)}00000000`;
  for (const address of [nowhere, `${nowhere}/led`, pathname.replace(/moter\/.{8}/, "moter/00000000")]) {
    await goToAddress(address);
    await expect(teacher.page.getByText(meetings.page.notFound)).toBeVisible();
  }
});
