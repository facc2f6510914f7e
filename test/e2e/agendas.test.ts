import type { Locator } from "@playwright/test";
import { type Device, laptop, phone } from "./support/device.ts";
import { tabTo } from "./support/keyboard.ts";
import { addSchool, button, chip, createService, goBack, goTo, inviteToSchool, link, lock, unlock } from "./support/steps.ts";
import { expect, test } from "./support/test.ts";

const school = "Granly skole";

/** An item in a list where it can be changed. */
function item({ page }: Device, title: string): Locator {
  return page.locator(".part-list > li").filter({ has: page.getByText(title, { exact: true }) });
}

function titles({ page }: Device): Locator {
  return page.locator(".part-list .row-title");
}

/** What differs, by the tag of it. */
function difference({ page }: Device, kind: string): Locator {
  return page.getByRole("listitem").filter({ has: page.getByText(kind, { exact: true }) });
}

/** One of the buttons of an item: «Flytt opp: Siden sist». */
function act({ page }: Device, action: string, title: string): Locator {
  return button(page, `${action}: ${title}`);
}

async function write({ page, texts }: Device, title: string, minutes: string): Promise<void> {
  await page.getByLabel(texts.agendas.item.title).fill(title);
  await page.getByLabel(texts.agendas.item.minutes).fill(minutes);
}

async function add(device: Device, title: string, minutes: string): Promise<void> {
  const { page, texts } = device;
  await button(page, texts.agendas.template.add).click();
  await write(device, title, minutes);
  await button(page, texts.agendas.template.add).click();
  await expect(item(device, title)).toBeVisible();
}

async function prepare(device: Device): Promise<void> {
  const { page, texts } = device;
  const { form, type } = texts.meetings;
  await goTo(device, "visits");
  await link(page, texts.meetings.new).click();
  await chip(device, form.type, type.cooperationMeeting).click();
  await page.getByLabel(form.date).fill("2026-12-03");
  await page.getByLabel(form.from, { exact: true }).fill("14:00");
  await button(page, texts.common.action.save).click();
  await expect(page.getByRole("heading", { level: 1, name: type.cooperationMeeting })).toBeVisible();
}

/** From a meeting's page to its agenda. */
async function toMeetingAgenda({ page, texts }: Device): Promise<void> {
  await link(page, texts.common.action.change).click();
  await page.locator("summary", { has: page.getByText(texts.meetings.form.agenda, { exact: true }) }).click();
  await link(page, texts.agendas.meeting.link).click();
  await expect(page.getByRole("heading", { name: texts.agendas.items })).toBeVisible();
}

async function toServiceAgenda(device: Device): Promise<void> {
  const { page, texts } = device;
  await goTo(device, "settings");
  await page.getByRole("link", { name: new RegExp(texts.meetings.type.cooperationMeeting) }).click();
  await expect(page.getByText(texts.agendas.template.serviceDetail)).toBeVisible();
}

/** For whoever has one school, and so comes straight to it. */
async function toSchoolAgenda(device: Device): Promise<void> {
  const { page, texts } = device;
  await goTo(device, "schools");
  await page.getByRole("link", { name: new RegExp(`^${texts.meetings.type.cooperationMeeting}`) }).last().click();
  await expect(page.getByText(texts.agendas.template.schoolDetail)).toBeVisible();
}

test("the service changes an agenda and a school its own: both see what differs, and a meeting made before keeps the one it began with", async ({ relay, openDevice }) => {
  const consultant = await openDevice();
  const teacher = await openDevice({ viewport: phone });
  const { page, texts } = consultant;
  const { agendas, meetings, templates } = texts;
  const { remove, change } = texts.common.action;
  const undo = () => page.locator(".toast").getByRole("button", { name: texts.common.action.undo }).click();
  await createService(consultant, { code: relay.code });
  await addSchool(consultant, school);
  await inviteToSchool(consultant, teacher, { name: "Siri Sosiallærer" });
  await goBack(consultant);
  await prepare(consultant);

  await test.step("the service: longer, another owner, taken off and brought back, one of its own; each can be undone", async () => {
    await goBack(consultant);
    await toServiceAgenda(consultant);
    await expect(page.getByText(templates.same)).toBeVisible();
    await expect(page.getByText(consultant.fill(agendas.inAll, { minutes: 60 }))).toBeVisible();
    await act(consultant, change, meetings.item.sinceLast).click();
    await page.getByLabel(agendas.item.minutes).fill("20");
    await chip(consultant, agendas.item.owner, meetings.owner.socialTeacher).click();
    await button(page, texts.common.action.save).click();
    await expect(difference(consultant, templates.difference.changed)).toContainText("20 min, før 15 min · sosiallærer, før alle");
    await act(consultant, remove, meetings.item.schoolsView).click();
    await act(consultant, templates.bringBack, meetings.item.schoolsView).click();
    await expect(titles(consultant)).toHaveText([
      meetings.item.purposeAndFrames,
      meetings.item.sinceLast,
      meetings.item.parentsView,
      meetings.item.schoolsView,
      meetings.item.wayForward,
      meetings.item.agreement,
    ]);
    await act(consultant, remove, meetings.item.schoolsView).click();
    await act(consultant, templates.up, meetings.item.sinceLast).click();
    await expect(difference(consultant, templates.difference.moved)).toHaveCount(1);
    await undo();
    await expect(difference(consultant, templates.difference.moved)).toHaveCount(0);
  });

  await test.step("an item that is half written when the device locks is there again, and no item is saved without its minutes", async () => {
    await button(page, agendas.template.add).click();
    await page.getByLabel(agendas.item.title).fill("Runde rundt bordet");
    await lock(consultant);
    await unlock(consultant);
    await expect(page.getByLabel(agendas.item.title)).toHaveValue("Runde rundt bordet");
    await button(page, agendas.template.add).click();
    await expect(page.getByText(consultant.fill(agendas.item.minutesWrong, { most: 480 }))).toBeVisible();
    await expect(page.getByLabel(agendas.item.minutes)).toBeFocused();
    await page.getByLabel(agendas.item.minutes).fill("5");
    await button(page, agendas.template.add).click();
    await expect(difference(consultant, templates.difference.added)).toContainText("Runde rundt bordet");
    await expect(page.getByLabel(agendas.item.title)).toHaveCount(0);
    await expect(page.getByText(consultant.fill(agendas.inAll, { minutes: 60 }))).toBeVisible();
    await consultant.sent();
  });

  await test.step("the school has the service's, makes its own, and sees what differs from both", async () => {
    await toSchoolAgenda(teacher);
    await expect(item(teacher, "Runde rundt bordet")).toBeVisible({ timeout: 60_000 });
    await expect(teacher.page.getByText(templates.same)).toBeVisible();
    await act(teacher, templates.up, "Runde rundt bordet").click();
    await expect(titles(teacher).last()).toHaveText(meetings.item.agreement);
    await add(teacher, "Skolevei", "5");
    const [fromService, fromShipped] = [agendas.differsFrom.service, agendas.differsFrom.shipped].map((name) =>
      teacher.page.locator("section").filter({ has: teacher.page.getByRole("heading", { name, exact: true }) }),
    ) as [Locator, Locator];
    await expect(fromService.getByRole("listitem")).toHaveText([/^Skolevei/, new RegExp(meetings.item.agreement)]);
    await expect(fromShipped).toContainText("20 min, før 15 min");
    await expect(fromShipped).toContainText("Runde rundt bordet");
    await teacher.sent();
  });

  await test.step("the service changes again: the school is told, and goes back to the service's", async () => {
    await act(consultant, templates.down, meetings.item.purposeAndFrames).click();
    await expect(difference(consultant, templates.difference.moved)).toContainText(meetings.item.purposeAndFrames);
    await consultant.sent();
    await expect(teacher.page.getByText(agendas.isBehind)).toBeVisible({ timeout: 60_000 });
    await button(teacher.page, agendas.template.resetTo.service).click();
    await expect(teacher.page.getByText(agendas.isBehind)).toHaveCount(0);
    await expect(titles(teacher)).toHaveText([
      meetings.item.sinceLast,
      meetings.item.purposeAndFrames,
      meetings.item.parentsView,
      meetings.item.wayForward,
      meetings.item.agreement,
      "Runde rundt bordet",
    ]);
  });

  await test.step("the meeting that was made before has its six items and says so; a new one has the service's", async () => {
    await goTo(consultant, "visits");
    await page.getByRole("link", { name: new RegExp(meetings.type.cooperationMeeting) }).click();
    await expect(page.locator(".agenda-list li")).toHaveCount(6);
    await expect(page.locator(".agenda-list")).toContainText(meetings.item.schoolsView);
    await toMeetingAgenda(consultant);
    await expect(page.getByText(agendas.version.changedSince)).toBeVisible();
    await goBack(consultant);
    await goBack(consultant);
    await prepare(consultant);
    await expect(page.locator(".agenda-list")).toContainText("Runde rundt bordet");
    await expect(page.locator(".agenda-list")).not.toContainText(meetings.item.schoolsView);
  });
});

test("two change the agenda of one meeting, one of them without a network: it merges, and what was added is led and split", async ({ relay, openDevice }) => {
  const consultant = await openDevice();
  const teacher = await openDevice({ viewport: phone });
  const { page, texts } = consultant;
  const { agendas, meetings, minutes, templates } = texts;
  const { remove, change, save, undo } = texts.common.action;
  await createService(consultant, { code: relay.code });
  await addSchool(consultant, school);
  await inviteToSchool(consultant, teacher, { name: "Siri Sosiallærer" });
  await goBack(consultant);
  await prepare(consultant);
  await consultant.sent();
  await goTo(teacher, "visits");
  await teacher.page.getByRole("link", { name: new RegExp(meetings.type.cooperationMeeting) }).click();
  for (const device of [consultant, teacher]) await toMeetingAgenda(device);

  await test.step("each on her own device", async () => {
    await teacher.setOffline(true);
    await add(teacher, "Skolevei", "10");
    await act(teacher, templates.up, "Skolevei").click();
    await expect(titles(teacher).last()).toHaveText(meetings.item.agreement);
    await act(consultant, change, meetings.item.wayForward).click();
    await write(consultant, "Vårhalvåret", "15");
    await button(page, save).click();
    await act(consultant, remove, meetings.item.sinceLast).click();
    await expect(page.getByRole("heading", { name: agendas.meeting.takenOff })).toBeVisible();
    await page.locator(".toast").getByRole("button", { name: undo }).click();
    await act(consultant, remove, meetings.item.sinceLast).click();
    await teacher.setOffline(false);
    for (const device of [consultant, teacher]) {
      await expect(titles(device)).toHaveText(
        [meetings.item.purposeAndFrames, meetings.item.parentsView, meetings.item.schoolsView, "Vårhalvåret", "Skolevei", meetings.item.agreement],
        { timeout: 60_000 },
      );
    }
  });

  await test.step("what was taken off comes back, and the meeting is planned as long as its items", async () => {
    await act(teacher, templates.bringBack, meetings.item.sinceLast).click();
    await button(teacher.page, teacher.fill(agendas.meeting.setLength, { minutes: 75 })).click();
    await teacher.sent();
    await expect(page.getByText(consultant.fill(agendas.meeting.fits, { minutes: 75 }))).toBeVisible({ timeout: 60_000 });
    await goBack(consultant);
    await expect(page.locator(".agenda-list li")).toHaveCount(7);
    await expect(page.getByText("14.00–15.15").first()).toBeVisible();
  });

  await test.step("it is led and split, and an item that was opened cannot be taken off any more", async () => {
    await link(page, minutes.start).click();
    await page.getByRole("button", { name: /Skolevei/ }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Skolevei" })).toBeVisible();
    await button(page, minutes.split).click();
    await expect(page.getByRole("button", { name: consultant.fill(meetings.talk.second, { title: "Skolevei" }) }).first()).toBeVisible();
    await consultant.sent();
    const first = teacher.fill(meetings.talk.first, { title: "Skolevei" });
    await expect(item(teacher, first)).toBeVisible({ timeout: 60_000 });
    await expect(act(teacher, remove, first)).toHaveCount(0);
    await expect(act(teacher, remove, meetings.item.agreement)).toBeVisible();
    await expect(teacher.page.getByText(agendas.meeting.opened)).toBeVisible();
  });
});

test("an agenda by keyboard alone: an item is moved, changed, added, taken off, brought back and all of it undone", async ({ relay, openDevice }) => {
  const device = await openDevice({ viewport: laptop });
  const { page, texts } = device;
  const { agendas, meetings, templates } = texts;
  await createService(device, { code: relay.code });
  await goTo(device, "settings");
  const press = async (target: Locator, key = "Enter") => {
    await tabTo(device, target, 200);
    await page.keyboard.press(key);
  };

  await press(page.getByRole("link", { name: new RegExp(meetings.type.cooperationMeeting) }));
  await expect(page.getByText(agendas.template.serviceDetail)).toBeVisible();
  await press(act(device, templates.down, meetings.item.purposeAndFrames));
  await expect(titles(device).first()).toHaveText(meetings.item.sinceLast);
  await expect(act(device, templates.down, meetings.item.purposeAndFrames)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(titles(device).nth(2)).toHaveText(meetings.item.purposeAndFrames);

  await press(act(device, texts.common.action.change, meetings.item.purposeAndFrames));
  await expect(page.getByLabel(agendas.item.title)).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(act(device, texts.common.action.change, meetings.item.purposeAndFrames)).toBeFocused();

  await press(button(page, agendas.template.add));
  await page.keyboard.type("Runde rundt bordet");
  await page.keyboard.press("Tab");
  await page.keyboard.type("10");
  await tabTo(device, page.getByRole("radio", { name: meetings.owner.everyone, exact: true }));
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("radio", { name: meetings.owner.guardians, exact: true })).toBeChecked();
  await press(page.getByLabel(agendas.item.involvesParents), "Space");
  await press(button(page, agendas.template.add));
  await expect(item(device, "Runde rundt bordet")).toContainText("10 min · Foresatte · foreldrene blir hørt");
  await expect(button(page, agendas.template.add)).toBeFocused();

  await press(act(device, texts.common.action.remove, meetings.item.wayForward));
  await expect(item(device, meetings.item.wayForward)).toHaveCount(0);
  await press(act(device, templates.bringBack, meetings.item.wayForward));
  await expect(act(device, texts.common.action.change, meetings.item.wayForward)).toBeFocused();
  await press(button(page, agendas.template.resetTo.shipped));
  await expect(page.getByText(templates.same)).toBeVisible();
  await expect(button(page, agendas.template.add)).toBeFocused();
  await press(page.locator(".toast").getByRole("button", { name: texts.common.action.undo }));
  await expect(item(device, "Runde rundt bordet")).toBeVisible();
});
